//! Decisions by named people over patients and groups: who may be decided how,
//! who decided what, when and why, and the way back.

mod blockers;
mod decide;
mod file;

pub use blockers::{Blocker, Blockers, because, blockers};
pub use decide::{GroupPlan, Refusal, check, lapsed, plan_group};
pub use file::{Proposal, RefusedProposal, ReviewFile, ReviewFileError, SourceStamp, apply, read_decisions};

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use crate::cohort::PatientId;
use crate::domain::wording::{count, figure};
use crate::findings::GroupId;

/// What a person decided for a patient. The program never writes a 103 or a 104
/// for anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Choice {
    /// Give a 106, which cancels the 104.
    #[serde(rename = "Add 106")]
    Add106,
    /// The 104 is right.
    #[serde(rename = "Keep 104")]
    Keep104,
    /// Somebody clinical must look.
    #[serde(rename = "Ask a clinician")]
    AskClinician,
}

impl Choice {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Add106, Self::Keep104, Self::AskClinician];

    /// As files write it and buttons show it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Add106 => "Add 106",
            Self::Keep104 => "Keep 104",
            Self::AskClinician => "Ask a clinician",
        }
    }

    /// Reads a label, capitals and white space making no difference.
    #[must_use]
    pub fn read(label: &str) -> Option<Self> {
        // Nothing is guessed: "Add 106?" is a question, not a decision.
        let words = label.split_whitespace().collect::<Vec<_>>().join(" ");
        Self::ALL.into_iter().find(|choice| choice.label().eq_ignore_ascii_case(&words))
    }

    /// Reasons that can be true of many at once.
    #[must_use]
    pub const fn reasons_for_many(self) -> &'static [&'static str] {
        match self {
            Self::Add106 => &["Added in bulk, nobody had looked", "Spot check found nobody at risk"],
            Self::Keep104 => &["Each was decided by a clinician", "To be looked at one by one later"],
            Self::AskClinician => &["Clinicians to look at each"],
        }
    }

    /// Standard reasons to pick from; free text is always possible.
    #[must_use]
    pub const fn standard_reasons(self) -> &'static [&'static str] {
        match self {
            Self::Add106 => {
                &["Record checked: no risk found", "Patient asked for access", "Added in bulk, nobody had looked"]
            }
            Self::Keep104 => {
                &["At risk: see record", "Safeguarding", "Clinician decided", "Patient prefers no automatic access"]
            }
            Self::AskClinician => {
                &["Risk not clear from the record", "Safeguarding lead to look", "Capacity or proxy to be settled"]
            }
        }
    }
}

/// Who decides.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
pub struct Reviewer {
    /// Name.
    pub name: String,
    /// Role in the practice; may be empty.
    #[serde(default)]
    pub role: String,
}

/// One decision that is in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What.
    pub choice: Choice,
    /// Who.
    pub by: Reviewer,
    /// When.
    pub at: NaiveDateTime,
    /// Why.
    pub reason: String,
    /// One by one, or together with others.
    pub made: Made,
}

/// How a decision was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Made {
    /// For this patient alone.
    Alone,
    /// With a group of the findings.
    With(GroupId),
    /// With another list of patients (a filter, a search).
    Together,
}

impl Made {
    /// As files write it: empty, "G1" or "list".
    #[must_use]
    pub fn key(self) -> String {
        match self {
            Self::Alone => String::new(),
            Self::With(group) => group.label(),
            Self::Together => "list".to_owned(),
        }
    }

    /// Reads [`Made::key`]; what is not known was not made alone.
    #[must_use]
    pub fn from_key(key: &str) -> Self {
        let number = key.strip_prefix('G').and_then(|n| n.parse::<u16>().ok()).and_then(|n| n.checked_sub(1));
        match (key.is_empty(), number) {
            (true, _) => Self::Alone,
            (_, Some(number)) => Self::With(GroupId(number)),
            _ => Self::Together,
        }
    }
}

/// A change to the decisions, kept for good: the audit is made of these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: NaiveDateTime,
    /// Who.
    pub by: Reviewer,
    /// "Add 106 for 2,441 patients", "Undo: …".
    pub label: String,
    /// Every patient concerned, with the decision that is in force after it.
    pub changes: Vec<(PatientId, Option<Decision>)>,
}

/// A step that can be undone.
#[derive(Clone, Debug)]
struct Step {
    label: String,
    before: Vec<(PatientId, Option<Decision>)>,
    after: Vec<(PatientId, Option<Decision>)>,
}

/// All decisions over one cohort.
#[derive(Clone, Debug, Default)]
pub struct Review {
    decisions: Vec<Option<Decision>>,
    done: Vec<Step>,
    undone: Vec<Step>,
    history: Vec<Event>,
    decided: usize,
}

impl Review {
    /// Nothing decided for `patients` people.
    #[must_use]
    pub fn new(patients: usize) -> Self {
        Self { decisions: vec![None; patients], ..Self::default() }
    }

    /// The decision in force for a patient.
    #[must_use]
    pub fn of(&self, id: PatientId) -> Option<&Decision> {
        self.decisions.get(id.index()).and_then(Option::as_ref)
    }

    /// All decisions in force, in the order of the patients.
    pub fn iter(&self) -> impl Iterator<Item = (PatientId, &Decision)> {
        self.decisions.iter().enumerate().filter_map(|(i, d)| Some((PatientId(u32::try_from(i).ok()?), d.as_ref()?)))
    }

    /// How many are decided.
    #[must_use]
    pub const fn decided(&self) -> usize {
        self.decided
    }

    /// How many are decided so.
    #[must_use]
    pub fn count(&self, choice: Choice) -> usize {
        self.iter().filter(|(_, d)| d.choice == choice).count()
    }

    /// Everything that happened, in order; undone steps stay in it.
    #[must_use]
    pub fn history(&self) -> &[Event] {
        &self.history
    }

    /// What undo would take back, "Add 106 for 2,441 patients".
    #[must_use]
    pub fn undo_label(&self) -> Option<&str> {
        self.done.last().map(|s| s.label.as_str())
    }

    /// What redo would do again.
    #[must_use]
    pub fn redo_label(&self) -> Option<&str> {
        self.undone.last().map(|s| s.label.as_str())
    }

    /// Puts decisions in force. They must have been checked ([`check`],
    /// [`plan_group`]); this only records.
    pub fn record(&mut self, patients: &[PatientId], decision: &Decision) {
        let label = match patients {
            [_] => decision.choice.label().to_owned(),
            many => format!("{} for {}", decision.choice.label(), count(many.len(), "patient")),
        };
        self.change(
            label,
            patients.iter().map(|id| (*id, Some(decision.clone()))).collect(),
            &decision.by,
            decision.at,
        );
    }

    /// Puts several different decisions in force as one step, as when a saved
    /// review is opened.
    pub fn record_all(&mut self, decisions: Vec<(PatientId, Decision)>, by: &Reviewer, at: NaiveDateTime) {
        let label = format!("Open {}", count(decisions.len(), "saved decision"));
        self.change(label, decisions.into_iter().map(|(id, d)| (id, Some(d))).collect(), by, at);
    }

    /// Takes decisions back.
    pub fn clear(&mut self, patients: &[PatientId], by: &Reviewer, at: NaiveDateTime) {
        let label = match patients.len() {
            1 => "Clear".to_owned(),
            n => format!("Clear for {} patients", figure(n)),
        };
        self.change(label, patients.iter().map(|id| (*id, None)).collect(), by, at);
    }

    /// Notes that other findings are in force, and takes those decisions back that no longer
    /// hold. Earlier steps can neither be undone nor done again after that: what they would
    /// bring back was decided by the findings of before.
    pub fn found_otherwise(&mut self, label: String, lapsed: &[PatientId], by: &Reviewer, at: NaiveDateTime) {
        let changes: Vec<_> = lapsed.iter().map(|id| (*id, None)).collect();
        self.put(&changes);
        self.history.push(Event { at, by: by.clone(), label, changes });
        self.done.clear();
        self.undone.clear();
    }

    /// Decisions in force that were made with a group are "made together" from now on where
    /// its number means another group. What happened before stays as it was told then.
    pub fn regroup(&mut self, is_same: impl Fn(GroupId) -> bool) {
        for decision in self.decisions.iter_mut().flatten() {
            if let Made::With(id) = decision.made
                && !is_same(id)
            {
                decision.made = Made::Together;
            }
        }
    }

    /// Takes the last step back.
    pub fn undo(&mut self, by: &Reviewer, at: NaiveDateTime) {
        let Some(step) = self.done.pop() else { return };
        self.put(&step.before);
        self.history.push(Event {
            at,
            by: by.clone(),
            label: format!("Undo: {}", step.label),
            changes: step.before.clone(),
        });
        self.undone.push(step);
    }

    /// Does the last undone step again.
    pub fn redo(&mut self, by: &Reviewer, at: NaiveDateTime) {
        let Some(step) = self.undone.pop() else { return };
        self.put(&step.after);
        self.history.push(Event {
            at,
            by: by.clone(),
            label: format!("Redo: {}", step.label),
            changes: step.after.clone(),
        });
        self.done.push(step);
    }

    fn change(&mut self, label: String, after: Vec<(PatientId, Option<Decision>)>, by: &Reviewer, at: NaiveDateTime) {
        if after.is_empty() {
            return;
        }
        let before = after.iter().map(|(id, _)| (*id, self.of(*id).cloned())).collect();
        self.put(&after);
        self.history.push(Event { at, by: by.clone(), label: label.clone(), changes: after.clone() });
        self.done.push(Step { label, before, after });
        self.undone.clear();
    }

    fn put(&mut self, changes: &[(PatientId, Option<Decision>)]) {
        for (id, decision) in changes {
            if let Some(slot) = self.decisions.get_mut(id.index()) {
                self.decided = self.decided + usize::from(decision.is_some()) - usize::from(slot.is_some());
                slot.clone_from(decision);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: u32) -> NaiveDateTime {
        chrono::NaiveDate::from_ymd_opt(2026, 11, 20).and_then(|d| d.and_hms_opt(9, minute, 0)).expect("a time")
    }

    fn decision(choice: Choice) -> Decision {
        Decision { choice, by: reviewer(), at: at(0), reason: "r".into(), made: Made::Alone }
    }

    fn reviewer() -> Reviewer {
        Reviewer { name: "Pat Manager".into(), role: String::new() }
    }

    #[test]
    fn undo_and_redo_restore_and_history_keeps_everything() {
        let mut review = Review::new(3);
        let everybody = [PatientId(0), PatientId(1), PatientId(2)];
        review.record(&everybody, &decision(Choice::Add106));
        review.record(&[PatientId(1)], &decision(Choice::Keep104));
        assert_eq!(review.undo_label(), Some("Keep 104"));
        review.undo(&reviewer(), at(1));
        assert_eq!(review.of(PatientId(1)).map(|d| d.choice), Some(Choice::Add106));
        assert_eq!(review.undo_label(), Some("Add 106 for 3 patients"));
        review.undo(&reviewer(), at(2));
        assert_eq!(review.decided(), 0);
        review.redo(&reviewer(), at(3));
        review.redo(&reviewer(), at(4));
        assert_eq!(review.of(PatientId(1)).map(|d| d.choice), Some(Choice::Keep104));
        assert_eq!(review.decided(), 3);
        assert_eq!(review.history().len(), 6);
        review.undo(&reviewer(), at(5));
        review.clear(&[PatientId(0)], &reviewer(), at(6));
        assert_eq!(review.redo_label(), None, "a new step ends what could be redone");
        assert_eq!(review.decided(), 2);
    }

    #[test]
    fn choices_are_read_as_people_write_them() {
        assert_eq!(Choice::read("add 106"), Some(Choice::Add106));
        assert_eq!(Choice::read(" KEEP  104 "), Some(Choice::Keep104));
        assert_eq!(Choice::read("Add 106?"), None);
        assert_eq!(Choice::read("106"), None);
        assert_eq!(Choice::read("Ask a clinician"), Some(Choice::AskClinician));
        assert_eq!(Choice::read("add 104"), None);
    }
}
