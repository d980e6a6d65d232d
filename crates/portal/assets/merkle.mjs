// The Merkle tree of RFC 6962 and RFC 9162: whether a leaf is in it, whether one tree is the beginning of another, and
// whether a sorted tree has a tag. Hashes are `Uint8Array`s of 32 bytes, numbers are whole and below 2^53.
import { equal, isBefore, sha256 } from "./bytes.mjs";

export const leafHash = (leaf) => sha256([0], leaf);
export const nodeHash = (left, right) => sha256([1], left, right);

/** One step up from `node` in a tree whose last node of the same row is `last`. */
const up = (node, last) => [Math.floor(node / 2), Math.floor(last / 2)];

/** Whether `proof`, lowest hash first, shows that `leaf` is the hash of leaf `index` in the tree of `size` leaves under `root`. */
export async function checkInclusion(index, size, leaf, proof, root) {
  if (index >= size) return false;
  let [node, last, hash] = [index, size - 1, leaf];
  for (const sibling of proof) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      hash = await nodeHash(sibling, hash);
      // A node that stands alone at the right edge moves up as it is.
      while (node % 2 === 0) [node, last] = up(node, last);
    } else {
      hash = await nodeHash(hash, sibling);
    }
    [node, last] = up(node, last);
  }
  return last === 0 && equal(hash, root);
}

/** Whether `proof` shows that the tree of `old` leaves is the beginning of that of `size` leaves. */
export async function checkConsistency(old, size, oldRoot, root, proof) {
  if (old === 0 || old > size) return false;
  if (old === size) return proof.length === 0 && equal(oldRoot, root);
  let [node, last] = [old - 1, size - 1];
  while (node % 2 === 1) [node, last] = up(node, last);
  // An old tree that is one complete subtree is where the proof begins; otherwise the proof says where.
  const [first, ...rest] = node === 0 ? [oldRoot, ...proof] : proof;
  if (!first) return false;
  let [before, after] = [first, first];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      [before, after] = [await nodeHash(sibling, before), await nodeHash(sibling, after)];
      while (node % 2 === 0) [node, last] = up(node, last);
    } else {
      after = await nodeHash(after, sibling);
    }
    [node, last] = up(node, last);
  }
  return last === 0 && equal(before, oldRoot) && equal(after, root);
}

/**
 * Whether the index of `size` sorted tags under `root` has `tag`: true or false where `found` proves it, `null` where it
 * proves nothing. `found` holds the tag itself or its neighbours, the number of the first of them, and the hashes of the
 * subtrees beside them from left to right.
 */
export async function isInIndex(tag, { first, tags, proof }, { size, root }) {
  const end = first + tags.length;
  if (size === 0) {
    const isEmpty = first === 0 && tags.length === 0 && proof.length === 0;
    return isEmpty && equal(root, await sha256()) ? false : null;
  }
  const [leaves, beside] = [[...tags], [...proof]];
  const fold = async (low, high) => {
    if (high <= first || end <= low) return beside.shift();
    if (high - low === 1) return leafHash(leaves.shift());
    const middle = low + leftOf(high - low);
    const left = await fold(low, middle);
    const right = await fold(middle, high);
    return left && right && nodeHash(left, right);
  };
  const folded = end <= size ? await fold(0, size) : undefined;
  if (!folded || !equal(folded, root) || leaves.length > 0 || beside.length > 0) return null;

  const [one, other] = tags;
  if (tags.length === 1 && equal(one, tag)) return true;
  const isAbsent =
    (tags.length === 1 && first === 0 && isBefore(tag, one)) ||
    (tags.length === 1 && end === size && isBefore(one, tag)) ||
    (tags.length === 2 && isBefore(one, tag) && isBefore(tag, other));
  return isAbsent ? false : null;
}

/** Leaves to the left of the root of a tree of `size` leaves: the greatest power of two below `size`. */
function leftOf(size) {
  let left = 1;
  while (left * 2 < size) left *= 2;
  return left;
}
