// What the browser tests share: a server for the built page, Chromium, and a page that remembers what went wrong in it.
import { createServer } from "node:http";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const root = fileURLToPath(new URL("../..", import.meta.url));
const dist = join(root, "dist");

/** Where screenshots go. */
export const shots = join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "screenshots");

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".png": "image/png",
  ".webmanifest": "application/manifest+json",
};

/** Serves the built page below a path that is not the root, to show that it works from any. */
export async function serve({ change } = {}) {
  if (!existsSync(join(dist, "index.html"))) throw new Error("the page is not built: run cargo xtask build first");
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://local").pathname).replace(/^\/some\/path\//, "/");
    const file = join(dist, normalize(path === "/" ? "index.html" : path));
    if (!file.startsWith(dist) || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    let body = readFileSync(file);
    const changed = change?.(path, body);
    if (changed === null) return response.writeHead(404).end();
    if (changed !== undefined) body = changed;
    // The leave that pages of other origins need to load the element, as hosts of static files give it.
    const headers = { "content-type": TYPES[extname(file)] ?? "application/octet-stream", "access-control-allow-origin": "*" };
    response.writeHead(200, headers).end(body);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  // A test that failed before it closed its server is not waited for.
  server.unref();
  const origin = `http://127.0.0.1:${server.address().port}`;
  return {
    origin,
    address: `${origin}/some/path/`,
    close: () => new Promise((done) => server.close(done)),
  };
}

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** Opens the page and notes every error, refused resource and request; `prepare` is given the context before. */
export async function open(browser, address, options = {}, prepare = undefined) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  await prepare?.(context);
  const page = await context.newPage();
  const seen = { errors: [], requests: [] };
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) seen.errors.push(message.text());
  });
  page.on("pageerror", (error) => seen.errors.push(String(error)));
  page.on("request", (request) => seen.requests.push(request));
  await page.addInitScript(() => {
    globalThis.violations = [];
    document.addEventListener("securitypolicyviolation", (event) => {
      globalThis.violations.push(`${event.violatedDirective}: ${event.blockedURI}`);
    });
  });
  await page.goto(address);
  return { page, context, seen };
}

/** The page with its engine and, unless it is not wanted, the editor with colours. */
export async function ready(browser, address, { plain = false, ...options } = {}) {
  const opened = await open(browser, address, options);
  await upToDate(opened.page);
  if (!plain) await opened.page.locator(".cm-content").waitFor({ state: "attached" });
  return opened;
}

/** Keeps requests of a page waiting; what it gives lets them go on. */
export async function hold(page, pattern) {
  let goOn;
  const held = new Promise((done) => (goOn = done));
  await page.route(pattern, async (route) => {
    await held;
    await route.continue();
  });
  return goOn;
}

/** Waits until the results are those of the text as it is. */
export async function upToDate(page) {
  await page.locator(".foot-engine", { hasText: "Up to date" }).waitFor({ state: "attached" });
}

/** Replaces the whole text as somebody would: select all, paste. */
export async function replaceText(page, text) {
  await page.locator(".cm-content").click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.evaluate((text) => {
    const content = document.querySelector("#editor").shadowRoot.querySelector(".cm-content");
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    content.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, text);
  await changed(page);
}

/** Waits for the analysis of a change that was just made. */
export async function changed(page) {
  // The page takes in what was typed a moment ago before it looks at what it is told, and passes this over.
  await page.evaluate(() => globalThis.watertight.act("", ""));
  await upToDate(page);
}

/** Waits for a fix that was just chosen, and for the analysis of what it has changed. */
export async function fixed(page) {
  await page.locator("#undo").waitFor();
  await changed(page);
}

/** Opens the gallery and takes an example out of it. */
export async function example(page, name) {
  await page.getByRole("button", { name: "Examples" }).click();
  await page.getByRole("dialog", { name: "Examples" }).getByRole("button", { name }).click();
  await changed(page);
}

/** The text of the editor. */
export async function textOf(page) {
  return page.evaluate(() => {
    const field = document.querySelector("#text");
    if (!field.hidden) return field.value;
    const lines = document.querySelector("#editor").shadowRoot.querySelectorAll(".cm-line");
    return [...lines].map((line) => line.textContent).join("\n");
  });
}

/** A finding's card. */
export function card(page, words) {
  return page.locator(".card", { hasText: words }).first();
}

export function shotPath(name) {
  mkdirSync(shots, { recursive: true });
  return join(shots, `${name}.png`);
}
