//! What a profile is said to decide is what its compiled program answers, and what is found in it stands in the text.

use watertight_diagnostic::{FileId, Route};
use watertight_seccomp::bpf::SeccompData;
use watertight_seccomp::compare::compare;
use watertight_seccomp::generate::{Trace, minimise};
use watertight_seccomp::lint::{Form, Subject, findings};
use watertight_seccomp::{Arch, Decider, Filter, Reader, Syscall, Target, read};
use watertight_yaml::parse;

pub(super) fn run(bytes: &[u8]) {
    let text = super::text(bytes);
    Trace::read(&text, Arch::X86_64);
    let stream = parse(&text);
    let Some(root) = stream.documents.first().and_then(|document| document.root()) else { return };
    let (profile, _) = read::read(root, &Route::root(0));
    for reader in [Reader::Oci, Reader::ContainersCommon] {
        let target = Target { arch: Arch::X86_64, caps: &[], kernel: (6, 12) };
        let (file, form, route) = (FileId(0), Form::File, Route::root(0));
        for finding in findings(&Subject { file, text: &text, form, node: root, route, reader, target }) {
            assert!(text.get(finding.primary.span.range()).is_some(), "{finding:?}");
        }
    }
    for arch in [Arch::X86_64, Arch::Aarch64] {
        let target = Target { arch, caps: &["CAP_SYS_ADMIN"], kernel: (6, 12) };
        for reader in [Reader::Oci, Reader::Docker, Reader::ContainersCommon, Reader::Libseccomp] {
            if let Ok(Some(filter)) = profile.as_read_by(reader, &target) {
                agree(&filter, bytes);
            }
        }
    }
}

/// The decision and the program, on calls that the bytes choose.
fn agree(filter: &Filter, bytes: &[u8]) {
    let decider = Decider::new(filter);
    let Ok(program) = filter.compile() else { return };
    let mut seed = bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let mut next = || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed
    };
    let named: Vec<Syscall> = Syscall::all().collect();
    for arch in [Arch::X86_64, Arch::X86, Arch::Aarch64, Arch::Arm] {
        for _ in 0..40 {
            let call = named.get(next() as usize % named.len()).and_then(|call| call.number(arch));
            let number = call.unwrap_or((next() % 600) as u32);
            let mut args = [0; 6];
            args.iter_mut()
                .for_each(|arg| *arg = [0, 1, 2, 0x1000_0000, 0x8000_0000, u64::MAX, next()][next() as usize % 7]);
            let decided = decider.decide(arch, number, &args).action.to_ret();
            let answered = program.answer(&SeccompData::new(arch, number, args));
            assert_eq!(decided, answered, "{arch:?} {number} {args:?}");
        }
    }
    if filter.rules.len() < 60 {
        assert!(compare(filter, filter).is_same());
        minimise(filter);
    }
}
