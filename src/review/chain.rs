//! The chain of events: each carries the hash of the one before, so that none can be
//! changed, left out or put in between without every later hash being wrong.
//!
//! An event's hash is BLAKE3, in hexadecimal, over the event as JSON without its own hash:
//! no white space, names in alphabetical order. The first event's `previous` is empty.

use serde::Serialize;
use serde_json::Value;

use super::{Review, SavedEvent, save_events};
use crate::cohort::Cohort;

/// Where a chain is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The event, from 1.
    pub event: usize,
}

/// The events of all sittings so far, chained: what a saved review and the audit hold.
#[must_use]
pub fn all_events(cohort: &Cohort, review: &Review) -> Vec<SavedEvent> {
    let mut events = review.past().to_vec();
    let mut these = save_events(cohort, review, 0);
    chained(&mut these, events.last().map_or("", |e| &e.hash));
    events.append(&mut these);
    events
}

/// Gives events their hashes; `last` is the hash of the event before the first of them.
pub fn chained(events: &mut [SavedEvent], last: &str) {
    let mut last = last.to_owned();
    for event in events {
        event.previous.clone_from(&last);
        event.hash.clear();
        // A structure of ours always becomes JSON.
        let value = serde_json::to_value(&*event).unwrap_or(Value::Null);
        event.hash = fingerprint(&value, "hash");
        last.clone_from(&event.hash);
    }
}

/// BLAKE3 over a JSON object without one of its names.
#[must_use]
pub fn fingerprint(value: &Value, without: &str) -> String {
    let mut text = Vec::new();
    write(value, Some(without), &mut text);
    blake3::hash(&text).to_hex().to_string()
}

/// Holds a chain of events against its hashes, and gives the last of them.
///
/// # Errors
/// The first event that is not as it was written, or does not follow the one before.
pub fn verify(events: &[Value]) -> Result<String, Broken> {
    let mut last = String::new();
    for (event, number) in events.iter().zip(1..) {
        let text = |name: &str| event.get(name).and_then(Value::as_str);
        let is_next = event.get("number").and_then(Value::as_u64) == Some(number as u64);
        let hash = fingerprint(event, "hash");
        if !is_next || text("previous") != Some(last.as_str()) || text("hash") != Some(hash.as_str()) {
            return Err(Broken { event: number });
        }
        last = hash;
    }
    Ok(last)
}

/// JSON with its names in alphabetical order, whatever order the value keeps.
fn write(value: &Value, without: Option<&str>, out: &mut Vec<u8>) {
    match value {
        Value::Object(map) => {
            let mut names: Vec<&String> = map.keys().filter(|name| Some(name.as_str()) != without).collect();
            names.sort_unstable();
            out.push(b'{');
            for (place, name) in names.into_iter().enumerate() {
                if place > 0 {
                    out.push(b',');
                }
                append(name, out);
                out.push(b':');
                write(&map[name], None, out);
            }
            out.push(b'}');
        }
        Value::Array(items) => {
            out.push(b'[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    out.push(b',');
                }
                write(item, None, out);
            }
            out.push(b']');
        }
        other => append(other, out),
    }
}

/// What is neither an object nor a list always becomes JSON, and memory takes all of it.
fn append(value: &(impl Serialize + ?Sized), out: &mut Vec<u8>) {
    let _ = serde_json::to_writer(out, value);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain() -> Vec<Value> {
        let event = |n: usize, what: &str| -> SavedEvent {
            let text = format!(r#"{{"number":{n},"at":"2026-11-20T09:00:00","by":{{"name":"Pat"}},"what":"{what}"}}"#);
            serde_json::from_str(&text).expect("an event")
        };
        let mut events: Vec<SavedEvent> = (1..=5).map(|n| event(n, &format!("step {n}"))).collect();
        chained(&mut events, "");
        events.iter().map(|e| serde_json::to_value(e).expect("JSON")).collect()
    }

    #[test]
    fn a_whole_chain_is_whole_and_goes_on() {
        let events = chain();
        let last = verify(&events).expect("whole");
        assert_eq!(Some(last.as_str()), events[4]["hash"].as_str());
        assert_eq!(verify(&[]), Ok(String::new()));
    }

    #[test]
    fn whatever_is_changed_is_found() {
        let whole = chain();
        for place in 0..5 {
            let mut changed = whole.clone();
            changed[place]["by"]["name"] = "Sam".into();
            assert_eq!(verify(&changed), Err(Broken { event: place + 1 }), "changed");
            let mut added = whole.clone();
            added[place]["reason"] = "x".into();
            assert_eq!(verify(&added), Err(Broken { event: place + 1 }), "something added");
            let mut without = whole.clone();
            without.remove(place);
            assert!(place == 4 || verify(&without) == Err(Broken { event: place + 1 }), "left out");
            let mut twice = whole.clone();
            twice.insert(place, whole[place].clone());
            assert_eq!(verify(&twice), Err(Broken { event: place + 2 }), "put in");
        }
        let mut swapped = whole.clone();
        swapped.swap(1, 2);
        assert_eq!(verify(&swapped), Err(Broken { event: 2 }));
    }
}
