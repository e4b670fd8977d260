//! `signal`.

use super::settings::Shape;
use crate::names::signal;
use crate::refusal::{Code, Refusal};
use crate::tree::Access;

const SHAPE: Shape<'_> =
    Shape { class: "signal", names: &["set", "peer"], lists: &["set", "peer"], repeated: &["set"] };

pub(super) fn check(rule: &Access, found: &mut Vec<Refusal>) {
    SHAPE.check(&rule.settings, found);
    for value in rule.settings.iter().filter(|setting| setting.name.value == "set").flat_map(|set| &set.values) {
        if signal::number(&value.value).is_none() {
            let message = ["There is no signal `", &value.value, "`. Write it as in `term` or `rtmin+1`."].concat();
            found.push(Refusal::new(Code::Signal, value.span, message));
        }
    }
}
