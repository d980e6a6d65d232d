// A daughter books her mother's second dose: the mother has no phone of her own and had her first dose here.
import assert from "node:assert/strict";
import { bookedFamily, checkIn, openSession, plan, signIn, staffSignIn, takeTime, timesOf } from "../steps.mjs";

export const title = "2 Second dose for a parent";
export const shown = ["en phone"];
/** Far enough ahead for a second dose, and a Monday like today. */
const DAYS_AHEAD = 35;

export async function walk(world, named) {
  const { manager, post, session, batch } = await openSession(world, named, {});
  await manager.go("/manager");
  const [later] = await plan(manager, post.centre, { first: DAYS_AHEAD, last: DAYS_AHEAD });
  const slot = (await timesOf(post.centre, session)).at(-1);
  const { mobile, people: [mother] } = await bookedFamily(world, session, slot, ["Sarla Devi"]);
  await firstDose(world, named, { post, session, batch, mother });

  const daughter = await world.arrive(named);
  await signIn(world, daughter, mobile);
  assert.equal(daughter.path, "/family", await daughter.text("main"));
  await daughter.press('main a[href^="/family/0/book"]');
  if (!(await daughter.has("nav.pagination"))) {
    await daughter.write("pin", post.centre.pincode);
    await daughter.send();
  }
  const offer = `main a[href="/family/0/book/${later}"]`;
  while (!(await daughter.has(offer))) await daughter.press("nav.pagination a[rel=next]");
  await daughter.press(offer);
  await takeTime(daughter);
  assert.match(await daughter.text("main"), /Sarla Devi/);
  await daughter.go("/family/0/certificate");
  assert.match(await daughter.text("main"), /Sarla Devi/);
  await daughter.picture("certificate");
}

async function firstDose(world, named, { post, session, batch, mother }) {
  const nurse = await world.arrive(`${named}, before`);
  await staffSignIn(world, nurse, post);
  await nurse.press(`main a[href="/vaccinator/${session}"]`);
  await checkIn(nurse, mother);
  await nurse.choose("yes", "none");
  await nurse.choose("batch", batch);
  await nurse.send();
  assert.match(nurse.path, /\/done$/, await nurse.text("main"));
}
