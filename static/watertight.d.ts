// Made from the Rust types by tests/schema. Do not edit.

/** One answer of the Pod Security admission. */
export type AdmissionReport = {
  /** Why this level was judged. */
  askedBy: AskedBy;
  /** Level judged. */
  level: Level;
  /** Version as asked, such as `latest` or `v1.34`. */
  version: string;
  /** Whether all checks pass. */
  allowed: boolean;
  /** The failing checks, in the order in which the admission controller names them. */
  failures: CheckReport[];
  /** What the user sees on the cluster, word for word; empty when nothing is said. */
  message: string;
  /** What happens on the cluster, in words: a Deployment is accepted and its pods are refused. */
  consequence: string;
};

/** A fix that was applied. */
export type AppliedFix = {
  /** The rule whose finding it mends. */
  rule: string;
  /** What it did, as a command. */
  title: string;
  /** What may break. */
  safety: Safety;
  /** The field it changed. */
  route: string;
  /** The object, as `Kind/name`. */
  object: string | null;
};

/** Who asks for a level. */
export type AskedBy = "settings" | "enforce" | "audit" | "warn";

/** What kind of trouble a rule speaks of. Reports list escapes first and hygiene last. */
export type Category = "escape" | "hardening" | "correctness" | "hygiene";

/** One failing check of the Pod Security Standards. */
export type CheckReport = {
  /** Check id of the admission library. */
  id: string;
  /** Its short reason. */
  reason: string;
  /** Its detail; may be empty. */
  detail: string;
  /** Where the fault is, which the admission library does not say. */
  places: Place[];
};

/** One line of the mitigation checklist. */
export type ChecklistItem = {
  /** Stable kebab-case id. */
  id: string;
  /** What should be so. */
  title: string;
  /** Whether it is. */
  state: ChecklistState;
  /** Why we say so, in a sentence. */
  because: string;
  /** Indices into `Report::findings` that speak against it. */
  findings: number[];
};

/** The state of a line of the checklist. */
export type ChecklistState = "done" | "open" | "unknown" | "not-applicable";

/** How sure we are that the finding holds on a real cluster. */
export type Confidence = "unknown" | "likely" | "certain";

/** One document of a file, or one object of a list in it. */
export type DocumentReport = {
  /** Which document of the file, from 0. */
  index: number;
  /** Where it stands. */
  range: Range;
  /** `apiVersion`, if it has one. */
  apiVersion: string | null;
  /** `kind`, if it has one. */
  kind: string | null;
  /** `metadata.name`, if it has one. */
  name: string | null;
  /** `metadata.namespace`, if it has one. */
  namespace: string | null;
  /** Whether all of it could be read. */
  readable: boolean;
};

/** Replaces the bytes of `span` by `text`. An empty span inserts, an empty text removes. */
export type Edit = {
  /** What goes. */
  span: Span;
  /** What comes in its place. */
  text: string;
};

/** The unit in which a reader counts offsets and columns. */
export type Encoding = "utf8" | "utf16" | "utf32";

/** A file as the page holds it. */
export type File = {
  /** Its name on the tab. */
  name: string;
  /** Its text. */
  text: string;
};

/** One input. */
export type FileReport = {
  /** The name it was given. */
  name: string;
  /** What it was taken for. */
  kind: InputKind;
  /** Its documents, the broken ones too. */
  documents: DocumentReport[];
  /** Whether the indentation seems lost and can be restored. */
  restorable: boolean;
};

/** One finding. */
export type FindingReport = {
  /** Rule id. */
  rule: string;
  /** The rule's title. */
  title: string;
  /** Kind of trouble. */
  category: Category;
  /** How bad it is here. */
  severity: Severity;
  /** How sure it is. */
  confidence: Confidence;
  /** What is wrong. */
  what: string;
  /** Why it matters. */
  why: string;
  /** What to do. */
  how: string;
  /** Where. */
  primary: Place;
  /** Where else to look. */
  related: Place[];
  /** The object, as `Kind/name`. */
  object: string | null;
  /** Index into `Report::pods`. */
  pod: number | null;
  /** Name of the container. */
  container: string | null;
  /** The least strict level of the Pod Security Standards that refuses it, if one does. */
  refusedBy: Level | null;
  /** Ways to mend it. */
  fixes: FixReport[];
};

/** A way to mend a finding. Its operations are handed back to the engine, which makes text edits for the text of that moment. */
export type FixReport = {
  /** What it does, as a command. */
  title: string;
  /** What may break. */
  safety: Safety;
  /** The least strict target that needs it. */
  level: Level | null;
  /** Index into `Report::files`. */
  file: number;
  /** The changes. */
  operations: Operation[];
  /** Changes of text that has no routes, in the report's encoding; made together with the operations. */
  rewrites?: Rewrite[];
};

/** A set of files after hardening. */
export type HardenReport = {
  /** `VERSION`. */
  v: number;
  /** The target. */
  level: Level;
  /** One entry for each input, in the order given. */
  files: HardenedFile[];
  /** Whether every pod now passes the target, and nothing that it needs was left over. */
  reached: boolean;
};

/** One file after hardening. */
export type HardenedFile = {
  /** The name it was given. */
  name: string;
  /** The whole new text; the old one when nothing was changed. */
  text: string;
  /** The same as a unified diff; empty when nothing was changed. */
  diff: string;
  /** The fixes that were applied. */
  applied: AppliedFix[];
  /** What could not be reached, and why. */
  left: LeftOver[];
};

/** What a text was taken for. */
export type InputKind = "empty" | "kubernetes-yaml" | "kubernetes-json" | "seccomp" | "app-armor" | "falco-rules" | "falco-events" | "template" | "binary" | "unknown";

/** A Kubernetes minor version as the Pod Security admission labels write it: `latest` or `v1.N`. The order puts `latest` behind every number. Source: `pod-security-admission/api/helpers.go`, `ParseVersion`. */
export type KubeVersion = string;

/** Something that hardening could not mend. */
export type LeftOver = {
  /** The rule that still speaks. */
  rule: string;
  /** What it says. */
  what: string;
  /** Why it was left. */
  reason: string;
  /** Whether the target needs it; else it is only worth knowing. */
  needed: boolean;
  /** The object, as `Kind/name`. */
  object: string | null;
};

/** How strict a target is. The first three are the levels of the Pod Security Standards. */
export type Level = "privileged" | "baseline" | "restricted" | "hardened";

/** The processor of a node, by the value of its `kubernetes.io/arch` label. */
export type NodeArch = "amd64" | "arm64" | "arm" | "ppc64le" | "s390x" | "riscv64";

/** What is known of the node that a container runs on. What is not known makes verdicts `unknown`, never better. */
export type NodeSettings = {
  /** Who makes the containers. It decides how a seccomp file is read and what `RuntimeDefault` means. */
  runtime: Runtime;
  /** Version of `NodeSettings::runtime`; `null` while nobody has said. */
  runtimeVersion: Release | null;
  /** Version of the Linux kernel; `null` while nobody has said. */
  kernel: Release | null;
  /** The processor. */
  arch: NodeArch;
};

/** A message with its number. */
export type NumberedReply = {
  /** Which request this is, or answers. The page counts from 1. */
  id: number;
  /** The message. */
  body: Reply;
};

/** A message with its number. */
export type NumberedRequest = {
  /** Which request this is, or answers. The page counts from 1. */
  id: number;
  /** The message. */
  body: Request;
};

/** One change of a document, named by routes so that it can be applied to a text that has changed meanwhile. Parents that are missing are made. A `null` parent counts as missing. */
export type Operation = {
  set: {
    /** The field. */
    route: Route;
    /** Its new value; mappings keep the order of their keys. */
    value: unknown;
  };
} | {
  append: {
    /** The list. */
    route: Route;
    /** The item. */
    value: unknown;
  };
} | {
  remove: {
    /** The field or the item. */
    route: Route;
    /** How many of the parents go along when nothing is left in them, counted from the inside: with 1 a list goes with its last item. A parent that is not counted stays, as `{}` or `[]`. */
    parents?: number;
  };
} | {
  keep-last: {
    /** The key that stands several times. */
    route: Route;
  };
};

/** A place in one of the files. */
export type Place = {
  /** Index into `Report::files`. */
  file: number;
  /** Where. */
  range: Range;
  /** The field, such as `spec.containers[0].securityContext.privileged`. */
  route: string | null;
  /** A few words for the place; may be empty. */
  label: string;
};

/** One pod or pod template, and what admission says of it. */
export type PodReport = {
  /** Where its spec stands. */
  place: Place;
  /** Index into the documents of the file. */
  document: number;
  /** Kind of the object that holds it. */
  kind: string;
  /** Name of that object; empty when it has none. */
  name: string;
  /** Namespace of that object, if it says. */
  namespace: string | null;
  /** Names of its containers, in the order they start. */
  containers: string[];
  /** The strictest standard that admits it at the asked version. */
  admittedBy: Level;
  /** What the admission controller answers for the asked level and for each mode of its namespace. */
  admission: AdmissionReport[];
};

/** A stretch of text, by offsets and by lines and columns. */
export type Range = {
  /** Offset of the first unit. */
  start: number;
  /** Offset behind the last unit. */
  end: number;
  /** Line of the start, from 1. */
  startLine: number;
  /** Column of the start, from 1. */
  startColumn: number;
  /** Line of the end, from 1. */
  endLine: number;
  /** Column of the end, from 1. */
  endColumn: number;
};

/** The version of a program or a kernel: `major.minor.patch`, written with two or three numbers. */
export type Release = string;

/** What the worker answers. */
export type Reply = {
  ready: {
    /** Version of the engine. */
    version: string;
  };
} | {
  report: Report;
} | {
  hardened: HardenReport;
} | {
  edits: {
    /** The edits; they do not overlap. */
    edits: Edit[];
    /** Operations that could not be carried out, as sentences. */
    refused: string[];
  };
} | {
  restored: {
    /** The text with its structure; `null` when nothing could be restored. */
    text: string | null;
  };
} | {
  explained: {
    /** Markdown; `null` when there is no such rule. */
    docs: string | null;
  };
} | {
  failed: {
    /** Why. */
    reason: string;
  };
};

/** Everything that is known after one analysis of a set of files. */
export type Report = {
  /** `VERSION`. */
  v: number;
  /** The unit of all offsets and columns below. */
  encoding: Encoding;
  /** What was asked. */
  settings: Settings;
  /** One entry for each input, in the order given. */
  files: FileReport[];
  /** The rules that speak in this report, by id. */
  rules: RuleReport[];
  /** Escapes first, then by severity, then by place. */
  findings: FindingReport[];
  /** Findings that a comment or an annotation asks to leave out. */
  suppressed: SuppressedReport[];
  /** One entry for each pod or pod template. */
  pods: PodReport[];
  /** The mitigation checklist, computed. */
  checklist: ChecklistItem[];
};

/** What the page asks. */
export type Request = {
  analyse: {
    /** The files. */
    files: File[];
    /** What is asked of them. */
    settings: Settings;
  };
} | {
  harden: {
    /** The files. */
    files: File[];
    /** What is asked of them. */
    settings: Settings;
  };
} | {
  edits: {
    /** The text as it is now. */
    text: string;
    /** The operations of one fix. */
    operations: Operation[];
    /** Its rewrites. */
    rewrites: Rewrite[];
  };
} | {
  restore: {
    /** The text as it is now. */
    text: string;
  };
} | {
  explain: {
    /** Rule id. */
    rule: string;
  };
};

/** One change of a text that has no routes, such as an AppArmor profile, or of the inside of a scalar. It carries what it means to replace, so that it is refused when the text has changed meanwhile. */
export type Rewrite = {
  /** What goes. Bytes in a `Fix`; in a report the units of its encoding. */
  span: Span;
  /** What stands there, so that nothing else is replaced. */
  expect: string;
  /** What comes in its place. */
  text: string;
};

/** The way from the root of a document to a node: names of keys and places in lists, never offsets, so that it still holds after the text has changed. */
export type Route = {
  /** Which document of the file, from 0. */
  document: number;
  /** From the document's root on. */
  steps: Step[];
};

/** What a rule is called elsewhere; its findings are many and share it. */
export type RuleReport = {
  /** Rule id. */
  id: string;
  /** The same fault in other bodies of rules. */
  sources: SourceReport[];
};

/** A program that makes containers. */
export type Runtime = "containerd" | "cri-o" | "docker" | "podman";

/** What may happen to the workload when a fix is applied. */
export type Safety = "safe" | "changes-behaviour" | "needs-review";

/** What the user asks for: the same on the page, on the command line and in the JavaScript package. */
export type Settings = {
  /** The level to judge and to harden to. */
  level: Level;
  /** The Kubernetes version whose checks apply, unless a Namespace in the input names another. */
  kubeVersion: KubeVersion;
  /** Whether hardening may add an `emptyDir` volume on `/tmp` beside a read-only root file system. */
  writableTmp: boolean;
  /** The node that the containers are to run on. */
  node: NodeSettings;
};

/** How bad it is when what a finding describes is used by an attacker. */
export type Severity = "info" | "low" | "medium" | "high" | "critical";

/** The same fault under another name. */
export type SourceReport = {
  /** Who. */
  standard: Standard;
  /** Their id. */
  id: string;
};

/** A half-open range of bytes in one text: `start` is included, `end` is not. Texts are limited to 10 MB, so 32 bits are enough. A span does not know its text; indexing with it through `Span::slice` is total: a span that does not fit gives the empty string. */
export type Span = {
  /** First byte. */
  start: number;
  /** One past the last byte. */
  end: number;
};

/** A body of rules that people already know. */
export type Standard = "pss" | "cis" | "nsa" | "attack" | "kubescape" | "trivy" | "checkov" | "kubesec" | "kube-linter" | "kube-score" | "polaris" | "kubeaudit" | "kics" | "kyverno" | "gatekeeper" | "datree" | "monokle" | "cve" | "falco";

/** One step from a node to a child. */
export type Step = number | string;

/** A finding that somebody asked to leave out. */
export type SuppressedReport = {
  /** The finding. */
  finding: FindingReport;
  /** The reason given; may be empty. */
  reason: string;
  /** The comment or annotation. */
  place: Place;
};
