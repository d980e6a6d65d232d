// npm `cowin`: its base URL is written into every function, so the axios it shares is told the new one.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { base, longDate, Report } from "../lib/report.mjs";

const require = createRequire(import.meta.url);
const axios = require("axios");
axios.interceptors.request.use((request) => {
  request.url = request.url.replace("https://cdn-api.co-vin.in", base());
  return request;
});
const cowin = require("cowin");
const report = new Report("npm cowin");

/** The client folds every failure into `status: false`; here that is an error. */
async function result(answer) {
  const { status, result, message } = await answer;
  assert.equal(status, true, message);
  return result;
}

const states = (await report.check("lists the states", async () => {
  const states = await result(cowin.getStates());
  assert.ok(states.length >= 36, `${states.length} states`);
  return states;
})) ?? [];

const districts = (await report.check("lists districts of every state", async () => {
  const all = [];
  for (const state of states) all.push(...(await result(cowin.getListofDistricts(state.state_id))));
  assert.ok(all.length >= 50, `${all.length} districts`);
  return all;
})) ?? [];

const centers = (await report.check("lists a week of sessions in a district", async () => {
  for (const district of districts) {
    const centers = await result(cowin.calendarByDistrict(district.district_id, longDate()));
    if (centers.length > 0) return centers.map((center) => ({ ...center, district }));
  }
  throw new Error("no district has a session");
})) ?? [];

await report.check("lists one day's sessions in that district", async () => {
  const [center] = centers;
  const sessions = await result(cowin.findByDistrict(center.district.district_id, center.sessions[0].date));
  assert.ok(sessions.some((session) => session.session_id === center.sessions[0].session_id));
});

await report.check("lists the same centre by its PIN code", async () => {
  const [center] = centers;
  const week = await result(cowin.calendarByPin(center.pincode, longDate()));
  assert.ok(week.some((other) => other.center_id === center.center_id));
  const sessions = await result(cowin.findByPin(center.pincode, center.sessions[0].date));
  assert.ok(sessions.some((session) => session.session_id === center.sessions[0].session_id));
});

report.close();
