// The button *Check this list*: fetches the file, checks it here, and says what was found. Without a script it is a link
// that downloads the same file. In the same `div` stands a `role=status`; the words are data of the link:
//   data-checking, data-failed, data-unable
//   data-good {rows} {log} {size}, data-complete {until}, data-first, data-later {rows}, data-waiting {rows},
//   data-signed {names} {at}, data-unsigned, data-own, data-key {key}
//   data-bad {place} {code}, data-row {number}, data-index {number}, and data-wrong-<code> in place of data-bad {place}
for (const link of document.querySelectorAll("a[data-check]")) {
  const words = link.dataset;
  const status = link.closest("div").querySelector("[role=status]");
  const clock = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short", timeZone: "Asia/Kolkata" });
  const moment = (seconds) => clock.format(seconds * 1000);
  const fill = (text, values) => text?.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  const say = (...lines) => {
    const paragraph = (line) => Object.assign(document.createElement("p"), { textContent: line });
    status.replaceChildren(...lines.filter(Boolean).map(paragraph));
  };

  const good = ({ looks, closed, completeUntilDay: day, waiting, origin, size, cosigners, cosignedAt, policy, keyId }) => say(
    fill(words.good, { rows: looks.length, log: origin, size }),
    day === null ? words.first : fill(words.complete, { until: moment(day * 86_400) }),
    day !== null && looks.length > closed && fill(words.later, { rows: looks.length - closed }),
    waiting > 0 && fill(words.waiting, { rows: waiting }),
    cosigners.length > 0 ? fill(words.signed, { names: cosigners.join(", "), at: moment(cosignedAt) }) : words.unsigned,
    policy === "file" && words.own,
    fill(words.key, { key: keyId.replace(/.{4}(?!$)/g, "$& ") }),
  );
  const bad = ({ code, place = "" }) => {
    const [kind, number] = place.split(" ");
    const where = fill(words[kind], { number }) ?? "";
    say(fill(link.getAttribute(`data-wrong-${code}`) ?? words.bad, { place: where, code }));
  };

  link.addEventListener("click", async (event) => {
    event.preventDefault();
    say(words.checking);
    try {
      const answer = await fetch(words.check, { headers: { accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.status);
      const file = await answer.json();
      if (!crypto.subtle) return say(words.unable);
      const { check } = await import("./check.mjs");
      good(await check(file));
    } catch (error) {
      if (error.name === "Fault") bad(error);
      else say(error.name === "NotSupportedError" ? words.unable : words.failed);
    }
  });
}
