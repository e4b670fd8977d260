use yew::prelude::*;

use super::icon::Icon;
use crate::hooks::Page;
use crate::language::{say, say_with};
use crate::state::{Engine, Trouble};

/// What the page has sent, and how the engine is.
pub(crate) fn footer(page: &Page) -> Html {
    let state = &page.state;
    let engine = match (&state.engine, &state.trouble) {
        (Engine::Failed { .. }, _) => say("The engine is not there").to_owned(),
        (Engine::Loading, _) => say("The engine is loading").to_owned(),
        (Engine::Ready { .. }, Some(Trouble::TooSlow { .. } | Trouble::Stopped { .. })) => {
            say("Results of an older text").to_owned()
        }
        (Engine::Ready { version }, None) if state.is_settled() => {
            say_with("Up to date, engine {version}", &[("version", version)])
        }
        (Engine::Ready { .. }, None) => say("Reading your text").to_owned(),
    };
    let version = match &state.engine {
        Engine::Ready { version } => Some(version.clone()),
        Engine::Failed { .. } | Engine::Loading => None,
    };
    html! {
        <footer class="foot">
            <details class="sent">
                // The page's start script counts, and writes the figure here.
                <summary>{ Icon::Lock.draw() }<span id="requests">{ say("Loading the page's own files") }</span></summary>
                <div class="sent-more">
                    <p>
                        { say("Your text is analysed in this tab. The page's content policy lets it connect to its own address only, \
                           it has no part that sends anything, and nothing of a third party is in it. Files are kept in this \
                           browser only if you ask for that in the settings.") }{ " " }
                        <a href="privacy.html">{ say("How to check that yourself") }</a>
                    </p>
                </div>
            </details>
            <button type="button" class="button small quiet-button" data-tool="palette" aria-haspopup="dialog"
                aria-keyshortcuts="Control+K Meta+K">{ say("Commands") }<kbd class="wide-only">{ "Ctrl K" }</kbd></button>
            <span class={if state.is_settled() { "foot-engine" } else { "foot-engine foot-busy" }} data-engine={version}>{ engine }</span>
        </footer>
    }
}
