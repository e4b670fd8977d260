//! Versions of the engine and of Falco, and which of them a file needs.

use std::fmt;

/// A version: major, minor, patch.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Version {
    /// Changes with what breaks.
    pub major: u32,
    /// Changes with what is new.
    pub minor: u32,
    /// Changes with what is mended.
    pub patch: u32,
}

/// The engine that we stand in for.
pub const ENGINE: Version = Version { major: 0, minor: 63, patch: 0 };

impl Version {
    /// Reads `x.y.z`; what follows the third number is passed over.
    pub fn of(text: &str) -> Option<Self> {
        let mut rest = text.trim_start();
        let mut numbers = [0; 3];
        for (index, number) in numbers.iter_mut().enumerate() {
            if index > 0 {
                rest = rest.strip_prefix('.')?;
            }
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            *number = rest.get(..digits)?.parse().ok()?;
            rest = rest.get(digits..)?;
        }
        let [major, minor, patch] = numbers;
        Some(Self { major, minor, patch })
    }

    /// Whether a version serves where `wanted` is asked for.
    pub fn satisfies(self, wanted: Self) -> bool {
        self.major == wanted.major && self >= wanted
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// A release of Falco that brought something new to rules.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Release {
    /// 0.36, and all that is older for us.
    V0_36,
    /// 0.37: `override`, versions of the engine with three numbers.
    V0_37,
    /// 0.38: `iglob`, `tolower`, `toupper`, `b64`, `val`.
    V0_38,
    /// 0.39: `regex`, `basename`.
    V0_39,
    /// 0.40: `len`.
    V0_40,
    /// 0.41: nothing that a file could need but its engine.
    V0_41,
    /// 0.42: `capture`.
    V0_42,
    /// 0.43: nothing that a file could need but its engine.
    V0_43,
    /// 0.44: `join`, `concat`, `getopt`, `oneof`, `anyof`, `allof`.
    V0_44,
    /// What comes after 0.44: `\xHH` in constants.
    Next,
}

impl Release {
    /// All of them, the oldest first.
    const ALL: [Self; 10] = [
        Self::V0_36,
        Self::V0_37,
        Self::V0_38,
        Self::V0_39,
        Self::V0_40,
        Self::V0_41,
        Self::V0_42,
        Self::V0_43,
        Self::V0_44,
        Self::Next,
    ];

    /// The first whose engine serves where `wanted` is asked for; `None` when none does yet.
    pub fn with_engine(wanted: Version) -> Option<Self> {
        Self::ALL.into_iter().find(|release| release.engine().satisfies(wanted))
    }

    /// The version of Falco.
    pub fn falco(self) -> &'static str {
        match self {
            Self::V0_36 => "0.36",
            Self::V0_37 => "0.37.1",
            Self::V0_38 => "0.38",
            Self::V0_39 => "0.39",
            Self::V0_40 => "0.40",
            Self::V0_41 => "0.41",
            Self::V0_42 => "0.42",
            Self::V0_43 => "0.43",
            Self::V0_44 => "0.44",
            Self::Next => "after 0.44",
        }
    }

    /// The version of its engine.
    pub fn engine(self) -> Version {
        let minor = match self {
            Self::V0_36 => 26,
            Self::V0_37 => 31,
            Self::V0_38 => 40,
            Self::V0_39 => 43,
            Self::V0_40 => 46,
            Self::V0_41 => 50,
            Self::V0_42 => 57,
            Self::V0_43 => 58,
            Self::V0_44 => 62,
            Self::Next => 63,
        };
        Version { major: 0, minor, patch: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(Version::of(text).map(|version| version.to_string()).as_deref(), expected, "{text}");
        };
        check("0.26.0", Some("0.26.0"));
        check("1.2.3-rc1", Some("1.2.3"));
        for wrong in ["", "x", "1", "1.2", "1.2.", "1.2.x", "99999999999.0.0"] {
            check(wrong, None);
        }
    }

    #[test]
    fn engines_belong_to_releases() {
        let check = |text, expected: Option<&str>| {
            let release = Release::with_engine(Version::of(text).unwrap());
            assert_eq!(release.map(Release::falco), expected, "{text}");
        };
        check("0.26.0", Some("0.36"));
        check("0.27.0", Some("0.37.1"));
        check("0.57.0", Some("0.42"));
        check("0.57.1", Some("0.43"));
        check("0.63.0", Some("after 0.44"));
        check("0.64.0", None);
        assert!(Release::ALL.is_sorted());
    }

    #[test]
    fn newer_versions_satisfy() {
        let version = |text| Version::of(text).unwrap();
        assert!(version("0.63.0").satisfies(version("0.26.0")));
        assert!(version("0.63.0").satisfies(version("0.63.0")));
        assert!(!version("0.63.0").satisfies(version("0.99.0")));
        assert!(!version("0.63.0").satisfies(version("1.0.0")));
    }
}
