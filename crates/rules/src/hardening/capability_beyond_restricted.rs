use watertight_diagnostic::{Finding, Level, Operation, Safety, joined};
use watertight_knowledge::capability::{self, Meant, Spelling};
use watertight_pod::Container;

use crate::capabilities::PARENTS;
use crate::subject::called_first;
use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// A container that adds capabilities which the container runtimes give by habit and the baseline standard admits,
    /// such as `CHOWN` or `SETUID`. The restricted standard admits none but `NET_BIND_SERVICE`.
    ///
    /// ## Why it matters
    /// Each is a piece of root's power that a service seldom needs after it has started: taking on another user,
    /// passing over file permissions, making device files.
    ///
    /// ## What to do
    /// Find out what asks for it. Most often it is a start script that changes owners or users. Give the files to the
    /// right user when the image is built, set `fsGroup` for volumes, and start as that user at once.
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
    ///           drop: [ALL]
    ///           add: [CHOWN]
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
    ///           add: [NET_BIND_SERVICE]
    /// ```
    CAPABILITY_BEYOND_RESTRICTED = {
        id: "capability-beyond-restricted",
        title: "Capability beyond restricted",
        category: Hardening,
        severity: Low,
        fixable: true,
        sources: [
            Pss "capabilities_restricted", Cis "5.2.9", Kubescape "C-0200", Trivy "KSV-0022", Trivy "KSV-0106",
            Checkov "CKV_K8S_25", Kubeaudit "CapabilityAdded", Kics "19ebaa28", Kyverno "disallow-capabilities-strict",
            Gatekeeper "K8sPSPCapabilities", Datree "82", Monokle "PSS206",
        ],
        check: Check::Container(check),
    }
}

fn check(subject: &Subject<'_>, container: &Container, found: &mut Vec<Finding>) {
    // What baseline refuses is told by the rules about ways out.
    let added: Vec<_> = container
        .security
        .capabilities_add
        .iter()
        .enumerate()
        .filter_map(|(index, added)| match capability::read(&added.name) {
            written if written.spelling != Spelling::Plain => None,
            written => match written.meant {
                Meant::One(one) if one.baseline && one.name != "NET_BIND_SERVICE" => Some((index, added, one)),
                _ => None,
            },
        })
        .collect();
    let Some((first_index, first, _)) = added.first() else { return };
    let route = container.route.keys("securityContext.capabilities.add");
    let names: Vec<&str> = added.iter().map(|(_, added, _)| added.name.as_str()).collect();
    let opens: Vec<String> = added.iter().map(|(_, _, one)| format!("With {} it {}.", one.name, one.opens)).collect();
    let mut finding = Finding::new(
        &CAPABILITY_BEYOND_RESTRICTED.meta,
        subject.place(first.site.value, route.index(*first_index)),
        format!("{} adds {}.", called_first(container), joined(&names)),
    )
    .why(opens.join(" "))
    .how("Remove what the program does not need once it has started.")
    .in_container(&container.name);
    for (index, added, _) in added.iter().skip(1) {
        finding = finding.related(subject.place(added.site.value, route.index(*index)));
    }
    if subject.is_whole(&route) {
        let operations =
            added.iter().map(|(index, _, _)| Operation::remove_with(route.index(*index), PARENTS)).collect();
        let title = format!("Do not add {}", joined(&names));
        finding = finding.fix(subject.fix(title, Safety::ChangesBehaviour, Level::Restricted, operations));
    }
    found.push(subject.linux_only(subject.beside_privileged(container, finding)));
}

#[cfg(test)]
mod tests {
    use super::CAPABILITY_BEYOND_RESTRICTED as RULE;
    use crate::vectors::{fixed, pass, says};

    #[test]
    fn vectors() {
        pass(&RULE, "spec: {containers: [{name: a, securityContext: {capabilities: {add: [NET_BIND_SERVICE]}}}]}");
        // Told by the rules for what baseline refuses.
        pass(&RULE, "spec: {containers: [{name: a, securityContext: {capabilities: {add: [ALL, WHAT, CAP_KILL]}}}]}");
        says(
            &RULE,
            "spec: {containers: [{name: a, securityContext: {capabilities: {add: [CHOWN, SYS_ADMIN, KILL]}}}]}",
            "CHOWN and KILL",
        );
        fixed(
            &RULE,
            "spec:\n  containers:\n    - name: a\n      securityContext:\n        capabilities:\n          add:\n            - CHOWN\n            - NET_BIND_SERVICE\n            - SETUID\n",
            "spec:\n  containers:\n    - name: a\n      securityContext:\n        capabilities:\n          add:\n            - NET_BIND_SERVICE\n",
        );
    }
}
