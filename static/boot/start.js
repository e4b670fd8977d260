// Starts the page. The addresses below are rewritten when the build gives the files their hashed names.
import init from "./app.js";

// What the app cannot say in WebAssembly: a dynamic import, and an address relative to this file.
globalThis.watertight = {
  editor: () => import("./editor.js"),
  worker: new URL("./boot-worker.js", import.meta.url).href,
};

try {
  await init();
} catch (error) {
  const status = document.getElementById("shell-status");
  if (status) {
    status.classList.add("loud");
    status.setAttribute("role", "alert");
    status.textContent =
      "The page could not start: this browser refused or could not load its WebAssembly program. " +
      "Please reload; if that does not help, use a current browser or the command line `watertight check`. " +
      `What the browser says: ${error}`;
  }
  throw error;
}
