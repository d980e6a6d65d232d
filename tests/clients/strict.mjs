// A strict reader and a careless writer: decodes as the strictest known client, sends as the sloppiest.
// OTP -> beneficiaries -> calendar -> schedule -> reschedule -> slip -> cancel, on the wire.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { call, codeFor, hashed } from "../lib/http.mjs";
import { openDistrict } from "../lib/places.mjs";
import { longDate, Report, shortDate } from "../lib/report.mjs";

const report = new Report("strict client");
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
// One number for the public sign-in and one for the portal's: a phone gets one code a minute.
const PUBLIC_MOBILE = "9811000116";
const MOBILE = "9811000117";
const ROOT = "/api/v2";
const APPOINTMENT = `${ROOT}/appointment`;
const SEARCH = `${APPOINTMENT}/sessions`;
const PERSON = `${ROOT}/registration/beneficiary`;

/** Decodes a 200 and insists on exactly these top-level keys. */
function only(answer, keys) {
  assert.equal(answer.status, 200, answer.text);
  assert.match(answer.headers["content-type"], /^application\/json/);
  assert.deepEqual(Object.keys(answer.json()).sort(), [...keys].sort());
  return answer.json();
}

/** Insists on the contract's error shape. */
function refused(answer, status, code) {
  assert.equal(answer.status, status, answer.text);
  const { errorCode, error } = answer.json();
  assert.equal(typeof error, "string");
  if (code) assert.equal(errorCode, code);
}

function empty204(answer) {
  assert.equal(answer.status, 204, answer.text);
  assert.equal(answer.bytes.length, 0);
}

const isInt = (value, low, high) => Number.isInteger(value) && value >= low && value <= high;

function isCenter(center) {
  assert.ok(isInt(center.center_id, 1, 2 ** 31 - 1) && isInt(center.pincode, 100_000, 999_999));
  assert.ok(typeof center.lat === "number" && typeof center.long === "number");
  for (const key of ["name", "address", "state_name", "district_name", "block_name"]) {
    assert.equal(typeof center[key], "string", key);
  }
  assert.match(center.from, /^\d\d:\d\d:\d\d$/);
  assert.match(center.to, /^\d\d:\d\d:\d\d$/);
  assert.ok(["Free", "Paid"].includes(center.fee_type));
}

function isSession(session) {
  assert.match(session.session_id, UUID);
  assert.match(session.date, /^\d\d-\d\d-\d{4}$/);
  for (const key of ["available_capacity", "available_capacity_dose1", "available_capacity_dose2"]) {
    assert.ok(isInt(session[key], 0, 1_000_000), key);
  }
  assert.ok(isInt(session.min_age_limit, 0, 127));
  assert.equal(typeof session.allow_all_age, "boolean");
  assert.equal(session.vaccine, session.vaccine.toUpperCase());
  assert.ok(session.slots.length > 0);
  for (const slot of session.slots) assert.match(slot, /^\d\d:\d\d[AP]M-\d\d:\d\d[AP]M$/);
}

async function metadata() {
  await report.check("states: exact keys, small integers", async () => {
    const { states, ttl } = only(await call("GET", `${ROOT}/admin/location/states`), ["states", "ttl"]);
    assert.ok(isInt(ttl, 1, 32_767) && states.length >= 36);
    for (const state of states) assert.ok(isInt(state.state_id, 1, 37) && state.state_name);
  });
  await report.check("Accept-Language hi_IN adds local names beside the others", async () => {
    const headers = { "accept-language": "hi_IN" };
    const { states } = only(await call("GET", `${ROOT}/admin/location/states`, { headers }), ["states", "ttl"]);
    assert.ok(states.every((state) => state.state_name && typeof state.state_name_l === "string"));
  });
  await report.check("districts of one state", async () => {
    const answer = await call("GET", `${ROOT}/admin/location/districts/21`);
    const { districts, ttl } = only(answer, ["districts", "ttl"]);
    assert.ok(isInt(ttl, 1, 32_767) && districts.length > 0);
    for (const district of districts) assert.ok(isInt(district.district_id, 1, 32_767));
  });
  await report.check("ID types and genders", async () => {
    const { types } = only(await call("GET", `${PERSON}/idTypes`), ["types", "ttl"]);
    assert.ok(types.some((type) => type.id === 1 && type.type === "Aadhaar Card" && "doc_type" in type));
    const { genders } = only(await call("GET", `${PERSON}/genders`), ["genders", "ttl"]);
    assert.deepEqual(genders.slice(0, 2), [{ gender: "Male", id: 1 }, { gender: "Female", id: 2 }]);
  });
  await report.check("If-None-Match, an empty body on GET and a preflight are tolerated", async () => {
    const first = await call("GET", `${ROOT}/admin/location/states`, { headers: { "content-length": "0" } });
    const etag = first.headers.etag ?? 'W/"426-x"';
    const again = await call("GET", `${ROOT}/admin/location/states`, { headers: { "if-none-match": etag } });
    assert.ok([200, 304].includes(again.status), String(again.status));
    const asked = { "access-control-request-method": "POST", "access-control-request-headers": "authorization,content-type" };
    const headers = { origin: "https://client.example", ...asked };
    const preflight = await call("OPTIONS", `${APPOINTMENT}/schedule`, { headers });
    assert.ok([200, 204].includes(preflight.status), String(preflight.status));
    const allowed = preflight.headers["access-control-allow-headers"].toLowerCase();
    assert.ok(allowed === "*" || (allowed.includes("authorization") && allowed.includes("content-type")));
  });
}

async function publicSearch(offer) {
  const { center, session } = offer.offers[0];
  const place = [`district_id=${offer.district.district_id}`, `pincode=${center.pincode}`];
  for (const [index, kind] of ["District", "Pin"].entries()) {
    await report.check(`calendarBy${kind}: D-M-YY, unknown query keys`, async () => {
      const query = `${place[index]}&date=${shortDate(1)}&Accept-Language=en_US&colour=red`;
      const { centers } = only(await call("GET", `${SEARCH}/public/calendarBy${kind}?${query}`), ["centers"]);
      assert.ok(centers.length > 0);
      for (const each of centers) {
        isCenter(each);
        each.sessions.forEach(isSession);
        if (each.fee_type === "Paid") assert.ok(each.vaccine_fees.every((fee) => typeof fee.fee === "string"));
      }
    });
    await report.check(`findBy${kind}: one day, flat`, async () => {
      const query = `${place[index]}&date=${session.date}`;
      const { sessions } = only(await call("GET", `${SEARCH}/public/findBy${kind}?${query}`), ["sessions"]);
      assert.ok(sessions.some((other) => other.session_id === session.session_id));
      for (const each of sessions) {
        isCenter(each);
        isSession(each);
        assert.equal(each.date, session.date);
        assert.match(each.fee, /^\d+$/);
      }
    });
  }
  await report.check("calendarByCenter answers an object", async () => {
    const query = `center_id=${center.center_id}&date=${longDate(1)}`;
    const { centers } = only(await call("GET", `${SEARCH}/public/calendarByCenter?${query}`), ["centers"]);
    isCenter(centers);
    centers.sessions.forEach(isSession);
  });
  await report.check("findByLatLong: PIN, latitude and longitude are text", async () => {
    const path = `${APPOINTMENT}/centers/public/findByLatLong?lat=${center.lat}&long=${center.long}`;
    const { centers } = only(await call("GET", path), ["centers", "ttl"]);
    for (const each of centers) {
      for (const key of ["pincode", "lat", "long", "name"]) assert.equal(typeof each[key], "string", key);
    }
  });
  await report.check("bad places and dates: the contract's codes", async () => {
    refused(await call("GET", `${SEARCH}/public/findByPin?pincode=12&date=${longDate()}`), 400, "APPOIN0018");
    refused(await call("GET", `${SEARCH}/public/findByPin?pincode=${center.pincode}&date=`), 400, "USRRES0001");
    refused(await call("GET", `${SEARCH}/public/calendarByDistrict?district_id=395&date=31-02-2026`), 400);
    const none = await call("GET", `${SEARCH}/public/findByPin?pincode=999999&date=${longDate()}`);
    assert.deepEqual(only(none, ["sessions"]), { sessions: [] });
  });
}

async function signIn() {
  await report.check("generateOTP: a number for a number, no Content-Type", async () => {
    const answer = await call("POST", `${ROOT}/auth/public/generateOTP`, { body: `{"mobile":${PUBLIC_MOBILE},"x":[1]}` });
    const { txnId } = only(answer, ["txnId"]);
    assert.match(txnId, UUID);
    const code = await codeFor(PUBLIC_MOBILE);
    const confirm = (otp) => call("POST", `${ROOT}/auth/public/confirmOTP`, { body: { otp, txnId } });
    refused(await confirm(hashed(code === "000000" ? "000001" : "000000")), 400, "USRAUT0014");
    refused(await confirm(code), 400, "USRAUT0014");
    refused(await confirm(hashed(code)), 400, "USRAUT0024");
  });
  await report.check("a second code within the minute is refused", async () => {
    const again = { body: { mobile: PUBLIC_MOBILE } };
    refused(await call("POST", `${ROOT}/auth/public/generateOTP`, again), 400, "USRAUT0018");
  });
  return report.check("validateMobileOtp: token once, opaque but for exp", async () => {
    const headers = { "content-type": "application/json;charset=utf-8" };
    const body = { mobile: MOBILE, secret: "U2FsdGVkX18=" };
    const { txnId } = only(await call("POST", `${ROOT}/auth/generateMobileOTP`, { body, headers }), ["txnId"]);
    const confirm = { body: { otp: hashed(await codeFor(MOBILE)), txnId } };
    const answer = await call("POST", `${ROOT}/auth/validateMobileOtp`, confirm);
    const { token, isNewAccount } = only(answer, ["token", "isNewAccount"]);
    assert.ok(["Y", "N"].includes(isNewAccount));
    const claims = JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString());
    const left = claims.exp - Date.now() / 1000;
    assert.ok(left > 840 && left <= 901, `exp is ${left} s ahead`);
    assert.ok(!JSON.stringify(claims).includes(MOBILE));
    refused(await call("POST", `${ROOT}/auth/validateMobileOtp`, confirm), 400, "USRAUT0014");
    return token;
  });
}

async function without() {
  await report.check("no token, a foreign token: 401 in plain text", async () => {
    for (const token of [undefined, "a.b.c"]) {
      const answer = await call("GET", `${APPOINTMENT}/beneficiaries`, { token });
      assert.equal(answer.status, 401);
      assert.match(answer.headers["content-type"], /^text\/plain/);
      assert.equal(answer.text, "Unauthenticated access!");
    }
  });
  await report.check("vaccinator look-ups are forbidden", async () => {
    for (const query of ["findByMobile?mobile_number=9811000117", "findByReferenceId?beneficiary_reference_id=12345678901234"]) {
      const answer = await call("GET", `${ROOT}/vaccinator/beneficiaries/${query}`, { headers: { "x-api-key": "k" } });
      assert.equal(answer.status, 403);
      assert.deepEqual(answer.json(), { message: "Forbidden" });
    }
  });
}

async function beneficiaries(token) {
  const headers = { AUTHORIZATION: `Bearer ${token}`, authority: "cdn-api.co-vin.in" };
  return only(await call("GET", `${APPOINTMENT}/beneficiaries`, { headers }), ["beneficiaries"]).beneficiaries;
}

async function register(token) {
  const body = {
    name: "Apparao Kulkarni", birth_year: 1980, gender_id: "1", photo_id_type: "1", photo_id_number: 9999,
    comorbidity_ind: "N", consent_version: 1, colour: "red",
  };
  return report.check("register: numbers as text, text as numbers, unknown keys", async () => {
    const answer = await call("POST", `${PERSON}/new`, { token, body });
    const { beneficiary_reference_id: id } = only(answer, ["beneficiary_reference_id"]);
    assert.match(id, /^[1-9]\d{13}$/);
    const [person, ...others] = await beneficiaries(token);
    assert.equal(others.length, 0);
    assert.equal(person.beneficiary_reference_id, id);
    assert.equal(person.name, body.name);
    assert.equal(person.birth_year, "1980");
    assert.equal(person.mobile_number, MOBILE.slice(-4));
    assert.match(person.photo_id_number, /^\*+9999$/);
    assert.equal(person.vaccination_status, "Not Vaccinated");
    assert.deepEqual([person.dose1_date, person.dose2_date, person.appointments], ["", "", []]);
    return id;
  });
}

async function booking(token, id, { district, offers }) {
  const post = (path, body) => call("POST", `${APPOINTMENT}/${path}`, { token, body });
  await report.check("protected calendar filters by vaccine in any case", async () => {
    const vaccine = offers[0].session.vaccine.toLowerCase();
    const query = `district_id=${district.district_id}&date=${shortDate(1)}&vaccine=${encodeURIComponent(vaccine)}`;
    const { centers } = only(await call("GET", `${SEARCH}/calendarByDistrict?${query}`, { token }), ["centers"]);
    assert.ok(centers.length > 0);
    for (const center of centers) {
      for (const session of center.sessions) assert.equal(session.vaccine.toLowerCase(), vaccine);
    }
  });
  await report.check("getRecaptcha: empty body, an SVG", async () => {
    const answer = await call("POST", `${ROOT}/auth/getRecaptcha`, { token });
    assert.match(only(answer, ["captcha"]).captcha, /^<svg /);
  });
  const [first, second] = offers;
  const wish = { dose: 1, session_id: first.session.session_id, slot: first.session.slots[0], beneficiaries: [id] };
  await report.check("schedule refuses what it must, in the contract's shape", async () => {
    refused(await post("schedule", { ...wish, slot: "03:00AM-04:00AM" }), 400, "APPOIN0015");
    refused(await post("schedule", { ...wish, session_id: "00000000-0000-4000-8000-000000000000" }), 400, "APPOIN0015");
    refused(await post("schedule", { ...wish, dose: 2 }), 400, "APPOIN0025");
    for (const list of [[], [id, id, id, id, id]]) {
      const answer = await post("schedule", { ...wish, beneficiaries: list });
      assert.equal(answer.status, 400);
      assert.match(answer.text, /Beneficiaries array required, with length 1-4/);
    }
    assert.equal((await post("schedule", '{"dose":1,')).status, 400);
    const stranger = await post("schedule", { ...wish, beneficiaries: ["98765432109876"] });
    assert.ok(stranger.status >= 400 && stranger.status < 500 && !stranger.text.includes("98765432109876"));
  });
  const appointment = await report.check("schedule: dose and reference as the other type, captcha and centre ignored", async () => {
    const body = { ...wish, dose: "1", beneficiaries: [Number(id)], center_id: first.center.center_id, captcha: "abcde" };
    const answer = await post("schedule", body);
    const { appointment_confirmation_no: number } = only(answer, ["appointment_confirmation_no"]);
    assert.match(number, UUID);
    const [person] = await beneficiaries(token);
    const [held] = person.appointments;
    assert.equal(person.appointments.length, 1);
    assert.equal(held.appointment_id, number);
    assert.equal(held.session_id, wish.session_id);
    assert.deepEqual([held.dose, held.slot, held.date], [1, wish.slot, first.session.date]);
    assert.match(held.from, /^\d\d:\d\d$/);
    return number;
  });
  await report.check("a second appointment for the same dose is refused", async () => {
    const answer = await post("schedule", { ...wish, session_id: second.session.session_id, slot: second.session.slots[0] });
    assert.ok([400, 409].includes(answer.status), answer.text);
    assert.equal((await beneficiaries(token))[0].appointments.length, 1);
  });
  await report.check("reschedule: 204, and the new session is listed", async () => {
    const slot = second.session.slots.at(-1);
    empty204(await post("reschedule", { appointment_id: appointment, session_id: second.session.session_id, slot, colour: 1 }));
    const [held] = (await beneficiaries(token))[0].appointments;
    assert.deepEqual([held.session_id, held.slot], [second.session.session_id, slot]);
    return held;
  });
  await report.check("slip: a PDF whose text can be read", async () => {
    const [held] = (await beneficiaries(token))[0].appointments;
    const answer = await call("GET", `${APPOINTMENT}/appointmentslip/download?appointment_id=${held.appointment_id}`, { token });
    assert.equal(answer.status, 200, answer.text);
    assert.match(answer.headers["content-type"], /^application\/pdf/);
    const text = execFileSync("pdftotext", ["-", "-"], { input: answer.bytes }).toString();
    assert.ok(text.replace(/\s/g, "").includes(id), `no reference in: ${text.slice(0, 200)}`);
  });
  await report.check("cancel: 204, and the place is free again", async () => {
    const [held] = (await beneficiaries(token))[0].appointments;
    const body = { appointment_id: held.appointment_id, beneficiariesToCancel: [Number(id)] };
    empty204(await post("cancel", body));
    assert.deepEqual((await beneficiaries(token))[0].appointments, []);
    const again = await post("cancel", body);
    assert.ok(again.status === 204 || again.status === 400, again.text);
  });
}

async function leaving(token, id) {
  await report.check("certificates: a refusal before any dose", async () => {
    for (const path of ["certificate/download", "certificate/public/download"]) {
      const answer = await call("GET", `${ROOT}/registration/${path}?beneficiary_reference_id=${id}`, { token });
      assert.ok([400, 401, 404].includes(answer.status), `${path}: ${answer.status}`);
    }
  });
  await report.check("delete: 204, and the family is empty", async () => {
    empty204(await call("POST", `${PERSON}/delete`, { token, body: { beneficiary_reference_id: Number(id) } }));
    const { status, text } = await call("GET", `${APPOINTMENT}/beneficiaries`, { token });
    assert.ok(status === 401 || (status === 200 && JSON.parse(text).beneficiaries.length === 0), text);
  });
}

await metadata();
const offer = await report.check("the world has a district with open sessions", () => openDistrict());
if (offer) await publicSearch(offer);
await without();
const token = await signIn();
if (token && offer) {
  const id = await register(token);
  if (id) {
    await booking(token, id, offer);
    await leaving(token, id);
  }
}
report.close();
