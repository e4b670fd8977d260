// Asks the engine in JSON, as the page's tools do; the app and the engine speak packed messages to each other.
import { say } from "../share/say.js";

/** How long an answer may take, in milliseconds. */
const PATIENCE = 60_000;

// The app counts its questions from 1; these numbers it never reaches.
let last = 4_000_000_000;

/** The engine's reply to a request, both as the engine's types have them in JSON. */
export function ask(page, request) {
  const worker = page.engine;
  if (!worker) return Promise.reject(new Error(say("The engine is not there, so there is no report.")));
  const id = ++last;
  return new Promise((done, fail) => {
    const end = setTimeout(() => answer(null), PATIENCE);
    function hear({ data }) {
      if (typeof data === "string" && data.startsWith(`{"id":${id},`)) answer(JSON.parse(data).body);
    }
    function answer(reply) {
      clearTimeout(end);
      worker.removeEventListener("message", hear);
      if (reply && !reply.failed) done(reply);
      else fail(new Error(reply?.failed.reason ?? say("Please try again.")));
    }
    worker.addEventListener("message", hear);
    worker.postMessage(JSON.stringify({ id, body: request }));
  });
}
