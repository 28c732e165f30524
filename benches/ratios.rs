//! How long the cases take, in ratios: the clients take turns, round by round, so that whatever else the machine does
//! hits them alike. Each ratio is the median of the rounds' own.

use std::time::{Duration, Instant};

use ory_sdk_benches::Contender;
use ory_sdk_benches::by_hand::ByHand;
use ory_sdk_benches::case::{Bench, Case};
use ory_sdk_benches::official::Official;
use ory_sdk_benches::ours::Ours;
use ory_sdk_benches::server::{Server, serve_if_asked};

const IDENTITIES: usize = 100_000;
const ROUNDS: usize = 31;
/// So long is one client's turn at least, where a single call is shorter.
const TURN: Duration = Duration::from_millis(10);

fn main() {
    serve_if_asked();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let filter = arguments.iter().find(|argument| !argument.starts_with('-')).map_or("", String::as_str);
    let server = Server::start(IDENTITIES);
    let ours = Bench::<Ours>::new(&server.url, IDENTITIES);
    let by_hand = Bench::<ByHand>::new(&server.url, IDENTITIES);
    let official = Bench::<Official>::new(&server.url, IDENTITIES);
    println!("| case | ory-sdk, one call | to by hand | to official |");
    println!("| --- | ---: | ---: | ---: |");
    for case in Case::ALL.into_iter().filter(|case| case.name().contains(filter)) {
        let times = calls_a_turn(&by_hand, case);
        let (mut own, mut to_hand, mut to_official) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..ROUNDS {
            // Each is the first in a third of the rounds.
            let [mut a, mut b, mut c] = [None; 3];
            for turn in 0..3 {
                match (round + turn) % 3 {
                    0 => a = turn_of(&ours, case, times),
                    1 => b = turn_of(&by_hand, case, times),
                    _ => c = turn_of(&official, case, times),
                }
            }
            let Some(a) = a else { continue };
            own.push(a.as_secs_f64() / times as f64);
            to_hand.extend(b.map(|b| a.as_secs_f64() / b.as_secs_f64()));
            to_official.extend(c.map(|c| a.as_secs_f64() / c.as_secs_f64()));
        }
        let own = median(&mut own).map_or_else(String::new, |time| format!("{:.1?}", Duration::from_secs_f64(time)));
        let [to_hand, to_official] = [to_hand, to_official]
            .map(|mut ratios| median(&mut ratios).map_or("fails".to_owned(), |ratio| format!("{ratio:.3}")));
        println!("| {} | {own} | {to_hand} | {to_official} |", case.name());
    }
}

fn calls_a_turn<C: Contender>(bench: &Bench<C>, case: Case) -> usize {
    let mut times = 1;
    while turn_of(bench, case, times).is_some_and(|time| time < TURN) {
        times *= 2;
    }
    times
}

fn turn_of<C: Contender>(bench: &Bench<C>, case: Case, times: usize) -> Option<Duration> {
    if bench.refuses(case).is_some() {
        return None;
    }
    let start = Instant::now();
    bench.run(case, times);
    Some(start.elapsed())
}

fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}
