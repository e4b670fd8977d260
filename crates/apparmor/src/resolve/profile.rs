//! Profiles: made of their syntax first, and finished when all is read.

use std::collections::{HashMap, HashSet};

use super::alias::Aliases;
use super::blocks::Around;
use super::expand::Expanded;
use super::symbols::Symbol;
use super::{Place, Resolver, alias};
use crate::policy::{CUT, Origin, Profile};
use crate::refusal::{Code, Refusal};
use crate::tree::{Profile as Syntax, ProfileKind, RuleKind, Setting, Text};

/// Variables that a profile brings along, for its own rules.
const OWN: [&str; 3] = ["profile_name", "attach_path", "exec_path"];

/// Where the profile of the same namespace and name stands, when there was one before.
fn earlier(known: &mut HashMap<(Option<String>, String), Origin>, profile: &Profile) -> Option<Origin> {
    let name = (profile.namespace.clone(), profile.name.clone());
    let first = *known.entry(name).or_insert(profile.origin);
    (first != profile.origin).then_some(first)
}

impl Resolver<'_> {
    pub(super) fn top_profile(&mut self, syntax: &Syntax, place: Place) {
        let profile = self.profile(syntax, place, None);
        if let Some(other) = earlier(&mut self.known, &profile) {
            let message = ["There is another profile `", &profile.name, "`."].concat();
            self.refusals.push(Refusal::at(Code::Duplicate, place.origin(syntax.head), message).against(other));
        }
        self.policy.profiles.push(profile);
    }

    pub(super) fn add_child(&mut self, parent: &mut Profile, child: Profile, around: &mut Around<'_>) {
        if let Some(other) = earlier(&mut around.children, &child) {
            let message = ["There is another child or hat `", &child.name, "` in this profile."].concat();
            self.refusals.push(Refusal::at(Code::Duplicate, child.origin, message).against(other));
        }
        parent.children.push(child);
    }

    pub(super) fn profile(&mut self, syntax: &Syntax, place: Place, parent: Option<&Profile>) -> Profile {
        let origin = Origin { span: syntax.span, ..place.origin(syntax.head) };
        self.adopt(crate::refuse::header(syntax, parent.is_some()), place);
        let label = crate::label::split(&syntax.name.value).ok();
        let mut profile = Profile {
            name: label.map_or_else(|| syntax.name.value.clone(), |label| label.name.to_owned()),
            full_name: String::new(),
            namespace: label.and_then(|label| label.namespace).map(str::to_owned),
            attachment: syntax.attachment.as_ref().map(|text| text.value.clone()),
            also: Vec::new(),
            flags: syntax.flags.clone(),
            hat: syntax.kind == ProfileKind::Hat,
            rules: Vec::new(),
            children: Vec::new(),
            unknown: Vec::new(),
            dropped: Vec::new(),
            origin,
            head: syntax.head,
        };
        let mut cache = HashSet::new();
        let mut around = Around { place, blocks: Vec::new(), live: true, cache: &mut cache, children: HashMap::new() };
        self.entries(&syntax.body, &mut around, &mut profile);
        profile.rules.shrink_to_fit();
        let refusals = crate::refuse::transitions(&profile);
        self.refusals.extend(refusals);
        profile
    }

    /// Expands every variable of a profile and of its children, and applies the aliases.
    pub(super) fn finish_profile(&mut self, profile: &mut Profile, parent: Option<&str>, aliases: &Aliases) {
        self.finish_name(profile);
        let mut has_room = |parent: &&str| self.symbols.budget.pattern(parent.len());
        profile.full_name = match parent {
            None => profile.name.clone(),
            Some(parent) => [Some(parent).filter(&mut has_room).unwrap_or(CUT), "//", &profile.name].concat(),
        };
        let single = |value: &str| Symbol::set([value.to_owned()]);
        let mut saved = Vec::new();
        for name in OWN {
            let value = match (name, &profile.attachment) {
                ("profile_name", _) => Some(single(&escaped(&profile.full_name))),
                (_, Some(attachment)) => Some(single(attachment)),
                // Without an attachment these are as they were declared, if they were.
                _ => continue,
            };
            saved.push((name, self.symbols.swap(name, value)));
        }
        for place in 0..profile.rules.len() {
            let Some(rule) = profile.rules.get_mut(place) else { break };
            let origin = rule.origin;
            for text in texts(&mut rule.rule.kind) {
                match self.expand_text(text, origin) {
                    Expanded::Wholly => {}
                    Expanded::Open => rule.open = true,
                    Expanded::TooLarge => rule.large = true,
                }
            }
        }
        for (name, symbol) in saved {
            self.symbols.swap(name, symbol);
        }
        alias::apply(aliases, profile, &mut self.symbols.budget);
        let full_name = profile.full_name.clone();
        for child in &mut profile.children {
            self.finish_profile(child, Some(&full_name), aliases);
        }
    }

    fn finish_name(&mut self, profile: &mut Profile) {
        let origin = Origin { span: profile.head, ..profile.origin };
        for value in std::iter::once(&mut profile.name).chain(&mut profile.attachment) {
            let mut text = Text { value: std::mem::take(value), span: profile.head };
            self.expand_whole(&mut text, origin);
            *value = text.value;
        }
        if profile.attachment.is_none() && profile.name.starts_with('/') {
            let local = profile.name.rsplit("//").next().unwrap_or(&profile.name);
            profile.attachment = Some(local.to_owned());
        }
        for flag in &mut profile.flags {
            let path = ["attach_disconnected.path=", "attach_disconnected.ipc="]
                .iter()
                .find_map(|start| flag.value.strip_prefix(start).map(|path| (*start, path.to_owned())));
            let Some((start, path)) = path else { continue };
            let mut text = Text { value: path, span: flag.span };
            let place = Origin { span: flag.span, ..origin };
            let open = !self.expand_whole(&mut text, place);
            if !text.value.starts_with('/') && !open {
                let message = "The path for disconnected files must begin with `/`.";
                self.refuse(Code::Flag, place, message);
            }
            flag.value = [start, &text.value].concat();
        }
    }
}

/// A name as a pattern that matches it.
fn escaped(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut letters = name.chars();
    while let Some(letter) = letters.next() {
        if matches!(letter, '{' | '}' | '[' | ']' | '*' | '?') {
            out.push('\\');
        }
        out.push(letter);
        if letter == '\\' {
            out.extend(letters.next());
        }
    }
    out
}

/// Every text of a rule in which variables are expanded.
fn texts(kind: &mut RuleKind) -> Vec<&mut Text> {
    match kind {
        RuleKind::File(rule) => rule.path.iter_mut().chain(&mut rule.link_target).collect(),
        RuleKind::Link(rule) => vec![&mut rule.from, &mut rule.to],
        RuleKind::Mount(rule) => {
            values(&mut rule.settings, &["fstype", "vfstype"]).chain(&mut rule.source).chain(&mut rule.target).collect()
        }
        RuleKind::PivotRoot(rule) => {
            values(&mut rule.settings, &["oldroot"]).chain(&mut rule.root).chain(&mut rule.target).collect()
        }
        RuleKind::Ptrace(rule) | RuleKind::Signal(rule) => values(&mut rule.settings, &["peer"]).collect(),
        RuleKind::Dbus(rule) | RuleKind::Unix(rule) => {
            let names = &["bus", "name", "label", "path", "interface", "member", "addr"];
            values(&mut rule.settings, names).chain(values(&mut rule.peer, names)).collect()
        }
        RuleKind::Mqueue(rule) => values(&mut rule.settings, &["label"]).chain(&mut rule.name).collect(),
        RuleKind::ChangeProfile(rule) => rule.exec.iter_mut().chain(&mut rule.target).collect(),
        RuleKind::Capability(_)
        | RuleKind::Network(_)
        | RuleKind::IoUring(_)
        | RuleKind::Userns(_)
        | RuleKind::Rlimit(_)
        | RuleKind::All => Vec::new(),
    }
}

fn values<'s>(settings: &'s mut [Setting], names: &'static [&'static str]) -> impl Iterator<Item = &'s mut Text> {
    settings
        .iter_mut()
        .filter(|setting| names.contains(&setting.name.value.as_str()))
        .flat_map(|setting| &mut setting.values)
}
