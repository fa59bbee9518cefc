// Runs before the first paint: a reader's choice of light or dark must not flash.
(() => {
  try {
    const theme = localStorage.getItem("daily8.theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch { /* storage is closed to us: the system's choice stands */ }
})();
