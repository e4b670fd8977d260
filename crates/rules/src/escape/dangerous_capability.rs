use watertight_diagnostic::{Finding, Level};
use watertight_pod::Container;

use crate::capabilities::{self, Group};
use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// A container that adds a capability with which it can leave, be it alone or together with another setting of the
    /// pod: `SYS_ADMIN`, `SYS_MODULE`, `SYS_RAWIO`, `DAC_READ_SEARCH`, `SYS_PTRACE`, `BPF`, `NET_ADMIN`, `NET_RAW`,
    /// `MAC_ADMIN` and others, and `ALL`. Names count in every spelling that some runtime understands.
    ///
    /// ## Why it matters
    /// Each capability is a piece of what root may do on the node. Some are enough alone: `SYS_MODULE` loads code into
    /// the kernel, `SYS_ADMIN` mounts. Others need a partner, and the finding says which partner the pod has:
    /// `SYS_PTRACE` changes processes of the node once `hostPID` shows them, `NET_ADMIN` rewires the node once
    /// `hostNetwork` is on. A user namespace makes them count inside only.
    ///
    /// ## What to do
    /// Drop `ALL` and add what the program really needs, which is mostly nothing or `NET_BIND_SERVICE`.
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
    ///           add:
    ///             - SYS_ADMIN
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
    ///           drop:
    ///             - ALL
    ///           add:
    ///             - NET_BIND_SERVICE
    /// ```
    DANGEROUS_CAPABILITY = {
        id: "dangerous-capability",
        title: "Dangerous capability",
        category: Escape,
        severity: Critical,
        fixable: true,
        sources: [Pss "capabilities_baseline", Pss "capabilities_restricted", Cis "5.2.8", Cis "5.2.9", Nsa "Pod security", Attack "T1611", Attack "T1068", Kubescape "C-0046",
            Kubescape "C-0057", Kubescape "C-0200", Trivy "KSV-0005", Trivy "KSV-0022", Trivy "KSV-0106", Trivy "KSV-0119", Trivy "KSV-0120", Checkov "CKV_K8S_25", Checkov "CKV_K8S_39", Kubesec "CapSysAdmin", Polaris "dangerousCapabilities", Kubeaudit "CapabilityAdded", Kics "235236ee", Kics "19ebaa28", Kyverno "disallow-capabilities", Gatekeeper "K8sPSPCapabilities", Datree "49", Monokle "PSS104", Monokle "KBP100"],
        check: Check::Container(check),
    }
}

fn check(subject: &Subject<'_>, container: &Container, found: &mut Vec<Finding>) {
    let Some(added) = capabilities::added(container, Group::Dangerous) else { return };
    let pod = subject.pod;
    let finding = added.finding(subject, &DANGEROUS_CAPABILITY.meta, Level::Baseline);
    let mut finding = finding.how("Drop ALL, and add back only what the program really needs.");
    let partners = [
        ("SYS_PTRACE", &pod.host_pid, "hostPID", "Here it sees the processes of the node, and can put code into them."),
        ("NET_ADMIN", &pod.host_network, "hostNetwork", "Here the network is the node's, which it can redirect."),
        ("NET_RAW", &pod.host_network, "hostNetwork", "Here the network is the node's, whose traffic it can capture."),
        (
            "SYS_PTRACE",
            &pod.share_process_namespace,
            "shareProcessNamespace",
            "Here it sees the other containers of the pod.",
        ),
        ("CHECKPOINT_RESTORE", &pod.host_pid, "hostPID", "Here it sees the processes of the node."),
    ];
    for (name, field, key, text) in partners {
        let Some(site) = field.site().filter(|_| field.is_true() && added.has(name)) else { continue };
        finding.why.to_mut().push(' ');
        finding.why.to_mut().push_str(text);
        let label = format!("together with {name}");
        finding = finding.related(subject.labelled(site.whole(), pod.route.key(key), label));
    }
    found.push(finding);
}

#[cfg(test)]
mod tests {
    use crate::testing::{container, findings_of, pod, underlined};

    const RULE: &str = "dangerous-capability";

    fn adding(names: &str) -> String {
        container(&format!("      securityContext: {{capabilities: {{add: [{names}]}}}}"))
    }

    #[test]
    fn by_name_and_spelling() {
        for (name, severity) in [
            ("SYS_ADMIN", "critical"),
            ("CAP_SYS_ADMIN", "critical"),
            ("sys_admin", "critical"),
            ("ALL", "critical"),
            ("all", "critical"),
            ("SYS_MODULE", "critical"),
            ("DAC_READ_SEARCH", "high"),
            ("SYS_RAWIO", "high"),
            ("BPF", "high"),
            ("MAC_ADMIN", "high"),
            ("SYS_PTRACE", "medium"),
            ("NET_ADMIN", "medium"),
            ("NET_RAW", "medium"),
            ("SYSLOG", "medium"),
            ("SYS_TIME", "medium"),
        ] {
            assert_eq!(underlined(RULE, &adding(name)), [(name, severity)]);
        }
        for name in ["NET_BIND_SERVICE", "CHOWN", "IPC_LOCK", "CAP_ALL", "FOO"] {
            assert_eq!(underlined(RULE, &adding(name)), [], "{name}");
        }
    }

    #[test]
    fn one_finding_and_one_fix_for_all_of_them() {
        let text = adding("NET_ADMIN, CHOWN, SYS_ADMIN");
        let found = findings_of(RULE, &text);
        assert_eq!(underlined(RULE, &text), [("SYS_ADMIN", "critical")]);
        assert!(found[0].what.contains("NET_ADMIN and SYS_ADMIN"), "{}", found[0].what);
        assert_eq!(found[0].fixes[0].operations.len(), 2);
    }

    #[test]
    fn partners_and_walls() {
        let with = |spec: &str, context: &str| {
            pod(&format!(
                "  {spec}\n  containers: [{{name: web, securityContext: {{{context}capabilities: {{add: [SYS_PTRACE]}}}}}}]"
            ))
        };
        let check = |spec: &str, context: &str, severity: &str| {
            assert_eq!(underlined(RULE, &with(spec, context)), [("SYS_PTRACE", severity)], "{spec} {context}");
        };
        check("hostPID: true", "", "critical");
        check("hostPID: false", "", "medium");
        check("hostUsers: false", "", "low");
        check("runtimeClassName: kata", "", "low");
        check("hostPID: true", "privileged: true, ", "info");
        check("hostPID: false", "runAsUser: 1000, allowPrivilegeEscalation: false, ", "low");
        check("os: {name: windows}", "", "low");
    }
}
