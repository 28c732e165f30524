//! What one call costs in instructions (callgrind) and in allocations, next to the same call by the other clients.
//!
//! Each case runs in its own process, once with N calls and once with twice as many. The difference is the cost of N
//! calls without start, warm-up and end. The server is another process, so it is not counted.

use std::alloc::{GlobalAlloc, Layout, System};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use ory_sdk_benches::Contender;
use ory_sdk_benches::by_hand::ByHand;
use ory_sdk_benches::case::{Bench, Case};
use ory_sdk_benches::official::Official;
use ory_sdk_benches::ours::Ours;
use ory_sdk_benches::server::{Server, serve_if_asked};

/// A tenth of the number in `ratios` and `times`, since the cost is per page.
const IDENTITIES: usize = 10_000;

/// The system allocator, with counters.
struct Counting;

static CALLS: AtomicUsize = AtomicUsize::new(0);
static BYTES: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call is passed on to the system allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        CALLS.fetch_add(1, Ordering::Relaxed);
        BYTES.fetch_add(layout.size(), Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        CALLS.fetch_add(1, Ordering::Relaxed);
        BYTES.fetch_add(size, Ordering::Relaxed);
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() {
    serve_if_asked();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["run", name, case, times, url] => run(name, case, times, url),
        rest => table(rest.iter().copied().find(|filter| !filter.starts_with('-')).unwrap_or("")),
    }
}

/// Runs one case with one client and prints the allocations per call, or why it cannot run.
fn run(name: &str, case: &str, times: &str, url: &str) {
    let case = Case::ALL.into_iter().find(|known| known.name() == case).expect("a case");
    let times: usize = times.parse().expect("a number");
    match name {
        Ours::NAME => calls::<Ours>(case, times, url),
        ByHand::NAME => calls::<ByHand>(case, times, url),
        _ => calls::<Official>(case, times, url),
    }
}

fn calls<C: Contender>(case: Case, times: usize, url: &str) {
    let bench = Bench::<C>::new(url, IDENTITIES);
    if let Some(why) = bench.refuses(case) {
        println!("fails {why}");
        return;
    }
    bench.run(case, 1);
    let before = (CALLS.load(Ordering::Relaxed), BYTES.load(Ordering::Relaxed));
    bench.run(case, times);
    let calls = (CALLS.load(Ordering::Relaxed) - before.0) as f64 / times as f64;
    let bytes = (BYTES.load(Ordering::Relaxed) - before.1) as f64 / times as f64;
    println!("counted {calls:.1} {bytes:.0}");
}

/// What one call costs.
struct Cost {
    instructions: u64,
    allocations: f64,
    bytes: f64,
}

fn table(filter: &str) {
    let server = Server::start(IDENTITIES);
    println!("| case | client | instructions | to ory-sdk's | allocations | bytes |");
    println!("| --- | --- | ---: | ---: | ---: | ---: |");
    for case in Case::ALL.into_iter().filter(|case| case.name().contains(filter)) {
        let costs = [Ours::NAME, ByHand::NAME, Official::NAME].map(|name| (name, cost(name, case, &server.url)));
        let ours = costs[0].1.as_ref().expect("a cost of ours").instructions as f64;
        for (name, cost) in &costs {
            match cost {
                Ok(cost) => println!(
                    "| {} | {name} | {} | {:.3} | {:.1} | {:.0} |",
                    case.name(),
                    cost.instructions,
                    ours / cost.instructions as f64,
                    cost.allocations,
                    cost.bytes
                ),
                Err(why) => println!("| {} | {name} | fails: {why} | | | |", case.name()),
            }
        }
    }
}

fn cost(name: &str, case: Case, url: &str) -> Result<Cost, String> {
    let program = std::env::current_exe().expect("this program");
    let arguments = |times: usize| ["run".to_owned(), name.to_owned(), case.name().to_owned(), times.to_string()];
    let plain = Command::new(&program).args(arguments(case.times())).arg(url).output().expect("a run");
    let said = String::from_utf8_lossy(&plain.stdout).trim().to_owned();
    if let Some(why) = said.strip_prefix("fails ") {
        return Err(why.to_owned());
    }
    let numbers: Vec<f64> = said.split(' ').skip(1).filter_map(|number| number.parse().ok()).collect();
    let [allocations, bytes] = numbers[..] else {
        panic!("{name}, {}: {said} {}", case.name(), String::from_utf8_lossy(&plain.stderr))
    };
    let instructions = |times: usize| {
        let mut valgrind = Command::new("valgrind");
        valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(&program);
        let output = valgrind.args(arguments(times)).arg(url).output().expect("valgrind is installed");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let count = said.split("Collected : ").nth(1).and_then(|rest| rest.lines().next()?.trim().parse::<u64>().ok());
        count.unwrap_or_else(|| panic!("callgrind said: {said}"))
    };
    let (once, twice) = (instructions(case.times()), instructions(2 * case.times()));
    Ok(Cost { instructions: (twice - once) / case.times() as u64, allocations, bytes })
}
