//! What operations mean, on plain values.

use serde_json::{Value, json};
use watertight_diagnostic::{Operation, Route, Step};
use watertight_yaml::parse;

/// A route as it is printed, `spec.containers[0]["a/b"]`; `1:` in front is the second document.
pub(crate) fn route(text: &str) -> Route {
    let (document, mut rest) = match text.split_once(':') {
        Some((document, rest)) if document.parse::<usize>().is_ok() => (document.parse().unwrap(), rest),
        _ => (0, text),
    };
    let mut route = Route::root(document);
    while !rest.is_empty() {
        if let Some(quoted) = rest.strip_prefix("[\"") {
            let (key, after) = quoted.split_once("\"]").unwrap();
            route = route.key(key.to_owned());
            rest = after;
        } else if let Some(index) = rest.strip_prefix('[') {
            let (index, after) = index.split_once(']').unwrap();
            route = route.index(index.parse().unwrap());
            rest = after;
        } else {
            let word = rest.trim_start_matches('.');
            let end = word.find(['.', '[']).unwrap_or(word.len());
            route = route.key(word[..end].to_owned());
            rest = &word[end..];
        }
    }
    route
}

/// The values of all documents as Kubernetes' reader gets them.
pub(crate) fn values(text: &str) -> Vec<Value> {
    parse(text).documents.iter().map(|doc| doc.root().map_or(Value::Null, |root| root.to_json())).collect()
}

/// Stands for a list item that goes, so that the places of the others hold until the end.
const GONE: &str = "\u{0}gone";

/// Carries operations out on plain values. Places in lists are those before any change.
pub(crate) fn reference(mut values: Vec<Value>, operations: &[Operation]) -> Vec<Value> {
    let before = values.clone();
    let set_above = |route: &Route| {
        operations
            .iter()
            .any(|operation| matches!(operation, Operation::Set { route: above, .. } if above.contains(route)))
    };
    for operation in operations {
        match operation {
            Operation::Append { route, value } if set_above(route) => append(&mut values[route.document], route, value),
            Operation::Set { route, value } => *reach(&mut values[route.document], &route.steps) = value.clone(),
            Operation::Remove { route, .. } => take(&mut values[route.document], &route.steps),
            Operation::Append { .. } | Operation::KeepLast { .. } => {}
        }
    }
    take_empty(&mut values, &before, operations);
    // An item counts as being there when it is so in the end: what is appended further in comes first.
    let mut appends: Vec<_> = operations
        .iter()
        .filter_map(|operation| match operation {
            Operation::Append { route, value } if !set_above(route) => Some((route, value)),
            _ => None,
        })
        .collect();
    appends.sort_by_key(|(route, _)| std::cmp::Reverse(route.steps.len()));
    for (route, value) in appends {
        append(&mut values[route.document], route, value);
    }
    values.iter_mut().for_each(strip);
    values
}

/// Takes what was left empty and shall go then. What is appended to will not be empty.
fn take_empty(values: &mut [Value], before: &[Value], operations: &[Operation]) {
    let set_above = |document: usize, steps: &[Step]| {
        operations.iter().any(|operation| {
            matches!(operation, Operation::Set { route, .. } if route.document == document && steps.starts_with(&route.steps))
        })
    };
    let mut places: Vec<(usize, &[Step])> = Vec::new();
    for operation in operations {
        let Operation::Remove { route, parents } = operation else { continue };
        for up in 1..=usize::from(*parents) {
            let length = route.steps.len().saturating_sub(up);
            if length > 0 {
                places.push((route.document, &route.steps[..length]));
            }
        }
    }
    places.sort_by_key(|(_, steps)| std::cmp::Reverse(steps.len()));
    for (document, steps) in places {
        let emptied = match (look_up(&values[document], steps), look_up(&before[document], steps)) {
            (Some(Value::Array(items)), _) => !items.is_empty() && items.iter().all(|item| *item == json!(GONE)),
            (Some(Value::Object(map)), Some(Value::Object(before))) => map.is_empty() && !before.is_empty(),
            _ => false,
        };
        let filled = operations.iter().any(|operation| match operation {
            Operation::Append { route, .. } => route.document == document && route.steps.starts_with(steps),
            _ => false,
        });
        if emptied && !filled && !set_above(document, steps) {
            take(&mut values[document], steps);
        }
    }
}

fn look_up<'v>(top: &'v Value, steps: &[Step]) -> Option<&'v Value> {
    steps.iter().try_fold(top, |value, step| match step {
        Step::Key(key) => value.get(key.as_ref()),
        Step::Index(index) => value.get(index),
    })
}

fn append(top: &mut Value, route: &Route, value: &Value) {
    let list = reach(top, &route.steps);
    if list.is_null() {
        *list = json!([]);
    }
    let mut left = list.clone();
    strip(&mut left);
    if !left.as_array().unwrap().contains(value) {
        list.as_array_mut().unwrap().push(value.clone());
    }
}

fn take(at: &mut Value, steps: &[Step]) {
    let (last, parents) = steps.split_last().unwrap();
    let mut at = Some(at);
    for step in parents {
        at = at.and_then(|value| match step {
            Step::Key(key) => value.get_mut(key.as_ref()),
            Step::Index(index) => value.get_mut(index),
        });
    }
    match (at, last) {
        (Some(Value::Object(map)), Step::Key(key)) => {
            map.shift_remove(key.as_ref());
        }
        (Some(Value::Array(items)), Step::Index(index)) if *index < items.len() => items[*index] = json!(GONE),
        _ => {}
    }
}

fn strip(value: &mut Value) {
    match value {
        Value::Array(items) => {
            items.retain(|item| *item != json!(GONE));
            items.iter_mut().for_each(strip);
        }
        Value::Object(map) => map.values_mut().for_each(strip),
        _ => {}
    }
}

fn reach<'v>(mut at: &'v mut Value, steps: &[Step]) -> &'v mut Value {
    for step in steps {
        at = match step {
            Step::Key(key) => {
                if at.is_null() {
                    *at = json!({});
                }
                at.as_object_mut().unwrap().entry(key.clone()).or_insert(Value::Null)
            }
            Step::Index(index) => {
                if at.is_null() {
                    *at = json!([]);
                }
                let items = at.as_array_mut().unwrap();
                while *index >= items.len() {
                    items.push(Value::Null);
                }
                &mut items[*index]
            }
        };
    }
    at
}
