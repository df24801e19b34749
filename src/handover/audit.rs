//! `audit.json`: everything that happened, in order, undone steps among it. Each event
//! carries the hash of the one before, and the whole file a seal, so that whether it is as
//! it was written can be told (`--verify`).

use serde::Serialize;
use serde_json::Value;
use thiserror::Error;

use super::Package;
use crate::review::{Broken, SavedEvent, all_events, fingerprint, verify};

/// The version of the file's shape.
const SCHEMA: u32 = 2;

#[derive(Serialize)]
struct Audit<'a> {
    schema: u32,
    program: &'static str,
    does: &'static str,
    does_not: &'static str,
    saved: String,
    today: String,
    codes_dated: String,
    sources: Vec<Source<'a>>,
    settings: crate::findings::Thresholds,
    events: Vec<SavedEvent>,
    last_hash: String,
    seal: String,
}

#[derive(Serialize)]
struct Source<'a> {
    name: &'a str,
    blake3: String,
    bytes: u64,
}

/// The events of all sittings, chained.
pub(super) fn events(package: &Package<'_>) -> Vec<SavedEvent> {
    package.review.map_or_else(Vec::new, |review| all_events(package.cohort, review))
}

/// Composes the file; gives the hash of the last event with it.
pub(super) fn json(package: Package<'_>) -> (Vec<u8>, String) {
    let events = events(&package);
    let audit = Audit {
        schema: SCHEMA,
        program: concat!("record-access-review ", env!("CARGO_PKG_VERSION")),
        does: "Holds everything that happened in this review, in order: who, when, why, for whom. Each event carries the hash of the one before.",
        does_not: "It holds NHS numbers: keep it where you keep patient data. It changes nothing in any clinical system.",
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
        last_hash: events.last().map_or_else(String::new, |e| e.hash.clone()),
        events,
        seal: String::new(),
    };
    // A structure of ours always serialises.
    let value = serde_json::to_value(&audit).unwrap_or_default();
    let seal = fingerprint(&value, "seal");
    let last = audit.last_hash.clone();
    (serde_json::to_vec_pretty(&Audit { seal, ..audit }).unwrap_or_default(), last)
}

/// Why an audit is not whole.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NotWhole {
    /// It is no audit.
    #[error("This is not an audit saved by this program. Give the file audit.json.")]
    NoAudit,
    /// An event was changed, left out or put in.
    #[error("The audit is not whole: event {} was changed, or something before it was left out or put in. Go back to a copy that was kept, or to the saved review.", .0.event)]
    Event(Broken),
    /// What stands around the events was changed.
    #[error(
        "The audit is not whole: its events are, but what stands around them (files, settings, dates, or the last event) was changed."
    )]
    Around,
}

/// What a whole audit holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whole {
    /// How many events.
    pub events: usize,
    /// The hash of the last one: the report bears it too.
    pub last_hash: String,
}

/// Says whether an audit is as it was written.
///
/// # Errors
/// Where it is not, and from where on.
pub fn verify_audit(bytes: &[u8]) -> Result<Whole, NotWhole> {
    let value: Value = serde_json::from_slice(bytes).map_err(|_| NotWhole::NoAudit)?;
    let events = value.get("events").and_then(Value::as_array).ok_or(NotWhole::NoAudit)?;
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    let (Some(last), Some(seal)) = (text("last_hash"), text("seal")) else { return Err(NotWhole::NoAudit) };
    let last_hash = verify(events).map_err(NotWhole::Event)?;
    if last != last_hash || seal != fingerprint(&value, "seal") {
        return Err(NotWhole::Around);
    }
    Ok(Whole { events: events.len(), last_hash })
}
