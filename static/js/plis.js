// `data-a39-deplier="#texte"` unfolds all the chapters of a text, or folds them again. A print has
// them all unfolded, except what says `data-a39-hors-impression`, and gives them back as they were.

document.addEventListener("click", (evenement) => {
  const bouton = evenement.target.closest("[data-a39-deplier]");
  if (!bouton) return;
  const deplier = bouton.getAttribute("aria-pressed") !== "true";
  for (const pli of document.querySelectorAll(`${bouton.dataset.a39Deplier} > details`)) {
    pli.open = deplier;
  }
  bouton.setAttribute("aria-pressed", String(deplier));
});

document.addEventListener("click", (evenement) => {
  if (evenement.target.closest("[data-a39-imprimer]")) window.print();
});

let deplies = [];

window.addEventListener("beforeprint", () => {
  deplies = [...document.querySelectorAll(".a39-fiche details:not([open])")].filter(
    (pli) => !pli.closest("[data-a39-hors-impression]"),
  );
  for (const pli of deplies) pli.open = true;
});

window.addEventListener("afterprint", () => {
  for (const pli of deplies) pli.open = false;
  deplies = [];
});
