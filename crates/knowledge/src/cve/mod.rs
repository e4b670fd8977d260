//! Known bugs through which a container was left, or which take a layer away.
//!
//! The data stands in `data/cves.txt`: one entry a paragraph, its id first, then lines of a word and a value.
//!
//! | word | value |
//! | --- | --- |
//! | `in` | the component |
//! | `affected` | `FROM <FIXED` or `FROM <=LAST`; `?` where a bound was not read; without a second bound no fix was read |
//! | `branch` | of a kernel: `X.Y`, from which release on (`>=`), and where it is fixed (`<`) or was last seen (`<=`) |
//! | `unknown` | branches of which nothing was read |
//! | `debian`, `vendor` | the fixed package of a Debian suite; the only vendor whose kernels have the bug |
//! | `also` | another component that had the same bug |
//! | `outcome`, `by`, `reach` | what is won, who has to be hostile, how a container gets to a kernel bug |
//! | `needs`, `stops` | what else must be the case, and which controls stop it; of kernel bugs the [`Reach`] says it |
//! | `when` | the same as `needs`, where who is hostile or a control of `stops` decides it |
//! | `precision`, `read`, `ref`, `note` | how well the range is known and from where |
//! | `cvss`, `kev` | score, and the day on which CISA listed it as exploited |
//!
//! `cargo xtask cves` compares the file with CISA's list of exploited bugs and the Go vulnerability database and prints
//! what has changed since; a person reads the records, edits the entries and the `date`.

mod affects;
mod reach;
mod read;
mod words;

pub use words::leads_out;

use std::sync::OnceLock;

pub use affects::{Affects, affecting, kernel_vendor};
pub use reach::Reach;

use crate::version::Version;

/// A known bug.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Cve {
    /// `CVE-…`, `GHSA-…`, or a name of ours where nobody gave a number.
    pub id: &'static str,
    /// Other numbers of the same bug.
    pub aliases: Vec<&'static str>,
    /// What people call it; empty when it has no name.
    pub name: &'static str,
    /// The program it is in.
    pub component: &'static str,
    /// The day or month it became public; empty when not read.
    pub published: &'static str,
    /// Which versions have it.
    pub ranges: Vec<Range>,
    /// The stable branches of a kernel, each with its own range.
    pub branches: Vec<(Bound, Range)>,
    /// Branches of which nothing was read.
    pub unknown_branches: Vec<Bound>,
    /// Fixed packages of Debian, by suite.
    pub debian: Vec<(&'static str, &'static str)>,
    /// The only vendor whose kernels have it; empty when all have.
    pub vendor: &'static str,
    /// Other components with the same bug.
    pub also: Vec<(&'static str, Range)>,
    /// How well the range is known: `release-branch`, `stable-branch`, `coarse`, `partial`, `vendor`, `none-verified`.
    pub precision: &'static str,
    /// What is won: `host-root`, `host-file-write`, …
    pub outcome: &'static str,
    /// Who has to be hostile: `container`, `image`, `pod-author`, …
    pub attackers: Vec<&'static str>,
    /// How a container gets to a kernel bug.
    pub reach: Option<Reach>,
    /// What else must be the case.
    pub needs: Vec<&'static str>,
    /// Those of [`Cve::needs`] that neither who is hostile nor a control of [`Cve::stopped_by`] decides.
    pub untold: Vec<&'static str>,
    /// The controls that stop it, by their ids.
    pub stopped_by: Vec<&'static str>,
    /// CVSS score, as found.
    pub cvss: Option<f32>,
    /// The day on which CISA listed it as exploited in the wild; empty when it is not on the list.
    pub exploited: &'static str,
    /// What it is, in our words.
    pub summary: &'static str,
    /// A remark on the data.
    pub note: &'static str,
    /// Addresses beside the CVE's own record.
    pub refs: Vec<&'static str>,
    /// The sources that were read for this entry.
    pub read: &'static str,
}

/// A version that a stretch begins or ends with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bound {
    /// As it was written.
    pub written: &'static str,
    /// What it says.
    pub version: Version<'static>,
}

/// A stretch of versions.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Range {
    /// The first version with the bug; `None` when it was not read.
    pub from: Option<Bound>,
    /// Whether [`Range::from`] is only the oldest version that the source knows.
    pub from_is_uncertain: bool,
    /// Where it ends.
    pub end: End,
}

/// Where a stretch of versions ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum End {
    /// The first version without the bug.
    Fixed(Bound),
    /// The last version with the bug that was seen.
    Last(Bound),
    /// No fixed version was read.
    #[default]
    Open,
}

/// A bug of which too little was read to say who has it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Watched {
    /// Its number.
    pub id: &'static str,
    /// The program it is in.
    pub component: &'static str,
    /// Where it was seen.
    pub seen: &'static str,
    /// What is known.
    pub note: &'static str,
}

/// All of the data.
#[derive(Debug, Default)]
struct Data {
    date: &'static str,
    cves: Vec<Cve>,
    watched: Vec<Watched>,
}

fn data() -> &'static Data {
    static DATA: OnceLock<Data> = OnceLock::new();
    DATA.get_or_init(|| read::read(include_str!("../../data/cves.txt")))
}

/// Every known bug.
pub fn all() -> &'static [Cve] {
    &data().cves
}

/// Bugs to watch: seen in changelogs, their texts not read.
pub fn watched() -> &'static [Watched] {
    &data().watched
}

/// The day up to which the sources were read, as year, month and day.
pub fn date() -> &'static str {
    data().date
}

/// The bug of a number, whatever its case.
pub fn by_id(id: &str) -> Option<&'static Cve> {
    let is_it = |cve: &Cve| std::iter::once(&cve.id).chain(&cve.aliases).any(|known| known.eq_ignore_ascii_case(id));
    all().iter().find(|cve| is_it(cve))
}

impl Cve {
    /// The controls that stop it, by their ids: its own, else those of its reach.
    pub fn controls(&self) -> &[&'static str] {
        match self.reach {
            Some(reach) if self.stopped_by.is_empty() => reach.stopped_by(),
            _ => &self.stopped_by,
        }
    }

    /// The address of its record.
    pub fn address(&self) -> String {
        match self.refs.first() {
            Some(first) if !self.id.starts_with("CVE-") => (*first).to_owned(),
            _ => ["https://nvd.nist.gov/vuln/detail/", self.id].concat(),
        }
    }
}
