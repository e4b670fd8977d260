use watertight_diagnostic::ask::escape::{Outcome, Truth};
use yew::prelude::*;

use super::MapProps;
use crate::hooks::use_page;
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
                <section class="map-plan" aria-label="What closes them">
                    <h3>{ format!("To close {} to {}", words::count(plan.closes, "way"), plan.outcome.name()) }</h3>
                    if map.plans.len() > 1 {
                        <div class="row" role="group" aria-label="Outcome">
                            { for map.plans.iter().map(|one| {
                                let (wanted, outcome) = (wanted.clone(), one.outcome);
                                html! {
                                    <button type="button" class="button small" aria-pressed={(one.outcome == plan.outcome).to_string()}
                                        onclick={move |_| wanted.set(Some(outcome))}>{ one.outcome.name() }</button>
                                }
                            }) }
                        </div>
                    }
                    <ol>
                        { for plan.fixes.iter().filter_map(|at| Some((*at, map.fixes.get(*at)?))).map(|(at, fix)| html! {
                            <li>
                                <span>{ &fix.fix.title }</span>
                                <span class="muted">{ fix.effect_on(plan.outcome) }</span>
                                <span class={classes!("safety", words::safety_class(fix.fix.safety))} title={words::safety_long(fix.fix.safety)}>
                                    { words::safety(fix.fix.safety) }
                                </span>
                                <button type="button" class="button small" onclick={page.on(Action::MapFix(at))}
                                    aria-label={format!("Apply: {}", fix.fix.title)}>{ "Apply" }</button>
                            </li>
                        }) }
                    </ol>
                    if !plan.left.is_empty() {
                        <p class="muted">
                            { "No change of the pod alone closes: " }
                            { plan.left.iter().filter_map(|at| props.report.techniques.get(*at)).map(|one| one.name.as_str()).collect::<Vec<_>>().join(", ") }
                        </p>
                    }
                </section>
            }
            <details class="map-unsettled">
                <summary>{ format!("Grade {}: {} of 100", map.grade.letter, map.grade.points) }</summary>
                <p class="muted">
                    { format!("The lesser of {}, what the lines add up to, and {}, because {}.", map.grade.sum, map.grade.cap, map.grade.because) }
                </p>
                <ul>
                    { for map.grade.lines.iter().map(|line| html! {
                        <li>
                            { &line.text }{ " " }
                            <span class="muted">
                                { format!("{} of {}", line.got, line.of) }
                                if line.state == Truth::Unknown { { ", not known" } }
                            </span>
                        </li>
                    }) }
                </ul>
            </details>
            if !map.unsettled.is_empty() {
                <details class="map-unsettled">
                    <summary>{ "What is not known" }<span class="count">{ map.unsettled.len() }</span></summary>
                    <ul>
                        { for map.unsettled.iter().map(|one| html! {
                            <li>{ &one.settles }{ " " }<span class="muted">{ words::count(one.ways, "way") }</span></li>
                        }) }
                    </ul>
                </details>
            }
        </>
    }
}
