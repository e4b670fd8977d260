use crate::message::{ENCODING, Numbered, Reply, Request, inputs};
use crate::pack;

/// Answers one request of a page that was built together with this. Both are packed [`Numbered`] messages; bytes that are
/// none are answered by [`Reply::Failed`].
pub fn handle_packed(packed: &[u8]) -> Vec<u8> {
    let failed = |id| Numbered { id, body: Reply::Failed { reason: pack::Unreadable.to_string() } };
    let reply = match pack::read::<Numbered<Request>>(packed) {
        Ok(Numbered { id, body }) => Numbered { id, body: answer(&body) },
        Err(_) => failed(pack::number(packed)),
    };
    // Should a reply hold what cannot be packed, whoever waits must still get an answer; this one can be packed.
    pack::write(&reply).or_else(|_| pack::write(&failed(reply.id))).unwrap_or_default()
}

/// Answers one request. Both are JSON texts of [`Numbered`] messages; a text that is none is answered by
/// [`Reply::Failed`].
pub fn handle(json: &str) -> String {
    let reply = match serde_json::from_str::<Numbered<Request>>(json) {
        Ok(Numbered { id, body }) => Numbered { id, body: answer(&body) },
        Err(error) => Numbered { id: number_of(json), body: Reply::Failed { reason: error.to_string() } },
    };
    write(&reply)
}

/// Answers a request.
pub fn answer(request: &Request) -> Reply {
    match request {
        Request::Analyse { files, settings } => {
            Reply::Report(Box::new(watertight::analyse(&inputs(files), settings, ENCODING)))
        }
        Request::Harden { files, settings } => Reply::Hardened(Box::new(watertight::harden(&inputs(files), settings))),
        Request::Escape { files, ask, settings } => {
            Reply::Escape(Box::new(watertight::escape(&inputs(files), ask, settings, ENCODING)))
        }
        Request::Explore { ask, settings } => Reply::Explored(Box::new(watertight::explore(ask, settings))),
        Request::Falco { files, ask } => Reply::Falco(Box::new(watertight::falco(&inputs(files), ask, ENCODING))),
        Request::Apparmor { files, ask, settings } => {
            Reply::Apparmor(Box::new(watertight::apparmor(&inputs(files), ask, settings, ENCODING)))
        }
        Request::Seccomp { files, ask, settings } => {
            Reply::Seccomp(Box::new(watertight::seccomp(&inputs(files), ask, settings, ENCODING)))
        }
        Request::Lesson { files, ask, settings } => {
            Reply::Lesson(Box::new(watertight::lesson(&inputs(files), ask, settings, ENCODING)))
        }
        Request::Edits { text, operations, rewrites } => {
            let watertight::Edits { edits, refused } = watertight::edits(text, operations, rewrites, ENCODING);
            Reply::Edits { edits, refused }
        }
        Request::Restore { text } => Reply::Restored { text: watertight::restore(text) },
        Request::Export { files, settings, format } => {
            Reply::Exported { text: watertight::export(&inputs(files), settings, *format) }
        }
        Request::Explain { rule } => Reply::Explained { docs: watertight::explain(rule) },
    }
}

/// The number of a request whose body cannot be read, so that whoever waits for it hears of it; else 0.
fn number_of(json: &str) -> u32 {
    let message: Option<serde_json::Value> = serde_json::from_str(json).ok();
    message.and_then(|message| message.get("id")?.as_u64()).and_then(|id| u32::try_from(id).ok()).unwrap_or(0)
}

fn write(reply: &Numbered<Reply>) -> String {
    // Reports hold nothing that JSON cannot say; should that change, whoever waits must still get an answer.
    serde_json::to_string(reply).unwrap_or_else(|error| {
        let reason = serde_json::Value::String(error.to_string());
        format!("{{\"id\":{},\"body\":{{\"failed\":{{\"reason\":{reason}}}}}}}", reply.id)
    })
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use watertight_diagnostic::ask::apparmor::ApparmorAsk;
    use watertight_diagnostic::ask::export::ExportFormat;
    use watertight_diagnostic::ask::seccomp::{CallAsk, Chosen, ComparisonAsk, ProfileAsk, SeccompAnswer, SeccompAsk};

    use watertight_diagnostic::{Runtime, Settings};

    use super::*;
    use crate::message::File;

    fn check(json: &str, expected: &str) {
        assert_eq!(handle(json), expected);
    }

    #[test]
    fn what_is_no_request_is_answered() {
        for json in ["", "{", "null", "[1]", "\u{0}"] {
            assert!(handle(json).starts_with("{\"id\":0,\"body\":{\"failed\":"), "{json}");
        }
        let reply = handle("{\"id\":7,\"body\":{\"dance\":{}}}");
        assert!(reply.starts_with("{\"id\":7,\"body\":{\"failed\":{\"reason\":\"unknown variant"), "{reply}");
    }

    #[test]
    fn what_is_no_packed_request_is_answered() {
        let other = pack::write(&Numbered { id: 300, body: Reply::Fetching }).unwrap();
        for (packed, id) in [(&[][..], 0), (b"{}", 0), (&other, 300)] {
            let Ok(Numbered { id: answered, body: Reply::Failed { .. } }) = pack::read(&handle_packed(packed)) else {
                panic!("{packed:?}");
            };
            assert_eq!(answered, id);
        }
    }

    #[test]
    fn questions_about_rules() {
        check(
            r#"{"id":3,"body":{"explain":{"rule":"no-such-rule"}}}"#,
            r#"{"id":3,"body":{"explained":{"docs":null}}}"#,
        );
        assert!(handle(r#"{"id":3,"body":{"explain":{"rule":"host-pid"}}}"#).contains("What it finds"));
    }

    #[test]
    fn packed_or_in_json_the_reply_is_the_same() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../static/examples");
        let mut replies = 0;
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let text = fs::read_to_string(&path).unwrap();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let (files, settings) = (vec![File { name: name.clone(), text: text.clone() }], Settings::default());
            for body in [
                Request::Analyse { files: files.clone(), settings },
                Request::Harden { files: files.clone(), settings },
                Request::Escape { files: files.clone(), ask: Default::default(), settings },
                Request::Falco { files: files.clone(), ask: Default::default() },
                Request::Apparmor {
                    files: files.clone(),
                    ask: ApparmorAsk::Decide { profile: None, lines: "file /tmp/x w".to_owned() },
                    settings,
                },
                Request::Export { files, settings, format: ExportFormat::Sarif },
                Request::Restore { text },
            ] {
                let request = Numbered { id: 1, body };
                let packed = handle_packed(&pack::write(&request).unwrap());
                let json = handle(&serde_json::to_string(&request).unwrap());
                let read: Numbered<Reply> = pack::read(&packed).unwrap();
                assert_eq!(serde_json::from_str(&json).ok(), Some(read), "{name}: {request:?}");
                replies += 1;
            }
        }
        assert!(replies > 200, "{replies}");
    }

    #[test]
    fn the_page_reads_what_a_profile_does() {
        let text =
            r#"{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]}"#;
        let files = vec![File { name: "a.json".to_owned(), text: text.to_owned() }];
        let ask = |ask: SeccompAsk| {
            let request = Request::Seccomp { files: files.clone(), ask, settings: Default::default() };
            let reply = Numbered { id: 1, body: answer(&request) };
            assert_eq!(pack::read(&pack::write(&reply).unwrap()).as_ref(), Ok(&reply));
            match reply.body {
                Reply::Seccomp(answer) => *answer,
                other => panic!("{other:?}"),
            }
        };
        for call in ["read", "clone", "fly"] {
            let answer = ask(SeccompAsk::Decide(CallAsk { call: call.to_owned(), ..CallAsk::default() }));
            assert!(matches!(answer, SeccompAnswer::Decided(answer) if !answer.map.is_empty()), "{call}");
        }
        let other = Chosen { runtime: Some(Runtime::Docker), ..Chosen::default() };
        let answer = ask(SeccompAsk::Compare(ComparisonAsk { right: other, ..ComparisonAsk::default() }));
        assert!(matches!(answer, SeccompAnswer::Compared(answer) if !answer.arches.is_empty()));
        let answer = ask(SeccompAsk::Generate(ProfileAsk { calls: "read".to_owned(), ..ProfileAsk::default() }));
        assert!(matches!(answer, SeccompAnswer::Generated(answer) if answer.text.contains("read")));
    }

    #[test]
    fn offsets_count_as_javascript_does() {
        let files = vec![File {
            name: "ship.yaml".to_owned(),
            text: "# 🚢\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {hostPID: true, containers: []}\n"
                .to_owned(),
        }];
        let Reply::Report(report) = answer(&Request::Analyse { files, settings: Default::default() }) else {
            panic!("no report");
        };
        let finding = report.findings.iter().find(|finding| finding.rule == "host-pid").expect("hostPID is found");
        // The ship takes two units of UTF-16, and four bytes.
        assert_eq!(finding.primary.range.start, 5 + 15 + 10 + 20 + 7);
    }
}
