//! Fields that an event does not carry but that follow from others which it does, exactly.

use std::borrow::Cow;

use super::bind::{Binding, Slots};
use super::value::{State, Value};
use crate::events::{Event, Raw};
use crate::fields;

/// Fields of the parent and of the process itself that are the same as those of an ancestor by number.
const SAME: &[(&str, &str)] = &[
    ("proc.aname[0]", "proc.name"),
    ("proc.aname[1]", "proc.pname"),
    ("proc.aexe[0]", "proc.exe"),
    ("proc.aexe[1]", "proc.pexe"),
    ("proc.aexepath[0]", "proc.exepath"),
    ("proc.aexepath[1]", "proc.pexepath"),
    ("proc.acmdline[0]", "proc.cmdline"),
    ("proc.acmdline[1]", "proc.pcmdline"),
    ("proc.apid[0]", "proc.pid"),
    ("proc.apid[1]", "proc.ppid"),
];

/// Fills in what follows from what the event says. What it says itself stays, and so does what it says is missing.
pub(super) fn derive<'e>(slots: &Slots, event: &'e Event<'_>, binding: &mut Binding<'e>) {
    ancestors(slots, event, binding);
    if event.complete {
        return;
    }
    for (one, other) in SAME {
        for (wanted, from) in [(one, other), (other, one)] {
            fill(slots, event, binding, wanted, |value| event.get(from).map(|raw| State::of(raw, value)));
        }
    }
    if let Some(source) = &event.source {
        text(slots, event, binding, "evt.source", source.as_bytes());
    }
    if let Some(hostname) = &event.hostname {
        text(slots, event, binding, "evt.hostname", hostname.as_bytes());
    }
    if let Some(Raw::Text(name)) = event.get("evt.type") {
        let syscall = fields::event(name).filter(|event| event.is_syscall() && event.name != "syscall");
        if syscall.is_some() {
            text(slots, event, binding, "syscall.type", name.as_bytes());
        }
        opened(slots, event, binding, name);
    }
    let is = |field: &str, wanted: &str| matches!(event.get(field), Some(Raw::Text(text)) if text == wanted);
    if let Some(Raw::Text(name)) = event.get("fd.name")
        && (is("fd.type", "file") || is("fd.typechar", "f"))
        && let Some((directory, file)) = name.rsplit_once('/')
        && !directory.is_empty()
        && !file.is_empty()
    {
        text(slots, event, binding, "fd.directory", directory.as_bytes());
        text(slots, event, binding, "fd.filename", file.as_bytes());
    }
}

/// Ancestors by number, from the list of all; and from single ones a part of the list.
fn ancestors<'e>(slots: &Slots, event: &'e Event<'_>, binding: &mut Binding<'e>) {
    for (ancestor, slot) in slots.ancestors() {
        let number = ancestor.slot;
        let said = binding.state(number);
        if !matches!((said, event.complete), (State::Unknown, false) | (State::Missing, true)) {
            continue;
        }
        if slot.any && !event.complete {
            let parent = SAME.iter().find(|(one, _)| *one == [slot.field.name, "[1]"].concat());
            let is_one = |name: &str| {
                let argument = name.strip_prefix(slot.field.name).and_then(|rest| rest.strip_prefix('['));
                argument.is_some_and(|argument| argument != "0]") || parent.is_some_and(|(_, other)| *other == name)
            };
            let found = event.fields.iter().filter(|field| is_one(&field.name));
            let values: Vec<_> = found.filter_map(|field| Value::of(&field.value, slot.value)).collect();
            if !values.is_empty() {
                binding.set(number, State::Some(values));
            }
            continue;
        }
        if let (Some(index), Some(Raw::List(all))) = (ancestor.index, binding.watched(ancestor.list)) {
            let value = all.get(index - 1).map(|raw| State::of(raw, slot.value));
            binding.set(number, value.unwrap_or(State::Missing));
        }
    }
}

/// How a file was opened, from the flags of the call.
fn opened<'e>(slots: &Slots, event: &'e Event<'_>, binding: &mut Binding<'e>, name: &str) {
    if !matches!(name, "open" | "openat" | "openat2" | "open_by_handle_at") {
        return;
    }
    let Some(Raw::Text(flags)) = event.get("evt.arg.flags") else { return };
    let has = |wanted: &str| flags.split('|').any(|flag| flag == wanted);
    let both = has("O_RDWR");
    for (field, yes) in [("evt.is_open_read", both || has("O_RDONLY")), ("evt.is_open_write", both || has("O_WRONLY"))]
    {
        fill(slots, event, binding, field, |_| Some(State::One(Value::Bool(yes))));
    }
}

fn text<'e>(slots: &Slots, event: &Event<'_>, binding: &mut Binding<'e>, wanted: &str, bytes: &'e [u8]) {
    fill(slots, event, binding, wanted, |_| Some(State::One(Value::Bytes(Cow::Borrowed(bytes)))));
}

fn fill<'e>(
    slots: &Slots,
    event: &Event<'_>,
    binding: &mut Binding<'e>,
    wanted: &str,
    state: impl FnOnce(fields::ValueType) -> Option<State<'e>>,
) {
    let Some(number) = slots.number(wanted) else { return };
    if event.get(wanted).is_some() {
        return;
    }
    if let Some(state) = slots.get(number).and_then(|slot| state(slot.value)) {
        binding.set(number, state);
    }
}
