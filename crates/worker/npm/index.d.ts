import type { Edit, File, HardenReport, NumberedReply, NumberedRequest, Operation, Report, Rewrite, Settings } from "./report.js";

export type * from "./report.js";

/** Settings as far as they differ from the defaults. */
export type Asked = Partial<Omit<Settings, "node">> & { node?: Partial<Settings["node"]> };

/** One text, or several that are looked at together: a Namespace in one decides about the pods in another. */
export type Texts = string | Iterable<File>;

/** Where the WebAssembly module comes from. */
export type Source = string | URL | Request | Response | BufferSource | WebAssembly.Module;

/** The engine. It does no input or output, and its answers depend on nothing but what it is asked. */
export interface Watertight {
  /** Version of the engine. */
  readonly version: string;
  /** Everything there is to say about the texts. Offsets in it are those of JavaScript strings. */
  analyse(files: Texts, settings?: Asked): Report;
  /** The texts hardened to `settings.level`, and what was left as it is and why. */
  harden(files: Texts, settings?: Asked): HardenReport;
  /** The edits that make a fix of a report, for the text as it is now. `apply` carries them out. */
  edits(text: string, fix: { operations?: Operation[]; rewrites?: Rewrite[] }): { edits: Edit[]; refused: string[] };
  /** The text with the indentation it lost, or `null` when nothing can be restored. */
  restore(text: string): string | null;
  /** The documentation of a rule as Markdown, or `null` when there is no such rule. */
  explain(rule: string): string | null;
  /** Asks anything that the page asks its worker. What is left out says that the engine is on its way, and here it is there. */
  ask(request: NumberedRequest["body"]): Exclude<NumberedReply["body"], string>;
}

/** Loads the engine, once. Without a source it is loaded from beside the package's own files. */
export function load(source?: Source | Promise<Source>): Promise<Watertight>;

/** The text after edits. */
export function apply(text: string, edits: Edit[]): string;
