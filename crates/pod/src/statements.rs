//! Which field each statement of a text stands in.

use std::sync::OnceLock;

use watertight_diagnostic::Route;
use watertight_text::{Span, sort};

/// The values that statements give, each with the field that it stands in. They are found by their place, so that who asks
/// about each of many does not walk all of them each time.
#[derive(Clone, Debug, Default)]
pub struct Statements {
    /// In the order in which they were read.
    all: Vec<(Span, Route)>,
    /// Places in `all` by where the values begin, once somebody has asked.
    sorted: OnceLock<Vec<usize>>,
}

impl PartialEq for Statements {
    fn eq(&self, other: &Self) -> bool {
        self.all == other.all
    }
}

impl Statements {
    /// Of a text without any.
    pub(crate) const fn none() -> Self {
        Self { all: Vec::new(), sorted: OnceLock::new() }
    }

    /// Adds one that was read behind the others.
    pub fn push(&mut self, value: Span, route: Route) {
        self.sorted.take();
        self.all.push((value, route));
    }

    /// Whether there are none: the text has no routes.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The fields of exactly this value, in the order in which they were read.
    pub fn of(&self, value: Span) -> impl Iterator<Item = &Route> {
        self.beginning_in(value).filter(move |(_, (span, _))| *span == value).map(|(_, (_, route))| route)
    }

    /// The field of the first that lies in `span`.
    pub fn within(&self, span: Span) -> Option<&Route> {
        let inside = self.beginning_in(span).filter(|(_, (value, _))| span.contains(*value));
        inside.min_by_key(|(place, _)| *place).map(|(_, (_, route))| route)
    }

    fn beginning_in(&self, span: Span) -> impl Iterator<Item = (usize, &(Span, Route))> {
        let sorted = self.sorted.get_or_init(|| {
            let mut places: Vec<usize> = (0..self.all.len()).collect();
            sort::by_key(&mut places, |at| self.all.get(*at).map(|(value, _)| value.start));
            places
        });
        let begin = |at: &usize| self.all.get(*at).map_or(0, |(value, _)| value.start);
        let first = sorted.partition_point(|at| begin(at) < span.start);
        let rest = sorted.get(first..).unwrap_or_default().iter();
        rest.take_while(move |at| begin(at) <= span.end).filter_map(|at| Some((*at, self.all.get(*at)?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn found_by_their_place() {
        let route = |name: &'static str| Route::root(0).keys(name);
        let mut statements = Statements::default();
        assert!(statements.within(Span::new(0, 100)).is_none());
        for (start, end, name) in [(20, 24, "later"), (4, 8, "first"), (4, 8, "twin"), (4, 6, "part"), (8, 9, "next")] {
            statements.push(Span::new(start, end), route(name));
        }
        assert_eq!(statements.of(Span::new(4, 8)).collect::<Vec<_>>(), [&route("first"), &route("twin")]);
        assert_eq!(statements.of(Span::new(4, 9)).count(), 0);
        assert_eq!(statements.within(Span::new(4, 8)), Some(&route("first")));
        assert_eq!(statements.within(Span::new(4, 7)), Some(&route("part")));
        assert_eq!(statements.within(Span::new(0, 100)), Some(&route("later")));
        assert_eq!(statements.within(Span::new(9, 19)), None);
        statements.push(Span::new(9, 10), route("new"));
        assert_eq!(statements.within(Span::new(9, 19)), Some(&route("new")));
    }
}
