//! How long the program takes to draw a frame of the review list while it is
//! scrolled, without a graphics card in the way:
//! `cargo bench --bench frames -- 100000`

#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a bench measures and prints"
)]

use std::time::{Duration, Instant};

use egui_kittest::Harness;
use record_access_review::app::Runner;
use record_access_review::app::case::Origin;
use record_access_review::extract::System;
use record_access_review::platform::clock::FixedClock;
use record_access_review::platform::dialogs::ScriptedDialogs;
use record_access_review::sample::{Recipe, make};
use record_access_review::ui::Program;

fn main() {
    let patients = std::env::args().skip(1).find_map(|a| a.parse().ok()).unwrap_or(100_000);
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("practice.csv");
    std::fs::write(&path, make(Recipe { patients, ..Recipe::built_in(System::Emis) }).bytes).expect("written");
    let now = chrono::NaiveDate::from_ymd_opt(2026, 11, 20).and_then(|d| d.and_hms_opt(9, 0, 0)).expect("a time");
    let mut harness = Harness::builder().with_size([1366.0, 768.0]).with_max_steps(40).build_eframe(|cc| {
        let origin = Some(Origin::exports([path.clone()]));
        Program::new(
            &cc.egui_ctx,
            origin,
            Box::new(FixedClock(now)),
            Box::new(ScriptedDialogs::default()),
            Runner::AtOnce,
        )
    });
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::Num4);
    harness.run();
    let rows = harness.state().model().view.rows.len();
    harness.hover_at(egui::pos2(500.0, 400.0));
    harness.step();
    let mut frames: Vec<Duration> = Vec::new();
    for _ in 0..400 {
        harness.event(egui::Event::MouseWheel {
            unit: egui::MouseWheelUnit::Point,
            delta: egui::vec2(0.0, -400.0),
            phase: egui::TouchPhase::Move,
            modifiers: egui::Modifiers::NONE,
            source: egui::MouseWheelSource::Unknown,
        });
        let start = Instant::now();
        harness.step();
        frames.push(start.elapsed());
    }
    frames.sort_unstable();
    let at = |share: usize| frames[(frames.len() - 1) * share / 100];
    println!("{rows} rows: frame {:?} median, {:?} p95, {:?} longest", at(50), at(95), at(100));
}
