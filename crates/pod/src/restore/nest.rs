//! Where each line belongs: all readings side by side, the cheapest first.

use super::line::{GoesOn, Line, Value};
use super::{is_separator, root};
use crate::schema::{Struct, Type};
use watertight_text::sort;

/// What it costs to give a key to an outer struct while an inner one would take it, for each inner one.
const RANK: u32 = 2;

/// Readings followed side by side. Manifests need a handful; the number bounds the work on hostile ones.
const BEAM: usize = 48;

/// Open structs inside each other; the deepest field of a CronJob stands below twenty.
const MOST_FRAMES: usize = 40;

/// Something open: what comes next may belong into it.
#[derive(Clone, Debug)]
enum Frame<'t> {
    Struct { schema: &'static Struct, indent: usize, seen: Vec<&'static str> },
    Map { value: Type, indent: usize, keys: Vec<&'t str> },
    List { item: Type, indent: usize, count: usize },
}

impl Frame<'_> {
    fn indent(&self) -> usize {
        match self {
            Self::Struct { indent, .. } | Self::Map { indent, .. } | Self::List { indent, .. } => *indent,
        }
    }

    /// What it costs to leave it now.
    fn closing(&self) -> u32 {
        match self {
            Self::Struct { seen, .. } if seen.is_empty() => 6,
            Self::Struct { schema, seen, .. } => {
                let missing = schema.members.iter().filter(|m| m.required && !seen.contains(&m.name)).count();
                // A name alone is allowed for both, and hardly ever meant.
                let bare = ["EnvVar", "Volume"].contains(&schema.name) && seen.as_slice() == ["name"];
                missing as u32 * 4 + u32::from(bare) * 3
            }
            Self::Map { keys, .. } => u32::from(keys.is_empty()) * 4,
            Self::List { count, .. } => u32::from(*count == 0) * 8,
        }
    }
}

/// One way to read the lines so far.
#[derive(Clone, Debug)]
struct Reading<'t> {
    frames: Vec<Frame<'t>>,
    cost: u32,
    /// The indentation of the last line, and behind it those of the lines before, in [`Indents`].
    last: usize,
    /// Whether the value of the last line goes on.
    goes_on: Option<GoesOn>,
    /// The indentation of further lines of it.
    further: usize,
    /// How many lines a block scalar has so far.
    block: usize,
}

/// The nesting of one document.
pub(super) struct Nested {
    /// How far each line has to be indented.
    pub(super) indents: Vec<usize>,
    /// The first line that another good reading puts elsewhere.
    pub(super) doubt: Option<usize>,
}

/// The indentation of a line that takes that of what comes after it.
const ASIDE: usize = usize::MAX;

/// The indentations that readings gave to their lines: each with the place of the one before it, so that readings share
/// what they have in common.
#[derive(Default)]
struct Indents(Vec<(usize, usize)>);

impl Indents {
    /// Adds a line behind `last`; gives its place.
    fn push(&mut self, last: usize, indent: usize) -> usize {
        self.0.push((last, indent));
        self.0.len()
    }

    /// Of all lines up to `last`, whose place counts from 1.
    fn up_to(&self, mut last: usize, lines: &[&str]) -> Vec<usize> {
        let mut indents = Vec::with_capacity(lines.len());
        let mut next = 0;
        while let Some((before, indent)) = last.checked_sub(1).and_then(|place| self.0.get(place)) {
            next = if *indent == ASIDE { next } else { *indent };
            indents.push(next);
            last = *before;
        }
        indents.reverse();
        let bare = |line: &&str| line.is_empty() || is_separator(line);
        indents.iter_mut().zip(lines).filter(|(_, line)| bare(line)).for_each(|(indent, _)| *indent = 0);
        indents
    }
}

pub(super) fn nest(lines: &[&str]) -> Option<Nested> {
    let schema = root(&lines.iter().copied())?;
    let start = Frame::Struct { schema, indent: 0, seen: Vec::new() };
    let mut indents = Indents::default();
    let mut beam = vec![Reading { frames: vec![start], cost: 0, last: 0, goes_on: None, further: 0, block: 0 }];
    for line in lines {
        beam = beam.iter().flat_map(|reading| reading.after_line(line, &mut indents)).collect();
        sort::by_key(&mut beam, |reading| reading.cost);
        beam.truncate(BEAM);
    }
    for reading in &mut beam {
        reading.cost += reading.frames.iter().map(Frame::closing).sum::<u32>() + reading.end_of_value();
    }
    sort::by_key(&mut beam, |reading| reading.cost);
    let best = beam.first()?;
    if !matches!(best.goes_on, None | Some(GoesOn::Block)) {
        return None;
    }
    let ours = indents.up_to(best.last, lines);
    let rivals = beam.iter().skip(1).take_while(|rival| rival.cost <= best.cost + RANK);
    let differs = |rival: &Reading<'_>| {
        let theirs = indents.up_to(rival.last, lines);
        ours.iter().zip(theirs).position(|(ours, theirs)| *ours != theirs)
    };
    let doubt = rivals.filter_map(differs).min();
    Some(Nested { indents: ours, doubt })
}

impl<'t> Reading<'t> {
    /// All ways to go on with one more line.
    fn after_line(&self, line: &'t str, indents: &mut Indents) -> Vec<Self> {
        let here = Line::read(line);
        let Some(goes_on) = self.goes_on else { return self.after_value(here, indents) };
        let mut stays = Self { goes_on: goes_on.after(line), ..self.clone() };
        if goes_on != GoesOn::Block {
            stays.last = indents.push(self.last, self.further);
            return vec![stays];
        }
        if line.is_empty() {
            stays.last = indents.push(self.last, 0);
            return vec![stays];
        }
        stays.block += 1;
        // Where the line fits elsewhere, it rather belongs there.
        let mut ways = Vec::new();
        if !is_separator(line) {
            ways = Self { goes_on: None, cost: self.cost + self.end_of_value(), ..self.clone() }
                .after_value(here, indents);
            stays.cost += u32::from(!ways.is_empty());
            stays.last = indents.push(self.last, self.further);
            ways.push(stays);
        }
        ways
    }

    /// What it costs that the value ends here: a block scalar without a line is hardly meant.
    fn end_of_value(&self) -> u32 {
        u32::from(self.goes_on.is_some() && self.block == 0) * 6
    }

    /// All ways to go on with a line that belongs to no value above it.
    fn after_value(&self, line: Line<'t>, indents: &mut Indents) -> Vec<Self> {
        match line {
            Line::Aside => vec![Self { last: indents.push(self.last, ASIDE), ..self.clone() }],
            Line::Beyond => Vec::new(),
            Line::Content { item, key, value, goes_on } => {
                let mut ways = self.after(item, key, value, indents);
                ways.iter_mut().for_each(|way| way.goes_on = goes_on);
                ways
            }
        }
    }

    /// All ways to go on with one more key or item, the innermost first.
    fn after(&self, item: bool, key: Option<&'t str>, value: Value<'t>, indents: &mut Indents) -> Vec<Self> {
        let mut ways: Vec<Self> = Vec::new();
        let mut leaving = 0;
        for depth in (0..self.frames.len()).rev() {
            let Some(frame) = self.frames.get(depth) else { break };
            if let Some((mut way, cost)) = self.in_frame(depth, frame, item, key, value, indents) {
                // Each inner place that would take it as well makes this one less likely.
                way.cost += leaving + cost + RANK * ways.len() as u32;
                ways.push(way);
            }
            leaving += frame.closing();
        }
        ways
    }

    fn in_frame(
        &self,
        depth: usize,
        frame: &Frame<'t>,
        item: bool,
        key: Option<&'t str>,
        value: Value<'t>,
        indents: &mut Indents,
    ) -> Option<(Self, u32)> {
        let mut frames = self.frames.get(..=depth)?.to_vec();
        let at = frame.indent();
        let cost = match (frame, item, key) {
            (Frame::Struct { .. } | Frame::Map { .. }, false, Some(key)) => {
                let rivals = self.outer_rival(depth, key, value);
                put(&mut frames, key, value)? + rivals
            }
            (Frame::List { item, indent, .. }, true, key) => {
                if let Some(Frame::List { count, .. }) = frames.last_mut() {
                    *count += 1;
                }
                match (key, *item) {
                    // A dash alone: the item's keys stand in the next lines.
                    (None, Type::Struct(schema)) if value == Value::Empty => {
                        frames.push(Frame::Struct { schema, indent: indent + 2, seen: Vec::new() });
                        0
                    }
                    (None, ty) => value.cost_as(ty).filter(|_| value != Value::Empty)?,
                    (Some(key), Type::Struct(schema)) => {
                        frames.push(Frame::Struct { schema, indent: indent + 2, seen: Vec::new() });
                        put(&mut frames, key, value)?
                    }
                    (Some(key), Type::Map(inner)) => {
                        frames.push(Frame::Map { value: *inner, indent: indent + 2, keys: Vec::new() });
                        put(&mut frames, key, value)?
                    }
                    // `- host:port` and the like: a text that looks like a key.
                    (Some(_), _) => return None,
                }
            }
            _ => return None,
        };
        if frames.len() > MOST_FRAMES {
            return None;
        }
        // A key behind a dash stands further in, and its value further in than that.
        let further = at + if item && key.is_some() { 4 } else { 2 };
        let last = indents.push(self.last, at);
        Some((Self { frames, cost: self.cost, last, goes_on: None, further, block: 0 }, cost))
    }

    /// A map takes every key. Once it has some, a key that an open struct further out knows is rather that struct's,
    /// unless it looks like a label.
    fn outer_rival(&self, depth: usize, key: &str, value: Value<'_>) -> u32 {
        let Some(Frame::Map { keys, .. }) = self.frames.get(depth) else { return self.rare(depth, key) };
        if keys.is_empty() || key.contains(['/', '.']) {
            return 0;
        }
        let known = self.frames.iter().take(depth).enumerate().any(|(at, frame)| match frame {
            Frame::Struct { schema, seen, .. } => {
                schema.member(key).is_some_and(|m| !seen.contains(&m.name) && value.cost_as(m.ty) == Some(0))
                    && self.rare(at, key) == 0
            }
            _ => false,
        });
        u32::from(known) * 5
    }

    /// Fields that the schema has and hardly anybody writes: the name of a pod template, which means nothing, so that a
    /// `name` there is rather a label's; and the restart policy of a container, which only an init container may have.
    fn rare(&self, depth: usize, key: &str) -> u32 {
        let here = self.frames.get(depth);
        let above = depth.checked_sub(1).and_then(|above| self.frames.get(above));
        let is = |frame: Option<&Frame<'_>>, name: &str| matches!(frame, Some(Frame::Struct { schema, .. }) if schema.name == name);
        let rare = (key == "name" && is(above, "PodTemplateSpec")) || (key == "restartPolicy" && is(here, "Container"));
        u32::from(rare) * 5
    }
}

/// Puts a key into the innermost frame and opens what its value opens. Gives the cost; `None` when it does not fit.
fn put<'t>(frames: &mut Vec<Frame<'t>>, key: &'t str, value: Value<'t>) -> Option<u32> {
    let (ty, indent) = match frames.last_mut()? {
        Frame::Struct { schema, indent, seen } => {
            let member = schema.member(key).filter(|member| !seen.contains(&member.name))?;
            seen.push(member.name);
            (member.ty, *indent)
        }
        Frame::Map { value, keys, indent } => {
            if keys.contains(&key) {
                return None;
            }
            keys.push(key);
            (*value, *indent)
        }
        Frame::List { .. } => return None,
    };
    let cost = value.cost_as(ty)?;
    if value == Value::Empty {
        let indent = indent + 2;
        match ty {
            Type::Struct(schema) => frames.push(Frame::Struct { schema, indent, seen: Vec::new() }),
            Type::Map(inner) => frames.push(Frame::Map { value: *inner, indent, keys: Vec::new() }),
            Type::List(item) => frames.push(Frame::List { item: *item, indent, count: 0 }),
            _ => {}
        }
    }
    Some(cost)
}
