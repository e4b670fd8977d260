// Made from the Rust types by tests/schema. Do not edit.

/** How fields that an event does not have are taken. */
export type AbsentFields = "by-form" | "missing" | "unknown";

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

/** One answer. */
export type Answered = {
  /** The line it stands in, from 1. */
  line: number;
  /** The operation as it was asked. */
  asked: string;
  /** How it ends; `null` when the line is none that can be asked, which `why` then says. */
  outcome: Outcome2 | null;
  /** What the line expects. */
  expected?: Outcome2 | null;
  /** Why, as sentences. */
  why: string;
  /** Whether a line appears in the audit log. */
  logged: boolean;
  /** The rules that decide. */
  rules: Deciding[];
  /** A rule that would let it through, where one would help. */
  add?: string | null;
};

/** The answer, in the kind of the question. */
export type ApparmorAnswer = {
  decided: Decided;
} | {
  generated: Generated;
} | {
  learnt: Learnt;
};

/** What is asked. */
export type ApparmorAsk = {
  decide: {
    /** The profile, as an index into `Decided::profiles`; `null` for the first. */
    profile: number | null;
    /** Operations, one a line: `file /etc/passwd r`, `network inet stream`, a line of the audit log. `start static` and `start dynamic` ask for the start of a program. With `allow`, `deny` or `unknown` in front the answer is held against that. */
    lines: string;
  };
} | {
  generate: {
    /** The container, as an index into `Generated::containers`; `null` for the first. */
    container: number | null;
    /** How much is left to it. */
    strictness: Strictness;
    /** Whether the profile only logs what it would refuse. */
    complain: boolean;
    /** Whether every node has AppArmor 4.0 or newer. */
    newest: boolean;
    /** What it needs beside that, one thing a line: a rule, a line of the audit log, or `read`, `write` or `run` with a path. */
    needs: string;
  };
} | {
  learn: {
    /** Lines of the kernel's log, of auditd or of the journal. */
    log: string;
  };
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
  /** How many like it are not listed. */
  more?: number;
};

/** Who asks for a level. */
export type AskedBy = "settings" | "enforce" | "audit" | "warn";

/** An escape attempt, and what sees it. */
export type Attempt = {
  /** Stable id. */
  id: string;
  /** What happens. */
  title: string;
  /** The technique of MITRE ATT&CK. */
  attack: string;
  /** Ids of the ways of the escape map that it belongs to. */
  ways: string[];
  /** The rules that hold for one of its events, as indices into `FalcoReport::rules`. */
  by: number[];
  /** Those of them that hold for harmless work of the same look too, and so say little when they fire. */
  noisy: number[];
  /** The published stable rules that see it. */
  stable: string[];
  /** Whether nothing tells it from harmless work. */
  gap: boolean;
  /** The rule of ours that would see it. */
  rule: string;
};

/** A known bug that this container gets to, or may. */
export type BugReport = {
  /** `CVE-…`, or the number that it has. */
  id: string;
  /** What people call it; empty when it has no name. */
  name: string;
  /** The program it is in. */
  component: string;
  /** The version that has it. */
  version: string;
  /** Whether this container gets to it. */
  open: Truth;
  /** Why, as the end of a sentence after "because". */
  because: string;
  /** What is won: `host-root`, `host-file-write`, … */
  outcome: string;
  /** The day on which CISA listed it as exploited in the wild; empty when it is not on the list. */
  exploited: string;
  /** What it is. */
  summary: string;
  /** The address of its record. */
  address: string;
};

/** What happens to a call. */
export type CallAnswer = {
  /** What can be chosen. */
  choices: Choices;
  /** The profile that was asked. */
  of: Chosen;
  /** What there is to know before the answers: who reads the profile, and why it is none. */
  notes: string[];
  /** The architectures that the node's programs can call by, and those of the profile. */
  arches: string[];
  /** Which of them was asked. */
  arch: string;
  /** What is known of the call's arguments, in their order. */
  parameters: Parameter[];
  /** What happens to the call; `null` when none was asked, or none that can be. */
  decided: DecidedCall | null;
  /** Why the question is none, as a sentence. */
  problem: string | null;
  /** The program that the kernel runs, instruction by instruction. */
  program: Step2[];
  /** All calls of the architecture, by what they are for. */
  map: CallGroup[];
};

/** A question about a call. */
export type CallAsk = {
  /** The profile. */
  of: Chosen;
  /** The container that runs under it. */
  holder: Holder;
  /** The architecture that the call is made by, such as `x86`; empty for the node's own. */
  arch: string;
  /** The call: its name, or its number. */
  call: string;
  /** Its arguments, up to six: decimal, as `0x1f`, or names joined by `|`. One that is missing or empty is 0. */
  arguments: string[];
};

/** Calls that are for one thing. */
export type CallGroup = {
  /** What they are for, in one word. */
  name: string;
  /** The calls, by rising number. */
  calls: MappedCall[];
};

/** What kind of trouble a rule speaks of. Reports list escapes first and hygiene last. */
export type Category = "escape" | "hardening" | "correctness" | "hygiene";

/** What one layer does about one way. */
export type Cell = {
  /** The layer. */
  layer: Layer;
  /** What it does. */
  state: State;
  /** Indices into `ContainerMap::reasons`, those that decide first. */
  reasons?: number[];
};

/** A file that is changed. */
export type Changed = {
  /** The file. */
  file: number;
  /** What changes in it. */
  rewrites: Rewrite[];
  /** Its text then. */
  text: string;
};

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

/** What can be chosen. */
export type Choices = {
  /** The profiles of the files, in their order. */
  profiles: string[];
  /** The containers of the files. */
  containers: string[];
};

/** A profile: one of the files, or what a runtime brings along. */
export type Chosen = {
  /** One of the files, as an index into `Choices::profiles`; `null` for the first, or where there is none for that of the node's runtime. */
  profile: number | null;
  /** Instead of those: what this runtime puts on a container that asks for `RuntimeDefault`. */
  runtime: Runtime | null;
  /** The version of that runtime; empty where nobody knows it. */
  version: string;
};

/** What two profiles do differently with the calls of one architecture. */
export type ComparedArch = {
  /** The architecture. */
  arch: string;
  /** Only the first (0) or the second (1) profile has it, and under the other every call by it kills the thread. */
  only?: number | null;
  /** How many of the known calls end alike, whatever their arguments are. */
  same: number;
  /** The others. */
  differences: ComparedCall[];
};

/** A call that ends differently. */
export type ComparedCall = {
  /** Its name, or from which number on there are such without one. */
  call: string;
  /** For which arguments it is so, with an example; empty when for all. */
  when: string;
  /** What the first profile does. */
  left: string;
  /** What the second profile does. */
  right: string;
  /** The second one lets it run where the first did not (1), the other way round (-1), or neither (0). */
  laxer: number;
};

/** What two profiles do differently. */
export type ComparisonAnswer = {
  /** What can be chosen. */
  choices: Choices;
  /** The two that were compared. */
  pair: Chosen[];
  /** What they are called. */
  names: string[];
  /** What there is to know before the answer, and why there is none. */
  notes: string[];
  /** By architecture, where one of the profiles has it; empty when they could not be compared. */
  arches: ComparedArch[];
};

/** Two profiles to be held beside each other. */
export type ComparisonAsk = {
  /** The first. */
  left: Chosen;
  /** The second. */
  right: Chosen;
  /** The container that runs under them. */
  holder: Holder;
};

/** How sure we are that the finding holds on a real cluster. */
export type Confidence = "unknown" | "likely" | "certain";

/** Every way out of one container. */
export type ContainerMap = {
  /** Index of its pod among those of the report. */
  pod: number;
  /** Where the container stands. */
  place: Place;
  /** The object that holds it, as `Kind/name`. */
  object: string | null;
  /** Its name. */
  container: string;
  /** The worst outcome of a way that is open as things are configured, of those that `Outcome::is_escape` counts. */
  worst: Outcome | null;
  /** How many ways lead to each outcome, the worst first; those without any are left out. */
  outcomes: OutcomeCount[];
  /** What the layers say, once each: cells point here. */
  reasons: Reason[];
  /** Every way: first what is open, the worst and cheapest first, then what may be, then what is closed. */
  strands: Strand[];
  /** Changes that close something, the one that closes most first. Empty when they were not asked for. */
  fixes: MapFix[];
  /** For each outcome that can be reached: the changes that close all ways to it. */
  plans: Plan[];
  /** Whether changes were asked for and not tried: the document is too long for it, its aliases multiply what stands there, or other containers took what there was. */
  untried?: boolean;
  /** What would settle what is not known, the most useful first. */
  unsettled: Unsettled[];
  /** How well it is kept in. */
  grade: Grade;
  /** What keeps the container from starting at all, as sentences; its ways stay what they are. */
  stillborn: string[];
};

/** Lessons in their order. */
export type Course = {
  /** What could be read. */
  lessons: Lesson[];
  /** What could not. */
  problems: LessonProblem[];
};

/** What a profile decides. */
export type Decided = {
  /** The profiles that can be asked: those of the files in their order, then the runtimes' own. */
  profiles: string[];
  /** Which of them was asked; `null` when there is none of that index. */
  profile: number | null;
  /** What there is to know of it before its answers: its flags, and why it would not be loaded. */
  notes: string[];
  /** One entry an operation. */
  answers: Answered[];
};

/** What happens to a call. */
export type DecidedCall = {
  /** Whether it runs. */
  passes: Passes;
  /** The action, as `ALLOW` or `ERRNO(1)`. */
  action: string;
  /** The name of the error that the program gets, such as `EPERM`. */
  errno?: string | null;
  /** What that means and what decides it, as sentences. */
  why: string;
  /** Where the rule that decides stands; `null` where none does. */
  place?: Place | null;
  /** Rules overlap in a way that libseccomp promises nothing about: its own program may answer otherwise. */
  depends_on_libseccomp: boolean;
  /** How many instructions run for it. */
  instructions: number;
};

/** A rule that decides. */
export type Deciding = {
  /** As it is written. */
  text: string;
  /** Whether it refuses. */
  denies: boolean;
  /** Where it stands; `null` in a runtime's own profile. */
  place?: Place | null;
};

/** Who would see a way being taken. */
export type Detection = {
  /** Whether a rule that was pasted sees it; `null` when none was pasted or nothing is known of how it looks. */
  seen: boolean | null;
  /** The pasted rules that see it. */
  rules: string[];
  /** How many attempts are known at it; the rules are tried on what Falco sees of each. 0 when nothing is known of how it looks. */
  attempts: number;
  /** How many of them a pasted rule sees. */
  seenAttempts: number;
  /** The published stable rules that see it; a default installation loads them. */
  stable: string[];
  /** How many of the attempts a stable rule sees. */
  stableAttempts: number;
  /** Published rules that a default installation does not load. */
  notLoaded: string[];
  /** Why no attempt at it is known, as a sentence; empty where one is. */
  unseen?: string;
};

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

/** How many of the ways to an outcome a change closes. */
export type Effect = {
  /** The outcome. */
  outcome: Outcome;
  /** So many, */
  closes: number;
  /** of so many that are open or may be. */
  of: number;
};

/** What a way takes. */
export type Effort = "configuration" | "information" | "bug";

/** The unit in which a reader counts offsets and columns. */
export type Encoding = "utf8" | "utf16" | "utf32";

/** Which containers to look at, and how far. */
export type EscapeAsk = {
  /** Index of the pod among those of the report; `null` for all. */
  pod: number | null;
  /** Name of the container; `null` for all. */
  container: string | null;
  /** Whether to try the fixes, one by one and together: it takes as long as a few dozen maps. */
  fixes: boolean;
};

/** The maps of the containers that were asked for. */
export type EscapeReport = {
  /** `VERSION`. */
  v: number;
  /** The unit of all offsets and columns below. */
  encoding: Encoding;
  /** The day up to which bugs were read, as year, month and day. */
  date: string;
  /** What is known of the node. */
  node: NodePart[];
  /** Every known way out. */
  techniques: TechniqueReport[];
  /** One map for each container, in the order of the files. */
  containers: ContainerMap[];
  /** How many containers there are beyond those, for which nothing is said. */
  leftOut: number;
};

/** A part of a condition. */
export type ExplainedPart = {
  /** How deep it stands: 0 for the whole condition. */
  depth: number;
  /** What it is: `all of`, `one of`, `not`, the name of a macro, or a comparison as Falco prints it. */
  text: string;
  /** For a comparison: the value that was looked at, in quotes, or that there was none. */
  saw: string;
  /** The constant of a list that matched; empty when there is none. */
  matched: string;
  /** Whether it holds. */
  verdict: Truth;
  /** Whether it is one of those that decided the whole, or left it open. */
  decides: boolean;
  /** Where it stands. */
  place: Place | null;
};

/** Why a rule fires on an event, or does not. */
export type Explanation = {
  /** Index into `FalcoReport::events`. */
  event: number;
  /** Index into `FalcoReport::rules`. */
  rule: number;
  /** Whether the condition holds. */
  verdict: Truth;
  /** The fields that would decide it. */
  needs: string[];
  /** Why the rule is not asked at all, as a sentence: the event's type or source is none of its. Empty when it is asked. */
  passedOver: string;
  /** The parts of the condition, each before the parts it is made of. */
  parts: ExplainedPart[];
};

/** What is asked. */
export type ExploreAsk = {
  /** A capability, such as `SYS_ADMIN`, or a path of the node, such as `/run/docker.sock`. */
  what: string;
  /** Whether the folder may be written; of no meaning for a capability. */
  writable: boolean;
  /** The sample pod as it is now; empty when there is none yet. */
  sample: string;
};

/** The answer. */
export type Explored = {
  /** `VERSION`. */
  v: number;
  /** Every capability. */
  capabilities: string[];
  /** Paths of the node of which much is known. */
  paths: string[];
  /** What was asked for, in its one spelling; empty when that is nothing. */
  title: string;
  /** Why the question is none, as a sentence; else empty. */
  problem: string;
  /** What it opens, as a sentence. */
  opens: string;
  /** How bad it is by itself. */
  danger: Severity | null;
  /** Who gives it without being asked, and whom the Pod Security Standards let ask for it, as sentences; empty for a path. */
  given: string;
  /** What ordinary work needs it for, as a sentence. */
  neededFor: string;
  /** What does the same with less, as sentences. */
  instead: string;
  /** The ways out that it opens, alone or with something else: first what is open, the worst first. */
  ways: ExploredWay[];
  /** What would stop them, one layer at a time. */
  layers: ExploredLayer[];
  /** The sample pod, and what a press of the button makes of it; `null` when there is nothing to put in. */
  sample: Sample | null;
};

/** A layer, put in place alone. */
export type ExploredLayer = {
  /** Which. */
  layer: Layer;
  /** What it is, such as "A user namespace". */
  name: string;
  /** How it is put in place, such as `hostUsers: false`. */
  how: string;
  /** Indices into `Explored::ways`: those that are open or may be without it, and closed with it. */
  stops: number[];
};

/** A way out, in a container of root that has nothing but what was asked for, and no profile. */
export type ExploredWay = {
  /** Its stable id. */
  id: string;
  /** What people call it. */
  name: string;
  /** What it wins. */
  outcome: Outcome;
  /** Whether a bug or a second foothold has to come in addition. */
  byBug: boolean;
  /** Whether it is open with this alone. */
  open: Truth;
  /** What else it takes, or what is not known, each the end of a sentence after "because". */
  because: string[];
};

/** How a report is written. */
export type ExportFormat = "sarif" | "markdown";

/** What is asked of the rules among the files. What is not asked for is empty in the answer. */
export type FalcoAsk = {
  /** Whether to try events: those of `FalcoAsk::attempt`, else those among the files. */
  events: boolean;
  /** Id of the escape attempt whose events are tried. */
  attempt: string | null;
  /** How fields that an event does not have are taken. */
  absent: AbsentFields;
  /** Which event to explain, by its place in the answer. */
  event: number;
  /** Which rule to explain on it, by its name; `null` for the one of most interest. */
  rule: string | null;
  /** Whether to say which escape attempts the rules see. */
  coverage: boolean;
  /** Whether what the published stable rules see counts as seen. */
  stable: boolean;
  /** Ids of escape attempts to write rules for. */
  write: string[];
  /** Whether to name the words of conditions, for completion. */
  words: boolean;
};

/** The answer. */
export type FalcoReport = {
  /** `VERSION`. */
  v: number;
  /** The unit of all offsets and columns below. */
  encoding: Encoding;
  /** The files of rules, in the order in which they are loaded. */
  files: RulesFile[];
  /** The rules that are switched on and could be read, in the order in which Falco looks at them. */
  rules: LoadedRule[];
  /** The first events, in their order. */
  events: TriedEvent[];
  /** How many events there are; more than are listed when there are very many. */
  eventCount: number;
  /** The events of the attempt that was asked for, as JSON lines. */
  eventText: string;
  /** Why one rule fires on one event, or does not. */
  explanation: Explanation | null;
  /** Every known escape attempt, and what sees it. */
  attempts: Attempt[];
  /** A file of rules for the attempts that were asked for. */
  written: string;
  /** The words of conditions. */
  words: Word[];
};

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
  /** How many like it are not listed. */
  more?: number;
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

/** A profile that was made, and how it comes to act. */
export type Generated = {
  /** The containers that a profile can be made for. */
  containers: string[];
  /** Which of them it is for; `null` when there is none. */
  container: number | null;
  /** The profile's name. */
  name: string;
  /** The file. */
  text: string;
  /** The profile of that name that the files hold already: its file. */
  before?: number | null;
  /** What was asked for and is not in it, as sentences. */
  notes: string[];
  /** How it comes to act. */
  load: Load[];
  /** The file of the container, asking for the profile; `null` where it asks for it already, or where that has to be written by hand. */
  asking?: Changed | null;
};

/** A goal, and whether it is reached. */
export type Goal = {
  /** What should be so. */
  text: string;
  /** Whether it is. */
  done: boolean;
  /** How things stand, as a sentence. */
  now: string;
};

/** How well a container is kept in: points for each layer in place, capped by the worst way that is open. */
export type Grade = {
  /** From `A` to `F`. */
  letter: string;
  /** The lesser of `Grade::sum` and `Grade::cap`, of 100. */
  points: number;
  /** What the lines add up to. */
  sum: number;
  /** The most that can be had while something is open. */
  cap: number;
  /** Why the cap is what it is, as the end of a sentence after "because". */
  because: string;
  /** The arithmetic. */
  lines: GradeLine[];
};

/** One line of a grade. */
export type GradeLine = {
  /** What should be so. */
  text: string;
  /** Whether it is. */
  state: Truth;
  /** The points that it earns; none while nobody knows. */
  got: number;
  /** The points that it could. */
  of: number;
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
  /** What it was taken for. */
  kind: InputKind;
  /** The whole new text; the old one when nothing was changed. */
  text: string;
  /** The same as a unified diff; empty when nothing was changed. */
  diff: string;
  /** The fixes that were applied. */
  applied: AppliedFix[];
  /** What could not be reached, and why. */
  left: LeftOver[];
  /** Whether all of it could be read; what could not be is as it was. */
  readable: boolean;
};

/** Who has the capabilities that entries of profiles depend on. Without either it is a container that has what the runtime grants by itself. */
export type Holder = {
  /** A container of the files, as an index into `Choices::containers`. */
  container: number | null;
  /** These capabilities, with blanks or commas between them. */
  caps: string | null;
};

/** What a text was taken for. */
export type InputKind = "empty" | "kubernetes-yaml" | "kubernetes-json" | "command-lines" | "compose" | "oci-config" | "versions" | "seccomp" | "app-armor" | "falco-rules" | "falco-events" | "template" | "binary" | "unknown";

/** A Kubernetes minor version as the Pod Security admission labels write it: `latest` or `v1.N`. The order puts `latest` behind every number. Source: `pod-security-admission/api/helpers.go`, `ParseVersion`. */
export type KubeVersion = string;

/** A layer between a container and its node. */
export type Layer = "pod" | "capabilities" | "user-namespace" | "seccomp" | "lsm" | "version" | "sandbox";

/** What a log asks for. */
export type Learnt = {
  /** The rules, each once. */
  rules: Wanted[];
  /** Lines of AppArmor's that are cut off, from 1. */
  broken: number[];
  /** The files with the rules added. */
  files: Changed[];
};

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
  /** Whether a comment or an annotation asks to leave it as it is. */
  ignored: boolean;
  /** The object, as `Kind/name`. */
  object: string | null;
  /** Line of the hardened text, from 1. */
  line: number;
  /** How many like it are not listed. */
  more?: number;
};

/** One lesson. Its texts are Markdown. */
export type Lesson = {
  /** Its name in links. */
  id: string;
  /** Its title. */
  title: string;
  /** How long it takes; 0 when nobody says. */
  minutes: number;
  /** Its place in the course: lesser ones first. */
  order: number;
  /** What it tells. */
  text: string;
  /** What the editor holds at its start. */
  files: LessonFile[];
  /** The goals as they are written, for `LessonAsk::Try`. */
  goal: string;
  /** The goals in words. */
  goals: string[];
  /** Hints, the vaguest first. */
  hints: string[];
  /** The files as they are when it is solved, the unchanged ones included. */
  solution: LessonFile[];
  /** What is to be taken away from it. */
  why: string;
};

/** The answer, in the kind of the question. */
export type LessonAnswer = {
  course: Course;
} | {
  goals: Goal[];
};

/** What is asked. */
export type LessonAsk = "read" | {
  try: {
    /** `Lesson::goal`. */
    goal: string;
  };
};

/** A file of a lesson. */
export type LessonFile = {
  /** Its name. */
  name: string;
  /** Its text. */
  text: string;
};

/** Something in a course that is not as it should be. */
export type LessonProblem = {
  /** What, and what to do, as sentences. */
  message: string;
  /** Where. */
  place: Place;
};

/** How strict a target is. The first three are the levels of the Pod Security Standards. */
export type Level = "privileged" | "baseline" | "restricted" | "hardened";

/** One way to load a profile, or to ask for it. */
export type Load = {
  /** What it is. */
  title: string;
  /** What to type, or to apply. */
  text: string;
  /** What there is to know, as sentences. */
  notes: string[];
};

/** A rule that is ready for events. */
export type LoadedRule = {
  /** Its name. */
  name: string;
  /** Its name in the file. */
  place: Place | null;
};

/** The security module of a node. */
export type Lsm = "apparmor" | "selinux" | "none";

/** How a profile is made. */
export type Making = "calls" | "base" | "merged" | "smaller";

/** A change, and what it closes. */
export type MapFix = {
  /** The rule whose finding it mends; empty when it is the map's own. */
  rule: string;
  /** The change. */
  fix: FixReport;
  /** Indices into `EscapeReport::techniques`: what it closes, alone. */
  closes: number[];
  /** The same by outcome, for those of which it closes something. */
  effects: Effect[];
};

/** A call on the map. */
export type MappedCall = {
  /** Its name. */
  name: string;
  /** Whether it runs. */
  passes: Passes;
};

/** The processor of a node, by the value of its `kubernetes.io/arch` label. */
export type NodeArch = "amd64" | "arm64" | "arm" | "ppc64le" | "s390x" | "riscv64";

/** What is known of the node beside its versions. What is not known makes answers unknown, never better. */
export type NodeFacts = {
  /** Which security module it runs. */
  lsm: Lsm | null;
  /** The version of cgroups, 1 or 2. */
  cgroup: number | null;
  /** Whether it loads only signed modules. */
  signedModules: boolean | null;
  /** Version of runc, where that is not the runtime of the settings. */
  runc: Release | null;
};

/** A program of the node or its kernel, with its version. */
export type NodePart = {
  /** Its name: `linux-kernel`, `runc`, `containerd`; or what else is known of it: `security module`, `cgroups`. */
  name: string;
  /** Its version as it was given; or what is known. */
  version: string;
  /** Where it was read; `null` for a setting. */
  place: Place | null;
};

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

/** A rule that cannot be decided. */
export type OpenRule = {
  /** Index into `FalcoReport::rules`. */
  rule: number;
  /** The fields that would decide it. */
  needs: string[];
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
  "keep-last": {
    /** The key that stands several times. */
    route: Route;
  };
};

/** What happens to a call that no entry is for. */
export type Otherwise = "fails" | "kills" | "logs";

/** What is won. */
export type Outcome = "persistence" | "in-container-root" | "node-service-access" | "denial-of-service" | "host-info" | "neighbour-container" | "node-credential" | "host-root" | "cluster-admin";

/** How an operation ends. */
export type Outcome2 = "allow" | "deny" | "unknown";

/** How many ways lead to an outcome, or to one that includes it. */
export type OutcomeCount = {
  /** The outcome. */
  outcome: Outcome;
  /** Ways that are open as things are configured. */
  open: number;
  /** Ways of which nobody can tell. */
  unknown: number;
  /** Ways that are closed. */
  closed: number;
  /** Those of the closed ones that a single layer closes. */
  closedOnce: number;
  /** Ways that need a bug or a second foothold as well, and that nothing closes. */
  byBug: number;
};

/** An argument of a call. */
export type Parameter = {
  /** Its name. */
  name: string;
  /** Names of values that it may have. */
  values: string[];
};

/** Whether a call runs. */
export type Passes = "allow" | "deny" | "asks" | "conditional" | "unknown";

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

/** The changes that close all ways to an outcome, or as many as can be closed. */
export type Plan = {
  /** The outcome. */
  outcome: Outcome;
  /** Indices into `ContainerMap::fixes`: none of them can be left out. */
  fixes: number[];
  /** How many ways they close together. */
  closes: number;
  /** Indices into `EscapeReport::techniques`: what stays open, or may be. */
  left: number[];
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
  /** The strictest standard that admits it at the asked version; privileged for what is no Kubernetes object. */
  admittedBy: Level;
  /** What the admission controller answers for the asked level and for each mode of its namespace; empty for what is no Kubernetes object. */
  admission: AdmissionReport[];
};

/** A profile that was made. */
export type ProfileAnswer = {
  /** What can be chosen. */
  choices: Choices;
  /** The base and the other profile. */
  pair: Chosen[];
  /** The profile; empty when there is none. */
  text: string;
  /** What there is to know: what the text was read as, what is missing, what could not be taken over. */
  notes: string[];
};

/** What a profile is to be made of. */
export type ProfileAsk = {
  /** How it is made. */
  from: Making;
  /** For `Making::Calls` and `Making::Base`: names of calls, the output of `strace`, with `-c` or without, or lines of the audit log. */
  calls: string;
  /** For all but `Making::Calls`: the profile to begin with. */
  base: Chosen;
  /** For `Making::Merged`: the other profile. */
  other: Chosen;
  /** The container that it is for. */
  holder: Holder;
  /** Written for Docker, Podman and CRI-O, which have a place for comments; else as every runtime reads it. */
  docker: boolean;
  /** Which program starts the container, whose own calls are allowed too. */
  start: Starting;
  /** The container runs with `allowPrivilegeEscalation: false`, and fewer calls are needed to start it. */
  no_new_privs: boolean;
  /** What other C libraries and machines call in place of the calls is allowed too. */
  portable: boolean;
  /** Programs of the machine's other architectures are to run too, such as 32-bit ones. */
  companions: boolean;
  /** What happens to every other call. */
  otherwise: Otherwise;
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

/** Something a layer says. */
export type Reason = {
  /** Whether it lets the way pass. */
  truth: Truth;
  /** Why, as the end of a sentence after "because": no capital, no full stop. */
  text: string;
  /** The lines that say it. */
  places?: Place[];
  /** What would settle it when it is not known, as a sentence; else empty. */
  settles?: string;
};

/** The version of a program or a kernel: `major.minor.patch`, written with two or three numbers. */
export type Release = string;

/** What the worker answers. */
export type Reply = "fetching" | {
  ready: {
    /** Version of the engine. */
    version: string;
  };
} | {
  report: Report;
} | {
  hardened: HardenReport;
} | {
  escape: EscapeReport;
} | {
  explored: Explored;
} | {
  falco: FalcoReport;
} | {
  apparmor: ApparmorAnswer;
} | {
  seccomp: SeccompAnswer;
} | {
  lesson: LessonAnswer;
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
  exported: {
    /** The report. */
    text: string;
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
  /** One entry for each pod or pod template, and for each container that a command line, a service or an OCI configuration makes. */
  pods: PodReport[];
  /** The mitigation checklist, computed. */
  checklist: ChecklistItem[];
  /** What could not be used of the inputs, if `watertight check` wrote the report; it is no part of other reports. */
  unusable?: ({
    /** The file, the folder or the standard input. */
    name: string;
    /** Why it could not be used. */
    reason: string;
  })[];
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
  escape: {
    /** The files. */
    files: File[];
    /** Which containers, and how far. */
    ask: EscapeAsk;
    /** What is asked of them. */
    settings: Settings;
  };
} | {
  explore: {
    /** What is asked. */
    ask: ExploreAsk;
    /** What is known of the node. */
    settings: Settings;
  };
} | {
  falco: {
    /** The files. */
    files: File[];
    /** What is asked of the rules. */
    ask: FalcoAsk;
  };
} | {
  apparmor: {
    /** The files. */
    files: File[];
    /** What is asked. */
    ask: ApparmorAsk;
    /** What is asked of them. */
    settings: Settings;
  };
} | {
  seccomp: {
    /** The files. */
    files: File[];
    /** What is asked. */
    ask: SeccompAsk;
    /** Who reads them. */
    settings: Settings;
  };
} | {
  lesson: {
    /** The files. */
    files: File[];
    /** What is asked. */
    ask: LessonAsk;
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
  export: {
    /** The files. */
    files: File[];
    /** What is asked of them. */
    settings: Settings;
    /** How it is written. */
    format: ExportFormat;
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
  /** From the document's root on. Shared, for the same route stands in a finding, in its fixes and in the pod. */
  steps: Step[];
};

/** What a rule is called elsewhere; its findings are many and share it. */
export type RuleReport = {
  /** Rule id. */
  id: string;
  /** The same fault in other bodies of rules. */
  sources: SourceReport[];
};

/** What Falco's loader does with a file of rules. */
export type RulesFile = {
  /** Index into the files of the report. */
  file: number;
  /** Whether Falco loads it; null when the file holds more than is looked at. */
  loads: boolean | null;
  /** Whether Falco gets as far as this file: it stops at the first with an error. */
  reached: boolean;
  /** The lowest version of Falco that reads it, such as `0.38`; `null` when every one of the last years does. */
  falco: string | null;
  /** What needs that version: where it stands, and its label names it. */
  needs: Place | null;
};

/** A program that makes containers. */
export type Runtime = "containerd" | "cri-o" | "docker" | "podman";

/** What may happen to the workload when a fix is applied. */
export type Safety = "safe" | "changes-behaviour" | "needs-review";

/** A pod to try things on. */
export type Sample = {
  /** Whether what was asked for is in it. */
  has: boolean;
  /** Its text with what was asked for put in, or taken out when it is in it. */
  text: string;
  /** Why it stays as it is, as a sentence; else empty. */
  refused: string;
};

/** The answer, in the kind of the question. */
export type SeccompAnswer = {
  decided: CallAnswer;
} | {
  compared: ComparisonAnswer;
} | {
  generated: ProfileAnswer;
};

/** What is asked. */
export type SeccompAsk = {
  decide: CallAsk;
} | {
  compare: ComparisonAsk;
} | {
  generate: ProfileAsk;
};

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
  /** What the escape map has to know of it beside that. */
  facts: NodeFacts;
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

/** Which program starts a container. */
export type Starting = "runc" | "crun" | "nobody";

/** What a layer does about a way out. */
export type State = "stops" | "passes" | "unknown" | "not-involved";

/** One step from a node to a child. */
export type Step = number | string;

/** An instruction of the program. */
export type Step2 = {
  /** As an assembler writes it, and what it means. */
  text: string;
  /** Whether it runs for the call. */
  runs: boolean;
};

/** One way out of one container. */
export type Strand = {
  /** Index into `EscapeReport::techniques`. */
  technique: number;
  /** Whether it is open. */
  open: Truth;
  /** How much it takes: 1 is a thing of minutes, 5 needs a bug. */
  cost: number;
  /** Whether it needs root in the container first, which a set-user-id program of the image may give. */
  afterEscalation: boolean;
  /** What each layer does about it, in the order in which a way runs into them. */
  layers: Cell[];
  /** The layer that stops it first. */
  stoppedBy: Layer | null;
  /** How many layers stop it. */
  stops: number;
  /** Known bugs that it goes through. */
  bugs?: BugReport[];
  /** Who would see it. */
  detection: Detection;
  /** Indices into `ContainerMap::fixes`: each of these alone closes it. */
  fixes?: number[];
};

/** How much a generated profile leaves to a container. */
export type Strictness = "familiar" | "careful" | "tight";

/** A finding that somebody asked to leave out. */
export type SuppressedReport = {
  /** The finding. */
  finding: FindingReport;
  /** The reason given; may be empty. */
  reason: string;
  /** The comment or annotation. */
  place: Place;
};

/** A known way out. */
export type TechniqueReport = {
  /** Stable id. */
  id: string;
  /** What people call it. */
  name: string;
  /** What it wins. */
  outcome: Outcome;
  /** What it takes. */
  effort: Effort;
  /** How bad it is, alone. */
  severity: Severity;
  /** Why it works, as sentences. */
  why: string;
  /** MITRE ATT&CK ids. */
  attack: string[];
  /** Whether nearly every pod has it, so that it is named as what remains and not as a fault. */
  remains: boolean;
};

/** What became of an event. Rules are indices into `FalcoReport::rules`. */
export type TriedEvent = {
  /** What it is, in a few words. */
  title: string;
  /** Where it stands; `null` for the events of an attempt. */
  place: Place | null;
  /** The rules that hold. Falco fires the first alone, unless it is set to `rule_matching: all`. */
  fires: number[];
  /** The rules that cannot be decided. */
  open: OpenRule[];
  /** Names of rules that should have fired, as the event says, and did not. */
  lacking: string[];
  /** Rules that fired and should not have. */
  unexpected: number[];
  /** Whether the event says which rules have to fire. */
  isTest: boolean;
};

/** Yes, no, or nobody can tell from what was given. */
export type Truth = "no" | "unknown" | "yes";

/** Something that nobody knows. */
export type Unsettled = {
  /** What to paste or to set, as a sentence. */
  settles: string;
  /** How many ways depend on it. */
  ways: number;
};

/** A rule that a log asks for. */
export type Wanted = {
  /** The profile that needs it. */
  profile: string;
  /** The rule. */
  rule: string;
  /** How many lines ask for it. */
  count: number;
  /** Whether it is added. */
  added: boolean;
  /** What there is to know, or why it is not added. */
  notes: string[];
};

/** A word of conditions. */
export type Word = {
  /** The word. */
  name: string;
  /** What it is. */
  kind: WordKind;
  /** A few words on it; may be empty. */
  about: string;
};

/** What a word of conditions is. */
export type WordKind = "field" | "operator" | "function" | "macro" | "list" | "event";
