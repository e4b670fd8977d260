//! Variables: what they are declared as, and what they come to.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use watertight_text::shortened;

use super::budget::Budget;
use crate::tree::{Assign, Variable};

/// How many values a variable may come to.
const VALUES: usize = 10_000;

/// How many bytes they may have together, and a pattern with all its variables expanded.
pub(super) const BYTES: usize = 1 << 20;

/// Both kinds share one set of names.
#[derive(Clone, Debug)]
pub(super) enum Symbol {
    Set {
        values: BTreeSet<String>,
        /// Filled when it is first asked for.
        expanded: Option<Result<Rc<Values>, Trouble>>,
    },
    Boolean(bool),
}

impl Symbol {
    pub(super) fn set(values: impl IntoIterator<Item = String>) -> Self {
        Self::Set { values: values.into_iter().collect(), expanded: None }
    }
}

/// What a variable comes to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Values {
    pub(super) set: BTreeSet<String>,
    /// Their bytes, with one between two of them.
    pub(super) bytes: usize,
}

impl FromIterator<String> for Values {
    fn from_iter<I: IntoIterator<Item = String>>(values: I) -> Self {
        let set: BTreeSet<String> = values.into_iter().collect();
        let bytes = set.iter().map(|value| value.len() + 1).sum();
        Self { set, bytes }
    }
}

/// How much of a variable's name is repeated, in bytes, where thousands of rules have the same trouble with it.
const SHOWN: usize = 200;

/// Why a variable has no values.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Trouble {
    /// Nobody has declared it.
    Undeclared(String),
    /// It holds true or false.
    Boolean(String),
    /// It is part of its own value.
    Circular(String),
    /// It comes to more than we care to follow.
    Large(String),
}

impl Trouble {
    fn undeclared(name: &str) -> Self {
        Self::Undeclared(shortened(name, SHOWN).into_owned())
    }

    fn boolean(name: &str) -> Self {
        Self::Boolean(shortened(name, SHOWN).into_owned())
    }

    fn circular(name: &str) -> Self {
        Self::Circular(shortened(name, SHOWN).into_owned())
    }

    pub(super) fn large(name: &str) -> Self {
        Self::Large(shortened(name, SHOWN).into_owned())
    }

    pub(super) fn message(&self) -> String {
        let (before, name, after) = match self {
            Self::Undeclared(name) => {
                ("The variable `@{", name, "}` is not declared. Declare it, or include <tunables/global> at the top.")
            }
            Self::Boolean(name) => ("The variable `", name, "` holds true or false; it cannot stand in a pattern."),
            Self::Circular(name) => ("The variable `@{", name, "}` is part of its own value."),
            Self::Large(name) => ("The variable `@{", name, "}` comes to too many values to look at."),
        };
        [before, name, after].concat()
    }
}

#[derive(Debug)]
pub(super) struct Symbols {
    symbols: HashMap<String, Symbol>,
    pub(super) budget: Budget,
}

impl Symbols {
    pub(super) fn within(budget: Budget) -> Self {
        Self { symbols: HashMap::new(), budget }
    }

    pub(super) fn assign(&mut self, variable: &Variable) -> Result<(), String> {
        let name = &variable.name.value;
        let values = || variable.values.iter().map(|value| value.value.clone());
        let set = Symbol::set(values());
        match (variable.assign, self.symbols.get_mut(name)) {
            (Assign::Add, None) => Err(["`@{", name, "}` gets more values before it is declared with `=`."].concat()),
            (Assign::Add, Some(Symbol::Boolean(_))) => Err(Trouble::boolean(name).message()),
            (Assign::Add, Some(Symbol::Set { values: known, expanded })) => {
                known.extend(values());
                // What was asked for before stays as it was answered; so does the parser.
                let _ = expanded;
                Ok(())
            }
            (Assign::Set, Some(_)) => Err(already(name)),
            (Assign::Default, Some(_)) => Ok(()),
            (Assign::Override, _) | (Assign::Set | Assign::Default, None) => {
                self.symbols.insert(name.clone(), set);
                Ok(())
            }
        }
    }

    pub(super) fn assign_boolean(&mut self, name: &str, assign: Assign, value: bool) -> Result<(), String> {
        match (assign, self.symbols.contains_key(name)) {
            (Assign::Add, _) => Err(String::from("`+=` does not go with true and false.")),
            (Assign::Set, true) => Err(already(name)),
            (Assign::Default, true) => Ok(()),
            _ => {
                self.symbols.insert(name.to_owned(), Symbol::Boolean(value));
                Ok(())
            }
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&Symbol> {
        self.symbols.get(name)
    }

    /// Puts another symbol in place of one for a while; gives back what was there.
    pub(super) fn swap(&mut self, name: &str, symbol: Option<Symbol>) -> Option<Symbol> {
        match symbol {
            Some(symbol) => self.symbols.insert(name.to_owned(), symbol),
            None => self.symbols.remove(name),
        }
    }

    /// The values of a variable with every variable in them expanded.
    pub(super) fn expanded(&mut self, name: &str) -> Result<Rc<Values>, Trouble> {
        let values = self.expand(name, &mut Vec::new())?;
        // Whoever asks looks at all of them.
        if self.budget.work(values.bytes) { Ok(values) } else { Err(Trouble::large(name)) }
    }

    fn expand(&mut self, name: &str, within: &mut Vec<String>) -> Result<Rc<Values>, Trouble> {
        let values = match self.symbols.get(name) {
            None => return Err(Trouble::undeclared(name)),
            Some(Symbol::Boolean(_)) => return Err(Trouble::boolean(name)),
            Some(Symbol::Set { expanded: Some(known), .. }) => return known.clone(),
            Some(Symbol::Set { values, .. }) => values.clone(),
        };
        if within.iter().any(|outer| outer == name) {
            return Err(Trouble::circular(name));
        }
        if within.len() >= crate::parse::DEPTH {
            return Err(Trouble::large(name));
        }
        within.push(name.to_owned());
        let result = self.expand_all(name, values, within);
        within.pop();
        if let Some(Symbol::Set { expanded, .. }) = self.symbols.get_mut(name) {
            *expanded = Some(result.clone());
        }
        result
    }

    fn expand_all(
        &mut self,
        name: &str,
        values: BTreeSet<String>,
        within: &mut Vec<String>,
    ) -> Result<Rc<Values>, Trouble> {
        let mut done = BTreeSet::new();
        let mut bytes = 0;
        let mut left: Vec<String> = values.into_iter().collect();
        while let Some(value) = left.pop() {
            bytes += value.len() + 1;
            if bytes > BYTES || done.len() + left.len() > VALUES || !self.budget.work(value.len() + 1) {
                return Err(Trouble::large(name));
            }
            let Some((place, name)) = super::expand::first_variable(&value) else {
                done.insert(value);
                continue;
            };
            let inner = self.expand(name, within)?;
            if !self.budget.work(inner.bytes + inner.set.len() * value.len()) {
                return Err(Trouble::large(name));
            }
            let prefix = value.get(..place.start).unwrap_or_default();
            let suffix = value.get(place.end..).unwrap_or_default();
            left.extend(inner.set.iter().map(|value| [prefix, value, suffix].concat()));
        }
        let values: Values = done.into_iter().collect();
        if self.budget.memory(values.bytes) { Ok(Rc::new(values)) } else { Err(Trouble::large(name)) }
    }
}

fn already(name: &str) -> String {
    ["`", name, "` is already declared. Use `+=` to add values."].concat()
}
