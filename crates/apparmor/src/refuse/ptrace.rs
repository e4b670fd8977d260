//! `ptrace`.

use super::settings::Shape;
use crate::refusal::Refusal;
use crate::tree::Access;

const SHAPE: Shape<'_> = Shape { class: "ptrace", names: &["peer"], lists: &["peer"], repeated: &[] };

pub(super) fn check(rule: &Access, found: &mut Vec<Refusal>) {
    SHAPE.check(&rule.settings, found);
}
