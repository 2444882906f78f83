// Starts the playground. It replaces trunk's inline loader, which a strict Content-Security-Policy refuses.
// The names of the built files, which carry hashes, are on the script tag.
const { js, wasm } = document.querySelector("script[data-wasm]").dataset;
const file = (name) => new URL(name, document.baseURI);
try {
  const { default: init } = await import(file(js).href);
  await init({ module_or_path: file(wasm) });
} catch (error) {
  console.error(error);
  const boot = document.getElementById("boot");
  if (boot) {
    boot.role = "alert";
    boot.textContent = `Rollscope could not start: ${error?.message ?? error}. Reloading the page may help; a browser with WebAssembly is needed.`;
  }
}
