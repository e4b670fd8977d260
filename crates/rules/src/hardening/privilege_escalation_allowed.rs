use watertight_diagnostic::{Finding, Level, Operation, Safety, Severity};
use watertight_pod::Container;

use crate::subject::called_first;
use crate::{Check, Subject, inherit};

declare_rule! {
    /// ## What it finds
    /// A container without `allowPrivilegeEscalation: false`. The field exists only on containers; a pod cannot set it
    /// for all of them, and a container that says nothing may escalate.
    ///
    /// ## Why it matters
    /// A process may then become more than it was started as: a setuid program such as `su`, or one with file
    /// capabilities, gives it root and capabilities of the container. With `false` the kernel's `no_new_privs` switch
    /// is on for good, for the process and all its children.
    ///
    /// ## What to do
    /// Set it to `false` in every container, init and ephemeral ones included. Programs that rely on `sudo` or `ping`
    /// with a setuid bit stop working; most services never need either. The API server refuses it beside
    /// `privileged: true`, so that has to go first.
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
    ///         allowPrivilegeEscalation: false
    /// ```
    PRIVILEGE_ESCALATION_ALLOWED = {
        id: "privilege-escalation-allowed",
        title: "Privilege escalation allowed",
        category: Hardening,
        severity: Medium,
        fixable: true,
        sources: [
            Pss "allowPrivilegeEscalation", Cis "5.2.6", Nsa "1.7", Attack "T1548.001", Kubescape "C-0016",
            Kubescape "C-0197", Trivy "KSV-0001", Checkov "CKV_K8S_20", Kubesec "AllowPrivilegeEscalation",
            KubeLinter "privilege-escalation-container", Polaris "privilegeEscalationAllowed", Kubeaudit "privesc",
            Kics "5572cc5e", Kyverno "disallow-privilege-escalation",
            Gatekeeper "K8sPSPAllowPrivilegeEscalationContainer", Datree "47", Monokle "PSS202",
        ],
        check: Check::Container(check),
    }
}

fn check(subject: &Subject<'_>, container: &Container, found: &mut Vec<Finding>) {
    let field = &container.security.allow_privilege_escalation;
    let route = container.route.keys("securityContext.allowPrivilegeEscalation");
    if field.is_false() || field.is_unreadable() || subject.is_exempt_for_windows() {
        return;
    }
    let span = field.site().map_or_else(|| inherit::container_head(container), |site| site.whole());
    let name = called_first(container);
    let mut finding = Finding::new(
        &PRIVILEGE_ESCALATION_ALLOWED.meta,
        subject.place(span, route.clone()),
        if field.is_true() {
            format!("{name} allows privilege escalation.")
        } else {
            format!("{name} does not forbid privilege escalation, so it is allowed.")
        },
    )
    .why("A setuid program inside can give the process root and capabilities that it was not started with.")
    .in_container(&container.name);
    // Who has all privileges gains little by it.
    if container.security.privileged.is_true() {
        finding = finding.severity(Severity::Low);
    }
    if inherit::must_allow_escalation(container) {
        found.push(
            finding
                .severity(Severity::Low)
                .how("Drop the container's full privileges first; beside them the API server refuses to forbid this."),
        );
        return;
    }
    finding = finding.how("Set allowPrivilegeEscalation to false on this container; the pod cannot do it for all.");
    let fix = subject.fix(
        "Forbid privilege escalation",
        Safety::ChangesBehaviour,
        Level::Restricted,
        vec![Operation::set(route, false)],
    );
    found.push(subject.asked_of_windows(finding.fix(fix)));
}

#[cfg(test)]
mod tests {
    use super::PRIVILEGE_ESCALATION_ALLOWED as RULE;
    use crate::vectors::{fail, fixed, pass};

    #[test]
    fn vectors() {
        pass(&RULE, "spec: {containers: [{name: a, securityContext: {allowPrivilegeEscalation: false}}]}");
        pass(&RULE, "spec: {os: {name: windows}, containers: [{name: a}]}");
        pass(&RULE, "spec: {containers: [{name: a, securityContext: [broken]}]}");
        fail(&RULE, "spec: {containers: [{name: a}]}");
        fail(&RULE, "spec: {containers: [{name: a, securityContext: {allowPrivilegeEscalation: yes}}]}");
        fail(&RULE, "spec: {containers: [{name: a, securityContext: {allowPrivilegeEscalation: null}}]}");
        fail(&RULE, "spec: {ephemeralContainers: [{name: a}]}");
        fixed(
            &RULE,
            "spec:\n  containers:\n    - name: a\n",
            "spec:\n  containers:\n    - name: a\n      securityContext:\n        allowPrivilegeEscalation: false\n",
        );
        // Refused by the API server beside full privileges: nothing is offered.
        fixed(
            &RULE,
            "spec: {containers: [{name: a, securityContext: {privileged: true}}]}",
            "spec: {containers: [{name: a, securityContext: {privileged: true}}]}",
        );
    }
}
