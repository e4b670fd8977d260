// Lessons as somebody takes them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { changed, ready, replaceText, shotPath, textOf } from "./support.mjs";
import { browser, server, together } from "./together.mjs";

const COURSE = `---
id: mine
title: <img src=x onerror=alert(1)> of my own
---
A text with <script>markup</script> in it.

## Start

\`\`\`yaml note.yaml
word: no
\`\`\`

## Goal

\`\`\`yaml
- contains: "word: yes"
  say: The word is yes.
\`\`\`

## Hints

- Try <b>yes</b>.

## Solution

\`\`\`yaml note.yaml
word: yes
\`\`\`

## Why

It was no.
`;

const packed = (files) => `#1${deflateRawSync(Buffer.from(JSON.stringify({ files }))).toString("base64url")}`;

together();

/** Opens the page, works in it, and holds that nothing went wrong and no other address was asked. */
async function onPage(work, { at = "", ...options } = {}) {
  const { page, context, seen } = await ready(browser, server.address + at, options);
  await work(page, seen);
  assert.deepEqual(seen.errors, [], "the console is quiet");
  assert.deepEqual(await page.evaluate(() => globalThis.violations), [], "the content policy holds");
  const elsewhere = seen.requests.map((request) => request.url()).filter((url) => !url.startsWith(server.origin));
  assert.deepEqual(elsewhere, []);
  await context.close();
}

/** Holds that nothing in the panel is in anybody's way. */
async function axe(page) {
  await page.evaluate(readFileSync(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8"));
  const { violations } = await page.evaluate(() => globalThis.axe.run(".lesson"));
  assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]), []);
}

const goals = (page) => page.getByRole("region", { name: "Goals" }).getByRole("listitem");

test("a lesson is taken: hints, goals that tick, the next one, and one's own text back", async () => {
  await onPage(async (page, seen) => {
    const before = await textOf(page);
    const fetched = () => seen.requests.filter((request) => request.url().includes("lessons/")).length;
    assert.equal(fetched(), 0, "lessons are loaded when they are asked for");
    await page.getByRole("button", { name: "Lessons" }).click();
    await page.getByRole("heading", { name: "Out of the box" }).waitFor();
    assert.ok((await page.locator(".lesson-list li").count()) >= 14);
    await page.screenshot({ path: shotPath("lessons-list") });
    await axe(page);
    await page.getByRole("link", { name: "Privileged means without walls" }).click();
    await page.getByRole("heading", { name: "Privileged means without walls" }).waitFor();
    assert.equal(new URL(page.url()).hash, "#lesson=privileged");
    await changed(page);
    await goals(page).filter({ hasText: "Not yet: The container is not privileged." }).waitFor();
    await page.getByRole("button", { name: "Give me a hint (1 of 2)" }).click();
    await page.getByText("Its fix is one line.").waitFor();
    await page.screenshot({ path: shotPath("lesson-open") });
    await axe(page);
    await replaceText(page, (await textOf(page)).replace("privileged: true", "privileged: false"));
    await goals(page).filter({ hasText: "Reached: The container is not privileged." }).waitFor();
    await page.getByRole("heading", { name: "Done. What to take away" }).waitFor();
    await page.screenshot({ path: shotPath("lesson-done") });
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      await axe(page);
    }
    await page.getByRole("button", { name: /^Next: / }).click();
    await page.getByText(/^Lesson 3 of/).waitFor();
    await page.getByRole("button", { name: "All lessons" }).click();
    await page.locator(".lesson-done", { hasText: "Privileged means without walls" }).waitFor();
    await page.getByRole("button", { name: "Leave the lessons" }).click();
    await changed(page);
    assert.equal(await textOf(page), before);
    assert.equal(new URL(page.url()).hash, "", "a reload does not bring the lesson back");
    assert.equal(fetched(), 1);
  });
});

test("a link opens its lesson, the solution reaches every goal, and the text can be had again", async () => {
  await onPage(
    async (page) => {
      await page.getByRole("heading", { name: "So tight that nothing runs" }).waitFor();
      await changed(page);
      await page.getByRole("button", { name: "Show the solution" }).click();
      await page.getByRole("heading", { name: "Done. What to take away" }).waitFor();
      await page.getByRole("button", { name: "Again from the start" }).click();
      await goals(page).filter({ hasText: "Not yet: The program can be started." }).waitFor();
    },
    { at: "#lesson=seccomp-too-tight" },
  );
});

test("a course of one's own is a file, and nothing in it becomes markup", async () => {
  await onPage(async (page) => {
    await page.locator("input[type=file]").setInputFiles({
      name: "course.md",
      mimeType: "text/markdown",
      buffer: Buffer.from(COURSE),
    });
    await page.getByRole("heading", { name: "course.md" }).waitFor();
    await page.getByRole("link", { name: "<img src=x onerror=alert(1)> of my own" }).click();
    await page.getByText("A text with <script>markup</script> in it.").waitFor();
    await changed(page);
    await page.getByRole("button", { name: "Give me a hint (1 of 1)" }).click();
    await page.getByText("Try <b>yes</b>.").waitFor();
    await replaceText(page, "word: yes\n");
    await page.getByText("It was no.").waitFor();
    assert.equal(await page.locator(".lesson img, .lesson script, .lesson b").count(), 0);
  });
});

test("a link holds a course and opens its lesson, it is shared again, and nothing in it becomes markup", async () => {
  await onPage(
    async (page) => {
      await page.getByRole("heading", { name: "<img src=x onerror=alert(1)> of my own" }).waitFor();
      await changed(page);
      assert.equal((await textOf(page)).trim(), "word: no");
      await page.getByRole("button", { name: "All lessons" }).click();
      await page.getByRole("heading", { name: "course.md" }).waitFor();
      await page.getByRole("button", { name: "Share this course" }).click();
      const dialog = page.getByRole("dialog", { name: "Share or save" });
      assert.ok(await dialog.getByRole("checkbox", { name: "course.md" }).isChecked());
      assert.ok(!(await dialog.getByRole("checkbox", { name: "note.yaml" }).isChecked()));
      await page.waitForFunction(() => /#1/.test(document.querySelector("#share-text").value));
      const link = await dialog.getByRole("textbox", { name: "What will be copied" }).inputValue();
      await dialog.getByRole("button", { name: "Close" }).click();
      await page.getByRole("button", { name: "Leave the lessons" }).click();
      await page.evaluate((link) => (location.href = link), link);
      await page.getByRole("heading", { name: "course.md" }).waitFor();
      assert.equal(await page.locator(".lesson img, .lesson script, .lesson b").count(), 0);
    },
    { at: `${packed([{ name: "course.md", text: COURSE }])}&lesson=mine` },
  );
});

test("a link to a manifest that is followed during a lesson ends the lesson, and undoing brings one's own text back", async () => {
  await onPage(async (page) => {
    await replaceText(page, "mine: 1\n");
    await page.evaluate(() => (location.hash = "#lesson=privileged"));
    await page.getByRole("heading", { name: "Privileged means without walls" }).waitFor();
    await changed(page);
    await page.evaluate((hash) => (location.hash = hash), packed([{ name: "theirs.yaml", text: "theirs: 1\n" }]));
    await page.locator("#file-here", { hasText: "theirs.yaml" }).waitFor();
    await changed(page);
    assert.equal(await page.getByRole("tab", { name: "Lesson" }).count(), 0);
    assert.equal(await page.getByRole("tab", { name: "Findings" }).getAttribute("aria-selected"), "true");
    await page.getByRole("button", { name: "Undo" }).click();
    await changed(page);
    assert.equal((await textOf(page)).trim(), "mine: 1");
  });
});

test("for a room: large type, and nothing that is not looked at", async () => {
  await onPage(
    async (page) => {
      await page.getByRole("heading", { name: "What a container is not" }).waitFor();
      const size = () => page.locator(".lesson .docs p").first().evaluate((p) => parseFloat(getComputedStyle(p).fontSize));
      const usual = await size();
      await page.getByRole("button", { name: "Present" }).click();
      assert.ok((await size()) > usual);
      assert.ok(!(await page.getByRole("banner").isVisible()));
      await page.screenshot({ path: shotPath("lesson-presented") });
      await page.getByRole("button", { name: "Usual size" }).click();
      assert.ok(await page.getByRole("banner").isVisible());
    },
    { at: "#lesson=same-kernel" },
  );
});

test("on a phone the lesson and its text take turns", async () => {
  await onPage(
    async (page) => {
      await page.getByRole("heading", { name: "Privileged means without walls" }).waitFor();
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing sticks out");
      await page.screenshot({ path: shotPath("lesson-phone") });
    },
    { at: "#lesson=privileged", viewport: { width: 360, height: 740 }, plain: true },
  );
});
