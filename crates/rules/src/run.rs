use watertight_diagnostic::{Confidence, FileId, Finding, Fix, Settings};
use watertight_pod::{Frame, Neighbours, Objects, Pod};

use crate::{Check, FileSubject, Subject, all, host_path};

/// Shows everything in one file to every rule, as if there were no other file. The findings stand in the order of pods, then
/// of rules; whoever reports them sorts.
pub fn run(objects: &Objects, file: FileId, settings: &Settings) -> Vec<Finding> {
    let neighbours = Neighbours::of([objects]);
    let file = FileSubject { objects, neighbours: &neighbours, file, settings };
    let mut found: Vec<_> = objects.pods.iter().flat_map(|pod| of_pod(&file, pod, usize::MAX).found).collect();
    found.extend(of_objects(&file));
    found
}

/// What is found in one pod.
#[derive(Debug, Default)]
pub struct OfPod {
    /// In the order of the rules.
    pub found: Vec<Finding>,
    /// Of which rule how many more there are.
    pub more: Vec<(&'static str, usize)>,
}

/// Shows one pod of a file to every rule. Of what a rule says the first `most` findings are kept: a pod can be made of
/// thousands of containers.
pub fn of_pod(file: &FileSubject<'_>, pod: &Pod, most: usize) -> OfPod {
    let mut said = OfPod::default();
    let Some(object) = file.objects.objects.get(pod.object) else { return said };
    let subject = Subject { pod, object, neighbours: file.neighbours, file: file.file, settings: file.settings };
    let host_paths: Vec<_> = pod.volumes.iter().filter_map(|volume| host_path::read(&subject, volume)).collect();
    let found = &mut said.found;
    for rule in all() {
        let mut kept = Kept { end: found.len().saturating_add(most), more: 0 };
        match rule.check {
            Check::Pod(check) => {
                check(&subject, found);
                kept.cut(found);
            }
            Check::Container(check) => {
                for container in &pod.containers {
                    check(&subject, container, found);
                    kept.cut(found);
                }
            }
            Check::Volume(check) => {
                for volume in &pod.volumes {
                    check(&subject, volume, found);
                    kept.cut(found);
                }
            }
            Check::HostPath(check) => {
                for host in &host_paths {
                    check(&subject, host, found);
                    kept.cut(found);
                }
            }
            Check::Objects(_) | Check::Reading => {}
        }
        if kept.more > 0 {
            said.more.push((rule.meta.id, kept.more));
        }
    }
    if let Some(frame) = &pod.frame {
        found.iter_mut().for_each(|finding| in_its_frame(pod, frame, finding));
    }
    said
}

/// How much is kept of what a rule says.
struct Kept {
    /// Length of the list when no more is kept.
    end: usize,
    /// How many findings there were beyond it.
    more: usize,
}

impl Kept {
    fn cut(&mut self, found: &mut Vec<Finding>) {
        self.more += found.len().saturating_sub(self.end);
        found.truncate(self.end);
    }
}

/// Shows a file to the rules about other objects than pods.
pub fn of_objects(file: &FileSubject<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for rule in all() {
        if let Check::Objects(check) = rule.check {
            check(file, &mut found);
        }
    }
    found
}

/// Rules speak of pod specs. Where a kind has the fields elsewhere, the places are changed to those; a fix that needs a
/// field which the kind does not have goes.
fn in_its_frame(pod: &Pod, frame: &Frame, finding: &mut Finding) {
    if frame.likely {
        finding.confidence = finding.confidence.min(Confidence::Likely);
        finding.why.to_mut().push_str(" That this becomes a pod is told by its shape alone.");
    }
    for location in std::iter::once(&mut finding.primary).chain(&mut finding.related) {
        if let Some(place) = location.route.as_ref().and_then(|route| pod.place_of(route)) {
            location.route = Some(place);
        }
    }
    let moves = |fix: &mut Fix| {
        fix.operations.iter_mut().all(|operation| match pod.place_of(operation.route()) {
            Some(place) => {
                *operation.route_mut() = place;
                true
            }
            None => false,
        })
    };
    let fixes = std::mem::take(&mut finding.fixes);
    finding.fixes = fixes.into_iter().filter_map(|mut fix| moves(&mut fix).then_some(fix)).collect();
}

#[cfg(test)]
mod tests {
    use watertight_diagnostic::{Confidence, Operation};
    use watertight_text::apply;
    use watertight_yaml::edit::plan;
    use watertight_yaml::parse;

    use crate::testing::findings_of;

    fn mended(text: &str, rules: &[&str]) -> String {
        let fixes =
            rules.iter().flat_map(|rule| findings_of(rule, text)).filter_map(|found| found.fixes.into_iter().next());
        let operations: Vec<Operation> = fixes.flat_map(|fix| fix.operations).collect();
        let plan = plan(&parse(text), &operations);
        assert!(plan.refused.is_empty(), "{:?}", plan.refused);
        apply(text, &plan.edits).unwrap()
    }

    #[test]
    fn what_cannot_be_read_lacks_nothing() {
        let security = [
            "root-not-forbidden",
            "seccomp-missing",
            "capabilities-not-dropped",
            "privilege-escalation-allowed",
            "writable-root-filesystem",
        ];
        let of_pod =
            ["root-not-forbidden", "seccomp-missing", "service-account-token-mounted", "user-namespace-missing"];
        let bare = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n    - name: a\n";
        let templated = bare.replace("spec:\n", "spec:\n  {{- include \"more\" . | nindent 2 }}\n");
        for rule in security.iter().chain(&of_pod) {
            assert_eq!(findings_of(rule, bare).len(), 1, "{rule}");
        }
        for more in ["securityContext: wrong", "securityContext: '{{ .x }}'", "{{- include \"more\" . | nindent 6 }}"] {
            let text = format!("{bare}      {more}\n");
            security.iter().for_each(|rule| assert_eq!(findings_of(rule, &text).len(), 0, "{rule}: {text}"));
        }
        of_pod.iter().for_each(|rule| assert_eq!(findings_of(rule, &templated).len(), 0, "{rule}"));
    }

    /// What a step mounts because all do is mended where that is said, and not in the step's own list.
    #[test]
    fn mounts_of_all_steps_are_mended_where_they_stand() {
        let task = "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\nspec:\n  volumes: [{name: v, hostPath: {path: \
                    /srv}}, {name: u, emptyDir: {}}]\n  stepTemplate: {volumeMounts: [{name: v, mountPath: /v, \
                    mountPropagation: Bidirectional}]}\n  steps: [{name: a, image: a, securityContext: {privileged: true}, \
                    volumeMounts: [{name: u, mountPath: /u}]}]\n";
        let mended = mended(task, &["mount-propagation"]);
        assert_eq!(mended, task.replace("Bidirectional", "HostToContainer"));
    }

    /// What a template takes from its workflow is mended there.
    #[test]
    fn fixes_stand_where_the_kind_has_the_field() {
        let text = "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {name: w}\nspec:\n  hostNetwork: true\n  \
                    securityContext:\n    runAsUser: 0\n  volumes:\n    - name: v\n      hostPath: {path: /}\n    - name: w\n      \
                    emptyDir: {}\n  templates:\n    - name: a\n      container:\n        image: a:1\n        securityContext: \
                    {privileged: true}\n        volumeMounts:\n          - {name: v, mountPath: /v}\n";
        let expected = text
            .replace("  hostNetwork: true\n", "")
            .replace("runAsUser: 0\n", "runAsUser: 10001\n    runAsNonRoot: true\n")
            .replace("hostPath: {path: /}", "emptyDir: {}")
            .replace("privileged: true", "privileged: false");
        let rules = ["host-network", "host-root-mount", "privileged", "runs-as-root"];
        for rule in rules {
            assert_eq!(findings_of(rule, text).len(), 1, "{rule}");
        }
        assert_eq!(mended(text, &rules), expected);
        assert_eq!(findings_of("privileged", text)[0].confidence, Confidence::Certain);
        // No kind has the field, so nothing can be put there.
        assert!(findings_of("user-namespace-missing", text).iter().all(|found| found.fixes.is_empty()));
    }

    #[test]
    fn what_only_its_shape_tells_is_likely() {
        let text = "apiVersion: a.b/v1\nkind: C\nmetadata: {name: c}\nspec:\n  steps:\n    - {name: a, image: a, securityContext: \
                    {privileged: true}}\n";
        let found = findings_of("privileged", text);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].confidence, Confidence::Likely);
        assert!(found[0].why.ends_with("told by its shape alone."), "{}", found[0].why);
        assert!(mended(text, &["privileged"]).contains("{privileged: false}"));
    }
}
