//! What is drawn, one file a component. Components hold no logic of their own: they draw the state and act.

mod admission;
mod app;
mod banner;
mod checklist;
mod diff_view;
mod docs;
mod editor_pane;
mod file_tabs;
mod filter_bar;
mod finding_card;
mod findings;
mod footer;
mod generate;
mod hardened;
mod header;
mod icon;
mod lesson;
mod map;
mod notice;
mod prose;
mod seccomp;
mod settings_dialog;
mod simulate;
mod tabs;
mod targets;

use app::App;
use icon::turn;
use prose::prose;

use crate::browser;
use crate::language;

/// Puts the app into the page.
pub(crate) fn start() {
    language::learn(&browser::first_catalogue().unwrap_or_default());
    if let Some(root) = browser::element("app") {
        yew::Renderer::<App>::with_root(root.into()).render();
    }
}

/// The id of a finding's card.
pub(crate) fn finding_id(finding: usize) -> String {
    format!("finding-{finding}")
}
