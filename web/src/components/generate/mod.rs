//! Texts made from those in the tabs.

mod apparmor;

use yew::prelude::*;

use crate::hooks::use_page;
use crate::language::say;

/// A part for each kind of text that can be made.
#[component]
pub(crate) fn Generate() -> Html {
    let page = use_page();
    if page.state.report().is_none() {
        return html! { <p class="empty">{ say("The engine is on its way.") }</p> };
    }
    if !page.state.has_apparmor() {
        return html! {
            <p class="empty">
                { say("Paste a pod, a command line or a service, and a profile is made for its containers.") }
            </p>
        };
    }
    apparmor::panel(&page)
}
