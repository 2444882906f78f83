// Bundles src/ into editor.js and gathers the licences of what is in it: `npm ci && npm run build`.
import { build } from "esbuild";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import path from "node:path";

const here = path.dirname(fileURLToPath(import.meta.url));

// CodeMirror writes its styles into a <style> element, which the page's Content-Security-Policy refuses;
// a constructed style sheet, which style-mod uses in shadow roots, is allowed everywhere.
const constructedSheets = {
  name: "constructed-sheets",
  setup(bundler) {
    bundler.onLoad({ filter: /style-mod\/src\/style-mod\.js$/ }, async ({ path: file }) => {
      const source = await readFile(file, "utf8");
      const patched = source.replace("!root.head && root.adoptedStyleSheets", "root.adoptedStyleSheets");
      if (patched === source) throw new Error("style-mod has changed: look at constructedSheets again");
      return { contents: patched, loader: "js" };
    });
  },
};

const result = await build({
  absWorkingDir: here,
  entryPoints: ["src/editor.js"],
  outfile: "editor.js",
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  metafile: true,
  legalComments: "none",
  banner: { js: "/* CodeMirror 6 and what it needs, MIT; notices in LICENSES.txt. Built from src/, see build.mjs. */" },
  plugins: [constructedSheets],
});

const packages = new Set();
for (const input of Object.keys(result.metafile.inputs)) {
  const match = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
  if (match) packages.add(match[1]);
}
let notices = "editor.js contains these packages.\n";
for (const name of [...packages].sort()) {
  const folder = path.join(here, "node_modules", name);
  const { version, license } = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? (await readFile(path.join(folder, file), "utf8")).trim() : license;
  notices += `\n${"=".repeat(72)}\n${name} ${version} (${license})\n\n${text}\n`;
}
await writeFile(path.join(here, "LICENSES.txt"), notices);
