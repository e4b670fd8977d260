use yew::prelude::*;

use super::icon::Icon;
use crate::browser;
use crate::hooks::use_page;
use crate::state::{Engine, Trouble};
use crate::words::count;

/// What the page has sent, and how the engine is.
#[component]
pub(crate) fn Footer() -> Html {
    let page = use_page();
    let state = &page.state;
    let engine = match (&state.engine, &state.trouble) {
        (Engine::Failed { .. }, _) => "The engine is not there".to_owned(),
        (Engine::Loading, _) => "The engine is loading".to_owned(),
        (Engine::Ready { .. }, Some(Trouble::TooSlow { .. } | Trouble::Stopped { .. })) => {
            "Results of an older text".to_owned()
        }
        (Engine::Ready { version }, None) if state.is_fresh() => format!("Up to date, engine {version}"),
        (Engine::Ready { .. }, None) => "Reading your text".to_owned(),
    };
    html! {
        <footer class="foot">
            <details class="sent">
                <summary>{ Icon::Lock.draw() }{ "Sent since this page was loaded: nothing" }</summary>
                <div class="sent-more"><Sent /></div>
            </details>
            <span class={if state.is_fresh() { "foot-engine" } else { "foot-engine foot-busy" }}>{ engine }</span>
        </footer>
    }
}

#[component]
fn Sent() -> Html {
    // Drawn anew with the footer, so the figures are those of now.
    let _ = use_page();
    let figures = match browser::requests() {
        Some((all, 0)) => format!(
            "Since it was loaded it has made {}, each for one of its own files.",
            count(all as usize, "request")
        ),
        Some((all, elsewhere)) => format!(
            "Since it was loaded it has made {}, {elsewhere} of them to other addresses: something in your browser, such as an \
             extension, has added to this page.",
            count(all as usize, "request")
        ),
        None => "This browser does not say which requests a page has made.".to_owned(),
    };
    html! {
        <>
            <p>{ figures }</p>
            <p>
                { "Your text is analysed in this tab. The page's content policy lets it connect to its own address only, it has no \
                   part that sends anything, and nothing of a third party is in it. Files are kept in this browser only if \
                   you ask for that in the settings." }
            </p>
        </>
    }
}
