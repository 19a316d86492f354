// After a swap the focus goes on purpose to `data-a39-foyer`; it never falls to <body>.

function placer() {
  const cible = [...document.querySelectorAll("[data-a39-foyer]")].pop();
  for (const element of document.querySelectorAll("[data-a39-foyer]")) {
    element.removeAttribute("data-a39-foyer");
  }
  if (!cible) return;
  cible.focus({ preventScroll: true });
  cible.scrollIntoView({ block: cible.matches(".pane, .panneau") ? "start" : "nearest" });
}

document.addEventListener("htmx:afterSettle", placer);
placer();

// A region replaced under the focus gives it to the place that stands there now.
let perdu = "";

function retenir() {
  const foyer = document.activeElement;
  if (foyer && foyer !== document.body) perdu = foyer.closest("[id][tabindex]")?.id ?? "";
}

document.addEventListener("htmx:beforeSwap", retenir);
document.addEventListener("htmx:oobBeforeSwap", retenir);
document.addEventListener("htmx:afterSettle", () => {
  if (perdu && document.activeElement === document.body) {
    document.getElementById(perdu)?.focus({ preventScroll: true });
  }
  perdu = "";
});

// `data-a39-vider="#panneau"` empties a region and gives the focus back to `data-a39-rendre`.
document.addEventListener("click", (evenement) => {
  const bouton = evenement.target.closest("[data-a39-vider]");
  if (!bouton) return;
  const rendre = bouton.dataset.a39Rendre;
  document.querySelector(bouton.dataset.a39Vider)?.replaceChildren();
  document.querySelector(rendre)?.focus();
});

// `data-a39-ferme="#refus"` hides a region again.
document.addEventListener("click", (evenement) => {
  const bouton = evenement.target.closest("[data-a39-ferme]");
  if (!bouton) return;
  document.querySelector(bouton.dataset.a39Ferme).hidden = true;
  document.querySelector(bouton.dataset.a39Rendre)?.focus();
});

// `data-a39-va-a="#q"`: a button whose only work is to bring the focus to a field.
document.addEventListener("click", (evenement) => {
  const bouton = evenement.target.closest("[data-a39-va-a]");
  const champ = bouton && document.querySelector(bouton.dataset.a39VaA);
  champ?.focus();
  champ?.select?.();
});

// `data-a39-ouvre="#refus"`: shows a hidden region and moves into it.
document.addEventListener("click", (evenement) => {
  const bouton = evenement.target.closest("[data-a39-ouvre]");
  const region = bouton && document.querySelector(bouton.dataset.a39Ouvre);
  if (!region) return;
  region.hidden = false;
  region.focus();
});
