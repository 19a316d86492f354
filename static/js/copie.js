// The whole fiche that is open, held in memory only: with it a fork is answered, and its case read,
// when no server answers. It is fetched once the fiche has been shown, and dropped with the page.

import { page } from "./coupure.js";

let copie; // {cle, html, fourches}
let demandee = "";

const attendue = () => {
  const { consultation, version } = page()?.dataset ?? {};
  return consultation ? `${consultation}.${version}` : "";
};

export const disponible = () => copie !== undefined && copie.cle === attendue();

export async function prendre() {
  const cle = attendue();
  if (!cle || copie?.cle === cle || demandee === cle) return;
  demandee = cle;
  try {
    const reponse = await fetch(page().dataset.a39CopieDeFiche, { headers: { "HX-Request": "true" } });
    if (reponse.status === 200) copie = await reponse.json();
  } catch {
    // Cut already: the fiche stays as it is on screen.
  }
  demandee = "";
}

const element = (nom, classe, texte = "") => {
  const cree = document.createElement(nom);
  cree.className = classe;
  cree.textContent = texte;
  return cree;
};

// Follows a path as the server does: forks in their order, each chosen case before what comes after.
function suivre(racine, chemin) {
  const rangs = [...chemin];
  const lu = { puces: [], dit: null, aide: "", suite: "", fourche: null };
  const fourches = [...racine.querySelectorAll("[data-a39-fourche]")];
  fourches.sort((a, b) => a.dataset.a39Fourche - b.dataset.a39Fourche);
  for (const fourche of fourches) {
    if (!racine.contains(fourche)) continue; // in a case that was not chosen
    const demande = copie.fourches[fourche.dataset.a39Fourche];
    if (!rangs.length) {
      lu.fourche ??= demande;
      continue;
    }
    const rang = rangs.shift();
    if (rang === 0) {
      fourche.remove();
      continue;
    }
    const choix = demande.choix.find((propose) => propose.rang === rang);
    for (const cas of fourche.querySelectorAll(":scope > .a39-cas")) {
      if (Number(cas.dataset.cas) !== rang) cas.remove();
      else lu.dit = cas.querySelector(":scope > .a39-adire") ?? lu.dit;
    }
    lu.puces.push(choix.libelle);
    lu.aide = choix.ne_sait_pas ? demande.aide : "";
    lu.suite = choix.suite ?? "";
  }
  return lu;
}

function bouton(choix) {
  const cree = element("button", choix.ne_sait_pas ? "choix nsp" : "choix");
  cree.type = "button";
  cree.dataset.a39SansServeur = choix.rang;
  if (choix.touche) {
    cree.dataset.a39Chiffre = choix.touche;
    const touche = element("kbd", "", choix.touche);
    touche.setAttribute("aria-hidden", "true");
    cree.append(touche);
  }
  cree.append(choix.libelle);
  return cree;
}

function question(fourche) {
  const groupe = element("div", fourche.aloud ? "question" : "question precision");
  groupe.setAttribute("role", "group");
  groupe.setAttribute("aria-label", fourche.question);
  const texte = fourche.aloud ? `À demander\u00a0: «\u00a0${fourche.question}\u00a0»` : fourche.question;
  const choix = element("div", "ch");
  choix.append(...fourche.choix.map(bouton));
  groupe.append(element("p", "", texte), choix);
  return groupe;
}

function dire(texte, titre) {
  const boite = element("div", "dire");
  boite.append(element("small", "", titre), ...texte.cloneNode(true).childNodes);
  return boite;
}

// The fiche at a path, ready to be put on the page.
export function lire(chemin) {
  const gabarit = document.createElement("template");
  gabarit.innerHTML = copie.html;
  const fiche = gabarit.content.firstElementChild;
  fiche.className = "a39-fiche a39-entiere";
  const lu = suivre(fiche, chemin);

  const tete = [];
  if (lu.puces.length) {
    const parcours = element("p", "parcours");
    for (const libelle of lu.puces) parcours.append(element("span", "puce on", libelle));
    const retour = element("button", "so");
    retour.type = "button";
    retour.dataset.a39SansServeur = "retour";
    retour.dataset.a39Touche = "Escape";
    const touche = element("kbd", "", "Échap");
    touche.setAttribute("aria-hidden", "true");
    retour.append(touche, " revenir à la question");
    parcours.append(retour);
    tete.push(parcours);
  }
  if (lu.dit) {
    fiche.querySelector(":scope > .dire")?.remove();
    tete.push(dire(lu.dit, `À DIRE · ${lu.puces.join(", ")}`));
    lu.dit.remove();
  }
  if (lu.aide) tete.push(element("p", "aide-dire", lu.aide));
  const apres = [];
  if (lu.fourche) apres.push(question(lu.fourche));
  if (lu.suite) apres.push(element("p", "a39-annonce", `Suite de ce cas ${lu.suite}`));
  const titre = element("h2", "t");
  titre.append(element("span", "", "Fiche entière"));
  apres.push(titre, element("p", "so", "Copie prise à l'ouverture. Les cas non choisis en sont retirés\u00a0; les autres sont tous dépliés."));

  const repere = fiche.querySelector(":scope > .meta") ?? fiche.querySelector(":scope > h1");
  repere.after(...tete);
  const dit = fiche.querySelector(":scope > .dire");
  (dit ?? tete.at(-1) ?? repere).after(...apres);
  return fiche;
}

// Once the agent has read the first lines, not before what is asked for on the way.
const bientot = () => setTimeout(prendre, 250);
document.addEventListener("htmx:afterSettle", bientot);
bientot();
