//! What is otherwise in a newer export: whether the 106s landed, who was coded though
//! nobody had decided so, whose block was lost, who is new, who is gone.

use std::collections::{BTreeMap, HashSet};
use std::num::NonZeroU64;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::restore::People;
use super::{Choice, Decision, Person, ReviewFile, SavedChange};
use crate::cohort::{Cohort, Counts, EventState, Patient, PatientId};
use crate::domain::{AccessCode, Day, Status};

/// What became of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Change {
    /// Decided "Keep 104", and not blocked any more: the block that somebody needs is lost.
    LostBlock,
    /// Coded with a 106, or not blocked any more, though nobody had decided so.
    NotDecided,
    /// Decided "Add 106", and there is none.
    Missing,
    /// Decided "Add 106", and a 104 of the same day or later stands beside it or after it.
    Again,
    /// Declined since (103).
    Declined,
    /// A 104 that was not there.
    New,
    /// Decided "Add 106", and the 106 is there.
    Landed,
    /// Without an NHS number of their own, by which to find them in another export.
    NotFollowed,
    /// Not in the export any more, or not eligible.
    Gone,
    /// Decided "Keep 104" or "Ask a clinician", and still blocked.
    Kept,
}

impl Change {
    /// All of them, the most urgent first.
    pub const ALL: [Self; 10] = [
        Self::LostBlock,
        Self::NotDecided,
        Self::Missing,
        Self::Again,
        Self::Declined,
        Self::New,
        Self::Landed,
        Self::NotFollowed,
        Self::Gone,
        Self::Kept,
    ];

    /// As lists name it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::LostBlock => "Block lost",
            Self::NotDecided => "Coded, not decided",
            Self::Missing => "106 missing",
            Self::Again => "104 again",
            Self::Declined => "Declined since",
            Self::New => "New 104",
            Self::Landed => "106 landed",
            Self::NotFollowed => "Cannot be followed",
            Self::Gone => "Gone",
            Self::Kept => "Still blocked, as decided",
        }
    }

    /// What it is and what to do.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::LostBlock => {
                "Somebody decided to keep the 104, and it blocks no more. Look at each at once: the record may be open to whoever should not see it."
            }
            Self::NotDecided => {
                "A 106 was added, or the 104 is gone, and nobody had decided so here. Find out who did it and why; if somebody is at risk, add the 104 again in the clinical system."
            }
            Self::Missing => "Decided “Add 106”, and still blocked: the code did not arrive. Add it, and export again.",
            Self::Again => {
                "Decided “Add 106”, and a 104 is there that came after the export on which that was decided. Somebody may have looked: decide again."
            }
            Self::Declined => "The patient has declined since (103). A 106 does not cancel that.",
            Self::New => {
                "A 104 that was not there before, or of somebody who was not eligible then. To be decided like the others."
            }
            Self::Landed => {
                "Decided “Add 106”, and the 106 is there. In EMIS, an account that exists is still edited by hand."
            }
            Self::NotFollowed => {
                "Without a valid NHS number of their own, nobody can be found again in another export. Those who are blocked in this one are decided anew; correct their numbers in the clinical system."
            }
            Self::Gone => "Left, died, not in this export, or somebody else has their NHS number in it.",
            Self::Kept => "Decided “Keep 104” or “Ask a clinician”, and still blocked, as it should be.",
        }
    }

    /// Whether somebody has to do something about it.
    #[must_use]
    pub const fn needs_somebody(self) -> bool {
        !matches!(self, Self::Landed | Self::NotFollowed | Self::Gone | Self::Kept)
    }
}

/// What became of one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Landing {
    /// Who, as the review named them.
    pub person: Person,
    /// Who that is in the export that is open.
    pub patient: Option<PatientId>,
    /// What.
    pub change: Change,
    /// What was decided.
    pub decision: Option<Decision>,
}

/// What became of everybody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// Each, the most urgent first, else in the order of their numbers.
    pub each: Vec<Landing>,
    /// How many stood where when the review was saved.
    pub before: Counts,
    /// How many stand where now.
    pub after: Counts,
    /// Codes after this day are new.
    pub since: NaiveDate,
    /// The export on which the review was made.
    pub was: String,
}

impl Changes {
    /// How many of a kind.
    #[must_use]
    pub fn count(&self, change: Change) -> usize {
        self.each.iter().filter(|l| l.change == change).count()
    }

    /// Those of a kind who are in the export that is open.
    pub fn patients(&self, change: Change) -> impl Iterator<Item = PatientId> + '_ {
        self.each.iter().filter(move |l| l.change == change).filter_map(|l| l.patient)
    }

    /// How many were decided “Add 106”, whatever became of them.
    #[must_use]
    pub fn decided(&self) -> usize {
        let is_106 = |l: &&Landing| l.decision.as_ref().is_some_and(|d| d.choice == Choice::Add106);
        self.each.iter().filter(is_106).count()
    }

    /// Those whose decision is over, one way or another.
    pub(super) fn settled(&self) -> impl Iterator<Item = PatientId> + '_ {
        let goes_on = |change| matches!(change, Change::Missing | Change::Kept);
        self.each.iter().filter(move |l| !goes_on(l.change)).filter_map(|l| l.patient)
    }
}

/// What became of everybody, as it is saved with the review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedChanges {
    was: String,
    since: NaiveDate,
    before: Counts,
    after: Counts,
    each: Vec<SavedLanding>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct SavedLanding {
    patient: Person,
    result: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    decision: Option<SavedChange>,
}

impl SavedChanges {
    /// As it is saved.
    pub(super) fn of(changes: &Changes) -> Self {
        let saved = |landing: &Landing| SavedLanding {
            patient: landing.person.clone(),
            result: landing.change.label().to_owned(),
            decision: landing.decision.as_ref().map(|d| SavedChange::of(Some(d), Vec::new())),
        };
        Self {
            was: changes.was.clone(),
            since: changes.since,
            before: changes.before,
            after: changes.after,
            each: changes.each.iter().map(saved).collect(),
        }
    }

    /// With the patients of the export that is open.
    pub(super) fn restore(&self, people: &People<'_>) -> Changes {
        Changes {
            each: self.landings(people).collect(),
            before: self.before,
            after: self.after,
            since: self.since,
            was: self.was.clone(),
        }
    }

    fn landings<'a>(&'a self, people: &'a People<'_>) -> impl Iterator<Item = Landing> + 'a {
        self.each.iter().filter_map(|saved| {
            let change = Change::ALL.into_iter().find(|c| c.label() == saved.result)?;
            let decision = saved.decision.as_ref().and_then(SavedChange::as_decision);
            Some(Landing { person: saved.patient.clone(), patient: people.find(&saved.patient), change, decision })
        })
    }

    /// Decisions to keep a 104, or to ask, of people who were in no export for a while or
    /// were blocked no more: they hold again when the people are back, or blocked again.
    pub(super) fn remembered(&self) -> impl Iterator<Item = (Person, Decision)> + '_ {
        self.each.iter().filter_map(|l| {
            l.patient.number()?;
            let over = [Change::Gone, Change::LostBlock, Change::NotDecided];
            over.iter().find(|change| change.label() == l.result)?;
            let decision = l.decision.as_ref()?.as_decision().filter(|d| d.choice != Choice::Add106)?;
            Some((l.patient.clone(), decision))
        })
    }
}

/// Compares the export that is open with what a review knew.
#[must_use]
pub(super) fn changes_since(people: &People<'_>, cohort: &Cohort, file: &ReviewFile) -> Changes {
    let knew = Known::of(file);
    let since = file.since();
    let was_blocked: HashSet<&Person> = file.blocked.iter().collect();
    let mut known: Vec<(Person, Option<Decision>)> = Vec::new();
    let mut decided = HashSet::new();
    for change in &file.decisions {
        for person in &change.patients {
            decided.insert(person);
            known.push((person.clone(), change.as_decision()));
        }
    }
    let remembered: Vec<(Person, Decision)> = file.result.iter().flat_map(SavedChanges::remembered).collect();
    for (person, decision) in &remembered {
        if decided.insert(person) {
            known.push((person.clone(), Some(decision.clone())));
        }
    }
    known.extend(file.blocked.iter().filter(|person| !decided.contains(person)).map(|person| (person.clone(), None)));
    let mut met = vec![false; cohort.patients.len()];
    let mut each = Vec::new();
    for (person, decision) in known {
        // Kept or asked about: somebody may have another NHS number by now.
        let is_held = decision.as_ref().is_some_and(|d| d.choice != Choice::Add106);
        let patient = if is_held { people.find_held(&person) } else { people.find(&person) };
        // Named by a row of another export, which may be anybody's in this one.
        if patient.is_none() && person.number().is_none() {
            if decision.is_some() {
                each.push(Landing { person, patient, change: Change::NotFollowed, decision });
            }
            continue;
        }
        if let Some(id) = patient {
            met[id.index()] = true;
        }
        let record = patient.and_then(|id| cohort.patient(id));
        let was_blocked = was_blocked.contains(&person);
        if let Some(change) = change_of(cohort, record, (&person, decision.as_ref(), was_blocked), &knew) {
            each.push(Landing { person, patient, change, decision });
        }
    }
    for (id, patient) in cohort.iter().filter(|(id, p)| !met[id.index()] && p.is_eligible()) {
        let change = match patient.status {
            Status::Blocked | Status::SameDayConflict if patient.usable_number().is_none() => Change::NotFollowed,
            Status::Blocked | Status::SameDayConflict => Change::New,
            _ if has_new_106(cohort, patient, &Person::of(cohort, id), &knew) => Change::NotDecided,
            _ => continue,
        };
        each.push(Landing { person: Person::of(cohort, id), patient: Some(id), change, decision: None });
    }
    // What was wrong stays wrong until somebody has put it right.
    let told: HashSet<Person> = each.iter().map(|l| l.person.clone()).collect();
    let still = |l: &Landing| {
        let open = l.patient.and_then(|id| cohort.patient(id)).filter(|p| p.is_eligible());
        matches!(l.change, Change::LostBlock | Change::NotDecided) && open.is_some_and(|p| !p.is_blocked())
    };
    let before = file.result.iter().flat_map(|result| result.landings(people));
    each.extend(before.filter(|l| still(l) && !told.contains(&l.person)));
    each.sort_by(|a, b| (a.change, &a.person).cmp(&(b.change, &b.person)));
    let was = file.sources.first().map_or_else(String::new, |s| s.name.clone());
    Changes { each, before: file.counts, after: cohort.counts, since, was }
}

/// What became of somebody who was blocked or decided; `None` where nothing did.
fn change_of(
    cohort: &Cohort,
    patient: Option<&Patient>,
    (person, decision, was_blocked): (&Person, Option<&Decision>, bool),
    knew: &Known<'_>,
) -> Option<Change> {
    let Some(patient) = patient.filter(|p| p.is_eligible()) else { return Some(Change::Gone) };
    let choice = decision.map(|d| d.choice);
    let has_106 = has_new_106(cohort, patient, person, knew);
    Some(match (patient.status, choice) {
        (Status::Cleared, Some(Choice::Add106)) => Change::Landed,
        // Whatever they were before: what was to be kept is gone.
        (Status::Cleared | Status::NoCode, Some(Choice::Keep104)) => Change::LostBlock,
        // Declined, cleared or without a code before, and so now: a question about them stays.
        (Status::Declined | Status::Cleared | Status::NoCode, _) if !was_blocked => {
            return has_106.then_some(Change::NotDecided);
        }
        // A 106 beside a 103 is no wish of the patient's.
        (Status::Declined, _) if has_106 && choice != Some(Choice::Add106) => Change::NotDecided,
        (Status::Declined, _) => Change::Declined,
        (Status::Cleared | Status::NoCode, _) => Change::NotDecided,
        (_, Some(Choice::Add106)) if has_106 || knew.is_recoded(cohort, patient, person) => Change::Again,
        (_, Some(Choice::Add106)) => Change::Missing,
        // Corrected by now, for somebody who was decided so.
        (_, Some(_)) if has_106 && patient.status == Status::Blocked => Change::Kept,
        (_, _) if has_106 => Change::NotDecided,
        (_, Some(_)) => Change::Kept,
        (_, None) => return None,
    })
}

/// Whether a 106 was entered since, or on the very day of the export, and was not in it.
fn has_new_106(cohort: &Cohort, patient: &Patient, person: &Person, knew: &Known<'_>) -> bool {
    let of_the_day = || {
        let known = knew.people.get(person).map_or(&[][..], |known| &known.days_of_106s);
        !known.contains(&knew.since.date())
    };
    let is_new = |day: Option<Day>| {
        let day = day.filter(|day| *day <= cohort.today);
        day.is_some_and(|day| day > knew.since || (day == knew.since && of_the_day()))
    };
    let of_106 = cohort.events_of(patient).iter().filter(|e| e.code == Some(AccessCode::NoReview106));
    of_106.into_iter().any(|e| is_new(e.day) || is_new(e.entered))
}

/// The days of a patient's entries of a code that count, in order.
fn days_of(cohort: &Cohort, patient: &Patient, code: AccessCode) -> Vec<NaiveDate> {
    let events = cohort.events_of(patient).iter();
    let own = events.filter(|e| e.state == EventState::Counts && e.code == Some(code));
    let mut days: Vec<NaiveDate> = own.filter_map(|e| e.day).map(Day::date).collect();
    days.sort_unstable();
    days
}

/// What is known of somebody when a review is saved: by this they are found again under another
/// NHS number, and what came since is told from what was there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownPerson {
    /// The number in the clinical system, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system_number: Option<NonZeroU64>,
    /// Where the name stands in the alphabet, by its first six letters; nought for no name.
    #[serde(default)]
    pub alphabet: u32,
    /// Date of birth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub born: Option<NaiveDate>,
    /// The days of the 104s that count.
    #[serde(default)]
    pub days_of_104s: Vec<NaiveDate>,
    /// The days of the 106s that count: one of the day of the export may have come after it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days_of_106s: Vec<NaiveDate>,
}

impl KnownPerson {
    pub(super) fn of(cohort: &Cohort, patient: &Patient) -> Self {
        Self {
            system_number: patient.list_number,
            alphabet: patient.alphabet,
            born: patient.born.map(Day::date),
            days_of_104s: days_of(cohort, patient, AccessCode::Review104),
            days_of_106s: days_of(cohort, patient, AccessCode::NoReview106),
        }
    }

    /// Whether a patient is not the person that was known: a number may have been another's. A
    /// birth date is changed seldom; a name, or the number in the system, may be, and not both.
    pub(super) fn is_somebody_else(&self, patient: &Patient) -> bool {
        let differ = |a: Option<u64>, b: Option<u64>| a.zip(b).map(|(a, b)| a != b);
        let number = differ(self.system_number.map(NonZeroU64::get), patient.list_number.map(NonZeroU64::get));
        let letters = |alphabet: u32| (alphabet != 0).then_some(u64::from(alphabet));
        let name = differ(letters(self.alphabet), letters(patient.alphabet));
        match self.born.zip(patient.born).map(|(known, now)| known != now.date()) {
            Some(true) => true,
            Some(false) => number == Some(true) && name == Some(true),
            None => number == Some(true) || name == Some(true),
        }
    }
}

/// What whoever decided on a review's export knew.
pub(super) struct Known<'a> {
    /// Codes after this day are new.
    pub since: Day,
    people: &'a BTreeMap<Person, KnownPerson>,
    /// The export had earlier 104s too, and not the latest only: then one that is earlier than
    /// those that were known was entered since, and dated back.
    has_earlier: bool,
}

impl<'a> Known<'a> {
    pub(super) fn of(file: &'a ReviewFile) -> Self {
        let people = &file.known;
        Self { since: Day::from(file.since()), people, has_earlier: file.holds_history }
    }

    /// Whether a 104 came since that nobody knew of who decided about this person.
    pub(super) fn is_recoded(&self, cohort: &Cohort, patient: &Patient, person: &Person) -> bool {
        let is_later = |day: Option<Day>| day.is_some_and(|day| day > self.since);
        if cohort.event(patient.active_104).is_some_and(|e| is_later(e.day) || is_later(e.entered)) {
            return true;
        }
        let Some(known) = self.people.get(person).map(|known| &known.days_of_104s) else { return false };
        let mut left = known.clone();
        let from = known.last().copied().filter(|_| !self.has_earlier);
        let is_new = |day: &NaiveDate| match left.iter().position(|known| known == day) {
            Some(place) => {
                left.remove(place);
                false
            }
            None => from.is_none_or(|from| *day >= from),
        };
        days_of(cohort, patient, AccessCode::Review104).iter().any(is_new)
    }
}
