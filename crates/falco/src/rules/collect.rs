//! The collected items of all files, and what a further definition does to them.

use std::collections::{BTreeSet, HashMap};

use watertight_text::Span;

use super::code::Code;
use super::exceptions;
use super::item::{Exception, Head, ListItem, MacroItem, Priority, RuleItem};
use super::message::{Message, Path};
use super::text::Text;

const NO_RULE_TO_APPEND_TO: &str =
    "Rule uses 'append' or 'override.<key>: append' but no rule by that name already exists";
const NO_RULE_TO_REPLACE: &str =
    "An 'override.<key>: replace' to a rule was requested but no rule by that name already exists";
const NO_MACRO: &str = "Macro uses 'append' or 'override.condition: append' but no macro by that name already exists";
const NO_LIST: &str = "List uses 'append' or 'override.items: append' but no list by that name already exists";

/// The source of events that is always there.
pub const SYSCALL: &str = "syscall";

/// Items by name, in the order of their first definition.
#[derive(Clone, Debug)]
pub struct Indexed<T> {
    items: Vec<T>,
    by_name: HashMap<String, usize>,
}

impl<T> Default for Indexed<T> {
    fn default() -> Self {
        Self { items: Vec::new(), by_name: HashMap::new() }
    }
}

impl<T> Indexed<T> {
    /// The item of that name.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.items.get(*self.by_name.get(name)?)
    }

    /// The place of the item of that name in the order.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// The item at that place in the order.
    pub fn at(&self, position: usize) -> Option<&T> {
        self.items.get(position)
    }

    fn get_mut(&mut self, name: &str) -> Option<&mut T> {
        self.items.get_mut(*self.by_name.get(name)?)
    }

    /// All items in order.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    fn define(&mut self, mut item: T, number: u32, head: fn(&mut T) -> &mut Head) {
        let name = head(&mut item).name.clone();
        head(&mut item).index = number;
        head(&mut item).visibility = number;
        if let Some(previous) = self.by_name.get(&name).and_then(|position| self.items.get_mut(*position)) {
            head(&mut item).index = head(previous).index;
            *previous = item;
            return;
        }
        self.by_name.insert(name, self.items.len());
        self.items.push(item);
    }
}

/// What an item that changes a rule brings.
#[derive(Default)]
pub(super) struct Update {
    pub(super) condition: Option<Text>,
    pub(super) output: Option<Text>,
    pub(super) description: Option<String>,
    pub(super) tags: Option<BTreeSet<String>>,
    pub(super) exceptions: Option<Vec<Exception>>,
    pub(super) priority: Option<Priority>,
    pub(super) enabled: Option<bool>,
    pub(super) warn_evttypes: Option<bool>,
    pub(super) skip_if_unknown_filter: Option<bool>,
    pub(super) capture: Option<bool>,
    pub(super) capture_duration: bool,
    pub(super) source: Option<String>,
}

impl Update {
    fn is_empty(&self) -> bool {
        self.condition.is_none()
            && self.output.is_none()
            && self.description.is_none()
            && self.tags.is_none()
            && self.exceptions.is_none()
            && self.priority.is_none()
            && self.enabled.is_none()
            && self.warn_evttypes.is_none()
            && self.skip_if_unknown_filter.is_none()
            && self.capture.is_none()
            && !self.capture_duration
    }
}

/// All items so far.
#[derive(Clone, Debug, Default)]
pub struct Items {
    /// The lists.
    pub lists: Indexed<ListItem>,
    /// The macros.
    pub macros: Indexed<MacroItem>,
    /// The rules.
    pub rules: Indexed<RuleItem>,
    next: u32,
}

/// Where a complaint belongs.
pub(super) struct At {
    pub(super) path: Path,
    pub(super) file: u32,
    pub(super) span: Span,
}

impl At {
    fn fault(&self, message: &str) -> Box<Message> {
        let place = Some((self.file, self.span));
        Box::new(Message { code: Code::Validate, message: message.to_owned(), path: self.path.clone(), place })
    }
}

type Outcome = Result<(), Box<Message>>;

impl Items {
    fn number(&mut self) -> u32 {
        self.next += 1;
        self.next - 1
    }

    pub(super) fn define_list(&mut self, list: ListItem) {
        let number = self.number();
        self.lists.define(list, number, |list| &mut list.head);
    }

    pub(super) fn append_list(&mut self, name: &str, items: Vec<Text>, at: &At) -> Outcome {
        let number = self.next;
        let Some(previous) = self.lists.get_mut(name) else { return Err(at.fault(NO_LIST)) };
        previous.items.extend(items);
        previous.head.visibility = number;
        self.next += 1;
        Ok(())
    }

    pub(super) fn define_macro(&mut self, item: MacroItem) {
        let number = self.number();
        self.macros.define(item, number, |item| &mut item.head);
    }

    pub(super) fn append_macro(&mut self, name: &str, condition: &Text, at: &At) -> Outcome {
        let number = self.next;
        let Some(previous) = self.macros.get_mut(name) else { return Err(at.fault(NO_MACRO)) };
        join(&mut previous.condition, condition);
        previous.head.visibility = number;
        self.next += 1;
        Ok(())
    }

    /// Takes a rule in, or says why not; `warn` is for what does not stop it.
    pub(super) fn define_rule(&mut self, mut rule: RuleItem, at: &At, warn: &mut dyn FnMut(Message)) -> Outcome {
        if self.rules.get(&rule.head.name).is_some_and(|previous| previous.source != rule.source) {
            return Err(at.fault("Rule has been re-defined with a different source"));
        }
        if rule.source != SYSCALL {
            rule.unknown_source = true;
            let message = ["Unknown source ", &rule.source, ", skipping"].concat();
            warn(Message { code: Code::UnknownSource, ..*at.fault(&message) });
        }
        for exception in rule.exceptions.iter_mut() {
            if !exception.fields.is_valid() {
                let message = "Rule exception item must have fields property with a list of fields";
                return Err(exceptions::fault(exception, message));
            }
            exceptions::validate(exception, !rule.unknown_source)?;
        }
        let number = self.number();
        self.rules.define(rule, number, |rule| &mut rule.head);
        Ok(())
    }

    fn changed(&mut self, name: &str, update: &Update, missing: &str, at: &At) -> Result<&mut RuleItem, Box<Message>> {
        let number = self.next;
        let Some(previous) = self.rules.get_mut(name) else { return Err(at.fault(missing)) };
        if update.source.as_ref().is_some_and(|source| *source != previous.source) {
            return Err(at.fault("Rule has been re-defined with a different source"));
        }
        previous.head.visibility = number;
        self.next += 1;
        Ok(previous)
    }

    pub(super) fn append_rule(&mut self, name: &str, update: Update, at: &At) -> Outcome {
        let previous = self.changed(name, &update, NO_RULE_TO_APPEND_TO, at)?;
        if update.is_empty() {
            return Err(at.fault("Appended rule must have exceptions or condition property"));
        }
        if let Some(condition) = &update.condition {
            join(&mut previous.condition, condition);
        }
        if let Some(output) = &update.output {
            join(&mut previous.output, output);
        }
        if let Some(description) = &update.description {
            previous.description.push(' ');
            previous.description.push_str(description);
        }
        previous.tags.extend(update.tags.unwrap_or_default());
        for exception in update.exceptions.unwrap_or_default() {
            append_exception(previous, exception)?;
        }
        Ok(())
    }

    pub(super) fn replace_in_rule(&mut self, name: &str, update: Update, at: &At) -> Outcome {
        let previous = self.changed(name, &update, NO_RULE_TO_REPLACE, at)?;
        if update.is_empty() {
            return Err(at.fault("The rule must have at least one field that can be replaced"));
        }
        if let Some(mut found) = update.exceptions {
            for exception in &mut found {
                exceptions::validate(exception, !previous.unknown_source)?;
            }
            previous.exceptions = found.into();
        }
        fn put<T>(place: &mut T, value: Option<T>) {
            if let Some(value) = value {
                *place = value;
            }
        }
        put(&mut previous.condition, update.condition);
        put(&mut previous.output, update.output);
        put(&mut previous.description, update.description);
        put(&mut previous.tags, update.tags);
        put(&mut previous.priority, update.priority);
        put(&mut previous.enabled, update.enabled);
        put(&mut previous.warn_evttypes, update.warn_evttypes);
        put(&mut previous.skip_if_unknown_filter, update.skip_if_unknown_filter);
        put(&mut previous.capture, update.capture);
        Ok(())
    }

    pub(super) fn enable_rule(&mut self, name: &str, enabled: bool, at: &At) -> Outcome {
        let Some(previous) = self.rules.get_mut(name) else {
            return Err(at.fault("Rule has 'enabled' key but no rule by that name already exists"));
        };
        previous.enabled = enabled;
        Ok(())
    }
}

fn join(first: &mut Text, second: &Text) {
    first.push_str(" ");
    first.push(second);
}

fn append_exception(rule: &mut RuleItem, mut exception: Exception) -> Outcome {
    let Some(previous) = rule.exceptions.named(&exception.name) else {
        if !exception.fields.is_valid() {
            let message = "Rule exception must have fields property with a list of fields";
            return Err(exceptions::fault(&exception, message));
        }
        if exception.values.is_empty() {
            let message = "Rule exception must have values property with a list of values";
            return Err(exceptions::fault(&exception, message));
        }
        exceptions::validate(&mut exception, !rule.unknown_source)?;
        rule.exceptions.push(exception);
        return Ok(());
    };
    for (given, what) in [(exception.fields.is_valid(), "fields"), (exception.comps.is_valid(), "comps")] {
        if given {
            let message = ["Can not append exception ", what, " to existing exception, only values"].concat();
            return Err(exceptions::fault(&exception, &message));
        }
    }
    previous.values.append(&mut exception.values);
    Ok(())
}
