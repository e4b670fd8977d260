// The same work as the native benchmark, in the worker of the built page: one file of 1,000 pods, and a pod of 200 lines
// again and again as when somebody types; whole escape maps; and Falco's rules. `node bench.mjs PODS MAPS [RULES]`: a file with
// the 1,000 pods, one with sets of files in JSON, and one of Falco rules, which are loaded and tried on one event. Asserts nothing.
import { readFileSync } from "node:fs";
import { launch, ready, serve } from "./support.mjs";

const large = readFileSync(process.argv[2], "utf8");
const sets = JSON.parse(readFileSync(process.argv[3], "utf8"));
const small = large.split("\n").slice(0, 200).join("\n");
const rules = process.argv[4] ? readFileSync(process.argv[4], "utf8") : null;
const EVENTS = 200;
const event = '{"evt.type":"openat","proc.name":"cat","container.id":"3ad7b26ded6d","fd.name":"/etc/shadow"}\n';

const server = await serve();
const browser = await launch();
const { page } = await ready(browser, server.address, { plain: true });

const times = await page.evaluate(
  async ({ large, small, sets, rules, event, EVENTS }) => {
    const worker = globalThis.watertight.worker();
    // A worker speaks packed with the app, and tells the page what it requests; texts answer texts.
    const next = async (isIt = (data) => typeof data === "string") => {
      for (;;) {
        const { data } = await new Promise((heard) => worker.addEventListener("message", heard, { once: true }));
        if (isIt(data)) return data;
      }
    };
    await next((data) => data instanceof Uint8Array);
    // What is measured is the whole engine, not the part of it that comes first.
    worker.postMessage(JSON.stringify({ id: 0, body: { restore: { text: "" } } }));
    while (!(await next()).includes("restored"));
    let id = 0;
    const settings = { level: "restricted", kubeVersion: "latest", writableTmp: true };
    const time = async (body) => {
      const start = performance.now();
      id += 1;
      worker.postMessage(JSON.stringify({ id, body }));
      await next();
      return performance.now() - start;
    };
    const several = async (body, rounds) => {
      const all = [];
      for (let round = 0; round < rounds; round += 1) all.push(await time(body));
      return all.slice(1).sort((a, b) => a - b);
    };
    const analyse = (text) => ({ analyse: { files: [{ name: "pods.yaml", text }], settings } });
    const map = (files, pod) => ({ escape: { files, settings, ask: { pod, fixes: false } } });
    const maps = [];
    for (const { name, files } of sets) {
      const given = files.map(([name, text]) => ({ name, text }));
      // Without a map: the same files read and the same list of ways written.
      const around = await several(map(given, 4_294_967_295), 101);
      maps.push({ name, times: await several(map(given, 0), 101), around });
    }
    const falco = (files, ask) => ({ falco: { files, ask } });
    const times = { large: await several(analyse(large), 6), small: await several(analyse(small), 201), maps };
    if (rules !== null) {
      const files = [{ name: "rules.yaml", text: rules }];
      times.loaded = await several(falco(files, {}), 51);
      const one = { name: "events.jsonl", text: event };
      // No more than an answer lists.
      const many = { name: "events.jsonl", text: event.repeat(EVENTS) };
      times.one = await several(falco([...files, one], { events: true }), 51);
      times.many = await several(falco([...files, many], { events: true }), 51);
    }
    return times;
  },
  { large, small, sets, rules, event, EVENTS },
);

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))].toFixed(1);
console.log(`in the browser, ${large.length} bytes: median ${at(times.large, 0.5)} ms, message and report included`);
console.log(`in the browser, 200 lines: median ${at(times.small, 0.5)} ms, 95 of 100 within ${at(times.small, 0.95)} ms`);
for (const { name, times: spent, around } of times.maps) {
  const whole = Number(at(spent, 0.5));
  const rest = Number(at(around, 0.5));
  const parts = `${rest.toFixed(1)} ms for the messages and the files, ${(whole - rest).toFixed(1)} ms for the map and its report`;
  console.log(`in the browser, the map of ${name}: median ${whole.toFixed(1)} ms: ${parts}`);
}
if (rules !== null) {
  const median = (sorted) => Number(at(sorted, 0.5));
  console.log(`in the browser, Falco's stable rules loaded: median ${at(times.loaded, 0.5)} ms, message included`);
  console.log(`in the browser, loaded and tried on one event, with what decided: median ${at(times.one, 0.5)} ms`);
  const each = ((median(times.many) - median(times.one)) / (EVENTS - 1)) * 1000;
  console.log(`in the browser, each event more: ${each.toFixed(0)} µs, as part of the answer`);
}
await browser.close();
await server.close();
