// Near me: asks the browser where it is, rounds to about a kilometre, and sends the form.
for (const form of document.querySelectorAll("form[data-near]")) {
  if (!navigator.geolocation) continue;
  form.hidden = false;
  const status = form.querySelector("[role=status]");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    status.textContent = form.dataset.waiting;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.lat.value = coords.latitude.toFixed(2);
        form.elements.long.value = coords.longitude.toFixed(2);
        form.submit();
      },
      () => { status.textContent = form.dataset.refused; },
      { timeout: 15000, maximumAge: 300000 },
    );
  });
}
