use yew::prelude::*;

use crate::markdown::{Block, Inline, parse};

/// A text in the little of Markdown that we use. Text stays text: nothing of it becomes markup.
pub(crate) fn docs(text: &str) -> Html {
    html! { <div class="docs">{ for parse(text).iter().map(block) }</div> }
}

fn block(block: &Block) -> Html {
    match block {
        Block::Heading(text) => html! { <h5>{ inline(text) }</h5> },
        Block::Paragraph(text) => html! { <p>{ inline(text) }</p> },
        Block::List { ordered: true, items } => {
            html! { <ol>{ for items.iter().map(|i| html! { <li>{ inline(i) }</li> }) }</ol> }
        }
        Block::List { ordered: false, items } => {
            html! { <ul>{ for items.iter().map(|i| html! { <li>{ inline(i) }</li> }) }</ul> }
        }
        Block::Code(code) => html! { <pre tabindex="0"><code>{ code }</code></pre> },
    }
}

fn inline(pieces: &[Inline]) -> Html {
    let piece = |piece: &Inline| match piece {
        Inline::Text(text) => html! { { text } },
        Inline::Code(code) => html! { <code>{ code }</code> },
        Inline::Strong(text) => html! { <strong>{ text }</strong> },
        Inline::Emphasis(text) => html! { <em>{ text }</em> },
        Inline::Link { text, address } => html! {
            <a href={address.clone()} target="_blank" rel="noopener noreferrer">{ text }</a>
        },
    };
    html! { { for pieces.iter().map(piece) } }
}
