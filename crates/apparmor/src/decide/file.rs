//! Files: which letters a task gets on a path, and what becomes of a program that it starts.

use super::exec::{Transition, Transitions};
use super::resolve::{Decision, Voice, decide};
use crate::glob::{Glob, GlobError, Matcher};
use crate::tree::{Action, Exec, ExecMode, FileRule, Guard, Perms, Prefix, Whose};

/// A rule on paths, compiled.
#[derive(Debug)]
pub(crate) struct FileEntry {
    pub(crate) pattern: Glob,
    pub(crate) voice: Voice,
    pub(crate) owner: bool,
    pub(crate) other: bool,
}

/// What a profile says of one path for one of the two kinds of user.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FilePerms {
    /// What is allowed.
    pub allowed: Perms,
    /// What a `deny` rule takes away.
    pub denied: Perms,
    /// Those of the denied that leave no trace in the log.
    pub quiet: Perms,
    /// Those of the allowed that are logged.
    pub audited: Perms,
    /// What a user is asked about.
    pub prompted: Perms,
    /// The rules that decide each letter, in the order of [`Perms::LETTERS`].
    pub rules: Vec<(Perms, Vec<u32>)>,
    /// What becomes of a program that is started, as an index into the profile's transitions.
    pub(super) transition: Option<u32>,
}

/// The masks of a rule as they are compiled: writing takes appending along.
pub(super) fn compiled(perms: Perms) -> Perms {
    if perms.has(Perms::WRITE) { perms.with(Perms::APPEND) } else { perms }
}

/// Compiles a rule. Links are not decided on one path and are left to [`super::link`].
pub(super) fn compile(
    rule: u32,
    prefix: &Prefix,
    file: &FileRule,
    transitions: &mut Transitions,
    out: &mut Vec<FileEntry>,
) -> Result<(), GlobError> {
    let exec = file.exec.as_ref().filter(|_| prefix.action != Action::Deny);
    let voice = Voice {
        rule,
        priority: prefix.priority.unwrap_or_default(),
        action: prefix.action,
        audit: prefix.audit,
        exact: false,
        perms: u32::from(compiled(file.perms).0),
        exec: exec.map(|exec| transitions.intern(transition(exec, file.guard))),
    };
    let patterns = match &file.path {
        None => vec![Some(EVERY_PATH.to_vec())],
        path => super::values::spread(path.as_ref()),
    };
    for pattern in patterns.into_iter().flatten() {
        let pattern = Glob::path(&pattern)?;
        let voice = Voice { exact: pattern.is_exact(), ..voice };
        out.push(FileEntry {
            pattern,
            voice,
            owner: applies(prefix, Whose::Owner),
            other: applies(prefix, Whose::Other),
        });
    }
    Ok(())
}

/// What `file,` means.
pub(super) const EVERY_PATH: &[u8] = b"/{**,}";

/// What `all,` means for files: everything, and starting programs at a lower weight, so that any other exec rule wins.
pub(super) fn compile_all(
    rule: u32,
    prefix: &Prefix,
    transitions: &mut Transitions,
    out: &mut Vec<FileEntry>,
) -> Result<(), GlobError> {
    let deny = prefix.action == Action::Deny;
    let everything = Perms::LETTERS.iter().fold(Perms::NONE, |all, (perm, _)| all.with(*perm));
    let priority = prefix.priority.unwrap_or_default();
    let inherit = Exec { mode: ExecMode::Inherit, scrub: false, target: None };
    let exec = (!deny).then(|| transitions.intern(transition(&inherit, None)));
    let voice =
        // The compiler forgets the `audit` of a denying `all`.
        Voice { rule, priority, action: prefix.action, audit: prefix.audit && !deny, exact: false, perms: 0, exec: None };
    let pattern = Glob::path(EVERY_PATH)?;
    let plain = Voice { perms: u32::from(everything.without(Perms::EXEC).0), ..voice };
    // The compiler gives a denying `all` to the owner's half only; starting programs it denies to both.
    out.push(FileEntry { pattern: pattern.clone(), voice: plain, owner: true, other: !deny });
    let starts = Voice { perms: u32::from(Perms::EXEC.0), priority: priority.saturating_sub(2), exec, ..voice };
    out.push(FileEntry { pattern, voice: starts, owner: true, other: true });
    Ok(())
}

/// The place in the profile of what the compiler adds by itself.
pub(super) const IMPLIED: u32 = u32::MAX;

/// What the compiler adds to a profile with hats, or to a hat: the files by which a task changes its hat.
pub(super) fn imply_hats(out: &mut Vec<FileEntry>) -> Result<(), GlobError> {
    imply(b"/proc/[0-9]*/attr/{apparmor/,}current", out)
}

/// What the compiler adds to a profile with a rule on `change_profile`.
pub(super) fn imply_changes(out: &mut Vec<FileEntry>) -> Result<(), GlobError> {
    imply(b"/proc/*/attr/{apparmor/,}{current,exec}", out)
}

fn imply(written: &[u8], out: &mut Vec<FileEntry>) -> Result<(), GlobError> {
    let read: [&[u8]; 2] = [b"/proc/*/attr/apparmor/", b"/sys/module/apparmor/parameters/enabled"];
    let readable = read.map(|pattern| (pattern, Perms::READ));
    for (pattern, perms) in [(written, Perms::WRITE)].into_iter().chain(readable) {
        let voice = Voice {
            rule: IMPLIED,
            priority: 0,
            action: Action::Allow,
            audit: false,
            exact: false,
            perms: u32::from(perms.0),
            exec: None,
        };
        out.push(FileEntry { pattern: Glob::path(pattern)?, voice, owner: true, other: false });
    }
    Ok(())
}

/// What the rules say of each path, for its owner or for others.
pub(super) fn perms(entries: &[FileEntry], transitions: &Transitions, asked: &[(&[u8], bool)]) -> Vec<FilePerms> {
    let mut matcher = Matcher::default();
    let mut voices: Vec<Vec<Voice>> = asked.iter().map(|_| Vec::new()).collect();
    for entry in entries {
        for ((path, owner), voices) in asked.iter().zip(&mut voices) {
            if (if *owner { entry.owner } else { entry.other }) && matcher.matches(&entry.pattern, path) {
                voices.push(entry.voice);
            }
        }
    }
    voices.into_iter().map(|voices| of_voices(&voices, transitions)).collect()
}

/// What the rules that match say together.
pub(super) fn of_voices(voices: &[Voice], transitions: &Transitions) -> FilePerms {
    let mut out = FilePerms::default();
    let mut exec = Decision::default();
    let mut map = Decision::default();
    for (perm, _) in Perms::LETTERS {
        let decision = decide(voices, u32::from(perm.0), perm == Perms::EXEC);
        let add = |set: &mut Perms, when: bool| {
            if when {
                *set = set.with(perm);
            }
        };
        add(&mut out.allowed, decision.allowed);
        add(&mut out.denied, decision.denied);
        add(&mut out.quiet, decision.quiet);
        add(&mut out.audited, decision.audited);
        add(&mut out.prompted, decision.prompted);
        out.rules.push((perm, decision.rules.clone()));
        match perm {
            Perms::EXEC => exec = decision,
            Perms::MAP => map = decision,
            _ => {}
        }
    }
    out.transition = exec.exec;
    let inherits = exec.exec.and_then(|id| transitions.get(id)).is_some_and(|t| t.may_inherit());
    // A program that goes on under the same profile has to be mapped under it.
    if exec.allowed && inherits && exec.outweighs(&map) && !map.denied {
        out.allowed = out.allowed.with(Perms::MAP);
        for (perm, rules) in &mut out.rules {
            if *perm == Perms::MAP && !map.allowed {
                rules.clone_from(&exec.rules);
            }
        }
    }
    out
}

fn applies(prefix: &Prefix, whose: Whose) -> bool {
    prefix.whose.is_none_or(|only| only == whose)
}

fn transition(exec: &Exec, guard: Option<Guard>) -> Transition {
    let scrub = match guard {
        Some(Guard::Safe) => true,
        Some(Guard::Unsafe) => false,
        None => exec.scrub,
    };
    Transition { mode: exec.mode, scrub, target: exec.target.as_ref().map(|target| target.value.clone()) }
}
