use watertight_diagnostic::{Finding, Level, Operation, Safety, Severity};
use watertight_pod::Container;

use crate::subject::{called, called_first};
use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// A container with `privileged: true`, in any of the three lists of containers. In a Compose file a hook as well
    /// (`post_start`, `pre_stop`), whose command then has every capability.
    ///
    /// ## Why it matters
    /// A privileged container has every capability and every device of the node, and neither seccomp nor AppArmor nor the
    /// masks over `/proc` and `/sys` hold it. Whoever runs a command in it mounts the disk of the node, or names a program
    /// that the kernel then starts as root: that is root on the node, by configuration alone. A user namespace
    /// (`hostUsers: false`) takes most of this away, because the kernel then counts those rights inside only.
    ///
    /// ## What to do
    /// Remove the line, and give the container just what it needs: one capability, or one device through a device plugin.
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
    ///         privileged: true
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
    ///         privileged: false
    /// ```
    PRIVILEGED = {
        id: "privileged",
        title: "Privileged container",
        category: Escape,
        severity: Critical,
        fixable: true,
        sources: [
            Pss "privileged", Cis "5.2.2", Nsa "1.2", Attack "T1611", Kubescape "C-0057", Kubescape "C-0193",
            Trivy "KSV-0017", Checkov "CKV_K8S_16", Kubesec "Privileged", KubeLinter "privileged-container",
            KubeScore "container-security-context-privileged", Polaris "runAsPrivileged", Kubeaudit "privileged",
            Kics "dd29336b", Kyverno "disallow-privileged-containers", Gatekeeper "K8sPSPPrivilegedContainer",
            Datree "20", Monokle "PSS103",
        ],
        check: Check::Container(check),
    }
}

fn check(subject: &Subject<'_>, container: &Container, found: &mut Vec<Finding>) {
    let privileged = &container.security.privileged;
    let Some(site) = privileged.site().filter(|_| privileged.is_true()) else {
        return hooks(subject, container, found);
    };
    let route = container.route.keys("securityContext.privileged");
    let finding = Finding::new(
        &PRIVILEGED.meta,
        subject.place(site.value, route.clone()),
        format!("{} is privileged.", called_first(container)),
    )
    .in_container(&container.name)
    .why("It has every capability and every device of the node, unconfined: a command inside becomes root on the node.")
    .how("Remove privileged, and add the one capability or device that is needed.");

    let mut operations = vec![match subject.pod.is_windows() {
        true => Operation::remove_with(route, 1),
        false => Operation::set(route, false),
    }];
    // The API server takes two-way mounts from privileged containers only.
    for mount in container.mounts.iter().filter(|mount| mount.propagation.text() == Some("Bidirectional")) {
        let mounts = container.route.key("volumeMounts");
        operations.push(Operation::set(mounts.index(mount.index).key("mountPropagation"), "HostToContainer"));
    }
    let title = format!("Take the privileges from {}", called(container));
    let fix = subject.fix(title, Safety::NeedsReview, Level::Baseline, operations);
    found.push(subject.linux_only(subject.ease(finding)).fix(fix));
}

/// Hooks of a container that is not privileged itself: their commands are.
fn hooks(subject: &Subject<'_>, container: &Container, found: &mut Vec<Finding>) {
    for (index, hook) in subject.pod.engine.privileged_hooks.iter().enumerate() {
        let route = subject.pod.route.key("hooks").index(index);
        let what = format!("The hook {} of {} is privileged.", hook.name, called(container));
        let title = format!("Take the privileges from the hook {}", hook.name);
        let operations = vec![Operation::remove(route.clone())];
        let finding = Finding::new(&PRIVILEGED.meta, subject.place(hook.site.value, route), what)
            .severity(Severity::High)
            .in_container(&container.name)
            .why(
                "Its command runs in the container with every capability, such as SYS_ADMIN, whatever the container was \
                 given. Profiles and devices stay those of the container.",
            )
            .how("Remove privileged, and add the one capability that is needed.")
            .fix(subject.fix(title, Safety::NeedsReview, Level::Baseline, operations));
        found.push(subject.ease(finding));
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{container, underlined};

    #[test]
    fn every_list_and_every_true_of_yaml() {
        let check =
            |text: &str, expected: &[(&str, &str)]| assert_eq!(underlined("privileged", text), expected, "{text}");
        let with = |value: &str| container(&format!("      securityContext:\n        privileged: {value}"));
        check(&with("true"), &[("true", "critical")]);
        check(&with("yes"), &[("yes", "critical")]);
        check(&with("false"), &[]);
        check(&with("null"), &[]);
        check(&with("\"true\""), &[]);
        let lists = "spec:\n  hostUsers: false\n  initContainers: [{name: a, securityContext: {privileged: true}}]\n  \
                     ephemeralContainers: [{securityContext: {privileged: true}}]\n";
        check(&format!("apiVersion: v1\nkind: Pod\n{lists}"), &[("true", "high"), ("true", "high")]);
    }
}
