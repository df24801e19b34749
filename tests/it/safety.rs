//! Who must not be swept along: one patient each, among forty of a bulk day, with
//! something in the file that a reader could miss. Nobody of them may be given a
//! 106 together with others.

use record_access_review::app::case::Case;
use record_access_review::cohort::PatientId;
use record_access_review::review::{Blocker, Choice, Refusal, Review, Reviewer, check, plan_group};

use crate::support::{case_of, number};

pub const H: &str = "EMIS Number,NHS Number,Full Name,Date of Birth,Date of Registration,Code Term,SNOMED Code,Date,Date Added,Associated Text,User Details' Full Name";
pub const T103: &str = "Online access to own health record declined by patient (situation)";
pub const T104: &str = "Enhanced review indicated before granting access to own health record (situation)";
pub const KHAN: &str = "31-Oct-2022,31-Oct-2022,,\"KHAN, Kay (Ms)\"";

pub fn open(text: &str) -> Case {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("a.csv");
    std::fs::write(&path, text).expect("written");
    case_of(&[path])
}

/// How many are coded on the bulk day: more than anybody's own list, whatever a file leaves
/// out.
pub const BULK: usize = 200;

/// All of the bulk day, then these rows, under this header.
pub fn among(header: &str, bulk: impl Fn(u64) -> String, rows: &str) -> Case {
    let bulk: String = (0..BULK as u64).map(|n| bulk(n) + "\n").collect();
    open(&format!("{header}\n{bulk}{rows}\n"))
}

pub fn bulk(n: u64) -> String {
    let digits = number(n).digits();
    format!("{n},{digits},\"PERSON {n}, A\",01-Jan-1980,01-Jan-2015,{T104},1364731000000104,{KHAN}")
}

/// The NHS numbers that a decision for everybody would take.
pub fn taken(case: &Case) -> Vec<String> {
    let everybody: Vec<PatientId> = case.cohort.iter().map(|(id, _)| id).collect();
    let review = Review::new(everybody.len());
    let plan = plan_group(&case.cohort, &case.findings, &review, &everybody);
    plan.taken(Choice::Add106)
        .filter_map(|id| case.cohort.patient(id)?.usable_number())
        .map(record_access_review::domain::NhsNumber::digits)
        .collect()
}

#[test]
fn all_of_the_bulk_day_are_taken() {
    assert_eq!(taken(&among(H, bulk, "")).len(), BULK);
    let ann = number(900).digits();
    let case = among(H, bulk, &format!("900,{ann},\"ANN, A\",01-Jan-1980,01-Jan-2015,{T104},1364731000000104,{KHAN}"));
    assert!(taken(&case).contains(&ann), "nothing speaks against this one");
}

#[test]
fn whoever_has_something_of_their_own_is_not_swept_along() {
    let ann = number(900).digits();
    let who = format!("900,{ann},\"ANN, A\",01-Jan-1980,01-Jan-2015");
    let plain = format!("{who},{T104},1364731000000104,{KHAN}");
    let more = ",,,,";
    let cases: Vec<(&str, String)> = vec![
        (
            "a note",
            format!("{who},{T104},1364731000000104,31-Oct-2022,31-Oct-2022,partner reads her post,\"KHAN, Kay (Ms)\""),
        ),
        (
            "a note on an earlier 104",
            format!(
                "{who},{T104},,01-Mar-2022,01-Mar-2022,partner reads her post,\"LEWIS, Sam (Dr)\"\n{more},{T104},,{KHAN}"
            ),
        ),
        (
            "a note on a 104 of the same day",
            format!(
                "{who},{T104},,31-Oct-2022,31-Oct-2022,partner reads her post,\"LEWIS, Sam (Dr)\"\n{more},{T104},,{KHAN}"
            ),
        ),
        (
            "a clinician's earlier 104",
            format!("{who},{T104},,01-Mar-2022,01-Mar-2022,,\"LEWIS, Sam (Dr)\"\n{more},{T104},,{KHAN}"),
        ),
        ("a note behind a short term", format!("{who},Enhanced review indicated - domestic abuse,,{KHAN}")),
        (
            "a note behind a cut term",
            format!("{who},Enhanced review indicated before granting access - husband reads phone,,{KHAN}"),
        ),
        ("a note before the term", format!("{who},Domestic abuse: Enhanced review indicated,,{KHAN}")),
        ("a 103", format!("{plain}\n{more},{T103},1290331000000103,01-Jan-2023,01-Jan-2023,,Reception")),
        (
            "a 103 cut short",
            format!("{plain}\n{more},Online access to own health record decl,,01-Jan-2023,01-Jan-2023,,Reception"),
        ),
        (
            "a 103 cut shorter",
            format!("{plain}\n{more},Online access to your own health rec,,01-Jan-2023,01-Jan-2023,,Reception"),
        ),
        (
            "a 103 in other words",
            format!("{plain}\n{more},Declined access to own health record online,,01-Jan-2023,01-Jan-2023,,Reception"),
        ),
        ("a 103 twice damaged", format!("{plain}\n{more},,1290330000000000,01-Jan-2023,01-Jan-2023,,Reception")),
        (
            "a 103 written out",
            format!("{plain}\n{more},,1290331000000103 |Online access…|,01-Jan-2023,01-Jan-2023,,Reception"),
        ),
        (
            "a 103 whose identifier is in the cell of the term",
            format!("{plain}\n{more},1290331000000103,,01-Jan-2023,01-Jan-2023,,Reception"),
        ),
        ("a row in two lines", format!("{who},{T104},1364731000000104,31-Oct-2022,31-Oct-2022\nsee notes,KHAN")),
        ("a 103 without a date", format!("{plain}\n{more},{T103},,,,,Reception")),
        (
            "a 106 of the same day",
            format!("{plain}\n{more},Enhanced review not indicated,,31-Oct-2022,31-Oct-2022,,Reception"),
        ),
        ("an identifier that disagrees", format!("{who},{T104},1364751000000106,{KHAN}")),
        ("a rounded 106 with the term of a 104", format!("{who},{T104},1364751000000110,{KHAN}")),
        (
            "a safeguarding code",
            format!("{plain}\n{more},Child protection plan,342191000000101,01-Jan-2020,01-Jan-2020,,Dr X"),
        ),
        ("dementia", format!("{plain}\n{more},Alzheimer's disease,26929004,01-Jan-2020,01-Jan-2020,,Dr X")),
        ("a child", format!("900,{ann},\"ANN, A\",01-Jan-2015,01-Jan-2016,{T104},,{KHAN}")),
        ("an unclear birth date", format!("900,{ann},\"ANN, A\",31-Feb-1980,01-Jan-2015,{T104},,{KHAN}")),
        ("shifted cells", format!("900,{ann},ANN, A,01-Jan-1980,01-Jan-2015,{T104},1364731000000104,{KHAN}")),
        (
            "a row that was not understood, and then a 103",
            format!("{plain}\nline two,\"X, Y\"\n{more},{T103},,01-Jan-2023,01-Jan-2023,,R"),
        ),
        (
            "the 103 on a row without the number",
            format!("{plain}\n900,,\"ANN, A\",01-Jan-1980,01-Jan-2015,{T103},,01-Jan-2023,01-Jan-2023,,R"),
        ),
        (
            "the 103 on a row with a damaged number",
            format!("{plain}\n900,9.99E+09,\"ANN, A\",01-Jan-1980,01-Jan-2015,{T103},,01-Jan-2023,01-Jan-2023,,R"),
        ),
        (
            "one system number with two NHS numbers",
            format!(
                "{plain}\n900,{},\"ANN, A\",01-Jan-1980,01-Jan-2015,{T103},,01-Jan-2023,01-Jan-2023,,R",
                number(901).digits()
            ),
        ),
        (
            "one NHS number on two people",
            format!("{plain}\n901,{ann},\"BOB, B\",01-Jan-1981,01-Jan-2015,{T103},,01-Jan-2023,01-Jan-2023,,R"),
        ),
        ("a new registration", format!("900,{ann},\"ANN, A\",01-Jan-1980,01-Jan-2027,{T104},,{KHAN}")),
    ];
    for (what, rows) in cases {
        let case = among(H, bulk, &rows);
        assert!(!taken(&case).contains(&ann), "{what}");
        assert!(taken(&case).len() >= 39, "{what}: the others are");
    }
}

/// Each rule on a patient with nothing else against them: left out of a decision
/// together, and asked for a reason alone.
#[test]
fn each_blocker_by_itself_asks_for_a_reason() {
    let h = format!("Registration Status,{H}");
    let ann = number(900).digits();
    let row = |status: &str, number: &str, born: &str, text: &str| {
        format!(
            "{status},900,{number},\"ANN, A\",{born},01-Jan-2015,{T104},1364731000000104,31-Oct-2022,31-Oct-2022,{text},\"KHAN, Kay (Ms)\""
        )
    };
    let plain = row("GMS", &ann, "01-Jan-1980", "");
    let more = |entry: &str| format!("{plain}\n,,,,,,{entry},,R");
    let twice = format!("{plain}\nGMS,901,{ann},\"BOB, B\",02-Feb-1982,01-Jan-2015,,,,,,");
    let cases = [
        (Blocker::Declined, more(&format!("{T103},,01-Jan-2023,01-Jan-2023"))),
        (Blocker::SameDayConflict, more("Enhanced review not indicated,,31-Oct-2022,31-Oct-2022")),
        (Blocker::Marker, more("Child protection plan,342191000000101,01-Jan-2020,01-Jan-2020")),
        (Blocker::OwnText, row("GMS", &ann, "01-Jan-1980", "rang about this")),
        (Blocker::InvalidNumber, row("GMS", "9990000019", "01-Jan-1980", "")),
        (Blocker::NumberTwice, twice),
        (Blocker::Unclear, more(&format!("{T104},,,"))),
        (Blocker::UnclearBirth, row("GMS", &ann, "31-Feb-1980", "")),
        (Blocker::UnclearRegistration, row("Xyzzy", &ann, "01-Jan-1980", "")),
    ];
    assert_eq!(cases.len(), Blocker::ALL.len(), "every blocker has its case");
    let somebody = Reviewer { name: "Pat".to_owned(), role: String::new() };
    for (blocker, rows) in cases {
        let case = among(&h, |n| format!("GMS,{}", bulk(n)), &rows);
        let id = PatientId(u32::try_from(BULK).expect("small"));
        let decide =
            |reason| check(&case.cohort, &case.findings, &Review::default(), id, Choice::Keep104, &somebody, reason);
        let Err(Refusal::NeedsReason(found)) = decide("") else { panic!("{blocker:?}: decided without a reason") };
        assert_eq!(found.iter().collect::<Vec<_>>(), [blocker]);
        assert_eq!(decide("seen"), Ok(()), "{blocker:?}");
        let together = plan_group(&case.cohort, &case.findings, &Review::new(case.cohort.patients.len()), &[id]);
        assert_eq!(together.blocked, [(blocker, vec![id])]);
        assert_eq!(together.most(), 0);
    }
}

#[test]
fn other_columns_speak_too() {
    let ann = number(900).digits();
    let cases: Vec<(&str, &str, String)> = vec![
        (
            "a second free text",
            "NHS Number,Date of Birth,Code Term,Date,Associated Text,Comments,User",
            format!("{ann},01-Jan-1980,{T104},31-Oct-2022,,partner reads her post,KHAN"),
        ),
        (
            "a column that names a risk",
            "NHS Number,Date of Birth,Code Term,Date,Associated Text,Safeguarding concern,User",
            format!("{ann},01-Jan-1980,{T104},31-Oct-2022,,Y,KHAN"),
        ),
        (
            "a column without a caption",
            "NHS Number,Date of Birth,Code Term,Date,Associated Text,,User",
            format!("{ann},01-Jan-1980,{T104},31-Oct-2022,,partner reads her post,KHAN"),
        ),
        (
            "a note in the one column of codes",
            "NHS Number,Date of Birth,Code,Date,Full Name,User",
            format!(
                "{ann},01-Jan-1980,Enhanced review indicated before granting access - ex-partner has phone,31-Oct-2022,,KHAN"
            ),
        ),
        (
            "a risk in the one column of codes",
            "NHS Number,Date of Birth,Code,Date,Full Name,User",
            format!("{ann},01-Jan-1980,{T104},31-Oct-2022,,KHAN\n{ann},01-Jan-1980,Domestic abuse,31-Oct-2022,,KHAN"),
        ),
        (
            "a 103 in the second of two columns of codes",
            "NHS Number,Date of Birth,Local Code,SNOMED Code,Code Term,Date,User",
            format!(
                "{ann},01-Jan-1980,,,{T104},31-Oct-2022,KHAN\n{ann},01-Jan-1980,Y1,1290331000000103,,05-Jan-2023,KHAN"
            ),
        ),
        (
            "unregistered",
            "NHS Number,Date of Birth,Code Term,Date,Associated Text,Registration Status,User",
            format!("{ann},01-Jan-1980,{T104},31-Oct-2022,,No longer registered,KHAN"),
        ),
        (
            "a status nobody knows",
            "NHS Number,Date of Birth,Code Term,Date,Associated Text,Registration Status,User",
            format!("{ann},01-Jan-1980,{T104},31-Oct-2022,,Xyzzy,KHAN"),
        ),
        (
            "a registration column of another name",
            "NHS Number,Date of Birth,Current registration status,Full Name,Code Term,Date,User",
            format!("{ann},01-Jan-1980,Temporary,\"ANN, A\",{T104},31-Oct-2022,KHAN"),
        ),
        (
            "deceased in a column of another name",
            "NHS Number,Date of Birth,Is deceased,Full Name,Code Term,Date,User",
            format!("{ann},01-Jan-1980,Y,\"ANN, A\",{T104},31-Oct-2022,KHAN"),
        ),
        (
            "not registered by a yes or no",
            "NHS Number,Date of Birth,Registered,Full Name,Code Term,Date,User",
            format!("{ann},01-Jan-1980,No,\"ANN, A\",{T104},31-Oct-2022,KHAN"),
        ),
        (
            "deceased in the second of two columns",
            "NHS Number,Date of Birth,Patient Type,Patient Status,Code Term,Date,User",
            format!("{ann},01-Jan-1980,Regular,Deceased,{T104},31-Oct-2022,KHAN"),
        ),
        (
            "a date of leaving that cannot be read",
            "NHS Number,Date of Birth,Date of Deduction,Full Name,Code Term,Date,User",
            format!("{ann},01-Jan-1980,Yes,\"ANN, A\",{T104},31-Oct-2022,KHAN"),
        ),
        (
            "a child by age",
            "NHS Number,Age,Gender,Full Name,Code Term,Date,User",
            format!("{ann},9,F,\"ANN, A\",{T104},31-Oct-2022,KHAN"),
        ),
        (
            "no birth date and no age",
            "NHS Number,Gender,Full Name,Code Term,Date,User",
            format!("{ann},F,\"ANN, A\",{T104},31-Oct-2022,KHAN"),
        ),
        (
            "a child by a month-first birth date",
            "NHS Number,Date of Birth,Code Term,Date,User",
            format!("{},01/21/1980,,,\n{ann},12/01/2010,{T104},31-Oct-2022,KHAN", number(950).digits()),
        ),
    ];
    for (what, header, rows) in cases {
        let columns: Vec<&str> = header.split(',').collect();
        let bulk = |n: u64| {
            let cell = |c: &&str| match *c {
                "NHS Number" => number(n).digits(),
                "Date of Birth" => "01-Jan-1980".to_owned(),
                "Age" => "46".to_owned(),
                "Code Term" | "Code" => T104.to_owned(),
                "Date" => "31-Oct-2022".to_owned(),
                "User" => "KHAN".to_owned(),
                "Full Name" => format!("PERSON {}", "x".repeat(usize::try_from(n).expect("small") + 1)),
                "Registration Status" | "Patient Type" => "GMS".to_owned(),
                _ => String::new(),
            };
            columns.iter().map(cell).collect::<Vec<_>>().join(",")
        };
        let case = among(header, bulk, &rows);
        assert!(!taken(&case).contains(&ann), "{what}");
        if what != "no birth date and no age" {
            assert_eq!(taken(&case).len(), BULK, "{what}: the others are");
        }
    }
}

#[test]
fn systmone_rows_without_a_number_are_nobody_elses() {
    let header = "NHS number,Date of birth,Event date,Event details,Event done by";
    let ann = number(900).digits();
    let case = open(&format!(
        "{header}\n{ann},01 Jan 1980,31 Oct 2022,{T104},KHAN\n,,05 Jan 2023,Enhanced review not indicated,KHAN\n"
    ));
    assert_eq!(case.cohort.counts.patients, 2);
    assert_eq!(case.cohort.counts.blocked, 1, "the 106 belongs to somebody else");
}

#[test]
fn ordinary_files_raise_no_alarm() {
    let header = "Main Carer,Has capacity,Safeguarding flag,Deceased,Date Left";
    let cells = "Daughter,Yes,None recorded,Alive,-";
    let h = format!("{header},{H}");
    let case = among(&h, |n| format!("{cells},{}", bulk(n)), "");
    assert_eq!(taken(&case).len(), BULK);
    // Ages counted some years ago, and two-digit years.
    let h = H.replace("Date of Registration", "Age");
    let case = among(&h, |n| bulk(n).replace("01-Jan-1980,01-Jan-2015", "01-Jan-50,73"), "");
    assert_eq!(taken(&case).len(), BULK);
    // The term with a local code behind it.
    let case = among(H, |n| bulk(n).replace("(situation)", "(XaZZZ)"), "");
    assert_eq!(taken(&case).len(), BULK);
    // One patient with many codes of other kinds.
    let other = "\n,,,,,Asthma,195967001,01-Jan-2020,01-Jan-2020,,R".repeat(8);
    let case = among(H, bulk, &format!("{}{other}", bulk(260)));
    assert_eq!(taken(&case).len(), BULK + 1);
}

#[test]
fn an_export_that_was_sorted_is_refused() {
    use record_access_review::app::case::{Origin, Settings, open};
    use record_access_review::extract::Progress;
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("a.csv");
    let people: String = (0..40).map(|n| bulk(n) + "\n").collect();
    let rows = format!(",,,,,{T103},,01-Jan-2023,01-Jan-2023,,R\n").repeat(12);
    std::fs::write(&path, format!("{H}\n{people}{rows}")).expect("written");
    let settings = Settings::on(crate::support::today());
    let refused = open(&Origin::exports([path]), &settings, &Progress::default()).map(|_| ()).expect_err("refused");
    assert!(refused.to_string().contains("sorted in a spreadsheet"), "{refused}");
}
