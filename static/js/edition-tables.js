// Rows of a form's tables, added, removed and moved in the page; the server reads them in the order
// of their numbers. `data-a39-table="questions"` is the table and its prefix, `data-a39-rangs` holds
// the rows (`data-a39-rang`), `data-a39-modele` an empty one. Every change is told by a
// `a39:rangs` event on the table. From a field of a row: Ctrl+Enter adds one after it, Alt+Up and
// Alt+Down move it, Alt+Delete removes it. Without this script the buttons send the form for more
// rows.

const NUMEROTES = ["name", "id", "for", "aria-describedby", "aria-labelledby"];

const rangs = (table) => [...table.querySelector("[data-a39-rangs]").children];

function numeroter(table) {
  const prefixe = table.dataset.a39Table;
  const motif = new RegExp(`^((?:id_)?${prefixe}-)(?:\\d+|__prefix__)-`);
  rangs(table).forEach((rang, place) => {
    for (const element of [rang, ...rang.querySelectorAll("*")]) {
      for (const attribut of NUMEROTES) {
        const valeur = element.getAttribute(attribut);
        if (valeur) element.setAttribute(attribut, valeur.replace(motif, `$1${place}-`));
      }
    }
    for (const numero of rang.querySelectorAll("[data-a39-numero]")) numero.textContent = place + 1;
    rang.querySelector("[data-a39-monter]").disabled = place === 0;
    rang.querySelector("[data-a39-descendre]").disabled = place === rangs(table).length - 1;
    rang.querySelector(".a39-outils").hidden = false;
  });
  document.getElementById(`id_${prefixe}-TOTAL_FORMS`).value = rangs(table).length;
}

function dire(texte) {
  const direct = document.querySelector("[data-a39-deplacement]");
  if (direct) direct.textContent = texte;
}

function change(table, texte) {
  numeroter(table);
  dire(texte);
  table.dispatchEvent(new CustomEvent("a39:rangs", { bubbles: true }));
}

const champ = (rang) => rang.querySelector("input:not([type=hidden]), textarea, select");

function ajouter(table, apres) {
  const rang = table.querySelector("[data-a39-modele]").content.firstElementChild.cloneNode(true);
  if (apres) apres.after(rang);
  else table.querySelector("[data-a39-rangs]").append(rang);
  change(table, `Ligne ${rangs(table).indexOf(rang) + 1} ajoutée.`);
  champ(rang).focus();
}

function retirer(table, rang) {
  const place = rangs(table).indexOf(rang);
  rang.remove();
  change(table, `Ligne ${place + 1} retirée.`);
  const voisin = rangs(table)[Math.min(place, rangs(table).length - 1)];
  (voisin ? champ(voisin) : table.querySelector("[data-a39-ajouter]")).focus();
}

function deplacer(table, rang, pas) {
  const place = rangs(table).indexOf(rang) + pas;
  const voisin = rangs(table)[place];
  if (pas < 0) voisin.before(rang);
  else voisin.after(rang);
  change(table, `Ligne déplacée en ${place + 1}.`);
  const boutons = [...rang.querySelectorAll("[data-a39-monter], [data-a39-descendre]")];
  const meme = boutons[pas < 0 ? 0 : 1];
  (meme.disabled ? boutons[pas < 0 ? 1 : 0] : meme).focus();
  rang.scrollIntoView({ block: "nearest" });
}

document.addEventListener("click", (evenement) => {
  const bouton = evenement.target.closest?.("button");
  const table = bouton?.closest("[data-a39-table]");
  if (!table) return;
  const rang = bouton.closest("[data-a39-rang]");
  if (bouton.matches("[data-a39-ajouter]")) {
    evenement.preventDefault();
    ajouter(table);
  } else if (bouton.matches("[data-a39-retirer]")) {
    retirer(table, rang);
  } else if (bouton.matches("[data-a39-monter]")) {
    deplacer(table, rang, -1);
  } else if (bouton.matches("[data-a39-descendre]")) {
    deplacer(table, rang, 1);
  }
});

function parTouche(evenement, table, rang) {
  const { key, ctrlKey, altKey } = evenement;
  if (ctrlKey && !altKey && key === "Enter") return ajouter(table, rang), true;
  if (!altKey || ctrlKey) return false;
  if (key === "Delete") return retirer(table, rang), true;
  if (key !== "ArrowUp" && key !== "ArrowDown") return false;
  const pas = key === "ArrowUp" ? -1 : 1;
  const place = rangs(table).indexOf(rang) + pas;
  if (place < 0 || place >= rangs(table).length) return dire("La ligne est déjà au bout."), true;
  const foyer = evenement.target;
  deplacer(table, rang, pas);
  foyer.focus(); // one goes on writing where one was
  return true;
}

document.addEventListener("keydown", (evenement) => {
  const rang = evenement.target.closest?.("[data-a39-rang]");
  const table = rang?.closest("[data-a39-table]");
  if (table && parTouche(evenement, table, rang)) evenement.preventDefault();
});

for (const table of document.querySelectorAll("[data-a39-table]")) numeroter(table);
