//! How this practice otherwise works, and how surprising a number of entries is then.

use rustc_hash::FxHashMap;

use super::Thresholds;
use super::buckets::Sorted;
use super::counted::usual_day;
use super::features::{Feature, Trait, has_title};
use super::order::follows_a_list;
use crate::cohort::{CodeEvent, Cohort, EventState};
use crate::domain::odds::ln_factorial;
use crate::domain::{AccessCode, Day};
use crate::extract::Word;
use crate::sharing;

/// How a practice enters 104s one by one, learnt from the days with few.
#[derive(Clone, Debug, PartialEq)]
pub struct Usual {
    /// Entries of a user on a day with any.
    pub rate: f64,
    /// The same of those users to whom some come nearly every day.
    pub rates: FxHashMap<Word, f64>,
    /// The days on which patients were given a 106, in order.
    given_106: Vec<Day>,
    /// Entries of a day with any, by everybody.
    pub rate_of_all: f64,
    /// Of the entries on days with few, how many have a note of their own, from 0 to 1.
    pub noted: f64,
    /// Some of its files say who entered a code.
    pub sees_user: bool,
    /// Users carry their titles, so that office staff can be told from clinicians.
    pub knows_titles: bool,
    /// Somebody's name has a title, so that a clinician's would.
    pub shows_titles: bool,
    /// Of the entries on days with few, how many are by office staff, from 0 to 1.
    pub office: f64,
}

impl Usual {
    /// Learns from the entries of a practice with so many patients.
    #[expect(clippy::cast_precision_loss, reason = "counts of entries")]
    pub fn of(
        (cohort, practice, features): (&Cohort, Option<Word>, &[Feature]),
        entries: &Sorted,
        patients: usize,
        thresholds: &Thresholds,
    ) -> Self {
        let (mut all, mut noted, mut office) = (0_usize, 0_usize, 0_usize);
        for (_, counts) in entries.counts.iter().filter(|(_, counts)| counts.plain < thresholds.least_on_a_day) {
            all += counts.here;
            noted += counts.noted;
            office += counts.office;
        }
        let share = |n: usize| (n + 1) as f64 / (all + 2) as f64;
        let plain = || entries.counts.iter().filter(|(_, counts)| counts.plain > 0);
        let counts: Vec<u32> = plain().map(|(_, counts)| counts.plain).collect();
        let mut days: FxHashMap<Day, u32> = FxHashMap::default();
        for ((_, day), counts) in plain() {
            *days.entry(*day).or_default() += counts.plain;
        }
        let days: Vec<u32> = days.into_values().collect();
        Self {
            // One user enters one or two on a day with any; a whole practice more, the
            // larger it is.
            rate: usual_rate(&counts, 0),
            given_106: given_106(cohort, practice),
            rates: steady_rates((cohort, features), entries, patients, thresholds),
            rate_of_all: usual_rate(&days, patients),
            noted: share(noted).clamp(0.05, 0.9),
            sees_user: cohort.some_show.users,
            knows_titles: entries.knows_titles,
            shows_titles: shows_titles(cohort, entries),
            office: share(office),
        }
    }
}

impl Usual {
    /// How many 106s were given in so many days up to a day.
    pub fn given_106_before(&self, day: Day, days: i32) -> usize {
        let up_to = |day: Day| self.given_106.partition_point(|given| *given <= day);
        up_to(day) - up_to(day.plus(-days - 1))
    }
}

/// Whether any user's name has a title.
fn shows_titles(cohort: &Cohort, entries: &Sorted) -> bool {
    // They come day by day of one hand.
    entries.counts.chunk_by(|(a, _), (b, _)| a.0 == b.0).any(|own| {
        let hand = own.first().map_or(Word::NONE, |((hand, _), _)| *hand);
        has_title(cohort.word(hand))
    })
}

/// The days of the 106s of a practice that count, in order.
fn given_106(cohort: &Cohort, practice: Option<Word>) -> Vec<Day> {
    let is_106 = |e: &&CodeEvent| e.state == EventState::Counts && e.code == Some(AccessCode::NoReview106);
    let found = sharing::chunks("finding", &cohort.patients, |_, patients| {
        let ours = patients.iter().filter(|p| practice.is_none_or(|practice| p.practice == practice));
        ours.flat_map(|p| cohort.events_of(p)).filter(is_106).filter_map(|e| e.day).collect::<Vec<Day>>()
    });
    let mut days = found.concat();
    days.sort_unstable();
    days
}

/// On more days than these a user enters a few as a matter of course: patients come to the desk
/// and ask, or decline. Nobody works through a list for so long (ours).
pub const MANY_DAYS: usize = 60;

/// So few a day are what every user enters now and then (ours).
const A_FEW: u32 = 3;

/// The usual number of each user to whom some come nearly every day, on very many days and in no
/// order of a list.
fn steady_rates(
    (cohort, features): (&Cohort, &[Feature]),
    entries: &Sorted,
    patients: usize,
    thresholds: &Thresholds,
) -> FxHashMap<Word, f64> {
    let mut by_hand: FxHashMap<Word, Vec<(Day, u32)>> = FxHashMap::default();
    for ((hand, day), own) in entries.plain.iter().filter(|((hand, _), _)| hand.is_some()) {
        // New patients are coded as they come, by whoever makes top-ups.
        let others = own.iter().filter(|i| !features[**i].is(Trait::NewlyRegistered)).count();
        if others > 0 {
            by_hand.entry(*hand).or_default().push((*day, u32::try_from(others).unwrap_or(u32::MAX)));
        }
    }
    let steady = |(hand, days): (Word, Vec<(Day, u32)>)| {
        let median = usual_day(&days);
        let is_long = days.iter().filter(|(_, n)| *n >= A_FEW).count() > MANY_DAYS;
        if !is_long || !(A_FEW..thresholds.most_at_a_desk()).contains(&median) {
            return None;
        }
        let all = (hand, Day::FIRST)..=(hand, Day::LAST);
        let own: Vec<usize> = entries.plain.range(all).flat_map(|(_, own)| own.iter().copied()).collect();
        // Nor do so many come to a desk, and what is written of a batch is one.
        let is_much = own.len() * 100 >= patients * thresholds.list_share as usize;
        let is_batch = own.iter().filter(|i| features[**i].shared_text.is_some()).count() * 2 > own.len();
        (!is_much && !is_batch && !follows_a_list(cohort, features, &own, &days)).then(|| (hand, f64::from(median)))
    };
    let hands = by_hand.into_iter().collect();
    sharing::map("finding", hands, steady).into_iter().flatten().collect()
}

/// How many entries a day are usual, robust against the very days that are
/// looked for: the median of the days' counts, not below 1 (a day of entries has
/// at least one) and not above what lone decisions can make of a list this long.
#[expect(clippy::cast_precision_loss, reason = "counts of entries")]
pub fn usual_rate(counts: &[u32], list: usize) -> f64 {
    let most = (list as f64 * 0.0003).max(1.5);
    let mut sorted = counts.to_vec();
    sorted.sort_unstable();
    let median = sorted.get(sorted.len() / 2).copied().unwrap_or(1);
    f64::from(median).clamp(1.0, most)
}

/// How surprising `n` or more entries on a day are where `rate` are usual:
/// −log₁₀ of the Poisson tail. 3 is one such day in a thousand, 6 one in a million.
pub fn surprise(n: u32, rate: f64) -> f64 {
    if f64::from(n) <= rate {
        return 0.0;
    }
    // log of the first term, then the sum of the falling terms relative to it.
    let log_first = f64::from(n) * rate.ln() - rate - ln_factorial(n as usize);
    let mut sum = 1.0;
    let mut term = 1.0;
    let mut k = n;
    while term > 1e-12 && k < n.saturating_add(10_000) {
        k += 1;
        term *= rate / f64::from(k);
        sum += term;
    }
    -(log_first + f64::ln(sum)) / std::f64::consts::LN_10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_agrees_with_tables() {
        // P(X ≥ 5 | 1) = 0.003660, P(X ≥ 10 | 1) = 1.114e-7, P(X ≥ 10 | 3) = 0.001102.
        for (n, rate, p) in [(5, 1.0, 0.003_660_f64), (10, 1.0, 1.114e-7), (10, 3.0, 0.001_102), (1, 0.5, 0.393_5)] {
            let difference = (surprise(n, rate) + p.log10()).abs();
            assert!(difference < 0.001, "{n} at {rate}: {difference}");
        }
        assert!(surprise(2469, 1.0) > 1000.0);
        assert!(surprise(1, 1.0).abs() < f64::EPSILON);
    }

    #[test]
    fn the_days_looked_for_do_not_hide_themselves() {
        // Nothing but a run of ten big days: the median is 250 and must not count as usual.
        assert!(usual_rate(&[250; 10], 4_000) <= 3.0);
        assert!((usual_rate(&[1, 1, 2, 1, 2469], 4_000) - 1.0).abs() < f64::EPSILON);
        assert!((usual_rate(&[], 4_000) - 1.0).abs() < f64::EPSILON);
    }
}
