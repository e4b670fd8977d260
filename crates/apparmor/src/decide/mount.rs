//! Mounts. A rule is written like a command line and compiled into up to five patterns, one for each thing that
//! `mount(2)` can be asked to do. They are matched against mount point, source, type, flags and data, joined by NUL.

use super::operation::MountCall;
use super::resolve::Voice;
use super::values::spread;
use crate::glob::{Glob, GlobError, Matcher, Part, collapse_slashes};
use crate::names::mount::{
    ALL, BIND, COMMANDS, MOVE, NO_ATIME, NO_DEV, NO_DIR_ATIME, NO_EXEC, NO_SUID, PROPAGATION, RECURSIVE, REL_ATIME,
    REMOUNT, SILENT, STRICT_ATIME, option,
};
use crate::tree::{Mount, MountKind, PivotRoot, Setting, Sign, Text};

pub(super) const MAY_PIVOT_ROOT: u32 = 1;
pub(super) const MAY_MOUNT: u32 = 2;
pub(super) const MAY_UMOUNT: u32 = 4;

/// Flags of a mount, which a change of propagation does not look at.
const OF_A_MOUNT: u32 = NO_SUID | NO_EXEC | NO_DEV | NO_ATIME | NO_DIR_ATIME | REL_ATIME | STRICT_ATIME;

/// The bits of an option as rules and `mount(8)` write it; 0 for one that only clears bits, `None` for an unknown word.
pub fn flag(word: &str) -> Option<u32> {
    option(word).map(|(set, _)| set)
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
            _ if flags & (PROPAGATION & !RECURSIVE) != 0 => Self::Propagation,
            _ if flags & MOVE != 0 => Self::Move,
            _ => Self::New,
        }
    }

    /// The flags that a pattern of this kind looks at.
    fn looks_at(self) -> u32 {
        match self {
            Self::Remount => ALL & !MOVE,
            Self::Bind => BIND | RECURSIVE,
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
        Command::Bind => call.flags & (BIND | RECURSIVE),
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
    let mut matcher = Matcher::default();
    entries
        .iter()
        .filter(|entry| matcher.matches(&entry.pattern, subject))
        .map(|entry| Voice { perms: entry.perms, ..voice(entry.rule) })
        .collect()
}

fn paths(text: Option<&Text>) -> Vec<Option<Vec<u8>>> {
    spread(text).into_iter().map(|pattern| pattern.map(|pattern| collapse_slashes(&pattern).into_owned())).collect()
}

fn is_type(setting: &Setting) -> bool {
    matches!(setting.name.value.as_str(), "fstype" | "vfstype")
}

fn values(setting: &Setting) -> impl Iterator<Item = &[u8]> {
    setting.values.iter().map(|value: &Text| value.value.as_bytes())
}

/// The bits that the options set and those that they clear.
fn bits_of(setting: &Setting) -> (u32, u32) {
    let bits = setting.values.iter().filter_map(|value| option(&value.value));
    bits.fold((0, 0), |(set, clear), (sets, clears)| (set | sets, clear | clears))
}

fn any_or_path(pattern: Option<&[u8]>) -> Part<'_> {
    pattern.map_or(Part::Any, Part::Pattern)
}
