// A minute without network in the middle of a call. While the connection is cut (coupure.js), what
// the agent does is kept (carnet.js) and shown from the copy of the fiche (copie.js); at the return it
// is sent in order, then the console shows what the log says. An action tells the state it starts
// from and the one it wants, so that nothing counts twice, even when only an answer was lost.
// What is typed stays in its field, in memory, and is sent from there.

import * as carnet from "./carnet.js";
import { disponible, lire } from "./copie.js";
import { auRetour, couper, coupee, dit, gardees as compter, mot, page } from "./coupure.js";
import { renouveler } from "./jeton.js";

const ATTEND = "Cette action attend le retour de la connexion\u00a0: rien n'est perdu, refaites-la alors.";
const RECHERCHE = "La recherche reprendra au retour de la connexion.";
const SESSION = "Votre session a expiré\u00a0: reconnectez-vous dans un autre onglet, ce qui est gardé sera enregistré ensuite.";
const ESSAIS_REFUSES = 3; // answers that are no answer, then the agent is told

let local; // the path followed without the server; undefined: the page is as the server drew it
let ecran; // what stood in the pane before the copy took its place
let sansQuestion; // the question that a choice took away, and what stands in its place
const tapees = new Set(); // the fields of the close panel filled in and not saved yet
let vu = page();
let attendue = false; // an action that could not be kept: the agent has to do it again
let refuses = 0;
let statut = 0; // of the last replay
const aRefaire = new Set();
const vivantes = new Set(); // closes kept since this page was loaded: their note is still in its field

const contenu = () => document.getElementById("contenu");
const LIGNES = ["note", "precision", "motif_inutile"];
const ligne = (nom) => document.querySelector(`#journal [name=${nom}]`);
const utile = () => document.querySelector("#journal [name=fiche_utile]:checked")?.value ?? "";
const texteTape = () => LIGNES.some((nom) => tapees.has(nom));
const agent = () => page().dataset.agent;
const ecrit = (texte) => (texte ? texte.split(".").map(Number) : []);
const courant = () => local ?? ecrit(page().dataset.chemin);
const estRejeu = (detail) => detail.requestConfig.path === page()?.dataset.a39Rejeu;

function garder(action) {
  const { appel, demande, consultation, version } = page().dataset;
  const cle = carnet.garder(agent(), { appel, demande, consultation, version, ...action });
  compter(carnet.gardees(agent()).length);
  return cle;
}

// --- The fiche ----------------------------------------------------------------------------------
function restaurer() {
  sansQuestion?.message.replaceWith(sansQuestion.question);
  sansQuestion = undefined;
  if (!ecran) return;
  ecran.marque?.replaceWith(document.getElementById("lieu"));
  contenu().replaceChildren(...ecran.noeuds);
  ecran = undefined;
}

function remplacer(...noeuds) {
  const lieu = document.getElementById("lieu");
  if (!ecran) {
    ecran = { noeuds: [], marque: lieu && document.createComment("lieu") };
    lieu?.replaceWith(ecran.marque); // the bodies already found stay in reach
    ecran.noeuds = [...contenu().childNodes];
  }
  contenu().replaceChildren(...noeuds, ...(lieu ? [lieu] : []));
}

function montrer(chemin, libelle = "") {
  local = chemin;
  if (chemin.join(".") === page().dataset.chemin && libelle !== "entière") restaurer();
  else if (disponible()) remplacer(lire(chemin));
  else sansCopie(libelle);
  entiere(disponible() && !ecran);
  journaliser(chemin, libelle);
  const volet = document.getElementById("lecture");
  volet.focus({ preventScroll: true });
  volet.scrollTop = 0;
}

// Cut before the copy had come: the fiche stays, the case is kept, what follows it is not known.
function sansCopie(libelle) {
  restaurer();
  const question = contenu().querySelector(".question");
  if (!question) return;
  const message = document.createElement("p");
  message.className = "a39-annonce mal";
  message.textContent = `Réponse gardée\u00a0: «\u00a0${libelle}\u00a0». La suite de ce cas se lira au retour de la connexion. `;
  const retour = document.createElement("button");
  retour.type = "button";
  retour.className = "a39-lien";
  retour.dataset.a39SansServeur = "retour";
  retour.dataset.a39Touche = "Escape";
  retour.textContent = "Revenir à la question";
  message.append(retour);
  question.replaceWith(message);
  sansQuestion = { question, message };
}

// The line of the log, until the log itself has it.
function journaliser(chemin, libelle) {
  document.getElementById("journal-garde")?.remove();
  const ligne = document.querySelector("#demandes > .on");
  if (!ligne || chemin.join(".") === page().dataset.chemin) return;
  const puces = ecran ? [...contenu().querySelectorAll(".parcours > .puce.on")].map((puce) => puce.textContent) : [libelle];
  const texte = document.createElement("span");
  texte.id = "journal-garde";
  texte.className = "so";
  texte.textContent = `${puces.join(", ") || "Début de la fiche"} · gardé, pas encore enregistré`;
  ligne.append(texte);
}

function choisir(valeur, libelle) {
  if (!page().dataset.consultation) return;
  const depuis = courant();
  const chemin = valeur === "retour" ? depuis.slice(0, -1) : [...depuis, Number(valeur)];
  garder({ genre: "choix", depuis: depuis.join("."), chemin: chemin.join(".") });
  montrer(chemin, libelle);
}

document.addEventListener("click", (evenement) => {
  const bouton = evenement.target.closest("[data-a39-sans-serveur]");
  if (bouton) choisir(bouton.dataset.a39SansServeur);
  if (evenement.target.closest("[data-a39-entiere]")) {
    montrer(courant(), "entière");
  }
});

function entiere(offerte) {
  document.querySelector("[data-a39-entiere]").hidden = !offerte;
}

document.addEventListener("a39:coupure", () => {
  entiere(disponible());
  compter(carnet.gardees(agent()).length);
});

// --- The close ----------------------------------------------------------------------------------
function clore(donnees) {
  const issue = donnees.getAll("issue").at(-1); // the button of one key comes after the boxes
  if (!issue) {
    mot("Choisissez une issue avant de clore.");
    return;
  }
  const cle = garder({ genre: "cloture", issue, fiche_utile: utile(), avait_note: texteTape() });
  vivantes.add(cle);
  geler(true);
  const instant = { hour: "numeric", minute: "2-digit", timeZone: "Europe/Paris" }; // as the log tells it
  const heure = new Date().toLocaleTimeString("fr-FR", instant).replace(":", "\u00a0h\u00a0");
  const message = document.createElement("p");
  message.id = "cloture-gardee";
  message.className = "a39-annonce";
  message.tabIndex = -1;
  const libelle = document.getElementById(`issue-${issue}`)?.closest("label").lastChild.textContent.trim();
  message.textContent = `Clôture «\u00a0${libelle ?? issue}\u00a0» gardée à ${heure}. Elle sera enregistrée au retour de la connexion. `;
  const bouton = document.createElement("button");
  bouton.type = "button";
  bouton.className = "a39-lien";
  bouton.dataset.a39Reprendre = cle;
  bouton.textContent = "Reprendre l'appel";
  message.append(bouton);
  document.querySelector("#journal .pied").before(message);
  message.focus();
  message.scrollIntoView({ block: "nearest" });
}

function geler(gele) {
  for (const partie of document.querySelectorAll("#journal fieldset, #journal .pied")) partie.hidden = gele;
}

document.addEventListener("click", (evenement) => {
  const bouton = evenement.target.closest("[data-a39-reprendre]");
  if (!bouton) return;
  carnet.oublier(agent(), [bouton.dataset.a39Reprendre]);
  compter(carnet.gardees(agent()).length);
  document.getElementById("cloture-gardee").remove();
  geler(false);
  document.querySelector("#issues :checked")?.focus();
});

// --- What cannot be sent is kept ----------------------------------------------------------------
function tenir({ requestConfig }) {
  const { path, elt, formData, triggeringEvent } = requestConfig;
  const action = path.match(/\/console\/([a-z]+)\/$/)?.[1];
  if (action === "choix") {
    const bouton = triggeringEvent?.submitter;
    choisir(formData.get("choix"), bouton?.lastChild?.textContent.trim() ?? "");
  } else if (action === "cloture") {
    if (!document.getElementById("cloture-gardee")) clore(formData);
  } else if (action === "note") {
    tapees.add(elt.name || "fiche_utile");
  } else if (elt.matches("#q, #commune")) {
    aRefaire.add(elt);
    mot(RECHERCHE);
  } else if (/^(click|submit)$/.test(triggeringEvent?.type)) {
    attendue = true;
    mot(ATTEND);
  }
}

document.addEventListener("htmx:beforeRequest", (evenement) => {
  if (!coupee() || !page() || estRejeu(evenement.detail)) return;
  evenement.preventDefault();
  tenir(evenement.detail);
});

for (const genre of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(genre, (evenement) => {
    if (!dit(evenement) || estRejeu(evenement.detail)) return;
    couper();
    tenir(evenement.detail);
  });
}

// The page itself is never left for one that no server would answer.
document.addEventListener(
  "click",
  (evenement) => {
    const lien = coupee() && evenement.target.closest("a[href]");
    if (!lien || lien.getAttribute("href").startsWith("#") || lien.origin !== location.origin) return;
    evenement.preventDefault();
    evenement.stopImmediatePropagation();
    mot(ATTEND);
  },
  { capture: true },
);

document.addEventListener("submit", (evenement) => {
  const { target: formulaire } = evenement;
  if (!formulaire.matches("form[action][method=post]")) return;
  if (coupee()) {
    evenement.preventDefault();
    mot(ATTEND);
  } else if (formulaire.querySelector("[data-a39-quitte]")) {
    carnet.vider();
  }
});

window.addEventListener("beforeunload", (evenement) => {
  if (coupee()) evenement.preventDefault();
});

document.addEventListener("input", ({ target }) => {
  if (target.closest("#journal") && [...LIGNES, "fiche_utile"].includes(target.name)) tapees.add(target.name);
});

document.addEventListener("htmx:afterRequest", (evenement) => {
  const { elt, successful, requestConfig } = evenement.detail;
  if (!successful || !requestConfig.path.endsWith("/console/note/")) return;
  if (!elt.name) tapees.delete("fiche_utile");
  else if (requestConfig.formData.get(elt.name) === elt.value) tapees.delete(elt.name);
});

// --- The return ---------------------------------------------------------------------------------
function lignes() {
  const presentes = LIGNES.filter(ligne);
  return Object.fromEntries(presentes.map((nom) => [nom, ligne(nom).value]));
}

function aEnvoyer(gardees) {
  const actions = gardees.map(({ instant, avait_note, ...action }) => {
    const envoi = { ...action, age: (Date.now() - instant) / 1000 };
    if (action.genre !== "cloture") return envoi;
    const mots = document.getElementById("q")?.value ?? "";
    return { ...envoi, ...lignes(), mots, note_perdue: avait_note && !vivantes.has(action.cle) };
  });
  if (tapees.size && ligne("note") && !gardees.some((action) => action.genre === "cloture")) {
    const { demande } = page().dataset;
    actions.push({ cle: carnet.cle(), genre: "lignes", age: 0, demande, ...lignes(), fiche_utile: utile() });
  }
  return actions;
}

// What the agent changed by hand and the answer would draw anew: the boxes ticked, the focus.
function retenir() {
  const { demande } = page().dataset;
  const cochees = [...document.querySelectorAll("#journal :checked")].filter((choix) => !choix.defaultChecked);
  const ecrites = LIGNES.filter((nom) => tapees.has(nom) && ligne(nom)).map((nom) => [nom, ligne(nom).value]);
  const { id } = document.activeElement;
  const volet = document.activeElement.closest(".pane")?.id;
  return () => {
    if (page().dataset.demande === demande) {
      for (const { name, value } of cochees) {
        const choix = document.querySelector(`#journal [name="${name}"][value="${value}"]`);
        if (choix) choix.checked = true;
      }
      // A line that was refused stays under the agent's eyes.
      for (const [nom, texte] of ecrites) if (ligne(nom)) ligne(nom).value = texte;
    }
    if (document.activeElement !== document.body) return;
    const cible = (id && document.getElementById(id)) || document.getElementById(volet ?? "lecture");
    cible?.focus({ preventScroll: true });
  };
}

async function rapporter() {
  const gardees = carnet.gardees(agent());
  const { appel, demande, consultation, version, chemin } = page().dataset;
  const values = {
    actions: JSON.stringify(aEnvoyer(gardees)),
    page: [appel, demande, consultation, version, chemin].join("|"),
    // What the agent said to be nobody's, in the note.
    garde: [...document.querySelectorAll("#journal [name=garde]")].map((signe) => signe.value),
  };
  const rendre = retenir();
  const quitte = page();
  statut = 0;
  await htmx
    .ajax("POST", quitte.dataset.a39Rejeu, { source: quitte, target: "#lecture", swap: "outerHTML", values })
    .catch(() => undefined);
  if (statut === 200 || statut === 204) {
    carnet.oublier(agent(), gardees.map((action) => action.cle));
    if (statut === 204) restaurer();
    local = undefined;
    tapees.clear();
    rendre();
    return carnet.gardees(agent()).length ? rapporter() : termine();
  }
  return empeche(gardees.length);
}

function termine() {
  refuses = 0;
  setTimeout(refaire); // once the connection is no more held to be cut
  return true;
}

function refaire() {
  for (const champ of aRefaire) {
    const cible = `#${champ.id === "q" ? "resultats" : champ.getAttribute("aria-controls")}`;
    if (champ.isConnected) htmx.ajax("POST", champ.getAttribute("hx-post"), { source: champ, target: cible, swap: "outerHTML" });
  }
  aRefaire.clear();
}

async function empeche(nombre) {
  if (statut === 401) mot(SESSION);
  if (statut === 403) await renouveler();
  if (statut !== 400 && statut !== 500) return false;
  refuses += 1;
  if (refuses < ESSAIS_REFUSES) return false;
  refuses = 0;
  carnet.vider();
  const bandeau = document.getElementById("a39-panne");
  bandeau.textContent = `La connexion est revenue, mais le serveur n'a pas pu enregistrer ${nombre > 1 ? `vos ${nombre} actions` : "votre action"}\u00a0: rechargez la page et refaites ce qui manque au journal.`;
  bandeau.hidden = false;
  return true;
}

document.addEventListener("htmx:afterRequest", (evenement) => {
  if (estRejeu(evenement.detail)) statut = evenement.detail.xhr.status;
});

// An expired session must not take the page away: the note would go with it.
document.addEventListener("htmx:beforeOnLoad", (evenement) => {
  if (evenement.detail.xhr.status !== 401 || !estRejeu(evenement.detail)) return;
  statut = 401;
  evenement.preventDefault();
});

// The server has drawn the pane anew: what was followed without it is over.
document.addEventListener("htmx:afterSettle", () => {
  if (page() === vu) return;
  vu = page();
  local = ecran = sansQuestion = undefined;
});

// What was entered is said for a while; what was refused, until it is closed.
function ephemere(message) {
  if (!message || message.dataset.a39Passager) return;
  message.dataset.a39Passager = "compte";
  setTimeout(() => {
    if (!message.contains(document.activeElement)) message.remove();
  }, 10_000);
}

document.addEventListener("htmx:afterSettle", () =>
  ephemere(document.querySelector("#retour-connexion > [data-a39-passager]")),
);

// A cut may be over before the agent has read that something waited for its end.
document.addEventListener("a39:retour", () => {
  if (!attendue) return;
  attendue = false;
  const message = document.createElement("p");
  message.className = "a39-annonce a39-coupure";
  message.setAttribute("role", "status");
  message.textContent = "La connexion est revenue. Votre dernière action l'attendait\u00a0: refaites-la.";
  document.getElementById("retour-connexion").append(message);
  ephemere(message);
});

// --- A page loaded again ------------------------------------------------------------------------
async function demarrer() {
  if (!page()) {
    if (document.querySelector("input[name=password]")) carnet.vider();
    return;
  }
  auRetour(rapporter);
  if (!carnet.gardees(agent()).length) carnet.vider();
  else if (!(await rapporter())) couper();
}

demarrer();
