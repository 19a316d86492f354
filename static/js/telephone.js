// What the telephone brings is for the screen that asked. An answer asked for while no call was on
// screen opens one; when the agent has picked up by hand meanwhile, it would wipe what is being
// typed: it is dropped, and the next event tells the rest. Before it is read: the place it was for
// may have left the page, and what happens there is not heard of any more.

document.addEventListener("htmx:beforeOnLoad", (evenement) => {
  const { requestConfig, pathInfo } = evenement.detail;
  if (!requestConfig.path.endsWith("/console/telephone/")) return;
  const montree = document.querySelector("#recherche [name=demande]")?.value ?? "";
  const demandee = new URLSearchParams(pathInfo.finalRequestPath.split("?")[1]).get("demande") ?? "";
  if (montree !== demandee) evenement.preventDefault();
});
