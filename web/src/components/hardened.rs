use std::rc::Rc;

use watertight_diagnostic::report::HardenedFile;
use yew::prelude::*;

use super::diff_view::DiffView;
use super::icon::Icon;
use crate::browser;
use crate::diff;
use crate::hooks::{Page, Shared};
use crate::state::{Action, Engine, Hardened};
use crate::words;

/// From which width of the window on the comparison stands side by side.
const WIDE: &str = "(min-width: 1200px)";

/// The hardened texts beside the old ones.
pub(crate) fn hardened_panel(page: &Page) -> Html {
    let state = &page.state;
    let level = words::level(state.preferences.settings.level);
    let Some(hardened) = &state.hardened else {
        let text = match state.engine {
            Engine::Failed { .. } => "There is no hardened text, because the analysis could not be started.",
            Engine::Loading | Engine::Ready { .. } => "Hardening your text …",
        };
        return html! { <p class="empty">{ text }</p> };
    };
    let fresh = hardened.stamp == state.stamp;
    let changed = hardened.files.iter().filter(|(_, _, rows)| !rows.is_empty()).count();
    let applied: usize = hardened.report.files.iter().map(|file| file.applied.len()).sum();
    let left: usize = hardened.report.files.iter().map(|file| file.left.len()).sum();
    let title = match (changed, left) {
        (0, 0) => format!("Nothing to change for {level}"),
        (0, _) => "Nothing that could be changed by itself".to_owned(),
        (_, 0) => format!("{} to {level}", words::count(applied, "change")),
        (_, left) => format!("{} to {level}, {left} left to you", words::count(applied, "change")),
    };
    html! {
        <div class={if fresh { "hardened" } else { "hardened old" }}>
            <div class="hardened-head">
                <div>
                    <h2 class="panel-title">{ title }</h2>
                    <p class="muted">
                        { if hardened.report.reached {
                            "Every pod passes the target when these changes are made."
                        } else {
                            "Some of what the target asks cannot be decided from the text; it is listed below."
                        } }
                    </p>
                </div>
                if changed > 0 {
                    <button type="button" class="button primary" disabled={!fresh} onclick={page.on(Action::ApplyHardened)}>
                        { "Put it into the editor" }
                    </button>
                }
            </div>
            { for hardened.report.files.iter().zip(&hardened.files).map(|(file, (_, _, rows))| draw(page, hardened, file, rows)) }
        </div>
    }
}

fn draw(page: &Page, hardened: &Hardened, file: &HardenedFile, rows: &Rc<Vec<diff::Row>>) -> Html {
    let (added, removed) = diff::counts(rows);
    let text: Rc<str> = file.text.as_str().into();
    let copy = page.on::<MouseEvent>(Action::Copy(text.clone()));
    let download = page.on::<MouseEvent>(Action::Download { name: file.name.clone(), text });
    let patch = page
        .on::<MouseEvent>(Action::Download { name: format!("{}.patch", file.name), text: file.diff.as_str().into() });
    html! {
        <section key={file.name.clone()} class="hardened-file" aria-label={file.name.clone()}>
            <header class="hardened-file-head">
                <h3>{ &file.name }</h3>
                if !rows.is_empty() {
                    <span class="plus">{ format!("+{added}") }</span><span class="minus">{ format!("−{removed}") }</span>
                } else {
                    <span class="muted">{ "unchanged" }</span>
                }
                <span class="row end">
                    <button type="button" class="button small" onclick={copy} aria-label={format!("Copy {}", file.name)}>
                        { Icon::Copy.draw() }{ "Copy" }
                    </button>
                    <button type="button" class="button small" onclick={download} aria-label={format!("Download {}", file.name)}>
                        { Icon::Download.draw() }{ "Download" }
                    </button>
                    if !file.diff.is_empty() {
                        <button type="button" class="button small" onclick={patch} aria-label={format!("Patch of {}", file.name)}>
                            { "Patch" }
                        </button>
                    }
                </span>
            </header>
            if !rows.is_empty() {
                <DiffView rows={Shared(rows.clone())} label={format!("Changes of {}", file.name)} split={browser::matches(WIDE)} />
            }
            if !file.left.is_empty() {
                <h4>{ "Left to you" }</h4>
                <ul class="left">
                    { for file.left.iter().map(|left| html! {
                        <li>
                            <p><b>{ &left.what }</b>{ " " }<span class="muted">{ left.object.clone().unwrap_or_default() }</span></p>
                            <p class="muted">{ &left.reason }</p>
                        </li>
                    }) }
                </ul>
            }
            if !file.applied.is_empty() {
                <details class="applied" open={hardened.report.files.len() == 1}>
                    <summary>{ "What was done" }<span class="count">{ file.applied.len() }</span></summary>
                    <ul>
                        { for file.applied.iter().map(|fix| html! {
                            <li>
                                <span class={classes!("safety", words::safety_class(fix.safety))} title={words::safety_long(fix.safety)}>
                                    { words::safety(fix.safety) }
                                </span>
                                <span>{ &fix.title }{ " " }<code>{ &fix.route }</code></span>
                            </li>
                        }) }
                    </ul>
                </details>
            }
        </section>
    }
}
