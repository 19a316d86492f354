// A request that fails says so, in place, without taking what is open from the screen. In the console
// a cut connection is told by coupure.js, and what was done is kept.

import { dit } from "./coupure.js";

const bandeau = () => document.getElementById("a39-panne");

function dire(message) {
  const element = bandeau();
  element.textContent = message;
  element.hidden = false;
}

document.addEventListener("htmx:sendError", (evenement) => {
  if (dit(evenement)) return;
  dire("Connexion perdue. La fiche ouverte reste lisible ; votre dernière action n'est pas enregistrée, refaites-la.");
});
document.addEventListener("htmx:responseError", (evenement) => {
  if (dit(evenement)) return;
  const statut = evenement.detail.xhr.status;
  if (statut === 403) dire("Votre rôle ne permet pas cette action, ou votre session a expiré : rechargez la page.");
  else if (statut === 404 || statut === 409) dire("Cet élément a changé entre-temps : rechargez la page.");
  else dire("Le serveur n'a pas pu répondre. Rien n'est perdu : recommencez.");
});
document.addEventListener("htmx:afterRequest", (evenement) => {
  if (evenement.detail.successful) bandeau().hidden = true;
});
