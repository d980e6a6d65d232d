// A manager plans next week in ten minutes, without seeing a person.
import assert from "node:assert/strict";
import { longDate } from "../../lib/report.mjs";
import { plan, staffSignIn } from "../steps.mjs";

export const title = "8 Manager plans next week";
export const shown = ["en desktop"];
const PAGES = 8;

export async function walk(world, named) {
  const { centre } = world.pool.post();
  const manager = await world.arrive(named);
  await staffSignIn(world, manager, world.pool.manager());
  await manager.picture("manager");
  const sessions = await plan(manager, centre, { first: 7, last: 12, places: 50, picture: "plan" });
  assert.equal(sessions.length, 6, "Monday to Saturday");
  assert.ok(manager.pages <= PAGES, `${manager.pages} pages`);
  await manager.picture("week");
  await manager.press(`main table a[href="/manager/sessions/${sessions[0]}"]`);
  await importTable(manager, centre);
  const paths = ["/manager", "/manager/figures", "/manager/counts", "/manager/centres", "/manager/centres/new", "/manager/staff", "/manager/staff/new"];
  for (const path of [...paths, "/manager/batches", "/manager/import", `/manager/centres/${centre.center_id}`, `/manager/centres/${centre.center_id}/edit`]) {
    await manager.go(path);
  }
}

/** A table with one bad row is told about it and changes nothing; the mended one is previewed. */
async function importTable(manager, centre) {
  await manager.go("/manager/import/batches");
  const template = await manager.fetch('main a[href$="/template"]');
  const [head] = template.bytes.toString("utf8").replace(/^\uFEFF/, "").split(/\r?\n/);
  const values = { centre_id: centre.center_id, centre: centre.center_id, vaccine: "COVOVAX", number: "CSV1", batch: "CSV1", doses: 100, expires: longDate(100).split("-").reverse().join("-") };
  const row = head.split(",").map((name) => values[name.trim()] ?? "").join(",");
  for (const text of [`${head}\n${row.replace("COVOVAX", "TEA")}\n`, `${head}\n${row}\n`]) {
    await manager.go("/manager/import/batches");
    await manager.attach("file", { name: "batches.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
    await manager.send();
  }
}
