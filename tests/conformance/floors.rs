//! How much every suite agrees at least.

use std::collections::BTreeMap;
use std::path::Path;

use crate::tally::Tally;

/// The shares checked in, in percent, by the name of a suite or of one of its tallies.
pub(crate) struct Floors(BTreeMap<String, f64>);

impl Floors {
    pub(crate) fn read() -> Result<Self, String> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance/floors.toml");
        let text = std::fs::read_to_string(&path).map_err(|error| format!("floors.toml: {error}"))?;
        toml::from_str(&text).map(Self).map_err(|error| format!("floors.toml: {error}"))
    }

    /// Whether a tally reaches its floor; says so when not. A tally without rows reaches every floor.
    pub(crate) fn hold(&self, suite: &str, tally: &Tally) -> bool {
        let floor = self.0.get(&tally.name).or_else(|| self.0.get(suite)).copied().unwrap_or(100.0);
        let holds = tally.percent() >= floor;
        if !holds {
            println!("  {:.2} % agree, and the floor of {} is {floor} %", tally.percent(), tally.name);
        }
        holds
    }
}
