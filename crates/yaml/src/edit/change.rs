//! All operations on one document, folded into one tree of intended changes.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use watertight_text::sort;

use serde_json::{Map, Value};
use watertight_diagnostic::{Operation, Route, Step};

use super::source::Reason;
use super::view::{self, Keys};
use crate::{Kind, Node};

/// What shall happen to a node.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Change {
    /// The node stays; something in it changes. Nothing at all when it is empty.
    Inside(Inside),
    /// The node gets this value.
    Set(Value),
    /// The node goes.
    Remove,
}

/// Changes of the children of a node.
#[derive(Clone, Debug, Default)]
pub(super) struct Inside {
    /// In the order of the operations, which is the order new keys are written in.
    pub(super) children: Vec<(Step, Change)>,
    /// Items to add at the end.
    pub(super) appends: Vec<Value>,
    /// Of several equal keys whose last one has this node, the others go.
    pub(super) alone: bool,
    /// The node goes when nothing is left in it.
    goes_empty: bool,
    places: BTreeMap<Step, usize>,
    appended: Places,
}

/// Finds values in a list that may have thousands of them: for each hash the first place.
#[derive(Clone, Debug, Default)]
struct Places(HashMap<u64, usize>);

impl Places {
    fn of(list: &[Value]) -> Self {
        let mut places = Self::default();
        list.iter().enumerate().for_each(|(place, value)| places.note(place, value));
        places
    }

    fn note(&mut self, place: usize, value: &Value) {
        self.0.entry(hash(value)).or_insert(place);
    }

    /// Whether the list, of which the places are, has a value.
    fn contain(&self, value: &Value, list: &[Value]) -> bool {
        self.0.get(&hash(value)).is_some_and(|place| list.get(*place) == Some(value) || list.contains(value))
    }
}

fn hash(value: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

impl PartialEq for Inside {
    fn eq(&self, other: &Self) -> bool {
        self.children.len() == other.children.len()
            && self.appends == other.appends
            && self.alone == other.alone
            && self.goes_empty == other.goes_empty
            && self.children.iter().all(|(step, change)| other.get(step) == Some(change))
    }
}

impl Default for Change {
    fn default() -> Self {
        Self::Inside(Inside::default())
    }
}

impl Change {
    /// Whether nothing goes but what no reader takes: doubled keys.
    pub(super) fn keeps_value(&self) -> bool {
        match self {
            Self::Inside(inside) => {
                inside.appends.is_empty() && inside.children.iter().all(|(_, change)| change.keeps_value())
            }
            Self::Set(_) | Self::Remove => false,
        }
    }
}

impl Inside {
    pub(super) fn get(&self, step: &Step) -> Option<&Change> {
        self.children.get(*self.places.get(step)?).map(|(_, change)| change)
    }

    pub(super) fn key(&self, key: &str) -> Option<&Change> {
        self.get(&Step::Key(key.to_owned().into()))
    }

    fn child(&mut self, step: &Step) -> &mut Change {
        let place = *self.places.entry(step.clone()).or_insert(self.children.len());
        if place >= self.children.len() {
            self.children.push((step.clone(), Change::default()));
        }
        let last = self.children.len() - 1;
        #[expect(clippy::indexing_slicing, reason = "the place was just made or found")]
        &mut self.children[place.min(last)].1
    }

    fn from_parts(children: Vec<(Step, Change)>, appends: Vec<Value>) -> Self {
        let places = children.iter().enumerate().map(|(place, (step, _))| (step.clone(), place)).collect();
        Self { children, appends, places, ..Self::default() }
    }

    /// Whether what is in the node stays as it is.
    pub(super) fn is_empty(&self) -> bool {
        self.children.is_empty() && self.appends.is_empty()
    }

    fn has_keys(&self) -> bool {
        self.children.iter().any(|(step, _)| matches!(step, Step::Key(_)))
    }

    fn has_items(&self) -> bool {
        !self.appends.is_empty() || self.children.iter().any(|(step, _)| matches!(step, Step::Index(_)))
    }
}

fn conflict() -> Reason {
    "An earlier change asks for something else at this place.".to_owned()
}

/// A missing node and a null are the same to one who wants to put something in.
fn present(node: Option<Node<'_>>) -> Option<Node<'_>> {
    node.filter(|node| !node.is_null())
}

/// Adds one operation. What it contradicts stays, and the operation is refused.
pub(super) fn fold<'d>(
    root: &mut Change,
    top: Option<Node<'d>>,
    operation: &Operation,
    keys: &Keys<'d>,
) -> Result<(), Reason> {
    let route = operation.route();
    let removing = matches!(operation, Operation::Remove { .. } | Operation::KeepLast { .. });
    if matches!(operation, Operation::KeepLast { .. }) && !is_written(top, &route.steps, keys) {
        return Ok(());
    }
    let parents = match operation {
        Operation::Remove { parents, .. } => usize::from(*parents),
        _ => 0,
    };
    // The document itself never goes.
    let goes_from = route.steps.len().saturating_sub(parents).max(1);
    let mut change = root;
    let mut node = top;
    for (depth, step) in route.steps.iter().enumerate() {
        match change {
            Change::Set(value) => {
                let rest = route.steps.get(depth..).unwrap_or_default();
                return fold_into_value(value, rest, operation);
            }
            Change::Remove if removing => return Ok(()),
            Change::Remove => return Err(conflict()),
            Change::Inside(inside) => {
                inside.goes_empty |= depth >= goes_from;
                match enter(node, step, inside, keys) {
                    Ok(child) => node = child,
                    // What cannot be there need not be removed, but what comes after may not put it there.
                    Err(NoWay::Holds(_)) if removing => node = None,
                    Err(_) if removing => return Ok(()),
                    Err(why) => return Err(why.describe(route, depth)),
                }
                change = inside.child(step);
            }
        }
    }
    match operation {
        Operation::Set { value, .. } => fold_set(change, value),
        Operation::Append { value, .. } => fold_append(change, node, value, route),
        Operation::Remove { .. } if route.steps.is_empty() => {
            Err("The whole document cannot be removed; remove what is in it.".to_owned())
        }
        Operation::Remove { .. } => match change {
            Change::Remove => Ok(()),
            Change::Inside(inside) if only_removes(inside) => {
                *change = Change::Remove;
                Ok(())
            }
            _ => Err(conflict()),
        },
        Operation::KeepLast { .. } if route.steps.is_empty() => Ok(()),
        Operation::KeepLast { .. } => match change {
            Change::Inside(inside) => {
                inside.alone = true;
                Ok(())
            }
            // Where all of them go, none is left to be the last.
            Change::Remove => Ok(()),
            Change::Set(_) => Err(conflict()),
        },
    }
}

/// Whether a route leads through nodes that stand where they are used: through no alias, and through no merged key.
fn is_written<'d>(top: Option<Node<'d>>, steps: &[Step], keys: &Keys<'d>) -> bool {
    let mut node = top;
    steps.iter().all(|step| {
        let here = node.filter(|here| !here.is_alias());
        node = match (here, step) {
            (Some(here), Step::Key(key)) => {
                keys.entry(here, key).filter(|entry| !entry.merged).map(|entry| entry.value)
            }
            (Some(here), Step::Index(index)) => here.item(*index),
            (None, _) => None,
        };
        node.is_some()
    })
}

enum NoWay {
    Conflict,
    /// The parent holds something else.
    Holds(Kind),
    /// The list is shorter.
    Short(usize),
}

impl NoWay {
    fn describe(self, route: &Route, depth: usize) -> Reason {
        let parent = Route { document: route.document, steps: route.steps.get(..depth).unwrap_or_default().into() };
        let name = if depth == 0 { "The document".to_owned() } else { format!("`{parent}`") };
        match self {
            Self::Conflict => conflict(),
            Self::Holds(kind) => format!("{name} holds {}, so nothing can be put inside it.", kind.described()),
            Self::Short(len) => format!("{name} has {len} items, so this one is not there."),
        }
    }
}

fn enter<'d>(node: Option<Node<'d>>, step: &Step, inside: &Inside, keys: &Keys<'d>) -> Result<Option<Node<'d>>, NoWay> {
    let Some(node) = present(node) else {
        return match step {
            Step::Key(_) if inside.has_items() => Err(NoWay::Conflict),
            Step::Index(_) if inside.has_keys() => Err(NoWay::Conflict),
            Step::Index(index) if !grows_to(inside, 0, *index) => Err(NoWay::Short(0)),
            _ => Ok(None),
        };
    };
    match (node.kind(), step) {
        (Kind::Mapping, Step::Key(key)) => Ok(keys.get(node, key)),
        (Kind::Sequence, Step::Index(index)) => match node.item(*index) {
            Some(item) => Ok(Some(item)),
            None if grows_to(inside, node.items().len(), *index) => Ok(None),
            None => Err(NoWay::Short(node.items().len())),
        },
        (kind, _) => Err(NoWay::Holds(kind)),
    }
}

/// Whether an item is the next behind those that are there or are being added by their place.
fn grows_to(inside: &Inside, len: usize, index: usize) -> bool {
    (len..index).all(|before| inside.places.contains_key(&Step::Index(before)))
}

fn only_removes(inside: &Inside) -> bool {
    inside.appends.is_empty()
        && inside.children.iter().all(|(_, change)| match change {
            Change::Remove => true,
            Change::Inside(inside) => only_removes(inside),
            Change::Set(_) => false,
        })
}

fn fold_set(change: &mut Change, value: &Value) -> Result<(), Reason> {
    let fits = match change {
        Change::Set(before) => before == value,
        Change::Remove => false,
        Change::Inside(inside) if inside.alone => false,
        // What was asked for inside must hold in the new value too.
        Change::Inside(_) => holds(change, Some(value)),
    };
    if !fits {
        return Err(conflict());
    }
    *change = Change::Set(value.clone());
    Ok(())
}

fn fold_append(change: &mut Change, node: Option<Node<'_>>, item: &Value, route: &Route) -> Result<(), Reason> {
    match change {
        Change::Set(Value::Array(items)) => {
            if !items.contains(item) {
                items.push(item.clone());
            }
            Ok(())
        }
        Change::Set(_) | Change::Remove => Err(conflict()),
        Change::Inside(inside) => {
            match present(node) {
                None if inside.has_keys() => return Err(conflict()),
                Some(node) if node.kind() != Kind::Sequence => {
                    return Err(format!("`{route}` holds {}, not a list.", node.kind().described()));
                }
                _ => {}
            }
            if !inside.appended.contain(item, &inside.appends) {
                inside.appended.note(inside.appends.len(), item);
                inside.appends.push(item.clone());
            }
            Ok(())
        }
    }
}

/// Whether a change asks for nothing but what a value already has.
fn holds(change: &Change, value: Option<&Value>) -> bool {
    match change {
        Change::Set(wanted) => value == Some(wanted),
        Change::Remove => value.is_none(),
        Change::Inside(inside) => {
            let children = inside.children.iter().all(|(step, change)| {
                let child = match step {
                    Step::Key(key) => value.and_then(|value| value.get(key.as_ref())),
                    Step::Index(index) => value.and_then(|value| value.get(index)),
                };
                holds(change, child)
            });
            let items = value.and_then(Value::as_array);
            children && inside.appends.iter().all(|item| items.is_some_and(|items| items.contains(item)))
        }
    }
}

/// Carries out an operation inside a value that an earlier one sets.
fn fold_into_value(value: &mut Value, steps: &[Step], operation: &Operation) -> Result<(), Reason> {
    let Some((step, rest)) = steps.split_first() else {
        return match operation {
            Operation::Set { value: wanted, .. } if value == wanted => Ok(()),
            Operation::Append { value: item, .. } => match value {
                Value::Array(items) => {
                    if !items.contains(item) {
                        items.push(item.clone());
                    }
                    Ok(())
                }
                _ => Err(conflict()),
            },
            _ => Err(conflict()),
        };
    };
    let child = match (&mut *value, step) {
        (Value::Object(map), Step::Key(key)) => map.get_mut(key.as_ref()),
        (Value::Array(items), Step::Index(index)) => items.get_mut(*index),
        _ => return Err(conflict()),
    };
    if let Some(child) = child {
        return fold_into_value(child, rest, operation);
    }
    let mut fresh = Change::default();
    let below = match operation {
        Operation::Set { value, .. } => {
            Operation::Set { route: Route { document: 0, steps: rest.into() }, value: value.clone() }
        }
        Operation::Append { value, .. } => {
            Operation::Append { route: Route { document: 0, steps: rest.into() }, value: value.clone() }
        }
        // What is not there need not go.
        Operation::Remove { .. } | Operation::KeepLast { .. } => return Ok(()),
    };
    fold(&mut fresh, None, &below, &Keys::default())?;
    let made = build(&fresh);
    match (value, step) {
        (Value::Object(map), Step::Key(key)) => {
            map.insert(key.to_string(), made);
            Ok(())
        }
        (Value::Array(items), Step::Index(index)) if *index == items.len() => {
            items.push(made);
            Ok(())
        }
        _ => Err(conflict()),
    }
}

/// Whether a change takes out all that is in a mapping or list, and puts nothing in.
fn leaves_nothing(node: Node<'_>, inside: &Inside) -> bool {
    let goes = |step: &Step| inside.get(step) == Some(&Change::Remove);
    let all_go = match node.kind() {
        Kind::Sequence => (0..node.items().len()).all(|index| goes(&Step::Index(index))),
        Kind::Mapping => view::entries(node).iter().all(|entry| goes(&Step::Key(entry.name().into_owned().into()))),
        _ => false,
    };
    all_go && inside.appends.is_empty() && inside.children.iter().all(|(_, change)| *change == Change::Remove)
}

/// Leaves out what is so already, and breaks new values of old collections down to what differs.
pub(super) fn prune<'d>(change: Change, node: Option<Node<'d>>, keys: &Keys<'d>) -> Option<Change> {
    match change {
        Change::Remove => node.map(|_| Change::Remove),
        Change::Set(value) => match node {
            Some(node) if view::json(node) == value => None,
            Some(node) => Some(refine(node, value, keys)),
            None => Some(Change::Set(value)),
        },
        Change::Inside(inside) => {
            let holder = present(node);
            let children: Vec<(Step, Change)> = inside
                .children
                .into_iter()
                .filter_map(|(step, mut change)| {
                    if let Change::Inside(below) = &mut change {
                        let stands_twice = |key: &str| holder.is_some_and(|holder| keys.written(holder, key) > 1);
                        below.alone &= matches!(&step, Step::Key(key) if stands_twice(key));
                    }
                    let child = holder.and_then(|node| child(node, &step, keys));
                    prune(change, child, keys).map(|change| (step, change))
                })
                .collect();
            let kept = Inside::from_parts(children, Vec::new());
            let items = match holder {
                Some(list) if !inside.appends.is_empty() => apply_items(list, &kept),
                _ => Vec::new(),
            };
            let places = Places::of(&items);
            let appends = inside.appends.into_iter().filter(|item| !places.contain(item, &items)).collect();
            let kept = Inside { appends, alone: inside.alone, ..kept };
            if inside.goes_empty && !kept.is_empty() && holder.is_some_and(|holder| leaves_nothing(holder, &kept)) {
                return Some(Change::Remove);
            }
            (kept.alone || !kept.is_empty()).then_some(Change::Inside(kept))
        }
    }
}

fn child<'d>(node: Node<'d>, step: &Step, keys: &Keys<'d>) -> Option<Node<'d>> {
    match step {
        Step::Key(key) if node.kind() == Kind::Mapping => keys.get(node, key),
        Step::Index(index) => node.item(*index),
        Step::Key(_) => None,
    }
}

/// A new value for an old collection as changes of its children, so that what stays keeps its place and its comments.
fn refine<'d>(node: Node<'d>, value: Value, keys: &Keys<'d>) -> Change {
    // A shared node is compared with its other uses as a whole.
    if node.is_alias() || node.anchor().is_some() {
        return Change::Set(value);
    }
    match (node.kind(), value) {
        (Kind::Mapping, Value::Object(map)) if !map.is_empty() && !view::has_merge(node) => {
            let old = view::entries(node);
            let shared = old.iter().any(|entry| map.contains_key(entry.name().as_ref()));
            if !shared {
                return Change::Set(Value::Object(map));
            }
            let gone = old.iter().filter(|entry| !map.contains_key(entry.name().as_ref()));
            let mut children: Vec<_> =
                gone.map(|entry| (Step::Key(entry.name().into_owned().into()), Change::Remove)).collect();
            for (key, value) in map {
                if let Some(change) = prune(Change::Set(value), keys.get(node, &key), keys) {
                    children.push((Step::Key(key.into()), change));
                }
            }
            Change::Inside(Inside::from_parts(children, Vec::new()))
        }
        (Kind::Sequence, Value::Array(new)) => {
            let mut wanted = new.iter().peekable();
            let mut children = Vec::new();
            let len = node.items().len();
            for (index, item) in node.items().enumerate() {
                if wanted.peek().is_some_and(|wanted| **wanted == view::json(item)) {
                    wanted.next();
                } else {
                    children.push((Step::Index(index), Change::Remove));
                }
            }
            if children.len() == len {
                return Change::Set(Value::Array(new));
            }
            let appends = wanted.cloned().collect();
            Change::Inside(Inside::from_parts(children, appends))
        }
        (_, value) => Change::Set(value),
    }
}

/// The value of something that is not there yet.
pub(super) fn build(change: &Change) -> Value {
    match change {
        Change::Set(value) => value.clone(),
        Change::Remove => Value::Null,
        Change::Inside(inside) if inside.has_items() => {
            let mut placed: Vec<(usize, &Change)> = inside
                .children
                .iter()
                .filter_map(|(step, change)| match step {
                    Step::Index(index) => Some((*index, change)),
                    Step::Key(_) => None,
                })
                .collect();
            sort::by_key(&mut placed, |(index, _)| *index);
            let items = placed.into_iter().filter(|(_, change)| **change != Change::Remove);
            items.map(|(_, change)| build(change)).chain(inside.appends.iter().cloned()).collect()
        }
        Change::Inside(inside) => {
            let mut map = Map::new();
            for (step, change) in &inside.children {
                if let (Step::Key(key), false) = (step, *change == Change::Remove) {
                    map.insert(key.to_string(), build(change));
                }
            }
            Value::Object(map)
        }
    }
}

/// Whether a node has become what a change asks for. Only what the change sets is written out: the document may be large.
pub(super) fn is_done(change: &Change, before: Option<Node<'_>>, after: Option<Node<'_>>) -> bool {
    let is_built = || after.map(view::json).unwrap_or_default() == build(change);
    let Change::Inside(inside) = change else { return is_built() };
    if inside.is_empty() {
        return stays(before, after);
    }
    let Some(before) = present(before) else { return is_built() };
    match (before.kind(), after) {
        (Kind::Sequence, Some(after)) => after.kind() == Kind::Sequence && items_are_done(inside, before, after),
        (Kind::Mapping, Some(after)) => after.kind() == Kind::Mapping && entries_are_done(inside, before, after),
        (Kind::Sequence | Kind::Mapping, None) => false,
        _ => stays(Some(before), after),
    }
}

/// Whether a node has the value that it had. One that is not there reads as null.
fn stays(before: Option<Node<'_>>, after: Option<Node<'_>>) -> bool {
    match (before, after) {
        (Some(before), Some(after)) => view::same(before, after),
        (before, after) => present(before).is_none() && present(after).is_none(),
    }
}

fn items_are_done(inside: &Inside, before: Node<'_>, after: Node<'_>) -> bool {
    let mut items = after.items();
    let old = before.items().enumerate().all(|(index, item)| match inside.get(&Step::Index(index)) {
        None => stays(Some(item), items.next()),
        Some(Change::Remove) => true,
        Some(change) => items.next().is_some_and(|after| is_done(change, Some(item), Some(after))),
    });
    let is = |after: Option<Node<'_>>, value: &Value| after.is_some_and(|after| view::json(after) == *value);
    let added = (before.items().len()..).map_while(|index| inside.get(&Step::Index(index)));
    let mut added = added.filter(|change| **change != Change::Remove);
    old && added.all(|change| is(items.next(), &build(change)))
        && inside.appends.iter().all(|item| is(items.next(), item))
        && items.next().is_none()
}

fn entries_are_done(inside: &Inside, before: Node<'_>, after: Node<'_>) -> bool {
    let (old, new) = (view::entries(before), view::entries(after));
    let (old, new) = (view::by_name(&old), view::by_name(&new));
    let mut count = 0;
    let are_kept = old.iter().all(|(name, entry)| {
        let change = inside.key(name);
        if change == Some(&Change::Remove) {
            return !new.contains_key(name);
        }
        count += 1;
        new.get(name).is_some_and(|after| match change {
            None => view::same(*entry, *after),
            Some(change) => is_done(change, Some(*entry), Some(*after)),
        })
    });
    let are_added = inside.children.iter().all(|(step, change)| {
        let Step::Key(key) = step else { return true };
        if old.contains_key(key) || *change == Change::Remove {
            return true;
        }
        count += 1;
        new.get(key).is_some_and(|after| view::json(*after) == build(change))
    });
    are_kept && are_added && new.len() == count
}

/// The value a node shall have afterwards.
pub(super) fn apply(change: &Change, node: Option<Node<'_>>) -> Value {
    let Change::Inside(inside) = change else { return build(change) };
    if inside.is_empty() {
        return node.map(view::json).unwrap_or_default();
    }
    let Some(node) = present(node) else { return build(change) };
    match node.kind() {
        Kind::Sequence => Value::Array(apply_items(node, inside)),
        Kind::Mapping => {
            let mut map = Map::new();
            for entry in view::entries(node) {
                let name = entry.name().into_owned();
                match inside.key(&name) {
                    None => map.insert(name, view::json(entry.value)),
                    Some(Change::Remove) => None,
                    Some(change) => {
                        let value = apply(change, Some(entry.value));
                        map.insert(name, value)
                    }
                };
            }
            for (step, change) in &inside.children {
                if let (Step::Key(key), false) = (step, *change == Change::Remove) {
                    map.entry(key.clone()).or_insert_with(|| build(change));
                }
            }
            Value::Object(map)
        }
        _ => view::json(node),
    }
}

fn apply_items(list: Node<'_>, inside: &Inside) -> Vec<Value> {
    let mut out = Vec::new();
    let len = list.items().len();
    for (index, item) in list.items().enumerate() {
        match inside.get(&Step::Index(index)) {
            None => out.push(view::json(item)),
            Some(Change::Remove) => {}
            Some(change) => out.push(apply(change, Some(item))),
        }
    }
    for index in len.. {
        match inside.get(&Step::Index(index)) {
            None => break,
            Some(Change::Remove) => {}
            Some(change) => out.push(build(change)),
        }
    }
    out.extend(inside.appends.iter().cloned());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;

    /// What is walked is what would be written out.
    #[test]
    fn a_change_is_done_where_the_values_are_those_that_were_asked_for() {
        let texts = [
            "",
            "~",
            "x",
            "{}",
            "[]",
            "a: 1",
            "a: 2",
            "b: 1\na: 1",
            "a: 1\nb: 1",
            "a: 1\nb: 1\nc: 1",
            "a: {b: 1}",
            "a: {b: 1, c: 2}",
            "a: {c: 2, b: 1}",
            "a: {b: 2}",
            "a:",
            "a: [1, 2]",
            "a: [1, 2, 3]",
            "a: [2]",
            "a: [2, 3]",
            "a: [2, 3, 4]",
            "x: &x {b: 1}\na: {<<: *x, c: 2}",
            "x: {b: 1}\na: {c: 2, b: 1}",
        ];
        let at = |dotted: &'static str| Route::root(0).keys(dotted);
        let item = |index| at("a").index(index);
        let operations = [
            Operation::set(at("a"), 1),
            Operation::set(at("c"), 1),
            Operation::set(at("a.b"), 2),
            Operation::set(at("a.c"), 2),
            Operation::remove(at("a")),
            Operation::remove(at("a.b")),
            Operation::remove(item(0)),
            Operation::set(item(1), 3),
            Operation::set(item(2), 3),
            Operation::append(at("a"), 3),
            Operation::append(at("a"), 4),
        ];
        let (mut done, mut open) = (0, 0);
        for before in texts.map(parse) {
            let before = before.documents.first().and_then(crate::Document::root);
            for (one, other) in operations.iter().flat_map(|one| operations.iter().map(move |other| (one, other))) {
                let mut change = Change::default();
                let keys = Keys::default();
                if [one, other].map(|operation| fold(&mut change, before, operation, &keys)).iter().any(Result::is_err)
                {
                    continue;
                }
                let Some(change) = prune(change, before, &keys) else { continue };
                let intended = apply(&change, before);
                for text in texts {
                    let after = parse(text);
                    let after = after.documents.first().and_then(crate::Document::root);
                    let expected = after.map(view::json).unwrap_or_default() == intended;
                    assert_eq!(is_done(&change, before, after), expected, "{change:?} {text:?}");
                    *(if expected { &mut done } else { &mut open }) += 1;
                }
            }
        }
        assert!(done > 150 && open > 10_000, "{done} {open}");
    }
}
