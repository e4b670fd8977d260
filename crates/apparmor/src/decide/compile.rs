//! A profile with every pattern turned into an automaton, ready for any number of questions.

use std::sync::Arc;

use super::capability::{self, CapabilityEntry};
use super::change_profile::{self, ChangeEntry};
use super::exec::Transitions;
use super::file::{self, FileEntry};
use super::flags::Flags;
use super::label::{self, LabelEntry};
use super::link::{self, LinkEntry, Pair};
use super::mount::{self, MountEntry};
use super::network::{self, NetworkEntry};
use super::operation::Operation;
use super::resolve::Voice;
use super::unix::{self, UnixEntry};
use crate::glob::GlobError;
use crate::policy::{Origin, Policy, Profile, Rule};
use crate::tree::{Action, Mount, MountKind, Perms, PivotRoot, RuleKind};

/// A pattern that could not be compiled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Problem {
    /// The rule, by its place in the profile.
    pub rule: u32,
    /// What is wrong with its pattern.
    pub error: GlobError,
}

/// Bytes of memory that the patterns of any profile may take.
const ROOM: usize = 6_000_000;

/// And for each byte of its rules.
const BYTE: usize = 24;

/// A profile ready to be asked.
#[derive(Debug, Default)]
pub struct Compiled {
    /// Patterns that could not be compiled. The parser refuses most of them.
    pub problems: Vec<Problem>,
    /// What the flags say.
    pub flags: Flags,
    pub(super) files: Vec<FileEntry>,
    pub(super) transitions: Transitions,
    pub(super) links: Vec<LinkEntry>,
    pub(super) capabilities: Vec<CapabilityEntry>,
    pub(super) networks: Vec<NetworkEntry>,
    pub(super) mounts: Vec<MountEntry>,
    pub(super) ptraces: Vec<LabelEntry>,
    pub(super) signals: Vec<LabelEntry>,
    pub(super) dbuses: Vec<LabelEntry>,
    pub(super) unixes: Vec<UnixEntry>,
    pub(super) mqueues: Vec<LabelEntry>,
    pub(super) io_urings: Vec<LabelEntry>,
    pub(super) usernses: Vec<LabelEntry>,
    pub(super) changes: Vec<ChangeEntry>,
    pub(super) origins: Vec<Origin>,
    pub(super) unknown: Arc<[String]>,
    voices: Vec<Voice>,
    newest: bool,
    on_files: bool,
}

impl Compiled {
    /// Compiles every rule of a profile. Children are profiles of their own.
    pub fn new(policy: &Policy, profile: &Profile) -> Self {
        let mut compiled = Self {
            flags: Flags::of(profile),
            unknown: profile.unknown.iter().map(|unknown| unknown.name.clone()).collect(),
            newest: policy.abi.as_ref().is_some_and(|abi| knows_newest(&abi.value)),
            origins: Vec::with_capacity(profile.rules.len()),
            voices: Vec::with_capacity(profile.rules.len()),
            ..Self::default()
        };
        let mut room = ROOM;
        for (place, rule) in profile.rules.iter().enumerate() {
            let id = u32::try_from(place).unwrap_or(u32::MAX);
            compiled.origins.push(rule.origin);
            let prefix = &rule.rule.prefix;
            compiled.voices.push(Voice {
                rule: id,
                priority: prefix.priority.unwrap_or_default(),
                action: prefix.action,
                audit: prefix.audit,
                exact: false,
                perms: u32::MAX,
                exec: None,
            });
            compiled.on_files |= matches!(
                rule.rule.kind,
                RuleKind::File(_) | RuleKind::Link(_) | RuleKind::All | RuleKind::ChangeProfile(_)
            );
            room += BYTE * rule.rule.span.len();
            let added = if rule.large { Err(GlobError::TooLarge) } else { compiled.add_within(id, rule, &mut room) };
            if let Err(error) = added {
                compiled.problems.push(Problem { rule: id, error });
            }
        }
        compiled.imply(profile);
        // Most rules are about files.
        compiled.files.shrink_to_fit();
        compiled
    }

    /// Adds what the compiler adds by itself. Its patterns are known to be good.
    fn imply(&mut self, profile: &Profile) {
        if profile.hat || !profile.children.is_empty() {
            self.on_files = true;
            let _ = file::imply_hats(&mut self.files);
        }
        if !self.changes.is_empty() {
            let _ = file::imply_changes(&mut self.files);
        }
    }

    /// Whether there is any rule on files, so that the policy holds an automaton for them.
    pub fn has_file_rules(&self) -> bool {
        self.on_files
    }

    /// Adds a rule if there is room for its patterns. A short rule may stand for five long ones.
    fn add_within(&mut self, id: u32, rule: &Rule, room: &mut usize) -> Result<(), GlobError> {
        let before = self.lengths();
        self.add(id, rule)?;
        match room.checked_sub(self.taken(before)) {
            Some(left) => *room = left,
            None => {
                self.cut(before);
                return Err(GlobError::TooLarge);
            }
        }
        Ok(())
    }

    /// How many entries there are of the classes whose rules have patterns.
    fn lengths(&self) -> ([usize; 5], [usize; 5]) {
        let others = [&self.ptraces, &self.signals, &self.dbuses, &self.mqueues, &self.io_urings].map(Vec::len);
        ([self.files.len(), self.links.len(), self.mounts.len(), self.unixes.len(), self.changes.len()], others)
    }

    /// What the entries take that were added since.
    fn taken(&self, ([files, links, mounts, unixes, changes], others): ([usize; 5], [usize; 5])) -> usize {
        let labels =
            [&self.ptraces, &self.signals, &self.dbuses, &self.mqueues, &self.io_urings].into_iter().zip(others);
        let labels = labels.flat_map(|(entries, from)| entries.iter().skip(from)).map(LabelEntry::bytes);
        let files = self.files.iter().skip(files).map(|entry| size_of::<FileEntry>() + entry.pattern.bytes());
        let links = self.links.iter().skip(links).map(|entry| size_of::<LinkEntry>() + entry.pattern.bytes());
        let mounts = self.mounts.iter().skip(mounts).map(|entry| size_of::<MountEntry>() + entry.pattern.bytes());
        let unixes = self.unixes.iter().skip(unixes).map(UnixEntry::bytes);
        let changes = self.changes.iter().skip(changes).map(ChangeEntry::bytes);
        labels.chain(files).chain(links).chain(mounts).chain(unixes).chain(changes).sum()
    }

    /// Takes them back.
    fn cut(&mut self, ([files, links, mounts, unixes, changes], others): ([usize; 5], [usize; 5])) {
        self.files.truncate(files);
        self.links.truncate(links);
        self.mounts.truncate(mounts);
        self.unixes.truncate(unixes);
        self.changes.truncate(changes);
        let labels = [&mut self.ptraces, &mut self.signals, &mut self.dbuses, &mut self.mqueues, &mut self.io_urings];
        labels.into_iter().zip(others).for_each(|(entries, from)| entries.truncate(from));
    }

    fn add(&mut self, id: u32, rule: &Rule) -> Result<(), GlobError> {
        let prefix = &rule.rule.prefix;
        let voice = self.voice(id);
        match &rule.rule.kind {
            RuleKind::File(rule) => {
                file::compile(id, prefix, rule, &mut self.transitions, &mut self.files)?;
                if rule.perms.has(Perms::LINK) {
                    let pair =
                        Pair { link: rule.path.as_ref(), target: rule.link_target.as_ref(), subset: rule.subset };
                    link::compile(voice, prefix, &pair, &mut self.links)?;
                }
            }
            RuleKind::Link(rule) => {
                // The new name needs the permission by itself as well; a `deny` speaks of the pair alone.
                if prefix.action != Action::Deny {
                    for pattern in super::values::spread(Some(&rule.from)).into_iter().flatten() {
                        let pattern = crate::glob::Glob::path(&pattern)?;
                        let voice = Voice { perms: u32::from(Perms::LINK.0), ..voice };
                        let applies = |whose| prefix.whose.is_none_or(|only| only == whose);
                        let (owner, other) = (applies(crate::tree::Whose::Owner), applies(crate::tree::Whose::Other));
                        self.files.push(FileEntry { pattern, voice, owner, other });
                    }
                }
                link::compile(voice, prefix, &Pair::of(rule), &mut self.links)?;
            }
            RuleKind::Capability(names) => self.capabilities.push(capability::compile(id, prefix, names)),
            RuleKind::Network(rule) => {
                let entry = network::compile(voice, rule);
                if rule.family.as_ref().is_some_and(|family| family.value == "unix") || rule.family.is_none() {
                    let kind = rule.kind.as_ref().map(|kind| kind.value.as_str());
                    self.unixes.push(unix::of_kind(Voice { perms: u32::MAX, ..voice }, kind));
                }
                self.networks.extend(entry);
            }
            RuleKind::Mount(rule) => mount::compile(id, rule, &mut self.mounts)?,
            RuleKind::PivotRoot(rule) => mount::compile_pivot_root(id, rule, &mut self.mounts)?,
            RuleKind::Ptrace(rule) => self.ptraces.push(label::compile(voice, rule, label::PTRACE)?),
            RuleKind::Signal(rule) => self.signals.push(label::compile(voice, rule, label::SIGNAL)?),
            RuleKind::Dbus(rule) => self.dbuses.push(label::compile(voice, rule, label::DBUS)?),
            RuleKind::Mqueue(rule) => self.mqueues.push(label::compile(voice, rule, label::MQUEUE)?),
            RuleKind::IoUring(rule) => self.io_urings.push(label::compile(voice, rule, label::IO_URING)?),
            RuleKind::Userns(rule) => self.usernses.push(label::compile(voice, rule, label::USERNS)?),
            RuleKind::Unix(rule) => {
                self.unixes.push(unix::compile(voice, rule)?);
                // Kernels that cannot tell abstract sockets apart are given a plain rule; a refusal would take too much
                // away and is left out.
                if prefix.action != Action::Deny {
                    let kind = unix::kind(rule);
                    let perms = network::accesses(rule.words.iter().map(|word| word.value.as_str()));
                    let voice = Voice { priority: 0, perms, ..voice };
                    self.networks.push(network::every(voice, Some("unix"), kind.as_deref()));
                }
            }
            RuleKind::ChangeProfile(rule) => change_profile::compile(voice, rule, &mut self.changes)?,
            RuleKind::All => self.add_all(id, rule)?,
            RuleKind::Rlimit(_) => {}
        }
        Ok(())
    }

    /// `all,` stands for one rule of each class.
    fn add_all(&mut self, id: u32, rule: &Rule) -> Result<(), GlobError> {
        let voice = self.voice(id);
        file::compile_all(id, &rule.rule.prefix, &mut self.transitions, &mut self.files)?;
        self.capabilities.push(capability::compile(id, &rule.rule.prefix, &[]));
        self.networks.push(network::every(voice, None, None));
        self.unixes.push(unix::every(voice));
        for entries in [
            &mut self.ptraces,
            &mut self.signals,
            &mut self.dbuses,
            &mut self.mqueues,
            &mut self.io_urings,
            &mut self.usernses,
        ] {
            entries.push(label::every(voice));
        }
        for kind in [MountKind::Mount, MountKind::Remount, MountKind::Umount] {
            let every = Mount { kind, settings: Vec::new(), source: None, target: None };
            mount::compile(id, &every, &mut self.mounts)?;
        }
        let every = PivotRoot { settings: Vec::new(), root: None, target: None };
        mount::compile_pivot_root(id, &every, &mut self.mounts)
    }

    /// What a rule has to say, whatever it is about.
    pub(super) fn voice(&self, rule: u32) -> Voice {
        self.voices.get(rule as usize).copied().unwrap_or(Voice {
            rule,
            priority: 0,
            action: Action::Allow,
            audit: false,
            exact: false,
            perms: 0,
            exec: None,
        })
    }

    /// Whether the kernel looks at such an operation at all, by the feature set of the profile.
    pub(super) fn mediates(&self, operation: &Operation) -> bool {
        let needs_newest =
            matches!(operation, Operation::Userns | Operation::IoUring { .. } | Operation::Mqueue { .. });
        self.newest || !needs_newest
    }
}

/// Whether a feature set knows user namespaces, `io_uring` and message queues: 4.0 and later.
fn knows_newest(abi: &str) -> bool {
    let version = abi.rsplit('/').next().unwrap_or_default();
    let major = version.split('.').next().and_then(|digits| digits.parse::<u32>().ok());
    major.is_some_and(|major| major >= 4)
}
