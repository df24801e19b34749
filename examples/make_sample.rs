//! Writes a made-up practice of any size:
//! `cargo run --release --example make_sample -- emis 100000 practice.csv`

use record_access_review::extract::System;
use record_access_review::sample::{Recipe, make};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(system), Some(patients), Some(path)) = (args.next(), args.next(), args.next()) else {
        return Err("usage: make_sample emis|systmone PATIENTS FILE [SEED]".into());
    };
    let system = System::from_key(&system).ok_or("the system is emis or systmone")?;
    let seed = args.next().map_or(Ok(104_106), |s| s.parse())?;
    let sample = make(Recipe { system, patients: patients.parse()?, seed });
    std::fs::write(path, sample.bytes)?;
    Ok(())
}
