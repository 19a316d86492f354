// What the agent did while the connection was cut, in order, until it is entered in the log.
// Kept by the tab (sessionStorage), so that a page loaded again still brings it back: keys, ranks of
// choices, codes and instants. Never a word that was typed.

const PLACE = "a39.secours";
const CHAMPS = [
  "cle", "genre", "instant", "appel", "demande", "consultation", "version",
  "depuis", "chemin", "issue", "fiche_utile", "avait_note",
];

function lire() {
  try {
    return JSON.parse(sessionStorage.getItem(PLACE)) ?? { actions: [] };
  } catch {
    return { actions: [] };
  }
}

function ecrire(agent, actions) {
  if (actions.length) sessionStorage.setItem(PLACE, JSON.stringify({ agent, actions }));
  else sessionStorage.removeItem(PLACE);
}

// Those of this agent; another one's, left by a session that ended otherwise, are not brought back.
export function gardees(agent) {
  const { agent: auteur, actions } = lire();
  return auteur === agent ? actions : [];
}

// `randomUUID` is only there in secure contexts: a desk may be served in plain HTTP inside a centre.
export function cle() {
  const octets = crypto.getRandomValues(new Uint8Array(16));
  octets[6] = (octets[6] & 0x0f) | 0x40;
  octets[8] = (octets[8] & 0x3f) | 0x80;
  const hexa = [...octets].map((octet) => octet.toString(16).padStart(2, "0")).join("");
  return hexa.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

export function garder(agent, action) {
  const complete = { ...action, cle: cle(), instant: Date.now() };
  const retenue = Object.fromEntries(CHAMPS.map((champ) => [champ, complete[champ]]));
  ecrire(agent, [...gardees(agent), retenue]);
  return complete.cle;
}

export function oublier(agent, cles) {
  ecrire(agent, gardees(agent).filter((action) => !cles.includes(action.cle)));
}

export function vider() {
  sessionStorage.removeItem(PLACE);
}
