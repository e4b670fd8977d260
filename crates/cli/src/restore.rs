//! `watertight restore`

use std::io::{self, Write};

use crate::arguments::Restore;
use crate::change::Changing;
use crate::outcome::Outcome;
use crate::visible::visible;

pub(crate) fn run(restore: &Restore, out: &mut dyn Write) -> io::Result<Outcome> {
    let mut changing = Changing::read(&restore.inputs, &restore.change);
    for file in 0..changing.files.len() {
        let Some((source, before)) = changing.files.get(file) else { continue };
        let restored = watertight::restore(before).filter(|text| text != before);
        if restored.is_none() {
            let name = source.name();
            // Nobody may be listening there.
            let _ = writeln!(io::stderr(), "{}: there is nothing to bring back", visible(&name));
            changing.outcome.worsen(Outcome::Found);
        }
        let text = restored.unwrap_or_else(|| before.clone());
        changing.put(&restore.change, file, &text, out)?;
    }
    out.flush()?;
    Ok(changing.outcome)
}
