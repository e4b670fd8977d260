use watertight_diagnostic::{KubeVersion, Level, Settings};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::app::target;
use crate::hooks::Page;
use crate::language::say;
use crate::state::Action;
use crate::words;

/// The oldest minor version in the list. Namespaces in the text may name others.
const OLDEST: u32 = 20;

/// Targets that can be chosen.
const LEVELS: [Level; 3] = [Level::Baseline, Level::Restricted, Level::Hardened];

/// What is asked for: level and version.
pub(crate) fn targets(page: &Page) -> Html {
    let settings = page.state.settings;
    let change = |take: fn(&str, Settings) -> Option<Settings>| {
        let page = page.clone();
        Callback::from(move |event: Event| {
            let value = target::<HtmlSelectElement>(&event).map(|select| select.value()).unwrap_or_default();
            if let Some(settings) = take(&value, page.state.settings) {
                page.port.flush();
                page.act.emit(Action::Settings(settings));
            }
        })
    };
    let level = change(|value, settings| Some(Settings { level: value.parse().ok()?, ..settings }));
    let version = change(|value, settings| Some(Settings { kube_version: value.parse().ok()?, ..settings }));
    let minors = (OLDEST..=KubeVersion::NEWEST).rev().map(KubeVersion::Minor);
    let versions = std::iter::once(KubeVersion::Latest).chain(minors);
    html! {
        <div class="targets">
            <label class="target">
                <span>{ say("Target") }</span>
                <select id="level" onchange={level}>
                    { for LEVELS.into_iter().map(|level| html! {
                        <option value={level.word()} selected={level == settings.level}>{ words::level(level) }</option>
                    }) }
                </select>
            </label>
            <label class="target">
                <span>{ say("Kubernetes") }</span>
                <select id="version" onchange={version}>
                    { for versions.map(|version| html! {
                        <option value={version.to_string()} selected={version == settings.kube_version}>
                            { version.to_string() }
                        </option>
                    }) }
                </select>
            </label>
        </div>
    }
}
