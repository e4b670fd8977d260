//! `mqueue`: the name tells which kind of queue it is.

use super::settings::Shape;
use crate::refusal::{Code, Refusal};
use crate::tree::Access;

const SHAPE: Shape<'_> =
    Shape { class: "mqueue", names: &["label", "type"], lists: &["label", "type"], repeated: &["type"] };

pub(super) fn check(rule: &Access, found: &mut Vec<Refusal>) {
    SHAPE.check(&rule.settings, found);
    let mut kind = None;
    for value in rule.settings.iter().filter(|s| s.name.value == "type").filter_map(|s| s.values.first()) {
        if !matches!(value.value.as_str(), "posix" | "sysv") {
            let message = ["`", &value.value, "` is no type of queue: `posix` and `sysv` are."].concat();
            found.push(Refusal::new(Code::Setting, value.span, message));
        }
        kind = Some(value.value.as_str());
    }
    let Some(name) = &rule.name else { return };
    let number = !name.value.is_empty() && name.value.bytes().all(|b| b.is_ascii_digit());
    let message = match (name.value.starts_with('/'), number) {
        (true, _) if kind == Some("sysv") => "A queue of System V goes by a number.",
        (false, true) if kind == Some("posix") => "The name of a POSIX queue begins with `/`.",
        (false, false) => "The name of a queue begins with `/`, or is a number.",
        _ => return,
    };
    found.push(Refusal::new(Code::Setting, name.span, message));
}
