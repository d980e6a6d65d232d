// What every page must be, whatever it is about: accessible by axe, small, whole in its language, and fit for a narrow screen.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const FIRST_PAGE_BYTES = 50_000;
const LATER_PAGE_BYTES = 30_000;

/** A second browser window with scripts on, in which the pages that a walker met are looked at. */
export class Inspector {
  /** Findings by document are shared by those who look side by side. */
  constructor(browser, findings = new Map()) {
    this.browser = browser;
    this.windows = new Map();
    this.findings = findings;
  }

  /** Closes its windows. */
  async leave() {
    for (const page of this.windows.values()) await page.context().close();
  }

  /** What axe finds in this very document; one that differs in text alone, or in its language, is looked at once. */
  async axe(document) {
    const { html, viewport, colorScheme } = document;
    const key = createHash("sha256").update(JSON.stringify([normal(html), viewport.width, colorScheme])).digest("hex");
    if (!this.findings.has(key)) this.findings.set(key, this.#axe(document));
    return this.findings.get(key);
  }

  async #axe({ url, html, headers, viewport, colorScheme }) {
    const page = await this.#window(viewport, colorScheme);
    const errors = [];
    const heard = (error) => errors.push(`script: ${error.message}`);
    const said = (message) => message.type() === "error" && errors.push(`console: ${message.text()}`);
    page.on("pageerror", heard).on("console", said);
    await page.route(url, (route) => route.fulfill({ status: 200, headers, body: html }));
    try {
      await page.goto(url, { waitUntil: "load" });
      await page.evaluate(AXE);
      const { violations } = await page.evaluate((tags) => globalThis.axe.run({ runOnly: { type: "tag", values: tags } }), TAGS);
      return [...errors, ...violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`)];
    } finally {
      await page.unroute(url);
      page.off("pageerror", heard).off("console", said);
    }
  }

  async #window(viewport, colorScheme) {
    const key = `${viewport.width} ${colorScheme}`;
    if (!this.windows.has(key)) {
      const context = await this.browser.newContext({ viewport, colorScheme });
      this.windows.set(key, await context.newPage());
    }
    return this.windows.get(key);
  }
}

/** A document without its language, texts, values, addresses and drawn codes, which change from person to person and at each request. */
const normal = (html) =>
  html.replace(/ (lang|hreflang|value|href|action|d)="[^"]*"/g, "").replace(/(aria-label|title|placeholder|alt|data-[a-z-]+)="[^"]+"/g, '$1="…"').replace(/>[^<]+</g, "><");

/** Checks the page on which a walker has just arrived; each finding fails a check of the report. */
export async function inspect(walker, response) {
  const { page, report, language, inspector } = walker;
  const { pathname } = new URL(page.url());
  const place = `${walker.title}: ${pathname.replace(/[0-9a-f-]{32,}|\d{3,}/g, "…")}`;
  await report.check(`${place} reads well`, async () => {
    const facts = await page.evaluate(look);
    assert.equal(facts.language, language, "lang of the document");
    assert.equal(facts.headings, 1, "number of main headings");
    assert.ok(facts.title.length > 0 && !/^[a-z]+(-[a-z]+)+$/.test(facts.heading), `title “${facts.title}”, heading “${facts.heading}”`);
    if (language === "hi") assert.match(facts.title, /[\u0900-\u097f]/, "title in Hindi");
    assert.deepEqual(facts.keys, [], "message names left in the text");
    assert.deepEqual(facts.styled, [], "inline styles or handlers");
    await narrow(walker);
    await small(walker, response);
  });
  if (!inspector) return;
  await report.check(`${place} pleases axe`, async () => {
    const headers = { ...(await response.allHeaders()) };
    for (const name of ["content-length", "content-encoding", "transfer-encoding", "set-cookie"]) delete headers[name];
    const { viewport, colorScheme } = walker.screen;
    const html = await page.content();
    assert.deepEqual(await inspector.axe({ url: page.url(), html, headers, viewport, colorScheme }), []);
  });
}

/** Nothing runs out of the narrowest phone, or of a desk's screen at 200 % zoom. */
async function narrow({ page, screen: { viewport }, device }) {
  await page.setViewportSize({ ...viewport, width: device === "phone" ? 320 : viewport.width / 2 });
  const [width, room] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  await page.setViewportSize(viewport);
  assert.ok(width <= room, `the page is ${width} px wide and the screen ${room} px`);
}

/** The first page of a visit comes with its style sheet in 50 kB, each later one in 30 kB. */
async function small(walker, response) {
  const body = (await response.body()).length;
  if (walker.pages > 1) return assert.ok(body <= LATER_PAGE_BYTES, `${body} bytes`);
  const sheets = await walker.page.locator('link[rel="stylesheet"]').evaluateAll((links) => links.map((link) => link.href));
  let total = body;
  for (const sheet of sheets) total += (await (await walker.context.request.get(sheet)).body()).length;
  assert.ok(total <= FIRST_PAGE_BYTES, `${total} bytes with the style sheet`);
}

/** Runs in the page. */
function look() {
  const heading = document.querySelectorAll("h1");
  const codes = new Set([...document.querySelectorAll("code")].map((code) => code.innerText));
  const texts = document.body.innerText.split(/\s+/).filter((text) => !codes.has(text));
  return {
    language: document.documentElement.lang,
    title: document.title,
    headings: heading.length,
    heading: heading[0]?.innerText.trim() ?? "",
    keys: texts.filter((word) => /^[a-z]+(-[a-z]+){2,}$/.test(word) && document.documentElement.lang === "hi"),
    styled: [...document.querySelectorAll("[style], [onclick], [onload]")].filter((e) => !e.closest("svg")).map((e) => e.outerHTML.slice(0, 80)),
  };
}
