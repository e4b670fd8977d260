// Falco rules tried on events, as a person does it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { card, changed, example, fixed, ready, replaceText, shotPath, textOf, upToDate } from "./support.mjs";
import { browser, server, together } from "./together.mjs";

const RULE = `# Falco rule for container escape attempts
- rule: Container Escape via Mount
  desc: Detect attempts to mount host filesystem
  condition: >
    spawned_process and container and
    proc.name = "mount" and
    proc.args contains "/host"
  output: >
    Container escape attempt via mount
    (user=%user.name container=%container.name command=%proc.cmdline)
  priority: CRITICAL
`;
const FLAT = RULE.split("\n").map((line) => line.trimStart()).join("\n");

together();

/** Does something with a page, and holds that nothing went wrong in it. */
async function onPage(work, options) {
  const { page, context, seen } = await ready(browser, server.address, options);
  await work(page);
  assert.deepEqual(seen.errors, [], "the console is quiet");
  assert.deepEqual(await page.evaluate(() => globalThis.violations), [], "the content policy holds");
  await context.close();
}

/** The example with a rule and events, and what becomes of it. */
async function simulate(page) {
  await example(page, /A Falco rule and events/);
  await show(page);
}

async function show(page) {
  const results = page.getByRole("button", { name: /^Results/ });
  if (await results.isVisible()) await results.click();
  await page.getByRole("tab", { name: "Simulate" }).click();
  await page.locator(".falco-coverage").waitFor();
}

test("which rules fire, and what decided, with its place in the text", async () => {
  await onPage(async (page) => {
    await simulate(page);
    const events = page.locator(".falco-event");
    assert.equal(await events.count(), 5);
    await events.nth(0).getByText("fires: Host mounted from a container").waitFor();
    await events.nth(2).getByText("no rule fires").waitFor();
    await events.nth(4).getByText("cannot be decided").waitFor();

    await events.nth(2).click();
    await page.getByText("Its condition does not hold.").waitFor();
    const chosen = page.locator('[role="treeitem"][aria-selected="true"]');
    await chosen.getByText("proc.args contains /host").waitFor();
    await chosen.getByText('saw "/dev/sda1 /mnt"').waitFor();
    await page.locator(".falco-tree .part-decides").first().waitFor();

    await events.nth(4).click();
    await page.getByText(/To decide it, add to the event: evt.type, container.id/).waitFor();
    await page.screenshot({ path: shotPath("falco-simulate") });
  });
});

test("the tree is walked with the keyboard", async () => {
  await onPage(async (page) => {
    await simulate(page);
    await page.locator(".falco-event").nth(2).click();
    const chosen = page.locator('[role="treeitem"][aria-selected="true"]');
    await chosen.getByText("proc.args contains /host").waitFor();
    await chosen.focus();
    await page.keyboard.press("Home");
    await chosen.getByText("all of").waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await chosen.getByText("evt.type in (execve, execveat)").waitFor();
    await chosen.getByText("by execve").waitFor();
    await page.waitForFunction(() => document.activeElement?.getAttribute("aria-level") === "3");
    await page.keyboard.press("ArrowLeft");
    await chosen.getByText("spawned_process").waitFor();
  });
});

test("the article's rule fails alone as in Falco, and one click adds what it lacks", async () => {
  await onPage(async (page) => {
    await replaceText(page, RULE);
    await card(page, "LOAD_ERR_VALIDATE").waitFor();
    await show(page);
    await page.locator(".falco-refused", { hasText: "Falco does not load it" }).waitFor();
    await page.getByRole("tab", { name: /Findings/ }).click();
    await card(page, "LOAD_ERR_VALIDATE").getByRole("button").first().click();
    await card(page, "LOAD_ERR_VALIDATE").getByRole("button", { name: /^Apply/ }).first().click();
    await fixed(page);
    assert.equal(await page.locator(".card", { hasText: "LOAD_ERR" }).count(), 0);
    const text = await textOf(page);
    assert.ok(text.includes("- macro: spawned_process") && text.includes("- macro: container"), text);
    await show(page);
    await page.locator(".falco-loads", { hasText: "Falco loads it" }).waitFor();
  });
});

test("pasted without its indentation it is restored", async () => {
  await onPage(async (page) => {
    await replaceText(page, FLAT);
    await page.getByRole("button", { name: "Restore the indentation" }).click();
    await changed(page);
    assert.equal((await textOf(page)).trimEnd(), RULE.trimEnd());
  });
});

test("fields, operators and macros are completed in conditions, and nowhere else", async () => {
  await onPage(async (page) => {
    await replaceText(page, RULE);
    const list = page.locator(".cm-tooltip-autocomplete");
    await page.locator(".cm-line", { hasText: "proc.args contains" }).click();
    await page.keyboard.press("End");
    await page.keyboard.type(" and container.priv");
    await list.getByText("container.privileged").first().waitFor();
    await page.screenshot({ path: shotPath("falco-completion") });
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await changed(page);
    assert.match(await textOf(page), /"\/host" and container\.privileged\n/);
    await page.keyboard.type(" = true and not spawn");
    await list.getByText("spawned_process").first().waitFor();
    await page.keyboard.press("Escape");

    await page.locator(".cm-line", { hasText: "desc:" }).click();
    await page.keyboard.press("End");
    await page.keyboard.type(" and container.priv");
    await page.waitForTimeout(400);
    assert.equal(await list.count(), 0);
  });
});

test("a known way out is tried, and a rule for a gap is written with one click", async () => {
  await onPage(async (page) => {
    await simulate(page);
    const heading = page.getByRole("heading", { name: /of \d+ known ways out would be seen/ });
    const before = Number((await heading.textContent()).split(" ")[0]);
    const row = page.locator(".falco-coverage tbody tr", { hasText: "nsenter" }).first();
    await row.getByRole("button").first().click();
    await page.locator(".falco-event", { hasText: "no rule fires" }).first().waitFor();
    await row.getByRole("button", { name: /^Write a rule/ }).click();
    await page.getByText(/^1 rule written: falco-rules/).first().waitFor();
    await changed(page);
    await page.locator(".falco-event", { hasText: "fires: Namespace of another process entered" }).first().waitFor();
    const after = Number((await heading.textContent()).split(" ")[0]);
    assert.ok(after > before, `${before} and then ${after}`);
    assert.equal(await row.getByRole("button", { name: /^Write a rule/ }).count(), 0);

    await page.getByRole("button", { name: "Open these events in a tab" }).click();
    await changed(page);
    await page.locator(".file-here", { hasText: /nsenter.*\.jsonl/ }).waitFor();
    await page.getByLabel("Count what Falco's stable rules see").check();
    await page.getByRole("columnheader", { name: "Stable rules" }).waitFor();
  });
});

test("no barriers, on a small screen neither", async () => {
  for (const viewport of [{ width: 1440, height: 900 }, { width: 360, height: 740 }]) {
    for (const colorScheme of ["light", "dark"]) {
      await onPage(
        async (page) => {
          await simulate(page);
          await page.locator(".falco-event").nth(2).click();
          await page.locator(".part-decides").first().waitFor();
          await upToDate(page);
          await page.screenshot({ path: shotPath(`falco-${viewport.width}-${colorScheme}`), fullPage: true });
          const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          assert.ok(wider <= 0, `${wider} pixels stick out`);
          await page.evaluate(readFileSync(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8"));
          const { violations } = await page.evaluate(() => globalThis.axe.run(".falco"));
          assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), []);
        },
        { viewport, colorScheme },
      );
    }
  }
});
