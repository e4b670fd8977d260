use watertight_diagnostic::Finding;
use watertight_pod::{Container, Field};

use crate::{Check, Subject, inherit, words};

/// The first number that distributions give to nobody by habit.
const FREE: i64 = 10_000;

declare_rule! {
    /// ## What it finds
    /// A fixed `runAsUser` or `runAsGroup` between 1 and 9999, without a user namespace. One finding for the whole pod.
    ///
    /// ## Why it matters
    /// The number means the same user on the node. Small numbers belong to services and people there: 1000 is the first
    /// account of most distributions. A process that gets out, or a folder of the node that gets in, is judged by it.
    ///
    /// ## What to do
    /// Choose a number from 10000 on, and a different one for each workload. With `hostUsers: false` the number means
    /// nothing on the node and the choice is free.
    ///
    /// ## Bad
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   securityContext:
    ///     runAsUser: 1000
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
    ///     runAsUser: 12345
    ///   containers:
    ///     - name: web
    ///       image: example.com/web:1.0
    /// ```
    LOW_USER_ID = {
        id: "low-user-id",
        title: "User or group number that the node may know",
        category: Hardening,
        severity: Info,
        fixable: false,
        sources: [
            Kubesec "RunAsUser", Kubesec "RunAsGroup", KubeScore "container-security-context-user-group-id",
            Trivy "KSV-0020", Trivy "KSV-0021", Checkov "CKV_K8S_40", Kics "02323c00", Datree "29", Datree "51",
            Monokle "KBP104", Monokle "KBP105",
        ],
        check: Check::Pod(check),
    }
}

fn check(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let pod = subject.pod;
    if pod.is_windows() || subject.user_namespace().is_some() {
        return;
    }
    let low: Vec<&Container> = pod
        .containers
        .iter()
        .filter(|container| {
            let group = container.security.run_as_group.or(&pod.security.run_as_group);
            is_low(inherit::user(pod, container)) || is_low(group)
        })
        .collect();
    if low.is_empty() {
        return;
    }
    // All places where such a number is written; the first is the primary one.
    let security = pod.route.key("securityContext");
    let mut places = Vec::new();
    let mut note = |field: &Field<i64>, route: watertight_diagnostic::Route| {
        if let (true, Some(site)) = (is_low(field), field.site()) {
            places.push(subject.place(site.whole(), route));
        }
    };
    note(&pod.security.run_as_user, security.key("runAsUser"));
    note(&pod.security.run_as_group, security.key("runAsGroup"));
    for container in &low {
        let own = container.route.key("securityContext");
        note(&container.security.run_as_user, own.key("runAsUser"));
        note(&container.security.run_as_group, own.key("runAsGroup"));
    }
    let mut places = places.into_iter();
    let Some(first) = places.next() else { return };
    let verb = if low.len() == 1 { "runs" } else { "run" };
    let what = format!(
        "{} {verb} under a number below {FREE} that may belong to somebody on the node.",
        words::containers_first(&low)
    );
    let mut finding = Finding::new(&LOW_USER_ID.meta, first, what)
        .why("User and group numbers mean the same on the node, where small ones belong to services and people.")
        .how(format!("Choose a number from {FREE} on, another one for each workload."));
    finding.also(places);
    if let [only] = low.as_slice() {
        finding = finding.in_container(&only.name);
    }
    found.push(finding);
}

fn is_low(number: &Field<i64>) -> bool {
    number.get().is_some_and(|&number| (1..FREE).contains(&number))
}

#[cfg(test)]
mod tests {
    use super::LOW_USER_ID as RULE;
    use crate::vectors::{fail, pass};

    #[test]
    fn vectors() {
        pass(&RULE, "spec: {containers: [{name: a}]}");
        pass(&RULE, "spec: {securityContext: {runAsUser: 10000, runAsGroup: 10000}, containers: [{name: a}]}");
        pass(&RULE, "spec: {hostUsers: false, securityContext: {runAsUser: 1}, containers: [{name: a}]}");
        // Root is told by another rule.
        pass(&RULE, "spec: {securityContext: {runAsUser: 0}, containers: [{name: a}]}");
        fail(&RULE, "spec: {securityContext: {runAsUser: 9999}, containers: [{name: a}, {name: b}]}");
        fail(&RULE, "spec: {containers: [{name: a, securityContext: {runAsGroup: 5}}]}");
        // Every container overrides it.
        pass(
            &RULE,
            "spec: {securityContext: {runAsUser: 1}, containers: [{name: a, securityContext: {runAsUser: 20000}}]}",
        );
    }
}
