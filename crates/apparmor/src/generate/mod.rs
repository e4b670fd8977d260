//! Making profiles: from what a pod says about a container, and from what the log says was refused.
//!
//! What comes out is accepted by `apparmor_parser` 3.0 and newer and has no finding of ours; both are tested. Each part
//! says in a comment why it is there, so that whoever loads the profile can also change it.

pub mod audit;
mod facts;
pub mod load;
mod needs;
mod pattern;
mod place;
mod profile;
mod prune;
mod rule;

pub use facts::{Facts, MountPoint};
pub use needs::{Need, Needs, Unread};
pub use place::{Left, Placed, place};
pub use rule::rule_for;

/// How much is left to a container.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Strictness {
    /// As much as the runtimes' own default profiles leave, without their holes.
    Familiar,
    /// Everything may be read and every program of the image started; written is where the pod lets it.
    #[default]
    Careful,
    /// What the pod names, and what every program needs.
    Tight,
}

/// The oldest feature set that the node has to know.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Features {
    /// AppArmor 3.0: every node of today.
    #[default]
    V3,
    /// AppArmor 4.0, which can also refuse user namespaces.
    V4,
}

/// What a profile is wanted for.
#[derive(Clone, Debug)]
pub struct Wish<'w> {
    /// What the pod says.
    pub facts: &'w Facts,
    /// How much is left to the container.
    pub strictness: Strictness,
    /// Whether it only logs what it would refuse, to learn what is missing.
    pub complain: bool,
    /// The oldest feature set that the node has to know.
    pub features: Features,
    /// What the user adds.
    pub needs: &'w [Need],
}

/// A profile that was made.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Made {
    /// Its name.
    pub name: String,
    /// The file that holds it.
    pub text: String,
    /// What was asked for and is not in it.
    pub left_out: Vec<LeftOut>,
}

/// Something that was asked for and is not in the profile.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LeftOut {
    /// The rule or the path.
    pub what: String,
    /// Why, as a sentence.
    pub why: String,
}

/// Makes a profile.
pub fn make(wish: &Wish<'_>) -> Made {
    let mut draft = profile::draft(wish);
    let mut left_out = std::mem::take(&mut draft.left_out);
    let text = prune::prune(&mut draft, &mut left_out);
    Made { name: wish.facts.profile.clone(), text, left_out }
}

#[cfg(test)]
mod tests;
