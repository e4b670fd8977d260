use watertight_diagnostic::{Category, Severity};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::app::target;
use super::icon::Icon;
use crate::hooks::Page;
use crate::language::say;
use crate::state::{Action, Filter};
use crate::words;

const CATEGORIES: [Category; 4] = [Category::Escape, Category::Hardening, Category::Correctness, Category::Hygiene];

/// Which findings are listed.
pub(crate) fn filter_bar(page: &Page) -> Html {
    let filter = page.state.filter.clone();
    let Some(report) = page.state.report() else { return Html::default() };
    let act = |filter: Filter| page.on::<MouseEvent>(Action::Filter(filter));
    let severity = |(severity, n): (Severity, usize)| {
        let shown = !filter.hidden.contains(&severity);
        let mut next = filter.clone();
        if !next.hidden.remove(&severity) {
            next.hidden.insert(severity);
        }
        html! {
            <button key={severity.word()} type="button" class={classes!("chip", severity.word())} aria-pressed={shown.to_string()}
                onclick={act(next)}>
                <span class="chip-number">{ words::number(n) }</span>{ words::severity(severity) }
            </button>
        }
    };
    let category = |category: Category| {
        let here = filter.category == Some(category);
        let n = words::count(report, &|finding| finding.category == category);
        let next = Filter { category: (!here).then_some(category), ..filter.clone() };
        html! {
            <button key={category.word()} type="button" class="chip chip-plain" aria-pressed={here.to_string()} onclick={act(next)}>
                { words::category(category) }<span class="chip-number">{ words::number(n) }</span>
            </button>
        }
    };
    let search = {
        let (act, filter) = (page.act.clone(), filter.clone());
        Callback::from(move |event: InputEvent| {
            let query = target::<HtmlInputElement>(&event).map(|input| input.value()).unwrap_or_default();
            act.emit(Action::Filter(Filter { query, ..filter.clone() }));
        })
    };
    let some = CATEGORIES.into_iter().filter(|c| report.findings.iter().any(|finding| finding.category == *c));
    html! {
        <div class="filters" role="group" aria-label={say("Which findings are listed")}>
            <div class="chips">{ for report.counts().into_iter().filter(|(_, n)| *n > 0).map(severity) }</div>
            <div class="chips">{ for some.map(category) }</div>
            <label class="search">
                { Icon::Search.draw() }
                <span class="unseen">{ say("Search the findings") }</span>
                <input type="search" placeholder={say("Rule, container, CKV_K8S_16 …")} value={filter.query.clone()} oninput={search} />
            </label>
        </div>
    }
}
