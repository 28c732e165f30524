//! How long the cases take, as ratios. The clients take turns in rounds, so that other load on the machine affects them
//! alike. Each ratio is the median over the ratios of the rounds: one of wall-clock time, and one of the CPU time of
//! the client's thread.

use std::time::{Duration, Instant};

use ory_sdk_benches::Contender;
use ory_sdk_benches::by_hand::ByHand;
use ory_sdk_benches::case::{Bench, Case};
use ory_sdk_benches::official::Official;
use ory_sdk_benches::ours::Ours;
use ory_sdk_benches::server::{Server, serve_if_asked};
use rustix::time::{ClockId, clock_gettime};

const IDENTITIES: usize = 100_000;
const ROUNDS: usize = 31;
/// The minimum length of one client's turn in seconds. A single call may take longer.
const TURN: f64 = 0.02;

fn main() {
    serve_if_asked();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let filter = arguments.iter().find(|argument| !argument.starts_with('-')).map_or("", String::as_str);
    let server = Server::start(IDENTITIES);
    let ours = Bench::<Ours>::new(&server.url, IDENTITIES);
    let by_hand = Bench::<ByHand>::new(&server.url, IDENTITIES);
    let official = Bench::<Official>::new(&server.url, IDENTITIES);
    println!("| case | ory-sdk, one call | clock, to by hand | to official | processor, to by hand | to official |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: |");
    for case in Case::ALL.into_iter().filter(|case| case.name().contains(filter)) {
        let times = [calls_a_turn(&ours, case), calls_a_turn(&by_hand, case), calls_a_turn(&official, case)];
        let mut rounds = Vec::new();
        for round in 0..ROUNDS {
            // Each client goes first in a third of the rounds.
            let mut turns = [None; 3];
            for client in [round, round + 1, round + 2].map(|turn| turn % 3) {
                turns[client] = match client {
                    0 => turn(&ours, case, times[0]),
                    1 => turn(&by_hand, case, times[1]),
                    _ => turn(&official, case, times[2]),
                };
            }
            rounds.push(turns);
        }
        let one_call = median(rounds.iter().filter_map(|round| Some(round[0]?.clock)));
        let ratio = |of: fn(Turn) -> f64, client: usize| {
            let ratios = rounds.iter().filter_map(|round| Some(of(round[0]?) / of(round[client]?)));
            median(ratios).map_or("fails".to_owned(), |ratio| {
                let digits = if ratio < 0.01 { 5 } else { 2 };
                format!("{ratio:.digits$}")
            })
        };
        let one_call = Duration::from_secs_f64(one_call.unwrap_or_default());
        let clock = [1, 2].map(|client| ratio(|turn| turn.clock, client)).join(" | ");
        let processor = [1, 2].map(|client| ratio(|turn| turn.processor, client)).join(" | ");
        println!("| {} | {one_call:.1?} | {clock} | {processor} |", case.name());
    }
}

/// The seconds that a client took per call.
#[derive(Clone, Copy)]
struct Turn {
    clock: f64,
    processor: f64,
}

fn turn<C: Contender>(bench: &Bench<C>, case: Case, times: usize) -> Option<Turn> {
    if bench.refuses(case).is_some() {
        return None;
    }
    let (start, used) = (Instant::now(), processor());
    bench.run(case, times);
    let (clock, used) = (start.elapsed().as_secs_f64(), processor() - used);
    Some(Turn { clock: clock / times as f64, processor: used / times as f64 })
}

/// The CPU time of this thread in seconds. All clients do all of their work on it.
fn processor() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// How many calls fill a turn.
fn calls_a_turn<C: Contender>(bench: &Bench<C>, case: Case) -> usize {
    let mut times = 1;
    while turn(bench, case, times).is_some_and(|turn| turn.clock * (times as f64) < TURN) {
        times *= 2;
    }
    times
}

fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}
