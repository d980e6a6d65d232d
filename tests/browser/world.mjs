// What journeys share: the running demo, fresh phone numbers, the inbox, and the staff that the demo names at its start.
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { codeFor } from "../lib/http.mjs";
import { base } from "../lib/report.mjs";
import { Walker } from "./walker.mjs";

/** The world of one combination of language and device. */
export class World {
  static #numbers = 0;

  constructor({ browser, inspector, report, language, device, pictures }) {
    Object.assign(this, { browser, inspector, report, language, device, pictures });
    this.people = [];
  }

  /** A person arrives with an empty browser; `title` names the journey in the report. */
  async arrive(title) {
    const { browser, inspector, report, language, device, pictures } = this;
    const named = `${title} (${language}, ${device})`;
    const person = await Walker.arrive({ browser, inspector, report, language, device, pictures, url: base(), title: named });
    this.people.push(person);
    return person;
  }

  /** Everybody leaves. */
  async empty() {
    for (const person of this.people.splice(0)) await person.leave();
  }

  /** A mobile number that nobody has used in this run. */
  mobile() {
    World.#numbers += 1;
    return `98765${String(10_000 + World.#numbers).padStart(5, "0")}`;
  }

  /** The code in the newest message to a number. */
  code(mobile) {
    return codeFor(mobile);
  }
}

/** The six digits that an authenticator shows for a secret in Base32 (RFC 6238, SHA-1, 30 s). */
export function totp(secret, at = Date.now()) {
  const bits = [...secret.replace(/[\s=]/g, "").toUpperCase()]
    .map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const mac = createHmac("sha1", key).update(counter).digest();
  const offset = mac[19] & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/** The log-ins of the demo's staff: {login, about, password, totp_secret}; `about` begins with the role. */
export function staff(role) {
  const path = process.env.TEEKA_STAFF;
  if (!path) throw new Error("TEEKA_STAFF names the file demo-staff.json of the running demo");
  return JSON.parse(readFileSync(path, "utf8")).filter(({ about }) => about.startsWith(role));
}
