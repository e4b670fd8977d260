//! The part of the engine that comes first: it answers what a pasted pod needs, and leaves all else to the whole engine.

use serde::{Deserialize, Serialize};
use watertight::analyse_plain;
use watertight::diagnostic::Settings;
use watertight::diagnostic::report::Report;

use crate::message::{ENCODING, File, Numbered, inputs};
use crate::pack;

/// The one question of [`Request`](crate::message::Request) that is answered here.
#[derive(Deserialize)]
enum Asked {
    Analyse { files: Vec<File>, settings: Settings },
}

/// The beginning of [`Reply`](crate::message::Reply): what is said here.
#[derive(Serialize)]
enum Told {
    Fetching,
    Ready { version: &'static str },
    Report(Box<Report>),
}

/// Answers one packed request as [`handle_packed`](crate::handle_packed) does; `None` where it takes the whole engine.
pub fn handle_first(packed: &[u8]) -> Option<Vec<u8>> {
    let Numbered { id, body: Asked::Analyse { files, settings } } = pack::read(packed).ok()?;
    let report = analyse_plain(&inputs(&files), &settings, ENCODING)?;
    pack::write(&Numbered { id, body: Told::Report(Box::new(report)) }).ok()
}

/// What the page is told when a request has to wait for the whole engine, as [`Reply::Fetching`](crate::message::Reply).
pub fn fetching() -> Vec<u8> {
    unasked(Told::Fetching)
}

/// The first message of a worker, as [`Reply::Ready`](crate::message::Reply).
pub fn ready() -> Vec<u8> {
    unasked(Told::Ready { version: env!("CARGO_PKG_VERSION") })
}

/// A message that answers no request; those are numbered 0.
fn unasked(body: Told) -> Vec<u8> {
    // Words and texts can always be packed.
    pack::write(&Numbered { id: 0, body }).unwrap_or_default()
}

#[cfg(all(test, feature = "engine"))]
mod tests {
    use super::*;
    use crate::handle_packed;
    use crate::message::{Reply, Request};

    #[test]
    fn messages_are_those_of_the_whole_engine() {
        let version = env!("CARGO_PKG_VERSION").to_owned();
        assert_eq!(pack::read(&ready()), Ok(Numbered { id: 0, body: Reply::Ready { version } }));
        assert_eq!(pack::read(&fetching()), Ok(Numbered { id: 0, body: Reply::Fetching }));
        let text = include_str!("../../../static/examples/risky-web.yaml").to_owned();
        let files = vec![File { name: "a.yaml".to_owned(), text }];
        let analyse = Request::Analyse { files, settings: Settings::default() };
        let asked = pack::write(&Numbered { id: 7, body: analyse }).unwrap();
        assert_eq!(handle_first(&asked), Some(handle_packed(&asked)));
        let other = pack::write(&Numbered { id: 1, body: Request::Explain { rule: "host-pid".to_owned() } }).unwrap();
        for packed in [&[][..], b"{", b"null", &other] {
            assert_eq!(handle_first(packed), None, "{packed:?}");
        }
    }
}
