//! Decisions that are somebody else's, older than they look, or not made at all, and reach a
//! patient all the same. Each of these once put somebody into the list for the bulk step.

use std::path::Path;
use std::time::{Duration, SystemTime};

use record_access_review::domain::Day;
use record_access_review::review::{Choice, Lifted, plan_group};

use crate::elsewhere::{Folder, Report, T103, T104, export, line, saved_review};
use crate::outlived::{given_a_106, listed, pat, stopped, time, who};
use crate::overlooked::T106;
use crate::support::{arg, case_of, number, worklist};

const DECIDED: &str = "NHS number,Decision,Decided by,Reason\n";

fn digits(n: u64) -> String {
    number(n).digits()
}

/// A list of decisions with one row.
fn one(n: u64, rest: &str) -> String {
    format!("{DECIDED}{},{rest}\n", digits(n))
}

fn report_with(folder: &Folder, export: &Path, decisions: &str) -> Report {
    let list = folder.file("decided.csv", decisions);
    folder.report_on("2026-11-25", &[arg(export), "--decisions", arg(&list)])
}

/// As if the file had been written on that day.
fn written_on(path: &Path, day: Day) {
    let noon = day.date().and_hms_opt(12, 0, 0).expect("a time").and_utc().timestamp();
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(noon).expect("after 1970"));
    let file = std::fs::File::options().write(true).open(path).expect("a file");
    file.set_modified(time).expect("a time");
}

#[test]
fn a_106_does_not_go_to_whoever_has_the_number_now() {
    let folder = Folder::new();
    let before = folder.file("before.csv", export("20/11/2026", ""));
    let review = saved_review(&folder, &before, Choice::Add106, &[3, 4, 5, 6, 7]);
    // 3 is somebody else: another birth date and name. 4 has another name and number in the
    // system. 5 has another name only, and 6 another number only: they are who they were.
    let changed = |row: &str| {
        if row.contains(&digits(3)) {
            row.replace("01-Jan-1980", "07-May-1990").replace("PERSON 3, A", "OTHER, B")
        } else if row.contains(&digits(4)) {
            format!("90{row}").replace("PERSON 4, A", "OTHER, B")
        } else if row.contains(&digits(5)) {
            row.replace("PERSON 5, A", "MARRIED, A")
        } else if row.starts_with("6,") {
            format!("906{}", &row[1..])
        } else {
            row.to_owned()
        }
    };
    let text: String = export("25/11/2026", "").lines().map(|row| changed(row) + "\n").collect();
    let after = folder.file("after.csv", text);
    let report = folder.report_on("2026-11-25", &[arg(&after), "--decisions", arg(&review)]);
    let given: Vec<u64> = (3..=7).filter(|n| listed(&report, *n)).collect();
    assert_eq!(given, [5, 6, 7], "{}", report.said);
}

#[test]
fn who_was_found_at_risk_is_known_under_another_number() {
    let folder = Folder::new();
    let more: String = (100..200).map(|n| line(n, "31-Oct-2022")).collect();
    let path = folder.file("before.csv", export("20/11/2026", &more));
    let case = case_of(std::slice::from_ref(&path));
    let (mut review, place, at_risk) = stopped(&case, case.findings.groups[0].members.clone());
    review.lift(
        place,
        Lifted { by: pat(), at: time(11), reason: "The others were looked at".into(), about: vec![at_risk.clone()] },
    );
    let file = case.review_file(&review, time(12));
    let renumbered = export("25/11/2026", &more).replace(&at_risk, &digits(900));
    let newer = case_of(&[folder.file("after.csv", renumbered)]);
    let restored = newer.restore(&file, "Review opened", &pat(), time(13)).expect("a review");
    let id = who(&newer, 900);
    let plan = plan_group(&newer.cohort, &newer.findings, &restored.review, &[id]);
    assert_eq!((plan.in_doubt, plan.included), (vec![id], Vec::new()));
}

#[test]
fn a_list_that_does_not_say_when_is_as_old_as_its_file() {
    let folder = Folder::new();
    let more = line(3, "22-Nov-2026").replace("KHAN, Kay (Ms)", "LEE, Jo (Dr)");
    let after = folder.file("after.csv", export("25/11/2026", &more));
    let list = folder.file(
        "decided.csv",
        one(3, "Add 106,Pat Manager,Record checked") + &one(4, "Add 106,Pat,Seen")[DECIDED.len()..],
    );
    let report = || folder.report_on("2026-11-25", &[arg(&after), "--decisions", arg(&list)]);
    written_on(&list, Day::from_ymd(2026, 11, 20).expect("a day"));
    let old = report();
    assert!(!listed(&old, 3) && listed(&old, 4), "{}", old.said);
    written_on(&list, Day::from_ymd(2026, 11, 25).expect("a day"));
    let new = report();
    assert!(listed(&new, 3) && listed(&new, 4), "{}", new.said);
}

#[test]
fn another_note_in_the_place_of_one_is_looked_at_again() {
    let folder = Folder::new();
    let header = "Associated Text";
    let with_notes = |run: &str, note: &str| {
        let text = export(run, "");
        let row = |row: &str| match row {
            row if row.starts_with("EMIS Number") => format!("{row},{header}\n"),
            row if row.starts_with("3,") => format!("{row},{note}\n"),
            row => format!("{row},\n"),
        };
        text.lines().map(row).collect::<String>()
    };
    let before = folder.file("before.csv", with_notes("20/11/2026", "letter of 3 May filed"));
    let review = given_a_106(&folder, &before, 3);
    let said = |note: &str| {
        let after = folder.file("after.csv", with_notes("25/11/2026", note));
        let report = folder.report_on("2026-11-25", &[arg(&after), "--decisions", arg(&review)]);
        (listed(&report, 3), report.said)
    };
    assert!(said("Letter of 3 May filed.").0);
    for note in ["do not show record: see Dr Brown first", "husband must not see this"] {
        let (listed, said) = said(note);
        assert!(!listed && said.contains("1 not taken"), "{note}: {said}");
    }
}

#[test]
fn what_was_decided_on_an_older_export_does_not_stand_against_what_came_since() {
    let folder = Folder::new();
    let marked = line(3, "10-Nov-2026").replace(T104, "Vulnerable adult");
    let after = folder.file("after.csv", export("25/11/2026", &marked));
    let list = |on: &str| {
        format!("NHS number,Decision,Decided by,Decided on,Reason\n{},Add 106,Pat,{on},Record checked\n", digits(3))
    };
    assert!(!listed(&report_with(&folder, &after, &list("07-Nov-2026")), 3));
    assert!(listed(&report_with(&folder, &after, &list("25-Nov-2026")), 3));
}

#[test]
fn a_list_gives_no_106_to_who_was_coded_alone_without_a_reason_of_their_own() {
    let folder = Folder::new();
    let bulk: String = (200..300).map(|n| line(n, "31-Oct-2022")).collect();
    let months = ["Feb", "Jul", "Apr", "Dec", "May", "Sep", "Mar"];
    let day =
        |n: u64| format!("{:02}-{}-{}", n * 11 % 27 + 1, months[usize::try_from(n % 7).expect("small")], 2020 + n % 5);
    let lone: String = (100..120).map(|n| line(n, &day(n)).replace("KHAN, Kay (Ms)", "LEE, Jo (Mr)")).collect();
    let path = folder.file("export.csv", export("20/11/2026", &(bulk + &lone)));
    let all = |reason: &dyn Fn(u64) -> String| {
        let row = |n: u64| format!("{},Add 106,Pat Manager,{}\n", digits(n), reason(n));
        format!("{DECIDED}{}", (1..=30).chain(100..120).map(row).collect::<String>())
    };
    let lone_in = |decisions: &str| {
        let report = report_with(&folder, &path, decisions);
        ((100..120).filter(|n| listed(&report, *n)).count(), (1..=30).filter(|n| listed(&report, *n)).count())
    };
    assert_eq!(lone_in(&all(&|_| String::new())), (0, 30));
    assert_eq!(lone_in(&all(&|_| "All of them are fine".to_owned())), (0, 30));
    let own = |n: u64| {
        format!(
            "Looked at as case {}",
            (0..=n % 26).map(|_| 'x').collect::<String>() + &"y".repeat(usize::try_from(n / 26).expect("small"))
        )
    };
    assert_eq!(lone_in(&all(&own)), (20, 30));
}

#[test]
fn a_row_whose_cells_are_of_two_people_gives_no_106() {
    let folder = Folder::new();
    let path = folder.file("export.csv", export("20/11/2026", ""));
    let row = |caption: &str, cell: &str| {
        let list = format!(
            "NHS number,{caption},Decision,Decided by,Reason\n{},{cell},Add 106,Pat,Record checked\n",
            digits(3)
        );
        listed(&report_with(&folder, &path, &list), 3)
    };
    for (caption, cell) in [("EMIS number", "3"), ("EMIS ID", "3"), ("Date of Birth", "01-Jan-1980"), ("DOB", "")] {
        assert!(row(caption, cell), "{caption}: {cell}");
    }
    for (caption, cell) in
        [("EMIS number", "4"), ("EMIS number", "4.0"), ("EMIS number", "E4"), ("EMIS ID", "4"), ("DOB", "01-Jan-1940")]
    {
        assert!(!row(caption, cell), "{caption}: {cell}");
    }
}

#[test]
fn a_row_that_contradicts_itself_gives_no_106() {
    let folder = Folder::new();
    let path = folder.file("export.csv", export("20/11/2026", ""));
    for rest in [
        "Add 106,Pat Manager,Safeguarding",
        "Add 106,Pat Manager,At risk: see record",
        "Add 106,?,Record checked",
        "Add 106,1,Record checked",
    ] {
        assert!(!listed(&report_with(&folder, &path, &one(3, rest)), 3), "{rest}");
    }
    let twice = one(3, "Add 106,Pat Manager,Record checked") + &format!("{},,,NO - do not open\n", digits(3));
    assert!(!listed(&report_with(&folder, &path, &twice), 3));
    assert!(listed(&report_with(&folder, &path, &one(3, "Add 106,Pat Manager,Record checked")), 3));
}

#[test]
fn no_106_where_a_103_may_be_on_file() {
    let folder = Folder::new();
    let text = export("20/11/2026", "").replace("Code Term,", "Code Term,SNOMED Code,");
    for (term, id) in
        [(T104, "1290331000000103"), (T103, "1364731000000104"), ("", "1.29033E+15"), ("", "1290330000000000")]
    {
        let row = |row: &str| match row {
            row if row.starts_with("3,") => {
                row.replace(T104, &format!("{T104},1364731000000104"))
                    + "\n"
                    + &row.replace(T104, &format!("{term},{id}"))
                    + "\n"
            }
            row => row.replace(T104, &format!("{T104},1364731000000104")) + "\n",
        };
        let path = folder.file("export.csv", text.lines().map(row).collect::<String>());
        let report = report_with(&folder, &path, &one(3, "Add 106,Pat Manager,Record checked"));
        assert!(!listed(&report, 3) && report.said.contains("1 not taken"), "{term} {id}: {}", report.said);
    }
}

#[test]
fn whoever_registered_since_is_decided_again() {
    let folder = Folder::new();
    let before = folder.file("before.csv", export("20/11/2026", ""));
    let review = saved_review(&folder, &before, Choice::Add106, &[3, 4]);
    let moved =
        |row: &str| if row.starts_with("3,") { row.replace("01-Jan-2015", "23-Nov-2026") } else { row.to_owned() };
    let text: String = export("25/11/2026", "").lines().map(|row| moved(row) + "\n").collect();
    let after = folder.file("after.csv", text);
    let report = folder.report_on("2026-11-25", &[arg(&after), "--decisions", arg(&review)]);
    assert!(!listed(&report, 3) && listed(&report, 4), "{}", report.said);
}

#[test]
fn a_103_alone_is_no_104_to_keep() {
    let folder = Folder::new();
    let declined = line(40, "31-Oct-2022").replace(T104, T103);
    let path = folder.file("export.csv", export("20/11/2026", &declined));
    let report = report_with(&folder, &path, &one(40, "Keep 104,Pat Manager,Declined"));
    assert_eq!(report.patients()["40"]["Decision"], "", "{}", report.said);
}

#[test]
fn a_review_is_not_opened_on_an_older_export() {
    let folder = Folder::new();
    let newer = folder.file("newer.csv", export("20/11/2026", &line(40, "31-Oct-2022")));
    let review = saved_review(&folder, &newer, Choice::Add106, &[3]);
    let older = folder.file("older.csv", export("10/11/2026", ""));
    let report = folder.report(&[arg(&older), "--decisions", arg(&review)]);
    assert!(report.exit == 2 && report.said.contains("before the one on which the review was made"), "{}", report.said);
}

#[test]
fn what_is_called_otherwise_in_the_clinical_codes_is_a_risk_too() {
    let folder = Folder::new();
    let terms = [
        "Subject of multi-agency risk assessment conference",
        "Intellectual disability",
        "Deprivation of liberty authorisation",
        "Battered wife syndrome",
        "At risk",
        "At risk of harm",
        "Child missing from home",
        "Down's syndrome",
        "Intimidation by partner",
        "No contact with father",
        "Do not share information with parents",
    ];
    let rows: String = (40..)
        .zip(terms)
        .map(|(n, term)| line(n, "31-Oct-2022") + &line(n, "01-Feb-2020").replace(T104, term))
        .collect();
    let path = folder.file("export.csv", export("20/11/2026", &rows));
    let patients = folder.report(&[arg(&path)]).patients();
    for (n, term) in (40..).zip(terms) {
        assert!(patients[&n.to_string()]["Blockers"].contains("marker"), "{term}");
    }
    // A concept in a column that is not known.
    let text = export("20/11/2026", "").replace("Code Term,", "Problem Code,Code Term,");
    let row = |row: &str| match row {
        row if row.starts_with("3,") => row.replace(T104, &format!("417430008,{T104}")) + "\n",
        row => row.replace(T104, &format!("38341003,{T104}")) + "\n",
    };
    let path = folder.file("export.csv", text.lines().map(row).collect::<String>());
    let patients = folder.report(&[arg(&path)]).patients();
    assert!(patients["3"]["Blockers"].contains("marker") && patients["4"]["Blockers"].is_empty());
}

#[test]
fn a_106_of_the_very_day_of_the_export_that_nobody_decided_is_noticed() {
    let folder = Folder::new();
    // 40 had it on that day already.
    let given = line(40, "20-Nov-2026").replace(T104, T106);
    let declined = line(41, "31-Oct-2022").replace(T104, T103);
    let before = folder.file("before.csv", export("20/11/2026", &(given.clone() + &declined)));
    let review = saved_review(&folder, &before, Choice::Add106, &[3]);
    let later = line(41, "20-Nov-2026").replace(T104, T106) + &line(42, "20-Nov-2026").replace(T104, T106);
    let after = folder.file("after.csv", export("25/11/2026", &(given + &declined + &later)));
    let report = folder.report_on("2026-11-25", &[arg(&after), "--decisions", arg(&review)]);
    let result = worklist(&report.out.join("check-result.csv"));
    let found: Vec<&str> = result
        .iter()
        .filter(|row| row["Result"] == "Coded, not decided")
        .map(|row| row["NHS number"].as_str())
        .collect();
    assert_eq!(found, [digits(41), digits(42)], "{}", report.said);
}

#[test]
fn the_review_that_is_saved_with_the_files_is_opened_on_a_newer_export() {
    let folder = Folder::new();
    let before = folder.file("before.csv", export("20/11/2026", ""));
    let first = report_with(&folder, &before, &one(3, "Add 106,Pat Manager,Record checked"));
    let review = first.out.join("review.json");
    let after = folder.file("after.csv", export("25/11/2026", &line(4, "22-Nov-2026")));
    let report = folder.report_on("2026-11-25", &[arg(&after), "--decisions", arg(&review)]);
    assert!(listed(&report, 3) && report.said.contains("1 decision"), "{}", report.said);
}
