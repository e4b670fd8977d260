// The page inside of another one: answers the page around it, tells it of results and of its own height, and keeps a way out
// into the full page.
//
// Messages are objects with `watertight: 1`, the version of the protocol. To the frame: `set-text`, `get-text`,
// `get-report`, `set-theme`, `set-view`. From it: `ready`, `report`, `text`, `height`, `error`. What is not of this form is
// passed over without an answer.
import { pack } from "../share/link.js";
import { say } from "../share/say.js";
import { ask } from "./ask.js";
import { element } from "./dom.js";

const PROTOCOL = 1;
const VIEWS = /^[a-z-]{1,30}$/;
/** What a text of a kind is called, so that it is read as that kind. */
const NAMES = { pod: "pod.yaml", seccomp: "seccomp.json", apparmor: "profile.apparmor", falco: "rules.yaml", compose: "compose.yaml", run: "run.sh" };
const LEVELS = ["privileged", "baseline", "restricted"];

/** Listens to the page around this one and speaks to it. */
export function embed(page, { host, theme }) {
  let report = null;
  let waiting = [];
  // The text and settings of the newest report, as JSON.
  let told = null;

  const post = (type, more = {}) => {
    // Without a named host anybody around may hear it: it is their page that the frame is a part of.
    if (parent !== window) parent.postMessage({ watertight: PROTOCOL, type, ...more }, host ?? "*");
  };

  const answers = {
    "set-text": ({ text, files, name, kind, level }) => {
      const list = Array.isArray(files) ? files : [{ name: name ?? (Object.hasOwn(NAMES, kind) ? NAMES[kind] : NAMES.pod), text }];
      const all = list.map(({ name, text }) => ({ name: String(name ?? NAMES.pod), text }));
      if (all.length === 0 || all.some(({ text }) => typeof text !== "string")) return post("error", { message: "set-text needs a text" });
      const { settings } = page.state();
      if (LEVELS.includes(level)) settings.level = level;
      report = told = null;
      page.act("text", JSON.stringify({ files: all, settings }));
    },
    "get-text": ({ id }) => post("text", { id, files: page.state().files }),
    "get-report": ({ id }) => {
      if (report) post("report", { id, report });
      else waiting.push(id);
    },
    "set-theme": ({ theme }) => {
      if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
      else delete document.documentElement.dataset.theme;
      page.act("theme", theme === "light" || theme === "dark" ? theme : "system");
    },
    "set-view": ({ view }) => typeof view === "string" && VIEWS.test(view) && page.act("view", view),
  };

  addEventListener("message", (event) => {
    const { data, source, origin } = event;
    // From the page around alone, and from its origin where the address names one.
    if (source !== parent || parent === window || (host && origin !== host)) return;
    if (data?.watertight === undefined) return;
    if (data.watertight !== PROTOCOL) return post("error", { id: data.id, message: `this frame speaks version ${PROTOCOL}` });
    if (typeof data.type !== "string" || !Object.hasOwn(answers, data.type)) {
      return post("error", { id: data.id, message: "there is no such message" });
    }
    try {
      answers[data.type](data);
    } catch (error) {
      post("error", { id: data.id, message: String(error.message) });
    }
  });

  const full = element("a", { id: "full", class: "full", target: "_blank", rel: "noopener" }, say("Open in full"));
  document.body.append(full);
  const refresh = async () => {
    const plain = location.href.split("#")[0];
    try {
      full.href = `${plain}#${await pack(JSON.stringify(page.state()))}`;
    } catch {
      // Too long for a link: the full page opens with its own example.
      full.href = plain;
    }
  };

  // Whenever the engine has answered the app, the page around is told what it says of the text by now, once for each.
  const hear = async ({ data }) => {
    if (!(data instanceof Uint8Array)) return;
    requestAnimationFrame(height);
    const state = page.state();
    const now = JSON.stringify(state);
    if (now === told) return;
    told = now;
    try {
      const { files, settings } = state;
      const { report: heard } = await ask(page, { analyse: { files, settings } });
      // The text has changed meanwhile: another report is on its way.
      if (now !== told) return;
      report = heard;
    } catch (error) {
      if (now === told) told = null;
      return post("error", { message: error.message });
    }
    for (const id of waiting) post("report", { id, report });
    waiting = [];
    post("report", { report });
    refresh();
    requestAnimationFrame(height);
  };
  const listen = (worker) => worker?.addEventListener("message", hear);
  listen(page.engine);
  page.engines.addEventListener("engine", ({ detail }) => listen(detail));

  // The height that shows everything without a scroll bar of its own.
  let high = 0;
  const height = () => {
    const panel = document.getElementById("panel");
    if (!panel) return;
    const wanted = Math.ceil(document.documentElement.clientHeight - panel.clientHeight + panel.scrollHeight);
    if (Math.abs(wanted - high) > 1) post("height", { height: (high = wanted) });
  };
  new ResizeObserver(height).observe(document.body);

  if (theme) page.act("theme", theme);
  refresh();
  post("ready", { protocol: PROTOCOL });
}
