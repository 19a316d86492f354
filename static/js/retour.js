// `data-a39-retour`: a link to a list. Whoever came from that list goes back to it as it was, with
// what was typed, which no address tells; the link alone would keep the facets only.

document.addEventListener("click", (evenement) => {
  const lien = evenement.target.closest("a[data-a39-retour]");
  if (!lien || evenement.ctrlKey || evenement.metaKey || evenement.shiftKey) return;
  const venue = document.referrer && new URL(document.referrer);
  if (!venue || venue.origin !== location.origin || venue.pathname !== lien.pathname) return;
  evenement.preventDefault();
  history.back();
});
