//! Findings on small practices written for one pattern each. Simulated practices, and a
//! scoreboard over them, are in `tests/detection`.

use super::*;
use crate::cohort::{Cohort, build};
use crate::domain::NhsNumber;
use crate::extract::{Progress, ReadOptions, Source, System, read};
use crate::sample::{Recipe, make};

fn today() -> Day {
    Day::from_ymd(2026, 11, 20).expect("a day")
}

fn cohort_of(bytes: Vec<u8>) -> Cohort {
    let source = Source::new("a.csv", bytes).expect("text");
    let extract = read(source, &ReadOptions::on(today()), &Progress::default()).expect("an export");
    build(&mut [extract], today())
}

/// A practice of `list` patients registered in 2015; the first ones have the
/// 104 entries given as (date, user, text).
fn practice(list: usize, entries: &[(String, &str, String)]) -> Cohort {
    let mut text =
        "NHS Number,Date of Birth,Date of Registration,Code Term,Date,Associated Text,Full Name\n".to_owned();
    let mut numbers = (999_000_000_u64..).flat_map(|nine| (0..10).filter_map(move |c| NhsNumber::new(nine * 10 + c)));
    for index in 0..list {
        let number = numbers.next().expect("enough numbers");
        let (term, date, note, user) = entries.get(index).map_or(("", "", "", ""), |(date, user, note)| {
            ("Enhanced review indicated before granting access", date.as_str(), note.as_str(), *user)
        });
        text.push_str(&format!("{},01-Jan-1980,01-Jan-2015,{term},{date},{note},\"{user}\"\n", number.digits()));
    }
    cohort_of(text.into_bytes())
}

fn on(day: &str, user: &'static str, n: usize) -> Vec<(String, &'static str, String)> {
    vec![(day.to_owned(), user, String::new()); n]
}

fn likelihoods(findings: &Findings) -> Vec<Likelihood> {
    findings.assessments.iter().filter_map(|a| a.likelihood).collect()
}

#[test]
fn a_whole_list_day_is_almost_certain() {
    let findings = find(&practice(1_000, &on("31-Oct-2022", "KHAN, Kay (Ms)", 800)), Thresholds::default());
    assert_eq!(findings.groups.len(), 1);
    let group = &findings.groups[0];
    assert_eq!((group.kind, group.likelihood, group.members.len()), (Kind::OneDay, Likelihood::AlmostCertain, 800));
    assert_eq!(group.title, "800 patients on Monday 31 October 2022");
    let first = group.sentences(Side::For).next().expect("a reason");
    assert!(first.contains("800 entries on one day by KHAN, Kay (Ms)"), "{first}");
}

#[test]
fn days_of_one_user_join_into_a_run() {
    let mut entries = Vec::new();
    for day in ["16-Jan-2023", "17-Jan-2023", "18-Jan-2023", "19-Jan-2023", "20-Jan-2023", "23-Jan-2023"] {
        entries.extend(on(day, "PRICE, Owen (Mr)", 30));
    }
    let findings = find(&practice(2_000, &entries), Thresholds::default());
    assert_eq!(findings.groups.len(), 1);
    assert_eq!((findings.groups[0].kind, findings.groups[0].members.len()), (Kind::Run, 180));
    assert!(likelihoods(&findings).iter().all(|l| l.is_bulk()));
}

#[test]
fn a_run_of_small_days_is_found_though_each_is_small() {
    let of_days = |days: &[u32]| -> Vec<_> {
        days.iter().flat_map(|d| on(&format!("{d:02}-Feb-2023"), "PRICE, Owen (Mr)", 6)).collect()
    };
    let days = [1, 2, 3, 6, 7, 8, 9, 10, 13, 14, 15, 16, 17, 20, 21, 22, 23, 24];
    let findings = find(&practice(2_000, &of_days(&days)), Thresholds::default());
    assert_eq!(findings.groups.len(), 1);
    assert_eq!(findings.groups[0].kind, Kind::Run);
    assert!(likelihoods(&findings).iter().all(|l| l.is_bulk()));
    // Half as many may have come to a desk by themselves.
    let findings = find(&practice(2_000, &of_days(&days[..9])), Thresholds::default());
    assert!(likelihoods(&findings).iter().all(|l| !l.is_bulk()));
}

#[test]
fn small_days_between_two_runs_are_of_one_of_them() {
    let mut entries = Vec::new();
    let january = [2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 16, 17];
    let february = [1, 2, 3, 6, 7, 8, 9, 10, 13, 14, 15, 16];
    for (month, days, n) in [("Jan", &january[..], 9), ("Jan", &[19, 20, 23, 25, 27, 30], 3), ("Feb", &february, 9)] {
        for day in days {
            entries.extend(on(&format!("{day:02}-{month}-2023"), "PRICE, Owen (Mr)", n));
        }
    }
    let findings = find(&practice(2_000, &entries), Thresholds::default());
    let all = || findings.groups.iter().flat_map(|g| &g.members);
    assert_eq!(all().count(), entries.len());
    assert_eq!(all().collect::<std::collections::BTreeSet<_>>().len(), entries.len());
    assert_eq!(findings.groups.iter().map(|g| g.entries).sum::<usize>(), entries.len());
}

#[test]
fn lone_entries_of_clinicians_are_left_alone() {
    let mut entries = on("31-Oct-2022", "KHAN, Kay (Ms)", 500);
    for month in ["Jan", "Feb", "Mar", "Apr", "May", "Jun"] {
        entries.extend(on(&format!("14-{month}-2023"), "LEWIS, Sam (Dr)", 1));
        entries.extend(on(&format!("21-{month}-2023"), "RAO, Anil (Dr)", 2));
    }
    let findings = find(&practice(1_000, &entries), Thresholds::default());
    assert!(likelihoods(&findings)[500..].iter().all(|l| *l == Likelihood::Individual));
    assert_eq!(findings.groups.len(), 1);
    assert_eq!(findings.usual_most, 2);
}

#[test]
fn a_meeting_with_a_note_on_each_is_not_bulk() {
    let entries: Vec<_> = (0..28)
        .map(|n| ("12-Mar-2024".to_owned(), "LEWIS, Sam (Dr)", format!("Safeguarding meeting item {n}")))
        .collect();
    let findings = find(&practice(1_000, &entries), Thresholds::default());
    assert!(likelihoods(&findings).iter().all(|l| *l == Likelihood::Individual));
    assert_eq!(findings.groups[0].kind, Kind::Meeting);
}

#[test]
fn an_own_note_leaves_the_group_and_a_shared_one_does_not() {
    let mut entries = on("31-Oct-2022", "KHAN, Kay (Ms)", 300);
    for (index, entry) in entries.iter_mut().enumerate() {
        entry.2 = if index == 7 { "partner reads her post".to_owned() } else { "Bulk coded".to_owned() };
    }
    let findings = find(&practice(1_000, &entries), Thresholds::default());
    assert_eq!(findings.groups[0].members.len(), 299);
    assert_eq!(findings.groups[0].left_out, [PatientId(7)]);
    assert_eq!(findings.of(PatientId(7)).likelihood, Some(Likelihood::Individual));
    let said = "299 of 299 carry the same free text.";
    assert!(findings.groups[0].sentences(Side::For).any(|sentence| sentence == said));
}

#[test]
fn a_bulk_entry_on_top_of_a_decided_one_changes_nothing() {
    let line = |n: u64| {
        let digits = crate_number(n).digits();
        format!("{digits},01-Jan-1980,01-Jan-2015,Enhanced review indicated,31-Oct-2022,,\"KHAN, Kay (Ms)\"\n")
    };
    let bulk = (0..40).map(line).collect::<Vec<_>>().concat();
    for (first, second) in [("01-Mar-2022", "31-Oct-2022"), ("31-Oct-2022", "31-Oct-2022")] {
        let text = format!(
            "NHS Number,Date of Birth,Date of Registration,Code Term,Date,Associated Text,Full Name\n{bulk}\
             {n},01-Jan-1980,01-Jan-2015,Enhanced review indicated,{first},partner reads her post,\"LEWIS, Sam (Dr)\"\n\
             {n},01-Jan-1980,01-Jan-2015,Enhanced review indicated,{second},,\"KHAN, Kay (Ms)\"\n",
            n = crate_number(77).digits()
        );
        let cohort = cohort_of(text.into_bytes());
        let findings = find(&cohort, Thresholds::default());
        let ann = PatientId(40);
        assert_eq!(findings.of(ann).likelihood, Some(Likelihood::Individual));
        assert!(findings.of(ann).own_text && findings.of(ann).group.is_none());
        assert_eq!(findings.groups[0].members.len(), 40);
        assert_eq!(findings.groups[0].left_out, [ann]);
    }
}

fn crate_number(n: u64) -> NhsNumber {
    (0..10).find_map(|c| NhsNumber::new((999_300_000 + n) * 10 + c)).unwrap_or_else(|| crate_number(n + 1_000))
}

#[test]
fn a_few_entries_beside_a_bulk_day_are_no_run() {
    let mut entries = on("31-Oct-2022", "KHAN, Kay (Ms)", 800);
    entries.extend(on("03-Nov-2022", "KHAN, Kay (Ms)", 3));
    let findings = find(&practice(1_000, &entries), Thresholds::default());
    assert_eq!(findings.groups.len(), 1);
    assert_eq!(findings.groups[0].members.len(), 800);
}

#[test]
fn a_day_shared_by_many_users_is_found() {
    let users = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J"];
    let entries: Vec<_> = users.iter().flat_map(|u| on("31-Oct-2022", u, 8)).collect();
    let findings = find(&practice(2_000, &entries), Thresholds::default());
    assert!(likelihoods(&findings).iter().all(|l| *l != Likelihood::Individual));
}

#[test]
fn the_same_text_with_another_number_is_no_note_of_their_own() {
    let entries: Vec<_> =
        (0..300).map(|n| ("31-Oct-2022".to_owned(), "KHAN, Kay (Ms)", format!("Batch coded ref {n}"))).collect();
    let findings = find(&practice(1_000, &entries), Thresholds::default());
    assert_eq!(findings.groups[0].kind, Kind::OneDay);
    assert_eq!(findings.groups[0].members.len(), 300);
}

#[test]
fn a_quiet_practice_has_no_groups() {
    let entries: Vec<_> =
        (1..=28).step_by(3).flat_map(|d| on(&format!("{d:02}-Feb-2023"), "BECK, Sue (Ms)", 2)).collect();
    let findings = find(&practice(3_000, &entries), Thresholds::default());
    assert!(findings.groups.is_empty(), "{:?}", findings.groups);
    assert!(likelihoods(&findings).iter().all(|l| *l == Likelihood::Individual));
}

#[test]
fn the_made_up_practice_shows_every_kind_in_both_layouts() {
    for system in [System::Emis, System::SystmOne] {
        let cohort = cohort_of(make(Recipe::built_in(system)).bytes);
        let findings = find(&cohort, Thresholds::default());
        for kind in [Kind::OneDay, Kind::Run, Kind::TopUp, Kind::Inherited, Kind::Meeting] {
            assert_eq!(findings.groups.iter().filter(|g| g.kind == kind).count(), 1, "{system:?} {kind:?}");
        }
        let members: usize = findings.groups.iter().map(|g| g.members.len()).sum();
        let grouped = cohort.iter().filter(|(id, _)| findings.of(*id).group.is_some()).count();
        assert_eq!(members, grouped, "every member is of exactly one group");
        assert!(!findings.conflicts.is_empty() && !findings.turning_16.is_empty());
        for status in crate::domain::Status::ALL {
            assert!(cohort.counts.get(status) > 0, "{status:?}");
        }
    }
}

#[test]
fn both_layouts_of_the_made_up_practice_give_the_same_answers() {
    let answers = |system| {
        let cohort = cohort_of(make(Recipe::built_in(system)).bytes);
        let findings = find(&cohort, Thresholds::default());
        let groups: Vec<_> = findings.groups.iter().map(|g| (g.kind, g.members.len(), g.likelihood)).collect();
        (cohort.counts, groups)
    };
    assert_eq!(answers(System::Emis), answers(System::SystmOne));
}

#[test]
fn a_clinicians_own_list_is_never_more_than_possible() {
    // In a wave and out of it, on a large list and a small one, of the oldest only.
    for (list, date, n) in [(3_000, "14-Jun-2023", 40), (3_000, "04-Mar-2024", 40), (200, "12-Jun-2024", 30)] {
        let findings = find(&practice(list, &on(date, "LEWIS, Sam (Dr)", n)), Thresholds::default());
        assert!(likelihoods(&findings).iter().all(|l| *l == Likelihood::Possible), "{date}");
    }
    let rows: Vec<String> = (0..3_000)
        .map(|n| {
            let (born, code) = if n < 12 { ("1938", "Enhanced review indicated,12-Jun-2024") } else { ("1980", ",") };
            format!("{},01-Jan-{born},01-Jan-2015,{code},,\"LEWIS, Sam (Dr)\"\n", crate_number(n).digits())
        })
        .collect();
    let header = "NHS Number,Date of Birth,Date of Registration,Code Term,Date,Associated Text,Full Name\n";
    let findings = find(&cohort_of(format!("{header}{}", rows.concat()).into_bytes()), Thresholds::default());
    assert!(likelihoods(&findings).iter().all(|l| !l.is_bulk()), "a round in a care home");
    // More than any list is bulk, whoever entered it.
    let findings = find(&practice(3_000, &on("04-Mar-2024", "LEWIS, Sam (Dr)", 400)), Thresholds::default());
    assert!(likelihoods(&findings).iter().all(|l| l.is_bulk()));
}

#[test]
fn a_few_entries_after_a_run_are_no_part_of_it() {
    let mut entries = on("16-Jan-2023", "KHAN, Kay (Ms)", 300);
    entries.extend(on("17-Jan-2023", "KHAN, Kay (Ms)", 300));
    // And on, three at a time, for months.
    for day in ["20-Jan", "24-Jan", "27-Jan", "31-Jan", "03-Feb", "07-Feb", "10-Feb", "14-Feb"] {
        entries.extend(on(&format!("{day}-2023"), "KHAN, Kay (Ms)", 3));
    }
    let findings = find(&practice(3_000, &entries), Thresholds::default());
    assert_eq!(findings.groups[0].members.len(), 600);
    assert!(likelihoods(&findings)[600..].iter().all(|l| *l == Likelihood::Individual));
}

#[test]
fn notes_about_patients_stay_their_own_however_often_they_stand() {
    let notes = [
        "Discussed at MASH",
        "Do not share with ex-partner",
        "Partner has her phone",
        "S47 enquiry 7",
        "CP plan",
        "Police disclosure",
        "no proxy access - risk from father",
        "Prevent referral",
        "07700 900123",
        "?",
        "does not want online access",
    ];
    for note in notes {
        let mut entries = on("31-Oct-2022", "KHAN, Kay (Ms)", 300);
        entries.extend(vec![("31-Oct-2022".to_owned(), "KHAN, Kay (Ms)", note.to_owned()); 14]);
        let findings = find(&practice(3_000, &entries), Thresholds::default());
        let those = &findings.assessments[300..314];
        assert!(those.iter().all(|a| a.own_text && a.likelihood == Some(Likelihood::Individual)), "{note}");
        assert_eq!(findings.groups[0].left_out.len(), 14, "{note}");
    }
}

#[test]
fn a_habit_of_one_user_makes_nobody_elses_note_a_common_one() {
    let note = "see consultation".to_owned();
    let mut entries = on("31-Oct-2022", "KHAN, Kay (Ms)", 300);
    entries.extend(vec![("31-Oct-2022".to_owned(), "KHAN, Kay (Ms)", note.clone()); 3]);
    for month in ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep"] {
        entries.push((format!("14-{month}-2024"), "ZOE, Zara (Mrs)", note.clone()));
    }
    let findings = find(&practice(3_000, &entries), Thresholds::default());
    assert!(findings.assessments[300..303].iter().all(|a| a.own_text));
}

#[test]
fn people_whose_office_sounds_like_a_transfer_have_decided() {
    for user in ["GREEN, Ann (Sister, Transfer of Care)", "Migration Health Nurse", "TRANSFER, Joe (Dr)"] {
        let findings = find(&practice(1_000, &on("14-Mar-2024", user, 1)), Thresholds::default());
        assert_eq!(likelihoods(&findings), [Likelihood::Individual], "{user}");
    }
    let findings = find(&practice(1_000, &on("14-Mar-2024", "GP2GP, Import", 1)), Thresholds::default());
    assert_eq!(likelihoods(&findings), [Likelihood::Inherited]);
}

#[test]
fn a_login_that_every_practice_has_is_not_the_same_person() {
    let line = |n: u64, registered: &str, user: &str| {
        let digits = crate_number(n).digits();
        format!("{digits},01-Jan-1980,{registered},Enhanced review indicated,31-Oct-2022,,{user}\n")
    };
    for (user, looks) in [("Practice User", Likelihood::Inherited), ("\"KHAN, Kay (Ms)\"", Likelihood::AlmostCertain)] {
        let bulk = (0..300).map(|n| line(n, "01-Jan-2015", user)).collect::<Vec<_>>().concat();
        let later = (300..305).map(|n| line(n, "01-Mar-2024", user)).collect::<Vec<_>>().concat();
        let header = "NHS Number,Date of Birth,Date of Registration,Code Term,Date,Associated Text,Full Name\n";
        let findings = find(&cohort_of(format!("{header}{bulk}{later}").into_bytes()), Thresholds::default());
        assert!(likelihoods(&findings)[300..].iter().all(|l| *l == looks), "{user}");
    }
}

#[test]
fn what_somebody_else_decided_days_before_still_stands() {
    let line = |n: u64, date: &str, user: &str| {
        let digits = crate_number(n).digits();
        format!("{digits},01-Jan-1980,01-Jan-2015,Enhanced review indicated,{date},,\"{user}\"\n")
    };
    let bulk = (0..300).map(|n| line(n, "31-Oct-2022", "KHAN, Kay (Ms)")).collect::<Vec<_>>().concat();
    let before = line(7, "25-Oct-2022", "SAFE, Jo (Safeguarding lead)");
    let header = "NHS Number,Date of Birth,Date of Registration,Code Term,Date,Associated Text,Full Name\n";
    let findings = find(&cohort_of(format!("{header}{bulk}{before}").into_bytes()), Thresholds::default());
    assert_eq!(findings.of(PatientId(7)).likelihood, Some(Likelihood::Individual));
    assert_eq!(findings.groups[0].left_out, [PatientId(7)]);
}

#[test]
fn reasons_count_what_they_say() {
    // Two texts on half each; the same patients coded twice; texts on fewer than half.
    let mut entries = on("31-Oct-2022", "KHAN, Kay (Ms)", 160);
    entries.extend(vec![("31-Oct-2022".to_owned(), "KHAN, Kay (Ms)", "Bulk coded".to_owned()); 140]);
    let findings = find(&practice(3_000, &entries), Thresholds::default());
    let said = |findings: &Findings, text: &str| findings.groups[0].evidence.iter().any(|e| e.text == text);
    assert!(said(&findings, "No free text on 160 of 300."), "{:?}", findings.groups[0].evidence);
    entries.truncate(60);
    for entry in &mut entries {
        entry.2 = "Per PM, bulk".to_owned();
    }
    entries.extend(vec![("31-Oct-2022".to_owned(), "KHAN, Kay (Ms)", "Bulk coded".to_owned()); 60]);
    let findings = find(&practice(3_000, &entries), Thresholds::default());
    assert!(said(&findings, "120 of 120 carry one of 2 texts."), "{:?}", findings.groups[0].evidence);
}

#[test]
fn one_entry_each_by_many_is_what_many_people_do() {
    let users: Vec<&'static str> = (0..400).map(|n| &*Box::leak(format!("USER {n}").into_boxed_str())).collect();
    let days = ["05-Feb", "12-Feb", "19-Feb", "26-Feb", "04-Mar", "11-Mar", "18-Mar", "25-Mar"];
    let entries: Vec<_> = days
        .iter()
        .enumerate()
        .flat_map(|(d, day)| {
            (0..42).flat_map(move |u| vec![(format!("{day}-2024"), (d * 42 + u) % 400, String::new())])
        })
        .map(|(day, user, text)| (day, users[user], text))
        .collect();
    let mut more = entries.clone();
    more.extend(entries.iter().map(|(day, user, text)| (day.replace("2024", "2023"), *user, text.clone())));
    more.extend(entries.iter().map(|(day, user, text)| (day.replace("2024", "2025"), *user, text.clone())));
    more.extend(entries.iter().map(|(day, user, text)| (day.replace("2024", "2026"), *user, text.clone())));
    let findings = find(&practice(20_000, &more), Thresholds::default());
    assert!(likelihoods(&findings).iter().all(|l| !l.is_bulk()));
}

/// Working days from 9 January 2023 on, as the export writes them.
fn working_days(n: usize) -> Vec<String> {
    let first = Day::from_ymd(2023, 1, 9).expect("a day");
    (0..).map(|n| first.plus(n)).filter(|day| day.is_weekday()).take(n).map(Day::table).collect()
}

#[test]
fn short_notes_that_come_again_are_each_patients_own() {
    let notes = ["DV", "declined by patient", "GP reviewed - keep 104", "see letter", "SG case", "pt request", "SMI"];
    for (note, user) in notes.into_iter().flat_map(|note| [(note, "KHAN, Kay (Ms)"), (note, "LEWIS, Sam (Dr)")]) {
        let days = working_days(40);
        let sessions = days
            .iter()
            .step_by(10)
            .zip(1..)
            .flat_map(|(day, session)| (0..20).map(move |n| (day.clone(), user, format!("{note} {session}{n}"))));
        let findings = find(&practice(2_000, &sessions.collect::<Vec<_>>()), Thresholds::default());
        assert!(likelihoods(&findings).iter().all(|l| *l == Likelihood::Individual), "{note} by {user}");
    }
    // The same words for a whole list: nobody looked at so many in a day.
    let all = vec![("31-Oct-2022".to_owned(), "KHAN, Kay (Ms)", "reviewed".to_owned()); 900];
    assert!(likelihoods(&find(&practice(1_000, &all), Thresholds::default())).iter().all(|l| l.is_bulk()));
}

#[test]
fn a_text_without_letters_is_a_text_like_any_other() {
    for text in ["104", "31/10/22", "*", "x"] {
        let all = vec![("31-Oct-2022".to_owned(), "KHAN, Kay (Ms)", text.to_owned()); 400];
        assert!(likelihoods(&find(&practice(600, &all), Thresholds::default())).iter().all(|l| l.is_bulk()), "{text}");
    }
    // Numbers that differ are each patient's own.
    let own = (0..60).map(|n| ("31-Oct-2022".to_owned(), "KHAN, Kay (Ms)", format!("07700 900{n:03}")));
    let findings = find(&practice(600, &own.collect::<Vec<_>>()), Thresholds::default());
    assert!(likelihoods(&findings).iter().all(|l| *l == Likelihood::Individual));
}

#[test]
fn patients_who_come_to_a_desk_are_no_campaign() {
    let entries: Vec<_> =
        working_days(250).iter().zip(0..).flat_map(|(day, n)| on(day, "KHAN, Kay (Ms)", 4 + n % 3)).collect();
    let findings = find(&practice(4_000, &entries), Thresholds::default());
    assert!(likelihoods(&findings).iter().all(|l| !l.is_bulk()), "{:?}", findings.groups.first().map(|g| &g.title));
}

#[test]
fn a_clinician_who_works_in_the_evenings_has_looked() {
    let entries: Vec<_> = working_days(8).iter().flat_map(|day| on(day, "LEWIS, Sam (Dr)", 6)).collect();
    let findings = find(&practice(4_000, &entries), Thresholds::default());
    assert!(likelihoods(&findings).iter().all(|l| !l.is_bulk()));
}

/// New patients, one every other day from 2021 on; each is coded a week later by the user whom
/// `by` names for it, if any.
fn newcomers(n: usize, by: impl Fn(usize) -> Option<&'static str>) -> Cohort {
    let mut text =
        "EMIS Number,NHS Number,Date of Birth,Date of Registration,Code Term,Date,Associated Text,Full Name\n"
            .to_owned();
    let mut numbers = (999_000_000_u64..).flat_map(|nine| (0..10).filter_map(move |c| NhsNumber::new(nine * 10 + c)));
    let first = Day::from_ymd(2021, 1, 4).expect("a day");
    for (index, days) in (0..n).zip((0..).step_by(2)) {
        let (number, registered) = (numbers.next().expect("enough numbers").digits(), first.plus(days));
        let coded = registered.plus(8 - days % 7).table();
        let code = by(index).map_or_else(
            || ",,,".to_owned(),
            |user| format!("Enhanced review indicated before granting access,{coded},,\"{user}\""),
        );
        text.push_str(&format!("{},{number},01-Jan-1980,{},{code}\n", 100 + index, registered.table()));
    }
    cohort_of(text.into_bytes())
}

#[test]
fn a_clinician_who_codes_a_few_new_patients_beside_the_batch_has_seen_them() {
    let by = |n: usize| Some(if n % 12 == 5 { "LEWIS, Sam (Dr)" } else { "KHAN, Kay (Ms)" }).filter(|_| n % 10 != 9);
    let cohort = newcomers(700, by);
    let findings = find(&cohort, Thresholds::default());
    for (id, patient) in cohort.iter().filter(|(_, p)| p.active_104.is_some()) {
        let by_clinician = cohort.event(patient.active_104).is_some_and(|e| cohort.word(e.user).contains("LEWIS"));
        let is_bulk = findings.of(id).likelihood.is_some_and(Likelihood::is_bulk);
        assert_eq!(is_bulk, !by_clinician, "{:?}", findings.of(id));
    }
}
