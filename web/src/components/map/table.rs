use watertight_diagnostic::ask::escape::{Cell, Layer, State, Strand, TechniqueReport, Truth};
use yew::prelude::*;

use super::MapProps;
use crate::hooks::use_page;
use crate::lanes::{self, is_fault};
use crate::language::{engine, say, say_with};
use crate::state::Action;
use crate::words;

/// A way with its place among the strands.
type Row<'a> = (usize, &'a Strand, &'a TechniqueReport);

/// Every way, layer by layer.
#[component]
pub(crate) fn Table(props: &MapProps) -> Html {
    let page = use_page();
    let all = use_state(|| false);
    let Some(map) = props.map() else { return html! {} };
    let report = &props.report;
    let rows: Vec<Row<'_>> = map
        .strands
        .iter()
        .enumerate()
        .filter_map(|(at, strand)| Some((at, strand, report.techniques.get(strand.technique)?)))
        .collect();
    let group = |wanted: &dyn Fn(&Row<'_>) -> bool| rows.iter().copied().filter(wanted).collect::<Vec<Row<'_>>>();
    let open = group(&|(_, strand, technique)| strand.open == Truth::Yes && is_fault(technique));
    let unknown = group(&|(_, strand, technique)| strand.open == Truth::Unknown && is_fault(technique));
    let bugs = group(&|(_, strand, technique)| strand.open != Truth::No && !is_fault(technique));
    let closed = group(&|(_, strand, _)| strand.open == Truth::No);
    let once = closed.iter().filter(|(_, strand, _)| strand.stops == 1).count();
    // The way that is told has its row.
    let told_is_closed = page.state.map.strand.is_some_and(|told| closed.iter().any(|(at, ..)| *at == told));
    let all_shown = *all || told_is_closed;
    let toggle = {
        let (act, told) = (page.act.clone(), page.state.map.strand.filter(|_| told_is_closed));
        Callback::from(move |_: MouseEvent| {
            all.set(!all_shown);
            // With its row a closed way is not told any more.
            if let Some(told) = told {
                act.emit(Action::MapStrand(told));
            }
        })
    };
    let body = |title: String, rows: &[Row<'_>]| {
        if rows.is_empty() {
            return html! {};
        }
        html! {
            <tbody>
                <tr><th class="map-group" colspan="9" scope="rowgroup">{ title }</th></tr>
                { for rows.iter().map(|(at, strand, technique)| row(&page.on(Action::MapStrand(*at)), page.state.map.strand == Some(*at), strand, technique)) }
            </tbody>
        }
    };
    html! {
        <section class="map-table" aria-label={say("Every way, layer by layer")}>
            <div class="map-scroll" tabindex="0" role="region" aria-label={say("Table of the ways out")}>
                <table>
                    <caption class="unseen">{ say("Ways out of the container, and what each layer does about them") }</caption>
                    <thead>
                        <tr>
                            <th scope="col">{ say("Way") }</th>
                            { for Layer::ALL.into_iter().map(|layer| html! {
                                <th scope="col"><abbr title={words::layer(layer)}>{ lanes::short_name(layer) }</abbr></th>
                            }) }
                            <th scope="col">{ say("Wins") }</th>
                        </tr>
                    </thead>
                    { body(say_with("Open ({count})", &[("count", &open.len())]), &open) }
                    { body(say_with("Not known ({count})", &[("count", &unknown.len())]), &unknown) }
                    { body(say_with("Remains: needs a bug as well, or nearly every pod has it ({count})", &[("count", &bugs.len())]), &bugs) }
                    if all_shown {
                        { body(say_with("Closed ({count})", &[("count", &closed.len())]), &closed) }
                    }
                </table>
            </div>
            <button type="button" class="link" aria-expanded={all_shown.to_string()} onclick={toggle}>
                { if all_shown { say("Hide the closed ways").to_owned() } else {
                    say_with(
                        if closed.len() == 1 {
                            "Show 1 closed way, {once} of them closed by a single layer"
                        } else {
                            "Show {count} closed ways, {once} of them closed by a single layer"
                        },
                        &[("count", &closed.len()), ("once", &once)],
                    )
                } }
            </button>
        </section>
    }
}

fn row(choose: &Callback<MouseEvent>, chosen: bool, strand: &Strand, technique: &TechniqueReport) -> Html {
    html! {
        <tr key={&*technique.id} class={chosen.then_some("map-chosen")}>
            <th scope="row">
                <button type="button" class="link" aria-pressed={chosen.to_string()} lang={engine()} onclick={choose}>{ &*technique.name }</button>
            </th>
            { for strand.layers.iter().map(cell) }
            <td>{ words::outcome(technique.outcome) }</td>
        </tr>
    }
}

fn cell(cell: &Cell) -> Html {
    let (class, sign) = match cell.state {
        State::Stops => ("cell-stops", "■"),
        State::Passes => ("cell-passes", "→"),
        State::Unknown => ("cell-unknown", "?"),
        State::NotInvolved => ("cell-none", "·"),
    };
    html! {
        <td class={classes!("map-cell", class)} title={words::layer_state(cell.state)}>
            <span aria-hidden="true">{ sign }</span><span class="unseen">{ words::layer_state(cell.state) }</span>
        </td>
    }
}
