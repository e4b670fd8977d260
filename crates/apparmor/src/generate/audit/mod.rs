//! Lines of the audit log: what AppArmor refused, and the rule that would let it through.

mod event;
mod operation;

use watertight_text::Span;

pub use event::{Event, Said, read};
pub use operation::operation;

use super::needs::given;
use super::rule::{letters, rule_for};
use crate::decide::Operation;
use crate::tree::Perms;

/// Different rules that are taken from one log; a program that needs more is better learnt in complain mode, step by step.
pub const MOST: usize = 1_000;

/// Whether a line is one of AppArmor's in some log.
pub fn is_one(line: &str) -> bool {
    line.contains("apparmor=\"") || line.contains("apparmor=\\\"")
}

/// A rule that something seen in the log needs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proposed {
    /// The profile that needs it, by its full name.
    pub profile: String,
    /// The rule, with its comma.
    pub text: String,
    /// What was asked for.
    pub operation: Operation,
    /// Whether it was about files of the task's own user only.
    pub owner: bool,
    /// The first line that shows it.
    pub span: Span,
    /// How many lines show it.
    pub count: usize,
    /// What there is to know before it is added.
    pub notes: Vec<String>,
}

/// The rule that one event needs; `None` when no rule would help.
pub fn rule(event: &Event) -> Option<Proposed> {
    if event.said == Said::Other {
        return None;
    }
    let operation = operation(event)?;
    let owner = event.is_owners() && matches!(operation, Operation::File { .. } | Operation::Exec { .. });
    let text = rule_for(&operation, owner)?;
    let profile = event.get("profile").or_else(|| event.get("label")).unwrap_or_default().to_owned();
    let notes = notes(event, &operation);
    Some(Proposed { profile, text, operation, owner, span: Span::default(), count: 1, notes })
}

/// The rules that a log asks for, those for one file joined, up to [`MOST`]; and lines of AppArmor's that are cut off.
pub fn rules(log: &str) -> (Vec<Proposed>, Vec<Span>) {
    let (mut rules, mut broken) = (Vec::<Proposed>::new(), Vec::new());
    let mut at = 0;
    for line in log.split_inclusive('\n') {
        let span = Span::new(at, at + line.trim_end().len());
        at += line.len();
        if !is_one(line) {
            continue;
        }
        let Some(event) = read(line) else {
            broken.push(span);
            continue;
        };
        let Some(mut found) = rule(&event) else { continue };
        found.span = span;
        if let Some(known) = rules.iter_mut().find(|known| joins(known, &found)) {
            join(known, found);
            continue;
        }
        // What the log holds may be no name that a rule can have.
        if rules.len() < MOST && given(&found.text).is_ok() {
            rules.push(found);
        }
    }
    (rules, broken)
}

fn joins(known: &Proposed, found: &Proposed) -> bool {
    if known.profile != found.profile || known.owner != found.owner {
        return false;
    }
    let same_file = || match (&known.operation, &found.operation) {
        (Operation::File { .. } | Operation::Exec { .. }, Operation::File { .. } | Operation::Exec { .. }) => {
            pattern_of(&known.text) == pattern_of(&found.text)
        }
        _ => false,
    };
    known.text == found.text || same_file()
}

/// What stands before the letters of a rule about a file.
fn pattern_of(rule: &str) -> &str {
    rule.rsplit_once(' ').map_or(rule, |(pattern, _)| pattern)
}

fn join(known: &mut Proposed, found: Proposed) {
    known.count += 1;
    for note in found.notes {
        if !known.notes.contains(&note) {
            known.notes.push(note);
        }
    }
    if known.text == found.text {
        return;
    }
    let of = |operation: &Operation| match operation {
        Operation::File { perms, .. } => *perms,
        Operation::Exec { .. } => Perms(Perms::READ.0 | Perms::EXEC.0 | Perms::MAP.0),
        _ => Perms::NONE,
    };
    let both = of(&known.operation).with(of(&found.operation));
    if let Operation::File { path, owner, .. } | Operation::Exec { path, owner } = known.operation.clone() {
        known.text = [pattern_of(&known.text), " ", &letters(both), ","].concat();
        known.operation = Operation::File { path, perms: both, owner };
    }
}

/// What there is to know before a rule is added.
fn notes(event: &Event, operation: &Operation) -> Vec<String> {
    let mut notes = Vec::new();
    let info = event.get("info").unwrap_or_default();
    if info.contains("disconnected path") {
        notes.push(
            "The file was opened outside of the container, so its path has no beginning: give the profile the flag \
             `attach_disconnected`."
                .to_owned(),
        );
    }
    if info.contains("no new privs") {
        notes.push(
            "The container has no_new_privs (`allowPrivilegeEscalation: false`): the program may not change its \
             profile, and no rule helps against that. Start it under the same profile (`ix`)."
                .to_owned(),
        );
    }
    if info.contains("profile transition not found") || info.contains("profile not found") {
        notes.push("The profile that a rule sends the program to is not loaded on the node.".to_owned());
    }
    if let Operation::Capability(name) = operation {
        let known = watertight_knowledge::capability::by_name(&name.to_ascii_uppercase());
        if let Some(known) = known.filter(|known| known.danger >= watertight_knowledge::capability::Danger::High) {
            notes.push(["With this capability it ", known.opens, ". Does the program need that?"].concat());
        }
    }
    if *operation == Operation::Userns {
        notes
            .push("Only a parser of version 4 or newer knows this rule, with `abi <abi/4.0>,` in the file.".to_owned());
    }
    notes
}

#[cfg(test)]
mod tests;
