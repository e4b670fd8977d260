use watertight_diagnostic::{Finding, Level, Operation, Safety, Severity};
use watertight_pod::Container;

use crate::subject::called_first;
use crate::{Check, Subject, inherit};

declare_rule! {
    /// ## What it finds
    /// A container that does not drop `ALL` capabilities.
    ///
    /// ## Why it matters
    /// A container runtime gives every container some of root's powers: with Docker and containerd fourteen of them,
    /// among them making device files, forging network packets and passing over file permissions. Hardly a service
    /// uses one, and each is a handle for whoever gets in.
    ///
    /// ## What to do
    /// Drop `ALL`, spelt so, and add back the few that the program needs. Dropping a list of single names leaves the
    /// rest. A port below 1024 may need `NET_BIND_SERVICE`, the one capability that the restricted standard lets you
    /// add; better listen on a higher port and let the Service translate.
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
    ///           drop: [NET_RAW]
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
    CAPABILITIES_NOT_DROPPED = {
        id: "capabilities-not-dropped",
        title: "Capabilities not dropped",
        category: Hardening,
        severity: Medium,
        fixable: true,
        sources: [
            Pss "capabilities_restricted", Cis "5.2.10", Cis "5.2.8", Nsa "Pod security", Kubescape "C-0055", Kubescape "C-0199",
            Kubescape "C-0211", Trivy "KSV-0003", Trivy "KSV-0004", Trivy "KSV-0106", Checkov "CKV_K8S_37", Checkov "CKV_K8S_28",
            Kubesec "CapDropAll", Kubesec "CapDropAny", KubeLinter "drop-net-raw-capability",
            Polaris "insecureCapabilities", Kubeaudit "CapabilityShouldDropAll", Kics "2f1a0619", Kics "268ca686",
            Kics "dbbc6705", Kyverno "require-drop-all", Gatekeeper "K8sPSPCapabilities", Datree "103",
            Monokle "KBP103",
        ],
        check: Check::Container(check),
    }
}

fn check(subject: &Subject<'_>, container: &Container, found: &mut Vec<Finding>) {
    let route = container.route.keys("securityContext.capabilities.drop");
    let security = &container.security;
    // Another spelling of ALL is told by a rule of its own.
    let meant = security.capabilities_drop.iter().any(|dropped| is_all(&dropped.name));
    if meant || subject.is_exempt_for_windows() || security.drop_in_doubt.is_some() {
        return;
    }
    let span =
        security.capabilities.map_or_else(|| inherit::container_head(container), |site| site.key.unwrap_or(site.value));
    let name = called_first(container);
    let what = if security.capabilities_drop.is_empty() {
        format!("{name} keeps the capabilities that the container runtime gives.")
    } else {
        format!("{name} drops single capabilities and keeps the rest.")
    };
    let mut finding = Finding::new(&CAPABILITIES_NOT_DROPPED.meta, subject.place(span, route.clone()), what)
        .why("They are pieces of root's power, such as forging packets or making device files, that services rarely use.")
        .how("Drop ALL and add back what the program needs.")
        .in_container(&container.name);
    if security.privileged.is_true() {
        finding = finding.severity(Severity::Low).why("It is privileged besides, so that dropping has no effect yet.");
    }
    let (title, mut operations) = ("Drop all capabilities", vec![Operation::append(route, "ALL")]);
    let low_port = needs_low_port(container);
    let title = if low_port { "Drop all capabilities but the one for ports below 1024" } else { title };
    if low_port {
        let added = container.route.keys("securityContext.capabilities.add");
        operations.push(Operation::append(added, "NET_BIND_SERVICE"));
    }
    let fix = subject.fix(title, Safety::ChangesBehaviour, Level::Restricted, operations);
    found.push(subject.asked_of_windows(finding.fix(fix)));
}

/// `ALL`, in any spelling that somebody who means it uses.
pub(crate) fn is_all(name: &str) -> bool {
    let upper = name.trim().to_ascii_uppercase();
    upper.strip_prefix("CAP_").unwrap_or(&upper) == "ALL"
}

fn needs_low_port(container: &Container) -> bool {
    let low = container.ports.iter().any(|port| matches!(port.container_port.get(), Some(1..=1023)));
    low && !container.security.capabilities_add.iter().any(|added| added.name == "NET_BIND_SERVICE")
}

#[cfg(test)]
mod tests {
    use super::CAPABILITIES_NOT_DROPPED as RULE;
    use crate::vectors::{fail, fixed, pass};

    #[test]
    fn vectors() {
        pass(&RULE, "spec: {containers: [{name: a, securityContext: {capabilities: {drop: [ALL]}}}]}");
        pass(&RULE, "spec: {containers: [{name: a, securityContext: {capabilities: {drop: [NET_RAW, ALL]}}}]}");
        pass(&RULE, "spec: {containers: [{name: a, securityContext: {capabilities: {drop: [all]}}}]}");
        pass(&RULE, "spec: {os: {name: windows}, containers: [{name: a}]}");
        fail(&RULE, "spec: {containers: [{name: a}]}");
        fail(&RULE, "spec: {containers: [{name: a, securityContext: {capabilities: {drop: [NET_RAW]}}}]}");
        fail(&RULE, "spec: {initContainers: [{name: a, securityContext: {capabilities:}}]}");
        fixed(
            &RULE,
            "spec:\n  containers:\n    - name: a\n      securityContext:\n        capabilities:\n          drop:\n            - NET_RAW # noisy\n",
            "spec:\n  containers:\n    - name: a\n      securityContext:\n        capabilities:\n          drop:\n            - NET_RAW # noisy\n            - ALL\n",
        );
        fixed(
            &RULE,
            "spec:\n  containers:\n    - name: a\n      ports:\n        - containerPort: 80\n",
            "spec:\n  containers:\n    - name: a\n      ports:\n        - containerPort: 80\n      securityContext:\n        capabilities:\n          drop:\n            - ALL\n          add:\n            - NET_BIND_SERVICE\n",
        );
    }
}
