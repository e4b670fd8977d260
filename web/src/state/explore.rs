//! What the page knows of the explorer: a capability or a folder of the node, and the sample pod that it is put into.

use std::rc::Rc;

use watertight_diagnostic::ask::explore::{ExploreAsk, Explored};
use watertight_worker::message::Request;

use super::{Effect, State, Tab};
use crate::files::{self, OpenFile};
use crate::language::{say, say_with};

/// What the sample pod is called among the files.
pub const SAMPLE: &str = "sample-pod.yaml";

/// What is asked, and the last answer.
#[derive(Clone, PartialEq, Debug)]
pub struct ExploreState {
    /// Whether it is unfolded.
    pub open: bool,
    /// The capability or the path.
    pub what: String,
    /// Whether the folder may be written.
    pub writable: bool,
    /// The last answer, with its question.
    pub answer: Option<(ExploreAsk, Rc<Explored>)>,
}

impl Default for ExploreState {
    fn default() -> Self {
        Self { open: false, what: "SYS_ADMIN".to_owned(), writable: false, answer: None }
    }
}

/// Something that happened.
#[derive(Clone, PartialEq, Debug)]
pub enum Act {
    /// It is unfolded, or folded again.
    Fold,
    /// Another capability or path.
    What(String),
    /// Whether the folder may be written.
    Writable(bool),
    /// Put it into the sample pod, or take it out.
    Sample,
}

/// What an answer is for: its question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Purpose(ExploreAsk);

impl Purpose {
    /// Questions of one slot supersede each other.
    pub fn slot(&self) -> Option<u32> {
        Some(60)
    }
}

impl State {
    fn sample_file(&self) -> Option<&OpenFile> {
        self.files.iter().find(|file| &*file.name == SAMPLE)
    }

    fn explore_ask(&self) -> ExploreAsk {
        let sample = self.sample_file().map(|file| file.text.to_string()).unwrap_or_default();
        ExploreAsk { what: self.explore.what.clone(), writable: self.explore.writable, sample }
    }

    /// Whether the answer is one to what is asked now, and about the sample pod as it is.
    pub fn explore_is_fresh(&self) -> bool {
        self.explore.answer.as_ref().is_some_and(|(known, _)| *known == self.explore_ask())
    }

    /// Asks for the answer when the explorer is shown and it is not there yet.
    pub(super) fn explore_if_shown(&mut self, out: &mut Vec<Effect>) {
        if self.tab != Tab::Map || !self.explore.open || self.explore_is_fresh() {
            return;
        }
        let ask = self.explore_ask();
        let request = Request::Explore { ask: ask.clone(), settings: self.settings };
        self.ask(super::Purpose::Explore(Purpose(ask)), request, out);
    }

    /// Takes an action in.
    pub(super) fn explore_act(&mut self, act: Act, out: &mut Vec<Effect>) {
        match act {
            Act::Fold => self.explore.open = !self.explore.open,
            Act::What(what) => self.explore.what = what,
            Act::Writable(writable) => self.explore.writable = writable,
            Act::Sample => self.change_sample(out),
        }
        self.explore_if_shown(out);
    }

    /// Takes an answer.
    pub(super) fn explore_answered(&mut self, Purpose(ask): Purpose, answer: Explored) {
        self.explore.answer = Some((ask, Rc::new(answer)));
    }

    fn change_sample(&mut self, out: &mut Vec<Effect>) {
        let fresh = self.explore_is_fresh();
        let answer = self.explore.answer.as_ref().filter(|_| fresh).map(|(_, answer)| answer.clone());
        let Some((sample, answer)) = answer.as_ref().and_then(|answer| Some((answer.sample.as_ref()?, answer))) else {
            return self.tell(say("The sample pod has changed meanwhile. Please try again."));
        };
        if !sample.refused.is_empty() {
            return self.tell(&sample.refused.clone());
        }
        let done: [(&str, &dyn std::fmt::Display); 1] = [("what", &answer.title)];
        let done = match sample.has {
            true => say_with("{what} is out of the sample pod.", &done),
            false => say_with("{what} is in the sample pod.", &done),
        };
        match self.sample_file().map(|file| (file.key, file.text.clone())) {
            Some((key, base)) => {
                let edits = vec![files::single_edit(&base, &sample.text)];
                self.active = key;
                self.map.follow = Some(key);
                self.change(vec![(key, base, edits)], &done, out);
            }
            None if self.opening.read_only => {
                self.tell(say("This text is only shown here. Open it in full to change it."));
            }
            None => {
                let key = self.add(SAMPLE, &sample.text, false);
                self.active = key;
                self.map.follow = Some(key);
                self.tell(&done);
                self.changed(out);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use watertight_diagnostic::ask::explore::Sample;

    use super::*;
    use crate::state::Action;

    fn answer(state: &mut State, has: bool, text: &str) {
        let sample = Some(Sample { has, text: text.to_owned(), refused: String::new() });
        let answer = Explored { title: "SYS_ADMIN".to_owned(), sample, ..Explored::default() };
        state.explore_answered(Purpose(state.explore_ask()), answer);
    }

    #[test]
    fn the_sample_is_a_file_of_its_own() {
        let mut state = State::default();
        assert!(state.apply(Action::Tab(Tab::Map)).is_empty(), "nothing is asked while it is folded");
        let out = state.apply(Action::Explore(Act::Fold));
        assert!(matches!(out.as_slice(), [Effect::Ask { .. }]), "{out:?}");
        answer(&mut state, false, "with\n");
        state.apply(Action::Explore(Act::Sample));
        assert_eq!(state.active_file().map(|file| (&*file.name, &*file.text)), Some((SAMPLE, "with\n")));
        assert_eq!(state.files.len(), 2, "the user's own file stays");
        assert_eq!(state.map.follow, Some(state.active));
        // The answer was about no sample, so it is none any more.
        state.apply(Action::Explore(Act::Sample));
        assert_eq!(state.active_file().map(|file| &*file.text), Some("with\n"));
        answer(&mut state, true, "without\n");
        let out = state.apply(Action::Explore(Act::Sample));
        assert!(out.iter().any(|effect| matches!(effect, Effect::Edit { .. })), "{out:?}");
    }
}
