// Fiches found by their words, to be linked. `data-a39-fiche="lien"` on a text: a box over it
// searches, and what is chosen is written `[titre](A39-0101)` where the caret was.
// `data-a39-fiche="reference"` on a box: what is typed searches, what is chosen takes its place.
// Arrows choose, Enter takes, Escape closes. The form's address is `data-a39-liens` around it.

const racine = document.querySelector("[data-a39-liens]");
const ATTENTE = 200;
const REFERENCE = /^(?:A39-|[FN])\d+$/i;

let minuterie;
let demande = 0;
let rang = 0; // of the next list, for its identifiers

function preparer(champ) {
  champ.setAttribute("role", "combobox");
  champ.setAttribute("autocomplete", "off");
  champ.setAttribute("aria-autocomplete", "list");
  champ.setAttribute("aria-expanded", "false");
  const liste = document.createElement("ul");
  liste.className = "a39-trouvees";
  liste.id = `a39-trouvees-${(rang += 1)}`;
  liste.hidden = true;
  liste.setAttribute("role", "listbox");
  liste.setAttribute("aria-label", "Fiches trouvées");
  const cadre = document.createElement("span");
  cadre.className = "a39-cherche";
  champ.before(cadre);
  cadre.append(champ, liste);
  champ.setAttribute("aria-controls", liste.id);
  champ.a39Liste = liste;
}

function boite(texte) {
  const ligne = document.createElement("span");
  ligne.className = "a39-lier";
  const etiquette = document.createElement("label");
  etiquette.textContent = "Lier une fiche ";
  const champ = document.createElement("input");
  champ.type = "text";
  champ.id = `${texte.id}_lien`;
  champ.className = "fr-input";
  champ.placeholder = "mots de la fiche";
  champ.a39Texte = texte;
  champ.dataset.a39Fiche = "cherche";
  etiquette.htmlFor = champ.id;
  ligne.append(etiquette, champ);
  texte.before(ligne);
  preparer(champ);
}

function fermer(champ) {
  demande += 1;
  clearTimeout(minuterie);
  champ.a39Liste.hidden = true;
  champ.setAttribute("aria-expanded", "false");
  champ.removeAttribute("aria-activedescendant");
}

function designer(champ, option) {
  for (const autre of champ.a39Liste.children) {
    autre.setAttribute("aria-selected", String(autre === option));
  }
  champ.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function montrer(champ, fiches) {
  const liste = champ.a39Liste;
  liste.replaceChildren(
    ...fiches.map(({ reference, titre }, place) => {
      const option = document.createElement("li");
      option.id = `${liste.id}-${place}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.reference = reference;
      option.dataset.titre = titre;
      option.textContent = `${titre} (${reference})`;
      return option;
    }),
  );
  liste.hidden = fiches.length === 0;
  champ.setAttribute("aria-expanded", String(fiches.length > 0));
  if (fiches.length) designer(champ, liste.firstElementChild);
}

async function chercher(champ) {
  const mots = champ.value.trim();
  if (mots.length < 2 || REFERENCE.test(mots)) return fermer(champ);
  const numero = (demande += 1);
  const reponse = await fetch(`${racine.dataset.a39Liens}?q=${encodeURIComponent(mots)}`).catch(
    () => undefined,
  );
  if (numero !== demande || !reponse?.ok) return undefined;
  const { fiches } = await reponse.json();
  if (numero === demande) montrer(champ, fiches);
  return undefined;
}

function prendre(champ, { reference, titre }) {
  fermer(champ);
  const texte = champ.a39Texte;
  if (texte) {
    // The title's own brackets would end the link.
    const lien = `[${titre.replaceAll("[", "(").replaceAll("]", ")")}](${reference})`;
    texte.setRangeText(lien, texte.selectionStart, texte.selectionEnd, "end");
    champ.value = "";
    texte.focus();
    texte.dispatchEvent(new InputEvent("input", { bubbles: true }));
  } else {
    champ.value = reference;
    champ.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
}

const cherche = (element) => element.matches?.('[data-a39-fiche="reference"], [data-a39-fiche="cherche"]');

if (racine) {
  for (const texte of racine.querySelectorAll('[data-a39-fiche="lien"]')) boite(texte);
  racine.addEventListener("input", (evenement) => {
    const champ = evenement.target;
    if (!cherche(champ)) return;
    if (!champ.a39Liste) {
      preparer(champ);
      champ.focus(); // moved into its frame
    }
    clearTimeout(minuterie);
    minuterie = setTimeout(chercher, ATTENTE, champ);
  });
  racine.addEventListener("keydown", (evenement) => {
    const champ = evenement.target;
    if (!champ.a39Liste) return;
    const ouverte = !champ.a39Liste.hidden;
    if (evenement.key === "Enter" && !evenement.ctrlKey) {
      evenement.preventDefault(); // a box that searches never sends the form
      const option = champ.a39Liste.querySelector("[aria-selected=true]");
      if (ouverte && option) prendre(champ, option.dataset);
    } else if (ouverte && evenement.key === "Escape") {
      fermer(champ);
    } else if (ouverte && !evenement.altKey && ["ArrowDown", "ArrowUp"].includes(evenement.key)) {
      evenement.preventDefault();
      const options = [...champ.a39Liste.children];
      const place = options.findIndex((each) => each.getAttribute("aria-selected") === "true");
      const pas = evenement.key === "ArrowDown" ? 1 : -1;
      designer(champ, options[(place + pas + options.length) % options.length]);
    }
  });
  racine.addEventListener("mousedown", (evenement) => {
    const option = evenement.target.closest(".a39-trouvees [role=option]");
    if (!option) return;
    evenement.preventDefault(); // the box keeps the focus
    prendre(option.closest(".a39-cherche").querySelector("input"), option.dataset);
  });
  racine.addEventListener("focusout", (evenement) => {
    if (evenement.target.a39Liste) fermer(evenement.target);
  });
}
