//! The words that conditions are made of, for completion while typing.

use watertight_diagnostic::ask::falco::{Word, WordKind};

use crate::condition::{Modifier, Operator, Transformer};
use crate::fields::{self, all_events};
use crate::lint::stable_macros;
use crate::rules::RuleSet;

/// Words that are no operators of comparisons.
const LOGIC: &[(&str, &str)] =
    &[("and", "both must hold"), ("or", "one must hold"), ("not", "must not hold; true where the field is missing")];

/// Every word that can stand in a condition of these rules, kind by kind.
pub fn words(set: &RuleSet) -> Vec<Word> {
    let mut out = Vec::with_capacity(1_000);
    let mut add = |kind: WordKind, name: &str, about: &str| {
        out.push(Word { name: name.to_owned(), kind, about: about.to_owned() });
    };
    for item in set.items.macros.iter() {
        add(WordKind::Macro, &item.head.name, &shortened(&item.condition.text));
    }
    for (name, condition) in stable_macros::all().filter(|(name, _)| set.items.macros.get(name).is_none()) {
        add(WordKind::Macro, name, &["of the stable rules, to be added: ", condition].concat());
    }
    for item in set.items.lists.iter() {
        let items: Vec<&str> = item.items.iter().take(20).map(|one| one.text.as_str()).collect();
        add(WordKind::List, &item.head.name, &shortened(&items.join(", ")));
    }
    for field in fields::all().filter(|field| !field.print_only() && !field.deprecated()) {
        add(WordKind::Field, field.name, fields::hint(field.name).unwrap_or_default());
    }
    LOGIC.iter().for_each(|(word, about)| add(WordKind::Operator, word, about));
    Operator::ALL.iter().for_each(|one| add(WordKind::Operator, one.word(), about_operator(*one)));
    Modifier::ALL.iter().for_each(|one| add(WordKind::Operator, one.word(), about_modifier(*one)));
    Transformer::ALL.iter().for_each(|one| add(WordKind::Function, one.word(), about_transformer(*one)));
    all_events().for_each(|event| add(WordKind::Event, event.name, ""));
    out
}

/// As much as there is room for beside a word.
fn shortened(text: &str) -> String {
    const MOST: usize = 80;
    let mut words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((at, _)) = words.char_indices().nth(MOST) {
        words.truncate(at);
        words.push('…');
    }
    words
}

fn about_operator(operator: Operator) -> &'static str {
    match operator {
        Operator::Exists => "there is a value",
        Operator::LessOrEqual => "less or equal",
        Operator::Less => "less",
        Operator::GreaterOrEqual => "greater or equal",
        Operator::Greater => "greater",
        Operator::Equal => "equal",
        Operator::NotEqual => "there is a value, and it is another",
        Operator::Glob => "matches a pattern as a whole; * crosses slashes",
        Operator::IGlob => "glob, in any case",
        Operator::Contains => "has the text anywhere in it",
        Operator::IContains => "contains, in any case",
        Operator::BContains => "has the bytes in it, written in hexadecimal",
        Operator::StartsWith => "begins with the text",
        Operator::BStartsWith => "begins with the bytes, written in hexadecimal",
        Operator::EndsWith => "ends with the text",
        Operator::Regex => "matches a regular expression as a whole",
        Operator::Intersects => "has a value in common with the list",
        Operator::In => "is one of the list",
        Operator::PMatch => "lies at or below one of the paths",
    }
}

fn about_modifier(modifier: Modifier) -> &'static str {
    match modifier {
        Modifier::OneOf => "by exactly one of the constants",
        Modifier::AnyOf => "by at least one of the constants",
        Modifier::AllOf => "by all of the constants",
    }
}

fn about_transformer(transformer: Transformer) -> &'static str {
    match transformer {
        Transformer::Val => "the value of a field, on the right",
        Transformer::ToLower => "in small letters",
        Transformer::ToUpper => "in capitals",
        Transformer::B64 => "decoded from base 64",
        Transformer::Basename => "what follows the last slash",
        Transformer::Len => "its length in bytes, or in items",
        Transformer::Join => "items with a separator between them",
        Transformer::Concat => "texts one after the other",
        Transformer::GetOpt => "options of a command line",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::load;

    #[test]
    fn words_of_rules_stand_beside_those_of_the_language() {
        let rules = "- macro: container\n  condition: container.id !=\n    host\n- list: shells\n  items: [sh, bash]\n";
        let words = words(&load(&[watertight_yaml::parse(rules)]));
        let find = |kind: WordKind, name: &str| {
            let found: Vec<_> = words.iter().filter(|word| word.kind == kind && word.name == name).collect();
            assert!(found.len() < 2, "{name} stands twice");
            found.first().map(|word| word.about.as_str())
        };
        assert_eq!(find(WordKind::Macro, "container"), Some("container.id != host"));
        assert_eq!(find(WordKind::List, "shells"), Some("sh, bash"));
        let missing = "of the stable rules, to be added: (evt.type in (execve, execveat))";
        assert_eq!(find(WordKind::Macro, "spawned_process"), Some(missing));
        assert_eq!(find(WordKind::Operator, "pmatch"), Some("lies at or below one of the paths"));
        assert_eq!(find(WordKind::Function, "basename"), Some("what follows the last slash"));
        assert_eq!(find(WordKind::Event, "openat2"), Some(""));
        assert!(find(WordKind::Field, "proc.name").is_some_and(|about| !about.is_empty()));
        assert_eq!(shortened(&"ä".repeat(200)).chars().count(), 81);
    }
}
