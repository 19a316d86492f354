// The token by which the server knows that a request comes from a page of its own.

// Logging in again, in another tab, gives a new token: this page takes it over.
export async function renouveler() {
  const reponse = await fetch(location.href).catch(() => undefined);
  if (!reponse?.ok || reponse.redirected) return;
  const corps = new DOMParser().parseFromString(await reponse.text(), "text/html").body;
  const jeton = corps.getAttribute("hx-headers");
  if (jeton) document.body.setAttribute("hx-headers", jeton);
}
