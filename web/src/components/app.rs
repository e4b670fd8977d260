use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, FileList};
use yew::prelude::*;

use super::banner::banners;
use super::checklist::checklist;
use super::editor_pane::EditorPane;
use super::file_tabs::FileTabs;
use super::findings::Findings;
use super::footer::footer;
use super::generate::generate;
use super::hardened::hardened_panel;
use super::header::header;
use super::lesson::lesson_panel;
use super::map::map_panel;
use super::notice::{notice_bar, use_passing_notice};
use super::settings_dialog::{settings_dialog, use_settings_dialog};
use super::simulate::simulate;
use super::tabs::{TabItem, TabsProps, tabs};
use super::targets::targets;
use crate::browser;
use crate::files::MAX_OPENED;
use crate::hooks::{Page, use_store};
use crate::language::say;
use crate::state::{Action, Engine, Side, Tab};
use crate::words;

/// Where a screen reader hears what has come of the text.
const LIVE: &str = "live";

/// In how many parts the page is drawn at first.
const PARTS: u8 = 4;

/// How many parts are drawn. Each is a task of its own, so that a slow processor answers whoever touches the page in between;
/// the first page lies over them until all are there.
#[hook]
fn use_parts() -> u8 {
    let parts = use_state(|| 0);
    use_effect_with(*parts, {
        let parts = parts.clone();
        move |drawn| {
            let next = drawn + 1;
            if next <= PARTS {
                Timeout::new(0, move || parts.set(next)).forget();
            }
        }
    });
    *parts
}

/// The whole page.
#[component]
pub(crate) fn App() -> Html {
    let parts = use_parts();
    let page = use_store(parts == PARTS);
    use_passing_notice(&page);
    use_settings_dialog(&page);
    use_announcements(&page);
    // All panels are drawn in one place, which would else keep the last one's scrolling.
    use_effect_with(page.state.tab, |_| {
        if let Some(panel) = browser::element("panel") {
            panel.set_scroll_top(0);
        }
    });
    // Not all tabs have room on a phone, and the chosen one may be another when its side is shown again.
    use_effect_with((page.state.tab, page.state.side), |(tab, _)| {
        browser::scroll_along(&["tab-", words::tab_id(*tab)].concat(), ".tab", ".tabs");
    });
    let side = match page.state.side {
        Side::Text => "shows-text",
        Side::Results => "shows-results",
    };
    let presenting = page.state.lesson.presenting.then_some("presenting");
    let over = Callback::from(|event: DragEvent| {
        if event.data_transfer().is_some_and(|data| data.types().includes(&"Files".into(), 0)) {
            event.prevent_default();
        }
    });
    let drop = {
        let act = page.act.clone();
        Callback::from(move |event: DragEvent| {
            if let Some(files) = event.data_transfer().and_then(|data| data.files()).filter(|files| files.length() > 0)
            {
                event.prevent_default();
                open_files(files, act.clone());
            }
        })
    };
    html! {
        <ContextProvider<Page> context={page.clone()}>
            <div class={classes!("app", side, presenting)} ondragover={over} ondrop={drop}>
                <a class="skip" href="#results" onclick={page.on(Action::Side(Side::Results))}>{ say("Skip to the results") }</a>
                // The header with the frame below it, which would else be moved by it.
                if parts > 0 {
                    { header(&page) }
                    { side_switch(&page) }
                    <main class="split">
                        <section class="side side-text" aria-label={say("Your text")}>
                            if parts > 2 {
                                <FileTabs />
                                { banners(&page) }
                                <EditorPane />
                            }
                        </section>
                        <section class="side side-results" id="results" aria-label={say("Results")} tabindex="-1">
                            if parts > 1 {
                                { results(&page) }
                            }
                        </section>
                    </main>
                }
                if parts == PARTS {
                    { footer(&page) }
                    { notice_bar(&page) }
                    { settings_dialog(&page) }
                }
                // What it says is written by the hook above.
                <p class="unseen" id={LIVE} role="status" aria-live="polite"></p>
            </div>
        </ContextProvider<Page>>
    }
}

/// The two sides as tabs, where there is room for one.
fn side_switch(page: &Page) -> Html {
    let count = page.state.report().map(|report| words::count(report, &|_| true));
    let button = |side: Side, label: &'static str, count: Option<usize>| {
        let here = page.state.side == side;
        html! {
            <button type="button" class="switch" aria-pressed={here.to_string()} onclick={page.on(Action::Side(side))}>
                { label }
                if let Some(count) = count {
                    <span class="count">{ words::number(count) }</span>
                }
            </button>
        }
    };
    html! {
        <nav class="switches" aria-label={say("What is shown")}>
            { button(Side::Text, say("Text"), None) }
            { button(Side::Results, say("Results"), count) }
        </nav>
    }
}

fn results(page: &Page) -> Html {
    let state = &page.state;
    let shown: Vec<Tab> = Tab::ALL.into_iter().filter(|tab| *tab != Tab::Lesson || state.lesson.shown).collect();
    let items: Vec<TabItem> = shown
        .iter()
        .map(|&tab| TabItem {
            id: words::tab_id(tab).into(),
            label: words::tab(tab).into(),
            count: match tab {
                Tab::Findings => state.report().map(|report| words::count(report, &|_| true)),
                Tab::Lesson | Tab::Map | Tab::Hardened | Tab::Simulate | Tab::Generate | Tab::Checklist => None,
            },
        })
        .collect();
    let selected = shown.iter().position(|tab| *tab == state.tab).unwrap_or(0);
    let select = {
        let page = page.clone();
        Callback::from(move |place: usize| {
            if let Some(tab) = shown.get(place) {
                page.port.flush();
                page.act.emit(Action::Tab(*tab));
            }
        })
    };
    let name = words::tab_id(state.tab);
    html! {
        <>
            <div class="results-bar">
                { tabs(&TabsProps { label: say("Results").into(), items, selected, onselect: select, panel: "panel".into() }) }
                { targets(page) }
                { progress(page) }
            </div>
            <div class="panel" id="panel" role="tabpanel" aria-labelledby={format!("tab-{name}")} tabindex="0">
                {
                    match state.tab {
                        Tab::Findings => html! { <Findings /> },
                        _ if !state.panels => html! { <p class="empty">{ say("The engine is on its way.") }</p> },
                        Tab::Lesson => lesson_panel(page),
                        Tab::Map => map_panel(page),
                        Tab::Hardened => hardened_panel(page),
                        Tab::Simulate => simulate(page),
                        Tab::Generate => generate(page),
                        Tab::Checklist => checklist(page),
                    }
                }
            </div>
        </>
    }
}

/// A line that moves while the engine is on its way or at work; one that is done in a moment never shows it.
fn progress(page: &Page) -> Html {
    let state = &page.state;
    let label = match state.engine {
        Engine::Failed { .. } => return Html::default(),
        Engine::Loading => say("The engine is loading"),
        Engine::Ready { .. } => say("Reading your text"),
    };
    if state.is_settled() || state.trouble.is_some() {
        return Html::default();
    }
    html! { <div class="progress" role="progressbar" aria-label={label}></div> }
}

/// What a screen reader says, after a moment in which it may still change.
#[hook]
fn use_announcements(page: &Page) {
    use_effect_with(page.state.announcement.clone(), |announcement| {
        let announcement = announcement.clone();
        let timer = Timeout::new(400, move || {
            if let Some(live) = browser::element(LIVE) {
                live.set_text_content(Some(&announcement));
            }
        });
        move || drop(timer)
    });
}

/// Reads files and opens them.
pub(crate) fn open_files(list: FileList, act: Callback<Action>) {
    wasm_bindgen_futures::spawn_local(async move {
        let mut opened = Vec::new();
        for place in 0..list.length() {
            let Some(file) = list.get(place) else { continue };
            if file.size() > MAX_OPENED as f64 {
                act.emit(Action::TooLarge(file.name()));
                continue;
            }
            let text = wasm_bindgen_futures::JsFuture::from(file.text()).await;
            if let Some(text) = text.ok().and_then(|text| text.as_string()) {
                opened.push((file.name(), text));
            }
        }
        act.emit(Action::Opened(opened));
    });
}

/// The element of an event, as what it is.
pub(crate) fn target<T: JsCast>(event: &web_sys::Event) -> Option<T> {
    event.target()?.dyn_into().ok()
}

/// Moves the focus once the page has been drawn.
pub(crate) fn focus_soon(id: String) {
    Timeout::new(0, move || browser::focus(&id)).forget();
}
