// A citizen's own check of *Who looked at my data*: that every row of her file is in the log, and that none is missing.
// It does what `teeka check` does; what it rests on and what it cannot see is written in `crates/watch/src/check.rs`.
// Nothing here but the browser's own SHA-256, HMAC and Ed25519.
import { bigEndian, concat, equal, fromBase64, hex, sha256, utf8 } from "./bytes.mjs";
import { checkInclusion, isInIndex, leafHash } from "./merkle.mjs";
import { cosignatures, hasQuorum, isOfLog, readCheckpoint, readNote, readPolicy } from "./note.mjs";

const [BUCKET_SECONDS, BUCKETS_A_DAY] = [600, 144];
// Around midnight so many are given.
const GRACE_BUCKETS = 1;
const MOST_U32 = 2 ** 32 - 1;
const [REVEAL, CONSENT, INDEX_ROOT] = [1, 9, 18];
// The rights by which she herself acts, and a client; and the purpose of both.
const [BY_HER, BY_CONSENT, FOR_CONSENT] = [1, 3, 21];
// A look may be written down so long after it was weighed.
const LATE_MS = 60_000;
// How many kinds, grants, purposes, fields and channels there are.
const [KINDS, GRANTS, PURPOSES, FIELDS, CHANNELS] = [21, 5, 27, 11, 4];

/** A file is not good: `code` says why, `place` where, as `row 3` or `index 2`, counted from 1, the oldest first. */
export class Fault extends Error {
  constructor(code, place) {
    super(place ? `${place}: ${code}` : code);
    Object.assign(this, { name: "Fault", code, place });
  }
}

/** Goes on only if `good`. */
const must = (good, code, place) => {
  if (!good) throw new Fault(code, place);
};

/** Checks a file under the text of a policy that the reader holds; without one, under the file's own. Throws a `Fault`. */
export async function check(file, heldPolicy) {
  const looks = readFile(file);
  const isHeld = typeof heldPolicy === "string";
  const policy = await readPolicy(isHeld ? heldPolicy : looks.policy);
  must(policy, "policy");
  const note = readNote(looks.checkpoint);
  const checkpoint = note && readCheckpoint(note.text);
  must(checkpoint, "checkpoint");
  must(await isOfLog(note, checkpoint.origin, policy), "log");
  const cosigned = await cosignatures(note, policy);
  must(hasQuorum(policy, cosigned), "quorum");
  const cosignedAt = cosigned.length > 0 ? Math.max(...cosigned.map(({ at }) => at)) : null;

  const tags = await tagsUnder(looks.tagKey);
  const thread = await checkThread(looks.entries, tags, checkpoint);
  checkConsents(thread);
  const last = await checkIndexes(looks.indexes, thread, tags, checkpoint);
  if (cosignedAt !== null) {
    const at = Math.floor(cosignedAt / BUCKET_SECONDS);
    const untilDay = last ? last.endDay : Math.floor(thread[0].bucket / BUCKETS_A_DAY);
    // The index of a day is made on the next; a day of grace is for the night on which it is late.
    must(Math.floor(at / BUCKETS_A_DAY) <= untilDay + 1, "overdue");
    must(at + GRACE_BUCKETS >= untilDay * BUCKETS_A_DAY, "early", `index ${looks.indexes.length}`);
  }
  return {
    /** What the rows say, the oldest first: each is in the log. */
    looks: thread.map(({ entry }) => entry),
    /** How many of them lie in the days that are proven complete. */
    closed: last ? before(thread, last.to) : 0,
    /** The day, counted from the epoch in UTC, before which no row is missing. */
    completeUntilDay: last ? last.endDay : null,
    waiting: looks.waiting,
    origin: checkpoint.origin,
    size: checkpoint.size,
    cosigners: cosigned.map(({ key }) => key.name),
    cosignedAt,
    policy: isHeld ? "held" : "file",
    keyId: hex((await sha256(looks.tagKey)).slice(0, 16)),
  };
}

/** Her rows: each in the log, under her tags in their order. */
async function checkThread(rows, tags, checkpoint) {
  const thread = [];
  for (const [count, row] of rows.entries()) {
    const place = `row ${count + 1}`;
    const proven = await openRow(row, checkpoint, place);
    must(equal(proven.tag, await tags(count)), "tag", place);
    must(count === 0 || thread[count - 1].position < proven.position, "order", place);
    thread.push(proven);
  }
  must(thread.length > 0, "empty");
  return thread;
}

/** Each look of a client rests on a consent of hers that stands above it, keeps its terms, and is not one too many. */
function checkConsents(thread) {
  const given = new Map();
  for (const [number, { entry }] of thread.entries()) {
    const { kind, grant, purpose } = entry;
    const id = hex(entry.evidence);
    if (kind === CONSENT && grant === BY_HER && purpose === FOR_CONSENT && !given.has(id)) {
      const terms = readTerms(entry.statement);
      if (terms) given.set(id, terms);
    }
    if (kind === REVEAL && grant === BY_CONSENT) {
      const terms = given.get(id);
      const allows =
        terms && terms.reads > 0 && entry.actor === `client ${terms.client}` &&
        (entry.fields & ~terms.fields) === 0 && entry.atMs - LATE_MS <= terms.untilMs;
      must(allows, "consent", `row ${number + 1}`);
      terms.reads -= 1;
    }
  }
}

/** What she consented to: the client, the fields, how many looks, until when. */
function readTerms(bytes) {
  const items = readCbor(bytes);
  if (!Array.isArray(items) || items.length !== 4) return null;
  const [client, fields, reads, untilMs] = items;
  const isGood = typeof client === "string" && isUint(fields) && isUint(reads, 255) && Number.isSafeInteger(untilMs);
  return isGood ? { client, fields, reads, untilMs } : null;
}

/** How many of her rows stand before a position. */
const before = (thread, position) => thread.filter((row) => row.position < position).length;

/** The last of the indexes, if all of them together show that no row is missing before its `to`; `null` without any. */
async function checkIndexes(indexes, thread, tags, checkpoint) {
  let last = null;
  for (const [number, { row, found }] of indexes.entries()) {
    const place = `index ${number + 1}`;
    const { entry, position, bucket: made } = await openRow(row, checkpoint, place);
    const said = entry.kind === INDEX_ROOT ? readStatement(entry.statement) : null;
    must(said, "statement", place);
    must(position >= said.to && made + GRACE_BUCKETS >= said.endDay * BUCKETS_A_DAY, "early", place);
    must(said.to - said.from === said.size, "size", place);
    if (last) must(last.to === said.from && last.endDay === said.firstDay, "gap", place);
    else must(said.from <= thread[0].position, "start", place);
    const [begin, end] = [before(thread, said.from), before(thread, said.to)];
    for (let count = begin; count < end; count += 1) {
      const { bucket } = thread[count];
      const isSince = bucket + GRACE_BUCKETS >= said.firstDay * BUCKETS_A_DAY;
      must(isSince && bucket <= made + GRACE_BUCKETS, "days", `row ${count + 1}`);
    }
    // The first tag of hers that comes after this index: the next row has it, today's if this is the last index.
    const isThere = await isInIndex(await tags(end), found, said);
    must(isThere !== true, "missing", place);
    must(isThere === false, "unproven", place);
    last = said;
  }
  return last;
}

/** A row that opens its leaf, and is in the log. */
async function openRow({ position, leaf, salt, entry: cbor, inclusion }, checkpoint, place) {
  const view = new DataView(leaf.buffer, leaf.byteOffset, leaf.length);
  must(leaf[0] === 1 && leaf.slice(106).every((byte) => byte === 0), "leaf", place);
  const [kind, bucket, keysAsked] = [leaf[1], view.getUint32(4), view.getUint16(104)];
  const [tag, commitment] = [leaf.slice(8, 40), leaf.slice(40, 72)];
  must(equal(await sha256(utf8("teeka/entry/v1"), salt, cbor), commitment), "commitment", place);
  const entry = readEntry(cbor);
  must(entry, "entry", place);
  const agrees = kind === entry.kind && bucket === bucketOf(entry.atMs) && keysAsked === entry.versions.length;
  must(agrees, "contradiction", place);
  const { size, root } = checkpoint;
  must(await checkInclusion(position, size, await leafHash(leaf), inclusion, root), "inclusion", place);
  return { position, tag, bucket, entry };
}

const bucketOf = (atMs) => {
  const bucket = Math.trunc(atMs / (1000 * BUCKET_SECONDS));
  return isUint(bucket, MOST_U32) ? bucket : 0;
};

/** Her tags by their number: HMAC-SHA256 under her tag key, each part preceded by its length. */
async function tagsUnder(tagKey) {
  const key = await crypto.subtle.importKey("raw", tagKey, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const framed = (part) => concat(bigEndian(part.length, 4), part);
  return async (count) => {
    const message = concat(framed(utf8("teeka/subject-tag/v1")), framed(bigEndian(count, 8)));
    return new Uint8Array(await crypto.subtle.sign("HMAC", key, message));
  };
}

const isUint = (value, most = Number.MAX_SAFE_INTEGER) => Number.isSafeInteger(value) && value >= 0 && value <= most;
const isBytes = (value, length) => value instanceof Uint8Array && (length === undefined || value.length === length);

/** An entry, from its CBOR: fourteen items; `null` if it is not one, or of a later build with numbers unknown to this one. */
function readEntry(bytes) {
  const items = readCbor(bytes);
  if (!Array.isArray(items) || items.length !== 14) return null;
  const [atMs, request, kind, grant, evidence, actor, organisation, role, purpose, fields, versions, channel, build, statement] = items;
  const isOne = (value, count) => isUint(value, count) && value > 0;
  const isGood =
    Number.isSafeInteger(atMs) && isBytes(request, 16) && isBytes(evidence, 16) && isBytes(statement) &&
    [actor, organisation, role, build].every((text) => typeof text === "string") &&
    isOne(kind, KINDS) && isUint(grant, GRANTS) && isOne(purpose, PURPOSES) && isOne(channel, CHANNELS) &&
    isUint(fields, 2 ** FIELDS - 1) && Array.isArray(versions) && versions.every((version) => isUint(version, MOST_U32)) &&
    fields.toString(2).replaceAll("0", "").length === versions.length;
  return isGood ? { atMs, kind, grant, evidence, actor, organisation, role, purpose, fields, versions, channel, build, statement } : null;
}

/** What an INDEX_ROOT entry says: the days and leaves of its index, how many tags it has, and its root. */
function readStatement(bytes) {
  const items = readCbor(bytes);
  if (!Array.isArray(items) || items.length !== 6) return null;
  const [firstDay, log2Days, from, to, size, root] = items;
  if (!isUint(firstDay, MOST_U32) || !isUint(log2Days, 31) || ![from, to, size].every((n) => isUint(n)) || !isBytes(root, 32)) return null;
  const endDay = firstDay + 2 ** log2Days;
  return firstDay % 2 ** log2Days === 0 && endDay <= MOST_U32 ? { firstDay, endDay, from, to, size, root } : null;
}

/** One CBOR item of the kinds that entries have, each in its one shortest form: whole numbers, bytes, texts, arrays. */
function readCbor(bytes) {
  let at = 0;
  const refuse = () => {
    throw new RangeError("not of our CBOR");
  };
  const take = (length) => (at + length <= bytes.length ? bytes.slice(at, (at += length)) : refuse());
  const number = (short) => {
    if (short < 24) return short;
    const width = short < 28 ? 2 ** (short - 24) : refuse();
    const value = take(width).reduce((sum, byte) => sum * 256 + byte, 0);
    return isUint(value) && value >= (width === 1 ? 24 : 2 ** (4 * width)) ? value : refuse();
  };
  const item = () => {
    const [head] = take(1);
    const value = number(head % 32);
    const list = [];
    switch (head >> 5) {
      case 0: return value;
      case 1: return -1 - value;
      case 2: return take(value);
      case 3: return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(take(value));
      case 4:
        while (list.length < value) list.push(item());
        return list;
      default: return refuse();
    }
  };
  try {
    const read = item();
    return at === bytes.length ? read : null;
  } catch {
    return null;
  }
}

/** The file in its written form, with bytes for base64. */
function readFile(file) {
  must(file?.format === "teeka-looks/v1", "format");
  const text = (value) => {
    must(typeof value === "string", "format");
    return value;
  };
  const whole = (value) => {
    must(isUint(value), "format");
    return value;
  };
  const list = (values, each) => {
    must(Array.isArray(values), "format");
    return values.map(each);
  };
  const bytes = (value, length) => {
    const read = fromBase64(text(value));
    must(read && (length === undefined || read.length === length), "format");
    return read;
  };
  const hashes = (values) => list(values, (value) => bytes(value, 32));
  const row = (value) => ({
    position: whole(value?.position),
    leaf: bytes(value.leaf, 112),
    salt: bytes(value.salt, 32),
    entry: bytes(value.entry),
    inclusion: hashes(value.inclusion),
  });
  const found = (value) => ({ first: whole(value?.first), tags: hashes(value.tags), proof: hashes(value.proof) });
  return {
    policy: text(file.policy),
    checkpoint: text(file.checkpoint),
    tagKey: bytes(file.tag_key, 32),
    entries: list(file.entries, row),
    waiting: whole(file.waiting),
    indexes: list(file.indexes, (value) => ({ row: row(value), found: found(value.found) })),
  };
}
