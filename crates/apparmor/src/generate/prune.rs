//! Takes out of a draft what says nothing, or what nobody should get without having asked for it.

use watertight_diagnostic::{FileId, Finding};
use watertight_text::LineIndex;

use super::LeftOut;
use super::profile::Draft;
use crate::lint::{Subject, findings};
use crate::resolve::resolve;
use crate::shipped::Shipped;

/// How often it is looked again. What is taken out makes others superfluous at most once.
const ROUNDS: usize = 6;

/// The text of the draft once that is gone. What was asked for and is gone is told.
pub(super) fn prune(draft: &mut Draft, left_out: &mut Vec<LeftOut>) -> String {
    for _ in 0..ROUNDS {
        let (text, lines) = draft.write();
        let gone = superfluous(&text, &lines, draft);
        if gone.is_empty() {
            return text;
        }
        for (section, rule, finding) in gone.into_iter().rev() {
            let Some(section) = draft.sections.get_mut(section) else { continue };
            if rule >= section.rules.len() {
                continue;
            }
            let line = section.rules.remove(rule);
            if line.own || matches!(finding.rule.id, "apparmor-way-out" | "apparmor-dead-allow") {
                left_out.push(LeftOut { what: line.rule, why: why(&finding) });
            }
        }
        draft.sections.retain(|section| !section.rules.is_empty());
    }
    draft.write().0
}

fn why(finding: &Finding) -> String {
    match finding.rule.id {
        "apparmor-shadowed-rule" => "Another rule says it already.".to_owned(),
        "apparmor-dead-allow" => {
            "A `deny` of this profile takes it away again. Choose another strictness, or write the profile by hand."
                .to_owned()
        }
        _ => finding.what.clone(),
    }
}

/// The rules that have to go, in the order of the text, each once.
fn superfluous(text: &str, lines: &[Option<(usize, usize)>], draft: &Draft) -> Vec<(usize, usize, Finding)> {
    let resolved = resolve(text, &Shipped);
    let index = LineIndex::new(text);
    let mut gone: Vec<(usize, usize, Finding)> = Vec::new();
    for finding in findings(&Subject { text, resolved: &resolved, file: FileId(0) }) {
        let line = index.line_of(finding.primary.span.start);
        let Some((section, rule)) = lines.get(line).copied().flatten() else { continue };
        let own = draft.sections.get(section).and_then(|section| section.rules.get(rule)).is_some_and(|line| line.own);
        // What leads out and is asked for by name stays: the finding tells it.
        if (own && finding.rule.id == "apparmor-way-out")
            || gone.iter().any(|known| (known.0, known.1) == (section, rule))
        {
            continue;
        }
        gone.push((section, rule, finding));
    }
    gone.sort_by_key(|&(section, rule, _)| (section, rule));
    // Of rules that make each other superfluous one has to stay: those that others rest on are looked at again.
    let mut seen = Vec::new();
    gone.retain(|(section, rule, finding)| {
        let rests_on = finding.related.iter().map(|place| index.line_of(place.span.start));
        let rests_on: Vec<_> = rests_on.filter_map(|line| lines.get(line).copied().flatten()).collect();
        let stays = finding.rule.id == "apparmor-shadowed-rule" && rests_on.iter().any(|at| seen.contains(at));
        seen.push((*section, *rule));
        !stays
    });
    gone
}
