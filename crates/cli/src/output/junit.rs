//! JUnit XML, as test reports of most build servers read it: a suite a file, a case a finding.

use std::io::{self, Write};

use watertight::diagnostic::report::FindingReport;
use watertight::text::xml::escaped;

use super::{Sink, Totals};
use crate::arguments::Threshold;
use crate::input::Unusable;
use crate::part::{Batch, Located};

pub(crate) struct Junit<'o> {
    out: &'o mut dyn Write,
    fail_on: Threshold,
}

impl<'o> Junit<'o> {
    pub(crate) fn new(out: &'o mut dyn Write, fail_on: Threshold) -> io::Result<Self> {
        writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"watertight\">")?;
        Ok(Self { out, fail_on })
    }

    fn case(&mut self, located: &Located<'_>, finding: &FindingReport, suppressed: Option<&str>) -> io::Result<()> {
        let at = located.position(finding.primary.range.start);
        let about = finding.object.iter().chain(&finding.container).cloned().collect::<Vec<_>>().join(" ");
        let name = if about.is_empty() { finding.rule.to_string() } else { format!("{}: {about}", finding.rule) };
        let file = escaped(&located.part.name);
        write!(
            self.out,
            "    <testcase classname=\"{file}\" name=\"{}\" file=\"{file}\" line=\"{}\">",
            escaped(&name),
            at.line
        )?;
        let place = format!("{}:{}:{}", located.part.name, at.line, at.column);
        let text = [place.as_str(), &finding.what, &finding.why, &finding.how].join("\n");
        match suppressed {
            Some(reason) => write!(self.out, "<skipped message=\"{}\"/>", escaped(reason))?,
            None if self.fail_on.reached_by(finding.severity) => write!(
                self.out,
                "<failure type=\"{}\" message=\"{}\">{}</failure>",
                finding.severity,
                escaped(&finding.what),
                escaped(text.trim_end())
            )?,
            None => write!(self.out, "<system-out>{}</system-out>", escaped(text.trim_end()))?,
        }
        writeln!(self.out, "</testcase>")
    }
}

impl Sink for Junit<'_> {
    fn batch(&mut self, batch: &Batch<'_>) -> io::Result<()> {
        let report = &batch.report;
        for (file, located) in (0..).zip(&batch.parts) {
            let findings: Vec<_> = report.findings.iter().filter(|finding| finding.primary.file == file).collect();
            let suppressed: Vec<_> = report.suppressed.iter().filter(|s| s.finding.primary.file == file).collect();
            let failures = findings.iter().filter(|finding| self.fail_on.reached_by(finding.severity)).count();
            let name = escaped(&located.part.name);
            writeln!(
                self.out,
                "  <testsuite name=\"{name}\" tests=\"{}\" failures=\"{failures}\" errors=\"0\" skipped=\"{}\">",
                (findings.len() + suppressed.len()).max(1),
                suppressed.len()
            )?;
            for finding in &findings {
                self.case(located, finding, None)?;
            }
            for suppressed in &suppressed {
                self.case(located, &suppressed.finding, Some(&suppressed.reason))?;
            }
            if findings.is_empty() && suppressed.is_empty() {
                writeln!(self.out, "    <testcase classname=\"{name}\" name=\"nothing found\"/>")?;
            }
            writeln!(self.out, "  </testsuite>")?;
        }
        self.out.flush()
    }

    fn unusable(&mut self, unusable: &Unusable) -> io::Result<()> {
        let (name, reason) = (escaped(&unusable.name), escaped(&unusable.reason));
        writeln!(
            self.out,
            "  <testsuite name=\"{name}\" tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\">\n    \
             <testcase classname=\"{name}\" name=\"readable\"><error message=\"{reason}\"/></testcase>\n  </testsuite>"
        )
    }

    fn finish(&mut self, _: &Totals) -> io::Result<()> {
        writeln!(self.out, "</testsuites>")?;
        self.out.flush()
    }
}
