//! The people in the layout of each system.

use super::people::run_date;
use super::{Coded, PRACTICE, Person};
use crate::domain::{AccessCode, DateForm, Day};

/// EMIS Web: preamble, group row, header, continuation rows; UTF-8, CRLF.
pub fn emis(people: &[Person]) -> Vec<u8> {
    let mut out = String::with_capacity(people.len() * 320);
    let wide = ",".repeat(18);
    for line in [
        "Online record access: 103, 104 and 106 codes",
        "",
        "Report made in EMIS Web (made-up data)",
        &format!("Organisation,,,{PRACTICE}"),
        "Population,,,Currently registered patients",
        "",
        "Last Run,,,20/11/2026 08:41",
        &format!("Patients,,,{}", people.len()),
        "",
        "",
    ] {
        let commas = line.matches(',').count();
        out.push_str(line);
        out.push_str(&wide[commas..]);
        out.push_str("\r\n");
    }
    out.push_str("Patient Details,,,,,,,,,,,,Access codes,,,,,,\r\n");
    out.push_str(
        "EMIS Number,NHS Number,Full Name,Date of Birth,Age,Gender,Date of Registration,Date of Deregistration,Registration Status,\
         Usual GP's Full Name,Online Account Status,Access Level,Code Term,SNOMED Code,Date,Date Added,Associated Text,Full Name,Organisation Name\r\n",
    );
    for (index, person) in people.iter().enumerate() {
        out.push_str(&emis_patient(person, index));
        if person.codes.is_empty() {
            out.push_str(",,,,,,,\r\n");
        }
        for (n, code) in person.codes.iter().enumerate() {
            if n > 0 {
                out.push_str(",,,,,,,,,,,");
            }
            let day = code.day.map_or_else(String::new, |d| date(d, index));
            let cells = [
                term(code),
                id(code),
                &day,
                &code.entered.table(),
                &quoted(&code.text),
                &quoted(code.user),
                &quoted(code.organisation),
            ];
            out.push(',');
            out.push_str(&cells.join(","));
            out.push_str("\r\n");
        }
    }
    out.into_bytes()
}

fn emis_patient(person: &Person, index: usize) -> String {
    let number = person.number_text.map_or_else(|| person.number.to_string(), str::to_owned);
    let name = format!("\"{}, {} ({})\"", person.family, person.given, person.title);
    let age = run_date().age(person.born).to_string();
    // A tenth of the file went through a spreadsheet once.
    let born = if index % 10 == 7 { person.born.date().format("%d/%m/%y").to_string() } else { person.born.table() };
    let left = if person.left { run_date().plus(-40).table() } else { String::new() };
    let status = match (person.deceased, person.left, person.temporary) {
        (true, ..) => "Deceased",
        (_, true, _) => "Deducted",
        (.., true) => "Temporary resident",
        _ => "GMS",
    };
    [
        person.emis.to_string().as_str(),
        &number,
        &name,
        &born,
        &age,
        if person.female { "Female" } else { "Male" },
        &person.registered.table(),
        &left,
        status,
        &quoted(person.gp),
        person.account,
        person.access,
    ]
    .join(",")
}

/// Dates mixed as after an Excel save.
fn date(day: Day, index: usize) -> String {
    match index % 25 {
        11 => day.date().format("%d-%b-%y").to_string(),
        17 => DateForm::Slashes.write(day),
        _ => day.table(),
    }
}

/// `SystmOne`: header on line 1, patient cells on every row, one row for each
/// telephone number; Windows-1252.
pub fn systmone(people: &[Person]) -> Vec<u8> {
    let mut out = String::with_capacity(people.len() * 320);
    out.push_str(
        "NHS number,Title,First name,Surname,Date of birth,Sex,Date of registration,Registration status,Usual GP,Event date,Event details,\
         Event done by,Event done at,SNOMED code,Notes,Telecom number,Patient Count\r\n",
    );
    let wait = |code: &Coded| {
        [
            code.day.map_or_else(String::new, |d| DateForm::SpacedMonthName.write(d)),
            quoted(term(code)),
            quoted(code.user),
            quoted(code.organisation),
            id(code).to_owned(),
            quoted(&code.text),
        ]
        .join(",")
    };
    for (index, person) in people.iter().enumerate() {
        let patient = systmone_patient(person);
        // Some people have two telephone numbers, and so two rows a code.
        let phones: &[&str] = if index % 9 == 4 { &["07700 900000", "01632 960000"] } else { &["07700 900000"] };
        let entries =
            if person.codes.is_empty() { vec![",,,,,".to_owned()] } else { person.codes.iter().map(wait).collect() };
        for (entry, phone) in entries.iter().flat_map(|e| phones.iter().map(move |p| (e, p))) {
            out.push_str(&format!("{patient},{entry},{phone},1\r\n"));
        }
    }
    encoding_rs::WINDOWS_1252.encode(&out).0.into_owned()
}

fn systmone_patient(person: &Person) -> String {
    let number = person.number_text.map_or_else(|| person.number.digits(), str::to_owned);
    let status = match (person.deceased, person.left, person.temporary) {
        (true, ..) => "Deceased",
        (_, true, _) => "Deducted",
        (.., true) => "Temporary resident",
        _ => "GMS",
    };
    let mut family = person.family.to_lowercase();
    if let Some(first) = family.chars().next() {
        family.replace_range(..first.len_utf8(), &first.to_uppercase().to_string());
    }
    [
        number.as_str(),
        person.title,
        person.given,
        &family,
        &DateForm::SpacedMonthName.write(person.born),
        if person.female { "Female" } else { "Male" },
        &DateForm::SpacedMonthName.write(person.registered),
        status,
        &quoted(person.gp),
    ]
    .join(",")
}

fn term(code: &Coded) -> &str {
    code.term.unwrap_or_else(|| code.code.map_or("", AccessCode::term))
}

fn id(code: &Coded) -> &'static str {
    code.id.unwrap_or(match code.code {
        Some(AccessCode::Declined103) => "1290331000000103",
        Some(AccessCode::Review104) => "1364731000000104",
        Some(AccessCode::NoReview106) => "1364751000000106",
        None => "",
    })
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}
