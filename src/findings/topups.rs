//! Top-ups: new patients coded soon after they registered, again and again, each time a
//! few.

use std::collections::BTreeSet;
use std::num::NonZeroU64;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Thresholds;
use super::baseline::surprise;
use super::buckets::Buckets;
use super::clusters::{Scope, len};
use super::features::{Feature, Trait};
use super::order::ListFigures;
use super::segments::maximal;
use crate::cohort::{Cohort, Patient, PatientId};
use crate::domain::Day;
use crate::extract::Word;
use crate::sharing;

/// Entries that are top-ups.
pub struct TopUps {
    pub entries: Vec<usize>,
    /// How surprising it is that these patients were coded, and others were not.
    pub surprise: f64,
    pub new: NewPatients,
    /// Who registered in that time, coded or not, where that is known.
    pub people: Vec<PatientId>,
}

/// By what new patients are known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NewPatients {
    /// By the day of registration; how many registered in that time, and how many of them
    /// were coded, where that is known.
    ByDate(Option<(usize, usize)>),
    /// By the system's own number.
    #[default]
    ByNumber,
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
    let is_new = |i: &usize| features[*i].is(Trait::NewlyRegistered);
    if features.iter().filter(|f| f.is(Trait::NewlyRegistered)).count() < thresholds.least_top_ups as usize {
        return Vec::new();
    }
    // How many of each bucket are of new patients.
    let counts: Vec<usize> = buckets.values().map(|bucket| bucket.iter().filter(|i| is_new(i)).count()).collect();
    let habit = habits(features, buckets, &counts);
    let of_new_patients = |bucket: &[usize], new: usize| !is_many(bucket) || new * 10 >= bucket.len() * 8;
    // Of each patient, the entry that may be a top-up.
    let mut coded: Vec<Option<usize>> = vec![None; scope.cohort.patients.len()];
    let mut among = 0;
    let wanted = buckets.iter().zip(&counts).filter(|((_, bucket), new)| **new > 0 && of_new_patients(bucket, **new));
    for (((user, _), bucket), _) in wanted {
        // A clinician who codes a new patient has seen them, unless it is all they do.
        let is_habit = habit.get(user).copied().unwrap_or(false);
        for entry in bucket.iter().filter(|i| is_new(i) && (is_habit || !features[**i].is(Trait::Clinician))) {
            among += usize::from(coded[features[*entry].patient.index()].replace(*entry).is_none());
        }
    }
    if among < thresholds.least_top_ups as usize {
        return Vec::new();
    }
    // Whoever came with a 104 needed none.
    let mut came_with = vec![false; scope.cohort.patients.len()];
    for feature in features.iter().filter(|f| f.is(Trait::Inherited)) {
        came_with[feature.patient.index()] = true;
    }
    let people = newcomers(scope, &coded, &came_with);
    let (hit, miss) = scores(list, thresholds);
    // Where nobody without a code is in the file, it takes more to be sure.
    let enough = if list.has_uncoded { 5.0 } else { 10.0 };
    let says = |id: &PatientId| if coded[id.index()].is_some() { hit } else { miss };
    let mut out = Vec::new();
    for segment in maximal(people.iter().map(|(_, id)| says(id))) {
        let people = people.get(segment.from..segment.to).unwrap_or_default();
        let entries: Vec<usize> = people.iter().filter_map(|(_, id)| coded[id.index()]).collect();
        let entries = of_regular_users(features, entries);
        let days: FxHashSet<Day> = entries.iter().map(|i| features[*i].day).collect();
        if len(&entries) >= thresholds.least_top_ups && days.len() >= 3 && segment.score >= enough {
            let known = list.has_uncoded.then_some((people.len(), entries.len()));
            let people = people.iter().filter(|_| known.is_some()).map(|(_, id)| *id).collect();
            out.push(TopUps { entries, surprise: segment.score, new: NewPatients::ByDate(known), people });
        }
    }
    out
}

/// Those who registered while top-ups may have been made, in that order: the coded ones, and
/// those who might have been. Before the first and after the last coded one nothing can be
/// told.
fn newcomers(scope: Scope<'_>, coded: &[Option<usize>], came_with: &[bool]) -> Vec<(Day, PatientId)> {
    let people = &scope.cohort.patients;
    let days = people.iter().zip(coded).filter(|(_, coded)| coded.is_some()).filter_map(|(p, _)| p.registered);
    let Some((begins, ends)) = days.fold(None, |span: Option<(Day, Day)>, day| {
        Some(span.map_or((day, day), |(from, to)| (from.min(day), to.max(day))))
    }) else {
        return Vec::new();
    };
    let wanted = |index: usize, patient: &Patient| {
        let day = patient.registered.filter(|day| (begins..=ends).contains(day))?;
        let ours = scope.practice.is_none_or(|practice| patient.practice == practice);
        let adult = || patient.born.is_none_or(|born| day.age(born) >= 16);
        let might = || patient.is_eligible() && !came_with[index] && adult();
        (ours && (coded[index].is_some() || might())).then_some(day)
    };
    let found = sharing::chunks("finding", people, |first, people| {
        let mut found = Vec::with_capacity(people.len());
        for (patient, index) in people.iter().zip(first..) {
            if let Some(day) = wanted(index, patient) {
                found.push((day, PatientId(u32::try_from(index).unwrap_or(u32::MAX))));
            }
        }
        found.sort_unstable();
        found
    });
    // Each is in order: putting such stretches together is quick.
    let mut all = found.concat();
    all.sort();
    all
}

/// What a new patient who was coded soon, and one who was not, say of top-ups, in bans.
fn scores(list: &ListFigures, thresholds: &Thresholds) -> (f64, f64) {
    if !list.has_uncoded {
        let made = 0.97_f64;
        return ((made / BY_CHANCE_OF_CODED).log10(), ((1.0 - made) / (1.0 - BY_CHANCE_OF_CODED)).log10());
    }
    let hit = (0.9 / BY_CHANCE).log10();
    // They balance where the share coded is that of the threshold.
    let share = (f64::from(thresholds.top_up_share) / 100.0).clamp(0.05, 0.95);
    (hit, -hit * share / (1.0 - share))
}

/// A clinician's top-ups are one in so many of the busiest user's, at least (ours).
const LEAST_OF_A_CLINICIAN: usize = 3;

/// Users nearly all of whose plain entries are of new patients: making top-ups is what
/// they do. `new` is how many of each bucket are.
fn habits(features: &[Feature], buckets: &Buckets, new: &[usize]) -> FxHashMap<Word, bool> {
    #[derive(Default)]
    struct Counts {
        all: usize,
        new: usize,
        is_clinician: bool,
    }
    let mut counts: FxHashMap<Word, Counts> = FxHashMap::default();
    for (((user, _), entries), new) in buckets.iter().zip(new) {
        let slot = counts.entry(*user).or_default();
        slot.all += entries.len();
        slot.new += new;
        slot.is_clinician |= entries.first().is_some_and(|i| features[*i].is(Trait::Clinician));
    }
    // A clinician who codes a few of those whom somebody else codes by the week has seen them.
    let most = counts.values().map(|c| c.new).max().unwrap_or(0);
    let is_habit = |c: &Counts| {
        c.new >= 12 && c.new * 10 >= c.all * 7 && (!c.is_clinician || c.new * LEAST_OF_A_CLINICIAN >= most)
    };
    counts.iter().map(|(user, c)| (*user, is_habit(c))).collect()
}

/// Of top-ups, those by users who made several: somebody who coded one new patient in all
/// that time was asked to.
fn of_regular_users(features: &[Feature], entries: Vec<usize>) -> Vec<usize> {
    let mut by: FxHashMap<Word, u32> = FxHashMap::default();
    for entry in &entries {
        *by.entry(features[*entry].hand).or_default() += 1;
    }
    let least = (len(&entries) / 25).clamp(1, 5);
    entries.into_iter().filter(|i| by.get(&features[*i].hand).is_some_and(|n| *n >= least)).collect()
}

/// Of patients who are coded one by one, so many are by chance among the newest.
const NEWEST_BY_CHANCE: f64 = 0.03;

/// Of all patients, so many register within a month.
const A_MONTH: f64 = 0.012;

/// Top-ups by the system's own numbers, where the file has no days of registration: these
/// numbers rise with every patient who registers, so that those of patients who are coded
/// soon after lie on a rising line.
pub fn by_number(
    Scope { cohort, practice, .. }: Scope<'_>,
    features: &[Feature],
    buckets: &Buckets,
    (list, thresholds): (&ListFigures, &Thresholds),
    is_many: impl Fn(&[usize]) -> bool,
) -> Vec<TopUps> {
    // Each practice has numbers of its own.
    let own = || cohort.patients.iter().filter(|p| practice.is_none_or(|own| p.practice == own));
    let sorted = |numbers: &mut dyn Iterator<Item = NonZeroU64>| {
        let mut numbers: Vec<NonZeroU64> = numbers.collect();
        numbers.sort_unstable();
        numbers
    };
    let numbers = sorted(&mut own().filter_map(|p| p.list_number));
    let eligible = sorted(&mut own().filter(|p| p.is_eligible()).filter_map(|p| p.list_number));
    let rank = |i: usize| {
        let number = cohort.patient(features[i].patient).and_then(|p| p.list_number)?;
        Some(numbers.partition_point(|n| *n < number))
    };
    // A month's batch may be many, but no part of the list that is worth speaking of.
    let largest = numbers.len() / 25;
    let wanted = buckets.iter().filter(|(_, b)| !is_many(b) || b.len() <= largest.max(12));
    let mut entries: Vec<(Day, usize, usize)> = wanted
        .flat_map(|(_, bucket)| bucket.iter())
        .filter(|i| !features[**i].is(Trait::Clinician))
        .filter_map(|i| Some((features[*i].day, rank(*i)?, *i)))
        .collect();
    // Of one day, the line has one: else a day's random patients would rise by themselves.
    entries.sort_unstable_by_key(|(day, rank, i)| (*day, std::cmp::Reverse(*rank), *i));
    let line: Vec<(Day, usize)> = longest_rising(&entries.iter().map(|(_, rank, _)| *rank).collect::<Vec<_>>())
        .into_iter()
        .map(|at| (entries[at].0, entries[at].1))
        .collect();
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts")]
    let reach = ((numbers.len() as f64 * A_MONTH) as usize).max(3);
    let is_near = |(day, rank, _): &(Day, usize, usize)| {
        line_at(&line, *day).is_some_and(|on_line| on_line.abs_diff(*rank) <= reach)
    };
    // Stretches of time in which nearly all are near the line.
    let score = |entry: &(Day, usize, usize)| if is_near(entry) { 1.0 } else { -0.8 };
    let mut out = Vec::new();
    for segment in maximal(entries.iter().map(score)) {
        let all = entries.get(segment.from..segment.to).unwrap_or_default();
        let near: Vec<(Day, usize, usize)> = all.iter().copied().filter(|e| is_near(e)).collect();
        let near = of_regular_users(features, at_one_pace(&near, reach));
        let days: FxHashSet<Day> = near.iter().map(|i| features[*i].day).collect();
        // By chance a line rises through 2√n of n entries, and a few more lie beside it.
        #[expect(clippy::cast_precision_loss, reason = "counts of entries")]
        let by_chance =
            ((entries.len() as f64).sqrt() * 2.0).min(days.len() as f64) + all.len() as f64 * NEWEST_BY_CHANCE;
        let surprise = surprise(len(&near), by_chance);
        let is_habit = !list.has_uncoded || is_of_most(cohort, features, &near, &eligible, thresholds);
        if len(&near) >= thresholds.least_top_ups && days.len() >= 5 && segment.score >= 10.0 && is_habit {
            out.push(TopUps { entries: near, surprise, new: NewPatients::ByNumber, people: Vec::new() });
        }
    }
    out
}

/// Whether most of those who registered in the time of some top-ups, by their numbers, were coded
/// so: a desk at which new patients are asked has codes of a few of them.
fn is_of_most(
    cohort: &Cohort,
    features: &[Feature],
    entries: &[usize],
    eligible: &[NonZeroU64],
    thresholds: &Thresholds,
) -> bool {
    let number = |i: &usize| {
        let patient = cohort.patient(features[*i].patient).filter(|patient| patient.is_eligible())?;
        patient.list_number
    };
    let coded: BTreeSet<NonZeroU64> = entries.iter().filter_map(number).collect();
    let (Some(first), Some(last)) = (coded.first(), coded.last()) else { return false };
    let of = eligible.partition_point(|n| n <= last) - eligible.partition_point(|n| n < first);
    coded.len() * 100 >= of * thresholds.top_up_share as usize
}

/// Of entries near a line, those at its pace: about as many patients register in one month
/// as in another, and single entries of before or after, through which the line was drawn
/// too, do not lie where it would come from or go to.
fn at_one_pace(near: &[(Day, usize, usize)], reach: usize) -> Vec<usize> {
    #[expect(clippy::cast_precision_loss, reason = "ranks and days")]
    let at = |(day, rank, _): &(Day, usize, usize)| (f64::from(day.epoch()), *rank as f64);
    // Patients a day: the middle of the paces over a quarter of the entries each.
    let step = (near.len() / 4).max(2);
    let mut paces: Vec<f64> = near
        .windows(step + 1)
        .filter_map(|w| {
            let ((from, low), (to, high)) = (w.first().map(at)?, w.last().map(at)?);
            (to > from).then(|| (high - low) / (to - from))
        })
        .collect();
    paces.sort_by(f64::total_cmp);
    let Some(pace) = paces.get(paces.len() / 2).copied() else { return Vec::new() };
    let start = |entry: &(Day, usize, usize)| at(entry).1 - pace * at(entry).0;
    let mut starts: Vec<f64> = near.iter().map(start).collect();
    starts.sort_by(f64::total_cmp);
    let Some(middle) = starts.get(starts.len() / 2).copied() else { return Vec::new() };
    #[expect(clippy::cast_precision_loss, reason = "ranks")]
    let far = (reach * 4) as f64;
    near.iter().filter(|entry| (start(entry) - middle).abs() <= far).map(|(.., i)| *i).collect()
}

/// Where a line stands on a day, between its points.
fn line_at(line: &[(Day, usize)], day: Day) -> Option<usize> {
    let at = line.partition_point(|(d, _)| *d < day);
    let (before, after) = (at.checked_sub(1).and_then(|at| line.get(at)), line.get(at));
    match (before, after) {
        (_, Some((d, rank))) if *d == day => Some(*rank),
        (Some((a, low)), Some((b, high))) => {
            let (part, whole) = (day.days_since(*a), b.days_since(*a).max(1));
            let part = usize::try_from(part).ok()? * high.saturating_sub(*low) / usize::try_from(whole).ok()?;
            Some(low + part)
        }
        (Some((_, rank)), None) | (None, Some((_, rank))) => Some(*rank),
        (None, None) => None,
    }
}

/// The places of a longest part of a list that rises (patience sorting).
fn longest_rising(list: &[usize]) -> Vec<usize> {
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
    use super::*;

    #[test]
    fn the_longest_rising_part_is_found() {
        let list = [5, 1, 2, 9, 3, 8, 4, 6];
        let found: Vec<usize> = longest_rising(&list).into_iter().map(|at| list[at]).collect();
        assert_eq!(found, [1, 2, 3, 4, 6]);
        assert!(longest_rising(&[]).is_empty());
    }

    #[test]
    fn a_line_is_followed_between_its_points() {
        let day = |n| Day::from_ymd(2023, 1, n).expect("a day");
        let line = [(day(1), 100), (day(11), 200)];
        assert_eq!(line_at(&line, day(6)), Some(150));
        assert_eq!(line_at(&line, day(11)), Some(200));
        assert_eq!(line_at(&line, day(20)), Some(200));
        assert_eq!(line_at(&[], day(6)), None);
    }
}
