// Keeps what is typed: the form (`data-a39-edition`) is sent a second and a half after the last
// change, and the line `data-a39-etat` says what became of it. One sending at a time: a button waits
// for the one under way, so that it does not come from an older state. The page is not left while
// something is not kept. Without this script the button « Enregistrer » does it.

const formulaire = document.querySelector("[data-a39-edition]");
const etat = document.querySelector("[data-a39-etat]");
const ATTENTE = 1500;
const REPRISE = 10_000;

let minuterie;
let change = 0; // the last change
let garde = 0; // the last change that the server has
let enCours; // the sending under way
let refuse = false; // another window saved first: nothing more is sent from here
let part = false; // a button leaves the page

function dire(texte, faute = false) {
  etat.textContent = texte;
  etat.classList.toggle("faute", faute);
}

// What a new fiche becomes at its first saving: a page and addresses of its own.
function adopter({ page, adresses }) {
  history.replaceState(history.state, "", page);
  formulaire.action = page;
  etat.dataset.a39Enregistrer = adresses.enregistrer;
  const region = document.querySelector("[data-a39-verifie]");
  for (const bouton of formulaire.querySelectorAll("[formaction]")) {
    const adresse = bouton.getAttribute("formaction") === region?.dataset.a39Apercu ? "apercu" : "dessin";
    bouton.setAttribute("formaction", adresses[adresse]);
  }
  if (region) region.dataset.a39Verifie = adresses.controle;
}

async function envoyer() {
  const numero = change;
  const reponse = await fetch(etat.dataset.a39Enregistrer, {
    method: "POST",
    body: new FormData(formulaire),
    headers: { Accept: "application/json" },
  }).catch(() => undefined);
  const recu = await reponse?.json().catch(() => undefined);
  if (!recu) {
    dire("Non enregistré\u00a0: le serveur ne répond pas. Nouvel essai dans un instant.", true);
    minuterie = setTimeout(enregistrer, REPRISE);
    return;
  }
  if (!reponse.ok) {
    dire(recu.etat, true);
    refuse = reponse.status === 409 || reponse.status === 403;
    return;
  }
  garde = numero;
  formulaire.elements.revision.value = recu.revision;
  if (recu.page) adopter(recu);
  if (recu.revision) formulaire.querySelector("[data-a39-une-fois-enregistree]")?.removeAttribute("hidden");
  const autres = document.querySelector("[data-a39-autres]");
  if (autres.outerHTML.trim() !== recu.autres.trim()) autres.outerHTML = recu.autres;
  dire(recu.etat);
}

function enregistrer() {
  clearTimeout(minuterie);
  if (refuse || garde === change) return enCours ?? Promise.resolve();
  enCours ??= envoyer().finally(() => {
    enCours = undefined;
  });
  return enCours;
}

function noter() {
  change += 1;
  clearTimeout(minuterie);
  if (refuse) return;
  dire("Modifié, pas encore enregistré.");
  minuterie = setTimeout(async () => {
    await enCours;
    enregistrer();
  }, ATTENTE);
}

// What opens another page shows what is typed and leaves this one as it is.
const ailleurs = (bouton) => bouton?.hasAttribute("formtarget");

if (formulaire && etat) {
  formulaire.addEventListener("input", (evenement) => {
    if (evenement.target.name) noter(); // a box that only searches has no name
  });
  formulaire.addEventListener("a39:rangs", noter);
  formulaire.addEventListener("submit", (evenement) => {
    const bouton = evenement.submitter;
    if (evenement.defaultPrevented || ailleurs(bouton)) return;
    clearTimeout(minuterie);
    if (enCours) {
      evenement.preventDefault();
      enCours.then(() => {
        clearTimeout(minuterie);
        formulaire.requestSubmit(bouton);
      });
      return;
    }
    // What takes back or archives does not send the form: it is kept first.
    if (bouton?.hasAttribute("data-a39-sans-enregistrer") && garde !== change && !refuse) {
      evenement.preventDefault();
      enregistrer().then(() => garde === change && formulaire.requestSubmit(bouton));
      return;
    }
    part = true;
  });
  window.addEventListener("beforeunload", (evenement) => {
    if (!part && garde !== change) evenement.preventDefault();
  });
}
