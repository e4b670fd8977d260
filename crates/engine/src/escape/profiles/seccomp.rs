//! Seccomp: what the filter of a container answers, as libseccomp and the kernel decide it.

use std::rc::Rc;

use watertight_diagnostic::{NodeArch, Route, Runtime};
use watertight_escape::attempt::Ending;
use watertight_escape::{Evidence, Known, Truth};
use watertight_knowledge::capability;
use watertight_pod::effective::{self, Confinement};
use watertight_pod::{Container, Pod};
use watertight_seccomp::{
    Action, ActionKind, Arch, Decider, Filter, Profile, Reader, Refusal, Syscall, Target, errno_name,
};
use watertight_yaml::{Kind, Node};

use super::super::surroundings::Surroundings;
use super::{Answer, Call, line};
use crate::source::Source;

/// How a call ends that a filter stops.
pub(super) type Ends<'a> = dyn Fn(Call<'_>) -> Ending + 'a;

/// How a filter answers, and how a call ends that it stops.
pub(super) struct Seccomp<'a> {
    pub(super) answer: Answer<dyn Fn(Call<'_>) -> Known + 'a>,
    pub(super) refused: Option<Box<Ends<'a>>>,
}

impl<'a> From<Answer<dyn Fn(Call<'_>) -> Known + 'a>> for Seccomp<'a> {
    fn from(answer: Answer<dyn Fn(Call<'_>) -> Known + 'a>) -> Self {
        Self { answer, refused: None }
    }
}

/// What the profile of the runtime is called when it is pasted: by its own name, as moby's sources do, and as it is
/// installed by containers-common.
const RUNTIME_DEFAULT: [&str; 3] = ["runtime-default.json", "default.json", "seccomp.json"];

/// The kernel that is taken where nobody has said; no condition of a profile in use asks for a newer one.
const USUAL_KERNEL: (u32, u32) = (5, 15);

/// Finds the filter of a container.
pub(super) fn of<'a>(
    surroundings: &'a Surroundings<'a>,
    pod: &'a Pod,
    container: &'a Container,
    stillborn: &mut Vec<String>,
) -> Seccomp<'a> {
    let settings = surroundings.settings;
    let profile = effective::seccomp(pod, container, settings.kube_version);
    let line = line(profile.origin);
    let head = |file: u32| Evidence { file: Some(file), span: watertight_text::Span::at(0), route: None };
    let answer = match profile.value {
        Some(Confinement::Unconfined) if container.security.privileged.is_true() => {
            Answer::Not(Known::new(true, "a privileged container runs without a seccomp filter").at(line))
        }
        Some(Confinement::Unconfined) => Answer::Not(Known::new(true, "its seccomp profile is Unconfined").at(line)),
        Some(Confinement::RuntimeDefault) => {
            match RUNTIME_DEFAULT.iter().find_map(|name| find(surroundings.sources, name)) {
                Some((file, profile)) => {
                    let loaded = read(&profile, container, surroundings, default_reader(settings.node.runtime));
                    let lines = line.into_iter().chain([head(file.id.0)]).collect();
                    return given(loaded, "of the runtime", arch(settings.node.arch), lines, stillborn);
                }
                None => Answer::Unknown(
                    Known::unknown(
                        "the runtime's seccomp profile decides",
                        "Paste the profile that the runtime loads, as a file called runtime-default.json.",
                    )
                    .at(line),
                ),
            }
        }
        Some(Confinement::Localhost(name)) => match find(surroundings.sources, name) {
            Some((file, profile)) => {
                let loaded = read(&profile, container, surroundings, reader(settings.node.runtime));
                let lines = line.into_iter().chain([head(file.id.0)]).collect();
                return given(loaded, name, arch(settings.node.arch), lines, stillborn);
            }
            None => Answer::Unknown(
                Known::unknown(
                    ["its seccomp profile ", name, " is not among the files"].concat(),
                    "Paste the seccomp profile that the pod names.",
                )
                .at(line),
            ),
        },
        None => Answer::Unknown(
            Known::unknown(
                "it names no seccomp profile, and kubelets filter nothing then unless they are told to",
                "Set seccompProfile, or look whether the kubelet runs with seccompDefault: true.",
            )
            .at(line),
        ),
    };
    answer.into()
}

/// What the runtime makes of a profile that was given.
fn given<'a>(
    loaded: Result<Option<Loaded>, Refusal>,
    name: &str,
    arch: Arch,
    lines: Vec<Evidence>,
    stillborn: &mut Vec<String>,
) -> Seccomp<'a> {
    match loaded {
        Ok(Some(Loaded { filter, at_most })) => {
            let decider = Decider::new(&filter);
            stillborn.extend(cannot_start(&decider, arch, name));
            by(decider, at_most.as_ref().map(Decider::new), arch, ["the seccomp profile ", name].concat(), lines)
        }
        Ok(None) => {
            let because = ["the runtime takes the seccomp profile ", name, " for no filter at all"].concat();
            Answer::Not(Known::new(true, because).at(lines)).into()
        }
        Err(refusal) => {
            let refusal = refusal.to_string();
            let head = "The runtime refuses the seccomp profile ";
            stillborn.push([head, name, ", so that the container does not start: ", &refusal, "."].concat());
            let because = ["the seccomp profile ", name, " is refused"].concat();
            Answer::Unknown(Known::unknown(because, "Mend the seccomp profile.").at(lines)).into()
        }
    }
}

/// A program that cannot even be started, or end. Every start of a program needs these, whatever its loader does.
fn cannot_start(decider: &Decider, arch: Arch, name: &str) -> Option<String> {
    let missing: Vec<&str> = ["execve", "exit_group", "brk", "mmap"]
        .into_iter()
        .filter(|call| {
            Syscall::from_name(call)
                .and_then(|call| call.number(arch))
                .is_some_and(|number| !lets(decider, arch, number, &[0; 6]))
        })
        .collect();
    let calls = missing.join(", ");
    (!missing.is_empty())
        .then(|| ["The seccomp profile ", name, " stops ", &calls, ", without which no program starts."].concat())
}

fn lets(decider: &Decider, arch: Arch, number: u32, args: &[u64; 6]) -> bool {
    matches!(decider.decide(arch, number, args).action.kind, ActionKind::Allow | ActionKind::Log)
}

/// Asks a filter.
fn by<'a>(decider: Decider, at_most: Option<Decider>, arch: Arch, whose: String, lines: Vec<Evidence>) -> Seccomp<'a> {
    let number = move |name: &str| Syscall::from_name(name).and_then(|call| call.number(arch));
    let decider = Rc::new(decider);
    let asked = Rc::clone(&decider);
    let answer: Box<dyn Fn(Call<'_>) -> Known + 'a> = Box::new(move |(name, args): Call<'_>| {
        let Some(number) = number(name) else {
            // Where a call does not exist there is nothing to filter; its namesakes decide.
            return Known::new(false, [name, " does not exist on this processor"].concat());
        };
        let passes = lets(&asked, arch, number, &args);
        if at_most.as_ref().is_some_and(|other| lets(other, arch, number, &args) != passes) {
            let because =
                [&whose, " lets ", &shown(name, &args), " pass for a capability that not every runtime gives"];
            return Known::unknown(because.concat(), "Name every capability that is needed, and drop ALL.")
                .at(lines.clone());
        }
        let how = if passes { " lets " } else { " stops " };
        let shown = shown(name, &args);
        let tail = if passes { " pass" } else { "" };
        Known::new(Truth::from(passes), [&whose, how, &shown, tail].concat()).at(lines.clone())
    });
    let refused = move |(name, args): Call<'_>| match number(name) {
        Some(number) => ending(decider.decide(arch, number, &args).action),
        None => Ending::Error("ENOSYS"),
    };
    Seccomp { answer: Answer::By(answer), refused: Some(Box::new(refused)) }
}

/// How a call ends by an action that does not let it run. A tracer and a supervisor are not there.
fn ending(action: Action) -> Ending {
    match action.kind {
        ActionKind::KillProcess | ActionKind::KillThread | ActionKind::Trap => Ending::Killed,
        ActionKind::Errno => errno_name(action.data).map_or(Ending::Unknown, Ending::Error),
        ActionKind::Trace | ActionKind::Notify => Ending::Error("ENOSYS"),
        ActionKind::Log | ActionKind::Allow => Ending::Allowed,
    }
}

/// The profile that a pod means by a path below the kubelet's folder: a file is meant by the end of its path, an object of
/// the operator by the file that the operator writes.
fn find<'a>(all: &'a [Source<'a>], path: &str) -> Option<(&'a Source<'a>, Profile)> {
    let last = |text: &str| text.rsplit('/').next().unwrap_or_default().to_owned();
    let wanted = last(path);
    all.iter().find_map(|source| {
        let is_named = last(source.input.name) == wanted;
        source.stream.documents.iter().find_map(|document| {
            let root = document.root()?;
            let (node, route, is_meant) = if is_profile(root) {
                (root, Route::root(document.index), is_named)
            } else if root.get("kind").and_then(Node::as_str) == Some("SeccompProfile") {
                let name = root.get("metadata").and_then(|metadata| metadata.get("name")).and_then(Node::as_str);
                let is_meant = name.is_some_and(|name| wanted.strip_suffix(".json") == Some(name));
                (root.get("spec")?, Route::root(document.index).key("spec"), is_meant)
            } else {
                return None;
            };
            is_meant.then(|| (source, watertight_seccomp::read::read(node, &route).0))
        })
    })
}

fn is_profile(root: Node<'_>) -> bool {
    root.kind() == Kind::Mapping && root.entry("kind").is_none() && root.entry("defaultAction").is_some()
}

/// What the runtime hands to libseccomp: with the capabilities that the container holds for sure, and, where that makes a
/// difference, with those that it may hold as well.
struct Loaded {
    filter: Filter,
    at_most: Option<Filter>,
}

fn read(
    profile: &Profile,
    container: &Container,
    surroundings: &Surroundings<'_>,
    reader: Reader,
) -> Result<Option<Loaded>, Refusal> {
    let settings = surroundings.settings;
    let kernel = settings.node.kernel.map_or(USUAL_KERNEL, |kernel| (kernel.major, kernel.minor));
    let held = |counts: fn(Option<bool>) -> bool| {
        let cri = surroundings.node.cri();
        let held = move |known: &&capability::Capability| counts(effective::capability_by(container, known, cri).value);
        capability::all().iter().filter(held).map(|known| ["CAP_", known.name].concat()).collect::<Vec<String>>()
    };
    let with = |names: &[String]| {
        let caps: Vec<&str> = names.iter().map(String::as_str).collect();
        profile.as_read_by(reader, &Target { arch: arch(settings.node.arch), caps: &caps, kernel })
    };
    let (sure, possible) = (held(|held| held == Some(true)), held(|held| held != Some(false)));
    let Some(filter) = with(&sure)? else { return Ok(None) };
    let at_most = if possible == sure { None } else { with(&possible)?.filter(|at_most| *at_most != filter) };
    Ok(Some(Loaded { filter, at_most }))
}

/// Who reads the file that a pod names.
fn reader(runtime: Runtime) -> Reader {
    match runtime {
        Runtime::Containerd => Reader::Oci,
        Runtime::Docker => Reader::Docker,
        Runtime::CriO | Runtime::Podman => Reader::ContainersCommon,
    }
}

/// Who reads the profile of the runtime itself. containerd makes it in its code, by the same conditions as Docker's file.
fn default_reader(runtime: Runtime) -> Reader {
    match runtime {
        Runtime::Containerd | Runtime::Docker => Reader::Docker,
        Runtime::CriO | Runtime::Podman => Reader::ContainersCommon,
    }
}

/// The native ABI of a processor.
fn arch(arch: NodeArch) -> Arch {
    match arch {
        NodeArch::Amd64 => Arch::X86_64,
        NodeArch::Arm64 => Arch::Aarch64,
        NodeArch::Arm => Arch::Arm,
        NodeArch::Ppc64le => Arch::Ppc64le,
        NodeArch::S390x => Arch::S390x,
        NodeArch::Riscv64 => Arch::Riscv64,
    }
}

/// A call as people write it: `socket of family 38`.
fn shown(name: &str, args: &[u64; 6]) -> String {
    match (name, args.first()) {
        ("socket", Some(family)) if *family != 0 => ["socket of family ", &family.to_string()].concat(),
        _ => name.to_owned(),
    }
}
