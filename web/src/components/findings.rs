use gloo_timers::callback::Timeout;
use watertight_diagnostic::report::{AdmissionReport, AskedBy, ChecklistState, PodReport, Report};
use yew::prelude::*;

use super::admission::admission;
use super::filter_bar::filter_bar;
use super::finding_card::{FindingCardProps, finding_card};
use super::icon::{Icon, turn};
use crate::hooks::{Page, Shared, use_page};
use crate::language::{engine, say, say_with};
use crate::select::{self, Group};
use crate::state::{Action, Engine, Filter};
use crate::words;

/// How many findings are drawn before somebody asks for more.
const AT_ONCE: usize = 150;
/// How many of them come first. The others follow in tasks of their own, twice as many each time, so that a slow processor
/// shows the first at once and answers in between.
const AT_FIRST: usize = 4;

/// What was found.
#[component]
pub(crate) fn Findings() -> Html {
    let page = use_page();
    let more = use_state(|| AT_FIRST);
    let analysis = page.state.analysis.clone();
    let report = analysis.as_ref().map(|analysis| Shared(analysis.report.clone()));
    let groups = {
        let filter = page.state.filter.clone();
        use_memo((report.clone(), filter), |(report, filter)| {
            report.as_ref().map(|report| select::groups(report, filter)).unwrap_or_default()
        })
    };
    {
        let more = more.clone();
        use_effect_with((*more, count(&groups)), move |(drawn, all)| {
            let next = (drawn * 2).min(AT_ONCE);
            if drawn < all && *drawn < next {
                Timeout::new(0, move || more.set(next)).forget();
            }
        });
    }
    let Some(report) = report else {
        let text = match page.state.engine {
            Engine::Failed { .. } => say("There are no results, because the analysis could not be started."),
            Engine::Loading | Engine::Ready { .. } => say("Reading your text …"),
        };
        return html! { <p class="empty">{ text }</p> };
    };
    let mut room = *more;
    let mut shown = Vec::new();
    for group in groups.iter() {
        if room == 0 {
            break;
        }
        let size = group.findings.len().max(1);
        shown.push((group, room.min(size)));
        room -= room.min(size);
    }
    let drawn: usize = shown.iter().map(|(_, room)| room).sum();
    let all = count(&groups);
    let is_whole = drawn >= all || *more < AT_ONCE;
    let grow = {
        let more = more;
        Callback::from(move |_: MouseEvent| more.set(*more + AT_ONCE * 2))
    };
    html! {
        <div class={if page.state.is_fresh() { "findings" } else { "findings old" }}>
            { verdict(&page) }
            if !report.findings.is_empty() {
                { filter_bar(&page) }
            }
            { for shown.iter().map(|(group, room)| draw_group(&page, &report, group, *room)) }
            if groups.is_empty() && page.state.filter != Filter::default() {
                <p class="empty">
                    { say("No finding passes the filter.") }{ " " }
                    <button type="button" class="link" onclick={page.on(Action::Filter(Filter::default()))}>
                        { say("Show all of them") }
                    </button>
                </p>
            }
            if !is_whole {
                <button type="button" class="button more" onclick={grow}>{ say_with("Show more ({count} findings)", &[("count", &(all - drawn))]) }</button>
            }
            { suppressed(&page, &report) }
        </div>
    }
}

/// How many findings there are to draw; a group without any is drawn too.
fn count(groups: &[Group]) -> usize {
    groups.iter().map(|group| group.findings.len().max(1)).sum()
}

/// The answer in one sentence.
fn verdict(page: &Page) -> Html {
    let Some(report) = page.state.report() else { return Html::default() };
    let (weight, sentence) = words::verdict(report);
    let class = match weight {
        0 => "verdict verdict-good",
        1 => "verdict verdict-hint",
        _ => "verdict verdict-bad",
    };
    let icon = if weight == 0 { Icon::Tick } else { Icon::Warning };
    html! {
        <div class={class}>
            <span class="verdict-sign">{ icon.draw() }</span>
            <div>
                <h2>{ sentence }</h2>
                <p>{ second_line(report) }</p>
            </div>
        </div>
    }
}

/// Part of the late program.
#[inline(never)]
fn cut_short() -> String {
    say("There is more than is read at once, so this is not all. Divide the text to see the rest.").to_owned()
}

/// Part of the late program.
#[inline(never)]
fn about_node(report: &Report) -> String {
    let mut patched = report.checklist.iter().filter(|item| item.id == "patched-nodes");
    let doubt = patched.find(|item| item.state != ChecklistState::Done).map_or("", |item| &item.because);
    let next = say("This is about a node. Open a pod in another tab to see which ways out it leaves open for it.");
    [doubt, " ", next].concat().trim_start().to_owned()
}

fn second_line(report: &Report) -> String {
    if report.rules.iter().any(|rule| rule.id == "too-large") {
        return cut_short();
    }
    if words::is_beside_pods(report) && !words::versions(report).is_empty() {
        return about_node(report);
    }
    if words::is_beside_pods(report) {
        return say("Open a pod in another tab to see what profiles and rules do for it.").to_owned();
    }
    let asked = report.settings.level.standard();
    let judged: Vec<_> = report.pods.iter().filter(|pod| !pod.admission.is_empty()).collect();
    let is_refused =
        |pod: &PodReport| settled(pod).map_or(pod.admitted_by > asked, |answer| !answer.failures.is_empty());
    let refused = judged.iter().filter(|pod| is_refused(pod)).count();
    // What no check refuses and nobody admits for certain depends on values of a template.
    let is_open = judged.iter().any(|pod| settled(pod).is_some_and(|answer| !answer.allowed));
    let values: &[(&str, &dyn std::fmt::Display)] =
        &[("level", &asked), ("refused", &refused), ("count", &judged.len())];
    match (judged.len(), refused) {
        (0, _) if !report.pods.is_empty() => say("No object of Kubernetes, so no admission looks at it.").to_owned(),
        (0, _) => say("Paste a Pod, a Deployment or anything else that holds a pod, or choose an example.").to_owned(),
        (_, 0) if is_open => say_with(
            "What Pod Security admission at {level} answers depends on values that cannot be read here.",
            values,
        ),
        (_, 0) if judged.iter().any(|pod| words::is_restored(report, pod)) => {
            say_with("Pod Security admission at {level} would admit it once the indentation is restored.", values)
        }
        (1, 0) => say_with("Pod Security admission at {level} admits it.", values),
        (1, _) => say_with("Pod Security admission at {level} refuses it.", values),
        (_, 0) => say_with("Pod Security admission at {level} admits all {count} pods.", values),
        _ => say_with("Pod Security admission at {level} refuses {refused} of {count} pods.", values),
    }
}

/// What the level of the settings answers.
fn settled(pod: &PodReport) -> Option<&AdmissionReport> {
    pod.admission.iter().find(|answer| answer.asked_by == AskedBy::Settings)
}

fn draw_group(page: &Page, report: &Shared<Report>, group: &Group, room: usize) -> Html {
    let state = &page.state;
    let pod = group.pod.and_then(|pod| report.pods.get(pod));
    let file = report.files.get(group.file as usize).map(|file| file.name.clone()).unwrap_or_default();
    let fold = select::fold(group.file, group.pod, &group.title);
    let unfolded = state.unfolded.contains(&fold) || state.filter.category.is_some() || !state.filter.query.is_empty();
    let card = |index: usize| {
        let Some(finding) = report.findings.get(index) else { return Html::default() };
        let props = FindingCardProps {
            report,
            index,
            opened: state.opened.contains(&select::identity(finding)),
            selected: state.selected == Some(index),
            fresh: state.is_fresh(),
            several: report.files.len() > 1,
            preview: state.preview.as_ref().filter(|preview| preview.finding == index),
            docs: state.docs_of(&finding.rule).map(Option::as_deref),
        };
        finding_card(page, &props)
    };
    html! {
        <section key={fold.clone()} class="group" aria-label={group.title.clone()}>
            <header class="group-head">
                <h3>{ &group.title }</h3>
                if let Some(namespace) = pod.and_then(|pod| pod.namespace.clone()) {
                    <span class="muted">{ say_with("in {namespace}", &[("namespace", &namespace)]) }</span>
                }
                if report.files.len() > 1 {
                    <span class="muted group-file">{ file }</span>
                }
            </header>
            if let Some(index) = group.pod.filter(|_| state.filter == Filter::default()) {
                { admission(page, report, index) }
            }
            <ul class="cards">
                { for group.findings.iter().take(room).map(|index| card(*index)) }
            </ul>
            if !group.hygiene.is_empty() {
                <button type="button" class="fold" aria-expanded={unfolded.to_string()} onclick={page.on(Action::Unfold(fold))}>
                    { turn() }{ say("Housekeeping") }
                    <span class="count">{ group.hygiene.len() }</span>
                </button>
                if unfolded {
                    <ul class="cards">{ for group.hygiene.iter().take(AT_ONCE).map(|index| card(*index)) }</ul>
                }
            }
        </section>
    }
}

/// What somebody asked to leave out.
#[inline(never)]
fn suppressed(page: &Page, report: &Report) -> Html {
    if report.suppressed.is_empty() {
        return Html::default();
    }
    html! {
        <details class="suppressed">
            <summary>{ turn() }{ say("Left out on request") }<span class="count">{ report.suppressed.len() }</span></summary>
            <ul>
                { for report.suppressed.iter().take(AT_ONCE).map(|left_out| {
                    let range = left_out.place.range;
                    let go = Action::Reveal { file: left_out.place.file, from: range.start, to: range.end, go: true };
                    html! {
                        <li>
                            <strong lang={engine()}>{ &*left_out.finding.title }</strong>
                            { " " }<span class="muted">{ left_out.finding.object.clone().unwrap_or_default() }</span>
                            <p>{ if left_out.reason.is_empty() { say("No reason is given.") } else { &left_out.reason } }</p>
                            <button type="button" class="link place" onclick={page.on(go)}>{ say_with("Line {line}", &[("line", &range.start_line)]) }</button>
                        </li>
                    }
                }) }
            </ul>
        </details>
    }
}
