// AppArmor as a person uses it: a profile asked about operations, profiles made for containers and completed by a log.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ready, replaceText, shotPath, textOf, upToDate } from "./support.mjs";
import { browser, server, together } from "./together.mjs";

const ARTICLE = `profile container-restricted flags=(attach_disconnected,mediate_deleted) {
  deny /** w,
  /tmp/** rw,
  deny network raw,
}
`;

const POD = `apiVersion: v1
kind: Pod
metadata:
  name: shop
spec:
  containers:
    - name: web
      image: example.com/web:1.0
      securityContext:
        readOnlyRootFilesystem: true
      volumeMounts:
        - name: tmp
          mountPath: /tmp
  volumes:
    - name: tmp
      emptyDir: {}
`;

together();

/** Opens a tab of the results for a text, uses it, and holds that nothing went wrong. */
async function on(tab, text, work, options) {
  const { page, context, seen } = await ready(browser, server.address, options);
  await replaceText(page, text);
  await show(page, tab);
  await page.locator(".apparmor").first().waitFor();
  await work(page);
  assert.deepEqual(seen.errors, [], "the console is quiet");
  assert.deepEqual(await page.evaluate(() => globalThis.violations), [], "the content policy holds");
  await context.close();
}

async function show(page, tab) {
  const results = page.getByRole("button", { name: /^Results/ });
  if (await results.isVisible()) await results.click();
  await page.getByRole("tab", { name: tab }).click();
}

test("a profile is asked, and the rule that decides is shown in the text", async () => {
  await on("Simulate", ARTICLE, async (page) => {
    await page.getByLabel("The program wants to").selectOption({ label: "Write a file" });
    await page.getByLabel("Path").fill("/tmp/notes");
    await page.getByRole("button", { name: "Ask", exact: true }).click();
    const answer = page.locator(".apparmor-answer").first();
    await answer.filter({ hasText: "file /tmp/notes w" }).waitFor();
    assert.match(await answer.textContent(), /^refused file \/tmp\/notes w/);
    assert.match(await answer.textContent(), /line 2 deny \/\*\* w,/);
    assert.match(await answer.textContent(), /leaves no line in the log/);
    await answer.getByRole("button", { name: "line 2" }).click();
    await page.locator(".cm-activeLine", { hasText: "deny /** w," }).waitFor();
    // Nothing can start under it, and a rule is proposed.
    const start = page.locator(".apparmor-answer", { hasText: "/usr/bin/dash" });
    assert.match(await start.textContent(), /^refused.*A rule for it: \/usr\/bin\/dash rm,/s);
    await page.screenshot({ path: shotPath("apparmor-simulate") });
    // A runtime's own profile, with the hole below /proc.
    await page.locator("#apparmor-profile").selectOption(await option(page, /^docker-default/));
    await page.locator(".verdict-allow", { hasText: "/proc/sys/kernel/sysrq" }).waitFor();
    await page.locator(".verdict-deny", { hasText: "/proc/sys/kernel/core_pattern" }).waitFor();
  });
});

async function option(page, words) {
  return page.locator("#apparmor-profile option", { hasText: words }).getAttribute("value");
}

test("a profile is made for a container, opened in a tab, and completed by a log", async () => {
  await on("Generate", POD, async (page) => {
    const text = page.locator(".apparmor-text").first();
    await text.filter({ hasText: "/tmp/{,**} rwkl," }).waitFor();
    await page.getByLabel("How strict").selectOption({ label: "Only what the pod names" });
    await text.filter({ hasText: "deny /etc/{,g}shadow{,-} r," }).waitFor();
    await page.getByLabel(/^What it needs/).fill("write /data/\nfly");
    await text.filter({ hasText: "/data/{,**} rwkl," }).waitFor();
    await page.locator(".apparmor-notes", { hasText: "Line 2" }).waitFor();
    await page.screenshot({ path: shotPath("apparmor-generate") });
    const changes = page.getByRole("region", { name: "Let the container ask for it" });
    await changes.getByText("localhostProfile: shop-web").waitFor();
    await changes.getByRole("button", { name: "Put it into the manifest" }).click();
    await upToDate(page);
    assert.match(await textOf(page), /appArmorProfile:\s+type: Localhost\s+localhostProfile: shop-web/);
    await changes.waitFor({ state: "detached" });
    await page.getByText("Ask for it in the pod").click();
    await page.locator(".apparmor-load").getByText("localhostProfile: shop-web").waitFor();
    await page.getByRole("button", { name: "Open it in a tab" }).click();
    await upToDate(page);
    assert.match(await textOf(page), /profile shop-web flags=/);
    // Now that a tab holds it, what would change is compared.
    await page.getByText("It is what your tab holds.").waitFor();
    await page.getByLabel(/^Lines with apparmor/).fill(
      'apparmor="DENIED" operation="open" profile="shop-web" name="/mnt/x" requested_mask="r" denied_mask="r" fsuid=0 ouid=0',
    );
    await page.getByRole("button", { name: "Add 1 rule" }).click();
    await upToDate(page);
    const added = page.locator(".cm-line", { hasText: "/mnt/x r," });
    await page.locator(".cm-content").click();
    await page.keyboard.press("ControlOrMeta+End");
    await added.waitFor();
    await page.locator(".apparmor-notes", { hasText: "allows it already" }).waitFor();
  });
});

test("both are used on a phone", async () => {
  const options = { viewport: { width: 360, height: 740 }, colorScheme: "dark" };
  for (const [tab, text] of [["Simulate", ARTICLE], ["Generate", POD]]) {
    await on(tab, text, async (page) => {
      await page.locator(".apparmor .field").first().waitFor();
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      assert.equal(wide, false, `${tab} fits`);
      await page.screenshot({ path: shotPath(`apparmor-${tab.toLowerCase()}-phone`) });
    }, options);
  }
});
