use watertight_diagnostic::{Finding, Level, Operation, Route, Safety, Severity, joined};
use watertight_pod::{Container, Field, SeLinux, Site};

use crate::subject::called_first;
use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// `seLinuxOptions` with a user, a role, or a type other than `container_t`, `container_init_t`, `container_kvm_t`
    /// and, since Kubernetes 1.31, `container_engine_t`; for the pod or for a container.
    ///
    /// ## Why it matters
    /// On nodes with SELinux the type is the wall round the container. `spc_t` takes it away altogether; any other type
    /// is as strong as its policy. Then only Unix permissions keep the container from files of the node and of its
    /// neighbours.
    ///
    /// ## What to do
    /// Remove type, user and role; `level` may stay.
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
    ///         seLinuxOptions:
    ///           type: spc_t
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
    ///         seLinuxOptions:
    ///           level: s0:c123,c456
    /// ```
    SELINUX_CUSTOM = {
        id: "selinux-custom",
        title: "SELinux label of its own",
        category: Escape,
        severity: Medium,
        fixable: true,
        sources: [Pss "seLinuxOptions", Nsa "1.8", Attack "T1611", Trivy "KSV-0025", Polaris "linuxHardening", Kyverno "disallow-selinux", Gatekeeper "K8sPSPSELinuxV2", Datree "86", Datree "87", Datree "88", Monokle "PSS108"],
        check: Check::Pod(check),
    }
}

fn check(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let pod = subject.pod;
    judge(subject, None, &pod.security.selinux, &pod.route, found);
    for container in &pod.containers {
        judge(subject, Some(container), &container.security.selinux, &container.route, found);
    }
}

fn judge(
    subject: &Subject<'_>,
    container: Option<&Container>,
    options: &Field<SeLinux>,
    owner: &Route,
    found: &mut Vec<Finding>,
) {
    let Some(selinux) = options.get() else { return };
    let bad = faults(subject, selinux);
    let Some((_, _, site)) = bad.first() else { return };
    let route = owner.keys("securityContext.seLinuxOptions");
    let operations = if selinux.level.is_set() || bad.len() < set_fields(selinux) {
        bad.iter().map(|(key, ..)| Operation::remove(route.key(*key))).collect()
    } else {
        vec![Operation::remove_with(route.clone(), 1)]
    };
    let shown: Vec<_> = bad.iter().map(|(key, value, _)| format!("{key} {value}")).collect();
    let who = container.map_or_else(|| "The pod".to_owned(), called_first);
    let key = bad.first().map_or("type", |(key, ..)| key);
    let mut finding = Finding::new(
        &SELINUX_CUSTOM.meta,
        subject.place(site.value, route.key(key)),
        format!("{who} asks for the SELinux {}.", joined(&shown)),
    )
    .how("Remove type, user and role; level may stay.")
    .fix(subject.fix(
        "Use the label of ordinary containers",
        Safety::ChangesBehaviour,
        Level::Baseline,
        operations,
    ));
    finding = match selinux.kind.text() {
        Some("spc_t") => {
            finding.severity(Severity::High).why("On nodes with SELinux this takes the wall round it away.")
        }
        _ => finding.why("On nodes with SELinux the wall round it is then only as strong as that label's policy."),
    };
    for (other, _, site) in bad.iter().skip(1) {
        finding = finding.related(subject.labelled(site.value, route.key(*other), "and this"));
    }
    if let Some(container) = container {
        finding = subject.beside_privileged(container, finding.in_container(&container.name));
    }
    found.push(subject.linux_only(finding));
}

/// The fields that the baseline standard refuses, with their values.
fn faults<'a>(subject: &Subject<'_>, selinux: &'a SeLinux) -> Vec<(&'static str, &'a str, Site)> {
    let engine = subject.settings.kube_version.at_least(31);
    let allowed = |kind: &str| match kind {
        "" | "container_t" | "container_init_t" | "container_kvm_t" => true,
        "container_engine_t" => engine,
        _ => false,
    };
    let refused = |key, field: &'a Field<String>, fine: &dyn Fn(&str) -> bool| {
        let value = field.text()?;
        let site = field.site()?;
        (!fine(value)).then_some((key, value, site))
    };
    let kind = refused("type", &selinux.kind, &allowed);
    let user = refused("user", &selinux.user, &str::is_empty);
    let role = refused("role", &selinux.role, &str::is_empty);
    [kind, user, role].into_iter().flatten().collect()
}

fn set_fields(selinux: &SeLinux) -> usize {
    [&selinux.user, &selinux.role, &selinux.kind].into_iter().filter(|field| field.is_set()).count()
}

#[cfg(test)]
mod tests {
    use watertight_diagnostic::{KubeVersion, Settings};

    use crate::testing::{container, findings_for, findings_of, pod, underlined};

    #[test]
    fn type_user_and_role() {
        let with = |options: &str| container(&format!("      securityContext: {{seLinuxOptions: {options}}}"));
        let check = |options: &str, expected: &[(&str, &str)]| {
            assert_eq!(underlined("selinux-custom", &with(options)), expected, "{options}");
        };
        check("{type: spc_t}", &[("spc_t", "high")]);
        check("{type: foo_t, user: system_u}", &[("foo_t", "medium")]);
        check("{role: sysadm_r}", &[("sysadm_r", "medium")]);
        check("{type: container_t, level: s0, user: ''}", &[]);
        check("{type: container_engine_t}", &[]);
        let old = Settings { kube_version: KubeVersion::Minor(30), ..Settings::default() };
        assert!(findings_for(&with("{type: container_engine_t}"), &old).iter().any(|f| f.rule.id == "selinux-custom"));
    }

    #[test]
    fn the_level_stays() {
        let routes = |options: &str| {
            let text = pod(&format!("  securityContext: {{seLinuxOptions: {options}}}"));
            let found = findings_of("selinux-custom", &text);
            found[0].fixes[0].operations.iter().map(|o| o.route().to_string()).collect::<Vec<_>>()
        };
        assert_eq!(routes("{type: spc_t}"), ["spec.securityContext.seLinuxOptions"]);
        assert_eq!(routes("{type: spc_t, level: s0}"), ["spec.securityContext.seLinuxOptions.type"]);
    }
}
