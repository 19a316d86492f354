// Counts the words of a text to be said under its field: `data-a39-mots` = the most there may be,
// `data-a39-mots-ligne` = the most on each line. The server counts again; a lone punctuation mark is
// no word there either.

const CHAMPS = "[data-a39-mots], [data-a39-mots-ligne]";

const mots = (texte) => texte.split(/\s+/).filter((mot) => /[\p{L}\p{N}]/u.test(mot)).length;

function compter(champ) {
  const parLigne = champ.dataset.a39MotsLigne;
  const plafond = Number(parLigne ?? champ.dataset.a39Mots);
  let compteur = champ.nextElementSibling;
  if (!compteur?.classList.contains("a39-mots")) {
    compteur = document.createElement("span");
    compteur.className = "a39-mots";
    champ.after(compteur);
  }
  const nombre = parLigne ? Math.max(...champ.value.split("\n").map(mots)) : mots(champ.value);
  compteur.textContent = `${nombre} mot${nombre > 1 ? "s" : ""} sur ${plafond}${parLigne ? " par choix" : ""}`;
  compteur.classList.toggle("trop", nombre > plafond);
}

const tout = () => document.querySelectorAll(CHAMPS).forEach(compter);

document.addEventListener("input", (evenement) => {
  if (evenement.target.matches?.(CHAMPS)) compter(evenement.target);
});
document.addEventListener("a39:rangs", tout);

tout();
