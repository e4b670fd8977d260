//! The whole report. Findings are written as they come; the smaller rest waits, outside of memory, for its turn.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Seek, Write};

use serde::Serialize;
use watertight::diagnostic::Settings;
use watertight::diagnostic::report::{
    ChecklistItem, ChecklistState, FileReport, FindingReport, InputKind, Place, PodReport, RuleReport,
    SuppressedReport, VERSION,
};
use watertight::text::Encoding;

use super::{Sink, Totals};
use crate::input::Unusable;
use crate::part::{Batch, Located};

pub(crate) struct Json<'o> {
    out: &'o mut dyn Write,
    findings: usize,
    pods: Waiting,
    suppressed: Waiting,
    unusable: Waiting,
    files: Vec<FileReport>,
    rules: BTreeMap<String, RuleReport>,
    checklist: Vec<ChecklistItem>,
}

impl<'o> Json<'o> {
    pub(crate) fn new(out: &'o mut dyn Write, settings: &Settings) -> io::Result<Self> {
        write!(out, "{{\"v\":{VERSION},\"encoding\":")?;
        serde_json::to_writer(&mut *out, &Encoding::Utf8)?;
        out.write_all(b",\"settings\":")?;
        serde_json::to_writer(&mut *out, settings)?;
        out.write_all(b",\"findings\":[")?;
        Ok(Self {
            out,
            findings: 0,
            pods: Waiting::new()?,
            suppressed: Waiting::new()?,
            unusable: Waiting::new()?,
            files: Vec::new(),
            rules: BTreeMap::new(),
            checklist: Vec::new(),
        })
    }

    /// The number of the file in the whole report. Pieces of one file come one behind the other.
    fn file(&mut self, report: &FileReport, located: &Located<'_>) -> u32 {
        let mut report = report.clone();
        for document in &mut report.documents {
            document.index += located.part.documents_before;
            document.range = located.original(document.range);
        }
        let goes_on = located.part.documents_before > 0 || located.part.piece.items_before > 0;
        match self.files.last_mut().filter(|last| goes_on && last.name == report.name) {
            Some(last) => {
                last.documents.append(&mut report.documents);
                last.restorable |= report.restorable;
                if last.kind == InputKind::Unknown {
                    last.kind = report.kind;
                }
            }
            None => self.files.push(report),
        }
        u32::try_from(self.files.len().saturating_sub(1)).unwrap_or(u32::MAX)
    }
}

impl Sink for Json<'_> {
    fn batch(&mut self, batch: &Batch<'_>) -> io::Result<()> {
        let report = &batch.report;
        let files: Vec<u32> = report.files.iter().zip(&batch.parts).map(|(file, part)| self.file(file, part)).collect();
        let shift = Shift { batch, files: &files, pods: self.pods.count };
        let before = self.findings;
        self.rules.extend(report.rules.iter().map(|rule| (rule.id.clone(), rule.clone())));
        for finding in &report.findings {
            if self.findings > 0 {
                self.out.write_all(b",")?;
            }
            self.findings += 1;
            serde_json::to_writer(&mut *self.out, &shift.finding(finding))?;
        }
        for suppressed in &report.suppressed {
            self.suppressed.push(&SuppressedReport {
                finding: shift.finding(&suppressed.finding),
                reason: suppressed.reason.clone(),
                place: shift.place(&suppressed.place),
            })?;
        }
        for pod in &report.pods {
            self.pods.push(&shift.pod(pod))?;
        }
        for item in &report.checklist {
            let mut item = item.clone();
            item.findings.iter_mut().for_each(|index| *index += before);
            merge(&mut self.checklist, item);
        }
        Ok(())
    }

    fn unusable(&mut self, unusable: &Unusable) -> io::Result<()> {
        self.unusable.push(unusable)
    }

    fn finish(&mut self, _: &Totals) -> io::Result<()> {
        self.out.write_all(b"],\"suppressed\":[")?;
        self.suppressed.write(self.out)?;
        self.out.write_all(b"],\"pods\":[")?;
        self.pods.write(self.out)?;
        self.out.write_all(b"],\"files\":")?;
        serde_json::to_writer(&mut *self.out, &self.files)?;
        self.out.write_all(b",\"rules\":")?;
        serde_json::to_writer(&mut *self.out, &self.rules.values().collect::<Vec<_>>())?;
        self.out.write_all(b",\"checklist\":")?;
        serde_json::to_writer(&mut *self.out, &self.checklist)?;
        self.out.write_all(b",\"unusable\":[")?;
        self.unusable.write(self.out)?;
        self.out.write_all(b"]}\n")?;
        self.out.flush()
    }
}

/// From places in a batch to places in the whole input.
struct Shift<'b> {
    batch: &'b Batch<'b>,
    /// The number in the whole report of each file of the batch.
    files: &'b [u32],
    /// Pods in the batches before.
    pods: usize,
}

impl Shift<'_> {
    fn place(&self, place: &Place) -> Place {
        let mut place = place.clone();
        if let Some(located) = self.batch.part(&place) {
            place.range = located.original(place.range);
            place.route = place.route.map(|route| located.original_words(&route));
        }
        place.file = self.file(place.file);
        place
    }

    fn finding(&self, finding: &FindingReport) -> FindingReport {
        let mut shifted = finding.clone();
        shifted.primary = self.place(&finding.primary);
        shifted.related = finding.related.iter().map(|place| self.place(place)).collect();
        shifted.pod = finding.pod.map(|pod| pod + self.pods);
        for fix in &mut shifted.fixes {
            if let Some(located) = self.batch.parts.get(fix.file as usize) {
                fix.operations.iter_mut().for_each(|operation| located.original_operation(operation));
                fix.rewrites.iter_mut().for_each(|rewrite| rewrite.span = located.original_span(rewrite.span));
            }
            fix.file = self.file(fix.file);
        }
        shifted
    }

    fn pod(&self, pod: &PodReport) -> PodReport {
        let mut shifted = pod.clone();
        if let Some(located) = self.batch.part(&pod.place) {
            shifted.document += located.part.documents_before;
        }
        shifted.place = self.place(&pod.place);
        for check in shifted.admission.iter_mut().flat_map(|answer| &mut answer.failures) {
            check.places = check.places.iter().map(|place| self.place(place)).collect();
        }
        shifted
    }

    fn file(&self, file: u32) -> u32 {
        self.files.get(file as usize).copied().unwrap_or(file)
    }
}

/// The checklist over all batches: open when it is open in one of them.
fn merge(all: &mut Vec<ChecklistItem>, item: ChecklistItem) {
    let Some(known) = all.iter_mut().find(|known| known.id == item.id) else {
        all.push(item);
        return;
    };
    let rank = |state| match state {
        ChecklistState::Open => 3,
        ChecklistState::Unknown => 2,
        ChecklistState::Done => 1,
        ChecklistState::NotApplicable => 0,
    };
    known.findings.extend(item.findings);
    if rank(item.state) > rank(known.state) {
        known.state = item.state;
        known.because = item.because;
    }
}

/// Items of a JSON list that are written later. They lie in a file without a name.
struct Waiting {
    file: File,
    count: usize,
}

impl Waiting {
    fn new() -> io::Result<Self> {
        Ok(Self { file: tempfile::tempfile()?, count: 0 })
    }

    fn push(&mut self, item: &impl Serialize) -> io::Result<()> {
        let mut line = serde_json::to_vec(item)?;
        if self.count > 0 {
            line.insert(0, b',');
        }
        self.count += 1;
        self.file.write_all(&line)
    }

    fn write(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.file.rewind()?;
        io::copy(&mut self.file, out).map(|_| ())
    }
}
