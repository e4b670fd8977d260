//! The fields that conditions and outputs can name, and the types of events with their parameters.
//!
//! Facts from the filter checks and event tables of Falco's libraries (after 0.25) and of its container plugin.

mod events;
mod hints;
mod table;
mod value_type;

use table::Table;

pub use events::{EventType, Parameter, all_events, event, parameter_type};
pub use hints::{Hint, hint, hints};
pub use value_type::{Family, ValueType};

/// Name, then the letter of the type and marks: `*` a list, `?` takes an argument, `!` needs one after a dot or in
/// brackets, `k` needs a key in brackets, `i` needs a key or a number in brackets, `F` only in conditions, `O` only in
/// outputs, `T` no transformer, `R` no field on the right, `D` deprecated, `H` not documented upstream.
static TABLE: Table = Table::new(include_str!("fields.txt"));

/// Whether a field takes an argument.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Argument {
    /// It takes none.
    None,
    /// It may have one in brackets, a number or a name.
    Optional,
    /// It needs one: a name after a dot or a number in brackets, which the field reads for itself (`evt.arg.flags`).
    Own,
    /// It needs a key in brackets.
    Key,
    /// It needs a key or a number in brackets.
    KeyOrIndex,
}

/// A field.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name, such as `proc.name`.
    pub name: &'static str,
    /// The type of its value, or of each value of a list.
    pub value: ValueType,
    /// Whether it gives any number of values.
    pub list: bool,
    /// What argument it takes.
    pub argument: Argument,
    marks: &'static str,
}

impl Field {
    /// Whether it cannot stand in outputs.
    pub fn filter_only(&self) -> bool {
        self.marks.contains('F')
    }

    /// Whether it cannot stand in conditions.
    pub fn print_only(&self) -> bool {
        self.marks.contains('O')
    }

    /// Whether no transformer may be applied to it.
    pub fn no_transformer(&self) -> bool {
        self.marks.contains('T')
    }

    /// Whether it can neither be compared with another field nor be that other field.
    pub fn no_rhs(&self) -> bool {
        self.marks.contains('R')
    }

    /// Whether upstream advises against it.
    pub fn deprecated(&self) -> bool {
        self.marks.contains('D')
    }

    /// Whether the engine knows it but its documentation does not.
    pub fn hidden(&self) -> bool {
        self.marks.contains('H')
    }

    /// Whether the container plugin brings it, which Falco needs from 0.41 on.
    pub fn from_container_plugin(&self) -> bool {
        self.class() == "container" || self.class() == "k8s" || self.name.starts_with("proc.is_container_")
    }

    /// The group in upstream's documentation: `evt`, `process`, `container`, ….
    pub fn class(&self) -> &'static str {
        if self.name.starts_with("fs.path.") {
            return "fs.path";
        }
        if self.name.starts_with("proc.is_container_") {
            return "proc";
        }
        match self.name.split('.').next() {
            Some("proc" | "thread") => "process",
            Some("syscall") => "evt",
            Some(first) => first,
            None => "",
        }
    }

    /// Whether it stands for several things of the event of which one is enough, or none for `!=`: both ends of a
    /// connection.
    pub fn both_ends(&self) -> bool {
        matches!(self.name, "fd.ip" | "fd.net" | "fd.port" | "fd.proto")
    }

    /// Whether it stands for all ancestors of the process when it has no argument.
    pub fn ancestors(&self) -> bool {
        self.no_transformer() && self.argument == Argument::Optional
    }

    fn of((name, marks): (&'static str, &'static str)) -> Self {
        let argument =
            [('?', Argument::Optional), ('!', Argument::Own), ('k', Argument::Key), ('i', Argument::KeyOrIndex)];
        // The first letter is the type, and some types share a letter with a mark.
        let value = ValueType::of_letter(marks.bytes().next().unwrap_or_default());
        let marks = marks.get(1..).unwrap_or_default();
        let argument = argument.iter().find(|(mark, _)| marks.contains(*mark)).map_or(Argument::None, |(_, one)| *one);
        Self { name, value, list: marks.contains('*'), argument, marks }
    }
}

/// The field of that name, without argument.
pub fn find(name: &str) -> Option<Field> {
    TABLE.find(name).map(Field::of)
}

/// All fields, by name.
pub fn all() -> impl Iterator<Item = Field> {
    TABLE.lines().iter().copied().map(Field::of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_found_by_its_name() {
        assert_eq!(all().count(), 276 + 14);
        for field in all() {
            let found = find(field.name).expect(field.name);
            assert_eq!(found.marks, field.marks, "{}", field.name);
        }
        for name in ["", "a", "proc", "proc.nam", "proc.namee", "zzz"] {
            assert!(find(name).is_none(), "{name}");
        }
    }

    #[test]
    fn marks_are_read() {
        let aname = find("proc.aname").unwrap();
        assert!(aname.ancestors() && aname.no_rhs() && aname.argument == Argument::Optional);
        assert!(!find("proc.args").unwrap().ancestors());
        let rawarg = find("evt.rawarg").unwrap();
        assert_eq!((rawarg.value, rawarg.argument), (ValueType::Dynamic, Argument::Own));
        assert!(find("fd.types").unwrap().list);
        assert!(find("k8s.ns.id").unwrap().deprecated());
        assert!(find("evt.outputtime").unwrap().print_only());
        assert!(find("fd.ip").unwrap().filter_only());
    }

    /// The table of the corpus has the same facts, where there is one.
    #[test]
    fn agrees_with_the_corpus() {
        let Some(text) = crate::testing::corpus("falco/fields.tsv") else { return };
        let mut rows = 0;
        for line in text.lines().skip(1) {
            let columns: Vec<&str> = line.split('\t').collect();
            let field = find(columns[0]).unwrap_or_else(|| panic!("no field {}", columns[0]));
            let argument = match field.argument {
                Argument::None => ("none", ""),
                Argument::Optional => ("optional", ""),
                Argument::Own => ("required", ""),
                Argument::Key => ("required", "key"),
                Argument::KeyOrIndex => ("required", "index+key"),
            };
            let flags = [
                (field.filter_only(), "filter_only"),
                (field.print_only(), "print_only"),
                (field.no_transformer(), "no_transformer"),
                (field.no_rhs(), "no_rhs"),
                (field.deprecated(), "deprecated"),
            ];
            let flags: Vec<&str> = flags.iter().filter(|(set, _)| *set).map(|(_, name)| *name).collect();
            let provider = if field.from_container_plugin() { "container-plugin" } else { "core" };
            let ours = [
                field.name,
                field.value.name(),
                if field.list { "list" } else { "scalar" },
                argument.0,
                argument.1,
                &flags.join(","),
                field.class(),
                provider,
            ];
            assert_eq!(ours, columns[..8], "{}", field.name);
            rows += 1;
        }
        assert_eq!(rows, all().filter(|field| !field.hidden()).count());
    }
}
