// Keys typed while an answer is on its way are kept and played, in order, once it has arrived: an
// agent who knows the way by heart never has to wait for the screen.
// Only what the agent asked for counts: neither search as typed, nor the note that saves itself,
// nor what a push or a clock asks for.

import { coupee } from "./coupure.js";

const SAISIE = "input:not([type=radio]):not([type=checkbox]), textarea";
const RETENUES = /^(.|F2|F4|F8|F9|Enter|Escape|Backspace|ArrowUp|ArrowDown)$/;
const PATIENCE = 10_000; // milliseconds, then the keyboard is given back whatever happens

const file = [];
const enCours = new Set();

// « Entrée » pressed before the proposals of the words had come: the box will open one (liste.js).
const promis = () => document.querySelector("[data-a39-ouvrir]") !== null;
const attend = () => enCours.size > 0 || promis();

function compte({ elt, requestConfig }) {
  if (elt.matches(SAISIE)) return false;
  return requestConfig.verb !== "get" || requestConfig.triggeringEvent?.type === "click";
}

// The request itself tells its end: its element may have left the page meanwhile.
document.addEventListener("htmx:beforeSend", (evenement) => {
  if (!compte(evenement.detail)) return;
  const { xhr } = evenement.detail;
  enCours.add(xhr);
  const fin = () => {
    if (!enCours.delete(xhr)) return;
    // What follows a refusal makes no sense; a cut connection refuses nothing (secours.js).
    if ((xhr.status === 0 || xhr.status >= 400) && !coupee()) file.length = 0;
    setTimeout(rejouer); // after the handlers of this answer
  };
  xhr.addEventListener("loadend", fin);
  setTimeout(fin, PATIENCE);
});

document.addEventListener(
  "keydown",
  (evenement) => {
    if (!evenement.isTrusted || evenement.altKey || evenement.metaKey) return;
    if (!attend() && !file.length) return; // a key never overtakes those that wait
    if (!RETENUES.test(evenement.key) || (evenement.ctrlKey && evenement.key !== "Enter")) return;
    evenement.preventDefault();
    evenement.stopImmediatePropagation();
    file.push({ key: evenement.key, ctrlKey: evenement.ctrlKey });
  },
  { capture: true },
);

function rejouer() {
  while (file.length && !attend()) jouer(file.shift());
}

document.addEventListener("htmx:afterSettle", () => setTimeout(rejouer));

function jouer({ key, ctrlKey }) {
  const foyer = document.activeElement ?? document.body;
  const touche = new KeyboardEvent("keydown", { key, ctrlKey, bubbles: true, cancelable: true });
  if (!foyer.dispatchEvent(touche) || ctrlKey) return;
  const champ = document.activeElement ?? foyer; // the first digit of a postcode brings it there
  if (champ.matches(SAISIE) && (key.length === 1 || key === "Backspace")) {
    const { selectionStart: debut, selectionEnd: fin } = champ;
    const avant = key === "Backspace" && debut === fin ? Math.max(0, debut - 1) : debut;
    champ.setRangeText(key === "Backspace" ? "" : key, avant, fin, "end");
    champ.dispatchEvent(new InputEvent("input", { bubbles: true }));
  } else if (key === "Enter" && foyer.matches("button, a, summary")) {
    foyer.click();
  } else if (key === "Enter" && foyer.matches("[type=radio]")) {
    foyer.form?.requestSubmit();
  }
}
