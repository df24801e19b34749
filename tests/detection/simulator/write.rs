//! The file in the layout of each system.

use super::calendar::{civil, with_hyphens, with_spaces};
use super::columns::{Look, Order, Standing};
use super::names::title_case;
use super::people::{Ending, Person};
use super::world::{Code, Entry, World};
use super::{Columns, Layout};

/// A column: its caption, and what stands in it.
type Column<'a, T> = (&'static str, Box<dyn Fn(&T) -> String + 'a>);

/// Who is in the file, in its order.
#[must_use]
pub fn rows(world: &World, columns: Columns, look: Look) -> Vec<usize> {
    let mut rows: Vec<usize> = (0..world.people.len())
        .filter(|at| columns.uncoded_patients || world.people.get(*at).is_some_and(|p| !p.codes.is_empty()))
        .collect();
    match look.order {
        Order::Number => rows.sort_by_key(|at| world.people[*at].number),
        Order::Name => super::bulk::by_name(world, &mut rows),
        Order::Nhs => rows.sort_by_key(|at| world.people[*at].nhs),
        Order::Found => {}
    }
    rows
}

/// The file's bytes.
#[must_use]
pub fn file(world: &World, columns: Columns, look: Look, rows: &[usize]) -> Vec<u8> {
    let layout = world.layout;
    let patient = patient_columns(world, layout, columns, look);
    let event = event_columns(world, layout, columns, look);
    let mut out = String::with_capacity(rows.len() * 260 + 1000);
    if layout == Layout::Emis {
        above(&mut out, world, look, patient.len(), event.len(), rows.len());
    }
    let captions: Vec<&str> = patient.iter().map(|(c, _)| *c).chain(event.iter().map(|(c, _)| *c)).collect();
    out.push_str(&captions.join(","));
    out.push_str(match (layout, look.phones) {
        (Layout::Emis, _) => "\r\n",
        (Layout::SystmOne, true) => ",Telecom number,Patient Count\r\n",
        (Layout::SystmOne, false) => ",Patient Count\r\n",
    });
    let blank_patient = ",".repeat(patient.len() - 1);
    let blank_event = ",".repeat(event.len() - 1);
    for at in rows {
        let Some(person) = world.people.get(*at) else { continue };
        let cells: Vec<String> = patient.iter().map(|(_, write)| quoted(&write(person))).collect();
        let cells = cells.join(",");
        let mut codes: Vec<&Entry> = person.codes.iter().collect();
        codes.sort_by_key(|c| (c.day, c.entered));
        if look.newest_first {
            codes.reverse();
        }
        let mut events: Vec<String> = codes
            .iter()
            .map(|code| event.iter().map(|(_, write)| quoted(&write(code))).collect::<Vec<String>>().join(","))
            .collect();
        if events.is_empty() {
            events.push(blank_event.clone());
        }
        for (n, entry) in events.iter().enumerate() {
            if layout == Layout::SystmOne {
                let phones: &[&str] = if look.phones { &[",07700 900000", ",01632 960000"] } else { &[""] };
                for phone in phones.iter().take(person.phones) {
                    out.push_str(&format!("{cells},{entry}{phone},1\r\n"));
                }
                continue;
            }
            let carried = n > 0 && !look.repeated;
            out.push_str(if carried { &blank_patient } else { &cells });
            out.push_str(&format!(",{entry}\r\n"));
        }
    }
    out.into_bytes()
}

/// What stands above the header in EMIS, unless somebody deleted it.
fn above(out: &mut String, world: &World, look: Look, patient: usize, event: usize, count: usize) {
    let wide = patient + event - 1;
    if look.preamble {
        let (year, month, day) = civil(world.today);
        let here = world.places.first().map_or("", String::as_str);
        let population = match look.standing {
            Standing::Unsaid => "Population,,,Currently registered regular patients",
            _ => "Population,,,All patients",
        };
        for line in [
            "Online record access codes 103 104 106",
            "",
            "Report made in EMIS Web (made-up data)",
            &format!("Organisation,,,{here}"),
            population,
            "",
            &format!("Last Run,,,{day:02}/{month:02}/{year} 09:{:02}", world.people.len() % 60),
            &format!("Patients,,,{count}"),
            "",
            "",
        ] {
            let commas = line.matches(',').count();
            out.push_str(line);
            out.push_str(&",".repeat(wide.saturating_sub(commas)));
            out.push_str("\r\n");
        }
    }
    if look.groups {
        out.push_str("Patient Details");
        out.push_str(&",".repeat(patient));
        out.push_str("Access codes");
        out.push_str(&",".repeat(event - 1));
        out.push_str("\r\n");
    }
}

fn date(layout: Layout, day: i32) -> String {
    match layout {
        Layout::Emis => with_hyphens(day),
        Layout::SystmOne => with_spaces(day),
    }
}

/// The word for a registration.
fn standing(person: &Person, look: Look) -> &'static str {
    match (person.ended, person.kind) {
        (Some((_, Ending::Died)), _) => "Deceased",
        (Some((_, Ending::Left)), _) => "Deducted",
        (None, Some(kind)) => kind,
        (None, None) => look.full,
    }
}

fn patient_columns<'a>(world: &'a World, layout: Layout, columns: Columns, look: Look) -> Vec<Column<'a, Person>> {
    let mut out: Vec<Column<'a, Person>> = Vec::new();
    let is_emis = layout == Layout::Emis;
    let today = world.today;
    if columns.system_number && is_emis {
        out.push(("EMIS Number", Box::new(|p: &Person| p.number.to_string())));
    }
    if is_emis {
        out.push(("NHS Number", Box::new(|p: &Person| spaced(p.nhs))));
        if look.split_names {
            out.push(("Title", Box::new(|p: &Person| p.title.to_owned())));
            out.push(("Family Name", Box::new(|p: &Person| p.name.family.to_owned())));
            out.push(("Given Name", Box::new(|p: &Person| p.name.given.to_owned())));
        } else {
            let name = |p: &Person| format!("{}, {} ({})", p.name.family, p.name.given, p.title);
            out.push(("Full Name", Box::new(name)));
        }
    } else {
        out.push(("NHS number", Box::new(|p: &Person| p.nhs.to_string())));
        out.push(("Title", Box::new(|p: &Person| p.title.to_owned())));
        out.push(("First name", Box::new(|p: &Person| p.name.given.to_owned())));
        out.push(("Surname", Box::new(|p: &Person| title_case(p.name.family))));
    }
    if columns.birth {
        let caption = if is_emis { "Date of Birth" } else { "Date of birth" };
        out.push((caption, Box::new(move |p: &Person| date(layout, p.born))));
    }
    if !columns.birth || (is_emis && look.with_age) {
        out.push(("Age", Box::new(move |p: &Person| p.age(today).to_string())));
    }
    let sex = |p: &Person| if p.female { "Female" } else { "Male" }.to_owned();
    out.push((if is_emis { "Gender" } else { "Sex" }, Box::new(sex)));
    if columns.registered {
        let caption = if is_emis { "Date of Registration" } else { "Date of registration" };
        out.push((caption, Box::new(move |p: &Person| date(layout, p.registered))));
    }
    if matches!(look.standing, Standing::Left | Standing::Both) {
        let left = move |p: &Person| p.ended.map_or_else(String::new, |(day, _)| date(layout, day));
        out.push((if is_emis { "Date of Deregistration" } else { "Date of deduction" }, Box::new(left)));
    }
    if look.standing == Standing::Both {
        let died = move |p: &Person| match p.ended {
            Some((day, Ending::Died)) => date(layout, day),
            _ => String::new(),
        };
        out.push((if is_emis { "Date of Death" } else { "Date of death" }, Box::new(died)));
    }
    if look.tells_temporary() {
        let caption = if is_emis { "Registration Status" } else { "Registration status" };
        out.push((caption, Box::new(move |p: &Person| standing(p, look).to_owned())));
    }
    if columns.usual_gp {
        let gp = |p: &Person| {
            world.staff.seats.get(p.gp).and_then(|user| world.users.get(*user)).cloned().unwrap_or_default()
        };
        out.push((if is_emis { "Usual GP's Full Name" } else { "Usual GP" }, Box::new(gp)));
    }
    if columns.system_number && !is_emis {
        out.push(("SystmOne ID", Box::new(|p: &Person| p.number.to_string())));
    }
    out
}

fn event_columns<'a>(world: &'a World, layout: Layout, columns: Columns, look: Look) -> Vec<Column<'a, Entry>> {
    let mut out: Vec<Column<'a, Entry>> = Vec::new();
    let is_emis = layout == Layout::Emis;
    let id_caption = match (is_emis, look.split_names) {
        (true, true) => "SNOMED CT Concept ID",
        (true, false) => "SNOMED Code",
        (false, _) => "SNOMED code",
    };
    let term_column = move |c: &Entry| term(c.code, look);
    let user = |c: &Entry| world.users.get(c.user).cloned().unwrap_or_default();
    let place = |c: &Entry| world.places.get(c.place).cloned().unwrap_or_default();
    if is_emis {
        out.push(("Code Term", Box::new(term_column)));
        out.push((id_caption, Box::new(|c: &Entry| id(c.code).to_owned())));
        out.push(("Date", Box::new(move |c: &Entry| date(layout, c.day))));
    } else {
        out.push(("Event date", Box::new(move |c: &Entry| date(layout, c.day))));
        out.push(("Event details", Box::new(term_column)));
    }
    if columns.entered {
        let caption = if is_emis { "Date Added" } else { "Date event recorded" };
        out.push((caption, Box::new(move |c: &Entry| date(layout, c.entered))));
    }
    if columns.text && is_emis {
        out.push(("Associated Text", Box::new(|c: &Entry| c.text.clone())));
    }
    if columns.user {
        let caption = match (is_emis, look.split_names) {
            (true, true) => "User Details' Full Name",
            (true, false) => "Full Name",
            (false, _) => "Event done by",
        };
        out.push((caption, Box::new(user)));
    }
    if columns.organisation {
        out.push((if is_emis { "Organisation Name" } else { "Event done at" }, Box::new(place)));
    }
    if !is_emis {
        out.push((id_caption, Box::new(|c: &Entry| id(c.code).to_owned())));
        if columns.text {
            out.push(("Notes", Box::new(|c: &Entry| c.text.clone())));
        }
    }
    out
}

fn term(code: Code, look: Look) -> String {
    let own = if look.your_own { "your own" } else { "own" };
    let end = if look.situation { " (situation)" } else { "" };
    match code {
        Code::Declined => format!("Online access to own health record declined by patient{end}"),
        Code::Review => format!("Enhanced review indicated before granting access to {own} health record{end}"),
        Code::NoReview => format!("Enhanced review not indicated before granting access to {own} health record{end}"),
    }
}

const fn id(code: Code) -> &'static str {
    match code {
        Code::Declined => "1290331000000103",
        Code::Review => "1364731000000104",
        Code::NoReview => "1364751000000106",
    }
}

/// 999 000 0018, as EMIS shows it.
fn spaced(nhs: u64) -> String {
    format!("{:03} {:03} {:04}", nhs / 10_000_000, nhs / 10_000 % 1_000, nhs % 10_000)
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}
