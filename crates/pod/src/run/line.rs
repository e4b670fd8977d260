//! One command line: which program, which options, which image.

use watertight_text::Span;

use super::flags::{self, Flag};
use super::shell::{Command, Word};
use crate::{Engine, Site};

/// A command that makes a container.
pub(super) struct Line<'w> {
    pub(super) engine: Engine,
    /// The words up to `run` or `create`.
    pub(super) head: Span,
    /// In the order they stand.
    pub(super) options: Vec<Given<'w>>,
    /// The engine's address: `-H tcp://…`.
    pub(super) api: Option<Given<'w>>,
    pub(super) image: Option<&'w Word>,
    /// Words in front of the image, or in its place, that may hold any option.
    pub(super) hidden: Vec<&'w Word>,
    /// What follows the image.
    pub(super) arguments: &'w [Word],
    pub(super) faults: Vec<Fault>,
}

/// An option as it is given.
#[derive(Clone, Copy)]
pub(super) struct Given<'w> {
    pub(super) flag: Flag,
    pub(super) value: Option<Value<'w>>,
    pub(super) site: Site,
}

/// The value of an option: a word, or the part of one behind an equals sign.
#[derive(Clone, Copy)]
pub(super) struct Value<'w> {
    word: &'w Word,
    from: usize,
}

/// Something that the program refuses.
pub(super) enum Fault {
    Unknown { name: String, meant: Option<&'static str>, span: Span },
    NeedsValue { name: &'static str, span: Span },
}

impl<'w> Value<'w> {
    pub(super) fn text(self) -> &'w str {
        self.word.text.get(self.from..).unwrap_or_default()
    }

    pub(super) fn span(self) -> Span {
        self.word.part(self.from, self.word.text.len())
    }

    /// The bytes of a part, given by offsets in [`Value::text`].
    pub(super) fn part(self, start: usize, end: usize) -> Span {
        self.word.part(self.from + start, self.from + end)
    }

    /// Whether a shell would put something else into its place.
    pub(super) fn expands(self) -> bool {
        self.word.expands
    }
}

/// Reads a command; `None` when it makes no container.
pub(super) fn read(command: &Command) -> Option<Line<'_>> {
    let (engine, mut rest) = program(&command.words)?;
    let first = command.words.get(command.words.len() - rest.len() - 1)?;
    let mut api = None;
    // Options of the program itself.
    while let [word, behind @ ..] = rest {
        let Some(bare) = word.text.strip_prefix('-') else { break };
        let name = bare.strip_prefix('-').unwrap_or(bare);
        rest = behind;
        let (name, inline) = name.split_once('=').map_or((name, false), |(name, _)| (name, true));
        let is_address = matches!(name, "H" | "host" | "url");
        if inline {
            if is_address {
                api = Some(address(word, word.text.find('=').map_or(0, |at| at + 1), None));
            }
        } else if flags::is_global_with_value(name) {
            let [value, behind @ ..] = rest else { break };
            if is_address {
                api = Some(address(value, 0, Some(word.span)));
            }
            rest = behind;
        }
    }
    let [verb, behind @ ..] = rest else { return None };
    rest = behind;
    let mut verb = verb;
    if verb.text == "container" {
        let [second, behind @ ..] = rest else { return None };
        (verb, rest) = (second, behind);
    }
    if !matches!(verb.text.as_str(), "run" | "create") {
        return None;
    }
    let head = first.span.cover(verb.span);
    let mut line = Line {
        engine,
        head,
        options: Vec::new(),
        api,
        image: None,
        hidden: Vec::new(),
        arguments: &[],
        faults: Vec::new(),
    };
    line.options(rest);
    Some(line)
}

fn address<'w>(word: &'w Word, from: usize, key: Option<Span>) -> Given<'w> {
    let value = Value { word, from };
    let flag = Flag { name: "host", takes_value: true };
    Given { flag, value: Some(value), site: Site { key, value: value.span() } }
}

/// The engine, behind prompts, variables and programs that start others; and the words behind it.
fn program(words: &[Word]) -> Option<(Engine, &[Word])> {
    let mut rest = words;
    while let [word, behind @ ..] = rest {
        rest = behind;
        let name = word.text.rsplit(['/', '\\']).next().unwrap_or_default();
        match name.strip_suffix(".exe").unwrap_or(name) {
            "docker" => return Some((Engine::Docker, rest)),
            "podman" | "podman-remote" => return Some((Engine::Podman, rest)),
            "nerdctl" | "finch" => return Some((Engine::Nerdctl, rest)),
            "$" | "%" | "lima" | "sudo" | "doas" | "exec" | "time" | "nohup" | "command" | "env" | "then" | "do"
            | "else" | "if" | "while" | "!" | "{" => {}
            // Options of sudo, and variables for this command alone.
            name if name.starts_with('-') || is_assignment(&word.text) => {}
            // The name behind `sudo -u`.
            _ if words.first().is_some_and(|first| first.text == "sudo") && words.len() - rest.len() <= 3 => {}
            _ => return None,
        }
    }
    None
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.chars().all(|letter| letter == '_' || letter.is_ascii_alphanumeric())
    })
}

impl<'w> Line<'w> {
    fn options(&mut self, words: &'w [Word]) {
        let mut rest = words;
        while let [word, behind @ ..] = rest {
            rest = behind;
            let text = word.text.as_str();
            if text == "--" {
                break;
            } else if let Some(name) = text.strip_prefix("--") {
                rest = self.long(word, name, rest);
            } else if text.len() > 1 && text.starts_with('-') {
                rest = self.cluster(word, rest);
            } else {
                let meaning = Meaning::of(word, rest, self.engine);
                if meaning != Meaning::Image {
                    self.hidden.push(word);
                }
                if meaning != Meaning::Options {
                    self.image = Some(word);
                    self.arguments = rest;
                    return;
                }
            }
        }
        if let [image, arguments @ ..] = rest {
            self.image = Some(image);
            self.arguments = arguments;
        }
    }

    /// `--name`, `--name=value` or `--name value`; gives the words behind.
    fn long(&mut self, word: &'w Word, written: &str, rest: &'w [Word]) -> &'w [Word] {
        let (name, inline) = written.split_once('=').map_or((written, false), |(name, _)| (name, true));
        let from = 2 + name.len();
        let key = if inline { word.part(0, from) } else { word.span };
        let flag = match flags::long(name, self.engine) {
            Some(flag) => flag,
            None if word.expands && name.contains(['$', '`']) => {
                self.hidden.push(word);
                return rest;
            }
            None => {
                let meant = flags::meant(name, self.engine);
                self.faults.push(Fault::Unknown {
                    name: word.text.get(..from).unwrap_or_default().to_owned(),
                    meant,
                    span: key,
                });
                // What was meant tells whether the next word belongs to it.
                let takes_value =
                    meant.and_then(|meant| flags::long(meant, self.engine)).is_some_and(|flag| flag.takes_value);
                return if takes_value && !inline { rest.get(1..).unwrap_or_default() } else { rest };
            }
        };
        if inline {
            let value = Value { word, from: from + 1 };
            self.options.push(Given { flag, value: Some(value), site: Site { key: Some(key), value: value.span() } });
            return rest;
        }
        self.value_behind(flag, word.span, rest)
    }

    /// `-it`, `-v a:b`, `-va:b`, `-itv a:b`, `-p=80:80`; gives the words behind.
    fn cluster(&mut self, word: &'w Word, rest: &'w [Word]) -> &'w [Word] {
        for (at, letter) in word.text.char_indices().skip(1) {
            let behind = at + letter.len_utf8();
            let key = word.part(at, behind);
            let key = if at == 1 { word.part(0, behind) } else { key };
            let Some(flag) = flags::short(letter, self.engine) else {
                if word.expands && matches!(letter, '$' | '`') {
                    self.hidden.push(word);
                    return rest;
                }
                let name = ["-", letter.encode_utf8(&mut [0; 4])].concat();
                self.faults.push(Fault::Unknown { name, meant: None, span: key });
                return rest;
            };
            let tail = word.text.get(behind..).unwrap_or_default();
            if !flag.takes_value && !tail.starts_with('=') {
                self.options.push(Given { flag, value: None, site: Site { key: None, value: key } });
                continue;
            }
            if tail.is_empty() {
                // A cluster is one word: no option of it can be taken out alone.
                let key = if at == 1 { word.span } else { key };
                return self.value_behind(flag, key, rest);
            }
            let value = Value { word, from: behind + usize::from(tail.starts_with('=')) };
            self.options.push(Given { flag, value: Some(value), site: Site { key: Some(key), value: value.span() } });
            return rest;
        }
        rest
    }

    fn value_behind(&mut self, flag: Flag, key: Span, rest: &'w [Word]) -> &'w [Word] {
        if !flag.takes_value {
            self.options.push(Given { flag, value: None, site: Site { key: None, value: key } });
            return rest;
        }
        let [word, behind @ ..] = rest else {
            self.faults.push(Fault::NeedsValue { name: flag.name, span: key });
            return rest;
        };
        let value = Value { word, from: 0 };
        self.options.push(Given { flag, value: Some(value), site: Site { key: Some(key), value: word.span } });
        behind
    }
}

/// What a word that stands where the image is expected may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Meaning {
    Image,
    /// Options, with or without values.
    Options,
    /// The image, as far as anybody can tell; options may be in it as well.
    Doubtful,
}

impl Meaning {
    /// A word that a shell may make several words of is what its name says, else what the words behind it make likely.
    fn of(word: &Word, behind: &[Word], engine: Engine) -> Self {
        let text = word.text.as_str();
        // Letters around a variable are those of an image's name: `registry/$NAME`, `$REGISTRY/nginx:$TAG`.
        if !word.splits || !text.starts_with(['$', '`']) || outside_of_braces(text).contains(['/', ':']) {
            return Self::Image;
        }
        let begins_option = ["+-", "+ -", ":--", ":- -"].iter().any(|sign| text.contains(sign));
        let Some(next) = behind.first().filter(|_| !begins_option) else {
            return if begins_option { Self::Options } else { Self::Image };
        };
        let name = text.to_ascii_lowercase();
        let says = |words: &str| words.split_ascii_whitespace().any(|word| name.contains(word));
        if says("opt arg flag param extra $@ $* [@] [*] switch") {
            return Self::Options;
        }
        if says("image img tag repo build") {
            return Self::Image;
        }
        let is_option = match next.text.strip_prefix("--") {
            Some(long) => flags::long(long.split('=').next().unwrap_or_default(), engine).is_some(),
            None => next.text.starts_with('-') && next.text.len() > 1,
        };
        // A path is a program in the image; an image's name has a folder or a tag.
        let is_image = !next.text.starts_with(['/', '.']) && next.text.contains(['/', ':']);
        if is_option || is_image { Self::Options } else { Self::Doubtful }
    }
}

/// The letters of a word that no variable and no command puts there.
fn outside_of_braces(text: &str) -> String {
    let mut depth = 0_u32;
    let mut is_command = false;
    let mut is_outside = |letter: char| {
        match letter {
            '`' => is_command = !is_command,
            '{' | '(' => depth += 1,
            '}' | ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && !is_command
    };
    text.chars().filter(|letter| is_outside(*letter)).collect()
}
