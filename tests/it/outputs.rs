//! The files for people: what each says of itself, how the lists can be, the workbook, the
//! report, and that the same decisions give the same bytes.

use std::path::{Path, PathBuf};

use calamine::{Data, Reader as _};
use record_access_review::args::{Request, parse};
use record_access_review::extract::System;
use record_access_review::platform::clock::FixedClock;
use record_access_review::report::Exit;

use crate::support::{arg, names, number, outcome, program, sample_file, worklist};

const DAY: &str = "2026-11-20";

/// Decides for some patients of an export, with words that a spreadsheet would run.
fn decided(folder: &Path, system: System) -> (PathBuf, PathBuf) {
    let export = sample_file(folder, system, 600);
    let before = folder.join(format!("before-{}", system.key()));
    let output = program(&["--report", arg(&export), "--out", arg(&before), "--today", DAY]);
    assert_eq!(outcome(&output).0, 0);
    let rows = crate::support::csv_rows(&before.join("patients.csv"));
    let blocked = rows.iter().filter(|r| r["Status"] == "blocked" && r["Blockers"].is_empty());
    let mut text = "NHS number,Decision,Decided by,Reason\n".to_owned();
    for (row, n) in blocked.zip(0..300) {
        let choice = match n {
            0..20 => "Keep 104",
            20..25 => "Ask a clinician",
            _ => "Add 106",
        };
        text += &format!("{},{choice},Pat Manager,\"=HYPERLINK(\"\"x\"\")\"\n", row["NHS number"]);
    }
    let file = folder.join(format!("decisions-{}.csv", system.key()));
    std::fs::write(&file, text).expect("written");
    (export, file)
}

fn report(export: &Path, decisions: &Path, out: &Path, more: &[&str]) {
    let mut args = vec!["--report", arg(export), "--decisions", arg(decisions), "--out", arg(out), "--today", DAY];
    args.extend(more);
    assert_eq!(outcome(&program(&args)), (0, String::new()));
}

#[test]
fn every_list_says_what_it_does_and_what_it_does_not_do() {
    let dir = tempfile::tempdir().expect("a folder");
    for system in [System::Emis, System::SystmOne] {
        let (export, decisions) = decided(dir.path(), system);
        let out = dir.path().join(system.key());
        report(&export, &decisions, &out, &[]);
        let grant = (system == System::SystmOne).then_some("grant-cohort.csv");
        let lists =
            ["keep-104.csv", "ask-clinician.csv", "same-day-conflicts.csv", "access-by-hand.csv", "turning-16.csv"];
        for list in lists.into_iter().chain(grant) {
            let rows = worklist(&out.join(list));
            assert!(rows.iter().all(|r| r.contains_key("EMIS number") == (system == System::Emis)), "{list}");
        }
        assert_eq!(out.join("grant-cohort.csv").exists(), grant.is_some());
        let kept = worklist(&out.join("keep-104.csv"));
        assert_eq!(kept.len(), 20);
        for row in &kept {
            assert_eq!(row["Look again on"], "20-Nov-2027");
            assert!(row["Tell the patient"].contains("they can ask for access") && row["Told on"].is_empty());
            assert!(row["Decision reason"].starts_with("'=HYPERLINK"), "a spreadsheet would run it");
        }
        assert_eq!(worklist(&out.join("ask-clinician.csv")).len(), 5);
        let steps = std::fs::read_to_string(out.join("what-to-do-next.html")).expect("a page");
        assert!(steps.contains(if system == System::Emis { "Batch-add" } else { "Add Read Code" }));
        assert!(steps.contains("BMA, “Accelerated access to GP-held patient records”") && !steps.contains("http"));
    }
}

#[test]
fn the_workbook_holds_the_same_lists_as_text() {
    let dir = tempfile::tempdir().expect("a folder");
    let (export, decisions) = decided(dir.path(), System::Emis);
    let out = dir.path().join("out");
    report(&export, &decisions, &out, &[]);
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(out.join("worklists.xlsx")).expect("a workbook");
    let sheets = book.sheet_names();
    assert_eq!(
        sheets,
        [
            "Read me",
            "Add 106",
            "Keep 104",
            "Ask a clinician",
            "Same-day conflicts",
            "Access by hand",
            "Turning 16",
            "Problems"
        ]
    );
    // Those in the list for the bulk step, with their names; and what was not understood.
    let height = |book: &mut calamine::Xlsx<_>, sheet: &str| book.worksheet_range(sheet).expect("a sheet").height() - 3;
    let list = std::fs::read_to_string(out.join("add-106-emis.txt")).expect("a list");
    assert_eq!(height(&mut book, "Add 106"), list.lines().count());
    assert_eq!(height(&mut book, "Problems"), crate::support::csv_rows(&out.join("problems.csv")).len());
    for (sheet, file) in
        [("Keep 104", "keep-104.csv"), ("Access by hand", "access-by-hand.csv"), ("Turning 16", "turning-16.csv")]
    {
        let range = book.worksheet_range(sheet).expect("a sheet");
        assert!(range.cells().all(|(_, _, cell)| matches!(cell, Data::String(_) | Data::Empty)), "{sheet}: all text");
        let text = |row: usize, column: usize| range.get((row, column)).map_or_else(String::new, ToString::to_string);
        assert!(text(0, 0).starts_with("What this is: ") && text(1, 0).starts_with("What it does not do: "));
        let rows = worklist(&out.join(file));
        assert_eq!(range.height(), rows.len() + 3, "{sheet}");
        for (at, row) in rows.iter().enumerate() {
            for column in 0..range.width() {
                let as_csv = row[&text(2, column)].trim_start_matches('\'');
                assert_eq!(text(at + 3, column), as_csv, "{sheet}");
            }
        }
    }
    let read_me = book.worksheet_range("Read me").expect("a sheet");
    let said: Vec<String> = read_me.cells().map(|(_, _, cell)| cell.to_string()).collect();
    for file in names(&out).iter().filter(|f| !f.ends_with("-corrected.csv")) {
        assert!(said.iter().any(|s| s.starts_with(file.as_str())), "{file} is explained");
    }
}

#[test]
fn the_list_for_the_bulk_step_is_as_other_tools_want_it() {
    let dir = tempfile::tempdir().expect("a folder");
    let (export, decisions) = decided(dir.path(), System::Emis);
    let plain = dir.path().join("plain");
    report(&export, &decisions, &plain, &[]);
    let all = std::fs::read_to_string(plain.join("add-106-emis.txt")).expect("a list");
    let out = dir.path().join("out");
    report(&export, &decisions, &out, &["--list-header", "on", "--list-rows", "100", "--list-emis-number"]);
    let mut parts: Vec<String> = names(&out).into_iter().filter(|n| n.starts_with("add-106")).collect();
    parts.sort();
    assert_eq!(parts, ["add-106-emis-1-of-3.txt", "add-106-emis-2-of-3.txt", "add-106-emis-3-of-3.txt"]);
    let mut joined = String::new();
    for part in &parts {
        let text = std::fs::read_to_string(out.join(part)).expect("a list");
        let (header, rows) = text.split_once("\r\n").expect("a header");
        assert_eq!(header, "NHS number,EMIS number");
        assert!(rows.lines().count() <= 100);
        joined += &rows.lines().map(|row| format!("{}\r\n", &row[..10])).collect::<String>();
    }
    assert_eq!(joined, all);
    let settings = dir.path().join("settings.json");
    std::fs::write(&settings, r#"{"files": {"list_rows": 250, "review_months": 3}}"#).expect("written");
    let again = dir.path().join("again");
    report(&export, &decisions, &again, &["--settings", arg(&settings)]);
    assert!(again.join("add-106-emis-2-of-2.txt").is_file());
    assert_eq!(worklist(&again.join("keep-104.csv"))[0]["Look again on"], "20-Feb-2027");
}

#[test]
fn the_report_names_patients_only_where_somebody_asks_for_it() {
    let dir = tempfile::tempdir().expect("a folder");
    let (export, decisions) = decided(dir.path(), System::Emis);
    let (without, with) = (dir.path().join("without"), dir.path().join("with"));
    report(&export, &decisions, &without, &[]);
    report(&export, &decisions, &with, &["--name-patients"]);
    let kept = worklist(&with.join("keep-104.csv"));
    let page = |folder: &Path| std::fs::read_to_string(folder.join("report.html")).expect("a page");
    let spaced = |n: &str| format!("{} {} {}", &n[..3], &n[3..6], &n[6..]);
    for row in &kept {
        let (number, name) = (spaced(&row["NHS number"]), row["Name"].replace('&', "&amp;"));
        assert!(page(&with).contains(&number) && page(&with).contains(&name), "{name}");
        assert!(!page(&without).contains(&number) && !page(&without).contains(&row["NHS number"]));
        assert!(!page(&without).contains(&name), "{name}");
    }
    for number in (1..50).map(number) {
        assert!(!page(&without).contains(&number.digits()));
    }
    let audit = crate::support::json(&without.join("audit.json"));
    assert!(page(&without).contains(audit["last_hash"].as_str().expect("a hash")));
}

#[test]
fn the_same_decisions_give_the_same_bytes() {
    let dir = tempfile::tempdir().expect("a folder");
    for system in [System::Emis, System::SystmOne] {
        let (export, decisions) = decided(dir.path(), system);
        let folders = ["one", "two"].map(|n| dir.path().join(format!("{n}-{}", system.key())));
        // The computer's clock goes into the audit, so it stands still here.
        let clock = FixedClock("2026-11-20T09:00:00".parse().expect("a time"));
        for out in &folders {
            let args = ["--report", arg(&export), "--decisions", arg(&decisions), "--out", arg(out), "--today", DAY];
            let Ok(Request::Report(request)) = parse(args.map(Into::into)) else { panic!("{args:?}") };
            assert_eq!(record_access_review::report::run(&request, &clock), Exit::Done);
        }
        assert_eq!(names(&folders[0]), names(&folders[1]));
        for name in names(&folders[0]).iter().filter(|n| *n != "summary.json") {
            let [one, two] = folders.each_ref().map(|f| std::fs::read(f.join(name)).expect("read"));
            assert!(one == two, "{name} differs");
        }
        // The summary says besides how long it took.
        let [mut one, mut two] = folders.each_ref().map(|f| crate::support::json(&f.join("summary.json")));
        one["timings_ms"] = serde_json::Value::Null;
        two["timings_ms"] = serde_json::Value::Null;
        assert_eq!(one, two);
    }
}

#[test]
fn a_106_from_a_file_against_what_speaks_is_said_on_the_way_and_in_the_report() {
    let dir = tempfile::tempdir().expect("a folder");
    let (export, _) = decided(dir.path(), System::Emis);
    let rows = crate::support::csv_rows(&dir.path().join("before-emis/patients.csv"));
    let marked: Vec<_> =
        rows.iter().filter(|r| r["Status"] == "blocked" && r["Blockers"].contains("marker")).take(3).collect();
    assert_eq!(marked.len(), 3);
    let mut text = "NHS number,Decision,Decided by,Reason\n".to_owned();
    for row in &marked {
        text += &format!("{},Add 106,Pat Manager,seen\n", row["NHS number"]);
    }
    let file = dir.path().join("marked.csv");
    std::fs::write(&file, text).expect("written");
    let out = dir.path().join("out");
    let args = ["--report", arg(&export), "--decisions", arg(&file), "--out", arg(&out), "--today", DAY];
    let output = program(&args);
    assert_eq!(outcome(&output), (0, String::new()));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("Mind: 3 patients in the list for the 106 although something speaks against it"), "{said}");
    let page = std::fs::read_to_string(out.join("report.html")).expect("a page");
    let row = "106s from a file of decisions although something spoke against it: look at each before it is coded</td><td class=\"n\">3</td>";
    assert!(page.contains(row) && page.contains("No spot check was made"));
    assert!(page.contains("from a file of decisions") && !page.contains("one by one</td>"));
}
