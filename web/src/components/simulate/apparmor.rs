//! A profile asked about operations: what it decides, and which rule decides.

use watertight_diagnostic::ask::apparmor::{Answered, Decided, Outcome};
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use crate::components::app::target;
use crate::components::{prose, turn};
use crate::hooks::Page;
use crate::language::{engine, say, say_with};
use crate::state::{APPARMOR_KINDS, Action, ApparmorAct as Act};
use crate::words;

/// The panel; nothing while the engine is being asked.
pub(crate) fn panel(page: &Page) -> Html {
    let own = &page.state.apparmor;
    let Some((_, _, decided)) = &own.decided else { return Html::default() };
    let kind = APPARMOR_KINDS.get(own.kind);
    html! {
        <section class="apparmor" aria-labelledby="apparmor-title">
            <h2 id="apparmor-title" class="panel-title">{ say("Ask an AppArmor profile") }</h2>
            <label class="field">
                <span>{ say("Profile") }</span>
                <select id="apparmor-profile" onchange={choose(page, Act::Profile)}>
                    { for decided.profiles.iter().enumerate().map(|(at, name)| html! {
                        <option value={at.to_string()} selected={decided.profile == Some(at)}>{ name }</option>
                    }) }
                </select>
            </label>
            { for decided.notes.iter().map(|note| html! { <p class="muted" lang={engine()}>{ prose(note) }</p> }) }
            <div class="apparmor-ask">
                <label class="field">
                    <span>{ say("The program wants to") }</span>
                    <select id="apparmor-kind" onchange={choose(page, Act::Kind)}>
                        { for APPARMOR_KINDS.iter().enumerate().map(|(at, kind)| html! {
                            <option value={at.to_string()} selected={own.kind == at}>{ say(kind.label) }</option>
                        }) }
                    </select>
                </label>
                <label class="field grow">
                    <span>{ kind.map_or("", |kind| say(kind.about)) }</span>
                    <input id="apparmor-what" type="text" spellcheck="false" autocomplete="off" value={own.what.clone()}
                        oninput={typed(page, Act::What)} onkeydown={enter(page)} />
                </label>
                if kind.is_some_and(|kind| kind.owned) {
                    <label class="field">
                        <span>{ say("The file belongs to") }</span>
                        <select onchange={choose(page, |at| Act::Other(at == 1))}>
                            <option value="0" selected={!own.other}>{ say("the program's user") }</option>
                            <option value="1" selected={own.other}>{ say("somebody else") }</option>
                        </select>
                    </label>
                }
                <button type="button" class="button primary" onclick={page.on(Action::Apparmor(Act::Ask))}>{ say("Ask") }</button>
            </div>
            { answers(page, decided) }
            <details class="apparmor-table">
                <summary>{ turn() }{ say("All operations as a table") }</summary>
                <label class="field">
                    <span>{ say("One a line; lines of the audit log are understood, too. With allow, deny or unknown in front the \
                             answer is held against that.") }</span>
                    <textarea rows="10" spellcheck="false" value={own.lines.clone()} oninput={written(page, Act::Lines)} />
                </label>
            </details>
        </section>
    }
}

fn answers(page: &Page, decided: &Decided) -> Html {
    html! {
        <ol class="apparmor-answers" aria-label={say("Answers")}>
            { for decided.answers.iter().enumerate().map(|(at, answer)| row(page, at, answer)) }
        </ol>
    }
}

fn row(page: &Page, at: usize, answer: &Answered) -> Html {
    let (class, word) = match answer.outcome {
        Some(Outcome::Allow) => ("verdict-allow", say("allowed")),
        Some(Outcome::Deny) => ("verdict-deny", say("refused")),
        Some(Outcome::Unknown) => ("verdict-unknown", say("unknown")),
        None => ("verdict-unknown", say("no question")),
    };
    let wrong = answer.expected.filter(|expected| answer.outcome != Some(*expected));
    html! {
        <li class={classes!("apparmor-answer", class)}>
            <p>
                <b class="apparmor-word">{ word }</b>{ " " }<code>{ &answer.asked }</code>
                if let Some(expected) = wrong {
                    { " " }<b class="falco-wrong">{ say_with("expected: {verdict}", &[("verdict", &expected.word())]) }</b>
                }
            </p>
            { for answer.rules.iter().enumerate().map(|(rule, deciding)| html! {
                <p class="apparmor-rule">
                    if let Some(place) = &deciding.place {
                        <button type="button" class="link place" title={say("Show it in the text")}
                            onclick={page.on(Action::Apparmor(Act::Rule(at, rule)))}>
                            { words::line(place.range.start_line) }
                        </button>{ " " }
                    }
                    <code>{ &deciding.text }</code>
                </p>
            }) }
            <p class="muted" lang={engine()}>{ prose(&answer.why) }</p>
            if let Some(add) = &answer.add {
                <p class="muted">{ say("A rule for it:") }{ " " }<code>{ add }</code></p>
            }
        </li>
    }
}

/// What a choice by number does.
pub(crate) fn choose(page: &Page, act: impl Fn(usize) -> Act + 'static) -> Callback<Event> {
    let page = page.clone();
    Callback::from(move |event: Event| {
        let chosen = target::<HtmlSelectElement>(&event).and_then(|select| select.value().parse().ok());
        if let Some(chosen) = chosen {
            page.port.flush();
            page.act.emit(Action::Apparmor(act(chosen)));
        }
    })
}

fn typed(page: &Page, act: impl Fn(String) -> Act + 'static) -> Callback<InputEvent> {
    let page = page.clone();
    Callback::from(move |event: InputEvent| {
        if let Some(input) = target::<HtmlInputElement>(&event) {
            page.act.emit(Action::Apparmor(act(input.value())));
        }
    })
}

/// What writing into a larger field does.
pub(crate) fn written(page: &Page, act: impl Fn(String) -> Act + 'static) -> Callback<InputEvent> {
    let page = page.clone();
    Callback::from(move |event: InputEvent| {
        if let Some(field) = target::<HtmlTextAreaElement>(&event) {
            page.act.emit(Action::Apparmor(act(field.value())));
        }
    })
}

fn enter(page: &Page) -> Callback<KeyboardEvent> {
    let page = page.clone();
    Callback::from(move |event: KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            page.port.flush();
            page.act.emit(Action::Apparmor(Act::Ask));
        }
    })
}
