// The camera beside a field: reads a QR code and writes it into the field. Without it people type.
for (const box of document.querySelectorAll("[data-scan]:not([data-on])")) {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices) continue;
  box.dataset.on = "";
  box.hidden = false;
  const [button, video, status] = box.children;
  const { looking, found, refused, start, stop } = box.dataset;
  let stream = null;

  const end = (text) => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    video.hidden = true;
    button.textContent = start;
    status.textContent = text;
  };

  const look = async (detector) => {
    if (!stream) return;
    const [code] = await detector.detect(video).catch(() => []);
    if (!code) return setTimeout(look, 150, detector);
    const field = document.getElementById(box.dataset.scan);
    field.value = code.rawValue;
    end(found);
    field.focus();
  };

  button.addEventListener("click", async () => {
    if (stream) return end("");
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      video.srcObject = stream;
      video.hidden = false;
      await video.play();
      button.textContent = stop;
      status.textContent = looking;
      look(new BarcodeDetector({ formats: ["qr_code"] }));
    } catch {
      end(refused);
    }
  });
}
