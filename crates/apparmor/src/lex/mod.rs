//! Cuts a text into tokens as `apparmor_parser` does: the longest match wins, and what a byte means depends on the state
//! that earlier tokens have left behind. The grammar has no say in it.

mod runs;
mod token;
mod value;

use watertight_text::Span;

pub(crate) use token::{Token, TokenKind, Word, access};
pub(crate) use value::unescape;

/// What the lexer expects next; named for where each is entered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    Initial,
    /// A name right behind `profile`, `hat` or `^`.
    Name,
    /// A name behind `->`.
    Target,
    /// The value of `key=value`.
    Value,
    /// Behind `+` in the head of a profile.
    Identity,
    /// Behind the key of `key=…` or `key in (…)`.
    Key,
    /// Behind `peer` or `xattrs`.
    Group,
    /// Inside of `(a, b)`.
    List,
    /// Inside of `peer=(…)`.
    GroupList,
    /// The value of a key inside of `peer=(…)`.
    GroupValue,
    /// A value in brackets inside of `peer=(…)`.
    GroupBracket,
    /// The values of a variable, up to the end of the line.
    Assign,
    /// The sign behind a boolean variable.
    BooleanSign,
    /// The value of a boolean variable, up to the end of the line.
    BooleanValue,
    /// The condition of an `if`.
    If,
    Integer,
    Rlimit,
    ChangeProfile,
    Include,
    Abi,
    Userns,
    Mount,
    Dbus,
    Signal,
    Ptrace,
    Unix,
    Mqueue,
    Network,
}

/// What a match does to the states.
#[derive(Clone, Copy)]
enum Then {
    Stay,
    Leave,
    Enter(State),
    Become(State),
}

/// The best match so far: longest with what stands behind it, and the first of equals.
struct Best {
    reach: usize,
    length: usize,
    kind: Option<TokenKind>,
    then: Then,
}

impl Best {
    /// A token of `length` bytes that is there only when `context` more bytes stand behind it.
    fn offer(&mut self, length: usize, context: usize, kind: Option<TokenKind>, then: Then) {
        if length > 0 && length + context > self.reach {
            *self = Self { reach: length + context, length, kind, then };
        }
    }

    fn token(&mut self, length: Option<usize>, kind: TokenKind, then: Then) {
        self.offer(length.unwrap_or(0), 0, Some(kind), then);
    }

    fn skip(&mut self, length: usize, then: Then) {
        self.offer(length, 0, None, then);
    }
}

/// Gives one token after the other.
pub(crate) struct Lexer<'t> {
    text: &'t str,
    at: usize,
    states: Vec<State>,
    /// The comments passed so far, without their line ends.
    pub(crate) comments: Vec<Span>,
}

impl<'t> Lexer<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self { text, at: 0, states: Vec::new(), comments: Vec::new() }
    }

    /// Goes on from `at` as if nothing had come before.
    pub(crate) fn restart(&mut self, at: usize) {
        self.at = at;
        self.states.clear();
    }

    /// The next token. What no rule of the state matches is [`TokenKind::Error`], one character long.
    pub(crate) fn next(&mut self) -> Token {
        loop {
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            if rest.is_empty() {
                return Token { kind: TokenKind::End, span: Span::at(self.text.len()) };
            }
            let best = longest(self.states.last().copied().unwrap_or(State::Initial), rest);
            if best.length == 0 {
                let length = self.text.get(self.at..).and_then(|t| t.chars().next()).map_or(1, char::len_utf8);
                self.at += length;
                return Token { kind: TokenKind::Error, span: Span::new(self.at - length, self.at) };
            }
            let span = Span::new(self.at, self.at + best.length);
            self.at += best.length;
            match best.then {
                Then::Stay => {}
                Then::Leave => drop(self.states.pop()),
                Then::Enter(state) => self.states.push(state),
                Then::Become(state) => {
                    self.states.pop();
                    self.states.push(state);
                }
            }
            match best.kind {
                Some(kind) => return Token { kind, span },
                None if rest.first() == Some(&b'#') => {
                    let body = span.slice(self.text).trim_end_matches(['\n', '\r']).len();
                    self.comments.push(Span::new(span.start as usize, span.start as usize + body));
                }
                None => {}
            }
        }
    }
}

fn longest(state: State, rest: &[u8]) -> Best {
    let mut best = Best { reach: 0, length: 0, kind: None, then: Then::Stay };
    if !matches!(state, State::Name | State::Value) {
        best.skip(runs::blanks(rest), Then::Stay);
        // No token begins with a blank.
        if best.length > 0 {
            return best;
        }
    }
    match state {
        State::Initial => initial(rest, &mut best),
        State::Name => best.token(runs::ids_or_quoted(rest), TokenKind::Id, Then::Leave),
        State::Target => {
            best.token(runs::ids_or_quoted(rest), TokenKind::Id, Then::Leave);
            best.skip(runs::newline(rest), Then::Stay);
        }
        State::Value => best.token(runs::ids_or_quoted(rest), TokenKind::Value, Then::Leave),
        State::Identity => {
            identities(rest, Then::Become(State::Key), &mut best);
            best.token(runs::identity(rest), TokenKind::Value, Then::Leave);
            best.token(runs::quoted(rest, true), TokenKind::Value, Then::Leave);
        }
        State::Key => key(rest, &mut best),
        State::Group => {
            best.token(runs::exact(rest, b"="), TokenKind::Equals, Then::Stay);
            best.token(runs::exact(rest, b"("), TokenKind::OpenParen, Then::Become(State::GroupList));
            best.skip(runs::newline(rest), Then::Stay);
        }
        State::List => {
            best.token(runs::exact(rest, b")"), TokenKind::CloseParen, Then::Leave);
            best.skip(runs::exact(rest, b",").unwrap_or(0), Then::Stay);
            best.token(runs::list_value(rest), TokenKind::Value, Then::Stay);
            best.token(runs::quoted(rest, true), TokenKind::Value, Then::Stay);
            best.skip(runs::newline(rest), Then::Stay);
        }
        State::GroupList => group_list(rest, &mut best),
        State::GroupValue => {
            best.token(runs::list_value(rest), TokenKind::Value, Then::Leave);
            best.token(runs::quoted(rest, false), TokenKind::Value, Then::Leave);
            best.skip(runs::newline(rest), Then::Stay);
        }
        State::GroupBracket => {
            best.skip(runs::exact(rest, b")").unwrap_or(0), Then::Leave);
            best.token(runs::list_value(rest), TokenKind::Value, Then::Stay);
            best.token(runs::quoted(rest, false), TokenKind::Value, Then::Stay);
            best.skip(runs::newline(rest), Then::Stay);
        }
        State::Assign => {
            best.token(runs::ids_or_quoted(rest), TokenKind::Value, Then::Stay);
            end_of_assignment(rest, &mut best);
        }
        State::BooleanSign => assignments(rest, Then::Become(State::BooleanValue), &mut best),
        State::BooleanValue => {
            variables(rest, &mut best);
            end_of_assignment(rest, &mut best);
            expression(rest, &mut best);
        }
        State::If => {
            variables(rest, &mut best);
            best.token(runs::exact(rest, b"{"), TokenKind::Open, Then::Leave);
            expression(rest, &mut best);
            best.skip(runs::newline(rest), Then::Stay);
        }
        State::Integer => {
            best.token(runs::exact(rest, b"="), TokenKind::Equals, Then::Stay);
            best.token(runs::integer(rest), TokenKind::Value, Then::Leave);
        }
        State::Include => {
            best.token(runs::include_path(rest), include_kind(rest), Then::Leave);
            best.skip(runs::newline(rest), Then::Stay);
        }
        State::Abi => {
            best.token(runs::include_path(rest), include_kind(rest), Then::Stay);
            end_of_rule(rest, &mut best);
        }
        State::ChangeProfile => {
            best.token(runs::exact(rest, b"safe"), TokenKind::Word(Word::Safe), Then::Stay);
            best.token(runs::exact(rest, b"unsafe"), TokenKind::Word(Word::Unsafe), Then::Stay);
            best.token(runs::exact(rest, b"->"), TokenKind::Arrow, Then::Enter(State::Target));
            best.token(runs::ids_or_quoted(rest), TokenKind::Id, Then::Stay);
            end_of_rule(rest, &mut best);
        }
        State::Rlimit => {
            let minus = usize::from(rest.first() == Some(&b'-'));
            let digits = runs::digits(rest.get(minus..).unwrap_or_default());
            best.token((digits > 0).then_some(minus + digits), TokenKind::Value, Then::Stay);
            let word = runs::keyword(rest);
            let infinite = rest.get(..word) == Some(b"infinity");
            best.token(Some(word), if infinite { TokenKind::Value } else { TokenKind::Id }, Then::Stay);
            best.token(runs::exact(rest, b"<="), TokenKind::LessOrEqual, Then::Stay);
            end_of_rule(rest, &mut best);
        }
        State::Userns => {
            best.token(runs::exact(rest, b"create"), TokenKind::Word(Word::Create), Then::Stay);
            end_of_rule(rest, &mut best);
        }
        State::Mount | State::Dbus | State::Signal | State::Ptrace | State::Unix | State::Mqueue | State::Network => {
            class(state, rest, &mut best);
        }
    }
    best
}

fn end_of_rule(rest: &[u8], best: &mut Best) {
    best.token(runs::exact(rest, b","), TokenKind::EndOfRule, Then::Leave);
    best.skip(runs::newline(rest), Then::Stay);
}

fn end_of_assignment(rest: &[u8], best: &mut Best) {
    best.token(runs::exact(rest, b","), TokenKind::Error, Then::Leave);
    best.skip(runs::comment(rest), Then::Leave);
    best.skip(runs::exact(rest, b"\\\n").unwrap_or(0), Then::Stay);
    best.skip(runs::newline(rest), Then::Leave);
}

fn include_kind(rest: &[u8]) -> TokenKind {
    if rest.first() == Some(&b'<') { TokenKind::Id } else { TokenKind::Value }
}

fn identities(rest: &[u8], then: Then, best: &mut Best) {
    let word = runs::exact(rest, b"identities").unwrap_or(0);
    if let Some(context) = runs::before(rest, word, b"=") {
        best.offer(word, context, Some(TokenKind::Identities), then);
    }
}

fn variables(rest: &[u8], best: &mut Best) {
    best.token(runs::set_variable(rest), TokenKind::SetVariable, Then::Stay);
    best.token(runs::boolean_variable(rest), TokenKind::BooleanVariable, Then::Stay);
}

fn assignments(rest: &[u8], then: Then, best: &mut Best) {
    for (sign, kind) in [
        (&b"="[..], TokenKind::Equals),
        (b"+=", TokenKind::AddAssign),
        (b"?=", TokenKind::DefaultAssign),
        (b":=", TokenKind::OverrideAssign),
    ] {
        best.token(runs::begins(rest, sign), kind, then);
    }
}

fn key(rest: &[u8], best: &mut Best) {
    if rest.first() == Some(&b'=') {
        let behind = 1 + runs::blanks(rest.get(1..).unwrap_or_default());
        // A list comes in its own state, and a value does not start on the next line.
        let value = rest.get(behind).is_some_and(|b| !matches!(b, b'(' | b'\n'));
        if value {
            best.offer(behind, 1, Some(TokenKind::Equals), Then::Become(State::Value));
        }
    }
    best.token(runs::exact(rest, b"="), TokenKind::Equals, Then::Stay);
    best.token(runs::exact(rest, b"("), TokenKind::OpenParen, Then::Become(State::List));
    best.token(runs::exact(rest, b"in"), TokenKind::Word(Word::In), Then::Stay);
    best.skip(runs::newline(rest), Then::Stay);
}

fn group_list(rest: &[u8], best: &mut Best) {
    best.token(runs::exact(rest, b")"), TokenKind::CloseParen, Then::Leave);
    best.skip(runs::exact(rest, b",").unwrap_or(0), Then::Stay);
    best.token(Some(runs::key(rest)), TokenKind::Key, Then::Stay);
    if rest.first() == Some(&b'=') {
        let behind = 1 + runs::blanks(rest.get(1..).unwrap_or_default());
        let bracket = rest.get(behind) == Some(&b'(');
        best.token(bracket.then_some(behind + 1), TokenKind::Equals, Then::Enter(State::GroupBracket));
    }
    best.token(runs::exact(rest, b"="), TokenKind::Equals, Then::Enter(State::GroupValue));
    best.skip(runs::newline(rest), Then::Stay);
}

fn expression(rest: &[u8], best: &mut Best) {
    for (sign, kind) in [
        (&b"("[..], TokenKind::OpenParen),
        (b")", TokenKind::CloseParen),
        (b"and", TokenKind::Word(Word::And)),
        (b"or", TokenKind::Word(Word::Or)),
        (b"not", TokenKind::Word(Word::Not)),
        (b"defined", TokenKind::Word(Word::Defined)),
        (b"==", TokenKind::Equal),
        (b"!=", TokenKind::NotEqual),
        (b"in", TokenKind::Word(Word::In)),
        (b">", TokenKind::Greater),
        (b">=", TokenKind::GreaterOrEqual),
        (b"<", TokenKind::Less),
        (b"<=", TokenKind::LessOrEqual),
    ] {
        best.token(runs::begins(rest, sign), kind, Then::Stay);
    }
    best.token(runs::operand(rest), TokenKind::Id, Then::Stay);
    best.token(runs::label(rest), TokenKind::Id, Then::Stay);
    best.token(runs::quoted(rest, true), TokenKind::Id, Then::Stay);
}

/// `key=`, `key in (` and `peer=(`, which begin in the same way wherever they may stand.
fn keys(rest: &[u8], best: &mut Best) {
    identities(rest, Then::Enter(State::Key), best);
    let word = runs::variable_name(rest);
    let name = rest.get(..word).unwrap_or_default();
    let Some(context) = runs::before(rest, word, b"=") else {
        if let Some(context) = runs::before_list(rest, word) {
            best.offer(word, context, Some(TokenKind::Key), Then::Enter(State::Key));
        }
        return;
    };
    if matches!(name, b"peer" | b"xattrs") {
        let behind = rest.get(word + context..).unwrap_or_default();
        let blanks = runs::blanks(behind);
        if behind.get(blanks) == Some(&b'(') {
            best.offer(word, context + blanks + 1, Some(TokenKind::GroupKey), Then::Enter(State::Group));
        }
    }
    let (kind, then) = match name {
        b"priority" => (TokenKind::Priority, Then::Enter(State::Integer)),
        b"flags" => (TokenKind::Flags, Then::Enter(State::Key)),
        _ => (TokenKind::Key, Then::Enter(State::Key)),
    };
    best.offer(word, context, Some(kind), then);
}

fn class(state: State, rest: &[u8], best: &mut Best) {
    keys(rest, best);
    if state != State::Mount {
        best.token(runs::exact(rest, b"("), TokenKind::OpenParen, Then::Enter(State::List));
        let word = runs::variable_name(rest);
        let name = rest.get(..word).unwrap_or_default();
        if let Some(kind) = token::access(name).filter(|word| belongs(*word, state)) {
            best.token(Some(word), TokenKind::Word(kind), Then::Stay);
        }
        let letters = matches!(name, b"r" | b"w" | b"rw" | b"wr");
        if letters && rest.get(word).is_some_and(|&b| runs::is_space(b) || b == b',') {
            best.offer(word, 1, Some(TokenKind::Mode), Then::Stay);
        }
    } else {
        best.token(runs::exact(rest, b"->"), TokenKind::Arrow, Then::Stay);
    }
    best.token(runs::operand(rest), TokenKind::Id, Then::Stay);
    best.token(runs::label(rest), TokenKind::Id, Then::Stay);
    best.token(runs::quoted(rest, true), TokenKind::Id, Then::Stay);
    end_of_rule(rest, best);
}

/// Whether a word means an access in rules of that class. Elsewhere it is an ordinary name.
fn belongs(word: Word, state: State) -> bool {
    use State::{Dbus, Mqueue, Network, Ptrace, Signal, Unix};
    match word {
        Word::Listen | Word::Accept | Word::Connect | Word::Getopt | Word::Setopt | Word::Shutdown => {
            matches!(state, Unix | Network)
        }
        Word::Create | Word::Getattr | Word::Setattr => matches!(state, Unix | Network | Mqueue),
        Word::Open | Word::Delete => state == Mqueue,
        Word::Bind => matches!(state, Dbus | Unix | Network),
        Word::Eavesdrop => state == Dbus,
        Word::Send | Word::Receive => matches!(state, Dbus | Signal | Unix | Network),
        Word::Trace | Word::Readby | Word::Tracedby => state == Ptrace,
        Word::Read | Word::Write => true,
        _ => false,
    }
}

fn initial(rest: &[u8], best: &mut Best) {
    // What begins with a letter and what does not have no token in common.
    match rest.first() {
        Some(first) if first.is_ascii_alphabetic() => words(rest, best),
        _ => signs(rest, best),
    }
}

fn words(rest: &[u8], best: &mut Best) {
    keys(rest, best);
    if let Some(word) = runs::exact(rest, b"include") {
        let kind = |if_exists| Some(TokenKind::Include { hashed: false, if_exists });
        if let Some(length) = runs::if_exists(rest, word) {
            best.offer(length, 1, kind(true), Then::Enter(State::Include));
        }
        if runs::blanks(rest.get(word..).unwrap_or_default()) > 0 {
            best.offer(word, 1, kind(false), Then::Enter(State::Include));
        }
    }
    if let Some(all) = runs::exact(rest, b"all") {
        let apart = rest.get(all).is_some_and(|&b| !b.is_ascii_alphanumeric() && b != b'_');
        best.offer(if apart { all } else { 0 }, 1, Some(TokenKind::Word(Word::All)), Then::Stay);
    }
    let modes = runs::modes(rest);
    if rest.get(modes).is_some_and(|&b| runs::is_space(b) || b == b',') {
        best.offer(modes, 1, Some(TokenKind::Mode), Then::Stay);
    }
    for (word, kind) in [(&b"hat"[..], TokenKind::Hat), (b"profile", TokenKind::Profile)] {
        let length = runs::begins(rest, word).map(|w| w + runs::blanks(rest.get(w..).unwrap_or_default()));
        best.token(length, kind, Then::Enter(State::Name));
    }
    let word = runs::variable_name(rest);
    match token::keyword(rest.get(..word).unwrap_or_default()) {
        None => best.token(Some(word), TokenKind::Id, Then::Stay),
        Some(keyword) => {
            let then = entered(keyword).map_or(Then::Stay, Then::Enter);
            best.token(Some(word), TokenKind::Word(keyword), then);
        }
    }
}

fn signs(rest: &[u8], best: &mut Best) {
    let boolean = runs::boolean_variable(rest).unwrap_or(0);
    if let Some(context) = runs::before_assignment(rest, boolean) {
        best.offer(boolean, context, Some(TokenKind::BooleanVariable), Then::Enter(State::BooleanSign));
    }
    variables(rest, best);
    let line = runs::comment(rest);
    if let Some(word) = runs::exact(rest, b"#include").filter(|_| line > 0) {
        let kind = |if_exists| Some(TokenKind::Include { hashed: true, if_exists });
        if let Some(length) = runs::if_exists(rest, word) {
            best.offer(length, line.saturating_sub(length), kind(true), Then::Enter(State::Include));
        }
        best.offer(word, line.saturating_sub(word), kind(false), Then::Enter(State::Include));
    }
    best.skip(line, Then::Stay);
    best.token(runs::exact(rest, b"^"), TokenKind::Caret, Then::Enter(State::Name));
    best.token(runs::exact(rest, b"->"), TokenKind::Arrow, Then::Enter(State::Target));
    assignments(rest, Then::Enter(State::Assign), best);
    best.token(runs::exact(rest, b"+"), TokenKind::Plus, Then::Enter(State::Identity));
    best.token(runs::exact(rest, b"{"), TokenKind::Open, Then::Stay);
    best.token(runs::exact(rest, b"}"), TokenKind::Close, Then::Stay);
    best.token(runs::label(rest), TokenKind::Id, Then::Stay);
    best.token(runs::quoted_label(rest), TokenKind::Id, Then::Stay);
    best.token(runs::exact(rest, b":"), TokenKind::Colon, Then::Stay);
    best.token(runs::exact(rest, b"("), TokenKind::OpenParen, Then::Enter(State::List));
    best.token(runs::exact(rest, b","), TokenKind::EndOfRule, Then::Stay);
    best.skip(runs::newline(rest), Then::Stay);
}

fn entered(word: Word) -> Option<State> {
    Some(match word {
        Word::Rlimit => State::Rlimit,
        Word::Network => State::Network,
        Word::ChangeProfile => State::ChangeProfile,
        Word::Mount | Word::Remount | Word::Umount => State::Mount,
        Word::Dbus => State::Dbus,
        Word::Signal => State::Signal,
        Word::Ptrace => State::Ptrace,
        Word::Unix => State::Unix,
        Word::Abi => State::Abi,
        Word::Userns => State::Userns,
        Word::Mqueue => State::Mqueue,
        Word::If => State::If,
        _ => return None,
    })
}
