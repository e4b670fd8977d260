//! The explorer: what a capability or a folder of the node opens, what would stop it, and what does the same with less.

use watertight_diagnostic::ask::escape::Truth;
use watertight_diagnostic::ask::explore::{Explored, ExploredLayer, ExploredWay};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::components::app::target;
use crate::components::turn;
use crate::hooks::Page;
use crate::language::{engine, plural, say, say_with};
use crate::state::{Action, ExploreAct as Act};
use crate::words;

/// The panel, folded until somebody wants it.
pub(crate) fn panel(page: &Page) -> Html {
    let own = &page.state.explore;
    html! {
        <section class="apparmor explore" aria-labelledby="explore-title">
            <h3 id="explore-title">
                <button type="button" class="link" aria-expanded={own.open.to_string()}
                    onclick={page.on(Action::Explore(Act::Fold))}>
                    { say("What does a capability or a folder of the node open?") }
                </button>
            </h3>
            if own.open {
                { question(page) }
                { answer(page) }
            }
        </section>
    }
}

fn question(page: &Page) -> Html {
    let own = &page.state.explore;
    let typed = {
        let page = page.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(field) = target::<HtmlInputElement>(&event) {
                page.act.emit(Action::Explore(Act::What(field.value())));
            }
        })
    };
    let writable = {
        let page = page.clone();
        Callback::from(move |event: Event| {
            if let Some(field) = target::<HtmlInputElement>(&event) {
                page.act.emit(Action::Explore(Act::Writable(field.checked())));
            }
        })
    };
    let choices = own.answer.iter().flat_map(|(_, known)| known.capabilities.iter().chain(&known.paths));
    html! {
        <div class="apparmor-ask">
            <label class="field grow">
                <span>{ say("Capability, or path of the node") }</span>
                <input id="explore-what" type="text" list="explore-choices" spellcheck="false" autocomplete="off"
                    autocapitalize="none" value={own.what.clone()} oninput={typed} />
            </label>
            <datalist id="explore-choices">{ for choices.map(|choice| html! { <option value={choice.clone()} /> }) }</datalist>
            if own.what.contains('/') {
                <label><input type="checkbox" checked={own.writable} onchange={writable} />{ " " }{ say("It may write there") }</label>
            }
        </div>
    }
}

fn answer(page: &Page) -> Html {
    let explored = page.state.explore.answer.as_ref().map(|(_, explored)| &**explored);
    let known = explored.filter(|explored| !explored.title.is_empty());
    let problem = explored.map(|explored| explored.problem.as_str());
    html! {
        <div>
            if let Some(known) = known {
                <h4>
                    { &known.title }{ " " }
                    if let Some(danger) = known.danger {
                        <span class={classes!("badge", danger.word())}>{ words::severity(danger) }</span>
                    }
                </h4>
            }
            // It is read with each key; all that stands below would be too much.
            <p role="status" lang={engine()}>{ known.map(|known| known.opens.as_str()).or(problem).unwrap_or_default() }</p>
            if let Some(known) = known {
                { more(page, known) }
            }
        </div>
    }
}

fn more(page: &Page, explored: &Explored) -> Html {
    let (needs_more, opens): (Vec<&ExploredWay>, Vec<_>) = explored.ways.iter().partition(|way| way.open == Truth::No);
    html! {
        <>
            <div lang={engine()}>
                if !explored.given.is_empty() {
                    <p class="muted">{ &explored.given }</p>
                }
                <p>{ &explored.needed_for }</p>
            </div>
            <p><b>{ say("Instead:") }</b>{ " " }<span lang={engine()}>{ &explored.instead }</span></p>
            // While another question is on its way, what stands here is about the last one.
            if let Some(sample) = explored.sample.as_ref().filter(|_| page.state.explore_is_fresh()) {
                <p>
                    <button type="button" class="button" onclick={page.on(Action::Explore(Act::Sample))}>
                        { if sample.has { say("Take it out of the sample pod") } else { say("Put it into a sample pod") } }
                    </button>
                </p>
            }
            if opens.is_empty() {
                <p>{ say("It opens no way out by itself.") }</p>
            } else {
                <h4>{ say("What it opens by itself, to root without any other layer") }</h4>
                <ul class="map-reasons">{ for opens.iter().map(|way| self::way(way)) }</ul>
                <h4>{ say("What would stop that, each layer alone") }</h4>
                <ul class="map-reasons">{ for explored.layers.iter().map(|one| layer(explored, one, opens.len())) }</ul>
            }
            if !needs_more.is_empty() {
                <details>
                    <summary>{ turn() }{ say("What needs it and something else as well") }<span class="count">{ needs_more.len() }</span></summary>
                    <ul class="map-reasons">{ for needs_more.into_iter().map(way) }</ul>
                </details>
            }
        </>
    }
}

fn way(way: &ExploredWay) -> Html {
    html! {
        <li>
            <span lang={engine()}>{ &way.name }</span>
            if way.open == Truth::Unknown {
                <span class="badge medium">{ say("not known") }</span>
            }
            <span class="muted">
                { words::outcome(way.outcome) }
                if way.by_bug { { ", " }{ say("with a bug as well") } }
            </span>
            if !way.because.is_empty() {
                <span class="muted" lang={engine()}>{ way.because.join(", ") }</span>
            }
        </li>
    }
}

fn layer(explored: &Explored, layer: &ExploredLayer, of: usize) -> Html {
    let stops = layer.stops.len();
    let said = match stops {
        0 => say("stops none").to_owned(),
        n if n == of => plural(n, "stops it", "stops all {count}"),
        n => say_with("stops {count} of {of}", &[("count", &n), ("of", &of)]),
    };
    let class = match stops {
        0 => "muted",
        n if n == of => "badge low",
        _ => "badge medium",
    };
    let names: Vec<&str> =
        layer.stops.iter().filter_map(|at| explored.ways.get(*at)).map(|way| way.name.as_str()).collect();
    html! {
        <li title={names.join(", ")}>
            <span lang={engine()}>{ &layer.name }</span>
            <span {class}>{ said }</span>
            <code class="muted" lang={engine()}>{ &layer.how }</code>
        </li>
    }
}
