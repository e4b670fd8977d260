// Questions of the page to its engine, packed as `crates/worker/src/pack` packs them: that of a first visit alone. A test of the
// crate holds that both say the same.
