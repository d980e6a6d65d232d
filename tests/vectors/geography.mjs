// Places under the ids and names that CoWIN used, judged by a public list that is not part of the project.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { call } from "../lib/http.mjs";
import { districts } from "../lib/places.mjs";
import { Report } from "../lib/report.mjs";

const report = new Report("geography");
const known = JSON.parse(readFileSync(join(process.env.TEEKA_VECTORS, "geography/districts.json"), "utf8"));
const rows = Array.isArray(known) ? known : known.districts;
const byId = new Map(rows.map((row) => [Number(row.district_id), row]));
const stateOf = new Map(rows.map((row) => [Number(row.state_id), row.state_name]));

await report.check("every state and union territory is served under its id and name", async () => {
  const { states } = (await call("GET", "/api/v2/admin/location/states")).json();
  const served = new Map(states.map((state) => [state.state_id, state.state_name]));
  assert.deepEqual([...served].sort(([a], [b]) => a - b), [...stateOf].sort(([a], [b]) => a - b));
});

await report.check("every served district has its id, name and state", async () => {
  const served = await districts();
  assert.ok(served.length >= 50, `${served.length} districts`);
  assert.equal(new Set(served.map((district) => district.district_id)).size, served.length);
  for (const { district_id: id, district_name: name, state } of served) {
    const row = byId.get(id);
    assert.ok(row, `district ${id} is unknown`);
    assert.deepEqual([name, state.state_id], [row.district_name, Number(row.state_id)]);
  }
});

report.close();
