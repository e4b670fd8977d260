//! Text as a POSIX shell splits it: commands of words, with the bytes of each.
//!
//! Source: POSIX.1-2024, "Shell Command Language", 2.2 (quoting), 2.3 (token recognition) and 2.7 (redirection). Nothing is
//! expanded: what a shell would put in the place of `$NAME`, `$(…)` or `~` is not in the text.

use watertight_text::Span;

/// A word of a command.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Word {
    /// What the program is handed. Expansions stand here as they are written.
    pub(crate) text: String,
    /// Where, quotes included.
    pub(crate) span: Span,
    /// Whether a shell would expand something in it.
    pub(crate) expands: bool,
    /// Whether a shell might make several words of it, or none.
    pub(crate) splits: bool,
    /// Where its text begins in the file when text and file agree byte for byte, inside of quotes perhaps.
    plain: Option<u32>,
}

impl Word {
    /// The bytes of a part of its text, given by offsets; all of the word where quotes are in between.
    pub(crate) fn part(&self, start: usize, end: usize) -> Span {
        match self.plain {
            Some(at) => Span::new(at as usize + start, at as usize + end),
            None => self.span,
        }
    }
}

/// Words up to the end of a command.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Command {
    /// The words; never empty.
    pub(crate) words: Vec<Word>,
}

/// What a shell would trip over.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Fault {
    pub(crate) message: &'static str,
    pub(crate) span: Span,
}

/// Words of one text. Nobody writes more by hand, and each becomes an object of ours.
const WORDS: usize = 50_000;

/// A text as a shell splits it. Operators and redirections are left out.
#[derive(Default)]
pub(crate) struct Split {
    pub(crate) commands: Vec<Command>,
    pub(crate) faults: Vec<Fault>,
    /// The comments, each from its number sign to the end of its line.
    pub(crate) comments: Vec<Span>,
}

/// Splits a text.
pub(crate) fn split(text: &str) -> Split {
    let mut splitter = Splitter { text, at: 0, words: 0, out: Split::default() };
    splitter.run();
    splitter.out.commands.retain(|command| !command.words.is_empty());
    splitter.out
}

/// The signs at the end of a line that goes on: of a shell, of PowerShell, of Windows' command prompt.
pub(super) const GOES_ON: [char; 3] = ['\\', '`', '^'];

struct Splitter<'t> {
    text: &'t str,
    at: usize,
    words: usize,
    out: Split,
}

impl Splitter<'_> {
    fn run(&mut self) {
        self.out.commands.push(Command::default());
        while let Some(next) = self.peek() {
            match next {
                '\n' | ';' | '&' | '|' | '(' | ')' => {
                    self.bump();
                    self.out.commands.push(Command::default());
                }
                sign if GOES_ON.contains(&sign) && self.continues() => {}
                next if next.is_whitespace() => self.bump(),
                '#' => self.comment(),
                '<' | '>' => self.redirection(),
                _ if self.words >= WORDS => {
                    return self.fault("There are too many words here; not all were read.", self.at);
                }
                _ => {
                    let word = self.word();
                    if self.is_io_number(&word) {
                        continue;
                    }
                    self.words += 1;
                    if let Some(command) = self.out.commands.last_mut() {
                        command.words.push(word);
                    }
                }
            }
        }
    }

    /// Steps over the end of a line that goes on: a backslash, the backtick of PowerShell, or the caret of Windows' command
    /// prompt.
    ///
    /// Behind blanks a backslash quotes the blank and the line ends. Pasted texts have such blanks often enough that the
    /// line is taken to go on, with a word about it.
    fn continues(&mut self) -> bool {
        let rest = self.text.get(self.at + 1..).unwrap_or_default();
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t', '\r']).len();
        let behind = rest.get(blanks..).unwrap_or_default();
        let is_end = behind.starts_with('\n');
        let is_backslash = self.peek() == Some('\\');
        // A backtick alone opens a command whose output is meant, and a caret alone is a letter.
        if !is_end || !is_backslash && behind.is_empty() {
            return false;
        }
        if rest.get(..blanks).is_some_and(|blanks| blanks.contains([' ', '\t'])) {
            let message = match self.peek() {
                Some('`') => "A blank follows the backtick, so for a shell the command ends here.",
                Some('^') => "A blank follows the caret, so for a shell the command ends here.",
                _ => "A blank follows the backslash, so for a shell the command ends here.",
            };
            self.out.faults.push(Fault { message, span: Span::new(self.at, self.at + 1 + blanks) });
        }
        self.at += 1 + blanks + 1;
        true
    }

    fn word(&mut self) -> Word {
        let start = self.at;
        let mut word = Word { text: String::new(), span: Span::at(start), expands: false, splits: false, plain: None };
        let mut quotes = 0;
        if self.peek() == Some('~') {
            word.expands = true;
        }
        while let Some(next) = self.peek() {
            match next {
                sign if GOES_ON.contains(&sign) && self.continues() => quotes += 2,
                '\\' => {
                    self.bump();
                    quotes += 2;
                    self.take(&mut word);
                }
                '\'' => {
                    quotes += 1;
                    self.single(&mut word);
                }
                '"' => {
                    quotes += 1;
                    quotes += self.double(&mut word);
                }
                '$' | '`' => {
                    self.expansion(&mut word);
                    word.splits |= word.expands;
                }
                ';' | '&' | '|' | '(' | ')' | '<' | '>' => break,
                next if next.is_whitespace() => break,
                _ => self.take(&mut word),
            }
        }
        word.span = Span::new(start, self.at);
        let raw = word.span.slice(self.text);
        word.plain = match quotes {
            0 => Some(word.span.start),
            1 if raw.len() == word.text.len() + 2 && raw.starts_with(['"', '\'']) => Some(word.span.start + 1),
            _ => None,
        };
        word
    }

    fn single(&mut self, word: &mut Word) {
        let open = self.at;
        self.bump();
        while let Some(next) = self.peek() {
            if next == '\'' {
                return self.bump();
            }
            self.take(word);
        }
        self.fault("This quote is never closed.", open);
    }

    /// How many quotes there are inside.
    fn double(&mut self, word: &mut Word) -> usize {
        let open = self.at;
        let mut escapes = 0;
        self.bump();
        while let Some(next) = self.peek() {
            match next {
                '"' => {
                    self.bump();
                    return escapes;
                }
                '\\' => {
                    self.bump();
                    match self.peek() {
                        Some('\n') => {
                            self.bump();
                            escapes += 2;
                        }
                        Some('$' | '`' | '"' | '\\') => {
                            self.take(word);
                            escapes += 2;
                        }
                        _ => word.text.push('\\'),
                    }
                }
                '$' | '`' => {
                    // Each parameter, or each item of an array, becomes a word of its own, within quotes too.
                    let rest = self.text.get(self.at..).unwrap_or_default();
                    let name = rest.get(..rest.find(['}', '"']).unwrap_or(rest.len())).unwrap_or_default();
                    word.splits |= rest.starts_with("$@") || name.starts_with("${") && name.ends_with("[@]");
                    self.expansion(word);
                }
                _ => self.take(word),
            }
        }
        self.fault("This quote is never closed.", open);
        escapes
    }

    /// `$NAME`, `${…}`, `$(…)`, `` `…` ``: kept as written.
    fn expansion(&mut self, word: &mut Word) {
        let open = self.peek();
        let start = self.at;
        self.take(word);
        let close = match (open, self.peek()) {
            (Some('`'), _) => '`',
            (_, Some('{')) => '}',
            (_, Some('(')) => ')',
            (_, Some(next)) if next == '_' || next.is_ascii_alphanumeric() || "@*#?$!-".contains(next) => {
                word.expands = true;
                return;
            }
            // A dollar sign by itself means itself.
            _ => return,
        };
        word.expands = true;
        let mut depth = 0_u32;
        while let Some(next) = self.peek() {
            self.take(word);
            match next {
                '(' | '{' if close != '`' => depth += 1,
                next if next == close || next == ')' || next == '}' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 && (close == '`') == (next == '`') {
                        return;
                    }
                }
                _ => {}
            }
        }
        self.fault("This substitution is never closed.", start);
    }

    /// Whether the word just read says which file a redirection is about: digits without quotes, right in front of the
    /// operator.
    fn is_io_number(&self, word: &Word) -> bool {
        matches!(self.peek(), Some('<' | '>'))
            && word.span.slice(self.text) == word.text
            && word.text.bytes().all(|byte| byte.is_ascii_digit())
    }

    /// The operator and the file behind it.
    fn redirection(&mut self) {
        while self.peek().is_some_and(|next| "<>&|".contains(next)) {
            self.bump();
        }
        while self.peek().is_some_and(|next| next == ' ' || next == '\t') {
            self.bump();
        }
        if self.peek().is_some_and(|next| !next.is_whitespace() && !";|()&".contains(next)) {
            self.word();
        }
    }

    fn comment(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let line = rest.get(..rest.find('\n').unwrap_or(rest.len())).unwrap_or_default();
        self.out.comments.push(Span::new(self.at, self.at + line.trim_end_matches('\r').len()));
        self.at += line.len();
    }

    fn peek(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    fn bump(&mut self) {
        self.at += self.peek().map_or(0, char::len_utf8);
    }

    fn take(&mut self, word: &mut Word) {
        if let Some(next) = self.peek() {
            word.text.push(next);
            self.at += next.len_utf8();
        }
    }

    fn fault(&mut self, message: &'static str, at: usize) {
        self.out.faults.push(Fault { message, span: Span::new(at, (at + 1).min(self.text.len())) });
        self.at = self.text.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&[&str]]) {
        let Split { commands, faults, .. } = split(text);
        let words: Vec<Vec<&str>> =
            commands.iter().map(|command| command.words.iter().map(|word| word.text.as_str()).collect()).collect();
        assert_eq!(words, expected, "{text}");
        assert!(faults.is_empty(), "{faults:?}");
    }

    #[test]
    fn words_as_a_shell_splits_them() {
        check("", &[]);
        check("a  b\tc", &[&["a", "b", "c"]]);
        check("a 'b c' \"d e\" f\\ g", &[&["a", "b c", "d e", "f g"]]);
        check("a b'c'\"d\"", &[&["a", "bcd"]]);
        check("a '' \"\"", &[&["a", "", ""]]);
        check(r#""a \" \$ \n \\""#, &[&["a \" $ \\n \\"]]);
        check("a \\\n  b", &[&["a", "b"]]);
        check("a \\\r\n  b", &[&["a", "b"]]);
        check("a `\n  b", &[&["a", "b"]]);
        check("a ^\r\n  b", &[&["a", "b"]]);
        check("a ^b ^", &[&["a", "^b", "^"]]);
        check("ab\\\ncd", &[&["abcd"]]);
        check("a # b\nc#d", &[&["a"], &["c#d"]]);
        check("a; b && c || d | e &", &[&["a"], &["b"], &["c"], &["d"], &["e"]]);
        check("a > out 2>&1 b", &[&["a", "b"]]);
        check("a 2>/dev/null b 10<c", &[&["a", "b"]]);
        check("a 2 >b c2>d '2'>e \\2>f", &[&["a", "2", "c2", "2", "2"]]);
        check("(a b)", &[&["a", "b"]]);
    }

    #[test]
    fn comments_are_found() {
        for (text, expected) in [
            ("# a\r\nb # c é", &["# a", "# c é"][..]),
            ("a#b '# c' \"# d\" \\# e", &[]),
            ("a;#b", &["#b"]),
            ("#", &["#"]),
            ("a \\\n# b\n  c", &["# b"]),
        ] {
            let comments: Vec<_> = split(text).comments.into_iter().map(|span| span.slice(text)).collect();
            assert_eq!(comments, expected, "{text}");
        }
    }

    #[test]
    fn expansions_stay_as_they_are() {
        check("$A ${B:-c d} $(e f) `g h` \"$I\"", &[&["$A", "${B:-c d}", "$(e f)", "`g h`", "$I"]]);
        check("$(a $(b c) d) e", &[&["$(a $(b c) d)", "e"]]);
        let commands = split("$A '$B' ~/c d \"$E\" $ \\$F").commands;
        let expands: Vec<_> = commands[0].words.iter().map(|word| word.expands).collect();
        assert_eq!(expands, [true, false, true, false, true, false, false]);
    }

    #[test]
    fn faults_are_told() {
        for (text, fault) in [("a 'b", "'"), ("a \"b", "\""), ("a $(b", "$"), ("a \\ \n b", "\\ ")] {
            let faults = split(text).faults;
            assert_eq!(faults.len(), 1, "{text}");
            assert_eq!(faults[0].span.slice(text), fault);
        }
    }

    #[test]
    fn parts_of_words_are_found() {
        for (text, expected) in [("ab:cd", "cd"), ("'ab:cd'", "cd"), ("\"ab:cd\"", "cd"), ("a'b':cd", "a'b':cd")] {
            let commands = split(text).commands;
            assert_eq!(commands[0].words[0].part(3, 5).slice(text), expected, "{text}");
        }
    }
}
