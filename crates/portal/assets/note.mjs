// Who vouches for a text, and whom one believes: the signed notes, checkpoints, cosignatures and policies of C2SP
// (signed-note, tlog-checkpoint, tlog-cosignature, tlog-policy). What has not its form is answered with `null`.
import { concat, equal, fromBase64, hex, sha256, utf8 } from "./bytes.mjs";

const [LOG, WITNESS] = [1, 4];

const isName = (name) => name.length > 0 && !/[\p{White_Space}+]/u.test(name);

/** Splits a text in two at the first `separator`; the second part is undefined where there is none. */
const split = (text, separator) => {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
};

/** A signed note: its text, and its signatures as `{ name, id, bytes }`. */
export function readNote(note) {
  const middle = note.lastIndexOf("\n\n");
  if (middle < 0 || !note.endsWith("\n") || /[\0-\x09\x0b-\x1f\x7f]/.test(note)) return null;
  const signatures = note.slice(middle + 2, -1).split("\n").map((line) => {
    const [name, text = ""] = split(line.replace(/^— /, ""), " ");
    const bytes = fromBase64(text);
    const isGood = line.startsWith("— ") && isName(name) && bytes?.length > 4;
    return isGood && { name, id: bytes.slice(0, 4), bytes: bytes.slice(4) };
  });
  return signatures.every(Boolean) && signatures.length <= 100 ? { text: note.slice(0, middle + 1), signatures } : null;
}

/** A checkpoint: which log, how many leaves, under which root. */
export function readCheckpoint(text) {
  const [origin, digits, encoded, ...rest] = text.split("\n");
  const [size, root] = [Number(digits), fromBase64(encoded ?? "")];
  const isPlain = origin && Number.isSafeInteger(size) && String(size) === digits && size >= 0 && root?.length === 32;
  // Further lines say nothing to us; after the last line there is nothing.
  return isPlain && rest.pop() === "" && rest.every(Boolean) ? { origin, size, root } : null;
}

/** A key in its published form `name+id+key`. */
async function readKey(text) {
  const [name, rest = ""] = split(text, "+");
  const [id, encoded = ""] = split(rest, "+");
  const published = fromBase64(encoded);
  if (!isName(name) || published?.length !== 33 || ![LOG, WITNESS].includes(published[0])) return null;
  const ownId = (await sha256(utf8(`${name}\n`), published)).slice(0, 4);
  return hex(ownId) === id ? { name, id: ownId, algorithm: published[0], key: published.slice(1) } : null;
}

/**
 * Whether a key vouches for a note: `{ at }`, seconds since the epoch where a witness says when; `null` if it does not.
 * A line that bears the key's name and id and does not check spoils the note.
 */
async function vouched(note, { name, id, algorithm, key }) {
  const own = note.signatures.filter((signature) => signature.name === name && equal(signature.id, id));
  const ed25519 = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
  const times = await Promise.all(own.map(async ({ bytes }) => {
    if (bytes.length !== (algorithm === WITNESS ? 72 : 64)) return null;
    const at = algorithm === WITNESS ? new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0) : 0n;
    const text = algorithm === WITNESS ? `cosignature/v1\ntime ${at}\n${note.text}` : note.text;
    return (await crypto.subtle.verify("Ed25519", ed25519, bytes.slice(-64), utf8(text))) ? { at: Number(at) } : null;
  }));
  return times.every(Boolean) ? times[0] ?? null : null;
}

/** A policy: logs, witnesses and groups by name, and the name of the witness or group that must have signed. */
export async function readPolicy(text) {
  const policy = { logs: [], witnesses: new Map(), groups: new Map(), quorum: undefined };
  const grouped = new Set();
  const isTaken = (name) => name === "none" || policy.witnesses.has(name) || policy.groups.has(name);
  const isKnown = (key, others) => [...others].some((other) => equal(other.key, key.key));
  const read = async ([what, name, ...rest]) => {
    if (what === "log" && name && rest.length <= 1) {
      const key = await readKey(name);
      return key?.algorithm === LOG && !isKnown(key, policy.logs) && policy.logs.push(key);
    }
    if (what === "witness" && (rest.length === 1 || rest.length === 2)) {
      const key = await readKey(rest[0]);
      const isNew = key?.algorithm === WITNESS && !isKnown(key, policy.witnesses.values()) && !isTaken(name);
      return isNew && policy.witnesses.set(name, key);
    }
    if (what === "group" && rest.length >= 2) {
      const [number, ...members] = rest;
      const least = { any: 1, all: members.length }[number] ?? (/^\+?\d+$/.test(number) ? Number(number) : 0);
      const isPossible = least >= 1 && least <= members.length && !isTaken(name);
      const areFree = members.every((member) => member !== "none" && isTaken(member) && !grouped.has(member) && grouped.add(member));
      return isPossible && areFree && policy.groups.set(name, { least, members });
    }
    if (what === "quorum" && name && rest.length === 0 && policy.quorum === undefined && isTaken(name)) {
      policy.quorum = name;
      return true;
    }
    return false;
  };
  for (const line of text.split("\n")) {
    if (/[\0-\x08\x0a-\x1f\x7f]/.test(line)) return null;
    const words = line.split(/[ \t]/).filter(Boolean);
    if (words.length > 0 && !words[0].startsWith("#") && !(await read(words))) return null;
  }
  return policy.quorum === undefined ? null : policy;
}

/** Whether one of the policy's logs signed the note under its own name. */
export async function isOfLog(note, origin, { logs }) {
  const own = logs.filter((log) => log.name === origin);
  const signed = await Promise.all(own.map((log) => vouched(note, log)));
  return signed.some(Boolean);
}

/** The policy's witnesses that signed the note, as `{ name, at }` under their names in the policy, in the order of these. */
export async function cosignatures(note, { witnesses }) {
  const named = [...witnesses].sort(([a], [b]) => (a < b ? -1 : 1));
  const all = await Promise.all(named.map(async ([name, key]) => ({ name, key, ...(await vouched(note, key)) })));
  return all.filter(({ at }) => at !== undefined);
}

/** Whether enough witnesses signed. Groups name only what stands above them, so that this ends. */
export function hasQuorum({ groups, quorum }, cosigned) {
  const hasSigned = (name) => {
    const group = groups.get(name);
    if (!group) return cosigned.some((one) => one.name === name);
    return group.members.filter(hasSigned).length >= group.least;
  };
  return quorum === "none" || hasSigned(quorum);
}
