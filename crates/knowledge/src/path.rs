//! Paths of a node as they really are: one spelling for each file.

use std::fmt;

/// An absolute path of a node in its one spelling.
///
/// Doubled and trailing slashes, `.` and `..` are gone, links that every current distribution has are followed
/// (`/var/run` is `/run`, `/bin` is `/usr/bin`), and so are the ways through `/proc` that lead back to the root. A
/// Windows path loses its drive letter and is compared without regard to case.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct NodePath {
    text: String,
}

/// How a path lies to another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Relation {
    /// The same place.
    Same,
    /// The other path lies inside this one.
    ParentOf,
    /// This path lies inside the other one.
    Inside,
    /// Neither holds the other.
    Apart,
}

/// Links that stand on every current distribution, and ways through `/proc` that end at the root of the node.
/// Sources: the Filesystem Hierarchy Standard 3.0 (`/var/run`, `/var/lock`), the merged `/usr` of Debian 12, Fedora 17,
/// SUSE and Arch; proc(5).
const LINKS: &[(&str, &str)] = &[
    ("/var/run", "/run"),
    ("/var/lock", "/run/lock"),
    ("/bin", "/usr/bin"),
    ("/sbin", "/usr/sbin"),
    ("/lib", "/usr/lib"),
    ("/lib32", "/usr/lib32"),
    ("/lib64", "/usr/lib64"),
    ("/dev/fd", "/proc/self/fd"),
    ("/proc/1/root", ""),
    ("/proc/self/root", ""),
    ("/proc/thread-self/root", ""),
    ("/proc/1/cwd", ""),
];

impl NodePath {
    /// Reads a path as a manifest states it. Without a leading slash it is taken from the root.
    pub fn new(written: &str) -> Self {
        if written.starts_with("\\\\.\\") || written.starts_with("//./") {
            // A named pipe of Windows: the dot is a name here.
            let pipe = written.replace('\\', "/").to_ascii_lowercase();
            let pipe = pipe.trim_end_matches('/');
            if pipe.len() > "//.".len() {
                return Self { text: pipe.to_owned() };
            }
        }
        let windows = is_drive(written) || written.contains('\\');
        let text = if windows {
            let path = written.replace('\\', "/").to_ascii_lowercase();
            path.get(2..).filter(|_| is_drive(&path)).map_or_else(|| path.clone(), str::to_owned)
        } else {
            written.to_owned()
        };
        let mut path = String::with_capacity(text.len());
        for name in text.split('/') {
            match name {
                "" | "." => {}
                ".." => path.truncate(path.rfind('/').unwrap_or(0)),
                name => {
                    path.push('/');
                    path.push_str(name);
                    // At once, as the kernel does: `/var/run/..` is `/` and not `/var`.
                    if let Some((_, target)) = LINKS.iter().find(|(link, _)| *link == path) {
                        path = (*target).to_owned();
                    }
                }
            }
        }
        Self { text: path }
    }

    /// The path as text. The root is `/`.
    pub fn as_str(&self) -> &str {
        if self.text.is_empty() { "/" } else { &self.text }
    }

    /// Whether it is the root.
    pub fn is_root(&self) -> bool {
        self.text.is_empty()
    }

    /// How this path lies to `other`, which is in its one spelling already and may hold `*` for any one name.
    pub fn relation(&self, other: &str) -> Relation {
        // Every host path is held against every known place, and most differ in the first letter.
        if let (Some(own), Some(theirs)) = (self.text.as_bytes().get(1), other.as_bytes().get(1))
            && own != theirs
            && *theirs != b'*'
        {
            return Relation::Apart;
        }
        if !other.contains('*') {
            return self.plain_relation(other.trim_end_matches('/'));
        }
        let mut own = self.names();
        let mut others = other.split('/').filter(|name| !name.is_empty());
        loop {
            match (own.next(), others.next()) {
                (None, None) => return Relation::Same,
                (None, Some(_)) => return Relation::ParentOf,
                (Some(_), None) => return Relation::Inside,
                (Some(a), Some(b)) if a == b || b == "*" => {}
                (Some(_), Some(_)) => return Relation::Apart,
            }
        }
    }

    /// Byte by byte, because every host path is held against every known place.
    fn plain_relation(&self, other: &str) -> Relation {
        let goes_on = |rest: &str| rest.starts_with('/');
        match (self.text.strip_prefix(other), other.strip_prefix(self.text.as_str())) {
            (Some(""), _) => Relation::Same,
            (Some(rest), _) if goes_on(rest) => Relation::Inside,
            (_, Some(rest)) if goes_on(rest) => Relation::ParentOf,
            _ => Relation::Apart,
        }
    }

    /// Whether this path is `other` or lies inside it.
    pub fn is_within(&self, other: &str) -> bool {
        matches!(self.relation(other), Relation::Same | Relation::Inside)
    }

    /// The last name, empty for the root.
    pub fn name(&self) -> &str {
        self.names().next_back().unwrap_or_default()
    }

    fn names(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.text.split('/').filter(|name| !name.is_empty())
    }
}

impl fmt::Display for NodePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

fn is_drive(path: &str) -> bool {
    let mut bytes = path.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphabetic()) && bytes.next() == Some(b':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling() {
        for (written, expected) in [
            ("/", "/"),
            ("", "/"),
            ("//", "/"),
            ("/.", "/"),
            ("/..", "/"),
            ("/etc/..", "/"),
            ("/etc/../", "/"),
            ("/a//b/./c/", "/a/b/c"),
            ("etc", "/etc"),
            ("/var/run", "/run"),
            ("/var/run/docker.sock", "/run/docker.sock"),
            ("/var/running", "/var/running"),
            ("/var/lock/x", "/run/lock/x"),
            ("/var/./run//docker.sock/", "/run/docker.sock"),
            ("/var/lib/../run/docker.sock", "/run/docker.sock"),
            ("/var/run/..", "/"),
            ("/proc/self/root/etc", "/etc"),
            ("/bin", "/usr/bin"),
            ("/lib/modules", "/usr/lib/modules"),
            ("/proc/1/root", "/"),
            ("/proc/1/root/var/run/docker.sock", "/run/docker.sock"),
            ("/proc/1/rootless", "/proc/1/rootless"),
            ("C:\\", "/"),
            ("c:/var/lib/kubelet", "/var/lib/kubelet"),
            ("C:\\Windows\\System32", "/windows/system32"),
            ("\\\\.\\pipe\\docker_engine", "//./pipe/docker_engine"),
            ("/tmp/é/漢", "/tmp/é/漢"),
        ] {
            let path = NodePath::new(written);
            assert_eq!(path.as_str(), expected, "{written}");
            assert_eq!(NodePath::new(path.as_str()), path, "{written}");
        }
    }

    #[test]
    fn relations() {
        for (own, other, expected) in [
            ("/run", "/run", Relation::Same),
            ("/run", "/run/docker.sock", Relation::ParentOf),
            ("/run/docker.sock", "/run", Relation::Inside),
            ("/", "/", Relation::Same),
            ("/etc", "/", Relation::Inside),
            ("/runner", "/run", Relation::Apart),
            ("/", "/run", Relation::ParentOf),
            ("/run/user/1000/docker.sock", "/run/user/*/docker.sock", Relation::Same),
            ("/run/user", "/run/user/*/docker.sock", Relation::ParentOf),
            ("/run/user/1000", "/run/user/*/docker.sock", Relation::ParentOf),
        ] {
            assert_eq!(NodePath::new(own).relation(other), expected, "{own} {other}");
        }
    }

    #[test]
    fn pipes_of_windows() {
        for (written, expected) in
            [(r"\\.\pipe\Docker_engine\", "//./pipe/docker_engine"), ("//./pipe/a", "//./pipe/a"), (r"\\.\", "/")]
        {
            assert_eq!(NodePath::new(written).as_str(), expected);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_has_one_spelling(written in "[/.a-z*:\\\\é-]{0,24}|(/var|/run|/proc|/1|/root|/\\.\\.|/\\.|//){0,8}") {
            let path = NodePath::new(&written);
            let again = NodePath::new(path.as_str());
            proptest::prop_assert_eq!(&again, &path);
            proptest::prop_assert_eq!(path.relation(path.as_str()), Relation::Same);
            proptest::prop_assert!(path.as_str().starts_with('/'));
        }
    }
}
