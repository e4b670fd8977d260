use watertight_diagnostic::ask::escape::{ContainerMap, Outcome, Reason, Strand, Truth};
use watertight_diagnostic::report::Place;
use yew::prelude::*;

use super::MapProps;
use crate::hooks::Page;
use crate::state::Action;

/// A way in words: why it is open or closed, from which lines, who would see it, and what closes it.
pub(crate) fn detail(page: &Page, props: &MapProps, chosen: usize) -> Html {
    let Some(map) = props.map() else { return html! {} };
    let Some(strand) = map.strands.get(chosen) else { return html! {} };
    let Some(technique) = props.report.techniques.get(strand.technique) else { return html! {} };
    let (badge, state) = match strand.open {
        Truth::Yes => ("critical", "open"),
        Truth::Unknown => ("medium", "not known"),
        Truth::No => ("low", "closed"),
    };
    let list = |title: &'static str, truth: Truth| reasons(page, title, map, strand, truth);
    html! {
        <section class="map-detail" id="map-detail" aria-label={format!("The way: {}", technique.name)}>
            <header>
                <h3>{ &technique.name }</h3>
                <span class={classes!("badge", badge)}>{ state }</span>
                <span class="muted">{ technique.outcome.name() }</span>
                <button type="button" class="link end" onclick={page.on(Action::MapStrand(chosen))}>{ "Close" }</button>
            </header>
            if strand.open == Truth::No {
                <p>{ stops(strand) }</p>
                { list("Because", Truth::No) }
            } else {
                { list("Because", Truth::Yes) }
                { list("Not known", Truth::Unknown) }
                <p><b>{ "Therefore " }</b>{ &technique.why }</p>
                { onward(technique.outcome) }
            }
            if strand.after_escalation {
                <p class="muted">{ "It needs root in the container first, which a program with the set-user-id bit can give." }</p>
            }
            { bugs(strand) }
            <p>{ strand.detection.words() }</p>
            if !strand.fixes.is_empty() {
                <h4>{ "What closes it" }</h4>
                <ul class="map-fixes">
                    { for strand.fixes.iter().filter_map(|at| Some((*at, map.fixes.get(*at)?))).map(|(at, fix)| html! {
                        <li>
                            <span>{ &fix.fix.title }</span>
                            <span class="muted">{ fix.effect_on(technique.outcome) }</span>
                            <button type="button" class="button small" onclick={page.on(Action::MapFix(at))}
                                aria-label={format!("Apply: {}", fix.fix.title)}>{ "Apply" }</button>
                        </li>
                    }) }
                </ul>
            }
            <p class="muted">{ technique.attack.join(", ") }</p>
        </section>
    }
}

fn stops(strand: &Strand) -> String {
    let name = strand.stopped_by.map_or("a layer", |layer| layer.name());
    match strand.stops {
        0 | 1 => format!("Stopped by {name} alone: nothing else would hold if that changed."),
        2 => format!("Stopped by {name}, and one more layer would stop it."),
        n => format!("Stopped by {name}, and {} more layers would stop it.", n - 1),
    }
}

fn onward(outcome: Outcome) -> Html {
    let names: Vec<_> = outcome.onward().iter().skip(1).map(|outcome| outcome.name()).collect();
    if names.is_empty() {
        return html! {};
    }
    html! { <p class="muted">{ format!("It leads on to {}.", names.join(", ")) }</p> }
}

fn reasons(page: &Page, title: &'static str, map: &ContainerMap, strand: &Strand, truth: Truth) -> Html {
    let all: Vec<&Reason> = map.reasons_of(strand, truth).collect();
    if all.is_empty() {
        return html! {};
    }
    html! {
        <>
            <h4>{ title }</h4>
            <ul class="map-reasons">
                { for all.into_iter().map(|reason| html! {
                    <li>
                        <span>{ &reason.text }</span>
                        { for reason.places.iter().map(|place| line(page, place)) }
                        if !reason.settles.is_empty() {
                            <span class="muted">{ &reason.settles }</span>
                        }
                    </li>
                }) }
            </ul>
        </>
    }
}

fn line(page: &Page, place: &Place) -> Html {
    let go = Action::Reveal { file: place.file, from: place.range.start, to: place.range.end, go: true };
    html! {
        <button type="button" class="link" onclick={page.on(go)}>{ format!("line {}", place.range.start_line) }</button>
    }
}

fn bugs(strand: &Strand) -> Html {
    if strand.bugs.is_empty() {
        return html! {};
    }
    html! {
        <>
            <h4>{ "Known bugs" }</h4>
            <ul class="map-reasons">
                { for strand.bugs.iter().take(12).map(|bug| html! {
                    <li>
                        <a href={bug.address.clone()} rel="noreferrer noopener" target="_blank">{ &bug.id }</a>
                        { " " }{ &bug.name }{ format!(" in {} {}: {}", bug.component, bug.version, bug.because) }
                        if !bug.exploited.is_empty() {
                            <span class="badge critical">{ "exploited in the wild" }</span>
                        }
                    </li>
                }) }
                if strand.bugs.len() > 12 {
                    <li class="muted">{ format!("and {} more", strand.bugs.len() - 12) }</li>
                }
            </ul>
        </>
    }
}
