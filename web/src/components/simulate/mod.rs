//! What the texts would do, tried before they do it.

pub(crate) mod apparmor;
mod falco;
mod seccomp;

use yew::prelude::*;

use crate::hooks::Page;
use crate::language::say;

/// A part for each kind of text in the tabs that can be tried.
#[inline(never)]
pub(crate) fn simulate(page: &Page) -> Html {
    if page.state.report().is_none() {
        return html! { <p class="empty">{ say("The engine is on its way.") }</p> };
    }
    let (apparmor, seccomp) = (page.state.has_apparmor(), page.state.has_seccomp());
    let waits = apparmor && page.state.apparmor.decided.is_none() || seccomp && page.state.seccomp.decided.is_none();
    html! {
        <>
        if waits {
            <p class="empty">{ say("The profile is being asked.") }</p>
        }
        if apparmor {
            { apparmor::panel(page) }
        }
        if seccomp {
            { seccomp::panel(page) }
        }
        if page.state.has_falco() {
            { falco::panel(page) }
        } else if !apparmor && !seccomp {
            <p class="empty">
                { say("Nothing in your tabs can be tried. Paste a seccomp profile, an AppArmor profile or a pod to ask what it may do, or Falco rules to see which of them fire on an event, and which ways out \
                   nothing would see; the menu of examples has some.") }
            </p>
        }
        </>
    }
}
