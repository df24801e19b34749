//! The same job without a window: `--report`, with and without decisions.

use std::fmt::Write as _;
use std::path::Path;

use record_access_review::domain::wording::figure;
use record_access_review::extract::System;

use crate::support::{arg, csv_rows, json, names, outcome, program, sample_file};

const DAY: &str = "2026-11-20";

fn report(export: &Path, out: &Path, more: &[&str]) -> String {
    let mut args = vec!["--report", arg(export), "--out", arg(out), "--today", DAY];
    args.extend(more);
    let output = program(&args);
    assert_eq!(outcome(&output), (0, String::new()));
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn figures_without_decisions() {
    let dir = tempfile::tempdir().expect("a folder");
    for (sample, system) in [("--sample", "emis"), ("--sample=systmone", "systmone")] {
        let out = dir.path().join(system);
        let output = program(&["--report", sample, "--out", arg(&out), "--today", DAY]);
        assert_eq!(outcome(&output).0, 0);
        assert_eq!(names(&out), ["groups.csv", "patients.csv", "problems.csv", "summary.json"]);
        let summary = json(&out.join("summary.json"));
        assert_eq!(summary["files"][0]["system"], system);
        assert_eq!(summary["today"], DAY);
        let counts = &summary["counts"];
        let n = |key: &str| counts[key].as_u64().expect(key);
        assert_eq!(n("patients"), 4_010);
        assert_eq!(n("patients"), n("eligible") + n("not_eligible"));
        assert_eq!(
            n("eligible"),
            ["declined", "same_day_conflict", "blocked", "cleared", "no_code"].iter().map(|k| n(k)).sum::<u64>()
        );
        assert!(summary["deadline"]["sentence"].as_str().expect("text").contains("passed 1,116 days ago"));
        // Every row of the list agrees with the figures.
        let rows = csv_rows(&out.join("patients.csv"));
        assert_eq!(rows.len() as u64, n("patients"));
        assert_eq!(rows.iter().filter(|r| r["Status"] == "blocked").count() as u64, n("blocked"));
        for group in csv_rows(&out.join("groups.csv")) {
            let members = rows.iter().filter(|r| r["Group"] == group["Group"]).count();
            assert_eq!(members.to_string(), group["Patients"], "{}", group["Group"]);
        }
        // Nothing that was said names a patient.
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(said.contains("eligible patients are blocked by a 104"));
        assert!(!said.contains("999"), "{said}");
    }
}

#[test]
fn both_layouts_give_the_same_answers() {
    let dir = tempfile::tempdir().expect("a folder");
    let summary = |system| {
        let export = sample_file(dir.path(), system, 1_500);
        let out = dir.path().join(system.key());
        report(&export, &out, &[]);
        json(&out.join("summary.json"))
    };
    let (emis, systmone) = (summary(System::Emis), summary(System::SystmOne));
    for key in ["counts", "likelihoods", "groups", "turning_16", "share_blocked_of_eligible"] {
        assert_eq!(emis[key], systmone[key], "{key}");
    }
}

#[test]
fn decisions_in_a_csv_become_lists_and_the_copy_shows_them_cleared() {
    for system in [System::Emis, System::SystmOne] {
        let dir = tempfile::tempdir().expect("a folder");
        let export = sample_file(dir.path(), system, 1_500);
        let source = std::fs::read(&export).expect("read");
        report(&export, &dir.path().join("before"), &[]);
        let rows = csv_rows(&dir.path().join("before/patients.csv"));

        // Everybody in the largest group, some others, and some who may not be.
        let mut decisions = "NHS number,Decision,Decided by,Reason\r\n".to_owned();
        let mut expected = Vec::new();
        for row in &rows {
            let number = &row["NHS number"];
            if row["Group"] == "G1" {
                let _ = write!(decisions, "{number},Add 106,Pat Manager,\r\n");
                if row["Blockers"].is_empty() && row["Status"] == "blocked" {
                    expected.push(number.clone());
                }
            } else if row["Status"] == "declined" || row["Status"] == "not eligible" || row["Status"] == "cleared" {
                let _ = write!(decisions, "{number},Add 106,Pat Manager,asked\r\n");
            } else if row["Likelihood"] == "individual" && row["Status"] == "blocked" {
                let _ = write!(decisions, "{number},Keep 104,Pat Manager,Clinician decided\r\n");
            }
        }
        let file = dir.path().join("decisions.csv");
        std::fs::write(&file, &decisions).expect("written");
        let out = dir.path().join("after");
        let said = report(&export, &out, &["--decisions", arg(&file)]);
        let given =
            format!("not taken (problems.csv says why); {} patients in the list for the 106.", figure(expected.len()));
        assert!(said.contains(&given), "{said}");

        // The list for the bulk step: exactly those, exactly in its form.
        let (name, header) = match system {
            System::Emis => ("add-106-emis.txt", ""),
            System::SystmOne => ("add-106-systmone.csv", "NHS number\r\n"),
        };
        let list = std::fs::read_to_string(out.join(name)).expect("a list");
        assert_eq!(list, format!("{header}{}", expected.iter().fold(String::new(), |all, n| all + n + "\r\n")));
        assert!(expected.len() > 500);

        let corrected = out.join(format!("practice-{}-corrected.csv", system.key()));
        for file in [
            "keep-104.csv",
            "ask-clinician.csv",
            "same-day-conflicts.csv",
            "access-by-hand.csv",
            "turning-16.csv",
            "report.html",
            "audit.json",
            "patients.csv",
            "groups.csv",
            "problems.csv",
            "summary.json",
        ] {
            assert!(out.join(file).is_file(), "{file}");
        }
        assert_eq!(std::fs::read(&export).expect("read"), source, "the source is never touched");

        // The copy, opened again a day later, shows the decided as cleared.
        let again = dir.path().join("again");
        let output = program(&["--report", arg(&corrected), "--out", arg(&again), "--today", "2026-11-21"]);
        assert_eq!(outcome(&output).0, 0);
        let after = csv_rows(&again.join("patients.csv"));
        let status = |number: &String| after.iter().find(|r| r["NHS number"] == *number).map(|r| r["Status"].clone());
        assert!(expected.iter().all(|n| status(n).as_deref() == Some("cleared")));
        for (was, is) in rows.iter().zip(&after) {
            if !expected.contains(&was["NHS number"]) {
                assert_eq!(was["Status"], is["Status"], "nobody else changes");
            }
        }
        // What was refused is listed with its row and what to do.
        let problems = csv_rows(&out.join("problems.csv"));
        let refused: Vec<_> = problems.iter().filter(|p| p["File"] == "decisions.csv").collect();
        assert!(refused.iter().any(|p| p["What was done"].contains("does not cancel")));
        assert!(refused.iter().any(|p| p["What was done"].contains("not eligible")));
        assert!(refused.iter().any(|p| p["What was done"].contains("one by one, with a reason")));
        // The report names nobody.
        let html = std::fs::read_to_string(out.join("report.html")).expect("a page");
        assert!(rows.iter().all(|r| r["NHS number"].len() != 10 || !html.contains(&r["NHS number"])));
        assert!(html.contains("<svg") && html.contains("Pat Manager") && !html.contains("http"));
        let audit = json(&out.join("audit.json"));
        let told = audit["events"][1]["decisions"].as_array().expect("decisions");
        let patients = told.iter().filter_map(|d| d["patients"].as_array()).map(Vec::len).sum::<usize>();
        assert!(patients > 500, "{patients}");
        // It is whole, and says so; a changed one is not.
        let verified = program(&["--verify", arg(&out.join("audit.json"))]);
        assert_eq!(outcome(&verified), (0, String::new()));
        assert!(String::from_utf8_lossy(&verified.stdout).contains("audit.json: whole, 2 events."));
        let changed = dir.path().join("changed.json");
        let text = std::fs::read_to_string(out.join("audit.json")).expect("text");
        std::fs::write(&changed, text.replacen("Pat Manager", "Sam Manager", 1)).expect("written");
        let (code, said) = outcome(&program(&["--verify", arg(&changed)]));
        assert!(code == 3 && said.contains("not whole: event 2 was changed"), "{said}");
        let (code, said) = outcome(&program(&["--verify", arg(&out.join("summary.json"))]));
        assert!(code == 3 && said.contains("not an audit"), "{said}");
    }
}

#[test]
fn nothing_is_overwritten_and_nothing_half_written_stays() {
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("out");
    let args = ["--report", "--sample", "--out", arg(&out), "--today", DAY];
    assert_eq!(outcome(&program(&args)).0, 0);
    let before = std::fs::read(out.join("patients.csv")).expect("read");
    let (code, said) = outcome(&program(&args));
    assert_eq!(code, 4);
    assert!(said.contains("is already in that folder"), "{said}");
    assert_eq!(std::fs::read(out.join("patients.csv")).expect("read"), before);
    assert_eq!(names(&out).len(), 4);
    assert_eq!(outcome(&program(&[&args[..], &["--force"]].concat())).0, 0);
    // A folder that cannot be made.
    std::fs::write(dir.path().join("file"), "x").expect("written");
    let below = dir.path().join("file/out");
    let (code, said) = outcome(&program(&["--report", "--sample", "--out", arg(&below)]));
    assert_eq!(code, 4);
    assert!(said.contains("Choose another folder"), "{said}");
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let dir = tempfile::tempdir().expect("a folder");
    let read = |name: &str| {
        let out = dir.path().join(name);
        assert_eq!(outcome(&program(&["--report", "--sample", "--out", arg(&out), "--today", DAY])).0, 0);
        ["patients.csv", "groups.csv", "problems.csv"].map(|f| std::fs::read(out.join(f)).expect("read"))
    };
    assert!(read("a") == read("b"));
}

#[test]
fn wrong_arguments_say_so() {
    for args in [
        vec!["--report"],
        vec!["--report", "--sample"],
        vec!["--nonsense"],
        vec!["--report", "--sample", "--out", "x", "--today", "20/11/2026"],
    ] {
        let (code, said) = outcome(&program(&args));
        assert_eq!(code, 2, "{args:?}");
        assert!(said.contains("See --help"), "{said}");
    }
    let help = program(&["--help"]);
    assert_eq!(help.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&help.stdout).contains("--report"));
}

/// The made-up practice is the one that every picture and every figure in the
/// README shows: its findings are held word for word.
#[test]
fn the_findings_on_the_made_up_practice() {
    for system in [System::Emis, System::SystmOne] {
        let dir = tempfile::tempdir().expect("a folder");
        let out = dir.path().join("out");
        let sample = format!("--sample={}", system.key());
        assert_eq!(outcome(&program(&["--report", &sample, "--out", arg(&out), "--today", DAY])).0, 0);
        let text = |name: &str| std::fs::read_to_string(out.join(name)).expect("a file").replace("\r\n", "\n");
        insta::assert_snapshot!(format!("groups-{}", system.key()), text("groups.csv"));
        insta::assert_snapshot!(format!("problems-{}", system.key()), text("problems.csv"));
        let mut summary = json(&out.join("summary.json"));
        summary["timings_ms"] = "not the same twice".into();
        insta::assert_snapshot!(
            format!("summary-{}", system.key()),
            serde_json::to_string_pretty(&summary).expect("JSON")
        );
    }
}

#[test]
fn a_day_before_the_export_is_said() {
    let dir = tempfile::tempdir().expect("a folder");
    let said = |day: &str, name: &str| {
        let out = dir.path().join(name);
        let output = program(&["--report", "--sample", "--out", arg(&out), "--today", day]);
        assert_eq!(outcome(&output).0, 0);
        String::from_utf8_lossy(&output.stdout).contains("made after the day on which everything is counted")
    };
    assert!(said("2024-01-01", "early") && !said(DAY, "today"));
}

#[test]
fn what_is_held_back_for_a_later_day_is_said() {
    let dir = tempfile::tempdir().expect("a folder");
    let (export, decisions) = (dir.path().join("a.csv"), dir.path().join("decisions.csv"));
    let term = "Enhanced review indicated before granting access to own health record (situation)";
    let rows = [("9990000018", "20-Nov-2026"), ("9990000026", "31-Oct-2022")]
        .map(|(number, day)| format!("{number},01-Jan-1980,{term},{day}\r\n"));
    std::fs::write(&export, format!("NHS Number,Date of Birth,Code Term,Date\r\n{}", rows.concat())).expect("written");
    let decided = ["9990000018", "9990000026"].map(|number| format!("{number},Add 106,Pat Manager,seen\r\n"));
    let header = "NHS number,Decision,Decided by,Reason\r\n";
    std::fs::write(&decisions, format!("{header}{}", decided.concat())).expect("written");
    let out = dir.path().join("out");
    let output =
        program(&["--report", arg(&export), "--decisions", arg(&decisions), "--out", arg(&out), "--today", DAY]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let expected = "1 patient in the list for the 106, 1 held back for a later day (problems.csv says who).";
    assert!(said.contains(expected), "{said}");
}
