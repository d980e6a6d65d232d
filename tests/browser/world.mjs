// What journeys share: the running demo, fresh phone numbers, the inbox, centres with the staff who work there.
import { readFileSync } from "node:fs";
import { call, codeFor, hashed } from "../lib/http.mjs";
import { centres } from "../lib/places.mjs";
import { base } from "../lib/report.mjs";
import { Walker } from "./walker.mjs";

const CODE_EVERY_MS = 61_000;
/** A code of an authenticator is good once, for half a minute and a step before and after it. */
const STAFF_CODE_MS = 31_000;
/** Counts runs against the same demo, each with numbers and posts of its own; 0 for the first. */
const RUN = Number(process.env.TEEKA_RUN ?? 0);

/** What all combinations of language and device draw from: every number, post and manager is used by one journey. */
export class Pool {
  constructor() {
    this.numbers = RUN * 200;
    this.sent = new Map();
    this.desk = Promise.resolve();
  }

  /** Reads the staff and finds the centre of each vaccinator, by its name where no other centre has the same. */
  static async open() {
    const pool = new Pool();
    const all = await centres();
    const named = Map.groupBy ? Map.groupBy(all, ({ name }) => name) : groupBy(all, ({ name }) => name);
    const place = ({ about }) => about.slice(about.indexOf(",") + 1).trim();
    const posts = staff("vaccinator").map((member) => ({ ...member, centre: named.get(place(member)) }));
    pool.posts = posts.filter(({ centre }) => centre?.length === 1).map((post) => ({ ...post, centre: post.centre[0] }));
    // One vaccinator for each centre, so that no journey sees what another has booked.
    pool.posts = [...new Map(pool.posts.map((post) => [post.centre.center_id, post])).values()];
    pool.posts.splice(0, RUN * 5);
    pool.both = staff("officer").slice(0, 2);
    pool.managers = staff("manager");
    pool.managers.push(...pool.managers.splice(0, RUN * 5));
    return pool;
  }

  /** A mobile number that nobody has used in this run. */
  mobile() {
    this.numbers += 1;
    return `98765${String(10_000 + this.numbers)}`;
  }

  /** A vaccinator with the centre where she works. */
  post() {
    return take(this.posts, "vaccinator with a centre of her own");
  }

  /** Whether this combination brings the officers in. */
  haveOfficers({ language, device }) {
    return ["en phone", "hi desktop"].includes(`${language} ${device}`);
  }

  /** Has the two officers do this when nobody else has them, and when the codes with which they last came in are over. */
  atTheDesk(work) {
    const turn = this.desk.then(() => work(this.both));
    const over = () => new Promise((done) => setTimeout(done, STAFF_CODE_MS));
    this.desk = turn.then(over, over);
    return turn;
  }

  /** A manager. */
  manager() {
    return take(this.managers, "manager");
  }
}

function take(list, what) {
  const one = list.shift();
  if (!one) throw new Error(`the world has no further ${what}`);
  return one;
}

function groupBy(list, key) {
  const groups = new Map();
  for (const one of list) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  return groups;
}

/** The log-ins of the demo's staff: {login, about, password, totp_secret}; `about` begins with the role. */
function staff(role) {
  const path = process.env.TEEKA_STAFF;
  if (!path) throw new Error("TEEKA_STAFF names the file demo-staff.json of the running demo");
  return JSON.parse(readFileSync(path, "utf8")).filter(({ about }) => about.startsWith(role));
}

/** The world of one combination of language and device. */
export class World {
  constructor({ browser, inspector, report, language, device, pictures, pool }) {
    Object.assign(this, { browser, inspector, report, language, device, pictures, pool });
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

  /** Waits until this phone may get another code: one a minute. */
  async mayAskForCode(mobile) {
    const wait = (this.pool.sent.get(mobile) ?? 0) + CODE_EVERY_MS - Date.now();
    if (wait > 0) await new Promise((done) => setTimeout(done, wait));
  }

  /** A code was just sent to this phone. */
  sent(mobile) {
    this.pool.sent.set(mobile, Date.now());
  }

  /** The code in the newest message to a number. */
  code(mobile) {
    return codeFor(mobile);
  }

  /** The messages to a number, newest first. */
  async letters(mobile) {
    return (await call("GET", `/demo/inbox/${mobile}`)).json();
  }

  /** What a member of staff reads off her authenticator now: the demo shows it, by the demo's own clock. */
  async authenticator(login) {
    const { text } = await call("GET", `/demo/staff?find=${login}`);
    const after = text.slice(text.indexOf(`<code>${login}</code>`));
    return after.match(/<code>(\d{6})<\/code>/)?.[1];
  }

  /** A phone whose family was registered by the API: {mobile, token, references}. */
  async family(names) {
    const mobile = this.pool.mobile();
    this.pool.sent.set(mobile, Date.now());
    const { txnId } = (await api("auth/generateMobileOTP", { mobile })).json();
    const { token } = (await api("auth/validateMobileOtp", { otp: hashed(await codeFor(mobile)), txnId })).json();
    const references = [];
    for (const name of names) {
      const body = { name, birth_year: "1961", gender_id: 2, photo_id_type: 13, photo_id_number: "TEST1234", consent_version: "1" };
      references.push((await api("registration/beneficiary/new", body, token)).json().beneficiary_reference_id);
    }
    return { mobile, token, references };
  }

  /** Gives an appointment of a family back. */
  async cancel({ token, references }, appointment) {
    const answer = await api("appointment/cancel", { appointment_id: appointment, beneficiariesToCancel: references }, token);
    if (answer.status !== 204) throw new Error(`giving back: ${answer.status} ${answer.text}`);
  }

  /** Books a session for a family by the API; answers the appointment's id. */
  async book({ token, references }, session, slot) {
    const body = { dose: 1, session_id: session, slot, beneficiaries: references };
    const answer = await api("appointment/schedule", body, token);
    if (answer.status !== 200) throw new Error(`booking: ${answer.status} ${answer.text}`);
    return answer.json().appointment_confirmation_no;
  }
}

const api = (path, body, token) => call("POST", `/api/v2/${path}`, { body, token });
