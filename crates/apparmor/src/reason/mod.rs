//! What the file rules of a profile mean for each other: which are void because a `deny` takes everything away, which
//! say only what another says already, and which match no path at all.
//!
//! Every answer is computed on the automata of the patterns. Only rules whose patterns begin alike are compared, and the
//! what comparing takes is bounded; when the bound is reached the result says so.

mod nest;

use std::cell::OnceCell;
use std::collections::HashSet;

use crate::decide::{Compiled, FileEntry, Voice};
use crate::glob::{Answer, Effort, Glob, Matcher, Universe, uncovered};
use crate::tree::{Action, Perms};
use watertight_text::sort;

/// How many pairs of rules are looked at, most of them for no longer than a comparison of a few bytes.
const MAX_PAIRS: usize = 1_000_000;

/// What was found out about the file rules of a profile.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Reasoning {
    /// Letters of rules that `deny` rules take away everywhere, in the order of the rules.
    pub dead: Vec<Dead>,
    /// Rules that another rule makes superfluous.
    pub shadowed: Vec<Shadowed>,
    /// Rules whose pattern matches no path.
    pub never: Vec<u32>,
    /// Whether there was too much to compare, so that some findings may be missing.
    pub cut: bool,
}

impl Reasoning {
    /// Letters of the rule at that place that are taken away, whether a part of the rule or all of it gives them.
    pub fn dead_of(&self, rule: u32) -> impl Iterator<Item = &Dead> {
        let first = self.dead.partition_point(|dead| dead.rule < rule);
        self.dead.iter().skip(first).take_while(move |dead| dead.rule == rule)
    }
}

/// Letters that a rule seems to give and does not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Dead {
    /// The rule, by its place in the profile.
    pub rule: u32,
    /// The letters, as they are compiled: `w` takes `a` along.
    pub perms: Perms,
    /// The rules that take them away, by their places.
    pub denies: Vec<u32>,
    /// Whether nothing is left of the rule.
    pub wholly: bool,
}

/// A rule without which the profile would allow and deny the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shadowed {
    /// The rule, by its place in the profile.
    pub rule: u32,
    /// The rule that says the same and more.
    pub by: u32,
}

/// Looks at the file rules of a profile.
pub fn files(compiled: &Compiled, effort: &mut Effort) -> Reasoning {
    let entries: Vec<Entry<'_>> = compiled.file_entries().iter().map(Entry::new).collect();
    let (matcher, out, void) = (Matcher::default(), Reasoning::default(), HashSet::new());
    let mut reasoner = Reasoner { entries: &entries, matcher, out, void, pairs: 0, effort };
    for place in 0..entries.len() {
        reasoner.never(place);
    }
    nest::walk(
        &entries,
        |entry: &Entry<'_>| entry.pattern.prefix(),
        |place, around| {
            reasoner.dead(place, around);
            reasoner.shadowed(place, around);
            reasoner.pairs <= MAX_PAIRS
        },
    );
    reasoner.out.cut |= reasoner.pairs > MAX_PAIRS || reasoner.effort.is_spent();
    let mut out = reasoner.out;
    sort::by_key(&mut out.dead, |dead| dead.rule);
    sort::by_key(&mut out.shadowed, |shadowed| shadowed.rule);
    out
}

struct Entry<'c> {
    pattern: &'c Glob,
    voice: Voice,
    owner: bool,
    other: bool,
    /// A path that it matches; `None` when none was found without searching.
    sample: Option<Vec<u8>>,
    /// Others, made when the first has not told two rules apart.
    others: OnceCell<Vec<Vec<u8>>>,
    perms: Perms,
}

impl<'c> Entry<'c> {
    fn new(file: &'c FileEntry) -> Self {
        let sample = file.pattern.samples(Universe::Paths).next();
        let others = OnceCell::new();
        let perms = Perms(u8::try_from(file.voice.perms & 0xff).unwrap_or_default());
        let FileEntry { pattern, voice, owner, other } = file;
        Self { pattern, voice: *voice, owner: *owner, other: *other, sample, others, perms }
    }

    /// More paths that it matches.
    fn others(&self) -> &[Vec<u8>] {
        self.others.get_or_init(|| {
            let all = self.pattern.samples(Universe::Paths);
            all.filter(|sample| self.sample.as_ref() != Some(sample)).collect()
        })
    }

    fn denies(&self) -> bool {
        self.voice.action == Action::Deny
    }

    /// Whether the rule speaks of all the users that the other speaks of.
    fn includes_users_of(&self, other: &Self) -> bool {
        (self.owner || !other.owner) && (self.other || !other.other)
    }

    /// Whether the rule makes the other superfluous wherever both match.
    fn says_all_of(&self, other: &Self) -> bool {
        let (one, two) = (&self.voice, &other.voice);
        let starts = other.perms.has(Perms::EXEC);
        self.perms.has(other.perms)
            && one.action == two.action
            && one.priority == two.priority
            && one.audit == two.audit
            // Which pairs may be linked is said by a part of the rule that is not looked at here.
            && !other.perms.has(Perms::LINK)
            && self.includes_users_of(other)
            && (!starts || (one.exec == two.exec && one.exact == two.exact))
    }
}

struct Reasoner<'e, 'c> {
    entries: &'e [Entry<'c>],
    matcher: Matcher,
    out: Reasoning,
    /// The rules of which nothing is left.
    void: HashSet<u32>,
    pairs: usize,
    effort: &'e mut Effort,
}

impl Reasoner<'_, '_> {
    /// Counts the pairs with the rules around one.
    fn look_at(&mut self, around: &[usize]) {
        self.pairs += around.len();
        self.effort.take(around.len());
    }

    fn never(&mut self, place: usize) {
        let Some(entry) = self.entries.get(place) else { return };
        if entry.sample.is_none() && self.search(entry.pattern, &[]) == Some(true) {
            self.out.never.push(entry.voice.rule);
            self.void.insert(entry.voice.rule);
        }
    }

    /// Which letters of an allowing rule are taken away by the rules around it.
    fn dead(&mut self, place: usize, around: &[usize]) {
        let Some(entry) = self.entries.get(place).filter(|entry| !entry.denies()) else { return };
        let mut perms = Perms::NONE;
        let mut denies = Vec::new();
        let candidates: Vec<&Entry<'_>> = around
            .iter()
            .filter_map(|other| self.entries.get(*other))
            .filter(|other| other.denies() && other.voice.priority >= entry.voice.priority)
            .filter(|other| other.perms.meets(entry.perms) && other.includes_users_of(entry))
            .collect();
        self.look_at(around);
        for (perm, _) in Perms::LETTERS {
            let against: Vec<&Entry<'_>> = candidates.iter().filter(|other| other.perms.has(perm)).copied().collect();
            if !entry.perms.has(perm) || against.is_empty() {
                continue;
            }
            if let Some(by) = self.covered_by(entry, &against) {
                perms = perms.with(perm);
                denies.extend(by);
            }
        }
        // Appending goes with writing and is no loss of its own.
        let lost = if perms.has(Perms::WRITE) { perms } else { perms.without(Perms::APPEND) };
        let lost = if entry.perms.has(Perms::WRITE) { lost } else { perms };
        if lost.is_empty() {
            return;
        }
        sort::by(&mut denies, Ord::cmp);
        denies.dedup();
        denies.shrink_to_fit();
        let wholly = entry.perms.without(lost).is_empty();
        if wholly {
            self.void.insert(entry.voice.rule);
        }
        self.out.dead.push(Dead { rule: entry.voice.rule, perms: lost, denies, wholly });
    }

    /// The rules of `against` that together match everything that `entry` matches; `None` when they do not.
    fn covered_by(&mut self, entry: &Entry<'_>, against: &[&Entry<'_>]) -> Option<Vec<u32>> {
        for other in against {
            if self.covers(other, entry) {
                return Some(vec![other.voice.rule]);
            }
        }
        let touching = |sample: &Vec<u8>| {
            against.iter().any(|other| self.matcher.matches_within(other.pattern, sample, self.effort))
        };
        if against.len() < 2 || !entry.sample.iter().chain(entry.others()).all(touching) {
            return None;
        }
        let patterns: Vec<&Glob> = against.iter().map(|other| other.pattern).collect();
        let covered = self.search(entry.pattern, &patterns) == Some(true);
        covered.then(|| against.iter().map(|other| other.voice.rule).collect())
    }

    fn shadowed(&mut self, place: usize, around: &[usize]) {
        let Some(entry) = self.entries.get(place) else { return };
        self.look_at(around);
        if self.void.contains(&entry.voice.rule) {
            return;
        }
        for other_place in around {
            let Some(other) = self.entries.get(*other_place) else { continue };
            if other.voice.rule == entry.voice.rule || !other.says_all_of(entry) {
                continue;
            }
            // Of two rules that say the same the later one is superfluous.
            let same = entry.says_all_of(other) && *other_place > place;
            if self.covers(other, entry) && !(same && self.covers(entry, other)) {
                self.out.shadowed.push(Shadowed { rule: entry.voice.rule, by: other.voice.rule });
                return;
            }
        }
    }

    /// Whether `one` matches every path that `other` matches.
    fn covers(&mut self, one: &Entry<'_>, other: &Entry<'_>) -> bool {
        if self.effort.is_spent() {
            return false;
        }
        let mut misses = |sample: &Vec<u8>| !self.matcher.matches_within(one.pattern, sample, self.effort);
        if other.sample.iter().any(&mut misses) || other.others().iter().any(misses) {
            return false;
        }
        if other.pattern.as_literal().is_some() {
            return true;
        }
        self.search(other.pattern, &[one.pattern]) == Some(true)
    }

    /// Whether every path that `one` matches is matched by one of `others`; `None` when that is too much to find out.
    fn search(&mut self, one: &Glob, others: &[&Glob]) -> Option<bool> {
        if self.effort.is_spent() {
            return None;
        }
        match uncovered(one, others, Universe::Paths, self.effort) {
            Answer::No => Some(true),
            Answer::Yes(_) => Some(false),
            Answer::Unknown => {
                self.out.cut = true;
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve;
    use crate::shipped::Shipped;

    fn reason(rules: &[&str]) -> Reasoning {
        reason_within(rules, Effort::of_profile())
    }

    fn reason_within(rules: &[&str], mut effort: Effort) -> Reasoning {
        let text = format!("profile t {{\n{}\n}}\n", rules.join("\n"));
        let resolved = resolve(&text, &Shipped);
        assert_eq!(resolved.refusals, [], "{text}");
        let profile = &resolved.policy.profiles[0];
        files(&Compiled::new(&resolved.policy, profile), &mut effort)
    }

    fn dead(rules: &[&str]) -> Vec<(u32, String, Vec<u32>)> {
        let letters = |perms: Perms| Perms::LETTERS.iter().filter(|(p, _)| perms.has(*p)).map(|(_, l)| l).collect();
        reason(rules).dead.into_iter().map(|dead| (dead.rule, letters(dead.perms), dead.denies)).collect()
    }

    fn shadowed(rules: &[&str]) -> Vec<(u32, u32)> {
        reason(rules).shadowed.into_iter().map(|shadowed| (shadowed.rule, shadowed.by)).collect()
    }

    #[test]
    fn a_deny_eats_an_allow() {
        let wa = "wa".to_owned();
        assert_eq!(dead(&["deny /** w,", "/tmp/** rw,"]), [(1, wa.clone(), vec![0])]);
        assert_eq!(dead(&["/tmp/{,**} rw,", "deny /tmp/** w,"]), []);
        assert_eq!(dead(&["/a w,", "deny owner /a w,"]), []);
        assert_eq!(dead(&["owner /a w,", "deny /a w,"]), [(0, wa.clone(), vec![1])]);
        assert_eq!(dead(&["priority=1 /a w,", "deny /a w,"]), []);
        assert_eq!(dead(&["/a w,", "deny /a a,"]), []);
        assert_eq!(dead(&["/a/b w,", "deny /a/* w,", "deny /a/*/ w,"]), [(0, wa, vec![1])]);
    }

    #[test]
    fn several_denies_eat_an_allow_together() {
        let rules = ["/a/** r,", "deny /a/* r,", "deny /a/*/ r,", "deny /a/*/** r,"];
        assert_eq!(dead(&rules), [(0, "r".to_owned(), vec![1, 2, 3])]);
    }

    #[test]
    fn a_rule_says_it_all() {
        assert_eq!(shadowed(&["/a/** rw,", "/a/b r,"]), [(1, 0)]);
        assert_eq!(shadowed(&["/a/b r,", "/a/b r,"]), [(1, 0)]);
        assert_eq!(shadowed(&["/a/** r,", "/a/b rw,"]), []);
        assert_eq!(shadowed(&["/a/** r,", "audit /a/b r,"]), []);
        assert_eq!(shadowed(&["/a/** rix,", "/a/b rpx,"]), []);
        assert_eq!(shadowed(&["/a/* r,", "/a/{b,c*} r,", "/a/[a-f]?? r,"]), [(1, 0), (2, 0)]);
        assert_eq!(shadowed(&["deny /a/** rw,", "deny /a/b w,"]), [(1, 0)]);
        assert_eq!(shadowed(&["owner /a/** r,", "/a/b r,"]), []);
    }

    #[test]
    fn nothing_to_match() {
        assert_eq!(reason(&["/a{/,//}b r,", "//a r,"]).never, [1]);
    }

    #[test]
    fn much_to_compare_ends() {
        let rules: Vec<String> = (0..2_000).map(|n| format!("/{{,a}}**{n}*{n}** r,")).collect();
        let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
        assert!(reason_within(&rules, Effort::of(100_000)).cut);
        // Few rules, and each of them beside the others a search of its own.
        let alike = |n: usize| -> String {
            let parts: Vec<String> = ('a'..='j').map(|letter| format!("*{}*", letter.to_string().repeat(n))).collect();
            format!("/{{{}}}** rw,", parts.join(","))
        };
        let rules: Vec<String> = (1..=20).map(alike).collect();
        let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
        assert!(reason_within(&rules, Effort::of(100_000)).cut);
        assert!(!reason(&["/a*b** r,", "/a** r,"]).cut);
    }
}
