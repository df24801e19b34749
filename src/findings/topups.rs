//! Top-ups: new patients coded soon after they registered, again and again, each time a
//! few.

use rustc_hash::FxHashMap;

use super::Thresholds;
use super::clusters::{Buckets, Scope, len};
use super::features::Feature;
use super::order::ListFigures;
use super::segments::maximal;
use crate::cohort::{Cohort, PatientId};
use crate::domain::Day;
use crate::extract::Word;

/// Entries that are top-ups.
pub struct TopUps {
    pub entries: Vec<usize>,
    /// How surprising it is that these patients were coded, and others were not.
    pub surprise: f64,
    /// How many patients registered in that time, and how many of them were coded.
    pub registered: Option<(usize, usize)>,
}

/// Of patients who registered while nobody made top-ups, how many are coded soon after
/// all the same: somebody asked them.
const BY_CHANCE: f64 = 0.06;

/// The same in an export that holds nobody without a code: then it is not known how many
/// were left out.
const BY_CHANCE_OF_CODED: f64 = 0.45;

/// Top-ups by the days of registration: stretches of patients, in the order in which they
/// registered, of whom far more were coded soon after than by chance.
pub fn by_registration(
    scope: Scope<'_>,
    features: &[Feature],
    buckets: &Buckets,
    list: &ListFigures,
    thresholds: &Thresholds,
    is_many: impl Fn(&[usize]) -> bool,
) -> Vec<TopUps> {
    let is_new = |i: &usize| features[*i].newly_registered;
    let habit = habits(features, buckets);
    let of_new_patients =
        |bucket: &[usize]| !is_many(bucket) || bucket.iter().filter(|i| is_new(i)).count() * 10 >= bucket.len() * 8;
    // A clinician who codes a new patient has seen them, unless it is all they do.
    let mut coded: FxHashMap<PatientId, usize> = FxHashMap::default();
    let candidates =
        buckets.iter().filter(|(_, b)| of_new_patients(b)).flat_map(|(bucket, b)| b.iter().map(|i| (bucket.0, *i)));
    for (user, entry) in candidates.filter(|(_, i)| is_new(i)) {
        if !features[entry].clinician || habit.get(&user).copied().unwrap_or(false) {
            coded.insert(features[entry].patient, entry);
        }
    }
    if coded.len() < thresholds.least_top_ups as usize {
        return Vec::new();
    }
    let mut people: Vec<(Day, PatientId)> = scope
        .cohort
        .iter()
        .filter(|(_, p)| scope.practice.is_none_or(|practice| p.practice == practice))
        .filter(|(id, p)| {
            let adult = p.registered.is_some_and(|r| p.born.is_none_or(|b| r.age(b) >= 16));
            coded.contains_key(id) || (adult && p.is_eligible())
        })
        .filter_map(|(id, p)| Some((p.registered?, id)))
        .collect();
    people.sort_unstable();
    let (hit, miss) = scores(list, thresholds);
    let score = |id: &PatientId| if coded.contains_key(id) { hit } else { miss };
    let mut out = Vec::new();
    for segment in maximal(people.iter().map(|(_, id)| score(id))) {
        let people = people.get(segment.from..segment.to).unwrap_or_default();
        let entries: Vec<usize> = people.iter().filter_map(|(_, id)| coded.get(id).copied()).collect();
        let entries = of_regular_users(features, entries);
        let days: std::collections::BTreeSet<Day> = entries.iter().map(|i| features[*i].day).collect();
        if len(&entries) >= thresholds.least_top_ups && days.len() >= 3 && segment.score >= 5.0 {
            let registered = Some((people.len(), entries.len()));
            out.push(TopUps { entries, surprise: segment.score, registered });
        }
    }
    out
}

/// What a new patient who was coded soon, and one who was not, say of top-ups, in bans.
fn scores(list: &ListFigures, thresholds: &Thresholds) -> (f64, f64) {
    if !list.has_uncoded() {
        let made = 0.97_f64;
        return ((made / BY_CHANCE_OF_CODED).log10(), ((1.0 - made) / (1.0 - BY_CHANCE_OF_CODED)).log10());
    }
    let hit = (0.9 / BY_CHANCE).log10();
    // They balance where the share coded is that of the threshold.
    let share = (f64::from(thresholds.top_up_share) / 100.0).clamp(0.05, 0.95);
    (hit, -hit * share / (1.0 - share))
}

/// Users nearly all of whose plain entries are of new patients: making top-ups is what
/// they do.
fn habits(features: &[Feature], buckets: &Buckets) -> FxHashMap<Word, bool> {
    let mut counts: FxHashMap<Word, (u32, u32)> = FxHashMap::default();
    for ((user, _), entries) in buckets {
        let slot = counts.entry(*user).or_default();
        slot.0 += len(entries);
        slot.1 += u32::try_from(entries.iter().filter(|i| features[**i].newly_registered).count()).unwrap_or(0);
    }
    counts.into_iter().map(|(user, (all, new))| (user, new >= 12 && new * 10 >= all * 7)).collect()
}

/// Of top-ups, those by users who made several: somebody who coded one new patient in all
/// that time was asked to.
fn of_regular_users(features: &[Feature], entries: Vec<usize>) -> Vec<usize> {
    let mut by: FxHashMap<Word, u32> = FxHashMap::default();
    for entry in &entries {
        *by.entry(features[*entry].user).or_default() += 1;
    }
    let least = (len(&entries) / 25).clamp(1, 5);
    entries.into_iter().filter(|i| by.get(&features[*i].user).is_some_and(|n| *n >= least)).collect()
}

/// Top-ups by the system's own numbers, where the file has no days of registration: these
/// numbers rise with every patient who registers, so that the newest patients, coded again
/// and again, have ever higher ones.
pub fn by_number(
    cohort: &Cohort,
    features: &[Feature],
    buckets: &Buckets,
    thresholds: &Thresholds,
    is_many: impl Fn(&[usize]) -> bool,
) -> Option<TopUps> {
    let number = |i: &usize| cohort.patient(features[*i].patient).and_then(|p| p.list_number);
    let mut entries: Vec<(Day, u64, usize)> = buckets
        .values()
        .filter(|bucket| !is_many(bucket))
        .flatten()
        .filter(|i| !features[**i].clinician)
        .filter_map(|i| Some((features[*i].day, number(i)?, *i)))
        .collect();
    entries.sort_unstable();
    let rising = longest_rising(&entries.iter().map(|(_, number, _)| *number).collect::<Vec<_>>());
    // By chance a list of n has a rising part of about 2√n.
    #[expect(clippy::cast_precision_loss, reason = "counts of entries")]
    let (n, found) = (entries.len() as f64, rising.len() as f64);
    if rising.len() < thresholds.least_top_ups as usize || found < 4.0 * n.sqrt() {
        return None;
    }
    let entries: Vec<usize> = rising.into_iter().map(|at| entries[at].2).collect();
    Some(TopUps { entries, surprise: (found - 2.0 * n.sqrt()) * 0.5, registered: None })
}

/// The places of a longest part of a list that rises (patience sorting).
fn longest_rising(list: &[u64]) -> Vec<usize> {
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(list.len());
    for (place, value) in list.iter().enumerate() {
        let at = ends.partition_point(|end| list[*end] < *value);
        before.push(at.checked_sub(1).and_then(|a| ends.get(a)).copied());
        if at == ends.len() {
            ends.push(place);
        } else {
            ends[at] = place;
        }
    }
    let mut out = Vec::with_capacity(ends.len());
    let mut next = ends.last().copied();
    while let Some(place) = next {
        out.push(place);
        next = before[place];
    }
    out.reverse();
    out
}

#[cfg(test)]
mod tests {
    use super::longest_rising;

    #[test]
    fn the_longest_rising_part_is_found() {
        let list = [5, 1, 2, 9, 3, 8, 4, 6];
        let found: Vec<u64> = longest_rising(&list).into_iter().map(|at| list[at]).collect();
        assert_eq!(found, [1, 2, 3, 4, 6]);
        assert!(longest_rising(&[]).is_empty());
    }
}
