//! The escape map: a picture, the same as a table, and the way that was chosen in words.

mod detail;
mod explore;
mod picture;
mod plan;
mod table;

use std::rc::Rc;

use watertight_diagnostic::ask::escape::{ContainerMap, EscapeReport};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use self::detail::detail;
use self::picture::picture;
use self::plan::PlanView;
use self::table::Table;
use super::app::target;
use super::icon::Icon;
use crate::hooks::{Page, Shared};
use crate::lanes;
use crate::language::{engine, plural, say, say_with};
use crate::state::{Action, Engine};

/// A report and one of its containers.
#[derive(Properties, PartialEq, Clone)]
pub(crate) struct MapProps {
    /// The report.
    pub(crate) report: Shared<EscapeReport>,
    /// The container, by its place in the report.
    pub(crate) container: usize,
}

impl MapProps {
    fn map(&self) -> Option<&ContainerMap> {
        self.report.containers.get(self.container)
    }
}

/// The map of the container that was chosen, and the explorer.
#[inline(never)]
pub(crate) fn map_panel(page: &Page) -> Html {
    html! {
        <>
            { chosen(page) }
            { explore::panel(page) }
        </>
    }
}

fn chosen(page: &Page) -> Html {
    let state = &page.state;
    let Some(answer) = &state.map.answer else {
        let text = match (&state.engine, state.report()) {
            (Engine::Failed { .. }, _) => say("There is no map, because the analysis could not be started."),
            (_, Some(report)) if report.pods.is_empty() => {
                say("There is no pod in the text, so there is nothing to get out of.")
            }
            _ => say("Drawing the map …"),
        };
        return html! { <p class="empty">{ text }</p> };
    };
    let container = state.map.container.min(answer.report.containers.len().saturating_sub(1));
    let props = MapProps { report: Shared(answer.report.clone()), container };
    let Some(map) = props.map() else {
        return html! { <p class="empty">{ say("The pod has no containers, so there is nothing to get out of.") }</p> };
    };
    let fresh = answer.stamp == state.stamp;
    let title = lanes::title(&props.report, map);
    let export = {
        let (page, props) = (page.clone(), props.clone());
        Callback::from(move |_: MouseEvent| {
            if fresh {
                export(&page, &props);
            }
        })
    };
    html! {
        <div class={if fresh { "map" } else { "map old" }}>
            <div class="map-head">
                <h2 class="panel-title">{ title }</h2>
                <button type="button" class="button small" aria-disabled={(!fresh).to_string()} onclick={export}>{ Icon::Download.draw() }{ "SVG" }</button>
            </div>
            { choices(page, &props) }
            { for map.stillborn.iter().map(|sentence| html! { <p class="map-stillborn" lang={engine()}>{ sentence }</p> }) }
            if props.report.left_out > 0 {
                <p class="map-stillborn">
                    { plural(props.report.left_out, "1 more container of this pod is not looked at.", "{count} more containers of this pod are not looked at.") }
                </p>
            }
            { picture(page, &props) }
            { legend() }
            if let Some(strand) = state.map.strand {
                { detail(page, &props, strand) }
            }
            <PlanView ..props.clone() />
            <Table ..props.clone() />
            <p class="muted map-date">{ say_with("Known bugs as of {date}.", &[("date", &answer.report.date)]) }</p>
        </div>
    }
}

/// Which pod and which of its containers.
fn choices(page: &Page, props: &MapProps) -> Html {
    let Some(report) = page.state.report() else { return html! {} };
    let choose = {
        let page = page.clone();
        Callback::from(move |event: Event| {
            let value = target::<HtmlSelectElement>(&event).and_then(|select| select.value().parse().ok());
            if let Some(pod) = value {
                page.act.emit(Action::MapPod(pod));
            }
        })
    };
    let chosen = page.state.map.pod;
    html! {
        <div class="map-choices">
            if report.pods.len() > 1 {
                <label class="target">
                    <span>{ say("Pod") }</span>
                    <select id="map-pod" onchange={choose}>
                        { for report.pods.iter().enumerate().map(|(at, pod)| html! {
                            <option value={at.to_string()} selected={at == chosen}>{ format!("{}/{}", pod.kind, pod.name) }</option>
                        }) }
                    </select>
                </label>
            }
            if props.report.containers.len() > 1 {
                <div class="row" role="group" aria-label={say("Container")}>
                    { for props.report.containers.iter().enumerate().map(|(at, map)| html! {
                        <button type="button" class="button small" aria-pressed={(at == props.container).to_string()}
                            onclick={page.on(Action::MapContainer(at))}>{ &map.container }</button>
                    }) }
                </div>
            }
        </div>
    }
}

fn legend() -> Html {
    html! {
        <ul class="map-legend" aria-label={say("What the lines mean")}>
            <li class="lane-open">{ say("open") }</li>
            <li class="lane-unknown">{ say("not known") }</li>
            <li class="lane-lesser">{ say("open, but no way out") }</li>
            <li class="lane-stopped">{ say("stopped") }</li>
            <li class="lane-bug">{ say("needs a bug as well") }</li>
        </ul>
    }
}

fn export(page: &Page, props: &MapProps) {
    let Some(map) = props.map() else { return };
    let object = map.object.as_deref().unwrap_or("pod");
    let title =
        say_with("Ways out of {object}, container {container}", &[("object", &object), ("container", &map.container)]);
    let text: Rc<str> = lanes::svg(&title, &lanes::lanes(&props.report, map)).into();
    page.act.emit(Action::Download { name: "escape-map.svg".to_owned(), text });
}
