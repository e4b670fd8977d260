#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| watertight_tests::targets::run("seccomp", bytes));
