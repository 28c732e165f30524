//! How long the cases take, measured by criterion: for following your own changes over time. `ratios` is steadier for
//! comparing clients.

use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion};
use ory_sdk_benches::Contender;
use ory_sdk_benches::by_hand::ByHand;
use ory_sdk_benches::case::{Bench, Case};
use ory_sdk_benches::official::Official;
use ory_sdk_benches::ours::Ours;
use ory_sdk_benches::server::{Server, serve_if_asked};

const IDENTITIES: usize = 100_000;

fn main() {
    serve_if_asked();
    let server = Server::start(IDENTITIES);
    let mut criterion = Criterion::default().without_plots().configure_from_args();
    for case in Case::ALL {
        let mut group = criterion.benchmark_group(case.name());
        if case == Case::Walk {
            group.sample_size(10).measurement_time(Duration::from_secs(20));
        }
        time::<Ours>(&mut group, case, &server);
        time::<ByHand>(&mut group, case, &server);
        time::<Official>(&mut group, case, &server);
        group.finish();
    }
    criterion.final_summary();
}

fn time<C: Contender>(group: &mut BenchmarkGroup<'_, WallTime>, case: Case, server: &Server) {
    let bench = Bench::<C>::new(&server.url, IDENTITIES);
    match bench.refuses(case) {
        Some(why) => println!("{}/{}: fails, {why}", case.name(), C::NAME),
        None => drop(group.bench_function(C::NAME, |bencher| bencher.iter(|| bench.run(case, 1)))),
    }
}
