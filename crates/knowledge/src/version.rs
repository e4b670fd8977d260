//! Versions of programs and kernels, as their own tools and distributions print them.

use std::cmp::Ordering;

/// A version: up to three numbers that decide, a pre-release, and what a distribution put behind it.
///
/// ```
/// use watertight_knowledge::version::Version;
///
/// let debian = Version::read("1.1.5+ds1-1+deb12u1").unwrap();
/// assert!(debian < Version::read("v1.1.12").unwrap());
/// assert_eq!(debian.suffix, "+ds1-1+deb12u1");
/// assert!(Version::read("1.2.0-rc.1").unwrap() < Version::read("1.2.0").unwrap());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Version<'t> {
    /// Major, minor, patch. What is not written is 0.
    pub numbers: [u32; 3],
    /// How many numbers were written, 1 to 3.
    pub written: u8,
    /// The pre-release without its dash, such as `rc.1`; empty when it is none.
    pub pre: &'t str,
    /// What stands behind: build metadata, a distribution's revision, a flavour.
    pub suffix: &'t str,
}

impl<'t> Version<'t> {
    /// Reads a version from the beginning of a text, which may begin with `v`. `None` when it does not begin with a
    /// number, or with one that is too large for any program.
    pub fn read(text: &'t str) -> Option<Self> {
        let mut rest = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let mut numbers = [0; 3];
        let mut written = 0;
        for number in &mut numbers {
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let (head, tail) = rest.split_at_checked(digits)?;
            if head.is_empty() {
                break;
            }
            *number = head.parse().ok()?;
            written += 1;
            rest = tail;
            match rest.strip_prefix('.') {
                Some(next) if written < 3 && next.starts_with(|c: char| c.is_ascii_digit()) => rest = next,
                _ => break,
            }
        }
        if written == 0 {
            return None;
        }
        let pre = pre_release(rest);
        let suffix = match pre {
            "" => rest,
            pre => rest.get(pre.len() + 1..).unwrap_or_default(),
        };
        Some(Self { numbers, written, pre, suffix })
    }

    /// Major and minor: the branch of a kernel.
    pub fn branch(&self) -> [u32; 2] {
        let [major, minor, _] = self.numbers;
        [major, minor]
    }
}

/// The pre-release at the beginning of what follows the numbers. Distributions write their revisions there too, so only
/// the words that projects use count.
fn pre_release(rest: &str) -> &str {
    let Some(tail) = rest.strip_prefix('-') else { return "" };
    if !["rc", "alpha", "beta", "dev", "pre"].iter().any(|word| tail.starts_with(word)) {
        return "";
    }
    let end = tail.find(['+', '~', ' ']).unwrap_or(tail.len());
    tail.get(..end).unwrap_or(tail)
}

impl PartialEq for Version<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Version<'_> {}

impl PartialOrd for Version<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version<'_> {
    /// By number, a pre-release before its release. Suffixes do not count: what a distribution changed cannot be read
    /// off its name.
    fn cmp(&self, other: &Self) -> Ordering {
        self.numbers.cmp(&other.numbers).then_with(|| match (self.pre.is_empty(), other.pre.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => pieces(self.pre).cmp(pieces(other.pre)),
        })
    }
}

/// A pre-release in words and numbers, so that `rc.10` follows `rc9`.
fn pieces(pre: &str) -> impl Iterator<Item = (u64, &str)> {
    let mut rest = pre;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(['.', '-']);
        let first = rest.chars().next()?;
        let same = |c: char| c.is_ascii_digit() == first.is_ascii_digit() && c != '.' && c != '-';
        let end = rest.find(|c: char| !same(c)).unwrap_or(rest.len());
        let (piece, tail) = rest.split_at_checked(end)?;
        rest = tail;
        // Numbers come before words, and the longest of them is a date with a time.
        Some(piece.parse().map_or((u64::MAX, piece), |number: u64| (number, "")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, numbers: [u32; 3], pre: &str, suffix: &str) {
        let version = Version::read(text).unwrap();
        assert_eq!((version.numbers, version.pre, version.suffix), (numbers, pre, suffix), "{text}");
    }

    #[test]
    fn as_programs_print_them() {
        check("1.1.12", [1, 1, 12], "", "");
        check("v1.7.27", [1, 7, 27], "", "");
        check("6.8", [6, 8, 0], "", "");
        check("18.09.2", [18, 9, 2], "", "");
        check("1.4.0-rc.3+dev", [1, 4, 0], "rc.3", "+dev");
        check("24.0.7+incompatible", [24, 0, 7], "", "+incompatible");
        check("1.3.9-0ubuntu1", [1, 3, 9], "", "-0ubuntu1");
        check("6.1.0-13-amd64", [6, 1, 0], "", "-13-amd64");
        check("5.14.0-362.8.1.el9_3.x86_64", [5, 14, 0], "", "-362.8.1.el9_3.x86_64");
        check("5.15.133.1-microsoft-standard-WSL2", [5, 15, 133], "", ".1-microsoft-standard-WSL2");
        check("7.1-rc3", [7, 1, 0], "rc3", "");
        check("5.x-custom", [5, 0, 0], "", ".x-custom");
        assert!(Version::read("").is_none());
        assert!(Version::read("custom").is_none());
        assert!(Version::read("99999999999.1").is_none());
    }

    #[test]
    fn in_order() {
        let order = [
            "0.9",
            "1.0.0-rc6",
            "1.0.0-rc8.0.20190930145003-cad42f6e0932",
            "1.0.0-rc9",
            "1.0.0-rc93",
            "1.0.0-rc95",
            "1.0.0",
            "1.2.0-rc.1",
            "1.2.0-rc.3",
            "1.2.0",
            "1.2.8",
            "1.10.0",
        ];
        for pair in order.windows(2) {
            let [a, b] = pair else { continue };
            assert!(Version::read(a) < Version::read(b), "{a} < {b}");
        }
        assert_eq!(Version::read("1.2.0-rc1"), Version::read("v1.2.0-rc.1"));
    }
}
