//! A saved review: decisions, spot checks and all that happened, as plain JSON. It holds
//! NHS numbers: it is kept where the practice keeps patient data.

use std::collections::{BTreeMap, HashMap};

use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

use super::newer::KnownPerson;
use super::saved::save_changes;
use super::{
    Against, Blockers, Broken, Decision, Made, Person, Proposal, Review, SavedAnswer, SavedChange, SavedChanges,
    SavedCheck, SavedEvent, all_events, verify,
};
use crate::cohort::{CodeEvent, Cohort, Counts, Patient, PatientId};
use crate::domain::{AccessCode, Day, Markers};
use crate::extract::Extract;
use crate::findings::{Findings, Thresholds};

/// The version of the file's shape that this program reads and writes.
const SCHEMA: u32 = 3;

/// A review as it is saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewFile {
    /// Version of the shape.
    pub schema: u32,
    /// When it was saved.
    pub saved: NaiveDateTime,
    /// The files it belongs to, the export first.
    pub sources: Vec<SourceStamp>,
    /// The thresholds in force.
    pub settings: Thresholds,
    /// How many stood where, for comparing with an export made after coding.
    pub counts: Counts,
    /// Everybody who was blocked by a 104, or by a same-day conflict, for the same purpose.
    pub blocked: Vec<Person>,
    /// What was known of them, and of everybody decided.
    #[serde(default)]
    pub known: BTreeMap<Person, KnownPerson>,
    /// Somebody in the export had more than one code: it holds earlier ones too.
    #[serde(default)]
    pub holds_history: bool,
    /// The decisions in force.
    pub decisions: Vec<SavedChange>,
    /// Spot checks with what was seen.
    #[serde(default)]
    pub spot_checks: Vec<SavedCheck>,
    /// Everything that happened, in order, each with the hash of the one before.
    #[serde(default)]
    pub events: Vec<SavedEvent>,
    /// The hash of the last of these: nothing can be cut off the end without a trace.
    #[serde(default)]
    pub last_hash: String,
    /// What became of everybody since an earlier export, where the review was carried over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<SavedChanges>,
    /// The chain of events was changed outside the program, from this event on.
    #[serde(skip)]
    pub broken: Option<Broken>,
}

/// Which file a review belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceStamp {
    /// Name without folder.
    pub name: String,
    /// BLAKE3 of its bytes, in hexadecimal.
    pub blake3: String,
    /// What it is for: "export", "safeguarding register".
    #[serde(default)]
    pub purpose: String,
    /// The day on which the clinical system made it, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_on: Option<NaiveDate>,
}

impl SourceStamp {
    /// Of the files that are open, in their order.
    #[must_use]
    pub fn of(files: &[Extract]) -> Vec<Self> {
        let stamp = |file: &Extract| Self {
            name: file.source.name().to_owned(),
            blake3: file.source.hash().to_hex().to_string(),
            purpose: file.purpose.label().to_owned(),
            made_on: file.layout.made_on().map(Day::date),
        };
        files.iter().map(stamp).collect()
    }
}

/// Why a file of decisions cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReviewFileError {
    /// Neither form.
    #[error(
        "The file of decisions cannot be read: {0}. Give a review saved by this program, or a CSV with the columns NHS number, Decision, Decided by and Reason."
    )]
    Unreadable(String),
    /// From another version of the program.
    #[error(
        "The review was saved by another version of this program (version {0} of the file, this one reads version {SCHEMA}). Open it with that version."
    )]
    OtherVersion(u32),
    /// Of other people.
    #[error(
        "None of the patients of this review is in the export that is open. Open the export of the same practice first, then the review."
    )]
    OtherPractice,
    /// Made on a newer export than the one that is open.
    #[error(
        "This export was made on {}, before the one on which the review was made ({}): what has happened since is not in it. Open the newer export first, then the review.", .export.prose(), .review.prose()
    )]
    OlderExport {
        /// When the export that is open was made.
        export: Day,
        /// When the review's was.
        review: Day,
    },
}

pub(super) fn unreadable(why: &str) -> ReviewFileError {
    ReviewFileError::Unreadable(why.to_owned())
}

impl ReviewFile {
    /// Gathers what is to be saved.
    #[must_use]
    pub fn new(
        cohort: &Cohort,
        findings: &Findings,
        review: &Review,
        sources: Vec<SourceStamp>,
        saved: NaiveDateTime,
    ) -> Self {
        let in_force = review.decisions.iter().zip(cohort.iter()).filter(|(decision, _)| decision.is_some());
        let in_force = in_force.map(|(decision, (id, _))| (id, decision.clone())).collect();
        let known = |(id, patient): (PatientId, &Patient)| (Person::of(cohort, id), KnownPerson::of(cohort, patient));
        // A 106 of the day of the export, or later, is no news when it is met again.
        let made_on = sources.first().and_then(|source| source.made_on).map_or(Day::from(saved.date()), Day::from);
        let is_recent = |e: &CodeEvent| e.code == Some(AccessCode::NoReview106) && e.day >= Some(made_on);
        let is_known = |(id, patient): &(PatientId, &Patient)| {
            patient.is_blocked() || review.of(*id).is_some() || cohort.events_of(patient).iter().any(is_recent)
        };
        let events = all_events(cohort, review);
        Self {
            schema: SCHEMA,
            saved,
            sources,
            settings: findings.thresholds,
            counts: cohort.counts,
            blocked: cohort.iter().filter(|(_, p)| p.is_blocked()).map(|(id, _)| Person::of(cohort, id)).collect(),
            holds_history: cohort.patients.iter().any(|p| cohort.events_of(p).len() > 1),
            known: cohort.iter().filter(is_known).map(known).collect(),
            decisions: save_changes(cohort, &in_force),
            spot_checks: review.checks().iter().zip(1..).map(|(c, n)| SavedCheck::of(cohort, c, n)).collect(),
            last_hash: events.last().map_or_else(String::new, |event| event.hash.clone()),
            events,
            result: review.result().map(SavedChanges::of),
            broken: None,
        }
    }

    /// Reads a saved review.
    ///
    /// # Errors
    /// Where it is none, or from another version.
    pub fn from_json(text: &str) -> Result<Self, ReviewFileError> {
        // The library's message may quote the text: only the place is told.
        let damaged = |e: serde_json::Error| match e.line() {
            0 => unreadable("it is not a saved review"),
            line => unreadable(&format!("line {line} is damaged")),
        };
        let value: Value = serde_json::from_str(text).map_err(damaged)?;
        if value.get("share_blocked_of_eligible").is_some() {
            return Err(unreadable("it is a summary of figures, and holds no decisions"));
        }
        if value.get("seal").is_some() {
            return Err(unreadable("it is an audit, which tells what happened, and not the review itself"));
        }
        let schema =
            value.get("schema").and_then(Value::as_u64).ok_or_else(|| unreadable("it is not a saved review"))?;
        if schema != u64::from(SCHEMA) {
            return Err(ReviewFileError::OtherVersion(u32::try_from(schema).unwrap_or(u32::MAX)));
        }
        let events = value.get("events").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let file: Self = serde_json::from_str(text).map_err(damaged)?;
        let cut_off = Broken { event: events.len() + 1 };
        let broken = match verify(events) {
            Ok(last) => (last != file.last_hash).then_some(cut_off),
            Err(broken) => Some(broken),
        };
        Ok(Self { broken, settings: file.settings.within_range(), ..file })
    }

    /// As it is written.
    ///
    /// # Errors
    /// Where a value cannot be written as JSON; no value of ours is such.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self)
    }

    /// What happened after it was saved is taken in: the state is the one after the last
    /// event.
    pub fn replay(&mut self, events: Vec<SavedEvent>) {
        let mut state = State { checks: std::mem::take(&mut self.spot_checks), ..State::default() };
        for change in &self.decisions {
            state.put(change);
        }
        for event in &events {
            state.take_in(event);
        }
        self.spot_checks = state.checks;
        self.decisions.clear();
        for person in state.order {
            if let Some(decision) = state.in_force.remove(&person) {
                self.decisions.push(SavedChange::of(Some(&decision), vec![person]));
            }
        }
        self.events.extend(events);
        self.last_hash = self.events.last().map_or_else(String::new, |event| event.hash.clone());
    }

    /// What its record of events says is in force, whatever stands beside it: decisions, and
    /// spot checks.
    #[must_use]
    pub(super) fn told(&self) -> (HashMap<Person, Decision>, Vec<SavedCheck>) {
        let mut state = State::default();
        for event in &self.events {
            state.take_in(event);
        }
        (state.in_force, state.checks)
    }

    /// The day of the export on which it was made: whoever decided knew nothing of later
    /// codes. The file's own date may be that of a copy: nothing that was decided is older.
    #[must_use]
    pub(super) fn since(&self) -> NaiveDate {
        let saved = self.saved.date();
        self.sources.first().and_then(|s| s.made_on).map_or(saved, |made| made.min(saved))
    }

    /// Its decisions, one by one.
    pub(super) fn proposals(&self) -> Vec<Proposal> {
        let each = self.decisions.iter().flat_map(|change| {
            let decision = change.as_decision();
            change.patients.iter().filter_map(move |person| Some((person.clone(), decision.clone()?)))
        });
        each.zip(1..).map(|((person, decision), row)| Proposal::saved(row, person, decision)).collect()
    }
}

/// What is in force while events are taken in, one after the other.
#[derive(Default)]
struct State {
    in_force: HashMap<Person, Decision>,
    /// In which order people were first decided.
    order: Vec<Person>,
    checks: Vec<SavedCheck>,
}

impl State {
    fn put(&mut self, change: &SavedChange) {
        let decision = change.as_decision();
        for person in &change.patients {
            match &decision {
                Some(decision) => {
                    if self.in_force.insert(person.clone(), decision.clone()).is_none() {
                        self.order.push(person.clone());
                    }
                }
                None => drop(self.in_force.remove(person)),
            }
        }
    }

    fn take_in(&mut self, event: &SavedEvent) {
        for change in &event.decisions {
            self.put(change);
        }
        if let Some(drawn) = &event.spot_check {
            match self.checks.get_mut(drawn.number.saturating_sub(1)) {
                // Made larger: the answers there are stay.
                Some(known) => {
                    let answers = std::mem::take(&mut known.answers);
                    *known = SavedCheck { answers, lifted: known.lifted.take(), ..drawn.clone() };
                }
                None => self.checks.push(drawn.clone()),
            }
        }
        if let Some(SavedAnswer { spot_check, patient, answer }) = &event.answer
            && let Some(check) = self.checks.get_mut(spot_check.saturating_sub(1))
            && let Some(place) = check.sample.iter().position(|p| p == patient)
        {
            if check.answers.len() < check.sample.len() {
                check.answers.resize(check.sample.len(), None);
            }
            check.answers[place].clone_from(answer);
        }
        if let Some(lift) = &event.lifted
            && let Some(check) = self.checks.get_mut(lift.spot_check.saturating_sub(1))
        {
            check.lifted = Some(lift.lifted.clone());
        }
    }
}

impl SavedChange {
    /// The decision; `None` where it was taken back, or where nobody says who decided.
    #[must_use]
    pub fn as_decision(&self) -> Option<Decision> {
        Some(Decision {
            choice: self.decision?,
            by: self.decided_by.clone()?,
            at: self.decided_at?,
            reason: self.reason.clone(),
            made: Made::from_key(&self.made_with),
            despite: Against {
                blockers: Blockers::from_labels(&self.despite),
                markers: Markers::from_labels(&self.despite_markers),
                places: self.despite_places,
                said: self.despite_said,
            },
        })
    }
}
