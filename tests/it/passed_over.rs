//! What the reader passed over because of where it stood: names and codes under captions of
//! other things, rows that say little of whose they are, risks in columns with a meaning of
//! their own, registers that speak of themselves. As in [`crate::safety`], about one patient
//! among a bulk day.

use record_access_review::app::case::{Case, Origin, Settings, open};
use record_access_review::domain::Status;
use record_access_review::extract::{Mapping, ProblemKind, Progress, Purpose};

use crate::overlooked::{T103, T106, ann, anns, row};
use crate::safety::{BULK, T104, among, taken};
use crate::support::{case_beside, case_of, number, status, today, written};

/// Nobody is swept along whose rows hold something, and all others are.
fn is_held(what: &str, case: &Case) {
    let taken = taken(case);
    assert!(!taken.contains(&ann()), "{what}");
    assert_eq!(taken.len(), BULK, "{what}: the others are");
}

fn bulk_and(header: &str, rows: &str) -> Case {
    among(header, |n| row(header, n, &[]), rows)
}

#[test]
fn a_user_beside_the_birth_date_is_no_patient() {
    for h in [
        "EMIS Number,NHS Number,Family Name,Given Name,Date of Birth,Code Term,Full Name,Date,Associated Text",
        "EMIS Number,NHS Number,Date of Birth,Code Term,Full Name,Date,Associated Text",
    ] {
        let cells = [("Family Name", "ANN"), ("Given Name", "A"), ("Full Name", "\"KHAN, K (Ms)\"")];
        let blank: Vec<(&str, &str)> = ["NHS Number", "Date of Birth"].map(|c| (c, "")).to_vec();
        let declined = [("Code Term", T103), ("Full Name", "\"REC, R (Mrs)\""), ("Date", "05-Jan-2023")];
        let own = anns(h, &cells);
        let second = anns(h, &[blank.as_slice(), &declined].concat());
        let case = bulk_and(h, &format!("{own}\n{second}"));
        assert_eq!(status(&case, 900), Some(Status::Declined), "{h}");
        assert_eq!(case.cohort.patients.len(), BULK + 1, "{h}: no user is a patient");
        is_held(h, &case);
    }
}

#[test]
fn a_row_that_says_little_of_its_patient_may_be_of_the_one_above() {
    let h = "EMIS Number,NHS Number,Full Name,Date of Birth,Date of Registration,Code Term,Date,Associated Text,User";
    let own = [("EMIS Number", "900"), ("Full Name", "\"ANN, A\""), ("Date of Birth", "07-Jul-1977")];
    let identity =
        [("Full Name", "\"ANN, A\""), ("Date of Birth", "07-Jul-1977"), ("Date of Registration", "01-Jan-2015")];
    let says = [
        vec![("Code Term", T103), ("Date", "05-Jan-2023")],
        vec![("Code Term", "Child protection plan"), ("Date", "05-Jan-2020")],
    ];
    for number in ["", "9.99E+09"] {
        for filled in 0_usize..8 {
            for said in &says {
                let cell = |at: usize| if filled >> at & 1 == 1 { identity[at].1 } else { "" };
                let who: Vec<(&str, &str)> =
                    [("NHS Number", number)].into_iter().chain((0..3).map(|at| (identity[at].0, cell(at)))).collect();
                let second = anns(h, &[who.as_slice(), said].concat());
                let case = bulk_and(h, &format!("{}\n{second}", anns(h, &own)));
                is_held(&format!("number “{number}”, of three cells {filled:03b}, {}", said[0].1), &case);
            }
        }
    }
    // A family name is all there is of a name.
    let h = "NHS number,Surname,Date of birth,Event details,Event date,Event done by";
    let second =
        anns(h, &[("NHS number", ""), ("Surname", "Ann"), ("Event details", T103), ("Event date", "05-Jan-2023")]);
    let others = row(h, 901, &[("Surname", "Zed"), ("Date of birth", "02-Jan-1980")]);
    let case = bulk_and(h, &format!("{}\n{others}\n{second}", anns(h, &[("Surname", "Ann")])));
    assert!(!taken(&case).contains(&ann()) && taken(&case).len() == BULK + 1);
    // Another family's row without a number doubts nobody.
    let second = second.replace(",Ann,", ",Other,").replace("01-Jan-1980", "03-Mar-1933");
    let case = bulk_and(h, &format!("{}\n{others}\n{second}", anns(h, &[("Surname", "Ann")])));
    assert_eq!(taken(&case).len(), BULK + 2);
}

#[test]
fn a_103_in_any_column_counts() {
    for caption in ["103 code", "Local Code", "Declined", "103 Term", "Online access code", "Latest consent"] {
        for cell in ["1290331000000103", T103, "1.29033E+15", "1290331000000100"] {
            let h = format!("NHS Number,Date of Birth,Code Term,Date,{caption},Associated Text,User");
            let some: String = (900..905).map(|n| row(&h, n, &[(caption, cell)]) + "\n").collect();
            assert_eq!(taken(&bulk_and(&h, &some)).len(), BULK, "{caption}: {cell}");
        }
    }
    // The row's own code once more, or what somebody means to add, is nothing new.
    for (caption, cell) in [("Preferred name", T104), ("To add", "1364751000000106"), ("Search", "Online access 2022")]
    {
        let h = format!("NHS Number,Date of Birth,Code Term,Date,{caption},Associated Text,User");
        let case = among(&h, |n| row(&h, n, &[(caption, cell)]), &anns(&h, &[]));
        assert_eq!(taken(&case).len(), BULK + 1, "{caption}");
    }
}

#[test]
fn a_risk_counts_in_columns_that_have_a_meaning() {
    let h = "NHS number,Surname,First name,Date of birth,Registration status,Online account status,Access level,Event details,Event date,Event done by";
    for (caption, cell) in [
        ("Surname", "Smith (SAFEGUARDING)"),
        ("Surname", "SAFEGUARDING Smith"),
        ("Surname", "Smith (VIOLENT)"),
        ("Surname", "Smith (Refuge)"),
        ("First name", "Ann (DV victim)"),
        ("Access level", "Full - safeguarding: ask Dr A"),
        ("Online account status", "Live - domestic abuse"),
        ("Registration status", "GMS - safeguarding"),
    ] {
        is_held(cell, &bulk_and(h, &anns(h, &[(caption, cell)])));
    }
    let names = ["Stalker", "Masham", "Abushakra", "Childs", "Violet", "Excell", "Davies"];
    let rows: String = (900..907).zip(names).map(|(n, name)| row(h, n, &[("Surname", name)]) + "\n").collect();
    assert_eq!(taken(&bulk_and(h, &rows)).len(), BULK + 7);
    for caption in ["Child Protection Registration Status", "Vulnerable adult registration status"] {
        let h = format!("NHS Number,{caption},Date of Birth,Code Term,Date,Associated Text,User");
        is_held(caption, &bulk_and(&h, &anns(&h, &[(caption, "Registered")])));
    }
}

#[test]
fn what_stands_on_a_row_of_nobody_is_about_the_patient_above() {
    let h = "NHS Number,Full Name,Date of Birth,Code Term,Date,User,Associated Text";
    let next = row(h, 901, &[]);
    for text in ["", "Bulk coded"] {
        let own = anns(h, &[("Full Name", "\"ANN, A\""), ("Associated Text", text)]);
        for rest in ["Domestic abuse: partner reads her post", "partner reads her post"] {
            let case = bulk_and(h, &format!("{own}\n{rest}\n{next}"));
            assert!(!taken(&case).contains(&ann()), "{rest}");
            assert_eq!(taken(&case).len(), BULK + 1);
        }
    }
    let h = "EMIS Number,NHS Number,Full Name,Date of Birth,Code Term,Date,Associated Text,User";
    let note = format!("900,,,,,01-Feb-2022,partner reads her post,R\n{}", row(h, 901, &[("EMIS Number", "901")]));
    let case = bulk_and(h, &format!("{}\n{note}", anns(h, &[("EMIS Number", "900")])));
    assert!(!taken(&case).contains(&ann()));
    // What stands below the last patient is a trailer.
    let case = bulk_and(h, &format!("{}\nEnd of this report", anns(h, &[("EMIS Number", "900")])));
    assert_eq!(taken(&case).len(), BULK + 1);
}

#[test]
fn groups_are_known_by_their_captions() {
    let head =
        "EMIS Number,NHS Number,Date of Birth,Postcode,Town,Street,House,County,Country,Email,Code Term,Date,User";
    let cells =
        |n: u64, more: &str| format!("{n},{},01-Jan-1980,,,,,,,,{T104},31-Oct-2022,KHAN,{more}", number(n).digits());
    let groups = "Patient Details,,,Patient Address,,,,,,,Access codes,,,Safeguarding review,,";
    let h = format!("{groups}\n{head},Type,Date,Outcome");
    is_held(
        "two groups of the patient",
        &among(&h, |n| cells(n, ",,"), &cells(900, "Case discussion,01-Feb-2023,agreed")),
    );
    let groups = "Patient Details,,,,,,,,,,Access codes,,,Safeguarding (no online access)";
    let h = format!("{groups}\n{head},Flagged");
    is_held("a group of risk", &among(&h, |n| cells(n, ""), &cells(900, "Yes")));
}

/// A bulk day, and a list beside it.
fn beside(list: &str, purpose: Purpose, own: &str) -> Case {
    let h = "EMIS Number,NHS Number,Full Name,Date of Birth,Date of Registration,Code Term,Date,Associated Text,User";
    let cells = |n: u64| row(h, n, &[("EMIS Number", &n.to_string()), ("Date of Registration", "01-Jan-2015")]) + "\n";
    let bulk: String = (0..BULK as u64).map(cells).collect();
    case_beside(&format!("{h}\n{bulk}{own}\n"), list, purpose)
}

#[test]
fn a_register_speaks_of_itself_and_of_people_however_they_are_spelled() {
    let own = format!("900,{},\"ANN, A\",01-Jan-1980,01-Jan-2015,{T104},31-Oct-2022,,KHAN", ann());
    for list in [
        "EMIS Number,Full Name\n900,\"ANN, Alice\"\n".to_owned(),
        format!("NHS Number,Status\n{},Removed from plan\n", ann()),
        format!("NHS Number,Status\n{},Archived\n", ann()),
        format!("NHS Number,Date of registration\n{},01-Mar-2024\n", ann()),
    ] {
        let case = beside(&list, Purpose::Safeguarding, &own);
        is_held(&list, &case);
        assert_eq!((case.cohort.counts.eligible, status(&case, 900)), (BULK + 1, Some(Status::Blocked)), "{list}");
    }
}

#[test]
fn notes_of_a_patient_belong_to_no_other_code() {
    let h = "NHS Number,Date of Birth,Notes,Code Term,Date,Code Term,Date,User";
    let cells = |n: u64, note: &str| {
        format!("{},01-Jan-1980,{note},Asthma,01-Jan-2020,{T104},31-Oct-2022,KHAN", number(n).digits())
    };
    is_held("in front of all", &among(h, |n| cells(n, ""), &cells(900, "partner reads her post")));
    let groups = "Patient Details,,Access codes,,,Reviews,";
    let h = format!("{groups}\nNHS Number,Date of Birth,Code Term,Date,User,Date,Notes");
    let cells =
        |n: u64, note: &str| format!("{},01-Jan-1980,{T104},31-Oct-2022,KHAN,01-Feb-2022,{note}", number(n).digits());
    let note = |n: u64| if n.is_multiple_of(3) { format!("blood pressure {n} over 80") } else { String::new() };
    let case = among(&h, |n| cells(n, &note(n)), &cells(900, "partner reads her post"));
    assert!(!taken(&case).contains(&ann()), "a third of the rows have notes, each its own");
}

#[test]
fn what_the_user_says_of_columns_is_obeyed_and_loses_nothing() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("export.csv");
    let opened = |text: String, says: &[&str]| {
        std::fs::write(&path, text).expect("written");
        let mapping = says.iter().map(|said| Mapping::read(said).expect("a mapping")).collect();
        let settings = Settings { mapping, ..Settings::on(today()) };
        open(&Origin::exports([path.clone()]), &settings, &Progress::default()).unwrap_or_else(|e| panic!("{e}"))
    };
    let text = |h: &str, all: &dyn Fn(u64) -> String, own: &str| {
        let bulk: String = (0..BULK as u64).map(|n| all(n) + "\n").collect();
        format!("{h}\n{bulk}{own}\n")
    };
    let h = "NHS Number,Date of Birth,Code Term,Local Term,Date,Associated Text,User";
    let all = |n| row(h, n, &[("Local Term", T104), ("Code Term", "")]);
    for said in ["Domestic abuse", T103] {
        let own = anns(h, &[("Local Term", T104), ("Code Term", said)]);
        is_held(said, &opened(text(h, &all, &own), &["Code term=Local Term"]));
    }
    let h = "NHS Number,Date of Birth,Registration Status,Patient Type,Code Term,Date,Associated Text,User";
    let all = |n| row(h, n, &[("Registration Status", "GMS"), ("Patient Type", "Xyzzy")]);
    let case = opened(text(h, &all, ""), &["not used=Patient Type"]);
    assert_eq!(taken(&case).len(), BULK);
    let h = "NHS Number,Date of Birth,Registration Status,Reg2,Code Term,Date,Associated Text,User";
    let all = |n| row(h, n, &[("Registration Status", "GMS"), ("Reg2", "GMS")]);
    let own = anns(h, &[("Registration Status", "Deceased"), ("Reg2", "GMS")]);
    let case = opened(text(h, &all, &own), &["Registration status=Reg2"]);
    assert_eq!(status(&case, 900), Some(Status::NotEligible));
    // Said of the second group of codes, it is of that one.
    let h = "NHS Number,Date of Birth,Code Term,Date,Code Term,When,User";
    let all = |n: u64| format!("{},01-Jan-1980,Asthma,01-Jan-2020,{T104},31-Oct-2022,KHAN", number(n).digits());
    let case = opened(text(h, &all, ""), &["Date of the code=#6"]);
    assert_eq!(case.cohort.counts.blocked, BULK);
}

#[test]
fn a_registration_with_a_short_year_to_come_is_not_of_a_hundred_years_ago() {
    let h = "NHS Number,Date of Birth,Date of Registration,Code Term,Date,Associated Text,User";
    let case = among(
        h,
        |n| row(h, n, &[("Date of Registration", "01-Jan-15")]),
        &anns(h, &[("Date of Registration", "01-Jan-27")]),
    );
    is_held("01-Jan-27", &case);
}

#[test]
fn a_second_term_is_of_the_same_entry() {
    for h in [
        "NHS Number,Date of Birth,Code Term,SNOMED Code,Preferred Term,Date,User",
        "NHS Number,Date of Birth,Code Term,Date,User,Description",
    ] {
        let second = h.split(',').find(|c| ["Preferred Term", "Description"].contains(c)).expect("one of them");
        let case = among(h, |n| row(h, n, &[(second, "Record access")]), &anns(h, &[]));
        assert_eq!(taken(&case).len(), BULK + 1, "{h}");
        is_held(h, &among(h, |n| row(h, n, &[(second, "Record access")]), &anns(h, &[(second, T103)])));
    }
}

#[test]
fn facts_of_a_patient_count_on_whichever_row_they_stand() {
    let h = "EMIS Number,NHS Number,Date of Birth,Online account status,Access level,Deceased,Patient status,Code Term,Date,Associated Text,User";
    let all = |n: u64| row(h, n, &[("EMIS Number", &n.to_string())]);
    let anns = |cells: &[(&str, &str)]| anns(h, &[&[("EMIS Number", "900")], cells].concat());
    let (inactive, live) = (
        [("Online account status", "Inactive"), ("Access level", "None")],
        [("Online account status", "Live"), ("Access level", "Full")],
    );
    for rows in [[&inactive, &live], [&live, &inactive]] {
        let case = among(h, all, &format!("{}\n{}", anns(rows[0]), anns(rows[1])));
        let own = case.cohort.patients.iter().find(|p| p.usable_number() == Some(number(900))).expect("Ann");
        assert_eq!((case.cohort.word(own.account), case.cohort.word(own.access)), ("Live", "Full"));
    }
    for later in [("Deceased", "Y"), ("Patient status", "Deducted")] {
        let case = among(h, all, &format!("{}\n{}", anns(&[]), anns(&[later])));
        assert_eq!(status(&case, 900), Some(Status::NotEligible), "{later:?}");
    }
}

#[test]
fn more_groups_of_codes_than_can_be_told_apart_lose_no_103() {
    let groups = 258;
    let h = format!("NHS Number,Date of Birth{}", ",Code Term,Date".repeat(groups));
    let cells = |n: u64, last: &str| {
        let blank = ",,".repeat(groups - 2);
        format!("{},01-Jan-1980,{T104},31-Oct-2022{blank},{last}", number(n).digits())
    };
    let case = among(&h, |n| cells(n, ","), &cells(900, &format!("{T103},05-Jan-2023")));
    assert!(!taken(&case).contains(&ann()));
}

#[test]
fn comments_on_cells_are_said_not_to_be_read() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, caption) in (0..).zip(["NHS Number", "Date of Birth", "Code Term", "Date"]) {
        sheet.write_string(0, column, caption).expect("written");
    }
    for (column, cell) in (0..).zip([number(1).digits().as_str(), "01-Jan-1980", T104, "31-Oct-2022"]) {
        sheet.write_string(1, column, cell).expect("written");
    }
    let plain = book.save_to_buffer().expect("saved");
    let note = rust_xlsxwriter::Note::new("Domestic abuse: do not open");
    book.worksheet_from_index(0).expect("a sheet").insert_note(1, 0, &note).expect("a note");
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("export.xlsx");
    for (bytes, is_said) in [(plain, false), (book.save_to_buffer().expect("saved"), true)] {
        std::fs::write(&path, bytes).expect("written");
        let case = case_of(std::slice::from_ref(&path));
        assert_eq!(case.warnings().iter().any(|(kind, _)| *kind == ProblemKind::CommentsNotRead), is_said);
    }
}

/// The bulk day with numbers of the system, Ann among them, and a list beside it.
fn with_register(list: &str, purpose: Purpose) -> Case {
    let own = format!("900,{},\"IRWIN, Hope\",08-Jan-1957,01-Jan-2015,{T104},31-Oct-2022,,KHAN", ann());
    beside(list, purpose, &own)
}

#[test]
fn a_register_means_whom_its_number_means_however_they_are_called_now() {
    for name in
        ["IRWIN, Hope Mary", "IRWIN, H", "Mrs H Irwin", "JONES, Hope", "JONES (was IRWIN), Hope", "JONES-IRWIN, Hope"]
    {
        let list = format!("EMIS Number,Full Name,Concern\n900,\"{name}\",Domestic abuse\n");
        is_held(name, &with_register(&list, Purpose::Safeguarding));
    }
}

#[test]
fn a_note_that_says_no_is_a_note() {
    let h = "NHS Number,Date of Birth,Code Term,Date,Associated Text,User";
    for text in ["Not eligible", "Not on register", "None allocated", "Not flagged", "Awaiting patient decision"] {
        is_held(text, &bulk_and(h, &anns(h, &[("Associated Text", text)])));
    }
    let twelve: String =
        (900..912).map(|n| row(h, n, &[("Associated Text", "Awaiting response from patient")]) + "\n").collect();
    assert_eq!(taken(&bulk_and(h, &twelve)).len(), BULK);
}

#[test]
fn risks_are_seen_under_captions_that_only_sound_like_names() {
    for (caption, cell) in [
        ("Known conditions", "Dementia"),
        ("Known to", "CMHT"),
        ("Home situation", "Lives with controlling husband"),
        ("Home circumstances", "DV"),
        ("Brought by", "controlling husband"),
        ("Occupation", "trafficked"),
        ("Full Name", "\"SMITH, Ann DV\""),
    ] {
        let h = format!("NHS Number,Full Name,Date of Birth,{caption},Code Term,Date,User");
        let h = if caption == "Full Name" {
            "NHS Number,Full Name,Date of Birth,Code Term,Date,User".to_owned()
        } else {
            h
        };
        is_held(caption, &bulk_and(&h, &anns(&h, &[(caption, cell)])));
    }
}

#[test]
fn who_registered_twice_has_two_numbers_of_the_system() {
    let own = |n: u64, nhs: &str, code: &str| {
        format!("{n},{nhs},\"IRWIN, Hope (Mr)\",08-Jan-1957,01-Jan-2015,{code},05-Mar-2024,,LEE")
    };
    for code in [T103, "Victim of domestic abuse"] {
        let bulk = format!("900,{},\"IRWIN, Hope (Mr)\",08-Jan-1957,01-Jan-2015,{T104},31-Oct-2022,,KHAN", ann());
        let between =
            format!("901,{},\"OTHER, One\",01-Jan-1980,01-Jan-2015,{T104},31-Oct-2022,,KHAN", number(901).digits());
        let h =
            "EMIS Number,NHS Number,Full Name,Date of Birth,Date of Registration,Code Term,Date,Associated Text,User";
        let cells = |n: u64| row(h, n, &[("EMIS Number", &n.to_string())]);
        let case = among(h, cells, &format!("{bulk}\n{between}\n{}", own(9007, "", code)));
        assert!(!taken(&case).contains(&ann()), "{code}");
        assert_eq!(taken(&case).len(), BULK + 1, "{code}");
    }
}

#[test]
fn what_two_say_of_somebody_is_no_category() {
    let h = "NHS Number,Date of Birth,Patient alerts,Code Term,Date,User";
    for (text, of) in
        [("Do not tell husband anything", 2), ("Partner listens in on calls", 12), ("Prefers the back door", 2)]
    {
        let cells = |n: u64| row(h, n, &[("Patient alerts", if n.is_multiple_of(2) { "Flu vaccine due" } else { "" })]);
        let rows: String = (900..900 + of).map(|n| row(h, n, &[("Patient alerts", text)]) + "\n").collect();
        assert_eq!(taken(&among(h, cells, &rows)).len(), BULK, "{text}");
    }
}

#[test]
fn an_answer_that_goes_on_is_no_denial() {
    for (caption, cell) in [
        ("Safeguarding - safe to share?", "No - at risk"),
        ("Vulnerable adult - consent to share?", "\"No, known risk\""),
        ("Safeguarding", "No - known DV"),
        ("Safeguarding", "No current risk: DV"),
        ("Safeguarding", "#REF!"),
        ("Safeguarding", "#VALUE!"),
        ("At risk", "Not known - on the register"),
    ] {
        let h = format!("NHS Number,Date of Birth,{caption},Code Term,Date,User");
        let case = among(&h, |n| row(&h, n, &[(caption, "No")]), &anns(&h, &[(caption, cell)]));
        is_held(cell, &case);
    }
}

#[test]
fn a_104_without_a_time_is_not_the_one_with_a_time() {
    let h = "NHS Number,Date of Birth,Code Term,Date,User";
    let rows = [(T104, "31-Oct-2022 09:00", "KHAN"), (T106, "31-Oct-2022 09:30", "LEE"), (T104, "31-Oct-2022", "")];
    let own: String =
        rows.map(|(term, date, user)| anns(h, &[("Code Term", term), ("Date", date), ("User", user)])).join("\n");
    assert_eq!(status(&bulk_and(h, &own), 900), Some(Status::SameDayConflict));
}

#[test]
fn a_latest_104_of_somebody_cleared_is_in_doubt() {
    let h = "EMIS Number,NHS Number,Full Name,Date of Birth,Code Term,Date,User,Latest access code";
    let own = format!(
        "900,{},\"ANN, A\",01-Jan-1980,{T104},31-Oct-2022,KHAN,\n,,,,{T106},05-Mar-2023,LEE,1364731000000104",
        ann()
    );
    let case = bulk_and(h, &own);
    let patient = case.cohort.patients.iter().find(|p| p.usable_number() == Some(number(900))).expect("Ann");
    assert!(patient.status == Status::Cleared && patient.has_unclear_code);
}

#[test]
fn a_group_of_risk_is_one_wherever_the_codes_are() {
    let list = format!(
        "Patient Details,,,,Safeguarding,\nEMIS Number,NHS Number,Full Name,Date of Birth,Date,Value\n900,{},\"IRWIN, Hope\",08-Jan-1957,05-Mar-2021,\n",
        ann()
    );
    let bulk: String = (0..BULK as u64)
        .map(|n| {
            format!(
                "{n},{},\"PERSON {}, A\",01-Jan-1980,,\n",
                number(n).digits(),
                char::from(b'A' + u8::try_from(n % 26).expect("small"))
            )
        })
        .collect();
    let case = with_register(&format!("{list}{bulk}"), Purpose::Registered);
    assert!(!taken(&case).contains(&ann()));
    let groups = "Patients and access codes,,,,,,,Safeguarding,";
    let h = format!("{groups}\nEMIS Number,NHS Number,Full Name,Date of Birth,Code Term,Date,User,Date,Value");
    let cells = |n: u64| format!("{n},{},\"PERSON {n}, A\",01-Jan-1980,{T104},31-Oct-2022,KHAN,,", number(n).digits());
    let case = among(&h, cells, &cells(900).replace("KHAN,,", "KHAN,05-Mar-2021,"));
    is_held("beside both", &case);
    let groups = "Patients - online access,,,,Access codes,,";
    let h = format!("{groups}\nNHS Number,Full Name,Date of Birth,Registration Status,Code Term,Date,User");
    let cells = |n: u64, status: &str| {
        format!("{},\"PERSON {n}, A\",01-Jan-1980,{status},{T104},31-Oct-2022,KHAN", number(n).digits())
    };
    let case = among(&h, |n| cells(n, "Registered"), &cells(900, "Deducted"));
    assert_eq!(status(&case, 900), Some(Status::NotEligible));
}

#[test]
fn the_name_beside_the_number_is_the_patients() {
    let h = "Code Term,Date,Associated Text,Full Name,NHS Number,Date of Birth,Date of Registration,Gender,Full Name";
    let cells = |n: u64, name: &str| {
        format!("{T104},31-Oct-2022,,{name},{},01-Jan-1980,01-Jan-2015,F,\"KHAN, K (Ms)\"", number(n).digits())
    };
    let case = among(h, |n| cells(n, &format!("\"PERSON {n}, A\"")), &cells(900, "\"SMITH, Ann (SAFEGUARDING)\""));
    is_held("codes first", &case);
}

#[test]
fn a_row_with_something_of_its_own_is_nobody_elses() {
    let h = "NHS Number,Full Name,Date of Birth,Gender,Postcode,Practice ref,Code Term,Date,User";
    let cells = |n: u64| {
        row(
            h,
            n,
            &[
                ("Gender", if n.is_multiple_of(2) { "Male" } else { "Female" }),
                ("Postcode", &format!("TE{n} 1AA")),
                ("Practice ref", &(5000 + n * 2).to_string()),
            ],
        )
    };
    let blank = |cells: &str| format!(",,,{cells},{T106},05-Mar-2024,LEE");
    for second in [blank("Female,TE900 1AA,"), blank(",,6801")] {
        let own = anns(h, &[("Gender", "Female"), ("Postcode", "TE900 1AA"), ("Practice ref", "6800")]);
        let case = among(h, cells, &format!("{own}\n{second}"));
        assert_eq!(status(&case, 900), Some(Status::Blocked), "{second}");
        assert!(!taken(&case).contains(&ann()), "{second}");
    }
}

#[test]
fn another_nhs_number_in_an_export_without_names_is_noticed() {
    let dir = tempfile::tempdir().expect("a folder");
    let h = "EMIS Number,NHS Number,Full Name,Date of Birth,Code Term,Date,User";
    let rows: String = (1..=100).map(|n| row(h, n, &[("EMIS Number", &n.to_string())]) + "\n").collect();
    let one = written(dir.path(), "one.csv", &format!("{h}\n{rows}"));
    let line = |n: u64, nhs: u64, code: &str| format!("{n},{},{code},05-Jan-2023,REC\n", number(nhs).digits());
    let others: String = (20..70).map(|n| line(n, n, "Asthma")).collect();
    let h = "EMIS Number,NHS Number,Code Term,Date,User";
    let two = written(dir.path(), "two.csv", &format!("{h}\n{others}{}", line(7, 7_007, T103)));
    let case = case_of(&[one, two]);
    for n in [7, 7_007] {
        let own = case
            .cohort
            .patients
            .iter()
            .find(|p| matches!(p.nhs, record_access_review::domain::NhsReading::Valid(nhs) if nhs == number(n)));
        assert!(own.is_some_and(|p| p.nhs_twice), "{n}");
    }
}
