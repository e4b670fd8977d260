//! What the panels of seccomp have in common: choosing a profile, and who has the capabilities that it depends on.

use watertight_diagnostic::Runtime;
use watertight_diagnostic::ask::seccomp::{Choices, Chosen, Holder};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::app::target;
use super::prose;
use crate::hooks::Page;
use crate::language::{engine, say, say_with};
use crate::state::{Action, SeccompAct as Act, SeccompSlot as Slot};

/// A choice among the profiles of the files and those of the runtimes, with the version of the runtime. `asked` is what
/// somebody chose, `read` what it came to.
pub(super) fn profile(
    page: &Page,
    label: &'static str,
    slot: Slot,
    choices: &Choices,
    asked: &Chosen,
    read: &Chosen,
) -> Html {
    let runtime = Runtime::ALL.iter().position(|runtime| Some(*runtime) == asked.runtime.or(read.runtime));
    let chosen = runtime.map(|at| choices.profiles.len() + at).or(read.profile);
    let defaults: Vec<String> = Runtime::ALL
        .iter()
        .map(|runtime| say_with("RuntimeDefault of {runtime}", &[("runtime", &runtime.name())]))
        .collect();
    let version = if asked.runtime.is_some() { &asked.version } else { &read.version };
    html! {
        <>
            <label class="field">
                <span>{ label }</span>
                <select onchange={choose(page, move |at| Act::Profile(slot, at))}>
                    { options(choices.profiles.iter().chain(&defaults).map(String::as_str), chosen) }
                </select>
            </label>
            if let Some(runtime) = runtime.and_then(|at| Runtime::ALL.get(at)) {
                <label class="field seccomp-version">
                    <span>{ say_with("Version of {runtime}", &[("runtime", &runtime.name())]) }</span>
                    <input type="text" inputmode="decimal" spellcheck="false" autocomplete="off" placeholder={say("any")}
                        value={version.clone()} oninput={typed(page, move |text| Act::Version(slot, text))} />
                </label>
            }
        </>
    }
}

/// A choice of who has the capabilities; `made` where a profile is made.
pub(super) fn holder(page: &Page, made: bool, choices: &Choices, holder: &Holder) -> Html {
    let chosen = match (holder.container, &holder.caps) {
        (Some(at), _) => at + 2,
        (None, Some(_)) => 1,
        (None, None) => 0,
    };
    let fixed = [say("those that the runtime grants"), say("those I list")];
    let containers = choices.containers.iter().map(String::as_str);
    html! {
        <>
            <label class="field">
                <span>{ say("Capabilities of the container") }</span>
                <select onchange={choose(page, move |at| Act::Holder(made, at))}>
                    { options(fixed.into_iter().chain(containers), Some(chosen)) }
                </select>
            </label>
            if let Some(caps) = &holder.caps {
                <label class="field grow">
                    <span>{ say("Capabilities, with blanks between them") }</span>
                    <input type="text" spellcheck="false" autocomplete="off" autocapitalize="characters" placeholder="NET_RAW"
                        value={caps.clone()} oninput={typed(page, move |text| Act::Caps(made, text))} />
                </label>
            }
        </>
    }
}

/// What the engine has to say beforehand.
pub(super) fn notes(notes: &[String]) -> Html {
    html! { { for notes.iter().map(|note| html! { <p class="muted" lang={engine()}>{ prose(note) }</p> }) } }
}

/// The choices of a list by their places.
pub(super) fn options<'a>(names: impl Iterator<Item = &'a str>, chosen: Option<usize>) -> Html {
    let option = |(at, name): (usize, &'a str)| {
        html! { <option value={at.to_string()} selected={chosen == Some(at)}>{ name }</option> }
    };
    html! { { for names.enumerate().map(option) } }
}

/// What a choice by place does.
pub(super) fn choose(page: &Page, act: impl Fn(usize) -> Act + 'static) -> Callback<Event> {
    let page = page.clone();
    Callback::from(move |event: Event| {
        let chosen = target::<HtmlSelectElement>(&event).and_then(|select| select.value().parse().ok());
        if let Some(chosen) = chosen {
            page.port.flush();
            page.act.emit(Action::Seccomp(act(chosen)));
        }
    })
}

/// What writing into a field does.
pub(super) fn typed(page: &Page, act: impl Fn(String) -> Act + 'static) -> Callback<InputEvent> {
    let page = page.clone();
    Callback::from(move |event: InputEvent| {
        if let Some(input) = target::<HtmlInputElement>(&event) {
            page.act.emit(Action::Seccomp(act(input.value())));
        }
    })
}
