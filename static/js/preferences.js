// What the agent chose in the preferences, as the page tells it.

export const actifs = () => document.documentElement.dataset.a39Raccourcis !== "non";
