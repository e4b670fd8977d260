//! A set of a few things, in the order in which they came.
//!
//! People open, fold and hide a handful of things. Looking through a list costs nothing there, and a tree would be code that
//! everybody downloads.

use serde::Serialize;

/// A set of a few things.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(transparent)]
pub struct Few<T>(Vec<T>);

impl<T> Default for Few<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: PartialEq> Few<T> {
    /// Whether it is there.
    pub fn contains(&self, thing: &T) -> bool {
        self.0.contains(thing)
    }

    /// Adds it; `false` when it was there already.
    pub fn insert(&mut self, thing: T) -> bool {
        let is_new = !self.contains(&thing);
        if is_new {
            self.0.push(thing);
        }
        is_new
    }

    /// Takes it out; `false` when it was not there.
    pub fn remove(&mut self, thing: &T) -> bool {
        let place = self.0.iter().position(|other| other == thing);
        place.map(|place| self.0.remove(place)).is_some()
    }

    /// Keeps what passes.
    pub fn retain(&mut self, passes: impl FnMut(&T) -> bool) {
        self.0.retain(passes);
    }

    /// Takes everything out.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_there_once() {
        let mut few = Few::default();
        assert!(few.insert("a") && few.insert("b") && !few.insert("a"));
        assert_eq!(few.len(), 2);
        assert!(few.remove(&"a") && !few.remove(&"a") && few.contains(&"b"));
        few.retain(|thing| *thing != "b");
        assert!(few.is_empty());
    }
}
