// Measures the built page with Lighthouse, as a phone and as a desktop, and writes what it says into figures.json.
// Accessibility, best practices and search engines have to be 100 of 100. Performance is a matter of the machine, so it is
// written down and not asserted.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { cpus, loadavg } from "node:os";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import { launch } from "chrome-launcher";
import lighthouse, { desktopConfig } from "lighthouse";

const dist = process.env.WATERTIGHT_DIST ?? fileURLToPath(new URL("../../dist", import.meta.url));
const figures = new URL("figures.json", import.meta.url);
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".wasm": "application/wasm", ".png": "image/png", ".json": "application/json", ".webmanifest": "application/manifest+json" };
const HELD = ["accessibility", "best-practices", "seo"];
const TIMES = ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "speed-index", "interactive"];

// As a host of static files serves the page: packed, and kept where the name holds a hash.
const packed = new Map();
const server = createServer((request, response) => {
  const path = decodeURIComponent(new URL(request.url, "http://local").pathname);
  const file = join(dist, normalize(path === "/" ? "index.html" : path));
  if (!file.startsWith(dist) || !existsSync(file)) return response.writeHead(404).end();
  if (!packed.has(file)) {
    packed.set(file, brotliCompressSync(readFileSync(file), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
  }
  response.writeHead(200, {
    "content-type": TYPES[extname(file)] ?? "application/octet-stream",
    "content-encoding": "br",
    "cache-control": /-[0-9a-f]{16}/.test(path) ? "max-age=31536000, immutable" : "no-cache",
  });
  response.end(packed.get(file));
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const address = `http://127.0.0.1:${server.address().port}/`;
// Packing takes time that is not the page's.
await fetch(address);
for (const name of readFileSync(join(dist, "service-worker.js"), "utf8").match(/(?<=FILES = \[).*(?=\])/)[0].matchAll(/"([^"]+)"/g)) await fetch(address + name[1]);

const chrome = await launch({
  chromePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu"],
});
const said = { machine: { processors: cpus().length, load: Math.round(loadavg()[0]) } };
const wrong = [];
try {
  for (const [device, config] of [["phone", undefined], ["desktop", desktopConfig]]) {
    const { lhr } = await lighthouse(address, { port: chrome.port, logLevel: "error", onlyCategories: [...HELD, "performance"] }, config);
    said.lighthouse = lhr.lighthouseVersion;
    const scores = Object.fromEntries(Object.values(lhr.categories).map(({ id, score }) => [id, Math.round((score ?? 0) * 100)]));
    const times = Object.fromEntries(TIMES.map((id) => [id, Math.round(lhr.audits[id]?.numericValue ?? 0)]));
    said[device] = { ...scores, milliseconds: times, "layout-shift": Math.round((lhr.audits["cumulative-layout-shift"].numericValue ?? 0) * 1000) / 1000 };
    for (const category of HELD) {
      for (const { id, weight } of lhr.categories[category].auditRefs) {
        const { score, title, details } = lhr.audits[id];
        if (weight > 0 && score !== null && score < 1) wrong.push(`${device}, ${category}: ${title}\n${JSON.stringify(details?.items?.slice(0, 5) ?? [], null, 1)}`);
      }
    }
    if (process.env.WATERTIGHT_LIGHTHOUSE_REPORT) writeFileSync(`${process.env.WATERTIGHT_LIGHTHOUSE_REPORT}-${device}.json`, JSON.stringify(lhr));
  }
} finally {
  await chrome.kill();
  server.close();
}
console.log(JSON.stringify(said, null, 2));
writeFileSync(figures, `${JSON.stringify(said, null, 2)}\n`);
if (wrong.length > 0) {
  console.error(wrong.join("\n"));
  process.exitCode = 1;
}
