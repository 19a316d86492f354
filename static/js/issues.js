// In the close panel two letters choose an outcome, `O` and `N` say whether the fiche was useful.
// `data-a39-suivi="#precision"` names the line that the choice asks for: the focus goes there.

import { actifs } from "./preferences.js";

const SAISIE = "input:not([type=radio]):not([type=checkbox]), textarea";
const DELAI = 1500; // milliseconds between the two letters of a code

let lettres = "";
let derniere = 0;
let defaire = null; // « O » was the first letter of a code, not an answer

function choisir(choix) {
  choix.checked = true;
  choix.dispatchEvent(new Event("change", { bubbles: true }));
  const ligne = choix.dataset.a39Suivi && document.querySelector(choix.dataset.a39Suivi);
  if (ligne) ligne.focus();
}

document.addEventListener("keydown", (evenement) => {
  const groupe = evenement.target.closest?.("[data-a39-lettres]");
  if (!groupe || evenement.target.matches(SAISIE)) return;
  if (evenement.ctrlKey || evenement.altKey || !/^[a-z]$/i.test(evenement.key)) return;
  if (!actifs()) return;
  const lettre = evenement.key.toUpperCase();
  const paire = Date.now() - derniere < DELAI ? lettres + lettre : "";
  lettres = lettre;
  derniere = Date.now();
  const code = paire && groupe.querySelector(`[data-a39-code="${paire}"]`);
  const choix = code || groupe.querySelector(`[data-a39-code="${lettre}"]`);
  if (!choix) return;
  evenement.preventDefault();
  if (code) {
    defaire?.();
    lettres = "";
    choix.focus();
  }
  const avant = groupe.querySelector(`[name="${choix.name}"]:checked`);
  defaire = code || !avant ? null : () => choisir(avant);
  if (!code && !avant) defaire = () => (choix.checked = false);
  choisir(choix);
});
