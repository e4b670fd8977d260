//! What a text means once includes are taken in, variables expanded, conditions decided and blocks unfolded: the
//! profiles as they would be loaded. Deciding, reasoning and lint rules work on this.

use watertight_text::Span;

use crate::tree::{Rule as RuleSyntax, Text};

/// Where a rule was written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Hash)]
pub struct SourceId(pub u32);

impl SourceId {
    /// The text that was given, as opposed to one that it includes.
    pub const TEXT: Self = Self(0);
}

/// A place in one of the sources.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Origin {
    /// Which text.
    pub source: SourceId,
    /// The bytes there.
    pub span: Span,
    /// The bytes in the given text: those of `span`, or of the include through which the rule came in.
    pub shown: Span,
}

/// Everything that a file loads.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// Names of the sources; the first is the given text and has none.
    pub sources: Vec<String>,
    /// The profiles at the top level.
    pub profiles: Vec<Profile>,
    /// The feature set that the file pins, when it does.
    pub abi: Option<Text>,
    /// Includes of the preamble whose text is not known.
    pub unknown: Vec<Unknown>,
}

/// A profile with nothing left to expand.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The profile's own name, expanded. Children do not carry their parent's here.
    pub name: String,
    /// The name with those of its parents: `parent//child`. It begins with an ellipsis where theirs are too long to be
    /// repeated.
    pub full_name: String,
    /// `:namespace:`
    pub namespace: Option<String>,
    /// The pattern of programs that it attaches to, when there is one. A profile whose name is a path attaches to that.
    pub attachment: Option<String>,
    /// Other patterns that it attaches to, from aliases.
    pub also: Vec<String>,
    /// The flags, one entry each, as written.
    pub flags: Vec<Text>,
    /// Whether it is a hat.
    pub hat: bool,
    /// The rules, blocks unfolded, in the order in which the parser sees them.
    pub rules: Vec<Rule>,
    /// Children and hats.
    pub children: Vec<Self>,
    /// Includes whose text is not known: what they would add is not known either.
    pub unknown: Vec<Unknown>,
    /// Rules in blocks that are no rules about paths, links or changes of profile: the parser drops them.
    pub dropped: Vec<Origin>,
    /// Where the profile stands.
    pub origin: Origin,
    /// From name to flags, in the source of `origin`.
    pub head: Span,
}

/// A rule with every variable expanded. Where a variable has several values the pattern holds an alternation.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The rule; spans are those of its source.
    pub rule: RuleSyntax,
    /// Where it was written.
    pub origin: Origin,
    /// Whether it names a variable whose values are not known, because an include is not. The name then stands in the
    /// pattern as it was written, and what the rule matches is not known.
    pub open: bool,
    /// Whether its pattern is too large to be written out, with every variable in it expanded or every alias of it beside
    /// it. What the rule matches is not known then either.
    pub large: bool,
}

/// Something that the text refers to and nobody has given.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unknown {
    /// The name, such as `abstractions/gnome`.
    pub name: String,
    /// Where it is asked for.
    pub origin: Origin,
}

/// What stands in place of parents' names that are too long to be repeated.
pub(crate) const CUT: &str = "…";

/// What is said in place of an include where a limit keeps a part of the text from being read.
pub(crate) const NOT_READ: &str = "the part of the text that is not looked at";

impl Profile {
    /// Whether its full name is all of it.
    pub fn is_named(&self) -> bool {
        !self.full_name.starts_with(CUT)
    }
}

impl Policy {
    /// Every profile, children after their parents.
    pub fn walk(&self) -> Vec<&Profile> {
        let mut out = Vec::new();
        let mut left: Vec<&Profile> = self.profiles.iter().rev().collect();
        while let Some(profile) = left.pop() {
            out.push(profile);
            left.extend(profile.children.iter().rev());
        }
        out
    }

    /// The profile of that full name.
    pub fn find(&self, full_name: &str) -> Option<&Profile> {
        self.walk().into_iter().find(|profile| profile.full_name == full_name)
    }
}
