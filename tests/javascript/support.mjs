// What these tests share: the built package, the program, and the files they are tried on.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const built = process.env.CARGO_TARGET_DIR ?? join(root, "target");

/** The folder of the built package. */
export const packageFolder = process.env.WATERTIGHT_PACKAGE ?? join(built, "javascript");

const program = process.env.WATERTIGHT_PROGRAM ?? join(built, "debug", "watertight");

/** The package as Node resolves it. */
export async function load() {
  const { exports } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8"));
  return import(pathToFileURL(join(packageFolder, exports["."].node)));
}

/** What the program says. */
export function run(args, input = "") {
  const said = spawnSync(program, args, { input, encoding: "utf8", maxBuffer: 1 << 28 });
  if (said.error) throw said.error;
  if (said.status === null || said.status > 2) throw new Error(`${args.join(" ")}: ${said.signal} ${said.stderr}`);
  return { status: said.status, out: said.stdout, err: said.stderr };
}

/** The examples of the page, and with a corpus the files of it that the program reads. */
export function files() {
  const found = [];
  walk(join(root, "static/examples"), found);
  const corpus = process.env.WATERTIGHT_CORPUS ?? join(root, "../shared/corpus");
  for (const folder of ["article", "manifests", "seccomp/profiles", "falco", "apparmor/container-profiles"]) {
    walk(join(corpus, folder), found);
  }
  return found;
}

function walk(folder, found) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) walk(path, found);
    else if (/\.(ya?ml|json|apparmor)$/.test(entry.name)) found.push(path);
  }
}

/** How a test names a file. */
export function shortName(path) {
  return path.startsWith(root) ? path.slice(root.length) : join(dirname(path).split("/").at(-1), path.split("/").at(-1));
}
