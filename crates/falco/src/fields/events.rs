//! The types of events that `evt.type` can name, with the parameters that `evt.arg` and `evt.rawarg` can.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::ValueType;
use super::table::Table;

/// Name, then `e` for an event that is no system call, `s` for a system call without parameters of its own, `b` for one
/// with them; then the parameters, each with the letter of its type in front.
static TABLE: Table = Table::new(include_str!("events.txt"));

/// Parameters whose type differs between events, with the type of the event that comes first in the engine's table:
/// that is the one which `evt.rawarg` takes for all.
const FIRST: &[(&str, ValueType)] = &[
    ("flags", ValueType::Flags32),
    ("res", ValueType::Errno),
    ("name", ValueType::Path),
    ("mode", ValueType::U32),
    ("addr", ValueType::SocketAddress),
    ("cmd", ValueType::Enum8),
    ("path", ValueType::Path),
    ("filename", ValueType::Path),
    ("uid", ValueType::U32),
    ("gid", ValueType::U32),
    ("pid", ValueType::Pid),
    ("fdlimit", ValueType::I64),
    ("dev", ValueType::U32),
    ("size", ValueType::U32),
    ("operation", ValueType::Flags32),
    ("key", ValueType::I32),
    ("op", ValueType::Flags16),
    ("val", ValueType::U64),
    ("egid", ValueType::Gid),
    ("rgid", ValueType::Gid),
    ("sig", ValueType::Signal),
    ("request", ValueType::U64),
    ("oldpath", ValueType::Path),
    ("newpath", ValueType::Path),
    ("type", ValueType::U32),
    ("timeout", ValueType::I64),
    ("data", ValueType::Bytes),
    ("linkpath", ValueType::Path),
];

/// A type of event.
#[derive(Clone, Copy, Debug)]
pub struct EventType {
    /// Its name, such as `openat`.
    pub name: &'static str,
    rest: &'static str,
}

/// A parameter of an event.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Parameter {
    /// Its name, as `evt.arg.name` has it.
    pub name: &'static str,
    /// Its type, as `evt.rawarg.name` gives it.
    pub value: ValueType,
}

impl EventType {
    /// Whether it is a system call.
    pub fn is_syscall(&self) -> bool {
        !self.rest.starts_with('e')
    }

    /// Whether it is an event with an entry of its own, not a system call known by name only.
    pub fn is_event(&self) -> bool {
        !self.rest.starts_with('s')
    }

    /// Its parameters, in the order of the event.
    pub fn parameters(&self) -> impl Iterator<Item = Parameter> + use<> {
        self.rest.split(' ').skip(1).filter_map(|word| {
            let name = word.get(1..)?;
            Some(Parameter { name, value: ValueType::of_letter(word.bytes().next()?) })
        })
    }
}

/// The type of event of that name.
pub fn event(name: &str) -> Option<EventType> {
    TABLE.find(name).map(|(name, rest)| EventType { name, rest })
}

/// All types of events, by name.
pub fn all_events() -> impl Iterator<Item = EventType> {
    TABLE.lines().iter().map(|&(name, rest)| EventType { name, rest })
}

/// The type that a parameter of any event has when it is named without an event; `None` when no event has it.
pub fn parameter_type(name: &str) -> Option<ValueType> {
    if let Some((_, value)) = FIRST.iter().find(|(one, _)| *one == name) {
        return Some(*value);
    }
    // The first event that has it decides.
    static TYPES: OnceLock<HashMap<&str, ValueType>> = OnceLock::new();
    let types = TYPES.get_or_init(|| {
        let mut types = HashMap::new();
        for parameter in all_events().flat_map(|event| event.parameters()) {
            types.entry(parameter.name).or_insert(parameter.value);
        }
        types
    });
    types.get(name).copied()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn parameters_are_read() {
        let open = event("openat").unwrap();
        assert!(open.is_event() && open.is_syscall());
        assert!(open.parameters().any(|one| one.name == "flags" && one.value == ValueType::Flags32));
        assert!(!event("procexit").unwrap().is_syscall());
        assert!(!event("_sysctl").unwrap().is_event());
        assert!(event("opena").is_none());
        assert_eq!(parameter_type("fd"), Some(ValueType::Fd));
        assert_eq!(parameter_type("fdd"), None);
    }

    #[test]
    fn every_event_is_found_by_its_name() {
        for one in all_events() {
            assert_eq!(event(one.name).map(|found| found.rest), Some(one.rest), "{}", one.name);
        }
    }

    /// A parameter with more than one type has one of them in [`FIRST`], and nothing else stands there.
    #[test]
    fn parameters_of_several_types_have_a_first() {
        let mut types: BTreeMap<&str, Vec<ValueType>> = BTreeMap::new();
        for one in all_events().flat_map(|event| event.parameters()) {
            let seen = types.entry(one.name).or_default();
            if !seen.contains(&one.value) {
                seen.push(one.value);
            }
        }
        for (name, seen) in &types {
            let first = FIRST.iter().find(|(one, _)| one == name).map(|(_, value)| *value);
            assert_eq!(first.is_some(), seen.len() > 1, "{name}");
            assert!(first.is_none_or(|first| seen.contains(&first)), "{name}");
        }
        assert!(FIRST.iter().all(|(name, _)| types.contains_key(name)));
    }

    #[test]
    fn agrees_with_the_corpus() {
        let Some(text) = crate::testing::corpus("falco/evt_types.tsv") else { return };
        let mut rows = 0;
        for line in text.lines().skip(1) {
            let columns: Vec<&str> = line.split('\t').collect();
            let one = event(columns[0]).unwrap_or_else(|| panic!("no event {}", columns[0]));
            let kind = match (one.is_event(), one.is_syscall()) {
                (true, true) => "event+syscall",
                (true, false) => "event",
                _ => "syscall",
            };
            let parameter = |one: Parameter| format!("{}:{}", one.name, one.value.name());
            let parameters: Vec<String> = one.parameters().map(parameter).collect();
            let theirs = columns.get(2).copied().unwrap_or_default();
            assert_eq!((kind, parameters.join(" ")), (columns[1], theirs.to_owned()), "{}", one.name);
            rows += 1;
        }
        assert_eq!(rows, all_events().count());
    }
}
