#![no_main]

#[path = "../../../build/mod.rs"]
#[allow(dead_code)]
mod build;
#[path = "../../it/lowering.rs"]
#[allow(dead_code)]
mod lowering;

libfuzzer_sys::fuzz_target!(|data: &[u8]| lowering::document(data));
