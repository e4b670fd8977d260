use std::collections::HashSet;

use watertight_diagnostic::{Finding, declare_meta};

use super::Subject;
use super::told::Told;
use crate::policy::NOT_READ;

declare_meta! {
    /// ## What it finds
    /// An include whose text is not known here: it was not given, and it is none of the common ones that come with
    /// AppArmor.
    ///
    /// ## Why it matters
    /// It may permit or refuse anything, so what the profile allows cannot be said for sure. Every answer about this
    /// profile that the include could change is given as unknown.
    ///
    /// ## What to do
    /// Open the file from the node in another tab, or pass it along on the command line, under the name by which it is
    /// included.
    ///
    /// ## Bad
    /// ```apparmor
    /// profile web {
    ///   include <local/web>
    /// }
    /// ```
    ///
    /// ## Good
    /// ```apparmor
    /// include <tunables/global>
    /// profile web {
    ///   include <abstractions/base>
    /// }
    /// ```
    UNKNOWN_INCLUDE = {
        id: "apparmor-unknown-include",
        title: "An include whose text is not known",
        category: Correctness,
        severity: Info,
        fixable: false,
        sources: [],
    }
}

pub(super) fn check(subject: &Subject<'_>, found: &mut Told) {
    let policy = &subject.resolved.policy;
    let mut told = HashSet::new();
    let profiles = policy.walk();
    for unknown in policy.unknown.iter().chain(profiles.iter().flat_map(|profile| &profile.unknown)) {
        // A limit is told where it is met.
        if unknown.name == NOT_READ || !told.insert((&unknown.name, unknown.origin.shown)) {
            continue;
        }
        let what = ["What `", &unknown.name, "` grants is not known here."].concat();
        found.push(
            Finding::new(&UNKNOWN_INCLUDE, subject.location(unknown.origin, ""), what)
                .why("It may permit or refuse anything, so some answers about this profile stay open.")
                .how("Add the file beside this one, under the name by which it is included."),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::underlined;

    #[test]
    fn once_each() {
        let text =
            "include <tunables/mine>\nprofile a {\n  include <abstractions/base>\n  include <abstractions/gnome>\n}\n";
        assert_eq!(
            underlined("apparmor-unknown-include", text),
            ["include <tunables/mine>", "include <abstractions/gnome>"]
        );
    }
}
