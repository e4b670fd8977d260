//! The findings: which are listed, which are opened, and where they stand in the text.

use std::rc::Rc;

use watertight_diagnostic::{Category, Severity};
use watertight_worker::message::Request;

use super::{Effect, Purpose, Side, State, Tab};
use crate::few::Few;
use crate::files::FileKey;
use crate::language::plural;
use crate::select;

/// Which findings are listed.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Filter {
    /// Severities that are left out.
    pub hidden: Few<Severity>,
    /// The only category that is listed.
    pub category: Option<Category>,
    /// Words that must all occur.
    pub query: String,
}

impl State {
    /// The documentation of a rule: whether it was asked for, and whether it is there.
    pub fn docs_of(&self, rule: &str) -> Option<&Option<Rc<str>>> {
        self.docs.iter().find(|(other, _)| other == rule).map(|(_, docs)| docs)
    }

    /// The open file for a file of the report.
    pub fn key_of(&self, file: u32) -> Option<FileKey> {
        let key = *self.analysis.as_ref()?.keys.get(file as usize)?;
        self.file(key).map(|file| file.key)
    }

    pub(super) fn toggle(&mut self, finding: usize, out: &mut Vec<Effect>) {
        let Some((identity, place)) = self.finding(finding) else { return };
        self.selected = Some(finding);
        if self.opened.remove(&identity) {
            return;
        }
        self.opened.insert(identity);
        let (file, from, to) = place;
        self.reveal(file, from, to, false, out);
    }

    pub(super) fn open_finding(&mut self, finding: usize, out: &mut Vec<Effect>) {
        let Some((identity, _)) = self.finding(finding) else { return };
        self.opened.insert(identity);
        self.selected = Some(finding);
        self.tab = Tab::Findings;
        self.side = Side::Results;
        // It must be listed to be seen.
        let listed = self.report().is_some_and(|report| select::matching(report, &self.filter).any(|i| i == finding));
        if !listed {
            self.filter = Filter::default();
        }
        if let Some(title) = self.report().and_then(|report| select::fold_of(report, finding)) {
            self.unfolded.insert(title);
        }
        out.push(Effect::ScrollTo(finding));
    }

    fn finding(&self, finding: usize) -> Option<(String, (u32, u32, u32))> {
        let found = self.report()?.findings.get(finding)?;
        let place = (found.primary.file, found.primary.range.start, found.primary.range.end);
        Some((select::identity(found), place))
    }

    pub(super) fn reveal(&mut self, file: u32, from: u32, to: u32, go: bool, out: &mut Vec<Effect>) {
        let Some(key) = self.key_of(file) else { return };
        self.active = key;
        out.push(Effect::Reveal { key, from, to, go });
    }

    /// Lists other findings.
    pub(super) fn list(&mut self, filter: Filter) {
        if filter != self.filter {
            self.filter = filter;
            let shown = self.report().map_or(0, |report| select::matching(report, &self.filter).count());
            self.announcement = plural(shown, "{count} finding listed", "{count} findings listed").into();
        }
    }

    /// Asks for the documentation of a rule, once.
    pub(super) fn explain(&mut self, rule: String, out: &mut Vec<Effect>) {
        if self.docs_of(&rule).is_none() {
            self.docs.push((rule.clone(), None));
            let request = Request::Explain { rule: rule.clone() };
            self.ask(Purpose::Explain { rule }, request, out);
        }
    }
}
