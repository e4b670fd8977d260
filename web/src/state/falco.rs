//! What the page knows of Falco: rules tried on events, what they miss, and rules for that.

use std::rc::Rc;

use watertight_diagnostic::ask::falco::{AbsentFields, FalcoAsk, FalcoReport, Word};
use watertight_diagnostic::report::InputKind;
use watertight_worker::message::Request;

use super::{Effect, State, Tab};
use crate::files::{self, FileKey};
use crate::language::{plural, say};

/// What is asked, and the last answer.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct FalcoState {
    /// What is wanted.
    pub ask: FalcoAsk,
    /// The last answer: [`State::stamp`] and question when it was asked for, and the answer.
    pub answer: Option<(u64, FalcoAsk, Rc<FalcoReport>)>,
    /// The part of the explanation that is chosen, by its place.
    pub part: usize,
    /// The words of conditions, for completion.
    pub words: Option<Rc<Vec<Word>>>,
    /// Whether the part that decided is shown in the text when the answer comes: somebody has asked for it.
    lights: bool,
}

/// Something that happened.
#[derive(Clone, PartialEq, Debug)]
pub enum Act {
    /// Try the events of an attempt, or those of the tabs.
    Attempt(Option<String>),
    /// Explain another event.
    Event(usize),
    /// Explain another rule.
    Rule(String),
    /// Take fields that an event does not have another way.
    Absent(AbsentFields),
    /// Count what the stable rules see, or stop.
    Stable(bool),
    /// Choose a part of the explanation, and show it in the text.
    Part(usize),
    /// Put the events of the attempt into a tab.
    OpenEvents,
    /// Write rules for attempts into a tab.
    Write(Vec<String>),
}

/// What an answer is for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// The panel.
    Simulate {
        /// [`State::stamp`].
        stamp: u64,
        /// The question.
        ask: FalcoAsk,
    },
    /// Rules for a new tab.
    Write,
    /// The words of conditions.
    Words,
}

impl Purpose {
    /// Questions of one slot supersede each other.
    pub fn slot(&self) -> Option<u32> {
        match self {
            Self::Simulate { .. } => Some(20),
            Self::Words => Some(21),
            Self::Write => None,
        }
    }
}

impl State {
    pub(super) fn has(&self, kind: InputKind) -> bool {
        self.report().is_some_and(|report| report.files.iter().any(|file| file.kind == kind))
    }

    /// The files of rules, as the last report has them.
    pub fn falco_files(&self) -> Vec<FileKey> {
        let Some(analysis) = &self.analysis else { return Vec::new() };
        let files = analysis.report.files.iter().zip(&analysis.keys);
        files.filter(|(file, _)| file.kind == InputKind::FalcoRules).map(|(_, key)| *key).collect()
    }

    /// Whether there is something for the panel in the tabs.
    pub fn has_falco(&self) -> bool {
        self.has(InputKind::FalcoRules) || self.has(InputKind::FalcoEvents)
    }

    /// Asks for the answer when the panel is shown and it is not there yet.
    pub(super) fn falco_if_shown(&mut self, out: &mut Vec<Effect>) {
        if self.tab != Tab::Simulate || !self.is_fresh() || !self.has_falco() {
            return;
        }
        let ask = FalcoAsk { events: true, coverage: true, ..self.falco.ask.clone() };
        if self.falco.answer.as_ref().is_some_and(|(stamp, known, _)| (*stamp, known) == (self.stamp, &ask)) {
            return;
        }
        let request = Request::Falco { files: self.messages(), ask: ask.clone() };
        self.ask(super::Purpose::Falco(Purpose::Simulate { stamp: self.stamp, ask }), request, out);
    }

    /// Asks for the words of conditions when rules are among the files: macros and lists are theirs.
    pub(super) fn falco_words(&mut self, out: &mut Vec<Effect>) {
        if self.has(InputKind::FalcoRules) {
            let request =
                Request::Falco { files: self.messages(), ask: FalcoAsk { words: true, ..FalcoAsk::default() } };
            self.ask(super::Purpose::Falco(Purpose::Words), request, out);
        }
    }

    /// Takes an action in.
    pub(super) fn falco_act(&mut self, act: Act, out: &mut Vec<Effect>) {
        let ask = &mut self.falco.ask;
        match act {
            Act::Attempt(attempt) => {
                *ask = FalcoAsk { attempt, absent: ask.absent, stable: ask.stable, ..FalcoAsk::default() };
            }
            Act::Event(event) => (ask.event, ask.rule) = (event, None),
            Act::Rule(rule) => ask.rule = Some(rule),
            Act::Absent(absent) => ask.absent = absent,
            Act::Stable(stable) => {
                ask.stable = stable;
                return self.falco_if_shown(out);
            }
            Act::Part(part) => return self.falco_part(part, out),
            Act::OpenEvents => return self.open_events(out),
            Act::Write(write) => {
                let request = Request::Falco { files: Vec::new(), ask: FalcoAsk { write, ..FalcoAsk::default() } };
                return self.ask(super::Purpose::Falco(Purpose::Write), request, out);
            }
        }
        self.falco.lights = true;
        self.falco_if_shown(out);
    }

    /// Takes an answer.
    pub(super) fn falco_answered(&mut self, purpose: Purpose, report: FalcoReport, out: &mut Vec<Effect>) {
        match purpose {
            Purpose::Simulate { stamp, ask } if stamp == self.stamp => {
                self.falco.part = report.explanation.as_ref().map_or(0, |explanation| {
                    let leaf =
                        |part: &watertight_diagnostic::ask::falco::ExplainedPart| part.decides && !part.saw.is_empty();
                    explanation.parts.iter().position(leaf).unwrap_or(0)
                });
                self.falco.answer = Some((stamp, ask, Rc::new(report)));
                if std::mem::take(&mut self.falco.lights) {
                    self.falco_part(self.falco.part, out);
                }
            }
            Purpose::Simulate { .. } => {}
            Purpose::Write => {
                let rules = report.written.matches("- rule: ").count();
                self.made_tab(
                    "falco-rules.yaml",
                    &report.written,
                    &plural(rules, "{count} rule written", "{count} rules written"),
                    out,
                );
            }
            Purpose::Words => {
                if self.falco.words.as_deref() != Some(&report.words) {
                    self.falco.words = Some(Rc::new(report.words));
                }
            }
        }
    }

    fn falco_part(&mut self, part: usize, out: &mut Vec<Effect>) {
        self.falco.part = part;
        let place = || {
            let (_, _, report) = self.falco.answer.as_ref()?;
            let part = report.explanation.as_ref()?.parts.get(part)?;
            let place = part.place.as_ref()?;
            Some((place.file, place.range.start, place.range.end))
        };
        if let Some((file, from, to)) = place() {
            self.reveal(file, from, to, false, out);
        }
    }

    fn open_events(&mut self, out: &mut Vec<Effect>) {
        let Some((_, ask, report)) = &self.falco.answer else { return };
        let name = format!("{}.jsonl", ask.attempt.as_deref().unwrap_or("events"));
        let text = report.event_text.clone();
        self.falco.ask.attempt = None;
        self.made_tab(&name, &text, say("The events are in a tab of their own"), out);
    }

    /// A new tab, with the text that was made for it.
    pub(super) fn made_tab(&mut self, name: &str, text: &str, done: &str, out: &mut Vec<Effect>) {
        if text.is_empty() {
            return;
        }
        let name = files::free_name(&self.files, name);
        self.active = self.add(&name, text, false);
        self.changed(out);
        self.tell(&format!("{done}: {name}."));
    }
}

#[cfg(test)]
mod tests {
    use watertight_diagnostic::ask::falco::VERSION;
    use watertight_diagnostic::report::Report;
    use watertight_text::Encoding;
    use watertight_worker::message::Reply;

    use super::*;
    use crate::state::{Action, Heard, Purpose as Any};

    /// A page whose only file is one of Falco rules, with its report.
    fn page() -> State {
        let mut state = State::default();
        state.apply(Action::Start {
            preferences: None,
            files: None,
            typed: Some("- rule: a\n".to_owned()),
            opening: crate::state::Opening::default(),
        });
        analysed(&mut state);
        state
    }

    fn analysed(state: &mut State) -> Vec<Effect> {
        let mut report: Report = serde_json::from_str(include_str!("report.json")).expect("the canned report is one");
        report.files.iter_mut().for_each(|file| file.kind = InputKind::FalcoRules);
        let stamp = state.stamp;
        state.hear(Heard::Answered(Any::Analyse { stamp }, Reply::Report(Box::new(report))))
    }

    fn answer() -> FalcoReport {
        FalcoReport {
            v: VERSION,
            encoding: Encoding::Utf16,
            files: Vec::new(),
            rules: Vec::new(),
            events: Vec::new(),
            event_count: 0,
            event_text: String::new(),
            explanation: None,
            attempts: Vec::new(),
            written: String::new(),
            words: Vec::new(),
        }
    }

    /// The questions to Falco's rules among the effects.
    fn asked(effects: &[Effect]) -> Vec<&FalcoAsk> {
        let asks = effects.iter().filter_map(|effect| match effect {
            Effect::Ask { question, .. } => Some(&question.request),
            _ => None,
        });
        asks.filter_map(|request| match request {
            Request::Falco { ask, .. } => Some(ask),
            _ => None,
        })
        .collect()
    }

    #[test]
    fn it_is_asked_once_when_it_is_shown() {
        let mut state = page();
        let effects = state.apply(Action::Tab(Tab::Simulate));
        let [ask] = asked(&effects)[..] else { panic!("{effects:?}") };
        assert!(ask.events && ask.coverage);
        let purpose = Any::Falco(Purpose::Simulate { stamp: state.stamp, ask: ask.clone() });
        state.hear(Heard::Answered(purpose, Reply::Falco(Box::new(answer()))));
        assert!(asked(&state.apply(Action::Tab(Tab::Simulate))).is_empty());
        let attempt = state.apply(Action::Falco(Act::Attempt(Some("nsenter".to_owned()))));
        assert_eq!(asked(&attempt)[0].attempt.as_deref(), Some("nsenter"));
        assert!(asked(&state.apply(Action::Tab(Tab::Findings))).is_empty());
    }

    #[test]
    fn another_event_forgets_the_rule_that_was_asked_about() {
        let mut state = page();
        state.apply(Action::Tab(Tab::Simulate));
        state.apply(Action::Falco(Act::Rule("b".to_owned())));
        assert_eq!(state.falco.ask.rule.as_deref(), Some("b"));
        let effects = state.apply(Action::Falco(Act::Event(3)));
        assert_eq!((asked(&effects)[0].event, asked(&effects)[0].rule.as_deref()), (3, None));
    }

    #[test]
    fn rules_are_written_into_a_tab_and_analysed() {
        let mut state = page();
        let effects = state.apply(Action::Falco(Act::Write(vec!["nsenter".to_owned()])));
        assert_eq!(asked(&effects)[0].write, ["nsenter"]);
        let written = FalcoReport { written: "- rule: b\n".to_owned(), ..answer() };
        let before = state.stamp;
        state.hear(Heard::Answered(Any::Falco(Purpose::Write), Reply::Falco(Box::new(written))));
        assert_eq!(state.active_file().map(|file| &*file.text), Some("- rule: b\n"));
        assert!(state.stamp > before);
        assert_eq!(state.notices.last().map(|notice| notice.text.as_str()), Some("1 rule written: falco-rules.yaml."));
    }

    #[test]
    fn words_are_asked_for_where_there_are_rules() {
        let mut state = page();
        let effects = analysed(&mut state);
        assert!(asked(&effects)[0].words);
        assert_eq!(state.falco_files().len(), 1);
    }
}
