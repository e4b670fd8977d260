//! Reading a file: its documents, their items, and what each item asks for.

use std::collections::BTreeSet;

use watertight_yaml::{Kind, Node, Stream};

use super::budget::{Values, multiplying_alias};
use super::code::Code;
use super::collect::{At, Items, SYSCALL, Update};
use super::decode::{Context, Fault, boolean, number};
use super::exceptions;
use super::item::{Head, ItemPlace, ListItem, MacroItem, Priority, RuleItem};
use super::message::{FileResult, Message, Path, Step};
use super::overrides::{self, Overrides};
use super::text::Texts;
use super::version::{ENGINE, Version};

const APPEND: &str =
    "'append' key is deprecated. Add an 'append' entry (e.g. 'condition: append') under 'override' instead.";
const ENABLED: &str = "The standalone 'enabled' key usage is deprecated. The correct approach requires also a \
                       'replace' entry under the 'override' key (i.e. 'enabled: replace').";
const BOTH: &str = "Keys 'override' and 'append: true' cannot be used together. Add an 'append' entry (e.g. \
                    'condition: append') under 'override' instead.";

const MULTIPLIED: &str = "Aliases multiply what stands in this document; its rules are not read.";

const TOO_MANY: &str = "There are too many values in this document; its rules are not read.";

const APPENDABLE: &[&str] = &["condition", "exceptions", "output", "desc", "tags"];
const REPLACEABLE: &[&str] = &[
    "condition",
    "exceptions",
    "output",
    "desc",
    "tags",
    "priority",
    "enabled",
    "warn_evttypes",
    "skip-if-unknown-filter",
    "capture",
    "capture_duration",
];

/// The keys of a rule.
pub const RULE_KEYS: &[&str] = &[
    "rule",
    "desc",
    "condition",
    "output",
    "priority",
    "source",
    "enabled",
    "tags",
    "exceptions",
    "warn_evttypes",
    "skip-if-unknown-filter",
    "capture",
    "capture_duration",
    "override",
    "append",
];
/// The keys of a macro.
pub const MACRO_KEYS: &[&str] = &["macro", "condition", "override", "append"];
/// The keys of a list.
pub const LIST_KEYS: &[&str] = &["list", "items", "override", "append"];

/// What a file says it needs.
#[derive(Clone, Debug, Default)]
pub struct Requirements {
    /// The engine versions asked for: the version, the file and the bytes of it.
    pub engine: Vec<(Version, u32, watertight_text::Span)>,
    /// The plugins asked for, each with its alternatives behind it: name, version.
    pub plugins: Vec<Vec<(String, Version)>>,
}

/// What files are read into.
pub(super) struct Reader<'a> {
    pub(super) file: u32,
    pub(super) items: &'a mut Items,
    pub(super) texts: &'a mut Texts,
    pub(super) result: &'a mut FileResult,
    pub(super) requirements: &'a mut Requirements,
}

impl Reader<'_> {
    /// Reads all documents. The engine stops at the first error; we go on with the next item, so that all are seen.
    pub(super) fn read(&mut self, stream: &Stream<'_>) {
        let fatal = |problem: &&watertight_yaml::Problem| problem.kind.is_fatal_to_all();
        let problems = stream.problems.iter().chain(stream.documents.iter().flat_map(|document| &document.problems));
        if let Some(problem) = problems.into_iter().find(fatal) {
            let path = Path::default().with(Step::new("value for", "", self.file, problem.span));
            let place = Some((self.file, problem.span));
            self.result.say(Message { code: Code::YamlParse, message: problem.message.clone(), path, place });
        }
        let mut values = Values::of(stream.documents.first().map_or(0, |document| document.text().len()));
        for (index, document) in stream.documents.iter().enumerate() {
            let Some(root) = document.root().filter(|root| !root.is_null()) else { continue };
            if let Some(alias) = multiplying_alias(document) {
                self.unread(MULTIPLIED, alias.span());
                continue;
            }
            if values.pay(document).is_err() {
                self.unread(TOO_MANY, root.items().next().map_or(root.span(), Node::span));
                continue;
            }
            let top = Context { node: root, file: self.file, source: document.text(), path: Path::default() };
            match root.kind() {
                Kind::Sequence => self.document(&top, index),
                Kind::Mapping => {
                    self.result.say(*top.fault("Rules content is not yaml array of objects", root.span()));
                }
                _ => self.result.say(*top.fault("Rules content is not yaml", root.span())),
            }
        }
    }

    /// Says that a document is not read.
    fn unread(&mut self, message: &str, span: watertight_text::Span) {
        let place = Some((self.file, span));
        self.result.say(Message { code: Code::Limit, message: message.to_owned(), path: Path::default(), place });
    }

    fn document(&mut self, top: &Context<'_>, document: usize) {
        for (index, node) in top.node.items().enumerate() {
            if node.is_null() {
                continue;
            }
            let context = top.step("rules content item", "", node);
            let place = ItemPlace {
                file: self.file,
                document: u32::try_from(document).unwrap_or(u32::MAX),
                index: u32::try_from(index).unwrap_or(u32::MAX),
                span: node.span(),
                name: node.span(),
            };
            if let Err(fault) = self.item(&context, place) {
                self.result.say(*fault);
            }
        }
    }

    fn item(&mut self, item: &Context<'_>, place: ItemPlace) -> Result<(), Fault> {
        if item.node.kind() != Kind::Mapping {
            let message = "Unexpected element type. Each element should be a yaml associative array.";
            return Err(item.fault(message, item.node.span()));
        }
        if item.get("required_engine_version").is_some() {
            return self.engine_version(&item.renamed("required_engine_version", ""));
        }
        if let Some(node) = item.get("required_plugin_versions") {
            return self.plugin_versions(item, node);
        }
        if item.get("list").is_some() {
            return self.list(item, place);
        }
        if item.get("macro").is_some() {
            return self.condition_macro(item, place);
        }
        if item.get("rule").is_some() {
            return self.rule(item, place);
        }
        self.result.say(*item.fault_of(Code::UnknownItem, "Unknown top level item", item.head()));
        Ok(())
    }

    fn engine_version(&mut self, item: &Context<'_>) -> Result<(), Fault> {
        let value = item.required("required_engine_version")?;
        let text = value.text();
        let version = match number(text) {
            Some(minor) => Version { major: 0, minor, patch: 0 },
            None => Version::of(text).ok_or_else(|| {
                let message = [
                    "Unable to parse engine version '",
                    text,
                    "' as a semver string. Expected \"x.y.z\" semver format.",
                ];
                item.fault(message.concat(), value.node.span())
            })?,
        };
        self.requirements.engine.push((version, self.file, value.node.span()));
        if !ENGINE.satisfies(version) {
            let message = [
                "Rules require engine version ",
                &version.to_string(),
                ", but engine version is ",
                &ENGINE.to_string(),
            ];
            return Err(item.fault_of(Code::Validate, message.concat(), value.node.span()));
        }
        Ok(())
    }

    fn plugin_versions(&mut self, item: &Context<'_>, node: Node<'_>) -> Result<(), Fault> {
        let context = Context { node, ..item.clone() }.renamed("required plugin versions", "");
        if node.kind() != Kind::Sequence {
            let message = "Value of required_plugin_versions must be a sequence";
            return Err(context.fault(message, node.span()));
        }
        for plugin in node.items() {
            let nameless = context.step("required plugin versions entry", "", plugin);
            if plugin.kind() != Kind::Mapping {
                return Err(nameless.fault("Plugin version must be a mapping", plugin.span()));
            }
            let name = nameless.required("name")?.text().to_owned();
            let entry = nameless.renamed("required plugin versions entry", &name);
            let version = entry.required("version")?;
            let mut all = vec![(name, version)];
            if let Some(alternatives) = entry.get("alternatives") {
                if alternatives.kind() != Kind::Sequence {
                    let message = "Value of plugin version alternatives must be a sequence";
                    return Err(entry.fault(message, alternatives.span()));
                }
                for alternative in alternatives.items() {
                    let nameless = entry.step("required plugin versions alternative", "", alternative);
                    if alternative.kind() != Kind::Mapping {
                        return Err(nameless.fault("Plugin version alternative must be a mapping", alternative.span()));
                    }
                    let name = nameless.required("name")?.text().to_owned();
                    let named = nameless.renamed("required plugin versions alternative", &name);
                    all.push((name, named.required("version")?));
                }
            }
            self.plugin(&entry, &all)?;
        }
        Ok(())
    }

    fn plugin(&mut self, entry: &Context<'_>, all: &[(String, Context<'_>)]) -> Result<(), Fault> {
        let mut seen = BTreeSet::new();
        let mut found = Vec::with_capacity(all.len());
        for (name, version) in all {
            let text = version.text();
            let Some(parsed) = Version::of(text) else {
                let message = ["Invalid required version '", text, "' for plugin '", name, "'"].concat();
                return Err(entry.fault_of(Code::Validate, message, version.node.span()));
            };
            if !seen.insert(name) {
                let message = ["Defined multiple alternative version requirements for plugin '", name, "'"].concat();
                return Err(entry.fault_of(Code::Validate, message, version.node.span()));
            }
            found.push((name.clone(), parsed));
        }
        self.requirements.plugins.push(found);
        Ok(())
    }

    /// The name of an item under `key`, and the way to the item by that name.
    fn named<'d>(item: &Context<'d>, key: &'static str, mut place: ItemPlace) -> Result<(Head, Context<'d>), Fault> {
        let value = item.renamed(key, "").required(key)?;
        place.name = value.node.span();
        let name = value.text().to_owned();
        let context = item.renamed(key, &name);
        Ok((Head { name, place, index: 0, visibility: 0, path: context.path.clone() }, context))
    }

    fn warn(&mut self, context: &Context<'_>, code: Code, message: &str, span: watertight_text::Span) {
        self.result.say(*context.fault_of(code, message, span));
    }

    fn append_flag(&mut self, item: &Context<'_>) -> Result<bool, Fault> {
        let append = item.boolean("append", false)?;
        if append {
            let span = item.get("append").map_or(item.head(), Node::span);
            self.warn(item, Code::DeprecatedItem, APPEND, span);
        }
        Ok(append)
    }

    fn unknown_keys(&mut self, item: &Context<'_>, known: &[&str]) {
        for entry in item.node.written_entries() {
            let key = entry.key.written().unwrap_or_default();
            if !known.contains(&key) {
                let message = ["Unknown key '", key, "'. The key will be ignored."].concat();
                self.warn(item, Code::UnknownKey, &message, entry.key.span());
            }
        }
    }

    fn list(&mut self, item: &Context<'_>, place: ItemPlace) -> Result<(), Fault> {
        let (head, context) = Self::named(item, "list", place)?;
        if !is_bare(&head.name) {
            let message = "List has an invalid name. List names should match a regular expression: \
                           ([^()\"'[:space:]=,]+)";
            self.warn(&context, Code::InvalidListName, message, head.place.name);
        }
        let Some(items) = context.sequence("items")? else {
            return Err(context.fault("Item has no mapping for key 'items'", context.head()));
        };
        let items = items.into_iter().map(|item| self.texts.scalar(context.file, item, context.source)).collect();
        let append = self.append_flag(&context)?;
        let overrides = overrides::read(&context, &["items"], &["items"])?;
        both(&context, append, &overrides)?;
        self.unknown_keys(&context, LIST_KEYS);
        if append || overrides.append.contains("items") {
            return self.items.append_list(&head.name, items, &at(&context, &head));
        }
        self.items.define_list(ListItem { head, items });
        Ok(())
    }

    fn condition_macro(&mut self, item: &Context<'_>, place: ItemPlace) -> Result<(), Fault> {
        let (head, context) = Self::named(item, "macro", place)?;
        if !is_identifier(&head.name) {
            let message = "Macro has an invalid name. Macro names should match a regular expression: \
                           ([a-zA-Z]+[a-zA-Z0-9_]*)";
            self.warn(&context, Code::InvalidMacroName, message, head.place.name);
        }
        let condition = context.required("condition")?;
        let condition_path = context.step("macro condition", "", condition.node).path;
        let condition = condition.placed(self.texts);
        let append = self.append_flag(&context)?;
        let overrides = overrides::read(&context, &["condition"], &["condition"])?;
        both(&context, append, &overrides)?;
        self.unknown_keys(&context, MACRO_KEYS);
        if append || overrides.append.contains("condition") {
            return self.items.append_macro(&head.name, &condition, &at(&context, &head));
        }
        self.items.define_macro(MacroItem { head, condition, condition_path });
        Ok(())
    }

    fn rule(&mut self, item: &Context<'_>, place: ItemPlace) -> Result<(), Fault> {
        let (head, context) = Self::named(item, "rule", place)?;
        let append = self.append_flag(&context)?;
        let overrides = overrides::read(&context, APPENDABLE, REPLACEABLE)?;
        both(&context, append, &overrides)?;
        if !overrides.is_empty() {
            return self.overridden(&context, &head, &overrides);
        }
        if append {
            let mut update = Update { source: source(&context)?, ..Update::default() };
            if let Some(condition) = context.optional("condition")? {
                update.condition = Some(condition.placed(self.texts));
            }
            if context.get("exceptions").is_some() {
                update.exceptions = Some(self.exceptions(&context, true)?);
            }
            self.unknown_keys(&context, RULE_KEYS);
            return self.items.append_rule(&head.name, update, &at(&context, &head));
        }
        let full = ["condition", "output", "desc", "priority"].iter().any(|key| context.get(key).is_some());
        if full {
            return self.full_rule(&context, head);
        }
        let enabled = context.required("enabled")?;
        let Some(value) = boolean(enabled.text()) else {
            return Err(enabled.fault("Can't decode YAML scalar value", enabled.node.span()));
        };
        self.warn(&context, Code::DeprecatedItem, ENABLED, enabled.node.span());
        self.unknown_keys(&context, RULE_KEYS);
        self.items.enable_rule(&head.name, value, &at(&context, &head))
    }

    fn full_rule(&mut self, context: &Context<'_>, head: Head) -> Result<(), Fault> {
        let condition = context.required("condition")?;
        let output = context.required("output")?;
        let description = context.required("desc")?.text().to_owned();
        let priority = priority(context)?;
        let source = match context.optional("source")? {
            Some(source) => source.text().to_owned(),
            None => SYSCALL.to_owned(),
        };
        let enabled = context.boolean("enabled", true)?;
        let warn_evttypes = context.boolean("warn_evttypes", true)?;
        let skip_if_unknown_filter = context.boolean("skip-if-unknown-filter", false)?;
        let capture = context.boolean("capture", false)?;
        duration(context)?;
        let tags = tags(context)?;
        let exceptions = self.exceptions(context, false)?.into();
        self.unknown_keys(context, RULE_KEYS);
        let at = at(context, &head);
        let rule = RuleItem {
            head,
            condition: condition.placed(self.texts),
            condition_path: context.step("rule condition", "", condition.node).path,
            output: output.placed(self.texts),
            output_path: context.step("rule output", "", output.node).path,
            description,
            priority,
            source,
            unknown_source: false,
            enabled,
            warn_evttypes,
            skip_if_unknown_filter,
            capture,
            tags,
            exceptions,
        };
        let result = &mut *self.result;
        self.items.define_rule(rule, &at, &mut |message| result.say(message))
    }

    fn exceptions(&mut self, context: &Context<'_>, append: bool) -> Result<Vec<super::item::Exception>, Fault> {
        let result = &mut *self.result;
        exceptions::read(context, append, self.texts, &mut |message| result.say(message))
    }

    fn overridden(&mut self, context: &Context<'_>, head: &Head, overrides: &Overrides) -> Result<(), Fault> {
        let mut expected: BTreeSet<&str> =
            REPLACEABLE.iter().copied().filter(|key| context.get(key).is_some()).collect();
        self.unknown_keys(context, RULE_KEYS);
        for (keys, kind, of_kind) in
            [(APPENDABLE, "append", &overrides.append), (REPLACEABLE, "replace", &overrides.replace)]
        {
            if of_kind.is_empty() {
                continue;
            }
            let mut update = Update { source: source(context)?, ..Update::default() };
            for &key in keys.iter().filter(|key| of_kind.contains(**key)) {
                if !expected.remove(key) {
                    let message =
                        ["An ", kind, " override for '", key, "' was specified but '", key, "' is not defined"]
                            .concat();
                    return Err(context.fault(message, context.head()));
                }
                self.update(context, key, kind == "append", &mut update)?;
            }
            let at = at(context, head);
            if kind == "append" {
                self.items.append_rule(&head.name, update, &at)?;
            } else {
                self.items.replace_in_rule(&head.name, update, &at)?;
            }
        }
        let Some((key, node)) = expected.first().and_then(|key| Some((*key, context.get(key)?))) else { return Ok(()) };
        let message = ["Unexpected key '", key, "': no corresponding entry under 'override' is defined."].concat();
        Err(context.step("overrides", key, node).fault(message, node.span()))
    }

    fn update(&mut self, context: &Context<'_>, key: &str, append: bool, update: &mut Update) -> Result<(), Fault> {
        match key {
            "condition" => update.condition = Some(context.required(key)?.placed(self.texts)),
            "exceptions" => update.exceptions = Some(self.exceptions(context, append)?),
            "output" => update.output = Some(context.required(key)?.placed(self.texts)),
            "desc" => update.description = Some(context.required(key)?.text().to_owned()),
            "tags" => update.tags = Some(tags(context)?),
            "priority" => update.priority = Some(priority(context)?),
            "enabled" => update.enabled = Some(context.boolean(key, true)?),
            "warn_evttypes" => update.warn_evttypes = Some(context.boolean(key, true)?),
            "skip-if-unknown-filter" => update.skip_if_unknown_filter = Some(context.boolean(key, false)?),
            "capture" => update.capture = Some(context.boolean(key, false)?),
            _ => {
                duration(context)?;
                update.capture_duration = true;
            }
        }
        Ok(())
    }
}

fn at(context: &Context<'_>, head: &Head) -> At {
    At { path: context.path.clone(), file: context.file, span: head.place.name }
}

fn both(context: &Context<'_>, append: bool, overrides: &Overrides) -> Result<(), Fault> {
    if append && !overrides.is_empty() {
        let span = context.get("append").map_or(context.head(), Node::span);
        return Err(context.fault(BOTH, span));
    }
    Ok(())
}

/// The source of an item that changes a rule; without one it is the rule's own.
fn source(context: &Context<'_>) -> Result<Option<String>, Fault> {
    if context.get("source").is_none_or(|source| source.is_null() || source.written() == Some("")) {
        return Ok(None);
    }
    Ok(context.optional("source")?.map(|source| source.text().to_owned()))
}

fn priority(context: &Context<'_>) -> Result<Priority, Fault> {
    let value = context.required("priority")?;
    let step = context.step("rule priority", "", value.node);
    Priority::of(value.text()).ok_or_else(|| step.fault("Invalid priority", value.node.span()))
}

fn duration(context: &Context<'_>) -> Result<(), Fault> {
    let Some(value) = context.optional("capture_duration")? else { return Ok(()) };
    if number(value.text()).is_none() {
        return Err(value.fault("Can't decode YAML scalar value", value.node.span()));
    }
    Ok(())
}

fn tags(context: &Context<'_>) -> Result<BTreeSet<String>, Fault> {
    let tags = context.sequence("tags")?.unwrap_or_default();
    Ok(tags.into_iter().map(|tag| tag.written().unwrap_or_default().to_owned()).collect())
}

/// Whether conditions can name a macro so.
pub fn is_identifier(name: &str) -> bool {
    name.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Whether conditions can name a list so.
pub fn is_bare(name: &str) -> bool {
    !name.is_empty() && !name.contains(['(', ')', '"', '\'', ' ', '\t', '\n', '\x0b', '\x0c', '\r', '=', ','])
}
