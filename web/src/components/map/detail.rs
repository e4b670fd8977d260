use watertight_diagnostic::ask::escape::{ContainerMap, Outcome, Reason, Strand, Truth};
use watertight_diagnostic::report::Place;
use yew::prelude::*;

use super::MapProps;
use crate::components::prose;
use crate::hooks::Page;
use crate::language::{engine, say, say_with};
use crate::state::Action;
use crate::words;

/// A way in words: why it is open or closed, from which lines, who would see it, and what closes it.
pub(crate) fn detail(page: &Page, props: &MapProps, chosen: usize) -> Html {
    let Some(map) = props.map() else { return html! {} };
    let Some(strand) = map.strands.get(chosen) else { return html! {} };
    let Some(technique) = props.report.techniques.get(strand.technique) else { return html! {} };
    let (badge, state) = match strand.open {
        Truth::Yes => ("critical", say("open")),
        Truth::Unknown => ("medium", say("not known")),
        Truth::No => ("low", say("closed")),
    };
    let list = |title: &'static str, truth: Truth| reasons(page, title, map, strand, truth);
    html! {
        <section class="map-detail" id="map-detail" aria-label={say_with("The way: {name}", &[("name", &technique.name)])}>
            <header>
                <h3 lang={engine()}>{ &*technique.name }</h3>
                <span class={classes!("badge", badge)}>{ state }</span>
                <span class="muted">{ words::outcome(technique.outcome) }</span>
                <button type="button" class="link end" onclick={page.on(Action::MapStrand(chosen))}>{ say("Close") }</button>
            </header>
            if strand.open == Truth::No {
                <p>{ stops(strand) }</p>
                { list(say("Because"), Truth::No) }
            } else {
                { list(say("Because"), Truth::Yes) }
                { list(say("Not known"), Truth::Unknown) }
                <p><b>{ say("Therefore") }{ " " }</b><span lang={engine()}>{ &*technique.why }</span></p>
                { onward(technique.outcome) }
            }
            if strand.after_escalation {
                <p class="muted">{ say("It needs root in the container first, which a program with the set-user-id bit can give.") }</p>
            }
            { bugs(strand) }
            <p lang={engine()}>{ strand.detection.words() }</p>
            if !strand.fixes.is_empty() {
                <h4>{ say("What closes it") }</h4>
                <ul class="map-fixes">
                    { for strand.fixes.iter().filter_map(|at| Some((*at, map.fixes.get(*at)?))).map(|(at, fix)| html! {
                        <li>
                            <span lang={engine()}>{ &fix.fix.title }</span>
                            <span class="muted" lang={engine()}>{ fix.effect_on(technique.outcome) }</span>
                            <button type="button" class="button small" onclick={page.on(Action::MapFix(at))}
                                aria-label={say_with("Apply: {title}", &[("title", &fix.fix.title)])}>{ say("Apply") }</button>
                        </li>
                    }) }
                </ul>
            }
            <p class="muted">{ technique.attack.join(", ") }</p>
        </section>
    }
}

fn stops(strand: &Strand) -> String {
    let name = strand.stopped_by.map_or(say("a layer"), words::layer);
    match strand.stops {
        0 | 1 => say_with("Stopped by {layer} alone: nothing else would hold if that changed.", &[("layer", &name)]),
        2 => say_with("Stopped by {layer}, and one more layer would stop it.", &[("layer", &name)]),
        n => say_with(
            "Stopped by {layer}, and {count} more layers would stop it.",
            &[("layer", &name), ("count", &(n - 1))],
        ),
    }
}

fn onward(outcome: Outcome) -> Html {
    let names: Vec<_> = outcome.onward().iter().skip(1).map(|outcome| words::outcome(*outcome)).collect();
    if names.is_empty() {
        return html! {};
    }
    html! { <p class="muted">{ say_with("It leads on to {outcomes}.", &[("outcomes", &names.join(", "))]) }</p> }
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
                        <span lang={engine()}>{ prose(&reason.text) }</span>
                        { for reason.places.iter().map(|place| line(page, place)) }
                        if !reason.settles.is_empty() {
                            <span class="muted" lang={engine()}>{ prose(&reason.settles) }</span>
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
        <button type="button" class="link place" onclick={page.on(go)}>{ words::line(place.range.start_line) }</button>
    }
}

fn bugs(strand: &Strand) -> Html {
    if strand.bugs.is_empty() {
        return html! {};
    }
    html! {
        <>
            <h4>{ say("Known bugs") }</h4>
            <ul class="map-reasons">
                { for strand.bugs.iter().take(12).map(|bug| html! {
                    <li>
                        <a href={bug.address.clone()} rel="noreferrer noopener" target="_blank">{ &*bug.id }</a>
                        { " " }{ &bug.name }{ " " }{ say_with("in {component} {version}: {because}", &[("component", &bug.component), ("version", &bug.version), ("because", &bug.because)]) }
                        if !bug.exploited.is_empty() {
                            <span class="badge critical">{ say("exploited in the wild") }</span>
                        }
                    </li>
                }) }
                if strand.bugs.len() > 12 {
                    <li class="muted">{ say_with("and {count} more", &[("count", &(strand.bugs.len() - 12))]) }</li>
                }
            </ul>
        </>
    }
}
