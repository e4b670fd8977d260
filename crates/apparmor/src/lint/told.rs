use watertight_diagnostic::{Finding, MOST_ALIKE};

/// The findings of one rule about one text: the first ones, of which the last knows how many more there are.
#[derive(Default)]
pub(super) struct Told(Vec<Finding>);

impl Told {
    pub(super) fn push(&mut self, finding: Finding) {
        if self.0.len() < MOST_ALIKE {
            self.0.push(finding);
        } else if let Some(last) = self.0.last_mut() {
            last.more += 1 + finding.more;
        }
    }

    pub(super) fn extend(&mut self, findings: impl IntoIterator<Item = Finding>) {
        findings.into_iter().for_each(|finding| self.push(finding));
    }

    pub(super) fn finish(self) -> Vec<Finding> {
        self.0
    }
}
