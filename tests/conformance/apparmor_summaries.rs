//! Our summaries of AppArmor's abstractions beside the files that they sum up: what rules about paths grant, permission by
//! permission, as languages and not as text.

use watertight_apparmor::glob::{Answer, Effort, Glob, Universe, uncovered};
use watertight_apparmor::policy::Profile;
use watertight_apparmor::tree::{Action, Perms, RuleKind, Whose};
use watertight_apparmor::{Found, Includes, Presence, Resolved, Shipped, resolve};

use crate::apparmor_includes::CorpusIncludes;
use crate::corpus::Corpus;
use crate::tally::Tally;

/// One comparison a permission of an abstraction, in each direction.
pub(crate) fn run(corpus: &Corpus) -> Tally {
    let mut tally = Tally::new("apparmor-exresult/summaries");
    let files = Upstream(CorpusIncludes::new(corpus, &["include-tree"]));
    for path in corpus.files("apparmor/include-tree/abstractions") {
        let Some(name) = path.strip_prefix("apparmor/include-tree/") else { continue };
        if !matches!(Shipped.find(name, true), Found::Text(..)) {
            continue;
        }
        let text = format!("include <tunables/global>\nprofile a {{\n  include <{name}>\n}}\n");
        compare(name, &resolve(&text, &Shipped), &resolve(&text, &files), &mut tally);
    }
    tally
}

/// The files as they are; those that only a system may have are not there.
struct Upstream<'c>(CorpusIncludes<'c>);

impl Includes for Upstream<'_> {
    fn find(&self, path: &str, magic: bool) -> Found<'_> {
        self.0.find(path, magic)
    }

    fn abi(&self, _: &str, _: bool) -> Presence {
        Presence::There
    }
}

fn compare(name: &str, ours: &Resolved, theirs: &Resolved, tally: &mut Tally) {
    let (Some(ours), Some(theirs)) = (ours.policy.profiles.first(), theirs.policy.profiles.first()) else { return };
    for action in [Action::Allow, Action::Deny] {
        for whose in [Whose::Owner, Whose::Other] {
            for (perm, letter) in Perms::LETTERS {
                let (a, b) = (globs(ours, action, whose, perm), globs(theirs, action, whose, perm));
                if a.is_empty() && b.is_empty() {
                    continue;
                }
                for (one, other, more) in [(&a, &b, "too much"), (&b, &a, "too little")] {
                    let others: Vec<&Glob> = other.iter().map(|(_, glob)| glob).collect();
                    let rest = one.iter().filter(|(pattern, _)| !other.iter().any(|(same, _)| same == pattern));
                    let outside = rest.into_iter().find_map(|(pattern, glob)| outside(pattern, glob, &others));
                    match outside {
                        None => tally.agree(),
                        Some(what) => tally.disagree(format!("{name} {action:?} {whose:?} {letter}: {more}, {what}")),
                    }
                }
            }
        }
    }
    let (a, b) = (others(ours), others(theirs));
    if a == b { tally.agree() } else { tally.disagree(format!("{name}: {a:?} against {b:?}")) }
}

/// An example of what a pattern matches beyond others.
fn outside(pattern: &str, glob: &Glob, others: &[&Glob]) -> Option<String> {
    match uncovered(glob, others, Universe::Paths, &mut Effort::of(usize::MAX)) {
        Answer::No => None,
        Answer::Yes(path) => Some(format!("{pattern}: {}", String::from_utf8_lossy(&path))),
        Answer::Unknown => {
            // One of them may cover it alone, which is quicker to see.
            let alone = others
                .iter()
                .any(|other| uncovered(glob, &[*other], Universe::Paths, &mut Effort::of(usize::MAX)) == Answer::No);
            (!alone).then(|| format!("{pattern}: cannot tell"))
        }
    }
}

fn globs(profile: &Profile, action: Action, whose: Whose, perm: Perms) -> Vec<(String, Glob)> {
    let mut found = Vec::new();
    for rule in &profile.rules {
        let RuleKind::File(file) = &rule.rule.kind else { continue };
        let (Some(path), prefix) = (&file.path, &rule.rule.prefix) else { continue };
        // `ix` grants `m` as well.
        let perms =
            if file.exec.is_some() && action == Action::Allow { file.perms.with(Perms::MAP) } else { file.perms };
        if prefix.action == action && perms.has(perm) && prefix.whose.is_none_or(|only| only == whose) {
            found.extend(Glob::path(path.value.as_bytes()).map(|glob| (path.value.clone(), glob)));
        }
    }
    found
}

/// How many rules there are of the other kinds, as their number is the same however they are put together.
fn others(profile: &Profile) -> Vec<String> {
    let mut kinds: Vec<String> = Vec::new();
    for rule in &profile.rules {
        let kind = match &rule.rule.kind {
            RuleKind::Capability(names) => format!("capability {}", names.len()),
            RuleKind::Network(_) => "network".to_owned(),
            RuleKind::Dbus(_) => "dbus".to_owned(),
            _ => continue,
        };
        kinds.push(kind);
    }
    kinds.sort();
    kinds
}
