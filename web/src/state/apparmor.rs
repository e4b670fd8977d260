//! What the page knows of AppArmor: a profile asked about operations, and profiles made of pods and of logs.

use std::rc::Rc;

use watertight_diagnostic::ask::apparmor::{ApparmorAnswer, ApparmorAsk, Decided, Generated, Learnt, Strictness};
use watertight_diagnostic::report::InputKind;
use watertight_worker::message::Request;

use super::{Effect, State, Tab};
use crate::diff::{self, Row};
use crate::files::{self, FileKey};
use crate::language::{plural, say};

/// Lines around a change that are shown.
const CONTEXT: usize = 3;

/// A text beside what it was made of.
pub(super) type Compared = Rc<Vec<Row>>;

/// What is asked, and the last answers.
#[derive(Clone, PartialEq, Debug)]
pub struct ApparmorState {
    /// The profile that is asked.
    pub profile: Option<usize>,
    /// The kind of the next operation, as an index into [`KINDS`].
    pub kind: usize,
    /// What the next operation is about.
    pub what: String,
    /// Whether the file belongs to somebody else.
    pub other: bool,
    /// The operations, one a line.
    pub lines: String,
    /// The container that a profile is made for.
    pub container: Option<usize>,
    /// How much is left to it.
    pub strictness: Strictness,
    /// Whether the profile only logs.
    pub complain: bool,
    /// Whether every node has AppArmor 4.0 or newer.
    pub newest: bool,
    /// What the container needs beside what the pod says.
    pub needs: String,
    /// Lines of a log.
    pub log: String,
    /// The last answers, each with [`State::stamp`] and the question.
    pub decided: Option<(u64, ApparmorAsk, Rc<Decided>)>,
    /// And of the generator, with the comparison where a file holds such a profile already, and that of the file that asks
    /// for it.
    pub generated: Option<(u64, ApparmorAsk, Rc<Generated>, [Compared; 2])>,
    /// And of the log, with the comparison of each file.
    pub learnt: Option<(u64, ApparmorAsk, Rc<Learnt>, Vec<Compared>)>,
    /// Whether the rule that decides is shown in the text when the answer comes: somebody has asked for it.
    lights: bool,
}

/// An operation that can be chosen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Kind {
    /// What people call it.
    pub label: &'static str,
    /// What it is about, in a word or two.
    pub about: &'static str,
    /// For example.
    pub example: &'static str,
    before: &'static str,
    after: &'static str,
    /// Whether it matters whose the file is.
    pub owned: bool,
}

const fn file(label: &'static str, after: &'static str, example: &'static str) -> Kind {
    Kind { label, about: "Path", example, before: "file ", after, owned: true }
}

const fn other(label: &'static str, about: &'static str, before: &'static str, example: &'static str) -> Kind {
    Kind { label, about, example, before, after: "", owned: false }
}

/// The operations that can be chosen.
pub static KINDS: [Kind; 11] = [
    file("Read a file", " r", "/etc/shadow"),
    file("Write a file", " w", "/proc/sys/kernel/core_pattern"),
    file("Map a file as code", " m", "/usr/lib/x86_64-linux-gnu/libc.so.6"),
    other("Start a program", "Path", "exec ", "/usr/bin/sh"),
    other("Use a capability", "Name", "capability ", "sys_admin"),
    other("Make a socket", "Family and type", "network ", "inet stream"),
    other("Mount", "Type, source, on, target", "mount ", "proc proc on /mnt/"),
    other("Trace a task", "Access and its profile", "ptrace ", "trace unconfined"),
    other("Signal", "Access, signal, the other's profile", "signal ", "receive term unconfined"),
    other(
        "Use a socket without a file",
        "Access, type, name, the other's profile",
        "unix ",
        "connect stream @x unconfined",
    ),
    other("What a program asks for as it starts", "dynamic or static", "start ", "dynamic"),
];

/// What is asked of a profile that nobody has asked anything yet.
const FIRST: &str = "start dynamic\nfile /etc/shadow r\nfile /tmp/x w\nfile /proc/sys/kernel/core_pattern w\n\
                     file /proc/sys/kernel/sysrq w\ncapability sys_admin\nnetwork inet stream\nmount proc proc on /mnt/\n";

impl Default for ApparmorState {
    fn default() -> Self {
        Self {
            profile: None,
            kind: 0,
            what: KINDS.first().map_or("", |kind| kind.example).to_owned(),
            other: false,
            lines: FIRST.to_owned(),
            container: None,
            strictness: Strictness::default(),
            complain: false,
            newest: false,
            needs: String::new(),
            log: String::new(),
            decided: None,
            generated: None,
            learnt: None,
            lights: false,
        }
    }
}

impl ApparmorState {
    fn operation(&self) -> String {
        let Some(kind) = KINDS.get(self.kind) else { return String::new() };
        let other = if kind.owned && self.other { " other" } else { "" };
        // A path may hold blanks; between tabs they are no ends of words.
        let what = self.what.trim();
        if kind.owned && what.contains(' ') {
            return ["file\t", what, "\t", kind.after.trim(), if other.is_empty() { "" } else { "\tother" }].concat();
        }
        [kind.before, what, kind.after, other].concat()
    }
}

/// Something that happened.
#[derive(Clone, PartialEq, Debug)]
pub enum Act {
    /// Ask another profile.
    Profile(usize),
    /// The kind of the next operation.
    Kind(usize),
    /// What it is about.
    What(String),
    /// Whether the file belongs to somebody else.
    Other(bool),
    /// Ask it.
    Ask,
    /// The operations as a text.
    Lines(String),
    /// Show the rule that decided: answer and rule.
    Rule(usize, usize),
    /// Make a profile for another container.
    Container(usize),
    /// At another strictness.
    Strictness(Strictness),
    /// One that only logs, or not.
    Complain(bool),
    /// One for nodes that have AppArmor 4.0 or newer, or not.
    Newest(bool),
    /// What the container needs.
    Needs(String),
    /// Lines of a log.
    Log(String),
    /// Put the profile into the files.
    Put,
    /// Let the manifest ask for the profile.
    PutAsking,
    /// Put the rules of the log into the files.
    PutLearnt,
}

/// What an answer is for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Purpose {
    /// [`State::stamp`].
    stamp: u64,
    /// The question.
    ask: ApparmorAsk,
}

impl Purpose {
    /// Questions of one slot supersede each other.
    pub fn slot(&self) -> Option<u32> {
        Some(match self.ask {
            ApparmorAsk::Decide { .. } => 30,
            ApparmorAsk::Generate { .. } => 31,
            ApparmorAsk::Learn { .. } => 32,
        })
    }
}

impl State {
    /// Whether there is something for the panels in the tabs: profiles, or containers that get one.
    pub fn has_apparmor(&self) -> bool {
        self.has(InputKind::AppArmor) || self.report().is_some_and(|report| !report.pods.is_empty())
    }

    /// Asks for what is shown and not there yet.
    pub(super) fn apparmor_if_shown(&mut self, out: &mut Vec<Effect>) {
        if !self.is_fresh() || !self.has_apparmor() {
            return;
        }
        let own = &self.apparmor;
        let known = |answer: Option<(u64, &ApparmorAsk)>, ask: &ApparmorAsk| answer == Some((self.stamp, ask));
        let mut asks = Vec::new();
        if self.tab == Tab::Simulate {
            let ask = ApparmorAsk::Decide { profile: own.profile, lines: own.lines.clone() };
            if !known(own.decided.as_ref().map(|(stamp, ask, _)| (*stamp, ask)), &ask) {
                asks.push(ask);
            }
        }
        if self.tab == Tab::Generate {
            let ask = ApparmorAsk::Generate {
                container: own.container,
                strictness: own.strictness,
                complain: own.complain,
                newest: own.newest,
                needs: own.needs.clone(),
            };
            if !known(own.generated.as_ref().map(|(stamp, ask, ..)| (*stamp, ask)), &ask) {
                asks.push(ask);
            }
            let ask = ApparmorAsk::Learn { log: own.log.clone() };
            if !own.log.is_empty() && !known(own.learnt.as_ref().map(|(stamp, ask, ..)| (*stamp, ask)), &ask) {
                asks.push(ask);
            }
        }
        for ask in asks {
            let settings = self.settings;
            let request = Request::Apparmor { files: self.messages(), ask: ask.clone(), settings };
            self.ask(super::Purpose::Apparmor(Purpose { stamp: self.stamp, ask }), request, out);
        }
    }

    /// Takes an action in.
    pub(super) fn apparmor_act(&mut self, act: Act, out: &mut Vec<Effect>) {
        let own = &mut self.apparmor;
        match act {
            Act::Profile(profile) => own.profile = Some(profile),
            Act::Kind(kind) => {
                (own.kind, own.what) = (kind, KINDS.get(kind).map_or("", |kind| kind.example).to_owned());
            }
            Act::What(what) => own.what = what,
            Act::Other(other) => own.other = other,
            Act::Ask => {
                let asked = own.operation();
                let others = own.lines.lines().filter(|line| *line != asked).collect::<Vec<_>>().join("\n");
                own.lines = [&asked, "\n", &others].concat();
                own.lights = true;
                // The answer may be there already.
                if let Some((.., decided)) = &own.decided
                    && decided.answers.first().is_some_and(|first| first.asked == asked)
                {
                    return self.apparmor_rule(0, 0, out);
                }
            }
            Act::Lines(lines) => own.lines = lines,
            Act::Rule(answer, rule) => return self.apparmor_rule(answer, rule, out),
            Act::Container(container) => own.container = Some(container),
            Act::Strictness(strictness) => own.strictness = strictness,
            Act::Complain(complain) => own.complain = complain,
            Act::Newest(newest) => own.newest = newest,
            Act::Needs(needs) => own.needs = needs,
            Act::Log(log) => own.log = log,
            Act::Put => return self.put_generated(out),
            Act::PutAsking => return self.put_asking(out),
            Act::PutLearnt => return self.put_learnt(out),
        }
        self.apparmor_if_shown(out);
    }

    /// Takes an answer.
    pub(super) fn apparmor_answered(&mut self, purpose: Purpose, answer: ApparmorAnswer, out: &mut Vec<Effect>) {
        let Purpose { stamp, ask } = purpose;
        if stamp != self.stamp {
            return;
        }
        match answer {
            ApparmorAnswer::Decided(decided) => {
                // A profile that is gone takes its place with it.
                if decided.profile.is_none() {
                    self.apparmor.profile = None;
                }
                self.apparmor.decided = Some((stamp, ask, Rc::new(decided)));
                if std::mem::take(&mut self.apparmor.lights) {
                    self.apparmor_rule(0, 0, out);
                }
            }
            ApparmorAnswer::Generated(made) => {
                if made.container.is_none() {
                    self.apparmor.container = None;
                }
                let compared = |file: Option<u32>, text: &str| {
                    let before = file.and_then(|file| self.file(self.key_of(file)?));
                    Rc::new(before.map_or_else(Vec::new, |file| diff::compare(&file.text, text, CONTEXT)))
                };
                let asking =
                    made.asking.as_ref().map_or((None, ""), |asking| (Some(asking.file), asking.text.as_str()));
                let rows = [compared(made.before, &made.text), compared(asking.0, asking.1)];
                self.apparmor.generated = Some((stamp, ask, Rc::new(made), rows));
            }
            ApparmorAnswer::Learnt(learnt) => {
                let rows = learnt.files.iter().map(|changed| {
                    let before = self.key_of(changed.file).and_then(|key| self.file(key));
                    Rc::new(before.map_or_else(Vec::new, |file| diff::compare(&file.text, &changed.text, CONTEXT)))
                });
                let rows = rows.collect();
                self.apparmor.learnt = Some((stamp, ask, Rc::new(learnt), rows));
            }
        }
    }

    /// Shows the rule that decided in the text.
    fn apparmor_rule(&mut self, answer: usize, rule: usize, out: &mut Vec<Effect>) {
        let place = || {
            let (.., decided) = self.apparmor.decided.as_ref()?;
            let place = decided.answers.get(answer)?.rules.get(rule)?.place.as_ref()?;
            Some((place.file, place.range.start, place.range.end))
        };
        if let Some((file, from, to)) = place() {
            self.reveal(file, from, to, false, out);
        }
    }

    fn put_generated(&mut self, out: &mut Vec<Effect>) {
        let Some((stamp, _, made, _)) = self.apparmor.generated.clone() else { return };
        if stamp != self.stamp || made.text.is_empty() {
            return self.tell(say("The text has changed meanwhile. The profile follows in a moment."));
        }
        match made.before.and_then(|file| self.key_of(file)) {
            Some(key) => self.put(vec![(key, &made.text)], say("The profile is in the editor."), out),
            None => self.made_tab(&made.name, &made.text, say("The profile is in a tab of its own"), out),
        }
    }

    fn put_asking(&mut self, out: &mut Vec<Effect>) {
        let Some((stamp, _, made, _)) = self.apparmor.generated.clone() else { return };
        let asking = made.asking.as_ref().filter(|_| stamp == self.stamp);
        if let Some((key, asking)) = asking.and_then(|asking| Some((self.key_of(asking.file)?, asking))) {
            self.put(vec![(key, &asking.text)], say("The manifest asks for the profile."), out);
        }
    }

    fn put_learnt(&mut self, out: &mut Vec<Effect>) {
        let Some((stamp, _, learnt, _)) = self.apparmor.learnt.clone() else { return };
        if stamp != self.stamp {
            return self.tell(say("The text has changed meanwhile. The rules follow in a moment."));
        }
        let texts =
            learnt.files.iter().filter_map(|file| Some((self.key_of(file.file)?, file.text.as_str()))).collect();
        let added = learnt.rules.iter().filter(|rule| rule.added).count();
        self.put(texts, &plural(added, "{count} rule added.", "{count} rules added."), out);
    }

    fn put(&mut self, texts: Vec<(FileKey, &str)>, done: &str, out: &mut Vec<Effect>) {
        let change = |(key, text): (FileKey, &str)| {
            let base = self.file(key)?.text.clone();
            let edit = files::single_edit(&base, text);
            Some((key, base, vec![edit]))
        };
        let changes: Vec<_> = texts.into_iter().filter_map(change).collect();
        self.change_and_go_on(changes, done, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_an_operation() {
        for (kind, words) in KINDS.iter().enumerate() {
            let state = ApparmorState { kind, what: words.example.to_owned(), other: true, ..ApparmorState::default() };
            let line = state.operation();
            assert_eq!(line.ends_with(" other"), words.owned, "{line}");
            let first = line.split(' ').next().unwrap_or_default();
            assert!(words.before.starts_with(first), "{line}");
        }
        let state = ApparmorState { what: "/a b".to_owned(), ..ApparmorState::default() };
        assert_eq!(state.operation(), "file\t/a b\tr");
    }
}
