// Pages that anyone may read, and what they say when something is missing.
import assert from "node:assert/strict";
import { openDistrict } from "../../lib/places.mjs";

export const title = "0 Pages for anyone";
export const shown = ["en phone"];

export async function walk(world, named) {
  const person = await world.arrive(named);
  const { offers: [{ center, session }], district } = await openDistrict();
  await person.go("/");
  await person.picture("home");
  await person.write("pin", center.pincode);
  await person.send();
  assert.ok(await person.has(`a[href="/find/session/${session.session_id}"]`), "the session is found by its PIN code");
  await person.picture("find");
  await person.press(`a[href="/find/session/${session.session_id}"]`);
  await person.go("/find");
  await person.choose("state", district.state.state_id);
  await person.press("main form .button.secondary");
  await person.choose("district", district.district_id);
  await person.send();
  assert.ok(await person.has("main a.offer"));
  await mistakes(person);
  for (const path of ["/verify", "/counts", "/privacy", "/accessibility", "/help", "/status", "/notice", "/partners", "/connected", "/log/audits", "/staff", "/demo/inbox", "/demo/staff", "/no-such-page"]) {
    await person.go(path);
  }
  await languages(person, world.language);
}

/** Mistakes are said at the top with a link to the field, and what was typed is kept. */
async function mistakes(person) {
  for (const [path, name, typed] of [["/find", "pin", "12"], ["/sign-in", "mobile", "12345"], ["/verify", "text", "TEEKA1:NO"]]) {
    await person.go(path);
    await person.write(name, typed);
    await person.send();
    if (name === "text") continue;
    assert.match(await person.attribute("main a[href^='#']", "href"), new RegExp(`^#${name}`));
    assert.equal(await person.attribute(`[name="${name}"]`, "value"), typed);
  }
}

/** The switch changes the language of this very page, and back. */
async function languages(person, language) {
  await person.go("/find");
  const other = language === "en" ? "hi" : "en";
  person.language = other;
  await person.press(`nav a[hreflang="${other}"]`);
  assert.equal(person.path, "/find");
  person.language = language;
  await person.press(`nav a[hreflang="${language}"]`);
}
