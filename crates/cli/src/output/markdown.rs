//! Markdown, as the engine writes it: a report for each batch.

use std::io::{self, Write};

use super::{Sink, Totals};
use crate::input::Unusable;
use crate::part::Batch;

pub(crate) struct Markdown<'o> {
    out: &'o mut dyn Write,
}

impl<'o> Markdown<'o> {
    pub(crate) fn new(out: &'o mut dyn Write) -> Self {
        Self { out }
    }
}

impl Sink for Markdown<'_> {
    fn batch(&mut self, batch: &Batch<'_>) -> io::Result<()> {
        self.out.write_all(watertight::output::markdown(&batch.for_output()).as_bytes())?;
        self.out.flush()
    }

    /// It was told on standard error.
    fn unusable(&mut self, _: &Unusable) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, _: &Totals) -> io::Result<()> {
        self.out.flush()
    }
}
