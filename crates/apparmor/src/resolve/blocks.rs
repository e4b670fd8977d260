//! What stands in a profile, unfolded into a list of rules.

use std::collections::{HashMap, HashSet};
use std::mem;

use super::{Place, Resolver};
use crate::policy::{Origin, Profile, Rule};
use crate::refusal::Code;
use crate::tree::{Action, Block, Entry, Prefix, Rule as RuleSyntax, RuleKind};

/// Where the entries stand.
pub(super) struct Around<'c> {
    pub(super) place: Place,
    /// The blocks around them, the nearest last.
    pub(super) blocks: Vec<Prefix>,
    /// Whether they count: not in the branch of an `if` that is not taken.
    pub(super) live: bool,
    /// The files already taken in by this profile.
    pub(super) cache: &'c mut HashSet<String>,
    /// The children so far by namespace and name.
    pub(super) children: HashMap<(Option<String>, String), Origin>,
}

/// What was said of a rule already: blocks within each other would say the same once more.
#[derive(Default)]
struct Said {
    contradiction: bool,
    denied: bool,
}

impl Resolver<'_> {
    pub(super) fn entries(&mut self, entries: &[Entry], around: &mut Around<'_>, profile: &mut Profile) {
        for entry in entries {
            match entry {
                Entry::Rule(rule) => self.rule(rule, around, profile),
                Entry::Block(block) => self.block(block, around, profile),
                Entry::Abi(abi) => self.abi(abi, around.place, around.cache),
                Entry::Include(include) => {
                    let (files, unknown) = self.included_entries(include, around.place, around.cache);
                    if around.live {
                        profile.unknown.extend(unknown);
                    }
                    let outer = around.place;
                    for (entries, place) in files {
                        around.place = place;
                        self.entries(&entries, around, profile);
                    }
                    around.place = outer;
                }
                Entry::If(choice) => {
                    let yes = self.decide(&choice.condition, around.place);
                    let live = around.live;
                    around.live = live && yes;
                    self.entries(&choice.then, around, profile);
                    around.live = live && !yes;
                    self.entries(&choice.otherwise, around, profile);
                    around.live = live;
                }
                Entry::Profile(child) => {
                    let origin = around.place.origin(child.head);
                    let child = self.profile(child, around.place, Some(profile));
                    if !around.blocks.is_empty() {
                        profile.dropped.push(origin);
                    } else if around.live {
                        self.add_child(profile, child, around);
                    }
                }
            }
        }
    }

    fn block(&mut self, block: &Block, around: &mut Around<'_>, profile: &mut Profile) {
        if block.prefix.priority.is_some_and(|priority| priority != 0) {
            let origin = around.place.origin(block.prefix.span);
            self.refuse(Code::Prefix, origin, "A block takes no priority; write it in front of each rule.");
        }
        around.blocks.push(block.prefix.clone());
        self.entries(&block.body, around, profile);
        around.blocks.pop();
    }

    fn rule(&mut self, rule: &RuleSyntax, around: &Around<'_>, profile: &mut Profile) {
        let origin = around.place.origin(rule.span);
        self.adopt(crate::refuse::rule(rule), around.place);
        let mut rule = rule.clone();
        let goes_with_block = matches!(rule.kind, RuleKind::File(_) | RuleKind::Link(_) | RuleKind::ChangeProfile(_));
        if !around.blocks.is_empty() && !goes_with_block {
            profile.dropped.push(origin);
            return;
        }
        let mut said = Said::default();
        for block in around.blocks.iter().rev() {
            if !self.wrap(&mut rule, block, origin, &mut said) {
                return;
            }
        }
        if around.live {
            profile.rules.push(Rule { rule, origin, open: false, large: false });
        }
    }

    /// Adds what a block says to a rule in it. Whether anything is left of the rule.
    fn wrap(&mut self, rule: &mut RuleSyntax, block: &Prefix, origin: Origin, said: &mut Said) -> bool {
        let prefix = &mut rule.prefix;
        if block.stated {
            if prefix.stated && prefix.action != block.action && !mem::replace(&mut said.contradiction, true) {
                self.refuse(Code::Prefix, origin, "The rule and the block around it contradict each other.");
            }
            (prefix.action, prefix.stated) = (block.action, true);
        }
        prefix.audit |= block.audit;
        let nothing = matches!((prefix.whose, block.whose), (Some(a), Some(b)) if a != b);
        prefix.whose = block.whose.or(prefix.whose);
        if block.action == Action::Deny && !mem::replace(&mut said.denied, true) {
            self.adopt(crate::refuse::exec_mode(rule), Place { source: origin.source, shown: Some(origin.shown) });
        }
        !nothing
    }
}
