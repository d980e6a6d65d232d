// She takes another day; then the centre calls that day off, tells her, and she finds another.
import assert from "node:assert/strict";
import { answerQuestions, openSession, signIn, takeTime } from "../steps.mjs";

export const title = "3 Change of day";
export const shown = [];

export async function walk(world, named) {
  const { manager, post, sessions: [today, tomorrow] } = await openSession(world, named, { first: 0, last: 1 });
  const mobile = world.pool.mobile();
  const person = await world.arrive(named);
  await signIn(world, person, mobile, { from: `/sign-in?session=${today}` });
  await answerQuestions(person, { name: "Radha Iyer" });
  await person.press(`main a[href="/family/0/book/${today}"]`);
  await takeTime(person);
  const slip = person.path.split("?")[0];

  await person.press(`main a[href="${slip}/change"]`);
  await person.press(`main a.offer[href^="/family/0/book/${tomorrow}"]`);
  await takeTime(person);
  assert.equal(person.path.split("?")[0], slip, "the appointment keeps its number");

  await manager.go(`/manager/sessions/${tomorrow}`);
  await manager.press('main a[href$="/call-off"]');
  await manager.picture("call-off");
  await manager.press("main form .button.warning");
  await told(world, mobile, post.centre.name);

  await person.press('nav a[href="/family"]');
  await person.go(slip);
  assert.ok(await person.has("main .banner.bad"), "the slip says that the day is called off");
  await person.press('main a[href$="/book"]');
  if (!(await person.has("main a.offer"))) {
    await person.write("pin", post.centre.pincode);
    await person.send();
  }
  await person.press(`main a.offer[href="/family/0/book/${today}"]`);
  await takeTime(person);
}

/** The message arrives within some seconds, says where, and holds neither name nor vaccine. */
async function told(world, mobile, centre) {
  for (let tries = 0; tries < 60; tries += 1) {
    const [letter] = await world.letters(mobile);
    if (letter?.text.includes(centre)) {
      assert.ok(!/radha|iyer|covovax/i.test(letter.text), letter.text);
      return;
    }
    await new Promise((done) => setTimeout(done, 500));
  }
  throw new Error("no message about the day that was called off");
}
