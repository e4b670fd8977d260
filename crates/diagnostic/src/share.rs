//! What a link carries: the open files and the settings, as JSON. The page and the command line pack that JSON (deflate
//! without a header, then base64url without padding) into the fragment of an address, behind one digit that names the
//! format: `#1…`. A fragment is never sent to a server.
//!
//! Links live long and are written by anybody. So what is missing in one has a default, what is unknown is passed over,
//! and what is read is data with bounds, never markup and never a path.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Settings;

/// The digit in front of links that are written now. Older digits stay readable for ever.
pub const FORMAT: char = '1';
/// The longest packed link that is written, in characters: longer ones do not survive mail and chat programs.
pub const MAX_WRITTEN: usize = 100_000;
/// The longest packed link that is read, in characters.
pub const MAX_READ: usize = 1_000_000;
/// The most that a link may unpack to, in bytes.
pub const MAX_UNPACKED: usize = 10_000_000;
/// The most files that a link may hold.
const MAX_FILES: usize = 100;
/// The longest name of a file, in characters.
const MAX_NAME: usize = 200;

/// What a link carries.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Shared {
    /// The files, in the order of their tabs.
    pub files: Vec<SharedFile>,
    /// What was asked of them.
    pub settings: Settings,
}

/// A file by name and text: in a link, and as a browser keeps it.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct SharedFile {
    /// Its name.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// Why what a link carries cannot be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ShareError {
    /// It is not what a link carries.
    NoFiles,
    /// It carries more files than anybody opens.
    TooManyFiles,
}

impl fmt::Display for ShareError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoFiles => f.write_str("no file could be read from it; perhaps a part of the link is missing"),
            Self::TooManyFiles => write!(f, "it holds more than {MAX_FILES} files"),
        }
    }
}

/// The files alone, where the settings are those of another version.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Files {
    files: Vec<SharedFile>,
}

impl Shared {
    /// Reads the unpacked JSON of a link.
    ///
    /// # Errors
    /// When there is no file in it, or too many.
    pub fn read(json: &str) -> Result<Self, ShareError> {
        let mut shared: Self = match serde_json::from_str(json) {
            Ok(shared) => shared,
            Err(_) => {
                let Files { files } = serde_json::from_str(json).unwrap_or_default();
                Self { files, settings: Settings::default() }
            }
        };
        if shared.files.is_empty() {
            return Err(ShareError::NoFiles);
        }
        if shared.files.len() > MAX_FILES {
            return Err(ShareError::TooManyFiles);
        }
        for file in &mut shared.files {
            file.name = name(&file.name);
        }
        Ok(shared)
    }

    /// The JSON that is packed into a link.
    pub fn write(&self) -> String {
        // Strings and settings are all that is in it, and JSON can say both.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// A name as a tab shows it: no folders, nothing unprintable or that changes the direction of writing, not too long.
fn name(wished: &str) -> String {
    let last = wished.rsplit(['/', '\\']).next().unwrap_or_default();
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let shown: String = last.chars().filter(|c| !c.is_control() && !turns(*c)).take(MAX_NAME).collect();
    match shown.trim() {
        "" | "." | ".." => "untitled.yaml".to_owned(),
        shown => shown.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Level;

    fn file(name: &str, text: &str) -> SharedFile {
        SharedFile { name: name.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn there_and_back() {
        let settings = Settings { level: Level::Baseline, ..Settings::default() };
        let shared = Shared { files: vec![file("a.yaml", "a: 1\r\n"), file("🚢.yaml", "")], settings };
        assert_eq!(Shared::read(&shared.write()), Ok(shared));
    }

    #[test]
    fn what_is_missing_has_a_default() {
        for (json, level) in [
            (r#"{"files":[{"text":"x"}]}"#, Level::Restricted),
            (r#"{"files":[{"text":"x"}],"settings":{}}"#, Level::Restricted),
            (r#"{"files":[{"text":"x","color":1}],"settings":{"level":"baseline"},"later":[1]}"#, Level::Baseline),
            // Words of another version cost the settings, not the text.
            (r#"{"files":[{"text":"x"}],"settings":{"level":"paranoid"}}"#, Level::Restricted),
            (r#"{"files":[{"text":"x"}],"settings":null}"#, Level::Restricted),
        ] {
            let shared = Shared::read(json).unwrap();
            assert_eq!((shared.files, shared.settings.level), (vec![file("untitled.yaml", "x")], level), "{json}");
        }
    }

    #[test]
    fn what_is_no_link_is_refused() {
        for json in ["", "{", "null", "[]", "{}", r#"{"files":[]}"#, r#"{"files":"x"}"#, r#"{"files":[1]}"#] {
            assert_eq!(Shared::read(json), Err(ShareError::NoFiles), "{json}");
        }
        let many = Shared { files: vec![SharedFile::default(); MAX_FILES + 1], settings: Settings::default() };
        assert_eq!(Shared::read(&many.write()), Err(ShareError::TooManyFiles));
        let deep = "[".repeat(100_000);
        assert_eq!(Shared::read(&deep), Err(ShareError::NoFiles));
    }

    #[test]
    fn names_are_names() {
        for (wished, shown) in [
            ("pod.yaml", "pod.yaml"),
            ("../../etc/passwd", "passwd"),
            ("C:\\temp\\x.yaml", "x.yaml"),
            ("..", "untitled.yaml"),
            (" \n\u{202e}\u{0} ", "untitled.yaml"),
            ("<img src=x>", "<img src=x>"),
            ("__proto__", "__proto__"),
        ] {
            assert_eq!(name(wished), shown, "{wished:?}");
        }
        assert_eq!(name(&"n".repeat(5_000)).len(), MAX_NAME);
    }
}
