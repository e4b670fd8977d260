//! What Falco rules do with events, which escape attempts they would miss, and rules for those.

use serde::{Deserialize, Serialize};
use watertight_text::Encoding;

use super::escape::Truth;
use crate::report::Place;

/// Version of this shape. It grows when a field changes its meaning or goes away.
pub const VERSION: u32 = 1;

/// What is asked of the rules among the files. What is not asked for is empty in the answer.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct FalcoAsk {
    /// Whether to try events: those of [`FalcoAsk::attempt`], else those among the files.
    pub events: bool,
    /// Id of the escape attempt whose events are tried.
    pub attempt: Option<String>,
    /// How fields that an event does not have are taken.
    pub absent: AbsentFields,
    /// Which event to explain, by its place in the answer.
    pub event: usize,
    /// Which rule to explain on it, by its name; `None` for the one of most interest.
    pub rule: Option<String>,
    /// Whether to say which escape attempts the rules see.
    pub coverage: bool,
    /// Whether what the published stable rules see counts as seen.
    pub stable: bool,
    /// Ids of escape attempts to write rules for.
    pub write: Vec<String>,
    /// Whether to name the words of conditions, for completion.
    pub words: bool,
}

/// How fields that an event does not have are taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum AbsentFields {
    /// Unknown in Falco's output, which names only some fields; missing in a table of fields.
    #[default]
    ByForm,
    /// Missing, as Falco would have it.
    Missing,
    /// Unknown.
    Unknown,
}

/// The answer.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct FalcoReport {
    /// [`VERSION`].
    pub v: u32,
    /// The unit of all offsets and columns below.
    pub encoding: Encoding,
    /// The files of rules, in the order in which they are loaded.
    pub files: Vec<RulesFile>,
    /// The rules that are switched on and could be read, in the order in which Falco looks at them.
    pub rules: Vec<LoadedRule>,
    /// The first events, in their order.
    pub events: Vec<TriedEvent>,
    /// How many events there are; more than are listed when there are very many.
    pub event_count: usize,
    /// The events of the attempt that was asked for, as JSON lines.
    pub event_text: String,
    /// Why one rule fires on one event, or does not.
    pub explanation: Option<Explanation>,
    /// Every known escape attempt, and what sees it.
    pub attempts: Vec<Attempt>,
    /// A file of rules for the attempts that were asked for.
    pub written: String,
    /// The words of conditions.
    pub words: Vec<Word>,
}

/// What Falco's loader does with a file of rules.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RulesFile {
    /// Index into the files of the report.
    pub file: u32,
    /// Whether Falco loads it; null when the file holds more than is looked at.
    pub loads: Option<bool>,
    /// Whether Falco gets as far as this file: it stops at the first with an error.
    pub reached: bool,
    /// The lowest version of Falco that reads it, such as `0.38`; `None` when every one of the last years does.
    pub falco: Option<String>,
    /// What needs that version: where it stands, and its label names it.
    pub needs: Option<Place>,
}

impl RulesFile {
    /// What becomes of it, as a sentence.
    pub fn loading(&self) -> String {
        let mut out = match (self.loads, self.reached) {
            (Some(false), _) => "Falco does not load it".to_owned(),
            (None, true) => "Whether Falco loads it is not known, because it holds more than is looked at".to_owned(),
            (Some(true), true) => "Falco loads it".to_owned(),
            (_, false) => "Falco does not get to it, because of a file before it".to_owned(),
        };
        if let Some(falco) = &self.falco {
            // A version, or words: "after 0.44".
            let (before, version, behind) = match falco.strip_prefix("after ") {
                Some(version) => ("; it needs a Falco newer than ", version, ""),
                None => ("; it needs Falco ", falco.as_str(), " or newer"),
            };
            out.extend([before, version, behind]);
            if let Some(needs) = &self.needs {
                out.push_str(&format!(", for {} in line {}", needs.label, needs.range.start_line));
            }
        }
        out.push('.');
        out
    }
}

/// A rule that is ready for events.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct LoadedRule {
    /// Its name.
    pub name: String,
    /// Its name in the file.
    pub place: Option<Place>,
}

/// What became of an event. Rules are indices into [`FalcoReport::rules`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TriedEvent {
    /// What it is, in a few words.
    pub title: String,
    /// Where it stands; `None` for the events of an attempt.
    pub place: Option<Place>,
    /// The rules that hold. Falco fires the first alone, unless it is set to `rule_matching: all`.
    pub fires: Vec<usize>,
    /// The rules that cannot be decided.
    pub open: Vec<OpenRule>,
    /// Names of rules that should have fired, as the event says, and did not.
    pub lacking: Vec<String>,
    /// Rules that fired and should not have.
    pub unexpected: Vec<usize>,
    /// Whether the event says which rules have to fire.
    pub is_test: bool,
}

/// A rule that cannot be decided.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct OpenRule {
    /// Index into [`FalcoReport::rules`].
    pub rule: usize,
    /// The fields that would decide it.
    pub needs: Vec<String>,
}

/// Why a rule fires on an event, or does not.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// Index into [`FalcoReport::events`].
    pub event: usize,
    /// Index into [`FalcoReport::rules`].
    pub rule: usize,
    /// Whether the condition holds.
    pub verdict: Truth,
    /// The fields that would decide it.
    pub needs: Vec<String>,
    /// Why the rule is not asked at all, as a sentence: the event's type or source is none of its. Empty when it is asked.
    pub passed_over: String,
    /// The parts of the condition, each before the parts it is made of.
    pub parts: Vec<ExplainedPart>,
}

/// A part of a condition.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ExplainedPart {
    /// How deep it stands: 0 for the whole condition.
    pub depth: u32,
    /// What it is: `all of`, `one of`, `not`, the name of a macro, or a comparison as Falco prints it.
    pub text: String,
    /// For a comparison: the value that was looked at, in quotes, or that there was none.
    pub saw: String,
    /// The constant of a list that matched; empty when there is none.
    pub matched: String,
    /// Whether it holds.
    pub verdict: Truth,
    /// Whether it is one of those that decided the whole, or left it open.
    pub decides: bool,
    /// Where it stands.
    pub place: Option<Place>,
}

/// An escape attempt, and what sees it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Attempt {
    /// Stable id.
    pub id: String,
    /// What happens.
    pub title: String,
    /// The technique of MITRE ATT&CK.
    pub attack: String,
    /// Ids of the ways of the escape map that it belongs to.
    pub ways: Vec<String>,
    /// The rules that hold for one of its events, as indices into [`FalcoReport::rules`].
    pub by: Vec<usize>,
    /// Those of them that hold for harmless work of the same look too, and so say little when they fire.
    pub noisy: Vec<usize>,
    /// The published stable rules that see it.
    pub stable: Vec<String>,
    /// Whether nothing tells it from harmless work.
    pub gap: bool,
    /// The rule of ours that would see it.
    pub rule: String,
}

/// A word of conditions.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Word {
    /// The word.
    pub name: String,
    /// What it is.
    pub kind: WordKind,
    /// A few words on it; may be empty.
    pub about: String,
}

/// What a word of conditions is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum WordKind {
    /// A field of events.
    Field,
    /// An operator, or `and`, `or`, `not`.
    Operator,
    /// Something that makes one value of another.
    Function,
    /// A macro of these rules, or one of the stable rules that would have to be added.
    Macro,
    /// A list of these rules.
    List,
    /// A type of event.
    Event,
}
