//! The program `watertight`.

fn main() {}
