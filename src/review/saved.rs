//! What happened, in the form in which it is saved: in the review file, in the audit and
//! in the recovery journal. Patients are named by NHS number, or by their place in an
//! export where they have none.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use super::spot_check::{Answer, Lifted, Sampled, SpotCheck, seed_text};
use super::{Choice, Decision, Event, Made, Review, Reviewer, What};
use crate::cohort::{Cohort, PatientId, Place};
use crate::domain::{NhsNumber, NhsReading};

/// Somebody, as files name them: ten digits, or "export 1, row 12" where there is no
/// number of their own (rows from 1).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Person(pub String);

impl Person {
    /// Names a patient of the cohort.
    #[must_use]
    pub fn of(cohort: &Cohort, id: PatientId) -> Self {
        let Some(patient) = cohort.patient(id) else { return Self(String::new()) };
        Self(patient.usable_number().map_or_else(
            || format!("export {}, row {}", patient.place.file + 1, u64::from(patient.place.row) + 1),
            NhsNumber::digits,
        ))
    }

    /// The NHS number, if that is the name.
    #[must_use]
    pub fn number(&self) -> Option<NhsNumber> {
        match NhsNumber::read(&self.0) {
            NhsReading::Valid(number) => Some(number),
            _ => None,
        }
    }

    /// The place, if that is the name.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        let (file, row) = self.0.strip_prefix("export ")?.split_once(", row ")?;
        let (file, row): (u16, u32) = (file.parse().ok()?, row.parse().ok()?);
        Some(Place { file: file.checked_sub(1)?, row: row.checked_sub(1)? })
    }
}

/// Something that happened, as it is saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedEvent {
    /// From 1.
    pub number: usize,
    /// When.
    pub at: NaiveDateTime,
    /// Who.
    pub by: Reviewer,
    /// In words.
    pub what: String,
    /// Decisions in force after it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<SavedChange>,
    /// A spot check that was drawn, or made larger, as it was then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spot_check: Option<SavedCheck>,
    /// An answer of a spot check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<SavedAnswer>,
    /// The end of a stop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifted: Option<SavedLift>,
    /// Hash of the event before; empty for the first.
    #[serde(default)]
    pub previous: String,
    /// Hash of this event.
    #[serde(default)]
    pub hash: String,
}

/// The same decision for one or many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedChange {
    /// The decision; none where it was taken back.
    #[serde(default)]
    pub decision: Option<Choice>,
    /// Who decided; empty where it was taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<Reviewer>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<NaiveDateTime>,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Empty if one by one, else the group ("G1") or "list".
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub made_with: String,
    /// What was known to speak against it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub despite: String,
    /// The risk groups that were named then.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub despite_markers: String,
    /// In how many places something spoke against it.
    #[serde(default, skip_serializing_if = "is_nought")]
    pub despite_places: u32,
    /// What was said there, as a number.
    #[serde(default)]
    pub despite_said: u64,
    /// For whom.
    pub patients: Vec<Person>,
}

/// A spot check, as it is saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedCheck {
    /// From 1.
    pub number: usize,
    /// The list in words.
    pub list: String,
    /// The group ("G1") or "list".
    pub of: String,
    /// Fewer than so many in a hundred are to be proven to be at risk.
    pub wanted_per_cent: u8,
    /// Sixteen hexadecimal digits.
    pub seed: String,
    /// When it was drawn.
    pub drawn: NaiveDateTime,
    /// By whom.
    pub by: Reviewer,
    /// How many it was drawn from.
    pub group: usize,
    /// Everybody it was drawn from.
    pub patients: Vec<Person>,
    /// The sample, in the order drawn.
    pub sample: Vec<Person>,
    /// What was seen, in that order; kept where the check is, not in the event of drawing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Option<Answer>>,
    /// The end of its stop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifted: Option<Lifted>,
}

/// An answer of a spot check, as it is saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedAnswer {
    /// Of which spot check, from 1.
    pub spot_check: usize,
    /// About whom.
    pub patient: Person,
    /// What; none where it was taken back.
    pub answer: Option<Answer>,
}

/// The end of a stop, as it is saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedLift {
    /// Of which spot check, from 1.
    pub spot_check: usize,
    /// Who, when, why.
    #[serde(flatten)]
    pub lifted: Lifted,
}

/// The events of a review from one on, counted through from the first sitting. Without
/// hashes: see [`super::chained`].
#[must_use]
pub fn save_events(cohort: &Cohort, review: &Review, from: usize) -> Vec<SavedEvent> {
    let first = review.past().len() + 1;
    let these = review.history().iter().zip(first..).skip(from);
    these.map(|(event, number)| save_event(cohort, review, event, number)).collect()
}

fn save_event(cohort: &Cohort, review: &Review, event: &Event, number: usize) -> SavedEvent {
    let mut saved = SavedEvent {
        number,
        at: event.at,
        by: event.by.clone(),
        what: event.label.clone(),
        decisions: Vec::new(),
        spot_check: None,
        answer: None,
        lifted: None,
        previous: String::new(),
        hash: String::new(),
    };
    match &event.what {
        What::Nothing => {}
        What::Decisions(changes) => saved.decisions = save_changes(cohort, changes),
        What::Drawn { check, size, wanted } => {
            saved.spot_check = review.checks().get(*check).map(|of| {
                let mut drawn = SavedCheck::of(cohort, of, check + 1);
                // As it was then: what was seen is told by later events.
                drawn.sample.truncate(*size);
                drawn.wanted_per_cent = *wanted;
                drawn.answers.clear();
                drawn.lifted = None;
                drawn
            });
        }
        What::Answer { check, place, answer, decisions } => {
            let sampled = review.checks().get(*check).and_then(|c| c.sample.get(*place));
            saved.answer = sampled.map(|sampled| SavedAnswer {
                spot_check: check + 1,
                patient: Person(sampled.nhs.digits()),
                answer: answer.clone(),
            });
            saved.decisions = save_changes(cohort, decisions);
        }
        What::Lifted { check, lifted } => {
            saved.lifted = Some(SavedLift { spot_check: check + 1, lifted: lifted.clone() });
        }
    }
    saved
}

/// Patients with the same decision stand together, in the order in which they come first.
pub(super) fn save_changes(cohort: &Cohort, changes: &super::DecisionChanges) -> Vec<SavedChange> {
    let mut out: Vec<SavedChange> = Vec::new();
    let mut places: HashMap<Option<&Decision>, usize> = HashMap::new();
    for (id, decision) in changes {
        let decision = decision.as_deref();
        let person = Person::of(cohort, *id);
        if let Some(place) = places.get(&decision) {
            out[*place].patients.push(person);
            continue;
        }
        places.insert(decision, out.len());
        out.push(SavedChange::of(decision, vec![person]));
    }
    out
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
const fn is_nought(n: &u32) -> bool {
    *n == 0
}

impl SavedChange {
    /// A decision, or none, for these patients.
    #[must_use]
    pub fn of(decision: Option<&Decision>, patients: Vec<Person>) -> Self {
        Self {
            decision: decision.map(|d| d.choice),
            decided_by: decision.map(|d| d.by.clone()),
            decided_at: decision.map(|d| d.at),
            reason: decision.map_or_else(String::new, |d| d.reason.clone()),
            made_with: decision.map_or_else(String::new, |d| d.made.key()),
            despite: decision.map_or_else(String::new, |d| d.despite.blockers.labels()),
            despite_markers: decision.map_or_else(String::new, |d| d.despite.markers.labels()),
            despite_places: decision.map_or(0, |d| d.despite.places),
            despite_said: decision.map_or(0, |d| d.despite.said),
            patients,
        }
    }
}

impl SavedCheck {
    /// A spot check as it stands.
    #[must_use]
    pub fn of(cohort: &Cohort, check: &SpotCheck, number: usize) -> Self {
        Self {
            number,
            list: check.title.clone(),
            of: check.list.key(),
            wanted_per_cent: check.wanted,
            seed: seed_text(check.seed),
            drawn: check.drawn,
            by: check.by.clone(),
            group: check.group,
            patients: check.population.iter().map(|id| Person::of(cohort, *id)).collect(),
            sample: check.sample.iter().map(|s| Person(s.nhs.digits())).collect(),
            answers: check.sample.iter().map(|s| s.answer.clone()).collect(),
            lifted: check.lifted.clone(),
        }
    }

    /// Whether another draws and answers the same. Who is in the list may differ: in a newer
    /// export some have gone.
    #[must_use]
    pub fn says_the_same_as(&self, other: &Self) -> bool {
        let answer = |check: &Self, place: usize| check.answers.get(place).cloned().flatten();
        self.seed == other.seed
            && self.sample == other.sample
            && self.lifted == other.lifted
            && (0..self.sample.len()).all(|place| answer(self, place) == answer(other, place))
    }

    /// The spot check, with the patients that `find` knows. `None` if what is saved is no
    /// spot check.
    #[must_use]
    pub fn restore(&self, find: impl Fn(&Person) -> Option<PatientId>) -> Option<SpotCheck> {
        let seed = u64::from_str_radix(&self.seed, 16).ok()?;
        let mut population: Vec<PatientId> = self.patients.iter().filter_map(&find).collect();
        population.sort_unstable();
        population.dedup();
        let sample: Option<Vec<Sampled>> = self
            .sample
            .iter()
            .enumerate()
            .map(|(place, person)| {
                let answer = self.answers.get(place).cloned().flatten();
                Some(Sampled { nhs: person.number()?, patient: find(person), answer })
            })
            .collect();
        let sample = sample?;
        let is_sound =
            sample.len() <= self.group && self.answers.len() <= sample.len() && self.patients.len() <= self.group;
        is_sound.then(|| SpotCheck {
            title: self.list.clone(),
            list: Made::from_key(&self.of),
            wanted: self.wanted_per_cent,
            seed,
            drawn: self.drawn,
            by: self.by.clone(),
            population,
            group: self.group,
            sample,
            lifted: self.lifted.clone(),
        })
    }
}
