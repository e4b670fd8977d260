//! What the operators of conditions do with values.

pub mod base64;
pub mod constant;
pub mod getopt;
mod glob;
mod network;
pub mod number;
mod path;
pub mod regex;

pub use constant::Constant;
pub use glob::Glob;
pub use network::{Network, address, network};
pub use path::Paths;
pub use regex::Regex;

/// Whether `needle` stands somewhere in `text`.
pub fn contains(text: &[u8], needle: &[u8]) -> bool {
    let Some((first, rest)) = needle.split_first() else { return true };
    let mut from = text;
    while let Some(at) = from.iter().position(|byte| byte == first) {
        let after = from.get(at + 1..).unwrap_or_default();
        if after.starts_with(rest) {
            return true;
        }
        if after.len() < rest.len() {
            return false;
        }
        from = after;
    }
    false
}

/// [`contains`], with letters of ASCII in any case.
pub fn icontains(text: &[u8], needle: &[u8]) -> bool {
    needle.is_empty() || text.windows(needle.len()).any(|window| window.eq_ignore_ascii_case(needle))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, needle: &str, plain: bool, folded: bool) {
        assert_eq!(contains(text.as_bytes(), needle.as_bytes()), plain);
        assert_eq!(icontains(text.as_bytes(), needle.as_bytes()), folded);
    }

    #[test]
    fn needles_are_found() {
        check("", "", true, true);
        check("", "a", false, false);
        check("aab", "ab", true, true);
        check("-o bind /HOST", "/host", false, true);
        check("-o bind /hos", "/host", false, false);
        check("é", "É", false, false);
    }
}
