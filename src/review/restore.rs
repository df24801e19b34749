//! Decisions of files put in force: each is checked as if it were made in the window.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::Hash;
use std::num::NonZeroU64;
use std::sync::{Arc, OnceLock};

use chrono::NaiveDateTime;
use rustc_hash::FxHashMap;

use super::list::Whose;
use super::newer::{Known, KnownPerson};
use super::taking::{Export, take};
use super::{
    Changes, Choice, Decision, DecisionChanges, Event, Person, Proposal, Review, ReviewFile, ReviewFileError, Reviewer,
    SavedChanges, SavedCheck, SourceStamp, SpotCheck, What, changes_since,
};
use crate::cohort::{Cohort, Patient, PatientId, Place};
use crate::domain::wording::{self, count, figure};
use crate::domain::{Day, NhsNumber, NhsReading};
use crate::extract::Purpose;
use crate::findings::Findings;

/// A decision that a file asks for and that was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedProposal {
    /// Row of the file, from 1.
    pub row: u32,
    /// Whose, if they are in the files that are open.
    pub patient: Option<PatientId>,
    /// What happened, what to do.
    pub why: String,
}

/// The decisions of a file that were not taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refused {
    /// The file.
    pub list: String,
    /// Its decisions.
    pub proposals: Vec<RefusedProposal>,
}

/// What came of opening a saved review.
#[derive(Clone, Debug)]
pub struct Restored {
    /// Decisions, spot checks, and what happened before.
    pub review: Review,
    /// Decisions that do not hold any more.
    pub refused: Vec<RefusedProposal>,
    /// What else whoever opened it should know.
    pub notes: Vec<String>,
    /// It stands in place of what was decided before, and is not added to it.
    pub replaces: bool,
    /// The export that is open is not the one on which it was saved.
    pub is_other: bool,
}

/// Finds the people of files in a cohort.
pub(super) struct People<'a> {
    pub(super) cohort: &'a Cohort,
    by_number: FxHashMap<NhsNumber, PatientId>,
    /// By the clinical system's number and the birth date; nobody where two have both.
    by_system: OnceLock<HashMap<(NonZeroU64, Day), Option<PatientId>>>,
    /// By the first letters of the name and the birth date; nobody where two have both.
    by_name: OnceLock<HashMap<(u32, Day), Option<PatientId>>>,
    /// Those without a number of their own, by their row.
    by_place: OnceLock<HashMap<Place, PatientId>>,
    /// Numbers that stand on two people.
    on_two: OnceLock<HashSet<NhsNumber>>,
    /// For each file of the saved review, which of the open files is the same.
    files: Vec<Option<u16>>,
    /// What a saved review knew of its people.
    known: Option<&'a BTreeMap<Person, KnownPerson>>,
}

/// People by what tells them apart; nobody where two have the same.
fn one_of_each<K: Eq + Hash>(cohort: &Cohort, key: impl Fn(&Patient) -> Option<K>) -> HashMap<K, Option<PatientId>> {
    let mut all = HashMap::new();
    for (key, id) in cohort.iter().filter_map(|(id, patient)| Some((key(patient)?, id))) {
        all.entry(key).and_modify(|other| *other = None).or_insert(Some(id));
    }
    all
}

impl<'a> People<'a> {
    /// Of a list of decisions.
    pub(super) fn of(cohort: &'a Cohort) -> Self {
        Self {
            cohort,
            by_number: cohort.iter().filter_map(|(id, p)| Some((p.usable_number()?, id))).collect(),
            by_system: OnceLock::new(),
            by_name: OnceLock::new(),
            by_place: OnceLock::new(),
            on_two: OnceLock::new(),
            files: Vec::new(),
            known: None,
        }
    }

    /// Of a saved review; `exports` are the hashes of the open files.
    pub(super) fn of_review(cohort: &'a Cohort, exports: &[String], file: &'a ReviewFile) -> Self {
        let place = |hash: &str| exports.iter().position(|e| e == hash).and_then(|f| u16::try_from(f).ok());
        let files = file.sources.iter().map(|source| place(&source.blake3)).collect();
        Self { files, known: Some(&file.known), ..Self::of(cohort) }
    }

    fn known(&self, person: &Person) -> Option<&'a KnownPerson> {
        self.known?.get(person)
    }

    /// Whether somebody else has the number by which a saved review knew a person.
    pub(super) fn is_somebody_else(&self, person: &Person, id: PatientId) -> bool {
        self.known(person).zip(self.cohort.patient(id)).is_some_and(|(known, patient)| known.is_somebody_else(patient))
    }

    /// Whoever has this number of the system and this birth date, or without such numbers a name
    /// that begins so and this birth date, under whatever NHS number.
    fn renumbered(&self, known: &KnownPerson) -> Option<PatientId> {
        let born = known.born.map(Day::from)?;
        let Some(number) = known.system_number else {
            let key = |p: &Patient| (p.alphabet != 0).then_some(p.alphabet).zip(p.born);
            return *self.by_name.get_or_init(|| one_of_each(self.cohort, key)).get(&(known.alphabet, born))?;
        };
        let key = |p: &Patient| p.list_number.zip(p.born);
        *self.by_system.get_or_init(|| one_of_each(self.cohort, key)).get(&(number, born))?
    }

    pub(super) fn numbered(&self, number: NhsNumber) -> Option<PatientId> {
        self.by_number.get(&number).copied()
    }

    /// By the number, unless somebody else has it by now; somebody without one by the row, in the
    /// very file that the row is of. Never somebody with a number: a row is no way to name a
    /// person.
    pub(super) fn find(&self, person: &Person) -> Option<PatientId> {
        if let Some(number) = person.number() {
            return self.numbered(number).filter(|id| !self.is_somebody_else(person, *id));
        }
        let mut place = person.place()?;
        place.file = *self.files.get(usize::from(place.file))?.as_ref()?;
        let by_place = self.by_place.get_or_init(|| {
            let unnumbered = self.cohort.iter().filter(|(_, p)| p.usable_number().is_none());
            unnumbered.map(|(id, p)| (p.place, id)).collect()
        });
        by_place.get(&place).copied()
    }

    /// The same, or whoever they are under another NHS number: what was held, or found in a spot
    /// check, is not lost with the number. No 106 is given so.
    pub(super) fn find_held(&self, person: &Person) -> Option<PatientId> {
        self.find(person).or_else(|| self.renumbered(self.known(person)?))
    }

    /// Whether a number stands on two people: then it is nobody's that could be decided.
    pub(super) fn is_on_two(&self, number: NhsNumber) -> bool {
        let on_two = self.on_two.get_or_init(|| {
            let twice = self.cohort.iter().filter(|(_, p)| p.nhs_twice);
            let numbered = |p: &Patient| if let NhsReading::Valid(number) = p.nhs { Some(number) } else { None };
            twice.filter_map(|(_, p)| numbered(p)).collect()
        });
        on_two.contains(&number)
    }

    pub(super) fn whose(&self, whose: &Whose) -> Option<PatientId> {
        match whose {
            Whose::Cell(NhsReading::Valid(number)) => self.numbered(*number),
            Whose::Cell(_) => None,
            Whose::Saved(person) => self.find(person),
        }
    }
}

/// Applies a list of decisions, opened by somebody. `list` names it in the record; `made_on` is
/// when the export was made, where it says so, and `written` when the list was. Returns those that
/// were not taken.
pub fn apply(
    cohort: &Cohort,
    findings: &Findings,
    review: &mut Review,
    (list, proposals): (&str, Vec<Proposal>),
    (made_on, written): (Option<Day>, Option<Day>),
    (by, now): (&Reviewer, NaiveDateTime),
) -> Vec<RefusedProposal> {
    let people = People::of(cohort);
    take(&people, findings, review, &proposals, &Export { known: None, made_on, written }, (list, by, now))
}

/// Opens a saved review on the files that are open: the ones it was made on, or newer ones
/// of the same practice. `exports` are the hashes of the open files, in their order;
/// `opening` says how it came, who opens it, and when.
///
/// # Errors
/// Where it is of another practice.
pub fn restore(
    cohort: &Cohort,
    findings: &Findings,
    exports: &[String],
    file: &ReviewFile,
    (why, by, now): (&str, &Reviewer, NaiveDateTime),
) -> Result<Restored, ReviewFileError> {
    let people = People::of_review(cohort, exports, file);
    let is_same = file.sources.first().is_some_and(|source| exports.contains(&source.blake3));
    let named = file.blocked.iter().chain(file.decisions.iter().flat_map(|d| &d.patients));
    let mut named = named.peekable();
    if !is_same && named.peek().is_some() && !named.any(|person| people.find(person).is_some()) {
        return Err(ReviewFileError::OtherPractice);
    }
    let changes = match &file.result {
        Some(result) if is_same => Some(result.restore(&people)),
        _ => (!is_same).then(|| changes_since(&people, cohort, file)),
    };
    let mut review = Review::new(cohort.patients.len());
    let hashes: Vec<&str> = file.sources.iter().map(|s| s.blake3.as_str()).collect();
    let has_same_thresholds = file.settings == findings.thresholds;
    let (told, told_checks) = file.told();
    let (checks, lost_checks) = restored_checks(&people, findings, &told_checks);
    let (mut proposals, invented) = split_by_record(&people, file, &told);
    let back = returned(&people, file, &told, is_same);
    proposals.extend(back.into_iter().map(|(person, decision)| Proposal::saved(0, person, decision)));
    let asked: Vec<PatientId> = proposals.iter().chain(&invented).filter_map(|p| people.whose(&p.whose)).collect();
    if let Some(changes) = changes.as_ref().filter(|_| !is_same) {
        leave_out_settled(&people, &mut proposals, changes);
    }
    review.take_over(file.events.clone(), checks);
    // Who decided knew the export, and not what came after it.
    let all_known = exports.iter().all(|hash| hashes.contains(&hash.as_str()));
    let opened = Export { known: (!all_known).then(|| Known::of(file)), made_on: None, written: None };
    let mut refused = take(&people, findings, &mut review, &proposals, &opened, ("the saved review", by, now));
    refused.extend(invented.into_iter().map(|p| {
        RefusedProposal {
            row: p.row,
            patient: people.whose(&p.whose),
            why: "The record of what happened in this review does not hold this decision. Make it again in the window."
                .to_owned(),
        }
    }));
    let notes =
        notes(&people, file, exports, Opened { is_same, has_same_thresholds, lost_checks, told_checks: &told_checks });
    // What happened before can be neither undone nor done again: it was checked as it stands
    // now, and not as it stood then.
    review.history.clear();
    review.done.clear();
    let lost = if refused.is_empty() { String::new() } else { format!(", {} not taken", figure(refused.len())) };
    let other = if is_same { "" } else { " on another export" };
    let label = format!("{why}{other}: {} in force{lost}", count(review.decided(), "decision"));
    let what = What::Decisions(moved(cohort, &review, &told, asked));
    review.history.push(Event { at: now, by: by.clone(), label, what });
    review.result = changes.map(Arc::new);
    review.note_refused("saved review".to_owned(), &refused);
    Ok(Restored { review, refused, notes, replaces: true, is_other: !is_same })
}

/// Where the codes have moved on, that is told as a change and not as a refusal. A 104 that is kept
/// is kept as long as there is one.
fn leave_out_settled(people: &People<'_>, proposals: &mut Vec<Proposal>, changes: &Changes) {
    let settled: HashSet<PatientId> = changes.settled().collect();
    let is_kept = |p: &Proposal, id| p.choice != Some(Choice::Add106) && is_blocked(people.cohort, id);
    proposals.retain(|p| people.whose(&p.whose).is_some_and(|id| !settled.contains(&id) || is_kept(p, id)));
}

/// What the events of a saved review do not say of its decisions: those of `asked` that are not in
/// force any more, and whoever is back or is named otherwise in these files.
fn moved(cohort: &Cohort, review: &Review, told: &HashMap<Person, Decision>, asked: Vec<PatientId>) -> DecisionChanges {
    let gone = asked.into_iter().filter(|id| review.of(*id).is_none()).map(|id| (id, None));
    let is_new = |id: PatientId, decision: &Decision| told.get(&Person::of(cohort, id)) != Some(decision);
    let anew = review.iter().filter(|(id, d)| is_new(*id, d)).map(|(id, d)| (id, Some(Arc::new(d.clone()))));
    gone.chain(anew).collect()
}

/// The spot checks as the record tells of them, and how many are damaged.
fn restored_checks(people: &People<'_>, findings: &Findings, told: &[SavedCheck]) -> (Vec<SpotCheck>, usize) {
    let mut checks: Vec<SpotCheck> =
        told.iter().filter_map(|check| check.restore(|person| people.find_held(person))).collect();
    for check in &mut checks {
        check.list = check.list_in(findings);
    }
    let lost = told.len() - checks.len();
    (checks, lost)
}

/// The decisions of a file: those that its record holds, and those that were written into it.
/// Where the record itself was changed, no 106 is taken from it. Whoever has another NHS number
/// by now keeps what was kept.
fn split_by_record(
    people: &People<'_>,
    file: &ReviewFile,
    told: &HashMap<Person, Decision>,
) -> (Vec<Proposal>, Vec<Proposal>) {
    let is_told = |p: &Proposal| match &p.whose {
        Whose::Saved(person) if file.broken.is_none() => told.get(person).is_some_and(|told| p.is(told)),
        _ => p.choice != Some(Choice::Add106),
    };
    let (mut told_so, invented): (Vec<Proposal>, Vec<Proposal>) = file.proposals().into_iter().partition(is_told);
    for proposal in told_so.iter_mut().filter(|p| p.choice != Some(Choice::Add106)) {
        if let Whose::Saved(person) = &mut proposal.whose
            && people.find(person).is_none()
            && let Some(id) = people.find_held(person)
        {
            *person = Person::of(people.cohort, id);
        }
    }
    (told_so, invented)
}

/// Whoever was gone for a while, or blocked no more, and is back: kept as decided.
fn returned(
    people: &People<'_>,
    file: &ReviewFile,
    told: &HashMap<Person, Decision>,
    is_same: bool,
) -> BTreeMap<Person, Decision> {
    let decided: HashSet<&Person> = file.decisions.iter().flat_map(|d| &d.patients).collect();
    let remembered = file.result.iter().filter(|_| !is_same).flat_map(SavedChanges::remembered);
    let still_told = told.iter().filter(|(_, d)| d.choice != Choice::Add106).map(|(p, d)| (p.clone(), d.clone()));
    let mut back: BTreeMap<Person, Decision> = remembered.chain(still_told).collect();
    // By number only: a row of an earlier export names nobody in this one.
    let numbered = |person: &Person| person.number().and_then(|_| people.find(person));
    back.retain(|person, _| {
        !decided.contains(person) && numbered(person).is_some_and(|id| is_blocked(people.cohort, id))
    });
    back
}

/// How a review was opened, for what is to be said of it.
#[derive(Clone, Copy)]
struct Opened<'a> {
    is_same: bool,
    has_same_thresholds: bool,
    lost_checks: usize,
    told_checks: &'a [SavedCheck],
}

/// What whoever opened a review should know.
fn notes(people: &People<'_>, file: &ReviewFile, exports: &[String], opened: Opened<'_>) -> Vec<String> {
    let Opened { is_same, has_same_thresholds, lost_checks, told_checks } = opened;
    let mut notes = Vec::new();
    let (all, here) = (file.known.len(), file.known.keys().filter(|person| people.find(person).is_some()).count());
    if !is_same && here * 2 < all {
        notes.push(format!(
            "Only {} of the {} of this review are in the export: it may be of another practice. Check that before anything is used.",
            figure(here),
            count(all, "patient")
        ));
    }
    // What happened is what counts: a stop cannot be taken out of the file.
    let checks_differ = told_checks.len() != file.spot_checks.len()
        || told_checks.iter().zip(&file.spot_checks).any(|(told, saved)| !told.says_the_same_as(saved));
    if checks_differ {
        notes.push(
            "The spot checks in the file are not those of its record: they were taken as the record has them."
                .to_owned(),
        );
    }
    if lost_checks > 0 {
        notes.push("A spot check in the file is damaged and was not taken. Draw it again.".to_owned());
    }
    if let Some(broken) = file.broken {
        notes.push(format!(
            "The record of what happened was changed outside this program, from event {} on. Each decision was checked again, but the audit will not be whole.",
            broken.event
        ));
    }
    if is_same && !has_same_thresholds {
        notes.push("The review was made with other thresholds: with these some decisions made together may not hold. Change the thresholds (Ctrl+E) and open the review again to have all of them.".to_owned());
    }
    let is_list = |source: &&SourceStamp| is_same || source.purpose != Purpose::Export.label();
    let beside = file.sources.iter().skip(1).filter(|source| !exports.contains(&source.blake3)).filter(is_list);
    let beside: Vec<String> = beside.map(|source| format!("{} ({})", source.name, source.purpose)).collect();
    if !beside.is_empty() {
        notes.push(format!(
            "The review was made with more beside the export: {}. Without it nobody is marked who is on it: add it before you decide anything.",
            wording::list(&beside)
        ));
    }
    notes
}

/// Whether a 104, or a same-day conflict, blocks somebody.
fn is_blocked(cohort: &Cohort, id: PatientId) -> bool {
    cohort.patient(id).is_some_and(Patient::is_blocked)
}
