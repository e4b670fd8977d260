use watertight_diagnostic::report::ChecklistState;
use yew::prelude::*;

use super::icon::Icon;
use super::prose;
use crate::hooks::Page;
use crate::language::{engine, plural, say, say_with};
use crate::state::Action;
use crate::words;

/// The mitigation checklist, as computed.
#[inline(never)]
pub(crate) fn checklist(page: &Page) -> Html {
    let Some(report) = page.state.report() else {
        return html! { <p class="empty">{ say("The engine is on its way.") }</p> };
    };
    let done = report.checklist.iter().filter(|item| item.state == ChecklistState::Done).count();
    let asked = report.checklist.iter().filter(|item| item.state != ChecklistState::NotApplicable).count();
    let counts: &[(&str, &dyn std::fmt::Display)] = &[("done", &done), ("all", &asked)];
    let title = if report.pods.iter().any(|pod| words::is_restored(report, pod)) {
        say_with("{done} of {all} in place once the indentation is restored", counts)
    } else {
        say_with("{done} of {all} in place", counts)
    };
    html! {
        <div class="checklist">
            <h2 class="panel-title">{ title }</h2>
            <p class="muted">{ say("What keeps a container from getting out, and whether this text says so.") }</p>
            <ul class="checks">
                { for report.checklist.iter().map(|item| {
                    let (class, word) = words::checklist(item.state);
                    let sign = match item.state {
                        ChecklistState::Done => Icon::Tick,
                        ChecklistState::Open => Icon::Close,
                        ChecklistState::Unknown | ChecklistState::NotApplicable => Icon::Info,
                    };
                    html! {
                        <li key={item.id.clone()} class={classes!("check", format!("check-{class}"))}>
                            <span class="check-sign">{ sign.draw() }</span>
                            <div>
                                <h3><span lang={engine()}>{ &item.title }</span><span class="check-word">{ word }</span></h3>
                                <p lang={engine()}>{ prose(&item.because) }</p>
                                if let Some(first) = item.findings.first() {
                                    <button type="button" class="link" onclick={page.on(Action::OpenFinding(*first))}>
                                        { plural(item.findings.len(), "Show 1 finding", "Show {count} findings") }
                                    </button>
                                }
                            </div>
                        </li>
                    }
                }) }
            </ul>
        </div>
    }
}
