// Finds sessions in the running world by the public API, as any client must.
import { call } from "./http.mjs";
import { longDate } from "./report.mjs";

const SEARCH = "/api/v2/appointment/sessions";

/** Every district that the world serves, with its state. */
export async function districts() {
  const { states } = (await call("GET", "/api/v2/admin/location/states")).json();
  const all = [];
  for (const state of states) {
    const answer = await call("GET", `/api/v2/admin/location/districts/${state.state_id}`);
    for (const district of answer.json().districts) all.push({ ...district, state });
  }
  return all;
}

/** Every centre that has a session in the coming week. */
export async function centres() {
  const all = [];
  for (const { district_id: id } of await districts()) {
    const answer = await call("GET", `${SEARCH}/public/calendarByDistrict?district_id=${id}&date=${longDate()}`);
    all.push(...answer.json().centers);
  }
  return all;
}

/**
 * The first district with sessions an adult can book as a first dose, as
 * {district, offers: [{center, session}]}; every offer has at least `places` first doses free.
 */
export async function openDistrict({ atLeast = 2, places = 5, from = 1 } = {}) {
  for (const district of await districts()) {
    const query = `district_id=${district.district_id}&date=${longDate(from)}`;
    const { centers } = (await call("GET", `${SEARCH}/public/calendarByDistrict?${query}`)).json();
    const offers = centers.flatMap((center) => center.sessions
      .filter((session) => session.available_capacity_dose1 >= places && session.min_age_limit <= 45)
      .map((session) => ({ center, session })));
    if (offers.length >= atLeast) return { district, offers };
  }
  throw new Error(`no district has ${atLeast} sessions with ${places} first doses free`);
}
