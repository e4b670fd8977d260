//! The value that counts for a container, and where it comes from.

use watertight_text::Span;

/// Where an effective value comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Origin {
    /// The container's own field.
    Container(Span),
    /// The pod's field, which the container inherits.
    Pod(Span),
    /// What the API server fills in.
    ApiDefault,
    /// What the container runtime does when nobody says anything.
    RuntimeDefault,
}

/// An effective value with its origin.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Effective<T> {
    /// The value; `None` when the text cannot tell (a template, an image's own user).
    pub value: Option<T>,
    /// Where it comes from.
    pub origin: Origin,
}
