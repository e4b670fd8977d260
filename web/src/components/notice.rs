use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::icon::Icon;
use crate::hooks::use_page;
use crate::language::say;
use crate::state::Action;

/// How long a message stays, in milliseconds; one that can be undone stays until it is closed or the next comes.
const STAYS: u32 = 8_000;

/// A short message on what was just done.
#[component]
pub(crate) fn NoticeBar() -> Html {
    let page = use_page();
    let notice = page.state.notice.clone();
    {
        let act = page.act.clone();
        let passing = notice.as_ref().filter(|notice| notice.undo.is_none()).map(|notice| notice.number);
        use_effect_with(passing, move |passing| {
            let timer = passing.map(|number| Timeout::new(STAYS, move || act.emit(Action::CloseNotice(number))));
            move || drop(timer)
        });
    }
    html! {
        <div class="notices" role="status">
            if let Some(notice) = notice {
                <div class="notice">
                    <span>{ &notice.text }</span>
                    if notice.undo.is_some() {
                        <button type="button" class="button" onclick={page.on(Action::Undo)}>{ say("Undo") }</button>
                    }
                    <button type="button" class="notice-close" aria-label={say("Close the message")}
                        onclick={page.on(Action::CloseNotice(notice.number))}>{ Icon::Close.draw() }</button>
                </div>
            }
        </div>
    }
}
