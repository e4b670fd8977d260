//! The page: draws a report and sends the worker questions. It decides nothing about a manifest.
//!
//! Everything that can be right or wrong without a browser (the state and how an action changes it, the queue of
//! questions, grouping, comparing texts) is plain Rust and tested natively. Only what draws or talks to the browser is
//! built for WebAssembly alone.

pub mod diff;
pub mod examples;
pub mod few;
pub mod files;
pub mod lanes;
pub mod language;
pub mod markdown;
pub mod preferences;
pub mod queue;
pub mod select;
pub mod state;
pub mod words;

#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(target_arch = "wasm32")]
mod components;
#[cfg(target_arch = "wasm32")]
mod editor;
#[cfg(target_arch = "wasm32")]
mod hooks;
#[cfg(target_arch = "wasm32")]
mod worker_client;

/// Puts the app into the page, in a task of its own: the one that made the program is long enough.
#[cfg(target_arch = "wasm32")]
pub fn start() {
    gloo_timers::callback::Timeout::new(0, components::start).forget();
}
