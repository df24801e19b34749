//! Layouts and words of ordinary exports, each of which once held back a whole list, counted
//! people who do not exist, or marked the wrong ones.

use std::path::PathBuf;

use record_access_review::domain::Status;
use record_access_review::extract::Purpose;

use crate::overlooked::{T103, T106, ann, anns, row};
use crate::safety::{BULK, T104, among, open, taken};
use crate::support::{case_beside, number, status};

fn one_of(n: u64, all: &[&str]) -> String {
    all[usize::try_from(n).expect("small") % all.len()].to_owned()
}

#[test]
fn a_register_that_counts_its_rows_marks_whom_it_names() {
    let h = "EMIS Number,NHS Number,Full Name,Date of Birth,Code Term,Date,User";
    let named = |n: u64| {
        format!(
            "\"{}, {}\"",
            ["ANN", "BEE", "CEE", "DEE"][usize::try_from(n % 4).expect("small")],
            char::from(b'A' + u8::try_from(n % 26).expect("small"))
        )
    };
    let cells = |n: u64| {
        let birth = format!("{:02}-{}-1980", n % 28 + 1, one_of(n / 28, &["Jan", "Feb", "Mar", "Apr"]));
        row(h, n, &[("EMIS Number", &n.to_string()), ("Full Name", &named(n)), ("Date of Birth", &birth)])
    };
    let rows: String = (1..=100).map(|n| cells(n) + "\n").collect();
    let list: String = (51..=55)
        .zip(1..)
        .map(|(n, place)| {
            let birth = format!("{:02}-{}-1980", n % 28 + 1, one_of(n / 28, &["Jan", "Feb", "Mar", "Apr"]));
            format!("{place},{},{birth}\n", named(n))
        })
        .collect();
    let case =
        case_beside(&format!("{h}\n{rows}"), &format!("Patient ID,Name,Date of Birth\n{list}"), Purpose::Safeguarding);
    let marked = |n: u64| {
        let own = case.cohort.patients.iter().find(|p| p.usable_number() == Some(number(n)));
        own.is_some_and(|p| !p.markers.is_empty())
    };
    assert_eq!((1..=100).filter(|n| marked(*n)).collect::<Vec<_>>(), (51..=55).collect::<Vec<_>>());
}

#[test]
fn codes_may_stand_in_front_of_their_patient() {
    for groups in ["", "Access codes,,,Patient Details,,,\n"] {
        let h = format!("{groups}Code Term,Date,Full Name,EMIS Number,NHS Number,Full Name,Date of Birth");
        let cells = |n: u64| {
            format!("{T104},31-Oct-2022,\"KHAN, Kay (Ms)\",{n},{},\"PERSON {n}, A\",01-Jan-1980", number(n).digits())
        };
        let more = format!("{}\n{T103},05-Jan-2023,\"REC, Ros (Mrs)\",,,,", cells(900));
        let case = among(&h, cells, &more);
        assert_eq!((case.cohort.counts.patients, status(&case, 900)), (BULK + 1, Some(Status::Declined)), "{groups}");
        assert_eq!(taken(&case).len(), BULK);
    }
}

#[test]
fn a_wish_in_other_words_is_seen_in_any_column() {
    for (caption, usual, n) in [("Online consent", "Not asked yet", 5), ("Alerts", "", 60)] {
        for said in ["Patient declined online access", "Refused online access to record", "Opted out of online access"]
        {
            let h = format!("NHS Number,Date of Birth,{caption},Code Term,Date,User");
            let rows: String = (900..900 + n).map(|n| row(&h, n, &[(caption, said)]) + "\n").collect();
            let case = among(&h, |n| row(&h, n, &[(caption, usual)]), &rows);
            assert_eq!(taken(&case).len(), BULK, "{caption}: {said}");
        }
    }
}

#[test]
fn a_column_of_the_latest_code_says_nothing_new() {
    let h = "EMIS Number,NHS Number,Full Name,Date of Birth,Latest access code,Code Term,Date,User";
    let cells = |n: u64| {
        let own = format!("{n},{},\"PERSON {n}, A\",01-Jan-1980", number(n).digits());
        format!("{own},{T104},Asthma,01-Jan-2010,KHAN\n,,,,,{T104},31-Oct-2022,KHAN")
    };
    assert_eq!(taken(&among(h, cells, "")).len(), BULK);
    let h = "NHS number,Surname,First name,Date of birth,Latest access code,Event details,Event date,Event done by";
    let cells = |n: u64| {
        let own = |code: &str, date: &str| {
            row(h, n, &[("Latest access code", T104), ("Event details", code), ("Event date", date)])
        };
        format!("{}\n{}\n{}", own("Asthma", "01-Jan-2010"), own("Eczema", "01-Jan-2011"), own(T104, "31-Oct-2022"))
    };
    assert_eq!(taken(&among(h, cells, "")).len(), BULK);
}

#[test]
fn categories_are_no_notes_and_what_hardly_anybody_has_is_one() {
    const WHERE: [&str; 7] =
        ["GP surgery", "Home visit", "Nurse clinic", "Telephone call", "Video call", "Walk in", "Care home"];
    let groups = "Patient Details,,Access codes,,,Last consultation,";
    let h = format!("{groups}\nNHS Number,Date of Birth,Code Term,Date,User,Date,Text");
    let cells =
        |n: u64, text: &str| format!("{},01-Jan-1980,{T104},31-Oct-2022,KHAN,01-Feb-2022,{text}", number(n).digits());
    let case = among(&h, |n| cells(n, &one_of(n, &WHERE)), &cells(900, "partner reads her post"));
    assert_eq!(taken(&case).len(), BULK);
    assert!(!taken(&case).contains(&ann()));
    let reasons = ["Moved to area", "Change of GP", "New to the UK", "Student here", "Left the army"];
    let dues = ["Flu vaccine due", "BP check overdue", "Asthma review due", ""];
    for (caption, values) in
        [("Reason for registration", &reasons[..]), ("Alerts", &dues), ("Recall reason", &["Asthma review", ""])]
    {
        let h = format!("NHS Number,Date of Birth,{caption},Code Term,Date,User");
        let line = |n: u64| row(&h, n, &[(caption, &one_of(n, values))]);
        let case = among(&h, line, &anns(&h, &[(caption, "partner reads her post")]));
        assert_eq!(taken(&case).len(), BULK, "{caption}");
        assert!(!taken(&case).contains(&ann()), "{caption}");
    }
}

#[test]
fn initials_and_places_are_no_risk_and_remarks_beside_names_are() {
    let h = "NHS Number,Full Name,Date of Birth,Usual GP,Named GP,Care coordinator,Referred by,District,Place of birth,Mobile,Code Term,Date,User";
    let plain = [
        ("Usual GP", "\"SHARMA, DV (Mr)\""),
        ("Named GP", "\"PATEL, DV (Dr)\""),
        ("Care coordinator", "\"da Silva, Ana\""),
        ("Referred by", "\"LAC, Thi (Ms)\""),
        ("District", "DA"),
        ("Place of birth", "Mashhad"),
        ("Mobile", "07700 900123"),
    ];
    assert_eq!(taken(&among(h, |n| row(h, n, &plain), "")).len(), BULK);
    for (caption, cell) in [
        ("Usual GP", "SAFEGUARDING - ask Dr Rao"),
        ("Mobile", "do not use - husband reads"),
        ("Full Name", "\"ANN, A (CP plan)\""),
        ("Full Name", "\"ANN, A (LD)\""),
        ("Full Name", "\"ANN, A (D.V.)\""),
        ("Full Name", "\"ANN, A - MASH\""),
        ("Full Name", "\"ANN, A *DO NOT DISCLOSE*\""),
    ] {
        let case = among(h, |n| row(h, n, &plain), &anns(h, &[(caption, cell)]));
        assert!(!taken(&case).contains(&ann()), "{cell}");
        assert_eq!(taken(&case).len(), BULK, "{cell}");
    }
    let h = "EMIS Number,NHS Number,Age,Code Term,Date,Date Added,User";
    for (caption, cell) in
        [("EMIS Number", "1017 SAFEGUARDING"), ("Age", "44 (DV)"), ("Date Added", "31-Oct-2022 safeguarding")]
    {
        let line = |n: u64| row(h, n, &[("EMIS Number", &n.to_string()), ("Age", "44"), ("Date Added", "31-Oct-2022")]);
        let own: Vec<(&str, &str)> = [("EMIS Number", "900"), ("Age", "44"), ("Date Added", "31-Oct-2022")]
            .into_iter()
            .map(|(name, usual)| (name, if name == caption { cell } else { usual }))
            .collect();
        assert!(!taken(&among(h, line, &anns(h, &own))).contains(&ann()), "{cell}");
    }
}

#[test]
fn cells_that_say_no_say_no() {
    for caption in ["Safeguarding", "Vulnerable adult"] {
        let h = format!("NHS Number,Date of Birth,{caption},Code Term,Date,User");
        let no = [
            "#N/A",
            "No concerns",
            "None known",
            "Not on register",
            "No flag",
            "None identified",
            "Not vulnerable",
            "No.",
            "0.0",
            "NULL",
        ];
        let case = among(&h, |n| row(&h, n, &[(caption, &one_of(n, &no))]), &anns(&h, &[(caption, "Yes")]));
        assert_eq!(taken(&case).len(), BULK, "{caption}");
        assert!(!taken(&case).contains(&ann()), "{caption}");
    }
    for (caption, no) in [
        ("Date of Death", &["#N/A", "00/01/1900", "NULL", "(blank)", ""][..]),
        ("Date of deduction", &["#N/A", "Not deducted", "31-Dec-9999", ""]),
    ] {
        let h = format!("NHS Number,Date of Birth,{caption},Code Term,Date,User");
        let case = among(&h, |n| row(&h, n, &[(caption, &one_of(n, no))]), "");
        assert_eq!((taken(&case).len(), case.cohort.counts.eligible), (BULK, BULK), "{caption}");
    }
}

#[test]
fn a_status_among_online_services_is_of_the_account() {
    let groups = "Patient Details,,Online services,,Access codes,,";
    let h = format!("{groups}\nNHS Number,Date of Birth,Status,Access level,Code Term,Date,User");
    let cells = |n: u64| {
        let status = one_of(n, &["Live", "Inactive", "Archived", "Active"]);
        format!("{},01-Jan-1980,{status},Full,{T104},31-Oct-2022,KHAN", number(n).digits())
    };
    assert_eq!(taken(&among(&h, cells, "")).len(), BULK);
}

#[test]
fn a_list_may_call_people_otherwise() {
    let h = "NHS Number,Full Name,Code Term,Date,User";
    let rows: String = (1..=100)
        .map(|n| {
            row(
                h,
                n,
                &[(
                    "Full Name",
                    &format!("\"PERSON{}, Ann (Mrs)\"", "x".repeat(usize::try_from(n % 9).expect("small"))),
                )],
            ) + "\n"
        })
        .collect();
    for called in ["Mrs Ann Person", "\"PERSON, Ann Mary\""] {
        let list: String = (1..=100)
            .map(|n| {
                let long = format!("Person{}", "x".repeat(usize::try_from(n % 9).expect("small")));
                format!(
                    "{},{}\n",
                    number(n).digits(),
                    called.replace("Person", &long).replace("PERSON", &long.to_uppercase())
                )
            })
            .collect();
        let case = case_beside(&format!("{h}\n{rows}"), &format!("NHS Number,Name\n{list}"), Purpose::Registered);
        assert_eq!(case.cohort.patients.iter().filter(|p| p.nhs_twice).count(), 0, "{called}");
    }
}

#[test]
fn what_stands_above_a_table_is_no_row_of_groups() {
    let h = "EMIS Number,NHS Number,Date of Birth,Code Term,Date,User";
    for above in ["Organisation,Riverbank Surgery,,,,", "Online access report,,,,Confidential,"] {
        let case = among(&format!("{above}\n{h}"), |n| row(h, n, &[("EMIS Number", &n.to_string())]), "");
        assert_eq!(taken(&case).len(), BULK, "{above}");
    }
}

#[test]
fn one_more_filled_column_makes_nobody_new() {
    for caption in ["No.", "Search Name"] {
        let h = format!("{caption},EMIS Number,NHS Number,Full Name,Date of Birth,Code Term,Date,User");
        let side = |place: u64| if caption == "No." { place.to_string() } else { "104 search".to_owned() };
        let cells = |n: u64| {
            let own = format!("{n},{},\"PERSON {n}, A\",01-Jan-1980", number(n).digits());
            let first = format!("{},{own},{T104},31-Oct-2022,KHAN", side(n * 2 + 1));
            if n.is_multiple_of(4) { format!("{first}\n{},,,,,{T106},05-Jan-2023,LEE", side(n * 2 + 2)) } else { first }
        };
        let case = among(&h, cells, "");
        let counts = case.cohort.counts;
        assert_eq!((counts.patients, counts.cleared, counts.blocked), (BULK, BULK / 4, BULK * 3 / 4), "{caption}");
    }
}

#[test]
fn one_entry_shown_twice_is_one() {
    let groups = "Patient Details,,Latest access code,,Access codes,,,";
    let h = format!("{groups}\nNHS Number,Date of Birth,Code Term,Date,Code Term,Date,Associated Text,User");
    let cells =
        |n: u64| format!("{},01-Jan-1980,{T104},31-Oct-2022,{T104},31-Oct-2022,,\"KHAN, K (Ms)\"", number(n).digits());
    let case = among(&h, cells, "");
    assert_eq!(case.findings.groups.iter().map(|g| g.entries).sum::<usize>(), BULK);
    assert_eq!(taken(&case).len(), BULK);
}

#[test]
fn whoever_has_no_number_holds_nobody_who_is_somebody_else() {
    // A registered list with numbers of the system, and no names.
    let h = "EMIS Number,NHS Number,Date of Birth,Code Term,Date,User";
    let rows: String = (1..=200).map(|n| row(h, n, &[("EMIS Number", &n.to_string())]) + "\n").collect();
    let list: String = (1..=200).map(|n| format!("{n},{},01-Jan-1980\n", number(n).digits())).collect();
    let list = format!("EMIS Number,NHS Number,Date of Birth\n{list}777,,01-Jan-1980\n");
    assert_eq!(taken(&case_beside(&format!("{h}\n{rows}"), &list, Purpose::Registered)).len(), 200);
    // Of one name, and not of one age.
    let h = "NHS Number,Full Name,Age,Code Term,Date,User";
    let line = |n: u64| row(h, n, &[("Full Name", "\"SMITH, Ann\""), ("Age", "44")]);
    let case = among(h, line, &format!(",\"SMITH, Ann\",81,{T104},31-Oct-2022,KHAN"));
    assert_eq!(taken(&case).len(), BULK);
}

#[test]
fn two_practices_without_names_and_birth_dates_have_nobody_in_common() {
    let dir = tempfile::tempdir().expect("a folder");
    let h = "EMIS Number,NHS Number,Age,Code Term,Date,User";
    let files: Vec<PathBuf> = [0_u64, 500]
        .into_iter()
        .map(|from| {
            let path = dir.path().join(format!("{from}.csv"));
            let line = |n: u64| {
                row(h, from + n, &[("EMIS Number", &n.to_string()), ("Age", &(20 + (n + from) % 50).to_string())])
                    + "\n"
            };
            std::fs::write(&path, format!("{h}\n{}", (1..=200).map(line).collect::<String>())).expect("written");
            path
        })
        .collect();
    let case = crate::support::case_of(&files);
    assert_eq!(case.cohort.patients.iter().filter(|p| p.nhs_twice).count(), 0);
}

#[test]
fn a_description_in_front_is_no_code_term() {
    let h = "NHS Number,Date of Birth,Description,Date,Code Term,Date Added,User";
    let line = |n: u64| row(h, n, &[("Description", "Record access"), ("Date Added", "31-Oct-2022")]);
    let case = among(h, line, &anns(h, &[("Code Term", T106), ("Date", "05-Jan-2023")]));
    assert_eq!((case.cohort.counts.blocked, status(&case, 900)), (BULK, Some(Status::Cleared)));
}

#[test]
fn codes_without_dates_are_said_in_front() {
    let h = "NHS Number,Date of Birth,Code Term,Date,User";
    let case = among(h, |n| row(h, n, &[("Date", "Monday 31 October")]), "");
    assert!(case.remarks().iter().any(|said| said.contains("200 of 200 codes have no date that can be read")));
}

#[test]
fn an_export_below_another_brings_nobody_but_its_patients() {
    let table = |groups: &str, from: u64| {
        let line = |n: u64| {
            format!("{n},{},\"PERSON {n}, A\",01-Jan-1980,{T104},31-Oct-2022,\"KHAN, Kay (Ms)\"\n", number(n).digits())
        };
        let rows: String = (from..from + BULK as u64).map(line).collect();
        format!(
            "Report,,,,,,\n\nLast Run,,,07/10/2024 09:12,,,\nOrganisation,Riverbank Surgery,,,,,\n\n{groups}EMIS Number,NHS Number,Full Name,Date of Birth,Code Term,Date,User Details' Full Name\n{rows}"
        )
    };
    for groups in ["", "Patient Details,,,,Access codes,,\n"] {
        let case = open(&format!("{}{}", table(groups, 1), table(groups, 300)));
        assert_eq!((case.cohort.counts.patients, taken(&case).len()), (2 * BULK, 2 * BULK), "{groups}");
    }
}

#[test]
fn an_organisation_that_differs_from_row_to_row_is_where_each_code_was_entered() {
    let h = "NHS Number,Full Name,Date of Birth,Organisation,Code Term,Date,User";
    let own = |n: u64| format!("{},\"PERSON {n}, A\",01-Jan-1980", number(n).digits());
    let here = |n: u64| format!("{},Riverbank Surgery,{T104},31-Oct-2022,KHAN", own(n));
    let cells = |n: u64| {
        let before = if n.is_multiple_of(2) { "Hillside Practice" } else { "Riverbank Surgery" };
        format!("{},{before},Asthma,01-Jan-2010,KHAN\n{}", own(n), here(n))
    };
    let case = among(h, cells, "");
    assert_eq!(case.cohort.practices.len(), 0);
    assert_eq!(taken(&case).len(), BULK);
    // One who moved between two practices of an export is on two lists.
    let few = |n: u64| if n == 3 { cells(2).replace(&own(2), &own(3)) } else { here(n) };
    let case = among(h, few, "");
    assert_eq!(taken(&case).len(), BULK - 1);
}
