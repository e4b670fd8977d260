//! Two texts, line by line: what a reader sees before anything is changed.

use std::collections::HashMap;

/// How many changed lines in a row are compared exactly. Where there are more, lines that stand in both texts once part them; a
/// stretch without any is shown as replaced, which is true, if not short.
const MAX_CHANGES: usize = 1_500;

/// One line of a comparison, with its line numbers from 1.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Row {
    /// In both.
    Same {
        /// Line in the old text.
        old: usize,
        /// Line in the new text.
        new: usize,
        /// The line.
        text: String,
    },
    /// Only in the old text.
    Removed {
        /// Line in the old text.
        old: usize,
        /// The line.
        text: String,
    },
    /// Only in the new text.
    Added {
        /// Line in the new text.
        new: usize,
        /// The line.
        text: String,
    },
    /// Lines in both that are not shown.
    Gap {
        /// How many.
        lines: usize,
    },
}

/// The comparison with `context` lines in common round every change. Empty when the texts are the same.
pub fn compare(old: &str, new: &str, context: usize) -> Vec<Row> {
    if old == new {
        return Vec::new();
    }
    let old_lines: Vec<&str> = lines(old);
    let new_lines: Vec<&str> = lines(new);
    let rows = rows(&old_lines, &new_lines);
    shorten(rows, context)
}

/// How many lines were added and removed.
pub fn counts(rows: &[Row]) -> (usize, usize) {
    let added = rows.iter().filter(|row| matches!(row, Row::Added { .. })).count();
    let removed = rows.iter().filter(|row| matches!(row, Row::Removed { .. })).count();
    (added, removed)
}

/// A row of the view side by side: what stands on the left and on the right.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Pair {
    /// Number and text of each side; a changed line stands beside what it became.
    Lines {
        /// The old side.
        left: Option<(usize, String)>,
        /// The new side.
        right: Option<(usize, String)>,
        /// Whether both are the same line.
        same: bool,
    },
    /// Lines in both that are not shown.
    Gap(usize),
}

/// The same rows side by side.
pub fn side_by_side(rows: &[Row]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let (mut removed, mut added) = (Vec::new(), Vec::new());
    for row in rows {
        match row {
            Row::Removed { old, text } => removed.push((*old, text.clone())),
            Row::Added { new, text } => added.push((*new, text.clone())),
            Row::Same { old, new, text } => {
                pair(&mut removed, &mut added, &mut pairs);
                let (left, right) = (Some((*old, text.clone())), Some((*new, text.clone())));
                pairs.push(Pair::Lines { left, right, same: true });
            }
            Row::Gap { lines } => {
                pair(&mut removed, &mut added, &mut pairs);
                pairs.push(Pair::Gap(*lines));
            }
        }
    }
    pair(&mut removed, &mut added, &mut pairs);
    pairs
}

fn pair(removed: &mut Vec<(usize, String)>, added: &mut Vec<(usize, String)>, pairs: &mut Vec<Pair>) {
    let (mut left, mut right) = (removed.drain(..), added.drain(..));
    loop {
        match (left.next(), right.next()) {
            (None, None) => return,
            (left, right) => pairs.push(Pair::Lines { left, right, same: false }),
        }
    }
}

/// Lines without their ends. A last line without an end differs from one with, as it does for `diff`.
fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

fn shown(line: &str) -> String {
    line.trim_end_matches(['\n', '\r']).to_owned()
}

fn rows(old: &[&str], new: &[&str]) -> Vec<Row> {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let old_middle = old.get(head..old.len() - tail).unwrap_or_default();
    let new_middle = new.get(head..new.len() - tail).unwrap_or_default();

    let mut made = Made { rows: Vec::new(), old: 0, new: 0 };
    old.iter().take(head).for_each(|line| made.same(line));
    if !made.changed(old_middle, new_middle) {
        let (mut from_old, mut from_new) = (0, 0);
        let end = std::iter::once((old_middle.len(), new_middle.len()));
        for (at_old, at_new) in only_once(old_middle, new_middle).into_iter().chain(end) {
            let old = old_middle.get(from_old..at_old).unwrap_or_default();
            let new = new_middle.get(from_new..at_new).unwrap_or_default();
            if !made.changed(old, new) {
                old.iter().for_each(|line| made.removed(line));
                new.iter().for_each(|line| made.added(line));
            }
            old_middle.get(at_old).into_iter().for_each(|line| made.same(line));
            (from_old, from_new) = (at_old + 1, at_new + 1);
        }
    }
    old.iter().skip(old.len() - tail).for_each(|line| made.same(line));
    made.rows
}

struct Made {
    rows: Vec<Row>,
    old: usize,
    new: usize,
}

impl Made {
    /// The shortest way from one stretch to the other; false when it is too long to be looked for.
    fn changed(&mut self, old: &[&str], new: &[&str]) -> bool {
        let Some(steps) = changes(old, new) else { return false };
        let (mut from_old, mut from_new) = (old.iter(), new.iter());
        for step in steps {
            match step {
                Step::Keep => {
                    from_old.next();
                    from_new.next().into_iter().for_each(|line| self.same(line));
                }
                Step::Remove => from_old.next().into_iter().for_each(|line| self.removed(line)),
                Step::Add => from_new.next().into_iter().for_each(|line| self.added(line)),
            }
        }
        true
    }

    fn same(&mut self, line: &str) {
        self.old += 1;
        self.new += 1;
        self.rows.push(Row::Same { old: self.old, new: self.new, text: shown(line) });
    }

    fn removed(&mut self, line: &str) {
        self.old += 1;
        self.rows.push(Row::Removed { old: self.old, text: shown(line) });
    }

    fn added(&mut self, line: &str) {
        self.new += 1;
        self.rows.push(Row::Added { new: self.new, text: shown(line) });
    }
}

/// Where lines stand that both texts have exactly once, in the order of both: names, for the most part. One that has moved past
/// others is passed over.
fn only_once(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    // For each line its place in both texts, and how often it was met.
    let mut places: HashMap<&str, [(usize, usize); 2]> = HashMap::new();
    for (text, lines) in [old, new].into_iter().enumerate() {
        for (at, line) in lines.iter().enumerate() {
            if let Some((place, count)) = places.entry(line).or_default().get_mut(text) {
                (*place, *count) = (at, *count + 1);
            }
        }
    }
    let once = old.iter().filter_map(|line| match places.get(line)? {
        [(old, 1), (new, 1)] => Some((*old, *new)),
        _ => None,
    });
    longest_rise(&once.collect::<Vec<_>>())
}

/// The most pairs whose second numbers rise, in their order. For each length the run is kept that ends lowest.
fn longest_rise(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // Where the run of each length ends, and for each pair where the one before it is.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (at, (_, new)) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| pairs.get(*end).is_some_and(|(_, other)| other < new));
        before.push(length.checked_sub(1).and_then(|last| ends.get(last).copied()));
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let last = ends.last().copied();
    let run = std::iter::successors(last, |at| before.get(*at).copied().flatten());
    let mut run: Vec<_> = run.filter_map(|at| pairs.get(at).copied()).collect();
    run.reverse();
    run
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Step {
    Keep,
    Remove,
    Add,
}

/// The shortest way from one to the other (Myers 1986, greedy), or `None` when it is longer than [`MAX_CHANGES`].
///
/// `furthest[k]` is how far into `old` the best way on diagonal `k` (place in old minus place in new) has come. The state
/// before each round is kept, to walk back.
fn changes(old: &[&str], new: &[&str]) -> Option<Vec<Step>> {
    let (old, new) = numbered(old, new);
    let (n, m) = (old.len() as isize, new.len() as isize);
    let mut furthest = Diagonals::default();
    let mut rounds = Vec::new();
    for d in 0..=(n + m).min(MAX_CHANGES as isize) {
        rounds.push(furthest.clone());
        for k in (-d..=d).step_by(2) {
            let mut x = furthest.start(d, k);
            while x < n && x - k < m && old.get(x as usize) == new.get((x - k) as usize) {
                x += 1;
            }
            furthest.set(k, x);
            if x >= n && x - k >= m {
                return Some(walk_back(&rounds, n, m));
            }
        }
    }
    None
}

/// Lines as numbers, the same for the same line, so that comparing is cheap.
fn numbered<'t>(old: &[&'t str], new: &[&'t str]) -> (Vec<usize>, Vec<usize>) {
    let mut numbers: HashMap<&'t str, usize> = HashMap::new();
    let mut number = |line: &&'t str| {
        let next = numbers.len();
        *numbers.entry(line).or_insert(next)
    };
    (old.iter().map(&mut number).collect(), new.iter().map(&mut number).collect())
}

fn walk_back(rounds: &[Diagonals], n: isize, m: isize) -> Vec<Step> {
    let mut steps = Vec::new();
    let (mut x, mut y) = (n, m);
    for (d, before) in rounds.iter().enumerate().rev() {
        let d = d as isize;
        let start = if d == 0 { 0 } else { before.start(d, x - y) };
        while x > start && y > 0 {
            steps.push(Step::Keep);
            (x, y) = (x - 1, y - 1);
        }
        if d == 0 {
            break;
        }
        if before.came_down(d, x - y) {
            steps.push(Step::Add);
            y -= 1;
        } else {
            steps.push(Step::Remove);
            x -= 1;
        }
    }
    steps.reverse();
    steps
}

/// Values by diagonal, which may be negative.
#[derive(Clone, Default)]
struct Diagonals(Vec<isize>);

impl Diagonals {
    fn place(k: isize) -> usize {
        // 0, -1, 1, -2, 2, …
        if k < 0 { (-k * 2 - 1) as usize } else { (k * 2) as usize }
    }

    fn get(&self, k: isize) -> isize {
        self.0.get(Self::place(k)).copied().unwrap_or(-1)
    }

    fn set(&mut self, k: isize, x: isize) {
        let place = Self::place(k);
        if self.0.len() <= place {
            self.0.resize(place + 1, -1);
        }
        if let Some(slot) = self.0.get_mut(place) {
            *slot = x;
        }
    }

    /// Whether round `d` reaches diagonal `k` by adding a line rather than by removing one.
    fn came_down(&self, d: isize, k: isize) -> bool {
        k == -d || (k != d && self.get(k - 1) < self.get(k + 1))
    }

    /// Where round `d` begins on diagonal `k`.
    fn start(&self, d: isize, k: isize) -> isize {
        match d {
            0 => 0,
            _ if self.came_down(d, k) => self.get(k + 1),
            _ => self.get(k - 1) + 1,
        }
    }
}

/// Leaves out what lies further than `context` lines from every change.
fn shorten(rows: Vec<Row>, context: usize) -> Vec<Row> {
    let changed: Vec<bool> = rows.iter().map(|row| !matches!(row, Row::Same { .. })).collect();
    let mut near = vec![false; rows.len()];
    for (at, _) in changed.iter().enumerate().filter(|(_, changed)| **changed) {
        let (from, to) = (at.saturating_sub(context), (at + context + 1).min(near.len()));
        near.get_mut(from..to).unwrap_or_default().fill(true);
    }
    let mut short = Vec::new();
    let mut hidden = 0;
    for (row, near) in rows.into_iter().zip(near) {
        if near {
            if hidden > 0 {
                short.push(Row::Gap { lines: hidden });
                hidden = 0;
            }
            short.push(row);
        } else {
            hidden += 1;
        }
    }
    if hidden > 0 {
        short.push(Row::Gap { lines: hidden });
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `diff` prints it, with `@n` for a gap.
    fn check(old: &str, new: &str, expected: &str) {
        let printed: Vec<String> = compare(old, new, 1)
            .into_iter()
            .map(|row| match row {
                Row::Same { text, .. } => format!(" {text}"),
                Row::Removed { text, .. } => format!("-{text}"),
                Row::Added { text, .. } => format!("+{text}"),
                Row::Gap { lines } => format!("@{lines}"),
            })
            .collect();
        assert_eq!(printed.join("|"), expected);
    }

    /// Names part what changes in thousands of objects, and each is compared by itself.
    #[test]
    fn many_changes() {
        let text =
            |value: &str| -> String { (0..2_000).map(|at| format!("name: {at}\nkind: a\n{value}\nend\n")).collect() };
        assert_eq!(counts(&compare(&text("host: true"), &text("host: false"), 1)), (2_000, 2_000));
        // An object that moved to the end.
        let moved = text("host: false").replacen("name: 0\n", "", 1) + "name: 0\n";
        assert_eq!(counts(&compare(&text("host: true"), &moved, 1)), (2_001, 2_001));
        let same = |value: &str| format!("{value}\n").repeat(2_000);
        assert_eq!(counts(&compare(&same("a"), &same("b"), 1)), (2_000, 2_000));
    }

    #[test]
    fn as_diff_prints_it() {
        check("", "", "");
        check("", "a\n", "+a");
        check("a\n", "", "-a");
        check("a\nb\nc\n", "a\nx\nc\n", " a|-b|+x| c");
        check("1\n2\n3\n4\n5\n6\n7\n", "1\n2\n3\nx\n5\n6\n7\n", "@2| 3|-4|+x| 5|@2");
        check("a\nb\n", "b\na\n", "-a| b|+a");
        check("a", "a\n", "-a|+a");
        check("a\nb\nc\na\nb\nb\na\n", "c\nb\na\nb\na\nc\n", "-a|-b| c|+b| a| b|-b| a|+c");
    }

    /// Keeping the kept lines and taking the added ones gives the new text, whatever the texts are.
    #[test]
    fn nothing_is_lost() {
        let mut seed = 7_u32;
        let mut random = |below: u32| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 16) % below
        };
        for _ in 0..300 {
            let mut text = || -> Vec<String> { (0..random(12)).map(|_| format!("{}\n", random(4))).collect() };
            let (old, new) = (text(), text());
            let o: Vec<&str> = old.iter().map(String::as_str).collect();
            let n: Vec<&str> = new.iter().map(String::as_str).collect();
            let made = rows(&o, &n);
            let side = |left: bool| -> String {
                made.iter()
                    .filter_map(|row| match row {
                        Row::Same { text, .. } => Some(text),
                        Row::Removed { text, .. } => left.then_some(text),
                        Row::Added { text, .. } => (!left).then_some(text),
                        Row::Gap { .. } => None,
                    })
                    .map(|text| format!("{text}\n"))
                    .collect()
            };
            assert_eq!((side(true), side(false)), (old.concat(), new.concat()));
        }
    }

    #[test]
    fn too_many_changes_are_shown_as_replaced() {
        let old: String = (0..2_000).map(|n| format!("a{n}\n")).collect();
        let new: String = (0..2_000).map(|n| format!("b{n}\n")).collect();
        assert_eq!(counts(&compare(&old, &new, 3)), (2_000, 2_000));
    }

    #[test]
    fn changed_lines_stand_beside_each_other() {
        let pairs = side_by_side(&compare("a\nb\nc\n", "a\nx\ny\nc\n", 1));
        let line = |n: usize, text: &str| Some((n, text.to_owned()));
        assert_eq!(
            pairs.get(1..3).unwrap(),
            [
                Pair::Lines { left: line(2, "b"), right: line(2, "x"), same: false },
                Pair::Lines { left: None, right: line(3, "y"), same: false },
            ]
        );
    }
}
