//! What a profile allows: [`Compiled::decide`] answers as the kernel would with the policy that apparmor_parser makes.

pub mod asked;
mod capability;
mod change_profile;
mod compile;
mod dead;
mod exec;
mod file;
pub mod flags;
mod label;
mod link;
mod mount;
mod network;
mod operation;
mod resolve;
mod unix;
mod values;
mod verdict;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use resolve::Decision;

pub use compile::{Compiled, Problem};
pub use exec::Next;
pub(crate) use file::FileEntry;
pub use file::FilePerms;
pub use mount::flag as mount_flag;
pub use operation::{DbusUse, MountCall, Operation, UnixUse};
pub(crate) use resolve::Voice;
pub use verdict::{Deciding, Outcome, Reason, Verdict};

use crate::policy::{Policy, Profile};
use crate::tree::Perms;
use flags::Mode;

/// Answers one question. Compile the profile yourself when there are several.
pub fn decide(policy: &Policy, profile: &Profile, operation: &Operation) -> Verdict {
    Compiled::new(policy, profile).decide(policy, profile, operation)
}

impl Compiled {
    /// The compiled rules on paths, in the order of the rules.
    pub(crate) fn file_entries(&self) -> &[FileEntry] {
        &self.files
    }

    /// Those that the rule at that place was compiled into: it may have several patterns.
    pub(crate) fn entries_of(&self, rule: u32) -> impl Iterator<Item = &FileEntry> {
        let first = self.files.partition_point(|entry| entry.voice.rule < rule);
        self.files.iter().skip(first).take_while(move |entry| entry.voice.rule == rule)
    }

    /// Whether every pattern that the parser takes is small enough to be followed.
    pub(crate) fn follows_all(&self) -> bool {
        self.problems.iter().all(|problem| problem.error.refused())
    }

    /// The letters that a path gets.
    pub fn file_perms(&self, path: &str, owner: bool) -> FilePerms {
        file::perms(&self.files, &self.transitions, &[(path.as_bytes(), owner)]).pop().unwrap_or_default()
    }

    /// Whether rules allow an operation that is not about files, whatever the flags of the profile make of that.
    pub fn allows_by_rule(&self, operation: &Operation) -> bool {
        self.look(operation).is_some_and(|verdict| verdict.reason == Reason::Rule)
    }

    /// Answers a question. `policy` and `profile` are those that were compiled.
    pub fn decide(&self, policy: &Policy, profile: &Profile, operation: &Operation) -> Verdict {
        self.answer(policy, profile, operation, None)
    }

    /// Answers several questions. Those on files are put to each rule at once, while its pattern is at hand: where there are tens
    /// of thousands of rules, fetching them takes longer than asking.
    pub fn decide_all(&self, policy: &Policy, profile: &Profile, operations: &[Operation]) -> Vec<Verdict> {
        let on_file = |operation| match operation {
            &Operation::File { ref path, owner, .. } => Some((path.as_bytes(), owner)),
            _ => None,
        };
        let asked: Vec<(&[u8], bool)> = operations.iter().filter_map(on_file).collect();
        let mut known = file::perms(&self.files, &self.transitions, &asked).into_iter();
        let ask = |operation| {
            let known = on_file(operation).and_then(|_| known.next());
            self.answer(policy, profile, operation, known)
        };
        operations.iter().map(ask).collect()
    }

    /// Answers a question; what a file gets may be known.
    fn answer(&self, policy: &Policy, profile: &Profile, operation: &Operation, known: Option<FilePerms>) -> Verdict {
        if self.flags.mode == Mode::Unconfined && !matches!(operation, Operation::Userns) {
            return Verdict::new(Outcome::Allowed, Reason::Unconfined);
        }
        if !self.mediates(operation) {
            return Verdict::new(Outcome::Allowed, Reason::NotMediated);
        }
        let verdict = match operation {
            Operation::File { path, perms, owner } => {
                self.decide_file(&known.unwrap_or_else(|| self.file_perms(path, *owner)), *perms)
            }
            Operation::Exec { path, owner } => self.decide_exec(policy, profile, path, *owner),
            Operation::Link { link, target, owner } => self.decide_link(link, target, *owner),
            other => self.look(other).unwrap_or_else(|| Verdict::new(Outcome::Unknown, Reason::NoRule)),
        };
        self.hedged(verdict)
    }

    /// Decides what is not about files; `None` for what is.
    fn look(&self, operation: &Operation) -> Option<Verdict> {
        Some(match operation {
            Operation::File { .. } | Operation::Exec { .. } | Operation::Link { .. } => return None,
            Operation::Capability(name) => self.of_decision(&capability::decide(&self.capabilities, name)),
            Operation::Network { family, kind, access } => {
                let bit = network::access(access.as_deref().unwrap_or("create"));
                self.of_voices(&network::voices(&self.networks, family, kind), bit)
            }
            Operation::Mount(call) => self.decide_mount(&mount::subject(call), mount::MAY_MOUNT),
            Operation::Umount { target } => self.decide_mount(&mount::subject_of_umount(target), mount::MAY_UMOUNT),
            Operation::PivotRoot { root, old } => {
                self.decide_mount(&mount::subject_of_pivot_root(root, old), mount::MAY_PIVOT_ROOT)
            }
            Operation::Ptrace { access, peer } => {
                self.of_voices(&label::voices(&self.ptraces, &[("peer", peer)]), label::bits(label::PTRACE, access))
            }
            Operation::Signal { access, signal, peer } => {
                let facts = [("set", label::signal(signal)), ("peer", peer)];
                self.of_voices(&label::voices(&self.signals, &facts), label::bits(label::SIGNAL, access))
            }
            Operation::Unix(wanted) => {
                self.of_voices(&unix::voices(&self.unixes, wanted), network::access(&wanted.access))
            }
            Operation::Dbus(wanted) => {
                let facts = [
                    ("bus", wanted.bus.as_str()),
                    ("name", &wanted.name),
                    ("path", &wanted.path),
                    ("interface", &wanted.interface),
                    ("member", &wanted.member),
                    ("peer_name", &wanted.name),
                    ("peer_label", &wanted.peer_label),
                ];
                self.of_voices(&label::voices(&self.dbuses, &facts), label::bits(label::DBUS, &wanted.access))
            }
            Operation::Userns => self.of_voices(&label::voices(&self.usernses, &[]), 1),
            Operation::ChangeProfile { target, exec } => {
                self.of_voices(&change_profile::voices(&self.changes, target, exec.as_deref()), 1)
            }
            Operation::Mqueue { access, kind, name, label } => {
                let facts = [("type", kind.as_str()), ("name", name), ("label", label)];
                self.of_voices(&label::voices(&self.mqueues, &facts), label::bits(label::MQUEUE, access))
            }
            Operation::IoUring { access, label } => {
                let facts = [("label", label.as_str())];
                self.of_voices(&label::voices(&self.io_urings, &facts), label::bits(label::IO_URING, access))
            }
        })
    }

    fn decide_file(&self, found: &FilePerms, wanted: Perms) -> Verdict {
        let missing = wanted.without(found.allowed);
        let (outcome, reason) = if missing.is_empty() {
            (Outcome::Allowed, Reason::Rule)
        } else if missing.meets(found.denied) {
            (Outcome::Denied, Reason::DenyRule)
        } else if missing.without(found.prompted).is_empty() {
            (Outcome::Unknown, Reason::Prompt)
        } else {
            self.without_rule()
        };
        let mut verdict = Verdict::new(outcome, reason);
        verdict.missing = missing;
        verdict.logged = if outcome == Outcome::Allowed && missing.is_empty() {
            wanted.meets(found.audited) || self.flags.audit
        } else {
            !missing.without(found.quiet).is_empty()
        };
        let mut told = Told::default();
        for (perm, rules) in &found.rules {
            if wanted.has(*perm) {
                for rule in rules {
                    told.add(self, *rule, found.denied.has(*perm), *perm);
                }
            }
        }
        verdict.rules = told.rules;
        verdict
    }

    fn decide_exec(&self, policy: &Policy, profile: &Profile, path: &str, owner: bool) -> Verdict {
        let found = self.file_perms(path, owner);
        let mut verdict = self.decide_file(&found, Perms::EXEC);
        let transition = found.transition.and_then(|id| self.transitions.get(id));
        if verdict.outcome != Outcome::Allowed {
            return verdict;
        }
        let Some(transition) = transition else {
            verdict.next = Some(Next::Same);
            return verdict;
        };
        verdict.scrubbed = transition.scrub;
        let next = transition.next(policy, profile, path);
        if matches!(next, Next::NotGiven { otherwise: None, .. }) {
            // The node may have such a profile; only the text is known here.
            verdict.outcome = Outcome::Unknown;
            verdict.reason = Reason::NoSuchProfile;
        }
        verdict.next = Some(next);
        verdict
    }

    fn decide_link(&self, link: &str, target: &str, owner: bool) -> Verdict {
        let on_link = self.file_perms(link, owner);
        let pair = link::pair(&self.links, link, target, owner);
        let add = |verdict: Verdict| Verdict { rules: self.told(&pair.rules, pair.denied, Perms::LINK), ..verdict };
        if !on_link.allowed.has(Perms::LINK) || !pair.allowed {
            let (outcome, reason) = match self.without_rule() {
                _ if pair.denied => (Outcome::Denied, Reason::DenyRule),
                (Outcome::Denied, _) => (Outcome::Denied, Reason::LinkNotAllowed),
                other => other,
            };
            let mut verdict = add(Verdict::new(outcome, reason));
            verdict.missing = Perms::LINK;
            verdict.logged = !pair.quiet;
            return verdict;
        }
        let more = link::compared(on_link.allowed).without(self.file_perms(target, owner).allowed);
        if pair.subset && !more.is_empty() {
            let (outcome, reason) = match self.without_rule() {
                (Outcome::Denied, _) => (Outcome::Denied, Reason::LinkNotSubset),
                other => other,
            };
            let mut verdict = add(Verdict::new(outcome, reason));
            verdict.missing = more;
            return verdict;
        }
        let mut verdict = add(Verdict::new(Outcome::Allowed, Reason::Rule));
        verdict.logged = pair.audited || self.flags.audit;
        verdict
    }

    fn decide_mount(&self, subject: &[u8], perm: u32) -> Verdict {
        self.of_voices(&mount::voices(&self.mounts, subject, |rule| self.voice(rule)), perm)
    }

    /// Several accesses at once are asked one by one: all of them have to pass.
    fn of_voices(&self, voices: &[Voice], perms: u32) -> Verdict {
        let mut bits = (0..u32::BITS).map(|bit| 1 << bit).filter(|bit| perms & bit != 0);
        let ask = |perm: u32| self.of_decision(&resolve::decide(voices, perm, false));
        let mut all = ask(bits.next().unwrap_or_default());
        for verdict in bits.map(ask) {
            if all.outcome != Outcome::Allowed {
                break;
            }
            if verdict.outcome != Outcome::Allowed {
                return verdict;
            }
            all.logged |= verdict.logged;
            let known: HashSet<_> = all.rules.iter().copied().collect();
            all.rules.extend(verdict.rules.into_iter().filter(|rule| !known.contains(rule)));
        }
        all
    }

    fn of_decision(&self, decision: &Decision) -> Verdict {
        let (outcome, reason) = if decision.allowed {
            (Outcome::Allowed, Reason::Rule)
        } else if decision.denied {
            (Outcome::Denied, Reason::DenyRule)
        } else if decision.prompted {
            (Outcome::Unknown, Reason::Prompt)
        } else {
            self.without_rule()
        };
        let mut verdict = Verdict::new(outcome, reason);
        verdict.logged = match outcome {
            Outcome::Denied => !decision.quiet,
            _ => decision.audited || self.flags.audit || verdict.reason == Reason::Complain,
        };
        verdict.rules = self.told(&decision.rules, decision.denied, Perms::NONE);
        verdict
    }

    /// What the mode makes of an operation that no rule speaks of.
    fn without_rule(&self) -> (Outcome, Reason) {
        match self.flags.mode {
            Mode::Enforce | Mode::Kill => (Outcome::Denied, Reason::NoRule),
            Mode::Complain => (Outcome::Allowed, Reason::Complain),
            Mode::DefaultAllow => (Outcome::Allowed, Reason::DefaultAllow),
            Mode::Unconfined => (Outcome::Allowed, Reason::Unconfined),
            Mode::Prompt => (Outcome::Unknown, Reason::Prompt),
        }
    }

    fn told(&self, rules: &[u32], denies: bool, perms: Perms) -> Vec<Deciding> {
        let mut told = Told::default();
        rules.iter().for_each(|rule| told.add(self, *rule, denies, perms));
        told.rules
    }

    /// Takes back what an unknown include, or a pattern that we cannot follow, may change.
    fn hedged(&self, verdict: Verdict) -> Verdict {
        if verdict.outcome == Outcome::Unknown {
            return verdict;
        }
        // A refusal by a rule stands: only a rule of a higher priority could lift it, and those are rare enough to be
        // written where they act.
        if verdict.reason == Reason::DenyRule || verdict.reason == Reason::Complain {
            return verdict;
        }
        if !self.unknown.is_empty() {
            return Verdict {
                outcome: Outcome::Unknown,
                reason: Reason::Includes(Arc::clone(&self.unknown)),
                ..verdict
            };
        }
        if !self.follows_all() {
            return Verdict { outcome: Outcome::Unknown, reason: Reason::TooLarge, ..verdict };
        }
        verdict
    }
}

/// The rules that decide, each once.
#[derive(Default)]
struct Told {
    rules: Vec<Deciding>,
    places: HashMap<(u32, bool), usize>,
}

impl Told {
    fn add(&mut self, compiled: &Compiled, rule: u32, denies: bool, perms: Perms) {
        // What the compiler adds by itself stands nowhere.
        let Some(origin) = compiled.origins.get(rule as usize).copied() else { return };
        let place = *self.places.entry((rule, denies)).or_insert(self.rules.len());
        match self.rules.get_mut(place) {
            Some(known) => known.perms = known.perms.with(perms),
            None => self.rules.push(Deciding { rule, origin, denies, perms }),
        }
    }
}
