// The escape map as a person uses it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { changed, fixed, ready, replaceText, shotPath, textOf } from "./support.mjs";
import { browser, server, together } from "./together.mjs";

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

together();

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

test("the map begins with the worst container, and what is chosen stays chosen", async () => {
  const { page, context } = await ready(browser, server.address);
  const chosen = (name) => page.getByRole("group", { name: "Container" }).getByRole("button", { name, pressed: true }).waitFor();
  const two = POD.replace("    - name: web", "    - name: first\n      image: example.com/first:1.0\n    - name: web");
  await replaceText(page, `${POD.replace(/spec:[^]*/, "spec: {containers: [{name: other, image: other}]}\n")}---\n${two}`);
  await show(page);
  await chosen("web");
  await page.getByRole("button", { name: "first", exact: true }).click();
  await chosen("first");
  await replaceText(page, `${two}# changed\n`);
  await chosen("first");
  await context.close();
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

/** The text of an example. */
const shipped = (name) => readFileSync(new URL(`../../static/examples/${name}`, import.meta.url), "utf8");

test("the map follows whatever comes while it is open, for each container", async () => {
  const { page, context, seen } = await ready(browser, server.address);
  await show(page);
  const chips = page.getByRole("group", { name: "Container" }).getByRole("button");
  const pods = [
    undefined,
    "docker run -d -t x:1\n",
    "docker run --privileged -d -t x:1\n",
    POD.replace("privileged: true", "capabilities: {drop: [ALL]}"),
    POD,
    shipped("ci-runner.yaml"),
    shipped("node-agent.yaml"),
    shipped("hardened.yaml"),
    shipped("operator.yaml"),
    shipped("compose.yaml"),
    "{}",
    POD,
  ];
  for (const text of pods) {
    if (text !== undefined) await replaceText(page, text);
    for (const chip of await chips.all()) {
      await chip.click();
      await changed(page);
      assert.equal(await chip.getAttribute("aria-pressed"), "true");
    }
  }
  await page.getByRole("button", { name: /^Apply/ }).first().click();
  await fixed(page);
  await page.locator(".map:not(.old)").waitFor();
  assert.deepEqual(seen.errors, [], "the console is quiet");
  await context.close();
});

/** The lines of the editor that are lit. */
const lit = (page) => page.locator(".cm-line.wt-lit");

test("choosing a way lights its lines in the editor and its row, by mouse and by keyboard", async () => {
  await onMap(
    async (page) => {
      assert.equal(await lit(page).count(), 0);
      await page.locator("svg .lane-open").first().click();
      await lit(page).filter({ hasText: "privileged: true" }).waitFor();
      await page.locator(".map-table tr.map-chosen").waitFor();
      // The same way once more closes it, and its lines go dark.
      await page.locator(".map-table tr.map-chosen").getByRole("button").press("Enter");
      await page.waitForFunction(() => document.querySelectorAll(".map-chosen").length === 0);
      await page.getByRole("button", { name: "Host root directory", exact: true }).press("Enter");
      await lit(page).filter({ hasText: "path: /" }).waitFor();
      assert.equal(await lit(page).filter({ hasText: "hostPID: true" }).count(), 0);
      // A way that is closed has its row too, without unfolding the rest first.
      await page.locator("svg .lane-stopped").first().click();
      await page.locator(".map-table tr.map-chosen td.cell-stops").first().waitFor();
      await page.getByRole("tab", { name: "Findings" }).click();
      await page.waitForFunction(() => !document.querySelector("#editor")?.shadowRoot?.querySelector(".wt-lit"));
    },
    { plain: false },
  );
});

/** Unfolds the explorer and asks for something. */
async function explore(page, what) {
  const button = page.getByRole("button", { name: "What does a capability or a folder of the node open?" });
  if ((await button.getAttribute("aria-expanded")) === "false") await button.click();
  await page.getByLabel("Capability, or path of the node").fill(what);
  return page.locator(".explore");
}

test("a way that is chosen far below its words brings them into view, on a desk and on a phone", async () => {
  for (const viewport of [{ width: 1440, height: 700 }, { width: 360, height: 640 }]) {
    await onMap(async (page) => {
      const way = page.locator(".map-table").getByRole("button", { name: "Host process namespace", exact: true });
      await way.click();
      const heading = page.locator("#map-detail h3");
      await page.waitForFunction(() => {
        const inside = (name) => document.querySelector(name)?.getBoundingClientRect();
        const [panel, heading] = [inside("#panel"), inside("#map-detail h3")];
        return panel && heading && heading.top >= panel.top && heading.bottom <= panel.bottom;
      });
      assert.equal(await heading.textContent(), "Host process namespace");
      assert.ok(await way.evaluate((button) => button === document.activeElement), "the focus stays");
    }, { viewport });
  }
});

test("the explorer says what a capability opens, what stops it, and what does the same with less", async () => {
  await onMap(async (page) => {
    const panel = await explore(page, "SYS_MODULE");
    await panel.getByRole("heading", { name: /^SYS_MODULE critical/ }).waitFor();
    await panel.getByText("No runtime gives it without being asked.").waitFor();
    const read = panel.getByRole("status");
    assert.match(await read.textContent(), /^A process with it [^.]+\.$/, "one sentence is read at each key");
    await panel.getByText("/etc/modules-load.d").waitFor();
    await panel.getByText("Load a kernel module").waitFor();
    const layer = panel.locator("li", { hasText: "A user namespace" });
    assert.match(await layer.textContent(), /stops it.*hostUsers: false/);
    assert.match(await panel.locator("li", { hasText: "SELinux" }).textContent(), /stops none/);
    await explore(page, "SYS_MODUL");
    await read.getByText("SYS_MODUL is neither a capability nor a path").waitFor();
    await explore(page, "/etc");
    await panel.getByRole("heading", { name: /^\/etc, read-only/ }).waitFor();
    await panel.getByLabel("It may write there").check();
    await panel.getByRole("heading", { name: /^\/etc, writable/ }).waitFor();
    await panel.locator("li", { hasText: "Host /etc" }).waitFor();
  });
});

test("the explorer puts what was picked into a sample pod and takes it out, and the map follows", async () => {
  await onMap(async (page) => {
    const panel = await explore(page, "/run/docker.sock");
    await panel.getByRole("button", { name: "Put it into a sample pod" }).click();
    await page.getByText("/run/docker.sock, read-only is in the sample pod.").waitFor();
    await page.getByRole("button", { name: "Close sample-pod.yaml" }).waitFor();
    assert.match(await textOf(page), /path: \/run\/docker\.sock/);
    await page.getByRole("heading", { name: "Root on the node: 1 way is open" }).waitFor();
    await panel.getByRole("button", { name: "Take it out of the sample pod" }).click();
    await page.getByRole("heading", { name: /^No way out is (certainly )?open/ }).waitFor();
    assert.doesNotMatch(await textOf(page), /docker\.sock/);
    await explore(page, "SYS_ADMIN");
    await panel.getByRole("button", { name: "Put it into a sample pod" }).click();
    await page.getByRole("heading", { name: /^No way out is (certainly )?open|ways? (is|are) open$/ }).waitFor();
    assert.match(await textOf(page), /- SYS_ADMIN/);
  });
});

test("without any pod the explorer makes one", async () => {
  await onMap(async (page) => {
    await replaceText(page, "a: 1\n");
    await page.getByText("There is no pod in the text").waitFor();
    const panel = await explore(page, "/");
    await panel.getByRole("button", { name: "Put it into a sample pod" }).click();
    await page.getByRole("heading", { name: /ways? (is|are) open$/ }).waitFor();
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
          const panel = await explore(page, "SYS_ADMIN");
          await panel.getByText("What would stop that, each layer alone").waitFor();
          assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
          await panel.scrollIntoViewIfNeeded();
          await page.screenshot({ path: shotPath(`explore-${width}-${colorScheme}`) });
        },
        { viewport: { width, height }, colorScheme },
      );
    });
  }
}
