//! A profile for a container, how it comes to act, and the rules that a log asks for.

use std::rc::Rc;

use watertight_diagnostic::ask::apparmor::{Generated, Learnt, Load, Strictness};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::components::app::target;
use crate::components::diff_view::DiffView;
use crate::components::simulate::apparmor::{choose, written};
use crate::components::{prose, turn};
use crate::diff::Row;
use crate::hooks::{Page, Shared};
use crate::language::{engine, plural, say, say_with};
use crate::state::{Action, ApparmorAct as Act};

const STRICTNESSES: [Strictness; 3] = [Strictness::Familiar, Strictness::Careful, Strictness::Tight];

fn strictness_words(strictness: Strictness) -> &'static str {
    match strictness {
        Strictness::Familiar => say("As the runtime's own profile, without its holes"),
        Strictness::Careful => say("Write only where the pod lets it"),
        Strictness::Tight => say("Only what the pod names"),
    }
}

/// The panel.
pub(crate) fn panel(page: &Page) -> Html {
    let own = &page.state.apparmor;
    html! {
        <section class="apparmor" aria-labelledby="apparmor-title">
            <h2 id="apparmor-title" class="panel-title">{ say("An AppArmor profile") }</h2>
            if let Some((.., made, [profile_rows, asking_rows])) = &own.generated {
                if made.container.is_some() {
                    { choices(page, made) }
                    { profile(page, made, profile_rows) }
                    { asking(page, made, asking_rows) }
                    { for made.load.iter().map(|load| loading(page, load)) }
                } else {
                    <p class="muted">{ say("There is no container in your tabs that one could be made for.") }</p>
                }
            }
            { log(page) }
        </section>
    }
}

fn choices(page: &Page, made: &Generated) -> Html {
    let own = &page.state.apparmor;
    let switch = |label: &'static str, on: bool, act: fn(bool) -> Act| {
        let page = page.clone();
        let change = Callback::from(move |event: Event| {
            if let Some(input) = target::<HtmlInputElement>(&event) {
                page.act.emit(Action::Apparmor(act(input.checked())));
            }
        });
        html! { <label><input type="checkbox" checked={on} onchange={change} />{ " " }{ label }</label> }
    };
    let strictness = |at: usize| Act::Strictness(STRICTNESSES.get(at).copied().unwrap_or_default());
    html! {
        <>
            <div class="apparmor-ask">
                <label class="field">
                    <span>{ say("Container") }</span>
                    <select id="apparmor-container" onchange={choose(page, Act::Container)}>
                        { for made.containers.iter().enumerate().map(|(at, name)| html! {
                            <option value={at.to_string()} selected={made.container == Some(at)}>{ name }</option>
                        }) }
                    </select>
                </label>
                <label class="field">
                    <span>{ say("How strict") }</span>
                    <select id="apparmor-strictness" onchange={choose(page, strictness)}>
                        { for STRICTNESSES.iter().enumerate().map(|(at, strictness)| html! {
                            <option value={at.to_string()} selected={own.strictness == *strictness}>{ strictness_words(*strictness) }</option>
                        }) }
                    </select>
                </label>
                { switch(say("Only log what it would refuse"), own.complain, Act::Complain) }
                { switch(say("Every node has AppArmor 4.0 or newer"), own.newest, Act::Newest) }
            </div>
            <label class="field">
                <span>{ say("What it needs beside that, one a line: a rule, a line of the audit log, or read, write or run with a path") }</span>
                <textarea id="apparmor-needs" rows="3" spellcheck="false" value={own.needs.clone()} oninput={written(page, Act::Needs)} />
            </label>
        </>
    }
}

fn profile(page: &Page, made: &Generated, rows: &Rc<Vec<Row>>) -> Html {
    let text: Rc<str> = made.text.as_str().into();
    let fresh = page.state.is_settled();
    let stale = (!fresh).to_string();
    let put = if made.before.is_some() { say("Put it into the editor") } else { say("Open it in a tab") };
    html! {
        <section aria-label={say_with("Profile {name}", &[("name", &made.name)])}>
            <div class="row">
                <h3>{ &made.name }</h3>
                <span class="row end">
                    <button type="button" class="button small" aria-disabled={stale.clone()}
                        onclick={page.on_fresh(fresh, Action::Copy(text.clone()))}>{ say("Copy") }</button>
                    <button type="button" class="button small" aria-disabled={stale.clone()}
                        onclick={page.on_fresh(fresh, Action::Download { name: made.name.clone(), text })}>{ say("Download") }</button>
                    <button type="button" class="button small primary" aria-disabled={stale}
                        onclick={page.on_fresh(fresh, Action::Apparmor(Act::Put))}>{ put }</button>
                </span>
            </div>
            if !made.notes.is_empty() {
                <ul class="apparmor-notes" lang={engine()}>{ for made.notes.iter().map(|note| html! { <li>{ prose(note) }</li> }) }</ul>
            }
            if made.before.is_some() {
                if rows.is_empty() {
                    <p class="muted">{ say("It is what your tab holds.") }</p>
                } else {
                    <DiffView rows={Shared(rows.clone())} label={say("Changes of the profile")} split={false} />
                }
            } else {
                <pre class="apparmor-text" tabindex="0" role="region" aria-label={say("The profile")}>{ &made.text }</pre>
            }
        </section>
    }
}

fn asking(page: &Page, made: &Generated, rows: &Rc<Vec<Row>>) -> Html {
    let fresh = page.state.is_settled();
    html! {
        if made.asking.is_some() {
            <section aria-labelledby="apparmor-asking-title">
                <div class="row">
                    <h3 id="apparmor-asking-title">{ say("Let the container ask for it") }</h3>
                    <span class="row end">
                        <button type="button" class="button small primary" aria-disabled={(!fresh).to_string()}
                            onclick={page.on_fresh(fresh, Action::Apparmor(Act::PutAsking))}>
                            { say("Put it into the manifest") }
                        </button>
                    </span>
                </div>
                <DiffView rows={Shared(rows.clone())} label={say("Changes of the manifest")} split={false} />
            </section>
        }
    }
}

fn loading(page: &Page, load: &Load) -> Html {
    let text: Rc<str> = load.text.as_str().into();
    let fresh = page.state.is_settled();
    html! {
        <details class="apparmor-load">
            <summary>{ turn() }{ &load.title }</summary>
            { for load.notes.iter().map(|note| html! { <p class="muted">{ prose(note) }</p> }) }
            <pre class="apparmor-text" tabindex="0" role="region" aria-label={load.title.clone()}>{ &load.text }</pre>
            <button type="button" class="button small" aria-disabled={(!fresh).to_string()}
                onclick={page.on_fresh(fresh, Action::Copy(text))}
                aria-label={say_with("Copy: {title}", &[("title", &load.title)])}>{ say("Copy") }</button>
        </details>
    }
}

fn log(page: &Page) -> Html {
    let own = &page.state.apparmor;
    html! {
        <section aria-labelledby="apparmor-log-title">
            <h3 id="apparmor-log-title">{ say("Rules that a log asks for") }</h3>
            <label class="field">
                <span>{ say("Lines with apparmor=\"DENIED\", from dmesg, auditd or the journal") }</span>
                <textarea id="apparmor-log" rows="4" spellcheck="false" value={own.log.clone()} oninput={written(page, Act::Log)} />
            </label>
            if let Some((.., learnt, rows)) = own.learnt.as_ref().filter(|_| !own.log.is_empty()) {
                { wanted(page, learnt, rows) }
            }
        </section>
    }
}

fn wanted(page: &Page, learnt: &Learnt, rows: &[Rc<Vec<Row>>]) -> Html {
    let added = learnt.rules.iter().filter(|rule| rule.added).count();
    let fresh = page.state.is_settled();
    html! {
        <>
            if learnt.rules.is_empty() {
                <p class="muted">{ say("No line asks for a rule.") }</p>
            }
            <ul class="apparmor-notes" lang={engine()}>
                { for learnt.rules.iter().map(|rule| html! {
                    <li>
                        <code>{ &rule.rule }</code>{ " " }{ say_with(
                            if rule.count == 1 { "for {profile}, 1 line" } else { "for {profile}, {count} lines" },
                            &[("profile", &rule.profile), ("count", &rule.count)],
                        ) }
                        { for rule.notes.iter().map(|note| html! { <p class="muted">{ prose(note) }</p> }) }
                    </li>
                }) }
            </ul>
            if added > 0 {
                { for rows.iter().map(|rows| html! {
                    <DiffView rows={Shared(rows.clone())} label={say("Rules added")} split={false} />
                }) }
                <button type="button" class="button primary" aria-disabled={(!fresh).to_string()}
                    onclick={page.on_fresh(fresh, Action::Apparmor(Act::PutLearnt))}>
                    { plural(added, "Add 1 rule", "Add {count} rules") }
                </button>
            }
        </>
    }
}
