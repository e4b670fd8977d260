//! `pmatch`: whether one of several paths is the beginning of a path, component by component.

use super::Glob;

/// A component of a path that is looked for.
#[derive(Clone, PartialEq, Debug)]
enum Component {
    Plain(Box<[u8]>),
    Glob(Glob),
}

/// The paths that are looked for.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Paths {
    paths: Vec<Vec<Component>>,
}

impl Paths {
    /// Compiles paths. Components with `*`, `?` or `[` are patterns within one component; `.` and `..` are names like
    /// any other.
    pub fn new<'p>(paths: impl IntoIterator<Item = &'p [u8]>) -> Self {
        Self { paths: paths.into_iter().map(|path| components(path).map(component).collect()).collect() }
    }

    /// The first of the paths that `path` begins with, by its number.
    pub fn position(&self, path: &[u8]) -> Option<usize> {
        self.paths.iter().position(|wanted| begins_with(path, wanted))
    }

    /// Whether `path` begins with one of the paths.
    pub fn matches(&self, path: &[u8]) -> bool {
        self.position(path).is_some()
    }
}

/// The parts between slashes that are not empty.
fn components(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    path.split(|byte| *byte == b'/').filter(|part| !part.is_empty())
}

fn component(part: &[u8]) -> Component {
    if part.iter().any(|byte| b"?*[".contains(byte)) {
        Component::Glob(Glob::new(part, false))
    } else {
        Component::Plain(part.into())
    }
}

fn begins_with(path: &[u8], wanted: &[Component]) -> bool {
    let mut parts = components(path);
    wanted.iter().all(|one| match (one, parts.next()) {
        (_, None) => false,
        (Component::Plain(name), Some(part)) => **name == *part,
        (Component::Glob(glob), Some(part)) => glob.matches(part),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, wanted: &[&str], expected: bool) {
        assert_eq!(Paths::new(wanted.iter().map(|one| one.as_bytes())).matches(path.as_bytes()), expected);
    }

    #[test]
    fn components_are_whole() {
        check("/var/run/docker.sock", &["/etc", "/var/run"], true);
        check("/var/runx", &["/var/run"], false);
        check("/var", &["/var/run"], false);
        check("/opt/dir/sub", &["/opt/di?/sub"], true);
        check("/opt/a/b/sub", &["/opt/*/sub"], false);
    }

    #[test]
    fn slashes_do_not_count() {
        check("//etc//shadow", &["etc/"], true);
        check("", &["/"], true);
        check("/x", &[""], true);
        check("/x", &[], false);
        check("/", &["/*"], false);
    }
}
