//! Names, attachments and conditions in the head of a profile.

use crate::label::{self, LabelError};
use crate::refusal::{Code, Refusal};
use crate::tree::{Profile, ProfileKind};

pub(super) fn check(profile: &Profile, child: bool, found: &mut Vec<Refusal>) {
    let name = &profile.name;
    let hat = profile.kind == ProfileKind::Hat;
    match label::split(&name.value) {
        Err(error) => {
            let message = match error {
                LabelError::Unterminated => "The namespace needs a second colon, as in `:namespace:name`.",
                LabelError::EmptyNamespace => "The namespace between the colons is empty.",
                LabelError::EmptyName => "There is no name behind the namespace.",
            };
            found.push(Refusal::new(Code::Name, name.span, message));
        }
        Ok(label) if label.stacked => {
            found.push(Refusal::new(Code::Name, name.span, "The name of a profile does not begin with `&`."));
        }
        Ok(label) => {
            let said = profile.keyword || hat || label.namespace.is_some();
            if !child && !said && !label.name.starts_with('/') {
                let message = "A name that is no path needs the word `profile` in front.";
                found.push(Refusal::new(Code::Name, name.span, message));
            }
        }
    }
    if let Some(attachment) = &profile.attachment
        && !attachment.value.starts_with('/')
        && !attachment.value.starts_with("@{")
    {
        let message = "The programs that a profile goes with are a path: it begins with `/` or a variable.";
        found.push(Refusal::new(Code::Name, attachment.span, message));
    }
    if let Some(group) = profile.group.as_ref().filter(|group| group.value != "xattrs") {
        found.push(Refusal::new(Code::Setting, group.span, "Only `xattrs=(…)` may stand here."));
    }
    if hat && child && !profile.xattrs.is_empty() {
        found.push(Refusal::new(Code::Setting, name.span, "A hat takes no `xattrs`."));
    }
    for identity in &profile.identities {
        if !identity.value.starts_with('/') && identity.value.contains(' ') {
            found.push(Refusal::new(Code::Name, identity.span, "An identity that is no path holds no blank."));
        }
    }
}
