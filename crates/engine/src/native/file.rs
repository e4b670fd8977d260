//! What is wrong with a compose file or an OCI configuration itself.

use watertight_diagnostic::report::InputKind;
use watertight_diagnostic::{Finding, Severity};
use watertight_pod::{Problem, ProblemKind};
use watertight_rules::reading;

use super::run::of;
use crate::source::Source;

/// What was met while a compose file or an OCI configuration was read, its YAML or JSON included.
pub(crate) fn of_file(source: &Source<'_>) -> Vec<Finding> {
    let stream = &source.stream;
    let mut found: Vec<Finding> =
        stream.problems.iter().map(|problem| reading::from_yaml(problem, None, source.id)).collect();
    for document in &stream.documents {
        let said = document.problems.iter().map(|problem| reading::from_yaml(problem, Some(document), source.id));
        found.extend(said);
    }
    found.extend(source.objects.problems.iter().filter_map(|problem| of_field(source, problem)));
    found
}

fn of_field(source: &Source<'_>, problem: &Problem) -> Option<Finding> {
    let mut finding = match &problem.kind {
        ProblemKind::UnknownField { name, meant } => {
            let is_compose = source.kind == InputKind::Compose;
            let holder = match problem.route.steps.len() {
                _ if !is_compose => "An OCI configuration",
                0 | 1 => "A compose file",
                _ => "A service",
            };
            let finding = of("unknown-field", problem, source.id, format!("{holder} has no key called {name}."))?
                .severity(Severity::Medium)
                .why(match is_compose {
                    true => "Compose refuses the file, or leaves the key out.",
                    false => "Runtimes leave it out, and with it what it was meant to do.",
                });
            match meant {
                Some(meant) => finding.how(format!("Did you mean {meant}?")),
                None => finding.how("Take it out, or look up how the key is called."),
            }
        }
        ProblemKind::Missing { field } => of("missing-field", problem, source.id, format!("There is no {field}."))?
            .why("No container can be made of it.")
            .how("Put it in."),
        ProblemKind::WrongType { wanted, found } => {
            let what = format!("{} should be {wanted} and is {found}.", problem.route);
            of("wrong-type", problem, source.id, what)?
                .why("No container can be made of it, and what it says is unknown.")
                .how("Write it as it should be.")
        }
        ProblemKind::BadValue { message } => of("invalid-value", problem, source.id, message.clone())?
            .why("The file is refused, or does something else than it seems.")
            .how("Change the value, or put in what is missing."),
        ProblemKind::Variable { .. } | ProblemKind::Elsewhere { .. } => reading::from_pod(problem, None, source.id)
            .how("Write the value out, or paste what `docker compose config` prints where it is set."),
        _ => return None,
    };
    finding.primary.route = Some(problem.route.clone());
    Some(finding)
}
