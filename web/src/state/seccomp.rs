//! What the page knows of seccomp: a profile asked about a call, two of them beside each other, and one that is made.

use std::rc::Rc;

use watertight_diagnostic::Runtime;
use watertight_diagnostic::ask::seccomp::{
    CallAnswer, CallAsk, Chosen, ComparisonAnswer, ComparisonAsk, Holder, Making, Otherwise, ProfileAnswer, ProfileAsk,
    SeccompAnswer, SeccompAsk, Starting,
};
use watertight_diagnostic::report::InputKind;
use watertight_worker::message::Request;

use super::{Effect, State, Tab};
use crate::language::say;

/// What is asked, and the last answers, each with [`State::stamp`] and the question.
#[derive(Clone, PartialEq, Debug)]
pub struct SeccompState {
    /// The question about a call.
    pub call: CallAsk,
    /// Which calls of the map are shown: those with this in their name, their group or their verdict.
    pub filter: String,
    /// The profile that the one that is asked is compared with; nothing while nobody wants to.
    pub against: Option<Chosen>,
    /// What a profile is made of.
    pub made_of: ProfileAsk,
    /// What happens to the call.
    pub decided: Option<(u64, CallAsk, Rc<CallAnswer>)>,
    /// What the two do differently.
    pub compared: Option<(u64, ComparisonAsk, Rc<ComparisonAnswer>)>,
    /// The profile that was made.
    pub made: Option<(u64, ProfileAsk, Rc<ProfileAnswer>)>,
}

impl Default for SeccompState {
    fn default() -> Self {
        // A call that is often let through by its arguments alone.
        let arguments = vec!["CLONE_NEWUSER".to_owned()];
        Self {
            call: CallAsk { call: "clone".to_owned(), arguments, ..CallAsk::default() },
            filter: String::new(),
            against: None,
            made_of: ProfileAsk { no_new_privs: true, ..ProfileAsk::default() },
            decided: None,
            compared: None,
            made: None,
        }
    }
}

/// A place where a profile is chosen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Slot {
    /// The one that is asked.
    Asked,
    /// The one that it is compared with.
    Against,
    /// The one to begin with.
    Base,
    /// The one that is merged with it.
    Other,
}

/// Something that is on or off.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Switch {
    /// The profile is written in Docker's dialect.
    Docker,
    /// The container runs with `allowPrivilegeEscalation: false`.
    NoNewPrivs,
    /// What other libraries call instead is allowed too.
    Portable,
    /// Programs of the machine's other architectures run too.
    Companions,
}

/// Something that happened.
#[derive(Clone, PartialEq, Debug)]
pub enum Act {
    /// Another profile: one of the files by its place, or a runtime's own behind them.
    Profile(Slot, usize),
    /// Another version of the runtime.
    Version(Slot, String),
    /// Somebody else has the capabilities: as the runtime grants them (0), those that are listed (1), or a container. Where
    /// a profile is made (`true`), or asked.
    Holder(bool, usize),
    /// Other capabilities are listed.
    Caps(bool, String),
    /// Compare two, or stop.
    Compare,
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
    /// A profile is made in another way.
    Making(Making),
    /// The calls that it is made of.
    Calls(String),
    /// Who starts the container.
    Starting(Starting),
    /// What happens to other calls.
    Otherwise(Otherwise),
    /// A switch of the generator.
    Switch(Switch),
    /// Open the profile in a tab.
    Put,
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
        Some(match self.ask {
            SeccompAsk::Decide(_) => 50,
            SeccompAsk::Compare(_) => 51,
            SeccompAsk::Generate(_) => 52,
        })
    }
}

fn known<A: PartialEq, T>(answer: &Option<(u64, A, Rc<T>)>, stamp: u64, ask: &A) -> bool {
    answer.as_ref().is_some_and(|(at, asked, _)| *at == stamp && asked == ask)
}

impl State {
    /// Whether there is something to be asked: a profile, or a container that a runtime's own may be put on.
    pub fn has_seccomp(&self) -> bool {
        self.has(InputKind::Seccomp) || self.report().is_some_and(|report| !report.pods.is_empty())
    }

    /// Asks for what is shown and not there yet.
    pub(super) fn seccomp_if_shown(&mut self, out: &mut Vec<Effect>) {
        if !self.is_fresh() {
            return;
        }
        let own = &self.seccomp;
        let mut asks = Vec::new();
        if self.tab == Tab::Simulate && self.has_seccomp() {
            if !known(&own.decided, self.stamp, &own.call) {
                asks.push(SeccompAsk::Decide(own.call.clone()));
            }
            if let Some(right) = own.against.clone() {
                let ask = ComparisonAsk { left: own.call.of.clone(), right, holder: own.call.holder.clone() };
                if !known(&own.compared, self.stamp, &ask) {
                    asks.push(SeccompAsk::Compare(ask));
                }
            }
        }
        if self.tab == Tab::Generate && !known(&own.made, self.stamp, &own.made_of) {
            asks.push(SeccompAsk::Generate(own.made_of.clone()));
        }
        for ask in asks {
            let request = Request::Seccomp { files: self.messages(), ask: ask.clone(), settings: self.settings };
            self.ask(super::Purpose::Seccomp(Purpose { stamp: self.stamp, ask }), request, out);
        }
    }

    /// Takes an action in.
    pub(super) fn seccomp_act(&mut self, act: Act, out: &mut Vec<Effect>) {
        let node = self.settings.node;
        let own = &mut self.seccomp;
        match act {
            Act::Profile(slot, at) => {
                let profiles = own.profiles(slot);
                let chosen = match Runtime::ALL.get(at.wrapping_sub(profiles)) {
                    Some(&runtime) if at >= profiles => {
                        let version = node.runtime_version.filter(|_| runtime == node.runtime);
                        let version = version.map_or_else(String::new, |version| version.to_string());
                        Chosen { profile: None, runtime: Some(runtime), version }
                    }
                    _ => Chosen { profile: Some(at), ..Chosen::default() },
                };
                if let Some(slot) = own.slot(slot) {
                    *slot = chosen;
                }
            }
            Act::Version(slot, version) => {
                // One that nobody has chosen yet is the node's own.
                if let Some(slot) = own.slot(slot) {
                    slot.runtime.get_or_insert(node.runtime);
                    slot.version = version;
                }
            }
            Act::Holder(made, at) => {
                *own.holder(made) = match at {
                    0 => Holder::default(),
                    1 => Holder { container: None, caps: Some(String::new()) },
                    at => Holder { container: Some(at - 2), caps: None },
                };
            }
            Act::Caps(made, caps) => own.holder(made).caps = Some(caps),
            Act::Compare => {
                let version = node.runtime_version.map_or_else(String::new, |version| version.to_string());
                own.against = match own.against {
                    None => Some(Chosen { profile: None, runtime: Some(node.runtime), version }),
                    Some(_) => None,
                };
            }
            Act::Arch(at) => {
                let known = own.decided.as_ref().and_then(|(.., answer)| answer.arches.get(at));
                own.call.arch = known.cloned().unwrap_or_default();
            }
            Act::Call(call) => {
                // What was written for another call means nothing for this one.
                if call != own.call.call {
                    own.call.arguments.clear();
                }
                own.call.call = call;
            }
            Act::Argument(at, text) => {
                if own.call.arguments.len() <= at {
                    own.call.arguments.resize(at + 1, String::new());
                }
                if let Some(argument) = own.call.arguments.get_mut(at) {
                    *argument = text;
                }
            }
            Act::Filter(filter) => own.filter = filter,
            Act::Making(from) => own.made_of.from = from,
            Act::Calls(calls) => own.made_of.calls = calls,
            Act::Starting(start) => own.made_of.start = start,
            Act::Otherwise(otherwise) => own.made_of.otherwise = otherwise,
            Act::Switch(switch) => {
                let switch = own.made_of.switch(switch);
                *switch = !*switch;
            }
            Act::Rule => {
                let place = own.decided.as_ref().filter(|(stamp, ..)| *stamp == self.stamp);
                let place = place.and_then(|(.., answer)| answer.decided.as_ref()?.place.clone());
                if let Some(place) = place {
                    self.reveal(place.file, place.range.start, place.range.end, false, out);
                }
                return;
            }
            Act::Put => {
                let made = own.made.as_ref().map(|(.., made)| Rc::clone(made));
                if let Some(made) = made {
                    self.made_tab("seccomp.json", &made.text, say("The profile is in a tab of its own"), out);
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
        let own = &mut self.seccomp;
        match (ask, answer) {
            (SeccompAsk::Decide(ask), SeccompAnswer::Decided(answer)) => {
                // A profile that is gone takes its place with it.
                if ask.of.profile.is_some() && answer.of.profile.is_none() {
                    own.call.of = Chosen::default();
                }
                own.decided = Some((stamp, ask, Rc::new(*answer)));
            }
            (SeccompAsk::Compare(ask), SeccompAnswer::Compared(answer)) => {
                own.compared = Some((stamp, ask, Rc::new(answer)));
            }
            (SeccompAsk::Generate(ask), SeccompAnswer::Generated(answer)) => {
                own.made = Some((stamp, ask, Rc::new(answer)));
            }
            _ => {}
        }
    }
}

impl SeccompState {
    fn slot(&mut self, slot: Slot) -> Option<&mut Chosen> {
        match slot {
            Slot::Asked => Some(&mut self.call.of),
            Slot::Against => self.against.as_mut(),
            Slot::Base => Some(&mut self.made_of.base),
            Slot::Other => Some(&mut self.made_of.other),
        }
    }

    /// How many profiles of files the last answer for a place knew.
    fn profiles(&self, slot: Slot) -> usize {
        let choices = match slot {
            Slot::Asked | Slot::Against => self.decided.as_ref().map(|(.., answer)| &answer.choices),
            Slot::Base | Slot::Other => self.made.as_ref().map(|(.., answer)| &answer.choices),
        };
        choices.map_or(0, |choices| choices.profiles.len())
    }

    fn holder(&mut self, made: bool) -> &mut Holder {
        if made { &mut self.made_of.holder } else { &mut self.call.holder }
    }
}

/// The switches of the generator.
trait Switches {
    fn switch(&mut self, switch: Switch) -> &mut bool;
}

impl Switches for ProfileAsk {
    fn switch(&mut self, switch: Switch) -> &mut bool {
        match switch {
            Switch::Docker => &mut self.docker,
            Switch::NoNewPrivs => &mut self.no_new_privs,
            Switch::Portable => &mut self.portable,
            Switch::Companions => &mut self.companions,
        }
    }
}

#[cfg(test)]
mod tests {
    use watertight_diagnostic::ask::seccomp::Choices;

    use super::*;

    fn act(state: &mut State, act: Act) {
        let mut out = Vec::new();
        state.seccomp_act(act, &mut out);
        assert!(out.is_empty(), "without a profile nothing is asked");
    }

    #[test]
    fn another_call_has_arguments_of_its_own() {
        let mut state = State::default();
        act(&mut state, Act::Call("socket".to_owned()));
        act(&mut state, Act::Argument(1, "SOCK_RAW".to_owned()));
        assert_eq!(state.seccomp.call.arguments, ["", "SOCK_RAW"]);
        act(&mut state, Act::Call("socket".to_owned()));
        assert_eq!(state.seccomp.call.arguments.len(), 2);
        act(&mut state, Act::Call("socketpair".to_owned()));
        assert!(state.seccomp.call.arguments.is_empty());
        let ask = SeccompAsk::Decide(state.seccomp.call.clone());
        let answer = || SeccompAnswer::Decided(Box::default());
        state.seccomp_answered(Purpose { stamp: state.stamp + 1, ask: ask.clone() }, answer());
        assert!(state.seccomp.decided.is_none(), "an answer about another text is none");
        state.seccomp_answered(Purpose { stamp: state.stamp, ask }, answer());
        assert!(state.seccomp.decided.is_some());
    }

    #[test]
    fn behind_the_files_stand_the_runtimes() {
        let mut state = State::default();
        let choices = Choices { profiles: vec!["a".to_owned(), "b".to_owned()], containers: Vec::new() };
        let ask = SeccompAsk::Decide(state.seccomp.call.clone());
        let answer = SeccompAnswer::Decided(Box::new(CallAnswer { choices, ..CallAnswer::default() }));
        state.seccomp_answered(Purpose { stamp: state.stamp, ask }, answer);
        act(&mut state, Act::Profile(Slot::Asked, 1));
        assert_eq!(state.seccomp.call.of, Chosen { profile: Some(1), ..Chosen::default() });
        act(&mut state, Act::Profile(Slot::Asked, 4));
        act(&mut state, Act::Version(Slot::Asked, "28.0".to_owned()));
        let docker = Chosen { profile: None, runtime: Some(Runtime::Docker), version: "28.0".to_owned() };
        assert_eq!(state.seccomp.call.of, docker);
        act(&mut state, Act::Profile(Slot::Against, 1));
        assert_eq!(state.seccomp.against, None, "nothing is compared yet");
        act(&mut state, Act::Compare);
        act(&mut state, Act::Profile(Slot::Against, 0));
        assert_eq!(state.seccomp.against, Some(Chosen { profile: Some(0), ..Chosen::default() }));
        act(&mut state, Act::Compare);
        assert_eq!(state.seccomp.against, None);
    }

    #[test]
    fn one_holder_at_a_time() {
        let mut state = State::default();
        act(&mut state, Act::Caps(false, "SYS_ADMIN".to_owned()));
        act(&mut state, Act::Holder(false, 2));
        assert_eq!(state.seccomp.call.holder, Holder { container: Some(0), caps: None });
        act(&mut state, Act::Holder(false, 0));
        assert_eq!(state.seccomp.call.holder, Holder::default());
        act(&mut state, Act::Holder(true, 1));
        assert_eq!(state.seccomp.made_of.holder, Holder { container: None, caps: Some(String::new()) });
    }
}
