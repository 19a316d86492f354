// `data-a39-copie="#dictee"` puts that text on the clipboard and says so. Where the browser refuses,
// the text is shown and selected, to be copied by hand; « Échap » hides it again.

function dire(bouton, message) {
  const etat = bouton.parentElement.querySelector("[data-a39-copie-etat]");
  etat.textContent = message;
  setTimeout(() => {
    if (etat.textContent === message) etat.textContent = "";
  }, 6000);
}

function montrer(champ) {
  champ.hidden = false;
  champ.focus();
  champ.select();
}

document.addEventListener("click", async (evenement) => {
  const bouton = evenement.target.closest("[data-a39-copie]");
  const champ = bouton && document.querySelector(bouton.dataset.a39Copie);
  if (!champ) return;
  try {
    await navigator.clipboard.writeText(champ.value);
    champ.hidden = true;
    dire(bouton, "Copié, prêt à coller.");
  } catch {
    // No clipboard outside https, or the agent's browser forbids it.
    montrer(champ);
    dire(bouton, "Texte sélectionné : Ctrl + C pour le copier.");
  }
});

document.addEventListener("keydown", (evenement) => {
  const champ = evenement.target;
  if (evenement.key !== "Escape" || !champ.matches?.(".dictee")) return;
  evenement.preventDefault();
  champ.hidden = true;
  document.querySelector(`[data-a39-copie="#${champ.id}"]`)?.focus();
});
