// One person at a keyboard: no script, no pointer. Tab, Enter, Space, arrows and typing are all there is.
import assert from "node:assert/strict";
import { inspect } from "./inspect.mjs";

const MOST_TABS = 400;

/** The screens that journeys are walked on. The desktop is dark, so that both colour schemes are looked at. */
export const DEVICES = {
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 1, colorScheme: "light" },
  desktop: { viewport: { width: 1280, height: 900 }, deviceScaleFactor: 1, colorScheme: "dark" },
};

/** Walks pages by keyboard and has every page that it meets inspected. */
export class Walker {
  constructor({ context, page, screen, language, device, report, url, title, inspector, pictures }) {
    Object.assign(this, { context, page, screen, language, device, report, url, title, inspector, pictures });
    this.pages = 0;
    this.acts = 0;
  }

  /** A fresh person: no cookies but the language. */
  static async arrive({ browser, language, device, scheme, ...rest }) {
    const screen = { ...DEVICES[device], ...(scheme && { colorScheme: scheme }) };
    const options = { ...screen, javaScriptEnabled: false, locale: "en-IN", timezoneId: "Asia/Kolkata" };
    const context = await browser.newContext(options);
    await context.addCookies([{ name: "lang", value: language, url: rest.url }]);
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    return new Walker({ context, page, screen, language, device, ...rest });
  }

  async leave() {
    await this.context.close();
  }

  /** Types an address, as at the start of a journey. */
  async go(path) {
    await this.#arrived(await this.page.goto(this.url + path));
  }

  /** Runs an act that leads to another page, and inspects where it led. */
  async #turn(act) {
    const [response] = await Promise.all([
      this.page.waitForResponse((response) => response.request().isNavigationRequest() && !isRedirect(response)),
      this.page.waitForEvent("load"),
      act(),
    ]);
    await this.#arrived(response);
  }

  async #arrived(response) {
    await this.page.waitForLoadState("load");
    this.pages += 1;
    assert.ok(response.status() < 500, `${response.url()} answered ${response.status()}`);
    await inspect(this, response);
  }

  /** Where the browser is: path and query. */
  get path() {
    const { pathname, search } = new URL(this.page.url());
    return pathname + search;
  }

  /** Tabs until the focused element matches, which must be one that a screen reader can name. */
  async tabTo(selector) {
    for (let tabs = 0; tabs < MOST_TABS; tabs += 1) {
      await this.page.keyboard.press("Tab");
      const state = await this.page.evaluate((wanted) => {
        const here = document.activeElement;
        const box = here?.getBoundingClientRect();
        return { found: here?.matches(wanted), visible: Boolean(box && box.width > 0 && box.height > 0) };
      }, selector);
      if (state.found) {
        assert.ok(state.visible, `${selector} has the focus and cannot be seen`);
        await this.#named(selector);
        return;
      }
    }
    throw new Error(`no Tab leads to ${selector} on ${this.path}: ${await this.text("h1")}`);
  }

  /** Whether the page has such an element. */
  async has(selector) {
    return (await this.page.locator(selector).count()) > 0;
  }

  /** How many such elements the page has. */
  async count(selector) {
    return this.page.locator(selector).count();
  }

  /** The visible text of the first such element. */
  async text(selector) {
    const first = this.page.locator(selector).first();
    return (await first.count()) > 0 ? (await first.innerText()).trim() : "";
  }

  /** An attribute of the first such element. */
  async attribute(selector, name) {
    return this.page.locator(selector).first().getAttribute(name);
  }

  /** Writes into the field of this name, over what stands there. */
  async write(name, text) {
    this.acts += 1;
    await this.tabTo(`[name="${name}"]`);
    await this.page.keyboard.press("Control+A");
    await this.page.keyboard.type(String(text));
  }

  /** Writes a date into its three fields. */
  async writeDate(name, [year, month, day]) {
    await this.write(`${name}-day`, day);
    await this.write(`${name}-month`, month);
    await this.write(`${name}-year`, year);
  }

  /** Chooses a radio button, a checkbox or an entry of a list. Without a value, the first. */
  async choose(name, value) {
    this.acts += 1;
    const wanted = value === undefined ? `[name="${name}"]` : `[name="${name}"][value="${value}"]`;
    const kind = await this.page.locator(`[name="${name}"]`).first().evaluate((field) => field.type);
    if (kind === "select-one") return this.#pick(name, value);
    if (kind === "checkbox") {
      await this.tabTo(wanted);
      if (!(await this.#checked(wanted))) await this.page.keyboard.press("Space");
      return assert.ok(await this.#checked(wanted), `${wanted} could not be ticked`);
    }
    await this.tabTo(`[name="${name}"]`);
    await this.page.keyboard.press("Space");
    const choices = await this.page.locator(`[name="${name}"]`).count();
    for (let arrow = 0; arrow < choices && !(await this.#checked(wanted)); arrow += 1) {
      await this.page.keyboard.press("ArrowDown");
    }
    assert.ok(await this.#checked(wanted), `${wanted} could not be chosen`);
  }

  async #checked(selector) {
    return this.page.locator(selector).first().evaluate((field) => field.checked);
  }

  /** Walks a drop-down list by arrows to the entry with this value, or the first real one. */
  async #pick(name, value) {
    const list = `select[name="${name}"]`;
    await this.tabTo(list);
    const entries = await this.page.locator(`${list} option`).count();
    const wanted = (now) => (value === undefined ? now !== "" : now === String(value));
    for (let arrow = 0; arrow < entries; arrow += 1) {
      if (wanted(await this.page.locator(list).inputValue())) return;
      await this.page.keyboard.press("ArrowDown");
    }
    assert.ok(wanted(await this.page.locator(list).inputValue()), `${list} has no entry ${value}`);
  }

  /** Chooses a file for the field of this name; the system's own file dialog is the only thing not typed. */
  async attach(name, file) {
    await this.tabTo(`[name="${name}"]`);
    await this.page.locator(`[name="${name}"]`).setInputFiles(file);
  }

  /** Tabs to a link or a button and presses it; the next page is inspected. */
  async press(selector) {
    this.acts += 1;
    await this.tabTo(selector);
    await this.#turn(() => this.page.keyboard.press("Enter"));
  }

  /** Sends the form that is being filled in, by its main button. */
  async send(selector = "main form .button") {
    await this.press(selector);
  }

  /** Presses a button whose form answers with a PDF; the page stays, as when a browser saves the file. */
  async save(selector) {
    let paper;
    await this.page.route("**/*.pdf", async (route) => {
      const answer = await route.fetch();
      paper = { type: answer.headers()["content-type"], bytes: await answer.body() };
      await route.fulfill({ status: 204 });
    });
    await this.tabTo(selector);
    await Promise.all([this.page.waitForResponse((response) => response.url().endsWith(".pdf")), this.page.keyboard.press("Enter")]);
    await this.page.unroute("**/*.pdf");
    return paper;
  }

  /** What a link leads to, fetched with this person's cookies: papers that a browser would save. */
  async fetch(selector) {
    await this.tabTo(selector);
    const href = await this.attribute(selector, "href");
    const response = await this.context.request.get(new URL(href, this.page.url()).href, { maxRetries: 2 });
    assert.equal(response.status(), 200, href);
    return { type: response.headers()["content-type"], bytes: await response.body(), href };
  }

  /** Keeps a picture of the page as it is, when pictures are wanted. */
  async picture(name) {
    await this.pictures?.take(this, name);
  }

  /** The focused element has a role and a name, as a screen reader would say them. */
  async #named(selector) {
    this.cdp ??= await this.context.newCDPSession(this.page);
    const { result } = await this.cdp.send("Runtime.evaluate", { expression: "document.activeElement" });
    const { nodes } = await this.cdp.send("Accessibility.getPartialAXTree", { objectId: result.objectId, fetchRelatives: false });
    const isFocused = (node) => node.properties?.some(({ name, value }) => name === "focused" && value.value === true);
    const focused = nodes.filter((node) => isFocused(node) && node.role?.value !== "RootWebArea").at(-1);
    assert.ok(focused?.name?.value?.trim(), `${selector} has no name for a screen reader`);
  }
}

const isRedirect = (response) => response.status() >= 300 && response.status() < 400;
