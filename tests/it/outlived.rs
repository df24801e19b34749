//! What outlived its ground: decisions made before a risk was known, stops of groups that have
//! another number since, caps that a column elsewhere lifted, codes that came along. Each of
//! these once let a 106 through.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use chrono::NaiveDateTime;
use record_access_review::app::case::{Case, GivenFile, Origin, Settings, open};
use record_access_review::cohort::PatientId;
use record_access_review::domain::Day;
use record_access_review::extract::{Progress, Purpose};
use record_access_review::findings::Likelihood;
use record_access_review::review::{
    Against, Blockers, Choice, Decision, Made, Review, Reviewer, SpotCheck, Verdict, blockers, plan_group,
};

use crate::elsewhere::{Folder, T103, T104, export, line};
use crate::support::{arg, case_of, csv_rows, number, today};

const WHO: &str = "KHAN, Kay (Ms)";

pub fn pat() -> Reviewer {
    Reviewer { name: "Pat Manager".into(), role: "Practice manager".into() }
}

pub fn time(hour: u32) -> NaiveDateTime {
    today().date().and_hms_opt(hour, 0, 0).expect("a time")
}

pub fn who(case: &Case, n: u64) -> PatientId {
    let is_it = |p: &record_access_review::cohort::Patient| p.usable_number() == Some(number(n));
    case.cohort.iter().find(|(_, p)| is_it(p)).map(|(id, _)| id).expect("a patient")
}

/// A 106 for one patient, with a reason, as the window gives it; saved as a review.
pub fn given_a_106(folder: &Folder, export: &Path, n: u64) -> PathBuf {
    let case = case_of(&[export.to_path_buf()]);
    let mut review = case.new_review(&pat(), time(8));
    let id = who(&case, n);
    let despite = Against::of(&case.cohort, &case.findings, id);
    assert!(!despite.blockers.is_empty());
    let reason = "Seen with her carer: no risk in the record".to_owned();
    let decision = Decision { choice: Choice::Add106, by: pat(), at: time(9), reason, made: Made::Alone, despite };
    review.record(&[id], &decision);
    folder.file("review.json", case.review_file(&review, time(10)).to_json().expect("JSON"))
}

pub fn listed(report: &crate::elsewhere::Report, n: u64) -> bool {
    report.list("add-106-emis.txt").contains(&number(n).digits())
}

/// A further row of the same patient, with another code.
fn other_code(n: u64, term: &str) -> String {
    line(n, "01-Feb-2020").replace(T104, term)
}

#[test]
fn a_106_does_not_outlive_a_risk_that_nobody_knew_of() {
    let folder = Folder::new();
    let marked = line(40, "31-Oct-2022") + &other_code(40, "Learning disability");
    let before = folder.file("before.csv", export("20/11/2026", &marked));
    let review = given_a_106(&folder, &before, 40);
    let report = folder.report(&[arg(&before), "--decisions", arg(&review)]);
    assert!(listed(&report, 40), "nothing has changed: {}", report.said);
    // A newer export, in which more is known; a marker of the same kind, too.
    for more in ["MARAC - domestic abuse", "Lacks mental capacity"] {
        let more = export("25/11/2026", &(marked.clone() + &other_code(40, more)));
        let after = folder.file("after.csv", more);
        let report = folder.report_on("2026-11-25", &[arg(&after), "--decisions", arg(&review)]);
        assert!(!listed(&report, 40) && report.said.contains("1 not taken"), "{}", report.said);
    }
    // A register beside the same export.
    let register = folder.file("register.csv", format!("NHS number,Name\n{},x\n", number(40).digits()));
    let report = folder.report(&[arg(&before), "--decisions", arg(&review), "--safeguarding", arg(&register)]);
    assert!(!listed(&report, 40) && report.said.contains("1 not taken"), "{}", report.said);
}

/// A review in which somebody at risk was found in a spot check of some of the first group; with
/// the place of that check, and the number of that patient.
pub fn stopped(case: &Case, population: Vec<PatientId>) -> (Review, usize, String) {
    let group = &case.findings.groups[0];
    let mut review = case.new_review(&pat(), time(8));
    let list = (group.title.clone(), Made::With(group.id));
    let check = SpotCheck::draw(&case.cohort, population, list, (5, 7), pat(), time(9));
    let at_risk = check.sample[0].nhs.digits();
    let (place, _) = review.add_check(check);
    review.answer(place, 0, Some(Verdict::AtRisk), &pat(), time(10));
    (review, place, at_risk)
}

#[test]
fn the_stop_of_a_group_stays_with_it_beside_other_files() {
    let folder = Folder::new();
    let more: String = (100..200).map(|n| line(n, "31-Oct-2022")).collect();
    let path = folder.file("before.csv", export("20/11/2026", &more));
    let case = case_of(std::slice::from_ref(&path));
    let group = &case.findings.groups[0];
    let newcomer = who(&case, 150);
    let population: Vec<PatientId> = group.members.iter().copied().filter(|id| *id != newcomer).collect();
    let (review, ..) = stopped(&case, population);
    let is_stopped = |case: &Case, review: &Review| {
        let id = who(case, 150);
        plan_group(&case.cohort, &case.findings, review, &[id]).stopped == [id]
    };
    assert!(is_stopped(&case, &review), "whoever is of the group is stopped with it");
    let file = || case.review_file(&review, time(11));
    let accounts = folder.file(
        "accounts.csv",
        format!("NHS number,Online account status,Access level\n{},Live,Detailed\n", number(5).digits()),
    );
    // A group of more comes first, so that this one has another number.
    let larger: String = (300..600).map(|n| line(n, "14-Nov-2022")).collect();
    let newer = folder.file("newer.csv", export("20/11/2026", &(more + &larger)));
    let beside = GivenFile { path: accounts, purpose: Purpose::Accounts };
    for (what, files) in [
        ("the same", vec![GivenFile::from(path.clone())]),
        ("a list beside it", vec![GivenFile::from(path), beside]),
        ("a newer export", vec![GivenFile::from(newer)]),
    ] {
        let other =
            open(&Origin::Files(files), &Settings::on(today()), &Progress::default()).unwrap_or_else(|e| panic!("{e}"));
        let restored = other.restore(&file(), "Review opened", &pat(), time(12)).expect("opened");
        assert!(is_stopped(&other, &restored.review), "{what}");
    }
}

#[test]
fn a_list_beside_the_export_says_nothing_of_when_codes_were_seen() {
    let folder = Folder::new();
    // An export that does not say when it was made.
    let text = export("20/11/2026", &line(40, "10-Oct-2026").replace(WHO, "LEWIS, Pat (Dr)"));
    let plain = folder.file("plain.csv", text.split_once('\n').expect("a first line").1);
    let number = number(40).digits();
    let decisions = folder.file(
        "decisions.csv",
        format!("NHS number,Decision,Decided by,Decided on,Reason\n{number},Add 106,Pat,05-Oct-2026,Record checked\n"),
    );
    let register = folder.file("register.csv", "Last Run,01/10/2026 09:00\nNHS number,Name\n9990000018,x\n");
    for more in [&[][..], &["--safeguarding", arg(&register)]] {
        let args: Vec<&str> =
            [arg(&plain), "--decisions", arg(&decisions)].into_iter().chain(more.iter().copied()).collect();
        let report = folder.report(&args);
        assert!(report.said.contains("0 decisions taken, 1 not taken"), "{more:?}: {}", report.said);
    }
}

#[test]
fn a_code_of_the_day_that_cannot_be_read_holds_a_106_back() {
    let folder = Folder::new();
    let unclear = line(40, "20-Nov-2026").replace(T104, "Enhanced review").replace(WHO, "LEWIS, Pat (Dr)");
    let path = folder.file("before.csv", export("20/11/2026", &(line(40, "31-Oct-2022") + &unclear)));
    let decisions = folder.file(
        "decisions.csv",
        format!("NHS number,Decision,Decided by,Reason\n{},Add 106,Pat,Record checked today\n", number(40).digits()),
    );
    let report = folder.report(&[arg(&path), "--decisions", arg(&decisions)]);
    assert!(report.said.contains("1 held back"), "{}", report.said);
    assert!(!report.out.join("add-106-emis.txt").exists() || !listed(&report, 40));
}

#[test]
fn who_declined_and_keeps_a_104_and_has_neither_any_more_is_told() {
    let folder = Folder::new();
    let declined = line(40, "31-Oct-2022") + &line(40, "01-Dec-2022").replace(T104, T103);
    let before = folder.file("before.csv", export("20/11/2026", &declined));
    let decisions = folder.file(
        "decisions.csv",
        format!("NHS number,Decision,Decided by,Reason\n{},Keep 104,Pat,Told us on the phone\n", number(40).digits()),
    );
    let case = case_of(&[before]);
    let restored = case.open_decisions(&case.new_review(&pat(), time(8)), &decisions, &pat(), time(9)).expect("opened");
    let review = folder.file("review.json", case.review_file(&restored.review, time(10)).to_json().expect("JSON"));
    let gone = line(40, "").replace(T104, "").replace(WHO, "");
    let after = folder.file("after.csv", export("25/11/2026", &gone));
    let report = folder.report_on("2026-11-25", &[arg(&after), "--decisions", arg(&review)]);
    let rows = crate::support::worklist(&report.out.join("check-result.csv"));
    let own = rows.iter().find(|row| row["NHS number"] == number(40).digits());
    assert_eq!(own.map(|row| row["Result"].as_str()), Some("Block lost"), "{}", report.said);
}

/// How likely each of some patients is, and whether any could be swept along.
fn judged(case: &Case, of: impl Iterator<Item = u64>) -> (HashSet<Likelihood>, usize) {
    let ids: Vec<PatientId> = of.map(|n| who(case, n)).collect();
    let plan = plan_group(&case.cohort, &case.findings, &case.new_review(&pat(), time(8)), &ids);
    (ids.iter().filter_map(|id| case.findings.of(*id).likelihood).collect(), plan.taken(Choice::Add106).count())
}

#[test]
fn a_column_elsewhere_shows_no_notes_of_these_codes() {
    let folder = Folder::new();
    let row = |n: u64, code: &str, other: &str| {
        format!("{n},{},\"PERSON {n}, A\",01-Jan-1980,01-Jan-2015,{code},{other}\n", number(n).digits())
    };
    let rows = |other: &str| -> String {
        let plain = (1000..2500).map(|n| row(n, ",,", if n % 3 == 0 { other } else { "" }));
        plain.chain((1..31).map(|n| row(n, &format!("{T104},14-Jun-2023,\"BELL, Mo (Mrs)\""), ""))).collect()
    };
    let head =
        "EMIS Number,NHS Number,Full Name,Date of Birth,Date of Registration,Code Term,Date,User Details' Full Name";
    let groups = "Patient Details,,,,,Access codes,,,Other codes,,";
    let bare = format!("{groups}\n{head},Code Term,Date\n{}", rows("Asthma,01-Jan-2020"));
    let texts = format!("{groups}\n{head},Code Term,Date,Associated Text\n{}", rows("Asthma,01-Jan-2020,mild"));
    for (what, text) in [("no notes anywhere", bare), ("notes of other codes", texts)] {
        let case = case_of(&[folder.file("one.csv", text)]);
        assert_eq!(judged(&case, 1..31), (HashSet::from([Likelihood::Possible]), 0), "{what}");
    }
    // Another practice's export, which has them.
    let alpha_head = "EMIS Number,NHS Number,Full Name,Date of Birth,Date of Registration,Organisation Name,Code Term,Date,Associated Text,User Details' Full Name";
    let alpha = |n: u64| {
        let nhs = number(n).digits();
        let code = if n.is_multiple_of(8) {
            format!(
                "{T104},{:02}-{}-2023,see consultation {n},\"KHAN, Kay (Ms)\"",
                n % 28 + 1,
                ["Jan", "Mar", "May"][usize::try_from(n % 3).expect("small")]
            )
        } else {
            ",,,".to_owned()
        };
        format!("{n},{nhs},\"PERSON {n}, A\",01-Jan-1980,01-Jan-2015,Alpha Surgery,{code}\n")
    };
    let beta_head = alpha_head.replace("Associated Text,", "");
    let beta = |n: u64, code: &str| {
        format!("{n},{},\"PERSON {n}, A\",01-Jan-1980,01-Jan-2015,Beta Surgery,{code}\n", number(n).digits())
    };
    let plain: String = (1000..2500).map(|n| beta(n, ",,")).collect();
    let coded: String = (1..31).map(|n| beta(n, &format!("{T104},14-Jun-2023,\"BELL, Mo (Mrs)\""))).collect();
    let one = folder.file("beta.csv", format!("{beta_head}\n{plain}{coded}"));
    let other = folder.file("alpha.csv", format!("{alpha_head}\n{}", (5000..6500).map(alpha).collect::<String>()));
    for files in [vec![one.clone()], vec![other, one]] {
        let case = case_of(&files);
        assert_eq!(judged(&case, 1..31), (HashSet::from([Likelihood::Possible]), 0), "{} files", files.len());
    }
}

#[test]
fn a_code_that_came_along_still_stands_after_a_bulk_day_here() {
    let folder = Folder::new();
    let brought = |n: u64| line(n, "01-Mar-2012").replace("LEE", "OTHER") + &line(n, "31-Oct-2022");
    // Dated before they registered here.
    let more: String = (40..45).map(brought).collect();
    let bulk: String = (100..400).map(|n| line(n, "31-Oct-2022")).collect();
    let case = case_of(&[folder.file("before.csv", export("20/11/2026", &(more + &bulk)))]);
    assert_eq!(judged(&case, 40..45), (HashSet::from([Likelihood::Individual]), 0));
    assert_eq!(judged(&case, 100..400).1, 300);
}

#[test]
fn new_patients_by_number_are_those_of_their_own_practice() {
    let folder = Folder::new();
    let head =
        "EMIS Number,NHS Number,Full Name,Date of Birth,Organisation Name,Code Term,Date,User Details' Full Name";
    let row = |n: u64, system: u64, practice: &str, code: &str| {
        let nhs = number(n).digits();
        format!("{system},{nhs},\"PERSON {n}, A\",01-Jan-1980,{practice},{code}\n")
    };
    let start = Day::from_ymd(2023, 1, 2).expect("a day");
    // One decision each third day, of patients in no order.
    let alpha = |n: u64| {
        let nth = (n * 389) % 1000;
        let code = if nth < 150 {
            let day = start.plus(i32::try_from(nth).expect("small") * 5);
            format!("{T104},{},\"RECEPTION, R (Mrs)\"", day.iso())
        } else {
            ",,".to_owned()
        };
        row(n, n, "Alpha Surgery", &code)
    };
    let all: String = (1..=1000).map(alpha).collect();
    let many: String = (1..=50_000).map(|n| row(n + 10_000, n, "Beta Surgery", ",,")).collect();
    for (what, text) in [("alone", all.clone()), ("beside a large one", all + &many)] {
        let case = case_of(&[folder.file("one.csv", format!("{head}\n{text}"))]);
        let coded = (1..=1000).filter(|n| (n * 389) % 1000 < 150);
        let (likelihoods, taken) = judged(&case, coded);
        assert!(taken == 0 && !likelihoods.into_iter().any(Likelihood::is_bulk), "{what}");
    }
}

#[test]
fn wishes_and_looks_are_no_batch_whatever_words_stand_beside_them() {
    let folder = Folder::new();
    let head = "EMIS Number,NHS Number,Full Name,Date of Birth,Date of Registration,Code Term,Date,Associated Text,User Details' Full Name";
    let row = |n: u64, text: &str| {
        let nhs = number(n).digits();
        format!("{n},{nhs},\"PERSON {n}, A\",01-Jan-1980,01-Jan-2015,{T104},31-Oct-2022,{text},\"{WHO}\"\n")
    };
    for text in [
        "Patient declined automatic access",
        "Opted out of prospective access",
        "Does not want prospective access",
        "GP reviewed: not suitable for automatic access",
        "No consent on file",
        "Awaiting CPN",
        "Reviewed by Dr Batchelor",
        "Sex offenders register",
    ] {
        let plain: String = (1000..2000).map(|n| row(n, "")).collect();
        let noted: String = (1..16).map(|n| row(n, text)).collect();
        let case = case_of(&[folder.file("one.csv", format!("{head}\n{plain}{noted}"))]);
        let kept_out =
            (1..16).filter(|n| blockers(&case.cohort, &case.findings, who(&case, *n)) != Blockers::default());
        assert_eq!(kept_out.count(), 15, "{text}");
        assert_eq!(judged(&case, 1..16).1, 0, "{text}");
    }
    let report = folder.report(&[arg(&folder.0.path().join("one.csv"))]);
    assert_eq!(csv_rows(&report.out.join("patients.csv")).len(), 1015);
}
