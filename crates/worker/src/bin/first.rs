//! The part of the engine that the page's worker begins with, as a module: a packed request in, its reply out.

fn main() {
    // There is nothing to start: the functions below are called.
}

#[cfg(target_arch = "wasm32")]
#[expect(unreachable_pub, reason = "JavaScript reaches it")]
mod calls {
    use wasm_bindgen::prelude::wasm_bindgen;

    /// Answers one numbered request; nothing where it takes the whole engine.
    #[wasm_bindgen(js_name = handlePacked)]
    pub fn handle_packed(packed: &[u8]) -> Option<Vec<u8>> {
        watertight_worker::handle_first(packed)
    }

    /// The first message, which names the version.
    #[wasm_bindgen]
    pub fn ready() -> Vec<u8> {
        watertight_worker::ready()
    }

    /// What to say when a request has to wait for the whole engine.
    #[wasm_bindgen]
    pub fn fetching() -> Vec<u8> {
        watertight_worker::fetching()
    }
}
