use watertight_diagnostic::ask::escape::{ContainerMap, Outcome, Plan, Truth};
use yew::prelude::*;

use super::MapProps;
use crate::components::{prose, turn};
use crate::hooks::use_page;
use crate::language::{engine, plural, say, say_with};
use crate::state::Action;
use crate::words;

/// The smallest set of changes that closes every way to an outcome, and what nobody knows.
#[component]
pub(crate) fn PlanView(props: &MapProps) -> Html {
    let page = use_page();
    let wanted = use_state(|| None::<Outcome>);
    let Some(map) = props.map() else { return html! {} };
    let asked = wanted.or(map.worst);
    let plan = map.plans.iter().find(|plan| asked == Some(plan.outcome)).or(map.plans.first());
    html! {
        <>
            if let Some(plan) = plan {
                <section class="map-plan" aria-label={say("What closes them")}>
                    <h3>{ heading(plan) }</h3>
                    { unknown(map, plan.outcome) }
                    if map.plans.len() > 1 {
                        <div class="row" role="group" aria-label={say("Outcome")}>
                            { for map.plans.iter().map(|one| {
                                let (wanted, outcome) = (wanted.clone(), one.outcome);
                                html! {
                                    <button type="button" class="button small" aria-pressed={(one.outcome == plan.outcome).to_string()}
                                        onclick={move |_| wanted.set(Some(outcome))}>{ words::outcome(one.outcome) }</button>
                                }
                            }) }
                        </div>
                    }
                    <ol>
                        { for plan.fixes.iter().filter_map(|at| Some((*at, map.fixes.get(*at)?))).map(|(at, fix)| html! {
                            <li>
                                <span lang={engine()}>{ &fix.fix.title }</span>
                                <span class="muted" lang={engine()}>{ fix.effect_on(plan.outcome) }</span>
                                <span class={classes!("safety", words::safety_class(fix.fix.safety))} title={words::safety_long(fix.fix.safety)}>
                                    { words::safety(fix.fix.safety) }
                                </span>
                                <button type="button" class="button small" onclick={page.on(Action::MapFix(at))}
                                    aria-label={say_with("Apply: {title}", &[("title", &fix.fix.title)])}>{ say("Apply") }</button>
                            </li>
                        }) }
                    </ol>
                    if !plan.left.is_empty() {
                        <p class="muted">
                            { say("No change of the pod alone closes:") }{ " " }
                            { plan.left.iter().filter_map(|at| props.report.techniques.get(*at)).map(|one| &*one.name).collect::<Vec<_>>().join(", ") }
                        </p>
                    }
                </section>
            }
            if map.untried {
                <p class="muted">{ say("No changes were tried: each try reads the whole document again, and it is too long for that.") }</p>
            }
            <details class="map-unsettled">
                <summary>{ turn() }{ say_with("Grade {letter}: {points} of 100", &[("letter", &map.grade.letter), ("points", &map.grade.points)]) }</summary>
                <p class="muted">
                    { say_with("The lesser of {sum}, what the lines add up to, and {cap}, because {because}.", &[("sum", &map.grade.sum), ("cap", &map.grade.cap), ("because", &map.grade.because)]) }
                </p>
                <ul>
                    { for map.grade.lines.iter().map(|line| html! {
                        <li>
                            <span lang={engine()}>{ &line.text }</span>{ " " }
                            <span class="muted">
                                { say_with("{got} of {of}", &[("got", &line.got), ("of", &line.of)]) }
                                if line.state == Truth::Unknown { { ", " }{ say("not known") } }
                            </span>
                        </li>
                    }) }
                </ul>
            </details>
            if !map.unsettled.is_empty() {
                <details class="map-unsettled">
                    <summary>{ turn() }{ say("What is not known") }<span class="count">{ map.unsettled.len() }</span></summary>
                    <ul>
                        { for map.unsettled.iter().map(|one| html! {
                            <li><span lang={engine()}>{ prose(&one.settles) }</span>{ " " }<span class="muted">{ words::ways(one.ways) }</span></li>
                        }) }
                    </ul>
                </details>
            }
        </>
    }
}

/// What the changes below do; some ways are left to what no pod decides about.
fn heading(plan: &Plan) -> String {
    let outcome = words::outcome(plan.outcome);
    match plan.left.len() {
        0 => say_with("To close {ways} to {outcome}", &[("ways", &words::ways(plan.closes)), ("outcome", &outcome)]),
        left => say_with(
            "To close {count} of the {all} ways to {outcome}",
            &[("count", &plan.closes), ("all", &(plan.closes + left)), ("outcome", &outcome)],
        ),
    }
}

/// How many of the ways to an outcome may be none.
fn unknown(map: &ContainerMap, outcome: Outcome) -> Html {
    match map.outcomes.iter().find(|count| count.outcome == outcome).map_or(0, |count| count.unknown) {
        0 => html! {},
        n => html! {
            <p class="muted">
                { plural(n, "Whether 1 of them is open is not known.", "Whether {count} of them are open is not known.") }
            </p>
        },
    }
}
