// Flash news. The banner lies over the foot of the page, so that nothing moves under the cursor;
// the focus stays where it is. Each flash is announced once, and goes by itself at its hour.

const DITS = "a39-flashs-dits"; // of the tab: keys of the flashes announced, never their text
const PLUS_TARD = 2 ** 31 - 1; // milliseconds: the longest wait of a timer

// How much of the foot of the page the banner covers, for the style sheet.
const mesure = new ResizeObserver(mesurer);

function mesurer() {
  const hauteur = region()?.getBoundingClientRect().height ?? 0;
  document.documentElement.style.setProperty("--a39-flash", `${Math.ceil(hauteur)}px`);
}

const region = () => document.getElementById("a39-flashs");
let minuteries = [];
let avant = null; // what had the focus before the agent went into the banner

function dits() {
  try {
    return JSON.parse(sessionStorage.getItem(DITS)) ?? [];
  } catch {
    return [];
  }
}

function annoncer(flashs) {
  const connus = dits();
  const nouveaux = flashs.filter((flash) => !connus.includes(flash.dataset.a39Flash));
  if (!nouveaux.length) return;
  const texte = nouveaux.map((flash) => flash.querySelector("p").textContent.replace(/\s+/g, " ").trim()).join(". ");
  try {
    sessionStorage.setItem(DITS, JSON.stringify([...connus, ...nouveaux.map((flash) => flash.dataset.a39Flash)].slice(-50)));
  } catch {
    // No storage: announced again on the next page, no harm.
  }
  // After the page has settled: a live region filled while it loads is not read.
  setTimeout(() => (document.getElementById("a39-direct").textContent = texte), 100);
}

function attendre(secondes, faire) {
  minuteries.push(setTimeout(faire, Math.min(secondes * 1000, PLUS_TARD)));
}

function suivre() {
  const bandeau = region();
  minuteries.forEach(clearTimeout);
  minuteries = [];
  mesure.disconnect();
  if (!bandeau) return;
  mesure.observe(bandeau);
  const flashs = [...bandeau.querySelectorAll("[data-a39-flash]")];
  for (const flash of flashs) {
    attendre(Number(flash.dataset.a39Reste), () => {
      const tenu = flash.contains(document.activeElement);
      flash.remove();
      bandeau.hidden = !bandeau.querySelector("[data-a39-flash]");
      if (tenu) rendre();
    });
  }
  if (bandeau.dataset.a39Dans) {
    // One more second: the server's clock decides.
    attendre(Number(bandeau.dataset.a39Dans) + 1, () => bandeau.dispatchEvent(new Event("a39:flash")));
  }
  annoncer(flashs);
}

// The focus never falls to <body> when the button that had it goes with its flash.
function rendre() {
  const cible = avant?.isConnected ? avant : document.getElementById("principal");
  cible?.focus({ preventScroll: true });
}

document.addEventListener("focusin", (evenement) => {
  if (!evenement.target.closest("#a39-flashs")) avant = evenement.target;
});

let tenait = false;
document.addEventListener("htmx:beforeSwap", (evenement) => {
  if (evenement.detail.target.id === "a39-flashs") tenait = region().contains(document.activeElement);
});

document.addEventListener("htmx:afterSettle", (evenement) => {
  if (evenement.detail.target?.id !== "a39-flashs" && evenement.target.id !== "a39-flashs") return;
  if (tenait && !region().contains(document.activeElement)) rendre();
  tenait = false;
  suivre();
});

suivre();
