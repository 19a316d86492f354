// What the telephone brings is for the screen that asked. An answer asked for while no call was on
// screen opens one; when the agent has picked up by hand meanwhile, it would wipe what is being
// typed: it is dropped, and the next event tells the rest.

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (!detail.requestConfig.path.endsWith("/console/telephone/")) return;
  const montree = document.querySelector("#recherche [name=demande]")?.value ?? "";
  const demandee = new URLSearchParams(detail.pathInfo.finalRequestPath.split("?")[1]).get("demande") ?? "";
  if (montree !== demandee && detail.target?.id === "lecture") detail.shouldSwap = false;
});
