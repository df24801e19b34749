//! Entries that belong together: one day, a run over days, top-ups, a meeting,
//! inherited.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::baseline::{surprise, usual_rate};
use super::features::{Bucket, Feature};
use super::{Kind, Likelihood, Thresholds};
use crate::cohort::Cohort;
use crate::domain::Day;
use crate::extract::Word;

/// Surprise (−log₁₀ of the chance) from which a day is called bulk, and from
/// which it is called possible.
const BULK: f64 = 6.0;
const POSSIBLE: f64 = 3.0;

/// Entries that belong together, as indices into the features.
#[derive(Clone, Debug)]
pub struct Cluster {
    pub kind: Kind,
    pub likelihood: Likelihood,
    pub entries: Vec<usize>,
    /// Of the same days and users, with notes of their own.
    pub left_out: Vec<usize>,
    /// For top-ups: how many patients registered in that time, and how many of
    /// them were coded.
    pub registered: Option<(usize, usize)>,
    /// The practice, where the files speak of several.
    pub practice: Option<String>,
}

/// Whose entries are looked at.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// Everybody.
    pub cohort: &'a Cohort,
    /// Patients of this practice only.
    pub practice: Option<Word>,
    /// How many patients that are.
    pub patients: usize,
    /// The buckets of the features.
    pub buckets: &'a [Bucket],
}

/// All clusters. An entry is in at most one.
pub fn clusters(scope: Scope<'_>, features: &[Feature], thresholds: &Thresholds) -> Vec<Cluster> {
    let mut out = Vec::new();
    let plain = |f: &Feature| !f.own_text && !f.inherited && !f.again;
    let mut buckets = group(scope, features, plain);
    let counts: Vec<u32> = buckets.values().map(|b| len(b)).collect();
    let rate = usual_rate(&counts, scope.patients);

    out.extend(top_ups(scope, features, &mut buckets, rate, thresholds));
    for chain in chains(&buckets, thresholds) {
        out.extend(judge(scope, features, &chain, &buckets, rate, thresholds));
    }
    out.extend(shared_days(features, &out, rate, thresholds));
    let noted = group(scope, features, |f| f.own_text && !f.inherited && !f.again);
    meetings(&mut out, features, &noted, thresholds);
    let inherited: Vec<usize> = (0..features.len()).filter(|i| features[*i].inherited).collect();
    if !inherited.is_empty() {
        out.push(Cluster {
            kind: Kind::Inherited,
            likelihood: Likelihood::Inherited,
            entries: inherited,
            left_out: Vec::new(),
            registered: None,
            practice: None,
        });
    }
    out
}

fn len(entries: &[usize]) -> u32 {
    u32::try_from(entries.len()).unwrap_or(u32::MAX)
}

fn group(scope: Scope<'_>, features: &[Feature], want: impl Fn(&Feature) -> bool) -> BTreeMap<Bucket, Vec<usize>> {
    let mut buckets: Vec<Vec<usize>> = vec![Vec::new(); scope.buckets.len()];
    for (index, feature) in features.iter().enumerate().filter(|(_, f)| want(f)) {
        if let Some(bucket) = buckets.get_mut(feature.bucket as usize) {
            bucket.push(index);
        }
    }
    scope.buckets.iter().copied().zip(buckets).filter(|(_, entries)| !entries.is_empty()).collect()
}

/// New patients coded soon after registering, again and again. Taken out of the
/// buckets, so that a Wednesday's five are not looked at twice.
fn top_ups(
    scope: Scope<'_>,
    features: &[Feature],
    buckets: &mut BTreeMap<Bucket, Vec<usize>>,
    rate: f64,
    thresholds: &Thresholds,
) -> Option<Cluster> {
    // A clinician who codes a new patient has seen them.
    let is_new = |i: &usize| features[*i].newly_registered && !features[*i].clinician;
    let of_new_patients = |bucket: &Vec<usize>| {
        let many = len(bucket) >= thresholds.least_on_a_day && surprise(len(bucket), rate) >= BULK;
        !many || bucket.iter().filter(|i| is_new(i)).count() * 10 >= bucket.len() * 8
    };
    let entries: Vec<usize> =
        buckets.values().filter(|b| of_new_patients(b)).flatten().copied().filter(is_new).collect();
    let days: std::collections::BTreeSet<Day> = entries.iter().map(|i| features[*i].day).collect();
    let (first, last) = (days.first()?, days.last()?);
    if len(&entries) < thresholds.least_top_ups || days.len() < 5 {
        return None;
    }
    // Of those who registered in that time, how many were coded soon after?
    let window = i32::try_from(thresholds.top_up_days).unwrap_or(14);
    let registered = scope
        .cohort
        .patients
        .iter()
        .filter(|p| scope.practice.is_none_or(|practice| p.practice == practice))
        .filter(|p| {
            p.registered.is_some_and(|r| r >= first.plus(-window) && r <= *last)
                && p.born.is_none_or(|b| last.age(b) >= 16)
        })
        .count();
    if entries.len() * 100 < registered * thresholds.top_up_share as usize {
        return None;
    }
    let mut taken = vec![false; features.len()];
    for entry in &entries {
        taken[*entry] = true;
    }
    for bucket in buckets.values_mut() {
        bucket.retain(|i| !taken[*i]);
    }
    buckets.retain(|_, b| !b.is_empty());
    let registered = Some((registered.max(entries.len()), entries.len()));
    Some(Cluster {
        kind: Kind::TopUp,
        likelihood: Likelihood::Likely,
        entries,
        left_out: Vec::new(),
        registered,
        practice: None,
    })
}

/// Days of one user that follow each other with at most a long weekend between.
fn chains(buckets: &BTreeMap<Bucket, Vec<usize>>, thresholds: &Thresholds) -> Vec<Vec<Bucket>> {
    let gap = i32::try_from(thresholds.run_gap_days).unwrap_or(4);
    let mut out: Vec<Vec<Bucket>> = Vec::new();
    for (bucket, _) in buckets.iter().filter(|(_, b)| len(b) >= thresholds.least_in_a_run_day) {
        let follows = out
            .last()
            .and_then(|chain| chain.last())
            .is_some_and(|(user, day)| *user == bucket.0 && bucket.1.days_since(*day) <= gap);
        match out.last_mut() {
            Some(chain) if follows => chain.push(*bucket),
            _ => out.push(vec![*bucket]),
        }
    }
    out
}

fn judge(
    scope: Scope<'_>,
    features: &[Feature],
    chain: &[Bucket],
    buckets: &BTreeMap<Bucket, Vec<usize>>,
    rate: f64,
    thresholds: &Thresholds,
) -> Vec<Cluster> {
    let entries = |bucket: &Bucket| buckets.get(bucket).map_or(&[][..], Vec::as_slice);
    let size = |bucket: &Bucket| len(entries(bucket));
    let is_many = |n: u32| n >= thresholds.least_on_a_day && surprise(n, rate) >= BULK;
    let any_many = chain.iter().any(|b| is_many(size(b)));
    // Small days join a run only if they make one by themselves; beside a day of
    // hundreds, three entries are somebody's ordinary work.
    let small: Vec<&Bucket> = chain.iter().filter(|b| !is_many(size(b))).collect();
    let long = small.len() >= 4 && small.iter().map(|b| size(b)).sum::<u32>() >= thresholds.least_in_a_run;
    let joined: Vec<Bucket> = chain.iter().filter(|b| long || surprise(size(b), rate) >= POSSIBLE).copied().collect();
    let all: Vec<usize> = joined.iter().flat_map(entries).copied().collect();
    let total = len(&all);
    let first = chain.first().and_then(|bucket| entries(bucket).first());
    let clinician = first.is_some_and(|i| features[*i].clinician);
    if joined.len() >= 2 && (any_many || long) {
        let likelihood = match total {
            n if clinician && n <= thresholds.clinician_list => Likelihood::Possible,
            n if n >= thresholds.certain_on_a_day => Likelihood::AlmostCertain,
            _ => Likelihood::Likely,
        };
        return vec![Cluster {
            kind: Kind::Run,
            likelihood,
            entries: all,
            left_out: Vec::new(),
            registered: None,
            practice: None,
        }];
    }
    let one = |bucket: &Bucket| {
        let entries = entries(bucket).to_vec();
        let n = len(&entries);
        let tenth = n >= 30 && entries.len() * 10 >= scope.patients;
        let likelihood = match n {
            n if is_many(n) && clinician && n <= thresholds.clinician_list => Likelihood::Possible,
            n if is_many(n) && (n >= thresholds.certain_on_a_day || tenth) => Likelihood::AlmostCertain,
            n if is_many(n) => Likelihood::Likely,
            // A clinician who codes a handful after a clinic is doing the job.
            n if !clinician && surprise(n, rate) >= POSSIBLE => Likelihood::Possible,
            _ => return None,
        };
        Some(Cluster {
            kind: Kind::OneDay,
            likelihood,
            entries,
            left_out: Vec::new(),
            registered: None,
            practice: None,
        })
    };
    chain.iter().filter_map(one).collect()
}

/// Days on which several users shared the work, none of them with many by their
/// own.
fn shared_days(features: &[Feature], found: &[Cluster], rate: f64, thresholds: &Thresholds) -> Vec<Cluster> {
    let mut taken = vec![false; features.len()];
    for entry in found.iter().flat_map(|c| &c.entries) {
        taken[*entry] = true;
    }
    let mut days: BTreeMap<Day, Vec<usize>> = BTreeMap::new();
    let plain = |f: &Feature| !f.own_text && !f.inherited && !f.again && !f.clinician;
    for (index, feature) in features.iter().enumerate().filter(|(i, f)| plain(f) && !taken[*i]) {
        days.entry(feature.day).or_default().push(index);
    }
    let least = thresholds.least_in_a_run;
    days.retain(|_, entries| len(entries) >= least && surprise(len(entries), rate) >= BULK);
    let cluster = |entries: Vec<usize>| {
        let certain = len(&entries) >= thresholds.certain_on_a_day;
        let likelihood = if certain { Likelihood::AlmostCertain } else { Likelihood::Likely };
        Cluster { kind: Kind::OneDay, likelihood, entries, left_out: Vec::new(), registered: None, practice: None }
    };
    days.into_values().map(cluster).collect()
}

/// Entries with notes of their own: beside a bulk group of the same day and user
/// they are left out of it; on a day of their own they are a meeting.
fn meetings(
    out: &mut Vec<Cluster>,
    features: &[Feature],
    noted: &BTreeMap<Bucket, Vec<usize>>,
    thresholds: &Thresholds,
) {
    let mut found = Vec::new();
    let mut bulk: FxHashMap<Bucket, usize> = FxHashMap::default();
    for (place, cluster) in out.iter().enumerate().filter(|(_, c)| matches!(c.kind, Kind::OneDay | Kind::Run)) {
        for entry in &cluster.entries {
            bulk.entry((features[*entry].user, features[*entry].day)).or_insert(place);
        }
    }
    for (bucket, entries) in noted {
        if let Some(cluster) = bulk.get(bucket).and_then(|place| out.get_mut(*place)) {
            cluster.left_out.extend(entries);
        } else if len(entries) >= thresholds.least_in_a_meeting {
            let entries = entries.clone();
            found.push(Cluster {
                kind: Kind::Meeting,
                likelihood: Likelihood::Individual,
                entries,
                left_out: Vec::new(),
                registered: None,
                practice: None,
            });
        }
    }
    out.append(&mut found);
}
