// Signs a phone in and prints its token, for suites that need a caller.
import { call, codeFor, hashed } from "../lib/http.mjs";

const mobile = process.argv[2] ?? "9811000555";
const { txnId } = (await call("POST", "/api/v2/auth/generateMobileOTP", { body: { mobile } })).json();
const body = { otp: hashed(await codeFor(mobile)), txnId };
const { token } = (await call("POST", "/api/v2/auth/validateMobileOtp", { body })).json();
if (!token) throw new Error("no token");
console.log(token);
