// The colours are chosen before the first paint, so that the screen does not flash.
// A classic script in the head, not a module: modules run too late for that.
(() => {
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const scheme = root.dataset.frScheme;
    root.dataset.frTheme = scheme === "system" ? (dark.matches ? "dark" : "light") : scheme;
  };
  apply();
  dark.addEventListener("change", apply);
})();
