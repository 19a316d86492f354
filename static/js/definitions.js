// A defined word opens its definition under the line that holds it, and closes it. The text comes
// from the page, where it stands as `#def-<id>`: no request, and the call is never left.

const MOT = "[data-a39-definition]";
const OUVERTE = ".a39-definition-ouverte";

const ouverteDe = (mot) => (mot.nextElementSibling?.matches(OUVERTE) ? mot.nextElementSibling : null);

function fermer(mot) {
  ouverteDe(mot)?.remove();
  mot.setAttribute("aria-expanded", "false");
}

function ouvrir(mot) {
  const source = document.getElementById(`def-${mot.dataset.a39Definition}`);
  if (!source) return false;
  const boite = document.createElement("span");
  boite.className = OUVERTE.slice(1);
  boite.setAttribute("role", "note");
  boite.setAttribute("aria-label", `Définition : ${source.querySelector("dt").textContent}`);
  const titre = document.createElement("b");
  titre.append(...source.querySelector("dt").cloneNode(true).childNodes);
  boite.append(titre, ...source.querySelector("dd").cloneNode(true).childNodes);
  for (const autre of boite.querySelectorAll(MOT)) autre.setAttribute("aria-expanded", "false");
  for (const autre of boite.querySelectorAll(OUVERTE)) autre.remove();
  mot.after(boite);
  mot.setAttribute("aria-expanded", "true");
  boite.scrollIntoView({ block: "nearest" });
  return true;
}

document.addEventListener("click", (evenement) => {
  const mot = evenement.target.closest(MOT);
  if (!mot || evenement.ctrlKey || evenement.metaKey) return;
  evenement.preventDefault();
  if (ouverteDe(mot)) fermer(mot);
  else ouvrir(mot);
});

document.addEventListener("keydown", (evenement) => {
  if (evenement.key === " " && evenement.target.matches?.(MOT)) {
    evenement.preventDefault(); // a button for those who listen: the space bar presses it
    evenement.target.click();
  }
  if (evenement.key !== "Escape" || evenement.defaultPrevented) return;
  const zone = evenement.target.closest?.("[data-a39-zone]") ?? document;
  const mot = [...zone.querySelectorAll(`${MOT}[aria-expanded=true]`)].pop();
  if (!mot || evenement.target.matches?.("input, textarea")) return;
  evenement.preventDefault();
  fermer(mot);
  mot.focus();
});
