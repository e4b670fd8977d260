// A seccomp profile as a person uses it: asked about a call, by keyboard and on a phone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ready, replaceText, shotPath, textOf, upToDate } from "./support.mjs";
import { browser, server, together } from "./together.mjs";

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

together();

/** Opens the panel for the profile, uses it, and holds that nothing went wrong. */
async function asked(work, options) {
  await on("Simulate", (page) => page.locator("#seccomp-call").waitFor(), work, options);
}

/** The same for the generator. */
async function made(work, options) {
  await on("Generate", (page) => page.getByLabel("Made of").waitFor(), work, options);
}

async function on(tab, there, work, options) {
  const { page, context, seen } = await ready(browser, server.address, options);
  await replaceText(page, PROFILE);
  const results = page.getByRole("button", { name: /^Results/ });
  if (await results.isVisible()) await results.click();
  await page.getByRole("tab", { name: tab }).click();
  await there(page);
  await work(page);
  assert.deepEqual(seen.errors, [], "the console is quiet");
  assert.deepEqual(await page.evaluate(() => globalThis.violations), [], "the content policy holds");
  await context.close();
}

test("a call is asked, and its rule and its way are shown", async () => {
  await asked(async (page) => {
    const verdict = page.locator(".seccomp .apparmor-answer");
    await verdict.filter({ hasText: "EPERM" }).waitFor();
    const read = page.locator(".seccomp").getByRole("status");
    assert.equal(await read.textContent(), "refused ERRNO(1) EPERM", "one sentence is read at each key");
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
    await read.getByText("x86_64 has no call fly.").waitFor();
    await page.getByLabel("System call").fill("read");
    await page.getByLabel("Architecture").selectOption({ label: "x86" });
    await verdict.filter({ hasText: "KILL_THREAD" }).waitFor();
  });
});

test("the runtimes' own profiles are asked, for the capabilities that are named", async () => {
  await asked(async (page) => {
    const verdict = page.locator(".seccomp .apparmor-answer");
    await page.getByRole("combobox", { name: /^Seccomp profile/ }).selectOption({ label: "RuntimeDefault of Docker" });
    await page.getByLabel("Version of Docker").fill("28.0");
    await page.getByLabel("System call").fill("mount");
    await verdict.filter({ hasText: "refused" }).waitFor();
    await page.getByLabel("Capabilities of the container").selectOption({ label: "those I list" });
    await page.getByLabel("Capabilities, with blanks between them").fill("SYS_ADMIN");
    await verdict.filter({ hasText: "allowed" }).waitFor();
    await page.getByRole("combobox", { name: /^Seccomp profile/ }).selectOption({ label: "RuntimeDefault of containerd" });
    await page.getByLabel("System call").fill("io_uring_setup");
    await verdict.filter({ hasText: "unknown" }).waitFor();
    await page.getByLabel("Version of containerd").fill("1.7");
    await verdict.filter({ hasText: "allowed" }).waitFor();
  });
});

test("two profiles are held beside each other", async () => {
  await asked(async (page) => {
    await page.getByRole("button", { name: "Compare", exact: true }).click();
    await page.getByLabel("Compare with").selectOption({ label: "RuntimeDefault of Docker" });
    await page.getByLabel("Version of Docker").fill("28.0");
    const table = page.getByRole("region", { name: /^x86_64: / });
    const row = table.getByRole("row").filter({ has: page.getByRole("rowheader", { name: "openat", exact: true }) });
    await row.filter({ hasText: "ALLOW" }).waitFor();
    assert.deepEqual(await row.locator("td").allTextContents(), ["ENOSYS", "ALLOW"]);
    const read = page.locator(".seccomp-compare").getByRole("status");
    assert.match(await read.textContent(), /^x86_64: \d+ differ, \d+ end alike/, "its table is not read whenever it changes");
    assert.equal(await table.getByRole("rowheader", { name: "read", exact: true }).count(), 0);
    await page.screenshot({ path: shotPath("seccomp-compare") });
    await page.getByRole("button", { name: "Stop comparing" }).click();
    assert.equal(await table.count(), 0);
  });
});

test("a profile is made of a trace, of a base and of two, and put into a tab", async () => {
  await made(async (page) => {
    const text = page.locator("pre[aria-label='The seccomp profile']");
    await page.getByLabel(/^What the program calls/).fill('execve("/a", ["a"], 0x7f) = 0\nread(3, "", 1) = 0\nfly(1) = 0');
    await text.filter({ hasText: '"read"' }).waitFor();
    await page.getByText(/^Line 3 is left out/).waitFor();
    await page.getByLabel("For Docker, Podman and CRI-O, with comments").check();
    await text.filter({ hasText: '"comment"' }).waitFor();
    await page.getByLabel("Made of").selectOption({ label: "a profile, in fewer entries" });
    await text.filter({ hasText: '"clone"' }).waitFor();
    await page.getByLabel("Made of").selectOption({ label: "two profiles in one" });
    await page.getByRole("combobox", { name: /^And/ }).selectOption({ label: "RuntimeDefault of Podman" });
    await text.filter({ hasText: '"unshare"' }).waitFor();
    await page.getByLabel("Made of").selectOption({ label: "another profile, without what is not needed" });
    await page.getByLabel("Begin with").selectOption({ label: "RuntimeDefault of Docker" });
    await page.getByLabel(/^What the program calls/).fill("getpid");
    await text.filter({ hasText: '"getpid"' }).waitFor();
    await page.screenshot({ path: shotPath("seccomp-generate") });
    await page.locator(".seccomp").getByRole("button", { name: "Open it in a tab" }).click();
    await upToDate(page);
    assert.match(await textOf(page), /"getpid"/);
  });
});

test("it fits a phone", async () => {
  await asked(async (page) => {
    await page.getByText("All calls of x86_64").click();
    await page.getByRole("button", { name: "Compare", exact: true }).click();
    await page.getByRole("region", { name: /^x86_64: / }).waitFor();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    assert.equal(wide, false);
    await page.screenshot({ path: shotPath("seccomp-phone") });
  }, { viewport: { width: 360, height: 740 }, colorScheme: "dark" });
});

test("the generator fits a phone", async () => {
  await made(async (page) => {
    await page.getByLabel("Made of").selectOption({ label: "two profiles in one" });
    await page.getByRole("combobox", { name: /^And/ }).waitFor();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    assert.equal(wide, false);
    await page.screenshot({ path: shotPath("seccomp-generate-phone") });
  }, { viewport: { width: 360, height: 740 }, colorScheme: "dark" });
});
