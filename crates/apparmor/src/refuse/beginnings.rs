//! What the matches of a pattern begin with: a cheap way to see that two patterns have nothing in common.

use crate::glob::collapse_slashes;

/// How many beginnings of one pattern are told apart.
const MOST: usize = 32;

/// Plain texts of which each match of the pattern begins with one; the empty text when nothing is known.
pub(super) fn of(pattern: &str) -> Vec<Vec<u8>> {
    let pattern = collapse_slashes(pattern.as_bytes());
    let mut done = Vec::new();
    let mut open = vec![(Vec::new(), pattern.to_vec())];
    while let Some((mut text, rest)) = open.pop() {
        let plain = rest.iter().take_while(|&&byte| !b"*?[]{}\\,".contains(&byte)).count();
        text.extend_from_slice(rest.get(..plain).unwrap_or_default());
        let behind = rest.get(plain..).unwrap_or_default();
        let branches = if behind.first() == Some(&b'{') { branches(behind) } else { None };
        match branches {
            Some((branches, tail)) if done.len() + open.len() + branches.len() <= MOST => {
                for branch in branches {
                    open.push((text.clone(), [branch, tail].concat()));
                }
            }
            _ => done.push(text),
        }
    }
    done
}

/// The branches of a group without groups and escapes in it, and what stands behind the group.
fn branches(group: &[u8]) -> Option<(Vec<&[u8]>, &[u8])> {
    let inside = group.get(1..)?;
    let end = inside.iter().position(|&byte| byte == b'}')?;
    let body = inside.get(..end)?;
    if body.iter().any(|byte| b"{[\\".contains(byte)) {
        return None;
    }
    Some((body.split(|&byte| byte == b',').collect(), inside.get(end + 1..)?))
}

/// Whether a text could begin with one of either.
pub(super) fn meet(one: &[Vec<u8>], other: &[Vec<u8>]) -> bool {
    one.iter().any(|a| other.iter().any(|b| a.starts_with(b) || b.starts_with(a)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beginnings() {
        let check = |pattern: &str, expected: &[&str]| {
            let mut found: Vec<String> = of(pattern).into_iter().map(|text| String::from_utf8(text).unwrap()).collect();
            found.sort();
            assert_eq!(found, expected, "{pattern}");
        };
        check("/a/b", &["/a/b"]);
        check("/{,usr/}bin/a*", &["/bin/a", "/usr/bin/a"]);
        check("/{a,b}{c,d}[x]", &["/ac", "/ad", "/bc", "/bd"]);
        check("/a{b,{c,d}}e", &["/a"]);
        check("**", &[""]);
        check("//a//b?", &["//a/b"]);
        check("/a\\*b", &["/a"]);
        assert!(meet(&of("/{,usr/}bin/a*"), &of("/usr/**")));
        assert!(!meet(&of("/{,usr/}bin/a*"), &of("/{,usr/}bin/b*")));
    }
}
