use watertight_diagnostic::{Finding, Severity};
use watertight_pod::Container;

use crate::image::{self, Digest};
use crate::subject::called;
use crate::{Check, Subject, words};

declare_rule! {
    /// ## What it finds
    /// Images that are named by a tag alone. One finding for the whole pod.
    ///
    /// ## Why it matters
    /// A tag can be moved. Whoever may write to the registry, or takes it over, decides what runs here next; a digest
    /// names the content itself.
    ///
    /// ## What to do
    /// Write the digest behind the tag: `web:1.0@sha256:…`. `crane digest IMAGE` prints it; tools such as Renovate
    /// keep it current.
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
    ///       image: example.com/web:1.0@sha256:5b0bcabd1ed22e9fb1310cf6c2dec7cdef19f0ad69efa1f392e94a4333501270
    /// ```
    IMAGE_WITHOUT_DIGEST = {
        id: "image-without-digest",
        title: "Image without a digest",
        category: Hygiene,
        severity: Info,
        fixable: false,
        sources: [Attack "T1525", Kubescape "C-0306", Checkov "CKV_K8S_43", Kics "7c81d34c", Kyverno "require-image-checksum", Gatekeeper "K8sImageDigests", Datree "23"],
        check: Check::Pod(check),
    }
}

fn check(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let (movable, broken): (Vec<&Container>, Vec<&Container>) = subject
        .pod
        .containers
        .iter()
        // What names no version at all is told by another rule.
        .filter(|container| {
            container.image.text().is_some_and(|reference| {
                let image = image::read(reference);
                !reference.is_empty() && image.digest != Digest::Good && !image.is_latest()
            })
        })
        .partition(|container| container.image.text().is_some_and(|text| image::read(text).digest == Digest::None));
    for container in broken {
        let Some(site) = container.image.site() else { continue };
        let place = subject.place(site.value, container.route.key("image"));
        let what = format!("What stands behind the @ in the image of {} is no digest.", called(container));
        found.push(
            Finding::new(&IMAGE_WITHOUT_DIGEST.meta, place, what)
                .severity(Severity::Low)
                .why("The node refuses the name, and the container does not start.")
                .how("A digest is sha256: and 64 hexadecimal digits in small letters.")
                .in_container(&container.name),
        );
    }
    let mut places = movable
        .iter()
        .filter_map(|container| Some(subject.place(container.image.site()?.value, container.route.key("image"))));
    let Some(first) = places.next() else { return };
    let noun = if movable.len() == 1 { "The image" } else { "The images" };
    let verb = if movable.len() == 1 { "is" } else { "are" };
    let what = format!("{noun} of {} {verb} named by a tag, which can be moved.", words::containers(&movable));
    let mut finding = Finding::new(&IMAGE_WITHOUT_DIGEST.meta, first, what)
        .why("Whoever may write to the registry decides what runs here next.")
        .how("Write the digest behind the tag.");
    finding.also(places);
    if let [only] = movable.as_slice() {
        finding = finding.in_container(&only.name);
    }
    found.push(finding);
}

#[cfg(test)]
mod tests {
    use super::IMAGE_WITHOUT_DIGEST as RULE;
    use crate::vectors::{fail, pass, says};

    #[test]
    fn vectors() {
        pass(&RULE, &format!("spec: {{containers: [{{name: a, image: 'a:1@sha256:{}'}}]}}", "0".repeat(64)));
        says(&RULE, "spec: {containers: [{name: a, image: 'a:1@sha256:00'}]}", "no digest");
        // Told by the rule for images without a version.
        pass(&RULE, "spec: {containers: [{name: a, image: a}]}");
        fail(&RULE, "spec: {containers: [{name: a, image: 'a:1'}], initContainers: [{name: b, image: 'b:1'}]}");
    }
}
