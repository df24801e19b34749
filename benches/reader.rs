//! How fast an export is read, from bytes in memory to compact records: `cargo bench --bench reader`.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use record_access_review::clean::clean;
use record_access_review::cohort;
use record_access_review::domain::Day;
use record_access_review::extract::{Cutting, Extract, Progress, ReadOptions, Source, System, read};
use record_access_review::findings::{self, Thresholds};
use record_access_review::sample::{Recipe, make};

const PATIENTS: u32 = 100_000;

fn today() -> Day {
    Day::from_ymd(2026, 11, 20).unwrap_or(Day::from(chrono::NaiveDate::default()))
}

fn extract(bytes: &[u8], cutting: Cutting) -> Option<Extract> {
    let options = ReadOptions { cutting, ..ReadOptions::on(today()) };
    let source = Source::new("made-up.csv", bytes.to_vec()).ok()?;
    read(source, &options, &Progress::default()).ok()
}

fn reading(c: &mut Criterion) {
    let mut group = c.benchmark_group("read");
    group.sample_size(20);
    for system in [System::Emis, System::SystmOne] {
        let bytes = make(Recipe { patients: PATIENTS, ..Recipe::built_in(system) }).bytes;
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        for (threads, cutting) in [("all", Cutting::usual()), ("one", Cutting { threads: 1, ..Cutting::usual() })] {
            let name = BenchmarkId::new(system.key(), format!("{threads} threads"));
            group.bench_with_input(name, &bytes, |b, bytes| b.iter(|| extract(bytes, cutting)));
        }
    }
    group.finish();
}

fn joining_and_finding(c: &mut Criterion) {
    let mut group = c.benchmark_group("after reading");
    group.sample_size(20);
    let bytes = make(Recipe { patients: PATIENTS, ..Recipe::built_in(System::Emis) }).bytes;
    let fresh = || extract(&bytes, Cutting::usual()).into_iter().collect::<Vec<_>>();
    group.bench_function("join into people", |b| {
        b.iter_batched(fresh, |mut files| cohort::build(&mut files, today()), criterion::BatchSize::LargeInput);
    });
    group.finish();
}

/// About a million rows: what is found in them should take well under the time it takes to
/// read them.
fn finding_in_a_million(c: &mut Criterion) {
    let mut group = c.benchmark_group("a million rows");
    group.sample_size(10);
    let bytes = make(Recipe { patients: 900_000, ..Recipe::built_in(System::Emis) }).bytes;
    group.bench_function("read", |b| b.iter(|| extract(&bytes, Cutting::usual())));
    let mut files: Vec<Extract> = extract(&bytes, Cutting::usual()).into_iter().collect();
    let cohort = cohort::build(&mut files, today());
    group.bench_function("find", |b| b.iter(|| findings::find(&cohort, Thresholds::default())));
    group.finish();
}

fn cleaning(c: &mut Criterion) {
    let bytes = make(Recipe { patients: 10_000, ..Recipe::built_in(System::SystmOne) }).bytes;
    let mut group = c.benchmark_group("clean");
    group.sample_size(20);
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    group.bench_function("systmone", |b| b.iter(|| clean(&bytes)));
    group.finish();
}

criterion_group!(benches, reading, joining_and_finding, finding_in_a_million, cleaning);
criterion_main!(benches);
