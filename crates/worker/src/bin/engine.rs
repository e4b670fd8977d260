//! The whole engine as a module: a request as a JSON text in, its reply out.

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

    /// The first message, which names the version.
    #[wasm_bindgen]
    pub fn ready() -> String {
        watertight_worker::ready().to_owned()
    }
}
