//! What is wrong with a command line itself.

use watertight_diagnostic::report::InputKind;
use watertight_diagnostic::{FileId, Finding, Fix, Location, Rewrite, Safety, Severity};
use watertight_pod::{Problem, ProblemKind};
use watertight_rules::reading;

use crate::source::{ObjectsByRoute, Source};

/// What was met while the command lines of a file were read.
pub(crate) fn of_lines(source: &Source<'_>) -> Vec<Finding> {
    let by_route = ObjectsByRoute::new(&source.objects.objects);
    let told =
        |problem: &Problem| Some(in_its_command(source, by_route.around(&problem.route), of_line(source, problem)?));
    source.objects.problems.iter().filter_map(told).collect()
}

/// A finding on a later line of a command names the line on which the command begins: a comment can stand only above that
/// one, because a backslash continues no comment.
pub(super) fn in_its_command(source: &Source<'_>, object: Option<usize>, finding: Finding) -> Finding {
    let Some(object) = object.and_then(|at| source.objects.objects.get(at)) else { return finding };
    let line = |span: watertight_text::Span| source.lines.line_of(span.start);
    let place = &finding.primary;
    if source.kind != InputKind::CommandLines || place.file != source.id || line(place.span) == line(object.head) {
        return finding;
    }
    let label = "the command begins here".to_owned();
    finding.related(Location { file: source.id, span: object.head, route: None, label })
}

fn of_line(source: &Source<'_>, problem: &Problem) -> Option<Finding> {
    let program = || {
        let object = source.objects.objects.iter().find(|object| object.route == problem.route);
        object.map_or("docker run", |object| object.kind.as_str())
    };
    Some(match &problem.kind {
        ProblemKind::UnknownField { name, meant } => {
            let what = format!("{} has no option called {name}.", program());
            let mut finding = of("unknown-field", problem, source.id, what)?
                .severity(Severity::Medium)
                .why("The command stops with an error, and nothing is started.");
            match meant {
                Some(meant) => {
                    finding.how = format!("Did you mean {meant}?").into();
                    finding.fixes.push(renamed(source, problem, meant));
                }
                None => finding.how = "Take it out, or look up how the option is called.".into(),
            }
            finding
        }
        ProblemKind::Missing { .. } => {
            of("missing-field", problem, source.id, "This command names no image.".to_owned())?
                .why("The command stops with an error, and nothing is started.")
                .how("Put the image behind the options.")
        }
        ProblemKind::BadValue { message } => of("invalid-value", problem, source.id, message.clone())?
            .why("The command stops with an error, or does something else than it seems.")
            .how("Change the value, or take the option out."),
        ProblemKind::Variable { .. } | ProblemKind::Elsewhere { .. } => reading::from_pod(problem, None, source.id),
        _ => return None,
    })
}

/// The finding of a rule at the place of a problem.
pub(super) fn of(rule: &str, problem: &Problem, file: FileId, what: String) -> Option<Finding> {
    let place = Location { file, span: problem.span, route: None, label: String::new() };
    Some(Finding::new(&watertight_rules::by_id(rule)?.meta, place, what))
}

fn renamed(source: &Source<'_>, problem: &Problem, meant: &str) -> Fix {
    let expect = problem.span.slice(source.input.text).to_owned();
    let rewrite = Rewrite { span: problem.span, expect, text: meant.to_owned() };
    Fix {
        title: ["Call it ", meant].concat(),
        // It begins to count now.
        safety: Safety::ChangesBehaviour,
        level: None,
        file: source.id,
        operations: Vec::new(),
        rewrites: vec![rewrite],
    }
}
