// From a phone to a slip: at most nine pages for a first-timer, four for someone known.
import assert from "node:assert/strict";
import { openDistrict } from "../../lib/places.mjs";
import { answerQuestions, pdfText, signIn, takeTime } from "../steps.mjs";

export const title = "1 Phone to slip";
export const shown = ["en phone", "hi phone"];
const PAGES_FIRST = 9;
const PAGES_KNOWN = 4;

/** The known one signs up early, so that a minute has passed when she asks for her next code. */
export const before = (world) => world.family(["Meera Kulkarni"]);

export async function walk(world, named, known) {
  const { offers: [{ center, session }] } = await openDistrict();
  // She once had a time at this centre and gave it back: the next offer is there.
  await world.cancel(known, await world.book(known, session.session_id, session.slots[0]));
  await firstTimer(world, named, center);
  await someoneKnown(world, named, known);
}

async function firstTimer(world, named, center) {
  const person = await world.arrive(named);
  await signIn(world, person, world.pool.mobile());
  await answerQuestions(person, { name: "Asha Devi" });
  await person.write("pin", center.pincode);
  await person.send();
  await person.picture("choose");
  await person.press("main a.offer");
  await takeTime(person);
  await person.picture("slip");
  assert.ok(person.pages <= PAGES_FIRST, `${person.pages} pages from the phone to the slip`);
  assert.match(await person.text(".card .figure"), /^\d{4}$/);
  const reference = (await person.text(".card dd")).replace(/\D/g, "");
  const paper = pdfText(await person.fetch('a[href$="/slip.pdf"]'));
  assert.ok(paper.replace(/\D/g, "").includes(reference), "the slip has the reference");
  await lookAround(person);
}

/** The pages of her own that the way to the slip does not pass. */
async function lookAround(person) {
  await person.press('nav a[href="/family"]');
  await person.picture("family");
  await person.press('main a[href^="/appointments/"]');
  await person.press('main a[href$="/cancel"]');
  await person.press('nav a[href="/looks"]');
  assert.ok((await person.count("main table tbody tr")) >= 3, "her own looks are listed");
  await person.picture("looks");
  for (const path of ["/family/0", "/my-data", "/family/0/leave", "/family/0/download", "/family/0/move", "/moves", "/family/0/book", "/family/0/book?by=state"]) await person.go(path);
  await person.go("/family/add");
  await person.send();
  assert.ok(await person.has("[aria-invalid=true]"), "an empty name is said");
  await person.press('form[action="/sign-out"] button');
  await person.go("/family");
  assert.match(person.path, /^\/sign-in/, "signed out");
}

async function someoneKnown(world, named, known) {
  const person = await world.arrive(`${named}, known`);
  await signIn(world, person, known.mobile);
  assert.equal(person.path, "/family");
  await person.press('main button[name="slot"]');
  assert.match(person.path, /^\/appointments\//, await person.text("main"));
  assert.ok(person.pages <= PAGES_KNOWN, `${person.pages} pages from the phone to the slip`);
}
