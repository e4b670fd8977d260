//! Values of items, with the complaints that the engine has about them.

use watertight_text::Span;
use watertight_yaml::{Kind, Node};

use super::code::Code;
use super::message::{Message, Path, Step};
use super::text::{Text, Texts};

/// What went wrong with an item; the rest of it is not read.
pub(super) type Fault = Box<Message>;

/// A mapping that is being read, with the engine's way to it.
#[derive(Clone)]
pub(super) struct Context<'d> {
    pub(super) node: Node<'d>,
    pub(super) file: u32,
    pub(super) source: &'d str,
    pub(super) path: Path,
}

impl<'d> Context<'d> {
    /// A step further in.
    pub(super) fn step(&self, kind: &'static str, name: &str, node: Node<'d>) -> Self {
        let path = self.path.with(Step::new(kind, name, self.file, node.span()));
        Self { node, file: self.file, source: self.source, path }
    }

    /// The same place by another name.
    pub(super) fn renamed(&self, kind: &'static str, name: &str) -> Self {
        let path = self.path.before().with(Step::new(kind, name, self.file, self.node.span()));
        Self { node: self.node, file: self.file, source: self.source, path }
    }

    /// An error about the shape of this.
    pub(super) fn fault(&self, message: impl Into<String>, span: Span) -> Fault {
        self.fault_of(Code::YamlValidate, message, span)
    }

    pub(super) fn fault_of(&self, code: Code, message: impl Into<String>, span: Span) -> Fault {
        let (path, place) = (self.path.clone(), Some((self.file, span)));
        Box::new(Message { code, message: message.into(), path, place })
    }

    /// The value of the first key of that name, as the engine's reader finds it.
    pub(super) fn get(&self, key: &str) -> Option<Node<'d>> {
        self.entry(key).map(|(_, value)| value)
    }

    fn entry(&self, key: &str) -> Option<(Node<'d>, Node<'d>)> {
        let found = self.node.written_entries().find(|entry| entry.key.written() == Some(key))?;
        Some((found.key, found.value))
    }

    /// Where the item begins, for what is missing in it.
    pub(super) fn head(&self) -> Span {
        self.node.written_entries().next().map_or(self.node.span(), |entry| entry.key.span())
    }

    /// The scalar of a key; none when there is no such key.
    pub(super) fn optional(&self, key: &str) -> Result<Option<Self>, Fault> {
        let Some((name, value)) = self.entry(key) else { return Ok(None) };
        if value.kind() == Kind::Null {
            return Err(self.fault(["Mapping for key '", key, "' is empty"].concat(), name.span()));
        }
        let value_context = self.step("value for", key, value);
        let Some(text) = value.written() else {
            return Err(value_context.fault("Value is not a scalar value", value.span()));
        };
        if text.is_empty() {
            return Err(value_context.fault("Value must be non-empty", value.span()));
        }
        Ok(Some(value_context))
    }

    /// The scalar of a key that has to be there.
    pub(super) fn required(&self, key: &str) -> Result<Self, Fault> {
        let missing = || self.fault(["Item has no mapping for key '", key, "'"].concat(), self.head());
        self.optional(key)?.ok_or_else(missing)
    }

    /// Its text.
    pub(super) fn text(&self) -> &'d str {
        self.node.written().unwrap_or_default()
    }

    /// Its text, with its place.
    pub(super) fn placed(&self, texts: &mut Texts) -> Text {
        texts.scalar(self.file, self.node, self.source)
    }

    /// A boolean under a key, or what it is without the key.
    pub(super) fn boolean(&self, key: &str, default: bool) -> Result<bool, Fault> {
        let Some(value) = self.optional(key)? else { return Ok(default) };
        boolean(value.text()).ok_or_else(|| value.fault("Can't decode YAML scalar value", value.node.span()))
    }

    /// The scalars of a list under a key; none when there is no such key.
    pub(super) fn sequence(&self, key: &str) -> Result<Option<Vec<Node<'d>>>, Fault> {
        let Some(list) = self.get(key) else { return Ok(None) };
        let list_context = self.step("value for", key, list);
        if list.kind() != Kind::Sequence {
            return Err(list_context.fault("Value is not a sequence", list.span()));
        }
        let mut found = Vec::with_capacity(list.items().len());
        for item in list.items() {
            if item.is_null() || item.written().is_none() {
                let item_context = list_context.step("list item", "", item);
                return Err(item_context.fault("sequence value is not scalar", item.span()));
            }
            found.push(item);
        }
        Ok(Some(found))
    }
}

/// The words that the engine's YAML reader takes for a boolean: each in lower case, in capitals, or with one capital.
pub(super) fn boolean(text: &str) -> Option<bool> {
    const WORDS: &[(&str, bool)] = &[
        ("y", true),
        ("yes", true),
        ("true", true),
        ("on", true),
        ("n", false),
        ("no", false),
        ("false", false),
        ("off", false),
    ];
    let (_, value) = WORDS.iter().find(|(word, _)| word.eq_ignore_ascii_case(text))?;
    let mut rest = text.chars();
    let first_is_upper = rest.next().is_some_and(char::is_uppercase);
    let rest = rest.as_str();
    let lower = rest.bytes().all(|byte| byte.is_ascii_lowercase());
    let upper = rest.bytes().all(|byte| byte.is_ascii_uppercase());
    (lower || (first_is_upper && upper)).then_some(*value)
}

/// A number without a sign as the engine's YAML reader takes it, in base 8, 10 or 16 by its beginning.
pub(super) fn number(text: &str) -> Option<u32> {
    let text = text.strip_prefix('+').unwrap_or(text);
    if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        return u32::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'));
    }
    let base = if text.len() > 1 && text.starts_with('0') { 8 } else { 10 };
    u32::from_str_radix(text, base).ok().filter(|_| !text.starts_with('+'))
}
