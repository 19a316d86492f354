// Counts the words of a spoken text under its field (`data-a39-mots` = the most there may be).
// The server counts again; a lone punctuation mark is no word there either.

const mots = (texte) => texte.split(/\s+/).filter((mot) => /[\p{L}\p{N}]/u.test(mot)).length;

function compter(champ) {
  const plafond = Number(champ.dataset.a39Mots);
  let compteur = champ.nextElementSibling;
  if (!compteur?.classList.contains("a39-mots")) {
    compteur = document.createElement("span");
    compteur.className = "a39-mots";
    champ.after(compteur);
  }
  const nombre = mots(champ.value);
  compteur.textContent = `${nombre} mot${nombre > 1 ? "s" : ""} sur ${plafond}`;
  compteur.classList.toggle("trop", nombre > plafond);
}

document.addEventListener("input", (evenement) => {
  if (evenement.target.dataset?.a39Mots) compter(evenement.target);
});

for (const champ of document.querySelectorAll("[data-a39-mots]")) compter(champ);
