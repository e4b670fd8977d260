use watertight_diagnostic::{Finding, Fix, Level, Operation, Safety};
use watertight_pod::Object;
use watertight_pss::namespace::{LabelProblem, LabelProblemKind, Policy};

use crate::{Check, FileSubject};

declare_rule! {
    /// ## What it finds
    /// A label of a Namespace for the Pod Security admission whose value is no level or no version, or whose name is
    /// none that the admission controller reads.
    ///
    /// ## Why it matters
    /// A misspelt label protects nothing: `enfore: restricted` is a label like any other. A wrong value has the
    /// namespace refused, or, where it already exists, read as something that nobody wrote.
    ///
    /// ## What to do
    /// The modes are enforce, audit and warn, the levels privileged, baseline and restricted, and a version is
    /// `latest` or `v1.` and a number.
    ///
    /// ## Bad
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop
    ///   labels:
    ///     pod-security.kubernetes.io/enforce: Restricted
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop
    ///   labels:
    ///     pod-security.kubernetes.io/enforce: restricted
    /// ```
    INVALID_PSS_LABEL = {
        id: "invalid-pss-label",
        title: "Pod Security label that does not hold",
        category: Correctness,
        severity: High,
        fixable: true,
        sources: [],
        check: Check::Objects(check),
    }
}

fn check(subject: &FileSubject<'_>, found: &mut Vec<Finding>) {
    for namespace in &subject.objects.namespaces {
        let Some(object) = subject.objects.objects.get(namespace.object) else { continue };
        for problem in Policy::read(&object.labels).problems {
            found.push(told(subject, object, &problem));
        }
    }
}

fn told(subject: &FileSubject<'_>, object: &Object, problem: &LabelProblem) -> Finding {
    let labels = object.route.keys("metadata.labels");
    let route = labels.key(problem.label.clone());
    let (what, how) = match problem.kind {
        LabelProblemKind::BadLevel(_) => (
            format!("\"{}\" is no level of the Pod Security Standards.", problem.value),
            "Write privileged, baseline or restricted, in small letters.",
        ),
        LabelProblemKind::BadVersion(_) => (
            format!("\"{}\" is no version that the label can hold.", problem.value),
            "Write latest, or v1. and a number, such as v1.34.",
        ),
        LabelProblemKind::UnknownLabel => (
            format!("There is no label {}.", problem.label),
            "The labels are enforce, audit and warn, each also with -version behind it.",
        ),
    };
    let span = match problem.kind {
        LabelProblemKind::UnknownLabel => problem.site.key.unwrap_or(problem.site.value),
        _ => problem.site.value,
    };
    let finding = Finding::new(&INVALID_PSS_LABEL.meta, subject.labelled(span, route.clone(), ""), what)
        .why(problem.effect())
        .how(how);
    let Some(value) = meant(problem) else { return finding };
    let fix = Fix {
        title: format!("Write {value}"),
        safety: Safety::NeedsReview,
        level: None,
        file: subject.file,
        operations: vec![Operation::set(route, value)],
        rewrites: Vec::new(),
    };
    finding.fix(fix)
}

/// The value that was meant, where only one comes close.
fn meant(problem: &LabelProblem) -> Option<String> {
    let value = problem.value.trim().to_ascii_lowercase();
    match problem.kind {
        LabelProblemKind::BadLevel(_) => {
            value.parse::<Level>().ok().filter(|level| *level != Level::Hardened).map(|level| level.to_string())
        }
        LabelProblemKind::BadVersion(_) => {
            let bare = value.trim_start_matches('v');
            let minor = bare.strip_prefix("1.")?.split('.').next()?.parse::<u32>().ok()?;
            Some(format!("v1.{minor}"))
        }
        LabelProblemKind::UnknownLabel => None,
    }
}

#[cfg(test)]
mod tests {
    use super::INVALID_PSS_LABEL as RULE;
    use crate::vectors::{fixed, pass, says};

    fn namespace(label: &str) -> String {
        format!(
            "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n  labels:\n    pod-security.kubernetes.io/{label}\n"
        )
    }

    #[test]
    fn vectors() {
        pass(&RULE, &namespace("enforce: restricted"));
        pass(&RULE, &namespace("warn-version: v1.34"));
        pass(&RULE, "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n");
        says(&RULE, &namespace("enforce: hardened"), "no level");
        says(&RULE, &namespace("enfore: restricted"), "no label");
        says(&RULE, &namespace("audit-version: v2"), "no version");
        fixed(&RULE, &namespace("enforce: Restricted"), &namespace("enforce: restricted"));
        fixed(&RULE, &namespace("enforce-version: \"1.30.2\""), &namespace("enforce-version: \"v1.30\""));
    }
}
