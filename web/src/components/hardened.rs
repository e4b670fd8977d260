use std::rc::Rc;

use watertight_diagnostic::report::HardenedFile;
use yew::prelude::*;

use super::diff_view::DiffView;
use super::icon::{Icon, turn};
use super::prose;
use crate::browser;
use crate::diff;
use crate::hooks::{Page, Shared};
use crate::language::{engine, say, say_with};
use crate::state::{Action, Engine, Hardened};
use crate::words;

/// From which width of the window on the comparison stands side by side.
const WIDE: &str = "(min-width: 1600px)";

/// The hardened texts beside the old ones.
#[inline(never)]
pub(crate) fn hardened_panel(page: &Page) -> Html {
    let state = &page.state;
    let level = words::level(state.settings.level);
    let Some(hardened) = &state.hardened else {
        let text = match state.engine {
            Engine::Failed { .. } => say("There is no hardened text, because the analysis could not be started."),
            Engine::Loading | Engine::Ready { .. } => say("Hardening your text …"),
        };
        return html! { <p class="empty">{ text }</p> };
    };
    let fresh = hardened.stamp == state.stamp;
    let changed = hardened.files.iter().filter(|(_, _, rows)| !rows.is_empty()).count();
    let applied: usize = hardened.report.files.iter().map(HardenedFile::applied_count).sum();
    let left: usize = hardened.report.files.iter().map(HardenedFile::left_count).sum();
    let title = match (changed, left) {
        (0, 0) => say_with("Nothing to change for {level}", &[("level", &level)]),
        (0, _) => say("Nothing that could be changed by itself").to_owned(),
        (_, 0) => say_with("{changes} to {level}", &[("changes", &words::changes(applied)), ("level", &level)]),
        (_, left) => say_with(
            "{changes} to {level}, {left} left to you",
            &[("changes", &words::changes(applied)), ("level", &level), ("left", &left)],
        ),
    };
    html! {
        <div class={if fresh { "hardened" } else { "hardened old" }}>
            <div class="hardened-head">
                <div>
                    <h2 class="panel-title">{ title }</h2>
                    <p class="muted">
                        { if state.report().is_some_and(|report| report.pods.is_empty()) && changed == 0 {
                            say("There is no container in the text that could be hardened.")
                        } else if hardened.report.reached && left > 0 {
                            say("What the target asks for is done with this; what is listed as left is for you to decide.")
                        } else if hardened.report.reached && changed == 0 {
                            say("The text does what the target asks.")
                        } else if hardened.report.reached {
                            say("With these changes the text does what the target asks.")
                        } else {
                            say("Some of what the target asks cannot be decided from the text; it is listed below.")
                        } }
                    </p>
                </div>
                if changed > 0 {
                    <button type="button" class="button primary" aria-disabled={(!fresh).to_string()}
                        onclick={page.on_fresh(fresh, Action::ApplyHardened)}>
                        { say("Put it into the editor") }
                    </button>
                }
            </div>
            { for hardened.report.files.iter().zip(&hardened.files).map(|(file, (_, _, rows))| draw(page, hardened, fresh, file, rows)) }
        </div>
    }
}

fn draw(page: &Page, hardened: &Hardened, fresh: bool, file: &HardenedFile, rows: &Rc<Vec<diff::Row>>) -> Html {
    let (added, removed) = diff::counts(rows);
    let text: Rc<str> = file.text.as_str().into();
    let on = |action| page.on_fresh::<MouseEvent>(fresh, action);
    let copy = on(Action::Copy(text.clone()));
    let download = on(Action::Download { name: file.name.clone(), text });
    let patch = on(Action::Download { name: format!("{}.patch", file.name), text: file.diff.as_str().into() });
    let stale = (!fresh).to_string();
    html! {
        <section key={file.name.clone()} class="hardened-file" aria-label={file.name.clone()}>
            <header class="hardened-file-head">
                <h3>{ &file.name }</h3>
                if !rows.is_empty() {
                    <span class="plus">{ format!("+{added}") }</span><span class="minus">{ format!("−{removed}") }</span>
                } else {
                    <span class="muted">{ say("unchanged") }</span>
                }
                <span class="row end">
                    <button type="button" class="button small" aria-disabled={stale.clone()} onclick={copy} aria-label={say_with("Copy {name}", &[("name", &file.name)])}>
                        { Icon::Copy.draw() }{ say("Copy") }
                    </button>
                    <button type="button" class="button small" aria-disabled={stale.clone()} onclick={download} aria-label={say_with("Download {name}", &[("name", &file.name)])}>
                        { Icon::Download.draw() }{ say("Download") }
                    </button>
                    if !file.diff.is_empty() {
                        <button type="button" class="button small" aria-disabled={stale} onclick={patch} aria-label={say_with("Patch of {name}", &[("name", &file.name)])}>
                            { say("Patch") }
                        </button>
                    }
                </span>
            </header>
            if !rows.is_empty() {
                <DiffView rows={Shared(rows.clone())} label={say_with("Changes of {name}", &[("name", &file.name)])} split={browser::matches(WIDE)} />
            }
            if !file.left.is_empty() {
                <h4>{ say("Left to you") }</h4>
                <ul class="left" lang={engine()}>
                    { for file.left.iter().map(|left| html! {
                        <li>
                            <p><b>{ prose(&left.what) }</b>{ " " }<span class="muted">{ left.object.clone().unwrap_or_default() }</span></p>
                            <p class="muted">{ prose(&left.reason) }</p>
                        </li>
                    }) }
                </ul>
            }
            if !file.applied.is_empty() {
                <details class="applied" open={hardened.report.files.len() == 1}>
                    <summary>{ turn() }{ say("What was done") }<span class="count">{ file.applied_count() }</span></summary>
                    <ul>
                        { for file.applied.iter().map(|fix| html! {
                            <li>
                                <span class={classes!("safety", words::safety_class(fix.safety))} title={words::safety_long(fix.safety)}>
                                    { words::safety(fix.safety) }
                                </span>
                                <span lang={engine()}>{ &fix.title }{ " " }<code>{ &fix.route }</code></span>
                                if fix.more > 0 {
                                    { " " }<span class="muted">{ say_with("and {count} more", &[("count", &fix.more)]) }</span>
                                }
                            </li>
                        }) }
                    </ul>
                </details>
            }
        </section>
    }
}
