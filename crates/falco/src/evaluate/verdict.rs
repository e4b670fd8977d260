//! True, false, unknown.

/// What is known of a condition.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Verdict {
    /// It does not hold.
    False,
    /// It holds.
    True,
    /// The event does not carry what decides it.
    Unknown,
}

impl Verdict {
    /// One of three words: `true`, `false`, `unknown`.
    pub fn word(self) -> &'static str {
        match self {
            Self::False => "false",
            Self::True => "true",
            Self::Unknown => "unknown",
        }
    }

    /// All must hold.
    pub(super) fn all(verdicts: impl Iterator<Item = Self>) -> Self {
        Self::settled_by(Self::False, verdicts)
    }

    /// One must hold.
    pub(super) fn any(verdicts: impl Iterator<Item = Self>) -> Self {
        Self::settled_by(Self::True, verdicts)
    }

    /// One of `settling` settles it; otherwise anything unknown leaves it open. Stops at the first that settles it.
    fn settled_by(settling: Self, verdicts: impl Iterator<Item = Self>) -> Self {
        let mut result = !settling;
        for verdict in verdicts {
            if verdict == settling {
                return settling;
            }
            if verdict == Self::Unknown {
                result = Self::Unknown;
            }
        }
        result
    }
}

impl core::ops::Not for Verdict {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::True => Self::False,
            Self::Unknown => Self::Unknown,
        }
    }
}

impl From<bool> for Verdict {
    fn from(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }
}

#[cfg(test)]
mod tests {
    use super::Verdict::{self, False, True, Unknown};

    #[test]
    fn three_values() {
        assert_eq!(Verdict::all([True, Unknown, False].into_iter()), False);
        assert_eq!(Verdict::all([True, Unknown].into_iter()), Unknown);
        assert_eq!(Verdict::any([False, Unknown].into_iter()), Unknown);
        assert_eq!(Verdict::any([Unknown, True].into_iter()), True);
        assert_eq!(Verdict::all([].into_iter()), True);
        assert_eq!(Verdict::any([].into_iter()), False);
    }
}
