//! Numbers that stand for values where millions of them are looked up and the values would take much room.

use std::hash::{DefaultHasher, Hash, Hasher};

use watertight_diagnostic::Route;

/// Two hashes, since one may be met by chance.
pub(crate) type Digest = (u64, u64);

/// A value as a number, the same in every run.
pub(crate) fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// What stands for a value.
pub(crate) fn digest(value: &impl Hash) -> Digest {
    (hash(&(0, value)), hash(&(1, value)))
}

/// What stands for the root of a route's document, for each node on the way, and last for the route itself.
pub(crate) fn digests_along(route: &Route) -> impl Iterator<Item = Digest> {
    let mut hashers = [0, 1].map(|which| {
        let mut hasher = DefaultHasher::new();
        (which, route.document).hash(&mut hasher);
        hasher
    });
    let digest = |hashers: &[DefaultHasher; 2]| (hashers[0].finish(), hashers[1].finish());
    let root = digest(&hashers);
    let below = route.steps.iter().map(move |step| {
        hashers.iter_mut().for_each(|hasher| step.hash(hasher));
        digest(&hashers)
    });
    std::iter::once(root).chain(below)
}

/// The last of [`digests_along`].
pub(crate) fn digest_of(route: &Route) -> Digest {
    digests_along(route).last().unwrap_or_default()
}
