#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ory_sdk::fuzzing::actions(data));
