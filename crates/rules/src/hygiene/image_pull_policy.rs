use watertight_diagnostic::{Finding, Operation, Safety};
use watertight_pod::{Container, Field};

use crate::image::{self, Digest};
use crate::{Check, Subject, words};

declare_rule! {
    /// ## What it finds
    /// Images named by a tag that are not fetched anew at each start (`imagePullPolicy` is not `Always`). Without the
    /// field that is so for every tag but `latest`. One finding for the whole pod.
    ///
    /// ## Why it matters
    /// What lies on the node under that name is used, however it came there, and without asking the registry whether
    /// this pod may have it.
    ///
    /// ## What to do
    /// Name the digest, or set `imagePullPolicy: Always`. The layers are not fetched again as long as nothing has
    /// changed.
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
    ///       imagePullPolicy: Always
    /// ```
    IMAGE_PULL_POLICY = {
        id: "image-pull-policy",
        title: "Image taken from the node without asking",
        category: Hygiene,
        severity: Info,
        fixable: true,
        sources: [Kubescape "C-0075", Checkov "CKV_K8S_15", KubeScore "container-image-pull-policy", Polaris "pullPolicyNotAlways", Kics "caa3479d", Kyverno "imagepullpolicy-always"],
        check: Check::Pod(check),
    }
}

fn check(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let lax: Vec<&Container> = subject.pod.containers.iter().filter(|container| is_lax(container)).collect();
    let mut places = lax.iter().map(|container| {
        let span =
            container.image_pull_policy.site().or(container.image.site()).map_or(container.head, |site| site.value);
        subject.place(span, container.route.key("imagePullPolicy"))
    });
    let Some(first) = places.next() else { return };
    let noun = if lax.len() == 1 { "The image" } else { "The images" };
    let verb = if lax.len() == 1 { "is" } else { "are" };
    let what =
        format!("{noun} of {} {verb} taken from the node if something of that name is there.", words::containers(&lax));
    let mut finding = Finding::new(&IMAGE_PULL_POLICY.meta, first, what)
        .why("The registry is not asked whether the tag has moved, nor whether this pod may have the image.")
        .how("Name the digest, or set imagePullPolicy to Always.");
    finding.also(places);
    if let [only] = lax.as_slice() {
        finding = finding.in_container(&only.name);
    }
    let operations =
        lax.iter().map(|container| Operation::set(container.route.key("imagePullPolicy"), "Always")).collect();
    found.push(finding.fix(subject.fix("Ask the registry at each start", Safety::ChangesBehaviour, None, operations)));
}

fn is_lax(container: &Container) -> bool {
    let Some(reference) = container.image.text().filter(|reference| !reference.is_empty()) else { return false };
    let image = image::read(reference);
    if image.digest != Digest::None {
        return false;
    }
    match &container.image_pull_policy {
        // The API server fills in Always for the latest image, and IfNotPresent for every other one.
        Field::Absent | Field::Null(_) => !image.is_latest(),
        Field::Set(policy, _) => policy != "Always",
        Field::Unreadable(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::IMAGE_PULL_POLICY as RULE;
    use crate::vectors::{fail, fixed, pass};

    #[test]
    fn vectors() {
        pass(&RULE, "spec: {containers: [{name: a, image: a}]}");
        pass(&RULE, "spec: {containers: [{name: a, image: 'a:1', imagePullPolicy: Always}]}");
        pass(&RULE, "spec: {containers: [{name: a, image: 'a@sha256:00', imagePullPolicy: Never}]}");
        fail(&RULE, "spec: {containers: [{name: a, image: a, imagePullPolicy: IfNotPresent}]}");
        fixed(
            &RULE,
            "spec:\n  containers:\n    - name: a\n      image: a:1\n",
            "spec:\n  containers:\n    - name: a\n      image: a:1\n      imagePullPolicy: Always\n",
        );
    }
}
