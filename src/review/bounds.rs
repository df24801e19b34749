//! What a random sample proves about the whole it was drawn from: exact upper bounds, and
//! the sizes of samples that reach a wanted one.
//!
//! One-sided, with 95 % confidence, as auditors state it (attribute sampling with a risk
//! of overreliance of 5 %). Clopper and Pearson (1934) where the sample is less than a
//! tenth of the group; the hypergeometric distribution, which knows that nobody is drawn
//! twice, where it is more.

use crate::domain::odds::ln_factorial;

/// The chance that a bound is wrong.
const RISK: f64 = 0.05;

/// A sample of at least one in so many is a large part of its group.
const LARGE_PART: usize = 10;

/// What a sample proves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bound {
    /// With 95 % confidence no larger share of the group is so, from 0 to 1.
    pub share: f64,
    /// As a number of people of the group.
    pub people: usize,
    /// By which distribution.
    pub method: Method,
}

/// The distribution that a bound comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// The binomial distribution, as if the group had no end.
    ClopperPearson,
    /// Exactly, for a group of this size.
    Hypergeometric,
}

impl Method {
    /// As reports name it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::ClopperPearson => "Clopper–Pearson",
            Self::Hypergeometric => "hypergeometric",
        }
    }
}

/// The bound that `found` of a `sample` out of a `group` proves; `None` for an empty
/// sample, or figures that cannot be.
#[must_use]
pub fn upper_bound(found: usize, sample: usize, group: usize) -> Option<Bound> {
    if sample == 0 || found > sample || sample > group {
        return None;
    }
    if sample * LARGE_PART < group {
        let share = clopper_pearson(found, sample);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a share of a number of people"
        )]
        let people = (share * group as f64).floor() as usize;
        return Some(Bound { share, people, method: Method::ClopperPearson });
    }
    let people = hypergeometric(found, sample, group);
    #[expect(clippy::cast_precision_loss, reason = "numbers of people")]
    let share = people as f64 / group as f64;
    Some(Bound { share, people, method: Method::Hypergeometric })
}

/// The smallest sample of a group that, if nobody in it is found, proves that fewer than
/// this share are; the whole group where no smaller one does.
#[must_use]
pub fn sample_size(below: f64, group: usize) -> usize {
    let proves = |sample: usize| {
        upper_bound(0, sample, group).is_some_and(|bound| match bound.method {
            Method::ClopperPearson => bound.share < below,
            Method::Hypergeometric => bound.share < below || sample == group,
        })
    };
    // A larger sample proves at least as much within each method; where the method
    // changes, it proves more.
    let (mut low, mut high) = (0, group);
    while low + 1 < high {
        let middle = usize::midpoint(low, high);
        if proves(middle) { high = middle } else { low = middle }
    }
    high
}

/// The share at which so few, or fewer, would be found with a chance of 5 %.
fn clopper_pearson(found: usize, sample: usize) -> f64 {
    if found == sample {
        return 1.0;
    }
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    // Each round halves it: 60 reach the precision of the numbers.
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if binomial_up_to(found, sample, middle) > RISK { low = middle } else { high = middle }
    }
    high
}

/// The chance of at most so many in a sample, where each has this chance.
#[expect(clippy::cast_precision_loss, reason = "numbers of people")]
fn binomial_up_to(found: usize, sample: usize, chance: f64) -> f64 {
    let n = sample as f64;
    // In logarithms: the first terms of a large sample are too small for a number.
    let odds = chance.ln() - (-chance).ln_1p();
    let mut term = n * (-chance).ln_1p();
    let mut sum = term.exp();
    for k in 0..found {
        let k = k as f64;
        term += ((n - k) / (k + 1.0)).ln() + odds;
        sum += term.exp();
    }
    sum
}

/// The largest number of people in the group with whom so few, or fewer, would be found
/// with a chance above 5 %.
fn hypergeometric(found: usize, sample: usize, group: usize) -> usize {
    // Those not drawn may all be, and those found are.
    let (mut low, mut high) = (found, group - sample + found + 1);
    while low + 1 < high {
        let middle = usize::midpoint(low, high);
        if hypergeometric_up_to(found, sample, group, middle) > RISK { low = middle } else { high = middle }
    }
    low
}

/// The chance of at most so many in a sample without putting back, out of a group in which
/// `marked` are so.
#[expect(clippy::cast_precision_loss, reason = "numbers of people")]
fn hypergeometric_up_to(found: usize, sample: usize, group: usize, marked: usize) -> f64 {
    let least = (sample + marked).saturating_sub(group);
    if found < least {
        return 0.0;
    }
    let of = |n: usize, k: usize| ln_factorial(n) - ln_factorial(k) - ln_factorial(n - k);
    let mut term = of(marked, least) + of(group - marked, sample - least) - of(group, sample);
    let mut sum = term.exp();
    for k in least..found.min(marked) {
        let (m, s, k) = (marked as f64, sample as f64, k as f64);
        term += ((m - k) * (s - k) / ((k + 1.0) * (group as f64 - m - s + k + 1.0))).ln();
        sum += term.exp();
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_those_of_the_auditors_table() {
        // AICPA Audit Guide, Audit Sampling, table A-1: 5 % risk of overreliance, no
        // deviation expected, by tolerable rate.
        for (rate, size) in [
            (0.02, 149),
            (0.03, 99),
            (0.04, 74),
            (0.05, 59),
            (0.06, 49),
            (0.07, 42),
            (0.08, 36),
            (0.09, 32),
            (0.10, 29),
            (0.15, 19),
            (0.20, 14),
        ] {
            assert_eq!(sample_size(rate, 1_000_000), size, "{rate}");
        }
        assert_eq!(sample_size(0.01, 1_000_000), 299);
    }

    #[test]
    fn bounds_are_those_of_the_auditors_table() {
        // The same guide, table A-3: upper limits in per cent by size and deviations.
        for (size, limits) in [
            (25, [11.3, 17.6, 23.1]),
            (30, [9.5, 14.9, 19.6]),
            (40, [7.3, 11.4, 15.0]),
            (50, [5.9, 9.2, 12.1]),
            (60, [4.9, 7.7, 10.2]),
            (100, [3.0, 4.7, 6.2]),
            (150, [2.0, 3.2, 4.2]),
            (200, [1.5, 2.4, 3.2]),
        ] {
            for (found, limit) in limits.into_iter().enumerate() {
                let bound = upper_bound(found, size, 1_000_000).expect("a bound").share * 100.0;
                // The table rounds up to the next tenth.
                assert!((bound - limit).abs() <= 0.1, "{found} of {size}: {bound}, not {limit}");
            }
        }
    }

    #[test]
    fn the_bound_is_that_of_the_handbook() {
        // NIST/SEMATECH e-Handbook of Statistical Methods, 7.2.4.1: 4 of 20, 90 % two-sided,
        // which is 95 % one-sided: 0.401029.
        let bound = upper_bound(4, 20, 1_000_000).expect("a bound");
        assert!((bound.share - 0.401_029).abs() < 1e-6, "{}", bound.share);
        assert_eq!(bound.method, Method::ClopperPearson);
    }

    #[test]
    fn small_groups_need_the_samples_of_the_table_for_finite_populations() {
        // Cannon and Roe (1982), "Livestock Disease Surveys", table 1: animals to be looked
        // at to find disease with 95 %, by population and number diseased. A share "below"
        // means: were it so many, one would have been found.
        for (group, marked, size) in
            [(100, 5, 45), (100, 10, 25), (100, 1, 95), (500, 5, 225), (500, 25, 56), (1_000, 10, 258), (50, 5, 22)]
        {
            #[expect(clippy::cast_precision_loss, reason = "small numbers")]
            let below = f64::from(marked) / group as f64;
            let found = sample_size(below, group);
            assert!(found.abs_diff(size) <= 1, "{marked} of {group}: {found}, not {size}");
        }
    }

    #[test]
    fn the_hypergeometric_bound_agrees_with_counting_all_samples() {
        // Every sample of every small group, counted one by one.
        #[expect(clippy::cast_precision_loss, reason = "small numbers")]
        fn choose(n: usize, k: usize) -> f64 {
            (1..=k).map(|i| (n - k + i) as f64 / i as f64).product()
        }
        for group in 1..=14_usize {
            for sample in 1..=group {
                for found in 0..=sample {
                    let up_to = |marked: usize| -> f64 {
                        let ways = (0..=found)
                            .filter(|k| *k <= marked && sample - k <= group - marked)
                            .map(|k| choose(marked, k) * choose(group - marked, sample - k));
                        ways.sum::<f64>() / choose(group, sample)
                    };
                    let possible = found..=(group - sample + found);
                    let expected = possible.rev().find(|marked| up_to(*marked) > RISK).unwrap_or(found);
                    assert_eq!(hypergeometric(found, sample, group), expected, "{found} of {sample} of {group}");
                }
            }
        }
    }

    #[test]
    fn a_sample_of_everybody_proves_what_was_found() {
        for found in [0, 1, 7] {
            let bound = upper_bound(found, 40, 40).expect("a bound");
            assert_eq!((bound.people, bound.method), (found, Method::Hypergeometric));
        }
        assert_eq!(sample_size(0.05, 3), 3);
        assert_eq!(sample_size(0.05, 0), 0);
        assert_eq!(upper_bound(0, 0, 10), None);
        assert_eq!(upper_bound(3, 2, 10), None);
        assert_eq!(upper_bound(0, 11, 10), None);
    }

    #[test]
    fn more_looked_at_proves_more_and_more_found_proves_less() {
        for group in [30, 200, 2_214, 150_000] {
            for found in 0..3 {
                let mut last = f64::INFINITY;
                // Within one method.
                for sample in (10..=group.min(400)).filter(|s| s * LARGE_PART >= group) {
                    let share = upper_bound(found, sample, group).expect("a bound").share;
                    assert!(share <= last, "{found} of {sample} of {group}");
                    assert!(share <= upper_bound(found + 1, sample, group).expect("a bound").share);
                    last = share;
                }
            }
        }
    }
}
