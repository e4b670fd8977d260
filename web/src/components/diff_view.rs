use yew::prelude::*;

use crate::diff::{self, Pair, Row};
use crate::hooks::Shared;
use crate::language::{plural, say, say_with};

/// How many rows are drawn at first; thousands of them would stop the page.
const AT_ONCE: usize = 600;

#[derive(Properties, PartialEq)]
pub(crate) struct DiffViewProps {
    pub(crate) rows: Shared<Vec<Row>>,
    /// What is compared, for a screen reader.
    pub(crate) label: AttrValue,
    /// Side by side instead of one below the other.
    pub(crate) split: bool,
}

/// A comparison of two texts.
#[component]
pub(crate) fn DiffView(props: &DiffViewProps) -> Html {
    let more = use_state(|| AT_ONCE);
    let shown = props.rows.get(..*more).unwrap_or(&props.rows);
    let left = props.rows.len() - shown.len();
    let grow = {
        let more = more;
        Callback::from(move |_: MouseEvent| more.set(*more + AT_ONCE * 2))
    };
    html! {
        <div class="diff-frame">
            <div class="diff-scroll" tabindex="0" role="region" aria-label={props.label.clone()}>
                <table class={if props.split { "diff diff-split" } else { "diff" }}>
                    if props.split {
                        <colgroup><col /><col /><col /><col /></colgroup>
                    }
                    <thead class="unseen">
                        if props.split {
                            <tr><th>{ say("Line") }</th><th>{ say("Before") }</th><th>{ say("Line") }</th><th>{ say("After") }</th></tr>
                        } else {
                            <tr><th>{ say("Line before") }</th><th>{ say("Line after") }</th><th>{ say("Change") }</th><th>{ say("Text") }</th></tr>
                        }
                    </thead>
                    <tbody>
                        if props.split {
                            { for diff::side_by_side(shown).into_iter().map(pair) }
                        } else {
                            { for shown.iter().map(row) }
                        }
                    </tbody>
                </table>
            </div>
            if left > 0 {
                <button type="button" class="button diff-more" onclick={grow}>{ say_with("Show more ({count} rows)", &[("count", &left)]) }</button>
            }
        </div>
    }
}

fn row(row: &Row) -> Html {
    match row {
        Row::Same { old, new, text } => line("", Some(*old), Some(*new), "", text),
        Row::Removed { old, text } => line("removed", Some(*old), None, "−", text),
        Row::Added { new, text } => line("added", None, Some(*new), "+", text),
        Row::Gap { lines } => gap(*lines),
    }
}

fn line(class: &'static str, old: Option<usize>, new: Option<usize>, sign: &'static str, text: &str) -> Html {
    html! {
        <tr class={class}>
            <td class="diff-number">{ old }</td>
            <td class="diff-number">{ new }</td>
            <td class="diff-sign">
                <span aria-hidden="true">{ sign }</span>
                if !class.is_empty() {
                    <span class="unseen">{ say_class(class) }</span>
                }
            </td>
            <td class="diff-text">{ text }</td>
        </tr>
    }
}

fn pair(pair: Pair) -> Html {
    let side = |side: Option<(usize, String)>, class: &'static str| match side {
        Some((number, text)) => html! {
            <>
                <td class={classes!("diff-number", class)}>{ number }</td>
                <td class={classes!("diff-text", class)}>
                    if !class.is_empty() {
                        <span class="unseen">{ say_class(class) }{ ": " }</span>
                    }
                    { text }
                </td>
            </>
        },
        None => html! { <><td class="diff-number nothing"></td><td class="diff-text nothing"></td></> },
    };
    match pair {
        Pair::Lines { left, right, same } => html! {
            <tr>
                { side(left, if same { "" } else { say("removed") }) }
                { side(right, if same { "" } else { say("added") }) }
            </tr>
        },
        Pair::Gap(lines) => gap(lines),
    }
}

/// The word for a screen reader.
fn say_class(class: &str) -> &'static str {
    if class == "added" { say("added") } else { say("removed") }
}

fn gap(lines: usize) -> Html {
    let text = plural(lines, "1 line as before", "{count} lines as before");
    html! { <tr class="diff-gap"><td colspan="4">{ text }</td></tr> }
}
