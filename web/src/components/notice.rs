use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::icon::Icon;
use crate::browser;
use crate::hooks::Page;
use crate::language::say;
use crate::state::{Action, Notice};

/// How long a message stays, in milliseconds; one that can be undone stays until it is closed.
const STAYS: u32 = 8_000;

/// Closes the message that passes after a while.
#[hook]
pub(crate) fn use_passing_notice(page: &Page) {
    let act = page.act.clone();
    let passing = page.state.passing().map(|notice| notice.number);
    use_effect_with(passing, move |passing| {
        let close = move |number| {
            let has_focus = browser::has_focus(&close_id(number));
            act.emit(Action::CloseNotice { number, has_focus });
        };
        let timer = passing.map(|number| Timeout::new(STAYS, move || close(number)));
        move || drop(timer)
    });
}

/// Short messages on what was done.
pub(crate) fn notice_bar(page: &Page) -> Html {
    // What is told anew is read alone, not what stands beside it once more.
    html! {
        <div class="notices" role="status" aria-atomic="false">
            if let Some(notice) = page.state.offered() {
                { bar(page, notice) }
            }
            if let Some(notice) = page.state.passing() {
                { bar(page, notice) }
            }
        </div>
    }
}

/// Part of the late program: a page opens without any.
#[inline(never)]
fn bar(page: &Page, notice: &Notice) -> Html {
    let number = notice.number;
    html! {
        <div class={if notice.past { "notice past" } else { "notice" }}>
            <span>{ &notice.text }</span>
            if notice.undo.is_some() {
                <button type="button" class="button" id="undo" onclick={page.on(Action::Undo)}>{ say("Undo") }</button>
            }
            <button type="button" class="notice-close" id={close_id(number)} aria-label={say("Close the message")}
                onclick={page.on(Action::CloseNotice { number, has_focus: true })}>{ Icon::Close.draw() }</button>
        </div>
    }
}

/// The id of the button that closes a message.
fn close_id(number: u32) -> String {
    format!("notice-{number}")
}
