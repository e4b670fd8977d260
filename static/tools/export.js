// Asks the engine for the report as the command line writes it.
import { say } from "../share/say.js";
import { ask } from "./ask.js";

/** The report on the open files in a format, as a text. */
export async function exported(page, format) {
  const { files, settings } = page.state();
  try {
    return (await ask(page, { export: { files, settings, format } })).exported.text;
  } catch ({ message }) {
    throw new Error(say("The report could not be written. {reason}", { reason: message }));
  }
}
