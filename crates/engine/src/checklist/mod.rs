//! The mitigation checklist: nine things that keep a container in, each with what the text says of it.

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use watertight_diagnostic::report::{AskedBy, ChecklistItem, ChecklistState};
use watertight_diagnostic::{FileId, KubeVersion, Level, Route, RuleMeta, Standard};
use watertight_knowledge::capability::{self, Meant};
use watertight_knowledge::sandbox::Handler;
use watertight_pod::effective::{self, Confinement, Origin};
use watertight_pod::{Container, ContainerList, Field, Neighbours, Pod, Syntax, Unreadable, Windows};

use crate::analyse::{Analysis, JudgedPod, object_name};
use crate::findings::Found;
use crate::restore;
use crate::source::Source;

/// What files that hold no pods come to.
#[derive(Default)]
pub(crate) struct Others {
    /// How many of the known escape attempts the Falco rules among the files see, of how many.
    pub(crate) seen: Option<(usize, usize)>,
    /// What the versions among the files come to, where there are any.
    pub(crate) patched: Option<(ChecklistState, String)>,
}

/// Computes all items, in the order in which they are shown.
pub(crate) fn compute(
    sources: &[Source<'_>],
    analysis: &Analysis,
    others: &Others,
    version: KubeVersion,
) -> Vec<ChecklistItem> {
    let pods: Vec<_> = analysis.pods(sources).collect();
    let neighbours = Neighbours::of(sources.iter().map(|source| &source.objects));
    let context = Context { neighbours: &neighbours, analysis, others, version, profiles: &profiles(analysis) };
    ITEMS.iter().map(|item| item.compute(&pods, context)).collect()
}

/// Everything around the pods.
#[derive(Clone, Copy)]
struct Context<'a> {
    neighbours: &'a Neighbours<'a>,
    analysis: &'a Analysis,
    others: &'a Others,
    /// The version of Kubernetes that was asked for.
    version: KubeVersion,
    profiles: &'a Profiles<'a>,
}

/// What was found of the profiles that containers ask for by name: by file, pod and container the rule.
type Profiles<'a> = HashMap<(FileId, usize, &'a str), Vec<&'static str>>;

/// Rules about profiles that containers ask for, each with what the profile comes to: nothing, or not to be told since the
/// container does not start with it.
const OF_PROFILES: [(&str, bool); 7] = [
    ("seccomp-permissive-profile", true),
    ("seccomp-refused-profile", false),
    ("seccomp-unknown-profile", false),
    ("seccomp-unstartable-profile", false),
    ("apparmor-unenforced-profile", true),
    ("apparmor-unknown-profile", false),
    ("apparmor-unloadable-profile", false),
];

fn profiles(analysis: &Analysis) -> Profiles<'_> {
    let mut profiles = Profiles::new();
    for Found { finding, pod, .. } in &analysis.found {
        let (Some(pod), Some(container)) = (pod, &finding.container) else { continue };
        if OF_PROFILES.iter().any(|(id, _)| *id == finding.rule.id) {
            profiles.entry((finding.primary.file, *pod, container)).or_default().push(finding.rule.id);
        }
    }
    profiles
}

/// What a profile is worth that a container asks for by name: `module` is `seccomp` or `apparmor`.
fn named(seen: &JudgedPod<'_>, container: &Container, context: Context<'_>, module: &str) -> Answer {
    let rules = context.profiles.get(&(seen.source.id, seen.index, container.name.as_str()));
    let of_module = rules.into_iter().flatten().filter(|id| id.starts_with(module));
    match of_module.filter_map(|id| OF_PROFILES.iter().find(|(known, _)| known == id)).next() {
        Some((_, true)) => Answer::No("asks for a profile that stops nothing".to_owned()),
        Some(_) => Answer::Unknown(format!(
            "{} does not start with the profile that it asks for, as far as the files say.",
            container_name(seen, container)
        )),
        None => unless_privileged(seen.pod, container),
    }
}

/// What the text says of one container or pod.
enum Answer {
    Yes,
    /// With the words that follow the name of who it is about: "is privileged".
    No(String),
    /// With a whole sentence.
    Unknown(String),
    /// Nobody asks it of this one; with a whole sentence.
    DoesNotApply(&'static str),
}

struct Item {
    id: &'static str,
    title: &'static str,
    /// What holds when every answer is yes, as a sentence.
    done: &'static str,
    ask: Ask,
    /// The rules that speak of the same.
    rules: fn(&RuleMeta) -> bool,
}

enum Ask {
    Container(fn(&JudgedPod<'_>, &Container, Context<'_>) -> Answer),
    Pod(fn(&JudgedPod<'_>, Context<'_>) -> Answer),
    /// No pod can say it, but what programs of the node print; with the sentence that says where to look.
    Node(&'static str),
}

const ITEMS: [Item; 9] = [
    Item {
        id: "never-privileged",
        title: "No container is privileged",
        done: "No container asks for privileged mode.",
        ask: Ask::Container(never_privileged),
        rules: |rule| names(rule, &["privileged", "windowsHostProcess"]),
    },
    Item {
        id: "capabilities-dropped",
        title: "All capabilities are dropped, and only what is needed is added back",
        done: "Every container drops ALL and adds nothing but NET_BIND_SERVICE.",
        ask: Ask::Container(capabilities_dropped),
        rules: |rule| names(rule, &["capabilities_baseline", "capabilities_restricted", "privileged"]),
    },
    Item {
        id: "read-only-root",
        title: "The root file system is read-only",
        done: "The root file system of every container is read-only.",
        ask: Ask::Container(read_only_root),
        rules: |rule| rule.ids_of(Standard::Trivy).any(|id| id == "KSV-0014"),
    },
    Item {
        id: "pod-security-standard",
        title: "A Pod Security Standard is enforced",
        done: "The namespace of every pod enforces a standard.",
        ask: Ask::Pod(standard_enforced),
        rules: |_| false,
    },
    Item {
        id: "patched-nodes",
        title: "Container runtime and kernel are current",
        done: "",
        ask: Ask::Node(
            "A manifest does not say what its nodes run. `kubectl get nodes -o wide` prints the kernel and the runtime of \
             each: open it beside the pod in a file of its own.",
        ),
        rules: |_| false,
    },
    Item {
        id: "sandbox",
        title: "What is not trusted runs under gVisor or Kata Containers",
        done: "Everything runs under a runtime that is a sandbox.",
        ask: Ask::Pod(sandboxed),
        rules: |_| false,
    },
    Item {
        id: "seccomp",
        title: "A seccomp profile filters system calls",
        done: "Every container runs under a seccomp profile.",
        ask: Ask::Container(seccomp),
        rules: |rule| names(rule, &["seccompProfile_baseline", "seccompProfile_restricted", "privileged"]),
    },
    Item {
        id: "apparmor",
        title: "An AppArmor profile confines the program",
        done: "Every container runs under an AppArmor profile.",
        ask: Ask::Container(apparmor),
        rules: |rule| names(rule, &["appArmorProfile", "privileged"]),
    },
    Item {
        id: "detection",
        title: "A break-out would be noticed",
        done: "",
        ask: Ask::Pod(detection),
        rules: |_| false,
    },
];

fn names(rule: &RuleMeta, checks: &[&str]) -> bool {
    rule.ids_of(Standard::Pss).any(|id| checks.contains(&id))
}

impl Item {
    fn compute(&self, pods: &[JudgedPod<'_>], context: Context<'_>) -> ChecklistItem {
        let (state, mut because) = self.judge(pods, context);
        let is_judged =
            matches!(state, ChecklistState::Done | ChecklistState::Open) && !matches!(self.ask, Ask::Node(_));
        if is_judged && pods.iter().any(|seen| restore::is_of_restored(seen.source, seen.pod)) {
            because.push_str(" This holds once the indentation is restored, as the text seems to be meant.");
        }
        let mut findings = Vec::new();
        if state == ChecklistState::Open {
            let spoken = context.analysis.found.iter().enumerate();
            findings.extend(spoken.filter(|(_, found)| (self.rules)(found.finding.rule)).map(|(at, _)| at));
        }
        ChecklistItem { id: self.id.to_owned(), title: self.title.to_owned(), state, because, findings }
    }

    fn judge(&self, pods: &[JudgedPod<'_>], context: Context<'_>) -> (ChecklistState, String) {
        if let (Ask::Node(_), Some(patched)) = (&self.ask, context.others.patched.as_ref()) {
            return patched.clone();
        }
        if pods.is_empty() {
            return (ChecklistState::NotApplicable, "There is no pod in the text.".to_owned());
        }
        let mut tally = Tally::default();
        for seen in pods {
            match self.ask {
                Ask::Container(ask) => {
                    for container in &seen.pod.containers {
                        tally.add(ask(seen, container, context), || container_name(seen, container));
                    }
                    if hides_containers(seen.pod) {
                        let more = format!("{} may have more containers, which cannot be read here.", pod_name(seen));
                        tally.add(Answer::Unknown(more), String::new);
                    }
                }
                Ask::Pod(ask) => tally.add(ask(seen, context), || pod_name(seen)),
                Ask::Node(why) => tally.add(Answer::Unknown(why.to_owned()), String::new),
            }
        }
        tally.judge(self.done)
    }
}

/// The answers of all pods: the first of each kind in words, and how many more there are.
#[derive(Default)]
struct Tally {
    asked: usize,
    no: Option<String>,
    more: usize,
    unknown: Option<String>,
    beside: Option<&'static str>,
}

impl Tally {
    fn add(&mut self, answer: Answer, who: impl Fn() -> String) {
        self.asked += usize::from(!matches!(answer, Answer::DoesNotApply(_)));
        match answer {
            Answer::Yes => {}
            Answer::DoesNotApply(sentence) => self.beside = Some(sentence),
            Answer::No(_) if self.no.is_some() => self.more += 1,
            Answer::No(words) => self.no = Some(format!("{} {words}", who())),
            Answer::Unknown(sentence) => self.unknown = self.unknown.take().or(Some(sentence)),
        }
    }

    fn judge(self, done: &str) -> (ChecklistState, String) {
        if self.asked == 0 {
            let because = self.beside.unwrap_or("The pods have no containers.");
            return (ChecklistState::NotApplicable, because.to_owned());
        }
        if let Some(no) = self.no {
            let because = match self.more {
                0 => format!("{no}."),
                1 => format!("{no}; one more does not pass either."),
                more => format!("{no}; {more} more do not pass either."),
            };
            return (ChecklistState::Open, because);
        }
        match self.unknown {
            Some(sentence) => (ChecklistState::Unknown, sentence),
            None => (ChecklistState::Done, done.to_owned()),
        }
    }
}

fn container_name(seen: &JudgedPod<'_>, container: &Container) -> String {
    match container.name.as_str() {
        "" => format!("A container of {}", pod_name(seen)),
        name => format!("Container {name} of {}", pod_name(seen)),
    }
}

fn pod_name(seen: &JudgedPod<'_>) -> String {
    object_name(seen.object).unwrap_or_else(|| "an object without a name".to_owned())
}

/// No text says what runs on the nodes; rules say what would be seen if they did.
fn detection(_: &JudgedPod<'_>, context: Context<'_>) -> Answer {
    Answer::Unknown(match context.others.seen {
        None => "A manifest does not say what watches its nodes. Look whether Falco or another sensor runs on each of them, \
                 and who reads its alerts."
            .to_owned(),
        Some((seen, all)) => format!(
            "The Falco rules beside it see {seen} of {all} known ways out. Whether Falco runs with them on every node, and who \
             reads its alerts, no text says."
        ),
    })
}

/// Whether something that cannot be read may stand for a container.
fn hides_containers(pod: &Pod) -> bool {
    let lists = [ContainerList::Init, ContainerList::Regular, ContainerList::Ephemeral];
    let may_be = |place: &Unreadable| {
        let is_around = |list: Route| place.route.contains(&list) || place.route.parent().as_ref() == Some(&list);
        lists.into_iter().any(|list| is_around(pod.route.key(list.field())))
            && pod.containers.iter().all(|container| container.route != place.route)
    };
    pod.unreadable.iter().any(may_be)
}

fn cannot_read(what: &str) -> Answer {
    Answer::Unknown(format!("The value of {what} cannot be read here."))
}

fn never_privileged(seen: &JudgedPod<'_>, container: &Container, _: Context<'_>) -> Answer {
    let pod = seen.pod;
    let host_process = |windows: &Field<Windows>| windows.get().is_some_and(|windows| windows.host_process.is_true());
    if container.security.privileged.is_true() {
        return Answer::No("is privileged".to_owned());
    }
    if host_process(&container.security.windows) || host_process(&pod.security.windows) {
        return Answer::No("runs as a process of the host".to_owned());
    }
    let is_open = |windows: &Field<Windows>| match windows {
        Field::Set(windows, _) => windows.host_process.is_unreadable(),
        other => other.is_unreadable(),
    };
    let is_windows_open = is_open(&container.security.windows) || is_open(&pod.security.windows);
    match container.security.privileged.is_unreadable() {
        true => cannot_read("privileged"),
        false if is_windows_open => cannot_read("windowsOptions.hostProcess"),
        false => Answer::Yes,
    }
}

fn capabilities_dropped(seen: &JudgedPod<'_>, container: &Container, _: Context<'_>) -> Answer {
    let pod = seen.pod;
    if pod.is_windows() {
        return Answer::Yes;
    }
    if container.security.privileged.is_true() {
        return Answer::No("has all of them, being privileged".to_owned());
    }
    let security = &container.security;
    let is_harmless = |meant| matches!(meant, Meant::One(one) if one.name == "NET_BIND_SERVICE");
    let added = security.capabilities_add.iter().find(|added| !is_harmless(capability::read(&added.name).meant));
    let drops_all =
        security.capabilities_drop.iter().any(|dropped| capability::read(&dropped.name).meant == Meant::All);
    match added {
        _ if !drops_all && security.drop_in_doubt.is_none() => Answer::No("does not drop ALL".to_owned()),
        Some(added) => Answer::No(format!("adds {}", added.name)),
        None if !drops_all => cannot_read("capabilities.drop"),
        None if security.add_in_doubt.is_some() => cannot_read("capabilities.add"),
        // A privileged container has them all, whatever it drops.
        None if security.privileged.is_unreadable() => cannot_read("privileged"),
        None => Answer::Yes,
    }
}

fn read_only_root(seen: &JudgedPod<'_>, container: &Container, _: Context<'_>) -> Answer {
    let pod = seen.pod;
    match &container.security.read_only_root {
        _ if pod.is_windows() => Answer::Yes,
        Field::Set(true, _) => Answer::Yes,
        Field::Unreadable(_) => cannot_read("readOnlyRootFilesystem"),
        _ => Answer::No("can write to its root file system".to_owned()),
    }
}

/// What a profile is worth that a privileged container of a pod would run without. Engines take one that is named for it.
fn unless_privileged(pod: &Pod, container: &Container) -> Answer {
    let may_be = pod.syntax.is_kubernetes() && container.security.privileged.is_unreadable();
    if may_be { cannot_read("privileged") } else { Answer::Yes }
}

fn seccomp(seen: &JudgedPod<'_>, container: &Container, context: Context<'_>) -> Answer {
    let pod = seen.pod;
    if pod.is_windows() {
        return Answer::Yes;
    }
    let privileged = &container.security.privileged;
    let found = effective::seccomp(pod, container, context.version);
    match (found.value, found.origin) {
        (Some(Confinement::RuntimeDefault), _) => unless_privileged(pod, container),
        (Some(Confinement::Localhost(_)), _) => named(seen, container, context, "seccomp"),
        (Some(Confinement::Unconfined), _) if privileged.is_true() => {
            Answer::No("is privileged, and so runs without a filter".to_owned())
        }
        (Some(Confinement::Unconfined), Origin::RuntimeDefault) => Answer::No("names no seccomp profile".to_owned()),
        (Some(Confinement::Unconfined), _) => Answer::No("has the seccomp profile Unconfined".to_owned()),
        (None, Origin::RuntimeDefault) => {
            Answer::No("names no seccomp profile, so on most clusters no filter is set".to_owned())
        }
        (None, _) if !pod.syntax.is_kubernetes() && privileged.is_unreadable() => cannot_read("privileged"),
        (None, _) => cannot_read("seccompProfile"),
    }
}

fn apparmor(seen: &JudgedPod<'_>, container: &Container, context: Context<'_>) -> Answer {
    let pod = seen.pod;
    if pod.is_windows() {
        return Answer::Yes;
    }
    let privileged = &container.security.privileged;
    let found = effective::apparmor(pod, container, context.version);
    match (found.value, found.origin) {
        (Some(Confinement::RuntimeDefault), Origin::RuntimeDefault) => Answer::Unknown(
            "No profile is named. The runtime's own applies on nodes where AppArmor is on; `aa-enabled` on a node says \
             whether it is."
                .to_owned(),
        ),
        (Some(Confinement::RuntimeDefault), _) => unless_privileged(pod, container),
        (Some(Confinement::Localhost(_)), _) => named(seen, container, context, "apparmor"),
        (Some(Confinement::Unconfined), Origin::Annotation(_)) => {
            Answer::No("is unconfined by its annotation".to_owned())
        }
        (Some(Confinement::Unconfined), _) if privileged.is_true() => {
            Answer::No("is privileged, and so runs unconfined unless a profile of the node is named".to_owned())
        }
        (Some(Confinement::Unconfined), Origin::RuntimeDefault) => Answer::No("names no AppArmor profile".to_owned()),
        (Some(Confinement::Unconfined), _) => Answer::No("has the AppArmor profile Unconfined".to_owned()),
        (None, _) if privileged.is_true() => Answer::Unknown(
            "A profile is named for a privileged container. Whether it holds there depends on the runtime.".to_owned(),
        ),
        (None, _) if !pod.syntax.is_kubernetes() && privileged.is_unreadable() => cannot_read("privileged"),
        (None, _) => cannot_read("appArmorProfile"),
    }
}

fn standard_enforced(seen: &JudgedPod<'_>, context: Context<'_>) -> Answer {
    if !seen.pod.syntax.is_kubernetes() {
        return Answer::DoesNotApply("There is no object of Kubernetes, and no admission looks at anything else.");
    }
    let namespace = seen.object.namespace.as_deref();
    let enforced = seen.judged.answers.iter().find(|(asked_by, _)| *asked_by == AskedBy::Enforce);
    match (enforced, namespace) {
        (Some((_, answer)), _) if answer.level == Level::Privileged => {
            Answer::No(format!("is in the namespace {}, which enforces nothing", namespace.unwrap_or("default")))
        }
        (Some(_), _) => Answer::Yes,
        (None, Some(namespace)) => Answer::Unknown(format!(
            "The labels of the namespace {namespace} decide it. `kubectl get namespace {namespace} -o yaml` prints them: \
             add it to the text."
        )),
        (None, None) if !context.analysis.namespaces.is_empty() => Answer::No(
            "names no namespace, so it does not go to the one in this text but to `default`, or wherever kubectl points"
                .to_owned(),
        ),
        (None, None) => Answer::Unknown(
            "The labels of the pod's namespace decide it, and the pod names none. Add the Namespace to the text, and \
             metadata.namespace to the pod."
                .to_owned(),
        ),
    }
}

fn sandboxed(seen: &JudgedPod<'_>, context: Context<'_>) -> Answer {
    if !seen.pod.syntax.is_kubernetes() {
        return sandboxed_by_engine(seen.pod);
    }
    match &seen.pod.runtime_class {
        Field::Set(name, _) => match context.neighbours.runtime_class(name).and_then(|class| class.item.handler.text())
        {
            Some(handler) => match Handler::of(handler) {
                Handler::Sandbox(_) => Answer::Yes,
                Handler::Plain => Answer::No(format!("runs under the handler {handler}, which is no sandbox")),
                Handler::Unknown => Answer::Unknown(format!(
                    "What the handler {handler} is, the configuration of the container runtime on the nodes says."
                )),
            },
            None => Answer::Unknown(format!(
                "The RuntimeClass {name} decides it. `kubectl get runtimeclass {name} -o yaml` prints it: add it to the \
                 text."
            )),
        },
        Field::Unreadable(_) => cannot_read("runtimeClassName"),
        Field::Absent | Field::Null(_) => {
            Answer::No("names no RuntimeClass, so it shares the kernel of its node".to_owned())
        }
    }
}

/// Engines take the runtime itself, by its name.
fn sandboxed_by_engine(pod: &Pod) -> Answer {
    let option = match pod.syntax {
        Syntax::Oci => {
            return Answer::Unknown(
                "The configuration does not say which runtime reads it. `runsc` and `kata-runtime` are sandboxes, `runc` and \
                 `crun` are not."
                    .to_owned(),
            );
        }
        Syntax::Run(_) => "--runtime",
        Syntax::Compose | Syntax::Kubernetes => "runtime",
    };
    match &pod.runtime_class {
        Field::Set(name, _) => match Handler::of(name) {
            Handler::Sandbox(_) => Answer::Yes,
            Handler::Plain => Answer::No(format!("runs under {name}, which is no sandbox")),
            Handler::Unknown => Answer::Unknown(format!(
                "What the runtime {name} is, the configuration of the engine on the host says."
            )),
        },
        Field::Unreadable(_) => cannot_read(option),
        Field::Absent | Field::Null(_) => Answer::No(format!("sets no {option}, so it shares the kernel of its host")),
    }
}
