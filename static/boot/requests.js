// Counts the requests of this page and its worker since it was loaded, from the browser's own list of them, and says in the
// page's last line how many there were.
import { plural, say } from "../share/say.js";

/** Begins to count. */
export function watch() {
  const own = new URL("./", document.baseURI).href;
  const made = [];
  let loadedAt = null;
  let messages = 0;
  let answered;
  let ready;
  const engineAnswered = new Promise((done) => (answered = done));
  const engineReady = new Promise((done) => (ready = done));

  function add(entries) {
    made.push(...entries);
    write();
  }

  function write() {
    if (loadedAt === null) return;
    const since = made.filter(([, at]) => at > loadedAt);
    const elsewhere = since.filter(([name]) => !name.startsWith(own)).length;
    const line = document.getElementById("requests");
    if (!line) return;
    line.textContent =
      elsewhere > 0
        ? say("{count} requests since load, {elsewhere} of them to other addresses", { count: since.length, elsewhere })
        : since.length > 0
          ? plural(since.length, "1 request since load, for the page's own files", "{count} requests since load, for the page's own files")
          : say("0 requests since load");
    line.classList.toggle("loud", elsewhere > 0);
  }

  if (globalThis.PerformanceObserver) {
    new PerformanceObserver((list) =>
      add(list.getEntries().map(({ name, startTime }) => [name, performance.timeOrigin + startTime])),
    ).observe({ type: "resource", buffered: true });
  }
  return {
    /** Settles when the engine has answered for the first time, and when all of it is there. */
    engineAnswered,
    engineReady,
    say: write,
    fromWorker(data) {
      // It says first that it listens.
      if (data instanceof Uint8Array && ++messages > 1) answered();
      if (data?.whole) ready();
      else if (Array.isArray(data?.requests)) add(data.requests);
    },
    loaded() {
      loadedAt = performance.timeOrigin + performance.now();
      write();
    },
  };
}
