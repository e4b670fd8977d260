use watertight_diagnostic::{Finding, Level, Operation, Route, Safety, Severity};
use watertight_pod::{Container, Field};

use crate::subject::{called, called_first};
use crate::{Check, Subject, inherit, words};

/// The user that the fix proposes: one that no distribution gives to anybody.
pub(crate) const USER: i64 = 10_001;

declare_rule! {
    /// ## What it finds
    /// `runAsUser: 0`, on the pod or on a container; `user: root` on a hook of a Compose service that is another user itself.
    ///
    /// ## Why it matters
    /// Without a user namespace root inside the container is root for the kernel of the node. Every flaw in the
    /// container runtime and every file of the node that gets into the container is then used with the rights of root.
    ///
    /// ## What to do
    /// Run as a user of its own and say `runAsNonRoot: true`, so that the node refuses to start it otherwise. Files in
    /// the image and in volumes that only root may read or write have to be given to that user. Where root cannot be
    /// avoided, `hostUsers: false` makes it a nobody on the node.
    ///
    /// ## Bad
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   securityContext:
    ///     runAsUser: 0
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
    ///     runAsNonRoot: true
    ///     runAsUser: 10001
    ///   containers:
    ///     - name: web
    ///       image: example.com/web:1.0
    /// ```
    RUNS_AS_ROOT = {
        id: "runs-as-root",
        title: "Runs as root",
        category: Hardening,
        severity: Medium,
        fixable: true,
        sources: [
            Pss "runAsUser", Pss "runAsNonRoot", Cis "5.2.7", Nsa "1.0", Kubescape "C-0013", Kubescape "C-0198",
            Trivy "KSV-0105", Checkov "CKV_K8S_23", Kubesec "RunAsUser", KubeLinter "run-as-non-root",
            KubeScore "container-security-context-user-group-id", Polaris "runAsRootAllowed", Kubeaudit "nonroot",
            Kyverno "require-run-as-non-root-user", Gatekeeper "K8sPSPAllowedUsers", Monokle "PSS204",
        ],
        check: Check::Pod(check),
    }
}

fn check(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let pod = subject.pod;
    if is_root(&pod.security.run_as_user) {
        let heirs: Vec<&Container> =
            pod.containers.iter().filter(|container| is_heir(&container.security.run_as_user)).collect();
        pod_runs_as_root(subject, &heirs, found);
    }
    for container in pod.containers.iter().filter(|container| is_root(&container.security.run_as_user)) {
        // It never starts, which another rule says.
        let forbidden = inherit::non_root(pod, container).is_true();
        if forbidden && !pod.is_windows() {
            continue;
        }
        let security = container.route.key("securityContext");
        let what = format!("{} runs as root.", called_first(container));
        let Some(site) = container.security.run_as_user.site() else { continue };
        let place = subject.place(site.whole(), security.key("runAsUser"));
        let mut finding = Finding::new(&RUNS_AS_ROOT.meta, place, what).in_container(&container.name);
        if !forbidden {
            let span = container.security.run_as_non_root.site().map_or(site.value, |site| site.whole());
            finding = finding.related(subject.labelled(span, security.key("runAsNonRoot"), "nothing forbids it"));
        }
        found.push(finished(subject, finding, &security));
    }
    hooks(subject, found);
}

/// Hooks of a container that is not root itself: their commands are. Nobody but the author can say what they do that for,
/// so there is no fix.
fn hooks(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let Some(container) = subject.pod.containers.first() else { return };
    if container.security.run_as_user.get().is_none_or(|user| *user == 0) {
        return;
    }
    for (index, hook) in subject.pod.engine.root_hooks.iter().enumerate() {
        let route = subject.pod.route.key("hooks").index(index);
        let what =
            format!("The hook {} of {} runs as root, although the container does not.", hook.name, called(container));
        let finding = Finding::new(&RUNS_AS_ROOT.meta, subject.place(hook.site.whole(), route), what)
            .severity(Severity::Low)
            .in_container(&container.name)
            .why("Its command has what root in the container has, and works on files that others in there can change.")
            .how("Remove its user, or keep what it does short: give files to the user of the container and no more.");
        found.push(subject.ease(finding));
    }
}

fn pod_runs_as_root(subject: &Subject<'_>, heirs: &[&Container], found: &mut Vec<Finding>) {
    let pod = subject.pod;
    let never_start = |container: &&Container| inherit::non_root(pod, container).is_true();
    if !heirs.is_empty() && heirs.iter().all(never_start) && !pod.is_windows() {
        return;
    }
    let Some(site) = pod.security.run_as_user.site() else { return };
    let security = pod.route.key("securityContext");
    let place = subject.place(site.whole(), security.key("runAsUser"));
    let finding = if heirs.is_empty() {
        let what = "The pod asks for root, although every container overrides it.";
        Finding::new(&RUNS_AS_ROOT.meta, place, what).severity(Severity::Info)
    } else {
        let verb = if heirs.len() == 1 { "runs" } else { "run" };
        let what = format!("{} {verb} as root, because the pod asks for it.", words::containers_first(heirs));
        Finding::new(&RUNS_AS_ROOT.meta, place, what)
    };
    let finding = heirs.iter().fold(finding, |finding, container| {
        finding.related(subject.labelled(container.head, container.route.clone(), "runs as root"))
    });
    found.push(finished(subject, finding, &security));
}

fn finished(subject: &Subject<'_>, finding: Finding, security: &Route) -> Finding {
    let why = "Root in the container is root for the node's kernel: one flaw on the way out, and it is root outside.";
    let finding =
        finding.why(why).how("Choose a user other than 0 and set runAsNonRoot to true.").fix(fix(subject, security));
    subject.linux_only(subject.ease(finding))
}

/// Another user, and the promise to stay so.
pub(crate) fn fix(subject: &Subject<'_>, security: &Route) -> watertight_diagnostic::Fix {
    if subject.pod.is_windows() {
        let operations = vec![Operation::remove_with(security.key("runAsUser"), 1)];
        return subject.fix("Remove the user of Linux", Safety::Safe, Level::Restricted, operations);
    }
    subject.fix(
        format!("Run as user {USER} instead of root; the files it needs must be open to that user"),
        Safety::NeedsReview,
        Level::Restricted,
        vec![Operation::set(security.key("runAsUser"), USER), Operation::set(security.key("runAsNonRoot"), true)],
    )
}

fn is_root(user: &Field<i64>) -> bool {
    user.get() == Some(&0)
}

fn is_heir(user: &Field<i64>) -> bool {
    user.is_silent()
}

#[cfg(test)]
mod tests {
    use super::RUNS_AS_ROOT as RULE;
    use crate::vectors::{fail, fixed, pass};

    #[test]
    fn vectors() {
        pass(&RULE, "spec: {containers: [{name: a}]}");
        pass(&RULE, "spec: {securityContext: {runAsUser: 1000}, containers: [{name: a}]}");
        pass(&RULE, "spec: {securityContext: {runAsUser: '0'}, containers: [{name: a}]}");
        // It never starts.
        pass(&RULE, "spec: {securityContext: {runAsUser: 0, runAsNonRoot: true}, containers: [{name: a}]}");
        fail(&RULE, "spec: {securityContext: {runAsUser: 0}, containers: [{name: a}]}");
        fail(
            &RULE,
            "spec: {securityContext: {runAsUser: 0}, containers: [{name: a, securityContext: {runAsUser: 5}}]}",
        );
        fail(&RULE, "spec: {initContainers: [{name: a, securityContext: {runAsUser: 0}}]}");
        fixed(
            &RULE,
            "spec:\n  securityContext:\n    runAsUser: 0 # why?\n  containers:\n    - name: a\n",
            "spec:\n  securityContext:\n    runAsUser: 10001 # why?\n    runAsNonRoot: true\n  containers:\n    - name: a\n",
        );
    }
}
