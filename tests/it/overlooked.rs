//! What a reader could overlook because of where it stands, or of what another program made
//! of it: columns renamed, notes in columns of no name, identifiers in other forms, rows
//! without a number. As in [`crate::safety`], it is about one patient among a bulk day.

use record_access_review::app::case::{Case, Origin, Settings};
use record_access_review::domain::Status;
use record_access_review::extract::{Progress, Purpose};

use crate::safety::{BULK, H, KHAN, T104, among, bulk, taken};
use crate::support::{number, today};

pub const T103: &str = "Online access to own health record declined by patient";
pub const T106: &str = "Enhanced review not indicated before granting access to own health record";

pub fn ann() -> String {
    number(900).digits()
}

/// A row of the bulk day under this header, with these cells in place of what a caption of
/// theirs has.
pub fn row(header: &str, n: u64, cells: &[(&str, &str)]) -> String {
    let of = |caption: &str| match caption {
        "NHS Number" | "NHS number" => number(n).digits(),
        "Full Name" => format!("\"PERSON {}, A\"", char::from(b'A' + u8::try_from(n % 26).expect("small"))),
        "Surname" => format!("Person{}", "x".repeat(usize::try_from(n).expect("small") + 1)),
        "First name" => "Ann".to_owned(),
        "Date of Birth" | "Date of birth" => "01-Jan-1980".to_owned(),
        "Code Term" | "Event details" => T104.to_owned(),
        "Date" | "Event date" => "31-Oct-2022".to_owned(),
        "User" | "Event done by" => "KHAN".to_owned(),
        _ => String::new(),
    };
    let given = |caption: &str| cells.iter().find(|(name, _)| *name == caption).map(|(_, cell)| (*cell).to_owned());
    header.split(',').map(|caption| given(caption).unwrap_or_else(|| of(caption))).collect::<Vec<_>>().join(",")
}

/// Ann's row, with these cells.
pub fn anns(header: &str, cells: &[(&str, &str)]) -> String {
    row(header, 900, cells)
}

/// Nobody is swept along whose rows hold something, and all others are.
fn is_left_out(what: &str, header: &str, rows: &str) -> Case {
    let case = among(header, |n| row(header, n, &[]), rows);
    let taken = taken(&case);
    assert!(!taken.contains(&ann()), "{what}: {rows}");
    assert_eq!(taken.len(), BULK, "{what}: the others are");
    case
}

#[test]
fn a_plain_row_is_taken() {
    let h = "NHS Number,Date of Birth,Code Term,Date,Associated Text,User";
    let case = among(h, |n| row(h, n, &[]), &anns(h, &[]));
    assert_eq!(taken(&case).len(), BULK + 1);
}

#[test]
fn columns_whose_captions_were_made_different_are_read() {
    for (two, three) in [("2", "3"), (" 2", " 3"), (".1", ".1"), ("_1", "_2"), (" (2)", " (2)")] {
        let h = format!(
            "NHS Number,Date of Birth,Code Term,Date,Associated Text,User,Code Term{two},Date{three},Associated Text{three}"
        );
        let rows = [
            (T103, "05-Jan-2023", "a 103"),
            ("Domestic abuse victim", "05-Jan-2020", "a marker"),
            (T104, "05-Jan-2020", "an earlier 104"),
        ];
        for (term, date, what) in rows {
            let text = if term == T104 { "partner reads her post" } else { "" };
            let plain = anns(&h, &[]);
            let rows = format!("{},{term},{date},{text}", plain.trim_end_matches(','));
            let case = is_left_out(what, &h, &rows);
            if term == T103 {
                assert_eq!(case.cohort.counts.declined, 1, "{what}");
            }
        }
    }
}

#[test]
fn cells_of_columns_that_play_no_part_speak_too() {
    let captions = [
        "Problems",
        "Reminders",
        "Patient alerts",
        "Consultation notes",
        "Reason",
        "Problem Title",
        "Column1",
        "Unnamed: 5",
    ];
    for caption in captions {
        for text in ["Victim of domestic abuse - MARAC", "partner reads her post"] {
            let h = format!("NHS Number,Date of Birth,Code Term,Date,{caption},Associated Text,User");
            is_left_out(caption, &h, &anns(&h, &[(caption, text)]));
            // In front of the codes.
            let h = format!("NHS Number,{caption},Date of Birth,Code Term,Date,Associated Text,User");
            is_left_out(caption, &h, &anns(&h, &[(caption, text)]));
        }
    }
    // The same note on a meeting's list is about each of them, in a small file too.
    let h = "NHS Number,Date of Birth,Code Term,Date,Patient alerts,Associated Text,User";
    let rows: String = (900..912).map(|n| row(h, n, &[("Patient alerts", "see letter of solicitor")]) + "\n").collect();
    let case = among(h, |n| row(h, n, &[]), &rows);
    assert_eq!(taken(&case).len(), BULK);
    // A column without a caption that many rows fill: a marker counts all the same.
    let h = "NHS Number,Date of Birth,Code Term,Date,,Associated Text,User";
    let case = among(h, |n| row(h, n, &[("", "x")]), &anns(h, &[("", "MARAC")]));
    assert!(!taken(&case).contains(&ann()));
    assert_eq!(taken(&case).len(), BULK);
}

#[test]
fn notes_of_a_group_without_codes_speak_too() {
    let groups = "Patient Details,,Access codes,,,Notes,";
    let h = "NHS Number,Date of Birth,Code Term,Date,User,Date,Associated Text";
    let header = format!("{groups}\n{h}");
    let ann_row = format!("{},01-Jan-1980,{T104},31-Oct-2022,KHAN,01-Mar-2022,partner reads her post", ann());
    let rows = |n| format!("{},01-Jan-1980,{T104},31-Oct-2022,KHAN,,", number(n).digits());
    let case = among(&header, rows, &ann_row);
    assert!(!taken(&case).contains(&ann()));
    assert_eq!(taken(&case).len(), BULK);
}

#[test]
fn a_note_on_a_row_without_a_code_is_the_patients() {
    let plain = format!("900,{},\"ANN, A\",01-Jan-1980,01-Jan-2015,{T104},1364731000000104,{KHAN}", ann());
    for note in [
        ",,,,,,,,,partner reads her post,".to_owned(),
        format!("900,{},\"ANN, A\",01-Jan-1980,01-Jan-2015,,,01-Feb-2022,01-Feb-2022,partner reads her post,R", ann()),
    ] {
        let case = among(H, bulk, &format!("{plain}\n{note}"));
        assert!(!taken(&case).contains(&ann()), "{note}");
        assert_eq!(taken(&case).len(), BULK);
    }
}

#[test]
fn a_note_where_the_term_should_stand_is_one() {
    for term in ["partner reads her post", "see letter of solicitor"] {
        let row = format!("900,{},\"ANN, A\",01-Jan-1980,01-Jan-2015,{term},1364731000000104,{KHAN}", ann());
        let case = among(H, bulk, &row);
        assert!(!taken(&case).contains(&ann()), "{term}");
        assert_eq!(taken(&case).len(), BULK);
    }
}

#[test]
fn texts_in_front_of_their_codes_go_with_them() {
    let h = "NHS Number,Date of Birth,Associated Text,Code Term,Date,Associated Text,Code Term,Date";
    let other = |n: u64| format!("{},01-Jan-1980,,Asthma,01-Jan-2010,,{T104},31-Oct-2022", number(n).digits());
    let rows = format!("{},01-Jan-1980,,Asthma,01-Jan-2010,partner reads her post,{T104},31-Oct-2022", ann());
    let case = among(h, other, &rows);
    assert!(!taken(&case).contains(&ann()));
    assert_eq!(taken(&case).len(), BULK);
    // Two identifiers, each with a date of its own.
    let h = "NHS Number,Date of Birth,SNOMED Code,Code Term,Date,SNOMED Code,Date";
    let case = among(
        h,
        |n| format!("{},01-Jan-1980,195967001,Asthma,01-Jan-2010,1364731000000104,31-Oct-2022", number(n).digits()),
        "",
    );
    let first = case.cohort.patients.first().expect("somebody");
    let day = case.cohort.event(first.active_104).and_then(|e| e.day).expect("a day");
    assert_eq!(day.iso(), "2022-10-31");
}

#[test]
fn a_103_in_any_form_is_seen() {
    let h = "NHS Number,Date of Birth,Code Term,SNOMED Code,Date,User";
    let forms = [
        ("SCTID: 1290331000000103", ""),
        ("1290331000000103 (SNOMED)", ""),
        ("1290331000000103; 184103008", ""),
        ("1290331000000103.", ""),
        ("\"1290331000000103,59621000\"", ""),
        ("", "Online access to own medical record declined by patient"),
        ("", "Patient declined online access"),
        ("", "Declined online access to GP record"),
        ("", "Online access to own health record refused by patient"),
        ("", "Enhanced review not indicated; Online access to own health record declined by patient"),
        ("", "Enhanced review not indicated before granting access; Enhanced review indicated"),
    ];
    for (id, term) in forms {
        let more = anns(h, &[("Code Term", term), ("SNOMED Code", id), ("Date", "05-Jan-2023")]);
        let case = is_left_out("a 103", h, &format!("{}\n{more}", anns(h, &[])));
        assert_eq!(case.cohort.counts.cleared, 0, "{id}{term}");
    }
}

#[test]
fn risk_in_any_form_is_seen() {
    let h = "NHS Number,Date of Birth,Code Term,SNOMED Code,Date,User";
    let forms = [
        ("8.36881E+14", ""),
        ("1.06496E+15", ""),
        ("836881000000105.0", ""),
        ("417430008.0", ""),
        ("", "417430008"),
        ("", "child\u{a0}protection plan"),
        ("", "forced\u{a0}marriage"),
        ("", "learning  disability"),
        ("", "Looked-after child"),
        ("", "Deliberate self-harm"),
        ("", "Non molestation order"),
        ("", "Female genital mutilation"),
        ("", "Neglect of child"),
        ("", "Non-accidental injury to child"),
        ("", "Child in foster care"),
        ("", "Honour\u{2013}based violence"),
        ("", "Psychoses"),
        ("", "Mania"),
        ("", "AIDS"),
        ("", "MAPPA"),
        ("", "Safe guarding"),
    ];
    for (id, term) in forms {
        let more = anns(h, &[("Code Term", term), ("SNOMED Code", id), ("Date", "05-Jan-2020")]);
        is_left_out("a risk", h, &format!("{}\n{more}", anns(h, &[])));
    }
}

#[test]
fn what_stands_beside_a_damaged_number_is_of_the_namesake() {
    let h = "NHS number,First name,Surname,Date of birth,Event details,Event date,Event done by";
    let plain = anns(h, &[]);
    for number in ["9.99E+09", "", "9990000019"] {
        let more = anns(h, &[("NHS number", number), ("Event details", T103), ("Event date", "05-Jan-2023")]);
        is_left_out(number, h, &format!("{plain}\n{more}"));
        // Somebody else of another birth date does not matter.
        let other = more.replace("01-Jan-1980", "02-Feb-1981");
        let case = among(h, |n| row(h, n, &[]), &format!("{plain}\n{other}"));
        assert!(taken(&case).contains(&ann()));
    }
}

#[test]
fn a_register_may_know_somebody_by_name_and_birth_date() {
    let dir = tempfile::tempdir().expect("a folder");
    let (export, register) = (dir.path().join("a.csv"), dir.path().join("r.csv"));
    let h = "NHS Number,Full Name,Date of Birth,Code Term,Date,User";
    let others: String = (0..BULK as u64).map(|n| row(h, n, &[]) + "\n").collect();
    let ann_row = anns(h, &[("Full Name", "\"TEST, Ann\""), ("Date of Birth", "02-Feb-1981")]);
    std::fs::write(&export, format!("{h}\n{others}{ann_row}\n")).expect("written");
    std::fs::write(&register, "NHS Number,Full Name,Date of Birth\n9.99E+09,\"Test, Ann (Mrs)\",02/02/1981\n")
        .expect("written");
    let origin = Origin::exports([export]).with([register], Purpose::Safeguarding);
    let case =
        record_access_review::app::case::open(&origin, &Settings::on(today()), &Progress::default()).expect("opens");
    assert!(!taken(&case).contains(&ann()));
    assert_eq!(taken(&case).len(), BULK);
}

fn refused(text: &str) -> String {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("a.csv");
    std::fs::write(&path, text).expect("written");
    let opened =
        record_access_review::app::case::open(&Origin::exports([path]), &Settings::on(today()), &Progress::default());
    opened.map(|_| ()).expect_err("refused").to_string()
}

#[test]
fn another_header_among_the_rows_is_refused() {
    let first = "EMIS Number,NHS Number,Full Name,Date of Birth,Code Term,Date,Associated Text,User";
    let rows: String = (0..30).map(|n| row(first, n, &[]) + "\n").collect();
    for second in [
        "EMIS Number,NHS Number,Full Name,Date of Birth,Date,Code Term,Associated Text,User",
        "NHS Number,EMIS Number,Full Name,Date of Birth,Code Term,Date,Associated Text,User",
    ] {
        let more = row(second, 900, &[("Code Term", T103), ("Date", "05-Jan-2023")]);
        let said = refused(&format!("{first}\n{rows}{second}\n{more}\n"));
        assert!(said.contains("Row 32 is another header"), "{said}");
    }
    // Its own header, in other letters, is none.
    let case = among(first, |n| row(first, n, &[]), &format!("{}\n{}", first.to_uppercase(), anns(first, &[])));
    assert_eq!(case.cohort.counts.patients, BULK + 1);
}

#[test]
fn an_export_that_was_sorted_by_its_codes_is_refused() {
    let continuation = |term: &str, date: &str| format!(",,,,,{term},,{date},{date},,R\n");
    let people: String = (0..40).map(|n| bulk(n) + "\n").collect();
    let cleared: String =
        (50..54).map(|n| bulk(n).replace(T104, T106).replace("1364731000000104", "") + "\n").collect();
    let declined: String =
        (60..66).map(|n| bulk(n).replace(T104, T103).replace("1364731000000104", "") + "\n").collect();
    let own = continuation(T103, "31-Oct-2022");
    let some_106 = continuation(T106, "31-Oct-2022").repeat(10);
    let said = refused(&format!("{H}\n{people}{cleared}{some_106}{declined}{own}"));
    assert!(said.contains("sorted by its codes"), "{said}");
}

#[test]
fn dates_turned_month_first_are_not_believed() {
    let h = "NHS Number,Date of Birth,Code Term,Date,User";
    for [births, child] in [["01-13-1980", "12-01-2010"], ["01.13.1980", "12.01.2010"], ["1/13/80", "12/01/2010"]] {
        let case = among(h, |n| row(h, n, &[("Date of Birth", births)]), &anns(h, &[("Date of Birth", child)]));
        assert!(!taken(&case).contains(&ann()), "{child}");
    }
    // One that can only be day first makes no other believable.
    let birth = |n: u64| if n == 0 { "13/01/1980" } else { "01/13/1980" };
    let case = among(h, |n| row(h, n, &[("Date of Birth", birth(n))]), &anns(h, &[("Date of Birth", "12/01/2010")]));
    assert!(!taken(&case).contains(&ann()));
    // A typing error makes no other unbelievable.
    let birth = |n: u64| if n == 0 { "01/13/1980" } else { "13/01/1980" };
    let case = among(h, |n| row(h, n, &[("Date of Birth", birth(n))]), &anns(h, &[("Date of Birth", "12/01/1980")]));
    assert!(taken(&case).contains(&ann()));
    // What one column says of the file is so of a column that does not say.
    let dates = |n: u64| if n == 0 { "3/20/2022" } else { "10/31/2022" };
    let h = "NHS Number,Date of Birth,Code Term,Date,User,Code Term,Date";
    let rows = format!("{},01-Jan-1980,{T104},3/20/2023,KHAN,{T106},1/5/2023", ann());
    let bulk = |n: u64| format!("{},01-Jan-1980,{T104},{},KHAN,,", number(n).digits(), dates(n));
    let case = among(h, bulk, &rows);
    assert!(!taken(&case).contains(&ann()));
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("a.csv");
    let all: String = (0..BULK as u64).map(|n| bulk(n) + "\n").collect();
    std::fs::write(&path, format!("{h}\n{all}{rows}\n")).expect("written");
    let settings = Settings { month_first: true, ..Settings::on(today()) };
    let case = record_access_review::app::case::open(&Origin::exports([path]), &settings, &Progress::default())
        .expect("opens");
    let patient = case.cohort.patients.last().expect("somebody");
    assert_eq!(patient.status, Status::Blocked, "the 106 is of 5 January");
}

#[test]
fn registrations_and_deaths_in_other_words() {
    let h = "NHS Number,Date of Birth,Patient Status,Date of Death,Deceased,Code Term,Date,User";
    for (caption, cell) in [
        ("Patient Status", "Not currently registered"),
        ("Patient Status", "Previously registered"),
        ("Patient Status", "Non-GMS"),
        ("Deceased", "Y"),
    ] {
        let regular = |n| row(h, n, &[("Patient Status", "Regular")]);
        let mut cells = vec![("Patient Status", "Regular")];
        cells.retain(|(name, _)| *name != caption);
        cells.push((caption, cell));
        let case = among(h, regular, &anns(h, &cells));
        assert_eq!(case.cohort.counts.not_eligible, 1, "{cell}");
        assert_eq!(taken(&case).len(), BULK, "{cell}");
    }
}

#[test]
fn a_second_column_says_that_somebody_has_left() {
    let h = "NHS Number,Date of Birth,Date of Deduction,Deducted,Code Term,Date,User";
    let case = among(h, |n| row(h, n, &[("Deducted", "N")]), &anns(h, &[("Deducted", "Yes")]));
    assert!(!taken(&case).contains(&ann()));
    assert_eq!(taken(&case).len(), BULK);
}

#[test]
fn a_group_of_columns_that_speaks_of_safeguarding_marks_whoever_stands_in_it() {
    let h = "NHS Number,Date of Birth,Code Term,Date,User,Code Term,Date,Associated Text";
    let header = format!("Patient Details,,Access codes,,,Safeguarding review,,\n{h}");
    let line = |n: u64, more: &str| format!("{},01-Jan-1980,{T104},31-Oct-2022,KHAN,{more}", number(n).digits());
    let case = among(&header, |n| line(n, ",,"), &line(900, "Case discussion,01-Feb-2023,agreed"));
    assert!(!taken(&case).contains(&ann()));
    assert_eq!(taken(&case).len(), BULK);
}
