//! Which fields a set of conditions looks at, and what an event says of them.

use std::cell::OnceCell;
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

impl Slot {
    /// What a value of an event is for this field.
    fn state<'e>(&self, raw: &'e Raw<'_>) -> State<'e> {
        match State::of(raw, self.value) {
            State::One(value) if self.list || self.any => State::Many(vec![value]),
            // A field of one value cannot have several.
            State::Many(_) if !self.list && !self.any => State::Unknown,
            state => state,
        }
    }
}

/// The fields, each with a number.
#[derive(Clone, Debug, Default)]
pub(super) struct Slots {
    all: Vec<Slot>,
    by_name: ByName<Named>,
    ancestors: Vec<Ancestor>,
    /// How many names are watched.
    watched: u32,
}

/// What a name stands for: a field of the conditions, something that is looked at whatever they say, or both.
#[derive(Clone, Copy, Debug, Default)]
struct Named {
    slot: Option<u32>,
    watched: Option<u32>,
}

/// A field about ancestors of the process.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ancestor {
    /// Its number.
    pub(super) slot: u32,
    /// Which ancestor, where it asks for one by number; the parent is 1.
    pub(super) index: Option<usize>,
    /// The number under which the list of all is watched.
    pub(super) list: u32,
}

/// The numbers under which the type and the source of events are watched.
const WATCHED: [&str; 2] = ["evt.type", "evt.source"];

/// Hashes names that only we give.
pub(super) type ByName<T> = HashMap<Box<str>, T, BuildHasherDefault<Mixer>>;

/// Mixes the bytes of names. The names are those of the rules, and an event cannot add any, so nobody gains from names
/// that collide.
#[derive(Clone, Default)]
pub(super) struct Mixer(u64);

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

    /// Those about ancestors of the process.
    pub(super) fn ancestors(&self) -> impl Iterator<Item = (Ancestor, &Slot)> {
        self.ancestors.iter().filter_map(|ancestor| Some((*ancestor, self.get(ancestor.slot)?)))
    }

    pub(super) fn number(&self, name: &str) -> Option<u32> {
        self.by_name.get(name)?.slot
    }

    /// The number of a field; a new one when it has none.
    pub(super) fn add(&mut self, slot: Slot) -> Option<u32> {
        if let Some(number) = self.number(&slot.name) {
            return Some(number);
        }
        if self.all.is_empty() {
            WATCHED.into_iter().for_each(|name| _ = self.watch(name));
        }
        let number = u32::try_from(self.all.len()).ok()?;
        if slot.field.ancestors() {
            let index =
                slot.name.strip_prefix(slot.field.name).and_then(|rest| rest.strip_prefix('[')?.strip_suffix(']'));
            let index = index.and_then(|index| index.parse::<usize>().ok()).filter(|index| *index > 0);
            let list = self.watch(slot.field.name);
            self.ancestors.push(Ancestor { slot: number, index, list });
        }
        self.by_name.entry(slot.name.clone()).or_default().slot = Some(number);
        self.all.push(slot);
        Some(number)
    }

    /// The number under which a name is watched.
    fn watch(&mut self, name: &str) -> u32 {
        let next = self.watched;
        let number = *self.by_name.entry(name.into()).or_default().watched.get_or_insert(next);
        self.watched += u32::from(number == next);
        number
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
    slots: &'e Slots,
    places: Vec<Place<'e>>,
    watched: Vec<Option<&'e Raw<'e>>>,
    /// What is known of a field of which the event says nothing.
    rest: State<'e>,
}

/// A field: what the event says, and what that is once somebody has looked. Most fields are never looked at.
#[derive(Clone, Debug)]
struct Place<'e> {
    raw: Option<&'e Raw<'e>>,
    state: OnceCell<State<'e>>,
}

impl<'e> Binding<'e> {
    pub(super) fn new(slots: &'e Slots, event: &'e Event<'_>, absent: Absent) -> Self {
        let complete = match absent {
            Absent::ByForm => event.complete,
            Absent::Missing => true,
            Absent::Unknown => false,
        };
        let rest = if complete { State::Missing } else { State::Unknown };
        let places = vec![Place { raw: None, state: OnceCell::new() }; slots.all.len()];
        let mut binding = Self { slots, places, watched: vec![None; slots.watched as usize], rest };
        for field in &event.fields {
            if let Some(named) = slots.by_name.get(&*field.name) {
                binding.put(*named, &field.value);
            } else if let Some(name) = unquoted(&field.name)
                && let Some(slot) = slots.number(&name)
            {
                binding.put(Named { slot: Some(slot), watched: None }, &field.value);
            }
        }
        derive::derive(slots, event, &mut binding);
        binding
    }

    /// What is known of the field of that number.
    pub(super) fn state(&self, number: u32) -> &State<'e> {
        let Some(place) = self.places.get(number as usize) else { return &State::Unknown };
        if let Some(state) = place.state.get() {
            return state;
        }
        match (place.raw, self.slots.get(number)) {
            (Some(raw), Some(slot)) => place.state.get_or_init(|| slot.state(raw)),
            _ => &self.rest,
        }
    }

    pub(super) fn set(&mut self, number: u32, state: State<'e>) {
        if let Some(place) = self.places.get_mut(number as usize) {
            place.state = OnceCell::from(state);
        }
    }

    /// What the event says of a name that is watched.
    pub(super) fn watched(&self, number: u32) -> Option<&'e Raw<'e>> {
        self.watched.get(number as usize).copied().flatten()
    }

    /// The type of the event, where it says one.
    pub(super) fn event_type(&self) -> Option<&'e str> {
        text(self.watched(0))
    }

    /// The source that stands among the fields of the event.
    pub(super) fn source(&self) -> Option<&'e str> {
        text(self.watched(1))
    }

    fn put(&mut self, named: Named, raw: &'e Raw<'_>) {
        if let Some(place) = named.slot.and_then(|number| self.places.get_mut(number as usize)) {
            place.raw = Some(raw);
        }
        if let Some(place) = named.watched.and_then(|number| self.watched.get_mut(number as usize)) {
            *place = Some(raw);
        }
    }
}

fn text<'e>(raw: Option<&'e Raw<'e>>) -> Option<&'e str> {
    match raw {
        Some(Raw::Text(text)) => Some(text),
        _ => None,
    }
}

/// The name of a field whose argument stands in quotes, without them.
fn unquoted(name: &str) -> Option<String> {
    let (field, argument) = name.strip_suffix(']')?.split_once('[')?;
    let quote = argument.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let inner = argument.strip_prefix(quote)?.strip_suffix(quote)?;
    Some([field, "[", inner, "]"].concat())
}
