//! What is known about capabilities, paths and runtimes: data with its sources, and look-ups.

pub mod annotation;
pub mod capability;
pub mod credential;
pub mod cve;
pub mod host;
pub mod path;
pub mod place;
pub mod purpose;
pub mod sandbox;
pub mod socket;
pub mod sysctl;
pub mod version;
