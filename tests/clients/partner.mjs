// A partner's program, as strict in reading as the strictest known client: rows 3, 4, 21, 25, 27 and 28 of the contract and
// our own calls, every one signed with the key that the demonstration leaves in its data folder.
import assert from "node:assert/strict";
import { createHash, createPublicKey, randomBytes, sign, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { call, codeFor, hashed } from "../lib/http.mjs";
import { openDistrict } from "../lib/places.mjs";
import { Report } from "../lib/report.mjs";

const report = new Report("partner client");
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const key = readFileSync(process.env.TEEKA_PARTNER, "utf8");
// A phone gets one code a minute: each walk has a number of its own.
const [ALONE, FAMILY, NOBODY, NAMED, OURS] = ["9811000201", "9811000202", "9811000203", "9811000204", "9811000205"];

/** The headers of a signed request. */
function headersFor(method, path, text) {
  const [time, nonce] = [String(Math.floor(Date.now() / 1000)), randomBytes(16).toString("hex")];
  const digest = createHash("sha256").update(text).digest("hex");
  const signature = sign(null, Buffer.from([method, path, time, nonce, digest].join("\n")), key).toString("base64");
  return { "x-teeka-client": "sandbox", "x-teeka-time": time, "x-teeka-nonce": nonce, "x-teeka-signature": signature };
}

/** One signed request; `change` replaces headers before they go. */
function signed(method, path, { body, token, change = {} } = {}) {
  const text = body === undefined ? "" : JSON.stringify(body);
  const headers = { ...headersFor(method, path, text), ...change };
  return call(method, path, { body: body === undefined ? undefined : text, headers, token });
}

/** Decodes a 200 and insists on exactly these top-level keys. */
function only(answer, keys) {
  assert.equal(answer.status, 200, answer.text);
  assert.match(answer.headers["content-type"], /^application\/json/);
  assert.deepEqual(Object.keys(answer.json()).sort(), [...keys].sort());
  return answer.json();
}

function refused(answer, code) {
  assert.equal(answer.status, 400, answer.text);
  assert.deepEqual(Object.keys(answer.json()).sort(), ["error", "errorCode"]);
  assert.equal(answer.json().errorCode, code);
}

function unauthenticated(answer) {
  assert.equal(answer.status, 401, answer.text);
  assert.equal(answer.text, "Unauthenticated access!");
  assert.match(answer.headers["content-type"], /^text\/plain/);
}

const pdf = (answer) => {
  assert.equal(answer.status, 200, answer.text);
  assert.match(answer.headers["content-type"], /^application\/pdf/);
  assert.equal(answer.bytes.subarray(0, 5).toString(), "%PDF-");
};

/** Signs a phone's holder in and registers people there; answers her token. */
async function family(mobile, names) {
  const { txnId } = only(await call("POST", "/api/v2/auth/generateMobileOTP", { body: { mobile } }), ["txnId"]);
  const typed = { otp: hashed(await codeFor(mobile)), txnId };
  const { token } = only(await call("POST", "/api/v2/auth/validateMobileOtp", { body: typed }), ["token", "isNewAccount"]);
  const references = [];
  for (const name of names) {
    const body = {
      name, birth_year: "1980", gender_id: 2, photo_id_type: 8, photo_id_number: "J1234567", consent_version: "1",
    };
    const made = await call("POST", "/api/v2/registration/beneficiary/new", { body, token });
    references.push(only(made, ["beneficiary_reference_id"]).beneficiary_reference_id);
  }
  return { token, references };
}

/** Books a place for a person; answers the appointment. */
async function books(token, reference) {
  const { offers } = await openDistrict();
  const open = offers.map((offer) => offer.session).find((session) => !session.max_age_limit);
  const body = { dose: 1, session_id: open.session_id, slot: open.slots[0], beneficiaries: [reference] };
  return only(await call("POST", "/api/v2/appointment/schedule", { body, token }), ["appointment_confirmation_no"])
    .appointment_confirmation_no;
}

const asks = async (mobile) =>
  only(await signed("POST", "/api/v2/auth/generateOTP", { body: { mobile } }), ["txnId"]).txnId;

async function main() {
  await report.check("a key alone is nobody's, on every call", async () => {
    const calls = [
      ["POST", "/api/v2/auth/generateOTP"], ["POST", "/api/v2/auth/confirmOTP"], ["POST", "/api/v2/consent/requests"],
      ["POST", "/api/v2/consent/token"], ["GET", "/api/v2/consent/record"], ["POST", "/api/v3/vaccination/generateOTP"],
      ["POST", "/api/v3/vaccination/confirmOTP"], ["GET", "/api/v3/vaccination/status"],
      ["GET", "/api/v2/appointment/beneficiaries"], ["GET", "/api/v2/registration/certificate/download"],
    ];
    for (const [method, path] of calls) {
      const body = method === "POST" ? { mobile: ALONE } : undefined;
      unauthenticated(await call(method, path, { body, headers: { "x-api-key": "3sjOr2rmM52GzhpMHjDEE1kpQeRxwFDr4YcBEimi" } }));
      unauthenticated(await call(method, path, { body, headers: { "x-teeka-client": "sandbox" } }));
    }
  });
  await report.check("a signature of another time, client or body is refused, and so is one shown again", async () => {
    const body = { mobile: ALONE };
    for (const change of [
      { "x-teeka-time": "1700000000" }, { "x-teeka-client": "nobody" }, { "x-teeka-nonce": "0123456789abcdef" },
      { "x-teeka-signature": "AAAA" },
    ]) {
      unauthenticated(await signed("POST", "/api/v2/auth/generateOTP", { body, change }));
    }
    const [path, ask] = ["/api/v2/consent/token", { body: '{"requestId":"00000000-0000-4000-8000-000000000000"}' }];
    const headers = headersFor("POST", path, ask.body);
    only(await call("POST", path, { ...ask, headers }), ["status"]);
    unauthenticated(await call("POST", path, { ...ask, headers }));
    unauthenticated(await call("POST", path, { body: `${ask.body} `, headers: headersFor("POST", path, ask.body) }));
  });

  const { token, references } = await family(ALONE, ["Asha Partner"]);
  const appointment = await books(token, references[0]);
  await family(FAMILY, ["Ravi Partner", "Lila Partner"]);
  await family(NAMED, ["Meera Named"]);
  await family(OURS, ["Sita Partner", "Gita Partner"]);

  const given = await report.check("rows 3 and 4: a message that says who and what, a code of eight digits, a token", async () => {
    const txnId = await asks(ALONE);
    assert.match(txnId, UUID);
    const [letter] = (await call("GET", `/demo/inbox/${ALONE}`)).json();
    assert.match(letter.text, /^Sandbox Clinic asks to see your name, .* Purpose: To plan your next dose with you\./);
    const code = await codeFor(ALONE);
    assert.equal(code.length, 8);
    refused(await signed("POST", "/api/v2/auth/confirmOTP", { body: { otp: hashed("00000000"), txnId } }), "USRAUT0014");
    refused(await signed("POST", "/api/v2/auth/confirmOTP", { body: { otp: code, txnId } }), "USRAUT0014");
    const answer = only(await signed("POST", "/api/v2/auth/confirmOTP", { body: { otp: hashed(code), txnId } }), ["token", "isNewAccount"]);
    assert.equal(answer.isNewAccount, "N");
    assert.equal(JSON.parse(Buffer.from(answer.token.split(".")[1], "base64url")).exp > Date.now() / 1000, true);
    refused(await signed("POST", "/api/v2/auth/confirmOTP", { body: { otp: hashed(code), txnId } }), "USRAUT0014");
    return answer.token;
  });
  await report.check("the token is worth nothing without the signature, and nothing at a citizen's calls", async () => {
    unauthenticated(await call("GET", "/api/v2/appointment/beneficiaries", { token: given }));
    unauthenticated(await call("POST", "/api/v2/registration/beneficiary/new", { token: given, body: {} }));
    unauthenticated(await signed("GET", "/api/v3/vaccination/status", { token: given }));
  });
  await report.check("row 21: one person, as the contract writes her", async () => {
    const { beneficiaries } = only(await signed("GET", "/api/v2/appointment/beneficiaries", { token: given }), ["beneficiaries"]);
    assert.equal(beneficiaries.length, 1);
    const [one] = beneficiaries;
    assert.equal(one.name, "Asha Partner");
    assert.match(one.beneficiary_reference_id, /^[1-9]\d{13}$/);
    assert.equal(one.mobile_number, ALONE.slice(-4));
    assert.equal(one.appointments[0].appointment_id, appointment);
    assert.equal(one.vaccination_status, "Not Vaccinated");
  });
  await report.check("row 25: her slip", async () => {
    pdf(await signed("GET", `/api/v2/appointment/appointmentslip/download?appointment_id=${appointment}`, { token: given }));
  });
  await report.check("row 27: without a dose there is no certificate, and no one else's", async () => {
    const path = (reference) => `/api/v2/registration/certificate/download?beneficiary_reference_id=${reference}`;
    assert.equal((await signed("GET", path(references[0]), { token: given })).status, 404);
    assert.equal((await signed("GET", path("12345678901234"), { token: given })).status, 400);
  });
  await report.check("five looks and not a sixth", async () => {
    for (let looks = 2; looks < 5; looks += 1) {
      only(await signed("GET", "/api/v2/appointment/beneficiaries", { token: given }), ["beneficiaries"]);
    }
    unauthenticated(await signed("GET", "/api/v2/appointment/beneficiaries", { token: given }));
    unauthenticated(await signed("GET", "/api/v2/consent/record", { token: given }));
  });

  await report.check("several people at a number: nobody chooses for them", async () => {
    const txnId = await asks(FAMILY);
    const body = { otp: hashed(await codeFor(FAMILY)), txnId };
    refused(await signed("POST", "/api/v2/auth/confirmOTP", { body }), "USRAUT0032");
    only(await signed("POST", "/api/v2/consent/token", { body: { requestId: txnId } }), ["status"]);
  });
  await report.check("a number that nobody has is asked alike, and shows nobody", async () => {
    const txnId = await asks(NOBODY);
    const body = { otp: hashed(await codeFor(NOBODY)), txnId };
    const { token: none, isNewAccount } = only(await signed("POST", "/api/v2/auth/confirmOTP", { body }), ["token", "isNewAccount"]);
    assert.equal(isNewAccount, "Y");
    assert.deepEqual(only(await signed("GET", "/api/v2/appointment/beneficiaries", { token: none }), ["beneficiaries"]).beneficiaries, []);
  });

  await report.check("row 28: a name is compared inside, and a number comes out", async () => {
    const person = { mobile_number: NAMED, full_name: "meera  NAMED" };
    const { txnId } = only(await signed("POST", "/api/v3/vaccination/generateOTP", { body: person }), ["txnId"]);
    const path = "/api/v3/vaccination/confirmOTP";
    assert.equal((await signed("POST", path, { body: { txnId } })).status, 400);
    unauthenticated(await signed("POST", path, { body: { txnId, otp: hashed("00000000") } }));
    const code = await codeFor(NAMED);
    const { token: status } = only(await signed("POST", path, { body: { txnId, otp: hashed(code) } }), ["token"]);
    const answer = only(await signed("GET", "/api/v3/vaccination/status", { token: status }), ["vaccination_status"]);
    assert.equal(answer.vaccination_status, 0);
    unauthenticated(await signed("GET", "/api/v2/appointment/beneficiaries", { token: status }));
    unauthenticated(await call("GET", "/api/v3/vaccination/status", { token: status }));
  });

  await ours();
  report.close();
}

/** Our own calls: named fields, a page where she decides, a signed consent. */
async function ours() {
  const body = { mobile: OURS, fields: ["name", "birth-year"], reads: 2, minutes: 30, language: "hi" };
  await report.check("what goes beyond the limits is refused", async () => {
    for (const change of [{ reads: 6 }, { minutes: 1441 }, { fields: [] }, { fields: ["phone"] }, { language: "xx" }]) {
      const answer = await signed("POST", "/api/v2/consent/requests", { body: { ...body, ...change } });
      refused(answer, "USRRES0001");
    }
  });
  await report.check("asked, decided on the page, fetched, read, ended", async () => {
    const asked = only(await signed("POST", "/api/v2/consent/requests", { body }), ["requestId", "page"]);
    const page = await call("GET", asked.page);
    assert.equal(page.status, 200);
    assert.match(page.text, /Sandbox Clinic/);
    const form = (path, pairs) => call("POST", path, {
      body: new URLSearchParams(pairs).toString(),
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
    const [letter] = (await call("GET", `/demo/inbox/${OURS}`)).json();
    assert.match(letter.text, /^Sandbox Clinic आपकी/);
    const choice = await form(asked.page, { code: await codeFor(OURS) });
    const proof = choice.text.match(/name="proof" value="([^"]+)"/)?.[1];
    assert.ok(proof, choice.text);
    assert.equal(choice.text.match(/type="radio"/g).length, 2);
    assert.doesNotMatch(choice.text, /Sita|Gita/, "a choice shows no name");
    const missing = await form(`${asked.page}/answer`, { proof, answer: "yes", of: "1234,5678" });
    assert.match(missing.text, /role="alert"/);
    const done = await form(`${asked.page}/answer`, { proof, answer: "yes", who: "0" });
    assert.match(done.text, /You allowed it/);
    const fetched = only(await signed("POST", "/api/v2/consent/token", { body: { requestId: asked.requestId } }), ["status", "token", "consent"]);
    const record = only(await signed("GET", "/api/v2/consent/record", { token: fetched.token }), ["fields", "doses"]);
    assert.deepEqual(Object.keys(record.fields).sort(), ["birth-year", "name"]);
    assert.match(record.fields.name, / Partner$/);
    await isSigned(fetched.consent, asked.requestId);
    only(await signed("GET", "/api/v2/consent/record", { token: fetched.token }), ["fields", "doses"]);
    unauthenticated(await signed("GET", "/api/v2/consent/record", { token: fetched.token }));
  });
}

/** A consent is a JSON Web Signature by the published key. */
async function isSigned(consent, requestId) {
  const jwk = only(await call("GET", "/api/v2/consent/key"), ["kty", "crv", "use", "alg", "kid", "x"]);
  const [head, body, signature] = consent.split(".");
  const published = createPublicKey({ key: jwk, format: "jwk" });
  assert.ok(verify(null, Buffer.from(`${head}.${body}`), published, Buffer.from(signature, "base64url")));
  const said = JSON.parse(Buffer.from(body, "base64url"));
  assert.equal(said.consentId, requestId);
  assert.deepEqual([said.max_reads, said.fields, said.permission.accessMode], [2, ["name", "birth-year"], "VIEW"]);
}

await main();
