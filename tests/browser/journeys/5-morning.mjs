// Forty people in a morning, at most six taps each: row, code, check in, no health problems, give, next.
import assert from "node:assert/strict";
import { bookedFamily, checkIn, openSession, staffSignIn, timesOf } from "../steps.mjs";

export const title = "5 Vaccinator's morning";
export const shown = ["en phone"];
const PEOPLE = { "en phone": 40 };
const FEW = 4;
const TAPS = 6;

export async function walk(world, named) {
  const { post, session, batch } = await openSession(world, named, { places: 80 });
  // Pictures need no crowd.
  const count = world.pictures ? FEW : (PEOPLE[`${world.language} ${world.device}`] ?? FEW);
  const people = await bookedPeople(world, post, session, count);
  const nurse = await world.arrive(named);
  await staffSignIn(world, nurse, post);
  await nurse.picture("vaccinator");
  await nurse.press(`main a[href="/vaccinator/${session}"]`);
  await nurse.picture("list");
  for (const [at, person] of people.entries()) await serve(nurse, person, at === 0 ? batch : undefined);
  assert.equal(await nurse.count('main a[href*="row="]'), 0, "nobody is left on the list");
  await nurse.press('main a[href$="/observations"]');
}

/** Six taps: row, code, check in, no health problems, give, next. The batch is chosen for the first person only. */
async function serve(nurse, person, batch) {
  const before = nurse.acts;
  await checkIn(nurse, person);
  const shown = await nurse.text("main");
  assert.ok(shown.includes(person.name), `her name appears now: ${shown}`);
  if (batch) await nurse.picture("check-in");
  await nurse.choose("yes", "none");
  if (batch) await nurse.choose("batch", batch);
  await nurse.send();
  assert.match(nurse.path, /\/done$/, await nurse.text("main"));
  await nurse.press("main a.button");
  assert.ok(nurse.acts - before <= TAPS + (batch ? 1 : 0), `${nurse.acts - before} taps`);
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
