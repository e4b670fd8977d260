// Starts the engine's worker. Where the browser knows Trusted Types, this is the one place that can make an address of a
// script, and it makes those of the page's own folder alone.
const own = new URL("./", import.meta.url).href;

const policy = globalThis.trustedTypes?.createPolicy("watertight", {
  createScriptURL(address) {
    if (!new URL(address, own).href.startsWith(own)) throw new TypeError(`not a script of this page: ${address}`);
    return address;
  },
});

/** The address of a script of the page, as this browser wants it. */
export function scriptAddress(address) {
  return policy?.createScriptURL(address) ?? address;
}

/** A new worker; `onrequests` is told which requests it has made, which it tells in messages of its own. */
export function startWorker(onrequests) {
  let worker;
  try {
    worker = new Worker(scriptAddress(new URL("./worker.js", import.meta.url).href), { type: "module" });
  } catch (error) {
    // A frame in a sandbox without an origin of its own may start none.
    if (self.origin !== "null") throw error;
    worker = new Here();
  }
  worker.addEventListener("message", ({ data }) => onrequests(data));
  return worker;
}

// The engine on the page's own thread, with the face of a worker.
class Here extends EventTarget {
  onmessage = null;
  onerror = null;
  #engine = import("./engine.js").then(async (engine) => {
    await engine.default();
    return engine;
  });

  constructor() {
    super();
    this.addEventListener("message", (event) => this.onmessage?.(event));
    this.addEventListener("error", (event) => this.onerror?.(event));
    this.#answer((engine) => engine.ready());
    // All of the engine is there at once, which a worker tells like this.
    this.#answer(() => ({ whole: true }));
  }

  postMessage(asked) {
    this.#answer((engine) => (typeof asked === "string" ? engine.handle(asked) : engine.handlePacked(asked)));
  }

  terminate() {
    this.onmessage = this.onerror = null;
  }

  async #answer(work) {
    try {
      const data = work(await this.#engine);
      this.dispatchEvent(new MessageEvent("message", { data }));
    } catch (error) {
      this.dispatchEvent(new ErrorEvent("error", { message: String(error) }));
    }
  }
}
