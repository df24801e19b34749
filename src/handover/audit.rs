//! `audit.json`: every decision in order, undone ones among them.

use serde::Serialize;

use super::Package;
use crate::review::{Decision, Reviewer};

/// The version of the file's shape.
const SCHEMA: u32 = 1;

#[derive(Serialize)]
struct Audit<'a> {
    schema: u32,
    program: &'static str,
    saved: String,
    today: String,
    codes_dated: String,
    sources: Vec<Source<'a>>,
    settings: crate::findings::Thresholds,
    events: Vec<Event<'a>>,
}

#[derive(Serialize)]
struct Source<'a> {
    name: &'a str,
    blake3: String,
    bytes: u64,
}

#[derive(Serialize)]
struct Event<'a> {
    number: usize,
    at: String,
    by: &'a Reviewer,
    what: &'a str,
    patients: Vec<Change<'a>>,
}

#[derive(Serialize)]
struct Change<'a> {
    nhs_number: String,
    row: u32,
    decision: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decided_by: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "String::is_empty")]
    made_with: String,
}

/// Composes the file.
pub fn json(package: Package<'_>) -> Vec<u8> {
    let events = package.review.map_or(&[][..], |r| r.history());
    let audit = Audit {
        schema: SCHEMA,
        program: concat!("record-access-review ", env!("CARGO_PKG_VERSION")),
        saved: package.now.format("%Y-%m-%dT%H:%M:%S").to_string(),
        today: package.cohort.today.iso(),
        codes_dated: package.dated.iso(),
        sources: package
            .files
            .iter()
            .map(|f| Source {
                name: f.source.name(),
                blake3: f.source.hash().to_hex().to_string(),
                bytes: f.source.size(),
            })
            .collect(),
        settings: package.findings.thresholds,
        events: events
            .iter()
            .zip(1..)
            .map(|(event, number)| Event {
                number,
                at: event.at.format("%Y-%m-%dT%H:%M:%S").to_string(),
                by: &event.by,
                what: &event.label,
                patients: event
                    .changes
                    .iter()
                    .filter_map(|(id, decision)| change(package, *id, decision.as_ref()))
                    .collect(),
            })
            .collect(),
    };
    // A structure of ours always serialises.
    serde_json::to_vec_pretty(&audit).unwrap_or_default()
}

fn change<'a>(
    package: Package<'a>,
    id: crate::cohort::PatientId,
    decision: Option<&'a Decision>,
) -> Option<Change<'a>> {
    let patient = package.cohort.patient(id)?;
    Some(Change {
        nhs_number: patient.usable_number().map_or_else(String::new, crate::domain::NhsNumber::digits),
        row: patient.place.row + 1,
        decision: decision.map(|d| d.choice.label()),
        decided_by: decision.map(|d| d.by.name.as_str()),
        reason: decision.map(|d| d.reason.as_str()).filter(|r| !r.is_empty()),
        made_with: decision.map_or_else(String::new, |d| d.made.key()),
    })
}
