// Before the first paint, so that a chosen theme does not flash in the other one.
try {
  const { theme } = JSON.parse(localStorage.getItem("watertight.preferences") ?? "{}");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // No storage in this frame: the system's theme it is.
}
