//! Names of capabilities.

use crate::refusal::{Code, Refusal};
use crate::tree::Text;

pub(super) fn check(names: &[Text], found: &mut Vec<Refusal>) {
    for name in names {
        let written = name.value.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        if written && watertight_knowledge::capability::by_name(&name.value.to_ascii_uppercase()).is_some() {
            continue;
        }
        let mut message = ["There is no capability `", &name.value, "`."].concat();
        if name.value.to_ascii_lowercase().starts_with("cap_") || name.value.bytes().any(|b| b.is_ascii_uppercase()) {
            message.push_str(" Write it in lower case and without `CAP_`, as in `net_admin`.");
        }
        found.push(Refusal::new(Code::Capability, name.span, message));
    }
}
