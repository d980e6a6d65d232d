// Forty people in a morning, at most six taps each: row, code, check in, no health problems, give, next.
import assert from "node:assert/strict";
import { call } from "../../lib/http.mjs";
import { longDate } from "../../lib/report.mjs";
import { openSession, staffSignIn } from "../steps.mjs";

export const title = "5 Vaccinator's morning";
export const shown = ["en phone"];
const PEOPLE = { "en phone": 40 };
const FEW = 4;
const TAPS = 6;

export async function walk(world, named) {
  const { post, session, batch } = await openSession(world, named, { places: 80 });
  const people = await bookedPeople(world, session, PEOPLE[`${world.language} ${world.device}`] ?? FEW);
  const nurse = await world.arrive(named);
  await staffSignIn(world, nurse, post);
  await nurse.picture("vaccinator");
  await nurse.press(`main a[href="/vaccinator/${session}"]`);
  await nurse.picture("list");
  for (const [at, { appointment, nth, code, name }] of people.entries()) {
    let taps = 0;
    const tap = (act) => {
      taps += 1;
      return act;
    };
    await tap(nurse.press(`main a[href$="row=${appointment}.${nth}"]`));
    await tap(nurse.write("code", code));
    await tap(nurse.send());
    assert.ok((await nurse.text("main")).includes(name), "her name appears now");
    if (at === 0) await nurse.picture("check-in");
    await tap(nurse.choose("yes", "none"));
    if (at === 0) await nurse.choose("batch", batch);
    await tap(nurse.send());
    assert.match(nurse.path, /\/done$/, await nurse.text("main"));
    await tap(nurse.press("main a.button"));
    assert.ok(taps <= TAPS, `${taps} taps`);
  }
  assert.equal(await nurse.count('main a[href*="row="]'), 0, "nobody is left on the list");
  await nurse.press('main a[href$="/observations"]');
}

/** Families of four with slips for this session: {appointment, nth, code, name}. */
async function bookedPeople(world, session, count) {
  const people = [];
  const { slots } = await sessionOf(session);
  while (people.length < count) {
    const names = ["Lata", "Usha", "Vimala", "Sita"].map((name) => `${name} Rao`);
    const family = await world.family(names);
    const appointment = await world.book(family, session, slots.at(-1));
    const { text } = await call("GET", `/appointments/${appointment}`, { headers: { cookie: `teeka=${family.token}` } });
    const codes = [...text.matchAll(/<p class="figure">(\d{4})<\/p>/g)].map(([, code]) => code);
    assert.equal(codes.length, names.length, "a code for each of the family");
    people.push(...names.map((name, nth) => ({ appointment, nth, code: codes[nth], name })));
  }
  return people.slice(0, count);
}

/** The times of a session, read off its public page's API twin. */
async function sessionOf(id) {
  const { text } = await call("GET", `/find/session/${id}`);
  const pin = text.match(/\b\d{6}\b/)[0];
  const answer = await call("GET", `/api/v2/appointment/sessions/public/findByPin?pincode=${pin}&date=${longDate()}`);
  return answer.json().sessions.find((session) => session.session_id === id);
}
