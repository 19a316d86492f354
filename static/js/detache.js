// An answer asked for by an element that a push has replaced meanwhile: htmx looks for the regions of
// the answer in the document of that element, which is none any more, and they would be lost. It is
// put back, out of sight, while the answer is swapped in.

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const demandeur = detail.requestConfig?.elt;
  if (!demandeur || demandeur.isConnected) return;
  const enclos = document.createElement("div");
  enclos.hidden = true;
  enclos.append(demandeur);
  document.body.append(enclos);
  queueMicrotask(() => enclos.remove());
});
