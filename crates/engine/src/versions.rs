//! What the files state about the versions of the node.

use watertight_diagnostic::report::{ChecklistState, InputKind};
use watertight_diagnostic::{Finding, Route};
use watertight_knowledge::cve::{self, Affects};
use watertight_knowledge::host::{self, Stated, Versions};
use watertight_pod::{Object, Objects};
use watertight_rules::reading;
use watertight_text::Span;

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

/// What a text states, each with its place, so that a report names what was recognised.
pub(crate) fn objects(text: &str) -> Objects {
    let found = host::versions([text]);
    let versions = found.known.iter().chain(found.disputed.iter().flatten());
    let versions = versions.map(|stated| (called(stated.component), stated.written, stated.span));
    let facts = found.facts.iter().chain(found.contradicted.iter().flatten());
    let facts = facts.map(|stated| (stated.fact.name(), stated.fact.value(), stated.span));
    let object = |(at, (kind, name, span)): (usize, (&str, &str, Span))| Object {
        kind: kind.to_owned(),
        name: name.to_owned(),
        route: Route::root(at),
        span,
        head: span,
        ..Object::default()
    };
    Objects { objects: versions.chain(facts).enumerate().map(object).collect(), ..Objects::default() }
}

/// As people call it in front of its version.
fn called(component: &str) -> &str {
    match component {
        "linux-kernel" => "Linux",
        "docker" => "Docker Engine",
        "cri-o" => "CRI-O",
        "kata" => "Kata Containers",
        "podman" => "Podman",
        "buildkit" => "BuildKit",
        "buildah" => "Buildah",
        "nvidia-container-toolkit" => "NVIDIA Container Toolkit",
        name => name,
    }
}

/// Bugs that are named in a sentence.
const NAMED: usize = 3;
/// What makes containers on a node: one of them has to be known, beside the kernel.
const RUNTIMES: [&str; 7] = ["runc", "crun", "youki", "containerd", "cri-o", "docker", "podman"];

/// Whether what the files state of the node is free of known bugs; `None` when they state no version.
pub(crate) fn patched(sources: &[Source<'_>]) -> Option<(ChecklistState, String)> {
    let found = stated(sources);
    let said = |stated: &Stated<'_>| [called(stated.component), " ", stated.written].concat();
    if found.each().next().is_none() {
        let doubtful = found.disputed.first()?.first()?;
        let name = called(doubtful.component);
        return Some((
            ChecklistState::Unknown,
            format!("A version of {name} cannot be read. Keep what the node prints that the container runs on."),
        ));
    }
    let affecting = |stated: &Stated<'_>, asked: &[Affects]| {
        let all = cve::affecting(stated.component, &stated.version);
        all.filter(|(cve, affects)| asked.contains(affects) && (found.windows || !cve.is_of_windows()))
            .map(|(cve, _)| cve.id)
            .collect::<Vec<_>>()
    };
    let named = |ids: &[&str]| {
        let first = ids.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
        match ids.len().saturating_sub(NAMED) {
            0 => first,
            more => format!("{first} and {more} more"),
        }
    };
    let worst = found.each().map(|stated| (stated, affecting(stated, &[Affects::Yes])));
    let worst: Vec<_> = worst.filter(|(_, ids)| !ids.is_empty()).collect();
    let doubts = found.each().filter_map(|stated| {
        let (name, vendor) = (said(stated), affecting(stated, &[Affects::AskVendor]));
        let unread = affecting(stated, &[Affects::Unknown]);
        let verb = |ids: &[&str]| if ids.len() == 1 { "is" } else { "are" };
        match (vendor.as_slice(), unread.as_slice()) {
            ([], []) => None,
            ([], ids) => {
                Some(format!("Too little is known to say whether {} {} mended in {name}.", named(ids), verb(ids)))
            }
            (ids, _) => Some(format!(
                "The number of {name} does not tell whether {} {} mended in it: ask your vendor.",
                named(ids),
                verb(ids)
            )),
        }
    });
    let doubts: Vec<_> = doubts.collect();
    if !worst.is_empty() {
        let sentences = worst.iter().map(|(stated, ids)| format!("{} has {}.", said(stated), named(ids)));
        return Some((ChecklistState::Open, sentences.chain(doubts).collect::<Vec<_>>().join(" ")));
    }
    if !doubts.is_empty() {
        return Some((ChecklistState::Unknown, doubts.join(" ")));
    }
    let all = found.each().map(said).collect::<Vec<_>>().join(", ");
    let date = cve::date();
    let has_runtime = found.each().any(|stated| RUNTIMES.contains(&stated.component));
    let has_kernel = found.each().any(|stated| stated.component == "linux-kernel");
    let missing = match (has_kernel, has_runtime) {
        (true, true) => {
            return Some((ChecklistState::Done, format!("As of {date} no bug of {all} is known that leads out.")));
        }
        (false, _) => "which kernel the node runs. `uname -r`",
        (true, false) => "which container runtime the node has. `runc --version`",
    };
    let because = format!("As of {date} no bug of {all} is known that leads out. No text says {missing} prints it.");
    Some((ChecklistState::Unknown, because))
}

/// What is in doubt about the versions in one of the files, and the known bugs that they have for certain, each node's by
/// itself. Several versions and contradictions are told where the first of them stands.
pub(crate) fn findings(source: &Source<'_>, all: &[Source<'_>]) -> Vec<Finding> {
    if source.kind != InputKind::Versions && !has_nodes(source) {
        return Vec::new();
    }
    let found = stated(all);
    let mine = source.id.0 as usize;
    let unreadable = found.unreadable.iter().filter(|unreadable| unreadable.text == mine);
    let is_read = |name: &str| found.unreadable.iter().all(|other| other.component != name);
    let begins_here = |stated: &&Stated<'_>| stated.text == mine && is_read(stated.component);
    let several = found.disputed.iter().filter(|stated| stated.first().is_some_and(|first| begins_here(&first)));
    let contradicted = found.contradicted.iter();
    let contradicted = contradicted.filter(|stated| stated.first().is_some_and(|first| first.text == mine));
    unreadable
        .map(|unreadable| reading::unreadable_version(unreadable, source.id))
        .chain(several.filter_map(|stated| reading::disputed_versions(stated)))
        .chain(contradicted.filter_map(|stated| reading::contradicted_facts(stated)))
        .chain(found.each().filter(|stated| stated.text == mine).filter_map(|stated| {
            let bugs = cve::affecting(stated.component, &stated.version)
                .filter(|(cve, affects)| *affects == Affects::Yes && cve.leads_out())
                .filter(|(cve, _)| found.windows || !cve.is_of_windows());
            let bugs: Vec<_> = bugs.map(|(cve, _)| cve).collect();
            reading::known_bugs(called(stated.component), stated, &bugs, source.id)
        }))
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
        let doubts = report.findings.iter().filter(|found| found.rule != "known-node-bug");
        let found: Vec<_> = doubts.map(|found| found.what.as_str()).collect();
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

    #[test]
    fn known_bugs_are_findings() {
        let known = |text: &str| {
            let report = analyse(&[Input { name: "x", text }], &Settings::default(), Encoding::Utf8);
            report.findings.iter().filter(|found| found.rule == "known-node-bug").count()
        };
        assert_eq!(known(UBUNTU), 0, "a vendor may have mended it");
        assert_eq!(known("runc version 1.1.11\n"), 1);
        assert_eq!(known("Linux a 5.15.0 #1 x\nrunc version 1.1.11\n"), 2);
        let node = |kernel: &str| {
            let head =
                "NAME STATUS ROLES AGE VERSION INTERNAL-IP EXTERNAL-IP OS-IMAGE KERNEL-VERSION CONTAINER-RUNTIME\n";
            format!("{head}a Ready <none> 3d v1.33.0 10.0.0.1 <none> Some System {kernel} containerd://2.3.9\n")
        };
        assert_eq!(known(&node("7.9.0")), 0);
        assert_eq!(known(&node("7.9.0").replace("v1.33.0", "v1.30.8")), 1, "gitRepo volumes");
        assert_eq!(known("Kubernetes v1.34.0\n"), 0);
        assert_eq!(known("runc version 1.1.11\nrunc version 1.1.10\nrunc version 1.5.2\n"), 2, "each node counts");
        assert_eq!(known("kind: Node\napiVersion: v1\nstatus: {nodeInfo: {kernelVersion: 5.15.0}}\n"), 1);
    }

    #[test]
    fn the_report_names_what_was_read() {
        let input = Input {
            name: "x",
            text: "$ uname -a\nLinux a 5.15.0-91-generic #101-Ubuntu SMP x86_64 GNU/Linux\nrunc version 1.1.4\n",
        };
        let report = analyse(&[input], &Settings::default(), Encoding::Utf8);
        let documents = report.files.iter().flat_map(|file| &file.documents);
        let named: Vec<_> =
            documents.map(|stated| (stated.kind.as_deref().unwrap(), stated.name.as_deref().unwrap())).collect();
        assert_eq!(named, [("Linux", "5.15.0-91-generic"), ("runc", "1.1.4")]);
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
        let several = map(&[pod, "runc version 1.1.11\n", "runc version 1.1.12\n"]);
        assert!(several.contains("1.1.11") && several.contains("1.1.12"), "those of each node");
        assert!(!map(&[pod, "runc version 1.1.11\n", "runc version x\n"]).contains("1.1.11"));
        assert!(!map(&[pod, "Linux a v5.x-custom #1 SMP"]).contains("5."));
    }

    /// What would settle a question of the map can be pasted.
    #[test]
    fn the_map_takes_what_else_is_stated_of_the_node() {
        let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - {name: a, image: a, \
                   securityContext: {capabilities: {add: [SYS_ADMIN, SYS_MODULE]}}}\n";
        let unsettled = |texts: &[&str]| {
            let files: Vec<_> = [pod].iter().chain(texts).map(|text| Input { name: "x", text }).collect();
            let ask = watertight_diagnostic::ask::escape::EscapeAsk::default();
            let report = crate::escape(&files, &ask, &Settings::default(), Encoding::Utf8);
            let mut all: Vec<_> = report.containers[0].unsettled.iter().map(|one| one.settles.to_string()).collect();
            all.retain(|one| one.contains("/sys/"));
            all
        };
        let names = |texts: &[&str]| {
            let of = |name: &str| unsettled(texts).iter().any(|one| one.contains(name));
            [of("/sys/kernel/security/lsm"), of("/sys/fs/cgroup"), of("sig_enforce")]
        };
        let (lsm, cgroup) = ("capability,yama\n", "$ stat -fc %T /sys/fs/cgroup\ncgroup2fs\n");
        let modules = "/sys/module/module/parameters/sig_enforce:Y\n";
        assert_eq!(names(&[]), [true, true, true], "{:?}", unsettled(&[]));
        assert_eq!(names(&[lsm]), [false, true, true]);
        assert_eq!(names(&[cgroup, modules]), [true, false, false]);
        assert_eq!(names(&["capability,apparmor\n", lsm]), [true, true, true], "they contradict each other");
        check(&[lsm, cgroup, modules], InputKind::Versions, &[]);
        let contradiction =
            "Several things are said of the node: Security module is AppArmor and neither AppArmor nor SELinux.";
        check(&["capability,apparmor\n", lsm], InputKind::Versions, &[contradiction]);
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
