// Two letters choose an outcome code while the codes have the focus; `O` and `N` the usefulness.

import { actifs } from "./preferences.js";

let lettres = "";
let derniere = 0;

document.addEventListener("keydown", (evenement) => {
  const groupe = evenement.target.closest?.("[data-a39-lettres]");
  if (!groupe || evenement.ctrlKey || evenement.altKey || !/^[a-z]$/i.test(evenement.key)) return;
  if (!actifs()) return;
  lettres = Date.now() - derniere < 1500 ? (lettres + evenement.key).slice(-2) : evenement.key;
  derniere = Date.now();
  const choix = groupe.querySelector(`[data-a39-code="${lettres.toUpperCase()}"]`);
  if (choix) {
    evenement.preventDefault();
    choix.checked = true;
    choix.focus();
    lettres = "";
  }
});
