//! Changes that mend what the engine's loader complains about.

use watertight_diagnostic::{Fix, Operation, Rewrite, Safety};
use watertight_text::{Span, nearest};

use crate::fields;
use crate::lint::{Subject, stable_macros};
use crate::rules::{Code, LIST_KEYS, MACRO_KEYS, Message, RULE_KEYS};

/// The engine's message as one line of bearable length.
pub(super) fn tidied(message: &str) -> String {
    const MOST: usize = 300;
    let message = if message.ends_with("token after '") { "unexpected token behind a percent sign" } else { message };
    match message.char_indices().nth(MOST) {
        Some((end, _)) => [message.get(..end).unwrap_or_default(), "…"].concat(),
        None => message.to_owned(),
    }
}

/// The name of the macro that is missing.
pub(super) fn undefined_macro(message: &Message) -> Option<&str> {
    message.message.strip_prefix("Undefined macro '")?.strip_suffix("' used in filter.")
}

/// What can be done about a message.
pub(super) fn fixes(subject: &Subject<'_>, message: &Message) -> Vec<Fix> {
    let fix = match message.code {
        Code::Validate => return macros(subject, message),
        Code::CompileCondition | Code::UnknownFilter => condition(subject, message),
        Code::CompileOutput => output(subject, message),
        Code::CompileConditionWarning => field_as_value(subject, message),
        Code::DeprecatedItem => deprecated(subject, message),
        Code::UnknownKey => unknown_key(subject, message),
        Code::YamlValidate if message.message == "Invalid priority" => priority(subject, message),
        _ => None,
    };
    fix.into_iter().collect()
}

fn at<'s>(subject: &Subject<'s>, message: &Message) -> Option<(u32, Span, &'s str)> {
    let (file, span) = message.place?;
    Some((file, span, subject.file(file)?.text))
}

/// Takes macros of the stable rules in, or a macro of nearly that name.
fn macros(subject: &Subject<'_>, message: &Message) -> Vec<Fix> {
    let Some(name) = undefined_macro(message) else { return Vec::new() };
    let Some((file, span, text)) = at(subject, message) else { return Vec::new() };
    let mut known: Vec<&str> = subject.set.items.macros.iter().map(|item| item.head.name.as_str()).collect();
    stable_macros::names().for_each(|name| known.push(name));
    let near = nearest(name, known.into_iter()).and_then(|near| {
        (span.slice(text) == name).then_some(())?;
        let title = ["Write `", near, "`"].concat();
        subject.fix(title, Safety::NeedsReview, [subject.rewrite(file, span, near)])
    });
    let added = missing(subject, file, span, text, name);
    added.into_iter().chain(near).collect()
}

/// All macros of the stable rules that the condition around a place names and nobody defines, in front of the item.
fn missing(subject: &Subject<'_>, file: u32, span: Span, text: &str, name: &str) -> Option<Fix> {
    stable_macros::condition(name)?;
    let (place, item) = subject.item_at((file, span))?;
    let condition = item.get("condition")?.written()?;
    let words = condition.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.'));
    let mut wanted: Vec<&str> = Vec::new();
    for word in words {
        let known = stable_macros::condition(word).is_some() && subject.set.items.macros.get(word).is_none();
        if known && !wanted.contains(&word) {
            wanted.push(word);
        }
    }
    let title = match wanted.as_slice() {
        [one] => ["Add the macro `", one, "` of Falco's stable rules"].concat(),
        all => ["Add the macros `", &all.join("`, `"), "` of Falco's stable rules"].concat(),
    };
    let start = place.span.start as usize;
    let line = text.get(..start)?.rfind('\n').map_or(0, |end| end + 1);
    let indent = text.get(line..start)?.strip_suffix(|c: char| c == ' ' || c == '\t').map(str::trim_end);
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let Some(indent) = indent.and_then(|before| before.strip_suffix('-')).filter(|before| before.trim().is_empty())
    else {
        // An item between brackets: the macros go to the end of the list, which is fine for the engine.
        let root = watertight_diagnostic::Route::root(place.document as usize);
        let operations = wanted.iter().filter_map(|name| {
            let condition = stable_macros::condition(name)?;
            Some(Operation::append(root.clone(), serde_json::json!({ "macro": name, "condition": condition })))
        });
        return subject.operations(title, Safety::Safe, file, operations.collect());
    };
    let mut added = String::new();
    for name in wanted {
        let condition = stable_macros::condition(name)?;
        for part in [indent, "- macro: ", name, newline, indent, "  condition: ", condition, newline, newline] {
            added.push_str(part);
        }
    }
    let at = Span::at(above_comments(text, line));
    let rewrite = Rewrite { span: at, expect: String::new(), text: added };
    subject.fix(title, Safety::Safe, [Some((file, rewrite))])
}

/// The start of the first of the comment lines right above a line.
fn above_comments(text: &str, line: usize) -> usize {
    let mut start = line;
    while let Some(before) = start.checked_sub(1) {
        let above = text.get(..before).and_then(|text| text.rfind('\n')).map_or(0, |end| end + 1);
        if !text.get(above..before).is_some_and(|line| line.trim_start().starts_with('#')) {
            break;
        }
        start = above;
    }
    start
}

/// Words of other languages, and names that are nearly right.
fn condition(subject: &Subject<'_>, message: &Message) -> Option<Fix> {
    let (file, span, text) = at(subject, message)?;
    let rest = text.get(span.start as usize..)?;
    const FOREIGN: &[(&str, &str)] = &[
        ("&&", "and"),
        ("||", "or"),
        ("AND ", "and "),
        ("OR ", "or "),
        ("NOT ", "not "),
        ("And ", "and "),
        ("Or ", "or "),
        ("Not ", "not "),
        ("!", "not "),
    ];
    let fix = |start: usize, old: &str, new: &str, safety: Safety| {
        let at = Span::new(start, start + old.len());
        let title = ["Write `", new.trim(), "`"].concat();
        subject.fix(title, safety, [subject.rewrite(file, at, new)])
    };
    let start = span.start as usize;
    if let Some((old, new)) = FOREIGN.iter().find(|(old, _)| rest.starts_with(old)) {
        return fix(start, old, new, Safety::Safe);
    }
    if let Some(name) = message.message.strip_prefix("filter_check called with nonexistent field ") {
        let name = name.split('[').next()?;
        let near = nearest(name, fields::all().filter(|field| !field.hidden()).map(|field| field.name))?;
        return rest.starts_with(name).then(|| fix(start, name, near, Safety::NeedsReview)).flatten();
    }
    if let Some(name) = message.message.strip_prefix("unknown event type ") {
        let near = nearest(name, fields::all_events().map(|event| event.name))?;
        let quoted = start + rest.find(name).filter(|at| *at <= 1)?;
        return fix(quoted, name, near, Safety::NeedsReview);
    }
    None
}

fn output(subject: &Subject<'_>, message: &Message) -> Option<Fix> {
    let (file, span, text) = at(subject, message)?;
    let word = span.slice(text).strip_prefix('%')?;
    if word.starts_with([' ', '%']) || word.is_empty() {
        let at = Span { end: span.start + 1, ..span };
        return subject.fix("Write the word", Safety::Safe, [subject.rewrite(file, at, " percent")]);
    }
    let name = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let end = name.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.')).unwrap_or(name.len());
    let name = name.get(..end)?.trim_end_matches('.');
    let near = nearest(name, fields::all().filter(|field| !field.hidden()).map(|field| field.name))?;
    let start = span.start as usize + span.slice(text).find(name)?;
    let at = Span::new(start, start + name.len());
    let title = ["Write `", near, "`"].concat();
    subject.fix(title, Safety::NeedsReview, [subject.rewrite(file, at, near)])
}

/// Compares with the field's value instead of its name.
fn field_as_value(subject: &Subject<'_>, message: &Message) -> Option<Fix> {
    let (file, span, text) = at(subject, message)?;
    let name = message.message.strip_prefix('\'')?.split('\'').next()?;
    if !message.message.contains("valid field misused") || span.slice(text) != name {
        return None;
    }
    let new = ["val(", name, ")"].concat();
    let title = ["Compare with the value: `", &new, "`"].concat();
    subject.fix(title, Safety::ChangesBehaviour, [subject.rewrite(file, span, &new)])
}

/// `append: true` and a lone `enabled` become entries under `override`; what says nothing goes.
fn deprecated(subject: &Subject<'_>, message: &Message) -> Option<Fix> {
    let (file, span, text) = at(subject, message)?;
    if message.message.starts_with("%container.info") {
        let shown = span.slice(text) == "%container.info";
        let at = Span { start: span.start - u32::from(text.get(..span.start as usize)?.ends_with(' ')), ..span };
        return shown.then(|| subject.fix("Take it away", Safety::Safe, [subject.rewrite(file, at, "")])).flatten();
    }
    if message.message.starts_with("due to the drop of enter events") {
        return direction(subject, file, span, text);
    }
    let (place, item) = subject.item_at((file, span))?;
    let route = Subject::route(place);
    if message.message.starts_with("'append'") {
        let keys = ["condition", "exceptions", "items"].into_iter().filter(|key| item.get(key).is_some());
        let entries: serde_json::Map<_, _> = keys.map(|key| (key.to_owned(), "append".into())).collect();
        let operations = vec![Operation::remove(route.key("append")), Operation::set(route.key("override"), entries)];
        return subject.operations("Write `override` instead", Safety::Safe, file, operations);
    }
    if message.message.starts_with("The standalone 'enabled'") {
        let entry = Operation::set(route.key("override").key("enabled"), "replace");
        return subject.operations("Say `enabled: replace` under `override`", Safety::Safe, file, vec![entry]);
    }
    None
}

/// Takes `and evt.dir = <` away, which is always true.
fn direction(subject: &Subject<'_>, file: u32, span: Span, text: &str) -> Option<Fix> {
    let after = text.get(span.end as usize..)?;
    let value = after.trim_start().strip_prefix('=')?.trim_start_matches(['=', ' ']);
    let value =
        value.strip_prefix('<').or_else(|| value.strip_prefix("'<'")).or_else(|| value.strip_prefix("\"<\""))?;
    let end = text.len() - value.len();
    let before = text.get(..span.start as usize)?.trim_end();
    let (start, end) = match before.strip_suffix("and") {
        Some(rest) => (rest.trim_end().len(), end),
        None => {
            let rest = value.trim_start().strip_prefix("and")?;
            (span.start as usize, text.len() - rest.trim_start().len())
        }
    };
    subject.fix("Take the comparison away", Safety::Safe, [subject.rewrite(file, Span::new(start, end), "")])
}

fn unknown_key(subject: &Subject<'_>, message: &Message) -> Option<Fix> {
    /// Keys of an item that is looked at for one that was meant.
    const MOST_KEYS: usize = 100;
    let (file, span, text) = at(subject, message)?;
    let key = span.slice(text);
    let (place, item) = subject.item_at((file, span)).filter(|(_, item)| item.written_entries().len() <= MOST_KEYS)?;
    let kind = [("rule", RULE_KEYS), ("macro", MACRO_KEYS), ("list", LIST_KEYS)];
    let keys = kind.iter().find(|(kind, _)| item.get(kind).is_some()).map(|(_, keys)| *keys)?;
    let absent = keys.iter().copied().filter(|known| item.get(known).is_none());
    if let Some(near) = nearest(key, absent) {
        let title = ["Write `", near, "`"].concat();
        return subject.fix(title, Safety::NeedsReview, [subject.rewrite(file, span, near)]);
    }
    let removed = Operation::remove(Subject::route(place).key(key.to_owned()));
    subject.operations("Take the key away", Safety::NeedsReview, file, vec![removed])
}

fn priority(subject: &Subject<'_>, message: &Message) -> Option<Fix> {
    let (file, span, text) = at(subject, message)?;
    const MEANT: &[(&str, &str)] =
        &[("HIGH", "CRITICAL"), ("MEDIUM", "WARNING"), ("LOW", "NOTICE"), ("WARN", "WARNING"), ("ERR", "ERROR")];
    let word = span.slice(text).trim_matches(['"', '\'']).to_ascii_uppercase();
    let meant = MEANT.iter().find(|(word_of, _)| *word_of == word).map(|(_, meant)| *meant);
    let known = crate::rules::Priority::ALL.iter().map(|one| one.name().to_ascii_uppercase()).collect::<Vec<_>>();
    let meant = meant.or_else(|| nearest(&word, known.iter().map(String::as_str)))?.to_owned();
    let (place, _) = subject.item_at((file, span))?;
    let title = ["Write `", &meant, "`"].concat();
    let set = Operation::set(Subject::route(place).key("priority"), meant);
    subject.operations(title, Safety::NeedsReview, file, vec![set])
}
