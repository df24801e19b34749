//! Scores the findings on simulated practices and writes the table:
//! `cargo run --release --example scoreboard -- report > tests/detection/SCOREBOARD.md`
//!
//! `tune` takes other seeds, and lists what went wrong, practice by practice; `show` tells of
//! one practice what was simulated, what was found, and which entries were judged wrongly.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a simulated practice that cannot be read is a fault of the simulator"
)]

use record_access_review::findings::Thresholds;

#[path = "../tests/detection/mod.rs"]
mod detection;

use detection::scoreboard::{findings_of, score_all, table, wrong_entries};
use detection::simulator::{Brief, simulate};

/// The seeds on which the findings were set.
const TUNE: std::ops::Range<u64> = 0..300;

/// The seeds of the report, never looked at while setting anything.
const REPORT: std::ops::Range<u64> = 1_000_000..1_000_600;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let which = args.next().unwrap_or_default();
    let thresholds = Thresholds::default();
    match which.as_str() {
        "tune" => {
            let from = args.next().map_or(Ok(TUNE.start), |s| s.parse())?;
            let to = args.next().map_or(Ok(TUNE.end), |s| s.parse())?;
            let score = score_all(from..to, &Brief::default(), thresholds);
            println!("{}", table(&score));
            for remark in &score.remarks {
                println!("{remark}");
            }
        }
        "report" => {
            let score = score_all(REPORT, &Brief::default(), thresholds);
            println!("# How well bulk is found\n");
            println!(
                "{} simulated practices with {} patients, none of them looked at while the findings were set (`tests/detection`; the findings were set on other seeds). Columns are missing at random, and both systems occur. Made by `cargo run --release --example scoreboard -- report`.\n",
                score.practices, score.patients
            );
            println!("{}", table(&score));
        }
        "show" => {
            let seed: u64 = args.next().ok_or("which seed?")?.parse()?;
            let practice = simulate(seed, &Brief::default());
            println!("{}\n", practice.story);
            let (cohort, findings) = findings_of(&practice, thresholds);
            for group in &findings.groups {
                let id = group.id.label();
                println!("{id} {} ({}, {} entries)", group.title, group.likelihood.label(), group.entries);
                for evidence in &group.evidence {
                    println!("    {:?} {:>3} {}", evidence.side, evidence.weight, evidence.text);
                }
            }
            print!("{}", wrong_entries(&practice, &cohort, &findings, 60));
            if let Some(path) = args.next() {
                std::fs::write(path, &practice.bytes)?;
            }
        }
        _ => return Err("usage: scoreboard report | tune [FROM TO] | show SEED [FILE]".into()),
    }
    Ok(())
}
