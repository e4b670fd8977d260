use watertight_diagnostic::{Finding, Level, Operation, Safety, Severity, joined};
use watertight_pod::{Container, ContainerList, Resources, quantity};

use crate::subject::called_first;
use crate::{Check, Subject, inherit};

declare_rule! {
    /// ## What it finds
    /// A container without a limit for memory or CPU, in a pod that has none for all of its containers either. One
    /// finding for each container.
    ///
    /// ## Why it matters
    /// It can take what the node has, by a fault or because somebody mines coins in it. The neighbours then starve, and
    /// when memory runs out the kernel may kill them instead of the culprit.
    ///
    /// ## What to do
    /// Measure what the program uses under load (`kubectl top pod`) and set the memory limit some way above it. A CPU
    /// limit slows the program down even while the node is idle; some leave it out on purpose and set a request, which
    /// guards the neighbours as well. A LimitRange in the namespace sets both for pods that say nothing.
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
    ///       resources:
    ///         limits:
    ///           memory: 256Mi
    ///           cpu: 500m
    /// ```
    RESOURCE_LIMITS_MISSING = {
        id: "resource-limits-missing",
        title: "No limit for memory or CPU",
        category: Hardening,
        severity: Low,
        fixable: true,
        sources: [
            Nsa "Pod security", Attack "T1496", Kubescape "C-0270", Kubescape "C-0271", Kubescape "C-0009", Trivy "KSV-0011", Trivy "KSV-0018",
            Checkov "CKV_K8S_11", Checkov "CKV_K8S_13", Kubesec "LimitsCPU", Kubesec "LimitsMemory",
            KubeLinter "unset-cpu-requirements", KubeLinter "unset-memory-requirements",
            KubeScore "container-resources", Polaris "cpuLimitsMissing", Polaris "memoryLimitsMissing",
            Kubeaudit "limits", Kics "4ac0e2b7", Kyverno "require-pod-requests-limits", Gatekeeper "K8sContainerLimits",
            Datree "2", Datree "4", Monokle "KBP003", Monokle "KBP005",
        ],
        check: Check::Container(check),
    }
}

/// The resources that are asked for, with what the fix proposes when the container requests none.
const LIMITED: [(&str, &str, &str); 2] = [("memory", "memory", "256Mi"), ("cpu", "CPU", "500m")];

fn check(subject: &Subject<'_>, container: &Container, found: &mut Vec<Finding>) {
    let route = container.route.keys("resources.limits");
    // Ephemeral containers cannot have any.
    let known = |route| subject.pod.doubt(route).is_none();
    if container.list == ContainerList::Ephemeral || !known(&route) || !known(&subject.pod.route.key("resources")) {
        return;
    }
    let shared = inherit::shared_resources(subject);
    let is_limited = |resource: &str| {
        container.resources.limit(resource).is_some() || shared.is_some_and(|shared| shared.limit(resource).is_some())
    };
    let missing: Vec<_> = LIMITED.into_iter().filter(|(resource, _, _)| !is_limited(resource)).collect();
    if missing.is_empty() {
        return;
    }
    let words: Vec<&str> = missing.iter().map(|(_, word, _)| *word).collect();
    let span = container.resources.site.and_then(|site| site.key).unwrap_or(container.head);
    let without_memory = words.contains(&"memory");
    let mut operations = Vec::with_capacity(missing.len());
    let mut proposed = Vec::with_capacity(missing.len());
    for (resource, word, usual) in &missing {
        // A limit below the request is refused, so what is requested becomes the limit.
        let of_pod = || shared.and_then(|shared| requested(shared, resource));
        let (limits, limit) = match (requested(&container.resources, resource), of_pod()) {
            (Some(request), _) => (route.clone(), request),
            // The API server takes a limit for the request too, and all of them may not ask for more than their pod.
            (None, Some(request)) => (subject.pod.route.keys("resources.limits"), request),
            (None, None) => (route.clone(), *usual),
        };
        operations.push(Operation::set(limits.key(*resource), limit));
        proposed.push(format!("{word} to {limit}"));
    }
    let title = format!("Limit {}; put in what the program really needs", joined(&proposed));
    let mut finding = Finding::new(
        &RESOURCE_LIMITS_MISSING.meta,
        subject.place(span, route),
        format!("{} has no limit for {}.", called_first(container), joined(&words)),
    )
    .severity(if without_memory { Severity::Low } else { Severity::Info })
    .why(if without_memory {
        "It can take all memory of the node, and the kernel may then kill its neighbours instead."
    } else {
        "It can take all processor time that is free, and its neighbours become slow."
    })
    .how("Set limits a little above what the program uses under load.")
    .in_container(&container.name)
    .fix(subject.fix(title, Safety::NeedsReview, Level::Hardened, operations));
    let pods = &subject.pod.resources;
    if let Some(site) = pods.site.filter(|_| shared.is_none() && words_of(pods).any(|word| words.contains(&word))) {
        finding.why.to_mut().push_str(" The pod's own limit counts from Kubernetes 1.34 on.");
        finding = finding.related(subject.place(site.whole(), subject.pod.route.key("resources")));
    }
    found.push(finding);
}

/// How much of a resource is asked for. What the API server cannot read is no amount for a limit either.
fn requested<'r>(resources: &'r Resources, name: &str) -> Option<&'r str> {
    let request = resources.requests.iter().find(|pair| pair.name == name)?;
    quantity::may_be(&request.value).then_some(&*request.value)
}

/// What is limited, in words.
fn words_of(resources: &Resources) -> impl Iterator<Item = &'static str> {
    LIMITED.into_iter().filter(|(resource, _, _)| resources.limit(resource).is_some()).map(|(_, word, _)| word)
}

#[cfg(test)]
mod tests {
    use super::RESOURCE_LIMITS_MISSING as RULE;
    use watertight_diagnostic::{KubeVersion, Settings};

    use crate::vectors::{fixed, pass, run_with, says};

    #[test]
    fn vectors() {
        pass(&RULE, "spec: {containers: [{name: a, resources: {limits: {memory: 1Gi, cpu: 1}}}]}");
        pass(&RULE, "spec: {ephemeralContainers: [{name: a}]}");
        pass(&RULE, "spec: {containers: [{name: a, resources: '{{ .Values.resources }}'}]}");
        pass(&RULE, "spec: {resources: {limits: {memory: 1Gi, cpu: 1}}, containers: [{name: a}]}");
        pass(
            &RULE,
            "spec: {resources: {limits: {memory: 1Gi}}, containers: [{name: a, resources: {limits: {cpu: 1}}}]}",
        );
        pass(&RULE, "spec: {resources: '{{ .Values.resources }}', containers: [{name: a}]}");
        says(&RULE, "spec: {resources: {limits: {cpu: 1}}, containers: [{name: a}]}", "for memory");
        says(&RULE, "spec: {resources: {requests: {memory: 1Gi, cpu: 1}}, containers: [{name: a}]}", "memory and CPU");
        let old = Settings { kube_version: KubeVersion::Minor(33), ..Settings::default() };
        let text = "spec: {resources: {limits: {cpu: 1}}, containers: [{name: a}]}";
        let found = run_with(&RULE, text, &old);
        assert!(found[0].what.contains("memory and CPU") && found[0].why.contains("1.34"), "{found:?}");
        says(&RULE, "spec: {containers: [{name: a}]}", "memory and CPU");
        says(&RULE, "spec: {containers: [{name: a, resources: {limits: {memory: 1Gi}}}]}", "for CPU");
        says(&RULE, "spec: {initContainers: [{name: a, resources: {limits: {cpu: 1}}}]}", "for memory");
        fixed(
            &RULE,
            "spec:\n  resources:\n    requests:\n      memory: 64Mi\n  containers:\n    - name: a\n",
            "spec:\n  resources:\n    requests:\n      memory: 64Mi\n    limits:\n      memory: 64Mi\n  containers:\n    - name: a\n      resources:\n        limits:\n          cpu: 500m\n",
        );
        fixed(
            &RULE,
            "spec:\n  containers:\n    - name: a\n      resources:\n        requests:\n          memory: 3Gi\n",
            "spec:\n  containers:\n    - name: a\n      resources:\n        requests:\n          memory: 3Gi\n        limits:\n          memory: 3Gi\n          cpu: 500m\n",
        );
        // What is no amount is told of the limit itself, and does not become one.
        pass(&RULE, "spec: {containers: [{name: a, resources: {limits: {memory: 128MB, cpu: 1}}}]}");
        fixed(
            &RULE,
            "spec:\n  containers:\n    - name: a\n      resources:\n        requests:\n          memory: 64MB\n          cpu: ${CPU}\n",
            "spec:\n  containers:\n    - name: a\n      resources:\n        requests:\n          memory: 64MB\n          cpu: ${CPU}\n        limits:\n          memory: 256Mi\n          cpu: ${CPU}\n",
        );
    }
}
