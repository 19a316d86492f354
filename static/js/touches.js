// All keys of the desktop, in one table; the sheet on `?` is drawn from it.
// `data-a39-touche="F2"` marks the element a key acts on: a field takes the focus, anything else
// is clicked. F1, F3, F5, F6, F7, F10, F11, F12 belong to the browser, Alt+letter to the system.

import { reprendre } from "./liste.js";
import { actifs } from "./preferences.js";

export const TOUCHES = [
  { touche: "F2", nom: "F2", effet: "Décrocher, rechercher ; après une réponse : question suivante" },
  { touche: "1–9", nom: "1 à 9", effet: "Choisir dans la liste ou la question qui a le focus ; 9 : l'usager ne sait pas" },
  { touche: "F4", nom: "F4", effet: "Commune et organisme compétent ; sans question à poser, le code postal se tape aussitôt" },
  { touche: "F8", nom: "F8", effet: "Escalader ; pendant un transfert : sa suite, puis 1 transférer, 2 à trois, 3 usager parti, 4 appeler le secteur ; au bureau du secteur : autre secteur" },
  { touche: "F9", nom: "F9", effet: "Fin de conversation et issue ; puis Entrée pour clore, 1 à 4 : sans question" },
  { touche: "c", nom: "C", effet: "Copier ce qui est à dire, pour le dicter ou l'envoyer" },
  { touche: "p", nom: "P", effet: "Au bureau du secteur : pause, puis reprise" },
  { touche: "l", nom: "L", effet: "Lu : le changement de réponse affiché en tête de la fiche" },
  { touche: "u", nom: "U", effet: "Urgence : les numéros à donner" },
  { touche: "a", nom: "A", effet: "Au téléphone : faire patienter l'usager, puis le reprendre" },
  { touche: "d", nom: "D", effet: "Dicter l'organisme donné, en grands caractères" },
  { touche: "s", nom: "S", effet: "Signaler une erreur dans l'organisme donné" },
  { touche: "Control+Enter", nom: "Ctrl + Entrée", effet: "Confirmer" },
  { touche: "Enter", nom: "Entrée", effet: "Ouvrir le premier résultat, la suite d'un cas ; accepter un transfert" },
  { touche: "Escape", nom: "Échap", effet: "Revenir : question, définition, fiche d'où l'on vient ; refuser un transfert" },
  { touche: "?", nom: "?", effet: "Cette feuille, quand le champ est vide" },
  { touche: ">", nom: ">", effet: "Dans la recherche, une commande\u00a0: >fiche F14929, >flash…" },
];

const DECLAREES = new Set(TOUCHES.map((ligne) => ligne.touche));
const SAISIE = "input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]";

const visible = (element) => element.getClientRects().length > 0 && !element.disabled;

const ZONE = "[data-a39-zone]";

// The element of a key nearest to the focus: in its zone, then in the zone around it, then anywhere.
function cible(touche, depuis) {
  const partout = [...document.querySelectorAll(`[data-a39-touche~="${touche}"]`)].filter(visible);
  const prioritaire = partout.find((element) => element.hasAttribute("data-a39-priorite"));
  if (prioritaire) return prioritaire;
  for (let zone = depuis?.closest?.(ZONE); zone; zone = zone.parentElement.closest(ZONE)) {
    const trouve = partout.find((element) => element.closest(ZONE) === zone);
    if (trouve) return trouve;
  }
  // Leaving a place never undoes something elsewhere.
  return touche === "Escape" && depuis?.closest?.(ZONE) ? undefined : partout[0];
}

function agir(element) {
  if (element.matches(SAISIE)) {
    element.focus();
    element.select?.();
    reprendre(element);
  } else if (element.matches("[data-a39-prend-foyer]")) {
    (element.querySelector(":checked") ?? element).focus();
    element.dispatchEvent(new CustomEvent("a39:touche"));
  } else {
    element.click();
  }
}

function feuille() {
  const dialogue = document.getElementById("a39-feuille");
  const liste = document.getElementById("a39-feuille-touches");
  if (!liste.children.length) {
    for (const { nom, effet } of TOUCHES) {
      const terme = document.createElement("dt");
      const touche = document.createElement("kbd");
      touche.textContent = nom;
      terme.append(touche);
      const definition = document.createElement("dd");
      definition.textContent = effet;
      liste.append(terme, definition);
    }
  }
  dialogue.showModal();
}

document.addEventListener("click", (evenement) => {
  if (evenement.target.closest("[data-a39-feuille]")) feuille();
});

// A command of the search box: `data-a39-commande` names the key whose gesture it is, "" when the
// server answers; without a gesture it stays in the box, to be completed. The box is then emptied.
document.addEventListener("click", (evenement) => {
  const commande = evenement.target.closest("[data-a39-commande]");
  if (!commande) return;
  const touche = commande.dataset.a39Commande;
  const champ = document.getElementById("q");
  const complete = !touche && commande.dataset.a39Complete;
  const element = touche ? cible(touche) : null;
  if (touche && !element) {
    commande.querySelector(".so").textContent = "pas à cette étape de l'appel";
    champ.focus();
    return;
  }
  champ.value = complete ? `${complete} ` : "";
  champ.dispatchEvent(new InputEvent("input", { bubbles: true }));
  if (element) agir(element);
  else champ.focus();
});

document.addEventListener("keydown", (evenement) => {
  if (evenement.defaultPrevented || evenement.isComposing) return;
  if (evenement.altKey || evenement.metaKey || document.querySelector("dialog[open]")) return;
  const foyer = evenement.target;
  const saisie = foyer.matches?.(SAISIE);

  if (evenement.ctrlKey) {
    if (evenement.key !== "Enter") return;
    const formulaire =
      foyer.closest?.("form[data-a39-confirme]") ??
      [...(foyer.closest?.("[data-a39-zone]")?.querySelectorAll("form[data-a39-confirme]") ?? [])].find(visible);
    if (formulaire) {
      evenement.preventDefault();
      formulaire.requestSubmit();
    }
    return;
  }
  if (!actifs()) return;

  if (evenement.key === "?" && (!saisie || foyer.value === "")) {
    evenement.preventDefault();
    feuille();
    return;
  }
  if (/^[0-9]$/.test(evenement.key) && !saisie) {
    const zone = foyer.closest?.("[data-a39-chiffres]") ?? document.querySelector("[data-a39-chiffres=page]");
    const choix = [...(zone?.querySelectorAll(`[data-a39-chiffre="${evenement.key}"]`) ?? [])]
      .find((element) => element.closest("[data-a39-chiffres]") === zone); // not of a group inside
    if (choix) {
      evenement.preventDefault();
      choix.click();
      return;
    }
    // Nothing to choose, a postcode to be had: the digit is its first. The browser then types it
    // where the focus has gone.
    const champ = zone?.querySelector("[data-a39-recoit-chiffres]");
    if (champ && visible(champ)) agir(champ);
    return;
  }
  const touche = evenement.key.length === 1 ? evenement.key.toLowerCase() : evenement.key;
  if (!DECLAREES.has(touche)) return;
  // A letter is a key only where it is neither text nor a code.
  if (touche.length === 1 && (saisie || foyer.closest?.("[data-a39-lettres]"))) return;
  if (evenement.key === "Enter" && (saisie || foyer.matches?.("button, a, summary, [role=option], [type=radio]"))) return;
  const element = cible(touche, foyer);
  if (element) {
    evenement.preventDefault();
    agir(element);
  } else if (/^F\d/.test(evenement.key)) {
    evenement.preventDefault(); // a function key of ours never falls through to the browser
  }
});
