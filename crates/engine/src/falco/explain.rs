//! Why a rule fires on an event, part by part, with the places of the parts.

use watertight_diagnostic::ask::escape::Truth;
use watertight_diagnostic::ask::falco::{ExplainedPart, Explanation};
use watertight_falco::evaluate::{Evaluator, Explained, ExplainedKind, Verdict};
use watertight_falco::events::Event;

use super::ask::Asked;

/// Explains a rule of the answer on an event.
pub(super) fn explanation(
    asked: &Asked<'_>,
    evaluator: &Evaluator,
    event: &Event<'_>,
    event_at: usize,
    rule: usize,
) -> Option<Explanation> {
    let index = *asked.order.get(rule)?;
    let whole = evaluator.explain(index, event)?;
    let mut parts = Vec::new();
    add(asked, &whole, 0, &mut parts);
    Some(Explanation {
        event: event_at,
        rule,
        verdict: truth(whole.verdict),
        needs: whole.missing().into_iter().map(str::to_owned).collect(),
        passed_over: passed_over(asked, index, event),
        parts,
    })
}

/// Adds a part and all below it. How deep this goes is limited by the depth of conditions.
fn add(asked: &Asked<'_>, part: &Explained, depth: u32, out: &mut Vec<ExplainedPart>) {
    let (mut saw, mut matched) = (String::new(), String::new());
    let text = match &part.kind {
        ExplainedKind::And => "all of".to_owned(),
        ExplainedKind::Or => "one of".to_owned(),
        ExplainedKind::Not => "not".to_owned(),
        ExplainedKind::Macro(name) => name.to_string(),
        ExplainedKind::Check(looked) => {
            saw = looked.saw();
            matched = looked.matched.as_ref().map(|(_, text)| text.clone()).unwrap_or_default();
            looked.text.clone()
        }
        ExplainedKind::Cut => "more, left out because there is so much of it".to_owned(),
    };
    let place = asked.loaded.set.texts.locate(part.place).and_then(|place| asked.place(place));
    out.push(ExplainedPart { depth, text, saw, matched, verdict: truth(part.verdict), decides: part.decides, place });
    part.parts.iter().for_each(|part| add(asked, part, depth + 1, out));
}

/// Falco looks at the rules of the event's source and type alone.
fn passed_over(asked: &Asked<'_>, index: usize, event: &Event<'_>) -> String {
    let set = &asked.loaded.set;
    let Some((rule, item)) = set.rules().find(|(rule, _)| rule.index == index) else { return String::new() };
    if item.source != event.origin() {
        let (ours, theirs) = (&item.source, event.origin());
        return format!("The rule is for events of the source {ours}, and this one comes from {theirs}.");
    }
    match event.text("evt.type") {
        Some(name) if !rule.event_types.contains(name) => {
            format!("The rule cannot hold for events of the type {name}, so Falco does not look at it for this one.")
        }
        _ => String::new(),
    }
}

fn truth(verdict: Verdict) -> Truth {
    match verdict {
        Verdict::True => Truth::Yes,
        Verdict::False => Truth::No,
        Verdict::Unknown => Truth::Unknown,
    }
}
