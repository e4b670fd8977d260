use wasm_bindgen::prelude::*;
use yew::prelude::*;

use crate::browser;
use crate::state::{Action, LessonAct};

/// Opens the lesson that the address names, `#lesson=id`: at the start, and when its fragment changes.
#[hook]
pub(crate) fn use_lesson_link(act: Callback<Action>) {
    use_effect_with((), move |()| {
        let open = move || {
            let fragment = browser::window().and_then(|window| window.location().hash().ok()).unwrap_or_default();
            let mut words = fragment.strip_prefix('#').unwrap_or_default().split('&');
            if let Some(id) = words.find_map(|word| word.strip_prefix("lesson=")) {
                act.emit(Action::Lesson(LessonAct::Open(Some(id.to_owned()))));
            }
        };
        open();
        let listener = Closure::<dyn Fn()>::new(open);
        if let Some(window) = browser::window() {
            // The page is never taken down, so nothing stops listening.
            window.set_onhashchange(Some(listener.into_js_value().unchecked_ref()));
        }
    });
}
