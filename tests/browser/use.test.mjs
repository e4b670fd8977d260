// The page as a person uses it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { card, changed, fixed, open, ready, replaceText, serve, shotPath, textOf, upToDate } from "./support.mjs";
import { browser, server, together } from "./together.mjs";

const PRIVILEGED = `apiVersion: v1
kind: Pod
metadata:
  name: shop
spec:
  containers:
    - name: web
      image: example.com/web:1.0
      securityContext:
        privileged: true
`;

together();

/** Opens the page, uses it, and holds that nothing went wrong and nothing left for elsewhere. */
async function use(work, options) {
  const { page, context, seen } = await ready(browser, server.address, options);
  await work(page, seen);
  assert.deepEqual(seen.errors, [], "the console is quiet");
  assert.deepEqual(await page.evaluate(() => globalThis.violations), [], "the content policy holds");
  for (const request of seen.requests) assert.ok(request.url().startsWith(server.origin), request.url());
  await context.close();
}

test("an example is there and judged at once", async () => {
  await use(async (page) => {
    assert.match(await page.locator(".verdict").innerText(), /ways? out/);
    assert.ok((await page.locator(".card").count()) > 3);
  });
});

test("the example is there to read before the app has arrived, unless something else is opened", async () => {
  const context = await browser.newContext();
  await context.route("**/*.wasm", () => {});
  const page = await context.newPage();
  const text = async (fragment) => {
    await page.goto("about:blank");
    await page.goto(server.address + fragment);
    await page.waitForFunction(() => globalThis.watertight);
    return page.getByLabel("Text of the manifest").inputValue();
  };
  const { files } = JSON.parse(readFileSync(new URL("../../static/examples/index.json", import.meta.url), "utf8")).groups[0].examples[0];
  assert.equal(await text(""), readFileSync(new URL(`../../static/examples/${files[0]}`, import.meta.url), "utf8"));
  for (const other of ["#fresh", "#lesson=privileged", "#1abc", "#embed"]) assert.equal(await text(other), "", other);
  await page.evaluate(() => localStorage.setItem("watertight.files", "[]"));
  assert.equal(await text(""), "");
  await context.close();
});

test("what is typed before the app has arrived is kept, and a phone fetches no editor", async () => {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
  const page = await context.newPage();
  let go;
  const asked = [];
  const wait = new Promise((done) => (go = done));
  page.on("request", (request) => asked.push(request.url()));
  await page.route("**/app-*.wasm", async (route) => {
    await wait;
    await route.continue();
  });
  await page.goto(server.address, { waitUntil: "commit" });
  await page.getByLabel("Text of the manifest").fill(PRIVILEGED);
  go();
  await upToDate(page);
  assert.equal(await page.getByLabel("Text of untitled.yaml").inputValue(), PRIVILEGED);
  assert.deepEqual(asked.filter((url) => url.includes("/editor-")), []);
  await context.close();
});

test("whoever types into the first text goes on where they were when the app and the editor come", async () => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  let go;
  const wait = new Promise((done) => (go = done));
  await page.route("**/app-*.wasm", async (route) => {
    await wait;
    await route.continue();
  });
  await page.goto(server.address, { waitUntil: "commit" });
  const first = page.getByLabel("Text of the manifest");
  await first.click();
  await first.evaluate((field) => field.setSelectionRange(field.value.indexOf("Pod"), field.value.indexOf("Pod")));
  await page.keyboard.type("A");
  go();
  await upToDate(page);
  await page.keyboard.type("B");
  await page.locator(".cm-content").waitFor();
  await page.keyboard.type("C");
  await changed(page);
  assert.match(await textOf(page), /^kind: ABCPod$/m);
  await context.close();
});

test("somebody who types on while the editor arrives goes on typing in it", async () => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.route("**/editor-*.js", async (route) => {
    await new Promise((done) => setTimeout(done, 1_000));
    await route.continue();
  });
  await page.goto(server.address);
  const field = page.getByLabel("Text of risky-web.yaml");
  await field.click();
  await page.keyboard.press("ControlOrMeta+a");
  const typed = "apiVersion: v1 # typed while the editor is on its way";
  await page.keyboard.type(typed, { delay: 50 });
  await page.locator(".cm-content").waitFor();
  await page.keyboard.type(" and there");
  await changed(page);
  assert.equal((await textOf(page)).trim(), `${typed} and there`);
  await context.close();
});

test("a privileged container is found, mended at its finding, and brought back by one undo", async () => {
  await use(async (page) => {
    await replaceText(page, PRIVILEGED);
    const finding = card(page, "is privileged");
    await finding.locator(".card-button").first().click();
    await finding.getByRole("button", { name: /^Apply:/ }).first().click();
    await fixed(page);
    assert.equal(await page.evaluate(() => document.activeElement.id), "undo", "the card is gone, and what undoes it is at hand");
    assert.doesNotMatch(await textOf(page), /privileged: true/);
    assert.equal(await page.locator(".card", { hasText: "is privileged" }).count(), 0);
    await page.locator(".cm-content").click();
    await page.keyboard.press("ControlOrMeta+z");
    await changed(page);
    assert.match(await textOf(page), /privileged: true/);
  });
});

test("on a phone what is told of a change covers nothing, and is undone beside the text after going on", async () => {
  await use(
    async (page) => {
      await page.getByRole("button", { name: "Results" }).click();
      const before = await textOf(page);
      const finding = page.locator(".card", { has: page.getByRole("button", { name: /^Apply:/ }) });
      await page.locator(".card-button").first().click();
      await finding.getByRole("button", { name: /^Apply:/ }).first().click();
      await fixed(page);
      const [notice, panel, foot] = await Promise.all([".notice", "#panel", ".foot"].map((part) => page.locator(part).boundingBox()));
      assert.ok(notice.y >= panel.y + panel.height - 1 && notice.y + notice.height <= foot.y + 1, "it has room of its own");
      await page.getByRole("tab", { name: "Simulate" }).click();
      await page.locator("#undo").waitFor({ state: "hidden" });
      await page.getByRole("button", { name: "Text", exact: true }).click();
      await page.screenshot({ path: shotPath("undo-phone") });
      await page.locator("#undo").click();
      await changed(page);
      assert.equal(await textOf(page), before, "a phone has no other way back");
    },
    { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, plain: true },
  );
});

test("at a desk what is told of a change goes with going on, and the editor's own undo stays", async () => {
  await use(async (page) => {
    await replaceText(page, PRIVILEGED);
    await page.getByRole("tab", { name: "Hardened" }).click();
    await page.getByRole("button", { name: "Put it into the editor" }).click();
    await fixed(page);
    const selected = await page.evaluate(() => document.querySelector("#editor").shadowRoot.querySelectorAll(".cm-selectionBackground").length);
    assert.equal(selected, 0, "nothing is selected that was not");
    await page.getByRole("tab", { name: "Checklist" }).click();
    await page.locator("#undo").waitFor({ state: "detached" });
    await page.locator(".cm-content").click();
    await page.keyboard.press("ControlOrMeta+z");
    await changed(page);
    assert.equal(await textOf(page), PRIVILEGED);
  });
});

test("on a phone the chosen tab is in view, however it was chosen", async () => {
  await use(
    async (page) => {
      const inView = async (name) => {
        const { x, width } = await page.getByRole("tab", { name }).boundingBox();
        assert.ok(x >= 0 && x + width <= 360, `${name} from ${x} to ${x + width}`);
      };
      await page.getByRole("button", { name: "Results" }).click();
      await page.getByRole("tab", { name: "Checklist" }).click();
      await inView("Checklist");
      await page.getByRole("button", { name: "Lessons" }).click();
      await page.getByRole("tab", { name: "Lesson", selected: true }).waitFor();
      await inView("Lesson");
      await page.getByRole("tab", { name: "Lesson" }).press("End");
      await inView("Checklist");
    },
    { viewport: { width: 360, height: 740 }, plain: true },
  );
});

test("what is not listed is counted, and long numbers are written as the language does", async () => {
  await use(async (page) => {
    await replaceText(page, PRIVILEGED + "  volumes:\n" + "    - {name: a, hostPath: {path: /etc}}\n".repeat(11_500));
    const count = await page.locator("#tab-findings .count").innerText();
    assert.match(count, /^\d\d,\d{3}$/);
    const chips = await page.locator(".chips").first().locator(".chip-number").allInnerTexts();
    const sum = chips.reduce((sum, chip) => sum + Number(chip.replace(",", "")), 0);
    assert.equal(sum, Number(count.replace(",", "")));
  });
});

test("a file that nobody has named is called by what was pasted into it", async () => {
  await use(async (page) => {
    const name = () => page.locator("#file-here").innerText();
    for (const [text, expected] of [
      ["services:\n  web:\n    image: nginx\n    privileged: true\n", "compose.yaml"],
      ["docker run --privileged alpine\n", "run.sh"],
      ['{"defaultAction": "SCMP_ACT_ALLOW"}\n', "seccomp.json"],
      ["profile a flags=(attach_disconnected) {\n  file,\n}\n", "profile.apparmor"],
      [PRIVILEGED, "untitled.yaml"],
    ]) {
      await replaceText(page, text);
      assert.match(await name(), new RegExp(`${expected}$`));
    }
    await page.locator("#file-here").press("F2");
    await page.locator("#rename").fill("mine.yaml");
    await page.keyboard.press("Enter");
    await replaceText(page, "docker run --privileged alpine\n");
    assert.match(await name(), /mine\.yaml$/, "a name that somebody gave stays");
  });
});

test("what was closed can come back whatever is told since, and a message that passes leaves the focus in the page", async () => {
  await use(async (page) => {
    await replaceText(page, PRIVILEGED);
    await page.getByRole("button", { name: "Close untitled.yaml" }).click();
    await page.evaluate(() => globalThis.watertight.act("tell", "Something else."));
    const messages = page.locator(".notice");
    await messages.filter({ hasText: "Something else." }).getByRole("button", { name: "Close the message" }).focus();
    await page.waitForFunction(() => document.activeElement.id === "panel");
    assert.deepEqual(await messages.locator("span").allTextContents(), ["untitled.yaml is closed."]);
    await page.getByRole("button", { name: "Undo" }).click();
    await changed(page);
    assert.equal(await textOf(page), PRIVILEGED);
  });
});

test("a new file is written in at once, its tab is in view among many, and tabs keep the focus", async () => {
  await use(async (page) => {
    const add = page.getByRole("button", { name: "New file" });
    for (let file = 0; file < 9; file++) {
      await add.click();
      await page.waitForFunction(() => document.activeElement?.id === "editor");
    }
    await page.keyboard.type("kind: Pod");
    await changed(page);
    assert.equal(await textOf(page), "kind: Pod");
    assert.equal(await page.locator(".file").count(), 10);
    const [tab, row] = [await page.locator(".file-here").boundingBox(), await page.locator(".files-list").boundingBox()];
    assert.ok(tab.x >= row.x - 1 && tab.x < row.x + row.width, `${tab.x} of ${row.x} and ${row.width}`);
    // What has the focus goes with the tab and with the field for a name; it goes on at the tab that is shown.
    const onTab = () => page.waitForFunction(() => document.activeElement?.id === "file-here");
    await page.locator(".file-here .file-close").press("Enter");
    await onTab();
    for (const key of ["Enter", "Escape"]) {
      await page.keyboard.press("F2");
      await page.waitForFunction(() => document.activeElement?.id === "rename");
      await page.keyboard.press(key);
      await onTab();
    }
  });
});

test("Escape and then Tab leave the editor, whatever else Escape does there", async () => {
  await use(async (page) => {
    const before = await textOf(page);
    await page.locator(".cm-content").click();
    // F8 selects the finding that it goes to, and Escape takes the selection away.
    await page.keyboard.press("F8");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Tab");
    assert.notEqual(await page.evaluate(() => document.activeElement.id), "editor");
    assert.equal(await textOf(page), before);
  });
});

test("the hardened manifest is put into the editor as one change", async () => {
  await use(async (page) => {
    await replaceText(page, PRIVILEGED);
    await page.getByRole("tab", { name: /Hardened/ }).click();
    await page.getByRole("button", { name: /editor/i }).first().click();
    await changed(page);
    assert.equal(await page.evaluate(() => document.activeElement.id), "undo");
    const hardened = await textOf(page);
    assert.match(hardened, /runAsNonRoot: true/);
    assert.match(hardened, /drop:\s+- ALL/);
    assert.match(hardened, /image: example\.com\/web:1\.0/);
    await page.locator(".cm-content").click();
    await page.keyboard.press("ControlOrMeta+z");
    await changed(page);
    assert.doesNotMatch(await textOf(page), /runAsNonRoot/);
  });
});

test("a file that is hardened keeps its name, and so does one that was given a name", async () => {
  await use(async (page) => {
    const close = (name) => page.getByRole("button", { name: `Close ${name}` });
    await page.getByRole("tab", { name: /Hardened/ }).click();
    await page.getByRole("button", { name: "Put it into the editor" }).click();
    await changed(page);
    assert.match(await textOf(page), /runAsNonRoot: true/);
    await close("risky-web.yaml").waitFor();
  });
  await use(async (page) => {
    await page.locator("#file-here").press("F2");
    await page.locator("#rename").fill("mine.yaml");
    await page.keyboard.press("Enter");
    await replaceText(page, PRIVILEGED);
    await page.getByRole("button", { name: "Close mine.yaml" }).waitFor();
  });
});

test("while the engine is on its way a bar says so, and goes when it is there", async () => {
  const context = await browser.newContext();
  let come;
  const coming = new Promise((done) => (come = done));
  await context.route(/first-[^/]*\.wasm$/, async (route) => {
    await coming;
    await route.continue();
  });
  const page = await context.newPage();
  await page.goto(server.address);
  const bar = page.getByRole("region", { name: "Results" }).getByRole("progressbar", { name: "The engine is loading" });
  await bar.waitFor();
  come();
  await upToDate(page);
  assert.equal(await bar.count(), 0);
  // What it is called where a link to it is shown.
  const card = await page.locator('meta[property="og:image"]').getAttribute("content");
  assert.ok((await page.request.get(new URL(card, server.address).href)).ok());
  await context.close();
});

test("a broken text is told, and the page goes on", async () => {
  await use(async (page) => {
    await replaceText(page, "a: [1, 2");
    assert.ok((await page.locator(".card").count()) > 0);
    await replaceText(page, PRIVILEGED);
    await card(page, "is privileged").waitFor();
  });
});

test("names that look like markup stay text", async () => {
  await use(async (page) => {
    const hostile = '"<img src=x onerror=alert(1)><script>alert(2)</script>"';
    await replaceText(page, PRIVILEGED.replace("name: web", `name: ${hostile}`).replace("name: shop", `name: ${hostile}`));
    assert.equal(await page.locator("#results img, #results script").count(), 0);
    assert.match(await page.locator("#results").innerText(), /<script>/);
  });
});

test("a text in the place of an example does not keep its name, and a template's pod stands once", async () => {
  await use(async (page) => {
    await replaceText(page, PRIVILEGED.replace("shop", "{{ .Release.Name }}"));
    await page.getByRole("button", { name: "Close untitled.yaml" }).waitFor();
    await card(page, "template expression").waitFor();
    assert.equal(await page.getByRole("heading", { name: "Pod/{{ .Release.Name }}" }).count(), 1);
  });
});

test("what is remembered is kept to the last key before the page goes", async () => {
  await use(async (page) => {
    await page.getByRole("button", { name: "Settings" }).click();
    await page.getByLabel("Remember my files in this browser").check();
    await page.getByRole("button", { name: "Close the settings" }).click();
    await page.locator(".cm-content").click();
    await page.keyboard.press("Control+End");
    await page.keyboard.type("# the last word");
    await page.reload();
    await upToDate(page);
    assert.match(await textOf(page), /# the last word\n?$/);
  });
});

test("the browser asks before the page goes with what somebody has written, and only then", async () => {
  await use(async (page) => {
    const asked = [];
    page.on("dialog", (dialog) => {
      asked.push(dialog.type());
      return dialog.accept();
    });
    await page.locator(".cm-content").click();
    await page.reload();
    await upToDate(page);
    assert.deepEqual(asked, []);
    await page.locator(".cm-content").click();
    await page.keyboard.type("# mine");
    await changed(page);
    await page.reload();
    await upToDate(page);
    assert.deepEqual(asked, ["beforeunload"]);
  });
});

test("the target is chosen, and what admission says follows", async () => {
  await use(async (page) => {
    await replaceText(page, PRIVILEGED);
    await page.locator("#level").selectOption("baseline");
    await changed(page);
    assert.match(await page.locator(".verdict").innerText(), /baseline/);
  });
});

test("text that lost its indentation is judged where it stands, and offered back", async () => {
  await use(async (page) => {
    await replaceText(page, PRIVILEGED.replace(/^ +/gm, ""));
    await card(page, "is privileged").getByText("line 10").waitFor();
    await page.getByRole("tab", { name: "Map" }).click();
    await page.getByRole("tabpanel", { name: "Map" }).getByText(/root on the node/i).first().waitFor();
    await page.getByRole("tab", { name: "Findings" }).click();
    const banner = page.getByLabel("Lost indentation");
    await banner.waitFor();
    await banner.getByRole("button", { name: /restore/i }).last().click();
    await changed(page);
    assert.match(await textOf(page), /\n {2,}- name: web/);
    await page.getByRole("button", { name: "Close the message" }).click();
    await page.waitForFunction(() => document.activeElement.id === "panel");
    await card(page, "is privileged").waitFor();
  });
});

test("the report is printed dark on white, without what is there to be pressed", async () => {
  await use(
    async (page) => {
      // What is unfolded when the page goes to the printer, and how much there is to unfold.
      await page.evaluate(() => {
        const count = (selector) => document.querySelectorAll(`.side-results ${selector}`).length;
        globalThis.print = () => (globalThis.printed = [count(".card-body:not([hidden])"), count(".card"), count(".fold[aria-expanded=false]")]);
      });
      await page.locator(".card-button").first().click();
      await page.getByRole("button", { name: "Share or save" }).click();
      await page.getByRole("button", { name: "Print the report" }).click();
      await page.waitForFunction(() => globalThis.printed);
      const [bodies, cards, folds] = await page.evaluate(() => globalThis.printed);
      assert.deepEqual([bodies, folds], [cards, 0], "everything is unfolded on paper");
      await page.locator(".card-body:not([hidden])").nth(1).waitFor({ state: "detached" });
      assert.equal(await page.locator("#paper").isVisible(), false);
      await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
      await page.emulateMedia({ media: "print", colorScheme: "dark" });
      assert.match(await page.locator("#paper").innerText(), /risky-web\.yaml.* · .*\d{4}/, "paper says what was looked at and when");
      // As wide as a sheet between its margins.
      await page.setViewportSize({ width: 700, height: 900 });
      for (const left of [page.getByRole("dialog"), page.locator(".bar-actions"), page.locator(".side-text"), page.locator(".foot"), page.getByRole("tablist"), page.locator(".fix-actions").first()]) {
        assert.equal(await left.isVisible(), false, String(left));
      }
      assert.ok(await page.locator(".verdict").isVisible());
      assert.ok(await page.locator(".card-body").first().isVisible(), "what is opened is printed");
      const [scheme, ink] = await page.evaluate(() => {
        const { color } = getComputedStyle(document.querySelector(".verdict h2"));
        const parts = color.match(/[\d.]+/g).slice(0, 3);
        return [getComputedStyle(document.documentElement).colorScheme, parts.reduce((sum, part) => sum + Number(part), 0) / 3];
      });
      assert.ok(scheme === "light" && ink < 120, `${scheme}, ink ${ink}`);
      const { whole, seen } = await page.evaluate(() => ({ whole: document.querySelector("#panel").scrollHeight, seen: document.querySelector("#panel").clientHeight }));
      assert.ok(whole <= seen + 1, "nothing is cut off by a scroll bar");
      await page.screenshot({ path: shotPath("printed"), fullPage: true });
    },
    { colorScheme: "dark" },
  );
});

test("every panel follows whatever is pasted while it is open", async () => {
  const texts = ["compose.yaml", "bad-everything.yaml", "falco-rules.yaml", "hardened.yaml", "no-doors.json", "guarded-app.apparmor"];
  await use(async (page) => {
    for (const tab of await page.getByRole("tablist", { name: "Results" }).getByRole("tab").all()) {
      await tab.click();
      for (const name of texts) {
        await replaceText(page, readFileSync(new URL(`../../static/examples/${name}`, import.meta.url), "utf8"));
      }
      await replaceText(page, "docker run --privileged -v /:/host -d -t x:1\n");
      assert.equal(await tab.getAttribute("aria-selected"), "true");
    }
  });
});

test("each panel begins at its top", async () => {
  await use(async (page) => {
    await page.getByRole("tab", { name: "Map" }).click();
    await page.locator(".map-picture svg").waitFor();
    await page.locator("#panel").evaluate((panel) => (panel.scrollTop = 400));
    await page.getByRole("tab", { name: "Checklist" }).click();
    await page.getByRole("tabpanel", { name: "Checklist" }).getByRole("heading").first().waitFor();
    assert.equal(await page.locator("#panel").evaluate((panel) => panel.scrollTop), 0);
  });
});

test("tabs are reached and moved along by keyboard", async () => {
  await use(async (page) => {
    const findings = page.getByRole("tab", { name: /Findings/ });
    await findings.focus();
    await page.keyboard.press("ArrowRight");
    assert.equal(await page.getByRole("tab", { name: /Map/ }).getAttribute("aria-selected"), "true");
    await page.keyboard.press("End");
    assert.equal(await page.getByRole("tab", { name: /Checklist/ }).getAttribute("aria-selected"), "true");
  });
});

test("twenty thousand levels are answered, and the next text is analysed as ever", async () => {
  await use(async (page) => {
    for (const open of ["[", "- ", "{a: "]) {
      await replaceText(page, `${open.repeat(20_000)}\n`);
      assert.ok((await page.locator(".card").count()) > 0);
    }
    await replaceText(page, PRIVILEGED);
    await card(page, "is privileged").waitFor();
  });
});

test("when its program stops the page says so, and the text is still there", async () => {
  const { page, context } = await ready(browser, server.address);
  await page.waitForFunction(() => document.getElementById("requests")?.textContent.includes("since load"));
  await replaceText(page, PRIVILEGED);
  await page.evaluate(() => setTimeout(() => { throw new WebAssembly.RuntimeError("unreachable"); }));
  const told = page.getByRole("dialog", { name: "The page has stopped" });
  await told.getByRole("button", { name: "Reload now" }).waitFor();
  await told.getByRole("button", { name: "Close" }).click();
  assert.equal(await textOf(page), PRIVILEGED);
  await context.close();
});

test("without its engine the page keeps the text and says why there are no results", async () => {
  const broken = await serve({ change: (path) => (/\/first-.*\.wasm$/.test(path) ? null : undefined) });
  const { page, context } = await open(browser, broken.address);
  await page.locator(".findings, .empty, .notice", { hasText: /could not/ }).first().waitFor({ timeout: 60_000 });
  assert.ok((await textOf(page)).length > 0);
  await context.close();
  await broken.close();
});
