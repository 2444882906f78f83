// Before anything is painted: the theme, size and language chosen on an earlier visit.
try {
  const choice = JSON.parse(localStorage.getItem("rollscope.view") ?? "{}");
  if (choice.theme === "light" || choice.theme === "dark") document.documentElement.dataset.theme = choice.theme;
  if (choice.size === "projector") document.documentElement.dataset.size = "projector";
} catch {
  // Storage may be forbidden or hold something else; the defaults do.
}
