// A suite's report: one line per check, and one closing line that the harness adds up.

/** Counts checks, prints one line for each, and ends the process with the suite's verdict. */
export class Report {
  constructor(suite) {
    this.suite = suite;
    this.passed = 0;
    this.failed = 0;
  }

  /** Runs one check; a thrown error fails it and the suite goes on. Returns its value, or undefined. */
  async check(name, body) {
    try {
      const value = await body();
      this.passed += 1;
      console.log(`ok      ${this.suite}: ${name}`);
      return value;
    } catch (error) {
      this.failed += 1;
      const cause = error?.stack?.split("\n").slice(0, 6).join("\n        ") ?? String(error);
      console.log(`FAILED  ${this.suite}: ${name}\n        ${cause}`);
      return undefined;
    }
  }

  /** Prints the line that the harness adds up, and exits 1 when a check failed or none ran. */
  close() {
    console.log(`${this.suite}: ${this.passed} passed, ${this.failed} failed`);
    process.exit(this.failed === 0 && this.passed > 0 ? 0 : 1);
  }
}

/** The address of the running Teeka, without a slash at the end. */
export function base() {
  const url = process.env.TEEKA_URL;
  if (!url) throw new Error("TEEKA_URL names the running Teeka, for example http://127.0.0.1:8080");
  return url.replace(/\/+$/, "");
}

/** A day in India as [year, month, day]; `offset` counts days from today. TEEKA_NOW moves today. */
export function day(offset = 0) {
  const now = process.env.TEEKA_NOW ? Date.parse(process.env.TEEKA_NOW) : Date.now();
  const india = new Date(now + 5.5 * 3_600_000 + offset * 86_400_000);
  return [india.getUTCFullYear(), india.getUTCMonth() + 1, india.getUTCDate()];
}

/** `DD-MM-YYYY`, the form that the published documents ask for. */
export function longDate(offset = 0) {
  const [year, month, date] = day(offset);
  return `${String(date).padStart(2, "0")}-${String(month).padStart(2, "0")}-${year}`;
}

/** `D-M-YY`, the shortest form that clients in the wild send. */
export function shortDate(offset = 0) {
  const [year, month, date] = day(offset);
  return `${date}-${month}-${year % 100}`;
}
