// The escape map as a person uses it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { changed, launch, ready, replaceText, serve, shotPath, textOf } from "./support.mjs";

const POD = `apiVersion: v1
kind: Pod
metadata:
  name: shop
spec:
  hostPID: true
  automountServiceAccountToken: false
  containers:
    - name: web
      image: example.com/web:1.0
      securityContext:
        privileged: true
        runAsUser: 0
      volumeMounts:
        - name: host
          mountPath: /host
  volumes:
    - name: host
      hostPath:
        path: /
`;

let server;
let browser;

before(async () => {
  server = await serve();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.close();
});

/** Opens the map of the pod, uses it, and holds that nothing went wrong. */
async function onMap(work, options) {
  const { page, context, seen } = await ready(browser, server.address, options);
  await replaceText(page, POD);
  await show(page);
  await work(page);
  assert.deepEqual(seen.errors, [], "the console is quiet");
  assert.deepEqual(await page.evaluate(() => globalThis.violations), [], "the content policy holds");
  await context.close();
}

async function show(page) {
  const results = page.getByRole("button", { name: /^Results/ });
  if (await results.isVisible()) await results.click();
  await page.getByRole("tab", { name: "Map" }).click();
  await page.locator(".map-picture svg").waitFor();
}

test("the map says what is open, and a way is told in words with its lines", async () => {
  await onMap(async (page) => {
    await page.getByRole("heading", { name: /Root on the node: \d+ ways are open/ }).waitFor();
    await page.getByRole("button", { name: "Privileged container", exact: true }).click();
    const detail = page.locator("#map-detail");
    await detail.getByText("privileged is true").waitFor();
    await detail.getByRole("button", { name: "line 12" }).first().waitFor();
    await detail.getByText(/closes \d+ of \d+ ways to root on the node/).first().waitFor();
  });
});

test("changing the pod changes the map", async () => {
  await onMap(async (page) => {
    const open = page.locator(".lane-open");
    const before = await open.count();
    assert.ok(before > 2, `${before} lines reach the node`);
    await replaceText(page, POD.replace("privileged: true", "privileged: false"));
    await page.waitForFunction((before) => document.querySelectorAll("svg .lane-open").length < before, before);
  });
});

test("a fix of the map changes the text", async () => {
  await onMap(async (page) => {
    const before = await textOf(page);
    await page.locator(".map-plan").getByRole("button", { name: /^Apply/ }).first().click();
    await page.getByText(/^Done: /).first().waitFor();
    assert.notEqual(await textOf(page), before);
  });
});

test("the table says the same as the picture, and closed ways can be unfolded", async () => {
  await onMap(async (page) => {
    const rows = page.locator(".map-table tbody tr");
    const before = await rows.count();
    await page.getByRole("button", { name: /^Show \d+ closed ways/ }).click();
    assert.ok((await rows.count()) > before);
    await page.locator(".map-table td.cell-stops").first().waitFor();
  });
});

test("the picture can be saved", async () => {
  await onMap(async (page) => {
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "SVG" }).click()]);
    assert.equal(download.suggestedFilename(), "escape-map.svg");
  });
});

for (const [width, height] of [[360, 740], [768, 1024], [1440, 900]]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`nothing overflows at ${width}, ${colorScheme}`, async () => {
      await onMap(
        async (page) => {
          const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
          assert.equal(wide, false);
          await page.screenshot({ path: shotPath(`map-${width}-${colorScheme}`) });
        },
        { viewport: { width, height }, colorScheme },
      );
    });
  }
}
