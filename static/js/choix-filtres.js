// A long list of boxes (`data-a39-choix-filtres`) narrowed as one types in its `data-a39-filtre`;
// ticked boxes stay in sight and are counted in `data-a39-choisis`. Without it the list is whole.

const plat = (texte) =>
  texte
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase();

function compter(groupe) {
  const choisis = groupe.querySelectorAll("input:checked").length;
  groupe.querySelector("[data-a39-choisis]").textContent = choisis ? `${choisis} choisi${choisis > 1 ? "s" : ""}` : "";
}

function filtrer(groupe) {
  const mots = plat(groupe.querySelector("[data-a39-filtre]").value).split(/\s+/);
  for (const ligne of groupe.querySelectorAll("li")) {
    const texte = plat(ligne.textContent);
    const coche = ligne.querySelector("input").checked;
    ligne.hidden = !coche && !mots.every((mot) => texte.includes(mot));
  }
}

for (const groupe of document.querySelectorAll("[data-a39-choix-filtres]")) {
  const champ = groupe.querySelector("[data-a39-filtre]");
  champ.hidden = false;
  champ.addEventListener("input", () => filtrer(groupe));
  // « Entrée » chooses the only line left instead of sending the form.
  champ.addEventListener("keydown", (evenement) => {
    if (evenement.key !== "Enter") return;
    evenement.preventDefault();
    const libres = [...groupe.querySelectorAll("li:not([hidden]) input:not(:checked)")];
    if (libres.length !== 1) return;
    libres[0].click();
    champ.value = "";
    filtrer(groupe);
  });
  groupe.addEventListener("change", () => compter(groupe));
  // What was ticked is read first, when the page comes back.
  const coches = [...groupe.querySelectorAll("li")].filter((ligne) => ligne.querySelector("input:checked"));
  groupe.querySelector("ul").prepend(...coches);
  compter(groupe);
}
