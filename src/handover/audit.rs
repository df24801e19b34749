//! `audit.json`: everything that happened, in order, undone steps among it. Each event
//! carries the hash of the one before, and the whole file a seal, so that whether it is as
//! it was written can be told (`--verify`).

use std::collections::HashSet;
use std::fmt;

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use thiserror::Error;

use super::Package;
use crate::review::{Broken, SavedEvent, all_events, fingerprint, verify};

/// The version of the file's shape.
const SCHEMA: u32 = 3;

#[derive(Serialize)]
struct Audit<'a> {
    schema: u32,
    program: &'static str,
    does: &'static str,
    does_not: &'static str,
    saved: String,
    /// What the computer's clock said then: the day may have been given.
    clock: String,
    today: String,
    codes_dated: String,
    sources: Vec<Source<'a>>,
    settings: crate::findings::Thresholds,
    /// The lists for the bulk step that were saved with it.
    lists: Vec<SavedList<'a>>,
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

#[derive(Serialize)]
struct SavedList<'a> {
    name: &'a str,
    blake3: String,
}

/// The events of all sittings, chained.
pub(super) fn events(package: &Package<'_>) -> Vec<SavedEvent> {
    package.review.map_or_else(Vec::new, |review| all_events(package.cohort, review))
}

/// Composes the file, of a review whose lists for the bulk step are these; gives the hash of
/// the last event with it.
pub(super) fn json(package: Package<'_>, lists: &[(String, Vec<u8>)]) -> (Result<Vec<u8>, serde_json::Error>, String) {
    let events = events(&package);
    let audit = Audit {
        schema: SCHEMA,
        program: concat!("record-access-review ", env!("CARGO_PKG_VERSION")),
        does: "Holds everything that happened in this review, in order: who, when, why, for whom. Each event carries the hash of the one before.",
        does_not: "It holds NHS numbers: keep it where you keep patient data. It changes nothing in any clinical system.",
        saved: package.now.format("%Y-%m-%dT%H:%M:%S").to_string(),
        clock: package.clock.format("%Y-%m-%dT%H:%M:%S").to_string(),
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
        lists: lists
            .iter()
            .map(|(name, bytes)| SavedList { name, blake3: blake3::hash(bytes).to_hex().to_string() })
            .collect(),
        last_hash: events.last().map_or_else(String::new, |e| e.hash.clone()),
        events,
        seal: String::new(),
    };
    let last = audit.last_hash.clone();
    let sealed = serde_json::to_value(&audit).and_then(|value| {
        let seal = fingerprint(&value, "seal");
        serde_json::to_vec_pretty(&Audit { seal, ..audit })
    });
    (sealed, last)
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
    /// Something stands in it twice.
    #[error("The audit is not whole: something stands in it twice under one name, of which programs show only one.")]
    Twice,
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
    /// The lists for the bulk step that were saved with it: name and BLAKE3 of each.
    pub lists: Vec<(String, String)>,
}

/// Says whether an audit is as it was written.
///
/// # Errors
/// Where it is not, and from where on.
pub fn verify_audit(bytes: &[u8]) -> Result<Whole, NotWhole> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let value: Value = serde_json::from_slice(bytes).map_err(|_| NotWhole::NoAudit)?;
    // Of two entries of one name, programs show one and pass over the other.
    if serde_json::from_slice::<Once>(bytes).is_err() {
        return Err(NotWhole::Twice);
    }
    let events = value.get("events").and_then(Value::as_array).ok_or(NotWhole::NoAudit)?;
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    let (Some(last), Some(seal)) = (text("last_hash"), text("seal")) else { return Err(NotWhole::NoAudit) };
    let last_hash = verify(events).map_err(NotWhole::Event)?;
    if last != last_hash || seal != fingerprint(&value, "seal") {
        return Err(NotWhole::Around);
    }
    let lists = value.get("lists").and_then(Value::as_array).into_iter().flatten();
    let named = |list: &Value| Some((list.get("name")?.as_str()?.to_owned(), list.get("blake3")?.as_str()?.to_owned()));
    Ok(Whole { events: events.len(), last_hash, lists: lists.filter_map(named).collect() })
}

/// JSON in which no object has two entries of one name.
struct Once;

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OnceVisitor)
    }
}

struct OnceVisitor;

impl<'de> Visitor<'de> for OnceVisitor {
    type Value = Once;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Once, A::Error> {
        let mut names = HashSet::new();
        while let Some((name, Once)) = map.next_entry::<String, Once>()? {
            if !names.insert(name) {
                return Err(serde::de::Error::custom("two entries of one name"));
            }
        }
        Ok(Once)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Once, A::Error> {
        while seq.next_element::<Once>()?.is_some() {}
        Ok(Once)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Once, E> {
        Ok(Once)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Once, E> {
        Ok(Once)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Once, E> {
        Ok(Once)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Once, E> {
        Ok(Once)
    }

    fn visit_str<E>(self, _: &str) -> Result<Once, E> {
        Ok(Once)
    }

    fn visit_unit<E>(self) -> Result<Once, E> {
        Ok(Once)
    }
}
