//! Whether a decision may be made: one by one, or for a group.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use thiserror::Error;

use super::blockers::{Against, Blocker, Blockers, blockers};
use super::{Choice, Decision, Made, Review, Reviewer, Verdict, is_reason};
use crate::cohort::{Cohort, Patient, PatientId, access_is_full, account_is_live};
use crate::domain::Status;
use crate::extract::Word;
use crate::findings::{Findings, Likelihood};

/// Why a decision was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// Nobody has said who they are.
    #[error("Say who decides first: enter the reviewer's name.")]
    NoReviewer,
    /// Not in the cohort.
    #[error("The patient is not in the export. Check the NHS number.")]
    Unknown,
    /// Two people in the cohort have the number.
    #[error(
        "The NHS number stands on two people in the files, so nobody can be decided by it. Correct it in the clinical system, or on the list beside the export, and open both again."
    )]
    NumberOnTwo,
    /// No number that can be read.
    #[error("No valid NHS number stands in this row. Correct it: ten digits, as in the export.")]
    NoNumber,
    /// Outside every output.
    #[error("The patient is not eligible (not registered now, deceased, or under 16), so no code is given.")]
    NotEligible,
    /// Rule 3 of the domain.
    #[error(
        "The patient declined (103), and a 106 does not cancel that. If the wish has changed, record it in the clinical system, then export again."
    )]
    Declined,
    /// The same, where the 103 does not count.
    #[error(
        "A 103 may be on file (without a usable date, damaged, in another column, or in other words): the patient may have declined, and a 106 does not cancel that. Look at the record, put the code right in the clinical system, then export again."
    )]
    MayHaveDeclined,
    /// Nothing to cancel, nothing to keep.
    #[error("The patient has no active 104, so there is nothing to decide.")]
    NoActive104,
    /// A list for the bulk step is made of NHS numbers.
    #[error(
        "Without a valid NHS number of their own the patient cannot be in the list for the bulk step. Correct it in the clinical system, or add the code there by hand."
    )]
    NoUsableNumber,
    /// Blocked from group decisions.
    #[error("To be decided one by one, with a reason in words: {}.", .0.labels())]
    NeedsReason(Blockers),
    /// Looked at in a spot check.
    #[error("A spot check says “{}” of this patient: to be decided one by one, with a reason in words.", .0.label())]
    InDoubt(Verdict),
}

/// Whether one patient may be decided so, one by one.
///
/// # Errors
/// The reason why not.
pub fn check(
    cohort: &Cohort,
    findings: &Findings,
    review: &Review,
    id: PatientId,
    choice: Choice,
    by: &Reviewer,
    reason: &str,
) -> Result<(), Refusal> {
    if !by.is_named() {
        return Err(Refusal::NoReviewer);
    }
    let patient = cohort.patient(id).ok_or(Refusal::Unknown)?;
    match (patient.status, choice) {
        (Status::NotEligible, _) => return Err(Refusal::NotEligible),
        (Status::Declined, Choice::Add106) => return Err(Refusal::Declined),
        (Status::Cleared | Status::NoCode, _) if choice != Choice::AskClinician => return Err(Refusal::NoActive104),
        (Status::Declined, Choice::Keep104) if patient.active_104.is_none() => return Err(Refusal::NoActive104),
        _ => {}
    }
    if choice == Choice::Add106 && patient.usable_number().is_none() {
        return Err(Refusal::NoUsableNumber);
    }
    if choice == Choice::Add106 && patient.may_have_declined {
        return Err(Refusal::MayHaveDeclined);
    }
    let blockers = blockers(cohort, findings, id);
    if !blockers.is_empty() && !is_reason(reason) {
        return Err(Refusal::NeedsReason(blockers));
    }
    match review.doubt(id) {
        Some(doubt) if !is_reason(reason) => Err(Refusal::InDoubt(doubt)),
        _ => Ok(()),
    }
}

/// Decisions in force that could not be made now: the findings have changed since.
#[must_use]
pub fn lapsed(cohort: &Cohort, findings: &Findings, review: &Review) -> Vec<PatientId> {
    let checks = review.checks_only();
    let holds = |id: PatientId, decision: &Decision| {
        let alone = check(cohort, findings, &checks, id, decision.choice, &decision.by, &decision.reason).is_ok();
        let together = || holds_together(cohort, findings, &checks, id, decision.choice);
        let known = decision.choice != Choice::Add106
            || Against::of(cohort, findings, id).unknown_to(decision.despite).is_none();
        alone && known && (decision.made.is_single() || together())
    };
    review.iter().filter(|(id, decision)| !holds(*id, decision)).map(|(id, _)| id).collect()
}

/// Whether a decision that was made together could be made so now, `checks` being a review
/// in which nothing is decided. What a spot check found since speaks against no 104 that is
/// kept.
pub(super) fn holds_together(
    cohort: &Cohort,
    findings: &Findings,
    checks: &Review,
    id: PatientId,
    choice: Choice,
) -> bool {
    let plan = plan_group(cohort, findings, checks, &[id]);
    plan.taken(choice).next().is_some() || (choice != Choice::Add106 && !plan.in_doubt.is_empty())
}

/// What a group decision would do, shown before it is done.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct GroupPlan {
    /// Those it would decide, whatever is decided.
    pub included: Vec<PatientId>,
    /// Those whose entry does not look applied in bulk here: as if somebody had looked, or
    /// decided at another practice, or not enough is known. Kept or asked about together,
    /// but given a 106 only one by one (ours, on the safe side).
    pub individual: Vec<PatientId>,
    /// Those of a list in whose spot check somebody at risk turned up: no 106 together
    /// until the list was split or reviewed.
    pub stopped: Vec<PatientId>,
    /// By which spot checks, and how many by each.
    pub stops: BTreeMap<usize, usize>,
    /// Those of whom a spot check says "at risk" or "can't tell": decided one by one.
    pub in_doubt: Vec<PatientId>,
    /// Those it leaves out and that nobody has decided, by blocker; a patient stands under
    /// the first one.
    pub blocked: Vec<(Blocker, Vec<PatientId>)>,
    /// Already decided by somebody: never turned by a group decision.
    pub already: Vec<PatientId>,
    /// Of these, those who were given a 106 together: a spot check of the list is about
    /// them too.
    pub together: Vec<PatientId>,
    /// Not blocked by a 104 at all (cleared since, not eligible).
    pub not_concerned: Vec<PatientId>,
    /// How many of those who could be given a 106 have full access already, in spite of
    /// their 104.
    pub with_access: usize,
}

impl GroupPlan {
    /// Those that a decision takes.
    pub fn taken(&self, choice: Choice) -> impl Iterator<Item = PatientId> {
        let (individual, stopped) =
            if choice == Choice::Add106 { (&[][..], &[][..]) } else { (&self.individual[..], &self.stopped[..]) };
        self.included.iter().chain(individual).chain(stopped).copied()
    }

    /// How many it could take at most.
    #[must_use]
    pub const fn most(&self) -> usize {
        self.included.len() + self.individual.len() + self.stopped.len()
    }

    /// How many have a blocker.
    #[must_use]
    pub fn blocked_count(&self) -> usize {
        self.blocked.iter().map(|(_, ids)| ids.len()).sum()
    }

    /// Everybody in it.
    #[must_use]
    pub fn everybody(&self) -> usize {
        self.most() + self.blocked_count() + self.in_doubt.len() + self.already.len() + self.not_concerned.len()
    }

    /// Those from whom a spot check is drawn: a 106 together would take them, were it not
    /// for a stop, or has.
    pub fn to_be_checked(&self) -> impl Iterator<Item = PatientId> {
        self.included.iter().chain(&self.stopped).chain(&self.together).copied()
    }
}

/// The spot check that stops group decisions "Add 106" for a patient, as one of its list or
/// of its group.
#[must_use]
pub fn stopped_by(findings: &Findings, review: &Review, id: PatientId) -> Option<usize> {
    let of_group = || review.group_stopped_by(findings.of(id).group?, id);
    review.stopped_by(id).or_else(of_group)
}

/// Sorts patients into those that a group decision takes and those that it must
/// not sweep along.
#[must_use]
pub fn plan_group(cohort: &Cohort, findings: &Findings, review: &Review, ids: &[PatientId]) -> GroupPlan {
    let mut plan = GroupPlan::default();
    let mut opens: FxHashMap<(Word, Word), bool> = FxHashMap::default();
    let mut has_access = |patient: &Patient| {
        let words = (patient.account, patient.access);
        let (status, access) = (cohort.word(words.0), cohort.word(words.1));
        *opens.entry(words).or_insert_with(|| account_is_live(status) && access_is_full(access))
    };
    for id in ids {
        let Some(patient) = cohort.patient(*id) else { continue };
        let (decision, blockers) = (review.of(*id), blockers(cohort, findings, *id));
        let blocker = blockers.iter().next().filter(|_| patient.is_eligible());
        match (decision, blocker) {
            (None, Some(first)) => match plan.blocked.iter_mut().find(|(b, _)| *b == first) {
                Some((_, list)) => list.push(*id),
                None => plan.blocked.push((first, vec![*id])),
            },
            _ if !patient.is_blocked() => plan.not_concerned.push(*id),
            (Some(decision), _) => {
                plan.already.push(*id);
                if blockers.is_empty() && decision.choice == Choice::Add106 && decision.made != Made::Alone {
                    plan.together.push(*id);
                }
            }
            (None, None) if review.doubt(*id).is_some() => plan.in_doubt.push(*id),
            (None, None) if !findings.of(*id).likelihood.is_some_and(Likelihood::is_bulk) => plan.individual.push(*id),
            (None, None) => {
                if let Some(check) = stopped_by(findings, review, *id) {
                    plan.stopped.push(*id);
                    *plan.stops.entry(check).or_default() += 1;
                } else {
                    plan.with_access += usize::from(has_access(patient));
                    plan.included.push(*id);
                }
            }
        }
    }
    plan.blocked.sort_by_key(|(blocker, _)| *blocker);
    plan
}
