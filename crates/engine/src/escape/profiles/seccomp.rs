//! Seccomp: what the filter of a container answers, as libseccomp and the kernel decide it.

use watertight_diagnostic::{NodeArch, Route, Runtime, Settings};
use watertight_escape::{Evidence, Known, Truth};
use watertight_knowledge::capability;
use watertight_pod::effective::{self, Confinement};
use watertight_pod::{Container, Pod};
use watertight_seccomp::{ActionKind, Arch, Decider, Filter, Profile, Reader, Refusal, Syscall, Target};
use watertight_yaml::{Kind, Node};

use super::super::surroundings::Surroundings;
use super::{Answer, Call, line};
use crate::source::Source;

/// How a filter answers.
pub(super) type Seccomp<'a> = Answer<dyn Fn(Call<'_>) -> Known + 'a>;

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
    match profile.value {
        Some(Confinement::Unconfined) if container.security.privileged.is_true() => {
            Answer::Not(Known::new(true, "a privileged container runs without a seccomp filter").at(line))
        }
        Some(Confinement::Unconfined) => Answer::Not(Known::new(true, "its seccomp profile is Unconfined").at(line)),
        Some(Confinement::RuntimeDefault) => Answer::Unknown(
            Known::unknown("the runtime's seccomp profile decides", "Paste the profile that the runtime loads.")
                .at(line),
        ),
        Some(Confinement::Localhost(name)) => match find(surroundings.sources, name) {
            Some((file, profile)) => {
                let loaded = read(&profile, container, settings);
                let head = Evidence { file: Some(file.id.0), span: watertight_text::Span::at(0), route: None };
                given(loaded, name, arch(settings.node.arch), line.into_iter().chain([head]).collect(), stillborn)
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
    }
}

/// What the runtime makes of a profile that was given.
fn given<'a>(
    loaded: Result<Option<Filter>, Refusal>,
    name: &str,
    arch: Arch,
    lines: Vec<Evidence>,
    stillborn: &mut Vec<String>,
) -> Seccomp<'a> {
    match loaded {
        Ok(Some(filter)) => {
            let decider = Decider::new(&filter);
            stillborn.extend(cannot_start(&decider, arch, name));
            by(decider, arch, ["the seccomp profile ", name].concat(), lines)
        }
        Ok(None) => {
            let because = ["the runtime takes the seccomp profile ", name, " for no filter at all"].concat();
            Answer::Not(Known::new(true, because).at(lines))
        }
        Err(refusal) => {
            let refusal = refusal.to_string();
            let head = "The runtime refuses the seccomp profile ";
            stillborn.push([head, name, ", so that the container does not start: ", &refusal, "."].concat());
            let because = ["the seccomp profile ", name, " is refused"].concat();
            Answer::Unknown(Known::unknown(because, "Mend the seccomp profile.").at(lines))
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
fn by<'a>(decider: Decider, arch: Arch, whose: String, lines: Vec<Evidence>) -> Seccomp<'a> {
    Answer::By(Box::new(move |(name, args)| {
        let Some(number) = Syscall::from_name(name).and_then(|call| call.number(arch)) else {
            // Where a call does not exist there is nothing to filter; its namesakes decide.
            return Known::new(false, [name, " does not exist on this processor"].concat());
        };
        let passes = lets(&decider, arch, number, &args);
        let how = if passes { " lets " } else { " stops " };
        let shown = shown(name, &args);
        let tail = if passes { " pass" } else { "" };
        Known::new(Truth::from(passes), [&whose, how, &shown, tail].concat()).at(lines.clone())
    }))
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

/// What the runtime hands to libseccomp. A capability that nobody can tell counts as missing.
fn read(profile: &Profile, container: &Container, settings: &Settings) -> Result<Option<Filter>, Refusal> {
    let has = |known: &&capability::Capability| effective::capability(container, known).value == Some(true);
    let names: Vec<String> = capability::all().iter().filter(has).map(|known| ["CAP_", known.name].concat()).collect();
    let caps: Vec<&str> = names.iter().map(String::as_str).collect();
    let kernel = settings.node.kernel.map_or(USUAL_KERNEL, |kernel| (kernel.major, kernel.minor));
    let reader = match settings.node.runtime {
        Runtime::Containerd => Reader::Oci,
        Runtime::Docker => Reader::Docker,
        Runtime::CriO | Runtime::Podman => Reader::ContainersCommon,
    };
    profile.as_read_by(reader, &Target { arch: arch(settings.node.arch), caps: &caps, kernel })
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
