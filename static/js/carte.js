// The map and the list of the directory show each other: a dot under the pointer marks its line and
// a click goes to it; a line under the pointer, or with the focus, marks its dot.

const autre = (element) => {
  const point = element.closest?.("[data-a39-point]");
  if (point) return document.querySelector(`[data-a39-ligne="${point.dataset.a39Point}"]`);
  const ligne = element.closest?.("[data-a39-ligne]");
  return ligne && document.querySelector(`[data-a39-point="${ligne.dataset.a39Ligne}"]`);
};

function marquer(evenement) {
  for (const marque of document.querySelectorAll("[data-a39-vu]")) marque.removeAttribute("data-a39-vu");
  const vis = autre(evenement.target);
  if (!vis) return;
  vis.setAttribute("data-a39-vu", "");
  // Drawn last, a dot is above its neighbours.
  if (vis.matches("[data-a39-point]")) vis.parentNode.append(vis);
}

document.addEventListener("mouseover", marquer);
document.addEventListener("focusin", marquer);

document.addEventListener("click", (evenement) => {
  if (!evenement.target.closest("[data-a39-point]")) return;
  const lien = autre(evenement.target)?.querySelector("a");
  lien?.scrollIntoView({ block: "center" });
  lien?.focus({ preventScroll: true });
});
