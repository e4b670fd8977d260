//! What is known of a container, term by term: three values, the reason, the line.

mod capabilities;
mod identity;
mod node;
mod paths;
mod pod;
mod profiles;
mod user;

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
use std::rc::Rc;

use watertight_diagnostic::Route;
use watertight_pod::effective::{Effective, Origin};
use watertight_pod::{Field, Site};
use watertight_text::Span;

use crate::judge::Answer;
use crate::known::{Evidence, Known, Truth};
use crate::technique::{self, Term};
use crate::world::World;

pub(crate) use capabilities::holds as holds_capability;
pub(crate) use node::sandboxed;
pub(crate) use paths::{HostMount, brings, host_mounts};
pub(crate) use pod::escalation as may_escalate;
pub use profiles::DANGEROUS;
pub(crate) use user::{counts_as_root, is_root};

/// A world with what is asked of it again and again.
pub(crate) struct Facts<'a, 'w> {
    pub(crate) world: &'w World<'a>,
    pub(crate) mounts: Cow<'w, [HostMount<'a>]>,
    /// The facts of the container as it is, where it is looked at as if a set-user-id program had made it root.
    pub(crate) before: Option<&'w Self>,
    /// Whether somebody asked who it runs as since this was last reset: only such answers change with the user.
    pub(crate) asked_user: Cell<bool>,
    /// What was asked before, by the number of the question: most ways ask the same.
    pub(crate) answered: Vec<OnceCell<Rc<Answer>>>,
}

impl<'a, 'w> Facts<'a, 'w> {
    pub(crate) fn new(world: &'w World<'a>) -> Self {
        Self::of(world, Cow::Owned(host_mounts(world)), None)
    }

    /// The same as if a set-user-id program had made it root.
    pub(crate) fn raised(&'w self) -> Self {
        Self::of(self.world, Cow::Borrowed(&self.mounts), Some(self))
    }

    fn of(world: &'w World<'a>, mounts: Cow<'w, [HostMount<'a>]>, before: Option<&'w Self>) -> Self {
        let answered = vec![OnceCell::new(); technique::questions()];
        Self { world, mounts, before, asked_user: Cell::new(false), answered }
    }

    /// Whether a sandbox stands between, in which another kernel answers.
    pub(crate) fn sandboxed(&self) -> Truth {
        !node::outside(self, "gvisor kata").truth
    }

    /// Whether a term holds.
    pub(crate) fn term(&self, term: Term) -> Known {
        let known = self.plain(term);
        if term.negated { known.negated() } else { known }
    }

    fn plain(&self, term: Term) -> Known {
        match term.name {
            "root" => is_root(self),
            "uid0" if term.negated => is_root(self),
            "uid0" => user::counts_as_root(self),
            "may-be-root" => user::may_be_root(self),
            "usual-rights" => capabilities::usual(self),
            "cap" => holds_capability(self, term.value),
            "userns" if term.value == "unmapped" => node::owns_unmapped(self),
            "userns" => node::is_host_root(self),
            "files" => node::owns_files(self),
            "call" => profiles::call(self, term.value),
            "lsm" => profiles::lsm(self, term.value),
            "lsm-cap" => profiles::lsm_capability(self, term.value),
            "node" => node::setting(self, term.value),
            "sandbox" => node::outside(self, term.value),
            "cgroupns" => node::own_cgroups(self.world),
            "rootful" => node::rootful(self.world),
            "kata" => sandboxed(self.world, watertight_knowledge::sandbox::Sandbox::Kata),
            "read" | "write" => paths::reaches(self, term),
            "device" => paths::device(self, term.value),
            "token" | "rbac" | "group" | "member" | "no-egress-policy" => identity::term(self, term),
            "seccomp-off" => profiles::seccomp_off(self),
            "apparmor-off" => profiles::apparmor_off(self),
            "selinux-off" => profiles::selinux_off(self),
            _ => pod::term(self.world, term.name),
        }
    }
}

/// The line of a span in the pod's own file.
pub(crate) fn here(span: Span, route: Option<Route>) -> Evidence {
    Evidence { file: None, span, route }
}

/// A switch of the pod: true is what is dangerous.
pub(crate) fn switch(field: &Field<bool>, name: &str, route: Route) -> Known {
    match field {
        Field::Set(value, site) => Known::new(*value, [name, if *value { " is true" } else { " is false" }].concat())
            .at([here(site.whole(), Some(route))]),
        Field::Unreadable(site) => unreadable(name, *site, route),
        Field::Absent | Field::Null(_) => Known::new(false, [name, " is not set"].concat()),
    }
}

pub(crate) fn unreadable(name: &str, site: Site, route: Route) -> Known {
    Known::unknown([name, " cannot be read"].concat(), "Write a plain value there, or render the template first.")
        .at([here(site.whole(), Some(route))])
}

/// The line that an effective value comes from.
pub(crate) fn origin<T>(effective: &Effective<T>) -> Option<Evidence> {
    match effective.origin {
        Origin::Container(span) | Origin::Pod(span) | Origin::Annotation(span) | Origin::ServiceAccount(span) => {
            Some(here(span, None))
        }
        Origin::ApiDefault | Origin::RuntimeDefault => None,
    }
}

/// The truth of an effective switch.
pub(crate) fn truth(effective: &Effective<bool>) -> Truth {
    Truth::from(effective.value)
}
