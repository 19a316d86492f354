// `data-a39-depuis`: an instant (seconds since 1970); the element shows the time gone since.
// `data-a39-jusqua`: the seconds left until an instant.

const deux = (nombre) => String(nombre).padStart(2, "0");

function battre() {
  const maintenant = Date.now() / 1000;
  for (const element of document.querySelectorAll("[data-a39-depuis]")) {
    const secondes = Math.max(0, Math.floor(maintenant - Number(element.dataset.a39Depuis)));
    const texte = `${deux(Math.floor(secondes / 60))}:${deux(secondes % 60)}`;
    if (element.textContent !== texte) element.textContent = texte;
  }
  for (const element of document.querySelectorAll("[data-a39-jusqua]")) {
    const secondes = Math.max(0, Math.ceil(Number(element.dataset.a39Jusqua) - maintenant));
    if (element.textContent !== String(secondes)) element.textContent = String(secondes);
  }
}

setInterval(battre, 500);
document.addEventListener("htmx:afterSettle", battre);
battre();
