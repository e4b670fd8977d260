//! What ordinary work needs a capability or a place of the node for, and what does the same with less.

use std::sync::OnceLock;

use crate::path::NodePath;

/// What something is needed for, and what does the same with less.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Purpose {
    /// The capability, or the path in its one spelling.
    pub of: &'static str,
    /// Who needs it. Reads on after "Needed for": no capital, no full stop.
    pub needed_for: &'static str,
    /// What to do instead. Sentences.
    pub instead: &'static str,
}

/// What a folder of the node is for of which nothing better is known.
static ANY_FOLDER: Purpose = Purpose {
    of: "/",
    needed_for: "data that has to stay on this node",
    instead: "Ask for a volume: an emptyDir for scratch space, a claim for what has to stay, a ConfigMap or a Secret \
              for what is only read.",
};

/// The purpose of a capability, by its name without `CAP_`.
pub fn of_capability(name: &str) -> Option<&'static Purpose> {
    all().iter().find(|purpose| purpose.of == name)
}

/// The purpose of a place of the node: that of the innermost known place around it.
pub fn of_path(path: &NodePath) -> &'static Purpose {
    // The root lies around everything, which says nothing.
    let around = all().iter().filter(|purpose| purpose.of.starts_with('/') && path.is_within(purpose.of));
    let around = around.filter(|purpose| purpose.of != "/" || path.is_root());
    around.max_by_key(|purpose| purpose.of.len()).unwrap_or(&ANY_FOLDER)
}

/// The paths of which a purpose is known.
pub fn paths() -> impl Iterator<Item = &'static str> {
    all().iter().map(|purpose| purpose.of).filter(|of| of.starts_with('/'))
}

fn all() -> &'static [Purpose] {
    static ALL: OnceLock<Vec<Purpose>> = OnceLock::new();
    ALL.get_or_init(|| include_str!("../data/uses.txt").lines().filter_map(purpose).collect())
}

fn purpose(line: &'static str) -> Option<Purpose> {
    let (of, rest) = line.split_once(" | ").filter(|_| !line.starts_with('#'))?;
    let (needed_for, instead) = rest.split_once(" | ")?;
    Some(Purpose { of, needed_for, instead })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capability;

    #[test]
    fn every_capability_has_a_purpose_and_every_line_is_read() {
        for known in capability::all() {
            assert!(of_capability(known.name).is_some(), "{}", known.name);
        }
        let lines = include_str!("../data/uses.txt").lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(all().len(), lines);
        for purpose in all() {
            assert!(purpose.instead.ends_with('.') && !purpose.needed_for.ends_with('.'), "{}", purpose.of);
            match purpose.of.starts_with('/') {
                true => assert_eq!(NodePath::new(purpose.of).as_str(), purpose.of),
                false => assert!(capability::by_name(purpose.of).is_some(), "{}", purpose.of),
            }
        }
    }

    #[test]
    fn the_innermost_place_counts() {
        for (path, expected) in [
            ("/var/run/docker.sock", "/run/docker.sock"),
            ("/var/log/pods/x", "/var/log/pods"),
            ("/etc/shadow", "/etc"),
            ("/", "/"),
        ] {
            assert_eq!(of_path(&NodePath::new(path)).of, expected, "{path}");
        }
        assert_eq!(of_path(&NodePath::new("/srv/data")), &ANY_FOLDER);
    }
}
