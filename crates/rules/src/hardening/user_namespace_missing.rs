use watertight_diagnostic::{Finding, Level, Operation, Safety};
use watertight_pod::gates;

use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// A pod that says nothing about `hostUsers`, so that its users are those of the node. From Kubernetes 1.33 on,
    /// where every cluster understands the field.
    ///
    /// ## Why it matters
    /// With `hostUsers: false` root inside is a nobody on the node. Most ways out then end as a user without rights,
    /// also those that nobody knows yet.
    ///
    /// ## What to do
    /// Set `hostUsers: false`. It needs Linux 6.3 or newer, containerd 2.0 or CRI-O 1.25, and a file system that can map
    /// users; NFS volumes and raw devices do not go with it. The API server refuses it beside `hostNetwork`, `hostPID`
    /// and `hostIPC`.
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
    ///   hostUsers: false
    ///   containers:
    ///     - name: web
    ///       image: example.com/web:1.0
    /// ```
    USER_NAMESPACE_MISSING = {
        id: "user-namespace-missing",
        title: "No user namespace",
        category: Hardening,
        severity: Info,
        fixable: true,
        sources: [Attack "T1611", Kubesec "HostUsers"],
        check: Check::Pod(check),
    }
}

fn check(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let pod = subject.pod;
    let route = pod.route.key("hostUsers");
    if !pod.host_users.is_silent()
        || pod.is_windows()
        || !subject.settings.kube_version.at_least(gates::USER_NAMESPACES)
    {
        return;
    }
    let shares = [(&pod.host_network, "hostNetwork"), (&pod.host_pid, "hostPID"), (&pod.host_ipc, "hostIPC")]
        .into_iter()
        .find(|(field, _)| field.is_true());
    let devices = pod.containers.iter().any(|container| !container.devices.is_empty());
    let on_network = pod.volumes.iter().any(|volume| volume.sources.iter().any(|source| source.name == "nfs"));
    let finding = Finding::new(
        &USER_NAMESPACE_MISSING.meta,
        subject.place(pod.head, route.clone()),
        "Users of this pod are users of the node.",
    )
    .why("Root inside is root for the node's kernel; in a user namespace it would be nobody there.");
    if let Some((_, name)) = shares {
        found.push(finding.how(format!("Remove {name} first: the API server refuses hostUsers: false beside it.")));
        return;
    }
    if devices || on_network {
        let how = "Raw devices and NFS volumes do not go with a user namespace; without them, set hostUsers to false.";
        found.push(finding.how(how));
        return;
    }
    let fix = subject.fix(
        "Give the pod users of its own",
        Safety::ChangesBehaviour,
        Level::Hardened,
        vec![Operation::set(route, false)],
    );
    found.push(finding.how("Set hostUsers to false, if the nodes run Linux 6.3 or newer.").fix(fix));
}

#[cfg(test)]
mod tests {
    use watertight_diagnostic::{KubeVersion, Settings};

    use super::USER_NAMESPACE_MISSING as RULE;
    use crate::vectors::{fail, fixed, pass, run, run_with};

    #[test]
    fn vectors() {
        pass(&RULE, "spec: {hostUsers: false, containers: [{name: a}]}");
        // Told by the rule about asking for the users of the node.
        pass(&RULE, "spec: {hostUsers: true, containers: [{name: a}]}");
        pass(&RULE, "spec: {os: {name: windows}}");
        fail(&RULE, "spec: {containers: [{name: a}]}");
        assert!(run(&RULE, "spec: {hostPID: true}")[0].fixes.is_empty());
        assert!(run(&RULE, "spec: {volumes: [{name: a, nfs: {server: a, path: /}}]}")[0].fixes.is_empty());
        fixed(&RULE, "spec:\n  nodeName: n\n", "spec:\n  nodeName: n\n  hostUsers: false\n");
    }

    #[test]
    fn not_where_clusters_may_not_know_it() {
        let settings = Settings { kube_version: KubeVersion::Minor(32), ..Settings::default() };
        assert!(run_with(&RULE, "spec: {containers: [{name: a}]}", &settings).is_empty());
    }
}
