use yew::prelude::*;

/// A sentence of the engine: what stands between backticks is written so in a text.
pub(crate) fn prose(text: &str) -> Html {
    // One that is alone is none.
    if text.matches('`').count() % 2 == 1 {
        return html! { { text } };
    }
    let pieces = text.split('`').enumerate();
    let pieces = pieces.map(|(at, piece)| {
        if at % 2 == 1 {
            html! { <code>{ piece }</code> }
        } else {
            html! { { piece } }
        }
    });
    html! { { for pieces } }
}
