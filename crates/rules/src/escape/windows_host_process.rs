use watertight_diagnostic::{Finding, Level, Operation, Route, Safety};
use watertight_pod::{Container, Field, Pod, Site, Windows};

use crate::subject::called_first;
use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// `windowsOptions.hostProcess: true`, for the whole pod or for one container.
    ///
    /// ## Why it matters
    /// A host process container is a program of the Windows node: it sees its files, its registry and its network, with the
    /// rights of the account it runs as, often the system account. There is no border to cross.
    ///
    /// ## What to do
    /// Remove it, together with `hostNetwork`, which it needs. Node agents that must have it belong into a namespace of their
    /// own that only administrators may write to.
    ///
    /// ## Bad
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   os:
    ///     name: windows
    ///   hostNetwork: true
    ///   securityContext:
    ///     windowsOptions:
    ///       hostProcess: true
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
    ///   os:
    ///     name: windows
    ///   containers:
    ///     - name: web
    ///       image: example.com/web:1.0
    /// ```
    WINDOWS_HOST_PROCESS = {
        id: "windows-host-process",
        title: "Process of the Windows node",
        category: Escape,
        severity: Critical,
        fixable: true,
        sources: [
            Pss "windowsHostProcess", Cis "5.2.11", Nsa "Pod security", Attack "T1611", Kubescape "C-0202", Trivy "KSV-0103", Polaris "hostProcess", Kyverno "disallow-host-process",
            Gatekeeper "K8sPSPHostProcess", Datree "85", Monokle "PSS101",
        ],
        check: Check::Pod(check),
    }
}

fn check(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let pod = subject.pod;
    for (container, site, route) in sites(pod) {
        let who = container.map_or_else(|| "The pod".to_owned(), called_first);
        let mut finding = Finding::new(
            &WINDOWS_HOST_PROCESS.meta,
            subject.place(site.value, route),
            format!("{who} runs as a process of the Windows node."),
        )
        .why("It has the files, the registry and the network of the node: there is no border between them.")
        .how("Remove hostProcess and the hostNetwork that it needs.")
        .fix(subject.fix(
            "Run all containers as ordinary Windows containers",
            Safety::NeedsReview,
            Level::Baseline,
            // All at once: the API server refuses a pod in which only some containers are host processes.
            removal(pod),
        ));
        if let Some(container) = container {
            finding = finding.in_container(&container.name);
        }
        found.push(finding);
    }
}

/// What takes the host process from the pod and all its containers.
pub(crate) fn removal(pod: &Pod) -> Vec<Operation> {
    sites(pod).into_iter().map(|(_, _, route)| Operation::remove_with(route, 2)).collect()
}

fn sites(pod: &Pod) -> Vec<(Option<&Container>, Site, Route)> {
    let pod_level = (None, &pod.security.windows, &pod.route);
    let containers = pod.containers.iter().map(|c| (Some(c), &c.security.windows, &c.route));
    std::iter::once(pod_level)
        .chain(containers)
        .filter_map(|(container, windows, route)| {
            let site = host_process(windows)?;
            Some((container, site, route.keys("securityContext.windowsOptions.hostProcess")))
        })
        .collect()
}

fn host_process(windows: &Field<Windows>) -> Option<Site> {
    let field = &windows.get()?.host_process;
    field.site().filter(|_| field.is_true())
}

#[cfg(test)]
mod tests {
    use crate::testing::{findings_of, pod, underlined};

    #[test]
    fn each_place_once_and_one_fix_for_all() {
        let text =
            pod("  securityContext: {windowsOptions: {hostProcess: true}}\n  containers:\n    - name: a\n      \
                        securityContext: {windowsOptions: {hostProcess: true}}");
        let rule = "windows-host-process";
        assert_eq!(underlined(rule, &text), [("true", "critical"), ("true", "critical")]);
        assert!(findings_of(rule, &text).iter().all(|found| found.fixes[0].operations.len() == 2));
        assert_eq!(underlined(rule, &pod("  securityContext: {windowsOptions: {hostProcess: false}}")), []);
    }
}
