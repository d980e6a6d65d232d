// No phone, no booking: registered at the centre, a card to take home, a dose, a certificate printed on the spot.
import assert from "node:assert/strict";
import { openSession, pdfText, staffSignIn } from "../steps.mjs";

export const title = "4 No phone: walk-in with a card";
export const shown = [];

export async function walk(world, named) {
  const { post, session, batch } = await openSession(world, named, {});
  const nurse = await world.arrive(named);
  await staffSignIn(world, nurse, post);
  await nurse.press(`main a[href="/vaccinator/${session}"]`);
  await nurse.press('main a[href$="/walk-in"]');
  await nurse.write("name", "Kamala Bai");
  await nurse.write("year", "1951");
  await nurse.choose("gender", "2");
  await nurse.send();
  const [reference, card] = await nurse.page.locator("main dd").allInnerTexts();
  assert.match(reference.replace(/\s/g, ""), /^\d{14}$/);
  assert.match(card.replace(/\s/g, ""), /^\d{8}$/);
  const paper = pdfText(await nurse.save("main form .button.secondary"));
  assert.ok(paper.replace(/\D/g, "").includes(card.replace(/\D/g, "")), "the printed card has its digits");
  await nurse.press('main a.button[href*="/p/"]');
  await nurse.choose("yes", "none");
  await nurse.choose("batch", batch);
  await nurse.send();
  assert.match(nurse.path, /\/done$/, await nurse.text("main"));
  const certificate = await nurse.fetch('main a[href$="/certificate.pdf"]');
  assert.match(pdfText(certificate), /Kamala Bai/);
  await atTheGate(world, named, certificate);
  await otherPages(nurse, session);
  await atTheCounter(nurse, session, { reference, card });
}

/** Anyone verifies the printed certificate; one changed byte of its text is refused. */
async function atTheGate(world, named, { bytes }) {
  const guard = await world.arrive(`${named}, gate`);
  await guard.go("/verify");
  await guard.attach("file", { name: "certificate.pdf", mimeType: "application/pdf", buffer: bytes });
  await guard.send();
  assert.ok((await guard.text("main")).includes("Kamala Bai"), await guard.text("main"));
  await guard.picture("verify");
}

/** She comes again and is due for nothing: her card lets her in, she takes no place, and says what is wrong in her record. */
async function atTheCounter(nurse, session, { reference, card }) {
  await nurse.go(`/vaccinator/${session}`);
  await nurse.press('main a[href$="/counter"]');
  await nurse.send();
  assert.ok(await nurse.has("[aria-invalid=true]"), "an empty counter is said");
  await nurse.write("reference", reference.replace(/\s/g, ""));
  await nurse.write("card", card.replace(/\s/g, ""));
  await nurse.send();
  assert.match(nurse.path, /\/ask$/, await nurse.text("main"));
  await nurse.press('main a[href$="/ask/wrong-gender"]');
  await nurse.choose("gender", "3");
  await nurse.send();
  await nurse.write("words", "The card says so");
  await nurse.send();
  await nurse.send();
  assert.match(nurse.path, /\/cases\/[^/]+$/, await nurse.text("main"));
}

/** What the vaccinator can still do for her, and the end of the session. */
async function otherPages(nurse, session) {
  await nurse.press('main a[href$="/aefi"]');
  await nurse.go(`/vaccinator/${session}?show=all`);
  await nurse.press('main a[href$="/done"]');
  await nurse.press('main a[href$="/correct"]');
  await nurse.go(`/vaccinator/${session}/observations`);
  await nurse.go(`/vaccinator/${session}/check-in`);
  await nurse.send();
  assert.ok(await nurse.has("[aria-invalid=true]"), "an empty check-in is said");
  await nurse.go(`/vaccinator/${session}/close`);
}
