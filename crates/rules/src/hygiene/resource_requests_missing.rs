use watertight_diagnostic::Finding;
use watertight_pod::{Container, ContainerList, Resources};

use crate::{Check, Subject, inherit, words};

declare_rule! {
    /// ## What it finds
    /// Containers that request no memory or no CPU, and have no limit that would stand in, in a pod that asks for nothing
    /// as a whole either. One finding for the whole pod.
    ///
    /// ## Why it matters
    /// The scheduler then takes the pod for one that needs nothing: nodes fill up, and pods without requests are the
    /// first to be evicted.
    ///
    /// ## What to do
    /// Request what the program usually needs.
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
    ///         requests:
    ///           memory: 128Mi
    ///           cpu: 100m
    /// ```
    RESOURCE_REQUESTS_MISSING = {
        id: "resource-requests-missing",
        title: "No request for memory or CPU",
        category: Hygiene,
        severity: Info,
        fixable: false,
        sources: [Kubescape "C-0268", Kubescape "C-0269", Trivy "KSV-0015", Trivy "KSV-0016", Checkov "CKV_K8S_10", Checkov "CKV_K8S_12", Kubesec "RequestsCPU", Kubesec "RequestsMemory", Polaris "cpuRequestsMissing", Polaris "memoryRequestsMissing", Datree "3", Datree "5", Gatekeeper "K8sContainerRequests", Monokle "KBP002", Monokle "KBP004"],
        check: Check::Pod(check),
    }
}

fn check(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let mut lacking: Vec<&str> = Vec::new();
    let shared = inherit::shared_resources(subject);
    if subject.pod.doubt(&subject.pod.route.key("resources")).is_some() {
        return;
    }
    let hungry: Vec<&Container> = subject
        .pod
        .containers
        .iter()
        .filter(|container| container.list != ContainerList::Ephemeral)
        .filter(|container| subject.pod.doubt(&container.route.key("resources")).is_none())
        .filter(|container| {
            let mut lacks = false;
            for (resource, word) in [("memory", "memory"), ("cpu", "CPU")] {
                let asks = |resources: &Resources| {
                    resources.limits.iter().chain(&resources.requests).any(|pair| pair.name == resource)
                };
                if !asks(&container.resources) && !shared.is_some_and(asks) {
                    lacks = true;
                    if !lacking.contains(&word) {
                        lacking.push(word);
                    }
                }
            }
            lacks
        })
        .collect();
    let mut places = hungry.iter().map(|container| {
        let span = container.resources.site.and_then(|site| site.key).unwrap_or(container.head);
        subject.place(span, container.route.keys("resources.requests"))
    });
    let Some(first) = places.next() else { return };
    let verb = if hungry.len() == 1 { "requests" } else { "request" };
    let what = format!("{} {verb} no {}.", words::containers_first(&hungry), lacking.join(" and no "));
    let mut finding = Finding::new(&RESOURCE_REQUESTS_MISSING.meta, first, what)
        .why("The scheduler takes the pod for one that needs nothing, and evicts it first when the node runs short.")
        .how("Request what the program usually needs.");
    finding.also(places);
    if let [only] = hungry.as_slice() {
        finding = finding.in_container(&only.name);
    }
    found.push(finding);
}

#[cfg(test)]
mod tests {
    use super::RESOURCE_REQUESTS_MISSING as RULE;
    use crate::vectors::{pass, says};

    #[test]
    fn vectors() {
        pass(&RULE, "spec: {containers: [{name: a, resources: {requests: {memory: 1Gi}, limits: {cpu: 1}}}]}");
        pass(&RULE, "spec: {ephemeralContainers: [{name: a}]}");
        pass(&RULE, "spec: {resources: {requests: {memory: 1Gi, cpu: 1}}, containers: [{name: a}]}");
        says(&RULE, "spec: {resources: {requests: {cpu: 1}}, containers: [{name: a}]}", "requests no memory");
        says(&RULE, "spec: {containers: [{name: a}]}", "no memory and no CPU");
        says(&RULE, "spec: {containers: [{name: a, resources: {requests: {memory: 1Gi}}}]}", "requests no CPU");
    }
}
