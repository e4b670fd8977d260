use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::app::{open_files, target};
use super::icon::{Icon, turn};
use crate::browser;
use crate::hooks::Page;
use crate::language::say;
use crate::state::{Action, LessonAct};

/// What files are chosen with; a button stands for it.
const INPUT: &str = "open-input";

/// The name of the house, and what can be brought into it.
pub(crate) fn header(page: &Page) -> Html {
    let choose = Callback::from(|_| {
        if let Some(input) = browser::element(INPUT) {
            input.click();
        }
    });
    let chosen = {
        let act = page.act.clone();
        Callback::from(move |event: Event| {
            let Some(input) = target::<HtmlInputElement>(&event) else { return };
            if let Some(files) = input.files() {
                open_files(files, act.clone());
            }
        })
    };
    // The same file may be chosen again.
    let forget = Callback::from(|event: MouseEvent| {
        if let Some(input) = target::<HtmlInputElement>(&event) {
            input.set_value("");
        }
    });
    html! {
        <header class="bar">
            <h1 class="brand">
                <img class="brand-mark" src={mark()} alt="" width="26" height="26" />
                <span class="brand-name">{ "Watertight" }</span>
            </h1>
            <p class="brand-question">{ say("Can what is inside this container get out?") }</p>
            <div class="bar-actions">
                <button type="button" class="button quiet-button" data-tool="examples" aria-haspopup="dialog">
                    { say("Examples") }{ turn() }
                </button>
                <button type="button" class="button quiet-button" onclick={page.on(Action::Lesson(LessonAct::Open(None)))}>
                    { say("Lessons") }
                </button>
                <button type="button" class="button quiet-button" onclick={choose}>
                    { Icon::File.draw() }<span class="wide-only">{ say("Open files") }</span><span class="narrow-only">{ say("Open …") }</span>
                </button>
                <input id={INPUT} class="unseen" type="file" multiple=true tabindex="-1" aria-hidden="true"
                    onclick={forget} onchange={chosen} />
                <button type="button" class="button quiet-button" data-tool="share" aria-haspopup="dialog">
                    { Icon::Share.draw() }<span class="wide-only">{ say("Share or save") }</span><span class="narrow-only">{ say("Share") }</span>
                </button>
                <button type="button" class="button quiet-button" id="open-settings" aria-haspopup="dialog"
                    onclick={page.on(Action::OpenSettings(true))}>
                    { Icon::Gear.draw() }<span class="wide-only">{ say("Settings") }</span><span class="narrow-unseen">{ say("Settings") }</span>
                </button>
            </div>
        </header>
    }
}

/// The address of the sign, which the build gives a name of its own: the page's icon has it.
fn mark() -> String {
    let icon = crate::browser::document().and_then(|document| document.query_selector("link[rel=icon]").ok()?);
    icon.and_then(|icon| icon.get_attribute("href")).unwrap_or_default()
}
