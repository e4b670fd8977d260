//! Hard links. The kernel looks at the new name, then at the pair of both, and in most rules also asks that the new
//! name may not be used in more ways than the old one.

use super::resolve::{Voice, decide};
use crate::glob::{Glob, GlobError, Matcher, Part};
use crate::tree::{Link, Perms, Prefix, Text};

/// The pair may be linked.
pub(super) const MAY_LINK: u32 = 1;
/// And the link may not be allowed more than its target.
pub(super) const SUBSET: u32 = 2;

/// A rule on pairs of paths, compiled: link, NUL, target.
#[derive(Debug)]
pub(super) struct LinkEntry {
    pub(super) pattern: Glob,
    pub(super) voice: Voice,
    pub(super) owner: bool,
    pub(super) other: bool,
}

/// The rule as the pair of patterns that it is.
pub(super) struct Pair<'r> {
    pub(super) link: Option<&'r Text>,
    /// `None` when the rule names no target: any path, with the question for a subset.
    pub(super) target: Option<&'r Text>,
    pub(super) subset: bool,
}

impl<'r> Pair<'r> {
    pub(super) fn of(link: &'r Link) -> Self {
        Self { link: Some(&link.from), target: Some(&link.to), subset: link.subset }
    }
}

/// Compiles the pair part of a rule.
pub(super) fn compile(
    voice: Voice,
    prefix: &Prefix,
    pair: &Pair<'_>,
    out: &mut Vec<LinkEntry>,
) -> Result<(), GlobError> {
    let subset = pair.subset || pair.target.is_none();
    let voice = Voice { perms: MAY_LINK | if subset { SUBSET } else { 0 }, exec: None, ..voice };
    let applies = |whose| prefix.whose.is_none_or(|only| only == whose);
    let links = match pair.link {
        None => vec![Some(super::file::EVERY_PATH.to_vec())],
        link => super::values::spread(link),
    };
    for link in links.into_iter().flatten() {
        for target in super::values::spread(pair.target) {
            let link = crate::glob::collapse_slashes(&link);
            let target = target.as_ref().map(|target| crate::glob::collapse_slashes(target));
            let second = target.as_ref().map_or(Part::LinkTarget, |target| Part::Pattern(target));
            out.push(LinkEntry {
                pattern: Glob::of_parts(&[Part::Pattern(&link), Part::End, second])?,
                voice,
                owner: applies(crate::tree::Whose::Owner),
                other: applies(crate::tree::Whose::Other),
            });
        }
    }
    Ok(())
}

/// What the pair rules say.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct PairVerdict {
    pub(super) allowed: bool,
    pub(super) denied: bool,
    pub(super) quiet: bool,
    pub(super) audited: bool,
    pub(super) subset: bool,
    pub(super) rules: Vec<u32>,
}

pub(super) fn pair(entries: &[LinkEntry], link: &str, target: &str, owner: bool) -> PairVerdict {
    let subject = [link.as_bytes(), b"\0", target.as_bytes()].concat();
    let mut matcher = Matcher::default();
    let voices: Vec<Voice> = entries
        .iter()
        .filter(|entry| if owner { entry.owner } else { entry.other })
        .filter(|entry| matcher.matches(&entry.pattern, &subject))
        .map(|entry| entry.voice)
        .collect();
    let may = decide(&voices, MAY_LINK, false);
    let subset = decide(&voices, SUBSET, false).allowed;
    let (allowed, denied, quiet, audited) = (may.allowed, may.denied, may.quiet, may.audited);
    PairVerdict { allowed, denied, quiet, audited, subset, rules: may.rules }
}

/// The letters that the test for a subset looks at.
pub(super) fn compared(perms: Perms) -> Perms {
    perms.without(Perms::LINK)
}
