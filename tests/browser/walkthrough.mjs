// Walks README's walkthrough in the fixed world and takes its pictures. `--update` keeps the new ones.
import { chromium } from "playwright-core";
import { Report } from "../lib/report.mjs";
import { Inspector } from "./inspect.mjs";
import { journeys } from "./journeys.mjs";
import { Pictures } from "./pictures.mjs";
import { Pool, World } from "./world.mjs";

const report = new Report("walkthrough");
const pictures = new Pictures({ report, update: process.argv.includes("--update") });
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--font-render-hinting=none"] });
const inspector = new Inspector(browser);
const pool = await Pool.open();

for (const [language, device] of [["en", "phone"], ["hi", "phone"], ["en", "desktop"]]) {
  const world = new World({ browser, inspector, report, language, device, pictures, pool });
  for (const { title, before, walk, shown } of journeys.filter((journey) => journey.shown)) {
    if (!shown.includes(`${language} ${device}`)) continue;
    await report.check(`${title} (${language}, ${device})`, async () => walk(world, title, await before?.(world)));
    await world.empty();
  }
}

await browser.close();
report.close();
