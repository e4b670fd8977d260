//! Exceptions of rules: reading them, and what they add to the condition.

use std::collections::HashSet;

use watertight_yaml::{Kind, Node};

use crate::compile::{compile, resolve_text};
use crate::condition::{FILTER_DEPTH, Modifier, Operator, parse};

use super::code::Code;
use super::decode::{Context, Fault};
use super::item::{Entry, Exception};
use super::message::Message;
use super::text::{Text, Texts};

/// Reads the exceptions of an item. With `append` the fields may be left to the exception that is appended to.
pub(super) fn read(
    item: &Context<'_>,
    append: bool,
    texts: &mut Texts,
    warn: &mut dyn FnMut(Message),
) -> Result<Vec<Exception>, Fault> {
    let mut found: Vec<Exception> = Vec::new();
    let mut names = HashSet::new();
    let Some(list) = item.get("exceptions").filter(|list| !list.is_null()) else { return Ok(found) };
    let list_context = item.step("exceptions", "", list);
    if list.kind() != Kind::Sequence {
        return Err(list_context.fault("Rule exceptions must be a sequence", list.span()));
    }
    for node in list.items() {
        let nameless = list_context.step("exception", "", node);
        if node.kind() != Kind::Mapping {
            return Err(nameless.fault("Rule exception must be a mapping", node.span()));
        }
        let name = nameless.required("name")?.text();
        let context = item.step("exception", name, node);
        if !names.insert(name) {
            let message = ["Multiple definitions of exception '", name, "' in the same rule"].concat();
            warn(*context.fault_of(Code::ExceptionNameNotUnique, message, context.head()));
        }
        let mut exception = Exception {
            name: name.to_owned(),
            fields: Entry::Nothing,
            comps: Entry::Nothing,
            values: Vec::new(),
            path: context.path.clone(),
            place: (context.file, node.span()),
        };
        match context.get("fields") {
            Some(fields) => exception.fields = entry(&context, fields, "fields", texts)?,
            None if append => {}
            None => return Err(context.fault("Item has no mapping for key 'fields'", context.head())),
        }
        if let Some(comps) = context.get("comps") {
            exception.comps = entry(&context, comps, "comps", texts)?;
        }
        match context.get("values") {
            Some(values) => {
                let values_context = context.step("exception values", "", values);
                if values.kind() != Kind::Sequence {
                    return Err(values_context.fault("Rule exception values must be a sequence", values.span()));
                }
                for value in values.items() {
                    let value_context = values_context.step("exception value", "", value);
                    exception.values.push(entry(&value_context, value, "", texts)?);
                }
            }
            None if append => {
                let message = "Overriding/appending exception with no values";
                warn(*context.fault_of(Code::AppendNoValues, message, context.head()));
            }
            None => {}
        }
        found.push(exception);
    }
    Ok(found)
}

fn entry(context: &Context<'_>, node: Node<'_>, key: &str, texts: &mut Texts) -> Result<Entry, Fault> {
    if node.kind() == Kind::Sequence {
        let items = node.items().map(|item| entry(context, item, "", texts));
        return Ok(Entry::Many(items.collect::<Result<_, _>>()?));
    }
    if node.is_null() || node.written().is_none() {
        return Ok(Entry::Nothing);
    }
    if node.written() == Some("") {
        let mut fault = context.fault("Value must be non-empty", node.span());
        fault.path = fault.path.with(super::message::Step::new("value for", key, context.file, node.span()));
        return Err(fault);
    }
    Ok(Entry::One(texts.scalar(context.file, node, context.source)))
}

/// A complaint about an exception.
pub(super) fn fault(exception: &Exception, message: &str) -> Box<Message> {
    let (path, place) = (exception.path.clone(), Some(exception.place));
    Box::new(Message { code: Code::Validate, message: message.to_owned(), path, place })
}

/// Fills in the comparisons that are not given, and says what the engine has against the exception. Fields are only looked
/// at when the rule's source of events is known.
pub(super) fn validate(exception: &mut Exception, known_source: bool) -> Result<(), Box<Message>> {
    let Entry::Many(fields) = &exception.fields else { return validate_single(exception, known_source) };
    if !exception.comps.is_valid() {
        exception.comps = Entry::Many(fields.iter().map(|field| Entry::One(made("=", field))).collect());
    }
    let Entry::Many(comps) = &mut exception.comps else {
        return Err(fault(exception, "Fields and comps lists must have equal length"));
    };
    let equal = fields.len() == comps.len();
    let mut unknown = None;
    for comp in comps.iter_mut() {
        let word = normalized(comp.text());
        if unknown.is_none() && !is_operator(&word) {
            unknown = Some(["'", &word, "' is not a supported comparison operator"].concat());
        }
        if let Entry::One(text) = comp {
            *text = Text::made(&word, text);
        }
    }
    if !equal {
        return Err(fault(exception, "Fields and comps lists must have equal length"));
    }
    if let Some(message) = unknown {
        return Err(fault(exception, &message));
    }
    let wrong = fields.iter().find(|field| known_source && !is_field(field.text()));
    match wrong.map(|field| ["'", field.text(), "' is not a supported filter field"].concat()) {
        Some(message) => Err(fault(exception, &message)),
        None => Ok(()),
    }
}

fn validate_single(exception: &mut Exception, known_source: bool) -> Result<(), Box<Message>> {
    match &mut exception.comps {
        Entry::Many(comps) if !comps.is_empty() => {
            return Err(fault(exception, "Fields and comps must both be strings"));
        }
        Entry::One(text) if !text.text.is_empty() => *text = Text::made(&normalized(&text.text), text),
        comps => *comps = Entry::One(made("in", &exception.fields)),
    }
    let word = exception.comps.text();
    if !is_list_operator(word) {
        let message = "When fields is a single value, comps must be one of (in, pmatch, intersects) or a modifier \
                       operator (e.g. startswith oneof)";
        return Err(fault(exception, message));
    }
    let field = exception.fields.text();
    if known_source && !is_field(field) {
        let message = ["'", field, "' is not a supported filter field"].concat();
        return Err(fault(exception, &message));
    }
    Ok(())
}

fn made(text: &str, like: &Entry) -> Text {
    match like {
        Entry::One(like) => Text::made(text, like),
        Entry::Nothing | Entry::Many(_) => Text::made(text, &Text::default()),
    }
}

/// An operator with single blanks between its words and none around.
fn normalized(text: &str) -> String {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    words.join(" ")
}

/// Whether a word of the language is an operator, alone or with a modifier behind it.
fn is_operator(text: &str) -> bool {
    text == "==" || Operator::of(text).is_some() || is_modified(text)
}

/// Whether an operator takes a list on its right.
fn is_list_operator(text: &str) -> bool {
    matches!(text, "in" | "intersects" | "pmatch") || is_modified(text)
}

fn is_modified(text: &str) -> bool {
    let Some((operator, modifier)) = text.split_once(' ') else { return false };
    let modifiable = match Operator::of(operator) {
        Some(one) => !matches!(
            one,
            Operator::Exists
                | Operator::In
                | Operator::Intersects
                | Operator::PMatch
                | Operator::Less
                | Operator::LessOrEqual
                | Operator::Greater
                | Operator::GreaterOrEqual
        ),
        None => operator == "==",
    };
    modifiable && Modifier::of(modifier).is_some()
}

fn is_field(text: &str) -> bool {
    if !text.contains('(') {
        return resolve_text(text).is_ok();
    }
    let condition = [text, " exists"].concat();
    parse(&condition, 0, FILTER_DEPTH).is_ok_and(|expr| compile(&expr).errors.is_empty())
}

/// The condition of a rule with its exceptions; none when it has more bytes than that: each value brings its field.
pub(super) fn applied(condition: &Text, exceptions: &[Exception], most: usize) -> Result<Option<Text>, Box<Message>> {
    let mut text = Text::made("(", condition);
    text.push(condition);
    text.push_str(")");
    for exception in exceptions {
        let part = match &exception.fields {
            Entry::Many(fields) if length_of_rows(exception, fields) > most => return Ok(None),
            Entry::Many(fields) => rows(exception, fields)?,
            _ => single(exception)?,
        };
        if let Some(part) = part {
            text.push_str(" and not ");
            text.push(&part);
        }
        if text.text.len() > most {
            return Ok(None);
        }
    }
    Ok(Some(text))
}

/// How many bytes the fields of all rows take, and the operators.
fn length_of_rows(exception: &Exception, fields: &[Entry]) -> usize {
    let fields: usize = fields.iter().map(|field| field.text().len()).sum();
    fields.saturating_mul(exception.values.len())
}

fn single(exception: &Exception) -> Result<Option<Text>, Box<Message>> {
    let Entry::One(field) = &exception.fields else { return Ok(None) };
    let mut text = Text::made("(", field);
    text.push(field);
    text.push_str(" ");
    text.push_str(exception.comps.text());
    text.push_str(" (");
    for (index, value) in exception.values.iter().enumerate() {
        if matches!(value, Entry::Many(_)) {
            return Err(fault(exception, "Expected values array to contain a list of strings"));
        }
        if index > 0 {
            text.push_str(", ");
        }
        push_quoted(&mut text, value);
    }
    text.push_str("))");
    Ok((!exception.values.is_empty()).then_some(text))
}

fn rows(exception: &Exception, fields: &[Entry]) -> Result<Option<Text>, Box<Message>> {
    let comps = match &exception.comps {
        Entry::Many(comps) => comps.as_slice(),
        _ => &[],
    };
    let mut text = made("(", fields.first().unwrap_or(&Entry::Nothing));
    for (index, row) in exception.values.iter().enumerate() {
        let values = match row {
            Entry::Many(values) => values.as_slice(),
            _ => &[],
        };
        if values.len() != fields.len() {
            return Err(fault(exception, "Fields and values lists must have equal length"));
        }
        text.push_str(if index > 0 { " or (" } else { "(" });
        for (index, ((field, comp), value)) in fields.iter().zip(comps).zip(values).enumerate() {
            text.push_str(if index > 0 { " and  " } else { " " });
            if let Entry::One(field) = field {
                text.push(field);
            }
            text.push_str(" ");
            text.push_str(comp.text());
            text.push_str(" ");
            match value {
                Entry::Many(items) => push_list(&mut text, items),
                _ if is_list_operator(comp.text()) && !value.text().starts_with('(') => {
                    text.push_str("(");
                    push_plain(&mut text, value);
                    text.push_str(")");
                }
                _ if is_list_operator(comp.text()) => push_plain(&mut text, value),
                _ => push_quoted(&mut text, value),
            }
        }
        text.push_str(")");
    }
    text.push_str(")");
    Ok((!exception.values.is_empty()).then_some(text))
}

fn push_list(text: &mut Text, items: &[Entry]) {
    text.push_str("(");
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            text.push_str(", ");
        }
        push_quoted(text, item);
    }
    text.push_str(")");
}

fn push_plain(text: &mut Text, value: &Entry) {
    if let Entry::One(value) = value {
        text.push(value);
    }
}

fn push_quoted(text: &mut Text, value: &Entry) {
    let quotes = needs_quotes(value.text());
    if quotes {
        text.push_str("\"");
    }
    push_plain(text, value);
    if quotes {
        text.push_str("\"");
    }
}

/// Whether the engine puts a value between double quotes when it pastes it into a condition: a blank in it, and no quote
/// in front of it.
pub(super) fn needs_quotes(value: &str) -> bool {
    value.contains(' ') && !value.starts_with(['"', '\''])
}
