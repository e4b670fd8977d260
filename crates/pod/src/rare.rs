//! Parts of the model that most pods lack.

use std::ops::{Deref, DerefMut};
use std::sync::LazyLock;

use crate::{ContainerSecurity, EngineOptions, PodSecurity};

/// A part that is large and mostly not there: while nothing in it is written, it takes a pointer. It is read and written like
/// the part itself.
#[derive(Clone, PartialEq, Debug)]
pub struct Rare<T>(Option<Box<T>>);

/// A part that may be missing.
pub trait Part: Default + 'static {
    /// The part with nothing written in it, which all that lack it share.
    fn nothing() -> &'static Self;
}

macro_rules! parts {
    ($($part:ident)*) => {$(
        impl Part for $part {
            fn nothing() -> &'static Self {
                static NOTHING: LazyLock<$part> = LazyLock::new($part::default);
                &NOTHING
            }
        }
    )*};
}

parts!(PodSecurity ContainerSecurity EngineOptions);

impl<T> Default for Rare<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> From<T> for Rare<T> {
    fn from(part: T) -> Self {
        Self(Some(Box::new(part)))
    }
}

impl<T: Part> Deref for Rare<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.as_deref().unwrap_or_else(|| T::nothing())
    }
}

impl<T: Part> DerefMut for Rare<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.0.get_or_insert_default()
    }
}
