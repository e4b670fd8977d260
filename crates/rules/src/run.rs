use std::collections::HashSet;

use watertight_diagnostic::{Confidence, FileId, Finding, Fix, Settings};
use watertight_pod::{Frame, Neighbours, Objects, Pod};
use watertight_text::Span;

use crate::{Check, FileSubject, Subject, all, host_path};

/// Shows everything in one file to every rule, as if there were no other file. The findings stand in the order of pods, then
/// of rules; whoever reports them sorts.
pub fn run(objects: &Objects, file: FileId, settings: &Settings) -> Vec<Finding> {
    let neighbours = Neighbours::of([objects]);
    let file = FileSubject { objects, neighbours: &neighbours, file, settings };
    let mut found = Vec::new();
    objects.pods.iter().for_each(|pod| of_pod(&file, pod, usize::MAX, &mut found, &mut |_| {}));
    found.extend(of_objects(&file));
    found
}

/// Shows one pod of a file to every rule; the findings stand in the order of the rules. Of what a rule says the first `most`
/// places are kept, and the last of them says how many more there are: a pod can be made of thousands of containers. What is found
/// is added to a list, which serves for many pods; whoever wants less at once takes it out behind a rule, when `after` is called.
pub fn of_pod(
    file: &FileSubject<'_>,
    pod: &Pod,
    most: usize,
    found: &mut Vec<Finding>,
    after: &mut dyn FnMut(&mut Vec<Finding>),
) {
    let Some(object) = file.objects.objects.get(pod.object) else { return };
    let subject = Subject { pod, object, neighbours: file.neighbours, file: file.file, settings: file.settings };
    let host_paths: Vec<_> = pod.volumes.iter().filter_map(|volume| host_path::read(&subject, volume)).collect();
    for rule in all() {
        let begin = found.len();
        let mut kept = Kept::new(begin, most);
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
        if let Some(frame) = &pod.frame {
            found.iter_mut().skip(begin).for_each(|finding| in_its_frame(pod, frame, finding));
        }
        after(found);
    }
}

/// What is kept of what a rule says about a pod.
struct Kept {
    /// Where its findings begin, and how many are kept whatever they speak of.
    begin: usize,
    most: usize,
    /// Places of the text that they speak of, once there are more findings.
    spans: HashSet<Span>,
    /// Length of the list when it was last cut.
    cut: usize,
}

impl Kept {
    fn new(begin: usize, most: usize) -> Self {
        Self { begin, most, spans: HashSet::new(), cut: begin }
    }

    fn cut(&mut self, found: &mut Vec<Finding>) {
        let end = self.begin.saturating_add(self.most);
        if found.len() <= end {
            return;
        }
        let new = found.split_off(self.cut.max(end));
        if self.spans.is_empty() {
            self.spans.extend(found.iter().skip(self.begin).map(|finding| finding.primary.span));
        }
        for finding in new {
            // Through an alias the same place is met again, and nothing new is said of it.
            let is_new = !self.spans.contains(&finding.primary.span);
            if is_new && self.spans.len() < self.most {
                self.spans.insert(finding.primary.span);
                found.push(finding);
            } else if let Some(last) = found.last_mut().filter(|_| is_new) {
                last.more += 1;
            }
        }
        self.cut = found.len();
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
