//! `watertight restore`

use std::io::{self, Write};

use watertight_pod::restore::{Left, left};

use crate::arguments::Restore;
use crate::change::Changing;
use crate::outcome::Outcome;
use crate::visible::visible;

pub(crate) fn run(restore: &Restore, out: &mut dyn Write) -> io::Result<Outcome> {
    let mut changing = Changing::read(&restore.inputs, &restore.change);
    for file in 0..changing.files.len() {
        let Some((source, before)) = changing.files.get(file) else { continue };
        let restored = watertight::restore(before).filter(|text| text != before);
        let mut complaints: Vec<String> = left(before).iter().map(stays).collect();
        if restored.is_none() && complaints.is_empty() {
            complaints.push(": there is nothing to bring back".to_owned());
        }
        for complaint in complaints {
            // Nobody may be listening there.
            let _ = writeln!(io::stderr(), "{}{complaint}", visible(&source.name()));
            changing.outcome.worsen(Outcome::Found);
        }
        let text = restored.unwrap_or_else(|| before.clone());
        changing.put(&restore.change, file, &text, out)?;
    }
    out.flush()?;
    Ok(changing.outcome)
}

/// Why an object stays without its indentation, behind the name of its file.
fn stays(left: &Left) -> String {
    let Left { line, kind, is_known } = left;
    let why = if *is_known {
        "nobody can tell where each of its lines belongs"
    } else {
        "the structure of that kind is not known here"
    };
    format!(":{line}: {} stays as it is: {why}", visible(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn why_an_object_stays() {
        for (is_known, why) in [
            (true, ":3: Event stays as it is: nobody can tell where each of its lines belongs"),
            (false, ":3: Event stays as it is: the structure of that kind is not known here"),
        ] {
            assert_eq!(stays(&Left { line: 3, kind: "Event".to_owned(), is_known }), why);
        }
    }
}
