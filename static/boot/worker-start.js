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

/** A new worker; `onrequests` is told which requests it has made, which it tells in messages that are not texts. */
export function startWorker(onrequests) {
  const worker = new Worker(scriptAddress(new URL("./worker.js", import.meta.url).href), { type: "module" });
  worker.addEventListener("message", ({ data }) => onrequests(data));
  return worker;
}
