// Every main view in light and dark, on a phone, a tablet and a desktop: nothing sticks out, axe finds nothing, and it looks
// as it did. How it looked stands in screens/, a tenth of the size, so that fonts of another machine make no difference;
// WATERTIGHT_SCREENS=write takes new ones, which are to be looked at before they are checked in.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { changed, example, ready, shotPath } from "./support.mjs";
import { browser, server, together } from "./together.mjs";

const folder = new URL("screens/", import.meta.url);
const writes = process.env.WATERTIGHT_SCREENS === "write";
/** One pixel of a small picture for so many of the screen, along each side. */
const SMALLER = 10;
/** How far a channel may be off, and how many of a thousand pixels may be. */
const CHANNEL = 16;
const PIXELS = 40;

const tab = (name) => async (page) => {
  await results(page);
  await page.getByRole("tab", { name }).click();
  // A panel says in one line that it waits for its answer.
  await page.locator("#panel > .empty").first().waitFor({ state: "detached" });
  await page.waitForTimeout(200);
};
const VIEWS = {
  findings: tab("Findings"),
  map: tab("Map"),
  hardened: tab("Hardened"),
  checklist: tab("Checklist"),
  gallery: async (page) => {
    await page.getByRole("button", { name: "Examples" }).click();
    await page.getByRole("dialog", { name: "Examples" }).getByRole("button").nth(3).waitFor();
  },
  simulate: async (page) => {
    await page.keyboard.press("Escape");
    await example(page, "A pod and its AppArmor profile");
    await tab("Simulate")(page);
  },
  generate: tab("Generate"),
  lessons: async (page) => {
    await page.getByRole("button", { name: "Lessons" }).click();
    await page.getByRole("link", { name: "Privileged means without walls" }).click();
    await page.getByRole("heading", { name: "Goals" }).waitFor();
    await changed(page);
    await results(page);
  },
};

together();

/** Shows the results where there is room for one side. */
async function results(page) {
  const side = page.getByRole("button", { name: /^Results/ });
  if (await side.isVisible()) await side.click();
}

/** What is wrong with a view as it is: what sticks out, and what axe finds. */
async function wrong(page, name) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  const cut = await page.evaluate(() => {
    const out = (element) => {
      const { left, right } = element.getBoundingClientRect();
      return element.checkVisibility() && (right > innerWidth + 1 || left < -1);
    };
    return [...document.querySelectorAll(".bar *, .foot *, .targets *, .panel-title, #panel select, #panel input")].filter(out).map(({ textContent }) => textContent.slice(0, 40));
  });
  await page.evaluate(readFileSync(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8"));
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { rules: { "target-size": { enabled: true } } }));
  const found = violations.map(({ id, nodes }) => `${name}: ${id}: ${nodes.slice(0, 3).map((node) => node.html).join(" ")}`);
  if (wide > 0) found.push(`${name}: ${wide} pixels stick out`);
  return cut.length > 0 ? [...found, `${name}: cut off: ${cut.join(", ")}`] : found;
}

/** A screenshot, smaller: as PNG, and as its pixels. The browser itself does it, on a page of its own. */
async function smaller(png) {
  const page = await browser.newPage();
  try {
    return await page.evaluate(
      async ([address, times]) => {
        const image = await createImageBitmap(await (await fetch(address)).blob());
        const canvas = document.createElement("canvas");
        canvas.width = Math.round(image.width / times);
        canvas.height = Math.round(image.height / times);
        const context = canvas.getContext("2d");
        context.imageSmoothingQuality = "high";
        context.drawImage(image, 0, 0, canvas.width, canvas.height);
        const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
        return { width: canvas.width, height: canvas.height, pixels: [...data], png: canvas.toDataURL("image/png") };
      },
      [`data:image/png;base64,${png.toString("base64")}`, times(png)],
    );
  } finally {
    await page.close();
  }
}

// What is checked in is small already.
const times = (png) => (png.readUInt32BE(16) >= 360 ? SMALLER : 1);

/** How many of a thousand pixels of one are nowhere near in the other. */
function difference(one, other) {
  if (one.width !== other.width || one.height !== other.height) return 1_000;
  const { width, height } = one;
  let off = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) if (!isNear(one, other, x, y)) off++;
  }
  return Math.round((1_000 * off) / (width * height));
}

/** Whether a pixel is one of those around it in the other: lines may break a little earlier or later. */
function isNear(one, other, x, y) {
  const at = (picture, x, y) => picture.pixels.slice(4 * (y * picture.width + x), 4 * (y * picture.width + x) + 3);
  const wanted = at(one, x, y);
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      const [nx, ny] = [x + dx, y + dy];
      if (nx < 0 || ny < 0 || nx >= one.width || ny >= one.height) continue;
      if (at(other, nx, ny).every((channel, place) => Math.abs(channel - wanted[place]) <= CHANNEL)) return true;
    }
  }
  return false;
}

const kept = new Map();

for (const colorScheme of ["light", "dark"]) {
  for (const [width, height] of [[360, 740], [768, 1_000], [1_440, 900]]) {
    test(`${width} pixels wide, ${colorScheme}: every view is whole, and as it was`, async (t) => {
      const options = { colorScheme, viewport: { width, height }, reducedMotion: "reduce" };
      const { page, context, seen } = await ready(browser, server.address, options);
      const problems = [];
      for (const [view, open] of Object.entries(VIEWS)) {
        const name = `${view}-${colorScheme}-${width}`;
        await open(page);
        await page.mouse.move(0, 0);
        const shot = await page.screenshot({ path: shotPath(name), animations: "disabled", caret: "hide" });
        problems.push(...(await wrong(page, name)));
        const picture = await smaller(shot);
        kept.set(name, picture);
        const file = new URL(`${name}.png`, folder);
        if (writes) {
          mkdirSync(folder, { recursive: true });
          writeFileSync(file, Buffer.from(picture.png.split(",")[1], "base64"));
        }
        if (!existsSync(file)) {
          t.diagnostic(`${name} has no picture in screens/ yet, so it is not compared`);
          continue;
        }
        const off = difference(picture, await smaller(readFileSync(file)));
        if (off > PIXELS) problems.push(`${name}: ${off} of 1,000 pixels are not as they were; see ${shotPath(name)}`);
      }
      assert.deepEqual(problems, []);
      assert.deepEqual(seen.errors, []);
      await context.close();
    });
  }
}

test("a view that looks otherwise is seen to", () => {
  for (const [one, other] of [["findings-light-1440", "findings-dark-1440"], ["findings-light-1440", "map-light-1440"], ["hardened-dark-360", "map-dark-360"]]) {
    assert.ok(difference(kept.get(one), kept.get(other)) > PIXELS, `${one} and ${other}`);
  }
});

test("from right to left every view is whole, and code goes from left to right as ever", async () => {
  for (const viewport of [{ width: 1_440, height: 900 }, { width: 360, height: 740 }]) {
    const { page, context } = await ready(browser, server.address, { viewport });
    await page.evaluate(() => (document.documentElement.dir = "rtl"));
    const problems = [];
    for (const [view, open] of Object.entries(VIEWS)) {
      const name = `${view}-mirrored-${viewport.width}`;
      await open(page);
      await page.screenshot({ path: shotPath(name) });
      problems.push(...(await wrong(page, name)));
    }
    const turned = await page.evaluate(() => {
      const code = [...document.querySelectorAll("code, pre, textarea, #editor")];
      return code.filter((element) => getComputedStyle(element).direction !== "ltr").map((element) => element.outerHTML.slice(0, 80));
    });
    assert.deepEqual([...problems, ...turned], []);
    await context.close();
  }
});

test("twice the size and the system's own colours: every view is whole", async () => {
  for (const options of [{ viewport: { width: 720, height: 450 }, deviceScaleFactor: 2 }, { forcedColors: "active" }]) {
    const { page, context } = await ready(browser, server.address, options);
    const problems = [];
    for (const [view, open] of Object.entries(VIEWS)) {
      const name = `${view}-${options.forcedColors ? "forced" : "zoomed"}`;
      await open(page);
      await page.screenshot({ path: shotPath(name) });
      problems.push(...(await wrong(page, name)));
    }
    assert.deepEqual(problems, []);
    await context.close();
  }
});
