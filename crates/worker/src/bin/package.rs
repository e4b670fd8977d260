//! The module of the JavaScript package: a request as a JSON text in, its reply out.

fn main() {
    // There is nothing to start: the functions below are called.
}

#[cfg(target_arch = "wasm32")]
#[expect(unreachable_pub, reason = "JavaScript reaches it")]
mod calls {
    use wasm_bindgen::prelude::wasm_bindgen;

    /// Answers one numbered request.
    #[wasm_bindgen]
    pub fn handle(json: &str) -> String {
        watertight_worker::handle(json)
    }

    /// The first message, which names the version.
    #[wasm_bindgen]
    pub fn ready() -> String {
        watertight_worker::ready()
    }
}
