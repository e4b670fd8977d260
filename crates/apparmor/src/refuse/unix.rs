//! `unix`.

use watertight_text::Span;

use super::network::{LOCAL_ONLY, is_local_only};
use super::settings::{Shape, value};
use crate::names::network::UNIX_TYPES;
use crate::refusal::{Code, Refusal};
use crate::tree::Access;

const OURS: Shape<'_> = Shape { class: "unix", names: &["addr", "type"], lists: &[], repeated: &[] };
const PEER: Shape<'_> = Shape { class: "unix", names: &["addr", "label"], lists: &[], repeated: &[] };

pub(super) fn check(rule: &Access, span: Span, found: &mut Vec<Refusal>) {
    OURS.check(&rule.settings, found);
    PEER.check(&rule.peer, found);
    for address in [value(&rule.settings, "addr"), value(&rule.peer, "addr")].into_iter().flatten() {
        let known = address.value.starts_with('@') || matches!(address.value.as_str(), "none" | "auto");
        if !known {
            let message =
                "An address begins with `@`, or is `none` or `auto`. Sockets in the file system take file rules.";
            found.push(Refusal::new(Code::Setting, address.span, message));
        }
    }
    if let Some(kind) = value(&rule.settings, "type")
        && !UNIX_TYPES.contains(&kind.value.as_str())
    {
        let message = ["There is no socket type `", &kind.value, "`."].concat();
        found.push(Refusal::new(Code::Network, kind.span, message));
    }
    let peer = value(&rule.peer, "addr").is_some() || value(&rule.peer, "label").is_some();
    if peer && rule.words.iter().any(is_local_only) {
        found.push(Refusal::new(Code::Setting, span, LOCAL_ONLY));
    }
}
