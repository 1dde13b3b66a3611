// Bundles the editor and all it stands on into one file, and says whose work is in it.
import { build } from "esbuild";

const made = await build({
  entryPoints: ["src/editor.js"],
  outfile: "editor.js",
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "none",
  charset: "utf8",
  metafile: true,
  banner: { js: "// Made by `npm run build` from src/; see README.md, and NOTICE for licences." },
});
const packages = Object.keys(made.metafile.inputs)
  .map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1])
  .filter(Boolean);
console.log([...new Set(packages)].sort().join("\n"));
