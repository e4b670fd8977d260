//! Mounts. A rule is written like a command line and compiled into up to five patterns, one for each thing that
//! `mount(2)` can be asked to do. They are matched against mount point, source, type, flags and data, joined by NUL.

use super::operation::MountCall;
use super::resolve::Voice;
use super::values::spread;
use crate::glob::{Glob, GlobError, Part, collapse_slashes};
use crate::tree::{Mount, MountKind, PivotRoot, Setting, Sign, Text};

pub(super) const MAY_PIVOT_ROOT: u32 = 1;
pub(super) const MAY_MOUNT: u32 = 2;
pub(super) const MAY_UMOUNT: u32 = 4;

const RDONLY: u32 = 1;
const NOSUID: u32 = 1 << 1;
const NODEV: u32 = 1 << 2;
const NOEXEC: u32 = 1 << 3;
const SYNC: u32 = 1 << 4;
const REMOUNT: u32 = 1 << 5;
const MAND: u32 = 1 << 6;
const DIRSYNC: u32 = 1 << 7;
const NOSYMFOLLOW: u32 = 1 << 8;
const NOATIME: u32 = 1 << 10;
const NODIRATIME: u32 = 1 << 11;
const BIND: u32 = 1 << 12;
const MOVE: u32 = 1 << 13;
const REC: u32 = 1 << 14;
const SILENT: u32 = 1 << 15;
const ACL: u32 = 1 << 16;
const UNBINDABLE: u32 = 1 << 17;
const PRIVATE: u32 = 1 << 18;
const SLAVE: u32 = 1 << 19;
const SHARED: u32 = 1 << 20;
const RELATIME: u32 = 1 << 21;
const IVERSION: u32 = 1 << 23;
const STRICTATIME: u32 = 1 << 24;
const LAZYTIME: u32 = 1 << 25;
const NOUSER: u32 = 1 << 31;

/// The flags that a rule without options may be about.
const ALL: u32 = RDONLY
    | NOSUID
    | NODEV
    | NOEXEC
    | SYNC
    | REMOUNT
    | MAND
    | DIRSYNC
    | NOSYMFOLLOW
    | NOATIME
    | NODIRATIME
    | BIND
    | MOVE
    | REC
    | SILENT
    | ACL
    | UNBINDABLE
    | PRIVATE
    | SLAVE
    | SHARED
    | RELATIME
    | IVERSION
    | STRICTATIME
    | LAZYTIME;
/// What changes how a mount is shared with other namespaces.
const PROPAGATION: u32 = UNBINDABLE | PRIVATE | SLAVE | SHARED | REC;
/// What asks for something else than a new mount.
const COMMANDS: u32 = MOVE | REMOUNT | BIND | PROPAGATION;
/// Flags of a mount, which a change of propagation does not look at.
const OF_A_MOUNT: u32 = NOSUID | NOEXEC | NODEV | NOATIME | NODIRATIME | RELATIME | STRICTATIME;

/// Each option: its bits, and whether it sets or clears them.
const OPTIONS: &[(&str, u32, bool)] = &[
    ("ro", RDONLY, true),
    ("r", RDONLY, true),
    ("read-only", RDONLY, true),
    ("rw", RDONLY, false),
    ("w", RDONLY, false),
    ("suid", NOSUID, false),
    ("nosuid", NOSUID, true),
    ("dev", NODEV, false),
    ("nodev", NODEV, true),
    ("exec", NOEXEC, false),
    ("noexec", NOEXEC, true),
    ("sync", SYNC, true),
    ("async", SYNC, false),
    ("remount", REMOUNT, true),
    ("mand", MAND, true),
    ("nomand", MAND, false),
    ("dirsync", DIRSYNC, true),
    ("symfollow", NOSYMFOLLOW, false),
    ("nosymfollow", NOSYMFOLLOW, true),
    ("atime", NOATIME, false),
    ("noatime", NOATIME, true),
    ("diratime", NODIRATIME, false),
    ("nodiratime", NODIRATIME, true),
    ("bind", BIND, true),
    ("B", BIND, true),
    ("move", MOVE, true),
    ("M", MOVE, true),
    ("rbind", BIND | REC, true),
    ("R", BIND | REC, true),
    ("verbose", SILENT, true),
    ("silent", SILENT, true),
    ("loud", SILENT, false),
    ("acl", ACL, true),
    ("noacl", ACL, false),
    ("unbindable", UNBINDABLE, true),
    ("make-unbindable", UNBINDABLE, true),
    ("runbindable", UNBINDABLE | REC, true),
    ("make-runbindable", UNBINDABLE | REC, true),
    ("private", PRIVATE, true),
    ("make-private", PRIVATE, true),
    ("rprivate", PRIVATE | REC, true),
    ("make-rprivate", PRIVATE | REC, true),
    ("slave", SLAVE, true),
    ("make-slave", SLAVE, true),
    ("rslave", SLAVE | REC, true),
    ("make-rslave", SLAVE | REC, true),
    ("shared", SHARED, true),
    ("make-shared", SHARED, true),
    ("rshared", SHARED | REC, true),
    ("make-rshared", SHARED | REC, true),
    ("relatime", RELATIME, true),
    ("norelatime", RELATIME, false),
    ("iversion", IVERSION, true),
    ("noiversion", IVERSION, false),
    ("strictatime", STRICTATIME, true),
    ("nostrictatime", STRICTATIME, false),
    ("lazytime", LAZYTIME, true),
    ("nolazytime", LAZYTIME, false),
    ("user", NOUSER, false),
    ("nouser", NOUSER, true),
];

/// The bits of an option as rules and `mount(8)` write it; 0 for one that only clears bits, `None` for an unknown word.
pub fn flag(option: &str) -> Option<u32> {
    OPTIONS.iter().find(|(name, ..)| *name == option).map(|(_, bits, set)| if *set { *bits } else { 0 })
}

/// One of the patterns that a rule is compiled into.
#[derive(Debug)]
pub(super) struct MountEntry {
    pub(super) rule: u32,
    pub(super) pattern: Glob,
    pub(super) perms: u32,
}

/// What `mount(2)` is asked to do. The kernel looks in this order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Command {
    Remount,
    Bind,
    Propagation,
    Move,
    New,
}

impl Command {
    fn of(flags: u32) -> Self {
        match flags {
            _ if flags & REMOUNT != 0 => Self::Remount,
            _ if flags & BIND != 0 => Self::Bind,
            _ if flags & (PROPAGATION & !REC) != 0 => Self::Propagation,
            _ if flags & MOVE != 0 => Self::Move,
            _ => Self::New,
        }
    }

    /// The flags that a pattern of this kind looks at.
    fn looks_at(self) -> u32 {
        match self {
            Self::Remount => ALL & !MOVE,
            Self::Bind => BIND | REC,
            Self::Propagation => ALL & !OF_A_MOUNT,
            Self::Move => MOVE,
            Self::New => ALL & !COMMANDS,
        }
    }
}

/// The patterns of a mount rule.
pub(super) fn compile(rule: u32, mount: &Mount, out: &mut Vec<MountEntry>) -> Result<(), GlobError> {
    if mount.kind == MountKind::Umount {
        for target in paths(mount.target.as_ref().or(mount.source.as_ref())) {
            let parts = [Part::Bytes(CLASS), any_or_path(target.as_deref())];
            out.push(MountEntry { rule, pattern: Glob::of_parts(&parts)?, perms: MAY_UMOUNT });
        }
        return Ok(());
    }
    let remount = mount.kind == MountKind::Remount;
    let types: Vec<&[u8]> = mount.settings.iter().filter(|setting| is_type(setting)).flat_map(values).collect();
    let typed = mount.settings.iter().any(is_type);
    let options = |sign| mount.settings.iter().filter(move |s| !is_type(s) && s.sign == sign).map(bits_of);
    let mut wanted: Vec<u32> = options(Sign::Is).map(|(set, _)| set | if remount { REMOUNT } else { 0 }).collect();
    let mut optional: Vec<u32> = options(Sign::In).map(|(set, clear)| set | clear).collect();
    match (wanted.is_empty(), optional.is_empty()) {
        (true, true) if remount => {
            wanted.push(REMOUNT);
            optional.push(Command::Remount.looks_at() & !REMOUNT);
        }
        (true, true) => {
            wanted.push(ALL);
            optional.push(ALL);
        }
        (true, false) => wanted.push(if remount { REMOUNT } else { 0 }),
        (false, true) => optional.push(0),
        (false, false) => {}
    }
    for source in paths(mount.source.as_ref()) {
        for target in paths(mount.target.as_ref()) {
            let ends = Ends { source: source.as_deref(), target: target.as_deref(), types: &types, typed };
            for wanted in &wanted {
                for optional in &optional {
                    for command in ends.commands(*wanted, *optional) {
                        let pattern = ends.pattern(command, *wanted, *optional)?;
                        out.push(MountEntry { rule, pattern, perms: MAY_MOUNT });
                    }
                }
            }
        }
    }
    Ok(())
}

/// The patterns of a rule about `pivot_root`.
pub(super) fn compile_pivot_root(rule: u32, pivot: &PivotRoot, out: &mut Vec<MountEntry>) -> Result<(), GlobError> {
    let old = pivot.settings.iter().find(|setting| setting.name.value == "oldroot").and_then(|s| s.values.first());
    for root in paths(pivot.root.as_ref()) {
        for old in paths(old) {
            let parts = [Part::Bytes(CLASS), any_or_path(root.as_deref()), Part::End, any_or_path(old.as_deref())];
            out.push(MountEntry { rule, pattern: Glob::of_parts(&parts)?, perms: MAY_PIVOT_ROOT });
        }
    }
    Ok(())
}

/// The class of mount rules, as every pattern starts. A negated class at the start of a path could match it otherwise.
const CLASS: &[u8] = b"\x07";

/// What a rule says of both ends.
struct Ends<'r> {
    source: Option<&'r [u8]>,
    target: Option<&'r [u8]>,
    types: &'r [&'r [u8]],
    typed: bool,
}

impl Ends<'_> {
    /// The kinds of call that a rule is about, by its options.
    fn commands(&self, wanted: u32, optional: u32) -> Vec<Command> {
        let plain = !self.typed;
        let half = self.source.is_none() || self.target.is_none();
        if wanted == 0 || wanted == ALL {
            let mut out = Vec::new();
            if self.source.is_none() && plain {
                out.push(Command::Remount);
            }
            if plain {
                out.push(Command::Bind);
                if half {
                    out.push(Command::Propagation);
                }
                out.push(Command::Move);
            }
            out.push(Command::New);
            return out;
        }
        let one = if wanted & REMOUNT != 0 && self.source.is_none() && plain {
            Command::Remount
        } else if wanted & BIND != 0 && plain {
            Command::Bind
        } else if wanted & PROPAGATION != 0 && half && plain {
            Command::Propagation
        } else if wanted & MOVE != 0 && plain {
            Command::Move
        } else if (wanted | optional) & !COMMANDS != 0 {
            Command::New
        } else {
            return Vec::new();
        };
        vec![one]
    }

    fn pattern(&self, command: Command, wanted: u32, optional: u32) -> Result<Glob, GlobError> {
        // A place may stand where the source would, for those calls that have no source.
        let target = match command {
            Command::Remount | Command::Propagation => self.target.or(self.source),
            _ => self.target,
        };
        let source = match command {
            Command::Remount | Command::Propagation => Part::Any,
            _ if self.source == Some(b"detached") => Part::Bytes(b""),
            _ => any_or_path(self.source),
        };
        let fstype = if command == Command::New && self.typed { Part::OneOf(self.types) } else { Part::Any };
        let mut parts = vec![Part::Bytes(CLASS), any_or_path(target), Part::End, source, Part::End, fstype, Part::End];
        let (wanted, optional) = (wanted & command.looks_at(), optional & command.looks_at());
        // Each flag is one byte, its number from 1.
        let numbers: Vec<(u32, [u8; 1])> = (0u8..32).map(|bit| (1u32 << bit, [bit + 1])).collect();
        for (bit, number) in &numbers {
            if optional & bit != 0 {
                parts.push(Part::Optional(number[0]));
            } else if wanted & bit != 0 {
                parts.push(Part::Bytes(number));
            }
        }
        Glob::of_parts(&parts)
    }
}

/// The text that the patterns are matched against, as the kernel puts it together.
pub(super) fn subject(call: &MountCall) -> Vec<u8> {
    let command = Command::of(call.flags);
    let flags = match command {
        Command::Bind => call.flags & (BIND | REC),
        Command::Propagation => call.flags & (PROPAGATION | SILENT),
        Command::Move => MOVE,
        Command::Remount | Command::New => call.flags,
    };
    let (source, fstype) = match command {
        Command::New => (call.source.as_str(), call.fstype.as_str()),
        Command::Bind | Command::Move => (call.source.as_str(), ""),
        Command::Remount | Command::Propagation => ("", ""),
    };
    let mut out = CLASS.to_vec();
    for part in [call.target.as_str(), source, fstype] {
        out.extend(part.as_bytes());
        out.push(0);
    }
    out.extend((0u8..32).filter(|bit| flags >> bit & 1 == 1).map(|bit| bit + 1));
    out
}

pub(super) fn subject_of_umount(target: &str) -> Vec<u8> {
    [CLASS, target.as_bytes()].concat()
}

pub(super) fn subject_of_pivot_root(root: &str, old: &str) -> Vec<u8> {
    [CLASS, root.as_bytes(), b"\0", old.as_bytes()].concat()
}

/// The voices of the patterns that match.
pub(super) fn voices(entries: &[MountEntry], subject: &[u8], voice: impl Fn(u32) -> Voice) -> Vec<Voice> {
    entries
        .iter()
        .filter(|entry| entry.pattern.matches(subject))
        .map(|entry| Voice { perms: entry.perms, ..voice(entry.rule) })
        .collect()
}

fn paths(text: Option<&Text>) -> Vec<Option<Vec<u8>>> {
    spread(text).into_iter().map(|pattern| pattern.map(|pattern| collapse_slashes(&pattern))).collect()
}

fn is_type(setting: &Setting) -> bool {
    matches!(setting.name.value.as_str(), "fstype" | "vfstype")
}

fn values(setting: &Setting) -> impl Iterator<Item = &[u8]> {
    setting.values.iter().map(|value: &Text| value.value.as_bytes())
}

/// The bits that the options set and those that they clear.
fn bits_of(setting: &Setting) -> (u32, u32) {
    let (mut set, mut clear) = (0, 0);
    for value in &setting.values {
        for (name, bits, sets) in OPTIONS {
            if *name == value.value {
                *(if *sets { &mut set } else { &mut clear }) |= bits;
            }
        }
    }
    (set, clear)
}

fn any_or_path(pattern: Option<&[u8]>) -> Part<'_> {
    pattern.map_or(Part::Any, Part::Pattern)
}
