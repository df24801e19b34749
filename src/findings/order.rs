//! Whether entries follow a list: the alphabet, the system's numbers, the usual GPs; or
//! are all of one kind.

use rustc_hash::FxHashMap;

use super::features::Feature;
use crate::cohort::{Cohort, Patient};
use crate::domain::Day;
use crate::extract::Word;
use crate::sharing;

/// A list that somebody may work through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum List {
    /// By name.
    Alphabet,
    /// By the clinical system's own number.
    Number,
    /// By the day of registration.
    Registration,
    /// By the day of birth.
    Birth,
    /// One usual GP after the other.
    UsualGp,
}

impl List {
    /// As in "in alphabetical order".
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Alphabet => "In alphabetical order",
            Self::Number => "In the order of the patients’ numbers in the clinical system",
            Self::Registration => "In the order of registration",
            Self::Birth => "In the order of birth dates",
            Self::UsualGp => "One usual GP after the other",
        }
    }
}

/// How well the days of entries follow a list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Followed {
    /// Which.
    pub list: List,
    /// Of any two entered on different days, how often the earlier stands first in the
    /// list, from 0 to 1; for usual GPs, how many have the day's most frequent one.
    pub share: f64,
    /// How surprising that is, in bans.
    pub surprise: f64,
}

/// Entries before which an order says nothing.
const LEAST: usize = 12;

/// Of more entries every so many-th is looked at: an order shows in these as well.
const ENOUGH: usize = 20_000;

fn sample(entries: &[usize]) -> Vec<usize> {
    entries.iter().copied().step_by(entries.len().div_ceil(ENOUGH).max(1)).collect()
}

/// The list that the days of these entries follow best, if any.
#[expect(clippy::cast_precision_loss, reason = "counts of entries")]
pub fn followed(cohort: &Cohort, features: &[Feature], entries: &[usize], days: &[(Day, u32)]) -> Option<Followed> {
    // The patients of one day, a family perhaps, stand together in any list: enough must be
    // of other days.
    let most = days.iter().map(|(_, n)| *n as usize).max()?;
    if entries.len() - most < LEAST {
        return None;
    }
    let entries = &sample(entries);
    let day_of = |f: &Feature| i64::from(f.day.epoch());
    let of = |key: fn(&Patient) -> Option<i64>| -> Vec<(i64, i64)> {
        let known = entries.iter().map(|place| &features[*place]);
        known.filter_map(|f| Some((day_of(f), key(cohort.patient(f.patient)?)?))).collect()
    };
    let alphabet = |p: &Patient| Some(i64::from(p.alphabet)).filter(|key| *key > 0);
    let keys: [(List, fn(&Patient) -> Option<i64>); 4] = [
        (List::Alphabet, alphabet),
        (List::Number, |p| i64::try_from(p.list_number?.get()).ok()),
        (List::Registration, |p| Some(i64::from(p.registered?.epoch()))),
        (List::Birth, |p| Some(i64::from(p.born?.epoch()))),
    ];
    let ordered = keys.into_iter().filter_map(|(list, key)| {
        let pairs = of(key);
        if pairs.len() * 10 < entries.len() * 9 {
            return None;
        }
        let (agree, disagree) = pairs_in_order(&pairs);
        let n = pairs.len() as f64;
        let share = agree / (agree + disagree).max(1.0);
        // Kendall's tau against its spread where nothing is ordered.
        let spread = (2.0 * (2.0 * n + 5.0) / (9.0 * n * (n - 1.0))).sqrt();
        let z = (2.0 * share - 1.0) / spread;
        (share >= 0.85 && z > 4.0).then_some(Followed { list, share, surprise: z * z / 4.605 })
    });
    let best = ordered.max_by(|a, b| a.share.total_cmp(&b.share));
    best.or_else(|| by_usual_gp(cohort, features, entries))
}

/// So many entries say whether a list was followed at all.
const A_GLANCE: usize = 2_000;

/// Whether entries follow a list, by a glance at a few of them.
pub fn follows_a_list(cohort: &Cohort, features: &[Feature], entries: &[usize], days: &[(Day, u32)]) -> bool {
    let few: Vec<usize> = entries.iter().copied().step_by(entries.len().div_ceil(A_GLANCE).max(1)).collect();
    // Of the days, too, only so many are looked at.
    let share = |n: u32| n.div_ceil(u32::try_from(entries.len().div_ceil(A_GLANCE).max(1)).unwrap_or(1));
    let days: Vec<(Day, u32)> = days.iter().map(|(day, n)| (*day, share(*n))).collect();
    followed(cohort, features, &few, &days).is_some()
}

/// Of all pairs with different days and different keys, how many are in order and how
/// many are not.
#[expect(clippy::cast_precision_loss, reason = "counts of pairs")]
fn pairs_in_order(pairs: &[(i64, i64)]) -> (f64, f64) {
    let mut days: Vec<i64> = pairs.iter().map(|(day, _)| *day).collect();
    days.sort_unstable();
    days.dedup();
    let mut sorted: Vec<(i64, usize)> =
        pairs.iter().map(|(day, key)| (*key, days.binary_search(day).unwrap_or(0))).collect();
    sorted.sort_unstable();
    // How many of smaller keys stand on each day, as a tree of partial sums.
    let mut tree = vec![0_u64; days.len() + 1];
    let up_to = |tree: &[u64], mut day: usize| {
        let mut sum = 0;
        while day > 0 {
            sum += tree[day];
            day &= day - 1;
        }
        sum
    };
    let (mut agree, mut disagree, mut seen) = (0_u64, 0_u64, 0_u64);
    for same in sorted.chunk_by(|a, b| a.0 == b.0) {
        for (_, day) in same {
            let earlier = up_to(&tree, *day);
            agree += earlier;
            disagree += seen - up_to(&tree, *day + 1);
        }
        for (_, day) in same {
            let mut at = *day + 1;
            while at < tree.len() {
                tree[at] += 1;
                at += at & at.wrapping_neg();
            }
            seen += 1;
        }
    }
    (agree as f64, disagree as f64)
}

/// Each day the patients of one GP, or of few.
fn by_usual_gp(cohort: &Cohort, features: &[Feature], entries: &[usize]) -> Option<Followed> {
    let mut by_day: FxHashMap<(Day, Word), u32> = FxHashMap::default();
    let mut all: FxHashMap<Word, u32> = FxHashMap::default();
    for feature in entries.iter().map(|place| &features[*place]) {
        let gp = cohort.patient(feature.patient).map_or(Word::NONE, |p| p.gp);
        if gp.is_some() {
            *by_day.entry((feature.day, gp)).or_default() += 1;
            *all.entry(gp).or_default() += 1;
        }
    }
    let n: u32 = all.values().sum();
    if (n as usize) * 10 < entries.len() * 9 || all.len() < 3 {
        return None;
    }
    let mut most: FxHashMap<Day, u32> = FxHashMap::default();
    for ((day, _), count) in &by_day {
        let slot = most.entry(*day).or_default();
        *slot = (*slot).max(*count);
    }
    let n = f64::from(n);
    let share = f64::from(most.values().sum::<u32>()) / n;
    let usual = f64::from(all.values().copied().max().unwrap_or(0)) / n;
    // A few a day have a most frequent GP by chance: that is not an order.
    let enough = entries.len() >= most.len() * 8;
    let surprise =
        n * (share * (share / usual).log10() + (1.0 - share) * ((1.0 - share) / (1.0 - usual)).max(1e-9).log10());
    (enough && share >= 0.6 && share >= usual * 1.8 && surprise > 3.0).then_some(Followed {
        list: List::UsualGp,
        share,
        surprise,
    })
}

/// Whether somebody is so old on a day. Whole years would take a calendar for each of
/// them: a day more or less is no matter here.
pub fn is_aged(born: Day, on: Day, age: i32) -> bool {
    born <= on.plus(-(age * 1461 / 4))
}

/// What nearly all of some entries have in common.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Common {
    /// So old or older.
    Age(i32),
    /// One usual GP.
    Gp(Word),
}

/// What nearly all have in common and few others have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shortlist {
    /// What.
    pub common: Common,
    /// How many have it.
    pub n: usize,
    /// How many of all eligible patients have it, from 0 to 1.
    pub usual: f64,
    /// How surprising that is, in bans.
    pub surprise: f64,
}

/// Ages that practices make lists of.
const AGES: [i32; 4] = [80, 75, 70, 65];

/// Whether entries are of a shortlist. `list` are the eligible patients of the practice.
#[expect(clippy::cast_precision_loss, reason = "counts of people")]
pub fn shortlist(
    cohort: &Cohort,
    features: &[Feature],
    (entries, days): (&[usize], &[(Day, u32)]),
    list: &ListFigures,
) -> Option<Shortlist> {
    let n = entries.len();
    if n < LEAST || list.eligible == 0 {
        return None;
    }
    let sample = sample(entries);
    let people = |entries: &[usize]| -> Vec<&Patient> {
        entries.iter().filter_map(|place| cohort.patient(features[*place].patient)).collect()
    };
    let (sampled, nearly) = (people(&sample), |count: usize, of: usize| count * 100 >= of * 95);
    let weigh = |common, has: &dyn Fn(&Patient) -> bool, usual: usize| {
        let count = people(entries).into_iter().filter(|p| has(p)).count();
        let usual = usual as f64 / list.eligible as f64;
        let share = count as f64 / n as f64;
        let surprise = n as f64 * (share / usual.max(1e-4)).log10();
        (usual <= 0.5 && nearly(count, n)).then_some(Shortlist { common, n: count, usual, surprise })
    };
    let (day, _) = days.first().copied()?;
    for (age, usual) in AGES.into_iter().zip(list.older) {
        let old = |p: &Patient| p.born.is_some_and(|born| is_aged(born, day, age));
        if nearly(sampled.iter().filter(|p| old(p)).count(), sampled.len()) {
            return weigh(Common::Age(age), &old, usual);
        }
    }
    let mut gps: FxHashMap<Word, usize> = FxHashMap::default();
    for person in sampled.iter().filter(|p| p.gp.is_some()) {
        *gps.entry(person.gp).or_default() += 1;
    }
    let (gp, count) = gps.into_iter().max_by_key(|(word, n)| (*n, *word))?;
    nearly(count, sampled.len()).then(|| weigh(Common::Gp(gp), &|p| p.gp == gp, list.of_gp(gp))).flatten()
}

/// What shortlists are measured against: the eligible patients of a practice.
#[derive(Clone, Debug, Default)]
pub struct ListFigures {
    /// How many.
    pub eligible: usize,
    /// Whether patients without a code were exported too: only then is it known who was left
    /// out.
    pub has_uncoded: bool,
    /// How many are of each of [`AGES`] or older.
    older: [usize; 4],
    gps: FxHashMap<Word, usize>,
}

impl ListFigures {
    /// Counts the eligible patients of a practice; of all, if none is named.
    pub fn of(cohort: &Cohort, practice: Option<Word>) -> Self {
        let own = cohort.practices.iter().find(|p| practice == Some(p.word));
        let counts = own.map_or(cohort.counts, |p| p.counts);
        let mut figures = Self { eligible: counts.eligible, has_uncoded: counts.holds_uncoded(), ..Self::default() };
        let ours = |p: &&Patient| p.is_eligible() && practice.is_none_or(|practice| p.practice == practice);
        let parts = sharing::chunks("finding", &cohort.patients, |_, people| {
            let (mut older, mut gps) = ([0; AGES.len()], FxHashMap::<Word, usize>::default());
            for patient in people.iter().filter(ours) {
                if let Some(born) = patient.born {
                    for (slot, least) in older.iter_mut().zip(AGES) {
                        *slot += usize::from(is_aged(born, cohort.today, least));
                    }
                }
                if patient.gp.is_some() {
                    *gps.entry(patient.gp).or_default() += 1;
                }
            }
            (older, gps)
        });
        for (older, gps) in parts {
            for (slot, more) in figures.older.iter_mut().zip(older) {
                *slot += more;
            }
            for (gp, n) in gps {
                *figures.gps.entry(gp).or_default() += n;
            }
        }
        figures
    }

    fn of_gp(&self, gp: Word) -> usize {
        self.gps.get(&gp).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::pairs_in_order;

    #[test]
    fn pairs_are_counted_as_by_hand() {
        assert_eq!(pairs_in_order(&[(1, 10), (1, 20), (2, 30), (3, 40)]), (5.0, 0.0));
        assert_eq!(pairs_in_order(&[(3, 10), (2, 20), (1, 30)]), (0.0, 3.0));
        // The same key and the same day say nothing.
        assert_eq!(pairs_in_order(&[(1, 10), (2, 10), (2, 5), (2, 7)]), (0.0, 2.0));
    }
}
