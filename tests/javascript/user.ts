// What somebody who uses the package writes; compiled by a test, and never run.
import { apply, load, type FindingReport, type Severity, type Watertight } from "watertight";

const watertight: Watertight = await load();
const report = watertight.analyse([{ name: "pod.yaml", text: "" }], { level: "hardened", node: { runtime: "docker" } });
const worst: Severity | undefined = report.findings[0]?.severity;
const mended = (text: string, { fixes }: FindingReport): string =>
  fixes[0] ? apply(text, watertight.edits(text, fixes[0]).edits) : text;
const restored: string | null = watertight.restore("");
const reply = watertight.ask({ explain: { rule: "host-pid" } });
const docs: string | null = "explained" in reply ? reply.explained.docs : watertight.explain("host-pid");
const text: string = watertight.harden("kind: Pod").files.map((file) => file.text).join("");

// @ts-expect-error There is no such level.
watertight.analyse("", { level: "loose" });
// @ts-expect-error A text is wanted.
watertight.restore(7);

export { docs, mended, restored, text, worst };
