// The harness judged by itself: a page with every fault must be found out, and a good one must pass.
import assert from "node:assert/strict";
import http from "node:http";
import { chromium } from "playwright-core";
import { Report } from "../lib/report.mjs";
import { Inspector } from "./inspect.mjs";
import { Walker } from "./walker.mjs";

const document = (title, body, lang = "en") => `<!DOCTYPE html><html lang="${lang}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title></head><body>${body}</body></html>`;
const PAGES = {
  "/good": document("A good page", `<main><h1>A good page</h1><form action="/next"><p><label for="a">Name</label>
    <input id="a" name="a"></p><button>Send this name</button></form></main>`),
  "/next": document("The next page", "<main><h1>The next page</h1></main>"),
  "/unnamed": document("No names", '<main><h1>No names</h1><input name="a"><button></button></main>'),
  "/unreachable": document("No way", '<main><h1>No way</h1><button name="b" tabindex="-1">Press me</button></main>'),
  "/wide": document("Wide", `<main><h1>Wide</h1><p>${"x".repeat(300)}</p></main>`),
  "/script": document("Script", "<main><h1>Script</h1></main><script>throw new Error('on purpose')</script>"),
  "/styled": document("Styled", '<main><h1 style="color: #000">Styled</h1></main>'),
  "/untranslated": document("Not Hindi", "<main><h1>Not Hindi</h1></main>", "hi"),
  "/heavy": document("Heavy", `<main><h1>Heavy</h1><p hidden>${"word ".repeat(12_000)}</p></main>`),
};

const server = http.createServer((request, response) => {
  response.setHeader("content-type", "text/html; charset=utf-8");
  response.end(PAGES[request.url.split("?")[0]] ?? document("None", "<main><h1>None</h1></main>"));
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const url = `http://127.0.0.1:${server.address().port}`;
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const inspector = new Inspector(browser);
const report = new Report("harness");

/** A report that keeps what failed instead of printing it. */
class Silent {
  faults = [];

  async check(name, body) {
    try {
      return await body();
    } catch (error) {
      this.faults.push(error.message);
    }
  }
}

async function visit(path, language = "en") {
  const silent = new Silent();
  const walker = await Walker.arrive({ browser, inspector, report: silent, language, device: "phone", url, title: "harness" });
  await walker.go(path);
  return { walker, faults: silent.faults };
}

await report.check("a good page passes and is walked by keyboard", async () => {
  const { walker, faults } = await visit("/good");
  await walker.write("a", "Asha");
  await walker.press("button");
  assert.deepEqual([faults, walker.path, walker.pages], [[], "/next?a=Asha", 2]);
});

for (const [path, sign, language] of [
  ["/unnamed", /label|button-name/],
  ["/wide", /px wide/],
  ["/script", /on purpose/],
  ["/styled", /inline styles/],
  ["/untranslated", /title in Hindi/, "hi"],
  ["/heavy", /bytes/],
]) {
  await report.check(`${path} is found out`, async () => {
    const { faults } = await visit(path, language);
    assert.ok(faults.some((fault) => sign.test(fault)), faults.join("\n"));
  });
}

await report.check("what has no name or no way to it cannot be walked", async () => {
  const unnamed = await visit("/unnamed");
  await assert.rejects(unnamed.walker.press("button"), /no name/);
  const unreachable = await visit("/unreachable");
  await assert.rejects(unreachable.walker.press("[name=b]"), /no Tab leads/);
});

await browser.close();
server.close();
report.close();
