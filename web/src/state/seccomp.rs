//! What the page knows of seccomp: a profile asked about a call.

use std::rc::Rc;

use watertight_diagnostic::ask::seccomp::{SeccompAnswer, SeccompAsk};
use watertight_diagnostic::report::InputKind;
use watertight_worker::message::Request;

use super::{Effect, State, Tab};

/// What is asked, and the last answer.
#[derive(Clone, PartialEq, Debug)]
pub struct SeccompState {
    /// The question.
    pub ask: SeccompAsk,
    /// Which calls of the map are shown: those with this in their name, their group or their verdict.
    pub filter: String,
    /// The last answer, with [`State::stamp`] and the question.
    pub answer: Option<(u64, SeccompAsk, Rc<SeccompAnswer>)>,
}

impl Default for SeccompState {
    fn default() -> Self {
        // A call that is often let through by its arguments alone.
        let arguments = vec!["CLONE_NEWUSER".to_owned()];
        let ask = SeccompAsk { call: "clone".to_owned(), arguments, ..SeccompAsk::default() };
        Self { ask, filter: String::new(), answer: None }
    }
}

/// Something that happened.
#[derive(Clone, PartialEq, Debug)]
pub enum Act {
    /// Ask another profile.
    Profile(usize),
    /// Another architecture, by its place in the answer.
    Arch(usize),
    /// Another call.
    Call(String),
    /// An argument.
    Argument(usize, String),
    /// Which calls of the map are shown.
    Filter(String),
    /// Show the rule that decided.
    Rule,
}

/// What an answer is for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Purpose {
    /// [`State::stamp`].
    stamp: u64,
    /// The question.
    ask: SeccompAsk,
}

impl Purpose {
    /// Questions of one slot supersede each other.
    pub fn slot(&self) -> Option<u32> {
        Some(50)
    }
}

impl State {
    /// Whether a profile is among the files.
    pub fn has_seccomp(&self) -> bool {
        self.has(InputKind::Seccomp)
    }

    /// Asks for the answer when the panel is shown and it is not there yet.
    pub(super) fn seccomp_if_shown(&mut self, out: &mut Vec<Effect>) {
        if self.tab != Tab::Simulate || !self.is_fresh() || !self.has_seccomp() {
            return;
        }
        let own = &self.seccomp;
        if own.answer.as_ref().is_some_and(|(stamp, ask, _)| *stamp == self.stamp && *ask == own.ask) {
            return;
        }
        let ask = own.ask.clone();
        let request =
            Request::Seccomp { files: self.messages(), ask: ask.clone(), settings: self.preferences.settings };
        self.ask(super::Purpose::Seccomp(Purpose { stamp: self.stamp, ask }), request, out);
    }

    /// Takes an action in.
    pub(super) fn seccomp_act(&mut self, act: Act, out: &mut Vec<Effect>) {
        let own = &mut self.seccomp;
        match act {
            Act::Profile(profile) => own.ask.profile = Some(profile),
            Act::Arch(at) => {
                let known = own.answer.as_ref().and_then(|(.., answer)| answer.arches.get(at));
                own.ask.arch = known.cloned().unwrap_or_default();
            }
            Act::Call(call) => {
                // What was written for another call means nothing for this one.
                if call != own.ask.call {
                    own.ask.arguments.clear();
                }
                own.ask.call = call;
            }
            Act::Argument(at, text) => {
                if own.ask.arguments.len() <= at {
                    own.ask.arguments.resize(at + 1, String::new());
                }
                if let Some(argument) = own.ask.arguments.get_mut(at) {
                    *argument = text;
                }
            }
            Act::Filter(filter) => own.filter = filter,
            Act::Rule => {
                let place = own.answer.as_ref().filter(|(stamp, ..)| *stamp == self.stamp);
                let place = place.and_then(|(.., answer)| answer.decided.as_ref()?.place.clone());
                if let Some(place) = place {
                    self.reveal(place.file, place.range.start, place.range.end, false, out);
                }
                return;
            }
        }
        self.seccomp_if_shown(out);
    }

    /// Takes an answer.
    pub(super) fn seccomp_answered(&mut self, purpose: Purpose, answer: SeccompAnswer) {
        let Purpose { stamp, ask } = purpose;
        if stamp != self.stamp {
            return;
        }
        // A profile that is gone takes its place with it.
        if answer.profile.is_none() {
            self.seccomp.ask.profile = None;
        }
        self.seccomp.answer = Some((stamp, ask, Rc::new(answer)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_call_has_arguments_of_its_own() {
        let mut state = State::default();
        let mut out = Vec::new();
        state.seccomp_act(Act::Call("socket".to_owned()), &mut out);
        state.seccomp_act(Act::Argument(1, "SOCK_RAW".to_owned()), &mut out);
        assert_eq!(state.seccomp.ask.arguments, ["", "SOCK_RAW"]);
        state.seccomp_act(Act::Call("socket".to_owned()), &mut out);
        assert_eq!(state.seccomp.ask.arguments.len(), 2);
        state.seccomp_act(Act::Call("socketpair".to_owned()), &mut out);
        assert!(state.seccomp.ask.arguments.is_empty());
        assert!(out.is_empty(), "without a profile nothing is asked");
        let ask = state.seccomp.ask.clone();
        let late = Purpose { stamp: state.stamp + 1, ask: ask.clone() };
        state.seccomp_answered(late, SeccompAnswer::default());
        assert!(state.seccomp.answer.is_none(), "an answer about another text is none");
        state.seccomp_answered(Purpose { stamp: state.stamp, ask }, SeccompAnswer::default());
        assert!(state.seccomp.answer.is_some());
    }
}
