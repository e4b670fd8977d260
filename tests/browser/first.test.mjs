// The engine's first part, which the build cuts to what the examples run: what it answers, the whole engine answers in the same
// bytes, and what was cut off is left to the whole.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { analyse } from "../../static/editor/scripts/questions.mjs";
import { start } from "../../static/editor/scripts/tailor.mjs";
import { card, hold, open, upToDate } from "./support.mjs";
import { browser, server, together } from "./together.mjs";

const dist = fileURLToPath(new URL("../../dist", import.meta.url));
const examples = fileURLToPath(new URL("../../static/examples", import.meta.url));
const manifests = process.env.WATERTIGHT_CORPUS && join(process.env.WATERTIGHT_CORPUS, "manifests");

together();

test("what the first part answers is what the whole engine answers", async () => {
  const names = readdirSync(examples).filter((name) => name.endsWith(".yaml"));
  const texts = names.map((name) => readFileSync(join(examples, name), "utf8"));
  const counts = await compare(texts);
  assert.ok(counts.answered >= 15, `${counts.answered} of ${texts.length} examples are answered by it`);
  // One line less, and one changed: other paths, and words that no example has.
  const changed = texts.flatMap((text) => {
    const lines = text.split("\n");
    return lines.flatMap((line, at) => [
      lines.toSpliced(at, 1).join("\n"),
      lines.with(at, line.replace(/: .*/, ": true")).join("\n"),
      lines.with(at, line.replace(/[a-z]+:/, "hostPath:")).join("\n"),
    ]);
  });
  const { answered, left } = await compare(changed);
  assert.ok(answered > 100 && left > 100, `${answered} answered, ${left} left`);
});

test("and so for other projects' manifests", { skip: !(manifests && existsSync(manifests)) && "no corpus" }, async () => {
  const files = readdirSync(manifests, { recursive: true }).filter((name) => /\.ya?ml$/.test(name));
  const texts = files.map((name) => readFileSync(join(manifests, name), "utf8")).filter((text) => text.length < 20_000);
  const { answered } = await compare(texts);
  // Seven in ten of those that it answered before it was cut, which were four in ten.
  assert.ok(answered > texts.length * 0.25, `${answered} of ${texts.length} are answered by it`);
});

test("the question that the build tries is the one that the page asks", async () => {
  const context = await browser.newContext();
  await context.addInitScript(() => {
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (message, ...rest) {
      globalThis.firstAsked ??= Array.from(message);
      return post.call(this, message, ...rest);
    };
  });
  const page = await context.newPage();
  await page.goto(server.address);
  await upToDate(page);
  const name = "risky-web.yaml";
  const asked = analyse([{ name, text: readFileSync(join(examples, name), "utf8") }]);
  assert.deepEqual(await page.evaluate(() => globalThis.firstAsked), [...asked]);
  await context.close();
});

test("what is pressed before the tools are there opens when they are", async () => {
  for (const press of [(page) => page.getByRole("button", { name: "Share or save" }).click(), (page) => page.keyboard.press("Control+k")]) {
    const context = await browser.newContext();
    const page = await context.newPage();
    const goOn = await hold(page, /\/tools-/);
    await page.goto(server.address);
    await upToDate(page);
    await press(page);
    goOn();
    await page.getByRole("dialog").first().waitFor();
    await context.close();
  }
});

test("without the tools the rest of the page comes all the same, and says so", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.route(/\/tools-/, (route) => route.abort());
  await page.goto(server.address);
  await page.getByText("A part of the page could not be loaded.").waitFor();
  await page.getByRole("tab", { name: /Checklist/ }).click();
  await page.getByText(/in place/).waitFor();
  await context.close();
});

test("the first report needs nothing but what counts as the first load", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.route(/\/(late|panels|tools|editor|engine)-/, () => {});
  await page.goto(server.address);
  await card(page, "is privileged").waitFor();
  await upToDate(page);
  await context.close();
});

/** Asks both parts about each text; every difference fails. */
async function compare(texts) {
  const questions = texts.map((text) => Buffer.from(analyse([{ name: "pods.yaml", text }])));
  const expected = await askWhole(questions);
  const program = readFileSync(join(dist, readdirSync(dist).find((name) => /^first-.*\.wasm$/.test(name))));
  let ask = start(program);
  let [answered, left] = [0, 0];
  for (const [at, question] of questions.entries()) {
    let reply;
    try {
      reply = ask(question);
    } catch (error) {
      // It was stopped in the middle of its work, as in the page.
      assert.equal(error, null, texts[at]);
      ask = start(program);
    }
    if (reply === undefined) {
      left += 1;
    } else {
      answered += 1;
      assert.ok(reply.equals(expected[at]), `another answer for\n${texts[at]}`);
    }
  }
  return { answered, left };
}

/** What the whole engine of the page answers. */
async function askWhole(questions) {
  const { page, context } = await open(browser, server.address);
  await upToDate(page);
  const replies = await page.evaluate(
    async (questions) => {
      const fetched = performance.getEntriesByType("resource").map(({ name }) => name);
      const folder = fetched.find((name) => /\/start-/.test(name)).replace(/[^/]*$/, "");
      const worker = await (await fetch(fetched.find((name) => /\/worker-/.test(name)))).text();
      const whole = await import(folder + worker.match(/engine-[0-9a-f]+\.js/)[0]);
      await whole.default();
      const bytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
      const text = (bytes) => btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ""));
      return questions.map((question) => text(whole.handlePacked(bytes(question))));
    },
    questions.map((question) => question.toString("base64")),
  );
  await context.close();
  return replies.map((reply) => Buffer.from(reply, "base64"));
}
