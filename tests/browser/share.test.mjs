// Links: made, followed, kept readable for ever, and harmless whoever wrote them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { changed, ready, replaceText, textOf, upToDate } from "./support.mjs";
import { browser, server, together } from "./together.mjs";

const POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: shop\nspec:\n  hostPID: true\n  containers: []\n";

together();

const packed = (json) => `#1${deflateRawSync(Buffer.from(json), { level: 9 }).toString("base64url")}`;
const tabs = async (page) => {
  const names = await page.getByRole("navigation", { name: "Files" }).locator(".file-name").allInnerTexts();
  // Before the name a screen reader hears of the worst finding.
  return names.map((name) => name.split("\n").at(-1));
};

/** Opens an address, works, and holds that nothing went wrong in the page. */
async function use(fragment, work, options) {
  const { page, context, seen } = await ready(browser, server.address + fragment, options);
  await work(page, seen);
  assert.deepEqual(seen.errors, [], "the console is quiet");
  assert.deepEqual(await page.evaluate(() => globalThis.violations), [], "the content policy holds");
  await context.close();
}

test("a link that was copied opens the same files and settings, in another browser", async () => {
  let link;
  await use(
    "",
    async (page) => {
      await replaceText(page, POD);
      await page.locator("#level").selectOption("baseline");
      await page.getByRole("button", { name: /Share/ }).click();
      const dialog = page.getByRole("dialog", { name: "Share or save" });
      await dialog.getByText(/The link has/).waitFor();
      await dialog.getByRole("button", { name: "Copy" }).click();
      await dialog.getByText("Copied.").waitFor();
      link = await page.evaluate(() => navigator.clipboard.readText());
      assert.equal(link, await dialog.getByLabel("What will be copied").inputValue());
      await page.keyboard.press("Escape");
      assert.match(await page.evaluate(() => document.activeElement.textContent), /Share/, "the focus is back");
    },
    { permissions: ["clipboard-read", "clipboard-write"] },
  );
  assert.ok(link.startsWith(`${server.address}#1`), link);
  await use(link.slice(server.address.length), async (page) => {
    assert.equal(await textOf(page), POD);
    assert.equal(await page.locator("#level").inputValue(), "baseline");
  });
});

test("every wrapping of a link holds it, and names of files stay names", async () => {
  const name = '"><img src=x onerror=alert(1)>](javascript:alert(1)).yaml';
  await use(packed(JSON.stringify({ files: [{ name, text: "```\n" + POD }, { name: "b.yaml", text: POD }] })), async (page) => {
    await page.getByRole("button", { name: /Share/ }).click();
    const dialog = page.getByRole("dialog", { name: "Share or save" });
    const text = dialog.getByLabel("What will be copied");
    const as = dialog.getByLabel("Copy as");
    const wrapped = async (kind, form) => {
      await as.selectOption(kind);
      await page.waitForFunction((form) => new RegExp(form).test(document.querySelector("#share-text").value), form);
      return text.inputValue();
    };
    const link = await wrapped("Link", "^http");
    for (const [kind, form] of [
      ["Markdown link", "^\\[[^\\n]+$"],
      ["Markdown with the text", "^\\[.*\\n"],
      ["Text for an issue", "^###"],
    ]) {
      const markdown = await wrapped(kind, form);
      assert.ok(markdown.includes(`](${link})`), kind);
      assert.doesNotMatch(markdown, /(?<!\\)<img|(?<!\\)\]\(javascript/, kind);
    }
    const snippet = await wrapped("Embed snippet", "^<iframe");
    const made = snippet.match(/<(\w+)/g);
    assert.deepEqual(made, ["<iframe"], "one element and no other");
    assert.ok(snippet.includes(`${link}&amp;embed`));

    await dialog.getByLabel("b.yaml").uncheck();
    await wrapped("Link", "^http");
    await page.waitForFunction((link) => document.querySelector("#share-text").value.length < link.length, link);
    await dialog.getByRole("checkbox").first().uncheck();
    await dialog.getByText("Choose at least one file.").waitFor();
    assert.equal(await dialog.getByRole("button", { name: "Copy" }).isDisabled(), true);
  });
});

for (const { about, link, names, texts, level } of JSON.parse(readFileSync(new URL("frozen-links.json", import.meta.url)))) {
  test(`a link of old: ${about}`, async () => {
    const { page, context } = await ready(browser, server.address + link, { plain: true });
    const state = await page.evaluate(() => globalThis.watertight.state());
    assert.deepEqual(state.files.map(({ name }) => name), names);
    assert.deepEqual(state.files.map(({ text }) => text), texts);
    assert.equal(state.settings.level, level);
    await context.close();
  });
}

test("a link that is followed while the page is open takes its place, and can be undone", async () => {
  await use("", async (page) => {
    await replaceText(page, POD);
    await page.evaluate((fragment) => (location.hash = fragment), packed('{"files":[{"name":"theirs.yaml","text":"a: 1\\n"}]}'));
    await page.getByRole("button", { name: /^(\w+ findings in )?theirs\.yaml$/ }).waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await upToDate(page);
    assert.equal(await textOf(page), POD);
  });
});

test("of links that are followed one after the other the last one stays, however long the first takes", async () => {
  await use("", async (page) => {
    const [slow, quick] = ["slow.yaml", "quick.yaml"].map((name) => packed(JSON.stringify({ files: [{ name, text: "a: 1\n" }] })));
    await page.evaluate(async (slow) => {
      const Own = DecompressionStream;
      const held = new Promise((done) => (globalThis.goOn = done));
      globalThis.DecompressionStream = class {
        constructor(format) {
          globalThis.DecompressionStream = Own;
          const { readable, writable } = new Own(format);
          const wait = new TransformStream({ transform: (piece, out) => held.then(() => out.enqueue(piece)) });
          Object.assign(this, { readable: readable.pipeThrough(wait), writable });
        }
      };
      const followed = new Promise((done) => addEventListener("hashchange", done, { once: true }));
      location.hash = slow;
      await followed;
    }, slow);
    await page.evaluate((quick) => (location.hash = quick), quick);
    await page.locator("#file-here", { hasText: "quick.yaml" }).waitFor();
    await page.evaluate(() => globalThis.goOn());
    await page.waitForTimeout(300);
    assert.deepEqual(await tabs(page), ["quick.yaml"]);
  });
});

test("a fresh page shows nothing", async () => {
  await use("#fresh", async (page) => {
    assert.deepEqual(await tabs(page), ["untitled.yaml"]);
    assert.equal(await textOf(page), "");
  });
});

test("hostile links are told or passed over, and nothing of them runs", async () => {
  const bomb = packed(" ".repeat(11_000_000));
  const markup = '<img src=x onerror="globalThis.hit=1"><script>globalThis.hit=1</script>';
  for (const [fragment, says] of [
    [bomb, /more than 10 MB/],
    ["#9abc", /newer version/],
    ["#1%3Cscript%3E", /letters/],
    ["#1AAAA", /could not be unpacked/],
    [`#1${"A".repeat(1_000_001)}`, /longer than/],
    [packed("{}"), /no file/],
    [packed("[".repeat(100_000)), /no file/],
    [packed(JSON.stringify({ files: [{ name: markup, text: markup }], settings: { level: markup } })), null],
    [packed('{"__proto__":{"hit":1},"files":[{"name":"__proto__","text":"constructor: __proto__","__proto__":{"hit":1}}]}'), null],
    [packed(JSON.stringify({ files: [{ name: "../".repeat(2_000) + "x", text: "1e999999: 99999999999999999999" }] })), null],
    ["#&&&=&theme=javascript:alert(1)&view=<img>&host=data:text/html,x", null],
  ]) {
    await use(
      fragment,
      async (page) => {
        if (says) await page.locator(".notice", { hasText: says }).waitFor();
        assert.equal(await page.evaluate(() => globalThis.hit ?? Object.prototype.hit), undefined);
        assert.equal(await page.locator("#app img:not(.brand-mark), #app script").count(), 0);
      },
      { plain: true },
    );
  }
});

test("files are saved one by one and all at once", async () => {
  const files = [
    { name: "a.yaml", text: "a: 1\r\n" },
    { name: "ß 🚢.yaml", text: POD },
  ];
  await use(packed(JSON.stringify({ files })), async (page) => {
    await page.getByRole("button", { name: /Share/ }).click();
    const dialog = page.getByRole("dialog", { name: "Share or save" });
    const save = async (name) => {
      const [download] = await Promise.all([page.waitForEvent("download"), dialog.getByRole("button", { name }).click()]);
      return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
    };
    const archive = await save("Chosen files");
    assert.equal(archive.name, "watertight.zip");
    assert.deepEqual(unzipped(archive.bytes), files);
    await dialog.getByLabel("a.yaml").uncheck();
    assert.equal((await save("Chosen files")).bytes.toString(), POD);
    const sarif = JSON.parse((await save("Report as SARIF")).bytes);
    assert.ok(sarif.runs[0].results.some(({ ruleId }) => ruleId === "host-pid"));
    assert.match((await save("Report as Markdown")).bytes.toString(), /host-pid/);
  });
});

test("a pasted article's snippets are offered as tabs of their own", async () => {
  const article = `Some words about pods before the first of them stands here.\n\n\`\`\`yaml\n${POD}\`\`\`\n\nAnd a profile:\n\n\`\`\`json\n{"defaultAction": "SCMP_ACT_ERRNO"}\n\`\`\`\n`;
  const permissions = ["clipboard-read", "clipboard-write"];
  await use("#fresh", async (page) => {
    await page.evaluate((article) => navigator.clipboard.writeText(article), article);
    await page.locator(".cm-content").click();
    await page.keyboard.press("ControlOrMeta+v");
    await page.getByRole("button", { name: "Open each in a tab" }).click();
    await upToDate(page);
    assert.deepEqual(await tabs(page), ["pod.yaml", "seccomp.json"]);
  }, { permissions });
  // What gives way is what was pasted, not what is shown by then, and only as it was pasted.
  for (const [meanwhile, left] of [
    [(page) => page.getByRole("button", { name: "New file" }).click(), ["pod.yaml", "seccomp.json"]],
    [(page) => page.keyboard.type("# mine"), ["untitled.yaml", "pod.yaml", "seccomp.json"]],
  ]) {
    await use("#fresh", async (page) => {
      await page.evaluate((article) => navigator.clipboard.writeText(article), article);
      await page.locator(".cm-content").click();
      await page.keyboard.press("ControlOrMeta+v");
      const open = page.getByRole("button", { name: "Open each in a tab" });
      await open.waitFor();
      await meanwhile(page);
      await changed(page);
      await open.click();
      await changed(page);
      assert.deepEqual(await tabs(page), left);
    }, { permissions });
  }
});

test("everything that can be done is found by typing", async () => {
  await use("", async (page) => {
    await page.locator("#panel").focus();
    await page.keyboard.press("ControlOrMeta+k");
    const find = page.getByRole("combobox", { name: "Find a command" });
    assert.equal(await page.getByRole("listbox", { name: "Commands" }).getByRole("option", { name: /^(line )?\d+( \w+)?$/ }).count(), 0, "what says nothing by itself is left out");
    const names = await page.getByRole("listbox", { name: "Commands" }).getByRole("option").allTextContents();
    assert.match(names[0], /^Harden to the target/, "what people look for comes first");
    for (const name of ["Findings", "Checklist", "Target level: Baseline", "New file", "Open files", "Share or save", "Settings"]) {
      assert.ok(names.includes(name), `${name} in ${names}`);
    }
    for (const name of ["Skip to the results", "risky-web.yaml"]) assert.ok(!names.includes(name), `${name} is nothing to do`);
    assert.ok(!names.some((name) => /request/.test(name)), "nor is what the page has sent");
    await find.fill("there is no such thing");
    await page.getByText("Nothing here is called that.").waitFor();
    await find.fill("target baseline");
    await page.keyboard.press("Enter");
    await changed(page);
    assert.equal(await page.locator("#level").inputValue(), "baseline");
    await page.keyboard.press("ControlOrMeta+k");
    await find.fill("harden");
    await page.keyboard.press("Enter");
    assert.equal(await page.getByRole("tab", { name: /Hardened/ }).getAttribute("aria-selected"), "true");
  });
});

/** The entries of an archive whose entries are stored as they are, read by its directory. */
function unzipped(bytes) {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  let at = bytes.readUInt32LE(end + 16);
  return Array.from({ length: bytes.readUInt16LE(end + 10) }, () => {
    const [size, path, local] = [bytes.readUInt32LE(at + 24), bytes.readUInt16LE(at + 28), bytes.readUInt32LE(at + 42)];
    const name = bytes.subarray(at + 46, at + 46 + path).toString();
    const from = local + 30 + bytes.readUInt16LE(local + 26);
    at += 46 + path;
    return { name, text: bytes.subarray(from, from + size).toString() };
  });
}
