//! Findings about the text itself: what was met while reading it. The engine reads and asks; the words are here.

use std::borrow::Cow;

use watertight_diagnostic::{FileId, Finding, Level, Location, Route, RuleMeta, Settings, Step};
use watertight_knowledge::cve::Cve;
use watertight_knowledge::host::{Stated, StatedFact, Unreadable};
use watertight_pod::{Object, Objects, Problem as ObjectProblem, ProblemKind as ObjectProblemKind};
use watertight_text::Span;
use watertight_yaml::{Document, Problem as TextProblem, ProblemKind as TextProblemKind, Stream};

use crate::correctness::{
    binary_input, doubtful_version, duplicate_key, duplicate_name, empty_field, field_too_new, hidden_line_break,
    invalid_value, lost_indentation as lost, malformed_suppression as malformed, missing_field,
    namespace_not_named as outside, not_kubernetes as foreign, template_not_rendered, too_large,
    unexplained_suppression as unexplained, unknown_field, unsupported_yaml, unused_suppression as unused, wrong_type,
    yaml_1_1_value, yaml_syntax,
};
use crate::hardening::known_node_bug;

/// Everything that was met while reading one file: problems of its text, problems of its objects, and values that other
/// readers take differently. `stream` and `objects` are what the readers gave.
pub fn all(stream: &Stream<'_>, objects: &Objects, file: FileId, settings: &Settings) -> Vec<Finding> {
    let mut found: Vec<Finding> = stream.problems.iter().map(|problem| from_yaml(problem, None, file)).collect();
    for document in &stream.documents {
        found.extend(document.problems.iter().map(|problem| from_yaml(problem, Some(document), file)));
    }
    for problem in objects.problems.iter().filter(|problem| problem.versions.has(settings.kube_version)) {
        let document = stream.documents.get(problem.route.document);
        found.push(from_pod(problem, document, file));
    }
    yaml_1_1(stream, objects, file, &mut found);
    found
}

/// The finding for a problem of the text; `document` is the one it stands in.
pub fn from_yaml(problem: &TextProblem, document: Option<&Document<'_>>, file: FileId) -> Finding {
    match problem.kind {
        TextProblemKind::Syntax => yaml_syntax::finding(problem, file),
        TextProblemKind::DuplicateKey => duplicate_key::finding(problem, document, file),
        TextProblemKind::UnknownAlias
        | TextProblemKind::RecursiveAlias
        | TextProblemKind::ExcessiveAliases
        | TextProblemKind::BadMerge
        | TextProblemKind::BadTag
        | TextProblemKind::BadKey
        | TextProblemKind::BadNumber
        | TextProblemKind::Refused
        | TextProblemKind::Ambiguous
        | TextProblemKind::Version => unsupported_yaml::finding(problem, file),
        TextProblemKind::HiddenLineBreak => hidden_line_break::finding(problem, document, file),
        TextProblemKind::Template => template_not_rendered::finding(problem, file),
        TextProblemKind::Limit => too_large::finding(problem, file),
        TextProblemKind::Binary => binary_input::finding(problem, file),
    }
}

/// The finding for a problem of an object; `document` is the one it stands in.
pub fn from_pod(problem: &ObjectProblem, document: Option<&Document<'_>>, file: FileId) -> Finding {
    match &problem.kind {
        ObjectProblemKind::WrongType { found: "null", .. } => empty_field::finding(problem, file),
        ObjectProblemKind::WrongType { wanted, found } => {
            let node = document.and_then(|document| document.at(&problem.route));
            wrong_type::finding(problem, (wanted, found), node, file)
        }
        ObjectProblemKind::UnknownField { meant, .. } => {
            unknown_field::finding(problem, meant.as_deref(), document, file)
        }
        ObjectProblemKind::Missing { field } => missing_field::finding(problem, field, file),
        ObjectProblemKind::DuplicateName { name } => duplicate_name::finding(problem, name, file),
        ObjectProblemKind::TooNew { field, since, otherwise } => {
            field_too_new::finding(problem, (field, *since), otherwise, file)
        }
        ObjectProblemKind::Variable { setting, variables } => {
            template_not_rendered::of_variable(problem, setting, variables, file)
        }
        ObjectProblemKind::Elsewhere { message } => template_not_rendered::of_elsewhere(problem, message, file),
        ObjectProblemKind::TooMuch { message } => too_large::of_objects(problem, message, file),
        ObjectProblemKind::BadValue { message } => invalid_value::finding(problem, message, file),
    }
}

/// Values of security fields that Kubernetes reads by YAML 1.1 and other readers differently.
pub fn yaml_1_1(stream: &Stream<'_>, objects: &Objects, file: FileId, found: &mut Vec<Finding>) {
    yaml_1_1_value::findings(stream, objects, file, found);
}

/// The finding for what stands in the place of a version and is none.
pub fn unreadable_version(found: &Unreadable<'_>, file: FileId) -> Finding {
    doubtful_version::unreadable(found, file)
}

/// The finding for versions of one component that contradict each other; `None` for fewer than two.
pub fn disputed_versions(stated: &[Stated<'_>]) -> Option<Finding> {
    doubtful_version::disputed(stated)
}

/// The finding for what is said of a node in several ways; `None` for fewer than two.
pub fn contradicted_facts(stated: &[StatedFact]) -> Option<Finding> {
    doubtful_version::contradicted(stated)
}

/// The finding for a version, called `name`, that has these bugs for certain; `None` when there are none.
pub fn known_bugs(name: &str, stated: &Stated<'_>, bugs: &[&Cve], file: FileId) -> Option<Finding> {
    known_node_bug::finding(name, stated, bugs, file)
}

/// The finding for a text that has lost its indentation; `span` is the first line that stands too far left.
pub fn lost_indentation(span: Span, file: FileId) -> Finding {
    lost::finding(span, file)
}

/// The finding for a text that is no Kubernetes object but seems to be `what` (with its article). `instead` is the
/// sentence that says what to paste; it may be empty.
pub fn not_kubernetes(what: &str, instead: &'static str, span: Span, file: FileId) -> Finding {
    foreign::finding(what, instead, span, file)
}

/// The finding for a pod or workload that names no namespace, while namespaces of the input enforce a standard: `guarded`
/// are those, with their levels.
pub fn namespace_not_named(object: &Object, guarded: &[(&str, Level)], file: FileId) -> Finding {
    outside::finding(object, guarded, file)
}

/// The finding for a request to leave out `rule`, of the rules called `known`, that left out nothing; `span` is where the
/// rule is named.
pub fn unused_suppression(rule: &str, known: &[&str], span: Span, file: FileId) -> Finding {
    unused::finding(rule, known, span, file)
}

/// The finding for a request to leave out `rule` at one of several containers that its finding is about.
pub fn partial_suppression(rule: &str, span: Span, file: FileId) -> Finding {
    unused::partial(rule, span, file)
}

/// The finding for a request to leave out `rule` that gives no reason; `span` is where the rule is named.
pub fn unexplained_suppression(rule: &str, span: Span, file: FileId) -> Finding {
    unexplained::finding(rule, span, file)
}

/// The finding for a comment that begins as a request to leave something out and cannot be understood.
pub fn malformed_suppression(span: Span, file: FileId) -> Finding {
    malformed::finding(span, file)
}

/// A finding about the text. The reader's message says what is wrong and, behind its first sentence, what to do; `how`
/// stands in where it says only the first.
pub(crate) fn of_text(
    rule: &'static RuleMeta,
    problem: &TextProblem,
    file: FileId,
    why: &'static str,
    how: &'static str,
) -> Finding {
    let place = |span: Span| Location { file, span, route: None, label: String::new() };
    let (what, advice) = match first_sentence(&problem.message) {
        Some((what, advice)) if !advice.trim().is_empty() => (format!("{what}."), advice.trim().to_owned().into()),
        _ => (problem.message.clone(), Cow::Borrowed(how)),
    };
    let finding = Finding::new(rule, place(problem.span), what).why(why).how(advice);
    match problem.related {
        Some(span) => finding.related(place(span)),
        None => finding,
    }
}

/// The first sentence without its full stop, and the rest. A full stop within quoted text ends no sentence.
pub(crate) fn first_sentence(message: &str) -> Option<(&str, &str)> {
    let ends = message
        .match_indices(". ")
        .filter_map(|(at, stop)| Some((message.get(..at)?, message.get(at + stop.len()..)?)));
    ends.into_iter().find(|(_, rest)| rest.starts_with(|c: char| c.is_uppercase() || c == '`'))
}

/// A finding about an object.
pub(crate) fn of_object(
    rule: &'static RuleMeta,
    problem: &ObjectProblem,
    file: FileId,
    what: impl Into<String>,
) -> Finding {
    let place = Location { file, span: problem.span, route: Some(problem.route.clone()), label: String::new() };
    Finding::new(rule, place, what)
}

/// What the last step of a route is called: the key, or the list with the place in it.
pub(crate) fn field_name(route: &Route) -> String {
    match &*route.steps {
        [.., Step::Key(list), Step::Index(index)] => format!("{list}[{index}]"),
        [.., Step::Key(key)] => key.to_string(),
        _ => "the document".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use watertight_diagnostic::{FileId, Operation, Settings};
    use watertight_yaml::edit;

    use super::all;

    /// Rule, underlined text and severity of everything that reading `text` finds.
    fn found(text: &str) -> Vec<(&'static str, &str, &'static str)> {
        let stream = watertight_yaml::parse(text);
        let objects = watertight_pod::read(&stream);
        let findings = all(&stream, &objects, FileId(0), &Settings::default());
        for finding in &findings {
            for sentence in [&*finding.what, &*finding.why, &*finding.how] {
                assert!(sentence.ends_with(['.', '?']) && !sentence.contains(".."), "no sentence: {sentence:?}");
            }
        }
        findings.iter().map(|f| (f.rule.id, f.primary.span.slice(text), f.severity.word())).collect()
    }

    fn mended(text: &str) -> String {
        let stream = watertight_yaml::parse(text);
        let objects = watertight_pod::read(&stream);
        let operations: Vec<Operation> = all(&stream, &objects, FileId(0), &Settings::default())
            .into_iter()
            .filter_map(|finding| finding.fixes.into_iter().next())
            .flat_map(|fix| fix.operations)
            .collect();
        let plan = edit::plan(&stream, &operations);
        assert!(plan.refused.is_empty(), "{:?}", plan.refused);
        watertight_text::apply(text, &plan.edits).unwrap()
    }

    fn pod(spec: &str) -> String {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\nspec:\n{spec}  containers:\n    - name: a\n      image: a\n"
        )
    }

    #[test]
    fn a_sentence_does_not_end_within_what_it_quotes() {
        for (message, expected) in [
            ("One. Two. Three.", Some(("One", "Two. Three."))),
            (
                "`{{ include \"a.b\" . }}` is a template. Render it.",
                Some(("`{{ include \"a.b\" . }}` is a template", "Render it.")),
            ),
            ("`a` stands twice. `b` too.", Some(("`a` stands twice", "`b` too."))),
            ("One.", None),
        ] {
            assert_eq!(super::first_sentence(message), expected);
        }
    }

    #[test]
    fn each_kind_of_problem_has_its_rule() {
        for (spec, expected) in [
            ("", vec![]),
            ("  hostPID: no\n", vec![("yaml-1-1-value", "no", "info")]),
            ("  hostPID: true\n  hostPID: false\n", vec![("duplicate-key", "hostPID", "medium")]),
            ("  hostPid: true\n", vec![("unknown-field", "hostPid", "medium")]),
            ("  securitycontext: {}\n", vec![("unknown-field", "securitycontext", "high")]),
            ("  whatever: 1\n", vec![("unknown-field", "whatever", "low")]),
            ("  hostPID: 'true'\n", vec![("wrong-type", "'true'", "medium")]),
            ("  securityContext:\n", vec![("empty-field", "securityContext", "low")]),
            ("  initContainers: [{image: a}]\n", vec![("missing-field", "image", "medium")]),
            ("  initContainers: [{name: a, image: a}]\n", vec![("duplicate-name", "a", "medium")]),
            ("  volumes: *x\n", vec![("unsupported-yaml", "*x", "high")]),
        ] {
            let text = pod(spec);
            let all = found(&text);
            for one in &expected {
                assert!(all.contains(one), "{spec}: {all:?}");
            }
            assert_eq!(all.len(), expected.len(), "{spec}: {all:?}");
        }
        assert_eq!(found("a: [\n")[0].0, "yaml-syntax");
        assert_eq!(found(&[pod(""), pod("")].join("...\n")), [("unsupported-yaml", "apiVersion:", "high")]);
        assert_eq!(found("--- {apiVersion: v1, kind: Secret}\n")[0], ("unsupported-yaml", "---", "high"));
        assert_eq!(found("kind: {{ .x }}\n")[0].0, "template-not-rendered");
        assert_eq!(found("a\0b")[0].0, "binary-input");
    }

    #[test]
    fn misspelt_fields_are_renamed_and_moved() {
        for (before, after) in [
            ("  hostPid: true\n", "  hostPID: true\n"),
            ("  hostNetwork: 'false'\n", "  hostNetwork: false\n"),
            ("  runAsNonRoot: true\n", "  securityContext:\n    runAsNonRoot: true\n"),
        ] {
            let expected = watertight_pod::read(&watertight_yaml::parse(&pod(after)));
            let text = mended(&pod(before));
            let stream = watertight_yaml::parse(&text);
            let objects = watertight_pod::read(&stream);
            assert!(objects.problems.is_empty(), "{text}");
            let summary = |objects: &watertight_pod::Objects| {
                let pod = &objects.pods[0];
                (
                    pod.host_pid.get().copied(),
                    pod.host_network.get().copied(),
                    pod.security.run_as_non_root.get().copied(),
                )
            };
            assert_eq!(summary(&objects), summary(&expected), "{text}");
        }
        // A field of containers, written on the pod, was meant for all of them.
        let text = mended(&pod("  securityContext:\n    allowPrivilegeEscalation: false\n"));
        let objects = watertight_pod::read(&watertight_yaml::parse(&text));
        assert!(objects.pods[0].containers[0].security.allow_privilege_escalation.is_false(), "{text}");
        // The right one is there already: nothing is guessed.
        let both = pod("  hostPid: true\n  hostPID: false\n");
        assert_eq!(mended(&both), both);
    }
}
