// While something marked `data-a39-suivre="#suivi"` is on screen, the element that it names hears
// "suivre" every five seconds and asks how things stand: where streams are blocked, nothing else would.

const PERIODE = 5000; // milliseconds

setInterval(() => {
  const suivi = document.querySelector("[data-a39-suivre]")?.dataset.a39Suivre;
  if (suivi) document.querySelector(suivi)?.dispatchEvent(new Event("suivre"));
}, PERIODE);
