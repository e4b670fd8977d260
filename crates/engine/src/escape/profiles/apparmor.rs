//! AppArmor: what the profile of a container lets pass, by the rule that decides.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use watertight_apparmor::decide::{Compiled, MountCall, Operation, Outcome, Verdict, mount_flag};
use watertight_apparmor::defaults;
use watertight_apparmor::policy::{Policy, Profile};
use watertight_apparmor::tree::Perms;
use watertight_apparmor::{Given, resolve};
use watertight_diagnostic::{Release, Runtime, Settings};
use watertight_escape::{Access, Evidence, Known, Operation as Asked, Truth};
use watertight_pod::Container;
use watertight_pod::effective::{Confinement, Effective};

use super::{Answer, line};
use crate::apparmor::{Named, find};
use crate::source::Source;

/// How an AppArmor profile answers.
pub(super) type Apparmor<'a> = Answer<dyn Fn(Asked<'_>) -> Known + 'a>;

/// A default profile of a runtime, ready to be asked.
#[derive(Debug)]
pub(crate) struct Shipped {
    policy: Policy,
    compiled: Compiled,
    /// What it was asked before: most containers ask the same.
    known: RefCell<HashMap<String, Truth>>,
}

/// Answers that are kept; paths are the pods' own and may be many.
const KEPT: usize = 4_096;

impl Shipped {
    fn ask(&self, asked: Asked<'_>, key: &str) -> Option<Truth> {
        if let Some(truth) = self.known.borrow().get(key) {
            return Some(*truth);
        }
        let truth = ask(&self.policy, self.policy.profiles.first()?, &self.compiled, asked).0;
        let mut known = self.known.borrow_mut();
        if known.len() < KEPT {
            known.insert(key.to_owned(), truth);
        }
        Some(truth)
    }
}

/// Profiles of the files that are ready to be asked, by file and name.
#[derive(Debug, Default)]
pub(crate) struct Cache(RefCell<HashMap<(u32, String), Rc<Compiled>>>);

impl Cache {
    fn of(&self, named: &Named<'_>, name: &str) -> Rc<Compiled> {
        let key = (named.source.id.0, name.to_owned());
        let mut known = self.0.borrow_mut();
        let compile = || Rc::new(Compiled::new(&named.profiles.resolved.policy, named.profile));
        known.entry(key).or_insert_with(compile).clone()
    }
}

thread_local! {
    /// The default profiles that were asked for last, with who asks: reading them takes longer than the rest of a map.
    static LAST: RefCell<Option<(Edition, Rc<Vec<Shipped>>)>> = const { RefCell::new(None) };
}

/// A runtime and its version.
type Edition = (Runtime, Option<Release>);

/// The default profiles that the runtime of the settings may have: one when its version says which, else the oldest and
/// the newest, which differ most.
pub(crate) fn defaults(settings: &Settings) -> Rc<Vec<Shipped>> {
    let edition = (settings.node.runtime, settings.node.runtime_version);
    LAST.with_borrow_mut(|last| match last {
        Some((known, shipped)) if *known == edition => Rc::clone(shipped),
        _ => {
            let shipped = Rc::new(read(settings));
            *last = Some((edition, Rc::clone(&shipped)));
            shipped
        }
    })
}

fn read(settings: &Settings) -> Vec<Shipped> {
    let node = settings.node;
    let editions = defaults::of(node.runtime, node.runtime_version);
    let ends = match editions.as_slice() {
        [oldest, .., newest] => vec![*oldest, *newest],
        few => few.to_vec(),
    };
    let read = ends.into_iter().filter_map(|edition| {
        let policy = resolve(&edition.text(), &Given::default()).policy;
        let compiled = Compiled::new(&policy, policy.find(edition.name)?);
        Some(Shipped { policy, compiled, known: RefCell::default() })
    });
    read.collect()
}

/// Finds the profile of a container.
pub(super) fn of<'a>(
    profile: &Effective<Confinement<'_>>,
    container: &Container,
    sources: &'a [Source<'a>],
    cache: &Cache,
    defaults: impl FnOnce() -> Rc<Vec<Shipped>>,
    stillborn: &mut Vec<String>,
) -> Apparmor<'a> {
    let line = line(profile.origin);
    match profile.value {
        Some(Confinement::Unconfined) if container.security.privileged.is_true() => {
            Answer::Not(Known::new(true, "a privileged container runs without an AppArmor profile").at(line))
        }
        Some(Confinement::Unconfined) => Answer::Not(Known::new(true, "its AppArmor profile is Unconfined").at(line)),
        Some(Confinement::RuntimeDefault) => by_default(defaults(), line),
        Some(Confinement::Localhost(name)) => match find(sources, name) {
            Some(named) => by_name(named, name, cache, line, stillborn),
            None => Answer::Unknown(
                Known::unknown(
                    ["its AppArmor profile ", name, " is not among the files"].concat(),
                    "Paste the AppArmor profile that the pod names.",
                )
                .at(line),
            ),
        },
        None => {
            Answer::Unknown(Known::unknown("its AppArmor profile cannot be told", "Write the profile out.").at(line))
        }
    }
}

fn by_default<'a>(defaults: Rc<Vec<Shipped>>, line: Option<Evidence>) -> Apparmor<'a> {
    if defaults.is_empty() {
        return Answer::Unknown(
            Known::unknown(
                "the AppArmor profile of so old a runtime is not known",
                "Paste the AppArmor profile that the runtime loads.",
            )
            .at(line),
        );
    }
    Answer::By(Box::new(move |asked| {
        let words = words(asked);
        let truths = defaults.iter().filter_map(|default| default.ask(asked, &words));
        let known = match truths.collect::<Vec<_>>().as_slice() {
            [] => Known::unknown("the runtime's AppArmor profile cannot be read", ""),
            [first, rest @ ..] if rest.iter().all(|truth| truth == first) => {
                let lets = if *first == Truth::No { "does not let it " } else { "lets it " };
                Known::new(*first, ["the runtime's own AppArmor profile ", lets, &words].concat())
            }
            _ => Known::unknown(
                ["the runtime's AppArmor profile lets it ", &words, " in some versions"].concat(),
                "Say the version of the runtime in the settings.",
            ),
        };
        known.at(line.clone())
    }))
}

fn by_name<'a>(
    named: Named<'a>,
    name: &str,
    cache: &Cache,
    line: Option<Evidence>,
    stillborn: &mut Vec<String>,
) -> Apparmor<'a> {
    let policy = &named.profiles.resolved.policy;
    if let Some(refusal) = named.profiles.resolved.refusals.first() {
        let message =
            ["The AppArmor profile ", name, " cannot be loaded, so that the container does not start: "].concat();
        stillborn.push([message, refusal.message.clone()].concat());
    }
    let compiled = cache.of(&named, name);
    stillborn.extend(cannot_start(policy, named.profile, &compiled, name));
    let name = name.to_owned();
    Answer::By(Box::new(move |asked| {
        let (truth, verdict) = ask(policy, named.profile, &compiled, asked);
        let place = |span| Evidence { file: Some(named.source.id.0), span: named.profiles.place(span), route: None };
        let rule =
            verdict.and_then(|verdict| verdict.rules.first().map(|rule| (rule.denies, place(rule.origin.shown))));
        let how = match (truth, &rule) {
            (Truth::Yes, _) => "lets it ",
            (Truth::No, Some((true, _))) => "denies it to ",
            (Truth::No, _) => "has no rule that lets it ",
            (Truth::Unknown, _) => "may let it ",
        };
        let because = ["the AppArmor profile ", &name, " ", how, &words(asked)].concat();
        let known = match truth {
            Truth::Unknown => Known::unknown(because, "Paste the files that the profile includes."),
            truth => Known::new(truth, because),
        };
        let head = place(named.profile.origin.shown);
        known.at(Some(rule.map_or(head, |(_, place)| place))).at(line.clone())
    }))
}

/// A profile under which no program can be started at all.
fn cannot_start(policy: &Policy, profile: &Profile, compiled: &Compiled, name: &str) -> Option<String> {
    let starts = |path: &str| {
        // The runtime goes over to the profile with the start of the program, which the profile itself must let it
        // map.
        let operation = Operation::File { path: path.to_owned(), perms: Perms::MAP, owner: true };
        compiled.decide(policy, profile, &operation).outcome != Outcome::Denied
    };
    let programs =
        ["/bin/sh", "/usr/bin/sh", "/usr/local/bin/app", "/usr/sbin/nginx", "/app", "/app/main", "/bin/busybox"];
    let denied = !programs.into_iter().any(starts);
    denied.then(|| {
        [
            "Under the AppArmor profile ",
            name,
            " no program can be read or mapped, so that the container does not start.",
        ]
        .concat()
    })
}

/// The end of a sentence: "lets it …".
fn words(asked: Asked<'_>) -> String {
    match asked {
        Asked::Mount => "mount file systems".to_owned(),
        Asked::Ptrace => "trace processes of the node".to_owned(),
        Asked::Capability(name) => ["use ", name].concat(),
        Asked::File(path, Access::Read) => ["read below ", path].concat(),
        Asked::File(path, Access::Write) => ["write below ", path].concat(),
    }
}

/// Whether something passes, with the verdict that says so: one of the forms that an operation has is enough.
fn ask(policy: &Policy, profile: &Profile, compiled: &Compiled, asked: Asked<'_>) -> (Truth, Option<Verdict>) {
    let mut best: Option<(Truth, Verdict)> = None;
    for operation in forms(asked) {
        let verdict = compiled.decide(policy, profile, &operation);
        let truth = match verdict.outcome {
            Outcome::Allowed => Truth::Yes,
            Outcome::Unknown => Truth::Unknown,
            Outcome::Denied => Truth::No,
        };
        if best.as_ref().is_none_or(|(known, _)| truth > *known) {
            best = Some((truth, verdict));
        }
    }
    best.map_or((Truth::Unknown, None), |(truth, verdict)| (truth, Some(verdict)))
}

fn forms(asked: Asked<'_>) -> Vec<Operation> {
    let mount = |source: &str, fstype: &str, flags: u32| {
        let target = "/mnt/".to_owned();
        let call =
            MountCall { source: source.to_owned(), target, fstype: fstype.to_owned(), flags, data: String::new() };
        Operation::Mount(call)
    };
    match asked {
        Asked::Mount => vec![
            mount("proc", "proc", 0),
            mount("/dev/sda1", "ext4", 0),
            mount("cgroup", "cgroup", 0),
            mount("/host/", "", mount_flag("bind").unwrap_or(0x1000)),
        ],
        Asked::Ptrace => vec![Operation::Ptrace { access: "trace".to_owned(), peer: "unconfined".to_owned() }],
        Asked::Capability(name) => vec![Operation::Capability(name.to_ascii_lowercase())],
        Asked::File(path, access) => {
            let perms = if access == Access::Write { Perms::WRITE } else { Perms::READ };
            let folder = path.trim_end_matches('/');
            // What is mounted may be a file itself, or hold files.
            let paths = [folder.to_owned(), [folder, "/etc/x"].concat(), [folder, "/x"].concat()];
            let file = |path| Operation::File { path, perms, owner: true };
            paths.into_iter().filter(|path| !path.is_empty()).map(file).collect()
        }
    }
}
