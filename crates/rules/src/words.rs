//! Several things in one sentence.

use watertight_diagnostic::joined;
use watertight_pod::{Container, Site};

use crate::subject::called;

/// How many names a sentence can bear.
const NAMED: usize = 4;

/// `init container "a"`, `containers "a" and "b"`, `containers "a", "b", "c" and 4 more`.
pub(crate) fn containers(list: &[&Container]) -> String {
    if let [one] = list {
        return called(one);
    }
    let names: Vec<String> = list.iter().map(|one| format!("\"{}\"", one.name)).collect();
    format!("containers {}", some(&names))
}

/// The same at the start of a sentence.
pub(crate) fn containers_first(list: &[&Container]) -> String {
    capital(containers(list))
}

/// The same words with a capital letter. What begins our sentences is English.
pub(crate) fn capital(mut text: String) -> String {
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

/// "a", "a and b", "a, b and c", "a, b, c and 4 more".
pub(crate) fn some<S: AsRef<str>>(things: &[S]) -> String {
    let words: Vec<&str> = things.iter().map(AsRef::as_ref).collect();
    match words.split_at_checked(NAMED - 1) {
        Some((first, rest)) if words.len() > NAMED => format!("{} and {} more", first.join(", "), rest.len()),
        _ => joined(&words),
    }
}

/// Where the command or the arguments of a container call `program`, by its name or by its path: the item, its list and
/// its place in it.
pub(crate) fn in_command(container: &Container, program: &str) -> Option<(Site, &'static str, usize)> {
    let calls = |item: &str| {
        let words = item.split(|c: char| c.is_whitespace() || matches!(c, ';' | '|' | '&' | '(' | ')' | '`'));
        words.into_iter().any(|word| word.rsplit('/').next() == Some(program))
    };
    [("command", &container.command), ("args", &container.args)].into_iter().find_map(|(list, items)| {
        let (index, item) = items.iter().enumerate().find(|(_, item)| calls(&item.name))?;
        Some((item.site, list, index))
    })
}

#[cfg(test)]
mod tests {
    use super::some;

    #[test]
    fn rows() {
        for (things, expected) in [
            (&[][..], ""),
            (&["a"], "a"),
            (&["a", "b"], "a and b"),
            (&["a", "b", "c", "d"], "a, b, c and d"),
            (&["a", "b", "c", "d", "e"], "a, b, c and 2 more"),
        ] {
            assert_eq!(some(things), expected);
        }
    }
}
