//! Sets of routes: which of them lie around a place, and which inside of it. A pod may have tens of thousands of containers,
//! so nobody goes through them one by one for each.

use std::collections::HashSet;

use watertight_diagnostic::Route;

use crate::digest::{Digest, digest_of, digests_along};

/// A set of routes.
#[derive(Debug, Default)]
pub(crate) struct Routes {
    own: HashSet<Digest>,
    /// All that any of them lies in.
    around: HashSet<Digest>,
}

impl Routes {
    pub(crate) fn insert(&mut self, route: &Route) {
        if self.own.insert(digest_of(route)) {
            self.around.extend(digests_along(route).take(route.steps.len()));
        }
    }

    /// Whether any of them is this place or lies around it.
    pub(crate) fn any_around(&self, place: &Route) -> bool {
        digests_along(place).any(|route| self.own.contains(&route))
    }

    /// Whether any of them is this place, lies around it or inside of it.
    pub(crate) fn any_along(&self, place: &Route) -> bool {
        self.around.contains(&digest_of(place)) || self.any_around(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn around_and_inside() {
        let route = |dotted: &'static str| Route::root(0).keys(dotted);
        let all = [route("spec.a.b"), route("spec.a.c"), route("spec.d")];
        let mut routes = Routes::default();
        all.iter().for_each(|route| routes.insert(route));
        for (place, around, along) in [
            ("spec.a.b", true, true),
            ("spec.a.b.x", true, true),
            ("spec.a", false, true),
            ("spec", false, true),
            ("spec.e", false, false),
            ("spec.a.x", false, false),
            ("spec.d.x.y", true, true),
        ] {
            let place = route(place);
            assert_eq!((routes.any_around(&place), routes.any_along(&place)), (around, along), "{place}");
            let one_by_one = |fits: fn(&Route, &Route) -> bool| all.iter().any(|own| fits(own, &place));
            assert_eq!(around, one_by_one(Route::contains), "{place}");
            assert_eq!(along, one_by_one(|own, place| own.contains(place) || place.contains(own)), "{place}");
        }
        assert!(!routes.any_along(&Route::root(1)));
    }
}
