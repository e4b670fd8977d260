// The engine, away from the page's thread. The address below is rewritten when the build hashes the file names.
import init from "./worker.js";

init().catch((error) => {
  // A rejected promise stays inside the worker; an error thrown from a task reaches the page.
  setTimeout(() => {
    throw error;
  });
});
