// The live checker of a fiche's form: what is typed is sent, what is wrong comes back beside the
// tables, and the conditions of each case follow the questions. A button that wants a form without
// faults (`data-a39-exige-sans-faute`) leads to them; the server refuses it too.

const region = document.querySelector("[data-a39-verifie]");
const formulaire = region?.closest("form");
const ATTENTE = 400;

let minuterie;
let numero = 0; // of the last change: an answer to an older state is dropped
let verifie = 0; // the change that the last answer is about
let bloquants = 0;

function annoncer(resume) {
  const ligne = region.querySelector("[data-a39-resume]");
  if (ligne.textContent !== resume) ligne.textContent = resume; // told again only when it changes
  ligne.classList.toggle("trop", bloquants > 0);
}

// The same conditions are left alone, and the box that has the focus keeps it.
function remplacer(element, html) {
  if (element.dataset.a39Recu === html) return;
  const foyer = element.contains(document.activeElement) ? document.activeElement.id : "";
  element.innerHTML = html;
  element.dataset.a39Recu = html;
  if (foyer) document.getElementById(foyer)?.focus();
}

async function verifier() {
  const demande = numero;
  const reponse = await fetch(region.dataset.a39Verifie, {
    method: "POST",
    body: new FormData(formulaire),
    headers: { Accept: "application/json" },
  }).catch(() => undefined);
  if (demande !== numero) return;
  if (!reponse?.ok) {
    annoncer("Le contrôle ne répond pas\u00a0: il reprendra à la prochaine saisie.");
    return;
  }
  const trouve = await reponse.json();
  if (demande !== numero) return;
  verifie = demande;
  bloquants = trouve.bloquants;
  region.querySelector("[data-a39-controle]").innerHTML = trouve.controle;
  annoncer(trouve.resume);
  for (const [nom, valeur] of Object.entries(trouve.codes)) formulaire.elements[nom].value = valeur;
  formulaire.querySelectorAll("[data-a39-conditions]").forEach((element, place) => {
    if (trouve.conditions[place] !== undefined) remplacer(element, trouve.conditions[place]);
  });
}

function bientot() {
  numero += 1;
  clearTimeout(minuterie);
  minuterie = setTimeout(verifier, ATTENTE);
}

if (region) {
  for (const genre of ["input", "a39:rangs"]) formulaire.addEventListener(genre, bientot);
  formulaire.addEventListener("submit", (evenement) => {
    // While an answer is awaited, the server decides.
    if (!evenement.submitter?.hasAttribute("data-a39-exige-sans-faute")) return;
    if (!bloquants || verifie !== numero) return;
    evenement.preventDefault();
    region.focus();
    region.scrollIntoView({ block: "nearest" });
  });
  verifier();
}
