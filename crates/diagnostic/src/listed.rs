/// Names in a row, the last with "and"; what is beyond `shown` is counted.
///
/// ```
/// use watertight_diagnostic::listed;
///
/// assert_eq!(listed(&["a", "b", "c"], 3), "`a`, `b` and `c`");
/// assert_eq!(listed(&["a", "b", "c"], 2), "`a`, `b` and one more");
/// ```
pub fn listed<T: AsRef<str>>(names: &[T], shown: usize) -> String {
    let mut parts: Vec<String> = names.iter().take(shown).map(|name| ["`", name.as_ref(), "`"].concat()).collect();
    match names.len().saturating_sub(shown) {
        0 => {}
        1 => parts.push("one more".to_owned()),
        more => parts.push([&more.to_string(), " more"].concat()),
    }
    joined(&parts)
}

/// "a", "a and b", "a, b and c".
pub fn joined<T: AsRef<str>>(parts: &[T]) -> String {
    let mut out = String::new();
    for (place, part) in parts.iter().enumerate() {
        match place {
            0 => {}
            _ if place + 1 == parts.len() => out.push_str(" and "),
            _ => out.push_str(", "),
        }
        out.push_str(part.as_ref());
    }
    out
}
