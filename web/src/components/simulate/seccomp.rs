//! A seccomp profile asked about a call: what happens to it, which rule decides, the way through the program, and what
//! happens to all the others.

use watertight_diagnostic::ask::seccomp::{DecidedCall, Passes, SeccompAnswer, Step};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::components::app::target;
use crate::hooks::Page;
use crate::language::{engine, plural, say, say_with};
use crate::state::{Action, SeccompAct as Act};

/// Arguments of a call that nothing is known of.
const MOST_ARGUMENTS: usize = 6;

/// The panel.
pub(crate) fn panel(page: &Page) -> Html {
    let own = &page.state.seccomp;
    let Some((_, _, answer)) = &own.answer else {
        return html! { <p class="empty">{ say("The profile is being asked.") }</p> };
    };
    html! {
        <section class="apparmor seccomp" aria-labelledby="seccomp-title">
            <h2 id="seccomp-title" class="panel-title">{ say("Ask a seccomp profile") }</h2>
            if answer.profiles.len() > 1 {
                { select(page, "seccomp-profile", say("Seccomp profile"), &answer.profiles, answer.profile, Act::Profile) }
            }
            { for answer.notes.iter().map(|note| html! { <p class="muted" lang={engine()}>{ note }</p> }) }
            if !answer.arches.is_empty() {
                { question(page, answer) }
                <div role="status">
                    if let Some(problem) = &answer.problem {
                        <p lang={engine()}>{ problem }</p>
                    }
                    if let Some(decided) = &answer.decided {
                        { verdict(page, decided) }
                    }
                </div>
                { program(answer) }
                { map(page, answer) }
            }
        </section>
    }
}

fn question(page: &Page, answer: &SeccompAnswer) -> Html {
    let ask = &page.state.seccomp.ask;
    let arch = answer.arches.iter().position(|arch| *arch == answer.arch);
    let known = answer.parameters.len();
    let parameters = if known == 0 { MOST_ARGUMENTS } else { known };
    let calls = answer.map.iter().flat_map(|group| &group.calls);
    html! {
        <>
        <div class="apparmor-ask">
            { select(page, "seccomp-arch", say("Architecture"), &answer.arches, arch, Act::Arch) }
            <label class="field grow">
                <span>{ say("System call") }</span>
                <input id="seccomp-call" type="text" list="seccomp-calls" spellcheck="false" autocomplete="off"
                    autocapitalize="none" value={ask.call.clone()} oninput={typed(page, Act::Call)} />
            </label>
            <datalist id="seccomp-calls">{ for calls.map(|call| html! { <option value={call.name.clone()} /> }) }</datalist>
        </div>
        <fieldset class="seccomp-arguments">
            <legend>{ say("Arguments: decimal, as 0x1f, or names joined by |") }</legend>
            { for (0..parameters).map(|at| {
                let parameter = answer.parameters.get(at);
                let name = parameter.map_or_else(|| say_with("Argument {at}", &[("at", &at)]), |one| format!("{at}: {}", one.name));
                let list = format!("seccomp-values-{at}");
                html! {
                    <label class="field">
                        <span>{ name }</span>
                        <input type="text" list={list.clone()} spellcheck="false" autocomplete="off" autocapitalize="none"
                            placeholder="0" value={ask.arguments.get(at).cloned().unwrap_or_default()}
                            oninput={typed(page, move |text| Act::Argument(at, text))} />
                        <datalist id={list}>
                            { for parameter.into_iter().flat_map(|one| &one.values).map(|value| html! {
                                <option value={value.clone()} />
                            }) }
                        </datalist>
                    </label>
                }
            }) }
        </fieldset>
        </>
    }
}

fn verdict(page: &Page, decided: &DecidedCall) -> Html {
    let (class, word) = shown(decided.passes);
    html! {
        <div class={classes!("apparmor-answer", class)}>
            <p>
                <b class="seccomp-word">{ word }</b>{ " " }<code>{ &decided.action }</code>
                if let Some(errno) = &decided.errno {
                    { " " }<code>{ errno }</code>
                }
            </p>
            <p class="muted" lang={engine()}>{ &decided.why }</p>
            if let Some(place) = &decided.place {
                <p>
                    <button type="button" class="link" title={say("Show it in the text")}
                        onclick={page.on(Action::Seccomp(Act::Rule))}>
                        { say_with("Show the rule: line {line}", &[("line", &place.range.start_line)]) }
                    </button>
                </p>
            }
            if decided.depends_on_libseccomp {
                <p>
                    { say("It depends on libseccomp: rules of this call overlap, and it promises no order among them. Its own \
                       program may answer otherwise.") }
                </p>
            }
        </div>
    }
}

fn program(answer: &SeccompAnswer) -> Html {
    let size = plural(answer.program.len(), "{count} instruction", "{count} instructions");
    let summary = match &answer.decided {
        Some(decided) => say_with(
            "The way through the program: {steps} of {size}",
            &[("steps", &decided.instructions), ("size", &size)],
        ),
        None => say_with("The program: {size}", &[("size", &size)]),
    };
    // Neighbours in one piece: a profile of a runtime has a thousand lines.
    let pieces = answer.program.chunk_by(|a, b| a.runs == b.runs).map(|steps| {
        let runs = steps.first().is_some_and(|step| step.runs);
        let line = |step: &Step| [if runs { "> " } else { "  " }, &step.text, "\n"].concat();
        let text: String = steps.iter().map(line).collect();
        if runs {
            html! { <b class="seccomp-runs">{ text }</b> }
        } else {
            html! { { text } }
        }
    });
    html! {
        <details class="seccomp-program">
            <summary>{ summary }</summary>
            <p class="muted">{ say("Instructions that run for this call have > in front.") }</p>
            <pre class="apparmor-text" tabindex="0" role="region" aria-label={say("The program")}>{ for pieces }</pre>
        </details>
    }
}

fn map(page: &Page, answer: &SeccompAnswer) -> Html {
    let wanted = page.state.seccomp.filter.trim();
    let groups = answer.map.iter().filter_map(|group| {
        let of_group = group.name.contains(wanted);
        let calls = group.calls.iter();
        let calls = calls.filter(|call| of_group || call.name.contains(wanted) || shown(call.passes).1 == wanted);
        let calls: Vec<Html> = calls
            .map(|call| {
                let (class, word) = shown(call.passes);
                html! { <li class={class}><code>{ &call.name }</code>{ " " }<span class="seccomp-word">{ word }</span></li> }
            })
            .collect();
        let list = html! { <><h3>{ &group.name }</h3><ul class="seccomp-map">{ calls.clone() }</ul></> };
        (!calls.is_empty()).then_some(list)
    });
    html! {
        <details class="seccomp-calls">
            <summary>{ say_with("All calls of {arch}", &[("arch", &answer.arch)]) }</summary>
            <label class="field">
                <span>{ say("Show those with this name, group or verdict") }</span>
                <input id="seccomp-filter" type="search" spellcheck="false" autocomplete="off" autocapitalize="none"
                    value={page.state.seccomp.filter.clone()} oninput={typed(page, Act::Filter)} />
            </label>
            { for groups }
        </details>
    }
}

fn shown(passes: Passes) -> (&'static str, &'static str) {
    match passes {
        Passes::Allow => ("verdict-allow", say("allowed")),
        Passes::Deny => ("verdict-deny", say("refused")),
        Passes::Asks => ("verdict-unknown", say("asked elsewhere")),
        Passes::Conditional => ("verdict-unknown", say("conditional")),
    }
}

fn select(
    page: &Page,
    id: &'static str,
    label: &'static str,
    names: &[String],
    chosen: Option<usize>,
    act: impl Fn(usize) -> Act + 'static,
) -> Html {
    let page = page.clone();
    let choose = Callback::from(move |event: Event| {
        let chosen = target::<HtmlSelectElement>(&event).and_then(|select| select.value().parse().ok());
        if let Some(chosen) = chosen {
            page.port.flush();
            page.act.emit(Action::Seccomp(act(chosen)));
        }
    });
    html! {
        <label class="field">
            <span>{ label }</span>
            <select {id} onchange={choose}>
                { for names.iter().enumerate().map(|(at, name)| html! {
                    <option value={at.to_string()} selected={chosen == Some(at)}>{ name }</option>
                }) }
            </select>
        </label>
    }
}

fn typed(page: &Page, act: impl Fn(String) -> Act + 'static) -> Callback<InputEvent> {
    let page = page.clone();
    Callback::from(move |event: InputEvent| {
        if let Some(input) = target::<HtmlInputElement>(&event) {
            page.act.emit(Action::Seccomp(act(input.value())));
        }
    })
}
