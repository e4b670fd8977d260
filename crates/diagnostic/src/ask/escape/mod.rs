//! The escape map: which ways out of a container are open, and which layer closes each of the others.

mod words;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use watertight_text::Encoding;

use crate::report::{FixReport, Place};
use crate::{Release, Severity};

/// Version of this shape. It grows when a field changes its meaning or goes away.
pub const VERSION: u32 = 1;

/// Which containers to look at, and how far.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct EscapeAsk {
    /// Index of the pod among those of the report; `None` for all.
    pub pod: Option<usize>,
    /// Name of the container; `None` for all.
    pub container: Option<String>,
    /// Whether to try the fixes, one by one and together: it takes as long as a few dozen maps.
    pub fixes: bool,
}

/// The maps of the containers that were asked for.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct EscapeReport {
    /// [`VERSION`].
    pub v: u32,
    /// The unit of all offsets and columns below.
    pub encoding: Encoding,
    /// The day up to which bugs were read, as year, month and day.
    pub date: String,
    /// What is known of the node.
    pub node: Vec<NodePart>,
    /// Every known way out.
    pub techniques: Vec<TechniqueReport>,
    /// One map for each container, in the order of the files.
    pub containers: Vec<ContainerMap>,
    /// How many containers there are beyond those, for which nothing is said.
    #[serde(default)]
    pub left_out: usize,
}

/// A program of the node or its kernel, with its version.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct NodePart {
    /// Its name: `linux-kernel`, `runc`, `containerd`; or what else is known of it: `security module`, `cgroups`.
    pub name: String,
    /// Its version as it was given; or what is known.
    pub version: String,
    /// Where it was read; `None` for a setting.
    pub place: Option<Place>,
}

/// A known way out.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TechniqueReport {
    /// Stable id.
    pub id: Cow<'static, str>,
    /// What people call it.
    pub name: Cow<'static, str>,
    /// What it wins.
    pub outcome: Outcome,
    /// What it takes.
    pub effort: Effort,
    /// How bad it is, alone.
    pub severity: Severity,
    /// Why it works, as sentences.
    pub why: Cow<'static, str>,
    /// MITRE ATT&CK ids.
    pub attack: Vec<Cow<'static, str>>,
    /// Whether nearly every pod has it, so that it is named as what remains and not as a fault.
    pub remains: bool,
}

/// Every way out of one container.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ContainerMap {
    /// Index of its pod among those of the report.
    pub pod: usize,
    /// Where the container stands.
    pub place: Place,
    /// The object that holds it, as `Kind/name`.
    pub object: Option<String>,
    /// Its name.
    pub container: String,
    /// The worst outcome of a way that is open as things are configured, of those that [`Outcome::is_escape`] counts.
    pub worst: Option<Outcome>,
    /// How many ways lead to each outcome, the worst first; those without any are left out.
    pub outcomes: Vec<OutcomeCount>,
    /// What the layers say, once each: cells point here.
    pub reasons: Vec<Reason>,
    /// Every way: first what is open, the worst and cheapest first, then what may be, then what is closed.
    pub strands: Vec<Strand>,
    /// Changes that close something, the one that closes most first. Empty when they were not asked for.
    pub fixes: Vec<MapFix>,
    /// For each outcome that can be reached: the changes that close all ways to it.
    pub plans: Vec<Plan>,
    /// Whether changes were asked for and not tried: the document is too long for it, its aliases multiply what stands there, or
    /// other containers took what there was.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub untried: bool,
    /// What would settle what is not known, the most useful first.
    pub unsettled: Vec<Unsettled>,
    /// How well it is kept in.
    pub grade: Grade,
    /// What keeps the container from starting at all, as sentences; its ways stay what they are.
    pub stillborn: Vec<String>,
}

/// How well a container is kept in: points for each layer in place, capped by the worst way that is open.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Grade {
    /// From `A` to `F`.
    pub letter: String,
    /// The lesser of [`Grade::sum`] and [`Grade::cap`], of 100.
    pub points: u32,
    /// What the lines add up to.
    pub sum: u32,
    /// The most that can be had while something is open.
    pub cap: u32,
    /// Why the cap is what it is, as the end of a sentence after "because".
    pub because: String,
    /// The arithmetic.
    pub lines: Vec<GradeLine>,
}

/// One line of a grade.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct GradeLine {
    /// What should be so.
    pub text: String,
    /// Whether it is.
    pub state: Truth,
    /// The points that it earns; none while nobody knows.
    pub got: u32,
    /// The points that it could.
    pub of: u32,
}

/// How many ways lead to an outcome, or to one that includes it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct OutcomeCount {
    /// The outcome.
    pub outcome: Outcome,
    /// Ways that are open as things are configured.
    pub open: usize,
    /// Ways of which nobody can tell.
    pub unknown: usize,
    /// Ways that are closed.
    pub closed: usize,
    /// Those of the closed ones that a single layer closes.
    pub closed_once: usize,
    /// Ways that need a bug or a second foothold as well, and that nothing closes.
    pub by_bug: usize,
}

/// Something a layer says.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Reason {
    /// Whether it lets the way pass.
    pub truth: Truth,
    /// Why, as the end of a sentence after "because": no capital, no full stop.
    pub text: String,
    /// The lines that say it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<Place>,
    /// What would settle it when it is not known, as a sentence; else empty.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub settles: Cow<'static, str>,
}

/// One way out of one container.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Strand {
    /// Index into [`EscapeReport::techniques`].
    pub technique: usize,
    /// Whether it is open.
    pub open: Truth,
    /// How much it takes: 1 is a thing of minutes, 5 needs a bug.
    pub cost: u32,
    /// Whether it needs root in the container first, which a set-user-id program of the image may give.
    pub after_escalation: bool,
    /// What each layer does about it, in the order in which a way runs into them.
    pub layers: Vec<Cell>,
    /// The layer that stops it first.
    pub stopped_by: Option<Layer>,
    /// How many layers stop it.
    pub stops: usize,
    /// Known bugs that it goes through.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bugs: Vec<BugReport>,
    /// Who would see it.
    pub detection: Detection,
    /// Indices into [`ContainerMap::fixes`]: each of these alone closes it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fixes: Vec<usize>,
}

/// What one layer does about one way.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Cell {
    /// The layer.
    pub layer: Layer,
    /// What it does.
    pub state: State,
    /// Indices into [`ContainerMap::reasons`], those that decide first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<usize>,
}

/// A known bug that this container gets to, or may.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct BugReport {
    /// `CVE-…`, or the number that it has.
    pub id: Cow<'static, str>,
    /// What people call it; empty when it has no name.
    pub name: Cow<'static, str>,
    /// The program it is in.
    pub component: Cow<'static, str>,
    /// The version that has it.
    pub version: String,
    /// Whether this container gets to it.
    pub open: Truth,
    /// Why, as the end of a sentence after "because".
    pub because: String,
    /// What is won: `host-root`, `host-file-write`, …
    pub outcome: Cow<'static, str>,
    /// The day on which CISA listed it as exploited in the wild; empty when it is not on the list.
    pub exploited: Cow<'static, str>,
    /// What it is.
    pub summary: Cow<'static, str>,
    /// The address of its record.
    pub address: String,
}

/// Who would see a way being taken.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Detection {
    /// Whether a rule that was pasted sees it; `None` when none was pasted or nothing is known of how it looks.
    pub seen: Option<bool>,
    /// The pasted rules that see it.
    pub rules: Vec<String>,
    /// How many attempts are known at it; the rules are tried on what Falco sees of each. 0 when nothing is known of how it
    /// looks.
    pub attempts: usize,
    /// How many of them a pasted rule sees.
    pub seen_attempts: usize,
    /// The published stable rules that see it; a default installation loads them.
    pub stable: Vec<Cow<'static, str>>,
    /// How many of the attempts a stable rule sees.
    pub stable_attempts: usize,
    /// Published rules that a default installation does not load.
    pub not_loaded: Vec<Cow<'static, str>>,
    /// Why no attempt at it is known, as a sentence; empty where one is.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub unseen: Cow<'static, str>,
}

/// A change, and what it closes.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct MapFix {
    /// The rule whose finding it mends; empty when it is the map's own.
    pub rule: String,
    /// The change.
    pub fix: FixReport,
    /// Indices into [`EscapeReport::techniques`]: what it closes, alone.
    pub closes: Vec<usize>,
    /// The same by outcome, for those of which it closes something.
    pub effects: Vec<Effect>,
}

/// How many of the ways to an outcome a change closes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Effect {
    /// The outcome.
    pub outcome: Outcome,
    /// So many,
    pub closes: usize,
    /// of so many that are open or may be.
    pub of: usize,
}

/// The changes that close all ways to an outcome, or as many as can be closed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// The outcome.
    pub outcome: Outcome,
    /// Indices into [`ContainerMap::fixes`]: none of them can be left out.
    pub fixes: Vec<usize>,
    /// How many ways they close together.
    pub closes: usize,
    /// Indices into [`EscapeReport::techniques`]: what stays open, or may be.
    pub left: Vec<usize>,
}

/// Something that nobody knows.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Unsettled {
    /// What to paste or to set, as a sentence.
    pub settles: String,
    /// How many ways depend on it.
    pub ways: usize,
}

/// Yes, no, or nobody can tell from what was given.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Truth {
    /// It is not so.
    No,
    /// It may be so.
    Unknown,
    /// It is so.
    Yes,
}

/// What is won.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Outcome {
    /// Something stays behind in the container.
    #[serde(rename = "persistence")]
    Persistence,
    /// Root in the container.
    #[serde(rename = "in-container-root")]
    ContainerRoot,
    /// A service of the node answers.
    #[serde(rename = "node-service-access")]
    NodeService,
    /// The node or its neighbours stop.
    #[serde(rename = "denial-of-service")]
    DenialOfService,
    /// Something of the node can be read.
    #[serde(rename = "host-info")]
    HostInfo,
    /// Another container is read or changed.
    #[serde(rename = "neighbour-container")]
    Neighbour,
    /// A credential of the node or of another workload.
    #[serde(rename = "node-credential")]
    NodeCredential,
    /// Root on the node.
    #[serde(rename = "host-root")]
    HostRoot,
    /// The whole cluster.
    #[serde(rename = "cluster-admin")]
    ClusterAdmin,
}

/// What a way takes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Effort {
    /// It works as things are configured.
    Configuration,
    /// It shows something, which may or may not be worth anything.
    Information,
    /// A bug, or a second foothold, has to come in addition.
    Bug,
}

/// A layer between a container and its node.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    /// What the pod asks for: namespaces, mounts, devices, user, rights at the API.
    Pod,
    /// The capabilities that its processes hold.
    Capabilities,
    /// Whether root inside is root outside.
    UserNamespace,
    /// The system calls that its filter lets pass.
    Seccomp,
    /// Its AppArmor profile or SELinux label.
    Lsm,
    /// The versions and settings of the kernel and the runtime.
    Version,
    /// A second border: a kernel in user space or a virtual machine.
    Sandbox,
}

/// What a layer does about a way out.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It stops it.
    Stops,
    /// It lets it pass.
    Passes,
    /// Nobody can tell.
    Unknown,
    /// The way does not run through it.
    NotInvolved,
}

/// What is known of the node beside its versions. What is not known makes answers unknown, never better.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct NodeFacts {
    /// Which security module it runs.
    pub lsm: Option<Lsm>,
    /// The version of cgroups, 1 or 2.
    pub cgroup: Option<u8>,
    /// Whether it loads only signed modules.
    pub signed_modules: Option<bool>,
    /// Version of runc, where that is not the runtime of the settings.
    pub runc: Option<Release>,
}

/// The security module of a node.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Lsm {
    /// AppArmor.
    AppArmor,
    /// SELinux.
    SeLinux,
    /// Neither.
    None,
}
