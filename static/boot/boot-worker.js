// The engine, away from the page's thread. The address below is rewritten when the build hashes the file names.
import init from "./worker.js";

// The page counts requests; those of a worker stand in the worker's own list alone.
if (globalThis.PerformanceObserver) {
  new PerformanceObserver((list) => {
    const made = list.getEntries().map(({ name, startTime }) => [name, performance.timeOrigin + startTime]);
    postMessage({ requests: made });
  }).observe({ type: "resource", buffered: true });
}

init().catch((error) => {
  // A rejected promise stays inside the worker; an error thrown from a task reaches the page.
  setTimeout(() => {
    throw error;
  });
});
