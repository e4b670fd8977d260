//! A seccomp profile asked about a call: what happens to it, which rule decides, the way through the program, what happens to
//! all the others, and what another profile does differently.

use watertight_diagnostic::ask::seccomp::{CallAnswer, ComparedArch, ComparisonAnswer, DecidedCall, Passes, Step};
use yew::prelude::*;

use crate::components::seccomp::{choose, holder, notes, options, profile, typed};
use crate::components::{prose, turn};
use crate::hooks::Page;
use crate::language::{engine, plural, say, say_with};
use crate::state::{Action, SeccompAct as Act, SeccompSlot as Slot};

/// Arguments of a call that nothing is known of.
const MOST_ARGUMENTS: usize = 6;

/// The panel; nothing while the engine is being asked.
pub(crate) fn panel(page: &Page) -> Html {
    let own = &page.state.seccomp;
    let Some((.., answer)) = &own.decided else { return Html::default() };
    html! {
        <section class="apparmor seccomp" aria-labelledby="seccomp-title">
            <h2 id="seccomp-title" class="panel-title">{ say("Ask a seccomp profile") }</h2>
            <div class="apparmor-ask">
                { profile(page, say("Seccomp profile"), Slot::Asked, &answer.choices, &own.call.of, &answer.of) }
                { holder(page, false, &answer.choices, &own.call.holder) }
            </div>
            { notes(&answer.notes) }
            if !answer.arches.is_empty() {
                { question(page, answer) }
                { verdict(page, answer) }
                { program(answer) }
                { map(page, answer) }
                { comparison(page, answer) }
            }
        </section>
    }
}

fn question(page: &Page, answer: &CallAnswer) -> Html {
    let ask = &page.state.seccomp.call;
    let arch = answer.arches.iter().position(|arch| *arch == answer.arch);
    let known = answer.parameters.len();
    let parameters = if known == 0 { MOST_ARGUMENTS } else { known };
    let calls = answer.map.iter().flat_map(|group| &group.calls);
    html! {
        <>
        <div class="apparmor-ask">
            <label class="field">
                <span>{ say("Architecture") }</span>
                <select id="seccomp-arch" onchange={choose(page, Act::Arch)}>
                    { options(answer.arches.iter().map(String::as_str), arch) }
                </select>
            </label>
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

fn verdict(page: &Page, answer: &CallAnswer) -> Html {
    let decided = answer.decided.as_ref().map(|decided| (decided, shown(decided.passes)));
    html! {
        <div class={classes!(decided.map(|_| "apparmor-answer"), decided.map(|(_, (class, _))| class))}>
            // It is read with each key; all that stands below would be too much.
            <p role="status">
                if let Some(problem) = &answer.problem {
                    <span lang={engine()}>{ prose(problem) }</span>
                }
                if let Some((decided, (_, word))) = decided {
                    <b class="seccomp-word">{ word }</b>{ " " }<code>{ &decided.action }</code>
                    if let Some(errno) = &decided.errno {
                        { " " }<code>{ errno }</code>
                    }
                }
            </p>
            if let Some((decided, _)) = decided {
                { why(page, decided) }
            }
        </div>
    }
}

fn why(page: &Page, decided: &DecidedCall) -> Html {
    html! {
        <>
            <p class="muted" lang={engine()}>{ prose(&decided.why) }</p>
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
        </>
    }
}

fn program(answer: &CallAnswer) -> Html {
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
            <summary>{ turn() }{ summary }</summary>
            <p class="muted">{ say("Instructions that run for this call have > in front.") }</p>
            <pre class="apparmor-text" tabindex="0" role="region" aria-label={say("The program")}>{ for pieces }</pre>
        </details>
    }
}

fn map(page: &Page, answer: &CallAnswer) -> Html {
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
            <summary>{ turn() }{ say_with("All calls of {arch}", &[("arch", &answer.arch)]) }</summary>
            <label class="field">
                <span>{ say("Show those with this name, group or verdict") }</span>
                <input id="seccomp-filter" type="search" spellcheck="false" autocomplete="off" autocapitalize="none"
                    value={page.state.seccomp.filter.clone()} oninput={typed(page, Act::Filter)} />
            </label>
            { for groups }
        </details>
    }
}

fn comparison(page: &Page, answer: &CallAnswer) -> Html {
    let own = &page.state.seccomp;
    let opens = own.against.is_some();
    html! {
        <section class="seccomp-compare" aria-labelledby="seccomp-compare-title">
            <h3 id="seccomp-compare-title">{ say("Beside another profile") }</h3>
            <button type="button" class="button small" aria-expanded={opens.to_string()}
                onclick={page.on(Action::Seccomp(Act::Compare))}>
                { if opens { say("Stop comparing") } else { say("Compare") } }
            </button>
            if let Some(against) = &own.against {
                <div class="apparmor-ask">
                    { profile(page, say("Compare with"), Slot::Against, &answer.choices, against, against) }
                </div>
                if let Some((.., compared)) = &own.compared {
                    { differences(compared) }
                }
            }
        </section>
    }
}

fn differences(compared: &ComparisonAnswer) -> Html {
    let [left, right] = compared.names.as_slice() else { return Html::default() };
    let only = |arch: &ComparedArch, only: usize| {
        let (has, lacks) = if only == 0 { (left, right) } else { (right, left) };
        say_with(
            "Only {has} lists {arch}. Under {lacks} every call by it kills the thread.",
            &[("has", has), ("lacks", lacks), ("arch", &arch.arch)],
        )
    };
    let is_same = |arch: &ComparedArch| arch.only.is_none() && arch.differences.is_empty();
    let all_same = compared.arches.iter().all(is_same);
    let told = if all_same {
        say_with("{left} and {right} do the same.", &[("left", left), ("right", right)])
    } else {
        let tables = compared.arches.iter().filter(|arch| !is_same(arch) && arch.only.is_none());
        tables.map(caption).collect::<Vec<_>>().join("; ")
    };
    html! {
        <>
            { notes(&compared.notes) }
            // Tables say it as well, and are too long to be read whenever they change.
            if !compared.arches.is_empty() {
                <p role="status" class={classes!((!all_same).then_some("unseen"))}>{ told }</p>
            }
            { for compared.arches.iter().filter(|arch| !is_same(arch)).map(|arch| match arch.only {
                Some(side) => html! { <p>{ only(arch, side) }</p> },
                None => table(arch, left, right),
            }) }
        </>
    }
}

fn caption(arch: &ComparedArch) -> String {
    let differ = plural(arch.differences.len(), "{count} differs", "{count} differ");
    let values: [(&str, &dyn std::fmt::Display); 3] = [("arch", &arch.arch), ("differ", &differ), ("same", &arch.same)];
    say_with("{arch}: {differ}, {same} end alike", &values)
}

fn table(arch: &ComparedArch, left: &str, right: &str) -> Html {
    let caption = caption(arch);
    html! {
        <div class="seccomp-differences" tabindex="0" role="region" aria-label={caption.clone()}>
            <table>
                <caption>{ caption.clone() }</caption>
                <thead>
                    <tr><th scope="col">{ say("System call") }</th><th scope="col">{ left }</th><th scope="col">{ right }</th></tr>
                </thead>
                <tbody>
                    { for arch.differences.iter().map(|call| {
                        let class = match call.laxer {
                            1 => Some("seccomp-laxer"),
                            -1 => Some("seccomp-stricter"),
                            _ => None,
                        };
                        html! {
                            <tr {class}>
                                <th scope="row"><code>{ &call.call }</code>
                                    if !call.when.is_empty() {
                                        { " " }<small lang={engine()}>{ &call.when }</small>
                                    }
                                </th>
                                <td><code>{ &call.left }</code></td>
                                <td><code>{ &call.right }</code></td>
                            </tr>
                        }
                    }) }
                </tbody>
            </table>
        </div>
    }
}

fn shown(passes: Passes) -> (&'static str, &'static str) {
    match passes {
        Passes::Allow => ("verdict-allow", say("allowed")),
        Passes::Deny => ("verdict-deny", say("refused")),
        Passes::Asks => ("verdict-unknown", say("asked elsewhere")),
        Passes::Conditional => ("verdict-unknown", say("conditional")),
        Passes::Unknown => ("verdict-unknown", say("unknown")),
    }
}
