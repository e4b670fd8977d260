// Asks the engine for the report as the command line writes it.
import { say } from "../share/say.js";

// The app counts its questions from 1; these numbers it never reaches.
let last = 4_000_000_000;

/** The report on the open files in a format, as a text. */
export function exported(page, format) {
  const { files, settings } = page.state();
  const worker = page.engine;
  const id = ++last;
  return new Promise((done, fail) => {
    const end = setTimeout(() => answer(null), 60_000);
    function hear({ data }) {
      if (typeof data !== "string" || !data.startsWith(`{"id":${id},`)) return;
      answer(JSON.parse(data).body);
    }
    function answer(body) {
      clearTimeout(end);
      worker.removeEventListener("message", hear);
      if (body?.exported) done(body.exported.text);
      else fail(new Error(say("The report could not be written. {reason}", { reason: body?.failed?.reason ?? say("Please try again.") })));
    }
    if (!worker) return fail(new Error(say("The engine is not there, so there is no report.")));
    worker.addEventListener("message", hear);
    worker.postMessage(JSON.stringify({ id, body: { export: { files, settings, format } } }));
  });
}
