// A seccomp profile as a person uses it: asked about a call, by keyboard and on a phone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, ready, replaceText, serve, shotPath } from "./support.mjs";

const PROFILE = `{
  "defaultAction": "SCMP_ACT_ERRNO",
  "architectures": ["SCMP_ARCH_X86_64"],
  "syscalls": [
    {"names": ["read", "write"], "action": "SCMP_ACT_ALLOW"},
    {"names": ["clone"], "action": "SCMP_ACT_ALLOW",
     "args": [{"index": 0, "value": 2114060288, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}]}
  ]
}
`;

let server;
let browser;

before(async () => {
  server = await serve();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.close();
});

/** Opens the panel for the profile, uses it, and holds that nothing went wrong. */
async function asked(work, options) {
  const { page, context, seen } = await ready(browser, server.address, options);
  await replaceText(page, PROFILE);
  const results = page.getByRole("button", { name: /^Results/ });
  if (await results.isVisible()) await results.click();
  await page.getByRole("tab", { name: "Simulate" }).click();
  await page.locator("#seccomp-call").waitFor();
  await work(page);
  assert.deepEqual(seen.errors, [], "the console is quiet");
  assert.deepEqual(await page.evaluate(() => globalThis.violations), [], "the content policy holds");
  await context.close();
}

test("a call is asked, and its rule and its way are shown", async () => {
  await asked(async (page) => {
    const verdict = page.locator(".seccomp .apparmor-answer");
    await verdict.filter({ hasText: "EPERM" }).waitFor();
    await page.getByLabel(/^0: /).fill("SIGCHLD");
    await verdict.filter({ hasText: "allowed" }).waitFor();
    await verdict.getByRole("button", { name: "line 6" }).click();
    await page.locator(".cm-activeLine", { hasText: "clone" }).waitFor();
    await page.getByText(/^The way through the program/).click();
    await page.locator(".seccomp-runs", { hasText: "ALLOW" }).first().waitFor();
    await page.getByText("All calls of x86_64").click();
    await page.getByLabel(/^Show those with/).fill("conditional");
    assert.deepEqual(await page.locator(".seccomp-map li").allTextContents(), ["clone conditional"]);
    await page.screenshot({ path: shotPath("seccomp-simulate") });
    await page.getByLabel("System call").fill("fly");
    await page.getByText("x86_64 has no call `fly`.").waitFor();
    await page.getByLabel("System call").fill("read");
    await page.getByLabel("Architecture").selectOption({ label: "x86" });
    await verdict.filter({ hasText: "KILL_THREAD" }).waitFor();
  });
});

test("it fits a phone", async () => {
  await asked(async (page) => {
    await page.getByText("All calls of x86_64").click();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    assert.equal(wide, false);
    await page.screenshot({ path: shotPath("seccomp-phone") });
  }, { viewport: { width: 360, height: 740 }, colorScheme: "dark" });
});
