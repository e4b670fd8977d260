use watertight_diagnostic::Finding;
use watertight_pod::Container;

use crate::subject::called_first;
use crate::{Check, Subject, image};

declare_rule! {
    /// ## What it finds
    /// An image with the tag `latest`, or with none, which means the same. A port of a registry is no tag:
    /// `registry.example.com:5000/web` has none.
    ///
    /// ## Why it matters
    /// Tomorrow the same manifest starts another program. Nobody can say which version ran when something happened,
    /// and two copies of the pod may differ.
    ///
    /// ## What to do
    /// Name a version, better the digest: `crane digest IMAGE` or `docker buildx imagetools inspect IMAGE` prints it.
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
    ///       image: example.com:5000/web
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
    /// ```
    IMAGE_TAG_LATEST = {
        id: "image-tag-latest",
        title: "Image without a fixed version",
        category: Hygiene,
        severity: Low,
        fixable: false,
        sources: [Attack "T1525", Kubescape "C-0075", Trivy "KSV-0013", Checkov "CKV_K8S_14", KubeLinter "latest-tag", KubeScore "container-image-tag", Polaris "tagNotSpecified", Kubeaudit "image", Kics "583053b7", Kyverno "disallow-latest-tag", Gatekeeper "K8sDisallowedTags", Datree "1", Monokle "KBP001"],
        check: Check::Container(check),
    }
}

fn check(subject: &Subject<'_>, container: &Container, found: &mut Vec<Finding>) {
    let (Some(reference), Some(site)) = (container.image.text(), container.image.site()) else { return };
    if reference.is_empty() || !image::read(reference).is_latest() {
        return;
    }
    let what = match image::read(reference).tag {
        Some(tag) if !tag.is_empty() => format!("{} uses the tag latest.", called_first(container)),
        _ => format!("{} names no version of its image, so the latest is used.", called_first(container)),
    };
    found.push(
        Finding::new(&IMAGE_TAG_LATEST.meta, subject.place(site.value, container.route.key("image")), what)
            .why("Tomorrow the same manifest may start another program, and nobody can say which one ran today.")
            .how("Name a version, better the digest.")
            .in_container(&container.name),
    );
}

#[cfg(test)]
mod tests {
    use super::IMAGE_TAG_LATEST as RULE;
    use crate::vectors::{fail, pass, says};

    #[test]
    fn vectors() {
        let with = |image: &str| format!("spec: {{containers: [{{name: a, image: '{image}'}}]}}");
        pass(&RULE, &with("nginx:1.27"));
        pass(&RULE, &with("host:5000/nginx@sha256:00"));
        pass(&RULE, &with("{{ .Values.image }}"));
        pass(&RULE, "spec: {containers: [{name: a}]}");
        fail(&RULE, &with("host:5000/nginx"));
        says(&RULE, &with("nginx:latest"), "tag latest");
    }
}
