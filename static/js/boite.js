// The inbox by keyboard: arrows go from line to line, « x » ticks, digits choose a kind, the letters
// of the buttons deal with what is ticked, else with the line the focus is on.

const boite = document.querySelector("[data-a39-boite]");
const libre = boite.dataset.a39Boite === "oui";
const liens = [...boite.querySelectorAll("[data-a39-affaire]")];
const cases = [...boite.querySelectorAll("[data-a39-gestes]")];
const gestes = [...boite.querySelectorAll("button[name=geste]")];
const compte = boite.querySelector("[data-a39-compte]");

const ligne = (element) => element?.closest("li");
const enCours = () => liens.findIndex((lien) => ligne(lien) === ligne(document.activeElement));
const caseDe = (rang) => ligne(liens[rang])?.querySelector("[data-a39-gestes]");
const accepte = (coche, geste) => coche.dataset.a39Gestes.split(" ").includes(geste);

function compter() {
  const choisies = cases.filter((coche) => coche.checked);
  if (compte) {
    const pluriel = choisies.length > 1 ? "s" : "";
    compte.textContent = choisies.length
      ? `${choisies.length} choisie${pluriel}\u00a0:`
      : "Cochez ce qui se règle ensemble\u00a0:";
  }
  for (const bouton of gestes) {
    bouton.disabled = !choisies.some((coche) => accepte(coche, bouton.value));
  }
}

function aller(pas) {
  if (!liens.length) return;
  const rang = enCours();
  const suivant = rang < 0 ? (pas > 0 ? 0 : liens.length - 1) : rang + pas;
  const lien = liens[Math.min(Math.max(suivant, 0), liens.length - 1)];
  lien.focus();
  ligne(lien).scrollIntoView({ block: "nearest" });
}

function regler(bouton) {
  const coche = caseDe(enCours());
  if (!cases.some((autre) => autre.checked) && coche && accepte(coche, bouton.value)) {
    coche.checked = true;
    compter();
  }
  if (!bouton.disabled) bouton.click();
}

document.addEventListener("keydown", (evenement) => {
  if (evenement.ctrlKey || evenement.altKey || evenement.metaKey) return;
  if (evenement.target.closest("select, textarea, input:not([type=checkbox])")) return;
  if (evenement.key === "ArrowDown" || evenement.key === "ArrowUp") {
    evenement.preventDefault();
    aller(evenement.key === "ArrowDown" ? 1 : -1);
    return;
  }
  if (!libre) return;
  if (evenement.key === "x") {
    const coche = caseDe(enCours());
    if (!coche) return;
    coche.checked = !coche.checked;
    compter();
    return;
  }
  boite.querySelector(`[data-a39-chiffre="${CSS.escape(evenement.key)}"]`)?.click();
  const bouton = boite.querySelector(`[data-a39-lettre="${CSS.escape(evenement.key)}"]`);
  if (bouton?.name === "geste") regler(bouton);
  else bouton?.click();
});

boite.addEventListener("change", compter);
compter();
