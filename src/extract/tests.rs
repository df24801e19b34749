//! The reader on small made-up files: one form or one damage each.

use super::*;
use crate::domain::AccessCode;
use crate::domain::{DateForm, Day};

const HEADER: &str = "EMIS Number,NHS Number,Full Name,Date of Birth,Age,Date of Registration,Code Term,SNOMED Code,Date,Date Added,Associated Text,Full Name";
const T104: &str = AccessCode::Review104.term();
const T106: &str = AccessCode::NoReview106.term();

fn day(y: i32, m: u32, d: u32) -> Day {
    Day::from_ymd(y, m, d).expect("a day")
}

fn try_read(text: &str) -> Result<Extract, ReadError> {
    let source = Source::new("a.csv", text.as_bytes().to_vec())?;
    read(source, &ReadOptions::on(day(2026, 11, 20)), &Progress::default())
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
    assert_eq!(extract.records.people.len(), 1);
    assert_eq!(extract.records.entries.len(), 2);
    assert_eq!(extract.records.entries[1].person, 0);
    assert_eq!(extract.records.entries[1].code, CodeCell::Known(AccessCode::NoReview106, None));
    assert_eq!(extract.words.get(extract.records.entries[1].user), "ADMIN, A (Mrs)");
    assert!(extract.has_continuations);
    assert_eq!(extract.name(1), "TEST, Ann (Miss)");
    assert!(kinds(&extract).is_empty());
}

#[test]
fn ragged_rows_blank_lines_and_trailers_lose_nothing() {
    let extract = read_text(&format!(
        "{HEADER}\n101,9990000018,\"TEST, Ann\",01-Jan-1980,,,{T104},,28-Oct-2022\n\n,,,,,,,,\n102,9990000026,\"TEST, Bob\",02-Jan-1980,,,{T104},,28-Oct-2022,,,,surplus\nTotal: 2,,,\n"
    ));
    assert_eq!(extract.records.people.len(), 2);
    assert_eq!(extract.records.entries.len(), 2);
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
    assert_eq!(extract.records.entries[2].date, DateCell::Day(day(2022, 10, 28), None));
    assert_eq!(extract.records.people[2].born, Some(day(2020, 3, 5)));
}

#[test]
fn repeated_patient_cells_make_one_person() {
    let extract = read_text(&format!(
        "NHS number,First name,Surname,Date of birth,Event date,Event details,Event done by,Telecom number,Patient Count\n\
         9990000018,Ann,Test,01 Jan 1980,28 Oct 2022,{T104},Admin A,01,1\n9990000018,Ann,Test,01 Jan 1980,28 Oct 2022,{T104},Admin A,02,1\n\
         9990000026,Bob,Test,01 Jan 1980,28 Oct 2022,{T104} - her partner has the phone,Admin A,02,1\n"
    ));
    assert_eq!(extract.layout.system, System::SystmOne);
    assert_eq!(extract.records.people.len(), 2);
    assert_eq!(extract.records.entries.len(), 3);
    assert_eq!(extract.words.get(extract.records.entries[2].text), "her partner has the phone");
    assert_eq!(extract.name(1), "Test, Ann");
    assert_eq!(extract.date_form, DateForm::SpacedMonthName);
}

#[test]
fn other_codes_and_texts_may_be_signs_of_risk() {
    let extract = read_text(&format!(
        "{HEADER}\n1,9990000018,A,01-Jan-1980,,,{T104},,28-Oct-2022,,,\n,,,,,,Child protection plan,342191000000101,01-Mar-2020,,,\n2,9990000026,B,01-Jan-1980,,,{T104},,28-Oct-2022,,MARAC case,\n"
    ));
    assert_eq!(extract.records.signs.markers.iter().map(|sign| sign.person).collect::<Vec<_>>(), [0, 1]);
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
    let result = read(source, &ReadOptions::on(day(2026, 11, 20)), &progress);
    assert_eq!(result.map(|_| ()).unwrap_err(), ReadError::Cancelled);
}

mod in_parts {
    //! Reading in small parts on several threads says what reading in one go says.

    use proptest::prelude::*;

    use super::*;
    use crate::domain::NhsNumber;

    /// One go, and parts of a kilobyte on three threads.
    fn both(bytes: &[u8]) -> [Result<Extract, ReadError>; 2] {
        let cuttings =
            [Cutting { block: 1 << 40, beyond: 1, threads: 1 }, Cutting { block: 1024, beyond: 64, threads: 3 }];
        cuttings.map(|cutting| {
            let source = Source::new("a.csv", bytes.to_vec())?;
            read(source, &ReadOptions { cutting, ..ReadOptions::on(day(2026, 11, 20)) }, &Progress::default())
        })
    }

    fn agree(bytes: &[u8]) {
        match both(bytes) {
            [Ok(one), Ok(parts)] => {
                // Not the records themselves: a failure would print all of them.
                assert_eq!(one.rows.len(), parts.rows.len());
                let at = one.records.people.iter().zip(parts.records.people.iter()).position(|(a, b)| a != b);
                assert_eq!(at, None, "the first person that differs");
                let at = one.records.entries.iter().zip(parts.records.entries.iter()).position(|(a, b)| a != b);
                assert_eq!(at, None, "the first entry that differs");
                let lengths = |e: &Extract| (e.records.people.len(), e.records.entries.len());
                assert_eq!(lengths(&one), lengths(&parts));
                assert_eq!(one.records.signs.doubts, parts.records.signs.doubts);
                assert_eq!(one.records.signs.markers, parts.records.signs.markers);
                assert_eq!(one.problems, parts.problems);
                assert_eq!(one.repairs, parts.repairs);
                assert_eq!(one.source.hash(), blake3::hash(bytes));
                assert_eq!(parts.source.hash(), blake3::hash(bytes));
                assert_eq!(one.source.encoding(), parts.source.encoding());
                assert_eq!(
                    (one.date_form, one.data_rows, one.other_codes),
                    (parts.date_form, parts.data_rows, parts.other_codes)
                );
                assert_eq!(
                    (one.has_continuations, one.repeats_patients),
                    (parts.has_continuations, parts.repeats_patients)
                );
                for row in 0..one.rows.len() {
                    let (a, b) = (one.row(row), parts.row(row));
                    assert_eq!((a.fields().record(), a.next()), (b.fields().record(), b.next()), "row {row}");
                }
                for entry in one.records.entries.iter() {
                    assert_eq!(one.words.get(entry.text), parts.words.get(entry.text));
                    assert_eq!(one.words.get(entry.user), parts.words.get(entry.user));
                }
                for person in 0..one.records.people.len() {
                    assert_eq!(one.systems.get(person), parts.systems.get(person));
                }
            }
            [Err(one), Err(parts)] => assert_eq!(one, parts),
            [one, parts] => panic!("{:?} {:?}", one.map(|_| ()), parts.map(|_| ())),
        }
    }

    fn number(n: u64) -> String {
        let number = (0..10).find_map(|c| NhsNumber::new((999_400_000 + n) * 10 + c));
        number.map_or_else(|| number_of(n + 1_000), NhsNumber::digits)
    }

    fn number_of(n: u64) -> String {
        number(n)
    }

    /// A row of a made-up export, by kind.
    fn row(kind: u8, n: u64, text: &str) -> String {
        let nhs = number(n % 40);
        let (t104, t106) = (T104, T106);
        match kind {
            0..=5 => format!(
                "{n},{nhs},\"TEST {n}, Ann\",01-Jan-1980,46,01-Feb-2010,{t104},1364731000000104,28-Oct-2022,28-Oct-2022,{text},\"ADMIN, A\"\r\n"
            ),
            6 | 7 => format!(",,,,,,{t106},1364751000000106,03-Mar-2023,,{text},\"ADMIN, B\"\r\n"),
            8 => format!("{n},{nhs},Bob,05/03/20,6,,{t104},1364731000000100,11/12/2022,,{text},B\r\n"),
            9 => format!("{n},not a number,Cy,01-Jan-1980,46,,{t104},,31-Feb-2022,,{text},B\r\n"),
            10 => "\r\n".to_owned(),
            11 => format!("Total: {n},,\r\n"),
            12 => format!("{HEADER}\r\n"),
            13 => format!("{n},{nhs},\"Dee,01-Jan-1980,46,,{t104},,28-Oct-2022,,{text},B\r\n"),
            14 => format!("{n},{nhs},Dee,01-Jan-1980,46,,{t104},,28-Oct-2022,,{text},B,surplus\r\n"),
            _ => format!(",,,,,,Some other code,12345,,,{text},\r\n"),
        }
    }

    fn texts() -> impl Strategy<Value = String> {
        prop_oneof![
            Just(String::new()),
            Just("\"a note,\r\nwith \"\"lines\"\"\n9,9990000018,x\r\n\"".to_owned()),
            Just("Zoë – £20".to_owned()),
            Just("5\" pipe".to_owned()),
            Just("\"never closed".to_owned()),
            "[a-z]{0,200}".prop_map(|t| t),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn as_in_one_go(rows in proptest::collection::vec((0_u8..17, 0_u64..60, texts()), 1..150)) {
            let body: String = rows.iter().map(|(kind, n, text)| row(*kind, *n, text)).collect();
            agree(format!("{HEADER}\r\n{}{body}", row(0, 1, "")).as_bytes());
        }

        #[test]
        fn as_in_one_go_where_the_patient_cells_repeat(rows in proptest::collection::vec((0_u64..30, 1_usize..5, texts()), 1..80)) {
            let line = |n: u64, text: &str| format!("{},Ann,Test {n},01 Jan 1980,28 Oct 2022,{T104},{text},Admin A,1\n", number(n));
            let body: String = rows.iter().map(|(n, times, text)| line(*n, text).repeat(*times)).collect();
            agree(format!("NHS number,First name,Surname,Date of birth,Event date,Event details,Notes,Event done by,Patient Count\n{body}").as_bytes());
        }

        #[test]
        fn any_bytes_below_a_header(bytes in proptest::collection::vec(any::<u8>(), 0..4000)) {
            let mut text = format!("{HEADER}\r\n{}", row(0, 1, "")).into_bytes();
            text.extend(bytes.iter().filter(|b| **b != 0));
            agree(&text);
        }
    }

    #[test]
    fn one_patient_with_every_row() {
        let more = row(6, 0, "").repeat(400);
        agree(format!("{HEADER}\r\n{}{more}{}{more}", row(0, 1, ""), row(0, 2, "")).as_bytes());
    }
}
