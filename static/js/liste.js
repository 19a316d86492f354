// A field with its list of proposals: the ARIA combobox of the search box and of the commune.
// The focus stays in the field; `aria-activedescendant` tells which proposal is active. Once the
// agent has gone down into the list, digits choose in it; while typing they are text.

import { actifs } from "./preferences.js";
import { choisieSeule } from "./seule.js";

const champDe = (element) => element.closest?.("[role=combobox]");
const listeDe = (champ) => document.getElementById(champ.getAttribute("aria-controls"));
const options = (champ) => [...(listeDe(champ)?.querySelectorAll("[role=option]") ?? [])];
const active = (champ) => document.getElementById(champ.getAttribute("aria-activedescendant") ?? "");

function activer(champ, option) {
  for (const autre of options(champ)) autre.setAttribute("aria-selected", String(autre === option));
  if (option) {
    champ.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else {
    champ.removeAttribute("aria-activedescendant");
  }
}

document.addEventListener("keydown", (evenement) => {
  const champ = champDe(evenement.target);
  if (!champ || evenement.ctrlKey || evenement.altKey) return;
  const toutes = options(champ);
  const rang = toutes.indexOf(active(champ));

  if (evenement.key === "ArrowDown" || evenement.key === "ArrowUp") {
    if (!toutes.length) return;
    evenement.preventDefault();
    const pas = evenement.key === "ArrowDown" ? 1 : -1;
    const suivant = rang < 0 ? (pas > 0 ? 0 : toutes.length - 1) : rang + pas;
    activer(champ, toutes[(suivant + toutes.length) % toutes.length]);
  } else if (evenement.key === "Enter") {
    evenement.preventDefault();
    if (champ.dataset.a39EnAttente) {
      champ.dataset.a39Ouvrir = "oui"; // opened as soon as the proposals of these words arrive
      return;
    }
    choisir(champ);
  } else if (evenement.key === "Escape" && rang >= 0) {
    evenement.preventDefault();
    activer(champ, null);
  } else if (/^[1-9]$/.test(evenement.key) && rang >= 0 && actifs()) {
    const option = listeDe(champ).querySelector(`[data-a39-chiffre="${evenement.key}"]`);
    if (!option) return;
    evenement.preventDefault();
    option.click();
  }
});

// Coming back to the field means typing again: digits are text until the agent goes down anew.
export function reprendre(champ) {
  if (champ.matches("[role=combobox]")) activer(champ, null);
}

document.addEventListener("focusin", (evenement) => reprendre(evenement.target));

// A field marked `data-a39-choisir` asks when there are several proposals, or a list of guesses
// (`data-a39-verifier`), be it of one.
function choisir(champ) {
  const toutes = options(champ);
  const option = active(champ);
  const certaine = toutes.length === 1 && !listeDe(champ).hasAttribute("data-a39-verifier");
  if (option) option.click();
  else if (certaine || !champ.hasAttribute("data-a39-choisir"))
    (toutes.find((proposee) => proposee.hasAttribute("data-a39-defaut")) ?? toutes[0])?.click();
  else if (toutes.length) activer(champ, toutes[0]);
}

// The proposal that was opened stays marked, so that the eye finds the list again.
document.addEventListener("click", (evenement) => {
  const option = evenement.target.closest("[role=option]");
  for (const autre of option?.closest("[role=listbox]")?.querySelectorAll("[role=option]") ?? []) {
    autre.setAttribute("aria-selected", String(autre === option));
  }
});

document.addEventListener("input", (evenement) => {
  const champ = champDe(evenement.target);
  if (!champ) return;
  champ.removeAttribute("aria-activedescendant");
  champ.dataset.a39EnAttente = "oui";
  delete champ.dataset.a39Ouvrir;
});

// The request answered: the proposals belong to the words in the field.
document.addEventListener("htmx:afterSettle", (evenement) => {
  const champ = champDe(evenement.detail.requestConfig?.elt ?? document.body);
  if (!champ) return;
  champ.setAttribute("aria-expanded", String(options(champ).length > 0));
  if (champ.closest(".lieu-choix")) listeDe(champ)?.scrollIntoView({ block: "nearest" });
  if (evenement.detail.requestConfig.parameters?.[champ.name] !== undefined) {
    const words = evenement.detail.requestConfig.parameters[champ.name];
    if (words.trim() !== champ.value.trim()) return;
  }
  delete champ.dataset.a39EnAttente;
  if (champ.dataset.a39Ouvrir) {
    delete champ.dataset.a39Ouvrir;
    choisir(champ);
  } else if (actifs() && document.activeElement === champ && listeDe(champ)?.hasAttribute("data-a39-seule")) {
    choisieSeule(); // the whole postcode of one commune: nothing is left to choose
    options(champ)[0].click();
  }
});
