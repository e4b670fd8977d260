use serde_json::json;
use watertight_diagnostic::{Finding, Level, Operation, Safety};
use watertight_pod::Volume;

use crate::host_path::remove_volume;
use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// A volume of the type `gitRepo`.
    ///
    /// ## Why it matters
    /// The kubelet runs `git` on the node, as root, for whoever wrote the pod. Hooks of the repository have run on the
    /// node that way (CVE-2024-10220). The type is deprecated since Kubernetes 1.11 and switched off by default since
    /// 1.33.
    ///
    /// ## What to do
    /// Use an `emptyDir` and an init container that clones the repository into it.
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
    ///   volumes:
    ///     - name: code
    ///       gitRepo:
    ///         repository: https://example.com/code.git
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
    ///   volumes:
    ///     - name: code
    ///       emptyDir: {}
    /// ```
    GIT_REPO_VOLUME = {
        id: "git-repo-volume",
        title: "Repository fetched by the node",
        category: Escape,
        severity: High,
        fixable: true,
        sources: [Pss "restrictedVolumes", Attack "T1611", Trivy "KSV-0028", Kyverno "restrict-volume-types", Gatekeeper "K8sPSPVolumeTypes", Monokle "PSS201", Cve "CVE-2024-10220"],
        check: Check::Volume(check),
    }
}

fn check(subject: &Subject<'_>, volume: &Volume, found: &mut Vec<Finding>) {
    let Some(source) = volume.sources.iter().find(|source| source.name == "gitRepo") else { return };
    let route = volume.route.key("gitRepo");
    let mut operations = vec![Operation::remove(route.clone())];
    if volume.sources.len() == 1 {
        operations.push(Operation::set(volume.route.key("emptyDir"), json!({})));
    }
    found.push(
        Finding::new(
            &GIT_REPO_VOLUME.meta,
            subject.place(source.site.key.unwrap_or(source.site.value), route),
            format!("Volume \"{}\" has the node fetch a repository.", volume.name),
        )
        .why("The kubelet runs git as root on the node; hooks of the repository have run there (CVE-2024-10220).")
        .how("Use an emptyDir and an init container that clones into it.")
        .fix(subject.fix(
            "Replace it by an empty folder, for an init container to fill",
            Safety::NeedsReview,
            Level::Restricted,
            operations,
        ))
        .fix(remove_volume(subject, volume, Level::Restricted)),
    );
}

#[cfg(test)]
mod tests {
    use crate::testing::{pod, underlined};

    #[test]
    fn the_type_alone_counts() {
        let text = pod("  volumes: [{name: a, gitRepo: {repository: x}}, {name: gitRepo, emptyDir: {}}]");
        assert_eq!(underlined("git-repo-volume", &text), [("gitRepo", "high")]);
    }
}
