//! Decisions of files, each checked as if it were made in the window.

use std::collections::{HashMap, HashSet};

use chrono::{NaiveDateTime, TimeDelta};
use rustc_hash::FxHashSet;

use super::decide::holds_together;
use super::list::Whose;
use super::newer::Known;
use super::restore::{People, RefusedProposal};
use super::{
    Against, Choice, Decision, Made, Person, Proposal, Refusal, Review, Reviewer, blockers, check, is_reason,
    stopped_by,
};
use crate::cohort::{Cohort, PatientId, list_number};
use crate::domain::wording::letters;
use crate::domain::{Day, NhsReading};
use crate::findings::{Findings, Likelihood};
use crate::sharing;

/// Rows from whose number on one reason is not each patient's own any more, unless it is one of
/// those that are offered for a single patient (ours).
const MANY_REASONS: usize = 10;
/// The same for patients with something against them, whatever the reason (ours).
const MANY_AGAINST: usize = 3;

/// The export that is open.
#[derive(Default)]
pub(super) struct Export<'a> {
    /// What whoever decided knew of another one.
    pub known: Option<Known<'a>>,
    /// When it was made, where it says so.
    pub made_on: Option<Day>,
    /// When a list of decisions was last written, where the system says so: what does not say when
    /// it was decided was decided by then.
    pub written: Option<Day>,
}

/// Puts those decisions in force that can be made now, and returns the others. `list` names them in
/// the record.
pub(super) fn take(
    people: &People<'_>,
    findings: &Findings,
    review: &mut Review,
    proposals: &[Proposal],
    export: &Export<'_>,
    (list, opener, now): (&str, &Reviewer, NaiveDateTime),
) -> Vec<RefusedProposal> {
    let whose: Vec<Option<PatientId>> = proposals.iter().map(|p| people.whose(&p.whose)).collect();
    let taking = Taking {
        people,
        findings,
        // Held to the rules of a group, as if nothing else were decided.
        checks: review.checks_only(),
        review,
        twice: decided_twice(&whose),
        same_reason: same_reasons(people.cohort, findings, proposals, &whose),
        for_many: in_letters(Choice::Add106.reasons_for_many()),
        for_others: for_others(),
        standard: in_letters(Choice::Add106.standard_reasons()),
        known: export.known.as_ref(),
        made_on: export.made_on,
        written: export.written,
        now,
    };
    let mut taken: Vec<(PatientId, Decision)> = Vec::new();
    let mut refused = Vec::new();
    let decided = sharing::chunks("checking", proposals, |first, some| {
        let own = some.iter().zip(whose.iter().skip(first));
        own.map(|(proposal, patient)| (proposal.row, *patient, taking.decide(*patient, proposal))).collect::<Vec<_>>()
    });
    for (row, patient, decided) in decided.into_iter().flatten() {
        match decided {
            Ok(decision) => taken.extend(patient.zip(decision)),
            Err(why) => refused.push(RefusedProposal { row, patient, why }),
        }
    }
    review.record_all(list, taken, opener, now);
    refused
}

/// What each decision is held against.
struct Taking<'a> {
    people: &'a People<'a>,
    findings: &'a Findings,
    review: &'a Review,
    checks: Review,
    /// Decided more than once in the file.
    twice: HashSet<PatientId>,
    /// How many new decisions "Add 106" give one reason, and against how many of them something
    /// speaks.
    same_reason: HashMap<String, (usize, usize)>,
    /// The reasons that are offered for many, and for a single patient, by their letters.
    for_many: Vec<String>,
    /// The reasons that are offered for anything but a 106.
    for_others: Vec<(Choice, String)>,
    standard: Vec<String>,
    known: Option<&'a Known<'a>>,
    /// When the export that is open was made, where it says so.
    made_on: Option<Day>,
    written: Option<Day>,
    now: NaiveDateTime,
}

impl Taking<'_> {
    /// The decision for a patient as it can be put in force; `None` where it is in force already.
    /// An error is the sentence that says why not.
    fn decide(&self, patient: Option<PatientId>, proposal: &Proposal) -> Result<Option<Decision>, String> {
        let Self { people: People { cohort, .. }, findings, checks, .. } = self;
        if let Some(trouble) = proposal.trouble {
            return Err(trouble.to_owned());
        }
        let choice = proposal
            .choice
            .ok_or("The decision is none of: Add 106, Keep 104, Ask a clinician. Write one of these.")?;
        let id = patient.ok_or_else(|| why_nobody(proposal, self.people))?;
        if self.is_of_two(id, proposal) {
            return Err("The NHS number on this row, and the number in the system or the birth date, are of two people: the columns may have been sorted apart. Go back to a copy that was not.".to_owned());
        }
        check(cohort, findings, checks, id, choice, &proposal.by, &proposal.reason).map_err(|e| e.to_string())?;
        // A decision made with a group is held to the rules of a group.
        if !proposal.made.is_single() && !holds_together(cohort, findings, checks, id, choice) {
            return Err("Was decided together with a group, and now needs a decision of its own.".to_owned());
        }
        if is_new(proposal) && proposal.at.is_some_and(|at| at.date() > self.now.date()) {
            return Err("Decided on a day that is still to come. Correct the day.".to_owned());
        }
        let now_against = Against::of(cohort, findings, id);
        if choice == Choice::Add106 {
            self.may_be_given(id, proposal, now_against)?;
        }
        // What stands is not taken over by somebody else's word for the same.
        match self.review.of(id) {
            Some(before) if before.choice == choice => return Ok(None),
            Some(before) => {
                return Err(format!(
                    "Decided already: {} by {}. Clear that decision first.",
                    before.choice.label(),
                    before.by.name
                ));
            }
            None => {}
        }
        if self.twice.contains(&id) {
            return Err(
                "The patient is decided more than once in the file, and none of these was taken. Leave one.".to_owned()
            );
        }
        if choice == Choice::Add106 && self.registered_since(id, proposal) {
            return Err(
                "The patient registered here after this was decided. Look at the record, and decide again.".to_owned()
            );
        }
        if choice == Choice::Add106 && self.came_a_code_since(id, proposal) {
            return Err(
                "The patient was given a code after this was decided. Look at the record, and decide again.".to_owned()
            );
        }
        // Under other thresholds the number may be another group's.
        let made = match proposal.made {
            Made::With(group) if findings.of(id).group != Some(group) => Made::Together,
            made => made,
        };
        let (at, despite) = (proposal.at.unwrap_or(self.now), proposal.despite.unwrap_or(now_against));
        Ok(Some(Decision { choice, by: proposal.by.clone(), at, reason: proposal.reason.clone(), made, despite }))
    }

    /// Whether what stands beside the NHS number in a list is somebody else's.
    fn is_of_two(&self, id: PatientId, proposal: &Proposal) -> bool {
        let Some(patient) = self.people.cohort.patient(id) else { return false };
        let number = list_number(proposal.system.as_bytes());
        let is_other_number = !proposal.system.is_empty() && patient.list_number.is_some_and(|own| number != Some(own));
        let is_other_birth = proposal.born.zip(patient.born).is_some_and(|(said, own)| said != own);
        is_other_number || is_other_birth
    }

    /// The day by which something was decided, where that is known.
    fn decided_by(&self, proposal: &Proposal) -> Option<Day> {
        proposal.at.map(|at| Day::from(at.date())).or(self.written)
    }

    /// Whether a 106 may be given in spite of what speaks against it now.
    fn may_be_given(&self, id: PatientId, proposal: &Proposal, now_against: Against) -> Result<(), String> {
        if is_new(proposal) {
            self.may_be_listed(id, proposal, now_against)?;
        }
        match proposal.despite {
            // One sentence for many is no reason of anybody's own.
            None if self.says_bulk(id, &proposal.reason) => {
                return Err("The reason says that the code was added in bulk, and it does not look so: somebody may have looked at this patient. Look at the record, and give a reason of their own.".to_owned());
            }
            None if !now_against.blockers.is_empty() && self.is_for_many(&proposal.reason) => {
                return Err(format!(
                    "The same reason stands on many rows, and something speaks against deciding this patient like others: {}. Look at the record, and give a reason of their own.",
                    now_against.blockers.labels()
                ));
            }
            None if self.may_have_been_looked_at(id, &proposal.reason) => {
                return Err("The code does not look added in bulk: somebody may have looked at this patient. Look at the record, and give a reason of their own.".to_owned());
            }
            _ => {}
        }
        if let Some(unknown) = proposal.despite.and_then(|despite| now_against.unknown_to(despite)) {
            return Err(format!("Not known when this was decided: {unknown}. Look at the record, and decide again."));
        }
        if proposal.made == Made::Listed && stopped_by(self.findings, &self.checks, id).is_some() {
            return Err("Somebody at risk was found in a spot check of the patient’s list: no 106 from a list until it has been split or reviewed. Decide this patient in the window.".to_owned());
        }
        Ok(())
    }

    /// Whether a list may give this 106: nothing is known of how it came about.
    fn may_be_listed(&self, id: PatientId, proposal: &Proposal, now_against: Against) -> Result<(), String> {
        let reason = letters(&proposal.reason);
        if let Some(other) = self.for_others.iter().find(|(_, given)| *given == reason).map(|(choice, _)| choice) {
            return Err(format!("“Add 106” stands beside a reason for “{}”. Correct one of them.", other.label()));
        }
        if let Some(doubt) = self.checks.doubt(id) {
            return Err(format!(
                "A spot check says “{}” of this patient: no 106 from a list. Decide this patient in the window.",
                doubt.label()
            ));
        }
        let is_older = self.decided_by(proposal).zip(self.made_on).is_some_and(|(decided, made)| decided < made);
        if is_older && !now_against.blockers.is_empty() {
            return Err(format!(
                "Decided before this export was made, and something speaks against it that may have come since: {}. Look at the record, and decide again.",
                now_against.blockers.labels()
            ));
        }
        Ok(())
    }

    /// Whether somebody may have looked at this patient, and a list has no reason of their own.
    fn may_have_been_looked_at(&self, id: PatientId, reason: &str) -> bool {
        let is_bulk = self.findings.of(id).likelihood.is_some_and(Likelihood::is_bulk);
        !is_bulk && (!is_reason(reason) || self.is_for_many(reason))
    }

    /// Whether the reason is the one for those that were coded in bulk, and this one was not.
    fn says_bulk(&self, id: PatientId, reason: &str) -> bool {
        let is_bulk = self.findings.of(id).likelihood.is_some_and(Likelihood::is_bulk);
        let reason = letters(reason);
        !is_bulk && self.for_many.iter().any(|many| reason.starts_with(many))
    }

    fn is_for_many(&self, reason: &str) -> bool {
        let reason = letters(reason);
        self.for_many.iter().any(|many| reason.starts_with(many))
            || self.same_reason.get(&reason).is_some_and(|(all, against)| {
                *against > MANY_AGAINST || (*all > MANY_REASONS && !self.standard.contains(&reason))
            })
    }

    /// Whoever registered after a decision was decided at another registration, or elsewhere.
    fn registered_since(&self, id: PatientId, proposal: &Proposal) -> bool {
        let registered = self.people.cohort.patient(id).and_then(|patient| patient.registered);
        registered.zip(self.decided_by(proposal)).is_some_and(|(registered, decided)| registered > decided)
    }

    /// A code that came after a decision was not known to whoever decided; nor was one that came
    /// after the export on which it was made, which may have been older than the decision.
    fn came_a_code_since(&self, id: PatientId, proposal: &Proposal) -> bool {
        let (cohort, Some(at)) = (self.people.cohort, self.decided_by(proposal)) else { return false };
        let Some(patient) = cohort.patient(id) else { return false };
        // An export that was made by then shows all that was there to be known.
        if is_new(proposal) && self.made_on.is_some_and(|made| made <= at) {
            return false;
        }
        // A list says the day, and not what was known on it: a code of that day may have come after.
        let day = if is_new(proposal) { Day::from(at.date() - TimeDelta::days(1)) } else { at };
        let decided = self.known.map_or(day, |known| known.since.min(day));
        // A date in the future was there to be seen, and says nothing yet.
        let came = |day: Day| day > decided && day <= cohort.today;
        cohort.events_of(patient).iter().flat_map(|e| [e.day, e.entered]).flatten().any(came)
            || self.known.is_some_and(|known| known.is_recoded(cohort, patient, &Person::of(cohort, id)))
    }
}

/// The reasons that are offered for anything but a 106, by their letters.
fn for_others() -> Vec<(Choice, String)> {
    let others = Choice::ALL.into_iter().filter(|choice| *choice != Choice::Add106);
    let reasons = |choice: Choice| choice.standard_reasons().iter().chain(choice.reasons_for_many());
    others.flat_map(|choice| reasons(choice).map(move |reason| (choice, letters(reason)))).collect()
}

fn in_letters(reasons: &[&str]) -> Vec<String> {
    reasons.iter().map(|reason| letters(reason)).collect()
}

/// Decided only now, by a list.
const fn is_new(proposal: &Proposal) -> bool {
    proposal.despite.is_none()
}

/// Patients whom a file decides more than once: which is meant cannot be told.
fn decided_twice(whose: &[Option<PatientId>]) -> HashSet<PatientId> {
    let mut seen = FxHashSet::default();
    whose.iter().flatten().filter(|id| !seen.insert(**id)).copied().collect()
}

/// How many new decisions "Add 106" give one reason, by its letters (a spreadsheet counts up where
/// it fills down), and against how many of them something speaks.
fn same_reasons(
    cohort: &Cohort,
    findings: &Findings,
    proposals: &[Proposal],
    whose: &[Option<PatientId>],
) -> HashMap<String, (usize, usize)> {
    let mut same: HashMap<String, (usize, usize)> = HashMap::new();
    let is_asked = |(p, _): &(&Proposal, _)| p.choice == Some(Choice::Add106) && is_new(p);
    for (proposal, patient) in proposals.iter().zip(whose).filter(is_asked) {
        let is_against = patient.is_some_and(|id| !blockers(cohort, findings, id).is_empty());
        let counts = same.entry(letters(&proposal.reason)).or_default();
        *counts = (counts.0 + 1, counts.1 + usize::from(is_against));
    }
    same
}

/// Why nobody is meant by a row.
fn why_nobody(proposal: &Proposal, people: &People<'_>) -> String {
    let refusal = match &proposal.whose {
        Whose::Cell(NhsReading::Valid(number)) if people.is_on_two(*number) => Refusal::NumberOnTwo,
        Whose::Saved(person) if person.number().is_some_and(|number| people.is_on_two(number)) => Refusal::NumberOnTwo,
        Whose::Cell(NhsReading::Valid(_)) | Whose::Saved(_) => Refusal::Unknown,
        Whose::Cell(_) => Refusal::NoNumber,
    };
    refusal.to_string()
}
