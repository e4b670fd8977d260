use std::collections::BTreeMap;

use watertight_diagnostic::{Fix, Location, Operation, Route, Safety};
use watertight_text::Span;

use super::keys::{self, Key};
use super::{Form, Subject, is_of_seccompiler};
use crate::profile::{Entry, Gate, Profile, Written};
use crate::read::{self, Fault};
use crate::{Action, Arch, Decider, Decision, Filter, FilterRule, Reader, Refusal, Syscall};

/// A profile, ready to be asked.
pub(super) struct Look<'l> {
    pub(super) subject: &'l Subject<'l>,
    pub(super) profile: Profile,
    pub(super) faults: Vec<Fault>,
    pub(super) filter: Result<Option<Filter>, Refusal>,
    /// For calls by the native ABI.
    decider: Option<Decider>,
    /// Every key in the order of the text.
    pub(super) keys: Vec<Key<'l>>,
    /// By the place of the call among all.
    calls: Vec<OfCall>,
}

/// The rules of a call, as places among those of the filter.
#[derive(Clone, Copy, Default)]
struct OfCall {
    /// The one that is added first.
    first: Option<usize>,
    /// The one that decides whatever the arguments are: the first without conditions.
    winner: Option<usize>,
}

impl<'l> Look<'l> {
    pub(super) fn new(subject: &'l Subject<'l>) -> Self {
        let (profile, faults) = read::read(subject.node, &subject.route);
        let filter = profile.as_read_by(subject.reader, &subject.target);
        let known = filter.as_ref().ok().and_then(Option::as_ref);
        let decider = known.map(|filter| Decider::of_abi(filter, subject.target.arch));
        let calls = known.map(of_calls).unwrap_or_default();
        Self { subject, profile, faults, filter, decider, keys: keys::all(subject), calls }
    }

    /// A filter of another program, which no container runtime reads.
    pub(super) fn is_foreign(&self) -> bool {
        is_of_seccompiler(self.subject.node)
    }

    /// Whether another profile allows things besides, which is not known here.
    pub(super) fn has_base(&self) -> bool {
        self.subject.node.get("baseProfileName").is_some()
    }

    pub(super) fn native(&self) -> Arch {
        self.subject.target.arch
    }

    /// The filter with its decisions; `None` when the runtime refuses the profile or takes it for none.
    pub(super) fn filter(&self) -> Option<(&Filter, &Decider)> {
        Some((self.filter.as_ref().ok()?.as_ref()?, self.decider.as_ref()?))
    }

    /// Who reads it, as the beginning of a sentence has it.
    pub(super) fn who(&self) -> &'static str {
        match (self.subject.form, self.subject.reader) {
            (Form::Object, _) => "The Security Profiles Operator",
            (Form::Config, _) => "runc",
            (Form::File, Reader::Docker) => "Docker",
            (Form::File, Reader::ContainersCommon) => "CRI-O or Podman",
            (Form::File, Reader::Oci) => "containerd, which reads a pod's `Localhost` profile as plain OCI,",
            (Form::File, Reader::Libseccomp) => "The program",
        }
    }

    /// What happens to a call by the native ABI; `None` where it has none of this name.
    pub(super) fn decide(&self, name: &str, args: &[u64; 6]) -> Option<Decision> {
        let (_, decider) = self.filter()?;
        Some(decider.decide(self.native(), Syscall::from_name(name)?.number(self.native())?, args))
    }

    /// Whether a call runs with these arguments.
    pub(super) fn lets(&self, name: &str, args: &[u64; 6]) -> bool {
        self.decide(name, args).is_some_and(|decision| decision.action.lets_pass())
    }

    /// Whether what no rule is for runs.
    pub(super) fn lets_by_default(&self) -> bool {
        self.filter().is_some_and(|(filter, _)| filter.default_action.lets_pass())
    }

    pub(super) fn at(&self, span: Span, route: &Route, label: &str) -> Location {
        Location { file: self.subject.file, span, route: Some(route.clone()), label: label.to_owned() }
    }

    pub(super) fn written<T>(&self, written: &Written<T>, label: &str) -> Location {
        self.at(written.span, &written.route, label)
    }

    /// The action that an entry writes, or the entry.
    pub(super) fn action_of(&self, entry: &Entry, label: &str) -> Location {
        entry.action.as_ref().map_or_else(|| self.at(entry.span, &entry.route, label), |it| self.written(it, label))
    }

    /// `defaultAction`, or the whole profile.
    pub(super) fn default(&self, label: &str) -> Location {
        match &self.profile.default_action {
            Some(action) => self.written(action, label),
            None => self.at(Span::at(self.profile.span.start as usize), &self.profile.route, label),
        }
    }

    /// What decides a call, at the name in the rule or at the default.
    pub(super) fn deciding(&self, decision: &Decision, label: &str) -> Location {
        let rule = match decision.by {
            crate::By::Rule(rule) => self.rule(rule),
            _ => None,
        };
        rule.and_then(|rule| self.name_of(rule)).map_or_else(|| self.default(label), |name| self.written(name, label))
    }

    /// The entry and the name that a rule comes from.
    pub(super) fn entry_of(&self, rule: &FilterRule) -> Option<&Entry> {
        self.profile.entries.get(rule.origin.entry as usize)
    }

    pub(super) fn name_of(&self, rule: &FilterRule) -> Option<&Written<String>> {
        let entry = self.entry_of(rule)?;
        entry.names_for(self.subject.reader).nth(rule.origin.name as usize)
    }

    /// Whether this reader passes over what an entry depends on, so that what it does beside others is nobody's intent.
    pub(super) fn has_lost_gates(&self, entry: &Entry) -> bool {
        let says = |gate: &Gate| !gate.caps.is_empty() || !gate.arches.is_empty() || gate.min_kernel.is_some();
        !self.subject.reader.knows_gates() && (says(&entry.includes) || says(&entry.excludes))
    }

    /// The entries that count for this reader and container, with their places.
    pub(super) fn counting(&self) -> impl Iterator<Item = (usize, &Entry)> {
        let (reader, target) = (self.subject.reader, &self.subject.target);
        let counts = move |entry: &Entry| !reader.knows_gates() || entry.counts(reader, target) == Ok(true);
        self.profile.entries.iter().enumerate().filter(move |(_, entry)| counts(entry))
    }

    /// Every name of every entry that counts, with what it asks for.
    pub(super) fn named(&self) -> impl Iterator<Item = (&Entry, &Written<String>, Action)> {
        let reader = self.subject.reader;
        self.counting().flat_map(move |(_, entry)| {
            let action = entry.action_for(reader).ok();
            entry.names_for(reader).filter_map(move |name| Some((entry, name, action?)))
        })
    }

    /// The rule of a call that is added first.
    pub(super) fn first_rule(&self, call: Syscall) -> Option<&FilterRule> {
        self.rule(self.calls.get(call.place())?.first?)
    }

    /// The rule that decides a call whatever its arguments are: the first one without conditions.
    pub(super) fn winner(&self, call: Syscall) -> Option<&FilterRule> {
        self.rule(self.calls.get(call.place())?.winner?)
    }

    fn rule(&self, place: usize) -> Option<&FilterRule> {
        self.filter()?.0.rules.get(place)
    }

    /// The rules of each call that has one with conditions, by its name, in the order in which they are added.
    pub(super) fn conditional(&self) -> BTreeMap<&'static str, Vec<&FilterRule>> {
        let rules = || self.filter().into_iter().flat_map(|(filter, _)| &filter.rules);
        let with = rules().filter(|rule| !rule.conditions.is_empty());
        let mut calls: BTreeMap<&str, Vec<&FilterRule>> =
            with.filter_map(|rule| Some((rule.syscall.call()?.name(), Vec::new()))).collect();
        for rule in rules() {
            if let Some(call) = rule.syscall.call()
                && let Some(own) = calls.get_mut(call.name())
            {
                own.push(rule);
            }
        }
        calls
    }

    pub(super) fn fix(&self, title: impl Into<String>, safety: Safety, operations: Vec<Operation>) -> Fix {
        Fix { title: title.into(), safety, level: None, file: self.subject.file, operations, rewrites: Vec::new() }
    }

    /// Takes a name out of its entry, and the entry with its last name.
    pub(super) fn without(&self, entry: &Entry, name: &Written<String>) -> Operation {
        let is_last = entry.names.len() + usize::from(entry.name.is_some()) == 1;
        Operation::remove(if is_last { entry.route.clone() } else { name.route.clone() })
    }

    /// Takes several names out of one entry.
    pub(super) fn without_all(&self, entry: &Entry, names: &[&Written<String>]) -> Vec<Operation> {
        if names.len() >= entry.names.len() + usize::from(entry.name.is_some()) {
            return vec![Operation::remove(entry.route.clone())];
        }
        names.iter().map(|name| Operation::remove(name.route.clone())).collect()
    }

    /// Adds calls to the profile with an action of their own, written as an entry at the end.
    pub(super) fn with_entry(&self, names: &[&str], action: Action) -> Operation {
        let mut entry = serde_json::Map::new();
        entry.insert("names".to_owned(), names.into());
        entry.insert("action".to_owned(), action.kind.scmp_name().into());
        if action.kind.takes_data() && action != Action::errno(1) {
            entry.insert("errnoRet".to_owned(), action.data.into());
        }
        Operation::append(self.profile.route.key("syscalls"), entry)
    }
}

fn of_calls(filter: &Filter) -> Vec<OfCall> {
    let mut calls = vec![OfCall::default(); Syscall::all().len()];
    for (place, rule) in filter.rules.iter().enumerate() {
        if let Some(call) = rule.syscall.call().and_then(|call| calls.get_mut(call.place())) {
            call.first = call.first.or(Some(place));
            call.winner = call.winner.or_else(|| rule.conditions.is_empty().then_some(place));
        }
    }
    calls
}

/// What an action does, as it stands behind "the call".
pub(super) fn said(action: Action) -> String {
    use crate::ActionKind::{Allow, Errno, KillProcess, KillThread, Log, Notify, Trace, Trap};
    match action.kind {
        KillProcess => "kills the program".to_owned(),
        KillThread => "kills the calling thread".to_owned(),
        Trap => "raises SIGSYS".to_owned(),
        Errno if action.data == 0 => "reports success without running".to_owned(),
        Errno => {
            let name = crate::errno_name(action.data).map_or_else(|| action.data.to_string(), str::to_owned);
            ["fails with ", &name].concat()
        }
        Notify => "waits for a supervisor's answer".to_owned(),
        Trace => "waits for a tracer, and fails with ENOSYS without one".to_owned(),
        Log => "runs, and is logged".to_owned(),
        Allow => "runs".to_owned(),
    }
}
