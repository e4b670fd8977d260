use serde_json::json;
use watertight_diagnostic::{Finding, Level, Operation, Safety};
use watertight_pod::Container;

use crate::{Check, Subject, inherit, words};

declare_rule! {
    /// ## What it finds
    /// Containers without a seccomp profile, neither their own nor their pod's. One finding for the whole pod: the
    /// profile of the pod serves all its containers.
    ///
    /// ## Why it matters
    /// Seccomp decides which system calls a program may make. Kubernetes runs a container *without* any filter unless
    /// it is asked for one, unlike Docker on its own. More than three hundred calls then lead into the kernel of the
    /// node, among them those that most kernel exploits begin with.
    ///
    /// ## What to do
    /// Set `seccompProfile.type: RuntimeDefault` on the pod. It refuses a few dozen calls that ordinary programs do not
    /// make. The annotations that did this before Kubernetes 1.19 have no effect any more.
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
    ///   securityContext:
    ///     seccompProfile:
    ///       type: RuntimeDefault
    ///   containers:
    ///     - name: web
    ///       image: example.com/web:1.0
    /// ```
    SECCOMP_MISSING = {
        id: "seccomp-missing",
        title: "No seccomp profile",
        category: Hardening,
        severity: Medium,
        fixable: true,
        sources: [
            Pss "seccompProfile_restricted", Cis "5.7.2", Nsa "1.10", Kubescape "C-0210", Kubescape "C-0055", Trivy "KSV-0030",
            Trivy "KSV-0104", Checkov "CKV_K8S_31", Kubesec "SeccompAny", KubeScore "container-seccomp-profile",
            Polaris "linuxHardening", Kubeaudit "SeccompProfileMissing", Kics "f377b83e",
            Kyverno "restrict-seccomp-strict", Gatekeeper "K8sPSPSeccomp", Datree "61", Datree "99", Monokle "PSS205",
        ],
        check: Check::Pod(check),
    }
}

fn check(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let pod = subject.pod;
    let route = pod.route.keys("securityContext.seccompProfile");
    // The field is younger than the standards; Windows has no system calls of Linux.
    if subject.is_exempt_for_windows() || !subject.settings.kube_version.at_least(19) {
        return;
    }
    let bare: Vec<&Container> =
        pod.containers.iter().filter(|container| inherit::seccomp(pod, container).is_silent()).collect();
    if bare.is_empty() {
        return;
    }
    let span = pod.security.seccomp.site().map_or_else(|| inherit::pod_head(pod), |site| site.whole());
    let verb = if bare.len() == 1 { "runs" } else { "run" };
    let what = format!("{} {verb} without a seccomp profile.", words::containers_first(&bare));
    let mut finding = Finding::new(&SECCOMP_MISSING.meta, subject.place(span, route.key("type")), what)
        .why("Every system call of the node's kernel can be made, those that kernel exploits begin with included.")
        .how("Set seccompProfile.type to RuntimeDefault on the pod.");
    if let [only] = bare.as_slice() {
        finding = finding.in_container(&only.name);
    }
    for container in &bare {
        let own = container.route.keys("securityContext.seccompProfile.type");
        finding = finding.related(subject.labelled(inherit::container_head(container), own, "no profile"));
    }
    let fix = subject.fix(
        "Use the container runtime's default seccomp profile",
        Safety::ChangesBehaviour,
        Level::Restricted,
        vec![Operation::set(route, json!({ "type": "RuntimeDefault" }))],
    );
    found.push(subject.asked_of_windows(subject.ease(finding.fix(fix))));
}

#[cfg(test)]
mod tests {
    use super::SECCOMP_MISSING as RULE;
    use crate::vectors::{fail, fixed, pass};

    #[test]
    fn vectors() {
        pass(&RULE, "spec: {securityContext: {seccompProfile: {type: RuntimeDefault}}, containers: [{name: a}]}");
        pass(&RULE, "spec: {containers: [{name: a, securityContext: {seccompProfile: {type: Localhost}}}]}");
        // Told by the rule for Unconfined.
        pass(&RULE, "spec: {containers: [{name: a, securityContext: {seccompProfile: {type: Unconfined}}}]}");
        pass(&RULE, "spec: {os: {name: windows}, containers: [{name: a}]}");
        pass(&RULE, "spec: {securityContext: {seccompProfile: RuntimeDefault}, containers: [{name: a}]}");
        pass(&RULE, "spec: {containers: []}");
        fail(&RULE, "spec: {containers: [{name: a}, {name: b}], ephemeralContainers: [{name: c}]}");
        fail(
            &RULE,
            "spec: {containers: [{name: a, securityContext: {seccompProfile: {type: RuntimeDefault}}}, {name: b}]}",
        );
        fixed(
            &RULE,
            "spec:\n  securityContext:\n    fsGroup: 5\n  containers:\n    - name: a\n",
            "spec:\n  securityContext:\n    fsGroup: 5\n    seccompProfile:\n      type: RuntimeDefault\n  containers:\n    - name: a\n",
        );
    }
}
