//! The `override` key: which keys of an item are appended to or replaced.

use std::collections::BTreeSet;

use watertight_yaml::Node;

use super::decode::{Context, Fault};

/// The keys named under `override`.
#[derive(Default)]
pub(super) struct Overrides {
    pub(super) append: BTreeSet<String>,
    pub(super) replace: BTreeSet<String>,
}

impl Overrides {
    pub(super) fn is_empty(&self) -> bool {
        self.append.is_empty() && self.replace.is_empty()
    }
}

/// Reads `override`, where keys may be appended to or replaced as the item's kind allows.
pub(super) fn read(item: &Context<'_>, appendable: &[&str], replaceable: &[&str]) -> Result<Overrides, Fault> {
    let mut found = Overrides::default();
    let Some(node) = item.get("override") else { return Ok(found) };
    let context = item.step("overrides", "", item.node);
    for entry in node.written_entries() {
        let key = entry.key.written().unwrap_or_default();
        let operation = entry.value.written().unwrap_or_default();
        let (may_append, may_replace) = (appendable.contains(&key), replaceable.contains(&key));
        let by_key = |node: Node<'_>, message: String| {
            Err(context.step("overrides", key, entry.key).fault(message, node.span()))
        };
        match operation {
            "append" if may_append => {
                found.append.insert(key.to_owned());
            }
            "append" => {
                return by_key(entry.key, ["Key '", key, "' cannot be appended to, use 'replace' instead"].concat());
            }
            "replace" if may_replace => {
                found.replace.insert(key.to_owned());
            }
            "replace" => return by_key(entry.key, ["Key '", key, "' cannot be replaced"].concat()),
            _ => {
                let allowed = [if may_append { "append " } else { "" }, if may_replace { "replace " } else { "" }];
                let message = [
                    "Invalid override operation for key '",
                    key,
                    "': '",
                    operation,
                    "'. Allowed values are: ",
                    &allowed.concat(),
                ];
                return Err(context.step("value for", key, entry.value).fault(message.concat(), entry.value.span()));
            }
        }
    }
    Ok(found)
}
