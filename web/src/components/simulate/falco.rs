//! Falco rules tried on events: which fire, what decided, and which escape attempts nothing would see.

use watertight_diagnostic::ask::escape::Truth;
use watertight_diagnostic::ask::falco::{AbsentFields, Attempt, ExplainedPart, Explanation, FalcoReport, TriedEvent};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::components::app::{focus_soon, target};
use crate::components::finding_card::go_to;
use crate::hooks::Page;
use crate::language::{engine, plural, say, say_with};
use crate::state::{Action, FalcoAct as Act};

/// Rules that are named in one line.
const NAMED: usize = 3;

/// The panel.
pub(super) fn panel(page: &Page) -> Html {
    let Some((_, _, report)) = &page.state.falco.answer else {
        return html! { <p class="empty">{ say("Falco's rules are being tried.") }</p> };
    };
    html! {
        <div class="falco">
            { files(page, report) }
            { choices(page, report) }
            { events(page, report) }
            if let Some(explanation) = &report.explanation {
                { explain(page, report, explanation) }
            }
            { coverage(page, report) }
        </div>
    }
}

fn act(page: &Page, act: Act) -> Action {
    page.port.flush();
    Action::Falco(act)
}

/// What Falco's loader does with each file.
fn files(page: &Page, report: &FalcoReport) -> Html {
    let Some(names) = page.state.report() else { return html! {} };
    if report.files.is_empty() {
        return html! {
            <p>{ say("There are no rules in your tabs yet. Paste a file of Falco rules into one of them; until then the table below \
                  shows what nothing would see.") }</p>
        };
    }
    html! {
        <ul class="falco-files">
            { for report.files.iter().filter_map(|file| Some((file, names.files.get(file.file as usize)?))).map(|(file, named)| html! {
                <li class={if file.loads == Some(true) { "falco-loads" } else { "falco-refused" }}>
                    <b>{ &named.name }</b>{ ": " }<span lang={engine()}>{ file.loading() }</span>
                    if let Some(place) = &file.needs {
                        { " " }{ go_to(page, names, place, false) }
                    }
                </li>
            }) }
        </ul>
    }
}

fn choices(page: &Page, report: &FalcoReport) -> Html {
    let ask = &page.state.falco.ask;
    let attempt = {
        let page = page.clone();
        Callback::from(move |event: Event| {
            if let Some(select) = target::<HtmlSelectElement>(&event) {
                let id = Some(select.value()).filter(|id| !id.is_empty());
                page.act.emit(act(&page, Act::Attempt(id)));
            }
        })
    };
    let absent = {
        let page = page.clone();
        Callback::from(move |event: Event| {
            let absent = match target::<HtmlSelectElement>(&event).map(|select| select.value()).as_deref() {
                Some("missing") => AbsentFields::Missing,
                Some("unknown") => AbsentFields::Unknown,
                _ => AbsentFields::ByForm,
            };
            page.act.emit(act(&page, Act::Absent(absent)));
        })
    };
    let option = |value: &'static str, words: &'static str, one: AbsentFields| {
        html! {
            <option {value} selected={ask.absent == one}>{ words }</option>
        }
    };
    html! {
        <div class="falco-choices">
            <label class="field">
                <span>{ say("Events to try") }</span>
                <select id="falco-attempt" onchange={attempt}>
                    <option value="" selected={ask.attempt.is_none()}>{ say("Those in your tabs") }</option>
                    <optgroup label={say("A known way out, and harmless work that looks like it")}>
                        { for report.attempts.iter().map(|one| html! {
                            <option value={one.id.clone()} selected={ask.attempt.as_ref() == Some(&one.id)}>{ &one.title }</option>
                        }) }
                    </optgroup>
                </select>
            </label>
            if ask.attempt.is_some() {
                <button type="button" class="button small" onclick={page.on(Action::Falco(Act::OpenEvents))}>
                    { say("Open these events in a tab") }
                </button>
            } else {
                <label class="field">
                    <span>{ say("Fields that an event lacks") }</span>
                    <select onchange={absent}>
                        { option("by-form", say("unknown in alerts, missing in tables"), AbsentFields::ByForm) }
                        { option("missing", say("missing, as Falco would have it"), AbsentFields::Missing) }
                        { option("unknown", say("unknown: say what to supply"), AbsentFields::Unknown) }
                    </select>
                </label>
            }
        </div>
    }
}

fn rule_name(report: &FalcoReport, rule: usize) -> &str {
    report.rules.get(rule).map_or("", |rule| &rule.name)
}

fn events(page: &Page, report: &FalcoReport) -> Html {
    if report.events.is_empty() {
        return html! {
            <p class="muted">{ say("There are no events in your tabs. Choose a known way out above, or paste Falco's JSON output, one \
                               object a line, into a tab of its own.") }</p>
        };
    }
    let chosen = report.explanation.as_ref().map(|explanation| explanation.event);
    let left = report.event_count - report.events.len();
    html! {
        <section aria-label={say("Events")}>
            <ol class="falco-events">
                { for report.events.iter().enumerate().map(|(at, event)| html! {
                    <li>
                        <button type="button" class="falco-event" aria-pressed={(chosen == Some(at)).to_string()}
                            onclick={page.on(Action::Falco(Act::Event(at)))}>
                            <span class="falco-title">{ &event.title }</span>
                            { outcome(report, event) }
                        </button>
                    </li>
                }) }
            </ol>
            if left > 0 {
                <p class="muted">{ plural(left, "{count} more event is not shown.", "{count} more events are not shown.") }</p>
            }
        </section>
    }
}

/// What became of an event.
fn outcome(report: &FalcoReport, event: &TriedEvent) -> Html {
    let names = |rules: &[usize]| {
        let some = rules.iter().take(NAMED).map(|rule| rule_name(report, *rule)).collect::<Vec<_>>().join(", ");
        if rules.len() > NAMED {
            say_with("{some} and {count} more", &[("some", &some), ("count", &(rules.len() - NAMED))])
        } else {
            some
        }
    };
    let (class, words) = match (event.fires.as_slice(), event.open.as_slice()) {
        ([], []) => ("falco-silent", say("no rule fires").to_owned()),
        ([], open) => {
            let rules: Vec<usize> = open.iter().map(|open| open.rule).collect();
            ("falco-open", say_with("cannot be decided: {rules}", &[("rules", &names(&rules))]))
        }
        ([first], _) => ("falco-fires", say_with("fires: {rule}", &[("rule", &rule_name(report, *first))])),
        ([first, behind @ ..], _) => (
            "falco-fires",
            say_with(
                "fires: {rule}; behind it: {others}",
                &[("rule", &rule_name(report, *first)), ("others", &names(behind))],
            ),
        ),
    };
    let is_good = event.lacking.is_empty() && event.unexpected.is_empty();
    html! {
        <>
            <span class={class}>{ words }</span>
            if event.is_test && is_good {
                <span class="falco-silent">{ say("as the event expects") }</span>
            }
            if !event.lacking.is_empty() {
                <span class="falco-wrong">{ say_with("expected and silent: {rules}", &[("rules", &event.lacking.join(", "))]) }</span>
            }
            if !event.unexpected.is_empty() {
                <span class="falco-wrong">{ say_with("not expected: {rules}", &[("rules", &names(&event.unexpected))]) }</span>
            }
        </>
    }
}

fn explain(page: &Page, report: &FalcoReport, explanation: &Explanation) -> Html {
    let choose = {
        let page = page.clone();
        Callback::from(move |event: Event| {
            if let Some(select) = target::<HtmlSelectElement>(&event) {
                page.act.emit(act(&page, Act::Rule(select.value())));
            }
        })
    };
    let verdict = match explanation.verdict {
        Truth::Yes => say("Its condition holds.").to_owned(),
        Truth::No => say("Its condition does not hold.").to_owned(),
        Truth::Unknown => say_with(
            "It cannot be decided. To decide it, add to the event: {fields}.",
            &[("fields", &explanation.needs.join(", "))],
        ),
    };
    html! {
        <section class="falco-why" aria-label={say("What decided")}>
            <label class="field">
                <span>{ say("Why, for the rule") }</span>
                <select id="falco-rule" onchange={choose}>
                    { for report.rules.iter().enumerate().map(|(at, rule)| html! {
                        <option value={rule.name.clone()} selected={at == explanation.rule}>{ &rule.name }</option>
                    }) }
                </select>
            </label>
            <p id="falco-verdict">{ verdict }{ " " }<span lang={engine()}>{ &explanation.passed_over }</span></p>
            { tree(page, explanation) }
        </section>
    }
}

/// The condition, part by part. One part can be reached by Tab, the others from it by the arrow keys.
fn tree(page: &Page, explanation: &Explanation) -> Html {
    let (chosen, last) = (page.state.falco.part, explanation.parts.len().saturating_sub(1));
    let depth = |at: usize| explanation.parts.get(at).map_or(0, |part| part.depth);
    let parent = (0..chosen).rev().find(|at| depth(*at) < depth(chosen)).unwrap_or(chosen);
    let keys = {
        let page = page.clone();
        Callback::from(move |event: KeyboardEvent| {
            let to = match event.key().as_str() {
                "ArrowDown" => (chosen + 1).min(last),
                "ArrowUp" => chosen.saturating_sub(1),
                "ArrowLeft" => parent,
                "ArrowRight" | "Enter" | " " => chosen,
                "Home" => 0,
                "End" => last,
                _ => return,
            };
            event.prevent_default();
            page.act.emit(Action::Falco(Act::Part(to)));
            focus_soon(part_id(to));
        })
    };
    html! {
        <ul class="falco-tree" role="tree" aria-labelledby="falco-verdict" onkeydown={keys}>
            { for explanation.parts.iter().enumerate().map(|(at, part)| node(page, at, part, at == chosen)) }
        </ul>
    }
}

fn part_id(at: usize) -> String {
    format!("falco-part-{at}")
}

fn node(page: &Page, at: usize, part: &ExplainedPart, chosen: bool) -> Html {
    let (class, sign, word) = match part.verdict {
        Truth::Yes => ("part-yes", "✓", say("true")),
        Truth::No => ("part-no", "✗", say("false")),
        Truth::Unknown => ("part-open", "?", say("not known")),
    };
    // Deeper than this there is no room to the left.
    let depth = part.depth.min(12);
    html! {
        <li id={part_id(at)} role="treeitem" aria-level={(part.depth + 1).to_string()} aria-selected={chosen.to_string()}
            tabindex={if chosen { "0" } else { "-1" }}
            class={classes!("part", class, format!("part-depth-{depth}"), part.decides.then_some("part-decides"))}
            onclick={page.on(Action::Falco(Act::Part(at)))}>
            <span class="part-sign" aria-hidden="true">{ sign }</span>
            <span class="unseen">{ format!("{word}: ") }</span>
            <code>{ &part.text }</code>
            if !part.saw.is_empty() {
                <span class="part-saw">{ if part.saw.starts_with('"') { say_with("saw {value}", &[("value", &part.saw)]) } else { part.saw.clone() } }</span>
            }
            if !part.matched.is_empty() {
                <span class="part-saw">{ say_with("by {value}", &[("value", &part.matched)]) }</span>
            }
            if part.decides && !part.saw.is_empty() {
                <span class="part-mark">{ if part.verdict == Truth::Unknown { say("leaves it open") } else { say("decides") } }</span>
            }
        </li>
    }
}

/// Every known attempt, and the rules that see it.
fn coverage(page: &Page, report: &FalcoReport) -> Html {
    let stable = page.state.falco.ask.stable;
    let toggle = {
        let page = page.clone();
        Callback::from(move |event: Event| {
            if let Some(input) = target::<HtmlInputElement>(&event) {
                page.act.emit(act(&page, Act::Stable(input.checked())));
            }
        })
    };
    let gaps: Vec<String> = report.attempts.iter().filter(|one| one.gap).map(|one| one.id.clone()).collect();
    let rules: Vec<usize> =
        (0..report.rules.len()).filter(|rule| report.attempts.iter().any(|one| one.by.contains(rule))).collect();
    let seen = report.attempts.len() - gaps.len();
    html! {
        <section class="falco-coverage" aria-label={say("What the rules would see")}>
            <h2 class="panel-title">{ say_with("{seen} of {all} known ways out would be seen", &[("seen", &seen), ("all", &report.attempts.len())]) }</h2>
            <div class="row">
                <label><input type="checkbox" checked={stable} onchange={toggle} />{ " " }{ say("Count what Falco's stable rules see") }</label>
                if !gaps.is_empty() {
                    <button type="button" class="button small" onclick={page.on(Action::Falco(Act::Write(gaps.clone())))}>
                        { plural(gaps.len(), "Write a rule for the gap", "Write rules for all {count} gaps") }
                    </button>
                }
            </div>
            <div class="falco-scroll" tabindex="0" role="region" aria-label={say("Table of the ways out and the rules that see them")}>
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{ say("Way out") }</th>
                            <th scope="col">{ "ATT&CK" }</th>
                            { for rules.iter().map(|rule| html! {
                                <th scope="col" class="falco-column"><span>{ rule_name(report, *rule) }</span></th>
                            }) }
                            if stable {
                                <th scope="col" class="falco-column"><span>{ say("Stable rules") }</span></th>
                            }
                            <th scope="col">{ say("Gap") }</th>
                        </tr>
                    </thead>
                    <tbody>
                        { for report.attempts.iter().map(|one| row(page, one, &rules, stable)) }
                    </tbody>
                </table>
            </div>
            <p class="muted">
                { say("✓ sees it · ~ sees it, and harmless work of the same look too. A rule that is written is tried: it fires on the \
                   attempt and not on its harmless twin.") }
            </p>
        </section>
    }
}

fn row(page: &Page, one: &Attempt, rules: &[usize], stable: bool) -> Html {
    let cell = |class: &'static str, sign: &'static str, words: &str| {
        html! {
            <td class={classes!("falco-cell", class)} title={words.to_owned()}>
                <span aria-hidden="true">{ sign }</span><span class="unseen">{ words }</span>
            </td>
        }
    };
    let chosen = page.state.falco.ask.attempt.as_ref() == Some(&one.id);
    html! {
        <tr key={one.id.clone()} class={one.gap.then_some("falco-gap")}>
            <th scope="row">
                <button type="button" class="link" aria-pressed={chosen.to_string()} title={say("Try its events")}
                    onclick={page.on(Action::Falco(Act::Attempt(Some(one.id.clone()))))}>{ &one.title }</button>
            </th>
            <td>{ &one.attack }</td>
            { for rules.iter().map(|rule| match (one.by.contains(rule), one.noisy.contains(rule)) {
                (false, _) => cell("", "·", say("does not see it")),
                (true, true) => cell("falco-noisy", "~", say("sees it, and harmless work too")),
                (true, false) => cell("falco-seen", "✓", say("sees it")),
            }) }
            if stable {
                { match one.stable.as_slice() {
                    [] => cell("", "·", say("none sees it")),
                    names => cell("falco-seen", "✓", &names.join(", ")),
                } }
            }
            <td>
                if one.gap {
                    <button type="button" class="button small" title={say_with("Write the rule: {name}", &[("name", &one.rule)])}
                        aria-label={say_with("Write a rule for: {title}", &[("title", &one.title)])}
                        onclick={page.on(Action::Falco(Act::Write(vec![one.id.clone()])))}>{ say("Write a rule") }</button>
                }
            </td>
        </tr>
    }
}
