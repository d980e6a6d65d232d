// Bytes: joined, compared, read from base64, hashed.

export const concat = (...parts) => {
  const out = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
};

export const equal = (a, b) => a.length === b.length && a.every((byte, at) => byte === b[at]);

/** Whether `a` comes before `b`, byte by byte; both are of one length. */
export const isBefore = (a, b) => {
  const at = a.findIndex((byte, at) => byte !== b[at]);
  return at >= 0 && a[at] < b[at];
};

export const utf8 = (text) => new TextEncoder().encode(text);

export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** A whole number as `length` bytes, the greatest first. */
export const bigEndian = (number, length) => {
  const bytes = new Uint8Array(length);
  for (let at = length - 1; at >= 0; at -= 1, number = Math.floor(number / 256)) bytes[at] = number % 256;
  return bytes;
};

/** The bytes of a standard base64 text; `null` unless it is the one spelling of them. */
export function fromBase64(text) {
  try {
    const letters = atob(text);
    return btoa(letters) === text ? Uint8Array.from(letters, (letter) => letter.charCodeAt(0)) : null;
  } catch {
    return null;
  }
}

export const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", concat(...parts)));
