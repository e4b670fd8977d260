use watertight_diagnostic::report::{FindingReport, FixReport, Place, Report, SourceReport};
use watertight_diagnostic::{Level, Standard};
use yew::prelude::*;

use super::diff_view::DiffView;
use super::docs::docs as draw_docs;
use super::finding_id;
use super::icon::{Icon, turn};
use super::prose;
use crate::hooks::{Page, Shared};
use crate::language::{engine, say, say_with};
use crate::select;
use crate::state::{Action, Preview};
use crate::words;

/// What a card shows.
pub(crate) struct FindingCardProps<'a> {
    pub(crate) report: &'a Report,
    pub(crate) index: usize,
    pub(crate) opened: bool,
    pub(crate) selected: bool,
    /// Whether the report speaks of the text as it is now; fixes wait until it does.
    pub(crate) fresh: bool,
    /// Whether there is more than one file.
    pub(crate) several: bool,
    pub(crate) preview: Option<&'a Preview>,
    /// The documentation of its rule: asked for, and there.
    pub(crate) docs: Option<Option<&'a str>>,
}

/// One finding: a line, and everything about it when it is opened.
pub(crate) fn finding_card(page: &Page, props: &FindingCardProps<'_>) -> Html {
    let Some(finding) = props.report.findings.get(props.index) else { return Html::default() };
    let severity = finding.severity.word();
    let body = format!("{}-body", finding_id(props.index));
    html! {
        <li key={select::identity(finding)} class={classes!("card", severity, props.selected.then_some("card-selected"))}>
            <div class="card-head">
                <button type="button" class="card-button" id={finding_id(props.index)} aria-expanded={props.opened.to_string()}
                    aria-controls={body.clone()} onclick={page.on(Action::Toggle(props.index))}>
                    <span class={classes!("badge", severity)}>{ words::severity(finding.severity) }</span>
                    <span class="card-what" lang={engine()}>{ prose(&finding.what) }</span>
                    { turn() }
                </button>
                <p class="card-meta">
                    if let Some(container) = &finding.container {
                        <span>{ say("container") }{ " " }<b>{ container }</b></span>
                    }
                    { go_to(page, props.report, &finding.primary, props.several) }
                    if let Some(level) = finding.refused_by {
                        <span class="tag">{ say_with("refused by {level}", &[("level", &refused_by(level))]) }</span>
                    }
                    if let Some(confidence) = words::confidence(finding.confidence) {
                        <span class="tag">{ confidence }</span>
                    }
                </p>
            </div>
            <div class="card-body" id={body} hidden={!props.opened}>
                if props.opened {
                    { more(page, props, finding) }
                }
            </div>
        </li>
    }
}

fn refused_by(level: Level) -> &'static str {
    level.standard().word()
}

#[inline(never)]
fn more(page: &Page, props: &FindingCardProps<'_>, finding: &FindingReport) -> Html {
    html! {
        <>
            if !finding.why.is_empty() {
                <p lang={engine()}>{ prose(&finding.why) }</p>
            }
            if !finding.how.is_empty() {
                <p class="card-how"><b>{ say("What to do:") }{ " " }</b><span lang={engine()}>{ prose(&finding.how) }</span></p>
            }
            if !finding.related.is_empty() {
                <ul class="related">
                    { for finding.related.iter().map(|place| html! {
                        <li>{ go_to(page, props.report, place, props.several) }{ " " }<span lang={engine()}>{ &place.label }</span></li>
                    }) }
                </ul>
            }
            if !finding.fixes.is_empty() {
                <ul class="fixes">
                    { for finding.fixes.iter().enumerate().map(|(place, fix)| draw_fix(page, props, place, fix)) }
                </ul>
            }
            { sources(props.report.sources_of(&finding.rule)) }
            { about(page, props, finding) }
        </>
    }
}

fn draw_fix(page: &Page, props: &FindingCardProps<'_>, place: usize, fix: &FixReport) -> Html {
    let preview = props.preview.filter(|preview| preview.fix == place);
    let apply = Action::ApplyFix { finding: props.index, fix: place };
    let show = Action::PreviewFix { finding: props.index, fix: place };
    html! {
        <li class="fix">
            <div class="fix-head">
                { Icon::Wrench.draw() }
                <span class="fix-title" lang={engine()}>{ &fix.title }</span>
                <span class={classes!("safety", words::safety_class(fix.safety))} title={words::safety_long(fix.safety)}>
                    { words::safety(fix.safety) }
                </span>
                <span class="fix-actions">
                    <button type="button" class="button small" aria-expanded={preview.is_some().to_string()}
                        disabled={!props.fresh} onclick={page.on(show)}
                        aria-label={say_with("Preview: {title}", &[("title", &fix.title)])}>{ say("Preview") }</button>
                    <button type="button" class="button small primary" disabled={!props.fresh} onclick={page.on(apply)}
                        aria-label={say_with("Apply: {title}", &[("title", &fix.title)])}>{ say("Apply") }</button>
                </span>
            </div>
            if let Some(preview) = preview {
                if let Some(ready) = &preview.ready {
                    { for ready.refused.iter().map(|refused| html! { <p class="refused" lang={engine()}>{ refused }</p> }) }
                    if ready.rows.is_empty() {
                        <p class="muted">{ say("This fix changes nothing in the text as it is now.") }</p>
                    } else {
                        <DiffView rows={Shared(ready.rows.clone())} label={say_with("Preview of: {title}", &[("title", &fix.title)])} split={false} />
                    }
                } else {
                    <p class="muted">{ say("Working it out …") }</p>
                }
            }
        </li>
    }
}

/// The same fault in other bodies of rules, so that a reader can look up what they know.
fn sources(sources: &[SourceReport]) -> Html {
    if sources.is_empty() {
        return Html::default();
    }
    let mut by_standard: Vec<(Standard, Vec<&str>)> = Vec::new();
    for source in sources {
        match by_standard.iter_mut().find(|(standard, _)| *standard == source.standard) {
            Some((_, ids)) => ids.push(&source.id),
            None => by_standard.push((source.standard, vec![&source.id])),
        }
    }
    html! {
        <dl class="sources" aria-label={say("The same fault elsewhere")}>
            { for by_standard.into_iter().map(|(standard, ids)| html! {
                <div><dt>{ standard.name() }</dt><dd>{ ids.join(", ") }</dd></div>
            }) }
        </dl>
    }
}

fn about(page: &Page, props: &FindingCardProps<'_>, finding: &FindingReport) -> Html {
    match props.docs {
        None => html! {
            <button type="button" class="link" onclick={page.on(Action::Explain(finding.rule.to_string()))}>
                { say("About this rule") }{ " " }<code>{ &*finding.rule }</code>
            </button>
        },
        Some(None) => html! { <p class="muted">{ say("Looking it up …") }</p> },
        Some(Some(docs)) => html! {
            <div class="about" lang={engine()}><h4>{ &*finding.title }{ " " }<code>{ &*finding.rule }</code></h4>{ draw_docs(docs) }</div>
        },
    }
}

/// A button that goes to a place in the text.
pub(crate) fn go_to(page: &Page, report: &Report, place: &Place, several: bool) -> Html {
    let line = place.range.start_line;
    let go = Action::Reveal { file: place.file, from: place.range.start, to: place.range.end, go: true };
    let name = report.files.get(place.file as usize).map(|file| file.name.clone()).unwrap_or_default();
    let text = if several { format!("{name}:{line}") } else { words::line(line) };
    let title = place.route.clone().unwrap_or_default();
    html! { <button type="button" class="link place" {title} onclick={page.on(go)}>{ text }</button> }
}
