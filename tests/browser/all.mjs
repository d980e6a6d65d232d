// Every journey, on a phone and at a desk, in both languages, all side by side: no script, no pointer.
import { chromium } from "playwright-core";
import { Report } from "../lib/report.mjs";
import { Inspector } from "./inspect.mjs";
import { Pool, World } from "./world.mjs";
import { journeys } from "./journeys.mjs";

const report = new Report("browser");
const [only, ...combinations] = process.argv.slice(2);
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
const pool = await Pool.open();
const walked = journeys.filter((journey) => !only || only.split(",").some((number) => journey.title.startsWith(number)));
const findings = new Map();

// Much of a walk is waiting, for a page or for the minute between two codes: meanwhile the others walk.
const all = ["en", "hi"].flatMap((language) => ["phone", "desktop"].map((device) => [language, device]));
const wanted = all.filter((one) => combinations.length === 0 || combinations.includes(one.join("-")));
await Promise.all(wanted.map(([language, device]) => walkAll(language, device)));

console.log(`axe looked at ${findings.size} different pages`);
await browser.close();
report.close();

/** The journeys of one language on one device, one after the other. */
async function walkAll(language, device) {
  // Where only what happens may differ, and no page: TEEKA_AXE=no walks without axe, in a fraction of the time.
  const inspector = process.env.TEEKA_AXE === "no" ? undefined : new Inspector(browser, findings);
  const world = new World({ browser, inspector, report, language, device, pool });
  // Who signed up before the walks begin may soon ask for her next code.
  const early = [];
  for (const { before } of walked) early.push(await before?.(world));
  for (const [at, { title, walk }] of walked.entries()) {
    const start = Date.now();
    const named = `${title} (${language}, ${device})`;
    await report.check(named, () => walk(world, title, early[at]));
    console.log(`        ${named}: ${((Date.now() - start) / 1000).toFixed(1)} s`);
    await world.empty();
  }
  await inspector?.leave();
}
