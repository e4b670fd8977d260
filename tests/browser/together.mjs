// The server and the browser that all tests of a file share, from before its first to after its last.
import { after, before } from "node:test";
import { launch, serve } from "./support.mjs";

export let server;
export let browser;

/** Starts both for this file of tests; `options` are those of `serve`. */
export function together(options) {
  before(async () => {
    server = await serve(options);
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });
}
