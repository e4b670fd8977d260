//! The whole engine as a module: a request in, its reply out; packed for the page, as JSON texts for everybody else.

#[cfg(target_arch = "wasm32")]
fn main() {
    std::panic::set_hook(Box::new(|info| web_sys::console::error_1(&info.to_string().into())));
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    // Built natively only because the whole workspace is; there is nobody who calls the functions below.
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

    /// Answers one numbered request that is packed.
    #[wasm_bindgen(js_name = handlePacked)]
    pub fn handle_packed(packed: &[u8]) -> Vec<u8> {
        watertight_worker::handle_packed(packed)
    }

    /// Version of the engine, for those who speak JSON.
    #[wasm_bindgen]
    pub fn version() -> String {
        env!("CARGO_PKG_VERSION").to_owned()
    }

    /// The first message, packed, which names the version.
    #[wasm_bindgen]
    pub fn ready() -> Vec<u8> {
        watertight_worker::ready()
    }
}
