use serde_json::json;
use watertight_diagnostic::{Finding, Level, Operation, Safety};
use watertight_pod::{Container, Pod};

use crate::subject::called_first;
use crate::{Check, Subject, inherit};

declare_rule! {
    /// ## What it finds
    /// A container without `readOnlyRootFilesystem: true`.
    ///
    /// ## Why it matters
    /// Whoever gets in can change the program itself, put tools beside it and leave something behind for the next
    /// restart of the process. A read-only root leaves only the volumes to write to.
    ///
    /// ## What to do
    /// Set it to `true` and mount an `emptyDir` wherever the program really writes. That is often `/tmp` and a cache or
    /// run folder; what fails with "Read-only file system" names the rest.
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
    ///         readOnlyRootFilesystem: true
    ///       volumeMounts:
    ///         - name: tmp
    ///           mountPath: /tmp
    ///   volumes:
    ///     - name: tmp
    ///       emptyDir: {}
    /// ```
    WRITABLE_ROOT_FILESYSTEM = {
        id: "writable-root-filesystem",
        title: "Writable root file system",
        category: Hardening,
        severity: Low,
        fixable: true,
        sources: [
            Nsa "1.1", Kubescape "C-0017", Trivy "KSV-0014", Checkov "CKV_K8S_22", Kubesec "ReadOnlyRootFilesystem",
            KubeLinter "no-read-only-root-fs", KubeScore "container-security-context-readonlyrootfilesystem",
            Polaris "notReadOnlyRootFilesystem", Kubeaudit "rootfs", Kics "a9c2f49d", Kyverno "require-ro-rootfs",
            Gatekeeper "K8sPSPReadOnlyRootFilesystem", Datree "45", Monokle "KBP102",
        ],
        check: Check::Container(check),
    }
}

/// Where programs write that know nothing of containers.
const TEMPORARY: &str = "/tmp";

fn check(subject: &Subject<'_>, container: &Container, found: &mut Vec<Finding>) {
    let pod = subject.pod;
    let field = &container.security.read_only_root;
    let route = container.route.keys("securityContext.readOnlyRootFilesystem");
    if field.is_true() || field.is_unreadable() || pod.is_windows() {
        return;
    }
    let span = field.site().map_or_else(|| inherit::container_head(container), |site| site.whole());
    let mut operations = vec![Operation::set(route.clone(), true)];
    let mut title = "Make the root file system read-only".to_owned();
    if subject.settings.writable_tmp && needs_folder(pod, container) {
        let volume = free_name(pod, container);
        operations.reserve_exact(2);
        operations.push(Operation::append(
            container.route.key("volumeMounts"),
            json!({ "name": volume, "mountPath": TEMPORARY }),
        ));
        operations.push(Operation::append(pod.route.key("volumes"), json!({ "name": volume, "emptyDir": {} })));
        title.push_str(", with an empty folder on /tmp");
    }
    found.push(
        Finding::new(
            &WRITABLE_ROOT_FILESYSTEM.meta,
            subject.place(span, route),
            format!("{} can write to its own root file system.", called_first(container)),
        )
        .why("An intruder can change the program, and put tools of their own beside it.")
        .how("Set readOnlyRootFilesystem to true and mount an emptyDir where the program has to write.")
        .in_container(&container.name)
        .fix(subject.fix(title, Safety::ChangesBehaviour, Level::Hardened, operations)),
    );
}

/// Whether a folder can be put on `/tmp`: nothing is there yet, and everything around could be read.
fn needs_folder(pod: &Pod, container: &Container) -> bool {
    let taken = container.mounts.iter().any(|mount| match mount.path.text() {
        Some(path) => path.trim_end_matches('/') == TEMPORARY,
        None => mount.path.is_unreadable(),
    });
    !taken
        && pod.doubt(&container.route.key("volumeMounts")).is_none()
        && pod.doubt(&pod.route.key("volumes")).is_none()
}

/// Containers, and mounts of each, that are looked through for such claims. Every container asks, and a text may hold a
/// hundred thousand.
const LOOKED_AT: usize = 64;

/// A name that no volume has, nor a claim that a StatefulSet makes for each pod: that one would take the folder's place, and
/// is seen by its mounts. Containers do not share the folder, or they could read each other's files.
fn free_name(pod: &Pod, container: &Container) -> String {
    let label = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let base = if pod.containers.len() == 1 || container.name.is_empty() {
        "tmp".to_owned()
    } else {
        let name: String = container.name.chars().filter(|&c| label(c)).take(50).collect();
        format!("tmp-{}", name.trim_matches('-'))
    };
    let base = base.trim_end_matches('-');
    let mut name = base.to_owned();
    let mut number = 2;
    let is_mounted = |name: &str| {
        let mut mounts =
            pod.containers.iter().take(LOOKED_AT).flat_map(|container| container.mounts.iter().take(LOOKED_AT));
        mounts.any(|mount| mount.volume.text() == Some(name))
    };
    while pod.volume(&name).is_some() || is_mounted(&name) {
        name = format!("{base}-{number}");
        number += 1;
    }
    name
}

#[cfg(test)]
mod tests {
    use watertight_diagnostic::Settings;

    use super::WRITABLE_ROOT_FILESYSTEM as RULE;
    use crate::vectors::{fail, fixed, pass, run_with};

    #[test]
    fn vectors() {
        pass(&RULE, "spec: {containers: [{name: a, securityContext: {readOnlyRootFilesystem: true}}]}");
        pass(&RULE, "spec: {os: {name: windows}, containers: [{name: a}]}");
        fail(&RULE, "spec: {containers: [{name: a}]}");
        fail(&RULE, "spec: {containers: [{name: a, securityContext: {readOnlyRootFilesystem: no}}]}");
        fixed(
            &RULE,
            "spec:\n  containers:\n    - name: a\n      volumeMounts:\n        - name: tmp\n          mountPath: /data\n  volumes:\n    - name: tmp\n      emptyDir: {}\n",
            "spec:\n  containers:\n    - name: a\n      volumeMounts:\n        - name: tmp\n          mountPath: /data\n        - name: tmp-2\n          mountPath: /tmp\n      securityContext:\n        readOnlyRootFilesystem: true\n  volumes:\n    - name: tmp\n      emptyDir: {}\n    - name: tmp-2\n      emptyDir: {}\n",
        );
        // The volume comes of a claim.
        fixed(
            &RULE,
            "spec:\n  containers:\n    - name: a\n      volumeMounts:\n        - name: tmp\n          mountPath: /data\n",
            "spec:\n  containers:\n    - name: a\n      volumeMounts:\n        - name: tmp\n          mountPath: /data\n        - name: tmp-2\n          mountPath: /tmp\n      securityContext:\n        readOnlyRootFilesystem: true\n  volumes:\n    - name: tmp-2\n      emptyDir: {}\n",
        );
        fixed(
            &RULE,
            "spec:\n  containers:\n    - name: a\n      volumeMounts:\n        - name: t\n          mountPath: /tmp/\n",
            "spec:\n  containers:\n    - name: a\n      volumeMounts:\n        - name: t\n          mountPath: /tmp/\n      securityContext:\n        readOnlyRootFilesystem: true\n",
        );
    }

    #[test]
    fn no_folder_where_none_is_wanted() {
        let settings = Settings { writable_tmp: false, ..Settings::default() };
        let found = run_with(&RULE, "spec: {containers: [{name: a}]}", &settings);
        assert_eq!(found[0].fixes[0].operations.len(), 1);
    }
}
