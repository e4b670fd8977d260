use watertight_diagnostic::{Finding, Level, Operation, Route, Safety};
use watertight_pod::{Field, Site};

use crate::subject::called_first;
use crate::{Check, Subject};

/// The group that the fix proposes.
const GROUP: i64 = 10_001;

declare_rule! {
    /// ## What it finds
    /// Group 0 as the first group (`runAsGroup: 0`), as an additional one (`supplementalGroups`), or as the owner of the
    /// pod's volumes (`fsGroup: 0`).
    ///
    /// ## Why it matters
    /// Group 0 is root's group on the node as well. Many files of a node are open to it, and a folder of the node that
    /// gets into the container is judged by that number.
    ///
    /// ## What to do
    /// Choose another number. Images that are made for OpenShift expect group 0 inside; there the number stays and the
    /// node's folders have to stay out.
    ///
    /// ## Bad
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   securityContext:
    ///     runAsGroup: 0
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
    ///     runAsGroup: 10001
    ///   containers:
    ///     - name: web
    ///       image: example.com/web:1.0
    /// ```
    ROOT_GROUP = {
        id: "root-group",
        title: "Root's group",
        category: Hardening,
        severity: Low,
        fixable: true,
        sources: [
            Nsa "1.6", Kubescape "C-0211", Trivy "KSV-0116", Kyverno "require-non-root-groups",
            Gatekeeper "K8sPSPFSGroup", Monokle "KBP109",
        ],
        check: Check::Pod(check),
    }
}

fn check(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let pod = subject.pod;
    if pod.is_windows() {
        return;
    }
    let security = || pod.route.key("securityContext");
    if let Some(site) = zero(&pod.security.run_as_group) {
        let what = "The pod runs its containers in root's group.".to_owned();
        found.push(told(subject, site, security().key("runAsGroup"), what));
    }
    if let Some(site) = zero(&pod.security.fs_group) {
        let what = "The volumes of the pod are given to root's group.".to_owned();
        found.push(told(subject, site, security().key("fsGroup"), what));
    }
    for (index, (_, site)) in pod.security.supplemental_groups.iter().enumerate().filter(|(_, (group, _))| *group == 0)
    {
        let groups = security().key("supplementalGroups");
        let route = groups.index(index);
        let mut finding =
            told(subject, *site, route.clone(), "The containers of the pod belong to root's group as well.".to_owned());
        finding.fixes.clear();
        if pod.doubt(&groups).is_none() {
            let title = "Leave out root's group";
            let operations = vec![Operation::remove_with(route, 2)];
            finding = finding.fix(subject.fix(title, Safety::NeedsReview, Level::Hardened, operations));
        }
        found.push(finding);
    }
    for container in &pod.containers {
        if let Some(site) = zero(&container.security.run_as_group) {
            let what = format!("{} runs in root's group.", called_first(container));
            let route = container.route.keys("securityContext.runAsGroup");
            found.push(told(subject, site, route, what).in_container(&container.name));
        }
    }
}

fn zero(group: &Field<i64>) -> Option<Site> {
    group.site().filter(|_| group.get() == Some(&0))
}

fn told(subject: &Subject<'_>, site: Site, route: Route, what: String) -> Finding {
    let operations = vec![Operation::set(route.clone(), GROUP)];
    let title = format!("Use group {GROUP}; the files it needs must be open to that group");
    let finding = Finding::new(&ROOT_GROUP.meta, subject.place(site.whole(), route), what)
        .why("The same number is root's group on the node, to which many files there are open.")
        .how("Choose a number other than 0.")
        .fix(subject.fix(title, Safety::NeedsReview, Level::Hardened, operations));
    subject.ease(finding)
}

#[cfg(test)]
mod tests {
    use super::ROOT_GROUP as RULE;
    use crate::vectors::{fail, fixed, pass};

    #[test]
    fn vectors() {
        pass(&RULE, "spec: {securityContext: {runAsGroup: 1, fsGroup: 2, supplementalGroups: [3]}}");
        pass(&RULE, "spec: {containers: [{name: a}]}");
        fail(&RULE, "spec: {securityContext: {fsGroup: 0}}");
        fail(&RULE, "spec: {securityContext: {runAsGroup: 00}}");
        fail(&RULE, "spec: {containers: [{name: a, securityContext: {runAsGroup: 0}}]}");
        fixed(
            &RULE,
            "spec:\n  securityContext:\n    fsGroup: 0\n    supplementalGroups:\n      - 0\n      - 7\n",
            "spec:\n  securityContext:\n    fsGroup: 10001\n    supplementalGroups:\n      - 7\n",
        );
    }
}
