//! From text to a [`Profile`]: as Go decodes it, with the place of every fault.

use watertight_diagnostic::Route;
use watertight_text::Span;
use watertight_yaml::{Kind, Node};

use crate::keys;
use crate::profile::{ArchMap, Arg, Entry, Gate, Profile, Written};

/// A fault that was met while reading: the runtimes refuse the text for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// The bytes.
    pub span: Span,
    /// The field.
    pub route: Route,
    /// What is expected there: "a number from 0 to 18446744073709551615".
    pub expected: &'static str,
}

/// Reads a profile. Keys match whatever their case, the last of two counts, unknown keys are passed over: so does Go's
/// decoder, which all runtimes but crun use.
pub fn read(node: Node<'_>, route: &Route) -> (Profile, Vec<Fault>) {
    let mut reader = Reader { faults: Vec::new(), left: Some(COPIED.0 + COPIED.1 * node.content().span().len()) };
    let profile = reader.profile(node, route);
    (profile, reader.faults)
}

/// Bytes of texts that are copied out of the shortest profile, and out of each byte of one: aliases may name one text again
/// and again.
const COPIED: (usize, usize) = (500_000, 4);

/// What an item of a list takes beside its text.
const ITEM: usize = 8;

struct Reader {
    faults: Vec<Fault>,
    /// Bytes that may still be copied; `None` when the rest is not read.
    left: Option<usize>,
}

impl Reader {
    fn profile(&mut self, node: Node<'_>, route: &Route) -> Profile {
        let mut profile = Profile { span: node.span(), route: route.clone(), ..Profile::default() };
        self.each(node, route, "a mapping", |reader, key, value, at| match key {
            "defaultaction" => profile.default_action = reader.text(value, at),
            "defaulterrnoret" => profile.default_errno_ret = reader.number(value, at),
            "defaulterrno" => profile.default_errno = reader.text(value, at),
            "architectures" => profile.architectures = reader.texts(value, at),
            "archmap" => {
                profile.arch_map_site = Some(value.span());
                profile.arch_map = reader.list(value, at, Self::arch_map);
            }
            "flags" => profile.flags = (!value.is_null()).then(|| reader.texts(value, at)),
            "listenerpath" => profile.listener_path = reader.text(value, at),
            "syscalls" => {
                profile.entries_site = Some(value.span());
                profile.entries = reader.list(value, at, Self::entry);
            }
            _ => {}
        });
        profile
    }

    fn arch_map(&mut self, node: Node<'_>, route: &Route) -> ArchMap {
        let mut map = ArchMap::default();
        self.each(node, route, "a mapping", |reader, key, value, at| match key {
            "architecture" => map.architecture = reader.text(value, at),
            "subarchitectures" => map.sub_architectures = reader.texts(value, at),
            _ => {}
        });
        map
    }

    fn entry(&mut self, node: Node<'_>, route: &Route) -> Entry {
        let mut entry = Entry { span: node.span(), route: route.clone(), ..Entry::default() };
        self.each(node, route, "a mapping", |reader, key, value, at| match key {
            "name" => entry.name = reader.text(value, at),
            "names" => entry.names = reader.texts(value, at),
            "action" => entry.action = reader.text(value, at),
            "errnoret" => entry.errno_ret = reader.number(value, at),
            "errno" => entry.errno = reader.text(value, at),
            "args" => entry.args = reader.list(value, at, Self::arg),
            "includes" => entry.includes = reader.gate(value, at),
            "excludes" => entry.excludes = reader.gate(value, at),
            _ => {}
        });
        entry
    }

    fn arg(&mut self, node: Node<'_>, route: &Route) -> Arg {
        let mut arg = Arg { span: node.span(), route: route.clone(), ..Arg::default() };
        self.each(node, route, "a mapping", |reader, key, value, at| {
            let mut number = |into: &mut u64| {
                if let Some(read) = reader.number(value, at) {
                    *into = read.value;
                }
            };
            match key {
                "index" => number(&mut arg.index),
                "value" => number(&mut arg.value),
                "valuetwo" => number(&mut arg.value_two),
                "op" => arg.op = reader.text(value, at),
                _ => {}
            }
        });
        arg
    }

    fn gate(&mut self, node: Node<'_>, route: &Route) -> Gate {
        let mut gate = Gate { site: Some(node.span()), ..Gate::default() };
        self.each(node, route, "a mapping", |reader, key, value, at| match key {
            "caps" => gate.caps = reader.texts(value, at),
            "arches" => gate.arches = reader.texts(value, at),
            "minkernel" => gate.min_kernel = reader.text(value, at),
            _ => {}
        });
        gate
    }

    /// Visits the entries of a mapping by key in lower case. A null counts as nothing.
    fn each<'d>(
        &mut self,
        node: Node<'d>,
        route: &Route,
        expected: &'static str,
        mut visit: impl FnMut(&mut Self, &str, Node<'d>, &Route),
    ) {
        if node.kind() != Kind::Mapping {
            if !node.is_null() {
                let _: Option<()> = self.fault(node, route, expected);
            }
            return;
        }
        for entry in node.entries() {
            let name = entry.name();
            let at = route.key(keys::step(&name));
            visit(self, &name.to_ascii_lowercase(), entry.value, &at);
        }
    }

    fn list<T>(&mut self, node: Node<'_>, route: &Route, read: fn(&mut Self, Node<'_>, &Route) -> T) -> Vec<T> {
        if node.kind() != Kind::Sequence {
            if !node.is_null() {
                let _: Option<()> = self.fault(node, route, "a list");
            }
            return Vec::new();
        }
        let mut list = Vec::new();
        for (index, item) in node.items().enumerate() {
            let at = route.index(index);
            if !self.pays(ITEM, item, &at) {
                break;
            }
            list.push(read(self, item, &at));
        }
        list
    }

    fn texts(&mut self, node: Node<'_>, route: &Route) -> Vec<Written<String>> {
        self.list(node, route, |reader, item, at| reader.text(item, at)).into_iter().flatten().collect()
    }

    fn text(&mut self, node: Node<'_>, route: &Route) -> Option<Written<String>> {
        match node.as_str() {
            Some(text) if !self.pays(text.len(), node, route) => None,
            Some(text) => Some(Written { value: text.to_owned(), span: node.span(), route: route.clone() }),
            None if node.is_null() => None,
            None => self.fault(node, route, "a text"),
        }
    }

    /// Go takes neither a sign, nor a fraction, nor an exponent for a number of this kind.
    fn number(&mut self, node: Node<'_>, route: &Route) -> Option<Written<u64>> {
        let written = node.written().filter(|_| node.as_str().is_none());
        match written.and_then(|written| written.parse().ok()) {
            Some(value) => Some(Written { value, span: node.span(), route: route.clone() }),
            None if node.is_null() => None,
            None => self.fault(node, route, "a whole number from 0 to 18446744073709551615"),
        }
    }

    /// Whether so many bytes may be copied. Where they may not, that is said once, and nothing is read from there on.
    fn pays(&mut self, bytes: usize, node: Node<'_>, route: &Route) -> bool {
        let Some(left) = self.left else { return false };
        self.left = left.checked_sub(bytes);
        if self.left.is_none() {
            let _: Option<()> = self.fault(node, route, "a profile that aliases do not multiply");
        }
        self.left.is_some()
    }

    fn fault<T>(&mut self, node: Node<'_>, route: &Route, expected: &'static str) -> Option<T> {
        self.faults.push(Fault { span: node.span(), route: route.clone(), expected });
        None
    }
}

#[cfg(test)]
mod tests {
    use watertight_yaml::parse;

    use super::*;

    #[test]
    fn what_aliases_multiply_is_not_copied() {
        let read = |value: &str, count: usize| {
            let text = format!("a: &v {value}\nsyscalls:\n{}", "- {names: [*v], action: *v}\n".repeat(count));
            let stream = parse(&text);
            let (profile, faults) = super::read(stream.documents[0].root().unwrap(), &Route::root(0));
            (profile.entries.len(), faults.len())
        };
        assert_eq!(read("read", 1_000), (1_000, 0));
        let (entries, faults) = read(&"n".repeat(100_000), 1_000);
        assert!(entries < 10, "{entries}");
        assert_eq!(faults, 1);
    }
}
