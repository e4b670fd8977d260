//! Texts made from those in the tabs.

mod apparmor;
mod seccomp;

use yew::prelude::*;

use crate::hooks::Page;
use crate::language::say;

/// A part for each kind of text that can be made.
#[inline(never)]
pub(crate) fn generate(page: &Page) -> Html {
    if page.state.report().is_none() {
        return html! { <p class="empty">{ say("The engine is on its way.") }</p> };
    }
    html! {
        <>
            if page.state.has_apparmor() {
                { apparmor::panel(page) }
            } else {
                <p class="empty">
                    { say("Paste a pod, a command line or a service, and a profile is made for its containers.") }
                </p>
            }
            { seccomp::panel(page) }
        </>
    }
}
