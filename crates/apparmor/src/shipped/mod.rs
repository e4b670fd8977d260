//! Includes that profiles ask for and nobody pastes: summaries of what the common ones grant, as of AppArmor 5.
//!
//! They are our own lists of the same facts, not the files that a system has under `/etc/apparmor.d`: those of another
//! version grant a little more or less, and what an administrator has added to them is not here. Whatever is not listed
//! stays unknown.

mod abstractions;
mod tunables;

use std::borrow::Cow;

use crate::resolve::{Found, Includes, Presence};

/// The feature sets that AppArmor brings along.
const ABIS: &[&str] =
    &["3.0", "4.0", "4.0-ip", "5.0", "5.0-interface", "kernel-5.4-outoftree-network", "kernel-5.4-vanilla"];

/// What AppArmor brings along, summed up; everything else is unknown.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shipped;

impl Includes for Shipped {
    fn find(&self, path: &str, magic: bool) -> Found<'_> {
        let path = base_path(path, magic);
        match path.and_then(|path| summary(path).map(|text| (path, text))) {
            Some((path, text)) => Found::Text(["<", path, ">"].concat(), text),
            None => Found::Unknown,
        }
    }

    fn abi(&self, path: &str, magic: bool) -> Presence {
        let known =
            base_path(path, magic).and_then(|path| path.strip_prefix("abi/")).is_some_and(|abi| ABIS.contains(&abi));
        if known { Presence::There } else { Presence::Unknown }
    }
}

/// A path below the base folder, whichever way it is written.
fn base_path(path: &str, magic: bool) -> Option<&str> {
    let path = path.trim_end_matches('/');
    if magic { Some(path) } else { path.strip_prefix("/etc/apparmor.d/") }
}

fn summary(path: &str) -> Option<Cow<'static, str>> {
    if let Some(name) = path.strip_prefix("tunables/") {
        return tunables::summary(name);
    }
    let name = path.strip_prefix("abstractions/")?;
    abstractions::SUMMARIES.iter().find(|(known, _)| *known == name).map(|&(_, text)| Cow::Borrowed(text))
}

/// Texts that the user has given under the names by which profiles include them, before what is shipped.
#[derive(Clone, Debug, Default)]
pub struct Given<'g> {
    files: Vec<(&'g str, &'g str)>,
}

impl<'g> Given<'g> {
    /// Files by name. A file stands for an include when its path ends in the name of the include.
    pub fn new(files: impl IntoIterator<Item = (&'g str, &'g str)>) -> Self {
        Self { files: files.into_iter().collect() }
    }

    fn file(&self, path: &str) -> Option<&(&'g str, &'g str)> {
        let path = path.trim_start_matches('/').trim_end_matches('/');
        if path.is_empty() {
            return None;
        }
        self.files
            .iter()
            .find(|(name, _)| name.strip_suffix(path).is_some_and(|before| before.is_empty() || before.ends_with('/')))
    }
}

impl Includes for Given<'_> {
    fn find(&self, path: &str, magic: bool) -> Found<'_> {
        match self.file(path) {
            Some(&(name, text)) => Found::Text(name.to_owned(), Cow::Borrowed(text)),
            None => Shipped.find(path, magic),
        }
    }

    fn abi(&self, path: &str, magic: bool) -> Presence {
        if self.file(path).is_some() { Presence::There } else { Shipped.abi(path, magic) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::resolve;

    #[test]
    fn every_summary_is_accepted() {
        for (name, _) in abstractions::SUMMARIES {
            let text = format!(
                "abi <abi/4.0>,\ninclude <tunables/global>\nprofile a {{\n  include <abstractions/{name}>\n}}\n"
            );
            let resolved = resolve(&text, &Shipped);
            assert_eq!(resolved.refusals, [], "{name}");
            let profile = resolved.policy.profiles.first().unwrap();
            assert!(profile.unknown.is_empty() && !profile.rules.is_empty(), "{name}");
            assert!(resolved.policy.unknown.is_empty());
            assert!(profile.rules.iter().all(|rule| !rule.open), "{name}");
        }
    }

    #[test]
    fn what_is_not_listed_is_unknown() {
        assert!(matches!(Shipped.find("abstractions/gnome", true), Found::Unknown));
        assert!(matches!(Shipped.find("local/mine", true), Found::Unknown));
        assert_eq!(Shipped.abi("abi/4.0", true), Presence::There);
        assert_eq!(Shipped.abi("abi/9.0", true), Presence::Unknown);
    }

    #[test]
    fn given_files_come_first() {
        let given = Given::new([("x/abstractions/base", "/mine r,\n"), ("local/a", "/a r,\n")]);
        let text = "profile a {\n  include <abstractions/base>\n  include \"/etc/apparmor.d/local/a\"\n  include <local/a>\n}\n";
        let resolved = resolve(text, &given);
        let profile = resolved.policy.profiles.first().unwrap();
        assert_eq!(profile.rules.len(), 2, "{:?}", profile.unknown);
        assert_eq!(profile.unknown.len(), 1);
    }
}
