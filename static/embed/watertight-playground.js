// <watertight-playground>: the page as an element of yours. No dependency; copy this file or link to it.
//
//   <script type="module" src="https://your.host/watertight/watertight-playground.js"></script>
//   <watertight-playground kind="pod" view="map"><script type="text/plain">apiVersion: v1 …</script></watertight-playground>
//
// Attributes: page (address of Watertight; else where this file lies), text, kind (pod, seccomp, apparmor, falco, compose,
// run), name, level (baseline, restricted), view (findings, map, hardened, …), theme (light, dark), lang (en, de), read-only, compact,
// lesson, height (pixels, or "auto"). Events: ready, report, change-height, error. Methods: getText(), getReport(),
// setText(text).

const PROTOCOL = 1;
const here = new URL("./", import.meta.url).href;

export class WatertightPlayground extends HTMLElement {
  static observedAttributes = ["text", "theme", "view"];
  #frame = null;
  #ready = false;
  // What was put in last: a frame that is not ready, or loads anew where the element is moved, is given it when it is.
  #text = null;
  // What is said before the frame listens.
  #waiting = [];
  #asked = new Map();
  #last = 0;
  #listen = (event) => this.#hear(event);

  connectedCallback() {
    if (this.#frame) return;
    const address = new URL(this.getAttribute("page") ?? here, document.baseURI);
    // Only an address of the web: never one that would run as a script.
    if (!/^https?:$/.test(address.protocol)) throw new TypeError("page has to be an address with https");
    const words = ["embed", `host=${encodeURIComponent(location.origin)}`];
    for (const word of ["compact", "read-only"]) if (this.hasAttribute(word)) words.push(word);
    for (const word of ["theme", "lang", "view", "lesson"]) {
      if (this.hasAttribute(word)) words.push(`${word}=${encodeURIComponent(this.getAttribute(word))}`);
    }
    address.hash = words.join("&");
    const frame = document.createElement("iframe");
    frame.title = this.getAttribute("title") ?? "Watertight: can what is inside this container get out?";
    frame.allow = "clipboard-write";
    frame.loading = "lazy";
    frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-popups allow-downloads");
    const fixed = Number(this.getAttribute("height"));
    Object.assign(frame.style, { width: "100%", height: `${fixed > 0 ? fixed : 560}px`, border: "0", display: "block" });
    this.#frame = frame;
    addEventListener("message", this.#listen);
    frame.src = address.href;
    (this.shadowRoot ?? this.attachShadow({ mode: "open" })).append(frame);
  }

  disconnectedCallback() {
    removeEventListener("message", this.#listen);
    this.#frame?.remove();
    this.#frame = null;
    this.#ready = false;
    this.#waiting = [];
    for (const { fail } of this.#asked.values()) fail(new Error("the element was taken out of its page before it could answer"));
    this.#asked.clear();
  }

  attributeChangedCallback(name, before, after) {
    if (before === after) return;
    if (name === "text") this.setText(after ?? "");
    // Until there is a frame they are in its address.
    if (name === "theme" && this.#frame) this.#say("set-theme", { theme: after });
    if (name === "view" && this.#frame) this.#say("set-view", { view: after });
  }

  /** Puts a text in. */
  setText(text) {
    this.#text = text;
    if (this.#ready) this.#put(text);
  }

  /** The files that are open, as a promise of `[{ name, text }, …]`. */
  async getText() {
    return (await this.#ask("get-text")).files;
  }

  /** The newest report, as a promise; its form is report.schema.json's. */
  async getReport() {
    return (await this.#ask("get-report")).report;
  }

  #put(text) {
    const [kind, name, level] = ["kind", "name", "level"].map((word) => this.getAttribute(word) ?? undefined);
    this.#say("set-text", { text, kind, name, level });
  }

  #ask(type) {
    const id = ++this.#last;
    return new Promise((done, fail) => {
      this.#asked.set(id, { done, fail });
      this.#say(type, { id });
    });
  }

  #say(type, more) {
    if (!this.#ready) return this.#waiting.push([type, more]);
    const origin = new URL(this.#frame.src).origin;
    this.#frame.contentWindow?.postMessage({ watertight: PROTOCOL, type, ...more }, origin);
  }

  #hear({ source, origin, data }) {
    // From our own frame alone, and only while the page we asked for is in it.
    if (!this.#frame || source !== this.#frame.contentWindow || origin !== new URL(this.#frame.src).origin) return;
    if (data?.watertight !== PROTOCOL) return;
    const asked = this.#asked.get(data.id);
    this.#asked.delete(data.id);
    if (data.type === "error") asked?.fail(new Error(data.message));
    else asked?.done(data);
    if (data.type === "ready") this.#begin();
    if (data.type === "report" && !asked) this.#tell("report", data.report);
    if (data.type === "error" && !asked) this.#tell("error", data.message);
    if (data.type === "height") {
      this.#tell("change-height", data.height);
      if (this.getAttribute("height") === "auto") {
        this.#frame.style.height = `${Math.min(Math.max(Number(data.height) || 0, 240), 2_000)}px`;
      }
    }
  }

  #begin() {
    this.#ready = true;
    const inside = this.querySelector('script[type="text/plain"]');
    const text = this.#text ?? inside?.textContent.replace(/^\n/, "");
    if (text !== undefined) this.#put(text);
    for (const [type, more] of this.#waiting.splice(0)) this.#say(type, more);
    this.#tell("ready", null);
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true }));
  }
}

if (!customElements.get("watertight-playground")) customElements.define("watertight-playground", WatertightPlayground);
