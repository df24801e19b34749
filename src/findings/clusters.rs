//! Entries that belong together: one day, a run over days, top-ups, a meeting,
//! inherited.

use std::collections::BTreeMap;

use super::baseline::{Usual, surprise};
use super::buckets::{Buckets, Sorted, take};
use super::counted::{Counted, usual_day};
use super::features::{Bucket, Feature, Trait};
use super::joins::{join_runs, join_users};
use super::meetings::meetings;
use super::order::{ListFigures, follows_a_list};
use super::segments::maximal;
use super::topups::{self, NewPatients};
use super::weigh::{Question, Weight, likelihood, most_likely, total, weigh};
use super::{Kind, Likelihood, Thresholds};
use crate::cohort::{Cohort, PatientId};
use crate::domain::Day;
use crate::extract::Word;
use crate::sharing;

/// Surprise (−log₁₀ of the chance) that a day of this practice has by chance now and
/// then: what is above it speaks for bulk, what is below against.
pub const BY_CHANCE: f64 = 1.3;

/// Surprise of all days of a run together from which it is one.
const RUN: f64 = 4.0;

/// Of entries made one by one, so many are of the day on which the patient registered.
const ON_REGISTRATION: f64 = 0.05;

/// Whether a day lies before the programme for which the three codes were made, which was
/// announced for 2021: an entry of that day was typed in later.
fn is_before_the_codes(day: Day) -> bool {
    Day::from_ymd(2021, 1, 1).is_some_and(|start| day < start)
}

/// What a working day without an entry takes away from a run.
const IDLE: f64 = 0.2;

/// Entries that belong together, as indices into the features.
#[derive(Clone, Debug)]
pub struct Cluster {
    pub kind: Kind,
    pub likelihood: Likelihood,
    pub entries: Vec<usize>,
    /// Of the same days and users, with notes of their own.
    pub left_out: Vec<usize>,
    /// For top-ups: by what new patients are known.
    pub new: NewPatients,
    /// For top-ups: who registered in that time.
    pub registered: Vec<PatientId>,
    /// The practice, where the files speak of several.
    pub practice: Option<String>,
    /// What speaks for and against bulk.
    pub weights: Vec<Weight>,
    /// What is counted over the entries.
    pub counted: Counted,
    /// How surprising their number is, in bans.
    surprise: f64,
    /// Together these do not look like bulk, though parts of them do: no more days or users are
    /// added.
    pub is_doubtful: bool,
}

impl Cluster {
    pub fn new(kind: Kind, likelihood: Likelihood, entries: Vec<usize>, counted: Counted) -> Self {
        Self {
            kind,
            likelihood,
            entries,
            left_out: Vec::new(),
            new: NewPatients::ByNumber,
            registered: Vec::new(),
            practice: None,
            weights: Vec::new(),
            counted,
            is_doubtful: false,
            surprise: 0.0,
        }
    }
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
    let sorted = Sorted::of(features, scope.buckets);
    let usual = Usual::of((scope.cohort, scope.practice, features), &sorted, scope.patients, thresholds);
    let list = ListFigures::of(scope.cohort, scope.practice);
    let Sorted { plain: mut buckets, noted, inherited, .. } = sorted;
    let judge = Judge { scope, features, usual, list, noted: &noted, thresholds };

    let mut out = judge.back_dated(&mut buckets);
    out.extend(judge.top_ups(&mut buckets));
    out.extend(judge.runs_and_days(&mut buckets));
    out.extend(judge.shared_days(&buckets));
    join_users(&mut out, &judge);
    judge.complete(&mut out);
    meetings(&mut out, (scope.cohort, features), &noted, thresholds);
    if !inherited.is_empty() {
        let counted = Counted::of(features, &inherited);
        out.push(Cluster::new(Kind::Inherited, Likelihood::Inherited, inherited, counted));
    }
    out
}

pub fn len(entries: &[usize]) -> u32 {
    u32::try_from(entries.len()).unwrap_or(u32::MAX)
}

/// What entries are judged by.
pub struct Judge<'a> {
    scope: Scope<'a>,
    pub features: &'a [Feature],
    usual: Usual,
    list: ListFigures,
    /// Entries with notes of their own.
    noted: &'a Buckets,
    pub thresholds: &'a Thresholds,
}

impl Judge<'_> {
    /// How many entries of the same hands and days carry a note of their own.
    fn noted_beside(&self, counted: &Counted) -> usize {
        let of = |hand: Word, day: Day| self.noted.get(&(hand, day)).map_or(0, Vec::len);
        counted.hands.iter().map(|(hand, _)| counted.days.iter().map(|(day, _)| of(*hand, *day)).sum::<usize>()).sum()
    }

    /// A cluster of these entries, if they look applied in bulk or may.
    fn cluster(&self, kind: Kind, entries: Vec<usize>, surprise: f64) -> Option<Cluster> {
        let counted = Counted::of(self.features, &entries);
        let (likelihood, weights) = self.assess(kind, &entries, &counted, surprise)?;
        Some(Cluster { weights, surprise, ..Cluster::new(kind, likelihood, entries, counted) })
    }

    /// How much entries look applied in bulk, and why, if they do or may.
    fn assess(
        &self,
        kind: Kind,
        entries: &[usize],
        counted: &Counted,
        surprise: f64,
    ) -> Option<(Likelihood, Vec<Weight>)> {
        let mut weights = self.weigh(kind, entries, counted, surprise, false);
        // What is bulk without them is weighed in full once it is complete.
        let most = most_likely(&weights, counted, (kind, false), self.thresholds);
        let is_bulk = likelihood(total(&weights), self.thresholds).is_some_and(Likelihood::is_bulk);
        // A cap may be lifted by the list that was followed, if any was.
        let is_capped = is_bulk && !most.is_bulk();
        if !is_bulk || (is_capped && follows_a_list(self.scope.cohort, self.features, entries, &counted.days)) {
            weights = self.weigh(kind, entries, counted, surprise, true);
        }
        let mut likelihood = likelihood(total(&weights), self.thresholds)?;
        let least = match kind {
            Kind::Run => self.thresholds.least_in_a_run.min(self.thresholds.least_on_a_day * 2),
            Kind::TopUp | Kind::BackDated => self.thresholds.least_top_ups,
            _ => self.thresholds.least_on_a_day,
        };
        if len(entries) < least {
            likelihood = likelihood.min(Likelihood::Possible);
        }
        Some((likelihood.min(most_likely(&weights, counted, (kind, false), self.thresholds)), weights))
    }

    fn weigh(&self, kind: Kind, entries: &[usize], counted: &Counted, surprise: f64, in_full: bool) -> Vec<Weight> {
        let (cohort, features) = (self.scope.cohort, self.features);
        let noted_beside = self.noted_beside(counted);
        let question = Question { cohort, features, entries, counted, noted_beside, surprise, kind, in_full };
        weigh(question, &self.usual, &self.list, self.thresholds)
    }

    /// Weighs clusters that are complete now, with all that can be said of them.
    fn complete(&self, clusters: &mut [Cluster]) {
        let jobs = clusters.iter_mut().filter(|c| matches!(c.kind, Kind::OneDay | Kind::Run)).collect();
        sharing::map("finding", jobs, |cluster: &mut Cluster| {
            let Cluster { kind, entries, counted, surprise, .. } = cluster;
            cluster.weights = self.weigh(*kind, entries, counted, *surprise, true);
            let least = cluster.likelihood;
            if least.is_bulk() {
                let in_full = likelihood(total(&cluster.weights), self.thresholds);
                let most = most_likely(&cluster.weights, counted, (*kind, true), self.thresholds);
                cluster.likelihood = in_full.map_or(least, |l| l.max(least)).min(most);
            }
        });
    }

    /// Several clusters as one, at least as likely as the likeliest of them.
    pub fn joined(&self, mut members: Vec<Cluster>, surprise: f64) -> Option<Cluster> {
        if members.len() < 2 {
            return members.pop();
        }
        let certain = members.iter().map(|c| c.likelihood).max()?;
        let entries: Vec<usize> = members.iter().flat_map(|c| c.entries.iter().copied()).collect();
        let mut counted = Counted::default();
        for member in &members {
            counted.add(&member.counted);
        }
        let kind = if counted.days.len() == 1 { Kind::OneDay } else { Kind::Run };
        let of_first = || members.first().map_or_else(Vec::new, |c| c.weights.clone());
        let assessed = self.assess(kind, &entries, &counted, surprise);
        let is_doubtful = assessed.is_none();
        let (likelihood, weights, surprise) = match assessed {
            Some((likelihood, weights)) => (likelihood.max(certain), weights, surprise),
            None => (certain, of_first(), 0.0),
        };
        Some(Cluster { weights, surprise, is_doubtful, ..Cluster::new(kind, likelihood, entries, counted) })
    }

    /// How nearly all of a batch are dated: with the day of typing, or with the day of
    /// registration. One dated with some other day was somebody's own entry then.
    fn dating(&self, batch: &[usize]) -> Option<fn(&Feature) -> bool> {
        let ways: [fn(&Feature) -> bool; 2] = [|f| f.is(Trait::OnTyping), |f| f.is(Trait::OnRegistration)];
        let nearly_all = |way: &fn(&Feature) -> bool| {
            batch.iter().filter(|i| way(&self.features[**i])).count() * 10 >= batch.len() * 9
        };
        ways.into_iter().find(nearly_all)
    }

    fn take(&self, buckets: &mut Buckets, entries: &[usize]) {
        take(buckets, (self.features, self.scope.buckets), entries);
    }

    /// How surprising so many entries of one hand on one day are.
    pub fn surprise(&self, hand: Word, n: u32) -> f64 {
        let own = || self.usual.rates.get(&hand).copied().unwrap_or(self.usual.rate);
        surprise(n, if hand.is_some() { own() } else { self.usual.rate_of_all })
    }

    pub fn hand(&self, entries: &[usize]) -> Word {
        entries.first().map_or(Word::NONE, |i| self.features[*i].hand)
    }

    /// Entries of one hand dated with the day on which each patient registered, where the
    /// file does not tell when they were typed in: back to a time when nobody can have
    /// made them.
    fn back_dated(&self, buckets: &mut Buckets) -> Vec<Cluster> {
        let Self { scope, features, thresholds, .. } = self;
        if scope.cohort.events.iter().any(|e| e.entered.is_some()) {
            return Vec::new();
        }
        let mut hands: BTreeMap<Word, (Vec<usize>, u32)> = BTreeMap::new();
        for ((hand, _), entries) in buckets.iter() {
            let slot = hands.entry(*hand).or_default();
            slot.1 += len(entries);
            slot.0.extend(
                entries
                    .iter()
                    .copied()
                    .filter(|i| features[*i].is(Trait::OnRegistration) && !features[*i].is(Trait::Clinician)),
            );
        }
        let mut out = Vec::new();
        for (hand, (mut entries, all)) in hands {
            let is_before = |i: &usize| is_before_the_codes(features[*i].day);
            // Those of later days may have been made then, unless nearly all that this user
            // did is dated so.
            let is_habit = hand.is_some() && len(&entries) * 10 >= all * 7;
            if !is_habit {
                entries.retain(is_before);
            }
            let surprise = surprise(len(&entries), f64::from(all) * ON_REGISTRATION);
            let enough = entries.iter().filter(|i| is_before(i)).count() * 4 >= entries.len();
            if enough && len(&entries) >= thresholds.least_top_ups && surprise >= RUN {
                out.extend(self.cluster(Kind::BackDated, entries, surprise));
            }
        }
        for cluster in &out {
            self.take(buckets, &cluster.entries);
        }
        out
    }

    /// New patients coded soon after registering, again and again: by the days of
    /// registration where the file has them, else by the numbers that the system gives
    /// one after the other.
    fn top_ups(&self, buckets: &mut Buckets) -> Vec<Cluster> {
        let Self { scope, features, thresholds, .. } = self;
        let is_many = |bucket: &[usize]| {
            len(bucket) >= thresholds.least_on_a_day && self.surprise(self.hand(bucket), len(bucket)) >= BY_CHANCE * 4.0
        };
        let mut found = topups::by_registration(*scope, features, buckets, &self.list, thresholds, is_many);
        let people = || scope.cohort.patients.iter().filter(|p| scope.practice.is_none_or(|own| p.practice == own));
        let has_days = || people().filter(|p| p.registered.is_some()).count() * 2 > people().count();
        let is_by_number = found.is_empty() && features.iter().all(|f| !f.is(Trait::NewlyRegistered));
        // The days of registration would tell, where the file has them: then it is a list that
        // somebody worked through.
        let kind = if is_by_number && has_days() { Kind::Run } else { Kind::TopUp };
        if is_by_number {
            found = topups::by_number(*scope, features, buckets, (&self.list, thresholds), is_many);
        }
        let mut out = Vec::new();
        for top_ups in found {
            let Some(mut cluster) = self.cluster(kind, top_ups.entries, top_ups.surprise) else { continue };
            if kind == Kind::Run && !cluster.likelihood.is_bulk() {
                continue;
            }
            cluster.new = top_ups.new;
            cluster.registered = top_ups.people;
            self.take(buckets, &cluster.entries);
            out.push(cluster);
        }
        out
    }

    /// Days of one user with many, or one after the other.
    fn runs_and_days(&self, buckets: &mut Buckets) -> Vec<Cluster> {
        let mut out = Vec::new();
        for gap in [self.thresholds.run_gap_days, self.thresholds.slow_run_gap_days] {
            let found = self.runs(buckets, gap);
            let taken: Vec<usize> = found.iter().flat_map(|c| c.entries.iter().copied()).collect();
            self.take(buckets, &taken);
            out.extend(found);
        }
        join_runs(&mut out, self);
        self.extend_runs(&mut out, buckets);
        // Days that are something by themselves, though not much.
        let days: Vec<Cluster> = buckets
            .values()
            .filter_map(|entries| {
                // A clinician who codes a handful after a clinic is doing the job.
                let surprise = self.surprise(self.hand(entries), len(entries));
                (surprise > BY_CHANCE).then(|| self.cluster(Kind::OneDay, entries.clone(), surprise)).flatten()
            })
            .collect();
        let taken: Vec<usize> = days.iter().flat_map(|c| c.entries.iter().copied()).collect();
        self.take(buckets, &taken);
        out.extend(days);
        out
    }

    /// Stretches of days of one user, no two further apart than `gap`, that are together
    /// more than chance.
    fn runs(&self, buckets: &Buckets, gap: u32) -> Vec<Cluster> {
        let gap = i32::try_from(gap).unwrap_or(i32::MAX);
        let days: Vec<(&Bucket, &Vec<usize>)> = buckets.iter().collect();
        let follows =
            |a: &(&Bucket, &Vec<usize>), b: &(&Bucket, &Vec<usize>)| a.0.0 == b.0.0 && b.0.1.days_since(a.0.1) <= gap;
        let chains = days.chunk_by(follows).collect();
        let found = sharing::map("finding", chains, |chain| {
            // A score a day, and between two days one for the working days without any.
            let mut scores = Vec::with_capacity(chain.len() * 2);
            for (place, (bucket, entries)) in chain.iter().enumerate() {
                if let Some((before, _)) = place.checked_sub(1).and_then(|p| chain.get(p)) {
                    scores.push(-IDLE * f64::from(bucket.1.weekdays_since(before.1)));
                }
                scores.push(self.surprise(bucket.0, len(entries)) - BY_CHANCE);
            }
            let mut found = Vec::new();
            for segment in maximal(scores) {
                let days = chain.get(segment.from / 2..=(segment.to - 1) / 2).unwrap_or_default();
                found.extend(self.run(days, segment.score));
            }
            found
        });
        found.into_iter().flatten().collect()
    }

    /// Days as a run, or one of them by itself.
    fn run(&self, days: &[(&Bucket, &Vec<usize>)], score: f64) -> Option<Cluster> {
        // Between days of many, one or two entries are somebody's ordinary work.
        let least = self.thresholds.least_in_a_run_day;
        let counts = |entries: &&Vec<usize>| {
            len(entries) >= least
                && (self.usual.sees_user || self.surprise(self.hand(entries), len(entries)) > BY_CHANCE)
        };
        if score < RUN {
            return None;
        }
        let joined = days.iter().map(|(_, entries)| *entries).filter(counts);
        let mut entries: Vec<usize> = joined.flat_map(|e| e.iter().copied()).collect();
        if let Some(way) = self.dating(&entries) {
            entries.retain(|i| way(&self.features[*i]));
        }
        let counted = self.worth_a_day(&mut entries);
        let kind = if counted.days.len() > 1 { Kind::Run } else { Kind::OneDay };
        let surprise = score + BY_CHANCE;
        let (likelihood, weights) = self.assess(kind, &entries, &counted, surprise)?;
        let cluster = Cluster { weights, surprise, ..Cluster::new(kind, likelihood, entries, counted) };
        Some(cluster).filter(|c| c.likelihood.is_bulk() || kind == Kind::OneDay)
    }

    /// Gives runs their small days back: of the same hand, near a day of the run, with as
    /// many entries as a day of a run must have.
    fn extend_runs(&self, runs: &mut [Cluster], buckets: &mut Buckets) {
        let least = self.thresholds.least_in_a_run_day;
        for run in runs.iter_mut().filter(|c| c.kind == Kind::Run && c.likelihood.is_bulk() && !c.is_doubtful) {
            // Where nobody is named, a small day may be anybody's.
            let hand = self.hand(&run.entries);
            if !hand.is_some() {
                continue;
            }
            let days = &run.counted.days;
            let gap = if usual_day(days) < self.thresholds.least_on_a_day {
                self.thresholds.slow_run_gap_days
            } else {
                self.thresholds.run_gap_days
            };
            let gap = i32::try_from(gap).unwrap_or(i32::MAX);
            let (Some((begins, _)), Some((ends, _))) = (days.first().copied(), days.last().copied()) else { continue };
            let all = (hand, Day::FIRST)..=(hand, Day::LAST);
            // A last small day belongs to a run; a few entries beside days of hundreds do not.
            let least = least.max(usual_day(days).div_ceil(4));
            let own: Vec<(Day, &Vec<usize>)> = buckets
                .range(all)
                .filter(|(_, entries)| len(entries) >= least)
                .map(|((_, day), entries)| (*day, entries))
                .collect();
            let (mut from, mut to, mut more) = (begins, ends, Vec::new());
            for (day, entries) in own.iter().filter(|(day, _)| *day >= begins) {
                if day.days_since(to) > gap {
                    break;
                }
                to = to.max(*day);
                more.extend(entries.iter().copied());
            }
            for (day, entries) in own.iter().rev().filter(|(day, _)| *day < begins) {
                if from.days_since(*day) > gap {
                    break;
                }
                from = *day;
                more.extend(entries.iter().copied());
            }
            if let Some(way) = (!more.is_empty()).then(|| self.dating(&run.entries)).flatten() {
                more.retain(|i| way(&self.features[*i]));
            }
            // Another run may be near too, and an entry is in one.
            self.take(buckets, &more);
            run.counted.add(&Counted::of(self.features, &more));
            run.entries.extend(more);
        }
    }

    /// Of a run's entries, those of days that are worth one: of fewer, somebody may have
    /// made them beside it. Where nobody is named, that may have been anybody.
    fn worth_a_day(&self, entries: &mut Vec<usize>) -> Counted {
        let counted = Counted::of(self.features, entries);
        let days = &counted.days;
        let named = self.hand(entries).is_some();
        let largest = days.iter().map(|(_, n)| *n).max().unwrap_or(0);
        let twentieth = if named { 0 } else { largest / 20 };
        let least = self.thresholds.least_in_a_run_day.max(twentieth);
        if days.len() < 2 || days.iter().all(|(_, n)| *n >= least) {
            return counted;
        }
        let worth = |day: Day| {
            days.binary_search_by_key(&day, |(d, _)| *d)
                .ok()
                .and_then(|at| days.get(at))
                .is_some_and(|(_, n)| *n >= least)
        };
        entries.retain(|i| worth(self.features[*i].day));
        Counted::of(self.features, entries)
    }

    /// Days on which several users shared the work, none of them with many by their own; one
    /// by itself, or one after the other.
    fn shared_days(&self, buckets: &Buckets) -> Vec<Cluster> {
        if !self.usual.sees_user {
            return Vec::new();
        }
        // One entry each by many is what many people do.
        let several = |entries: &&Vec<usize>| len(entries) >= self.thresholds.least_in_a_run_day;
        let mut days = Buckets::new();
        for ((_, day), entries) in buckets.iter().filter(|(_, entries)| several(entries)) {
            let office = entries.iter().copied().filter(|i| !self.features[*i].is(Trait::Clinician));
            days.entry((Word::NONE, *day)).or_default().extend(office);
        }
        let many = self.thresholds.least_in_a_run;
        days.retain(|_, entries| len(entries) >= many);
        let mut found = self.runs(&days, self.thresholds.run_gap_days);
        found.retain(|c| {
            c.likelihood.is_bulk() && (c.kind == Kind::Run || len(&c.entries) > self.thresholds.clinician_list)
        });
        found
    }
}
