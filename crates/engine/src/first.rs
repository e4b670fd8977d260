//! What a pasted pod needs for its findings, and no more: a part of the engine that is small enough to arrive first.
//!
//! It says nothing about a text rather than something else than the whole engine says. Nothing here may call an analyser of
//! profiles or events, a reader of other syntaxes, or the planner of edits: the module for the page holds what is called.

use watertight_diagnostic::report::Report;
use watertight_diagnostic::{FileId, Settings};
use watertight_pod::effective::{self, Confinement};
use watertight_text::Encoding;

use crate::analyse::{Analysis, Input, report};
use crate::checklist::Others;
use crate::findings::Told;
use crate::reading;
use crate::source::Source;
use crate::suppress::Ignores;

/// Kinds that no analyser but the rules about pods looks at.
const KINDS: &[&str] = &[
    "Pod",
    "Deployment",
    "StatefulSet",
    "DaemonSet",
    "ReplicaSet",
    "ReplicationController",
    "Job",
    "CronJob",
    "PodTemplate",
    "Namespace",
    "ServiceAccount",
    "Role",
    "RoleBinding",
    "ClusterRole",
    "ClusterRoleBinding",
    "RuntimeClass",
    "NetworkPolicy",
    "LimitRange",
    "PersistentVolume",
    "PersistentVolumeClaim",
];

/// What [`analyse`](crate::analyse) says of files that hold nothing but well-formed objects of Kubernetes and ask for no
/// profile of a node; `None` where it takes the whole engine to say it.
pub fn analyse_plain(files: &[Input<'_>], settings: &Settings, encoding: Encoding) -> Option<Report> {
    let read = (0..).map(FileId).zip(files).map(|(id, input)| Source::read_plain(id, *input));
    let sources = read.collect::<Option<Vec<_>>>()?;
    if !sources.iter().all(|source| is_alone(source, settings)) {
        return None;
    }
    let rules: Vec<_> = watertight_rules::all().map(|rule| rule.meta.id).collect();
    // A comment may name a rule of another analyser.
    let names_others = |source| Ignores::read(source).list.iter().any(|ignore| !rules.contains(&ignore.rule));
    if sources.iter().any(names_others) {
        return None;
    }
    let told = Told::of(files.iter().map(|input| input.text.len()).sum());
    let analysis = Analysis::found(&sources, settings, told, &reading::PLAIN, &rules);
    let restorable = vec![false; sources.len()];
    // There are no Falco rules among them, and no versions.
    Some(report(sources, analysis, &restorable, &Others::default(), settings, encoding))
}

/// Whether no other analyser has a word to say about the objects of a file.
fn is_alone(source: &Source<'_>, settings: &Settings) -> bool {
    let version = settings.kube_version;
    let is_localhost = |value: Option<Confinement<'_>>| matches!(value, Some(Confinement::Localhost(_)));
    let asks = |pod| {
        let containers = |container| {
            is_localhost(effective::apparmor(pod, container, version).value)
                || is_localhost(effective::seccomp(pod, container, version).value)
        };
        pod.containers.iter().any(containers)
    };
    source.objects.objects.iter().all(|object| KINDS.contains(&object.kind.as_str()))
        && !source.objects.pods.iter().any(asks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyse;

    /// Whether the part speaks of a text; when it does, it says what the whole engine says.
    #[track_caller]
    fn check(texts: &[&str], expected: bool) {
        let files: Vec<_> = texts.iter().map(|text| Input { name: "x", text }).collect();
        let settings = Settings::default();
        let part = analyse_plain(&files, &settings, Encoding::Utf16);
        assert_eq!(part.is_some(), expected, "{texts:?}");
        if let Some(part) = part {
            assert!(part == analyse(&files, &settings, Encoding::Utf16), "{texts:?}");
        }
    }

    const RISKY: &str = include_str!("../../../static/examples/risky-web.yaml");
    const NAMESPACE: &str = include_str!("../../../static/examples/namespace.yaml");

    #[test]
    fn pods_are_spoken_of_as_the_whole_engine_does() {
        check(&[RISKY], true);
        check(&[NAMESPACE], true);
        check(&[NAMESPACE, RISKY], true);
        // More than are looked at together, and more findings than are told.
        let many = ["---\n", RISKY].concat().repeat(40);
        check(&[&many], true);
        let small = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers: [{name: a, image: a}]\n";
        check(&[&small.repeat(600), RISKY], true);
        for example in [
            include_str!("../../../static/examples/ci-runner.yaml"),
            include_str!("../../../static/examples/node-agent.yaml"),
        ] {
            check(&[example], true);
            check(&[example, RISKY], true);
        }
        let ignored = "# watertight: ignore host-pid why\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  hostPID: true\n  \
                       containers: [{name: a, image: a}]\n";
        check(&[ignored], true);
    }

    #[test]
    fn all_else_waits_for_the_whole_engine() {
        let pod =
            |more: &str| format!("apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers: []\n{more}");
        for text in [
            "",
            "# nothing\n",
            "a: 1\n",
            "docker run --privileged alpine\n",
            "profile a {\n}\n",
            "- rule: a\n  condition: evt.type = open\n",
            "{\"apiVersion\": \"v1\", \"kind\": \"Pod\"}",
            // An anchor.
            include_str!("../../../static/examples/payments.yaml"),
            // A field that older versions do not know.
            include_str!("../../../static/examples/hardened.yaml"),
            include_str!("../../../static/examples/compose.yaml"),
            include_str!("../../../static/examples/docker-run.sh"),
            include_str!("../../../static/examples/config.json"),
            include_str!("../../../static/examples/host.txt"),
            include_str!("../../../static/examples/flat.yaml"),
            "apiVersion: v1\nkind: Node\nmetadata: {name: a}\nstatus: {nodeInfo: {kernelVersion: v5}}\n",
            "apiVersion: security-profiles-operator.x-k8s.io/v1alpha1\nkind: AppArmorProfile\nmetadata: {name: a}\n",
            &pod("  # watertight: ignore unknown-profile why\n"),
            &pod("  hostPdi: true\n"),
            &pod("  hostPID: {\n"),
            &pod("---\na: 1\n"),
            &pod("---\nprofile a {\n}\n"),
            &pod("  securityContext: {appArmorProfile: {type: Localhost, localhostProfile: a}}\n")
                .replace("[]", "[{name: a, image: a}]"),
            &pod("  securityContext: {seccompProfile: {type: Localhost, localhostProfile: a}}\n")
                .replace("[]", "[{name: a, image: a}]"),
            &pod("{{ .Values.more }}\n"),
        ] {
            check(&[text], false);
            check(&[RISKY, text], false);
        }
    }
}
