// Keeps a copy of the page in the browser, so that it works without a network, and says when a newer one is there.
import { say } from "../share/say.js";
import { element } from "./dom.js";

/** Registers the page's service worker. It is there in published builds, over https or on this machine. */
export async function offline(scriptAddress) {
  const address = document.querySelector("meta[name=offline]")?.content;
  if (!address || !navigator.serviceWorker) return;
  try {
    const registration = await navigator.serviceWorker.register(scriptAddress(new URL(address, document.baseURI).href));
    const tell = (worker) => {
      // The first copy replaces nothing.
      if (worker && navigator.serviceWorker.controller) {
        worker.addEventListener("statechange", () => worker.state === "installed" && updateReady(registration));
      }
    };
    if (registration.waiting && navigator.serviceWorker.controller) updateReady(registration);
    registration.addEventListener("updatefound", () => tell(registration.installing));
    await navigator.serviceWorker.ready;
    document.documentElement.dataset.offline = "ready";
  } catch {
    // A browser or frame that keeps nothing: the page works with a network as before.
  }
}

// A quiet line, never a reload by itself: there may be text in the editor that is kept nowhere.
function updateReady(registration) {
  if (document.getElementById("update")) return;
  const reload = () => {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload());
    registration.waiting?.postMessage("take over");
  };
  document.body.append(
    element(
      "p",
      { id: "update", class: "update", role: "status" },
      say("A newer version is ready. It is there the next time you open the page."),
      " ",
      element("button", { type: "button", class: "button small", onclick: reload }, say("Reload now")),
    ),
  );
}
