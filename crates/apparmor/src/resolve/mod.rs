//! From the syntax to the policy: takes in includes, decides conditions, unfolds blocks, expands variables, applies
//! aliases, and says along the way what the parser would refuse.

mod alias;
mod blocks;
mod budget;
mod condition;
mod expand;
mod include;
mod profile;
mod symbols;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use watertight_text::sort;

use watertight_text::Span;

pub use include::{Found, Includes, Presence};

use crate::parse::{Parsed, parse};
use crate::policy::{NOT_READ, Origin, Policy, SourceId, Unknown};
use crate::refusal::{Code, Refusal};
use crate::tree::{Abi, Item};
use alias::Aliases;
use budget::Budget;
use symbols::Symbols;

/// A text with everything that is known about it.
#[derive(Clone, Debug, Default)]
pub struct Resolved {
    /// The syntax of the text itself.
    pub parsed: Parsed,
    /// What it means.
    pub policy: Policy,
    /// Why the parser would refuse it; empty when it would not. In the order of the text.
    pub refusals: Vec<Refusal>,
    /// The profiles that the parser may refuse for rules that start one program in different ways: those rules are too many
    /// or too large to be compared.
    pub uncompared: HashSet<Origin>,
}

/// How many sources one text may take in, itself included.
const SOURCES: usize = 2_000;

/// How many bytes they may have together.
const TOTAL: usize = 20 * 1024 * 1024;

/// Reads a text and works out what it means. `includes` gives the texts that it refers to.
pub fn resolve(text: &str, includes: &dyn Includes) -> Resolved {
    let parsed = parse(text);
    let mut resolver = Resolver::new(includes, text.len(), parsed.refusals.clone());
    resolver.policy.sources.push(String::new());
    let mut cache = HashSet::new();
    resolver.items(&parsed.file.items, Place::default(), &mut cache);
    resolver.finish(text.len());
    let Resolver { mut policy, mut refusals, uncompared, .. } = resolver;
    sort::by_key(&mut refusals, |refusal| (refusal.origin.shown, refusal.origin.source, refusal.origin.span));
    refusals.dedup();
    refusals.shrink_to_fit();
    if let Some(limit) = refusals.iter().find(|refusal| refusal.code == Code::Limit) {
        policy.unknown.push(Unknown { name: NOT_READ.to_owned(), origin: limit.origin });
    }
    Resolved { parsed, policy, refusals, uncompared }
}

/// Which source is being read, and through which include of the given text.
#[derive(Clone, Copy, Default)]
struct Place {
    source: SourceId,
    shown: Option<Span>,
}

impl Place {
    fn origin(self, span: Span) -> Origin {
        Origin { source: self.source, span, shown: self.shown.unwrap_or(span) }
    }
}

struct Resolver<'i> {
    includes: &'i dyn Includes,
    policy: Policy,
    symbols: Symbols,
    aliases: Vec<(String, String)>,
    refusals: Vec<Refusal>,
    uncompared: HashSet<Origin>,
    /// The profiles at the top level by namespace and name.
    known: HashMap<(Option<String>, String), Origin>,
    /// Bytes taken in so far.
    taken: usize,
    profiles_begun: bool,
}

impl<'i> Resolver<'i> {
    fn new(includes: &'i dyn Includes, bytes: usize, refusals: Vec<Refusal>) -> Self {
        Self {
            includes,
            policy: Policy::default(),
            symbols: Symbols::within(Budget::of(bytes)),
            aliases: Vec::new(),
            refusals,
            uncompared: HashSet::new(),
            known: HashMap::new(),
            taken: 0,
            profiles_begun: false,
        }
    }

    fn refuse(&mut self, code: Code, origin: Origin, message: impl Into<String>) {
        self.refusals.push(Refusal::at(code, origin, message));
    }

    /// Takes over faults that were found in another source, or that know their bytes only.
    fn adopt(&mut self, refusals: Vec<Refusal>, place: Place) {
        self.refusals.extend(refusals.into_iter().map(|mut refusal| {
            refusal.origin = place.origin(refusal.origin.span);
            refusal.related = refusal.related.map(|related| place.origin(related.span));
            refusal
        }));
    }

    fn items(&mut self, items: &[Item], place: Place, cache: &mut HashSet<String>) {
        for item in items {
            let (span, in_order) = match item {
                Item::Abi(abi) => (abi.span, false),
                Item::Alias(alias) => (alias.span, false),
                Item::Variable(variable) => (variable.span, false),
                Item::Boolean(boolean) => (boolean.span, false),
                Item::Include(include) => (include.span, true),
                Item::Profile(profile) => (profile.head, true),
            };
            if self.profiles_begun && !in_order {
                let message = "Variables, aliases and the abi stand before the first profile.";
                self.refuse(Code::Syntax, place.origin(span), message);
            }
            match item {
                Item::Include(include) => self.include(include, place, cache),
                Item::Abi(abi) => self.abi(abi, place, cache),
                Item::Alias(alias) => self.aliases.push((alias.from.value.clone(), alias.to.value.clone())),
                Item::Variable(variable) => {
                    if let Err(message) = self.symbols.assign(variable) {
                        self.refuse(Code::Variable, place.origin(variable.span), message);
                    }
                }
                Item::Boolean(boolean) => self.boolean(boolean, place),
                Item::Profile(profile) => {
                    self.profiles_begun = true;
                    self.top_profile(profile, place);
                }
            }
        }
    }

    fn abi(&mut self, abi: &Abi, place: Place, cache: &HashSet<String>) {
        if self.policy.abi.is_none() {
            self.policy.abi = Some(abi.path.clone());
        }
        let known = abi.magic && matches!(abi.path.value.as_str(), "kernel" | "default");
        if known || cache.contains(&abi.path.value) {
            return;
        }
        if self.includes.abi(&abi.path.value, abi.magic) == Presence::Missing {
            let mut message = String::from("There is no feature set `");
            message.push_str(&abi.path.value);
            message.push_str("`.");
            self.refuse(Code::Abi, place.origin(abi.span), message);
        }
    }

    /// What can be said only when everything has been read.
    fn finish(&mut self, bytes: usize) {
        let aliases = Aliases::new(std::mem::take(&mut self.aliases));
        let mut profiles = std::mem::take(&mut self.policy.profiles);
        for profile in &mut profiles {
            self.finish_profile(profile, None, &aliases);
        }
        self.policy.profiles = profiles;
        let (refusals, uncompared) = crate::refuse::policy(&self.policy, bytes + self.taken);
        self.refusals.extend(refusals);
        self.uncompared = uncompared;
    }
}
