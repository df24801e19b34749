//! Properties over random practices and random decisions.

use std::collections::HashSet;
use std::fmt::Write as _;

use proptest::prelude::*;
use record_access_review::app::case::Case;
use record_access_review::cohort::PatientId;
use record_access_review::domain::{Day, Status};
use record_access_review::findings::Likelihood;
use record_access_review::handover::{Additions, Options, Package, outputs};
use record_access_review::review::{Against, Choice, Decision, Made, Review, Reviewer, blockers, check, plan_group};

use crate::corrected::corrected;
use crate::support::{case_of, number, today};

/// One entry of a random patient.
#[derive(Clone, Debug)]
struct Entry {
    code: usize,
    days_ago: Option<i32>,
    user: usize,
    text: usize,
}

/// One random patient.
#[derive(Clone, Debug)]
struct Person {
    age: i32,
    registered_days_ago: i32,
    status: usize,
    number: usize,
    entries: Vec<Entry>,
}

const TERMS: [&str; 5] = [
    "Online access to own health record declined by patient (situation)",
    "Enhanced review indicated before granting access to own health record (situation)",
    "Enhanced review not indicated before granting access to own health record (situation)",
    "Enhanced review",
    "Child is cause for safeguarding concern",
];
const USERS: [&str; 4] = ["\"KHAN, Kay (Ms)\"", "\"LEWIS, Sam (Dr)\"", "Reception 1", ""];
const TEXTS: [&str; 4] = ["", "\"partner, \"\"Al\"\", reads\nher post\"", "bulk coded", "MARAC"];

fn entry() -> impl Strategy<Value = Entry> {
    let code = prop_oneof![2 => Just(0_usize), 12 => Just(1), 4 => Just(2), 1 => Just(3), 1 => Just(4)];
    let days =
        prop_oneof![8 => Just(Some(1_481)), 8 => (0..2_000).prop_map(Some), 1 => Just(None), 1 => Just(Some(-30))];
    (code, days, 0..USERS.len(), prop_oneof![6 => Just(0_usize), 4 => 1..TEXTS.len()])
        .prop_map(|(code, days_ago, user, text)| Entry { code, days_ago, user, text })
}

fn person() -> impl Strategy<Value = Person> {
    let status = prop_oneof![12 => Just(0_usize), 1 => Just(1), 1 => Just(2), 1 => Just(3)];
    let number = prop_oneof![12 => Just(0_usize), 1 => 1..4_usize];
    (2..100_i32, 0..6_000_i32, status, number, prop::collection::vec(entry(), 0..4)).prop_map(
        |(age, registered_days_ago, status, number, entries)| Person {
            age,
            registered_days_ago,
            status,
            number,
            entries,
        },
    )
}

fn practice() -> impl Strategy<Value = Vec<Person>> {
    prop::collection::vec(person(), 1..60)
}

/// As EMIS would write it, with Windows line ends.
fn export(people: &[Person]) -> String {
    let mut out = "EMIS Number,NHS Number,Full Name,Date of Birth,Date of Registration,Registration Status,Code Term,Date,Date Added,Associated Text,Full Name\r\n".to_owned();
    let mut nth = 0;
    for (index, person) in people.iter().enumerate() {
        nth += 1;
        let digits = match person.number {
            1 => "9990000019".to_owned(),
            2 => String::new(),
            // The number of the patient before.
            3 if nth > 1 => number(nth - 1).digits(),
            _ => number(nth).digits(),
        };
        let born = today().plus(-person.age * 365 - 200);
        let registered = today().plus(-person.registered_days_ago);
        let status = ["GMS", "Deceased", "Deducted", "Temporary resident"][person.status];
        let patient =
            format!("{},{digits},\"PERSON {index}, A\",{},{},{status}", index + 1, born.table(), registered.table());
        let blank = ",".repeat(5);
        if person.entries.is_empty() {
            let _ = write!(out, "{patient},,,,,\r\n");
        }
        for (n, e) in person.entries.iter().enumerate() {
            let day = e.days_ago.map_or_else(String::new, |d| today().plus(-d).table());
            let cells = if n == 0 { &patient } else { &blank };
            let _ = write!(out, "{cells},{},{day},{day},{},{}\r\n", TERMS[e.code], TEXTS[e.text], USERS[e.user]);
        }
    }
    out
}

/// Whether the rows themselves say that a patient must be decided alone, judged
/// without the program's own rules. Numbers are of the made-up list.
fn must_be_alone(people: &[Person], digits: &str) -> bool {
    let owner = |at: usize| match people[at].number {
        3 if at > 0 => number(at as u64).digits(),
        _ => number(at as u64 + 1).digits(),
    };
    let holders: Vec<usize> =
        (0..people.len()).filter(|at| matches!(people[*at].number, 0 | 3) && owner(*at) == digits).collect();
    let Some(person) = holders.first().map(|at| &people[*at]).filter(|_| holders.len() == 1) else { return true };
    let dated = |code: usize| {
        person.entries.iter().filter(move |e| e.code == code).filter_map(|e| e.days_ago).filter(|d| *d >= 0)
    };
    let unclear = person.entries.iter().any(|e| e.code == 3 || (e.code < 3 && e.days_ago.is_none_or(|d| d < 0)));
    let conflict = dated(1).min().is_some() && dated(1).min() == dated(2).min();
    let risk = person.entries.iter().any(|e| e.code == 4 || e.text == 3);
    // A text that stands on a few only is somebody's own. One that a later 106 has
    // cancelled no longer speaks.
    let on_104 = |p: &Person, text: usize| p.entries.iter().filter(|e| e.code == 1 && e.text == text).count();
    let last_106 = dated(2).min();
    let stands = |e: &Entry| e.code == 1 && e.days_ago.is_some_and(|d| d >= 0 && last_106.is_none_or(|c| d <= c));
    let own = person
        .entries
        .iter()
        .filter(|e| stands(e) && matches!(e.text, 1 | 2))
        .any(|e| people.iter().map(|p| on_104(p, e.text)).sum::<usize>() < 8);
    dated(0).next().is_some() || conflict || unclear || risk || own
}

fn open(text: &str) -> Case {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("a.csv");
    std::fs::write(&path, text).expect("written");
    case_of(&[path])
}

fn reviewer() -> Reviewer {
    Reviewer { name: "Pat Manager".to_owned(), role: String::new() }
}

fn decision(choice: Choice, reason: &str, made: Made) -> Decision {
    let at = today().date().and_hms_opt(9, 0, 0).expect("a time");
    Decision { choice, by: reviewer(), at, reason: reason.to_owned(), made, despite: Against::default() }
}

fn choice() -> impl Strategy<Value = Choice> {
    prop_oneof![3 => Just(Choice::Add106), 1 => Just(Choice::Keep104), 1 => Just(Choice::AskClinician)]
}

/// What a user does: decide somebody, or a list of people.
#[derive(Clone, Debug)]
enum Step {
    One(usize, Choice, bool),
    Many(Vec<usize>, Choice),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let one =
        (any::<prop::sample::Index>(), choice(), any::<bool>()).prop_map(|(i, c, r)| Step::One(i.index(60), c, r));
    let many = (prop::collection::vec(0..60_usize, 1..60), choice()).prop_map(|(ids, c)| Step::Many(ids, c));
    prop::collection::vec(prop_oneof![one, many], 0..12)
}

/// Decides as the program does: nothing is recorded that was not checked.
fn decide(case: &Case, steps: &[Step]) -> Review {
    let mut review = Review::new(case.cohort.patients.len());
    let id = |index: usize| PatientId(u32::try_from(index % case.cohort.patients.len()).expect("small"));
    for step in steps {
        match step {
            Step::One(index, choice, with_reason) => {
                let reason = if *with_reason { "seen" } else { "" };
                if check(&case.cohort, &case.findings, &review, id(*index), *choice, &reviewer(), reason).is_ok() {
                    review.record(&[id(*index)], &decision(*choice, reason, Made::Alone));
                }
            }
            Step::Many(indices, choice) => {
                let ids: HashSet<PatientId> = indices.iter().map(|i| id(*i)).collect();
                let mut ids: Vec<PatientId> = ids.into_iter().collect();
                ids.sort_unstable();
                let plan = plan_group(&case.cohort, &case.findings, &review, &ids);
                assert_eq!(plan.everybody(), ids.len(), "everybody is in exactly one part of the plan");
                let taken: Vec<PatientId> = plan.taken(*choice).collect();
                let kept: Vec<_> = ids.iter().filter_map(|i| Some((*i, review.of(*i)?.clone()))).collect();
                review.record(&taken, &decision(*choice, "together", Made::Together));
                assert!(kept.iter().all(|(i, d)| review.of(*i) == Some(d)), "a group decision turned a decision");
            }
        }
    }
    review
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn counts_add_up(people in practice()) {
        let case = open(&export(&people));
        let counts = case.cohort.counts;
        prop_assert_eq!(counts.patients, case.cohort.patients.len());
        prop_assert_eq!(counts.patients, counts.eligible + counts.not_eligible);
        prop_assert_eq!(counts.eligible, counts.declined + counts.same_day_conflict + counts.blocked + counts.cleared + counts.no_code);
        let members: usize = case.findings.groups.iter().map(|g| g.members.len()).sum();
        let grouped = case.cohort.iter().filter(|(id, _)| case.findings.of(*id).group.is_some()).count();
        prop_assert_eq!(members, grouped);
        // An active 104, and only that, has a likelihood.
        for (id, patient) in case.cohort.iter() {
            prop_assert_eq!(case.findings.of(id).likelihood.is_some(), patient.active_104.is_some());
        }
    }

    #[test]
    fn nobody_with_a_blocker_gets_a_106_unless_decided_alone_with_a_reason(people in practice(), steps in steps()) {
        let case = open(&export(&people));
        let review = decide(&case, &steps);
        let additions = Additions::of(&case.cohort, Some(&review), today());
        let package = Package {
            additions: &additions,
            files: &case.files, cohort: &case.cohort, findings: &case.findings, review: Some(&review), refused: None,
            dated: today(), now: today().date().and_hms_opt(9, 0, 0).expect("a time"), clock: today().date().and_hms_opt(9, 0, 0).expect("a time"), target: None, options: Options::default(), timings: case.timings,
        };
        let list = outputs(package).into_iter().find(|f| f.name == "add-106-emis.txt").expect("a list");
        let mut bytes = Vec::new();
        list.write_to(&mut bytes).expect("written to memory");
        let listed: Vec<String> = String::from_utf8(bytes).expect("text").lines().map(str::to_owned).collect();
        let distinct: HashSet<&String> = listed.iter().collect();
        prop_assert_eq!(distinct.len(), listed.len(), "a number stands twice");
        for number in &listed {
            let owners: Vec<_> = case.cohort.iter().filter(|(_, p)| p.usable_number().is_some_and(|n| n.digits() == *number)).collect();
            prop_assert_eq!(owners.len(), 1);
            let (id, patient) = owners[0];
            let decision = review.of(id).expect("decided");
            prop_assert_eq!(decision.choice, Choice::Add106);
            prop_assert!(matches!(patient.status, Status::Blocked | Status::SameDayConflict));
            let clean = blockers(&case.cohort, &case.findings, id).is_empty();
            let careful = decision.made == Made::Alone && !decision.reason.is_empty();
            prop_assert!(clean || careful);
            prop_assert!(!must_be_alone(&people, number) || careful, "the rows say so");
            let individual = case.findings.of(id).likelihood == Some(Likelihood::Individual);
            prop_assert!(!individual || decision.made == Made::Alone);
        }
    }

    #[test]
    fn nobody_is_in_the_list_who_must_not_be_and_nobody_is_lost(people in practice(), steps in steps()) {
        let case = open(&export(&people));
        let review = decide(&case, &steps);
        let additions = Additions::of(&case.cohort, Some(&review), today());
        let package = Package {
            additions: &additions,
            files: &case.files, cohort: &case.cohort, findings: &case.findings, review: Some(&review), refused: None,
            dated: today(), now: today().date().and_hms_opt(9, 0, 0).expect("a time"), clock: today().date().and_hms_opt(9, 0, 0).expect("a time"), target: None, options: Options::default(), timings: case.timings,
        };
        let files = || -> Vec<(String, Vec<u8>)> {
            let written = |file: record_access_review::handover::OutFile<'_>| {
                let mut bytes = Vec::new();
                file.write_to(&mut bytes).expect("written to memory");
                (file.name, bytes)
            };
            outputs(package).into_iter().map(written).collect()
        };
        let made = files();
        prop_assert!(made == files(), "the same decisions give the same bytes");
        let text = |name: &str| {
            let bytes = made.iter().find(|(n, _)| n == name).map(|(_, b)| b.clone()).expect("a file");
            String::from_utf8(bytes).expect("text")
        };
        let list: HashSet<String> = text("add-106-emis.txt").lines().map(str::to_owned).collect();
        for (id, patient) in case.cohort.iter() {
            let digits = match patient.nhs {
                record_access_review::domain::NhsReading::Valid(n) => n.digits(),
                _ => continue,
            };
            let kept = review.of(id).is_some_and(|d| d.choice != Choice::Add106);
            let alone = review.of(id).is_some_and(|d| d.made == Made::Alone && !d.reason.is_empty());
            let never = kept
                || patient.nhs_twice
                || matches!(patient.status, Status::Declined | Status::NotEligible | Status::Cleared | Status::NoCode)
                || (patient.status == Status::SameDayConflict && !alone);
            prop_assert!(!never || !list.contains(&digits) , "{:?}", patient.status);
        }
        // Counts in, counts out: everybody is in the table once; each decision is in the list,
        // held back, kept or asked about.
        prop_assert_eq!(text("patients.csv").lines().count(), case.cohort.patients.len() + 1);
        let additions = package.additions;
        prop_assert_eq!(list.len(), additions.patients.len());
        prop_assert_eq!(additions.patients.len() + additions.held_back.len(), review.count(Choice::Add106));
        // Who is not eligible is in no list of work, whatever was decided once.
        for (name, choice) in [("keep-104.csv", Choice::Keep104), ("ask-clinician.csv", Choice::AskClinician)] {
            let eligible = review.iter().filter(|(id, d)| d.choice == choice && case.cohort.patient(*id).is_some_and(record_access_review::cohort::Patient::is_eligible));
            prop_assert_eq!(text(name).lines().count() - 3, eligible.count(), "{}", name);
        }
    }

    #[test]
    fn the_copy_differs_only_by_the_added_rows_and_shows_them_cleared(people in practice(), steps in steps()) {
        let text = export(&people);
        let case = open(&text);
        let review = decide(&case, &steps);
        let copy = String::from_utf8(corrected(&case, &review)).expect("text");
        // Taking the added rows out again gives the source.
        let added = format!(",,,,,,{},{},{},,Pat Manager\r\n", TERMS[2], today().table(), today().table());
        prop_assert_eq!(copy.replace(&added, ""), text.clone());
        let days_later = |p: &record_access_review::cohort::Patient| case.cohort.events_of(p).iter().filter_map(|e| e.day).max();
        let expected: Vec<PatientId> = review.iter()
            .filter(|(id, d)| d.choice == Choice::Add106 && case.cohort.patient(*id).and_then(days_later).is_some_and(|d: Day| d < today()))
            .map(|(id, _)| id).collect();
        prop_assert_eq!(copy.matches(&added).count(), expected.len());
        let again = open(&copy);
        prop_assert_eq!(again.cohort.patients.len(), case.cohort.patients.len());
        for (id, patient) in again.cohort.iter() {
            let before = case.cohort.patient(id).expect("the same people").status;
            let now = if expected.contains(&id) { Status::Cleared } else { before };
            prop_assert_eq!(patient.status, now);
        }
    }
}
