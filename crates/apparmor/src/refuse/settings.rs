//! Checks that several classes of rules share.

use crate::refusal::{Code, Refusal};
use crate::tree::{Setting, Sign};

/// What a class of rules asks of its settings.
pub(super) struct Shape<'s> {
    /// The kind of rule, as written.
    pub(super) class: &'s str,
    /// The names that it knows.
    pub(super) names: &'s [&'s str],
    /// Those of them that may have a list of values.
    pub(super) lists: &'s [&'s str],
    /// Those that may stand more than once.
    pub(super) repeated: &'s [&'s str],
}

impl Shape<'_> {
    /// Checks names, signs, numbers of values and repetitions.
    pub(super) fn check(&self, settings: &[Setting], found: &mut Vec<Refusal>) {
        let mut met: Vec<&str> = Vec::new();
        for setting in settings {
            let name = setting.name.value.as_str();
            if !self.names.contains(&name) {
                let message = ["`", self.class, "` rules know no `", name, "`."].concat();
                found.push(Refusal::new(Code::Setting, setting.name.span, message));
                continue;
            }
            if setting.sign == Sign::In {
                let message = ["`in` does not go with `", name, "` here; write `", name, "=`."].concat();
                found.push(Refusal::new(Code::Setting, setting.span, message));
            }
            if setting.sign == Sign::Alone {
                let message = ["`", name, "` needs a value."].concat();
                found.push(Refusal::new(Code::Setting, setting.span, message));
            }
            if setting.values.len() > 1 && !self.lists.contains(&name) {
                let message = ["`", name, "` takes one value."].concat();
                found.push(Refusal::new(Code::Setting, setting.span, message));
            }
            if !met.contains(&name) {
                met.push(name);
            } else if !self.repeated.contains(&name) {
                let message = ["`", name, "` stands here twice."].concat();
                found.push(Refusal::new(Code::Setting, setting.span, message));
            }
        }
    }
}

/// The first value of the setting of that name.
pub(super) fn value<'s>(settings: &'s [Setting], name: &str) -> Option<&'s crate::tree::Text> {
    settings.iter().find(|setting| setting.name.value == name).and_then(|setting| setting.values.first())
}
