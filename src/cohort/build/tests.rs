use super::*;
use crate::cohort::EventState;
use crate::extract::{Progress, ReadOptions, Source, read};

fn cohort(text: &str) -> Cohort {
    let today = Day::from_ymd(2026, 11, 20).expect("a day");
    let source = Source::new("a.csv", text.as_bytes().to_vec()).expect("text");
    let extract = read(source, &ReadOptions::on(today), &Progress::default()).expect("an export");
    build(&mut [extract], today)
}

#[test]
fn a_practice_of_no_letters_is_none() {
    let rows: String = ["", "-", ""]
        .map(|practice| format!("1,,\"TEST, Ann\",01-Jan-1980,{practice},Enhanced review indicated,28-Oct-2022\n"))
        .concat();
    let other = "2,9990000026,\"TEST, Bob\",01-Jan-1980,Elm,Enhanced review indicated,28-Oct-2022\n";
    let cohort =
        cohort(&format!("EMIS Number,NHS Number,Full Name,Date of Birth,Organisation,Code Term,Date\n{rows}{other}"));
    assert_eq!(cohort.counts.patients, 2);
    assert!(cohort.practices.is_empty());
}

mod alone {
    //! Whether rows are looked up or taken for people at once makes no difference.

    use proptest::prelude::*;

    use super::*;

    /// A row out of few numbers, names and practices, so that they are often the same.
    fn row() -> impl Strategy<Value = String> {
        let number = prop::sample::select(vec!["", "9990000018", "9990000026", "9990000034", "999", "9990000042"]);
        let system = prop::sample::select(vec!["", "1", "2", "3", "0", "01", "A-1"]);
        let name = prop::sample::select(vec!["\"TEST, Ann\"", "\"TEST, Bob\"", ""]);
        let born = prop::sample::select(vec!["01-Jan-1980", "02-Feb-1990"]);
        let practice = prop::sample::select(vec!["", "-", "Elm", "Oak", "elm"]);
        let code = prop::sample::select(vec!["Enhanced review indicated", "Enhanced review not indicated", ""]);
        (system, number, name, born, practice, code).prop_map(|(system, number, name, born, practice, code)| {
            format!("{system},{number},{name},{born},{practice},{code},28-Oct-2022\n")
        })
    }

    fn joined(files: &[Vec<String>], some_are_alone: bool) -> Option<String> {
        let today = Day::from_ymd(2026, 11, 20)?;
        let mut extracts = Vec::new();
        for rows in files {
            let head = "EMIS Number,NHS Number,Full Name,Date of Birth,Organisation,Code Term,Date\n";
            let text = format!("{head}{}", rows.concat());
            let source = Source::new("a.csv", text.into_bytes()).ok()?;
            extracts.push(read(source, &ReadOptions::on(today), &Progress::default()).ok()?);
        }
        let cohort = join_rows(&mut extracts, today, some_are_alone);
        let Cohort { patients, events, problems, practice, practices, counts, .. } = cohort;
        let numbers: Vec<Option<String>> =
            patients.iter().map(|p| p.usable_number().map(crate::domain::NhsNumber::digits)).collect();
        Some(format!("{numbers:?}{patients:?}{events:?}{problems:?}{practice:?}{practices:?}{counts:?}"))
    }

    proptest! {
        #[test]
        fn makes_no_difference(files in prop::collection::vec(prop::collection::vec(row(), 1..12), 1..4)) {
            prop_assert_eq!(joined(&files, true), joined(&files, false));
        }
    }
}

const HEADER: &str = "EMIS Number,NHS Number,Full Name,Date of Birth,Code Term,Date,Full Name\n";

#[test]
fn a_patient_who_comes_twice_is_one() {
    let cohort = cohort(&format!(
        "{HEADER}1,9990000018,\"TEST, Ann (Miss)\",01-Jan-1980,Enhanced review indicated,28-Oct-2022,A\n\
         2,9990000026,\"TEST, Bob\",01-Jan-1980,Enhanced review indicated,28-Oct-2022,A\n\
         1,9990000018,\"Test, Ann\",01-Jan-1980,Enhanced review not indicated,28-Oct-2023,A\n"
    ));
    assert_eq!(cohort.counts.patients, 2);
    assert_eq!((cohort.counts.cleared, cohort.counts.blocked), (1, 1));
}

#[test]
fn one_number_on_two_people_blocks_both() {
    let cohort = cohort(&format!(
        "{HEADER}1,9990000018,\"TEST, Ann\",01-Jan-1980,Enhanced review indicated,28-Oct-2022,A\n\
         2,9990000018,\"TEST, Ann\",02-Jan-1981,Enhanced review indicated,28-Oct-2022,A\n\
         2,9990000018,\"TEST, Ann\",02-Jan-1981,Enhanced review not indicated,28-Oct-2023,A\n"
    ));
    assert_eq!(cohort.counts.patients, 2);
    assert!(cohort.patients.iter().all(|p| p.nhs_twice && p.usable_number().is_none()));
    assert_eq!((cohort.counts.cleared, cohort.counts.blocked), (1, 1));
    assert_eq!(cohort.problems.iter().filter(|(_, p)| p.kind == ProblemKind::NhsTwice).count(), 2);
}

#[test]
fn repeated_rows_count_once_and_future_ones_not_at_all() {
    let cohort = cohort(&format!(
        "{HEADER}1,9990000018,A,01-Jan-1980,Enhanced review indicated,28-Oct-2022,A\n\
         1,9990000018,A,01-Jan-1980,Enhanced review indicated,28-Oct-2022,A\n\
         1,9990000018,A,01-Jan-1980,Enhanced review not indicated,28-Oct-2027,A\n"
    ));
    let states: Vec<EventState> = cohort.events.iter().map(|e| e.state).collect();
    assert_eq!(states, [EventState::Counts, EventState::Repeated, EventState::Future]);
    assert_eq!(cohort.patients[0].status, Status::Blocked);
    assert!(cohort.patients[0].has_unclear_code);
}
