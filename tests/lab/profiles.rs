//! The filters that the corpus' profiles come to, by reader and by capabilities.

use std::fs;
use std::path::Path;

use watertight_diagnostic::Route;
use watertight_seccomp::{Arch, Filter, Reader, Target, read};
use watertight_yaml::Kind;

/// A profile as one reader hands it to libseccomp.
pub(crate) struct Known {
    /// File, reader, capabilities.
    pub(crate) name: String,
    pub(crate) filter: Filter,
}

const FOLDERS: [&str; 3] = ["seccomp/profiles", "seccomp/traps", "seccomp/libseccomp-tests"];

/// Capabilities that open the gates of the common profiles.
const MANY: [&str; 6] =
    ["CAP_SYS_ADMIN", "CAP_SYS_PTRACE", "CAP_BPF", "CAP_SYS_MODULE", "CAP_SYS_CHROOT", "CAP_AUDIT_WRITE"];

/// Every filter of the corpus on an amd64 machine, each behaviour once.
pub(crate) fn all(corpus: &Path) -> Vec<Known> {
    let mut found: Vec<Known> = Vec::new();
    for folder in FOLDERS {
        let Ok(entries) = fs::read_dir(corpus.join(folder)) else { continue };
        let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
        files.sort();
        for file in files {
            let (Ok(text), Some(name)) = (fs::read_to_string(&file), file.file_name()) else { continue };
            for (reading, filter) in filters(&text) {
                if found.iter().all(|known| known.filter != filter) {
                    found.push(Known { name: format!("{} {reading}", name.to_string_lossy()), filter });
                }
            }
        }
    }
    found
}

const READERS: [(Reader, &str); 4] = [
    (Reader::Oci, "runc"),
    (Reader::Docker, "Docker"),
    (Reader::ContainersCommon, "CRI-O"),
    (Reader::Libseccomp, "libseccomp"),
];

fn filters(text: &str) -> Vec<(String, Filter)> {
    let stream = watertight_yaml::parse(text);
    let mut found = Vec::new();
    for root in stream.documents.iter().filter_map(|document| document.root()) {
        let inside = ["linux", "spec"].iter().find_map(|key| root.get(key)).filter(|node| node.kind() == Kind::Mapping);
        let node = inside.map_or(root, |inside| inside.get("seccomp").unwrap_or(inside));
        let (profile, _) = read::read(node, &Route::root(0));
        for (reader, who) in READERS {
            for (caps, word) in [(&[][..], "no capabilities"), (&MANY, "many capabilities")] {
                let target = Target { arch: Arch::X86_64, caps, kernel: (6, 1) };
                if let Ok(Some(filter)) = profile.as_read_by(reader, &target) {
                    found.push((format!("as {who} reads it, {word}"), filter));
                }
            }
        }
    }
    found
}
