//! Entries with notes of their own, many on a day: meetings, and what stands beside a bulk day.

use rustc_hash::FxHashMap;

use super::buckets::Buckets;
use super::clusters::{Cluster, len};
use super::counted::Counted;
use super::features::{Bucket, Feature};
use super::{Kind, Likelihood, Thresholds};
use crate::cohort::Cohort;

/// So many with the same few words are one piece of work; fewer are what a desk writes on a day
/// ("declined").
const SAME_WORDS: usize = 12;

/// Whether noted entries of one day look like a meeting.
fn is_meeting(cohort: &Cohort, features: &[Feature], entries: &[usize]) -> bool {
    let text = |i: &usize| cohort.events.get(features[*i].event as usize).map(|e| e.text);
    let first = entries.first().and_then(text);
    entries.len() >= SAME_WORDS || entries.iter().any(|i| text(i) != first)
}

/// Entries with notes of their own: beside a bulk group of the same day and user
/// they are left out of it; on a day of their own they are a meeting.
pub fn meetings(
    out: &mut Vec<Cluster>,
    (cohort, features): (&Cohort, &[Feature]),
    noted: &Buckets,
    thresholds: &Thresholds,
) {
    let mut found = Vec::new();
    let mut bulk: FxHashMap<Bucket, usize> = FxHashMap::default();
    for (place, cluster) in out.iter().enumerate().filter(|(_, c)| matches!(c.kind, Kind::OneDay | Kind::Run)) {
        // They come bucket by bucket.
        let names = cluster.entries.iter().map(|entry| (features[*entry].user, features[*entry].day));
        let mut last = None;
        for name in names {
            if last.replace(name) != Some(name) {
                bulk.entry(name).or_insert(place);
            }
        }
    }
    for (bucket, entries) in noted {
        if let Some(cluster) = bulk.get(bucket).and_then(|place| out.get_mut(*place)) {
            cluster.left_out.extend(entries);
        } else if len(entries) >= thresholds.least_in_a_meeting && is_meeting(cohort, features, entries) {
            let counted = Counted::of(features, entries);
            found.push(Cluster::new(Kind::Meeting, Likelihood::Individual, entries.clone(), counted));
        }
    }
    out.append(&mut found);
}
