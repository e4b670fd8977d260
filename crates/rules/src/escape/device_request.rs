use watertight_diagnostic::{Finding, joined};
use watertight_pod::Container;

use crate::subject::called_first;
use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// A container that asks for a device: an extended resource such as `nvidia.com/gpu`, or a resource claim.
    ///
    /// ## Why it matters
    /// A device plugin hands the device in, and with it the code of its driver in the kernel of the node; hooks of GPU
    /// toolkits run on the node while the container is set up and have been taken over by crafted images (CVE-2024-0132,
    /// CVE-2025-23266). For a program that computes on a GPU this is how it has to be.
    ///
    /// ## What to do
    /// Keep drivers and toolkits of the node current; ask for what is used, and no more.
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
    ///       resources:
    ///         limits:
    ///           nvidia.com/gpu: 1
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
    ///           memory: 128Mi
    /// ```
    DEVICE_REQUEST = {
        id: "device-request",
        title: "Device of the node asked for",
        category: Escape,
        severity: Info,
        fixable: false,
        sources: [Attack "T1611", Cis "5.2.12"],
        check: Check::Container(check),
    }
}

fn check(subject: &Subject<'_>, container: &Container, found: &mut Vec<Finding>) {
    let resources = || container.route.key("resources");
    let limits = container.resources.limits.iter().filter(|limit| is_extended(&limit.name) && limit.value != "0");
    let limits = limits.map(|limit| (&limit.name, limit.site, resources().key("limits").key(limit.name.clone())));
    let claims = container.resources.claims.iter();
    let claims =
        claims.enumerate().map(|(index, claim)| (&claim.name, claim.site, resources().key("claims").index(index)));
    let asked: Vec<_> = limits.chain(claims).collect();
    let Some(((_, site, route), others)) = asked.split_first() else { return };
    let names: Vec<_> = asked.iter().map(|(name, ..)| name.as_str()).collect();
    let mut finding = Finding::new(
        &DEVICE_REQUEST.meta,
        subject.place(site.whole(), route.clone()),
        format!("{} asks for {}.", called_first(container), joined(&names)),
    )
    .in_container(&container.name)
    .why("The driver of the device, in the kernel of the node, is within reach of the container.")
    .how("Keep drivers and toolkits of the node current, and ask for no more than is used.");
    for (_, site, route) in others {
        finding = finding.related(subject.labelled(site.whole(), route.clone(), "and this"));
    }
    found.push(finding);
}

/// An extended resource has a domain that is not the project's own.
/// Source: `k8s.io/kubernetes/pkg/apis/core/v1/helper`, `IsExtendedResourceName`.
fn is_extended(name: &str) -> bool {
    let Some((domain, _)) = name.split_once('/') else { return false };
    domain != "kubernetes.io" && !domain.ends_with(".kubernetes.io") && !name.starts_with("requests.")
}

#[cfg(test)]
mod tests {
    use crate::testing::{container, underlined};

    #[test]
    fn extended_resources_and_claims() {
        let with = |resources: &str| container(&format!("      resources: {resources}"));
        assert_eq!(
            underlined("device-request", &with("{limits: {nvidia.com/gpu: 1, cpu: 1}}")),
            [("nvidia.com/gpu: 1", "info")]
        );
        assert_eq!(underlined("device-request", &with("{limits: {memory: 1Gi, hugepages-2Mi: 4Mi}}")), []);
        assert_eq!(underlined("device-request", &with("{claims: [{name: gpu}]}")).len(), 1);
    }
}
