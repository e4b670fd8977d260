use watertight_diagnostic::ask::escape::{Layer, State};
use yew::prelude::*;

use super::MapProps;
use crate::hooks::Page;
use crate::lanes::{self, BEGIN, End, HOST, Lane, WIDTH};
use crate::language::{plural, say};
use crate::state::Action;
use crate::words;

/// The strands: each runs through the layers and ends at the one that stops it, or at the node. The table below says the
/// same to those who cannot see it, and holds what the keyboard reaches.
pub(crate) fn picture(page: &Page, props: &MapProps) -> Html {
    let Some(map) = props.map() else { return html! {} };
    let lanes = lanes::lanes(&props.report, map);
    let height = lanes::height(lanes.len());
    let chosen = page.state.map.strand;
    let open = lanes.iter().filter(|lane| matches!(lane.end, End::Open(_)) && !lane.end.is_lesser()).count();
    let doubtful = lanes.iter().any(|lane| matches!(lane.end, End::Unknown(_)) && !lane.end.is_lesser());
    let label = match open {
        0 if doubtful => {
            say("Picture of the ways out: none certainly reaches the node. The table below says the same.").to_owned()
        }
        0 => say("Picture of the ways out: none reaches the node as it is configured. The table below says the same.")
            .to_owned(),
        n => plural(
            n,
            "Picture of the ways out: {count} line reaches the node. The table below says the same.",
            "Picture of the ways out: {count} lines reach the node. The table below says the same.",
        ),
    };
    html! {
        <div class="map-picture" tabindex="0" role="region" aria-label={say("Picture of the ways out")}>
            <svg viewBox={format!("0 0 {WIDTH} {height}")} role="img" aria-label={label}>
                { for Layer::ALL.into_iter().enumerate().map(|(place, layer)| {
                    let x = lanes::layer_x(place).to_string();
                    html! {
                        <g class="map-layer">
                            <title>{ words::layer(layer) }</title>
                            <text x={x.clone()} y="30" text-anchor="middle">{ lanes::short_name(layer) }</text>
                            <line x1={x.clone()} y1="40" x2={x} y2={height.to_string()} />
                        </g>
                    }
                }) }
                <text class="map-place" x="8" y="30">{ say("Container") }</text>
                <text class="map-place" x={(HOST + 10).to_string()} y="30">{ say("Node") }</text>
                { for lanes.iter().enumerate().map(|(place, lane)| {
                    let choose = page.on::<MouseEvent>(Action::MapStrand(lane.strand));
                    draw(place, lane, chosen == Some(lane.strand), choose)
                }) }
            </svg>
        </div>
    }
}

fn draw(place: usize, lane: &Lane, chosen: bool, choose: Callback<MouseEvent>) -> Html {
    let y = lanes::lane_y(place);
    let end = lanes::end_x(lane.end);
    let class = classes!(
        "lane",
        format!("lane-{}", lane.end.class()),
        lane.end.is_lesser().then_some("lane-lesser"),
        chosen.then_some("lane-chosen")
    );
    let text_y = (y + 4).to_string();
    html! {
        <g {class} onclick={choose}>
            <title>{ format!("{}{}", lane.label, lane.more) }</title>
            <rect class="lane-ground" x="0" y={(y - lanes::STEP / 2).to_string()} width={WIDTH.to_string()} height={lanes::STEP.to_string()} />
            <text class="lane-label" x="8" y={text_y.clone()}>{ lanes::shortened(lane) }</text>
            <line class="lane-line" x1={BEGIN.to_string()} y1={y.to_string()} x2={end.to_string()} y2={y.to_string()} />
            if matches!(lane.end, End::Stopped(_)) {
                <rect class="lane-stop" x={(end - 3).to_string()} y={(y - 9).to_string()} width="6" height="18" />
            } else {
                if lane.end.is_lesser() {
                    <circle class="lane-tip" cx={end.to_string()} cy={y.to_string()} r="4" />
                } else {
                    <path class="lane-tip" d={format!("M{HOST} {}L{} {y}L{HOST} {}Z", y - 5, HOST + 7, y + 5)} />
                }
                <text class="lane-end" x={(HOST + 10).to_string()} y={text_y.clone()}>{ lane.end.words() }</text>
            }
            { for lane.layers.iter().enumerate().filter(|(layer, state)| **state == State::Passes && lanes::layer_x(*layer) < end).map(|(layer, _)| html! {
                <circle class="lane-pass" cx={lanes::layer_x(layer).to_string()} cy={y.to_string()} r="3.5" />
            }) }
            { for lane.layers.iter().enumerate().filter(|(layer, state)| **state == State::Unknown && lanes::layer_x(*layer) < end).map(|(layer, _)| {
                let x = lanes::layer_x(layer).to_string();
                html! {
                    <>
                        <circle class="lane-doubt" cx={x.clone()} cy={y.to_string()} r="8" />
                        <text class="lane-mark" {x} y={text_y.clone()} text-anchor="middle">{ "?" }</text>
                    </>
                }
            }) }
        </g>
    }
}
