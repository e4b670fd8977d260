//! The worker's border, in a browser: messages go in and out as the page sends them.
#![cfg(target_arch = "wasm32")]

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use watertight_diagnostic::Settings;
use watertight_worker::message::{File, Numbered, Reply, Request};
use watertight_worker::{handle, handle_packed, pack, ready};

wasm_bindgen_test_configure!(run_in_browser);

const TEXT: &str = "# 🚢\napiVersion: v1\nkind: Pod\nmetadata: {name: ship}\nspec:\n  hostPID: yes\n  containers:\n  \
                    - name: web\n    image: example.com/web:1\n";

fn ask(id: u32, body: Request) -> Reply {
    let request = Numbered { id, body };
    let reply: Numbered<Reply> = pack::read(&handle_packed(&pack::write(&request).unwrap())).unwrap();
    assert_eq!(reply.id, id);
    // Who asks in JSON is told the same.
    let json = handle(&serde_json::to_string(&request).unwrap());
    assert_eq!(serde_json::from_str::<Numbered<Reply>>(&json).unwrap(), reply);
    reply.body
}

fn files() -> Vec<File> {
    vec![File { name: "ship.yaml".to_owned(), text: TEXT.to_owned() }]
}

#[wasm_bindgen_test]
fn it_says_that_it_is_there() {
    let greeting: Numbered<Reply> = pack::read(&ready()).unwrap();
    assert!(matches!(greeting, Numbered { id: 0, body: Reply::Ready { .. } }));
}

#[wasm_bindgen_test]
fn a_report_counts_as_javascript_does() {
    let Reply::Report(report) = ask(1, Request::Analyse { files: files(), settings: Settings::default() }) else {
        panic!("no report");
    };
    let finding = report.findings.iter().find(|finding| finding.rule == "host-pid").unwrap();
    let units: Vec<u16> = TEXT.encode_utf16().collect();
    let range = finding.primary.range.start as usize..finding.primary.range.end as usize;
    assert_eq!(String::from_utf16(&units[range]).unwrap(), "hostPID: yes");
}

#[wasm_bindgen_test]
fn a_fix_becomes_edits_of_the_text() {
    let Reply::Report(report) = ask(2, Request::Analyse { files: files(), settings: Settings::default() }) else {
        panic!("no report");
    };
    let finding = report.findings.iter().find(|finding| finding.rule == "host-pid").unwrap();
    let operations = finding.fixes[0].operations.clone();
    let Reply::Edits { edits, refused } =
        ask(3, Request::Edits { text: TEXT.to_owned(), operations, rewrites: Vec::new() })
    else {
        panic!("no edits");
    };
    assert!(refused.is_empty());
    let mut units: Vec<u16> = TEXT.encode_utf16().collect();
    for edit in edits.iter().rev() {
        units.splice(edit.span.range(), edit.text.encode_utf16());
    }
    assert_eq!(String::from_utf16(&units).unwrap(), TEXT.replace("  hostPID: yes\n", ""));
}

#[wasm_bindgen_test]
fn hardening_reaches_its_target() {
    let Reply::Hardened(hardened) = ask(4, Request::Harden { files: files(), settings: Settings::default() }) else {
        panic!("nothing hardened");
    };
    assert!(hardened.reached, "{:?}", hardened.files[0].left);
    assert!(hardened.files[0].text.starts_with("# 🚢\n"));
}

#[wasm_bindgen_test]
fn what_is_no_message_is_answered() {
    for text in ["", "{", "null", "{\"id\":7,\"body\":{\"dance\":{}}}"] {
        let reply: Numbered<Reply> = serde_json::from_str(&handle(text)).unwrap();
        assert!(matches!(reply.body, Reply::Failed { .. }), "{text}");
    }
}
