// The engine when a text makes it run away: it is stopped by its timer, started anew, and the text stays.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { card, hold, ready, replaceText, serve, textOf, upToDate } from "./support.mjs";
import { browser, server, together } from "./together.mjs";

const POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: shop\nspec:\n  hostPID: true\n  containers: []\n";

// No text is known that does this, so the worker is given one: it never answers a message with this word.
const ENDLESS = "take-for-ever";
const SAID = `(typeof data === "string" ? data : new TextDecoder().decode(data))`;
const TRAP = `self.addEventListener("message", ({ data }) => { if (${SAID}.includes("${ENDLESS}")) for (;;); });\n`;
const DYING = "fall-over";
const FALL = `self.addEventListener("message", ({ data }) => { if (${SAID}.includes("${DYING}")) setTimeout(() => { throw new Error("it fell"); }); });\n`;

const HANGING = "hang-in-the-whole";
const HANG = `self.addEventListener("message", ({ data }) => {
  if (!${SAID}.includes("${HANGING}")) return;
  const post = self.postMessage.bind(self);
  self.postMessage = (...said) => { post(...said); if (said[0]?.whole) for (;;); };
});\n`;

const change = (path, body) => (/\/worker[^/]*\.js$/.test(path) ? TRAP + FALL + HANG + body : undefined);

together({ change });

test("a worker that never answers is stopped, and the next text is analysed as ever", async () => {
  const { page, context } = await ready(browser, server.address);
  const workers = [];
  page.on("worker", (worker) => workers.push(worker));
  const text = `# ${ENDLESS}\n${POD}`;
  await typeOver(page, text);
  const told = page.locator(".banner-bad", { hasText: /took longer than \d+ s and was stopped/ });
  await told.waitFor({ timeout: 30_000 });
  assert.equal(await textOf(page), text.trimEnd() + "\n", "the text is still there");
  // The page tells of the end of the old one before the new one has started.
  if (workers.length === 0) await page.waitForEvent("worker");
  assert.equal(workers.length, 1, "one new worker");
  // While the page waited it was alive: it takes the next text.
  await replaceText(page, POD);
  await card(page, "process namespace").waitFor();
  await told.waitFor({ state: "detached" });
  await context.close();
});

test("a question that waited for the whole engine has its usual time from when that is there", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const goOn = await hold(page, /\/engine-[^/]*\.wasm$/);
  await page.goto(server.address);
  await upToDate(page);
  await page.locator(".cm-content").waitFor();
  await typeOver(page, `docker run --privileged ${HANGING}\n`);
  await page.locator(".foot-busy").waitFor({ state: "attached" });
  goOn();
  await page.locator(".banner-bad", { hasText: "took longer than 5 s and was stopped" }).waitFor({ timeout: 30_000 });
  await context.close();
});

test("the page answers while its worker is busy", async () => {
  const { page, context } = await ready(browser, server.address);
  await typeOver(page, `# ${ENDLESS}\n${POD}`);
  await page.waitForTimeout(600);
  const longest = await page.evaluate(async () => {
    let longest = 0;
    for (let frame = 0; frame < 30; frame += 1) {
      const start = performance.now();
      await new Promise((done) => setTimeout(done, 10));
      longest = Math.max(longest, performance.now() - start);
    }
    return longest;
  });
  // A page that waited for its worker would stand still for the five seconds of the timer.
  assert.ok(longest < 2_000, `${longest} ms`);
  await page.getByRole("tab", { name: /Checklist/ }).click();
  assert.equal(await page.getByRole("tab", { name: /Checklist/ }).getAttribute("aria-selected"), "true");
  await context.close();
});

test("a pasted pod is judged before the whole engine has arrived", async () => {
  const partial = await serve({ change: (path) => (/\/engine-/.test(path) ? null : undefined) });
  const { page, context } = await ready(browser, partial.address);
  await replaceText(page, POD.replace("[]", "[{name: web, image: example.com/web:1}]"));
  await card(page, "process namespace").waitFor();
  // What takes the whole engine is not answered by a part of it.
  await typeOver(page, "docker run --privileged alpine\n");
  await page.locator(".banner-bad", { hasText: /could not be loaded|could not be started|stopped/ }).first().waitFor({ timeout: 60_000 });
  assert.equal(await card(page, "is privileged").count(), 0);
  await context.close();
  await partial.close();
});

test("a first visit calls nothing of the late part before it has come, and without it the findings are there", async () => {
  const initiators = (page) =>
    page.evaluate(() => performance.getEntriesByType("resource").filter(({ name }) => /\/late-/.test(name)).map(({ initiatorType }) => initiatorType));
  const { page: first, context: visit } = await ready(browser, server.address);
  // A request that the page waits for would be one by `xmlhttprequest`.
  await first.locator("#requests", { hasText: "since load" }).waitFor({ state: "attached" });
  assert.deepEqual(await initiators(first), ["fetch"]);
  await visit.close();
  // Who comes back, or by a link, runs some of it at once, and so it comes before the app.
  const kept = { "watertight.preferences": '{"theme":"dark","remember":true}' };
  const link = firstLink();
  for (const [address, storage] of [["", kept], [link, {}], ["#lesson=privileged", {}], ["#view=map", {}], ["#fresh", {}], [link, kept]]) {
    const context = await browser.newContext();
    await context.addInitScript((kept) => Object.entries(kept).forEach(([key, text]) => localStorage.setItem(key, text)), storage);
    const page = await context.newPage();
    await page.goto(server.address + address);
    await page.locator("#requests", { hasText: "since load" }).waitFor({ state: "attached" });
    assert.deepEqual(await initiators(page), ["fetch"], JSON.stringify([address, storage]));
    await context.close();
  }
  const partial = await serve({ change: (path) => (/\/late-/.test(path) ? null : undefined) });
  const { page, context } = await ready(browser, partial.address);
  await replaceText(page, POD);
  await card(page, "process namespace").waitFor();
  // A panel takes it. Without it the page cannot go on, and says so.
  await page.getByRole("tab", { name: /Checklist/ }).click();
  await page.getByRole("dialog", { name: "The page has stopped" }).waitFor();
  await context.close();
  await partial.close();
});

test("a panel that is opened before the late part has come is drawn when it is there", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const goOn = await hold(page, /\/late-/);
  await page.goto(server.address);
  await upToDate(page);
  await page.getByRole("tab", { name: /Checklist/ }).click();
  await page.getByText("The engine is on its way.").waitFor();
  goOn();
  await page.getByText(/in place/).waitFor();
  await context.close();
});

test("texts that nobody meant well are answered, and the page lives", async () => {
  const { page, context, seen } = await ready(browser, server.address);
  const bomb = Array.from({ length: 12 }, (_, at) => `a${at}: &a${at} [${at ? `*a${at - 1},`.repeat(10) : "x"}]`).join("\n");
  for (const text of [
    "\u0000\u0001\u0002 binary",
    "\ud83d half a pair",
    `${bomb}\nspec:\n  containers: *a11\n`,
    "\u202e\u2066\u2028\ufeff",
    `${"- {}\n".repeat(60_000)}`,
    "kind: Pod\n---\n".repeat(2_000),
    `{"a":`.repeat(5_000),
    "<script>alert(1)</script>",
  ]) {
    await replaceText(page, text);
    assert.ok((await page.locator(".card").count()) > 0, JSON.stringify(text.slice(0, 40)));
  }
  await replaceText(page, POD);
  await card(page, "process namespace").waitFor();
  assert.deepEqual(seen.errors, []);
  await context.close();
});

/** A link that is known to be readable. */
function firstLink() {
  return JSON.parse(readFileSync(new URL("frozen-links.json", import.meta.url), "utf8"))[0].link;
}

/** Puts a text into the editor without waiting for its analysis. */
async function typeOver(page, text) {
  await page.locator(".cm-content").click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(text);
}
