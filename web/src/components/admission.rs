use watertight_diagnostic::report::{AdmissionReport, AskedBy, PodReport, Report};
use yew::prelude::*;

use super::finding_card::go_to;
use super::icon::{Icon, turn};
use crate::hooks::Page;
use crate::language::{engine, say};
use crate::words;

/// What the Pod Security admission of a cluster says of one pod of the report, word for word.
pub(crate) fn admission(page: &Page, report: &Report, pod: usize) -> Html {
    let Some(pod) = report.pods.get(pod) else { return Html::default() };
    html! {
        <div class="admission">
            { for pod.admission.iter().map(|answer| draw(page, report, pod, answer)) }
        </div>
    }
}

fn draw(page: &Page, report: &Report, pod: &PodReport, answer: &AdmissionReport) -> Html {
    let (icon, class, word) = match (answer.allowed, answer.asked_by) {
        (true, _) if words::is_restored(report, pod) => (Icon::Warning, "warned", say("would admit it")),
        (true, _) => (Icon::Tick, "admitted", say("admits it")),
        (false, _) if answer.failures.is_empty() => (Icon::Warning, "warned", say("may refuse it")),
        (false, AskedBy::Settings | AskedBy::Enforce) => (Icon::Close, "refused", say("refuses it")),
        (false, AskedBy::Audit | AskedBy::Warn) => (Icon::Warning, "warned", say("speaks against it")),
    };
    let head = html! {
        <>
            <span class={classes!("admission-sign", class)}>{ icon.draw() }</span>
            <span><b>{ words::level(answer.level) }</b>{ format!(" {} {word}", answer.version) }</span>
            <span class="muted">{ words::asked_by(answer.asked_by) }</span>
        </>
    };
    if answer.allowed {
        let strictest = answer.asked_by == AskedBy::Settings && pod.admission.len() == 1;
        return html! {
            <p class="admission-line">
                { head }
                if strictest && !answer.consequence.is_empty() {
                    <span class="muted" lang={engine()}>{ &answer.consequence }</span>
                }
            </p>
        };
    }
    html! {
        <details class="admission-more">
            <summary class="admission-line">{ head }{ turn() }</summary>
            <div class="admission-body">
                if !answer.consequence.is_empty() {
                    <p lang={engine()}>{ &answer.consequence }</p>
                }
                if !answer.message.is_empty() {
                    <p class="muted">{ say("What the cluster says, word for word:") }</p>
                    <pre class="message" tabindex="0" lang={engine()}>{ &answer.message }</pre>
                }
                <ul class="failures" lang={engine()}>
                    { for answer.failures.iter().map(|failure| html! {
                        <li>
                            <b>{ &failure.reason }</b>
                            if !failure.detail.is_empty() {
                                { format!(": {}", failure.detail) }
                            }
                            { for failure.places.iter().take(8).map(|place| html! {
                                <>{ " " }{ go_to(page, report, place, report.files.len() > 1) }</>
                            }) }
                        </li>
                    }) }
                </ul>
            </div>
        </details>
    }
}
