//! What the page remembers about how it is used. Texts are remembered only when the user asks for it.

use serde::{Deserialize, Serialize};
use watertight_diagnostic::Settings;

/// The most that is kept in the browser, in bytes of text over all files; browsers give a page about 5 MB.
pub const MAX_REMEMBERED: usize = 2_000_000;

/// Light, dark, or as the system is.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    /// As the system is.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// What the text is edited in.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EditorKind {
    /// With underlines, colours and quick fixes.
    #[default]
    Rich,
    /// A plain text field: for phones, screen readers, and those who like it.
    Plain,
}

/// The language of the page; what the engine says is English.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// The first of the browser's that there is.
    #[default]
    System,
    /// English.
    En,
    /// German.
    De,
}

impl Language {
    /// Its name in stored preferences and in addresses.
    pub fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::En => "en",
            Self::De => "de",
        }
    }
}

/// How the user likes the page.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Preferences {
    /// Light or dark.
    pub theme: Theme,
    /// What the page speaks.
    pub language: Language,
    /// What to edit in.
    pub editor: EditorKind,
    /// Whether the files are kept in this browser. Off unless the user turns it on.
    pub remember: bool,
    /// What analyses are asked, unless a link says otherwise.
    pub settings: Settings,
}

impl Preferences {
    /// Reads what was stored; what cannot be read counts as not stored.
    pub fn read(stored: Option<&str>) -> Self {
        stored.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default()
    }

    /// As it is stored.
    pub fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Settings with what somebody has changed of others by hand, from `before` to `after`.
pub fn carried(own: Settings, before: Settings, after: Settings) -> Settings {
    fn newer<T: PartialEq>(own: T, before: &T, after: T) -> T {
        if *before == after { own } else { after }
    }
    // The page has no choices for parts of a node, so a node is one setting here.
    Settings {
        level: newer(own.level, &before.level, after.level),
        kube_version: newer(own.kube_version, &before.kube_version, after.kube_version),
        writable_tmp: newer(own.writable_tmp, &before.writable_tmp, after.writable_tmp),
        node: newer(own.node, &before.node, after.node),
        facts: newer(own.facts, &before.facts, after.facts),
    }
}

#[cfg(test)]
mod tests {
    use watertight_diagnostic::{KubeVersion, Level};

    use super::*;

    #[test]
    fn there_and_back() {
        let liked = Preferences {
            theme: Theme::Dark,
            language: Language::De,
            editor: EditorKind::Plain,
            remember: true,
            ..Default::default()
        };
        assert_eq!(Preferences::read(Some(&liked.write())), liked);
        assert!(liked.write().contains(&format!("\"{}\"", liked.language.word())));
    }

    #[test]
    fn what_was_changed_by_hand_is_carried_alone() {
        let own = Settings::default();
        let before = Settings { level: Level::Privileged, writable_tmp: false, ..own };
        let after = Settings { kube_version: KubeVersion::Minor(30), ..before };
        assert_eq!(carried(own, before, after), Settings { kube_version: KubeVersion::Minor(30), ..own });
        assert_eq!(carried(own, before, own), own);
        assert_eq!(carried(own, before, before), own);
    }

    #[test]
    fn private_unless_asked() {
        for stored in [None, Some(""), Some("{}"), Some("[1]"), Some("{\"theme\":\"neon\"}")] {
            assert_eq!(Preferences::read(stored), Preferences::default(), "{stored:?}");
        }
        assert!(!Preferences::default().remember);
    }
}
