use super::{Draft, Entry};
use crate::{Action, ActionKind, Arch, Condition, Op};

/// Who is to read the text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// runc, crun and containerd, and with them every pod's `Localhost` profile.
    Oci,
    /// Docker, Podman and CRI-O: the same with a place for comments.
    Docker,
}

impl Draft {
    /// The profile as JSON. The same draft always gives the same text.
    pub fn write(&self, dialect: Format) -> String {
        let mut writer = Writer { text: String::from("{\n"), dialect };
        writer.action("  \"defaultAction\": ", "  \"defaultErrnoRet\": ", self.default_action, Action::errno(1));
        // `archMap` would do nothing on machines that a reader's table does not have; the plain list works everywhere.
        if !self.architectures.is_empty() {
            let names: Vec<String> = self.architectures.iter().map(scmp).collect();
            writer.list("  ", "architectures", &names, ",\n");
        }
        writer.text.push_str("  \"syscalls\": [");
        for (entry, place) in self.entries.iter().zip(0..) {
            writer.text.push_str(if place == 0 { "\n" } else { ",\n" });
            writer.entry(entry);
        }
        writer.text.push_str(if self.entries.is_empty() { "]\n}\n" } else { "\n  ]\n}\n" });
        writer.text
    }
}

struct Writer {
    text: String,
    dialect: Format,
}

impl Writer {
    /// An action, and its error number where it is not the one that readers take anyway.
    fn action(&mut self, key: &str, errno_key: &str, action: Action, usual: Action) {
        self.text.push_str(key);
        self.string(action.kind.scmp_name());
        self.text.push_str(",\n");
        let said = action.kind == ActionKind::Errno && action != usual || action.kind == ActionKind::Trace;
        if said {
            self.text.push_str(errno_key);
            self.text.push_str(&action.data.to_string());
            self.text.push_str(",\n");
        }
    }

    fn entry(&mut self, entry: &Entry) {
        self.text.push_str("    {\n");
        self.list("      ", "names", &entry.names, ",\n");
        self.action("      \"action\": ", "      \"errnoRet\": ", entry.action, Action::errno(1));
        if !entry.conditions.is_empty() {
            self.text.push_str("      \"args\": [");
            for (condition, place) in entry.conditions.iter().zip(0..) {
                self.text.push_str(if place == 0 { "\n" } else { ",\n" });
                self.condition(condition);
            }
            self.text.push_str("\n      ],\n");
        }
        if let Some(comment) = &entry.comment
            && self.dialect == Format::Docker
        {
            self.text.push_str("      \"comment\": ");
            self.string(comment);
            self.text.push_str(",\n");
        }
        // The last comma of an object is one too many.
        self.text.truncate(self.text.len() - 2);
        self.text.push_str("\n    }");
    }

    fn condition(&mut self, condition: &Condition) {
        self.text.push_str("        {\n          \"index\": ");
        self.text.push_str(&condition.index.to_string());
        self.text.push_str(",\n          \"value\": ");
        self.text.push_str(&condition.value.to_string());
        if condition.op == Op::MaskedEq {
            self.text.push_str(",\n          \"valueTwo\": ");
            self.text.push_str(&condition.value_two.to_string());
        }
        self.text.push_str(",\n          \"op\": ");
        self.string(condition.op.scmp_name());
        self.text.push_str("\n        }");
    }

    /// A list with an element a line, so that a change of it is a change of a line.
    fn list(&mut self, indent: &str, key: &str, names: &[String], end: &str) {
        self.text.push_str(indent);
        self.string(key);
        self.text.push_str(": [");
        for (name, place) in names.iter().zip(0..) {
            self.text.push_str(if place == 0 { "\n" } else { ",\n" });
            self.text.push_str(indent);
            self.text.push_str("  ");
            self.string(name);
        }
        if !names.is_empty() {
            self.text.push('\n');
            self.text.push_str(indent);
        }
        self.text.push(']');
        self.text.push_str(end);
    }

    fn string(&mut self, text: &str) {
        self.text.push('"');
        for character in text.chars() {
            match character {
                '"' | '\\' => self.text.extend(['\\', character]),
                '\u{0}'..='\u{1f}' => self.text.push_str(&format!("\\u{:04x}", u32::from(character))),
                _ => self.text.push(character),
            }
        }
        self.text.push('"');
    }
}

fn scmp(arch: &Arch) -> String {
    ["SCMP_ARCH_", arch.scmp_suffix()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Draft {
        let masked = Condition { index: 0, op: Op::MaskedEq, value: 2_114_060_288, value_two: 0 };
        Draft {
            default_action: Action::errno(1),
            architectures: vec![Arch::X86_64, Arch::X86],
            entries: vec![
                Entry::new(["write", "read"], Action::ALLOW).because("a \"word\""),
                Entry { conditions: vec![masked], ..Entry::new(["clone"], Action::ALLOW) },
                Entry::new(["clone3"], Action::ENOSYS),
            ],
        }
    }

    #[test]
    fn both_dialects() {
        let oci = draft().write(Format::Oci);
        let head = "{\n  \"defaultAction\": \"SCMP_ACT_ERRNO\",\n  \"architectures\": [\n    \"SCMP_ARCH_X86_64\",\n    \
                    \"SCMP_ARCH_X86\"\n  ],\n  \"syscalls\": [\n    {\n      \"names\": [\n        \"read\",\n        \
                    \"write\"\n      ],\n      \"action\": \"SCMP_ACT_ALLOW\"\n    },\n";
        assert!(oci.starts_with(head), "{oci}");
        assert!(!oci.contains("comment"));
        let docker = draft().write(Format::Docker);
        assert!(docker.contains("\"comment\": \"a \\\"word\\\"\""), "{docker}");
        for text in [oci, docker] {
            let json: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert_eq!(json["syscalls"][1]["args"][0]["value"], 2_114_060_288_u64, "{text}");
            assert_eq!(json["syscalls"][2]["errnoRet"], 38);
            assert_eq!(json["syscalls"][0]["errnoRet"], serde_json::Value::Null);
        }
    }

    #[test]
    fn what_is_empty_and_what_is_unusual() {
        let draft = Draft { default_action: Action::ENOSYS, architectures: vec![], entries: vec![] };
        let expected =
            "{\n  \"defaultAction\": \"SCMP_ACT_ERRNO\",\n  \"defaultErrnoRet\": 38,\n  \"syscalls\": []\n}\n";
        assert_eq!(draft.write(Format::Oci), expected);
    }
}
