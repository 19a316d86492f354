// `data-a39-puis="#motifs"`: once a digit has chosen in this group, the next digits choose in another;
// a field takes the focus. A choice made with the mouse or the arrows leaves the focus where it is.

document.addEventListener("click", (evenement) => {
  const etiquette = evenement.target.closest("label[data-a39-chiffre]");
  if (!etiquette || evenement.isTrusted || evenement.target.matches("input")) return;
  const suite = etiquette.closest("[data-a39-puis]")?.dataset.a39Puis;
  // After the label has given the focus to its own button.
  if (suite) queueMicrotask(() => document.querySelector(suite)?.focus());
});
