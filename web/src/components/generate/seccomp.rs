//! A seccomp profile made of what a program was seen to call, or of other profiles.

use std::rc::Rc;

use watertight_diagnostic::ask::seccomp::{Making, Otherwise, ProfileAnswer, ProfileAsk, Starting};
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::components::app::target;
use crate::components::seccomp::{choose, holder, notes, options, profile};
use crate::hooks::Page;
use crate::language::say;
use crate::state::{Action, SeccompAct as Act, SeccompSlot as Slot, SeccompSwitch as Switch};

const MAKINGS: [Making; 4] = [Making::Calls, Making::Base, Making::Merged, Making::Smaller];
const STARTINGS: [Starting; 3] = [Starting::Runc, Starting::Crun, Starting::Nobody];
const OTHERWISE: [Otherwise; 3] = [Otherwise::Fails, Otherwise::Kills, Otherwise::Logs];

/// The panel.
pub(crate) fn panel(page: &Page) -> Html {
    let own = &page.state.seccomp;
    let ask = &own.made_of;
    let making = |making| match making {
        Making::Calls => say("the calls of a program"),
        Making::Base => say("another profile, without what is not needed"),
        Making::Merged => say("two profiles in one"),
        Making::Smaller => say("a profile, in fewer entries"),
    };
    html! {
        <section class="apparmor seccomp" aria-labelledby="seccomp-made-title">
            <h2 id="seccomp-made-title" class="panel-title">{ say("A seccomp profile") }</h2>
            <label class="field">
                <span>{ say("Made of") }</span>
                <select onchange={choose(page, |at| Act::Making(MAKINGS.get(at).copied().unwrap_or_default()))}>
                    { options(MAKINGS.into_iter().map(making), MAKINGS.iter().position(|one| *one == ask.from)) }
                </select>
            </label>
            if let Some((.., made)) = &own.made {
                { bases(page, ask, made) }
                if matches!(ask.from, Making::Calls | Making::Base) {
                    { calls(page, ask) }
                }
                { details(page, ask) }
                <div role="status">{ notes(&made.notes) }</div>
                if !made.text.is_empty() {
                    { text(page, made) }
                }
            }
        </section>
    }
}

fn bases(page: &Page, ask: &ProfileAsk, made: &ProfileAnswer) -> Html {
    let [base, other] = made.pair.as_slice() else { return Html::default() };
    html! {
        if ask.from != Making::Calls {
            <div class="apparmor-ask">
                { profile(page, say("Begin with"), Slot::Base, &made.choices, &ask.base, base) }
                if ask.from == Making::Merged {
                    { profile(page, say("And"), Slot::Other, &made.choices, &ask.other, other) }
                }
                { holder(page, true, &made.choices, &ask.holder) }
            </div>
        }
    }
}

fn calls(page: &Page, ask: &ProfileAsk) -> Html {
    let written = {
        let page = page.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(field) = target::<HtmlTextAreaElement>(&event) {
                page.act.emit(Action::Seccomp(Act::Calls(field.value())));
            }
        })
    };
    html! {
        <label class="field">
            <span>{ say("What the program calls: names, the output of strace -f or strace -c, or lines of the audit log") }</span>
            <textarea rows="5" spellcheck="false" autocapitalize="none" placeholder="read write openat"
                value={ask.calls.clone()} oninput={written} />
        </label>
    }
}

fn details(page: &Page, ask: &ProfileAsk) -> Html {
    let starting = |starting| match starting {
        Starting::Runc => say("runc, as of containerd and Docker"),
        Starting::Crun => say("crun, as of CRI-O and Podman"),
        Starting::Nobody => say("nobody: add nothing for it"),
    };
    let otherwise = |otherwise| match otherwise {
        Otherwise::Fails => say("fails with EPERM"),
        Otherwise::Kills => say("ends the process"),
        Otherwise::Logs => say("runs and is logged"),
    };
    let switch = |label: &'static str, on: bool, switch: Switch| {
        html! {
            <label><input type="checkbox" checked={on} onchange={page.on(Action::Seccomp(Act::Switch(switch)))} />{ " " }{ label }</label>
        }
    };
    let of_calls = matches!(ask.from, Making::Calls | Making::Base);
    html! {
        <>
            if of_calls {
                <div class="apparmor-ask">
                    <label class="field">
                        <span>{ say("Who starts the container") }</span>
                        <select onchange={choose(page, |at| Act::Starting(STARTINGS.get(at).copied().unwrap_or_default()))}>
                            { options(STARTINGS.into_iter().map(starting), STARTINGS.iter().position(|one| *one == ask.start)) }
                        </select>
                    </label>
                    if ask.from == Making::Calls {
                        <label class="field">
                            <span>{ say("Every other call") }</span>
                            <select onchange={choose(page, |at| Act::Otherwise(OTHERWISE.get(at).copied().unwrap_or_default()))}>
                                { options(OTHERWISE.into_iter().map(otherwise), OTHERWISE.iter().position(|one| *one == ask.otherwise)) }
                            </select>
                        </label>
                    }
                </div>
            }
            <div class="seccomp-switches">
                if of_calls {
                    { switch(say("allowPrivilegeEscalation is false"), ask.no_new_privs, Switch::NoNewPrivs) }
                }
                if ask.from == Making::Calls {
                    { switch(say("For other C libraries and machines too"), ask.portable, Switch::Portable) }
                    { switch(say("For 32-bit programs too"), ask.companions, Switch::Companions) }
                }
                { switch(say("For Docker, Podman and CRI-O, with comments"), ask.docker, Switch::Docker) }
            </div>
        </>
    }
}

fn text(page: &Page, made: &ProfileAnswer) -> Html {
    let text: Rc<str> = made.text.as_str().into();
    let download = Action::Download { name: "seccomp.json".into(), text: text.clone() };
    let fresh = page.state.is_settled();
    let stale = (!fresh).to_string();
    html! {
        <section aria-label={say("The seccomp profile")}>
            <div class="row">
                <span class="row end">
                    <button type="button" class="button small" aria-disabled={stale.clone()}
                        onclick={page.on_fresh(fresh, Action::Copy(text))}>{ say("Copy") }</button>
                    <button type="button" class="button small" aria-disabled={stale.clone()}
                        onclick={page.on_fresh(fresh, download)}>{ say("Download") }</button>
                    <button type="button" class="button small primary" aria-disabled={stale}
                        onclick={page.on_fresh(fresh, Action::Seccomp(Act::Put))}>
                        { say("Open it in a tab") }
                    </button>
                </span>
            </div>
            <pre class="apparmor-text" tabindex="0" role="region" aria-label={say("The seccomp profile")}>{ &made.text }</pre>
        </section>
    }
}
