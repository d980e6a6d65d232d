// The check of a list of looks as the browser runs it: on the public cases of Merkle proofs, where they are at hand, and
// on the same synthetic files as `teeka check`, with the same outcome for each.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { webcrypto } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { equal, fromBase64, isBefore, sha256 } from "../../crates/portal/assets/bytes.mjs";
import { check } from "../../crates/portal/assets/check.mjs";
import { checkConsistency, checkInclusion, isInIndex, leafHash, nodeHash } from "../../crates/portal/assets/merkle.mjs";
import { readCheckpoint, readNote, readPolicy } from "../../crates/portal/assets/note.mjs";
import { Report } from "../lib/report.mjs";

globalThis.crypto ??= webcrypto;
const report = new Report("check of looks");
const read = (path) => JSON.parse(readFileSync(path, "utf8"));
const beside = (path) => fileURLToPath(new URL(path, import.meta.url));

/** A proof case's answer. Some use words in place of a root; nothing proves with a hash that has not its length. */
async function holds({ leafIdx, treeSize, leafHash, root, size1, size2, root1, root2, proof }) {
  const given = [leafHash, root, root1, root2].filter((hash) => hash !== undefined).map((hash) => fromBase64(hash ?? ""));
  const hashes = (proof ?? []).map(fromBase64);
  if (!given.every((hash) => hash?.length > 0) || !hashes.every((hash) => hash?.length === 32)) return false;
  return leafHash === undefined
    ? checkConsistency(size1, size2, ...given, hashes)
    : checkInclusion(leafIdx, treeSize, given[0], hashes, given[1]);
}

const merkle = join(process.env.TEEKA_VECTORS ?? beside("../../../shared/vectors"), "merkle/testdata");
for (const of of ["inclusion", "consistency"]) {
  const folder = join(merkle, of);
  if (!existsSync(folder)) {
    console.log("the folder of public vectors is not there: nothing to run");
    continue;
  }
  await report.check(`98 public cases of ${of} proofs`, async () => {
    const files = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".json"));
    assert.equal(files.length, 98);
    for (const name of files) {
      const proof = read(join(folder, name));
      assert.equal(await holds(proof), !proof.wantErr, `${name}: ${proof.desc}`);
    }
  });
}

/** The tree over some leaves: the hash of a part of it, and the subtrees of a part beside some of its leaves. */
function treeOf(leaves) {
  const middle = (low, high) => low + 2 ** Math.ceil(Math.log2(high - low) - 1);
  const hash = async (low, high) => {
    if (high === low) return sha256();
    if (high - low === 1) return leafHash(leaves[low]);
    return nodeHash(await hash(low, middle(low, high)), await hash(middle(low, high), high));
  };
  const beside = async (low, high, first, end) => {
    if (high <= first || end <= low) return [await hash(low, high)];
    if (high - low === 1) return [];
    return [...(await beside(low, middle(low, high), first, end)), ...(await beside(middle(low, high), high, first, end))];
  };
  return { hash, beside, middle };
}

/** An index of sorted tags: its head, and what it answers about a tag. */
async function indexOf(tags) {
  const { hash, beside } = treeOf(tags);
  const find = async (tag) => {
    const at = tags.filter((other) => isBefore(other, tag)).length;
    const isThere = at < tags.length && equal(tags[at], tag);
    const [first, end] = isThere ? [at, at + 1] : [Math.max(at - 1, 0), Math.min(at + 1, tags.length)];
    const proof = tags.length > 0 ? await beside(0, tags.length, first, end) : [];
    return { first, tags: tags.slice(first, end), proof };
  };
  return { head: { size: tags.length, root: await hash(0, tags.length) }, find };
}

await report.check("every tree is the beginning of every later one", async () => {
  const { hash, middle } = treeOf(Array.from({ length: 20 }, (_, n) => [n]));
  const prove = async (old, low, high) => {
    if (high === old) return low === 0 ? [] : [await hash(low, high)];
    const mid = middle(low, high);
    return old <= mid
      ? [...(await prove(old, low, mid)), await hash(mid, high)]
      : [...(await prove(old, mid, high)), await hash(low, mid)];
  };
  for (let size = 1; size <= 20; size += 1) {
    for (let old = 1; old <= size; old += 1) {
      const [oldRoot, root, proof] = [await hash(0, old), await hash(0, size), await prove(old, 0, size)];
      assert.equal(await checkConsistency(old, size, oldRoot, root, proof), true, `${old} in ${size}`);
      assert.equal(await checkConsistency(old, size, root, root, proof), old === size, `another for ${old} in ${size}`);
    }
  }
});

await report.check("every tag is proven to be in an index or not, and nothing else is", async () => {
  const tag = (n) => new Uint8Array(32).fill(n, 31);
  for (let size = 0; size < 10; size += 1) {
    // Even numbers are there; odd ones fall between, before and after.
    const { head, find } = await indexOf(Array.from({ length: size }, (_, n) => tag(2 * n + 2)));
    const isThere = (n) => n % 2 === 0 && n <= 2 * size;
    for (let n = 1; n <= 2 * size + 3; n += 1) {
      const found = await find(tag(n));
      assert.equal(await isInIndex(tag(n), found, head), isThere(n), `${n} of ${size}`);
      const bent = [
        { ...found, first: found.first + 1 },
        { ...found, proof: [...found.proof, head.root] },
        { ...found, tags: [...found.tags, tag(2 * size + 4)] },
      ];
      for (const forged of bent) assert.equal(await isInIndex(tag(n), forged, head), null, `${n} of ${size}, forged`);
      assert.equal(await isInIndex(tag(n), found, { ...head, root: tag(0) }), null);
      for (let other = 1; other <= 2 * size + 3; other += 1) {
        assert.notEqual(await isInIndex(tag(other), found, head), !isThere(other), `${other} by what is found of ${n}`);
      }
    }
  }
});

const cases = read(beside("../../crates/watch/tests/looks/cases.json"));
const { file: honest } = cases[0];

await report.check("what is not a note or a checkpoint is refused", () => {
  const many = (count) => `text\n\n${"— name AAAAAAA=\n".repeat(count)}`;
  for (const text of [many(1), many(100), "text\n\nmore\n\n— name AAAAAAA=\n"]) assert.ok(readNote(text), text);
  for (const text of [
    "", "text\n", "text\n\n", "text\n\n— name\n", "text\n\n— name !!!!\n", "text\n\n— name AAAA\n", "text\n\n— name AAAAAA==\n",
    "text\n\n- name AAAAAAA=\n", "text\n\n— na+me AAAAAAA=\n", "text\n\n—  AAAAAAA=\n", "text\n\n— name AAAAAAA=", "te\txt\n\n— name AAAAAAA=\n",
    many(101),
  ]) assert.equal(readNote(text), null, text);
  const root = "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo=";
  for (const text of [`o\n42\n${root}\n`, `o\n0\n${root}\nmore\n`]) assert.ok(readCheckpoint(text), text);
  for (const text of [
    "", `\n42\n${root}\n`, `o\n042\n${root}\n`, `o\n-1\n${root}\n`, `o\n1e3\n${root}\n`, "o\n42\nqqqq\n", `o\n42\n${root}`, `o\n42\n${root}\n\n`,
  ]) assert.equal(readCheckpoint(text), null, text);
});

await report.check("a policy that says less than it seems is refused", async () => {
  const [log, w1, w2, w3] = honest.policy.split("\n");
  const [, , key] = w1.split(" ");
  const policy = (...lines) => readPolicy([log, w1, w2, w3, ...lines, ""].join("\n"));
  for (const lines of [
    ["group three 2 w1 w2 w3", "quorum three"], ["group a all w1 w2", "group b any a w3", "quorum b"], ["quorum w3"], ["# none", "quorum none"],
  ]) assert.ok(await policy(...lines), lines.join("\n"));
  for (const lines of [
    [], ["quorum w9"], ["quorum w1", "quorum w2"], ["group g 3 w1 w2", "quorum g"], ["group g 0 w1 w2", "quorum g"], ["group g 2 w1 w1", "quorum g"],
    ["group g 1 w1 w2", "group h 1 w2 w3", "quorum g"], ["group g 1 h", "group h 1 w1", "quorum g"], ["group g 1 none", "quorum g"],
    ["group w1 1 w2", "quorum w1"], ["group g 2", "quorum g"], ["quorum w1\r"], ["believe everyone", "quorum none"], ["witness again " + key, "quorum none"],
    [`log ${key}`, "quorum none"], [log, "quorum none"], [`witness w4 ${log.split(" ")[1]}`, "quorum none"], ["witness w4 w4.example+00000000+CQ==", "quorum none"],
  ]) assert.equal(await policy(...lines), null, lines.join("\n"));
});

/** How a check ended, in the words of the cases. */
async function outcome(file, policy) {
  const ended = await check(file, policy).catch((fault) => fault);
  if (ended instanceof Error) {
    if (ended.name !== "Fault") throw ended;
    return ended.message;
  }
  const { looks, closed, completeUntilDay: day, waiting, cosigners, cosignedAt } = ended;
  const complete = day === null ? "first day" : `${closed} of them before day ${day}`;
  const signed = cosignedAt === null ? "nobody" : `${cosigners.join(" ")} at ${cosignedAt}`;
  const whose = ended.policy === "held" ? "held" : "own";
  return `good: ${looks.length} rows, ${complete}, ${waiting} waiting, ${whose} policy, ${signed}`;
}

for (const { name, file, policy, outcome: expected } of cases) {
  await report.check(name, async () => assert.equal(await outcome(file, policy), expected));
}

report.close();
