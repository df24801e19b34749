//! Checking the result: the export made after coding, held against what was decided.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use egui::{Key, Modifiers};
use record_access_review::app::case::Origin;
use record_access_review::app::{Scope, Screen};
use record_access_review::platform::dialogs::Question;
use record_access_review::review::{Change, Choice};

use crate::journey::{name_reviewer, window, window_later};
use crate::support::{arg, json, number, outcome, program, worklist};

const T103: &str = "Online access to own health record declined by patient (situation)";
const T104: &str = "Enhanced review indicated before granting access to own health record (situation)";
const T106: &str = "Enhanced review not indicated before granting access to own health record (situation)";
const CTRL: Modifiers = Modifiers::COMMAND;

/// An export of a day: each patient with further entries after the bulk 104.
fn export(
    folder: &Path,
    name: &str,
    run: &str,
    people: impl Iterator<Item = (u64, Vec<(&'static str, &'static str)>)>,
) -> PathBuf {
    let mut text = format!(
        "Last Run,,,{run} 09:00,,,,,\nEMIS Number,NHS Number,Full Name,Date of Birth,Date of Registration,Code Term,Date,Date Added,User Details' Full Name\n"
    );
    for (n, entries) in people {
        let mut who = format!("{n},{},\"PERSON {n}, A\",01-Jan-1980,01-Jan-2015", number(n).digits());
        for (term, day) in entries {
            text += &format!("{who},{term},{day},{day},\"KHAN, Kay (Ms)\"\n");
            ",,,,".clone_into(&mut who);
        }
    }
    let path = folder.join(name);
    std::fs::write(&path, text).expect("written");
    path
}

const BULK: (&str, &str) = (T104, "31-Oct-2022");

fn before(folder: &Path) -> PathBuf {
    export(folder, "before.csv", "20/11/2026", (1..=60).map(|n| (n, vec![BULK])))
}

/// What the practice did: not all as it was decided.
fn after(folder: &Path) -> PathBuf {
    let people = (1..=61).filter(|n| *n != 10).map(|n| {
        let more = match n {
            1..=6 => vec![BULK, (T106, "21-Nov-2026")],
            8 => vec![BULK, (T106, "21-Nov-2026"), (T104, "22-Nov-2026")],
            9 => vec![BULK, (T103, "21-Nov-2026")],
            // Kept, and coded once more: kept all the same.
            11 => vec![BULK, (T104, "21-Nov-2026")],
            12..=14 => vec![BULK, (T106, "21-Nov-2026")],
            61 => vec![(T104, "21-Nov-2026")],
            _ => vec![BULK],
        };
        (n, more)
    });
    export(folder, "after.csv", "25/11/2026", people)
}

fn decisions(folder: &Path) -> PathBuf {
    let mut text = "NHS number,Decision,Decided by,Reason\n".to_owned();
    for n in 1..=13 {
        let choice = match n {
            1..=10 => "Add 106",
            11 | 12 => "Keep 104",
            _ => "Ask a clinician",
        };
        text += &format!("{},{choice},Pat Manager,Record checked\n", number(n).digits());
    }
    let path = folder.join("decisions.csv");
    std::fs::write(&path, text).expect("written");
    path
}

/// Decides on the first export, and saves the review.
fn reviewed(folder: &Path) -> PathBuf {
    let file = folder.join("review.json");
    let answers = vec![
        (Question::OpenReview, vec![decisions(folder)]),
        (Question::SaveReview("Practice review.json".to_owned()), vec![file.clone()]),
    ];
    let mut window = window(Some(Origin::exports([before(folder)])), answers);
    name_reviewer(&mut window);
    window.key(CTRL | Modifiers::SHIFT, Key::O);
    assert_eq!(window.state().model().review.decided(), 13);
    window.key(CTRL | Modifiers::SHIFT, Key::S);
    file
}

const EXPECTED: [(Change, &[u64]); 9] = [
    (Change::LostBlock, &[12]),
    (Change::NotDecided, &[13, 14]),
    (Change::Missing, &[7]),
    (Change::Again, &[8]),
    (Change::Declined, &[9]),
    (Change::New, &[61]),
    (Change::Landed, &[1, 2, 3, 4, 5, 6]),
    (Change::Gone, &[10]),
    (Change::Kept, &[11]),
];

/// Somebody without a number is a row of the export, and of the next one another: nothing is
/// said of them that nobody can know.
#[test]
fn who_has_no_number_of_their_own_is_not_taken_for_new_or_gone() {
    let dir = tempfile::tempdir().expect("a folder");
    let review = reviewed_with_unnumbered(dir.path());
    let after = with_unnumbered(after(dir.path()));
    let out = dir.path().join("out");
    let args = ["--report", arg(&after), "--decisions", arg(&review), "--out", arg(&out), "--today", "2026-11-25"];
    assert_eq!(outcome(&program(&args)), (0, String::new()));
    let rows = worklist(&out.join("check-result.csv"));
    let unnumbered: Vec<(&str, &str)> = rows
        .iter()
        .filter(|row| row["Name"] == "NOBODY, N" || row["NHS number"].starts_with("export"))
        .map(|row| (row["Result"].as_str(), row["Name"].as_str()))
        .collect();
    assert_eq!(unnumbered, [("Cannot be followed", "NOBODY, N"), ("Cannot be followed", "NOBODY, N")]);
    assert_eq!(json(&out.join("summary.json"))["check_of_the_result"]["not_followed"], 2);
}

/// With two who have no number of their own: none, and a wrong one.
fn with_unnumbered(export: PathBuf) -> PathBuf {
    let mut text = std::fs::read_to_string(&export).expect("read");
    for (n, nhs) in [(900, ""), (901, "9990000019")] {
        text += &format!(
            "{n},{nhs},\"NOBODY, N\",01-Jan-1980,01-Jan-2015,{T104},31-Oct-2022,31-Oct-2022,\"KHAN, Kay (Ms)\"\n"
        );
    }
    std::fs::write(&export, text).expect("written");
    export
}

fn reviewed_with_unnumbered(folder: &Path) -> PathBuf {
    let file = folder.join("review.json");
    let answers = vec![(Question::SaveReview("Practice review.json".to_owned()), vec![file.clone()])];
    let mut window = window(Some(Origin::exports([with_unnumbered(before(folder))])), answers);
    name_reviewer(&mut window);
    window.key(CTRL | Modifiers::SHIFT, Key::S);
    file
}

#[test]
fn without_a_window_the_new_export_is_held_against_the_review() {
    let dir = tempfile::tempdir().expect("a folder");
    let (review, after, out) = (reviewed(dir.path()), after(dir.path()), dir.path().join("out"));
    let args = ["--report", arg(&after), "--decisions", arg(&review), "--out", arg(&out), "--today", "2026-11-25"];
    let output = program(&args);
    assert_eq!(outcome(&output), (0, String::new()));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("Compared with before.csv (2026-11-20): Block lost: 1, Coded, not decided: 2"), "{said}");
    let mut found: HashMap<String, Vec<u64>> = HashMap::new();
    for row in worklist(&out.join("check-result.csv")) {
        let n = (1..=61).find(|n| number(*n).digits() == row["NHS number"]).expect("one of them");
        found.entry(row["Result"].clone()).or_default().push(n);
    }
    for (change, people) in EXPECTED {
        let mut these = found.remove(change.label()).unwrap_or_default();
        these.sort_unstable();
        assert_eq!(these, people, "{}", change.label());
    }
    assert!(found.is_empty(), "{found:?}");
    let summary = json(&out.join("summary.json"));
    assert_eq!(summary["check_of_the_result"]["landed"], 6);
    assert_eq!(summary["check_of_the_result"]["before"]["blocked"], 60);
    // What is left to code: the one that is missing, and nobody else.
    let list = std::fs::read_to_string(out.join("add-106-emis.txt")).expect("a list");
    assert_eq!(list, format!("{}\r\n", number(7).digits()));
    let report = std::fs::read_to_string(out.join("report.html")).expect("a page");
    assert!(report.contains("What became of the decisions") && report.contains("Block lost"));
    // The audit tells of both sittings in one chain.
    let audit = json(&out.join("audit.json"));
    let told: Vec<&str> =
        audit["events"].as_array().expect("events").iter().filter_map(|e| e["what"].as_str()).collect();
    assert!(told[0].starts_with("Opened before.csv"), "{told:?}");
    assert!(
        told.last().is_some_and(|t| t.starts_with("Review opened on another export: 2 decisions in force")),
        "{told:?}"
    );
    assert_eq!(outcome(&program(&["--verify", arg(&out.join("audit.json"))])), (0, String::new()));
}

#[test]
fn in_the_window_the_decisions_go_along_and_each_list_is_a_click_away() {
    let dir = tempfile::tempdir().expect("a folder");
    let answers =
        vec![(Question::OpenReview, vec![reviewed(dir.path())]), (Question::CheckResult, vec![after(dir.path())])];
    let mut window = window_later(5, Some(Origin::exports([before(dir.path())])), answers);
    window.key(CTRL | Modifiers::SHIFT, Key::O);
    window.key(CTRL, Key::Num5);
    window.click("Check the result…");
    assert_eq!(window.state().model().screen, Screen::Save);
    window.sees("6 of 10 decided 106s landed; 3 patients to look at first");
    window.sees("Then 60 of 60 eligible patients blocked (100.0 %)");
    for (change, people) in EXPECTED {
        let changes = window.state().model().review.result().expect("held against");
        assert_eq!(changes.count(change), people.len(), "{}", change.label());
    }
    let review = &window.state().model().review;
    assert_eq!((review.count(Choice::Add106), review.count(Choice::Keep104)), (1, 1), "what still stands");
    window.click("Show 2: Coded, not decided");
    let model = window.state().model();
    assert_eq!(model.view.filter.scope, Scope::Changed(Change::NotDecided));
    assert_eq!(model.view.rows.len(), 2);
    assert!(model.is_unsaved(), "it is in no file yet");
}

#[test]
fn a_review_of_another_practice_changes_nothing() {
    let dir = tempfile::tempdir().expect("a folder");
    let review = reviewed(dir.path());
    let other = export(dir.path(), "other.csv", "25/11/2026", (200..=240).map(|n| (n, vec![BULK])));
    let mut window = window(Some(Origin::exports([other.clone()])), vec![(Question::OpenReview, vec![review.clone()])]);
    window.key(CTRL | Modifiers::SHIFT, Key::O);
    window.sees("None of the patients of this review is in the export that is open");
    assert_eq!(window.state().model().review.decided(), 0);
    let out = dir.path().join("out");
    let args = ["--report", arg(&other), "--decisions", arg(&review), "--out", arg(&out)];
    let (code, said) = outcome(&program(&args));
    assert!(code == 2 && said.contains("same practice"), "{said}");
    assert!(!out.exists());
}

#[test]
fn nothing_that_was_decided_is_lost_from_one_export_to_the_next() {
    // The same people again a day later: everything holds, and nothing is new.
    let dir = tempfile::tempdir().expect("a folder");
    let review = reviewed(dir.path());
    let next = export(dir.path(), "next.csv", "24/11/2026", (1..=60).map(|n| (n, vec![BULK])));
    let mut window = window(Some(Origin::exports([next])), vec![(Question::OpenReview, vec![review])]);
    window.key(CTRL | Modifiers::SHIFT, Key::O);
    let model = window.state().model();
    assert_eq!(model.review.decided(), 13);
    let changes = model.review.result().expect("another export");
    assert_eq!((changes.count(Change::Missing), changes.count(Change::Kept)), (10, 3));
    assert_eq!(changes.each.len(), 13);
    assert!(model.review.iter().all(|(_, d)| d.by.name == "Pat Manager" && d.reason == "Record checked"));
}

#[test]
fn a_register_goes_along_with_the_decisions() {
    let dir = tempfile::tempdir().expect("a folder");
    let register = dir.path().join("register.csv");
    std::fs::write(&register, format!("NHS number\n{}\n", number(20).digits())).expect("written");
    let add = Question::AddFile(record_access_review::extract::Purpose::Safeguarding);
    let answers = vec![
        (add, vec![register]),
        (Question::OpenReview, vec![reviewed(dir.path())]),
        (Question::CheckResult, vec![after(dir.path())]),
    ];
    let mut window = window_later(5, Some(Origin::exports([before(dir.path())])), answers);
    window.key(CTRL, Key::Num1);
    window.click("Add a safeguarding register…");
    window.key(CTRL | Modifiers::SHIFT, Key::O);
    window.key(CTRL, Key::Num5);
    window.click("Check the result…");
    let case = window.state().model().case.clone().expect("open");
    assert_eq!(case.files.len(), 2);
    let marked = case.cohort.patients.iter().filter(|p| !p.markers.is_empty()).count();
    assert_eq!(marked, 1, "whoever is on it is marked in the new export too");
}

#[test]
fn what_was_wrong_is_said_until_it_is_put_right() {
    let dir = tempfile::tempdir().expect("a folder");
    let again = dir.path().join("again.json");
    let after = after(dir.path());
    let answers = vec![
        (Question::OpenReview, vec![reviewed(dir.path())]),
        (Question::CheckResult, vec![after.clone()]),
        (Question::SaveReview("Practice review.json".to_owned()), vec![again.clone()]),
    ];
    let mut first = window_later(5, Some(Origin::exports([before(dir.path())])), answers);
    first.key(CTRL | Modifiers::SHIFT, Key::O);
    first.key(CTRL, Key::Num5);
    first.click("Check the result…");
    first.key(CTRL | Modifiers::SHIFT, Key::S);
    assert!(!first.state().model().is_unsaved());
    // Opened again with the same export: all of it is there.
    let mut same = window_later(6, Some(Origin::exports([after])), vec![(Question::OpenReview, vec![again.clone()])]);
    same.key(CTRL | Modifiers::SHIFT, Key::O);
    for (change, people) in EXPECTED {
        assert_eq!(
            same.state().model().review.result().expect("kept").count(change),
            people.len(),
            "{}",
            change.label()
        );
    }
    assert!(!same.state().model().is_unsaved());
    // Two days later nobody has done anything, but for 14, whose 104 is there again; and 10,
    // who was gone, is back.
    let people = (1..=61).map(|n| {
        let more = match n {
            1..=6 | 12 | 13 => vec![BULK, (T106, "21-Nov-2026")],
            8 => vec![BULK, (T106, "21-Nov-2026"), (T104, "22-Nov-2026")],
            9 => vec![BULK, (T103, "21-Nov-2026")],
            14 => vec![BULK, (T106, "21-Nov-2026"), (T104, "26-Nov-2026")],
            61 => vec![(T104, "21-Nov-2026")],
            _ => vec![BULK],
        };
        (n, more)
    });
    let later = export(dir.path(), "later.csv", "27/11/2026", people);
    let mut window = window_later(7, Some(Origin::exports([later])), vec![(Question::OpenReview, vec![again])]);
    window.key(CTRL | Modifiers::SHIFT, Key::O);
    let result = window.state().model().review.result().expect("another export");
    let who = |change| -> Vec<String> {
        result.each.iter().filter(|l| l.change == change).map(|l| l.person.0.clone()).collect()
    };
    assert_eq!(who(Change::LostBlock), [number(12).digits()]);
    assert_eq!(who(Change::NotDecided), [number(13).digits()]);
    assert_eq!(who(Change::Missing), [number(7).digits()]);
}
