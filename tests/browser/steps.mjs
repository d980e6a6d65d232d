// Steps that several journeys share, each by keyboard on real pages.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { call } from "../lib/http.mjs";
import { day, longDate } from "../lib/report.mjs";

/** Signs a phone in, from the page that asks for the number. */
export async function signIn(world, person, mobile, { from = "/sign-in" } = {}) {
  await world.mayAskForCode(mobile);
  if (from) await person.go(from);
  await person.write("mobile", mobile);
  await person.send();
  world.sent(mobile);
  await person.picture("code");
  await person.write("code", await world.code(mobile));
  await person.send();
}

/** Answers the questions about a new member; ends on the page that says she is registered. */
export async function answerQuestions(person, { name, born = "1961", gender = "2" }) {
  await person.write("name", name);
  await person.send();
  await person.write("born", born);
  await person.choose("gender", gender);
  await person.send();
  assert.ok((await person.text("main dl")).includes(name), "the answers are shown before they are sent");
  await person.picture("check-answers");
  await person.send();
  assert.match(person.path, /^\/family\/\d\/registered/);
}

/** From the page of one session: chooses the first time if none is chosen, and books. Ends on the slip. */
export async function takeTime(person) {
  await person.choose("slot");
  await person.send();
  assert.match(person.path, /^\/appointments\//, await person.text("main"));
}

/** A member of staff signs in; waits for the next code of her authenticator when this one was used. */
export async function staffSignIn(world, person, { login, password }) {
  await person.go("/staff");
  await person.write("login", login);
  await person.write("password", password);
  await person.write("code", await world.authenticator(login));
  await person.send();
  assert.match(person.path, /^\/(manager|vaccinator|desk)/, await person.text("main"));
}

/**
 * A manager plans sessions at a centre, from the page of today: COVOVAX, which the seeded world does not offer, so that
 * these sessions are known by their vaccine. `first` and `last` are offsets from today; `picture` names one of the preview.
 * Ends on the week; answers the sessions' ids.
 */
export async function plan(person, centre, { first = 0, last = 0, places = 60, picture } = {}) {
  await person.press('main a[href="/manager/sessions/new"]');
  await person.write("q", centre.center_id);
  await person.press("main form .button");
  await person.press("main table a");
  await person.choose("vaccine", "COVOVAX");
  await person.writeDate("first", day(first));
  await person.writeDate("last", day(last));
  await person.write("dose1", places);
  await person.send();
  if (picture) await person.picture(picture);
  const days = await person.count("main table tbody tr");
  await person.send();
  await person.press("main .button");
  const rows = person.page.locator("main table tbody tr", { hasText: "COVOVAX" });
  const links = await rows.locator("a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  assert.equal(links.length, days, "every day of the preview is in the calendar");
  return links.map((link) => link.split("/").pop());
}

/** Puts a vaccinator on the roster of a session; ends on the session's page. */
export async function roster(person, session, login) {
  await person.press(`main table a[href="/manager/sessions/${session}"]`);
  const wanted = person.page.locator(".choice", { hasText: login }).locator('input[name="staff"]');
  await person.choose("staff", await wanted.getAttribute("value"));
  await person.send();
}

/** A batch arrives at a centre; from the page of the centre. */
export async function addBatch(person, centre, number) {
  await person.go(`/manager/batches/new?centre=${centre.center_id}`);
  await person.choose("vaccine", "COVOVAX");
  await person.write("number", number);
  await person.writeDate("expires", day(200));
  await person.write("doses", 500);
  await person.send();
  assert.ok((await person.text("main")).includes(number), await person.text("main"));
}

/** A session of today with staff and a batch, as a manager makes it. Answers {post, session, batch}. */
export async function openSession(world, title, options) {
  const manager = await world.arrive(`${title}, before`);
  const post = world.pool.post();
  await staffSignIn(world, manager, world.pool.manager());
  const sessions = await plan(manager, post.centre, options);
  await roster(manager, sessions[0], post.login);
  const batch = `T${post.centre.center_id}`;
  await addBatch(manager, post.centre, batch);
  return { manager, post, sessions, session: sessions[0], batch };
}

/** The times of a session of today, as the API says them. */
export async function timesOf({ center_id: id }, session) {
  const path = `/api/v2/appointment/sessions/public/calendarByCenter?center_id=${id}&date=${longDate()}`;
  const { centers } = (await call("GET", path)).json();
  return centers.sessions.find((one) => one.session_id === session).slots;
}

/** A family registered and booked by the API, with what their slips say: {mobile, people: [{appointment, name, four, code}]}. */
export async function bookedFamily(world, session, slot, names) {
  const family = await world.family(names);
  const appointment = await world.book(family, session, slot);
  const { text } = await call("GET", `/appointments/${appointment}`, { headers: { cookie: `teeka=${family.token}` } });
  const slips = text.matchAll(/<h2>([^<]+)<\/h2>.*?<dd[^>]*>([\d ]{14,})<.*?<p class="figure">(\d{4})<\/p>/gs);
  const people = [...slips].sort().map(([, name, reference, code]) => ({ appointment, name, four: reference.replace(/\D/g, "").slice(-4), code }));
  assert.deepEqual(people.map(({ name }) => name).sort(), [...names].sort(), "a slip for each of the family");
  return { mobile: family.mobile, people };
}

/** From the list of a session: the row of a person by the end of her reference, her code, and she is there. */
export async function checkIn(nurse, { appointment, four, code }) {
  const row = nurse.page.locator(`main a[href*="row=${appointment}."]`, { hasText: four }).first();
  await nurse.press(`main a[href="${await row.getAttribute("href")}"]`);
  await nurse.write("code", code);
  await nurse.send();
}

/** The text of a PDF, which must be one. */
export function pdfText({ type, bytes }) {
  assert.match(type, /^application\/pdf/);
  return execFileSync("pdftotext", ["-layout", "-", "-"], { input: bytes }).toString();
}
