// Whether the console reaches its server. A request that is lost, an answer of the proxy in the
// server's place (502, 503, 504), a stream that stops and a server that does not answer: the
// connection is cut. It is said above the panes, and asked again, more and more seldom, until a
// server answers. Then whoever has something to bring back (secours.js) does, and the cut is over.

const PROXY = new Set([502, 503, 504]);
const ATTENTES = [1, 2, 3, 5]; // seconds between two tries, the last one again and again
const PATIENCE = 4000; // milliseconds for a try
const DELAI = 8000; // milliseconds for an action of the agent

const bandeau = () => document.getElementById("coupure");
export const page = () => document.getElementById("secours");

let depuis = 0;
let essais = 0;
let minuterie;
let battement;
let enEssai = false;
let rapporter = async () => true;

export const coupee = () => depuis > 0;

// A failed request that tells of a cut; the others are told by panne.js.
export function dit(evenement) {
  if (!page()) return false;
  if (evenement.type === "htmx:sendError" || evenement.type === "htmx:timeout") return true;
  return evenement.type === "htmx:responseError" && PROXY.has(evenement.detail.xhr.status);
}

// What is done when a server answers: resolves to true when all is brought back.
export function auRetour(rapport) {
  rapporter = rapport;
}

function annoncer(texte) {
  const direct = document.getElementById("a39-direct");
  if (direct) direct.textContent = texte;
}

function duree() {
  const secondes = Math.floor((Date.now() - depuis) / 1000);
  const minutes = Math.floor(secondes / 60);
  const reste = `${secondes % 60}\u00a0s`;
  bandeau().querySelector("[data-a39-duree]").textContent = minutes ? `${minutes}\u00a0min ${reste}` : reste;
}

export function couper() {
  if (coupee() || !bandeau()) return;
  depuis = Date.now();
  essais = 0;
  duree();
  bandeau().hidden = false;
  annoncer("La connexion est coupée. La fiche reste lisible\u00a0; ce que vous faites est gardé et sera enregistré au retour.");
  battement = setInterval(duree, 1000);
  attendre();
  document.dispatchEvent(new CustomEvent("a39:coupure"));
}

function retablir() {
  clearInterval(battement);
  clearTimeout(minuterie);
  depuis = 0;
  mot("");
  bandeau().hidden = true;
  annoncer("La connexion est revenue.");
  document.dispatchEvent(new CustomEvent("a39:retour"));
}

// One more line under the banner, told as well.
export function mot(texte) {
  const ligne = bandeau().querySelector("[data-a39-mot]");
  if (ligne.textContent === texte) return;
  ligne.textContent = texte;
  ligne.hidden = !texte;
  if (texte) annoncer(texte);
}

export function gardees(nombre) {
  const texte = nombre ? `${nombre} action${nombre > 1 ? "s" : ""} gardée${nombre > 1 ? "s" : ""}.` : "";
  bandeau().querySelector("[data-a39-gardees]").textContent = texte;
}

function attendre() {
  clearTimeout(minuterie);
  const secondes = ATTENTES[Math.min(essais, ATTENTES.length - 1)];
  // Not all desks at once when the server comes back.
  minuterie = setTimeout(essayer, secondes * 1000 * (0.8 + 0.4 * Math.random()));
}

async function repond() {
  try {
    const reponse = await fetch(bandeau().dataset.a39Vivant, {
      cache: "no-store",
      credentials: "omit",
      signal: AbortSignal.timeout(PATIENCE),
    });
    return reponse.ok;
  } catch {
    return false;
  }
}

async function essayer() {
  if (enEssai) return;
  enEssai = true;
  essais += 1;
  const revenue = (await repond()) && (await rapporter());
  enEssai = false;
  if (revenue) retablir();
  else attendre();
}

// --- What tells of a cut ------------------------------------------------------------------------
document.addEventListener("htmx:configRequest", (evenement) => {
  if (page()) evenement.detail.timeout = DELAI;
});

window.addEventListener("offline", couper);
window.addEventListener("online", () => {
  if (!coupee()) return;
  essais = 0;
  attendre();
});

// A stream also stops when a proxy grows tired of it: the server is asked before it is said.
document.addEventListener("htmx:sseError", async () => {
  if (!coupee() && page() && !(await repond())) couper();
});
