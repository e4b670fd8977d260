//! Which fields a set of conditions looks at, and what an event says of them.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::derive;
use super::value::State;
use crate::events::{Event, Raw};
use crate::fields::{Field, ValueType};

/// A field that conditions look at, with its argument.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    /// As it stands in events: `proc.aname[2]`, `evt.arg.flags`.
    pub(super) name: Box<str>,
    pub(super) field: Field,
    pub(super) value: ValueType,
    pub(super) list: bool,
    /// Whether it stands for several things of which one is enough.
    pub(super) any: bool,
}

/// The fields, each with a number.
#[derive(Clone, Debug, Default)]
pub(super) struct Slots {
    all: Vec<Slot>,
    by_name: HashMap<Box<str>, u32, BuildHasherDefault<Mixer>>,
    ancestors: Vec<u32>,
}

/// Mixes the bytes of names. The names are those of the rules, and an event cannot add any, so nobody gains from names
/// that collide.
#[derive(Clone, Default)]
struct Mixer(u64);

impl Hasher for Mixer {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        let mut last = [0; 8];
        for (to, from) in last.iter_mut().zip(rest) {
            *to = *from;
        }
        for word in words.iter().chain([&last]) {
            self.0 = (self.0.rotate_left(5) ^ u64::from_le_bytes(*word)).wrapping_mul(0x517c_c1b7_2722_0a95);
        }
    }
}

impl Slots {
    pub(super) fn get(&self, number: u32) -> Option<&Slot> {
        self.all.get(number as usize)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Slot> {
        self.all.iter()
    }

    /// Those about ancestors of the process, with their numbers.
    pub(super) fn ancestors(&self) -> impl Iterator<Item = (u32, &Slot)> {
        self.ancestors.iter().filter_map(|number| Some((*number, self.get(*number)?)))
    }

    pub(super) fn number(&self, name: &str) -> Option<u32> {
        self.by_name.get(name).copied()
    }

    /// The number of a field; a new one when it has none.
    pub(super) fn add(&mut self, slot: Slot) -> Option<u32> {
        if let Some(number) = self.number(&slot.name) {
            return Some(number);
        }
        let number = u32::try_from(self.all.len()).ok()?;
        if slot.field.ancestors() {
            self.ancestors.push(number);
        }
        self.by_name.insert(slot.name.clone(), number);
        self.all.push(slot);
        Some(number)
    }
}

/// How to take fields that an event does not have.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Absent {
    /// As the event's form has it: unknown in Falco's output, missing in a table of fields.
    #[default]
    ByForm,
    /// Missing, so that everything is decided.
    Missing,
    /// Unknown, so that everything that is missing is asked for.
    Unknown,
}

/// What an event says of the fields.
#[derive(Debug)]
pub struct Binding<'e> {
    states: Vec<State<'e>>,
}

impl<'e> Binding<'e> {
    pub(super) fn new(slots: &Slots, event: &'e Event<'_>, absent: Absent) -> Self {
        let complete = match absent {
            Absent::ByForm => event.complete,
            Absent::Missing => true,
            Absent::Unknown => false,
        };
        let rest = if complete { State::Missing } else { State::Unknown };
        let mut binding = Self { states: vec![rest; slots.all.len()] };
        for field in &event.fields {
            if let Some(number) = slots.number(&field.name) {
                binding.put(slots, number, &field.value);
            } else if let Some(name) = unquoted(&field.name)
                && let Some(number) = slots.number(&name)
            {
                binding.put(slots, number, &field.value);
            }
        }
        derive::derive(slots, event, &mut binding);
        binding
    }

    /// What is known of the field of that number.
    pub(super) fn state(&self, number: u32) -> &State<'e> {
        self.states.get(number as usize).unwrap_or(&State::Unknown)
    }

    pub(super) fn set(&mut self, number: u32, state: State<'e>) {
        if let Some(place) = self.states.get_mut(number as usize) {
            *place = state;
        }
    }

    fn put(&mut self, slots: &Slots, number: u32, raw: &'e Raw<'_>) {
        let Some(slot) = slots.get(number) else { return };
        let state = match State::of(raw, slot.value) {
            State::One(value) if slot.list || slot.any => State::Many(vec![value]),
            // A field of one value cannot have several.
            State::Many(_) if !slot.list && !slot.any => State::Unknown,
            state => state,
        };
        self.set(number, state);
    }
}

/// The name of a field whose argument stands in quotes, without them.
fn unquoted(name: &str) -> Option<String> {
    let (field, argument) = name.strip_suffix(']')?.split_once('[')?;
    let quote = argument.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let inner = argument.strip_prefix(quote)?.strip_suffix(quote)?;
    Some([field, "[", inner, "]"].concat())
}
