// The engine, away from the page's thread. It comes in two steps: a small part of it answers what a pasted pod needs, and
// the whole engine is fetched soon after the first answer, or as soon as a question takes it, and answers from then on.
// The addresses below are rewritten when the build hashes the file names.
import init, { fetching, handlePacked, ready } from "./first.js";

// The page counts requests; those of a worker stand in the worker's own list alone.
if (globalThis.PerformanceObserver) {
  new PerformanceObserver((list) => {
    const made = list.getEntries().map(({ name, startTime }) => [name, performance.timeOrigin + startTime]);
    postMessage({ requests: made });
  }).observe({ type: "resource", buffered: true });
}

// The page draws the first answer meanwhile, which takes it longer while the browser compiles the whole engine.
const PAUSE_TO_DRAW = 300;

/** What asks the first part, until it leaves a question. */
let first = handlePacked;
let whole;
let coming;
/** What the page is told when a question has to wait. */
let wait;

function fetchWhole() {
  coming ??= import("./engine.js")
    .then(async (engine) => {
      await engine.default();
      whole = engine;
      postMessage({ whole: true });
    })
    .catch((error) => {
      // Should it not come now, it is fetched again with the next question.
      coming = undefined;
      throw error;
    });
  return coming;
}

// The app's questions are packed; those of the page's tools are JSON texts, which the whole engine alone reads.
async function answer(asked) {
  const isText = typeof asked === "string";
  let reply = whole || isText ? undefined : askFirst(asked);
  if (reply === undefined) {
    if (!whole && !isText) postMessage(wait);
    await fetchWhole();
    reply = isText ? whole.handle(asked) : whole.handlePacked(asked);
  }
  // Packed replies are handed over, not copied: those on many pods are large.
  postMessage(reply, isText ? [] : [reply.buffer]);
  if (!coming) setTimeout(() => fetchWhole().catch(() => {}), PAUSE_TO_DRAW);
}

// The first part has those paths alone that the examples take, and throws null on any other. It is not asked again then, for it
// was stopped in the middle of its work.
function askFirst(asked) {
  try {
    return first?.(asked);
  } catch (error) {
    if (error !== null) console.warn(error);
    first = undefined;
    return undefined;
  }
}

// A rejected promise stays inside the worker; an error thrown from a task reaches the page.
function fail(error) {
  setTimeout(() => {
    throw error;
  });
}

init().then(() => {
  onmessage = ({ data }) => {
    answer(data).catch(fail);
  };
  wait = fetching();
  postMessage(ready());
}).catch(fail);
