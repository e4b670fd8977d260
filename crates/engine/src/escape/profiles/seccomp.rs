//! Seccomp: what the filter of a container answers, as libseccomp and the kernel decide it.

use std::cell::RefCell;
use std::rc::Rc;

use watertight_diagnostic::{NodeSettings, Runtime, Settings};
use watertight_escape::attempt::Ending;
use watertight_escape::{Evidence, Known, Truth};
use watertight_knowledge::capability;
use watertight_pod::effective::{self, Confinement, Origin};
use watertight_pod::{Container, Pod};
use watertight_seccomp::{Action, ActionKind, Arch, Decider, Reader, Syscall, defaults, errno_name};
use watertight_text::Span;

use super::super::surroundings::Surroundings;
use super::{Answer, Call, line};
use crate::seccomp::{self, Loaded, Place};

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
    let answer = match profile.value {
        Some(Confinement::Localhost(name)) => match seccomp::asked(surroundings.sources, pod, name, span(&line)) {
            Some(place) => {
                let reader = Reader::of(settings.node.runtime);
                return Asked { surroundings, container, place, reader }.answer(name, line, stillborn);
            }
            None => Answer::Unknown(
                Known::unknown(
                    ["its seccomp profile ", name, " is not among the files"].concat(),
                    "Paste the seccomp profile that the pod names.",
                )
                .at(line),
            ),
        },
        Some(Confinement::RuntimeDefault) => {
            match RUNTIME_DEFAULT.iter().find_map(|name| seccomp::find(surroundings.sources, name)) {
                Some(place) => {
                    let reader = default_reader(settings.node.runtime);
                    return Asked { surroundings, container, place, reader }.answer("of the runtime", line, stillborn);
                }
                None => return by_runtime(surroundings, container, line),
            }
        }
        Some(Confinement::Unconfined) if container.security.privileged.is_true() => {
            Answer::Not(Known::new(true, "a privileged container runs without a seccomp filter").at(line))
        }
        Some(Confinement::Unconfined) => Answer::Not(Known::new(true, "its seccomp profile is Unconfined").at(line)),
        None => Answer::Unknown(untold(pod, container, profile.origin).at(line)),
    };
    answer.into()
}

/// Why nobody can tell the profile. Where nothing names one a kubelet decides for pods; engines have profiles of their own,
/// which only privileged containers go without, so there it is a field that cannot be read.
fn untold(pod: &Pod, container: &Container, origin: Origin) -> Known {
    if pod.syntax.is_kubernetes() && origin == Origin::RuntimeDefault {
        return Known::unknown(
            "it names no seccomp profile, and kubelets filter nothing then unless they are told to",
            "Set seccompProfile, or look whether the kubelet runs with seccompDefault: true.",
        );
    }
    if container.security.seccomp.site().is_none() && container.security.privileged.is_unreadable() {
        return Known::unknown(
            "privileged cannot be read, and a privileged container runs without a seccomp filter",
            "Write out whether it is privileged.",
        );
    }
    Known::unknown("its seccomp profile cannot be read", "Write the seccomp profile out.")
}

fn span(line: &Option<Evidence>) -> Option<Span> {
    line.as_ref().map(|line| line.span)
}

/// Who reads the profile of the runtime itself. containerd makes it in its code, by the same conditions as Docker's file.
fn default_reader(runtime: Runtime) -> Reader {
    match runtime {
        Runtime::Containerd | Runtime::Docker => Reader::Docker,
        Runtime::CriO | Runtime::Podman => Reader::ContainersCommon,
    }
}

/// A profile that a container runs under, and who reads it.
struct Asked<'a> {
    surroundings: &'a Surroundings<'a>,
    container: &'a Container,
    place: Place<'a>,
    reader: Reader,
}

impl<'a> Asked<'a> {
    /// What the runtime makes of it. A capability that nobody can tell counts as missing, and where it makes a difference
    /// nobody can tell what happens either.
    fn answer(&self, name: &str, line: Option<Evidence>, stillborn: &mut Vec<String>) -> Seccomp<'a> {
        let settings = self.surroundings.settings;
        let start = Span::at(self.place.node.span().start as usize);
        let head = Evidence { file: Some(self.place.source.id.0), span: start, route: None };
        let lines: Vec<Evidence> = line.into_iter().chain([head]).collect();
        let load = |caps: &[String]| {
            let caps: Vec<&str> = caps.iter().map(String::as_str).collect();
            self.place.load(self.surroundings.sources, self.reader, &seccomp::target(settings, &caps))
        };
        let mut sets = Held::of(self.surroundings, self.container).sets();
        let unknown = |because: &[&str], settle: &'static str| {
            Seccomp::from(Answer::Unknown(Known::unknown(because.concat(), settle).at(lines.clone())))
        };
        match load(&sets.next().unwrap_or_default()) {
            Loaded::Filter(filter) => {
                if let Some(reason) = seccomp::why_it_does_not_start(self.container, &filter, settings) {
                    stillborn.push(["Under the seccomp profile ", name, " it does not start: ", &reason, "."].concat());
                }
                // Ways out are asked for in the machine's own ABI.
                let arch = seccomp::arch(settings.node.arch);
                let mut deciders = vec![Decider::of_abi(&filter, arch)];
                if let Some(most) = sets.next()
                    && let Loaded::Filter(other) = load(&most)
                    && other != filter
                {
                    deciders.push(Decider::of_abi(&other, arch));
                }
                let asking = Asking { whose: ["the seccomp profile ", name].concat(), unsure: BY_CAPABILITY, lines };
                by(Rc::new(deciders), arch, asking)
            }
            Loaded::Nothing => {
                let because = ["the runtime takes the seccomp profile ", name, " for no filter at all"].concat();
                Answer::Not(Known::new(true, because).at(lines)).into()
            }
            Loaded::Refused(refusal) => {
                let head = "The runtime refuses the seccomp profile ";
                let refusal = refusal.to_string();
                stillborn.push([head, name, ", so that the container does not start: ", &refusal, "."].concat());
                unknown(&["the seccomp profile ", name, " is refused"], "Mend the seccomp profile.")
            }
            Loaded::NoBase(base) => {
                let because = ["the base ", &base, " of the seccomp profile ", name, " is not among the files"];
                unknown(&because, "Paste the base profile.")
            }
        }
    }
}

/// Capabilities by number, a bit each: those that are held for sure, and those that may be held.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Held {
    sure: u64,
    most: u64,
}

impl Held {
    fn of(surroundings: &Surroundings<'_>, container: &Container) -> Self {
        let readers = surroundings.node.readers();
        let mut held = Self { sure: 0, most: 0 };
        for known in capability::all() {
            let bit = 1 << known.number;
            match effective::capability_by(container, known, readers).value {
                Some(false) => {}
                Some(true) => {
                    held.sure |= bit;
                    held.most |= bit;
                }
                None => held.most |= bit,
            }
        }
        held
    }

    /// The two sets, or the one when they are the same.
    fn sets(self) -> impl Iterator<Item = Vec<String>> {
        let names = |bits: u64| {
            let held = capability::all().iter().filter(move |known| bits & 1 << known.number != 0);
            held.map(|known| ["CAP_", known.name].concat()).collect()
        };
        std::iter::once(self.sure).chain(Some(self.most).filter(|most| *most != self.sure)).map(names)
    }
}

/// The runtime's own filters that are ready to be asked, for a node and the capabilities that they were made for.
struct Ready {
    node: NodeSettings,
    held: Held,
    deciders: Rc<Vec<Decider>>,
}

/// How many of them are kept: one for every set of capabilities that a file of some pods has.
const KEPT: usize = 32;

thread_local! {
    /// Those that were asked for last: making them takes longer than the rest of a map.
    static LAST: RefCell<Vec<Ready>> = const { RefCell::new(Vec::new()) };
}

/// The runtime's own profile: that of its version, or the laxest and the strictest that it may be.
fn by_runtime<'a>(surroundings: &Surroundings<'_>, container: &Container, line: Option<Evidence>) -> Seccomp<'a> {
    let settings = surroundings.settings;
    let held = Held::of(surroundings, container);
    let deciders = LAST.with_borrow_mut(|last| {
        let is_it = |ready: &Ready| ready.node == settings.node && ready.held == held;
        if let Some(ready) = last.iter().find(|ready| is_it(ready)) {
            return Rc::clone(&ready.deciders);
        }
        let deciders = Rc::new(deciders(settings, held));
        if last.len() >= KEPT {
            last.remove(0);
        }
        last.push(Ready { node: settings.node, held, deciders: Rc::clone(&deciders) });
        deciders
    });
    let whose = [settings.node.runtime.name(), "'s default seccomp profile"].concat();
    let asking = Asking { whose, unsure: BY_VERSION, lines: line.into_iter().collect() };
    by(deciders, seccomp::arch(settings.node.arch), asking)
}

fn deciders(settings: &Settings, held: Held) -> Vec<Decider> {
    let editions = defaults::of(settings.node.runtime, settings.node.runtime_version);
    let mut filters = Vec::new();
    for caps in held.sets() {
        let caps: Vec<&str> = caps.iter().map(String::as_str).collect();
        let target = seccomp::target(settings, &caps);
        filters.extend(editions.iter().filter_map(|edition| edition.filter(&target).ok()?));
    }
    filters.dedup();
    filters.iter().map(|filter| Decider::of_abi(filter, seccomp::arch(settings.node.arch))).collect()
}

/// How an answer is told.
struct Asking {
    whose: String,
    /// On what it depends where filters that may be there do not agree, and what would settle it.
    unsure: (&'static str, &'static str),
    lines: Vec<Evidence>,
}

const BY_CAPABILITY: (&str, &str) =
    (" pass for a capability that not every runtime gives", "Name every capability that is needed, and drop ALL.");
const BY_VERSION: (&str, &str) = (
    " pass in some versions, or for a capability that not every runtime gives",
    "Say which version of the runtime it is.",
);

fn lets(decider: &Decider, arch: Arch, number: u32, args: &[u64; 6]) -> bool {
    matches!(decider.decide(arch, number, args).action.kind, ActionKind::Allow | ActionKind::Log)
}

/// Asks the filters that may be there. Where they do not agree nobody can say.
fn by<'a>(deciders: Rc<Vec<Decider>>, arch: Arch, asking: Asking) -> Seccomp<'a> {
    let number = move |name: &str| Syscall::from_name(name).and_then(|call| call.number(arch));
    let Asking { whose, unsure, lines } = asking;
    let asked = Rc::clone(&deciders);
    let answer: Box<dyn Fn(Call<'_>) -> Known + 'a> = Box::new(move |(name, args): Call<'_>| {
        let Some(number) = number(name) else {
            // Where a call does not exist there is nothing to filter; its namesakes decide.
            return Known::new(false, [name, " does not exist on this processor"].concat());
        };
        let mut answers = asked.iter().map(|decider| lets(decider, arch, number, &args));
        let passes = answers.next().unwrap_or(false);
        let shown = shown(name, &args);
        if answers.any(|other| other != passes) {
            let because = [&whose, " lets ", &shown, unsure.0].concat();
            return Known::unknown(because, unsure.1).at(lines.clone());
        }
        let how = if passes { " lets " } else { " stops " };
        let tail = if passes { " pass" } else { "" };
        Known::new(Truth::from(passes), [&whose, how, &shown, tail].concat()).at(lines.clone())
    });
    let refused = move |(name, args): Call<'_>| {
        let Some(number) = number(name) else { return Ending::Error("ENOSYS") };
        let mut endings = deciders.iter().map(|decider| ending(decider.decide(arch, number, &args).action));
        endings.next().filter(|first| endings.all(|other| other == *first)).unwrap_or(Ending::Unknown)
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

/// A call as people write it: `socket of family 38`.
fn shown(name: &str, args: &[u64; 6]) -> String {
    match (name, args.first()) {
        ("socket", Some(family)) if *family != 0 => ["socket of family ", &family.to_string()].concat(),
        _ => name.to_owned(),
    }
}
