// Pictures of pages, kept in the repository and compared pixel by pixel.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pixelmatch from "pixelmatch";
import { PNG } from "pngjs";

const FOLDER = fileURLToPath(new URL("../../docs/pictures/", import.meta.url));
const CHANGED = fileURLToPath(new URL("../../target/xtask/pictures/", import.meta.url));
/** Smoothing of letters differs a little between builds of the same browser. */
const MOST_CHANGED_PIXELS = 0.002;

/** Takes pictures during a journey and compares each with the one that is kept. */
export class Pictures {
  constructor({ report, update }) {
    Object.assign(this, { report, update });
    for (const folder of [FOLDER, CHANGED]) mkdirSync(folder, { recursive: true });
  }

  /** One picture of what is on the walker's screen; the name gets its device, and its language unless English. */
  async take({ page, language, device }, name) {
    const file = [name, ...(language === "en" ? [] : [language]), device].join("-") + ".png";
    await page.evaluate(sameEveryTime);
    const bytes = await page.screenshot({ animations: "disabled", caret: "hide" });
    await page.evaluate(() => globalThis.asItWas.forEach(([text, data]) => (text.data = data)));
    await this.report.check(`picture ${file}`, () => this.#compare(file, bytes));
  }

  #compare(file, bytes) {
    const path = join(FOLDER, file);
    if (this.update || !existsSync(path)) {
      if (!this.update) throw new Error("there is no picture to compare with; --update keeps this one");
      const same = existsSync(path) && changed(readFileSync(path), bytes) <= MOST_CHANGED_PIXELS;
      if (!same) writeFileSync(path, bytes);
      return;
    }
    const share = changed(readFileSync(path), bytes);
    if (share <= MOST_CHANGED_PIXELS) return;
    writeFileSync(join(CHANGED, file), bytes);
    throw new Error(`${(share * 100).toFixed(2)} % of the pixels have changed; see target/xtask/pictures/${file}`);
  }
}

/** On the page: what chance has drawn and the minute of the walk give way to something that is always the same. */
function sameEveryTime() {
  document.activeElement?.blur();
  scrollTo(0, 0);
  const drawn = [
    [/\b\d{4} \d{4} \d{4} \d{2}\b/g, "1234 5678 9012 34"],
    [/\b(?=[0-9A-F]*[A-F])(?=[0-9A-F]*[0-9])[0-9A-F]{32}\b/g, "0123456789ABCDEF".repeat(2)],
    [/…\d{4}\b/g, "…1234"],
    [/^\d{4}$/g, "4826"],
  ];
  globalThis.asItWas = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    globalThis.asItWas.push([text, text.data]);
    const isTime = text.parentElement.closest("time");
    const isCode = text.parentElement.closest(".figure");
    if (isTime) text.data = text.data.replace(/\d{1,2}:\d{2}/g, "9:00");
    else for (const [form, same] of isCode ? drawn : drawn.slice(0, -1)) text.data = text.data.replace(form, same);
  }
  for (const code of document.querySelectorAll("svg.qr path:last-child")) code.style.opacity = 0.07;
}

/** The share of pixels that differ between two pictures; all of them when the sizes differ. */
function changed(before, after) {
  const [old, now] = [PNG.sync.read(before), PNG.sync.read(after)];
  if (old.width !== now.width || old.height !== now.height) return 1;
  return pixelmatch(old.data, now.data, undefined, old.width, old.height, { threshold: 0.1 }) / (old.width * old.height);
}
