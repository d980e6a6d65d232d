// npm `cowin-api-client`: one axios instance holds the base URL.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { base, longDate, Report } from "../lib/report.mjs";

const require = createRequire(import.meta.url);
require("cowin-api-client/dist/CONSTANTS/API").API.defaults.baseURL = `${base()}/api`;
const client = require("cowin-api-client");
const report = new Report("npm cowin-api-client");

const states = (await report.check("lists the states", async () => {
  const { states } = await client.getStates();
  assert.ok(states.length >= 36, `${states.length} states`);
  return states;
})) ?? [];

const districts = (await report.check("lists districts of every state", async () => {
  const all = [];
  for (const state of states) all.push(...(await client.getDistricts(state.state_id)).districts);
  assert.ok(all.length >= 50, `${all.length} districts`);
  return all;
})) ?? [];

const found = await report.check("lists a week of sessions in a district", async () => {
  for (const district of districts) {
    const { centers } = await client.calendarByDistrict(String(district.district_id), longDate());
    if (centers.length > 0) return { center: centers[0], district };
  }
  throw new Error("no district has a session");
});

await report.check("lists one day's sessions in that district, typed as its declarations say", async () => {
  const [{ date }] = found.center.sessions;
  const { sessions } = await client.findByDistrict(String(found.district.district_id), date);
  assert.ok(sessions.length > 0);
  for (const session of sessions) {
    for (const key of ["center_id", "pincode", "lat", "long", "available_capacity", "min_age_limit"]) {
      assert.equal(typeof session[key], "number", key);
    }
    for (const key of ["name", "from", "to", "fee", "fee_type", "session_id", "date", "vaccine"]) {
      assert.equal(typeof session[key], "string", key);
    }
    assert.ok(session.slots.every((slot) => typeof slot === "string"));
  }
});

await report.check("lists the same centre by its PIN code", async () => {
  const pin = String(found.center.pincode);
  const { centers } = await client.calendarByPin(pin, longDate());
  assert.ok(centers.some((center) => center.center_id === found.center.center_id));
  const { sessions } = await client.findByPin(pin, found.center.sessions[0].date);
  assert.ok(sessions.some((session) => session.center_id === found.center.center_id));
});

report.close();
