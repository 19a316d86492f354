// In a call, a link to another fiche opens it in the reading pane, for the same question:
// `data-a39-suite="#suite"` on the pane names the form that asks for it. A resource of the source
// opens beside the call. Elsewhere both are links.

document.addEventListener("click", (evenement) => {
  const lien = evenement.target.closest("a[data-reference]");
  const volet = lien?.closest("[data-a39-suite]");
  if (!volet || evenement.ctrlKey || evenement.metaKey || evenement.shiftKey) return;
  const formulaire = document.querySelector(volet.dataset.a39Suite);
  if (!formulaire) return;
  evenement.preventDefault();
  if (lien.matches(".a39-lien-ressource")) {
    window.open(lien.href, "_blank", "noopener");
    return;
  }
  formulaire.elements.reference.value = lien.dataset.reference;
  formulaire.requestSubmit();
});

// Back from it, the eyes find the link again, its chapter unfolded.
document.addEventListener("htmx:afterSettle", () => {
  const volet = document.querySelector("[data-a39-revenue-de]");
  if (!volet) return;
  const lien = volet.querySelector(`a[data-reference="${volet.dataset.a39RevenueDe}"]`);
  volet.removeAttribute("data-a39-revenue-de");
  if (!lien) return;
  for (let pli = lien.closest("details"); pli; pli = pli.parentElement.closest("details")) {
    pli.open = true;
  }
  lien.focus({ preventScroll: true });
  lien.scrollIntoView({ block: "center" });
});
