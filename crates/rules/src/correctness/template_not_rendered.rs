use watertight_diagnostic::{FileId, Finding, joined};
use watertight_pod::Problem as ObjectProblem;
use watertight_yaml::Problem;

use crate::Check;
use crate::reading::{of_object, of_text};
use crate::words::capital;

declare_rule! {
    /// ## What it finds
    /// A text with placeholders such as `{{ .Values.image }}`. What can be read around them is analysed. In Compose files and
    /// on command lines that is a variable, where it decides how far a container is held and has no default:
    /// `--privileged=$P`, `pid: ${MODE}`, or a `$OPTIONS` that may hold any option. In a workflow that is a patch that its
    /// pods get before they start, or a manifest that one of its steps creates.
    ///
    /// ## Why it matters
    /// Only the rendered text says what reaches the cluster: a placeholder can stand for a harmless value or for a
    /// dangerous one.
    ///
    /// ## What to do
    /// Render it first, for example with `helm template NAME CHART` or `docker compose config`, and paste the result.
    ///
    /// ## Bad
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers:
    ///     - name: web
    ///       image: {{ .Values.image }}
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers:
    ///     - name: web
    ///       image: example.com/web:1.0
    /// ```
    TEMPLATE_NOT_RENDERED = {
        id: "template-not-rendered",
        title: "Template that is not rendered",
        category: Correctness,
        severity: Medium,
        fixable: false,
        sources: [],
        check: Check::Reading,
    }
}

/// The finding for a problem of the text.
pub(crate) fn finding(problem: &Problem, file: FileId) -> Finding {
    of_text(
        &TEMPLATE_NOT_RENDERED.meta,
        problem,
        file,
        "Only the rendered text says what reaches the cluster, so the findings here are incomplete.",
        "Render the template, for example with helm template, and paste the result.",
    )
}

/// The finding for a setting that a variable decides, or a command; without a setting it may be any option.
pub(crate) fn of_variable(problem: &ObjectProblem, setting: &str, variables: &[String], file: FileId) -> Finding {
    let (source, are) = match variables {
        [] => ("the output of a command".to_owned(), "is"),
        [one] => (["the variable ", one].concat(), "is"),
        several => (["the variables ", &joined(several)].concat(), "are"),
    };
    let (what, why) = match setting {
        "" => (
            format!("{}, which {are} not here, may hold any option, such as --privileged.", capital(source)),
            "Options decide how far the container is held, so the findings here are incomplete.",
        ),
        setting => (
            format!("What {setting} says is in {source}, which {are} not here."),
            "It decides how far the container is held, so the findings here are incomplete.",
        ),
    };
    of_object(&TEMPLATE_NOT_RENDERED.meta, problem, file, what)
        .why(why)
        .how("Write out what it will hold, and look again.")
}

/// The finding for what a text decides that is not read here; `message` is the reading's own sentence.
pub(crate) fn of_elsewhere(problem: &ObjectProblem, message: &str, file: FileId) -> Finding {
    of_object(&TEMPLATE_NOT_RENDERED.meta, problem, file, message)
        .why("It decides how far a container is held, so the findings here are incomplete.")
        .how("Paste what comes of it, for example the pod that runs, or its own text.")
}
