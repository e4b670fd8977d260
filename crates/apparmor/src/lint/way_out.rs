use std::sync::Arc;

use watertight_diagnostic::{Confidence, Finding, Fix, Location, Rewrite, Safety, declare_meta};

use super::look::Look;
use super::told::Told;
use crate::decide::{MountCall, Next, Operation, Reason, Verdict};
use crate::glob::Universe;
use crate::refusal::Code;
use crate::tree::{Action, ExecMode, Perms, RuleKind};

declare_meta! {
    /// ## What it finds
    /// Rules of a profile for containers that permit what leads out: writing where the node takes programs to start from,
    /// mounting, looking into tasks outside, going over to no profile at all, starting programs under none (`ux`), using a
    /// runtime's socket or a disk. With `no_new_privs`, which `allowPrivilegeEscalation: false` sets, the kernel starts no program
    /// under no profile.
    ///
    /// ## Why it matters
    /// A pod gets either its own profile or the runtime's default one. Its own should not permit what the default one
    /// refuses; otherwise the pod had more protection without it.
    ///
    /// ## What to do
    /// Narrow the rule, or put a `deny` beside it.
    ///
    /// ## Bad
    /// ```apparmor
    /// profile web {
    ///   /** rmix,
    ///   mount,
    /// }
    /// ```
    ///
    /// ## Good
    /// ```apparmor
    /// profile web {
    ///   /** rmix,
    /// }
    /// ```
    WAY_OUT = {
        id: "apparmor-way-out",
        title: "A rule that permits a way out",
        category: Escape,
        severity: High,
        fixable: true,
        sources: [],
    }
}

/// Something that leads out of a container.
struct Way {
    path: &'static str,
    perms: Perms,
    /// Whether the runtimes' default profiles refuse it. If not, it is told only where a rule names it.
    closed: bool,
    gives: &'static str,
}

const fn closed(path: &'static str, perms: Perms, gives: &'static str) -> Way {
    Way { path, perms, closed: true, gives }
}

const fn named(path: &'static str, perms: Perms, gives: &'static str) -> Way {
    Way { path, perms, closed: false, gives }
}

static FILES: &[Way] = &[
    closed(
        "/proc/sys/kernel/core_pattern",
        Perms::WRITE,
        "the node starts what is written there as root when a program crashes",
    ),
    closed(
        "/proc/sys/kernel/modprobe",
        Perms::WRITE,
        "the kernel starts what is written there as root to load a module",
    ),
    closed(
        "/proc/sys/fs/binfmt_misc/register",
        Perms::WRITE,
        "it registers what the node starts for programs of a kind",
    ),
    closed(
        "/sys/kernel/uevent_helper",
        Perms::WRITE,
        "the kernel starts what is written there as root when a device appears",
    ),
    closed("/sys/kernel/security/apparmor/.replace", Perms::WRITE, "it replaces the node's AppArmor profiles"),
    closed(
        "/sys/firmware/efi/efivars/BootOrder-8be4df61-93ca-11d2-aa0d-00e098032b8c",
        Perms::WRITE,
        "it changes how the node boots",
    ),
    closed("/proc/sysrq-trigger", Perms::WRITE, "it restarts or halts the node"),
    named(
        "/sys/fs/cgroup/release_agent",
        Perms::WRITE,
        "the node starts what is written there as root when a group empties",
    ),
    named("/run/docker.sock", Perms::WRITE, "Docker starts any container for whoever speaks to it"),
    named("/run/containerd/containerd.sock", Perms::WRITE, "containerd starts any container for whoever speaks to it"),
    named("/run/crio/crio.sock", Perms::WRITE, "CRI-O starts any container for whoever speaks to it"),
    named("/var/lib/kubelet/pki/kubelet-client-current.pem", Perms::READ, "it is the node's own key to the cluster"),
    named("/etc/kubernetes/manifests/pod.yaml", Perms::WRITE, "the kubelet starts the pods that lie there"),
    named("/dev/sda", Perms::WRITE, "it is the node's disk"),
    named("/dev/mem", Perms::WRITE, "it is the node's memory"),
    named("/proc/1/mem", Perms::WRITE, "it is the memory of another task"),
];

/// A path that no way out leads through: who permits it as well has not named the way.
const ELSEWHERE: &str = "/nowhere/at/all";

/// What one rule permits.
struct Permit {
    rule: Option<u32>,
    ways: Vec<String>,
    denies: Vec<String>,
    closed: bool,
    unless: Unless,
}

/// What may keep from a way out.
#[derive(Clone)]
enum Unless {
    Nothing,
    /// An include that was not given may deny it, or give it to other rules.
    Includes(Arc<[String]>),
    /// A profile of the node may be meant.
    Profile,
}

/// How many rules are asked whether the programs that they start run under no profile: each takes a look at all.
const STARTS: usize = 8;

pub(super) fn check(look: &Look<'_>, found: &mut Told) {
    // Without the meaning of a variable nobody knows what the rules deny, and nothing of the file is loaded.
    let is_undefined = look.subject.resolved.refusals.iter().any(|refusal| refusal.code == Code::Variable);
    if !look.is_for_containers() || !look.refuses() || is_undefined {
        return;
    }
    let mut permits: Vec<Permit> = Vec::new();
    let on_file = |path: &str, perms| Operation::File { path: path.to_owned(), perms, owner: true };
    let elsewhere = [Perms::WRITE, Perms::READ].map(|perms| on_file(ELSEWHERE, perms));
    let asked: Vec<Operation> = FILES.iter().map(|way| on_file(way.path, way.perms)).chain(elsewhere).collect();
    let verdicts = look.decide_all(&asked);
    let answers: Vec<_> = others().into_iter().map(|(operation, gives)| (look.decide(&operation), gives)).collect();
    let allowing = |verdict: &Verdict| look.allowing(verdict).map(|deciding| deciding.rule);
    let mut elsewhere = verdicts.iter().skip(FILES.len()).map(allowing);
    let (to_write, to_read) = (elsewhere.next().flatten(), elsewhere.next().flatten());
    for (way, verdict) in FILES.iter().zip(&verdicts) {
        let Some(unless) = permitted(look, verdict) else { continue };
        let rule = allowing(verdict);
        let reads = way.perms == Perms::READ;
        if !way.closed && rule == if reads { to_read } else { to_write } {
            continue;
        }
        let verb = if reads { "read `" } else { "write `" };
        let letter = if reads { " r," } else { " w," };
        add(
            &mut permits,
            rule,
            [verb, way.path, "` (", way.gives, ")"].concat(),
            Some(["deny ", way.path, letter].concat()),
            way.closed,
            unless,
        );
    }
    for (verdict, gives) in &answers {
        if let Some(unless) = permitted(look, verdict) {
            add(&mut permits, allowing(verdict), (*gives).to_owned(), None, true, unless);
        }
    }
    if let Some((rule, unless)) = unconfined_start(look) {
        add(&mut permits, Some(rule), "start programs under no profile at all".to_owned(), None, true, unless);
    }
    found.extend(permits.into_iter().map(|permit| finding(look, &permit)));
}

/// Whether rules permit it, and what may keep from it all the same; `None` when they do not.
fn permitted(look: &Look<'_>, verdict: &Verdict) -> Option<Unless> {
    match &verdict.reason {
        Reason::Rule if verdict.allowed() => Some(Unless::Nothing),
        // What the rules themselves say is told beside the doubt.
        Reason::Includes(names) if verdict.missing.is_empty() && look.allowing(verdict).is_some() => {
            Some(Unless::Includes(Arc::clone(names)))
        }
        _ => None,
    }
}

/// The first rule of the text that starts programs under no profile.
fn unconfined_start(look: &Look<'_>) -> Option<(u32, Unless)> {
    let rules = look.profile.rules.iter().zip(0u32..);
    let starts = rules.filter(|(rule, id)| {
        let exec = match &rule.rule.kind {
            RuleKind::File(file) => file.exec.as_ref(),
            _ => None,
        };
        let is_open = exec.is_some_and(|exec| {
            matches!(exec.mode, ExecMode::Unconfined | ExecMode::ProfileUnconfined | ExecMode::ChildUnconfined)
        });
        is_open && rule.rule.prefix.action != Action::Deny && look.is_own(*id)
    });
    starts.take(STARTS).find_map(|(_, id)| {
        let sample = look.compiled.entries_of(id).find_map(|entry| entry.pattern.samples(Universe::Paths).next())?;
        let path = String::from_utf8(sample).ok()?;
        let verdict = look.decide(&Operation::Exec { path, owner: true });
        let is_its = verdict.rules.iter().any(|deciding| deciding.rule == id && !deciding.denies);
        let unless = match (verdict.next.filter(|_| is_its)?, verdict.reason) {
            (Next::Unconfined, Reason::Includes(names)) => Unless::Includes(names),
            (Next::Unconfined, _) => Unless::Nothing,
            (Next::NotGiven { otherwise: Some(otherwise), .. }, _) if *otherwise == Next::Unconfined => Unless::Profile,
            _ => return None,
        };
        Some((id, unless))
    })
}

fn add(permits: &mut Vec<Permit>, rule: Option<u32>, way: String, deny: Option<String>, closed: bool, unless: Unless) {
    let at = permits.iter().position(|permit| permit.rule == rule).unwrap_or_else(|| {
        permits.push(Permit { rule, ways: Vec::new(), denies: Vec::new(), closed: false, unless });
        permits.len() - 1
    });
    if let Some(permit) = permits.get_mut(at) {
        permit.ways.push(way);
        permit.denies.extend(deny);
        permit.closed |= closed;
    }
}

/// What is not about files. The default profiles refuse all of it.
fn others() -> Vec<(Operation, &'static str)> {
    let mount = |source: &str, fstype: &str, flags: u32| {
        Operation::Mount(MountCall {
            source: source.to_owned(),
            target: "/mnt/".to_owned(),
            fstype: fstype.to_owned(),
            flags,
            data: String::new(),
        })
    };
    vec![
        (mount("/dev/sda1", "ext4", 0), "mount a disk of the node"),
        (mount("cgroup", "cgroup", 0), "mount cgroups and their release agent"),
        (mount("proc", "proc", 0), "mount a `/proc` without the runtime's masks"),
        (
            Operation::Ptrace { access: "trace".to_owned(), peer: "unconfined".to_owned() },
            "steer tasks that have no profile, such as the node's own",
        ),
        (Operation::ChangeProfile { target: "unconfined".to_owned(), exec: None }, "go over to no profile at all"),
    ]
}

fn finding(look: &Look<'_>, permit: &Permit) -> Finding {
    let at: Location = permit.rule.map_or_else(|| look.head(), |rule| look.location(rule, ""));
    let rule = permit.rule.and_then(|rule| look.rule(rule)).map(|rule| look.written(rule.origin));
    let shown = permit.ways.len().min(3);
    let mut ways = permit.ways.get(..shown).unwrap_or_default().join(", ");
    if permit.ways.len() > shown {
        ways.push_str(&[", and ", &(permit.ways.len() - shown).to_string(), " more"].concat());
    }
    match &permit.unless {
        Unless::Nothing => {}
        Unless::Includes(names) => {
            let shown: Vec<&str> = names.iter().take(3).map(String::as_str).collect();
            ways.push_str(&[", unless something denies it that was not given: ", &shown.join(", ")].concat());
        }
        Unless::Profile => ways.push_str(", unless the node has a profile for them"),
    }
    let what = ["`", rule.as_deref().unwrap_or("The profile"), "` lets the container ", &ways, "."].concat();
    let why = if permit.closed {
        "The runtimes' default profiles refuse this, so the pod is better protected without this profile."
    } else {
        "The rule names it, so it is meant to be used; whoever takes over the program can use it as well."
    };
    let confidence = if matches!(permit.unless, Unless::Nothing) { Confidence::Certain } else { Confidence::Likely };
    let mut finding = Finding::new(&WAY_OUT, at, what)
        .confidence(confidence)
        .why(why)
        .how("Narrow the rule, or put a `deny` beside it.");
    let fix = |title: &str, rewrites| Fix {
        title: title.to_owned(),
        safety: Safety::ChangesBehaviour,
        level: None,
        file: look.subject.file,
        operations: Vec::new(),
        rewrites,
    };
    match (permit.denies.len() == permit.ways.len(), look.top(), permit.rule.and_then(|rule| look.removed(rule))) {
        (true, Some((span, indent)), _) => {
            let text: String = permit.denies.iter().flat_map(|deny| ["\n", &indent, deny]).collect();
            finding = finding.fix(fix("Deny it", vec![Rewrite { span, expect: String::new(), text }]));
        }
        (false, _, Some(removed)) if permit.denies.is_empty() => {
            finding = finding.fix(fix("Drop the rule", vec![removed]));
        }
        _ => {}
    }
    finding
}

#[cfg(test)]
mod tests {
    use crate::defaults::EDITIONS;
    use crate::lint::testing::{fixed, says, underlined};

    const RULE: &str = "apparmor-way-out";

    #[test]
    fn the_runtimes_own_profiles_permit_none() {
        for edition in EDITIONS {
            assert_eq!(underlined(RULE, &edition.text()), [""; 0], "{edition:?}");
        }
    }

    #[test]
    fn what_permits_a_way_out() {
        for (rules, expected) in [
            ("mount,", vec!["mount,"]),
            ("mount fstype=proc,", vec!["mount fstype=proc,"]),
            ("mount fstype=tmpfs,", vec![]),
            ("ptrace,", vec!["ptrace,"]),
            ("ptrace (trace) peer=a,", vec![]),
            ("change_profile,", vec!["change_profile,"]),
            ("change_profile -> b,", vec![]),
            ("/** rwix,", vec!["/** rwix,"]),
            ("/** rwix,\ndeny @{PROC}/** w,", vec!["/** rwix,"]),
            ("/run/docker.sock rw,", vec!["/run/docker.sock rw,"]),
            ("/dev/sd* rw,", vec!["/dev/sd* rw,"]),
            ("/srv/** rw,", vec![]),
            ("/** rw,\ndeny @{UNKNOWN}/** w,", vec![]),
            ("/bin/sh Ux,", vec!["/bin/sh Ux,"]),
            ("/bin/sh ux,\n/usr/bin/* ux,", vec!["/bin/sh ux,"]),
            ("/bin/sh ux,\ndeny /bin/sh x,", vec![]),
            ("/bin/sh pux -> other,", vec!["/bin/sh pux -> other,"]),
            ("/bin/sh ix,\n/bin/ls px,", vec![]),
            ("include if exists <local/a>\nmount,", vec!["mount,"]),
            ("include <local/a>\n/** rw,", vec!["/** rw,"]),
            ("include <local/a>\n/srv/** rw,", vec![]),
            ("include <local/a>\ndeny mount,\nmount,", vec![]),
        ] {
            let text = format!("@{{PROC}}=/proc/\nprofile a {{\n{rules}\n}}\n");
            assert_eq!(underlined(RULE, &text), expected, "{rules}");
        }
    }

    #[test]
    fn fixes() {
        says(RULE, "profile a {\n  mount,\n}\n", "mount a disk of the node");
        says(RULE, "profile a {\n  include <local/a>\n  mount,\n}\n", "that was not given: local/a");
        says(RULE, "profile a {\n  /bin/sh pux,\n}\n", "unless the node has a profile for them");
        assert_eq!(fixed(RULE, "profile a {\n  mount,\n}\n"), "profile a {\n}\n");
        assert_eq!(
            fixed(RULE, "profile a {\n  /run/*.sock rw,\n}\n"),
            "profile a {\n  deny /run/docker.sock w,\n  /run/*.sock rw,\n}\n"
        );
    }
}
