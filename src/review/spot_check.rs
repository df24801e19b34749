//! Spot checks: a random sample of a list, each record opened in the clinical system, and
//! what that proves about the list (acceptance sampling, as auditors do it).

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use super::bounds::{Bound, Method, sample_size, upper_bound};
use super::{Made, Reviewer};
use crate::cohort::{Cohort, PatientId};
use crate::domain::NhsNumber;
use crate::domain::wording::{count, figure, per_cent};
use crate::findings::{Findings, GroupId};

/// What somebody saw in a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Verdict {
    /// Nothing in the record speaks of a risk.
    #[serde(rename = "Not at risk")]
    NotAtRisk,
    /// The record does not settle it. Counted as at risk where something is to be proven.
    #[serde(rename = "Can't tell")]
    CannotTell,
    /// Somebody who must keep the 104.
    #[serde(rename = "At risk")]
    AtRisk,
}

impl Verdict {
    /// All of them, as buttons stand.
    pub const ALL: [Self; 3] = [Self::NotAtRisk, Self::AtRisk, Self::CannotTell];

    /// As buttons and files write it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::NotAtRisk => "Not at risk",
            Self::AtRisk => "At risk",
            Self::CannotTell => "Can’t tell",
        }
    }
}

/// A verdict, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// What.
    pub verdict: Verdict,
    /// Who looked.
    pub by: Reviewer,
    /// When.
    pub at: NaiveDateTime,
    /// On what ground, where it overturns "at risk".
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// Somebody in a sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sampled {
    /// The number by which the record is opened.
    pub nhs: NhsNumber,
    /// Who that is in the export that is open; nobody if they have gone since.
    pub patient: Option<PatientId>,
    /// What was seen.
    pub answer: Option<Answer>,
}

/// The end of a stop: somebody reviewed the group and says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lifted {
    /// Who.
    pub by: Reviewer,
    /// When.
    pub at: NaiveDateTime,
    /// On what ground.
    pub reason: String,
    /// Those found at risk by then, by NHS number: whoever is found later stops again.
    pub about: Vec<String>,
}

/// A spot check of a list of patients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpotCheck {
    /// The list in words.
    pub title: String,
    /// Whether the list is a group of the findings, or another.
    pub list: Made,
    /// Fewer than so many in a hundred are to be proven to be at risk.
    pub wanted: u8,
    /// What the draw follows from.
    pub seed: u64,
    /// When it was drawn.
    pub drawn: NaiveDateTime,
    /// By whom.
    pub by: Reviewer,
    /// Everybody it was drawn from and is in the export that is open, sorted: those whom a
    /// 106 together would have taken.
    pub population: Vec<PatientId>,
    /// How many it was drawn from.
    pub group: usize,
    /// The sample, in the order drawn.
    pub sample: Vec<Sampled>,
    /// The stop that it caused is over.
    pub lifted: Option<Lifted>,
}

/// Shares in per cent that can be asked for, with what each is good for.
pub const WANTED: [u8; 4] = [10, 5, 2, 1];

impl SpotCheck {
    /// Of which group of these findings it is, where it was drawn from one: that of most of those
    /// from whom it was drawn. Other files, or other thresholds, may give it another number.
    #[must_use]
    pub fn list_in(&self, findings: &Findings) -> Made {
        if !matches!(self.list, Made::With(_)) {
            return self.list;
        }
        let mut of_each: BTreeMap<GroupId, usize> = BTreeMap::new();
        for group in self.population.iter().filter_map(|id| findings.of(*id).group) {
            *of_each.entry(group).or_default() += 1;
        }
        let largest = of_each.into_iter().max_by_key(|(group, n)| (*n, Reverse(*group)));
        largest.map_or(Made::Together, |(group, _)| Made::With(group))
    }

    /// Draws a sample of a list of patients, of which `wanted` says how large it is to be.
    /// Whoever has no valid number of their own is of the list, and cannot be drawn.
    #[must_use]
    pub fn draw(
        cohort: &Cohort,
        mut population: Vec<PatientId>,
        (title, list): (String, Made),
        (wanted, seed): (u8, u64),
        by: Reviewer,
        drawn: NaiveDateTime,
    ) -> Self {
        population.sort_unstable();
        let group = population.len();
        let mut check =
            Self { title, list, wanted, seed, drawn, by, population, group, sample: Vec::new(), lifted: None };
        check.sample = draw(seed, check.numbers(cohort), size_for(wanted, group));
        check
    }

    /// Adds to the sample until it is as large as `wanted` asks.
    pub(super) fn grow(&mut self, cohort: &Cohort, wanted: u8) {
        let more = draw(self.seed, self.numbers(cohort), size_for(wanted, self.group));
        self.sample.extend(more.into_iter().skip(self.sample.len()));
        self.wanted = wanted;
    }

    /// Those of the list who can be drawn.
    fn numbers<'a>(&'a self, cohort: &'a Cohort) -> impl Iterator<Item = (NhsNumber, PatientId)> + 'a {
        self.population.iter().filter_map(|id| Some((cohort.patient(*id)?.usable_number()?, *id)))
    }
}

/// How many to draw from a group to prove, if nobody at risk is found, that fewer than
/// `wanted` in a hundred are.
#[must_use]
pub fn size_for(wanted: u8, group: usize) -> usize {
    sample_size(f64::from(wanted) / 100.0, group)
}

/// Draws a sample: the patients whose NHS numbers come first when the list is put in the
/// order of BLAKE3 of "seed number" (the seed as sixteen hexadecimal digits). The same seed
/// and list give the same sample anywhere, and a larger sample begins with the smaller.
fn draw(seed: u64, list: impl IntoIterator<Item = (NhsNumber, PatientId)>, size: usize) -> Vec<Sampled> {
    let rank = |nhs: NhsNumber| *blake3::hash(format!("{} {}", seed_text(seed), nhs.digits()).as_bytes()).as_bytes();
    let mut first: BinaryHeap<([u8; 32], Reverse<NhsNumber>, PatientId)> = BinaryHeap::with_capacity(size + 1);
    for (nhs, patient) in list {
        first.push((rank(nhs), Reverse(nhs), patient));
        if first.len() > size {
            first.pop();
        }
    }
    let in_order = first.into_sorted_vec().into_iter();
    in_order.map(|(_, Reverse(nhs), patient)| Sampled { nhs, patient: Some(patient), answer: None }).collect()
}

/// A seed as it is written.
#[must_use]
pub fn seed_text(seed: u64) -> String {
    format!("{seed:016x}")
}

/// What came of a spot check so far.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// Drawn.
    pub sample: usize,
    /// From so many.
    pub group: usize,
    /// Answered so far.
    pub answered: usize,
    /// At risk.
    pub at_risk: usize,
    /// Cannot be told.
    pub cannot_tell: usize,
    /// What it proves, once everybody is answered.
    pub bound: Option<Bound>,
}

impl SpotCheck {
    /// What came of it so far.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        let number =
            |verdict| self.sample.iter().filter(|s| s.answer.as_ref().is_some_and(|a| a.verdict == verdict)).count();
        let answered = self.sample.iter().filter(|s| s.answer.is_some()).count();
        let (at_risk, cannot_tell) = (number(Verdict::AtRisk), number(Verdict::CannotTell));
        let is_complete = answered == self.sample.len();
        // What cannot be told counts as what it may be.
        let bound = if is_complete { upper_bound(at_risk + cannot_tell, answered, self.group) } else { None };
        Outcome { sample: self.sample.len(), group: self.group, answered, at_risk, cannot_tell, bound }
    }

    /// Whether it proves what it was to prove.
    #[must_use]
    pub fn is_reached(&self) -> bool {
        self.outcome().bound.is_some_and(|bound| bound.share < f64::from(self.wanted) / 100.0)
    }

    /// Those found at risk.
    pub fn at_risk(&self) -> impl Iterator<Item = &Sampled> {
        self.sample.iter().filter(|s| s.answer.as_ref().is_some_and(|a| a.verdict == Verdict::AtRisk))
    }

    /// Whether it stops group decisions "Add 106" for its list: somebody at risk turned
    /// up, and nobody has reviewed the list since.
    #[must_use]
    pub fn stops(&self) -> bool {
        let is_reviewed = |s: &Sampled| self.lifted.as_ref().is_some_and(|l| l.about.contains(&s.nhs.digits()));
        self.at_risk().any(|s| !is_reviewed(s))
    }

    /// Whether it is of a part of the list of an earlier one: nobody else, and at most half.
    #[must_use]
    pub fn is_part_of(&self, earlier: &Self) -> bool {
        self.group <= earlier.group / 2 && self.population.iter().all(|id| earlier.is_about(*id))
    }

    /// Whether it frees its list from the stop of an earlier one: it is of a part, asks for
    /// no less, and proves it; and nobody who is known to be at risk is in the part.
    #[must_use]
    pub fn frees_from(&self, earlier: &Self) -> bool {
        let known = || earlier.at_risk().filter_map(|s| s.patient).any(|id| self.is_about(id));
        self.is_part_of(earlier) && self.wanted <= earlier.wanted && self.is_reached() && !self.stops() && !known()
    }

    /// Whether somebody is in the list it was drawn from.
    #[must_use]
    pub fn is_about(&self, id: PatientId) -> bool {
        self.population.binary_search(&id).is_ok()
    }

    /// What it proves, as the screen and the report say it.
    #[must_use]
    pub fn sentence(&self) -> String {
        self.outcome().sentence()
    }
}

impl Outcome {
    /// In a sentence or two.
    #[must_use]
    pub fn sentence(&self) -> String {
        let Some(bound) = self.bound else {
            let so_far = match (self.at_risk, self.cannot_tell) {
                (0, 0) => String::new(),
                (0, doubt) => format!(" {} cannot be told.", figure(doubt)),
                (risk, 0) => format!(" {} at risk.", figure(risk)),
                (risk, doubt) => format!(" {} at risk, {} cannot be told.", figure(risk), figure(doubt)),
            };
            return format!(
                "{} of {} answered.{so_far} Nothing is proven before all are.",
                figure(self.answered),
                figure(self.sample)
            );
        };
        let found = format!("{} of {} at risk", figure(self.at_risk), figure(self.sample));
        let doubt = match self.cannot_tell {
            0 => String::new(),
            n => format!(", {} that cannot be told and count as if they were", figure(n)),
        };
        if self.sample == self.group {
            return format!("{found}{doubt}: everybody in the list was looked at.");
        }
        let proves = match bound.method {
            Method::ClopperPearson => {
                let shown = share_rounded_up(bound.share);
                format!(
                    "fewer than {shown} of these {} are, at most {}",
                    count(self.group, "patient"),
                    figure(bound.people)
                )
            }
            Method::Hypergeometric => {
                let exact = per_cent(bound.share);
                format!("at most {} of these {} are ({exact})", figure(bound.people), count(self.group, "patient"))
            }
        };
        format!("{found}{doubt}: with 95 % confidence {proves}; {}.", bound.method.label())
    }
}

/// "5.0 %": an upper bound is never rounded down.
fn share_rounded_up(share: f64) -> String {
    format!("{:.1} %", (share * 1000.0 - 1e-9).ceil().max(0.0) / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people(n: u64) -> Vec<(NhsNumber, PatientId)> {
        let numbers = (9_990_000_000_u64..).filter_map(NhsNumber::new);
        numbers.zip((0..).map(PatientId)).take(usize::try_from(n).expect("small")).collect()
    }

    fn check(group: u64, wanted: u8, seed: u64) -> SpotCheck {
        let list = people(group);
        let at = chrono::NaiveDate::from_ymd_opt(2026, 11, 20).and_then(|d| d.and_hms_opt(9, 0, 0)).expect("a time");
        SpotCheck {
            title: "a list".into(),
            list: Made::Together,
            wanted,
            seed,
            drawn: at,
            by: Reviewer::default(),
            population: list.iter().map(|(_, id)| *id).collect(),
            group: list.len(),
            sample: draw(seed, list.iter().copied(), size_for(wanted, list.len())),
            lifted: None,
        }
    }

    fn answer(check: &mut SpotCheck, place: usize, verdict: Verdict) {
        let at = check.drawn;
        check.sample[place].answer = Some(Answer { verdict, by: Reviewer::default(), at, note: String::new() });
    }

    #[test]
    fn the_same_seed_draws_the_same_and_a_larger_sample_begins_with_the_smaller() {
        let list = people(500);
        let mut backwards = list.clone();
        backwards.reverse();
        let small = draw(7, list.iter().copied(), 20);
        assert_eq!(small, draw(7, backwards, 20));
        let large = draw(7, list.iter().copied(), 60);
        assert_eq!(large[..20], small[..]);
        assert_ne!(small, draw(8, list.iter().copied(), 20));
        assert_eq!(draw(7, list.iter().copied(), 900).len(), 500);
        // As the sentence in the documentation says it.
        let mut by_hand: Vec<(String, NhsNumber)> = list
            .iter()
            .map(|(n, _)| {
                (blake3::hash(format!("0000000000000007 {}", n.digits()).as_bytes()).to_hex().to_string(), *n)
            })
            .collect();
        by_hand.sort();
        assert!(small.iter().zip(by_hand).all(|(s, (_, n))| s.nhs == n));
    }

    #[test]
    fn everybody_is_drawn_equally_often() {
        let list = people(40);
        let mut drawn = vec![0_u32; 40];
        for seed in 0..2_000 {
            for sampled in draw(seed, list.iter().copied(), 10) {
                drawn[sampled.patient.expect("here").index()] += 1;
            }
        }
        // 500 each; the standard deviation is 19.4, and forty are looked at.
        assert!(drawn.iter().all(|n| (415..=585).contains(n)), "{drawn:?}");
    }

    #[test]
    fn what_a_sample_proves_is_said_in_full() {
        let mut large = check(2_214, 5, 1);
        assert_eq!(large.sample.len(), 59);
        assert!(large.sentence().contains("0 of 59 answered"));
        (0..59).for_each(|place| answer(&mut large, place, Verdict::NotAtRisk));
        assert_eq!(
            large.sentence(),
            "0 of 59 at risk: with 95 % confidence fewer than 5.0 % of these 2,214 patients are, at most 109; Clopper–Pearson."
        );
        assert!(large.is_reached() && !large.stops());
        answer(&mut large, 3, Verdict::CannotTell);
        assert!(!large.is_reached() && !large.stops());
        answer(&mut large, 4, Verdict::AtRisk);
        assert!(large.stops());
        let mut small = check(100, 5, 1);
        (0..small.sample.len()).for_each(|place| answer(&mut small, place, Verdict::NotAtRisk));
        assert_eq!(
            small.sentence(),
            "0 of 45 at risk: with 95 % confidence at most 4 of these 100 patients are (4.0 %); hypergeometric."
        );
    }

    #[test]
    fn a_part_is_freed_by_a_check_of_its_own_and_the_whole_drawn_again_is_not() {
        let mut whole = check(400, 5, 1);
        (0..whole.sample.len()).for_each(|place| answer(&mut whole, place, Verdict::NotAtRisk));
        answer(&mut whole, 0, Verdict::AtRisk);
        let mut again = check(399, 5, 2);
        (0..again.sample.len()).for_each(|place| answer(&mut again, place, Verdict::NotAtRisk));
        assert!(again.is_reached() && !again.frees_from(&whole));
        // Whoever was found at risk is in no later list.
        let found = whole.sample[0].patient.expect("here");
        let mut part = check(200, 5, 3);
        part.population.retain(|id| *id != found);
        part.sample.retain(|s| s.patient != Some(found));
        part.group = part.population.len();
        assert!(!part.frees_from(&whole), "not answered yet");
        (0..part.sample.len()).for_each(|place| answer(&mut part, place, Verdict::NotAtRisk));
        assert!(part.frees_from(&whole));
        let mut with = part.clone();
        with.population.push(PatientId(9_999));
        assert!(!with.frees_from(&whole), "somebody of another list is in it");
        part.wanted = 10;
        assert!(!part.frees_from(&whole), "asks for less");
    }
}
