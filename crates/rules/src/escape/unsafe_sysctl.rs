use watertight_diagnostic::{Finding, KubeVersion, Level, Operation, Safety, Severity};
use watertight_knowledge::sysctl;

use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// A kernel setting in `securityContext.sysctls` that the Pod Security Standard of the asked version does not count
    /// as safe, and any value with `+` or `=` in it.
    ///
    /// ## Why it matters
    /// Settings outside of the safe list are not confined to the pod, or let it starve the node. `kernel.core_pattern`
    /// names the program that the kernel starts as root when a process crashes. CRI-O before 1.19.6, 1.20.7, 1.21.6,
    /// 1.22.3, 1.23.2 read a value with `+` as further settings, so that a harmless name carried this one (cr8escape).
    ///
    /// ## What to do
    /// Remove it. Tuning that a whole node needs belongs into the node, not into a pod.
    ///
    /// ## Bad
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   securityContext:
    ///     sysctls:
    ///       - name: kernel.msgmax
    ///         value: "65536"
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
    ///     sysctls:
    ///       - name: net.ipv4.tcp_syncookies
    ///         value: "1"
    ///   containers:
    ///     - name: web
    ///       image: example.com/web:1.0
    /// ```
    UNSAFE_SYSCTL = {
        id: "unsafe-sysctl",
        title: "Unsafe kernel setting",
        category: Escape,
        severity: Medium,
        fixable: true,
        sources: [Pss "sysctls", Attack "T1611", Trivy "KSV-0026", KubeLinter "unsafe-sysctls", Kics "9127f0d9", Kyverno "restrict-sysctls", Kyverno "prevent-cr8escape", Gatekeeper "K8sPSPForbiddenSysctls", Monokle "PSS111", Cve "CVE-2022-0811"],
        check: Check::Pod(check),
    }
}

fn check(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    for (index, setting) in subject.pod.security.sysctls.iter().enumerate() {
        let smuggles = setting.value.contains(['+', '=']);
        let unsafe_here = !is_safe(&setting.name, subject.settings.kube_version);
        if !unsafe_here && !smuggles {
            continue;
        }
        let list = subject.pod.route.keys("securityContext.sysctls");
        let route = list.index(index);
        let fix = subject.fix(
            format!("Leave {} as it is", setting.name),
            Safety::ChangesBehaviour,
            unsafe_here.then_some(Level::Baseline),
            vec![Operation::remove_with(route.clone(), 2)],
        );
        // Removed by its place, which holds only when every item of the list could be read.
        let fix = subject.is_whole(&list).then_some(fix);
        let what = format!("The pod sets {} to {:?}.", setting.name, setting.value);
        let finding = Finding::new(&UNSAFE_SYSCTL.meta, subject.place(setting.site.value, route), what)
            .how("Remove it; what a whole node needs is set on the node.");
        let finding = fix.into_iter().fold(finding, Finding::fix);
        let runs_a_program =
            ["kernel.core_pattern", "kernel.modprobe"].contains(&setting.name.replace('/', ".").as_str());
        found.push(subject.linux_only(
            match sysctl::danger(&setting.name) {
                _ if smuggles => {
                    finding.severity(Severity::Critical).why(
                        "CRI-O before 1.23.2 read what follows a plus sign as further settings of the node's kernel.",
                    )
                }
                Some(danger) if runs_a_program => finding.severity(Severity::High).why(danger),
                Some(danger) => finding.why(danger),
                None => finding.why("It is not in the list of settings that stay within the pod."),
            },
        ));
    }
}

fn is_safe(name: &str, version: KubeVersion) -> bool {
    sysctl::safe_since(name).is_some_and(|minor| version.at_least(minor))
}

#[cfg(test)]
mod tests {
    use watertight_diagnostic::{KubeVersion, Settings};

    use crate::testing::{findings_for, pod};

    fn check(name: &str, value: &str, version: KubeVersion, expected: Option<&str>) {
        let text = pod(&format!("  securityContext: {{sysctls: [{{name: {name}, value: '{value}'}}]}}"));
        let found = findings_for(&text, &Settings { kube_version: version, ..Settings::default() });
        let said = found.iter().find(|found| found.rule.id == "unsafe-sysctl").map(|found| found.severity.word());
        assert_eq!(said, expected, "{name} {value} {version}");
    }

    #[test]
    fn by_version_and_value() {
        let latest = KubeVersion::Latest;
        check("kernel.shm_rmid_forced", "1", latest, None);
        check("kernel.shm_rmid_forced", "1+kernel.core_pattern=|/x", latest, Some("critical"));
        check("kernel/shm_rmid_forced", "1", latest, Some("medium"));
        check("kernel.core_pattern", "core", latest, Some("high"));
        check("net.core.somaxconn", "1", latest, Some("medium"));
        check("net.ipv4.tcp_rmem", "1", KubeVersion::Minor(31), Some("medium"));
        check("net.ipv4.tcp_rmem", "1", KubeVersion::Minor(32), None);
    }
}
