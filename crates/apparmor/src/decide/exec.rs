//! Under which profile a started program runs.

use std::collections::HashMap;
use std::rc::Rc;

use crate::glob::Glob;
use crate::policy::{Policy, Profile};
use crate::tree::ExecMode;

/// What an exec rule asks for.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Transition {
    pub(super) mode: ExecMode,
    /// Whether the environment is scrubbed.
    pub(super) scrub: bool,
    /// `-> name`
    pub(super) target: Option<String>,
}

/// Under which profile a started program runs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Next {
    /// The same as before.
    Same,
    /// That one, by its full name.
    Profile(String),
    /// None.
    Unconfined,
    /// A profile that the given text does not hold. Where the node has it, it is used.
    NotGiven {
        /// The name asked for; `None` when it is looked up by the program's path.
        name: Option<String>,
        /// What happens where the node does not have it: `None` means that the start is refused.
        otherwise: Option<Box<Self>>,
    },
}

/// What the exec rules of a profile ask for, each once.
#[derive(Default, Debug)]
pub(super) struct Transitions {
    list: Vec<Rc<Transition>>,
    places: HashMap<Rc<Transition>, u32>,
}

impl Transitions {
    pub(super) fn get(&self, id: u32) -> Option<&Transition> {
        self.list.get(id as usize).map(|transition| &**transition)
    }

    /// A number that is equal for equal ones.
    pub(super) fn intern(&mut self, wanted: Transition) -> u32 {
        let next = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        let wanted = Rc::new(wanted);
        let place = *self.places.entry(Rc::clone(&wanted)).or_insert(next);
        if place == next {
            self.list.push(wanted);
        }
        place
    }
}

impl Transition {
    /// Whether the program may end up under the same profile.
    pub(super) fn may_inherit(&self) -> bool {
        matches!(self.mode, ExecMode::Inherit | ExecMode::ProfileInherit | ExecMode::ChildInherit)
    }

    /// The profile that a program at `path` gets when `profile` starts it.
    pub(super) fn next(&self, policy: &Policy, profile: &Profile, path: &str) -> Next {
        let otherwise = match self.mode {
            ExecMode::Inherit | ExecMode::Any => return Next::Same,
            ExecMode::Unconfined => return Next::Unconfined,
            ExecMode::Profile | ExecMode::Child => None,
            ExecMode::ProfileInherit | ExecMode::ChildInherit => Some(Box::new(Next::Same)),
            ExecMode::ProfileUnconfined | ExecMode::ChildUnconfined => Some(Box::new(Next::Unconfined)),
        };
        let child = matches!(self.mode, ExecMode::Child | ExecMode::ChildInherit | ExecMode::ChildUnconfined);
        let candidates = if child { &profile.children } else { &policy.profiles };
        let found = match &self.target {
            Some(name) => candidates.iter().find(|candidate| candidate.name == *name || candidate.full_name == *name),
            None => attached(candidates, path),
        };
        // What is not among the children is nowhere: children are loaded with their parent.
        match (found, child, otherwise) {
            (Some(profile), ..) => Next::Profile(profile.full_name.clone()),
            (None, true, Some(otherwise)) => *otherwise,
            (None, _, otherwise) => Next::NotGiven { name: self.target.clone(), otherwise },
        }
    }
}

/// The profile that attaches to a program by itself: an exact name or attachment wins, then the longest literal start.
fn attached<'p>(candidates: &'p [Profile], path: &str) -> Option<&'p Profile> {
    let mut best: Option<(bool, usize, &Profile)> = None;
    for candidate in candidates.iter().filter(|candidate| !candidate.hat) {
        let pattern = candidate.attachment.as_ref().unwrap_or(&candidate.name);
        let Ok(glob) = Glob::path(pattern.as_bytes()) else { continue };
        if !glob.matches(path.as_bytes()) {
            continue;
        }
        let rank = (glob.as_literal().is_some(), glob.prefix().len());
        if best.is_none_or(|(exact, length, _)| (exact, length) < rank) {
            best = Some((rank.0, rank.1, candidate));
        }
    }
    best.map(|(.., profile)| profile)
}
