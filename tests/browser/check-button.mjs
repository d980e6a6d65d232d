// The button that checks a list of looks, in a real browser, under our own policy for scripts: a good file, a tampered one,
// and none at all. Without scripts it is a link to the file.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import http from "node:http";
import { chromium } from "playwright-core";
import { Report } from "../lib/report.mjs";

const CASES = JSON.parse(readFileSync(new URL("../../crates/watch/tests/looks/cases.json", import.meta.url), "utf8"));
const WORDS = {
  checking: "Checking", failed: "No file", unable: "Use the command", good: "All {rows} in {log}", first: "First day",
  complete: "Complete before {until}", later: "{rows} later", waiting: "{rows} waiting", signed: "Signed by {names}, {at}",
  own: "Own policy", key: "Key {key}", bad: "Bad: {place} {code}", row: "row {number}", index: "index {number}",
  "wrong-gap": "Days are missing",
};
const POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'";

const page = (file) => `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Looks</title>
  <script src="/assets/check-button.mjs" type="module"></script></head><body><main><h1>Looks</h1><div>
  <p><a href="${file}" download data-check="${file}" ${Object.entries(WORDS).map(([name, text]) => `data-${name}="${text}"`).join(" ")}>Check this list</a></p>
  <div role="status"></div></div></main></body></html>`;

const server = http.createServer((request, response) => {
  const [, folder, name] = request.url.split("/");
  const answer = (kind, body) => response.setHeader("content-type", kind).end(body);
  response.setHeader("content-security-policy", POLICY);
  if (folder === "assets") return answer("text/javascript", readFileSync(new URL(`../../crates/portal/assets/${name}`, import.meta.url)));
  if (folder === "page") return answer("text/html; charset=utf-8", page(`/file/${name}`));
  const found = CASES.find((one) => one.name === decodeURIComponent(name));
  if (found) return answer("application/json", JSON.stringify(found.file));
  response.writeHead(404).end();
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const url = `http://127.0.0.1:${server.address().port}`;
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const report = new Report("check button");

/** What the page says after the button was pressed. */
async function pressed(name) {
  const tab = await browser.newPage();
  const faults = [];
  tab.on("pageerror", (error) => faults.push(error.message));
  await tab.goto(`${url}/page/${encodeURIComponent(name)}`);
  await tab.focus("a");
  await tab.keyboard.press("Enter");
  await tab.waitForFunction((checking) => ![null, "", checking].includes(document.querySelector("[role=status]").textContent), WORDS.checking);
  const lines = await tab.locator("[role=status] p").allTextContents();
  await tab.close();
  assert.deepEqual(faults, []);
  return lines;
}

await report.check("a good file is said to be good, with what is not proven yet", async () => {
  const lines = await pressed("an honest file");
  assert.deepEqual(lines.slice(0, 4), ["All 6 in log.example/teeka", "Complete before Nov 26, 2026, 5:30 AM", "1 later", "2 waiting"]);
  assert.match(lines[4], /^Signed by w1\.example, w3\.example, Nov 26, 2026/);
  assert.deepEqual([lines[5], lines[6].split(" ").length, lines.length], ["Own policy", 9, 7]);
});

await report.check("a tampered file is refused, by row and in words", async () => {
  assert.deepEqual(await pressed("an altered field"), ["Bad: row 2 commitment"]);
  assert.deepEqual(await pressed("an index left out in the middle"), ["Days are missing"]);
  assert.deepEqual(await pressed("a checkpoint without quorum"), ["Bad:  quorum"]);
});

await report.check("her first day, and no file at all", async () => {
  assert.equal((await pressed("her first day: no index yet"))[1], "First day");
  assert.deepEqual(await pressed("no such case"), ["No file"]);
});

await report.check("without scripts the button downloads the file", async () => {
  const tab = await browser.newPage({ javaScriptEnabled: false });
  await tab.goto(`${url}/page/an honest file`);
  const [download] = await Promise.all([tab.waitForEvent("download"), tab.click("a")]);
  assert.equal(JSON.parse(readFileSync(await download.path(), "utf8")).format, "teeka-looks/v1");
  await tab.close();
});

await browser.close();
report.close();
