// Starts the page. The addresses below are rewritten when the build gives the files their hashed names.
import init from "./app.js";
import { readAddress } from "../share/address.js";
import { opensCommands } from "../share/keys.js";
import { unpack } from "../share/link.js";
import { latePart } from "./late.js";
import { scriptAddress, startWorker } from "./worker-start.js";
import { chosen, speak, translateShell } from "./language.js";
import { say } from "../share/say.js";
import { watch } from "./requests.js";

const requests = watch();
const late = latePart(new URL("./late.wasm", import.meta.url), new URL("./panels.css", import.meta.url));
let editor;
let early = null;
/** How many links were followed. */
let followed = 0;
let begun;
const appBegun = new Promise((done) => (begun = done));

/** Settles when the first page is painted. One in the background is not, and is not waited for. */
function painted() {
  if (document.hidden) return null;
  return new Promise((done) => {
    requestAnimationFrame(() => setTimeout(done));
    setTimeout(done, 1_500);
  });
}

/** A worker that begins before the app listens; what it says until then is kept. */
function begin() {
  const said = [];
  try {
    const worker = startWorker(requests.fromWorker);
    worker.onmessage = worker.onerror = (event) => said.push(event);
    return { worker, said };
  } catch {
    // The app starts it again, and says why it cannot be had.
    return null;
  }
}

// The first page shows the first example, unless the page is to open something else: what comes then is not known yet.
if (document.documentElement.dataset.opensOther !== undefined) document.getElementById("first-text")?.replaceChildren();

// What the app cannot say in WebAssembly, and what the page's tools and the app say to each other. The app adds `act` and
// `read` when it is there.
const page = (globalThis.watertight = {
  // A pause between the two halves of its start, so that the page answers in between.
  editor: () => (editor = import("./editor.js").then((module) => new Promise((done) => setTimeout(done, 0, module)))),
  worker: () => {
    const { worker, said } = early ?? { worker: startWorker(requests.fromWorker), said: [] };
    early = null;
    setTimeout(() => said.forEach((event) => worker[`on${event.type}`]?.(event)));
    page.engine = worker;
    page.engines.dispatchEvent(new CustomEvent("engine", { detail: worker }));
    return worker;
  },
  engine: null,
  /** The app has what it is to open, and can be acted on. */
  begun,
  /** What the app takes of its late part, and gives to it. */
  late,
  /** Texts in the language of the page, by the English ones; nothing for English. */
  words: null,
  /** The same as the app takes it, for the language that it starts with. */
  catalogue: "",
  /** Changes the language; `system` is the one that the address or the browser asks for. */
  speak: async (language) => {
    const catalogue = await speak(page, language === "system" ? chosen(readAddress(location.hash).lang) : language);
    requests.say();
    return catalogue;
  },
  engines: new EventTarget(),
  /** The open files and settings. */
  state: () => JSON.parse(page.read()),
  /** Where the examples are. */
  examples: new URL("./examples.json", import.meta.url),
  lessons: async () => {
    const response = await fetch(new URL("./lessons/out-of-the-box.md", import.meta.url));
    return response.ok ? response.text() : null;
  },
  /** Takes a lesson out of the address, if there is one, and leaves what else is in it. */
  leaveLesson: () => {
    const rest = location.hash.slice(1).split("&").filter((part) => !part.startsWith("lesson="));
    history.replaceState(null, "", location.pathname + location.search + (rest.join("") && `#${rest.join("&")}`));
  },
  /** Lets the browser ask before the page goes, as long as something would be lost with it. */
  hold: (hold) => (globalThis.onbeforeunload = hold ? () => true : null),
  /** How the address asks the page to open. A link that was followed until now is in it. */
  opening: () => {
    followed++;
    return opening(location.hash);
  },
});

/** What is in the address or was kept is read by the late part of the app. */
function isMoreThanAFirstVisit() {
  try {
    return location.hash.length > 1 || localStorage.length > 0;
  } catch {
    // No storage in this frame.
    return false;
  }
}

/** What somebody presses before the tools are there: the button, also where it was its key. */
function watchWishes() {
  let wish = null;
  let wished;
  const first = new Promise((done) => (wished = done));
  const stop = new AbortController();
  const take = (button) => {
    if (button) wished((wish = button));
  };
  addEventListener("click", ({ target }) => take(target.closest?.("[data-tool]")), stop);
  addEventListener(
    "keydown",
    (event) => {
      if (!opensCommands(event)) return;
      event.preventDefault();
      take(document.querySelector('[data-tool="palette"]'));
    },
    stop,
  );
  return {
    first,
    /** The last one; from now on nothing is watched. */
    end() {
      stop.abort();
      return wish;
    },
  };
}

async function opening(hash) {
  const { link, ...asked } = readAddress(hash);
  if (link === null) return asked;
  try {
    return { ...asked, shared: await unpack(link) };
  } catch (error) {
    return { ...asked, error: error.message };
  }
}

// A link that differs in its fragment alone does not load the page anew. What the page opens with comes before it, and one that
// is followed while it is unpacked comes instead of it.
addEventListener("hashchange", async () => {
  const number = ++followed;
  const { shared, error, lesson } = await opening(location.hash);
  await appBegun;
  if (number !== followed) return;
  if (shared !== undefined) page.act("link", shared);
  if (error !== undefined) page.act("tell", error);
  if (lesson !== null) page.act("lesson", lesson);
});

// What was typed a moment ago is told to the app before the page goes, so that it is kept if anything is.
addEventListener("pagehide", () => page.read?.());

page.catalogue = await speak(page, chosen(readAddress(location.hash).lang));
translateShell();

// There is something to read before the programs take the line and the processor. The engine is fetched beside the app.
await painted();
early = begin();
const wishes = watchWishes();
const program = fetch(new URL("./app_bg.wasm", import.meta.url));
// Should it fail, that is told below.
program.catch(() => {});
if (isMoreThanAFirstVisit()) await late.prepare().catch(() => {});
try {
  await init({ module_or_path: program });
} catch (error) {
  const status = document.getElementById("shell-status");
  if (status) {
    status.classList.add("loud");
    status.setAttribute("role", "alert");
    status.textContent = say(
      "The page could not start: this browser refused or could not load its WebAssembly program. Please reload; if that does not help, use a current browser or the command line `watertight check`. What the browser says: {error}",
      { error },
    );
  }
  throw error;
}

await appBegun;
const address = readAddress(location.hash);
const reported = Promise.race([requests.engineAnswered, new Promise((done) => setTimeout(done, 5_000))]);
// What the buttons that share and save need comes behind the first report, or when one is pressed. A page around a frame speaks
// to it at once.
if (!address.embed) await Promise.race([reported, wishes.first]);
const tools = await import("./tools.js").catch(() => null);
tools?.start(page, address);
const wish = wishes.end();
if (tools) wish?.click();
else page.act("tell", say("A part of the page could not be loaded. Please reload the page."));
// The rest of the app comes behind the first report, however that goes. Should it not come now, it is fetched when it is needed.
await reported;
await late.load().catch(() => {});
page.act?.("late", "");
// The page counts as loaded when the engine listens, the editor is there, if one is wanted, and nothing more is fetched.
await requests.engineReady;
await editor?.catch(() => {});
// A copy of all files is made last, for it takes the network and the processor from everything that somebody waits for.
if (!address.embed) await tools?.offline(scriptAddress);
requests.loaded();
