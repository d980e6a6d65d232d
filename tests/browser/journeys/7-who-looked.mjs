// Who looked, and what is wrong with it: she reads her list, asks for a correction, two officers settle it, and all of it stands in
// her list.
import assert from "node:assert/strict";
import { signIn, staffSignIn } from "../steps.mjs";

export const title = "7 Who looked, and a correction";
export const shown = ["en phone"];
const [WRONG, RIGHT] = ["Lata Kulkarny", "Lata Kulkarni"];

/** She signed up early, so that a minute has passed when she asks for her next code. */
export const before = (world) => world.family([WRONG]);

export async function walk(world, named, { mobile }) {
  const person = await world.arrive(named);
  await signIn(world, person, mobile);
  const number = await ask(person);
  await lookAround(person);
  // There are two officers, and each code of theirs is good once: so two of the walks bring them in.
  if (!world.pool.haveOfficers(world)) return;
  await world.pool.atTheDesk((officers) => settle(world, named, number, officers));
  await signIn(world, person, mobile);
  assert.match(await person.text("main"), new RegExp(RIGHT), "the name is right everywhere");
  await person.go("/family/0/looks");
  const rows = await person.count("main table tbody tr, main details");
  assert.ok(rows >= 4, "her request and the officers' looks stand in her list");
}

/** She asks for her name to be put right: a question a page, everything shown before it is sent. */
async function ask(person) {
  await person.press('nav a[href="/looks"]');
  await person.go("/family/0/data");
  await person.press('main a[href$="/cases/new/wrong-name"]');
  await person.send();
  assert.ok(await person.has("[aria-invalid=true]"), "an empty name is said");
  await person.write("name", RIGHT);
  await person.send();
  await person.write("words", "It ends with an i.");
  await person.send();
  assert.ok((await person.text("main dl")).includes(RIGHT), "the request is shown before it is sent");
  await person.send();
  const number = (await person.text("main")).match(/C-[0-9A-Z]{4}-[0-9A-Z]{4}/)?.[0];
  assert.ok(number, "it has a number");
  return number;
}

async function settle(world, named, number, [first, second]) {
  const one = await world.arrive(`${named}, the first officer`);
  await staffSignIn(world, one, first);
  await one.press(`main a[href="/desk/${number}"]`);
  await one.press(`form[action="/desk/${number}/take"] .button`);
  await one.press(`form[action="/desk/${number}/look"] .button`);
  assert.match(await one.text("main"), new RegExp(WRONG), "what stands now is shown to whoever took the case");
  await one.choose("decision", "accept.document");
  await one.press(`form[action="/desk/${number}/propose"] .button`);
  const other = await world.arrive(`${named}, the second officer`);
  await staffSignIn(world, other, second);
  await other.press(`main a[href="/desk/${number}"]`);
  await other.press(`form[action="/desk/${number}/take"] .button`);
  await other.press(`form[action="/desk/${number}/look"] .button`);
  await other.choose("decision", "agree");
  await other.press(`form[action="/desk/${number}/judge"] .button`);
  assert.match(other.path, /^\/desk\?said=settled/);
}

/** Other pages about her own data, which no other journey passes. */
async function lookAround(person) {
  const kinds = ["wrong-birth-year", "wrong-gender", "missing", "aefi", "duplicate"];
  const pages = kinds.map((kind) => `/family/0/cases/new/${kind}`);
  for (const path of [...pages, "/family/0/cases/which-dose", "/family/0/cases/join", "/permissions", "/my-data"]) await person.go(path);
}
