// Every journey, in both languages, on a phone and at a desk: no script, no pointer.
import { chromium } from "playwright-core";
import { Report } from "../lib/report.mjs";
import { Inspector } from "./inspect.mjs";
import { Pool, World } from "./world.mjs";
import { journeys } from "./journeys.mjs";

const report = new Report("browser");
const [only, ...combinations] = process.argv.slice(2);
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
const inspector = new Inspector(browser);
const pool = await Pool.open();

for (const device of ["phone", "desktop"]) {
  for (const language of ["en", "hi"]) {
    if (combinations.length > 0 && !combinations.includes(`${language}-${device}`)) continue;
    const world = new World({ browser, inspector, report, language, device, pool });
    for (const { title, walk } of journeys.filter((journey) => !only || journey.title.startsWith(only))) {
      const start = Date.now();
      await report.check(`${title} (${language}, ${device})`, () => walk(world, title));
      console.log(`        ${((Date.now() - start) / 1000).toFixed(1)} s`);
      await world.empty();
    }
  }
}

console.log(`axe looked at ${inspector.looked} different pages`);
await browser.close();
report.close();
