//! `dbus`: messages and services have settings and accesses of their own.

use watertight_text::Span;

use super::settings::{Shape, value};
use crate::refusal::{Code, Refusal};
use crate::tree::Access;

const SHAPE: Shape<'_> =
    Shape { class: "dbus", names: &["bus", "name", "label", "path", "interface", "member"], lists: &[], repeated: &[] };

pub(super) fn check(rule: &Access, span: Span, found: &mut Vec<Refusal>) {
    let settings: Vec<_> = rule.settings.iter().chain(&rule.peer).cloned().collect();
    SHAPE.check(&settings, found);
    if let Some(label) = value(&rule.settings, "label") {
        found.push(Refusal::new(Code::Setting, label.span, "`label` belongs inside of `peer=(…)`."));
    }
    let about_message = |name| value(&settings, name).is_some();
    let message = ["path", "interface", "member"].into_iter().any(about_message)
        || value(&rule.peer, "label").is_some()
        || value(&rule.peer, "name").is_some();
    let service = value(&rule.settings, "name").is_some();
    let asked = |wanted: &[&str]| {
        rule.words.iter().any(|word| {
            let letters = word.value.bytes().all(|b| matches!(b, b'r' | b'R' | b'w' | b'W'));
            wanted.contains(&word.value.as_str()) || (letters && wanted.contains(&"send"))
        })
    };
    let mut refuse = |text: &str| found.push(Refusal::new(Code::Setting, span, text));
    if message && service {
        refuse("A rule is about messages (path, interface, member, peer) or about a service (name), not about both.");
    }
    if message && asked(&["bind"]) {
        refuse("`bind` goes with `bus` and `name` only.");
    }
    if service && asked(&["send", "receive", "read", "write"]) {
        refuse(
            "`send` and `receive` do not go with a service's `name`; that of the other end stands in `peer=(name=…)`.",
        );
    }
    if asked(&["eavesdrop"]) && (message || service) {
        refuse("`eavesdrop` goes with `bus` only.");
    }
}
