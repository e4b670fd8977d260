// Visits the page, built so that it counts, and writes the functions of the app that no first visit calls: `node visit.mjs FILE`.
// What somebody may do before the late part has come belongs to a visit: read, type, paste, open a finding, choose a panel.
import { writeFileSync } from "node:fs";
import { changed, launch, open, replaceText, serve } from "./support.mjs";

const POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: shop\nspec:\n  hostPID: true\n  containers:\n    - name: a\n      image: b\n";
/** To call a shorter function in the other part costs more than it saves. */
const SHORTEST = 600;

const VISITS = [
  {},
  { options: { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true } },
  { options: { locale: "de-DE", colorScheme: "dark" } },
  { act: writes },
  { act: reads },
  { act: waits, held: /\/(late|engine)-.*\.wasm$/ },
];

const server = await serve();
const browser = await launch();
const functions = await (await fetch(`${server.address}functions.json`)).json();
const called = new Set();
for (const { options, act, held = /\/late-/ } of VISITS) {
  // Who acts does so while the late part is on its way; else it comes, and is taken in.
  const prepare = act ? (context) => context.route(held, () => {}) : () => {};
  const { page, context } = await open(browser, server.address, { serviceWorkers: "block", ...options }, prepare);
  await page.locator(".card").first().waitFor({ state: "attached" });
  await (act?.(page) ?? page.locator("#requests", { hasText: /\d/ }).waitFor());
  for (const number of await page.evaluate(() => [...globalThis.called])) called.add(functions[number].name);
  await context.close();
}
await browser.close();
await server.close();

// A function without a name is called by its place, which is another one after the next change.
const isNamed = (name) => !/^\d+$/.test(name);
// What compares keys is called where two of them meet in a table, which is chance: no visit proves that another does not.
const isChance = (name) => /find_or_find_insert_index.*::\{closure\}$/.test(name);
const isLate = ({ name, length }) => length >= SHORTEST && isNamed(name) && !called.has(name) && !isChance(name);
const late = new Set(functions.filter(isLate).map(({ name }) => name));
writeFileSync(process.argv[2], [...late].sort().join("\n") + "\n");
console.log(`${called.size} functions are called, ${late.size} long ones are not`);

async function writes(page) {
  await page.locator(".cm-content").click();
  await page.keyboard.type("x ");
  await page.keyboard.press("Backspace");
  await changed(page);
  await replaceText(page, POD);
  await replaceText(page, "");
}

async function reads(page) {
  await page.locator(".cm-content").waitFor();
  for (const button of await page.locator(".card-button").all()) await button.click();
  await page.getByRole("button", { name: /line \d+/ }).first().click();
  await page.locator(".cm-content").press("ArrowDown");
  for (const name of [/Checklist/, /Findings/]) await page.getByRole("tab", { name }).click();
}

/** The whole engine is on its way too, and this text takes it. */
async function waits(page) {
  await page.locator(".cm-content").click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("docker run --privileged alpine");
  await page.waitForTimeout(2_000);
}
