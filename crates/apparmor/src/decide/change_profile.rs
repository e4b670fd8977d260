//! Going over to another profile.

use super::resolve::Voice;
use super::values::spread;
use crate::glob::{Glob, GlobError, Part};
use crate::tree::ChangeProfile;

/// A compiled rule: which profiles, and at the start of which programs.
#[derive(Debug)]
pub(super) struct ChangeEntry {
    voice: Voice,
    target: Glob,
    exec: Glob,
}

impl ChangeEntry {
    /// About how many bytes of memory it takes.
    pub(super) fn bytes(&self) -> usize {
        size_of::<Self>() + self.target.bytes() + self.exec.bytes()
    }
}

pub(super) fn compile(voice: Voice, rule: &ChangeProfile, out: &mut Vec<ChangeEntry>) -> Result<(), GlobError> {
    for target in spread(rule.target.as_ref()) {
        for exec in spread(rule.exec.as_ref()) {
            // A rule without a target is about every profile, also those of other namespaces.
            let target = target.as_ref().map_or(Part::AnyBytes, |target| Part::Pattern(target));
            let exec = exec.as_ref().map_or(Part::Pattern(b"/**"), |exec| Part::Pattern(exec));
            out.push(ChangeEntry {
                voice: Voice { perms: 1, ..voice },
                target: Glob::of_parts(&[target])?,
                exec: Glob::of_parts(&[exec])?,
            });
        }
    }
    Ok(())
}

/// The voices of the rules that match. Without a program it is a change at once, for which every rule of that target
/// counts.
pub(super) fn voices(entries: &[ChangeEntry], target: &str, exec: Option<&str>) -> Vec<Voice> {
    entries
        .iter()
        .filter(|entry| entry.target.matches(target.as_bytes()))
        .filter(|entry| exec.is_none_or(|program| entry.exec.matches(program.as_bytes())))
        .map(|entry| entry.voice)
        .collect()
}
