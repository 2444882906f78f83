// Starts the playground. It replaces trunk's inline loader, which a strict Content-Security-Policy refuses.
// The names of the built files, which carry hashes, are on the script tag.
const { js, wasm } = document.querySelector("script[data-wasm]").dataset;
const file = (name) => new URL(name, document.baseURI);

// The wasm is compiled while it arrives and while the editor's bundle, a deferred script behind this
// one, is read. A server that does not call it application/wasm only makes it slower.
const compiled = globalThis.WebAssembly?.compileStreaming?.(fetch(file(wasm))).catch(() => undefined);
// The page opens with its editor: this event comes when the deferred scripts have run, or failed.
const scripts = new Promise((done) => document.addEventListener("DOMContentLoaded", done, { once: true }));

try {
  const [{ default: init }, module] = await Promise.all([import(file(js).href), compiled, scripts]);
  await init({ module_or_path: module ?? file(wasm) });
  performance.mark("rollscope.started");
} catch (error) {
  console.error(error);
  const boot = document.getElementById("boot");
  if (boot) {
    boot.role = "alert";
    boot.textContent = `Rollscope could not start: ${error?.message ?? error}. Reloading the page may help; a browser with WebAssembly is needed.`;
  }
}
