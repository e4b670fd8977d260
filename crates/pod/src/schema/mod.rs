//! The fields that Kubernetes knows, as a tree of structs.
//!
//! Every object that holds a pod has a [`Struct`]; [`of_kind`] finds it. A struct has [`Member`]s, each with its name as
//! the API spells it and the [`Type`] of its value; from a type one gets to the structs below. The tree is complete: a
//! key that a struct does not have is one that the API server refuses or drops. Where nothing is known or anything goes,
//! the type is [`Type::Any`].
//!
//! ```
//! use watertight_pod::schema::{self, Type};
//!
//! let pod = schema::of_kind("v1", "Pod").unwrap();
//! let Some(Type::Struct(spec)) = pod.member("spec").map(|member| member.ty) else { panic!() };
//! let Some(Type::List(item)) = spec.member("containers").map(|member| member.ty) else { panic!() };
//! let Type::Struct(container) = *item else { panic!() };
//! assert!(container.member("image").is_some());
//! assert!(container.member("privileged").is_none());
//! ```

mod table;

use crate::kinds;

pub use table::*;

/// A mapping with known keys.
#[derive(Debug)]
pub struct Struct {
    /// Its name in the Go API, such as `PodSpec`.
    pub name: &'static str,
    /// Its fields, sorted by the bytes of their names.
    pub members: &'static [Member],
}

/// A field of a struct.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    /// The key as it is written.
    pub name: &'static str,
    /// What its value is.
    pub ty: Type,
    /// Whether the API server refuses an object without it.
    pub required: bool,
}

/// What the API server decodes a value into.
#[derive(Clone, Copy, Debug)]
pub enum Type {
    /// True or false.
    Bool,
    /// A whole number.
    Int,
    /// Text; a number or a boolean without quotes is refused.
    Text,
    /// An amount such as `500m` or `128Mi`: text or a number.
    Quantity,
    /// A whole number, or text such as `25%` or the name of a port.
    IntOrText,
    /// A moment, written as text.
    Time,
    /// A mapping with known keys.
    Struct(&'static Struct),
    /// A list.
    List(&'static Self),
    /// A mapping with keys of the user's choice.
    Map(&'static Self),
    /// Not looked into.
    Any,
}

impl Struct {
    /// The field of that name, in exactly this spelling.
    pub fn member(&self, name: &str) -> Option<&'static Member> {
        let place = self.members.binary_search_by(|member| member.name.cmp(name)).ok()?;
        self.members.get(place)
    }
}

impl Type {
    /// With its article, for messages: "a whole number".
    pub fn described(self) -> &'static str {
        match self {
            Self::Bool => "true or false",
            Self::Int => "a whole number",
            Self::Text => "text",
            Self::Quantity => "an amount such as 500m or 128Mi",
            Self::IntOrText => "a whole number or text",
            Self::Time => "a date with a time",
            Self::Struct(_) | Self::Map(_) => "a mapping",
            Self::List(_) => "a list",
            Self::Any => "anything",
        }
    }
}

/// The struct of a built-in kind, in whatever version it ever had; `None` for every other kind, and for kinds of the same
/// name in somebody else's API group.
pub fn of_kind(api_version: &str, kind: &str) -> Option<&'static Struct> {
    kinds::built_in(api_version, kind).map(|known| known.schema)
}

pub(crate) const fn may(name: &'static str, ty: Type) -> Member {
    Member { name, ty, required: false }
}

pub(crate) const fn must(name: &'static str, ty: Type) -> Member {
    Member { name, ty, required: true }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Looks whether the members of a struct, and of all below it that were not seen yet, stand in order.
    pub(crate) fn is_sorted(schema: &'static Struct, seen: &mut Vec<&'static str>) {
        if seen.contains(&schema.name) {
            return;
        }
        seen.push(schema.name);
        for pair in schema.members.windows(2) {
            assert!(pair[0].name < pair[1].name, "{}: {} before {}", schema.name, pair[0].name, pair[1].name);
        }
        for member in schema.members {
            let mut ty = member.ty;
            while let Type::List(inner) | Type::Map(inner) = ty {
                ty = *inner;
            }
            if let Type::Struct(below) = ty {
                is_sorted(below, seen);
            }
        }
    }

    #[test]
    fn members_are_sorted_and_all_structs_are_reached() {
        let mut seen = Vec::new();
        for known in kinds::ALL {
            is_sorted(known.schema, &mut seen);
        }
        assert!(seen.len() > 150, "{}", seen.len());
    }

    #[test]
    fn fields_of_the_last_years_are_there() {
        for (schema, name) in [
            (&POD_SPEC, "hostUsers"),
            (&POD_SPEC, "hostnameOverride"),
            (&POD_SPEC, "resources"),
            (&POD_SPEC, "schedulingGroup"),
            (&POD_SPEC, "workloadRef"),
            (&POD_SECURITY_CONTEXT, "supplementalGroupsPolicy"),
            (&POD_SECURITY_CONTEXT, "seLinuxChangePolicy"),
            (&SECURITY_CONTEXT, "procMount"),
            (&SECURITY_CONTEXT, "appArmorProfile"),
            (&CONTAINER, "resizePolicy"),
            (&CONTAINER, "restartPolicyRules"),
            (&EPHEMERAL_CONTAINER, "targetContainerName"),
            (&VOLUME, "image"),
            (&VOLUME_MOUNT, "recursiveReadOnly"),
        ] {
            assert!(schema.member(name).is_some(), "{}.{name}", schema.name);
        }
        assert!(CONTAINER.member("hostPID").is_none());
        assert!(POD_SPEC.member("hostPid").is_none());
    }
}
