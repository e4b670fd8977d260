//! Changes of an OCI configuration, in its own fields.

use serde_json::{Value, json};
use watertight_diagnostic::{Operation, Route, Step};
use watertight_text::Span;
use watertight_yaml::{Document, Node};

use super::keys::{CAPABILITIES, MASKED, READ_ONLY};
use crate::Pod;
use crate::run::quantity;
use crate::wish::Wish;

/// The operations that carry out what a fix asks of the container; `None` when only a person can say how.
pub fn operations(document: &Document<'_>, pod: &Pod, wishes: &[Wish]) -> Option<Vec<Operation>> {
    let config = Config { document, pod };
    let mut all = Vec::new();
    for wish in wishes {
        all.extend(config.carried_out(wish)?);
    }
    Some(all)
}

struct Config<'p, 't> {
    document: &'p Document<'t>,
    pod: &'p Pod,
}

impl Config<'_, '_> {
    fn carried_out(&self, wish: &Wish) -> Option<Vec<Operation>> {
        let key = |key: &'static str| self.pod.route.keys(key);
        Some(match wish {
            Wish::Without(site) => self.without(site.value)?,
            Wish::ReadOnlyRoot => vec![Operation::set(key("root.readonly"), true)],
            Wish::NoNewPrivileges => vec![Operation::set(key("process.noNewPrivileges"), true)],
            Wish::AppArmor(name) => vec![Operation::set(key("process.apparmorProfile"), name.as_str())],
            Wish::User(user) => {
                vec![Operation::set(key("process.user.uid"), *user), Operation::set(key("process.user.gid"), *user)]
            }
            Wish::Group(group) => vec![Operation::set(key("process.user.gid"), *group)],
            Wish::Limit(name, value) if name == "memory" => {
                vec![Operation::set(key("linux.resources.memory.limit"), quantity::bytes(value)?)]
            }
            Wish::Limit(_, value) => vec![
                Operation::set(key("linux.resources.cpu.quota"), quantity::thousandths(value)? * (PERIOD / 1000)),
                Operation::set(key("linux.resources.cpu.period"), PERIOD),
            ],
            Wish::Memory(path) => {
                let options = ["nosuid", "nodev", "mode=1777"];
                let mount = json!({ "destination": path, "type": "tmpfs", "source": "tmpfs", "options": options });
                vec![Operation::append(key("mounts"), mount)]
            }
            Wish::Slave(site) => vec![Operation::set(self.route(site.value)?, "rslave")],
            Wish::Namespace(name) => vec![self.own_namespace(name)],
            Wish::Masks => vec![
                Operation::set(key("linux.maskedPaths"), list(MASKED)),
                Operation::set(key("linux.readonlyPaths"), list(READ_ONLY)),
            ],
            // Capabilities that are not listed are not given, and users have to be mapped by somebody who knows which.
            Wish::DropAll | Wish::Add(_) | Wish::UserNamespace => return None,
        })
    }

    /// A namespace of its own: one that is joined is not joined any more, for runc refuses two entries of one type.
    ///
    /// Source: `libcontainer/specconv/spec_linux.go` of runc, `CreateLibcontainerConfig`.
    fn own_namespace(&self, name: &str) -> Operation {
        let list = self.pod.route.keys("linux.namespaces");
        let mut given = self.document.at(&list).into_iter().flat_map(Node::items);
        match given.position(|item| item.get("type").and_then(Node::as_str) == Some(name)) {
            Some(index) => Operation::remove(list.index(index).key("path")),
            None => Operation::append(list, json!({ "type": name })),
        }
    }

    /// What stands there goes; a capability goes out of every list.
    fn without(&self, span: Span) -> Option<Vec<Operation>> {
        let route = self.route(span)?;
        if route == self.pod.route.keys("process.cwd") {
            // A configuration has to name a folder.
            return Some(vec![Operation::set(route, "/")]);
        }
        let bounding = self.pod.route.keys("process.capabilities.bounding");
        if route.parent().as_ref() != Some(&bounding) {
            return Some(vec![Operation::remove(route)]);
        }
        let name = self.document.at(&route).and_then(Node::as_str)?;
        let mut all = Vec::new();
        for list in CAPABILITIES {
            let list = self.pod.route.keys("process.capabilities").key(list);
            let items = self.document.at(&list).into_iter().flat_map(Node::items).enumerate();
            let same = items.filter(|(_, item)| item.as_str() == Some(name));
            all.extend(same.map(|(index, _)| Operation::remove(list.index(index))));
        }
        Some(all)
    }

    /// The field that a value stands in, the innermost one where several begin and end alike.
    fn route(&self, span: Span) -> Option<Route> {
        self.pod.engine.statements.of(span).max_by_key(|route| depth(route)).cloned()
    }
}

fn depth(route: &Route) -> (usize, bool) {
    (route.steps.len(), matches!(route.steps.last(), Some(Step::Index(_))))
}

/// The usual period of the processor's quota, in microseconds.
const PERIOD: i64 = 100_000;

fn list(words: &str) -> Value {
    words.split_ascii_whitespace().collect()
}
