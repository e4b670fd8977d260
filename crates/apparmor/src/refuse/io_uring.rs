//! `io_uring`.

use super::settings::Shape;
use crate::refusal::Refusal;
use crate::tree::Access;

const SHAPE: Shape<'_> = Shape { class: "io_uring", names: &["label"], lists: &[], repeated: &[] };

pub(super) fn check(rule: &Access, found: &mut Vec<Refusal>) {
    let settings: Vec<_> = rule.settings.iter().chain(&rule.peer).cloned().collect();
    SHAPE.check(&settings, found);
}
