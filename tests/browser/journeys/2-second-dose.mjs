// A daughter books her mother's second dose: the mother is in the daughter's family and had her first dose long ago.
import assert from "node:assert/strict";
import { signIn, takeTime } from "../steps.mjs";

export const title = "2 Second dose for a parent";
export const shown = [];

export async function walk(world, named) {
  const { mobile } = world.pool.dueForSecondDose();
  const daughter = await world.arrive(named);
  await signIn(world, daughter, mobile);
  assert.equal(daughter.path, "/family", await daughter.text("main"));
  const offer = 'main button[name="slot"]';
  if (await daughter.has(offer)) {
    await daughter.press(offer);
  } else {
    await daughter.press('main a[href$="/book"]');
    await daughter.send();
    await daughter.press("main a.offer");
    await takeTime(daughter);
  }
  assert.match(daughter.path, /^\/appointments\//, await daughter.text("main"));
  assert.match(await daughter.text("main"), /2/);
}
