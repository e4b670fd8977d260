// Trunk's last step: bundles the editor and the styles, takes the start scripts along, cuts the programs of a first visit to
// what it runs, and gives every file the hash of its content, so that a server may let browsers keep all of them for ever
// except index.html.
import { createHash } from "node:crypto";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const editor = dirname(dirname(fileURLToPath(import.meta.url)));
const root = join(editor, "../..");
const out = process.env.TRUNK_STAGING_DIR;
if (!out) throw new Error("finish.mjs is run by Trunk, which says in TRUNK_STAGING_DIR where the page is");
const release = process.env.TRUNK_PROFILE === "release";
// For `cargo xtask visit`, which counts what visits call.
const visited = process.env.WATERTIGHT_VISIT !== undefined;

installPackages();
const { build } = await import("esbuild");
const { split } = await import("./split.mjs");
const { tailor } = await import("./tailor.mjs");
const { analyse } = await import("./questions.mjs");
const { count } = await import("./count.mjs");
const { withoutPaths } = await import("./paths.mjs");

await build({
  entryPoints: {
    editor: join(editor, "src/editor.js"),
    page: join(root, "static/styles/page.css"),
    panels: join(root, "static/styles/panels.css"),
    theme: join(root, "static/boot/theme.js"),
    start: join(root, "static/boot/start.js"),
    worker: join(root, "static/boot/worker.js"),
    tools: join(root, "static/tools/tools.js"),
  },
  outdir: out,
  bundle: true,
  // What the start scripts import is made by wasm-bindgen or stands beside them.
  external: ["./app.js", "./first.js", "./engine.js", "./editor.js", "./tools.js"],
  format: "esm",
  target: ["es2022", "chrome123", "firefox120", "safari17.5"],
  minify: release,
  legalComments: "none",
  logLevel: "warning",
});

// The examples with their texts in one file, so that choosing one asks nobody for anything more.
const gallery = JSON.parse(readFileSync(join(root, "static/examples/index.json"), "utf8"));
const examples = gallery.groups.flatMap((group) => group.examples);
for (const example of examples) {
  example.files = example.files.map((name) => ({ name, text: exampleText(name) }));
}
writeFileSync(join(out, "examples.json"), JSON.stringify(gallery));

if (release) {
  for (const program of ["app_bg.wasm", "first_bg.wasm", "engine_bg.wasm"]) {
    writeFileSync(join(out, program), withoutPaths(readFileSync(join(out, program))));
  }
  cutApp();
  cutEngine();
}
for (const glue of ["app.js", "first.js", "engine.js"]) await minify(join(out, glue));
writeFileSync(join(out, "watertight.svg"), readFileSync(join(root, "static/icons/watertight.svg")));

// The languages of the page besides English, without the white space.
mkdirSync(join(out, "languages"), { recursive: true });
writeFileSync(join(out, "languages/de.json"), JSON.stringify(JSON.parse(readFileSync(join(root, "static/languages/de.json"), "utf8"))));

// The course is one file, so that the list of lessons costs no second request. Each lesson says its place in it.
const lessons = join(root, "static/lessons");
const folders = readdirSync(lessons, { withFileTypes: true }).filter((entry) => entry.isDirectory());
mkdirSync(join(out, "lessons"), { recursive: true });
writeFileSync(
  join(out, "lessons/out-of-the-box.md"),
  folders.map(({ name }) => readFileSync(join(lessons, name, "lesson.md"), "utf8")).join("\n"),
);

// Leaves first: a file is renamed only when everything it names has its final name.
const renamed = new Map();
for (const name of [
  "watertight.svg",
  "examples.json",
  "lessons/out-of-the-box.md",
  "languages/de.json",
  "page.css",
  "panels.css",
  "theme.js",
  "editor.js",
  "app_bg.wasm",
  ...(release ? ["late.wasm"] : []),
  "first_bg.wasm",
  "engine_bg.wasm",
  "app.js",
  "first.js",
  "engine.js",
  "worker.js",
  "tools.js",
  "start.js",
]) {
  rename(name);
}

let html = rewrite(readFileSync(join(out, "index.html"), "utf8"), [...renamed.keys()]);
// The first example stands in the first page, so that there is something to read before the app has arrived.
const example = exampleText("risky-web.yaml").replaceAll("&", "&amp;").replaceAll("<", "&lt;");
if (!html.includes("></textarea>")) throw new Error("index.html has no empty field for the first example");
html = html.replace("></textarea>", () => `>${example}</textarea>`);
// The browser asks for this at once instead of finding it in the start script. The programs wait for the first picture.
const preload = `<link rel="modulepreload" href="${renamed.get("app.js")}">`;
html = html.replace(/(?=<script type="?module"?)/, preload);
if (!html.includes(preload)) throw new Error("index.html has no module script");
if (/<script(?![^>]*\ssrc=)/.test(html)) throw new Error("an inline script in index.html, which its policy refuses");
// Files that are asked for by name from outside keep their names: by a browser that installs the page, by other pages.
for (const [folder, name] of [
  ["offline", "manifest.webmanifest"],
  ["icons", "icon-192.png"],
  ["icons", "icon-512.png"],
  ["icons", "icon-maskable.png"],
  ["icons", "card.png"],
  ["embed", "watertight-playground.js"],
  ["embed", "embed.js"],
  ["pages", "privacy.html"],
  ["pages", "embed.html"],
  ["pages", "pages.css"],
]) {
  let bytes = readFileSync(join(root, "static", folder, name));
  if (/\.(html|webmanifest)$/.test(name)) bytes = rewrite(bytes.toString("utf8"), [...renamed.keys()]);
  writeFileSync(join(out, name), bytes);
}
// Which build this is, and of which day its data on known bugs is; shown with the commands.
const dated = readFileSync(join(root, "crates/knowledge/data/cves.txt"), "utf8").match(/^date (\S+)$/m)?.[1] ?? "unknown";
const number = createHash("sha256").update([...renamed.values()].join()).digest("hex").slice(0, 8);
html = html.replace("</title>", `</title>\n<meta name="build" content="Build ${number}, data of ${dated}">`);
// A page that is being worked on is not kept: it would be shown again after the next change.
if (release) html = html.replace("</title>", '</title>\n<meta name="offline" content="service-worker.js">');
writeFileSync(join(out, "index.html"), html);
writeServiceWorker();

// The list of everything that the page may ask for, under a version made of the contents.
function writeServiceWorker() {
  const left = /^(card\.png|report\.schema\.json|watertight\.d\.ts|service-worker\.js)$/;
  const files = readdirSync(out, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(out, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .filter((name) => !left.test(name))
    .sort();
  const hash = createHash("sha256");
  for (const name of files) hash.update(name).update(readFileSync(join(out, name)));
  const list = ["./", ...files].map((name) => JSON.stringify(name)).join(", ");
  const text = readFileSync(join(root, "static/offline/service-worker.js"), "utf8")
    .replace('"@files@"', () => list)
    .replace("@version@", hash.digest("hex").slice(0, 16));
  writeFileSync(join(out, "service-worker.js"), text);
}

function rename(name) {
  const path = join(out, name);
  let bytes = readFileSync(path);
  if (name.endsWith(".js")) {
    bytes = Buffer.from(rewrite(bytes.toString("utf8"), [...renamed.keys()]));
    writeFileSync(path, bytes);
  }
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  const [, stem, rest] = name.match(/^([^._]+)(.*)$/);
  const hashed = `${stem}-${hash}${rest}`;
  renameSync(path, join(out, hashed));
  renamed.set(name, hashed);
}

// Replaces whole file names only: `app.js` in quotes or after a slash, not the end of `my-app.js`.
function rewrite(text, names) {
  for (const name of names) {
    const pattern = new RegExp(`(?<=["'\`/=])${name.replaceAll(".", "\\.")}(?=["'\`> ])`, "g");
    text = text.replace(pattern, renamed.get(name));
  }
  return text;
}

// The app's program in two parts, and the import of the second in what wasm-bindgen has written for the first.
function cutApp() {
  const path = join(out, "app_bg.wasm");
  const { first, late } = split(readFileSync(path), { names: visited });
  if (visited) {
    const { counted, functions } = count(first);
    writeFileSync(path, counted);
    writeFileSync(join(out, "functions.json"), JSON.stringify(functions));
    addToGlue("app.js", [['"./app_bg.js": import0,', " visit: { called(number) { (globalThis.called ??= new Set()).add(number); } },"]]);
  } else {
    writeFileSync(path, first);
  }
  writeFileSync(join(out, "late.wasm"), late);
  addToGlue("app.js", [
    ['"./app_bg.js": import0,', " late: globalThis.watertight.late.imports(import0),"],
    ["wasm = instance.exports;", " globalThis.watertight.late.begin(wasm);"],
  ]);
}

// The engine's first part, as far as the examples run it, and texts that are written in other ways.
function cutEngine() {
  // What few people have waits for the whole engine.
  const rare = ["windows.yaml"];
  const path = join(out, "first_bg.wasm");
  const folder = join(editor, "shapes");
  const asked = (files) => ({ name: files[0].name, question: analyse(files) });
  const shapes = readdirSync(folder).map((name) => asked([{ name, text: readFileSync(join(folder, name), "utf8") }]));
  const [first, ...others] = examples.map(({ files }) => asked(files)).filter(({ name }) => !rare.includes(name));
  writeFileSync(path, tailor(readFileSync(path), others, [first, ...shapes]));
  addToGlue("first.js", [['"./first_bg.js": import0,', " whole: { leave() { throw null; } },"]]);
}

function addToGlue(name, additions) {
  const path = join(out, name);
  let text = readFileSync(path, "utf8");
  for (const [place, more] of additions) {
    if (!text.includes(place)) throw new Error(`wasm-bindgen's ${name} has no place for what is added: ${place}`);
    text = text.replace(place, place + more);
  }
  writeFileSync(path, text);
}

function exampleText(name) {
  return readFileSync(join(root, "static/examples", name), "utf8");
}

async function minify(path) {
  if (!release) return;
  await build({
    entryPoints: [path],
    outfile: path,
    allowOverwrite: true,
    format: "esm",
    target: "es2022",
    minify: true,
    logLevel: "warning",
  });
}

// So that `trunk build` works by itself in a fresh checkout.
function installPackages() {
  const lock = join(editor, "package-lock.json");
  const installed = join(editor, "node_modules/.package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  console.error("installing npm packages of the editor");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const done = spawnSync(npm, ["ci", "--no-audit", "--no-fund", "--ignore-scripts"], {
    cwd: editor,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  if (done.status !== 0) throw new Error("npm ci did not succeed; it needs Node.js 20 or newer and its npm");
}
