// Warns two minutes before the session ends, and extends it without leaving the page, so that work is kept.
{
  const dialog = document.getElementById("time-out");
  const form = dialog.querySelector("form");
  const text = dialog.querySelector("[data-text]");
  let end = performance.now() + dialog.dataset.seconds * 1000;

  const tick = () => {
    const seconds = Math.ceil((end - performance.now()) / 1000);
    if (seconds <= 0) {
      text.textContent = dialog.dataset.over;
      form.querySelector(".buttons").hidden = true;
      return;
    }
    if (seconds <= 120) {
      const time = dialog.dataset.time.replace("{m}", Math.floor(seconds / 60)).replace("{s}", seconds % 60);
      // Read out every half minute only, or a screen reader would never stop.
      text.setAttribute("aria-live", seconds % 30 ? "off" : "polite");
      text.textContent = text.dataset.text.replace("{time}", time);
      if (!dialog.open) dialog.showModal();
    }
    setTimeout(tick, 1000);
  };

  form.addEventListener("submit", async (event) => {
    if (event.submitter?.hasAttribute("formaction")) return;
    event.preventDefault();
    try {
      const body = new URLSearchParams(new FormData(form));
      const answer = await fetch(form.action, { method: "POST", body, headers: { accept: "application/json" } });
      const seconds = Number(answer.headers.get("session-seconds"));
      if (!answer.ok || !seconds) throw new Error(answer.status);
      end = performance.now() + seconds * 1000;
      dialog.close();
    } catch {
      form.submit();
    }
  });

  tick();
}
