//! The reader on small made-up files: one form or one damage each.

use super::*;
use crate::domain::AccessCode;

const HEADER: &str = "EMIS Number,NHS Number,Full Name,Date of Birth,Age,Date of Registration,Code Term,SNOMED Code,Date,Date Added,Associated Text,Full Name";
const T104: &str = AccessCode::Review104.term();
const T106: &str = AccessCode::NoReview106.term();

fn day(y: i32, m: u32, d: u32) -> Day {
    Day::from_ymd(y, m, d).expect("a day")
}

fn try_read(text: &str) -> Result<Extract, ReadError> {
    let source = Source::new("a.csv", text.as_bytes().to_vec())?;
    read(source, ReadOptions::on(day(2026, 11, 20)), &Progress::default())
}

fn read_text(text: &str) -> Extract {
    try_read(text).unwrap_or_else(|e| panic!("{e}"))
}

fn kinds(extract: &Extract) -> Vec<(Option<u32>, ProblemKind)> {
    extract.problems.iter().filter(|p| !p.kind.is_remark()).map(|p| (p.row, p.kind)).collect()
}

#[test]
fn continuation_rows_belong_to_the_patient_above() {
    let extract = read_text(&format!(
        "{HEADER}\r\n101,999 000 0018,\"TEST, Ann (Miss)\",01-Jan-1980,46,01-Feb-2010,{T104},1364731000000104,28-Oct-2022,28-Oct-2022,,\"ADMIN, A (Mrs)\"\r\n,,,,,,{T106},1364751000000106,03-Mar-2023,03-Mar-2023,,\"ADMIN, A (Mrs)\"\r\n"
    ));
    assert_eq!(extract.people.len(), 1);
    assert_eq!(extract.entries.len(), 2);
    assert_eq!(extract.entries[1].person, 0);
    assert_eq!(extract.entries[1].code, CodeCell::Known(AccessCode::NoReview106, None));
    assert_eq!(extract.words.get(extract.entries[1].user), "ADMIN, A (Mrs)");
    assert!(extract.has_continuations);
    assert_eq!(extract.name(1), "TEST, Ann (Miss)");
    assert!(kinds(&extract).is_empty());
}

#[test]
fn ragged_rows_blank_lines_and_trailers_lose_nothing() {
    let extract = read_text(&format!(
        "{HEADER}\n101,9990000018,\"TEST, Ann\",01-Jan-1980,,,{T104},,28-Oct-2022\n\n,,,,,,,,\n102,9990000026,\"TEST, Bob\",02-Jan-1980,,,{T104},,28-Oct-2022,,,,surplus\nTotal: 2,,,\n"
    ));
    assert_eq!(extract.people.len(), 2);
    assert_eq!(extract.entries.len(), 2);
    assert_eq!(kinds(&extract), [(Some(5), ProblemKind::SurplusCells), (Some(6), ProblemKind::RowNotUnderstood)]);
}

#[test]
fn dates_that_decide_nothing_are_problems() {
    let extract = read_text(&format!(
        "{HEADER}\n1,9990000018,A,01-Jan-1980,,,{T104},,,,,\n2,9990000026,B,05/03/20,,,{T104},,31-Feb-2022,,,\n3,9990000034,C,05/03/20,6,,{T104},,28-Oct-22,,,\n"
    ));
    assert_eq!(
        kinds(&extract),
        [
            (Some(2), ProblemKind::CodeWithoutDate),
            (Some(3), ProblemKind::BirthUnclear),
            (Some(3), ProblemKind::CodeDateUnreadable),
        ]
    );
    assert_eq!(extract.entries[2].date, DateCell::Day(day(2022, 10, 28), None));
    assert_eq!(extract.people[2].born, Some(day(2020, 3, 5)));
}

#[test]
fn repeated_patient_cells_make_one_person() {
    let extract = read_text(&format!(
        "NHS number,First name,Surname,Date of birth,Event date,Event details,Event done by,Telecom number,Patient Count\n\
         9990000018,Ann,Test,01 Jan 1980,28 Oct 2022,{T104},Admin A,01,1\n9990000018,Ann,Test,01 Jan 1980,28 Oct 2022,{T104},Admin A,02,1\n\
         9990000026,Bob,Test,01 Jan 1980,28 Oct 2022,{T104} - her partner has the phone,Admin A,02,1\n"
    ));
    assert_eq!(extract.layout.system, System::SystmOne);
    assert_eq!(extract.people.len(), 2);
    assert_eq!(extract.entries.len(), 3);
    assert_eq!(extract.words.get(extract.entries[2].text), "her partner has the phone");
    assert_eq!(extract.name(1), "Test, Ann");
    assert_eq!(extract.date_form, DateForm::SpacedMonthName);
}

#[test]
fn other_codes_and_texts_may_be_signs_of_risk() {
    let extract = read_text(&format!(
        "{HEADER}\n1,9990000018,A,01-Jan-1980,,,{T104},,28-Oct-2022,,,\n,,,,,,Child protection plan,342191000000101,01-Mar-2020,,,\n2,9990000026,B,01-Jan-1980,,,{T104},,28-Oct-2022,,MARAC case,\n"
    ));
    assert_eq!(extract.markers.iter().map(|(person, _)| *person).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(extract.other_codes, 1);
}

#[test]
fn each_refusal_is_its_own_sentence() {
    let refused = |text: &str| try_read(text).map(|_| ()).unwrap_err();
    assert_eq!(refused("Dear all,\nplease see below.\n"), ReadError::NoHeader { looked_at: 60 });
    assert_eq!(refused(&format!("{HEADER}\n")), ReadError::NoPatients { row: 1 });
    assert_eq!(
        refused("Full Name,Date of Birth,Code Term,Date\nTEST,01-Jan-1980,x,01-Jan-2020\n"),
        ReadError::NoNhsNumber { row: 1 }
    );
    assert_eq!(
        refused("NHS Number,Full Name,Date of Birth\n9990000018,TEST,01-Jan-1980\n"),
        ReadError::NoCodes { row: 1 }
    );
    assert_eq!(
        refused("NHS Number,Date of Birth,SNOMED Code,Date\n9990000018,01-Jan-1980,1.36E+15,28-Oct-2022\n"),
        ReadError::OnlyDamagedCodes { cells: 1 }
    );
}

#[test]
fn an_nhs_number_column_without_its_caption_is_found_by_its_content() {
    let extract = read_text(&format!(
        "Full Name,Identifier,Date of Birth,Code Term,Date\nA,9990000018,01-Jan-1980,{T104},28-Oct-2022\nB,9990000026,01-Jan-1980,{T104},28-Oct-2022\nC,9990000034,01-Jan-1980,{T104},28-Oct-2022\n"
    ));
    assert_eq!(extract.columns.patient(PatientRole::NhsNumber), Some(1));
}

#[test]
fn reading_can_be_cancelled() {
    let row = format!("1,9990000018,A,01-Jan-1980,,,{T104},,28-Oct-2022,,,\n");
    let text = format!("{HEADER}\n{}", row.repeat(5000));
    let source = Source::new("a.csv", text.into_bytes()).expect("text");
    let progress = Progress::default();
    progress.cancel();
    let result = read(source, ReadOptions::on(day(2026, 11, 20)), &progress);
    assert_eq!(result.map(|_| ()).unwrap_err(), ReadError::Cancelled);
}
