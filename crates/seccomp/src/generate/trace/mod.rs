//! Which calls a program made, from what people have at hand: a list, the output of strace, lines of the audit log.

mod audit;
mod list;
mod strace;
mod summary;

use std::collections::BTreeMap;
use std::fmt;
use watertight_text::sort;

use watertight_text::Span;

use crate::{Arch, Syscall};

/// What a text says about the calls of a program.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trace {
    /// What kind of text it is.
    pub form: Form,
    /// The calls, each once for an ABI, in the order in which they come first.
    pub calls: Vec<Seen>,
    /// What could not be read, the first [`MAX_UNREAD`] of it.
    pub unread: Vec<Unread>,
    /// How much could not be read.
    pub unread_count: usize,
}

/// A call that was made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seen {
    /// The call.
    pub call: Syscall,
    /// The ABI it was made by, where the text says so.
    pub arch: Option<Arch>,
    /// How often.
    pub count: u64,
    /// Where it is said first.
    pub span: Span,
}

/// The kinds of text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// Names, with whatever between them.
    List,
    /// The table of `strace -c`.
    Summary,
    /// The lines of `strace`, with or without `-f`.
    Strace,
    /// Records of the audit log, or the kernel's messages about them.
    Audit,
}

impl Form {
    /// What it is, as it stands behind "This is".
    pub fn describe(self) -> &'static str {
        match self {
            Self::List => "a list of names",
            Self::Summary => "the table of `strace -c`",
            Self::Strace => "the output of `strace`",
            Self::Audit => "the audit log",
        }
    }
}

/// Something that could not be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unread {
    /// Where.
    pub span: Span,
    /// Why.
    pub why: Why,
}

/// Why something could not be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Why {
    /// No ABI has a call of this name.
    UnknownName(String),
    /// The ABI has no call of this number.
    UnknownNumber(Arch, u32),
    /// No such ABI is known.
    UnknownAbi(String),
    /// It looks like nothing that the form has.
    NotALine,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownName(name) => write!(f, "there is no call \"{name}\""),
            Self::UnknownNumber(arch, number) => write!(f, "{arch} has no call of number {number}"),
            Self::UnknownAbi(name) => write!(f, "there is no ABI \"{name}\""),
            Self::NotALine => f.write_str("this line is not understood"),
        }
    }
}

/// No more than this is kept of what could not be read; the rest is counted.
pub const MAX_UNREAD: usize = 50;

impl Trace {
    /// Reads a text, whatever its form. `native` is the ABI of numbers that come without one.
    pub fn read(text: &str, native: Arch) -> Self {
        let form = form(text);
        let mut reader = Reader { native, ..Reader::default() };
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let content = line.trim_end();
            let line_reader = match form {
                Form::List => list::line,
                Form::Summary => summary::line,
                Form::Strace => strace::line,
                Form::Audit => audit::line,
            };
            line_reader(&mut reader, Line { text: content, start });
            start += line.len();
        }
        Self { form, calls: reader.calls, unread: reader.unread, unread_count: reader.unread_count }
    }

    /// The calls, whatever ABI they were made by, each once.
    pub fn names(&self) -> Vec<Syscall> {
        let mut calls: Vec<Syscall> = self.calls.iter().map(|seen| seen.call).collect();
        sort::by(&mut calls, Ord::cmp);
        calls.dedup();
        calls
    }
}

/// How many lines are looked at to tell the form.
const LOOKED_AT: usize = 200;

fn form(text: &str) -> Form {
    let mut form = Form::List;
    for line in text.lines().filter(|line| !line.trim().is_empty()).take(LOOKED_AT) {
        if audit::is_record(line) {
            return Form::Audit;
        }
        if summary::is_head(line) {
            return Form::Summary;
        }
        if form == Form::List && strace::is_call(line) {
            form = Form::Strace;
        }
    }
    form
}

/// A line without its end, and where it begins.
#[derive(Clone, Copy)]
struct Line<'t> {
    text: &'t str,
    start: usize,
}

impl Line<'_> {
    fn span(self) -> Span {
        Span::new(self.start, self.start + self.text.len())
    }

    /// The place of a part of it.
    fn of(self, part: &str) -> Span {
        // A part is a slice of the line, so that the difference of addresses is its offset.
        let offset = (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize).min(self.text.len());
        Span::new(self.start + offset, (self.start + offset + part.len()).min(self.start + self.text.len()))
    }
}

struct Reader {
    native: Arch,
    /// The ABI that strace last named for each process.
    modes: BTreeMap<u32, Arch>,
    calls: Vec<Seen>,
    places: BTreeMap<(Syscall, Option<Arch>), usize>,
    unread: Vec<Unread>,
    unread_count: usize,
}

impl Default for Reader {
    fn default() -> Self {
        Self {
            native: Arch::X86_64,
            modes: BTreeMap::new(),
            calls: Vec::new(),
            places: BTreeMap::new(),
            unread: Vec::new(),
            unread_count: 0,
        }
    }
}

impl Reader {
    fn see(&mut self, call: Syscall, arch: Option<Arch>, count: u64, span: Span) {
        let place = *self.places.entry((call, arch)).or_insert(self.calls.len());
        match self.calls.get_mut(place) {
            Some(seen) => seen.count = seen.count.saturating_add(count),
            None => self.calls.push(Seen { call, arch, count, span }),
        }
    }

    fn see_name(&mut self, name: &str, arch: Option<Arch>, count: u64, span: Span) {
        match Syscall::from_name(name) {
            Some(call) => self.see(call, arch, count, span),
            None => self.leave(span, Why::UnknownName(name.to_owned())),
        }
    }

    fn see_number(&mut self, number: u32, arch: Option<Arch>, count: u64, span: Span) {
        let abi = arch.unwrap_or(self.native);
        match Syscall::at(abi, number) {
            Some(call) => self.see(call, arch, count, span),
            None => self.leave(span, Why::UnknownNumber(abi, number)),
        }
    }

    fn leave(&mut self, span: Span, why: Why) {
        self.unread_count += 1;
        if self.unread.len() < MAX_UNREAD {
            self.unread.push(Unread { span, why });
        }
    }
}

/// Whether a text may be the name of a call.
fn is_name(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && characters.all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests;
