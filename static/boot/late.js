// The part of the app's program that no first visit runs; `static/editor/scripts/split.mjs` cuts it off. It arrives behind the
// first report. Should one of its functions be called before, it is fetched while the page waits.

/** The late part at this address, and its styles at another. */
export function latePart(address, stylesAddress) {
  let styled = null;
  let browser = null;
  let app = null;
  let functions = null;
  let module = null;

  /** What the late part imports: functions, memory, tables and globals of the first, and what both ask of the browser. */
  const given = () => ({ app, "./app_bg.js": browser });

  function fetchNow() {
    styles();
    const request = new XMLHttpRequest();
    request.open("GET", address, false);
    // Bytes as characters: a request that is waited for gives nothing else.
    request.overrideMimeType("text/plain; charset=x-user-defined");
    request.send();
    const bytes = Uint8Array.from(request.responseText, (character) => character.charCodeAt(0));
    return new WebAssembly.Instance(new WebAssembly.Module(bytes), given()).exports;
  }

  /** The styles of panels and dialogs. Should they not come, all is there without looking like it. */
  function styles() {
    styled ??= new Promise((done) => {
      const link = document.createElement("link");
      link.rel = "stylesheet";
      link.href = stylesAddress;
      link.onload = link.onerror = done;
      document.head.append(link);
    });
    return styled;
  }

  return {
    /** What the first part imports in its place; `asked` is what it imports of the browser. */
    imports(asked) {
      browser = asked;
      return new Proxy({}, { get: (_, name) => (...values) => (functions ??= fetchNow())[name](...values) });
    },
    /** Fetches it before the first part starts, where it is known that it will be run at once. */
    async prepare() {
      styles();
      module = await WebAssembly.compileStreaming(fetch(address));
    },
    /** The first part is there: its exports. */
    begin(exports) {
      app = exports;
      if (module) functions = new WebAssembly.Instance(module, given()).exports;
    },
    /** Fetches both, unless they are there. A page that is being worked on is not cut, and has only styles. */
    async load() {
      const styling = styles();
      if (browser && !functions) {
        const compiled = await WebAssembly.compileStreaming(fetch(address));
        // Once and no more: with it comes data, and a second time would undo what has been written there since.
        functions ??= new WebAssembly.Instance(compiled, given()).exports;
      }
      await styling;
    },
  };
}
