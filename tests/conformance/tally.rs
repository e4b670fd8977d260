//! What a suite counts.

/// How many disagreements are shown.
const SHOWN: usize = 20;

/// How many rows agree, and which do not.
pub(crate) struct Tally {
    /// The suite, or `suite/part`.
    pub(crate) name: String,
    agreed: usize,
    explained: usize,
    passed_over: usize,
    total: usize,
    disagreements: Vec<String>,
}

impl Tally {
    pub(crate) fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), agreed: 0, explained: 0, passed_over: 0, total: 0, disagreements: Vec::new() }
    }

    /// Counts a row that agrees.
    pub(crate) fn agree(&mut self) {
        self.total += 1;
        self.agreed += 1;
    }

    /// Notes a row that nobody could be asked about.
    pub(crate) fn pass_over(&mut self) {
        self.passed_over += 1;
    }

    /// Counts a row that does not, for a reason that is written down.
    pub(crate) fn explain(&mut self) {
        self.total += 1;
        self.explained += 1;
    }

    /// Counts a row that does not, with what there is to say about it.
    pub(crate) fn disagree(&mut self, what: String) {
        self.total += 1;
        if self.disagreements.len() < SHOWN {
            self.disagreements.push(what);
        }
    }

    /// Counts a row by comparing; `row` names it.
    pub(crate) fn compare(&mut self, row: &str, ours: &str, theirs: &str) {
        if ours == theirs {
            self.agree();
        } else {
            self.disagree(format!("{row}\n    ours:   {ours}\n    theirs: {theirs}"));
        }
    }

    /// How many rows there were.
    pub(crate) fn total(&self) -> usize {
        self.total
    }

    /// The share that agrees or is explained; all of nothing.
    pub(crate) fn percent(&self) -> f64 {
        let settled = self.agreed + self.explained;
        if self.total == 0 { 100.0 } else { settled as f64 * 100.0 / self.total as f64 }
    }

    pub(crate) fn print(&self) {
        println!("{} {}/{}", self.name, self.agreed, self.total);
        if self.explained > 0 {
            println!("  {} differ for a reason that is written down", self.explained);
        }
        if self.passed_over > 0 {
            println!("  {} more rows ask for something that no table names", self.passed_over);
        }
        for what in &self.disagreements {
            println!("  {what}");
        }
        let more = self.total - self.agreed - self.explained - self.disagreements.len();
        if more > 0 {
            println!("  and {more} more");
        }
    }
}
