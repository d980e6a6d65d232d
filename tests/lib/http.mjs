// A plain HTTP client that adds no header by itself: the old clients' missing Content-Type must stay missing.
import { createHash } from "node:crypto";
import http from "node:http";
import { base } from "./report.mjs";

/** One request; answers {status, headers, text, bytes, json()}. `body` is sent as it stands, objects as JSON. */
export function call(method, path, { body, headers = {}, token } = {}) {
  const url = new URL(base() + path);
  const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  const sent = { ...headers };
  if (token) sent.authorization = `Bearer ${token}`;
  if (text !== undefined && !("content-length" in sent)) sent["content-length"] = Buffer.byteLength(text);
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, headers: sent, agent: false, timeout: 30_000 }, (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("end", () => resolve(answer(response, Buffer.concat(parts))));
      response.on("error", reject);
    });
    request.on("timeout", () => request.destroy(new Error(`${method} ${path}: no answer in 30 s`)));
    request.on("error", reject);
    request.end(text);
  });
}

function answer(response, bytes) {
  const text = bytes.toString("utf8");
  return { status: response.statusCode, headers: response.headers, bytes, text, json: () => JSON.parse(text) };
}

/** The form in which clients send the code: SHA-256 of its digits, in hexadecimal. */
export const hashed = (code) => createHash("sha256").update(code).digest("hex");

/** The code in the newest message to a number, read from the demo's inbox. */
export async function codeFor(mobile) {
  const letters = (await call("GET", `/demo/inbox/${mobile}`)).json();
  // Other messages may come between: of a booking, of a new browser, of a first look.
  const code = letters.map(({ text }) => text.match(/\b\d{6}(?:\d{2})?\b/)?.[0]).find(Boolean);
  if (!code) throw new Error(`no code in the inbox of ${mobile}: ${JSON.stringify(letters[0])}`);
  return code;
}
