//! The part of the engine that the page's worker begins with, as a module: a request as a JSON text in, its reply out.

fn main() {
    // There is nothing to start: the functions below are called.
}

#[cfg(target_arch = "wasm32")]
#[expect(unreachable_pub, reason = "JavaScript reaches it")]
mod calls {
    use wasm_bindgen::prelude::wasm_bindgen;

    /// Answers one numbered request; nothing where it takes the whole engine.
    #[wasm_bindgen]
    pub fn handle(json: &str) -> Option<String> {
        watertight_worker::handle_first(json)
    }

    /// The first message, which names the version.
    #[wasm_bindgen]
    pub fn ready() -> String {
        watertight_worker::ready().to_owned()
    }

    /// What to say when a request has to wait for the whole engine.
    #[wasm_bindgen]
    pub fn fetching() -> String {
        watertight_worker::fetching().to_owned()
    }
}
