//! The worker that the page starts: reads a numbered request, answers with the same number, one at a time.

#[cfg(target_arch = "wasm32")]
fn main() {
    browser::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    // Built natively only because the whole workspace is; there is no browser to speak to.
}

#[cfg(target_arch = "wasm32")]
mod browser {
    use wasm_bindgen::prelude::*;
    use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

    /// Listens, and says that it does: a message that is sent before nobody would hear.
    pub(crate) fn start() {
        std::panic::set_hook(Box::new(|info| web_sys::console::error_1(&info.to_string().into())));
        let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
        let listener = Closure::<dyn FnMut(MessageEvent)>::new({
            let scope = scope.clone();
            move |event: MessageEvent| {
                let asked = event.data().as_string().unwrap_or_default();
                say(&scope, &watertight_worker::handle(&asked));
            }
        });
        scope.set_onmessage(Some(listener.as_ref().unchecked_ref()));
        // It listens for as long as the worker lives.
        listener.forget();
        say(&scope, &watertight_worker::ready());
    }

    fn say(scope: &DedicatedWorkerGlobalScope, text: &str) {
        // Posting a string cannot fail: there is nothing in it that could not be cloned.
        let _ = scope.post_message(&JsValue::from_str(text));
    }
}
