use wasm_bindgen::JsCast;
use watertight_diagnostic::Settings;
use web_sys::{HtmlDialogElement, HtmlInputElement};
use yew::prelude::*;

use super::app::{focus_soon, target};
use super::icon::Icon;
use crate::browser;
use crate::hooks::Page;
use crate::language::say;
use crate::preferences::{EditorKind, Language, Theme};
use crate::state::Action;

const DIALOG: &str = "settings";

/// Opens and closes the dialog as the state says.
#[hook]
pub(crate) fn use_settings_dialog(page: &Page) {
    use_effect_with(page.state.settings_open, |open| {
        let Some(dialog) = browser::element(DIALOG).and_then(|element| element.dyn_into::<HtmlDialogElement>().ok())
        else {
            return;
        };
        if *open && !dialog.open() {
            // Fails only for a dialog that is open or not in the page.
            let _ = dialog.show_modal();
        } else if !*open && dialog.open() {
            dialog.close();
        }
    });
}

/// How the page is to be.
pub(crate) fn settings_dialog(page: &Page) -> Html {
    let closed = {
        let act = page.act.clone();
        Callback::from(move |_: Event| {
            act.emit(Action::OpenSettings(false));
            focus_soon("open-settings".to_owned());
        })
    };
    html! {
        <dialog id={DIALOG} class="dialog" aria-labelledby="settings-title" onclose={closed}>
            // A closed dialog is not drawn at every change of the page.
            if page.state.settings_open {
                { choices(page) }
            }
        </dialog>
    }
}

/// What there is to choose.
fn choices(page: &Page) -> Html {
    let liked = page.state.preferences;
    let radio = |name: &'static str, label: &'static str, about: &'static str, checked: bool, action: Action| {
        html! {
            <label class="choice">
                <input type="radio" {name} {checked} onchange={page.on(action)} />
                <span>{ label }<small>{ about }</small></span>
            </label>
        }
    };
    let check = |id: &'static str,
                 label: &'static str,
                 about: &'static str,
                 checked: bool,
                 make: Box<dyn Fn(bool) -> Action>| {
        let act = page.act.clone();
        let change = Callback::from(move |event: Event| {
            let checked = target::<HtmlInputElement>(&event).is_some_and(|input| input.checked());
            act.emit(make(checked));
        });
        html! {
            <label class="choice">
                <input type="checkbox" {id} {checked} onchange={change} />
                <span>{ label }<small>{ about }</small></span>
            </label>
        }
    };
    let settings = page.state.settings;
    html! {
        <>
            <div class="dialog-head">
                <h2 id="settings-title">{ say("Settings") }</h2>
                <button type="button" class="button quiet-button" aria-label={say("Close the settings")}
                    onclick={page.on(Action::OpenSettings(false))}>{ Icon::Close.draw() }</button>
            </div>
            <fieldset>
                <legend>{ say("Hardening") }</legend>
                { check("writable-tmp", say("A writable /tmp"),
                    say("Beside a read-only root file system, hardening adds an empty volume on /tmp, which most programs need."),
                    settings.writable_tmp,
                    Box::new(move |writable_tmp| Action::Settings(Settings { writable_tmp, ..settings }))) }
            </fieldset>
            <fieldset>
                <legend>{ say("Editor") }</legend>
                { radio("editor", say("With colours and underlines"), say("Quick fixes with Ctrl or Cmd and full stop, next finding with F8."),
                    liked.editor == EditorKind::Rich, Action::Editor(EditorKind::Rich)) }
                { radio("editor", say("Plain text field"), say("The browser's own: for phones, screen readers, and those who like it."),
                    liked.editor == EditorKind::Plain, Action::Editor(EditorKind::Plain)) }
            </fieldset>
            <fieldset>
                <legend>{ say("Appearance") }</legend>
                <div class="row">
                    { radio("theme", say("As the system"), "", liked.theme == Theme::System, Action::Theme(Theme::System)) }
                    { radio("theme", say("Light"), "", liked.theme == Theme::Light, Action::Theme(Theme::Light)) }
                    { radio("theme", say("Dark"), "", liked.theme == Theme::Dark, Action::Theme(Theme::Dark)) }
                </div>
            </fieldset>
            <fieldset>
                <legend>{ say("Language") }</legend>
                <div class="row">
                    { radio("language", say("As the browser"), "", liked.language == Language::System, Action::Language(Language::System)) }
                    { radio("language", "English", "", liked.language == Language::En, Action::Language(Language::En)) }
                    { radio("language", "Deutsch", "", liked.language == Language::De, Action::Language(Language::De)) }
                </div>
                <small class="muted">{ say("What the engine says, findings and lessons, is English.") }</small>
            </fieldset>
            <fieldset>
                <legend>{ say("Privacy") }</legend>
                { check("remember", say("Remember my files in this browser"),
                    say("Off unless you turn it on. Then the open files are kept on this device until you turn it off again; they \
                     are never sent."),
                    liked.remember, Box::new(Action::Remember)) }
                <button type="button" class="button" data-tool="forget">{ say("Forget everything") }</button>
                <small class="muted">
                    { " " }{ say("Removes settings, remembered files, progress and the offline copy from this browser.") }
                </small>
            </fieldset>
        </>
    }
}
