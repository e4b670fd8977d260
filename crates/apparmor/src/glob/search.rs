//! What patterns have in common and what sets them apart.
//!
//! Several automata are followed at once over all texts, one class of bytes at a time. What that takes is bounded, in one
//! search and over all searches of a profile, so that hostile patterns get "too large" for an answer.

use std::collections::HashSet;

use super::Glob;
use super::bytes::ByteSet;
use super::nfa::{Nfa, State};

/// How many joint states may be looked at before giving up.
const MAX_VISITED: usize = 4_000;
/// How many states may be stepped in one search; all searches of a profile share an [`Effort`].
const MAX_STEPS: usize = 4_000_000;

/// How many states may still be stepped: what bounds the time of several searches together, whatever the patterns are.
/// A step takes some nanoseconds.
#[derive(Clone, Debug)]
pub struct Effort {
    left: usize,
}

impl Effort {
    /// What is asked about one profile takes no more.
    const PROFILE: usize = 20_000_000;

    /// For all that is asked about one profile.
    pub fn of_profile() -> Self {
        Self::of(Self::PROFILE)
    }

    /// For all profiles of a file of so many bytes: a text of a few bytes may hold another profile that is hard to compare.
    pub fn of_file(bytes: usize) -> Self {
        Self::of(Self::PROFILE.saturating_mul(2).saturating_add(bytes.saturating_mul(8)))
    }

    /// What one profile may take of what is left for its file.
    pub fn lend<R>(&mut self, ask: impl FnOnce(&mut Self) -> R) -> R {
        let lent = self.left.min(Self::PROFILE);
        let mut part = Self::of(lent);
        let answer = ask(&mut part);
        self.take(lent - part.left);
        answer
    }

    /// So many steps.
    pub fn of(steps: usize) -> Self {
        Self { left: steps }
    }

    /// Takes so many steps.
    pub(crate) fn take(&mut self, steps: usize) {
        self.left = self.left.saturating_sub(steps);
    }

    /// Whether nothing is left.
    pub fn is_spent(&self) -> bool {
        self.left == 0
    }
}

/// Which texts there are at all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Universe {
    /// Names of files as the kernel gives them: from the root, no empty component.
    Paths,
    /// Names of anything: no NUL byte.
    Names,
    /// Any bytes: several names joined by NUL.
    Bytes,
}

/// What was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// There is none.
    No,
    /// There is one, for example this.
    Yes(Vec<u8>),
    /// The patterns are too large to tell.
    Unknown,
}

/// A text that both match.
pub fn overlap(one: &Glob, other: &Glob, universe: Universe, effort: &mut Effort) -> Answer {
    witness(&[one, other], &[], universe, effort)
}

/// A text that `one` matches and none of `others` does.
pub fn uncovered(one: &Glob, others: &[&Glob], universe: Universe, effort: &mut Effort) -> Answer {
    witness(&[one], others, universe, effort)
}

/// The shortest text that all of `all` match and none of `none` does. What it takes is taken from `effort`.
pub fn witness(all: &[&Glob], none: &[&Glob], universe: Universe, effort: &mut Effort) -> Answer {
    let mut longest: &[u8] = &[];
    for glob in all {
        if !together(longest, glob.prefix()) {
            return Answer::No;
        }
        if glob.prefix().len() > longest.len() {
            longest = glob.prefix();
        }
    }
    let none: Vec<&&Glob> = none.iter().filter(|glob| together(longest, glob.prefix())).collect();
    if let Some(text) = all.iter().find_map(|glob| glob.as_literal()) {
        let matched = all.iter().all(|glob| glob.matches(text)) && !none.iter().any(|glob| glob.matches(text));
        return if matched && universe.holds(text) { Answer::Yes(text.to_vec()) } else { Answer::No };
    }
    let count = all.len();
    let mut machines: Vec<&Nfa> = all.iter().map(|glob| &glob.nfa).collect();
    machines.extend(none.iter().map(|glob| &glob.nfa));
    let wanted =
        |accepting: &[bool]| accepting.iter().take(count).all(|a| *a) && accepting.iter().skip(count).all(|a| !*a);
    Search::new(&machines, universe).run(&|alive| alive.iter().take(count).all(|a| *a), &wanted, effort)
}

/// Whether two texts can be the beginnings of one.
fn together(one: &[u8], other: &[u8]) -> bool {
    one.starts_with(other) || other.starts_with(one)
}

/// Several automata, their states numbered through.
struct Search<'n> {
    machines: &'n [&'n Nfa],
    universe: Universe,
    /// Where each machine's states begin in the joint numbering.
    offsets: Vec<usize>,
    /// Whose each state is.
    owners: Vec<usize>,
    /// A byte of each class, the most readable one, with what the universe makes of it.
    classes: Vec<u8>,
}

/// What came last, for the universe's rule that components are not empty.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Last {
    Nothing,
    Slash,
    Other,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Joint {
    active: Box<[u64]>,
    last: Last,
}

/// What each machine makes of a joint state.
#[derive(Default)]
struct Seen {
    alive: Vec<bool>,
    accepting: Vec<bool>,
}

type Test<'t> = &'t dyn Fn(&[bool]) -> bool;

impl<'n> Search<'n> {
    fn new(machines: &'n [&'n Nfa], universe: Universe) -> Self {
        let mut offsets = Vec::with_capacity(machines.len());
        let mut owners = Vec::new();
        for (at, machine) in machines.iter().enumerate() {
            offsets.push(owners.len());
            owners.extend(std::iter::repeat_n(at, machine.states.len()));
        }
        Self { machines, universe, offsets, owners, classes: classes(machines) }
    }

    /// The shortest text for which `wanted` holds of the machines that accept it, going on only while `hopeful` holds
    /// of the machines that still can.
    fn run(&self, hopeful: Test<'_>, wanted: Test<'_>, effort: &mut Effort) -> Answer {
        let mut known: HashSet<Joint> = HashSet::new();
        // For each joint state: where it was reached from, and by which byte.
        let mut trail: Vec<(u32, u8)> = Vec::new();
        let mut queue: Vec<Joint> = Vec::new();
        let mut start = vec![0; self.owners.len().div_ceil(64)];
        let mut open = Vec::new();
        for (place, machine) in self.machines.iter().enumerate() {
            self.enter(place, machine.start, &mut start, &mut open);
        }
        let start = Joint { active: start.into(), last: Last::Nothing };
        known.insert(start.clone());
        queue.push(start);
        trail.push((0, 0));
        let mut steps = 0;
        let mut place = 0;
        let mut seen = Seen::default();
        while let Some(joint) = queue.get(place).cloned() {
            self.look(&joint.active, &mut seen);
            let complete = self.universe != Universe::Paths || joint.last != Last::Nothing;
            if complete && wanted(&seen.accepting) {
                return Answer::Yes(spell(&trail, place));
            }
            let mut taken = self.owners.len();
            if hopeful(&seen.alive) {
                let active = bits(&joint.active).count();
                for byte in &self.classes {
                    let Some(last) = self.universe.after(joint.last, *byte) else { continue };
                    taken += joint.active.len() + active;
                    let next = Joint { active: self.step(&joint.active, *byte, &mut open), last };
                    // Most bytes end every match, and what they lead to need not be kept.
                    self.look(&next.active, &mut seen);
                    if !hopeful(&seen.alive) && !wanted(&seen.accepting) || known.contains(&next) {
                        continue;
                    }
                    if known.len() >= MAX_VISITED {
                        return Answer::Unknown;
                    }
                    known.insert(next.clone());
                    queue.push(next);
                    trail.push((u32::try_from(place).unwrap_or(0), *byte));
                }
            }
            steps += taken;
            effort.take(taken);
            if steps > MAX_STEPS || effort.is_spent() {
                return Answer::Unknown;
            }
            place += 1;
        }
        Answer::No
    }

    fn state(&self, id: usize) -> Option<(usize, &State)> {
        let machine = *self.owners.get(id)?;
        let local = id - self.offsets.get(machine)?;
        Some((machine, self.machines.get(machine)?.states.get(local)?))
    }

    /// Makes a machine's state active, and those that it goes on to without reading.
    fn enter(&self, machine: usize, state: u32, active: &mut [u64], open: &mut Vec<u32>) {
        let (Some(offset), Some(nfa)) = (self.offsets.get(machine), self.machines.get(machine)) else { return };
        open.push(state);
        while let Some(id) = open.pop() {
            let joint = offset + id as usize;
            let Some(word) = active.get_mut(joint / 64) else { continue };
            let bit = 1 << (joint % 64);
            if *word & bit != 0 {
                continue;
            }
            *word |= bit;
            match nfa.states.get(id as usize) {
                Some(State::Split(one, other) | State::Loop(one, other)) => open.extend([*one, *other]),
                Some(State::Jump(next)) => open.push(*next),
                _ => {}
            }
        }
    }

    fn step(&self, active: &[u64], byte: u8, open: &mut Vec<u32>) -> Box<[u64]> {
        let mut next = vec![0; active.len()];
        for id in bits(active) {
            let Some((machine, state)) = self.state(id) else { continue };
            match state {
                State::Byte(wanted, to) if *wanted == byte => self.enter(machine, *to, &mut next, open),
                State::Set(set, to) => {
                    let sets = self.machines.get(machine).map(|m| m.sets.as_slice()).unwrap_or_default();
                    if sets.get(*set as usize).is_some_and(|set| set.contains(byte)) {
                        self.enter(machine, *to, &mut next, open);
                    }
                }
                _ => {}
            }
        }
        next.into()
    }

    /// Notes for each machine whether it is still under way, and whether it accepts here.
    fn look(&self, active: &[u64], seen: &mut Seen) {
        for marks in [&mut seen.alive, &mut seen.accepting] {
            marks.clear();
            marks.resize(self.machines.len(), false);
        }
        for id in bits(active) {
            let Some((machine, state)) = self.state(id) else { continue };
            let marks = if matches!(state, State::Accept) { &mut seen.accepting } else { &mut seen.alive };
            if let Some(mark) = marks.get_mut(machine) {
                *mark = true;
            }
        }
    }
}

impl Universe {
    /// Whether there is such a text.
    pub(super) fn holds(self, text: &[u8]) -> bool {
        let mut last = Last::Nothing;
        let reads = text.iter().all(|byte| {
            let next = self.after(last, *byte);
            last = next.unwrap_or(last);
            next.is_some()
        });
        reads && (self != Self::Paths || last != Last::Nothing)
    }

    /// What comes after that byte; `None` when no text has it there.
    fn after(self, last: Last, byte: u8) -> Option<Last> {
        match (self, last, byte) {
            (Self::Bytes, ..) => Some(Last::Other),
            (_, _, 0) => None,
            (Self::Names, ..) => Some(Last::Other),
            (Self::Paths, Last::Nothing, b'/') | (Self::Paths, Last::Other, b'/') => Some(Last::Slash),
            (Self::Paths, Last::Nothing, _) | (Self::Paths, Last::Slash, b'/') => None,
            (Self::Paths, ..) => Some(Last::Other),
        }
    }
}

/// One byte of each class of bytes that the machines tell apart, the most readable ones.
fn classes(machines: &[&Nfa]) -> Vec<u8> {
    // The slash matters to every universe.
    let mut single = ByteSet::EMPTY.with(b'/');
    let mut classes = Classes { of: [0; 256], sizes: vec![256] };
    let mut seen: Vec<&ByteSet> = Vec::new();
    for machine in machines {
        for state in &machine.states {
            if let State::Byte(byte, _) = state {
                single = single.with(*byte);
            }
        }
        for set in &machine.sets {
            if seen.len() < 64 && seen.contains(&set) {
                continue;
            }
            seen.push(set);
            classes.split(set);
        }
    }
    for byte in (0..=255).filter(|byte| single.contains(*byte)) {
        classes.split(&ByteSet::EMPTY.with(byte));
    }
    let readable = (b'a'..=b'z').chain(b'0'..=b'9').chain(b'A'..=b'Z').chain(0x21..=0x7e).chain(0..=255);
    let mut taken = [false; 256];
    readable
        .filter(|byte| taken.get_mut(classes.class(*byte)).is_some_and(|taken| !std::mem::replace(taken, true)))
        .collect()
}

/// Bytes by class: at most 256 classes, as none is empty.
struct Classes {
    of: [u8; 256],
    sizes: Vec<u16>,
}

impl Classes {
    fn class(&self, byte: u8) -> usize {
        self.of.get(usize::from(byte)).copied().unwrap_or_default().into()
    }

    /// Cuts every class in two that lies partly in the set.
    fn split(&mut self, set: &ByteSet) {
        let mut inside = vec![0u16; self.sizes.len()];
        let members = || (0..=255u8).filter(|byte| set.contains(*byte));
        for byte in members() {
            if let Some(count) = inside.get_mut(self.class(byte)) {
                *count += 1;
            }
        }
        let mut moved = vec![None; inside.len()];
        for ((count, to), class) in inside.into_iter().zip(&mut moved).zip(0..) {
            let Some(size) = self.sizes.get_mut(class) else { continue };
            if count > 0 && count < *size {
                *size -= count;
                *to = u8::try_from(self.sizes.len()).ok();
                self.sizes.push(count);
            }
        }
        for byte in members() {
            if let Some(Some(to)) = moved.get(self.class(byte))
                && let Some(class) = self.of.get_mut(usize::from(byte))
            {
                *class = *to;
            }
        }
    }
}

fn bits(words: &[u64]) -> impl Iterator<Item = usize> {
    words.iter().enumerate().flat_map(|(place, word)| {
        let mut rest = *word;
        std::iter::from_fn(move || {
            if rest == 0 {
                return None;
            }
            let bit = rest.trailing_zeros() as usize;
            rest &= rest - 1;
            Some(place * 64 + bit)
        })
    })
}

/// The bytes that led to the joint state at that place.
fn spell(trail: &[(u32, u8)], mut place: usize) -> Vec<u8> {
    let mut out = Vec::new();
    while place != 0 {
        let Some((from, byte)) = trail.get(place) else { break };
        out.push(*byte);
        place = *from as usize;
    }
    out.reverse();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glob(pattern: &str) -> Glob {
        Glob::path(pattern.as_bytes()).unwrap()
    }

    fn check_overlap(one: &str, other: &str, expected: Option<&str>) {
        let found = overlap(&glob(one), &glob(other), Universe::Paths, &mut Effort::of_profile());
        assert_eq!(found, expected.map_or(Answer::No, |path| Answer::Yes(path.as_bytes().to_vec())), "{one} {other}");
    }

    fn check_uncovered(one: &str, others: &[&str], expected: Option<&str>) {
        let others: Vec<Glob> = others.iter().map(|other| glob(other)).collect();
        let found =
            uncovered(&glob(one), &others.iter().collect::<Vec<_>>(), Universe::Paths, &mut Effort::of_profile());
        assert_eq!(found, expected.map_or(Answer::No, |path| Answer::Yes(path.as_bytes().to_vec())), "{one}");
    }

    #[test]
    fn overlaps() {
        check_overlap("/tmp/**", "/**", Some("/tmp/a"));
        check_overlap("/tmp/**", "/var/**", None);
        check_overlap("/usr/bin/*", "/usr/*/sh", Some("/usr/bin/sh"));
        check_overlap("/a/*", "/a/*/", None);
        check_overlap("/a{b,c}", "/a[cd]", Some("/ac"));
        check_overlap("//a", "/**", None);
    }

    #[test]
    fn coverage() {
        check_uncovered("/tmp/**", &["/**"], None);
        check_uncovered("/tmp/{,**}", &["/tmp/**"], Some("/tmp/"));
        check_uncovered("/a/**", &["/a/*", "/a/*/", "/a/*/**"], None);
        check_uncovered("/a/**", &["/a/*", "/a/*/**"], Some("/a/a/"));
        check_uncovered("/a/?", &["/a/[a-m]", "/a/[^a-m]"], None);
        check_uncovered("/x/y", &[], Some("/x/y"));
        // No path has an empty component, so the slash of the class does not count.
        check_uncovered("/a[^b]/c", &["/a[^b/]/c"], None);
    }

    #[test]
    fn hostile_patterns_end() {
        let one = glob(&format!("/**a{}", "?".repeat(40)));
        let other = glob(&format!("/**b{}", "?".repeat(40)));
        let answer = uncovered(&one, &[&other], Universe::Paths, &mut Effort::of_profile());
        assert!(matches!(answer, Answer::Yes(_) | Answer::Unknown));
        let nested = glob(&format!("/{}", "{a,?}*".repeat(60)));
        let answer = uncovered(&nested, &[&one, &other], Universe::Paths, &mut Effort::of_profile());
        assert!(matches!(answer, Answer::Yes(_) | Answer::Unknown));
    }
}
