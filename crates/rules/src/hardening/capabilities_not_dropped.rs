use serde_json::json;
use watertight_diagnostic::{Finding, Level, Operation, Safety, Severity};
use watertight_pod::{Carrier, Container, Engine, Syntax};

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
    /// rest. Best listen on a port above 1023 and let the Service translate. A lower one needs `NET_BIND_SERVICE`, the
    /// one capability that the restricted standard lets you add; but Kubernetes hands it on to root only. For any user
    /// set `net.ipv4.ip_unprivileged_port_start` to `"0"` in the pod's `securityContext.sysctls`, which is safe from 1.22
    /// on.
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

/// The first port that a process without `NET_BIND_SERVICE` may open, in its network namespace.
const PORT_START: &str = "net.ipv4.ip_unprivileged_port_start";
const SYSCTLS: &str = "securityContext.sysctls";
/// The first version whose kubelet counts that setting as safe.
const PORT_START_IS_SAFE: u32 = 22;

/// What a container needs besides, once everything is dropped, to open the ports below 1024 that it names.
enum Means {
    Nothing,
    Capability,
    Sysctl,
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
    let mut operations = vec![Operation::append(route, "ALL")];
    let title = match means_for_low_ports(subject, container) {
        Means::Nothing => "Drop all capabilities",
        Means::Capability => {
            let added = container.route.keys("securityContext.capabilities.add");
            operations.push(Operation::append(added, "NET_BIND_SERVICE"));
            "Drop all capabilities but the one for ports below 1024"
        }
        Means::Sysctl => {
            let setting = json!({"name": PORT_START, "value": "0"});
            operations.push(Operation::append(subject.pod.route.keys(SYSCTLS), setting));
            "Drop all capabilities, and let every user of the pod open ports below 1024"
        }
    };
    let fix = subject.fix(title, Safety::ChangesBehaviour, Level::Restricted, operations);
    found.push(subject.asked_of_windows(finding.fix(fix)));
}

/// `ALL`, in any spelling that somebody who means it uses.
pub(crate) fn is_all(name: &str) -> bool {
    let upper = name.trim().to_ascii_uppercase();
    upper.strip_prefix("CAP_").unwrap_or(&upper) == "ALL"
}

/// Kubernetes gives no ambient capabilities: a process that is not root loses those that its container adds when it is
/// started. The setting works for root and for everybody else. It belongs to a network namespace, so with that of the node
/// the API server refuses it. Whether somebody else's kind takes it is not known. Docker makes the setting by itself; compose
/// files are read by engines that do not, too.
///
/// Source: `pkg/kubelet/sysctl/safe_sysctls.go` and `ValidateHostSysctl` in `pkg/apis/core/validation` of Kubernetes;
/// `daemon/oci_linux.go` of moby since 20.10.
fn means_for_low_ports(subject: &Subject<'_>, container: &Container) -> Means {
    let pod = subject.pod;
    let low = container.ports.iter().any(|port| matches!(port.container_port.get(), Some(1..=1023)));
    let has_capability = container.security.capabilities_add.iter().any(|added| added.name == "NET_BIND_SERVICE");
    if !low || has_capability {
        return Means::Nothing;
    }
    let own_network = pod.host_network.is_silent() || pod.host_network.is_false();
    let setting = pod.security.sysctls.iter().find(|setting| setting.name.replace('/', ".") == PORT_START);
    match (setting, pod.syntax) {
        _ if !own_network => Means::Capability,
        (Some(setting), _) if setting.value.trim() == "0" => Means::Nothing,
        (Some(_), _) => Means::Capability,
        (None, Syntax::Run(Engine::Docker)) => Means::Nothing,
        (None, Syntax::Kubernetes)
            if pod.carrier != Carrier::Custom
                && subject.settings.kube_version.at_least(PORT_START_IS_SAFE)
                && pod.doubt(&pod.route.keys(SYSCTLS)).is_none() =>
        {
            Means::Sysctl
        }
        (None, _) => Means::Capability,
    }
}

#[cfg(test)]
mod tests {
    use super::CAPABILITIES_NOT_DROPPED as RULE;
    use watertight_diagnostic::{KubeVersion, Settings};

    use crate::vectors::{fail, fixed, pass, run_with};

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
    }

    const SYSCTLS: &str =
        "  securityContext:\n    sysctls:\n      - name: net.ipv4.ip_unprivileged_port_start\n        value: \"0\"\n";

    /// What the fixes make of a pod with these lines in its spec and two containers that name port 80.
    fn low_port(spec: &str, minor: Option<u32>, add: bool, sysctl: bool) {
        let container = |name: &str, context: &str| {
            format!("    - name: {name}\n      ports:\n        - containerPort: 80\n{context}")
        };
        let pod = |context: &str, sysctls: &str| {
            let (a, b) = (container("a", context), container("b", context));
            format!("apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\nspec:\n{spec}  containers:\n{a}{b}{sysctls}")
        };
        let add = if add { "          add:\n            - NET_BIND_SERVICE\n" } else { "" };
        let dropped =
            format!("      securityContext:\n        capabilities:\n          drop:\n            - ALL\n{add}");
        let settings =
            Settings { kube_version: minor.map_or(KubeVersion::Latest, KubeVersion::Minor), ..Settings::default() };
        let text = pod("", "");
        let found = run_with(&RULE, &text, &settings);
        let operations: Vec<_> =
            found.into_iter().flat_map(|found| found.fixes).flat_map(|fix| fix.operations).collect();
        let plan = watertight_yaml::edit::plan(&watertight_yaml::parse(&text), &operations);
        assert!(plan.refused.is_empty(), "{:?}", plan.refused);
        let expected = pod(&dropped, if sysctl { SYSCTLS } else { "" });
        assert_eq!(watertight_text::apply(&text, &plan.edits).unwrap(), expected);
    }

    #[test]
    fn low_ports_stay_open_for_every_user() {
        low_port("", None, false, true);
        low_port("", Some(22), false, true);
        low_port("", Some(21), true, false);
        low_port("  hostNetwork: false\n", None, false, true);
        low_port("  hostNetwork: true\n", None, true, false);
        low_port("  hostNetwork: '{{ .x }}'\n", None, true, false);
        let set = |name: &str, value: &str| {
            format!("  securityContext:\n    sysctls:\n      - {{name: {name}, value: '{value}'}}\n")
        };
        low_port(&set("net.ipv4.ip_unprivileged_port_start", "0"), None, false, false);
        low_port(&set("net/ipv4/ip_unprivileged_port_start", "0"), None, false, false);
        low_port(&set("net.ipv4.ip_unprivileged_port_start", "1000"), None, true, false);
    }
}
