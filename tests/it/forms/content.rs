//! The content: fourteen made-up patients who together show every status, as the
//! table that each system would make of them.

use super::{Row, cells};
use crate::support::number;

pub const T103: &str = "Online access to own health record declined by patient (situation)";
pub const T104: &str = "Enhanced review indicated before granting access to own health record (situation)";
pub const T106: &str = "Enhanced review not indicated before granting access to own health record (situation)";

/// Which system made the file, and what became of the rows above its header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// EMIS Web with preamble, run date and group row.
    Emis,
    /// EMIS Web, all above the header deleted by hand.
    EmisBare,
    /// `SystmOne`.
    SystmOne,
}

impl Layout {
    pub const ALL: [Self; 3] = [Self::Emis, Self::EmisBare, Self::SystmOne];

    /// As `summary.json` names the system.
    pub const fn system(self) -> &'static str {
        match self {
            Self::Emis | Self::EmisBare => "emis",
            Self::SystmOne => "systmone",
        }
    }
}

/// Code and date of one entry.
type Entry = (&'static str, &'static str);

/// One made-up patient, and what must be said of them.
struct Person {
    family: &'static str,
    given: &'static str,
    born: &'static str,
    entries: &'static [Entry],
    /// The two entries stand side by side on one row (EMIS).
    side_by_side: bool,
    note: &'static str,
    status: &'static str,
    code: &'static str,
    date: &'static str,
}

const fn person(
    family: &'static str,
    given: &'static str,
    entries: &'static [Entry],
    expected: [&'static str; 3],
) -> Person {
    let [status, code, date] = expected;
    Person { family, given, born: "01-Jan-1980", entries, side_by_side: false, note: "", status, code, date }
}

/// Comma, doubled quotes, a line break, characters beyond ASCII; all of them in
/// Windows-1252.
pub const NOTE: &str = "Zoë O’Neil – £20, said \"call first\"\nthen rang off";

const PEOPLE: [Person; 14] = [
    person("TEST", "Ann", &[("104", "31-Oct-2022")], ["blocked", "104", "31-Oct-2022"]),
    person("TEST", "Bob", &[("104", "31-Oct-2022"), ("106", "05-Jan-2023")], ["cleared", "106", "05-Jan-2023"]),
    person("TEST", "Cat", &[("106", "05-Jan-2023"), ("104", "01-Feb-2023")], ["blocked", "104", "01-Feb-2023"]),
    // The later entry first, as some lists are sorted.
    person("TEST", "Dev", &[("106", "06-Mar-2023"), ("104", "03-Nov-2022")], ["cleared", "106", "06-Mar-2023"]),
    person("TEST", "Eve", &[("103", "12-Nov-2022")], ["declined", "103", "12-Nov-2022"]),
    person("TEST", "Fay", &[("103", "12-Nov-2022"), ("106", "05-Jan-2023")], ["declined", "103", "12-Nov-2022"]),
    person(
        "TEST",
        "Gus",
        &[("104", "05-Jan-2023"), ("106", "05-Jan-2023")],
        ["same-day conflict", "104", "05-Jan-2023"],
    ),
    person("TEST", "Hal", &[("other", "09-Aug-2019")], ["no code", "", ""]),
    Person {
        born: "01-Jun-2014",
        ..person("TEST", "Ivy", &[("104", "31-Oct-2022")], ["not eligible", "104", "31-Oct-2022"])
    },
    Person { note: NOTE, ..person("O’NEIL", "Zoë", &[("104", "10-Nov-2022")], ["blocked", "104", "10-Nov-2022"]) },
    Person {
        side_by_side: true,
        ..person("TEST", "Jon", &[("104", "31-Oct-2022"), ("106", "07-Feb-2023")], ["cleared", "106", "07-Feb-2023"])
    },
    Person {
        side_by_side: true,
        ..person("TEST", "Kim", &[("other", "03-Feb-2020"), ("104", "02-Nov-2022")], ["blocked", "104", "02-Nov-2022"])
    },
    person("TEST", "Lee", &[("106", "08-Dec-2022")], ["cleared", "106", "08-Dec-2022"]),
    person(
        "TEST",
        "Mia",
        &[("104", "31-Oct-2022"), ("106", "05-Jan-2023"), ("104", "04-Apr-2023")],
        ["blocked", "104", "04-Apr-2023"],
    ),
];

/// What `patients.csv` must say, in the order of the file.
pub fn expected() -> Vec<Row> {
    let row = |(place, p): (u64, &Person)| [number(place + 1).digits(), p.status.into(), p.code.into(), p.date.into()];
    (0..).zip(&PEOPLE).map(row).collect()
}

/// A table, and what stands above it.
#[derive(Clone)]
pub struct Sheet {
    pub above: Vec<Vec<String>>,
    pub header: Vec<String>,
    pub body: Vec<Vec<String>>,
}

/// The content as a system would list it.
pub fn sheet(layout: Layout) -> Sheet {
    let people = (0..).zip(&PEOPLE);
    match layout {
        Layout::Emis => Sheet {
            above: preamble(),
            header: emis_header(),
            body: people.flat_map(|(n, p)| emis_rows(n, p)).collect(),
        },
        Layout::EmisBare => Sheet { above: Vec::new(), ..sheet(Layout::Emis) },
        Layout::SystmOne => Sheet {
            above: Vec::new(),
            header: systmone_header(),
            body: people.flat_map(|(n, p)| systmone_rows(n, p)).collect(),
        },
    }
}

fn preamble() -> Vec<Vec<String>> {
    let mut groups = vec![String::new(); 15];
    "Patient Details".clone_into(&mut groups[0]);
    "Access codes".clone_into(&mut groups[8]);
    "Other entries".clone_into(&mut groups[14]);
    vec![
        cells(["Access codes by patient"]),
        Vec::new(),
        cells(["Population Count", "14"]),
        cells(["Last Run", "", "", "07/10/2024 09:12"]),
        cells(["Organisation", "Riverbank Surgery"]),
        Vec::new(),
        groups,
    ]
}

fn emis_header() -> Vec<String> {
    cells([
        "EMIS Number",
        "NHS Number",
        "Full Name",
        "Date of Birth",
        "Age",
        "Gender",
        "Date of Registration",
        "Usual GP's Full Name",
        "Code Term",
        "SNOMED Code",
        "Date",
        "Date Added",
        "Associated Text",
        "Full Name",
        "Code Term",
        "SNOMED Code",
        "Date",
    ])
}

/// The first row with the patient's cells, further ones without.
fn emis_rows(place: u64, person: &Person) -> Vec<Vec<String>> {
    let number = number(place + 1);
    // Both ways of showing the number occur.
    let shown = if place.is_multiple_of(2) { number.to_string() } else { number.digits() };
    let name = format!("{}, {} (Ms)", person.family, person.given);
    let emis = (101 + place).to_string();
    let patient = cells([&emis, &shown, &name, person.born, &age(person), "Female", "05-Apr-2014", "BLOGGS, Jo (Dr)"]);
    let entry = |entry: &Entry, note: &str| {
        let (term, id) = code(entry.0);
        cells([term, id, entry.1, entry.1, note, "ADMIN, A (Mrs)"])
    };
    let beside = |entry: Option<&Entry>| match entry {
        Some(entry) => cells([code(entry.0).0, code(entry.0).1, entry.1]),
        None => vec![String::new(); 3],
    };
    if person.side_by_side {
        return vec![[patient, entry(&person.entries[0], person.note), beside(person.entries.get(1))].concat()];
    }
    let row = |(n, e): (usize, &Entry)| {
        let patient = if n == 0 { patient.clone() } else { vec![String::new(); 8] };
        [patient, entry(e, if n == 0 { person.note } else { "" }), beside(None)].concat()
    };
    person.entries.iter().enumerate().map(row).collect()
}

fn systmone_header() -> Vec<String> {
    cells([
        "NHS number",
        "Title",
        "First name",
        "Surname",
        "Date of birth",
        "Sex",
        "Date of registration",
        "Usual GP",
        "Event date",
        "Event details",
        "Notes",
        "Event done by",
        "Telecom number",
        "SNOMED code",
        "Patient Count",
    ])
}

/// A row for each combination of entry and telephone number; the first patient
/// has two of these.
fn systmone_rows(place: u64, person: &Person) -> Vec<Vec<String>> {
    let number = number(place + 1).digits();
    let phones: &[&str] = if place == 0 { &["01632 960001", "07700 900001"] } else { &["01632 960002"] };
    let row = |(date, term, id): (&str, &str, &str), phone: &str, note: &str| {
        cells([
            &number,
            "Ms",
            person.given,
            person.family,
            &spaced(person.born),
            "Female",
            "05 Apr 2014",
            "Dr Jo Bloggs",
            &spaced(date),
            term,
            note,
            "Mrs A Admin",
            phone,
            id,
            "1",
        ])
    };
    let rows = person.entries.iter().enumerate().flat_map(|(n, (what, date))| {
        let (term, id) = code(what);
        let note = if n == 0 { person.note } else { "" };
        phones.iter().map(move |phone| ((*date, term, id), *phone, note))
    });
    rows.map(|(entry, phone, note)| row(entry, phone, note)).collect()
}

fn spaced(date: &str) -> String {
    date.replace('-', " ")
}

/// Age on the run date, within a year.
fn age(person: &Person) -> String {
    let year: i32 = person.born[7..].parse().expect("a year");
    (2024 - year).to_string()
}

/// Term and identifier.
fn code(short: &str) -> (&'static str, &'static str) {
    match short {
        "103" => (T103, "1290331000000103"),
        "104" => (T104, "1364731000000104"),
        "106" => (T106, "1364751000000106"),
        _ => ("Essential hypertension", "59621000"),
    }
}
