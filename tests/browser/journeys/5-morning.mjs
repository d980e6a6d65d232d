// Forty people in a morning, at most six taps each: row, code, check in, no health problems, give, next.
import assert from "node:assert/strict";
import { bookedFamily, openSession, staffSignIn, timesOf } from "../steps.mjs";

export const title = "5 Vaccinator's morning";
export const shown = ["en phone"];
const PEOPLE = { "en phone": 40 };
const FEW = 4;
const TAPS = 6;

export async function walk(world, named) {
  const { post, session, batch } = await openSession(world, named, { places: 80 });
  const people = await bookedPeople(world, post, session, PEOPLE[`${world.language} ${world.device}`] ?? FEW);
  const nurse = await world.arrive(named);
  await staffSignIn(world, nurse, post);
  await nurse.picture("vaccinator");
  await nurse.press(`main a[href="/vaccinator/${session}"]`);
  await nurse.picture("list");
  for (const [at, { appointment, nth, code, name }] of people.entries()) {
    const taps = [
      () => nurse.press(`main a[href$="row=${appointment}.${nth}"]`),
      () => nurse.write("code", code),
      () => nurse.send(),
      () => nurse.choose("yes", "none"),
      () => nurse.send(),
      () => nurse.press("main a.button"),
    ];
    assert.ok(taps.length <= TAPS);
    for (const [nth, tap] of taps.entries()) {
      // The batch is chosen for the first person only: from then on it is the one in her hand.
      if (at === 0 && nth === 4) await nurse.choose("batch", batch);
      await tap();
      if (nth === 2) assert.ok((await nurse.text("main")).includes(name), "her name appears now");
      if (nth === 2 && at === 0) await nurse.picture("check-in");
      if (nth === 4) assert.match(nurse.path, /\/done$/, await nurse.text("main"));
    }
  }
  assert.equal(await nurse.count('main a[href*="row="]'), 0, "nobody is left on the list");
  await nurse.press('main a[href$="/observations"]');
}

/** Families of four with slips for this session. */
async function bookedPeople(world, post, session, count) {
  const slot = (await timesOf(post.centre, session)).at(-1);
  const people = [];
  while (people.length < count) {
    const names = ["Lata", "Usha", "Vimala", "Sita"].map((name) => `${name} Rao`);
    people.push(...(await bookedFamily(world, session, slot, names)).people);
  }
  return people.slice(0, count);
}
