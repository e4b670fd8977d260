//! SARIF 2.1.0, as the engine writes it, a batch at a time.

use std::io::{self, Write};

use watertight::output;

use super::{Sink, Totals};
use crate::input::Unusable;
use crate::part::Batch;

pub(crate) struct Sarif<'o> {
    out: &'o mut dyn Write,
    log: output::Sarif,
}

impl<'o> Sarif<'o> {
    pub(crate) fn new(out: &'o mut dyn Write) -> io::Result<Self> {
        let log = output::Sarif::begin(&mut |text: &str| out.write_all(text.as_bytes()))?;
        Ok(Self { out, log })
    }
}

impl Sink for Sarif<'_> {
    fn batch(&mut self, batch: &Batch<'_>) -> io::Result<()> {
        self.log.batch(&batch.for_output(), &mut |text: &str| self.out.write_all(text.as_bytes()))?;
        self.out.flush()
    }

    fn unusable(&mut self, unusable: &Unusable) -> io::Result<()> {
        self.log.unusable(format!("{}: {}", unusable.name, unusable.reason));
        Ok(())
    }

    fn finish(&mut self, _: &Totals) -> io::Result<()> {
        self.log.end(&mut |text: &str| self.out.write_all(text.as_bytes()))?;
        self.out.flush()
    }
}
