//! Paths as patterns: what stands in them means itself.

use std::fmt::Write;

/// Links below the root that images have or do not have: the kernel asks for the file behind them.
const LINKED: &[(&str, &str)] = &[
    ("/usr/bin", "/{,usr/}bin"),
    ("/usr/sbin", "/{,usr/}sbin"),
    ("/usr/lib", "/{,usr/}lib"),
    ("/usr/lib32", "/{,usr/}lib32"),
    ("/usr/lib64", "/{,usr/}lib64"),
    ("/run", "/{,var/}run"),
];

/// A path as a pattern that matches it alone.
///
/// Some distributions have `/bin` as a link to `/usr/bin`, and `/var/run` as one to `/run`; others have two folders. Of a
/// path in one of them both spellings match.
pub(super) fn of_path(path: &str) -> String {
    for (real, either) in LINKED {
        let other = either.replacen("{,usr/}", "", 1).replacen("{,var/}", "var/", 1);
        for start in [real, other.as_str()] {
            if let Some(rest) = path.strip_prefix(start).filter(|rest| rest.is_empty() || rest.starts_with('/')) {
                return [either, escaped(rest).as_str()].concat();
            }
        }
    }
    escaped(path)
}

/// A text in which nothing means anything but itself, without what would end a word.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            // At the end it would name a variable together with an alternation that follows, even as a number.
            '@' if chars.as_str().is_empty() => out.push_str("[@]"),
            // Letters beyond ASCII stand for themselves.
            c if c.is_ascii_alphanumeric() || (!c.is_ascii() && !c.is_control() && !c.is_whitespace()) => out.push(c),
            '/' | '.' | '_' | '-' | '+' | '~' | '%' => out.push(c),
            '*' | '?' | '[' | ']' | '{' | '}' | '^' => out.extend(['\\', c]),
            c => {
                let mut bytes = [0; 4];
                for byte in c.encode_utf8(&mut bytes).bytes() {
                    // Writing to a String cannot fail.
                    let _ = write!(out, "\\{byte:03o}");
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::Compiled;
    use crate::resolve;
    use crate::shipped::Shipped;
    use crate::tree::Perms;

    #[test]
    fn a_path_matches_itself_and_nothing_beside() {
        for path in [
            "/srv/a b@",
            "/data",
            "/da ta",
            "/a*b",
            "/a[b]",
            "/a{b,c}",
            "/a\"b",
            "/a\\b",
            "/a\\101",
            "/a,b",
            "/a#b",
            "/@{x}",
            "/é",
            "/a=b",
            "/a\tb",
            "/a^b",
            "/a?b",
            "/a(b)",
            "/a:b",
            "/a\u{7f}b",
            "/a$b",
            "/a->b",
            "/a!b",
            "/a@b",
            "/a&b",
        ] {
            let text = format!("profile a {{\n  {} r,\n}}\n", of_path(path));
            let resolved = resolve(&text, &Shipped);
            assert_eq!(resolved.refusals, [], "{text}");
            let compiled = Compiled::new(&resolved.policy, &resolved.policy.profiles[0]);
            let reads = |path: &str| compiled.file_perms(path, true).allowed.has(Perms::READ);
            assert!(reads(path), "{text}");
            assert!(!reads("/ab") && !reads("/axb") && !reads(&[path, "x"].concat()), "{text}");
        }
    }

    #[test]
    fn both_spellings() {
        for (path, expected) in [
            ("/bin/sh", "/{,usr/}bin/sh"),
            ("/usr/bin/sh", "/{,usr/}bin/sh"),
            ("/var/run/x", "/{,var/}run/x"),
            ("/run", "/{,var/}run"),
            ("/runner", "/runner"),
            ("/usr/local/bin/x", "/usr/local/bin/x"),
            ("/lib64/x", "/{,usr/}lib64/x"),
        ] {
            assert_eq!(of_path(path), expected);
        }
    }
}
