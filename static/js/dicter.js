// `data-a39-dicter="#dictee-…"` opens a body to dictate over the page. « Échap » closes it, as does
// the key that opened it; the focus goes back by itself to where it was.

document.addEventListener("click", (evenement) => {
  const bouton = evenement.target.closest("[data-a39-dicter]");
  if (bouton) document.querySelector(bouton.dataset.a39Dicter)?.showModal();
  if (evenement.target.closest("[data-a39-fin-dictee]")) evenement.target.closest("dialog").close();
});

document.addEventListener("keydown", (evenement) => {
  const dialogue = evenement.target.closest?.("dialog.a39-dictee[open]");
  if (!dialogue || evenement.key.toLowerCase() !== "d") return;
  if (evenement.ctrlKey || evenement.altKey || evenement.metaKey) return;
  evenement.preventDefault();
  dialogue.close();
});
