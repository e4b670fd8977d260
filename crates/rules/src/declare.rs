use watertight_diagnostic::{Finding, RuleMeta};
use watertight_pod::{Container, Volume};

use crate::{FileSubject, HostMount, Subject};

/// A rule: what is known of it, and how it looks.
#[derive(Debug)]
pub struct Rule {
    /// What is known of it.
    pub meta: RuleMeta,
    /// How it looks.
    pub check: Check,
}

/// What a rule looks at. It implements only the level it needs; the walk is done once, outside.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// Once for each pod or pod template.
    Pod(fn(&Subject<'_>, &mut Vec<Finding>)),
    /// Once for each container, init and ephemeral ones included.
    Container(fn(&Subject<'_>, &Container, &mut Vec<Finding>)),
    /// Once for each volume of a pod.
    Volume(fn(&Subject<'_>, &Volume, &mut Vec<Finding>)),
    /// Once for each `hostPath` volume of a pod, with what is known of its path.
    HostPath(fn(&Subject<'_>, &HostMount<'_>, &mut Vec<Finding>)),
    /// Once for each file, for objects that hold no pod.
    Objects(fn(&FileSubject<'_>, &mut Vec<Finding>)),
    /// Found while reading or reporting, not by looking at a pod; the engine makes the findings.
    Reading,
}

/// Makes the `static` of a rule from its doc comment and its facts.
macro_rules! declare_rule {
    (
        $(#[doc = $doc:literal])*
        $name:ident = {
            id: $id:literal,
            title: $title:literal,
            category: $category:ident,
            severity: $severity:ident,
            fixable: $fixable:literal,
            sources: [$($standard:ident $source:literal),* $(,)?],
            check: $check:expr $(,)?
        }
    ) => {
        $(#[doc = $doc])*
        pub(crate) static $name: $crate::Rule = $crate::Rule {
            meta: watertight_diagnostic::rule_meta!(
                docs: [$($doc),*],
                id: $id,
                title: $title,
                category: $category,
                severity: $severity,
                fixable: $fixable,
                sources: [$($standard $source),*],
            ),
            check: $check,
        };
    };
}
