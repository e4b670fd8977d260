use wasm_bindgen::JsCast;
use web_sys::{FocusEvent, HtmlElement, Node};
use yew::prelude::*;

use super::app::focus_soon;
use super::icon::Icon;
use crate::examples;
use crate::hooks::use_page;
use crate::state::Action;

/// Manifests to start from.
#[component]
pub(crate) fn ExamplesMenu() -> Html {
    let page = use_page();
    let open = use_state(|| false);
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| {
            open.set(!*open);
            if !*open {
                focus_soon("example-0".to_owned());
            }
        })
    };
    let leave = {
        let open = open.clone();
        Callback::from(move |event: FocusEvent| {
            let menu = event.current_target().and_then(|menu| menu.dyn_into::<HtmlElement>().ok());
            let inside = event.related_target().and_then(|to| to.dyn_into::<Node>().ok());
            if !menu.is_some_and(|menu| inside.is_some_and(|to| menu.contains(Some(&to)))) {
                open.set(false);
            }
        })
    };
    let key = {
        let open = open.clone();
        Callback::from(move |event: KeyboardEvent| {
            let here = crate::browser::document().and_then(|document| document.active_element()).map(|e| e.id());
            let here: Option<usize> = here.and_then(|id| id.strip_prefix("example-")?.parse().ok());
            let last = examples::ALL.len() - 1;
            let next = match (event.key().as_str(), here) {
                ("Escape", _) => {
                    open.set(false);
                    return focus_soon("examples".to_owned());
                }
                ("ArrowDown", Some(here)) => {
                    if here == last {
                        0
                    } else {
                        here + 1
                    }
                }
                ("ArrowUp", Some(here)) => {
                    if here == 0 {
                        last
                    } else {
                        here - 1
                    }
                }
                ("Home", Some(_)) => 0,
                ("End", Some(_)) => last,
                _ => return,
            };
            event.prevent_default();
            crate::browser::focus(&format!("example-{next}"));
        })
    };
    html! {
        <div class="menu" onfocusout={leave} onkeydown={key}>
            <button type="button" class="button quiet-button" id="examples" aria-haspopup="menu"
                aria-expanded={open.to_string()} onclick={toggle}>
                { "Examples" }<span class="turn">{ Icon::Chevron.draw() }</span>
            </button>
            if *open {
                <div class="menu-list" role="menu" aria-labelledby="examples">
                    { for examples::ALL.iter().enumerate().map(|(place, example)| {
                        let (page, open) = (page.clone(), open.clone());
                        let load = Callback::from(move |_: MouseEvent| {
                            open.set(false);
                            page.port.flush();
                            page.act.emit(Action::Load(example));
                            focus_soon("examples".to_owned());
                        });
                        html! {
                            <button type="button" role="menuitem" class="menu-item" id={format!("example-{place}")}
                                tabindex="-1" onclick={load}>
                                <strong>{ example.title }</strong>
                                <small>{ example.about }</small>
                            </button>
                        }
                    }) }
                </div>
            }
        </div>
    }
}
