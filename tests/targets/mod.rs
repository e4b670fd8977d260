//! What has to hold for any bytes, one function a target. A fuzzer calls them with bytes of its own (`fuzz/`), and a test
//! calls each with the seeds that are checked in there and with what a generator makes of them.
//!
//! A function panics where something does not hold, and that is all it does.

mod apparmor;
mod edit;
mod falco;
mod harden;
mod pods;
mod seccomp;
mod yaml;

use std::borrow::Cow;

/// A target: what a fuzzer calls it, and what it does with bytes.
pub struct Target {
    /// The name of its program and of its folder of seeds.
    pub name: &'static str,
    /// Panics if something does not hold for these bytes.
    pub run: fn(&[u8]),
}

/// Every target.
pub const TARGETS: &[Target] = &[
    Target { name: "yaml", run: yaml::run },
    Target { name: "edit", run: edit::run },
    Target { name: "pods", run: pods::run },
    Target { name: "harden", run: harden::run },
    Target { name: "seccomp", run: seccomp::run },
    Target { name: "apparmor", run: apparmor::run },
    Target { name: "falco", run: falco::run },
];

/// Runs the target of this name.
///
/// # Panics
///
/// If there is none, or something does not hold.
pub fn run(name: &str, bytes: &[u8]) {
    match TARGETS.iter().find(|target| target.name == name) {
        Some(target) => (target.run)(bytes),
        None => panic!("there is no target {name}"),
    }
}

/// Bytes as a text, as the command line and the page take them.
fn text(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}
