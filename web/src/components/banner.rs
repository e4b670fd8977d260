use yew::prelude::*;

use super::diff_view::DiffView;
use super::icon::Icon;
use crate::hooks::{Page, Shared};
use crate::language::{say, say_with};
use crate::state::{Action, Engine};
use crate::words;

/// What has to be said about the text as a whole.
#[inline(never)]
pub(crate) fn banners(page: &Page) -> Html {
    let state = &page.state;
    let restored = state
        .restored
        .as_ref()
        .filter(|restored| !restored.dismissed && restored.text.is_some() && restored.key == state.active);
    html! {
        <>
            if let Some(trouble) = &state.trouble {
                <div class="banner banner-bad" role="alert">
                    { Icon::Warning.draw() }
                    <div class="banner-body">
                        <p>{ words::trouble(trouble) }</p>
                        <button type="button" class="button" onclick={page.on(Action::TryAgain)}>
                            { say("Try again with more time") }
                        </button>
                    </div>
                </div>
            }
            if let Engine::Failed { reason } = &state.engine {
                <div class="banner banner-bad" role="alert">
                    { Icon::Warning.draw() }
                    <div class="banner-body">
                        <p>{ say_with("The analysis could not be started: {reason}. You can go on editing; nothing is lost.", &[("reason", reason)]) }</p>
                        <button type="button" class="button" onclick={page.on(Action::TryAgain)}>{ say("Try again") }</button>
                    </div>
                </div>
            }
            if let Some(restored) = restored {
                <div class="banner banner-hint" role="region" aria-label={say("Lost indentation")}>
                    { Icon::Info.draw() }
                    <div class="banner-body">
                        <p>
                            <strong>{ say("This text has lost its indentation.") }</strong>
                            { " " }{ say("It would be refused as it stands. Its structure can be restored from what is expected there.") }
                        </p>
                        <div class="row">
                            <button type="button" class="button primary" onclick={page.on(Action::ApplyRestored)}>
                                { say("Restore the indentation") }
                            </button>
                            <button type="button" class="button" aria-expanded={restored.shown.to_string()}
                                onclick={page.on(Action::ShowRestored)}>
                                { if restored.shown { say("Hide the difference") } else { say("Show the difference") } }
                            </button>
                            <button type="button" class="button quiet-button" onclick={page.on(Action::DismissRestored)}>
                                { say("Leave it") }
                            </button>
                        </div>
                        if restored.shown {
                            <DiffView rows={Shared(restored.rows.clone())} label={say("Restored indentation")} split={false} />
                        }
                    </div>
                </div>
            }
        </>
    }
}
