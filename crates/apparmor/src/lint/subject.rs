use watertight_diagnostic::{FileId, Finding, Location, RuleMeta};

use crate::policy::Origin;
use crate::refusal::{Code, Refusal};
use crate::resolve::Resolved;

/// A text with what is known about it.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'s> {
    /// The text.
    pub text: &'s str,
    /// What it means.
    pub resolved: &'s Resolved,
    /// Which file it is.
    pub file: FileId,
}

impl Subject<'_> {
    /// A place for people: in the text itself, or the include through which it came in.
    pub(crate) fn location(&self, origin: Origin, label: &str) -> Location {
        Location { file: self.file, span: origin.shown, route: None, label: label.to_owned() }
    }

    /// Findings of one rule for every refusal of these kinds.
    pub(crate) fn refusals(&self, rule: &'static RuleMeta, codes: &[Code], mut each: impl FnMut(&Refusal, Finding)) {
        for refusal in self.resolved.refusals.iter().filter(|refusal| codes.contains(&refusal.code)) {
            let mut what = String::new();
            if refusal.origin.source != crate::policy::SourceId::TEXT {
                let name = self.resolved.policy.sources.get(refusal.origin.source.0 as usize);
                what = ["In `", name.map_or("", String::as_str), "`: "].concat();
            }
            what.push_str(&refusal.message);
            let why = match refusal.code {
                Code::Limit => {
                    "What is not looked at may permit or refuse anything, so some answers about this file stay open."
                }
                _ => "apparmor_parser refuses the whole file then: none of its profiles is loaded.",
            };
            let mut finding = Finding::new(rule, self.location(refusal.origin, ""), what).why(why);
            if let Some(other) = refusal.related {
                finding = finding.related(self.location(other, "the other one"));
            }
            each(refusal, finding);
        }
    }
}
