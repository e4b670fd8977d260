//! The part of the engine that comes first: it answers what a pasted pod needs, and leaves all else to the whole engine.

use serde::{Deserialize, Serialize};
use watertight::analyse_plain;
use watertight::diagnostic::Settings;
use watertight::diagnostic::report::Report;

use crate::json;
use crate::message::{ENCODING, File, Numbered, inputs};

/// The one question of [`Request`](crate::message::Request) that is answered here.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Asked {
    Analyse { files: Vec<File>, settings: Settings },
}

/// Its answer, as in [`Reply`](crate::message::Reply).
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
enum Told {
    Report(Box<Report>),
}

/// Answers one request as [`handle`](crate::handle) does; `None` where it takes the whole engine.
pub fn handle_first(json: &str) -> Option<String> {
    let Numbered { id, body: Asked::Analyse { files, settings } } = json::read(json).ok()?;
    let report = analyse_plain(&inputs(&files), &settings, ENCODING)?;
    serde_json::to_string(&Numbered { id, body: Told::Report(Box::new(report)) }).ok()
}

/// What the page is told when a request has to wait for the whole engine, as [`Reply::Fetching`](crate::message::Reply).
pub fn fetching() -> &'static str {
    r#"{"id":0,"body":"fetching"}"#
}

/// The first message of a worker, numbered 0, as [`Reply::Ready`](crate::message::Reply).
pub fn ready() -> &'static str {
    concat!(r#"{"id":0,"body":{"ready":{"version":""#, env!("CARGO_PKG_VERSION"), r#""}}}"#)
}

#[cfg(all(test, feature = "engine"))]
mod tests {
    use super::*;
    use crate::handle;
    use crate::message::{Reply, Request};

    #[test]
    fn messages_are_those_of_the_whole_engine() {
        let version = env!("CARGO_PKG_VERSION").to_owned();
        assert_eq!(serde_json::from_str(ready()).ok(), Some(Numbered { id: 0, body: Reply::Ready { version } }));
        assert_eq!(serde_json::from_str(fetching()).ok(), Some(Numbered { id: 0, body: Reply::Fetching }));
        let text = include_str!("../../../static/examples/risky-web.yaml").to_owned();
        let files = vec![File { name: "a.yaml".to_owned(), text }];
        let analyse = Request::Analyse { files, settings: Settings::default() };
        let asked = serde_json::to_string(&Numbered { id: 7, body: analyse }).unwrap();
        assert_eq!(handle_first(&asked), Some(handle(&asked)));
        for json in ["", "{", "null", r#"{"id":1,"body":{"explain":{"rule":"host-pid"}}}"#] {
            assert_eq!(handle_first(json), None, "{json}");
        }
    }
}
