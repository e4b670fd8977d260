// The gallery of examples: found by typing, opened into tabs, and nothing that somebody wrote gives way to them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { example, ready, replaceText, textOf } from "./support.mjs";
import { browser, server, together } from "./together.mjs";

together();

async function use(work, options = {}) {
  const { page, context, seen } = await ready(browser, server.address, options);
  await work(page, seen);
  assert.deepEqual(seen.errors, []);
  assert.deepEqual(await page.evaluate(() => globalThis.violations), []);
  await context.close();
}

const gallery = (page) => page.getByRole("dialog", { name: "Examples" });

test("an example takes the place of the one that nobody touched", async () => {
  await use(async (page) => {
    await example(page, /^A GPU job/);
    const close = page.getByRole("navigation", { name: "Files" }).getByRole("button", { name: /^Close / });
    assert.deepEqual(await close.evaluateAll((all) => all.map((button) => button.getAttribute("aria-label"))), [
      "Close gpu-job.yaml",
      "Close gpu-node.txt",
    ]);
    assert.match(await textOf(page), /nvidia\.com\/gpu/);
  });
});

test("what was written stays", async () => {
  await use(async (page) => {
    await replaceText(page, "apiVersion: v1\nkind: Pod\nmetadata: {name: mine}\nspec: {containers: []}\n");
    await example(page, /^The host's network/);
    assert.equal(await page.getByRole("navigation", { name: "Files" }).getByRole("listitem").count(), 2);
  });
});

test("examples are found by typing, all of their texts come at once, and the keyboard is enough", async () => {
  await use(async (page, seen) => {
    await page.getByRole("button", { name: "Examples" }).press("Enter");
    await gallery(page).getByRole("button", { name: /^A risky web pod/ }).waitFor();
    assert.ok((await gallery(page).getByRole("listitem").count()) >= 30);
    // Nothing of the page itself is on its way any more.
    await page.locator("#requests", { hasText: "since load" }).waitFor({ state: "attached" });
    const before = seen.requests.length;
    await page.keyboard.type("no example has this");
    await gallery(page).getByText("No example has these words.").waitFor();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("nginx");
    assert.equal(await gallery(page).getByRole("listitem").count(), 1);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await gallery(page).waitFor({ state: "detached" });
    await page.getByRole("navigation", { name: "Files" }).getByRole("button", { name: "Close nginx.yaml" }).waitFor();
    assert.equal(seen.requests.length, before);
  });
});

for (const [width, colorScheme] of [
  [360, "light"],
  [1440, "dark"],
]) {
  test(`${width} pixels wide, ${colorScheme}: axe finds nothing in the gallery`, async () => {
    await use(
      async (page) => {
        await page.getByRole("button", { name: "Examples" }).click();
        await gallery(page).getByRole("listitem").first().waitFor();
        await page.evaluate(readFileSync(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8"));
        const { violations } = await page.evaluate(() => globalThis.axe.run("#gallery"));
        assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), []);
      },
      { viewport: { width, height: 800 }, colorScheme },
    );
  });
}
