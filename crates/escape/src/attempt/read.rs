use super::{Attempt, Gate};
use crate::technique::{Term, term};

/// Reads the data file. A test holds that nothing in it is left unread.
pub(super) fn read(text: &'static str) -> Vec<Attempt> {
    text.split("\n\n").filter_map(attempt).collect()
}

fn attempt(paragraph: &'static str) -> Option<Attempt> {
    let mut lines = paragraph.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    let mut attempt = Attempt { id: lines.next()?, does: "", gates: Vec::new(), ends: None, shows: None };
    for line in lines {
        let (word, value) = line.trim_start().split_once(' ')?;
        match word {
            "does" => attempt.does = value,
            "ends" => attempt.ends = Some(value),
            "shows" => attempt.shows = Some(value),
            "call" => attempt.gates.push(call(value)?),
            "lsm" => attempt.gates.push(Gate::Lsm(value)),
            "needs" => {
                let (facts, error) = value.split_once(" else ")?;
                let groups = facts.split(" | ").map(|group| group.split(" & ").map(term).collect::<Vec<Term>>());
                attempt.gates.push(Gate::Needs(groups.collect(), error));
            }
            _ => return None,
        }
    }
    Some(attempt)
}

/// `mount:0:0:0:0x1020`
fn call(value: &'static str) -> Option<Gate> {
    let mut parts = value.split(':');
    let name = parts.next()?;
    let mut arguments = [0; 6];
    for (argument, text) in arguments.iter_mut().zip(parts) {
        *argument = match text.strip_prefix("0x") {
            Some(hex) => u64::from_str_radix(hex, 16).ok()?,
            None => text.parse().ok()?,
        };
    }
    Some(Gate::Call(name, arguments))
}

#[cfg(test)]
mod tests {
    use crate::attempt;
    use crate::technique;

    #[test]
    fn everything_is_read() {
        let text = include_str!("../../data/attempts.txt");
        let is_attempt = |part: &&str| part.lines().any(|line| !line.starts_with('#') && !line.is_empty());
        assert_eq!(attempt::all().len(), text.split("\n\n").filter(is_attempt).count(), "a paragraph cannot be read");
        let mut ids: Vec<_> = attempt::all().iter().map(|attempt| attempt.id).collect();
        ids.sort_unstable();
        assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "an id stands twice");
        for attempt in attempt::all() {
            assert!(!attempt.does.is_empty(), "{}", attempt.id);
            assert!(attempt.shows.is_none_or(|id| technique::by_id(id).is_some()), "{}", attempt.id);
        }
    }
}
