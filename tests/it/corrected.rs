//! The corrected copy, byte for byte.

use record_access_review::app::case::{Case, Origin, Settings};
use record_access_review::cohort::PatientId;
use record_access_review::extract::Progress;
use record_access_review::handover::{Additions, Content, Options, Package, outputs};
use record_access_review::review::{Against, Choice, Decision, Made, Review, Reviewer, check};

use crate::support::{case_of, today};

const T104: &str = "Enhanced review indicated before granting access to own health record (situation)";
const T106: &str = "Enhanced review not indicated before granting access to own health record (situation)";

/// Decides Add 106 for everybody who may be decided so with a reason.
pub fn decide_all(case: &Case) -> Review {
    let mut review = Review::new(case.cohort.patients.len());
    let by = Reviewer { name: "Pat, Manager".into(), role: "PM".into() };
    let ids: Vec<PatientId> = case.cohort.iter().map(|(id, _)| id).collect();
    for id in ids {
        if check(&case.cohort, &case.findings, &review, id, Choice::Add106, &by, "seen").is_ok() {
            let at = today().date().and_hms_opt(9, 0, 0).expect("a time");
            review.record(
                &[id],
                &Decision {
                    choice: Choice::Add106,
                    by: by.clone(),
                    at,
                    reason: "seen".into(),
                    made: Made::Alone,
                    despite: Against::of(&case.cohort, &case.findings, id),
                },
            );
        }
    }
    review
}

/// The corrected copy of the first file.
pub fn corrected(case: &Case, review: &Review) -> Vec<u8> {
    let additions = Additions::of(&case.cohort, Some(review), today());
    let package = Package {
        additions: &additions,
        files: &case.files,
        cohort: &case.cohort,
        findings: &case.findings,
        review: Some(review),
        refused: None,
        dated: today(),
        now: today().date().and_hms_opt(9, 0, 0).expect("a time"),
        clock: today().date().and_hms_opt(9, 0, 0).expect("a time"),
        target: None,
        options: Options::default(),
        timings: case.timings,
    };
    for file in outputs(package) {
        if let Content::Corrected(copy) = &file.content {
            let mut bytes = Vec::new();
            copy.write_to(&mut bytes).expect("written to memory");
            return bytes;
        }
    }
    panic!("no corrected copy")
}

fn copy_of(bytes: &[u8]) -> Vec<u8> {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("a.csv");
    std::fs::write(&path, bytes).expect("written");
    let case = case_of(&[path]);
    corrected(&case, &decide_all(&case))
}

#[test]
fn emis_adds_a_continuation_row_and_leaves_every_other_byte() {
    let preamble = "Report,,,,,,,\r\nLast Run,,,20/11/2026 08:41,,,,\r\n\r\nPatient Details,,,Access codes,,,,\r\n";
    let header = "NHS Number,Full Name,Date of Birth,Code Term,SNOMED Code,Date,Associated Text,Full Name\r\n";
    let first = format!(
        "999 000 0018,\"TEST,  Ann \"\"A\"\"\",01-Jan-1980,{T104},1364731000000104,31-Oct-2022,,\"ADMIN, A\"\r\n"
    );
    let more = format!(
        ",,,{T106},1364751000000106,03-Mar-2023,,\"ADMIN, A\"\r\n,,,{T104},1364731000000104,04-Mar-2023,,\"ADMIN, A\"\r\n"
    );
    let second = "9990000026,\"TEST, Bob\",02-Jan-1980,,,,,\r\n";
    let source = format!("{preamble}{header}{first}{more}{second}");
    let expected =
        format!("{preamble}{header}{first}{more},,,{T106},1364751000000106,20-Nov-2026,,\"Pat, Manager\"\r\n{second}");
    assert_eq!(String::from_utf8(copy_of(source.as_bytes())).expect("text"), expected);
}

#[test]
fn systmone_repeats_the_patient_cells_in_the_files_own_forms() {
    let header = "NHS number,Surname,First name,Date of birth,Event date,Event details,Event done by,Telecom number,Patient Count\n";
    let row = format!("9990000018,O\u{2019}Neil,Zoë,01 Jan 1980,28 Oct 2022,{T104},Admin A,07700 900000,1");
    let source = format!("{header}{row}");
    let (bytes, ..) = encoding_rs::WINDOWS_1252.encode(&source);
    let added = format!("9990000018,O\u{2019}Neil,Zoë,01 Jan 1980,20 Nov 2026,{T106},\"Pat, Manager\",07700 900000,1");
    let expected = format!("{header}{row}\n{added}");
    let (expected, ..) = encoding_rs::WINDOWS_1252.encode(&expected);
    assert_eq!(copy_of(&bytes), expected.into_owned());
}

#[test]
fn damaged_codes_are_put_right_in_the_copy() {
    let header = "NHS Number,Date of Birth,Code Term,SNOMED Code,Date\r\n";
    let source = format!(
        "{header}9990000018,01-Jan-2015,{T104},1364731000000100,31-Oct-2022\r\n9990000026,01-Jan-2015,{T104},\"1.36473E+15\",31-Oct-2022\r\n"
    );
    let expected = format!(
        "{header}9990000018,01-Jan-2015,{T104},1364731000000104,31-Oct-2022\r\n9990000026,01-Jan-2015,{T104},\"1364731000000104\",31-Oct-2022\r\n"
    );
    assert_eq!(String::from_utf8(copy_of(source.as_bytes())).expect("text"), expected);
}

#[test]
fn a_104_of_today_is_held_back_since_a_106_of_today_would_conflict() {
    let header = "NHS Number,Date of Birth,Code Term,Date\r\n";
    let source = format!("{header}9990000018,01-Jan-1980,{T104},20-Nov-2026\r\n");
    assert_eq!(copy_of(source.as_bytes()), source.as_bytes());
}

#[test]
fn utf_16_and_semicolons_come_back_as_they_were() {
    let text = format!("NHS Number;Date of Birth;Code Term;Date\r\n9990000018;01/01/1980;{T104};31/10/2022\r\n");
    let expected = format!("{text};;{T106};20/11/2026\r\n");
    let utf16 = |text: &str| {
        let mut bytes = vec![0xff, 0xfe];
        bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        bytes
    };
    assert_eq!(copy_of(&utf16(&text)), utf16(&expected));
}

#[test]
fn of_two_identifiers_the_concept_is_put_right() {
    let header = "NHS Number,Date of Birth,CTV3 Code,SNOMED Code,Date,User\n";
    let row = "9990000018,01-Jan-1980,Y2e9a,1364731000000100,31-Oct-2022,KHAN\n";
    let copy = copy_of(format!("{header}{row}").as_bytes());
    let put_right = row.replace("000100", "000104");
    let expected = format!("{header}{put_right},,,1364751000000106,20-Nov-2026,\"Pat, Manager\"\n");
    assert_eq!(String::from_utf8(copy).expect("text"), expected);
}

#[test]
fn a_column_that_is_month_first_stays_so() {
    let header = "NHS Number,Date of Birth,Code Term,Date,User\n";
    let rows = format!("9990000018,01-Jan-1980,{T104},10/31/2022,KHAN\n9990000026,01-Jan-1980,{T104},1/3/2026,KHAN\n");
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("a.csv");
    let open = |bytes: &[u8]| {
        std::fs::write(&path, bytes).expect("written");
        let settings = Settings { month_first: true, ..Settings::on(today()) };
        record_access_review::app::case::open(&Origin::exports([path.clone()]), &settings, &Progress::default())
            .expect("opens")
    };
    let case = open(format!("{header}{rows}").as_bytes());
    assert_eq!(case.cohort.counts.blocked, 2);
    let copy = corrected(&case, &decide_all(&case));
    assert!(String::from_utf8_lossy(&copy).contains(&format!("{T106},11/20/2026,")), "month first");
    assert_eq!(open(&copy).cohort.counts.cleared, 2);
}
