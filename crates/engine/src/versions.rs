//! What the files state about the versions of the node.

use watertight_diagnostic::Finding;
use watertight_diagnostic::report::InputKind;
use watertight_knowledge::host::{self, Versions};
use watertight_rules::reading;

use crate::source::Source;

/// Whether a text is what programs print of themselves, and nothing else.
pub(crate) fn is_stated(text: &str) -> bool {
    // Each program needs a line or a few; a long text is something else with a version in it.
    text.len() < 1_000_000 && !host::read(text).is_empty()
}

/// The versions that a set of files states, joined: the texts count as the files do.
pub(crate) fn stated<'a>(sources: &'a [Source<'_>]) -> Versions<'a> {
    host::versions(sources.iter().map(|source| match source.kind {
        InputKind::Versions => source.input.text,
        InputKind::KubernetesYaml | InputKind::KubernetesJson if has_nodes(source) => source.input.text,
        _ => "",
    }))
}

/// What is in doubt about the versions in one of the files. A contradiction is told where the first of them stands.
pub(crate) fn findings(source: &Source<'_>, all: &[Source<'_>]) -> Vec<Finding> {
    if source.kind != InputKind::Versions && !has_nodes(source) {
        return Vec::new();
    }
    let found = stated(all);
    let mine = source.id.0 as usize;
    let unreadable = found.unreadable.iter().filter(|unreadable| unreadable.text == mine);
    let disputed = found.disputed.iter().filter(|stated| stated.first().is_some_and(|first| first.text == mine));
    unreadable
        .map(|unreadable| reading::unreadable_version(unreadable, source.id))
        .chain(disputed.filter_map(|stated| reading::disputed_versions(stated)))
        .collect()
}

/// Whether there are nodes among the objects, as `kubectl get nodes -o yaml` prints them.
fn has_nodes(source: &Source<'_>) -> bool {
    source.objects.objects.iter().any(|object| object.kind == "Node")
}

#[cfg(test)]
mod tests {
    use watertight_diagnostic::Settings;
    use watertight_diagnostic::report::InputKind;
    use watertight_text::Encoding;

    use crate::{Input, analyse};

    /// The kinds of the texts, and what is said of them.
    #[track_caller]
    fn check(texts: &[&str], kind: InputKind, expected: &[&str]) {
        let files: Vec<_> = texts.iter().map(|text| Input { name: "x", text }).collect();
        let report = analyse(&files, &Settings::default(), Encoding::Utf8);
        assert!(report.files.iter().all(|file| file.kind == kind), "{texts:?}: {:?}", report.files);
        let mut documents = report.files.iter().flat_map(|file| &file.documents);
        assert!(documents.all(|document| document.readable), "{texts:?}: {:?}", report.files);
        let found: Vec<_> = report.findings.iter().map(|found| found.what.as_str()).collect();
        assert_eq!(found, expected, "{texts:?}");
    }

    const UBUNTU: &str = "Linux a 5.15.0-91-generic #101-Ubuntu SMP x86_64 GNU/Linux\n";

    #[test]
    fn versions_in_doubt() {
        let kind = InputKind::Versions;
        check(&[UBUNTU], kind, &[]);
        check(&[UBUNTU, "runc version 1.1.12\nspec: 1.0.2\n"], kind, &[]);
        check(&["NVIDIA Container Toolkit CLI version 1.17.3\ncommit: 9c2a\n"], kind, &[]);
        check(&["Version:  0.1.0\nRuntimeName:  containerd\nRuntimeVersion:  v1.7.27\n"], kind, &[]);
        check(&["Linux a v5.x-custom #1 SMP"], kind, &["v5.x-custom is no version of the kernel."]);
        check(&["runc version \n"], kind, &["The version of runc is missing."]);
        check(
            &[UBUNTU, "Linux a 6.8.0-31-generic #1 x", "Linux a 5.4.0-1-aws #1 x"],
            kind,
            &["3 versions of the kernel are named: 5.15.0-91-generic, 6.8.0-31-generic and 5.4.0-1-aws."],
        );
        check(&["Client: Docker Engine\n Version: 24.0.7\nServer:\n Engine:\n  Version: 24.0.7\n"], kind, &[]);
        check(&["NAME   STATUS   ROLES    AGE   VERSION\na      Ready    <none>   3d    v1.29.1\n"], kind, &[]);
        let wrapped = "NAME   STATUS   ROLES    AGE   VERSION   INTERNAL-IP   OS-\nIMAGE   KERNEL-VERSION   CONTAINER-RUNTIME\na  \
                       Ready   <none>   3d   v1.29.1   10.0.0.1   Ubuntu 22.04\n 5.15.0-91-generic containerd://1.7.2\n";
        let broken = "This table of nodes is broken: its lines and its head do not have the same columns.";
        check(&[wrapped], kind, &[broken]);
    }

    /// What the escape map is told of the node.
    #[test]
    fn the_map_takes_the_versions_of_other_files() {
        let pod = "docker run alpine";
        let map = |texts: &[&str]| {
            let files: Vec<_> = texts.iter().map(|text| Input { name: "x", text }).collect();
            let ask = watertight_diagnostic::ask::escape::EscapeAsk::default();
            format!("{:?}", crate::escape(&files, &ask, &Settings::default(), Encoding::Utf8).node)
        };
        assert!(map(&[pod, "runc version 1.1.11\n"]).contains("1.1.11"));
        assert!(!map(&[pod, "runc version 1.1.11\n", "runc version 1.1.12\n"]).contains("1.1.1"));
        assert!(!map(&[pod, "Linux a v5.x-custom #1 SMP"]).contains("5."));
    }

    #[test]
    fn nodes_are_objects() {
        let node = |name: &str, kernel: &str| {
            format!(
                "apiVersion: v1\nkind: Node\nmetadata: {{name: {name}}}\nstatus: {{nodeInfo: {{kernelVersion: {kernel}}}}}\n"
            )
        };
        check(&[&node("a", "5.15.0")], InputKind::KubernetesYaml, &[]);
        let two = format!("{}---\n{}", node("a", "5.15.0"), node("b", "6.8.0"));
        check(&[&two], InputKind::KubernetesYaml, &["2 versions of the kernel are named: 5.15.0 and 6.8.0."]);
    }
}
