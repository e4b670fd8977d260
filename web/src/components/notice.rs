use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::icon::Icon;
use crate::hooks::Page;
use crate::language::say;
use crate::state::Action;

/// How long a message stays, in milliseconds; one that can be undone stays until it is closed or the next comes.
const STAYS: u32 = 8_000;

/// Closes the message that is shown after a while.
#[hook]
pub(crate) fn use_passing_notice(page: &Page) {
    let act = page.act.clone();
    let passing = page.state.notice.as_ref().filter(|notice| notice.undo.is_none()).map(|notice| notice.number);
    use_effect_with(passing, move |passing| {
        let timer = passing.map(|number| Timeout::new(STAYS, move || act.emit(Action::CloseNotice(number))));
        move || drop(timer)
    });
}

/// A short message on what was just done.
pub(crate) fn notice_bar(page: &Page) -> Html {
    html! {
        <div class="notices" role="status">
            if let Some(notice) = &page.state.notice {
                <div class="notice">
                    <span>{ &notice.text }</span>
                    if notice.undo.is_some() {
                        <button type="button" class="button" id="undo" onclick={page.on(Action::Undo)}>{ say("Undo") }</button>
                    }
                    <button type="button" class="notice-close" aria-label={say("Close the message")}
                        onclick={page.on(Action::DismissNotice)}>{ Icon::Close.draw() }</button>
                </div>
            }
        </div>
    }
}
