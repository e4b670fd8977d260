//! `userns`.

use super::settings::Shape;
use crate::refusal::Refusal;
use crate::tree::Access;

const SHAPE: Shape<'_> = Shape { class: "userns", names: &[], lists: &[], repeated: &[] };

pub(super) fn check(rule: &Access, found: &mut Vec<Refusal>) {
    SHAPE.check(&rule.settings, found);
}
