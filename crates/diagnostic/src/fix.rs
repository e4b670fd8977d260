use serde::{Deserialize, Serialize};
use serde_json::Value;
use watertight_text::Span;

use crate::{FileId, Level, Route};

/// What may happen to the workload when a fix is applied.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Safety {
    /// The program inside notices nothing, short of abusing what is taken away.
    Safe,
    /// A program that uses what is taken away behaves differently; most do not.
    ChangesBehaviour,
    /// Something that was put there on purpose goes away: a person should look first.
    NeedsReview,
}

/// One change of a document, named by routes so that it can be applied to a text that has changed meanwhile.
///
/// Parents that are missing are made. A `null` parent counts as missing.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// Gives the key at `route` this value, whether it was there or not.
    Set {
        /// The field.
        route: Route,
        /// Its new value; mappings keep the order of their keys.
        value: Value,
    },
    /// Adds an item at the end of the list at `route`, unless an equal item is there already.
    Append {
        /// The list.
        route: Route,
        /// The item.
        value: Value,
    },
    /// Removes the key or the list item at `route`; nothing happens when it is not there.
    Remove {
        /// The field or the item.
        route: Route,
        /// How many of the parents go along when nothing is left in them, counted from the inside: with 1 a list goes
        /// with its last item. A parent that is not counted stays, as `{}` or `[]`.
        #[serde(default, skip_serializing_if = "is_none")]
        parents: u8,
    },
    /// Removes all but the last of the equal keys at `route`: the last is the one that Kubernetes' reader takes.
    KeepLast {
        /// The key that stands several times.
        route: Route,
    },
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_none(parents: &u8) -> bool {
    *parents == 0
}

impl Operation {
    /// Sets the field at `route`.
    pub fn set(route: Route, value: impl Into<Value>) -> Self {
        Self::Set { route, value: value.into() }
    }

    /// Appends to the list at `route`.
    pub fn append(route: Route, value: impl Into<Value>) -> Self {
        Self::Append { route, value: value.into() }
    }

    /// Removes what is at `route`; what it stood in stays.
    pub fn remove(route: Route) -> Self {
        Self::Remove { route, parents: 0 }
    }

    /// Removes what is at `route`, and as many as `parents` of what it stood in when nothing is left there.
    pub fn remove_with(route: Route, parents: u8) -> Self {
        Self::Remove { route, parents }
    }

    /// Removes all but the last of the equal keys at `route`.
    pub fn keep_last(route: Route) -> Self {
        Self::KeepLast { route }
    }

    /// Where the change happens.
    pub fn route(&self) -> &Route {
        match self {
            Self::Set { route, .. }
            | Self::Append { route, .. }
            | Self::Remove { route, .. }
            | Self::KeepLast { route } => route,
        }
    }

    /// The same, to move the change elsewhere.
    pub fn route_mut(&mut self) -> &mut Route {
        match self {
            Self::Set { route, .. }
            | Self::Append { route, .. }
            | Self::Remove { route, .. }
            | Self::KeepLast { route } => route,
        }
    }
}

/// One change of a text that has no routes, such as an AppArmor profile, or of the inside of a scalar.
///
/// It carries what it means to replace, so that it is refused when the text has changed meanwhile.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Rewrite {
    /// What goes. Bytes in a [`Fix`]; in a report the units of its encoding.
    pub span: Span,
    /// What stands there, so that nothing else is replaced.
    pub expect: String,
    /// What comes in its place.
    pub text: String,
}

/// A change that makes a finding go away.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fix {
    /// What it does, as a command: "Drop all capabilities".
    pub title: String,
    /// What may break.
    pub safety: Safety,
    /// The least strict target that needs this change; `None` when no target does and only the user can want it.
    pub level: Option<Level>,
    /// The file that is changed.
    pub file: FileId,
    /// The changes, companions included. They are applied together or not at all.
    pub operations: Vec<Operation>,
    /// Changes of text that has no routes; made together with the operations.
    pub rewrites: Vec<Rewrite>,
}
