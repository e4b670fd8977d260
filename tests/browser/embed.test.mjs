// The page inside of others: as an element and as a plain frame, from another origin, without storage, and deaf to strangers.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { browser, server, together } from "./together.mjs";

const examples = new URL("../../examples/", import.meta.url);
const POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: shop\nspec:\n  hostPID: true\n  containers: []\n";

together();

/** Serves one page from an origin of its own: `localhost` is another than 127.0.0.1. */
async function host(html, work) {
  const around = createServer((request, response) => {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(request.url === "/" ? html : "");
  });
  await new Promise((done) => around.listen(0, "127.0.0.1", done));
  const context = await browser.newContext({ viewport: { width: 1000, height: 900 } });
  const page = await context.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  await page.addInitScript(() => {
    globalThis.heard = [];
    addEventListener("message", ({ data }) => globalThis.heard.push(data));
  });
  await page.goto(`http://localhost:${around.address().port}/`);
  try {
    await work(page);
    assert.deepEqual(errors, []);
  } finally {
    await context.close();
    await new Promise((done) => around.close(done));
  }
}

const script = () => `<script type="module" src="${server.address}watertight-playground.js"></script>`;
const frameOf = async (page) => {
  const frame = await page.waitForSelector("iframe", { state: "attached" });
  return frame.contentFrame();
};
const shadowFrame = async (page) => {
  await page.locator("watertight-playground iframe").waitFor({ state: "attached" });
  return (await page.locator("watertight-playground iframe").elementHandle()).contentFrame();
};
const upToDate = (frame) => frame.locator(".foot-engine", { hasText: "Up to date" }).waitFor({ state: "attached" });

test("the element shows its text, reports, and answers", async () => {
  // Modules of another origin need its leave; the test server gives it.
  const html = `<!doctype html>${script()}<watertight-playground kind="pod" level="baseline" theme="dark" compact view="hardened" height="auto"><script type="text/plain">\n${POD}</script></watertight-playground>`;
  await host(html, async (page) => {
    const reported = page.evaluate(
      () => new Promise((done) => document.querySelector("watertight-playground").addEventListener("report", ({ detail }) => detail.findings.some(({ rule }) => rule === "host-pid") && done(detail.settings.level))),
    );
    const frame = await shadowFrame(page);
    assert.equal(await reported, "baseline");
    assert.equal(await frame.evaluate(() => document.documentElement.dataset.theme), "dark");
    assert.equal(await frame.locator(".bar").isVisible(), false, "compact");
    assert.equal(await frame.getByRole("tab", { name: /Hardened/ }).getAttribute("aria-selected"), "true");
    const said = await page.evaluate(async () => {
      const element = document.querySelector("watertight-playground");
      const files = await element.getText();
      const { findings } = await element.getReport();
      return { files, found: findings.length > 0 };
    });
    assert.deepEqual(said, { files: [{ name: "pod.yaml", text: POD }], found: true });
    await page.evaluate(() => document.querySelector("watertight-playground").setAttribute("text", "a: 1\n"));
    await frame.getByText("a: 1").first().waitFor({ state: "attached" });
    const full = frame.getByRole("link", { name: "Open in full" });
    assert.equal(await full.getAttribute("target"), "_blank");
    await frame.waitForFunction(() => document.querySelector("#full").href.includes("#1"));
  });
});

test("the element answers what it was asked early, and is moved with its text", async () => {
  await host(`<!doctype html>${script()}<div></div><div></div>`, async (page) => {
    const early = await page.evaluate(async (text) => {
      await customElements.whenDefined("watertight-playground");
      const element = document.createElement("watertight-playground");
      element.setText(text);
      document.querySelector("div").append(element);
      const [files, { findings }] = await Promise.all([element.getText(), element.getReport()]);
      return { files, found: findings.some(({ rule }) => rule === "host-pid") };
    }, POD);
    assert.deepEqual(early, { files: [{ name: "pod.yaml", text: POD }], found: true });
    const moved = await page.evaluate(async () => {
      const element = document.querySelector("watertight-playground");
      element.setText("a: 1\n");
      const told = element.getReport().catch(({ message }) => message);
      document.querySelector("div + div").append(element);
      return [await told, await element.getText(), element.shadowRoot.childElementCount];
    });
    assert.deepEqual(moved, ["the element was taken out of its page before it could answer", [{ name: "pod.yaml", text: "a: 1\n" }], 1]);
  });
});

test("a plain frame in a sandbox of another origin works without storage and does not change its address", async () => {
  const html = `<!doctype html><iframe width="900" height="700" sandbox="allow-scripts allow-same-origin" src="${server.address}#embed&read-only"></iframe>`;
  await host(html, async (page) => {
    const frame = await frameOf(page);
    await upToDate(frame);
    const kept = await frame.evaluate(() => {
      try {
        return localStorage.length;
      } catch {
        // The browser gives frames of other origins no storage at all.
        return 0;
      }
    });
    assert.equal(kept, 0, "nothing is kept");
    assert.ok(frame.url().endsWith("#embed&read-only"), frame.url());
    await frame.locator(".cm-content").click();
    const before = await frame.evaluate(() => globalThis.watertight.read());
    await page.keyboard.type("x");
    await page.waitForTimeout(400);
    assert.equal(await frame.evaluate(() => globalThis.watertight.read()), before, "it cannot be changed");
    await page.waitForFunction(() => globalThis.heard.some(({ type, height }) => type === "height" && height > 100));
  });
});

test("a frame without an origin of its own, where the browser gives neither storage nor worker, still judges", async () => {
  const html = `<!doctype html><iframe width="900" height="700" sandbox="allow-scripts" src="${server.address}#embed"></iframe>`;
  await host(html, async (page) => {
    const frame = await frameOf(page);
    await upToDate(frame);
    assert.equal(await frame.evaluate(() => self.origin), "null");
    assert.ok((await frame.locator(".card").count()) > 3);
  });
});

test("the element opens a lesson, in its language", async () => {
  const html = `<!doctype html>${script()}<watertight-playground lesson="host-paths" lang="de"></watertight-playground>`;
  await host(html, async (page) => {
    const frame = await shadowFrame(page);
    await frame.locator(".foot-engine", { hasText: "Aktuell" }).waitFor({ state: "attached" });
    await frame.getByRole("tab", { name: "Lektion", selected: true }).waitFor();
    await frame.getByRole("button", { name: "Lösung zeigen" }).click();
    await frame.getByRole("heading", { name: "Geschafft. Was davon bleibt" }).waitFor();
  });
});

test("what no page should say is passed over, and strangers are not heard", async () => {
  const html = (hash) => `<!doctype html><iframe id="a" width="900" height="700" src="${server.address}#embed${hash}"></iframe>`;
  const say = (page, message) => page.evaluate((message) => document.querySelector("#a").contentWindow.postMessage(message, "*"), message);
  await host(html(""), async (page) => {
    const frame = await frameOf(page);
    await upToDate(frame);
    const before = await frame.evaluate(() => globalThis.watertight.read());
    for (const message of [
      null,
      "set-text",
      { watertight: 2, type: "set-text", text: "x" },
      { watertight: 1, type: "constructor" },
      { watertight: 1, type: "__proto__" },
      { watertight: 1, type: "set-text" },
      { watertight: 1, type: "set-text", text: { toString: "x" } },
      { watertight: 1, type: "set-text", files: [] },
      { watertight: 1, type: "set-text", files: [null] },
      { watertight: 1, type: "set-view", view: "<img src=x onerror=alert(1)>" },
      { watertight: 1, type: "set-theme", theme: "javascript:alert(1)" },
    ]) {
      await say(page, message);
    }
    await page.waitForFunction(() => globalThis.heard.some(({ type, message }) => type === "error" && /version 1/.test(message)));
    await page.waitForTimeout(300);
    assert.equal(await frame.evaluate(() => globalThis.watertight.read()), before);
    // Markup in a text stays text.
    await say(page, { watertight: 1, type: "set-text", name: "<b>.yaml", text: "<script>globalThis.hit = 1</script>" });
    await frame.getByRole("button", { name: /^(?!Close).*<b>\.yaml$/ }).waitFor();
    assert.equal(await frame.evaluate(() => globalThis.hit), undefined);
  });
  // With a host in its address the frame hears and tells that origin alone.
  await host(html("&host=https://docs.example.com"), async (page) => {
    const frame = await frameOf(page);
    await upToDate(frame);
    await say(page, { watertight: 1, type: "get-text", id: 1 });
    await page.waitForTimeout(300);
    assert.deepEqual(await page.evaluate(() => globalThis.heard), []);
  });
});

test("the page about embedding shows live samples", async () => {
  const context = await browser.newContext({ viewport: { width: 1000, height: 900 } });
  const page = await context.newPage();
  const errors = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  await page.goto(`${server.address}embed.html`);
  await page.locator("#said", { hasText: /findings, the first/ }).waitFor();
  await page.locator("#frame").scrollIntoViewIfNeeded();
  await upToDate(await (await page.locator("#frame").elementHandle()).contentFrame());
  assert.deepEqual(errors, []);
  await context.close();
});

const place = (text) => text.replaceAll("https://watertight.example/", server.address);

/** Holds that a page of another origin shows the example's pod in our frame. */
async function showsThePod(html, more = async () => {}) {
  await host(html, async (page) => {
    const frame = await shadowFrame(page);
    await frame.getByRole("button", { name: /^(?!Close).*pod\.yaml$/ }).waitFor();
    assert.match(await frame.evaluate(() => globalThis.watertight.state().files[0].text), /hostPID: true/);
    assert.equal(await frame.getByRole("tab", { name: "Map" }).getAttribute("aria-selected"), "true");
    await more(page);
  });
}

test("the example in plain HTML shows its pod and hears what is found", async () => {
  await showsThePod(place(readFileSync(new URL("html/index.html", examples), "utf8")), async (page) => {
    await page.getByText("still sees every process").waitFor();
    await page.evaluate(() => document.querySelector("watertight-playground").setText("apiVersion: v1\nkind: Pod\n"));
    await page.getByText("Done: it sees its own").waitFor();
    await page.getByRole("button", { name: "Once more" }).click();
    await page.getByText("still sees every process").waitFor();
  });
});

test("the example for mdBook, built by mdBook, shows its pod", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "watertight-book-"));
  try {
    cpSync(new URL("mdbook", examples), folder, { recursive: true });
    const script = join(folder, "watertight.js");
    writeFileSync(script, place(readFileSync(script, "utf8")));
    try {
      execFileSync(process.env.MDBOOK ?? "mdbook", ["build", folder], { stdio: "pipe" });
    } catch (error) {
      if (error.code === "ENOENT" && !process.env.MDBOOK) return t.skip("mdBook is not there; cargo xtask test browser brings it along");
      throw error;
    }
    const book = readFileSync(join(folder, "book/host-pid.html"), "utf8");
    // The book's own script is one file beside the page; the others are the book's looks.
    const [, name] = book.match(/<script src="(watertight[^"]*\.js)"/);
    const own = readFileSync(join(folder, "book", name), "utf8");
    await showsThePod(book.replaceAll(/<script[^>]* src="[^"]*"[^>]*><\/script>|<link [^>]*>/g, "") + `<script>${own}</script>`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the example for Docusaurus, compiled as MDX and drawn by React, shows its pod", async () => {
  await showsThePod(await docusaurus(place));
});

/** The page as Docusaurus makes it: its MDX compiler, its bundler's stand-in, and React itself. */
async function docusaurus(place) {
  const { compile } = await import("@mdx-js/mdx");
  const { build } = await import(new URL("../../static/editor/node_modules/esbuild/lib/main.js", import.meta.url));
  const page = readFileSync(new URL("docusaurus/docs/host-pid.mdx", examples), "utf8").replace(/^---\n[^]*?\n---\n/, "");
  const sources = new Map([
    ["page.mdx", String(await compile(page))],
    ["../Watertight.jsx", place(readFileSync(new URL("docusaurus/Watertight.jsx", examples), "utf8"))],
  ]);
  const { outputFiles } = await build({
    stdin: {
      contents: 'import { createRoot } from "react-dom/client"; import { jsx } from "react/jsx-runtime"; import Page from "page.mdx"; createRoot(document.body).render(jsx(Page, {}));',
      resolveDir: fileURLToPath(new URL(".", import.meta.url)),
    },
    plugins: [
      {
        name: "the example",
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /\.(mdx|jsx)$/ }, ({ path }) => ({ path, namespace: "example" }));
          onLoad({ filter: /./, namespace: "example" }, ({ path }) => ({
            contents: sources.get(path),
            loader: "jsx",
            resolveDir: fileURLToPath(new URL(".", import.meta.url)),
          }));
        },
      },
    ],
    define: { "process.env.NODE_ENV": '"production"' },
    external: [`${server.address}*`],
    bundle: true,
    format: "esm",
    write: false,
  });
  const script = outputFiles[0].text.replaceAll("</script", "<\\/script");
  return `<!doctype html><body><script type="module">${script}</script>`;
}
