use yew::prelude::*;

use super::app::focus_soon;
use crate::words::number;

/// One tab.
#[derive(Clone, PartialEq)]
pub(crate) struct TabItem {
    pub(crate) id: AttrValue,
    pub(crate) label: AttrValue,
    pub(crate) count: Option<usize>,
}

/// A row of tabs.
pub(crate) struct TabsProps {
    /// What the tabs are, for a screen reader.
    pub(crate) label: AttrValue,
    pub(crate) items: Vec<TabItem>,
    pub(crate) selected: usize,
    pub(crate) onselect: Callback<usize>,
    /// The id of the panel below.
    pub(crate) panel: AttrValue,
}

/// Tabs that answer to arrow keys, Home and End; one stop for the Tab key.
pub(crate) fn tabs(props: &TabsProps) -> Html {
    let key = {
        let (onselect, selected) = (props.onselect.clone(), props.selected);
        let ids: Vec<AttrValue> = props.items.iter().map(|item| item.id.clone()).collect();
        Callback::from(move |event: KeyboardEvent| {
            let last = ids.len().saturating_sub(1);
            let next = match event.key().as_str() {
                "ArrowRight" if selected < last => selected + 1,
                "ArrowRight" | "Home" => 0,
                "ArrowLeft" if selected > 0 => selected - 1,
                "ArrowLeft" | "End" => last,
                _ => return,
            };
            event.prevent_default();
            onselect.emit(next);
            if let Some(id) = ids.get(next) {
                focus_soon(format!("tab-{id}"));
            }
        })
    };
    html! {
        <div class="tabs" role="tablist" aria-label={props.label.clone()} onkeydown={key}>
            { for props.items.iter().enumerate().map(|(place, item)| {
                let here = place == props.selected;
                let onselect = props.onselect.clone();
                html! {
                    <button key={item.id.to_string()} type="button" role="tab" class="tab" id={format!("tab-{}", item.id)}
                        aria-selected={here.to_string()} aria-controls={props.panel.clone()}
                        tabindex={if here { "0" } else { "-1" }} onclick={move |_| onselect.emit(place)}>
                        { &item.label }
                        if let Some(count) = item.count {
                            <span class="count">{ number(count) }</span>
                        }
                    </button>
                }
            }) }
        </div>
    }
}
