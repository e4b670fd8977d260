//! Rules that lost their indentation on the way from a web page get it back from what each line can be.
//!
//! A file of rules is a list of items with known keys, so a line is the beginning of an item, a key of what is open, an
//! item of an open list, or it goes on with the value above it: the lines of a condition or an output are told from keys
//! by being none.

mod value;

use watertight_yaml::{Kind, parse};

use crate::rules::{LIST_KEYS, MACRO_KEYS, RULE_KEYS};
use value::Value;

/// Lines of one text. Beyond them nobody has copied it from a web page.
const MOST_LINES: usize = 20_000;

const REQUIREMENT_KEYS: &[&str] = &["required_engine_version", "required_plugin_versions"];
const EXCEPTION_KEYS: &[&str] = &["name", "fields", "comps", "values"];
const PLUGIN_KEYS: &[&str] = &["name", "version", "alternatives"];
/// The keys that tell what an item is.
const HEADS: &[&str] = &["rule", "macro", "list", "required_engine_version", "required_plugin_versions"];

/// Whether a text looks like rules whose indentation is lost: every line at the left edge, and keys below `- rule:`.
pub fn looks_flat(text: &str) -> bool {
    let content = || text.lines().map(str::trim_end).filter(|line| !is_aside(line));
    let is_head = |line: &str| item(line).and_then(key).is_some_and(|(key, _)| HEADS.contains(&key));
    let is_key = |line: &str| key(line).is_some_and(|(key, _)| is_item_key(key));
    content().all(|line| !line.starts_with([' ', '\t'])) && content().any(is_head) && content().any(is_key)
}

/// The text with the structure it had. `None` when nothing was lost, or when a line cannot belong anywhere.
pub fn restore(text: &str) -> Option<String> {
    if !looks_flat(text) || text.lines().count() > MOST_LINES {
        return None;
    }
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    let mut nesting = Nesting::default();
    // Comments and blank lines stand where the line below them stands.
    let mut waiting: Vec<&str> = Vec::new();
    let mut put = |indent: usize, line: &str| {
        if !line.is_empty() {
            out.extend(std::iter::repeat_n(' ', indent));
            out.push_str(line);
        }
        out.push_str(newline);
    };
    for line in text.lines().map(str::trim_end) {
        if is_aside(line) && !is_separator(line) {
            waiting.push(line);
            continue;
        }
        let indent = nesting.indent(line)?;
        waiting.drain(..).for_each(|line| put(indent, line));
        put(indent, line);
    }
    waiting.drain(..).for_each(|line| put(0, line));
    if !text.ends_with('\n') {
        out.truncate(out.len().saturating_sub(newline.len()));
    }
    is_sound(&out).then_some(out)
}

/// Whether the result is a list of items with known keys, as the wrong nesting would not be.
fn is_sound(text: &str) -> bool {
    let stream = parse(text);
    let whole =
        stream.problems.is_empty() && stream.documents.iter().all(|one| one.complete && one.problems.is_empty());
    let mut roots = stream.documents.iter().filter_map(|document| document.root());
    whole
        && roots.all(|root| {
            root.is_null()
                || root.kind() == Kind::Sequence
                    && root.items().all(|item| item.written_entries().all(|entry| is_item_key(&entry.name())))
        })
}

fn is_aside(line: &str) -> bool {
    line.is_empty() || line.starts_with('#') || is_separator(line)
}

fn is_separator(line: &str) -> bool {
    line == "---" || line == "..."
}

fn is_item_key(key: &str) -> bool {
    RULE_KEYS.contains(&key) || LIST_KEYS.contains(&key) || MACRO_KEYS.contains(&key) || REQUIREMENT_KEYS.contains(&key)
}

/// What stands behind a dash.
fn item(line: &str) -> Option<&str> {
    let rest = line.strip_prefix('-')?;
    (rest.is_empty() || rest.starts_with(' ')).then(|| rest.trim_start())
}

/// The key at the beginning of a line, and its value.
fn key(line: &str) -> Option<(&str, &str)> {
    let (key, rest) = line.split_once(':')?;
    let is_word =
        !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    (is_word && (rest.is_empty() || rest.starts_with([' ', '\t']))).then(|| (key, rest.trim()))
}

/// What is open.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Of {
    Item,
    Override,
    Exceptions,
    Exception,
    Plugins,
    Plugin,
    Alternatives,
    Alternative,
    /// A list of single values.
    Values,
    /// The `values` of an exception, each of which can be a list.
    Tuples,
    /// One of these, written with a dash for each value.
    Tuple,
}

/// A mapping or list that lines can still belong to.
#[derive(Debug)]
struct Open<'t> {
    of: Of,
    /// Where its keys or dashes stand.
    column: usize,
    /// The keys it has already.
    keys: Vec<&'t str>,
}

/// Where the lines so far have led.
#[derive(Debug, Default)]
struct Nesting<'t> {
    open: Vec<Open<'t>>,
    value: Value,
    /// Where the lines of the value stand.
    column: usize,
    /// The name of the plugin that is asked for.
    plugin: &'t str,
}

impl<'t> Nesting<'t> {
    /// The column of the next line.
    fn indent(&mut self, line: &'t str) -> Option<usize> {
        if is_separator(line) {
            *self = Self::default();
            return Some(0);
        }
        if self.value.must_go_on() {
            return Some(self.go_on(line));
        }
        let begun = match item(line) {
            Some(rest) => self.begin_item(rest),
            None => self.begin_key(line),
        };
        match begun {
            Some(column) => Some(column),
            None if self.value.can_go_on() => Some(self.go_on(line)),
            None => None,
        }
    }

    fn go_on(&mut self, line: &str) -> usize {
        self.value = self.value.after(line);
        self.column
    }

    /// A line with a dash: the innermost list that can have it takes it.
    fn begin_item(&mut self, rest: &'t str) -> Option<usize> {
        let named = key(rest).map(|(key, _)| key);
        let is_one_of = |keys: &[&str]| named.is_some_and(|key| keys.contains(&key));
        if is_one_of(HEADS) {
            return self.item_at_root(rest);
        }
        // A dash in a text is a dash of the text.
        if matches!(self.value, Value::Block(_)) {
            return None;
        }
        for depth in (0..self.open.len()).rev() {
            let Some(&Open { of, column, .. }) = self.open.get(depth) else { continue };
            let mapping = match of {
                Of::Exceptions if is_one_of(EXCEPTION_KEYS) => Some(Of::Exception),
                Of::Plugins if is_one_of(PLUGIN_KEYS) => Some(Of::Plugin),
                Of::Alternatives if is_one_of(PLUGIN_KEYS) && self.is_alternative(depth, rest) => Some(Of::Alternative),
                _ => None,
            };
            let is_list = item(rest).is_some() || rest.starts_with('[') || rest.is_empty();
            let is_value = match of {
                Of::Values | Of::Tuples => true,
                Of::Tuple => !is_list,
                _ => false,
            };
            if let Some(of) = mapping {
                self.open.truncate(depth + 1);
                return self.item_of(of, column, rest);
            }
            if is_value && !is_one_of(EXCEPTION_KEYS) && !named.is_some_and(is_item_key) {
                self.open.truncate(depth + 1);
                self.item_of_values(of, column, rest);
                return Some(column);
            }
        }
        if named.is_some_and(is_item_key) { self.item_at_root(rest) } else { None }
    }

    fn item_at_root(&mut self, rest: &'t str) -> Option<usize> {
        self.open.clear();
        self.item_of(Of::Item, 0, rest)
    }

    /// A value of a list, which with a second dash is the first one of a list in it.
    fn item_of_values(&mut self, of: Of, column: usize, rest: &'t str) {
        let inner = if of == Of::Tuples && rest.is_empty() { Some(rest) } else { item(rest) };
        let column = match inner {
            Some(_) if of == Of::Tuples => {
                self.push(Of::Tuple, column + 2);
                column + 2
            }
            _ => column,
        };
        self.value = Value::of(inner.unwrap_or(rest));
        self.column = column + 2;
    }

    /// Opens a mapping in a list.
    fn item_of(&mut self, of: Of, column: usize, rest: &'t str) -> Option<usize> {
        self.push(of, column + 2);
        let (key, value) = key(rest)?;
        self.key(key, value);
        Some(column)
    }

    /// Whether a plugin belongs to the alternatives of the one above: the first does, and those whose name goes on from
    /// the name of that one.
    fn is_alternative(&self, depth: usize, rest: &str) -> bool {
        let name = key(rest).map(|(_, name)| unquoted(name)).unwrap_or_default();
        let is_first = self.open.len() == depth + 1 && self.value == Value::Empty;
        is_first || !self.plugin.is_empty() && name.starts_with(self.plugin)
    }

    /// A line with a key: the innermost mapping that can have it takes it.
    fn begin_key(&mut self, line: &'t str) -> Option<usize> {
        let (key, value) = key(line)?;
        let depth = self.open.iter().rposition(|open| {
            let is_known = match open.of {
                Of::Item => is_item_key(key),
                Of::Override => is_item_key(key) && matches!(unquoted(value), "append" | "replace"),
                Of::Exception => EXCEPTION_KEYS.contains(&key),
                Of::Plugin | Of::Alternative => PLUGIN_KEYS.contains(&key),
                _ => false,
            };
            is_known && !open.keys.contains(&key)
        })?;
        self.open.truncate(depth + 1);
        let column = self.open.last()?.column;
        self.key(key, value);
        Some(column)
    }

    /// Notes a key of the innermost mapping and what its value opens.
    fn key(&mut self, key: &'t str, value: &'t str) {
        let Some(open) = self.open.last_mut() else { return };
        open.keys.push(key);
        let (of, column) = (open.of, open.column);
        self.value = Value::of(value);
        self.column = column + self.value.deeper();
        if (of, key) == (Of::Plugin, "name") {
            self.plugin = unquoted(value);
        }
        if self.value != Value::Empty {
            return;
        }
        let opened = match key {
            "exceptions" => Of::Exceptions,
            "override" => Of::Override,
            "required_plugin_versions" => Of::Plugins,
            "alternatives" => Of::Alternatives,
            "values" if of == Of::Exception => Of::Tuples,
            "items" | "tags" | "fields" | "comps" => Of::Values,
            _ => return,
        };
        self.push(opened, column + 2);
    }

    fn push(&mut self, of: Of, column: usize) {
        self.open.push(Open { of, column, keys: Vec::new() });
    }
}

fn unquoted(value: &str) -> &str {
    value.trim_matches(['"', '\''])
}

#[cfg(test)]
mod tests {
    use super::restore;
    use crate::testing::corpus;

    /// The text without its indentation gets it back.
    #[track_caller]
    fn check(text: &str) {
        let flat: String = text.lines().map(|line| line.trim_start().to_owned() + "\n").collect();
        assert_eq!(restore(&flat).as_deref(), Some(text), "{flat}");
    }

    #[test]
    fn keys_and_texts() {
        check(
            "# Rules\n- rule: a\n  desc: b\n  condition: >\n    evt.type = open and\n    - not a list\n\n    (x: y)\n  priority: INFO\n",
        );
        check(
            "- rule: a\n  output: |4-\n      a\n      enabled x\n  enabled: true\n# The second\n- macro: b\n  condition: (a or\n    b)\n",
        );
        check(
            "- rule: a\n  desc: \"b\n    enabled: c\"\n  output: 'it''s\n    rule: d'\n  tags:\n    - a\n    - b\n  source: syscall\n",
        );
        check(
            "- list: a\n  items: [a,\n    b, \"]\",\n    c]\n- list: b\n  items:\n    [a, b]\n- list: c\n  items:\n    - a\n    - b\n",
        );
    }

    #[test]
    fn what_nests() {
        check(
            "- rule: a\n  exceptions:\n    - name: b\n      fields: [proc.name]\n      comps:\n        - in\n      values:\n        - [a, b]\n        - [c,\n          d]\n    - name: c\n      fields: proc.name\n      values:\n        - - a\n          - b\n        - - c\n          - d\n  override:\n    exceptions: append\n    condition: replace\n  condition: a\n",
        );
        check(
            "- required_engine_version: 0.31.0\n---\n- required_plugin_versions:\n    - name: k8saudit\n      version: 0.7.0\n      alternatives:\n        - name: k8saudit-eks\n          version: 0.4.0\n        - name: k8saudit-gke\n          version: 0.1.0\n    - name: json\n      version: 0.7.0\n- rule: a\n  desc: b\n",
        );
    }

    #[test]
    fn what_is_not_lost_or_cannot_be_found() {
        for text in [
            "",
            "- rule: a\n",
            "- rule: a\n  desc: b\n",
            "- rule: a\ndesc: b\nunknown: c\n",
            "- rule: a\ndesc: \"b\"\n- c\n",
        ] {
            assert_eq!(restore(text), None, "{text}");
        }
    }

    #[test]
    fn the_rule_of_the_article() {
        let Some(text) = corpus("article/falco-rule.flat.yaml") else { return };
        let restored = restore(&text).unwrap();
        assert!(
            restored.contains("  condition: >\n    spawned_process and container and\n    proc.name"),
            "{restored}"
        );
        assert!(
            restored.ends_with("  priority: CRITICAL\n") || restored.ends_with("  priority: CRITICAL"),
            "{restored}"
        );
    }

    /// The published rules come back with the same meaning: the same values at the same places.
    #[test]
    fn the_stable_rules() {
        let Some(text) = corpus("falco/falco_rules.yaml") else { return };
        let flat: String = text.lines().map(|line| line.trim_start().to_owned() + "\n").collect();
        let restored = restore(&flat).unwrap();
        let values = |text: &str| {
            let stream = watertight_yaml::parse(text);
            let set = crate::rules::load(std::slice::from_ref(&stream));
            assert!(set.files[0].errors.is_empty(), "{:?}", set.files[0].errors);
            set.rules()
                .map(|(rule, item)| (item.head.name.clone(), crate::condition::print(&rule.condition)))
                .collect::<Vec<_>>()
        };
        assert_eq!(values(&restored), values(&text));
    }
}
