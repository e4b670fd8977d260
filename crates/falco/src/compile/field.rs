//! Which field a name with its argument stands for, as the engine's field classes decide.

use crate::condition::FieldUse;
use crate::fields::{self, Argument, Field, ValueType};
use crate::matchers::number;

/// A field as it is used: with its argument read, and the type that the argument gives it.
#[derive(Clone, Copy, Debug)]
pub struct Resolved {
    /// The field.
    pub field: Field,
    /// The type of its value; for `evt.rawarg` that of the parameter.
    pub value: ValueType,
    /// Whether it gives any number of values.
    pub list: bool,
}

impl Resolved {
    fn of(field: Field) -> Self {
        Self { field, value: field.value, list: field.list }
    }
}

/// The field of a condition.
///
/// # Errors
///
/// What the engine says when there is none, or when its argument is missing, not wanted or wrong.
pub fn resolve(field: &FieldUse) -> Result<Resolved, String> {
    match &field.argument {
        None => resolve_text(&field.name),
        Some(argument) => resolve_text(&[&field.name, "[", &argument.text(), "]"].concat()),
    }
}

/// The field that a text names, argument and all.
///
/// # Errors
///
/// As for [`resolve`].
pub fn resolve_text(text: &str) -> Result<Resolved, String> {
    let special = SPECIAL.iter().find(|(prefix, _)| starts(text, prefix));
    if let Some((prefix, read)) = special {
        return read(text, prefix);
    }
    if let Some(field) = fields::find(text).filter(|field| !field.from_container_plugin()) {
        return Ok(Resolved::of(field));
    }
    plugin(text)
}

fn nonexistent(text: &str) -> String {
    ["filter_check called with nonexistent field ", text].concat()
}

fn syntax(text: &str) -> String {
    ["filter syntax error: ", text].concat()
}

/// Whether the field class that looks at `prefix` first takes the text. It does so by the beginning alone, so that
/// `evt.argument` is a misspelt `evt.arg` for it.
fn starts(text: &str, prefix: &str) -> bool {
    let longer = match prefix {
        "evt.arg" => "evt.args",
        "thread.cgroup" => "thread.cgroups",
        _ => "-",
    };
    text.starts_with(prefix) && !text.starts_with(longer)
}

type Reader = fn(&str, &'static str) -> Result<Resolved, String>;

/// The fields that read their argument themselves, longer names before those that they begin with.
const SPECIAL: &[(&str, Reader)] = &[
    ("evt.arg", event_argument),
    ("evt.rawarg", raw_argument),
    ("evt.around", around),
    ("evt.abspath", absolute_path),
    ("evt.type.is", type_is),
    ("proc.apid", ancestor),
    ("proc.aname", ancestor),
    ("proc.aexepath", ancestor),
    ("proc.aexe", ancestor),
    ("proc.acmdline", ancestor),
    ("proc.aargs", ancestor),
    ("proc.args", ancestor),
    ("proc.aenv", environment),
    ("proc.env", environment),
    ("thread.cgroup", control_group),
    ("fd.types", descriptor_types),
];

/// What stands in the brackets right behind the name, when nothing follows them.
fn bracket(rest: &str) -> Option<Result<&str, ()>> {
    let inside = rest.strip_prefix('[')?;
    let Some(end) = inside.find(']') else { return Some(Err(())) };
    Some(if end + 1 == inside.len() { inside.get(..end).ok_or(()) } else { Err(()) })
}

fn known(text: &str, name: &str) -> Result<Resolved, String> {
    fields::find(name).map(Resolved::of).ok_or_else(|| nonexistent(text))
}

fn rest<'t>(text: &'t str, prefix: &str) -> &'t str {
    text.get(prefix.len()..).unwrap_or_default()
}

fn event_argument(text: &str, name: &'static str) -> Result<Resolved, String> {
    let rest = rest(text, name);
    match bracket(rest) {
        Some(Ok(index)) => {
            number::scan(index, 32, true).ok_or_else(|| number::invalid(index))?;
            known(text, name)
        }
        Some(Err(())) => Err(nonexistent(text)),
        None => {
            parameter(text, rest)?;
            known(text, name)
        }
    }
}

fn raw_argument(text: &str, name: &'static str) -> Result<Resolved, String> {
    let rest = rest(text, name);
    if rest.starts_with('[') {
        return Err("evt.arg fields must be expressed explicitly".to_owned());
    }
    let value = parameter(text, rest)?;
    Ok(Resolved { value, ..known(text, name)? })
}

/// The type of the parameter behind the dot. The engine takes the longest one that the rest begins with, and then finds
/// that something is left.
fn parameter(text: &str, rest: &str) -> Result<ValueType, String> {
    let Some(name) = rest.strip_prefix('.') else { return Err(syntax(text)) };
    if let Some(value) = fields::parameter_type(name) {
        return Ok(value);
    }
    let begins = fields::all_events().flat_map(|event| event.parameters()).any(|one| name.starts_with(one.name));
    Err(if begins { nonexistent(text) } else { ["unknown event argument ", name].concat() })
}

fn around(text: &str, name: &'static str) -> Result<Resolved, String> {
    let rest = rest(text, name);
    match bracket(rest) {
        Some(Ok(time)) => {
            number::scan(time, 64, false).ok_or_else(|| number::invalid(time))?;
            known(text, name)
        }
        Some(Err(())) => Err(nonexistent(text)),
        None if rest.starts_with('.') => Err("wrong syntax for evt.around".to_owned()),
        None => Err(syntax(text)),
    }
}

fn absolute_path(text: &str, name: &'static str) -> Result<Resolved, String> {
    match rest(text, name) {
        "" | ".src" | ".dst" => known(text, name),
        _ => Err(nonexistent(text)),
    }
}

fn type_is(text: &str, name: &'static str) -> Result<Resolved, String> {
    let Some(event) = rest(text, name).strip_prefix('.') else { return Err(syntax(text)) };
    if number::scan(event, 32, false).is_some() || fields::event(event).is_some_and(|event| event.is_event()) {
        return known(text, name);
    }
    Err(nonexistent(text))
}

fn ancestor(text: &str, name: &'static str) -> Result<Resolved, String> {
    let rest = rest(text, name);
    let index = bracket(rest).map(|index| index.ok().and_then(|index| number::scan(index, 32, true)));
    if rest.is_empty() || matches!(index, Some(Some(_))) { known(text, name) } else { Err(nonexistent(text)) }
}

fn environment(text: &str, name: &'static str) -> Result<Resolved, String> {
    let rest = rest(text, name);
    if rest.is_empty() || matches!(bracket(rest), Some(Ok(_))) { known(text, name) } else { Err(nonexistent(text)) }
}

fn control_group(text: &str, name: &'static str) -> Result<Resolved, String> {
    let Some(group) = rest(text, name).strip_prefix('.') else { return Err(syntax(text)) };
    let whole = group.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    if whole { known(text, name) } else { Err(nonexistent(text)) }
}

fn descriptor_types(text: &str, name: &'static str) -> Result<Resolved, String> {
    let rest = rest(text, name);
    match bracket(rest) {
        Some(Ok(index)) => {
            number::scan(index, 32, true).ok_or_else(|| number::invalid(index))?;
            known(text, name)
        }
        None if rest.is_empty() => known(text, name),
        _ => Err(nonexistent(text)),
    }
}

/// What the names of the container plugin's fields begin with.
const PLUGIN: &[&str] = &["container.", "k8s.", "proc.is_container_"];

/// A field of the container plugin: all of them follow the same rules for arguments.
fn plugin(text: &str) -> Result<Resolved, String> {
    let text = text.split(' ').next().unwrap_or_default();
    // Every constant comes by here too, to see whether it looks like a field.
    if !PLUGIN.iter().any(|prefix| text.starts_with(prefix)) {
        return Err(nonexistent(text));
    }
    let (name, rest) = text.split_at(text.find('[').unwrap_or(text.len()));
    let longest = fields::all()
        .filter(|field| text.starts_with(field.name) && field.from_container_plugin())
        .max_by_key(|field| field.name.len());
    let Some(field) = longest else { return Err(nonexistent(text)) };
    let complain = |what: &[&str]| Err([&["filter '", text, "': ", field.name], what].concat().concat());
    let needs = matches!(field.argument, Argument::Key | Argument::KeyOrIndex);
    if rest.is_empty() {
        if needs {
            return complain(&[" requires an argument but none provided"]);
        }
        return if field.name == name { Ok(Resolved::of(field)) } else { Err(nonexistent(text)) };
    }
    if field.name != name {
        return Err(nonexistent(text));
    }
    let inside = rest.get(1..).unwrap_or_default();
    if inside.is_empty() {
        return complain(&[" terminates with incomplete argument brackets"]);
    }
    let Some((argument, after)) = inside.split_once(']') else {
        return complain(&[" has unbalanced argument brackets"]);
    };
    if !needs {
        return complain(&[" does not allow nor require an argument but one is provided: ", argument]);
    }
    if after.is_empty() { Ok(Resolved::of(field)) } else { Err(nonexistent(text)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let ours = match resolve_text(text) {
            Ok(found) => [found.field.name, " ", found.value.name()].concat(),
            Err(message) => message,
        };
        assert_eq!(ours, expected, "{text}");
    }

    #[test]
    fn fields_take_their_arguments() {
        check("proc.name", "proc.name CHARBUF");
        check("evt.args", "evt.args CHARBUF");
        check("evt.arg.flags", "evt.arg CHARBUF");
        check("evt.arg[0]", "evt.arg CHARBUF");
        check("evt.rawarg.res", "evt.rawarg ERRNO");
        check("evt.abspath.src", "evt.abspath CHARBUF");
        check("evt.type.is.open", "evt.type.is UINT32");
        check("proc.aname", "proc.aname CHARBUF");
        check("proc.aname[2]", "proc.aname CHARBUF");
        check("proc.env[HOME]", "proc.env CHARBUF");
        check("thread.cgroup.cpuset", "thread.cgroup CHARBUF");
        check("thread.cgroups", "thread.cgroups CHARBUF");
        check("fd.types[0]", "fd.types CHARBUF");
        check("container.mount.dest[/var/run/docker.sock]", "container.mount.dest CHARBUF");
        check("container.id", "container.id CHARBUF");
    }

    #[test]
    fn errors_are_the_engines() {
        check("proc.nmae", "filter_check called with nonexistent field proc.nmae");
        check("proc.name[0]", "filter_check called with nonexistent field proc.name[0]");
        check("proc.aname[x]", "filter_check called with nonexistent field proc.aname[x]");
        check("evt.arg", "filter syntax error: evt.arg");
        check("evt.argument", "filter syntax error: evt.argument");
        check("evt.arg.nosuch", "unknown event argument nosuch");
        check("evt.arg[flags]", "flags is not a valid number");
        check("evt.rawarg[0]", "evt.arg fields must be expressed explicitly");
        check("container.idd", "filter_check called with nonexistent field container.idd");
        check(
            "container.mount.dest",
            "filter 'container.mount.dest': container.mount.dest requires an argument but none provided",
        );
        check(
            "container.id[x]",
            "filter 'container.id[x]': container.id does not allow nor require an argument but one is provided: x",
        );
        check("jevt.value[/x]", "filter_check called with nonexistent field jevt.value[/x]");
    }
}
