// Fiches found by their words, to be linked. `data-a39-fiche="lien"` on a text: a box over it
// searches, and what is chosen is written `[titre](A39-0101)` where the caret was.
// Shared blocks are found in the same box, and written `{bloc:code}`; `data-a39-fiche="bloc"` on a
// text finds them alone. `data-a39-fiche="reference"` on a box: what is typed searches, what is chosen takes its place.
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
  liste.setAttribute("aria-label", "Trouvé");
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
  const seuls = texte.dataset.a39Fiche === "bloc";
  etiquette.textContent = seuls ? "Insérer un bloc partagé " : "Lier une fiche, insérer un bloc ";
  const champ = document.createElement("input");
  champ.type = "text";
  champ.id = `${texte.id}_lien`;
  champ.className = "fr-input";
  champ.placeholder = seuls ? "mots du bloc" : "mots de la fiche ou du bloc";
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

// What each line shows, and what is written when it is taken.
function lignes(champ, { fiches, blocs }) {
  const texte = champ.a39Texte;
  const desFiches = fiches.map(({ reference, titre }) => ({
    dit: `${titre} (${reference})`,
    // The title's own brackets would end the link.
    ecrit: texte ? `[${titre.replaceAll("[", "(").replaceAll("]", ")")}](${reference})` : reference,
  }));
  const desBlocs = blocs.map(({ nom, titre, valeur }) => ({
    dit: `${titre}\u00a0: ${valeur} (bloc partagé)`,
    ecrit: nom,
  }));
  if (!texte) return desFiches;
  return texte.dataset.a39Fiche === "bloc" ? desBlocs : [...desBlocs, ...desFiches];
}

function montrer(champ, trouvees) {
  const liste = champ.a39Liste;
  liste.replaceChildren(
    ...trouvees.map(({ dit, ecrit }, place) => {
      const option = document.createElement("li");
      option.id = `${liste.id}-${place}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.ecrit = ecrit;
      option.textContent = dit;
      return option;
    }),
  );
  liste.hidden = trouvees.length === 0;
  champ.setAttribute("aria-expanded", String(trouvees.length > 0));
  if (trouvees.length) designer(champ, liste.firstElementChild);
}

async function chercher(champ) {
  const mots = champ.value.trim();
  if (mots.length < 2 || REFERENCE.test(mots)) return fermer(champ);
  const numero = (demande += 1);
  const reponse = await fetch(`${racine.dataset.a39Liens}?q=${encodeURIComponent(mots)}`).catch(
    () => undefined,
  );
  if (numero !== demande || !reponse?.ok) return undefined;
  const trouvees = lignes(champ, await reponse.json());
  if (numero === demande) montrer(champ, trouvees);
  return undefined;
}

function prendre(champ, { ecrit }) {
  fermer(champ);
  const texte = champ.a39Texte;
  if (texte) {
    const { selectionStart: debut, selectionEnd: fin, textLength: bout } = texte;
    // A text nobody has been in has no place of its own yet: what is found goes to its end.
    const [de, a] = texte.a39Visite ? [debut, fin] : [bout, bout];
    const blanc = de > 0 && !/\s/.test(texte.value[de - 1]) && !texte.a39Visite ? " " : "";
    texte.setRangeText(blanc + ecrit, de, a, "end");
    champ.value = "";
    texte.focus();
    texte.dispatchEvent(new InputEvent("input", { bubbles: true }));
  } else {
    champ.value = ecrit;
    champ.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
}

const cherche = (element) => element.matches?.('[data-a39-fiche="reference"], [data-a39-fiche="cherche"]');

if (racine) {
  for (const texte of racine.querySelectorAll('[data-a39-fiche="lien"], [data-a39-fiche="bloc"]')) {
    boite(texte);
  }
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
  racine.addEventListener("focusin", (evenement) => {
    if (evenement.target.dataset.a39Fiche) evenement.target.a39Visite = true;
  });
  racine.addEventListener("focusout", (evenement) => {
    if (evenement.target.a39Liste) fermer(evenement.target);
  });
}
