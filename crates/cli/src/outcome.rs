//! How a run ended.

use std::process::ExitCode;

/// How a run ended; the worse one counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub(crate) enum Outcome {
    /// Nothing to complain about.
    #[default]
    Clean,
    /// Something was found.
    Found,
    /// Some input could not be used, so that the rest may be less than all.
    Unusable,
}

impl Outcome {
    /// Remembers the worse of the two.
    pub(crate) fn worsen(&mut self, other: Self) {
        *self = (*self).max(other);
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Clean => Self::SUCCESS,
            Outcome::Found => Self::from(1),
            Outcome::Unusable => Self::from(2),
        }
    }
}
