// The page in German: chosen by the browser, by the address, in the settings, and kept.
import assert from "node:assert/strict";
import { test } from "node:test";
import { open, ready, shotPath } from "./support.mjs";
import { browser, server, together } from "./together.mjs";

together();

const german = (page) => page.locator(".foot-engine", { hasText: "Aktuell" }).waitFor({ state: "attached" });
const lang = (page) => page.evaluate(() => document.documentElement.lang);

test("a German browser is spoken to in German, and what the engine says is marked as English", async () => {
  const { page, context, seen } = await open(browser, server.address, { locale: "de-AT" });
  await german(page);
  assert.equal(await lang(page), "de");
  assert.match(await page.title(), /Kommt heraus/);
  for (const name of ["Befunde", "Karte", "Gehärtet", "Simulieren", "Erzeugen", "Checkliste"]) {
    await page.getByRole("tab", { name }).click();
    assert.equal(await page.getByRole("tab", { name, selected: true }).count(), 1, name);
    await page.getByRole("tabpanel").getByRole("heading").first().waitFor();
  }
  await page.getByRole("tab", { name: "Karte" }).click();
  await page.locator(".lane-end").first().waitFor();
  const cut = await page.locator(".lane-end").evaluateAll((ends) => {
    const room = (text) => text.ownerSVGElement.viewBox.baseVal.width;
    return ends.filter((text) => text.getBBox().x + text.getBBox().width > room(text)).map((text) => text.textContent);
  });
  assert.deepEqual(cut, [], "what a way wins is not cut off");
  await page.getByRole("tab", { name: "Befunde" }).click();
  assert.match(await page.locator(".wt-dot").last().getAttribute("title"), /Befund/);
  assert.match(await page.locator(".verdict").innerText(), /Einstellung(en)? öffne[nt] (einen Ausweg|Auswege)/);
  assert.equal(await page.locator(".card-what").first().getAttribute("lang"), "en");
  await page.getByRole("button", { name: "Teilen" }).click();
  await page.getByRole("dialog", { name: "Teilen oder sichern" }).getByText(/Der Link hat [\d.]+ Zeichen/).waitFor();
  await page.screenshot({ path: shotPath("german") });
  assert.deepEqual(seen.errors, []);
  await context.close();
});

test("the address says which language, whatever the browser speaks", async () => {
  const { page, context } = await open(browser, `${server.address}#lang=de`);
  await german(page);
  assert.equal(await lang(page), "de");
  await context.close();
  const other = await open(browser, `${server.address}#lang=en`, { locale: "de-DE" });
  await other.page.locator(".foot-engine", { hasText: "Up to date" }).waitFor({ state: "attached" });
  assert.equal(await lang(other.page), "en");
  await other.context.close();
});

test("a language is chosen in the settings, at once and for the next time; English asks for no catalogue", async () => {
  const { page, context, seen } = await ready(browser, server.address);
  assert.equal(await lang(page), "en");
  const asked = () => seen.requests.filter((request) => request.url().includes("/languages/")).length;
  assert.equal(asked(), 0);
  // What is fetched before the page counts as loaded is no request since.
  await page.locator("#requests", { hasText: "0 requests since load" }).waitFor();
  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByRole("radio", { name: "Deutsch" }).check();
  await page.getByRole("dialog", { name: "Einstellungen" }).waitFor();
  assert.equal(asked(), 1);
  assert.equal(await lang(page), "de");
  await page.getByRole("button", { name: "Einstellungen schließen" }).click();
  await page.getByRole("textbox", { name: /^Text von risky-web\.yaml/ }).waitFor();
  assert.match(await page.locator("#requests").innerText(), /1 Anfrage seit dem Laden/);
  await page.reload();
  await german(page);
  await page.getByRole("button", { name: "Einstellungen" }).click();
  await page.getByRole("radio", { name: "English" }).check();
  await page.getByRole("dialog", { name: "Settings" }).waitFor();
  assert.equal(await lang(page), "en");
  await context.close();
});

test("an editor that was put away hears of no other language", async () => {
  const count = () => {
    globalThis.listening = new Set();
    globalThis.MutationObserver = class extends MutationObserver {
      observe(target, options) {
        if (options.attributeFilter?.includes("lang")) globalThis.listening.add(this);
        super.observe(target, options);
      }
      disconnect() {
        globalThis.listening.delete(this);
        super.disconnect();
      }
    };
  };
  const { page, context } = await open(browser, server.address, {}, (context) => context.addInitScript(count));
  await page.locator(".cm-content").waitFor();
  await page.getByRole("button", { name: "Settings" }).click();
  for (const [editor, listening] of [["Plain text field", 0], ["With colours", 1], ["Plain text field", 0]]) {
    await page.getByRole("radio", { name: editor }).check();
    await page.waitForFunction((listening) => globalThis.listening.size === listening, listening);
  }
  await context.close();
});

test("nonsense for a language is English", async () => {
  for (const word of ["fr", "__proto__", "<b>", "constructor", ""]) {
    const { page, context, seen } = await open(browser, `${server.address}#lang=${encodeURIComponent(word)}`);
    await page.locator(".foot-engine", { hasText: "Up to date" }).waitFor({ state: "attached" });
    assert.equal(await lang(page), "en", word);
    assert.deepEqual(seen.errors, []);
    await context.close();
  }
});
