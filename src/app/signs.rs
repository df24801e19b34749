//! The rows that speak against deciding a patient like others, as a reviewer reads them: what
//! stands there, and where.

use super::case::Case;
use crate::cohort::{PatientId, Place};
use crate::domain::marker::{is_risk_concept, markers_in_text};
use crate::domain::wording::count;
use crate::extract::{EventColumns, Extract, Fields, PatientRole, Purpose};

/// So many rows are shown, and letters of a cell.
const ROWS: usize = 6;
/// See [`ROWS`].
const LETTERS: usize = 90;

/// A line for each of the rows, and one for what is left.
#[must_use]
pub fn signs(case: &Case, id: PatientId) -> Vec<String> {
    let all: Vec<Place> = case.cohort.signs_of(id).collect();
    let mut lines: Vec<String> = all.iter().take(ROWS).filter_map(|place| line(case, *place)).collect();
    if all.len() > ROWS {
        lines.push(format!("and in {}", count(all.len() - ROWS, "further row")));
    }
    lines
}

fn line(case: &Case, place: Place) -> Option<String> {
    let file = case.files.get(usize::from(place.file))?;
    let at = if case.files.len() > 1 {
        format!("row {} of {}", place.row + 1, file.source.name())
    } else {
        format!("row {}", place.row + 1)
    };
    let row = file.row(place.row);
    let mut said = told(file, &row.fields());
    if said.is_empty() && file.purpose == Purpose::Safeguarding {
        said.push("on the list of people at risk".to_owned());
    }
    // They are in the order of files and rows.
    let here = (place.file, Some(place.row + 1));
    let problems = &case.cohort.problems;
    let first = problems.partition_point(|(of, problem)| (*of, problem.row) < here);
    let own = problems[first..].iter().take_while(|(of, problem)| (*of, problem.row) == here);
    said.extend(own.filter(|(_, p)| !p.kind.is_repaired() && !p.kind.is_remark()).map(|(_, p)| {
        let what = p.kind.what();
        what.chars().next().map_or_else(String::new, |c| c.to_lowercase().collect::<String>() + &what[c.len_utf8()..])
    }));
    said.dedup();
    Some(if said.is_empty() { at } else { format!("{} ({at})", said.join("; ")) })
}

/// The cells of a row that name a risk.
fn told(file: &Extract, fields: &Fields<'_>) -> Vec<String> {
    let cell = |column: u16| fields.cell(usize::from(column)).trim().to_owned();
    let names_risk = |text: &str| !markers_in_text(text).is_empty() || is_risk_concept(text);
    let mut out = Vec::new();
    let of_events = |column: &u16| file.columns.events.iter().flat_map(EventColumns::iter).any(|c| c == *column);
    for event in &file.columns.events {
        let mut parts: Vec<String> = event.iter().map(cell).filter(|text| names_risk(text)).collect();
        let Some(first) = parts.first_mut() else { continue };
        // An identifier tells nobody what it is.
        let term = event.term.map(cell).filter(|term| !term.is_empty() && is_risk_concept(first));
        if let Some(term) = term {
            *first = term;
        }
        parts.extend(event.date.map(cell).filter(|date| !date.is_empty()));
        parts.dedup();
        out.push(short(&parts.join(", ")));
    }
    let of_patient = |column: &u16| {
        [PatientRole::FullName, PatientRole::FamilyName, PatientRole::GivenName, PatientRole::NhsNumber]
            .into_iter()
            .any(|role| file.columns.patient(role) == Some(*column))
    };
    for column in file.columns.numbered().filter(|c| !of_events(c) && !of_patient(c)) {
        let (text, caption) = (cell(column), file.columns.name(column));
        if !text.is_empty() && (names_risk(&text) || file.columns.risk.contains(&column)) {
            out.push(short(&format!("{caption}: {text}")));
        }
    }
    out
}

fn short(text: &str) -> String {
    if text.chars().count() <= LETTERS {
        return text.to_owned();
    }
    text.chars().take(LETTERS).chain(['…']).collect()
}
