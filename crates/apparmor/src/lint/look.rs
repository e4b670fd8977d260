use watertight_diagnostic::{Location, Rewrite};
use watertight_text::{Span, shortened};

use super::Subject;
use crate::decide::{Compiled, Deciding, Operation, Verdict};
use crate::glob::Effort;
use crate::policy::{Origin, Policy, Profile, Rule, SourceId};
use crate::reason::{self, Reasoning};

/// A profile of a text, ready to be asked.
pub(crate) struct Look<'l> {
    pub(crate) subject: &'l Subject<'l>,
    pub(crate) policy: &'l Policy,
    pub(crate) profile: &'l Profile,
    pub(crate) compiled: Compiled,
    pub(crate) reasoning: Reasoning,
    /// Rules that are not about files and permit nothing, with those that take it away.
    pub(crate) dead: Vec<(u32, Vec<u32>)>,
}

/// How much of a rule is shown where it is named, in bytes: no sentence is longer.
pub(crate) const SHOWN: usize = 2_000;

impl<'l> Look<'l> {
    pub(crate) fn all(subject: &'l Subject<'l>) -> impl Iterator<Item = Self> {
        let policy = &subject.resolved.policy;
        let mut effort = Effort::of_file(subject.text.len());
        policy.walk().into_iter().map(move |profile| {
            let compiled = Compiled::new(policy, profile);
            let reasoning = effort.lend(|effort| reason::files(&compiled, effort));
            let dead = effort.lend(|effort| compiled.dead_rules(effort));
            Self { subject, policy, profile, compiled, reasoning, dead }
        })
    }

    /// Whether the text says all that there is to know: the parser accepts it, no include is missing, and every rule can be
    /// followed.
    pub(crate) fn is_whole(&self) -> bool {
        self.subject.resolved.refusals.is_empty()
            && self.profile.unknown.is_empty()
            && self.policy.unknown.is_empty()
            && self.compiled.follows_all()
    }

    /// Whether it is put on containers by its name, as opposed to on programs by their paths, and refuses what it does
    /// not allow.
    pub(crate) fn is_for_containers(&self) -> bool {
        self.profile.attachment.is_none() && !self.profile.hat && !self.profile.full_name.contains("//")
    }

    pub(crate) fn rule(&self, rule: u32) -> Option<&'l Rule> {
        self.profile.rules.get(rule as usize)
    }

    /// Whether a rule stands in the text itself, where it can be changed.
    pub(crate) fn is_own(&self, rule: u32) -> bool {
        self.rule(rule).is_some_and(|rule| rule.origin.source == SourceId::TEXT)
    }

    /// The text of a rule as it is written, or the name of the include that it comes from.
    pub(crate) fn written(&self, origin: Origin) -> String {
        if origin.source == SourceId::TEXT {
            return shortened(origin.span.slice(self.subject.text), SHOWN).into_owned();
        }
        let name = self.policy.sources.get(origin.source.0 as usize);
        ["a rule in ", name.map_or("an include", String::as_str)].concat()
    }

    pub(crate) fn location(&self, rule: u32, label: &str) -> Location {
        let origin = self.rule(rule).map_or(self.profile.origin, |rule| rule.origin);
        self.subject.location(origin, label)
    }

    /// The head of the profile.
    pub(crate) fn head(&self) -> Location {
        let origin = self.profile.origin;
        let span = if origin.source == SourceId::TEXT { self.profile.head } else { origin.shown };
        Location { file: self.subject.file, span, route: None, label: String::new() }
    }

    pub(crate) fn decide(&self, operation: &Operation) -> Verdict {
        self.compiled.decide(self.policy, self.profile, operation)
    }

    /// Several questions at once, which is quicker where they are about files.
    pub(crate) fn decide_all(&self, operations: &[Operation]) -> Vec<Verdict> {
        self.compiled.decide_all(self.policy, self.profile, operations)
    }

    /// A rule that allowed, one of the text itself rather than one of an include.
    pub(crate) fn allowing(&self, verdict: &Verdict) -> Option<Deciding> {
        let allows = || verdict.rules.iter().filter(|deciding| !deciding.denies);
        allows().find(|deciding| self.is_own(deciding.rule)).or_else(|| allows().next()).copied()
    }

    /// Takes a rule out of the text, with its line when it has one to itself.
    pub(crate) fn removed(&self, rule: u32) -> Option<Rewrite> {
        let origin = self.rule(rule)?.origin;
        (origin.source == SourceId::TEXT).then(|| remove(self.subject.text, origin.span))
    }

    /// Where rules can be added at the top of the profile, and the indentation that they need.
    pub(crate) fn top(&self) -> Option<(Span, String)> {
        if self.profile.origin.source != SourceId::TEXT {
            return None;
        }
        let text = self.subject.text;
        let from = self.profile.head.end as usize;
        let brace = from + text.get(from..)?.find('{')? + 1;
        let line = text.get(..from)?.rsplit('\n').next().unwrap_or_default();
        let indent: String = line.chars().take_while(|c| *c == ' ' || *c == '\t').collect();
        Some((Span::at(brace), [&indent, "  "].concat()))
    }
}

/// The names of so many things, and none of the others, which are only counted.
pub(crate) fn named<T>(things: impl Iterator<Item = T>, most: usize, name: impl Fn(T) -> String) -> Vec<String> {
    things.enumerate().map(|(place, thing)| if place < most { name(thing) } else { String::new() }).collect()
}

fn remove(text: &str, span: Span) -> Rewrite {
    let (start, end) = (span.start as usize, span.end as usize);
    let before = text.get(..start).unwrap_or_default();
    let after = text.get(end..).unwrap_or_default();
    let blank_before = before.len() - before.trim_end_matches([' ', '\t']).len();
    let alone = before.get(..start - blank_before).is_some_and(|rest| rest.is_empty() || rest.ends_with('\n'));
    let break_after = if after.starts_with("\r\n") { 2 } else { usize::from(after.starts_with('\n')) };
    let (start, end) = if alone && break_after > 0 { (start - blank_before, end + break_after) } else { (start, end) };
    let span = Span::new(start, end);
    Rewrite { span, expect: span.slice(text).to_owned(), text: String::new() }
}
