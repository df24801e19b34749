//! What must stay ordinary: exports in which nothing is amiss, however much else they hold.

use record_access_review::app::case::{Origin, Settings};
use record_access_review::extract::Progress;

use crate::overlooked::{T103, T106, ann, anns, row};
use crate::safety::{BULK, H, T104, among, bulk, taken};
use crate::support::{number, today};

/// What is looked at more closely must not make an ordinary export of no use.
#[test]
fn ordinary_columns_keep_nobody_back() {
    let words = |n: u64, all: [&str; 4]| all[usize::try_from(n % 4).expect("small")].to_owned();
    let sparse = |n: u64, text: String| if n.is_multiple_of(12) { text } else { String::new() };
    let cells: [(&str, &dyn Fn(u64) -> String); 17] = [
        ("Title", &|n| words(n, ["Mr", "Mrs", "Ms", "Dr"])),
        ("Previous surname", &|n| sparse(n, "da Silva".to_owned())),
        ("House Name Flat Number", &|n| sparse(n, format!("Flat {n} Rose Court"))),
        ("Town", &|n| words(n, ["Stow on the Wold", "Leeds", "Leeds", "Leeds"])),
        ("Ethnicity", &|n| words(n, ["Other Asian background", "White British", "", "Black or Black British"])),
        ("Main language", &|n| sparse(n, "British Sign Language".to_owned())),
        ("Nominated pharmacy", &|n| sparse(n, format!("The Pharmacy number {n} Ltd"))),
        ("Main carer", &|n| sparse(n, format!("Mrs Ann Person{n} (daughter)"))),
        ("Named GP", &|n| words(n, ["DA SILVA, Ana (Dr)", "ABUSAID, Omar (Dr)", "RAO, Anil (Dr)", "Dr A Da Silva"])),
        ("Vulnerability", &|_| "Not vulnerable".to_owned()),
        ("Notes summarised", &|_| "Yes".to_owned()),
        ("Text reminders", &|n| words(n, ["Yes", "No", "Yes", ""])),
        ("Alerts", &|n| (n % 3).to_string()),
        ("Reason for registration", &|_| "Moved to the area".to_owned()),
        ("Smoking text", &|n| words(n, ["Never smoked", "Ex smoker", "Current smoker", ""])),
        ("Last seen", &|n| format!("{:02}-Jan-2022", n % 28 + 1)),
        ("Distance", &|n| format!("{n}.5")),
    ];
    for all_at_once in [true, false] {
        let kept: Vec<&(&str, &dyn Fn(u64) -> String)> = cells.iter().collect();
        let sets: Vec<Vec<_>> = if all_at_once { vec![kept] } else { kept.into_iter().map(|c| vec![c]).collect() };
        for set in sets {
            let captions: Vec<&str> = set.iter().map(|(caption, _)| *caption).collect();
            let h = format!("NHS Number,Full Name,Date of Birth,{},Code Term,Date,User", captions.join(","));
            let quoted = |n: u64| set.iter().map(|(_, of)| format!("\"{}\"", of(n))).collect::<Vec<_>>();
            let bulk = |n: u64| {
                let cells = quoted(n);
                let named: Vec<(&str, &str)> =
                    captions.iter().zip(&cells).map(|(caption, cell)| (*caption, cell.as_str())).collect();
                row(&h, n, &named)
            };
            let case = among(&h, bulk, "");
            assert_eq!(taken(&case).len(), BULK, "{captions:?}");
            assert!(!case.cohort.some_show.texts, "none of them is the free text of a code: {captions:?}");
        }
    }
}

/// An export may be of people at risk only: what all rows say of a risk is said of each, until
/// somebody says that the column is not used.
#[test]
fn a_risk_on_every_row_counts_until_the_column_is_said_to_be_of_no_use() {
    let h = "NHS Number,Date of Birth,Register,Code Term,Date,User";
    let line = |n: u64| row(h, n, &[("Register", "Child protection plan")]);
    let case = among(h, line, "");
    assert!(taken(&case).is_empty());
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("a.csv");
    let rows: String = (0..BULK as u64).map(|n| line(n) + "\n").collect();
    std::fs::write(&path, format!("{h}\n{rows}")).expect("written");
    let mapping = record_access_review::extract::Mapping::read("not used=Register").into_iter().collect();
    let settings = Settings { mapping, ..Settings::on(today()) };
    let case = record_access_review::app::case::open(&Origin::exports([path]), &settings, &Progress::default())
        .expect("opens");
    assert_eq!(taken(&case).len(), BULK);
}

#[test]
fn whoever_is_not_deceased_is_alive() {
    let h = "NHS Number,Date of Birth,Date of Death,Deceased,Code Term,Date,User";
    for alive in ["N", "No", "FALSE", "Not deceased", "Alive", ".", "0", "-"] {
        let case = among(h, |n| row(h, n, &[("Deceased", alive)]), "");
        assert_eq!(taken(&case).len(), BULK, "{alive}");
    }
}

#[test]
fn a_note_behind_its_code_stays_with_it() {
    for lead in ["Alerts", "Notes", "Reminders", "Associated Text"] {
        for user in ["User,", ""] {
            let h = format!(
                "NHS Number,Date of Birth,{lead},Code Term,Date,Associated Text,{user}Code Term,Date,Associated Text,User"
            );
            let line = |n: u64, text: &str| {
                let user = if user.is_empty() { "" } else { "KHAN," };
                format!("{},01-Jan-1980,,{T104},31-Oct-2022,{text},{user}Asthma,01-Jan-2010,,OLD", number(n).digits())
            };
            let case = among(&h, |n| line(n, ""), &line(900, "partner reads her post"));
            assert!(!taken(&case).contains(&ann()), "{h}");
            assert_eq!(taken(&case).len(), BULK, "{h}");
        }
    }
}

#[test]
fn an_entry_is_not_torn_where_a_text_stands_before_it() {
    for h in [
        "NHS Number,Full Name,Date of Birth,Reminders,Code Term,Date,Associated Text,SNOMED Code,User",
        "NHS Number,Full Name,Date of Birth,Notes,Code Term,Date,Associated Text,SNOMED Code,User",
        "NHS number,Surname,First name,Date of birth,Comments,Event date,Event details,Notes,SNOMED code,Event done by",
    ] {
        let case =
            among(h, |n| row(h, n, &[("SNOMED Code", "1364731000000104"), ("SNOMED code", "1364731000000104")]), "");
        assert_eq!(case.files[0].columns.events.len(), 1, "{h}");
        assert_eq!(taken(&case).len(), BULK, "{h}");
    }
}

#[test]
fn rows_in_the_order_of_time_are_nobodys_sorting() {
    let more = ",,,,,Asthma,195967001,01-Jan-2010,01-Jan-2010,,R\n";
    let on = |n: u64, day: &str| bulk(n).replace("31-Oct-2022", day) + "\n";
    let four_days = |n: u64| on(n, ["28-Oct-2022", "31-Oct-2022", "01-Nov-2022", "02-Nov-2022"][(n / 50) as usize]);
    // A second 104 of the same day, on rows that go on with a patient.
    let twice = format!(",,,,,{T104},1364731000000104,01-Nov-2022,01-Nov-2022,again,R\n").repeat(3);
    let run: String = (0..BULK as u64).map(|n| four_days(n) + if n == 120 { &twice } else { "" }).collect();
    let newest_last: String =
        (0..BULK as u64).map(|n| bulk(n) + "\n").chain((210..215).map(|n| on(n, "14-Nov-2022"))).collect();
    let cleared =
        |n: u64| bulk(n).replace(T104, T106).replace("1364731000000104", "").replace("31-Oct-2022", "01-Mar-2023");
    let two_searches: String = (0..BULK as u64)
        .map(|n| bulk(n) + "\n" + if n == 9 { &twice } else { "" })
        .chain((0..20).map(|n| cleared(n) + "\n" + more))
        .collect();
    for (what, rows) in [("a run", run + more), ("newest last", newest_last + more), ("two searches", two_searches)] {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("a.csv");
        std::fs::write(&path, format!("{H}\n{rows}")).expect("written");
        let opened = record_access_review::app::case::open(
            &Origin::exports([path]),
            &Settings::on(today()),
            &Progress::default(),
        );
        assert!(opened.is_ok(), "{what}");
    }
}

#[test]
fn a_batch_text_behind_the_term_may_speak_of_opting_out() {
    let h = "NHS number,First name,Surname,Date of birth,Event details,SNOMED code,Event date,Event done by";
    for text in [
        "bulk opt-out pending review",
        "- opted out",
        "declined until practice ready",
        "online access declined for now",
    ] {
        let details = format!("{T104} {text}");
        let cells = [("Event details", details.as_str()), ("SNOMED code", "1364731000000104")];
        let case = among(h, |n| row(h, n, &cells), "");
        assert_eq!(case.cohort.counts.blocked, BULK, "{text}");
    }
    // The patient's own refusal is another thing.
    let details = format!("{T104}; {T103}");
    let case = among(h, |n| row(h, n, &[]), &anns(h, &[("Event details", details.as_str())]));
    assert!(!taken(&case).contains(&ann()));
}

#[test]
fn its_own_header_again_is_no_other_one() {
    let h = "NHS Number,Full Name,Date of Birth,Code Term,Date,Associated Text,Full Name,Code Term,Date";
    let numbered = "NHS Number,Full Name,Date of Birth,Code Term,Date,Associated Text,Full Name2,Code Term3,Date4";
    for (first, second) in [(h, format!("{h},,")), (numbered, h.to_owned()), (h, numbered.to_owned())] {
        let line = |n: u64| format!("{},P{n},01-Jan-1980,{T104},31-Oct-2022,,KHAN,,", number(n).digits());
        let case = among(first, line, &format!("{second}\n{}", line(900)));
        assert_eq!(case.cohort.counts.patients, BULK + 1, "{second}");
    }
}

#[test]
fn group_rows_and_a_few_turned_dates_are_ordinary() {
    let groups = "Patient Details,,,Enhanced review notes,,,Safeguarding alerts,,,Recall reminders,,";
    let h = "NHS Number,Full Name,Date of Birth,Code Term,Date,Associated Text,Code Term,Date,Associated Text,Code Term,Date,Associated Text";
    let line = |n: u64| format!("{},P{n},01-Jan-1980,{T104},31-Oct-2022,,,,,,,", number(n).digits());
    let case = among(&format!("{groups}\n{h}"), line, "");
    assert_eq!(case.cohort.counts.blocked, BULK);
    // Three turned dates among many that are clear.
    let h = "NHS Number,Date of Birth,Code Term,Date,User";
    let birth = |n: u64| if n < 3 { "01/13/1980".to_owned() } else { format!("{:02}/01/1980", n % 15 + 14) };
    let case = among(h, |n| row(h, n, &[("Date of Birth", &birth(n))]), &anns(h, &[("Date of Birth", "12/01/1980")]));
    assert!(taken(&case).contains(&ann()));
}
