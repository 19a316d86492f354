// After a swap the focus goes on purpose to `data-a39-foyer` in what has arrived; it never falls
// to <body>.

document.addEventListener("htmx:afterSettle", (evenement) => {
  const arrive = evenement.detail.elt;
  const cible = arrive?.matches?.("[data-a39-foyer]")
    ? arrive
    : arrive?.querySelector?.("[data-a39-foyer]");
  if (cible) {
    cible.removeAttribute("data-a39-foyer");
    cible.focus({ preventScroll: cible.hasAttribute("data-a39-en-place") });
  }
});

// `data-a39-vider="#panneau"`: empties a region and gives the focus back to `data-a39-rendre`.
document.addEventListener("click", (evenement) => {
  const bouton = evenement.target.closest("[data-a39-vider]");
  if (!bouton) return;
  document.querySelector(bouton.dataset.a39Vider)?.replaceChildren();
  document.querySelector(bouton.dataset.a39Rendre)?.focus();
});

// `data-a39-va-a="#q"`: a button whose only work is to bring the focus to a field.
document.addEventListener("click", (evenement) => {
  const bouton = evenement.target.closest("[data-a39-va-a]");
  const champ = bouton && document.querySelector(bouton.dataset.a39VaA);
  champ?.focus();
  champ?.select?.();
});
