// The page without a network, and what it says of its requests.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ready, replaceText, serve, upToDate } from "./support.mjs";
import { browser, server, together } from "./together.mjs";

together();

test("nothing is asked for once the page is loaded, and the page's count says so", async () => {
  const { page, context, seen } = await ready(browser, server.address);
  const line = page.locator("#requests");
  await page.getByText("0 requests since load").waitFor();
  const loaded = seen.requests.length;
  await replaceText(page, "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {hostPID: true, containers: []}\n");
  for (const name of [/Escape map|Map/, /Hardened/, /Checklist/, /Findings/]) await page.getByRole("tab", { name }).click();
  await page.getByRole("button", { name: /Share/ }).click();
  await page.getByRole("dialog", { name: "Share or save" }).getByText(/The link has/).waitFor();
  await page.keyboard.press("Escape");
  assert.deepEqual(seen.requests.slice(loaded).map((request) => request.url()), []);
  assert.equal(await line.innerText(), "0 requests since load");
  // A request is counted: that the line tells the truth can be seen.
  await page.evaluate(() => fetch("privacy.html"));
  await page.getByText("1 request since load, for the page's own files").waitFor();
  await context.close();
});

test("after the first visit it loads and works without a network", async () => {
  const { page, context } = await ready(browser, server.address);
  await page.locator("html[data-offline=ready]").waitFor({ state: "attached" });
  await context.setOffline(true);
  await page.reload();
  await upToDate(page);
  await page.locator(".cm-content").waitFor({ state: "attached" });
  await replaceText(page, "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {hostPID: true, containers: []}\n");
  await page.locator(".card", { hasText: /process namespace/ }).first().waitFor();
  await page.goto(`${server.address}privacy.html`);
  await page.getByRole("heading", { name: /check it yourself/ }).waitFor();
  await context.close();
});

test("a newer version is told quietly, and is there when it is asked for", async () => {
  let newer = false;
  const own = await serve({
    change: (path, body) => {
      if (!newer || path !== "/service-worker.js") return undefined;
      return Buffer.from(body.toString("utf8").replace(/(?<=const VERSION = ")[^"]*/, "newer"));
    },
  });
  try {
    const { page, context } = await ready(browser, own.address, { plain: true });
    await page.locator("html[data-offline=ready]").waitFor({ state: "attached" });
    const update = page.getByRole("status").filter({ hasText: "A newer version is ready" });
    assert.equal(await update.count(), 0);
    newer = true;
    await page.reload();
    await update.waitFor();
    await upToDate(page);
    const caches = () => page.evaluate(() => globalThis.caches.keys());
    assert.ok((await caches()).some((name) => name !== "watertight-newer"), "nothing changes by itself");
    await page.evaluate(() => (globalThis.before = true));
    await update.getByRole("button", { name: "Reload now" }).click();
    await page.waitForFunction(() => globalThis.before === undefined);
    await upToDate(page);
    assert.deepEqual(await caches(), ["watertight-newer"]);
    assert.equal(await update.count(), 0);
    await context.close();
  } finally {
    await own.close();
  }
});

test("it can be installed: name, start and icons", async () => {
  const { page, context } = await ready(browser, server.address, { plain: true });
  const manifest = await page.evaluate(async () => (await fetch(document.querySelector("link[rel=manifest]").href)).json());
  assert.equal(manifest.name, "Watertight");
  for (const { src, sizes, type } of manifest.icons) {
    const size = await page.evaluate(async (src) => {
      const image = new Image();
      image.src = src;
      await image.decode();
      return image.naturalWidth;
    }, src);
    assert.ok(type === "image/svg+xml" || `${size}x${size}` === sizes, src);
  }
  await context.close();
});

test("scripts cannot be made of texts", async () => {
  const { page, context } = await ready(browser, server.address, { plain: true });
  const refused = await page.evaluate(() => {
    const tries = {
      markup: () => (document.createElement("div").innerHTML = "<img>"),
      worker: () => new Worker("worker.js"),
      policy: () => trustedTypes.createPolicy("other", {}),
    };
    return Object.entries(tries).filter(([, attempt]) => {
      try {
        attempt();
        return false;
      } catch (error) {
        return error instanceof TypeError;
      }
    }).map(([name]) => name);
  });
  assert.deepEqual(refused, ["markup", "worker", "policy"]);
  await context.close();
});

test("everything kept in this browser is forgotten", async () => {
  const { page, context } = await ready(browser, server.address, { plain: true });
  await page.locator("html[data-offline=ready]").waitFor({ state: "attached" });
  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByLabel("Remember my files in this browser").check();
  assert.ok(await page.evaluate(() => localStorage.length > 0));
  await page.getByRole("button", { name: "Forget everything" }).click();
  await page.locator(".notice", { hasText: "Forgotten" }).waitFor({ state: "attached" });
  assert.deepEqual(
    await page.evaluate(async () => [localStorage.length, await caches.keys(), (await navigator.serviceWorker.getRegistrations()).length]),
    [0, [], 0],
  );
  await context.close();
});
