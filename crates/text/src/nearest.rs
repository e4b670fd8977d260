//! The known name that a misspelt one was meant to be.

/// The name of `known` that takes the fewest changes to get to, if they are few.
pub fn nearest<'k>(word: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    if word.len() > 80 {
        return None;
    }
    known
        .filter(|name| name.len().abs_diff(word.len()) <= 3)
        .map(|name| (distance(word, name), name))
        .filter(|(distance, name)| *distance > 0 && *distance <= 3.min(name.len() / 3))
        .min()
        .map(|(_, name)| name)
}

/// How many letters have to be put in, taken out, replaced or swapped with their neighbour.
fn distance(from: &str, to: &str) -> usize {
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (line, a) in from.iter().enumerate() {
        let mut next = vec![line + 1];
        for (cell, b) in to.iter().enumerate() {
            let get = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX - 2);
            let mut best =
                (get(&row, cell) + usize::from(a != b)).min(get(&row, cell + 1) + 1).min(get(&next, cell) + 1);
            let swapped = line > 0 && cell > 0 && from.get(line - 1) == Some(b) && to.get(cell - 1) == Some(a);
            if swapped {
                best = best.min(get(&before, cell - 1) + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_misses_are_understood() {
        let known = ["proc.name", "proc.pname", "container.id", "evt.type", "fd.name"];
        let check =
            |word: &str, expected: Option<&str>| assert_eq!(nearest(word, known.into_iter()), expected, "{word}");
        check("proc.nmae", Some("proc.name"));
        check("container.idd", Some("container.id"));
        check("evt.type", None);
        check("something.else", None);
        check("", None);
        assert_eq!(distance("abcd", "abdc"), 1);
        assert_eq!(distance("", "abc"), 3);
    }
}
