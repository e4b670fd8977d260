//! Containers that are not written as Kubernetes objects: the same rules look at them, and here their findings are put
//! into the words and the syntax of command lines, compose files and OCI configurations.
//!
//! What makes sense in Kubernetes only is left out: [`words::ROWS`] names every rule that speaks, and a list beside it every
//! rule that does not.

mod file;
mod run;
#[cfg(test)]
mod tests;
mod words;

use watertight_diagnostic::{Confidence, Finding, Fix, Operation, Rewrite, Safety};
use watertight_pod::run::is_continuation;
use watertight_pod::wish::{self, Wish};
use watertight_pod::{Pod, Syntax, compose, oci};
use watertight_text::{Span, few};

pub(crate) use file::of_file;
pub(crate) use run::of_lines;

use crate::findings::Found;
use crate::source::Source;

/// Findings of rules in the words of the file they are about; what has nothing to say there is left out.
pub(crate) fn translated(source: &Source<'_>, found: Vec<Found>) -> Vec<Found> {
    if source.is_kubernetes() {
        return found;
    }
    let translate = |found: Found| {
        let pod = source.objects.pods.get(found.pod?)?;
        let finding = run::in_its_command(source, found.object, told(source, pod, found.finding)?);
        Some(Found { finding, ..found })
    };
    found.into_iter().filter_map(translate).collect()
}

/// A finding about a pod in the words of its syntax; `None` when it has nothing to say there.
fn told(source: &Source<'_>, pod: &Pod, mut finding: Finding) -> Option<Finding> {
    let row = words::row_of(finding.rule.id)?;
    let (how, why) = words::sayings(row, pod.syntax)?;
    finding.how = how.into();
    if !why.is_empty() {
        finding.why = why.into();
    }
    finding.what = words::of_engines(&finding.what);
    finding.why = words::of_engines(&finding.why).into();
    for location in &mut finding.related {
        location.label = words::of_engines(&location.label);
    }
    let fixes = std::mem::take(&mut finding.fixes);
    for fix in fixes.iter().filter_map(|fix| native(source, pod, fix, row)) {
        // Where there are two ways for a pod, such as a volume emptied or taken out, there may be one here.
        let is_new = |other: &Fix| other.operations != fix.operations || other.rewrites != fix.rewrites;
        if finding.fixes.iter().all(is_new) {
            few::push(&mut finding.fixes, fix);
        }
    }
    rest_on_defaults(pod, &mut finding);
    let statements = &pod.engine.statements;
    for location in std::iter::once(&mut finding.primary).chain(&mut finding.related) {
        let stands = statements.within(location.span).cloned();
        location.route = stands.or_else(|| (!statements.is_empty()).then(|| pod.route.clone()));
    }
    Some(finding)
}

/// Says so where a finding holds only as long as nobody sets a variable.
fn rest_on_defaults(pod: &Pod, finding: &mut Finding) {
    let places: Vec<Span> = std::iter::once(&finding.primary).chain(&finding.related).map(|place| place.span).collect();
    let meets = |span: Span| places.iter().any(|place| place.contains(span) || span.contains(*place));
    let Some((_, variables)) = pod.engine.defaults.iter().find(|(span, _)| meets(*span)) else { return };
    finding.confidence = finding.confidence.min(Confidence::Likely);
    let said = match variables.as_slice() {
        [one] => {
            [" This is the default of the variable ", one, ", which whoever starts it may set otherwise."].concat()
        }
        _ => " These are the defaults of variables, which whoever starts it may set otherwise.".to_owned(),
    };
    finding.why.to_mut().push_str(&said);
}

/// The fix in the syntax of the pod; `None` when it cannot be said there.
fn native(source: &Source<'_>, pod: &Pod, fix: &Fix, row: &words::Row) -> Option<Fix> {
    let wishes = wish::wishes(pod, &fix.operations)?;
    let (operations, rewrites) = carried_out(source, pod, &wishes)?;
    let is_nothing = |rewrite: &Rewrite| rewrite.text == rewrite.expect;
    if operations.is_empty() && rewrites.iter().all(is_nothing) {
        return None;
    }
    let title = title(fix, row, &wishes, &rewrites, source);
    // A fixed number is more than the promise not to be root.
    let is_user = |wish: &Wish| matches!(wish, Wish::User(_));
    let safety = if wishes.iter().any(is_user) { Safety::NeedsReview } else { fix.safety };
    Some(Fix { title, safety, level: fix.level, file: fix.file, operations, rewrites })
}

/// What wishes come to in the syntax of a pod: operations, or rewrites of a text that has no tree.
pub(crate) fn carried_out(source: &Source<'_>, pod: &Pod, wishes: &[Wish]) -> Option<(Vec<Operation>, Vec<Rewrite>)> {
    let text = source.input.text;
    Some(match pod.syntax {
        Syntax::Run(_) => (Vec::new(), watertight_pod::run::rewrites(text, pod, wishes)?),
        Syntax::Compose => match compose::operations(pod, wishes) {
            Some(operations) => (operations, Vec::new()),
            None => (Vec::new(), compose::rewrites(text, wishes)?),
        },
        Syntax::Oci => {
            let document = source.stream.documents.get(pod.route.document)?;
            (oci::operations(document, pod, wishes)?, Vec::new())
        }
        Syntax::Kubernetes => return None,
    })
}

/// What the fix does: by its statements where the words for pods would mislead.
fn title(fix: &Fix, row: &words::Row, wishes: &[Wish], rewrites: &[Rewrite], source: &Source<'_>) -> String {
    if let [Wish::Without(site)] = wishes
        && row.names_statement
    {
        let statement = site.whole().slice(source.input.text).split_whitespace();
        return ["Take out ", &statement.collect::<Vec<_>>().join(" ")].concat();
    }
    match wishes {
        [Wish::Limit(..), ..] if !rewrites.is_empty() => {
            let words = rewrites.iter().flat_map(|rewrite| rewrite.text.split_whitespace());
            let limits: Vec<_> = words.filter(|word| !is_continuation(word)).collect();
            format!("Put in {}, with what the program really needs", limits.join(" "))
        }
        [Wish::User(user)] => format!("Run as user {user}; the files it needs must be open to that user"),
        _ => words::of_engines(&fix.title),
    }
}
