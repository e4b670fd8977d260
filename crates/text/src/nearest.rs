//! The known name that a misspelt one was meant to be.

/// Longer words are no misspelt names.
const LONGEST: usize = 80;

/// The name of `known` that takes the fewest changes to get to, if they are few: three at most, and one for every three
/// letters. A name that is written right is not looked for.
pub fn nearest<'k>(word: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    nearest_within(word, known.filter(|name| *name != word), |name| 3.min(name.len() / 3))
}

/// The same with other limits: `most` says how many changes may lead to a name. Case makes no difference.
pub fn nearest_within<'k>(
    word: &str,
    known: impl Iterator<Item = &'k str>,
    most: impl Fn(&str) -> usize,
) -> Option<&'k str> {
    if word.len() > LONGEST {
        return None;
    }
    let near = known.filter_map(|name| Some((distance(word, name, most(name))?, name)));
    near.min().map(|(_, name)| name)
}

/// How many letters have to be put in, taken out, replaced or swapped with their neighbour, if that is at most `most`.
fn distance(from: &str, to: &str, most: usize) -> Option<usize> {
    // What has many more letters need not be gone through.
    if from.chars().count().abs_diff(to.chars().count()) > most {
        return None;
    }
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    let is_same = |one: Option<&char>, other: Option<&char>| {
        one.zip(other).is_some_and(|(one, other)| one.eq_ignore_ascii_case(other))
    };
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for line in 0..from.len() {
        let mut next = vec![line + 1];
        for cell in 0..to.len() {
            let get = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX - 2);
            let changed = usize::from(!is_same(from.get(line), to.get(cell)));
            let mut best = (get(&row, cell) + changed).min(get(&row, cell + 1) + 1).min(get(&next, cell) + 1);
            let swapped = line > 0
                && cell > 0
                && is_same(from.get(line - 1), to.get(cell))
                && is_same(from.get(line), to.get(cell - 1));
            if swapped {
                best = best.min(get(&before, cell - 1) + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
        // A cell is never less than all of the two rows that it is made from.
        if before.iter().chain(&row).all(|cell| *cell > most) {
            return None;
        }
    }
    row.last().copied().filter(|distance| *distance <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_misses_are_understood() {
        let known = ["proc.name", "proc.pname", "container.id", "evt.type", "fd.name"];
        for (word, expected) in [
            ("proc.nmae", Some("proc.name")),
            ("Proc.Name", Some("proc.name")),
            ("container.idd", Some("container.id")),
            ("evt.type", None),
            ("something.else", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, known.into_iter()), expected, "{word}");
        }
    }

    #[test]
    fn limits_are_the_callers() {
        for (word, most, expected) in [
            ("kitten", 3, Some("sitting")),
            ("kitten", 2, None),
            ("SITTING", 0, Some("sitting")),
            ("sitting", 0, Some("sitting")),
        ] {
            assert_eq!(nearest_within(word, ["sitting"].into_iter(), |_| most), expected, "{word} {most}");
        }
    }

    #[test]
    fn distances() {
        for (from, to, expected) in [
            ("abc", "abc", Some(0)),
            ("abcd", "abdc", Some(1)),
            ("abc", "ab", Some(1)),
            ("hostpid", "host-pid", Some(1)),
            ("\u{e9}t\u{e9}", "ete", Some(2)),
            ("kitten", "sitting", Some(3)),
            ("", "abc", Some(3)),
            ("", "abcd", None),
            ("abcd", "wxyz", None),
        ] {
            assert_eq!(distance(from, to, 3), expected, "{from} {to}");
        }
    }
}
