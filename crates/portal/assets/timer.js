// Counts down beside the time that the server wrote. It trusts the seconds left, not the clock of the device.
for (const timer of document.querySelectorAll(".timer:not([data-on])")) {
  timer.dataset.on = "";
  const left = timer.querySelector(".left");
  const end = performance.now() + timer.dataset.seconds * 1000;
  const tick = () => {
    const seconds = Math.ceil((end - performance.now()) / 1000);
    if (seconds <= 0) {
      timer.classList.add("over");
      left.textContent = timer.dataset.over;
      return;
    }
    left.textContent = timer.dataset.left.replace("{m}", Math.floor(seconds / 60)).replace("{s}", seconds % 60);
    setTimeout(tick, 1000);
  };
  tick();
}
