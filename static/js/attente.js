// Keys typed while an answer is on its way are kept and played, in order, once it has arrived: an
// agent who knows the way by heart never has to wait for the screen.
// Only actions count; search as typed and the note that saves itself do not hold the keyboard.

const SAISIE = "input:not([type=radio]):not([type=checkbox]), textarea";
const RETENUES = /^(.|F\d|Enter|Escape|ArrowUp|ArrowDown)$/;
const PATIENCE = 10_000; // milliseconds, then the keyboard is given back whatever happens

const file = [];
let enCours = 0;
let secours = 0;

const compte = (evenement) => !evenement.detail.elt.matches(SAISIE);

function liberer() {
  enCours = 0;
  rejouer();
}

document.addEventListener("htmx:beforeSend", (evenement) => {
  if (!compte(evenement)) return;
  enCours += 1;
  clearTimeout(secours);
  secours = setTimeout(liberer, PATIENCE);
});

document.addEventListener("htmx:afterRequest", (evenement) => {
  if (!compte(evenement) || enCours === 0) return;
  enCours -= 1;
  if (!evenement.detail.successful) file.length = 0;
  // After the handlers of this answer, the focus included.
  if (enCours === 0) setTimeout(rejouer);
});

document.addEventListener(
  "keydown",
  (evenement) => {
    if (!evenement.isTrusted || evenement.altKey || evenement.metaKey) return;
    if (enCours === 0 && !file.length) return; // a key never overtakes those that wait
    if (!RETENUES.test(evenement.key)) return;
    evenement.preventDefault();
    evenement.stopImmediatePropagation();
    file.push({ key: evenement.key, ctrlKey: evenement.ctrlKey });
  },
  { capture: true },
);

function rejouer() {
  clearTimeout(secours);
  while (file.length && enCours === 0) jouer(file.shift());
}

function jouer({ key, ctrlKey }) {
  const foyer = document.activeElement ?? document.body;
  const touche = new KeyboardEvent("keydown", { key, ctrlKey, bubbles: true, cancelable: true });
  if (!foyer.dispatchEvent(touche) || ctrlKey) return;
  if (key.length === 1 && foyer.matches(SAISIE)) {
    foyer.setRangeText(key, foyer.selectionStart, foyer.selectionEnd, "end");
    foyer.dispatchEvent(new InputEvent("input", { bubbles: true, data: key }));
  } else if (key === "Enter" && foyer.matches("button, a, summary")) {
    foyer.click();
  }
}
