use watertight_diagnostic::{Finding, Level, Operation, Safety, Severity};
use watertight_knowledge::capability::{self, Meant, Spelling};
use watertight_pod::Container;

use crate::hardening::capabilities_not_dropped;
use crate::subject::called_first;
use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// A name in `capabilities.drop` that is not spelt as Kubernetes wants it: with `CAP_` before it, in small
    /// letters, or no capability at all.
    ///
    /// ## Why it matters
    /// Container runtimes part here. containerd puts `CAP_` before every name, so that `CAP_NET_RAW` drops nothing;
    /// nobody knows `CAP_ALL`. The restricted standard accepts nothing but `ALL`, spelt so. What looks dropped may
    /// still be there.
    ///
    /// ## What to do
    /// Write the name in capitals and without `CAP_`.
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
    ///       image: example.com/web:1.0
    ///       securityContext:
    ///         capabilities:
    ///           drop: [CAP_ALL]
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
    ///       securityContext:
    ///         capabilities:
    ///           drop: [ALL]
    /// ```
    INEFFECTIVE_CAPABILITY_NAME = {
        id: "ineffective-capability-name",
        title: "Capability dropped under a wrong name",
        category: Correctness,
        severity: Medium,
        fixable: true,
        sources: [Pss "capabilities_restricted"],
        check: Check::Container(check),
    }
}

fn check(subject: &Subject<'_>, container: &Container, found: &mut Vec<Finding>) {
    let dropped = &container.security.capabilities_drop;
    if dropped.is_empty() || subject.is_exempt_for_windows() {
        return;
    }
    let route = container.route.keys("securityContext.capabilities.drop");
    let all_are_dropped = dropped.iter().any(|one| one.name == "ALL");
    for (index, one) in dropped.iter().enumerate() {
        let read = capability::read(&one.name);
        let proper = proper(&one.name, read);
        if proper.as_deref() == Some(&one.name) {
            continue;
        }
        let what = match &proper {
            Some(proper) => format!("{} drops \"{}\", which should be {proper}.", called_first(container), one.name),
            None => format!("{} drops \"{}\", and no capability is called so.", called_first(container), one.name),
        };
        let why = match read.meant {
            Meant::Unknown => "The container runtime ignores the name or refuses the container.",
            _ => read.spelling.fate(),
        };
        let mut finding =
            Finding::new(&INEFFECTIVE_CAPABILITY_NAME.meta, subject.place(one.site.value, route.index(index)), what)
                .why(why)
                .how("Write the name in capitals and without CAP_.")
                .in_container(&container.name);
        // With ALL beside it nothing is kept; in another case the runtimes understand it, and the standard alone does not.
        if all_are_dropped {
            finding = finding.severity(Severity::Info);
        } else if read.meant != Meant::Unknown && read.spelling == Spelling::OtherCase {
            finding = finding.severity(Severity::Low);
        }
        if let Some(proper) = proper.filter(|_| subject.is_whole(&route)) {
            let title = format!("Write {proper}");
            let operations = vec![Operation::set(route.index(index), proper)];
            finding = finding.fix(subject.fix(title, Safety::ChangesBehaviour, Level::Restricted, operations));
        }
        found.push(subject.asked_of_windows(finding));
    }
}

/// The name as Kubernetes wants it; `None` when no capability is meant.
fn proper(written: &str, read: capability::Written) -> Option<String> {
    match read.meant {
        Meant::All => Some("ALL".to_owned()),
        Meant::One(one) => Some(one.name.to_owned()),
        Meant::Unknown if capabilities_not_dropped::is_all(written) => Some("ALL".to_owned()),
        Meant::Unknown => None,
    }
}

#[cfg(test)]
mod tests {
    use super::INEFFECTIVE_CAPABILITY_NAME as RULE;
    use crate::vectors::{fixed, pass, says};

    #[test]
    fn vectors() {
        let with = |names: &str| {
            format!("spec: {{containers: [{{name: a, securityContext: {{capabilities: {{drop: [{names}]}}}}}}]}}")
        };
        pass(&RULE, &with("ALL, NET_RAW"));
        says(&RULE, &with("all"), "should be ALL");
        says(&RULE, &with("CAP_NET_RAW"), "should be NET_RAW");
        says(&RULE, &with("EVERYTHING"), "no capability");
        fixed(
            &RULE,
            "spec:\n  containers:\n    - name: a\n      securityContext:\n        capabilities:\n          drop:\n            - CAP_ALL # all of them\n",
            "spec:\n  containers:\n    - name: a\n      securityContext:\n        capabilities:\n          drop:\n            - ALL # all of them\n",
        );
    }
}
