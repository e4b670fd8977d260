//! `getopt`: the short options of a command line.

/// What an option letter is, from the string that lists them: `t:m` has `t` with a value and `m` without.
struct Options<'o> {
    letters: &'o [u8],
}

impl Options<'_> {
    /// Whether there is an option of that letter, and if so whether it takes a value.
    fn takes_value(&self, letter: u8) -> Option<bool> {
        if letter == b':' {
            return None;
        }
        let mut at = usize::from(self.letters.first() == Some(&b':'));
        let mut found = None;
        while let Some(one) = self.letters.get(at) {
            let valued = self.letters.get(at + 1) == Some(&b':');
            if *one == letter {
                // An option listed twice takes a value when one of the two does.
                found = Some(valued || found == Some(true));
            }
            at += 1 + usize::from(valued && *one != b':');
        }
        found
    }
}

/// An option of a command line.
enum Found<'a> {
    Unknown,
    Flag(&'a [u8]),
    Valued(&'a [u8], Option<&'a [u8]>),
}

/// The letters of the options and their values, in order; `?` stands for a letter that is no option, an empty string for
/// an option whose value is missing.
pub fn options<'a>(arguments: &[&'a [u8]], letters: &[u8]) -> Vec<&'a [u8]> {
    let mut all = Vec::new();
    scan(arguments, letters, |found| match found {
        Found::Unknown => all.push(b"?".as_slice()),
        Found::Flag(name) => all.push(name),
        Found::Valued(name, Some(value)) => all.extend([name, value]),
        Found::Valued(_, None) => all.push(b"".as_slice()),
    });
    all
}

/// The value of one option, the last one counts; of an option without value its letter. `None` when it is not there.
pub fn option<'a>(arguments: &[&'a [u8]], letters: &[u8], wanted: u8) -> Option<&'a [u8]> {
    let mut last = None;
    scan(arguments, letters, |found| match found {
        Found::Flag(name) if *name == [wanted] => last = Some(name),
        Found::Valued(name, value) if *name == [wanted] => last = Some(value.unwrap_or_default()),
        _ => {}
    });
    last
}

fn scan<'a>(arguments: &[&'a [u8]], letters: &[u8], mut each: impl FnMut(Found<'a>)) {
    let options = Options { letters };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let cluster = match argument {
            // Long options are not known, and are passed over.
            [b'-', b'-', _, ..] => continue,
            [b'-', b'-'] | [b'-'] => return,
            [b'-', cluster @ ..] => cluster,
            _ => return,
        };
        for at in 0..cluster.len() {
            let name = cluster.get(at..=at).unwrap_or_default();
            let takes_value = name.first().and_then(|letter| options.takes_value(*letter));
            match takes_value {
                None => each(Found::Unknown),
                Some(false) => each(Found::Flag(name)),
                Some(true) => {
                    let attached = cluster.get(at + 1..).filter(|value| !value.is_empty());
                    each(Found::Valued(name, attached.or_else(|| rest.next().copied())));
                    break;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes<'a>(arguments: &[&'a str]) -> Vec<&'a [u8]> {
        arguments.iter().map(|one| one.as_bytes()).collect()
    }

    #[track_caller]
    fn check(arguments: &[&str], letters: &str, expected: &[&str]) {
        assert_eq!(options(&bytes(arguments), letters.as_bytes()), bytes(expected));
    }

    #[test]
    fn options_are_listed() {
        check(&["-nt", "hello"], "nt:", &["n", "t", "hello"]);
        check(&["-n", "--", "-t"], "nt", &["n"]);
        check(&["-lpe", "/bin/sh"], "lp:e:", &["l", "p", "e"]);
        check(&["--exec", "-n"], "n", &["n"]);
        check(&["file", "-n"], "n", &[]);
        check(&["-"], "n", &[]);
        check(&["-t"], "t:", &[""]);
        check(&["-x:"], "t:", &["?", "?"]);
        check(&["-t", "-1"], "t:", &["t", "-1"]);
    }

    #[test]
    fn the_last_value_counts() {
        let one = |arguments: &[&str], letters: &str| {
            option(&bytes(arguments), letters.as_bytes(), b't').map(|value| String::from_utf8_lossy(value).into_owned())
        };
        assert_eq!(one(&["-t", "1", "-t2"], "t:").as_deref(), Some("2"));
        assert_eq!(one(&["-t", "1", "-t"], "t:").as_deref(), Some(""));
        assert_eq!(one(&["-t"], "t").as_deref(), Some("t"));
        assert_eq!(one(&["-m"], "t:m"), None);
    }
}
