//! Fails if decoding a body of 4 MiB takes more than 24 times its size.
#![no_main]

use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

const SIZE: usize = 4 << 20;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let before = ALLOCATED.current_usage();
    ALLOCATED.reset_peak_usage();
    let length = ory_sdk::fuzzing::memory(data, SIZE);
    let taken = ALLOCATED.peak_usage().saturating_sub(before);
    assert!(taken <= 24 * length, "{} times the size of the body", taken / length);
});
