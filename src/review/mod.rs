//! Decisions by named people over patients and groups: who may be decided how,
//! who decided what, when and why, spot checks, and the way back.

mod blockers;
mod bounds;
mod chain;
mod choice;
mod decide;
mod event;
mod file;
mod journal;
mod list;
mod newer;
mod restore;
mod saved;
mod spot_check;
mod taking;

pub use blockers::{Against, Blocker, Blockers, because, blockers};
pub use bounds::{Bound, Method, sample_size, upper_bound};
pub use chain::{Broken, all_events, chained, fingerprint, verify};
pub use choice::{Choice, Decision, Made, Reviewer, is_reason};
pub use decide::{GroupPlan, Refusal, check, lapsed, plan_group, stopped_by};
pub use event::{DecisionChanges, Event, What};
pub use file::{ReviewFile, ReviewFileError, SourceStamp};
pub use journal::{Journal, JournalError, Key, read_journal};
pub use list::{Decisions, Proposal, read_decisions};
use newer::changes_since;
pub use newer::{Change, Changes, Landing, SavedChanges};
pub use restore::{Refused, RefusedProposal, Restored, apply, restore};
pub use saved::{Person, SavedAnswer, SavedChange, SavedCheck, SavedEvent, save_events};
pub use spot_check::{Answer, Lifted, Outcome, Sampled, SpotCheck, Verdict, WANTED, seed_text, size_for};

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDateTime;

use crate::cohort::{Cohort, PatientId};
use crate::domain::wording::{count, figure};
use crate::findings::{Findings, GroupId};

/// A step that can be undone: what was in force before it, and after it.
#[derive(Clone, Debug)]
struct Step {
    label: String,
    before: What,
    after: What,
}

/// All decisions over one cohort.
#[derive(Clone, Debug, Default)]
pub struct Review {
    decisions: Vec<Option<Arc<Decision>>>,
    checks: Vec<SpotCheck>,
    done: Vec<Step>,
    undone: Vec<Step>,
    past: Arc<Vec<SavedEvent>>,
    history: Vec<Event>,
    decided: usize,
    /// Whoever is answered "at risk" or "can't tell", by the worst answer.
    doubts: HashMap<PatientId, Verdict>,
    /// How each spot check stands.
    standings: Vec<Standing>,
    /// What became of everybody since an earlier export.
    result: Option<Arc<Changes>>,
    /// Decisions of the file that was opened last and that were not taken.
    refused: Arc<Refused>,
}

/// How a spot check stands, worked out whenever something of it changes.
#[derive(Clone, Debug, Default)]
struct Standing {
    stops: bool,
    reached: bool,
    /// Later checks of parts of its list, and whether each frees its part.
    parts: Vec<(usize, bool)>,
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
        self.decisions.get(id.index()).and_then(Option::as_deref)
    }

    /// All decisions in force, in the order of the patients.
    pub fn iter(&self) -> impl Iterator<Item = (PatientId, &Decision)> {
        let all = self.decisions.iter().enumerate();
        all.filter_map(|(i, d)| Some((PatientId(u32::try_from(i).ok()?), d.as_deref()?)))
    }

    /// Who is decided "Add 106".
    pub fn given(&self) -> impl Iterator<Item = PatientId> {
        self.iter().filter(|(_, decision)| decision.choice == Choice::Add106).map(|(id, _)| id)
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

    /// Spot checks, in the order in which they were drawn. None is ever taken back: a
    /// sample that was drawn stays in the record.
    #[must_use]
    pub fn checks(&self) -> &[SpotCheck] {
        &self.checks
    }

    /// The worst answer that a spot check gave for a patient: "at risk" or "can't tell".
    #[must_use]
    pub fn doubt(&self, id: PatientId) -> Option<Verdict> {
        self.doubts.get(&id).copied()
    }

    /// The spot check that stops group decisions "Add 106" for a patient.
    #[must_use]
    pub fn stopped_by(&self, id: PatientId) -> Option<usize> {
        self.standings
            .iter()
            .enumerate()
            .filter(|(_, s)| s.stops)
            .map(|(place, _)| place)
            .find(|place| self.checks.get(*place).is_some_and(|check| check.is_about(id)) && !self.is_freed(*place, id))
    }

    /// The spot check that stops a group, whoever joined it since. Whoever is in a part
    /// that was freed is not concerned.
    #[must_use]
    pub fn group_stopped_by(&self, group: GroupId, id: PatientId) -> Option<usize> {
        let stops = |place: &usize| self.standings.get(*place).is_some_and(|s| s.stops);
        let is_of = |place: &usize| self.checks.get(*place).is_some_and(|c| c.list == Made::With(group));
        (0..self.checks.len()).find(|place| stops(place) && is_of(place) && !self.is_freed(*place, id))
    }

    /// Whether somebody is in a part that was freed from a stop: every check of a part that
    /// they are in proves what it was to prove, so that none is drawn until one does.
    fn is_freed(&self, place: usize, id: PatientId) -> bool {
        let of_them = |part: &&(usize, bool)| self.checks.get(part.0).is_some_and(|c| c.is_about(id));
        let mut parts = self.standings.get(place).into_iter().flat_map(|s| &s.parts).filter(of_them).peekable();
        parts.peek().is_some() && parts.all(|(_, frees)| *frees)
    }

    /// Whether a spot check proves what it was to prove, and stops nothing.
    #[must_use]
    pub fn is_clean(&self, check: usize) -> bool {
        self.standings.get(check).is_some_and(|s| s.reached && !s.stops)
    }

    /// Whether a 106 that was decided together may not stay in force: somebody is in doubt,
    /// or in a list that is stopped.
    #[must_use]
    pub fn is_overtaken(&self, id: PatientId) -> bool {
        let Some(decision) = self.of(id).filter(|d| d.choice == Choice::Add106 && d.made != Made::Alone) else {
            return false;
        };
        // Whoever joined the group after the sample was drawn is in it too.
        let of_group = match decision.made {
            Made::With(group) => self.group_stopped_by(group, id),
            _ => None,
        };
        self.doubt(id).is_some() || of_group.is_some() || self.stopped_by(id).is_some()
    }

    /// Everything that happened in this sitting, in order; undone steps stay in it.
    #[must_use]
    pub fn history(&self) -> &[Event] {
        &self.history
    }

    /// What happened in earlier sittings, as it was saved.
    #[must_use]
    pub fn past(&self) -> &[SavedEvent] {
        &self.past
    }

    /// What became of everybody since the export on which the review was made before.
    #[must_use]
    pub fn result(&self) -> Option<&Changes> {
        self.result.as_deref()
    }

    /// Decisions of the file that was opened last and that were not taken.
    #[must_use]
    pub fn refused(&self) -> &Refused {
        &self.refused
    }

    /// Notes which decisions of a file were not taken; `list` names it.
    pub fn note_refused(&mut self, list: String, refused: &[RefusedProposal]) {
        self.refused = Arc::new(Refused { list, proposals: refused.to_vec() });
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

    /// Notes something that changed no decision.
    pub fn note(&mut self, label: String, by: &Reviewer, at: NaiveDateTime) {
        self.history.push(Event { at, by: by.clone(), label, what: What::Nothing });
    }

    /// Puts decisions in force. They must have been checked ([`check`],
    /// [`plan_group`]); this only records.
    pub fn record(&mut self, patients: &[PatientId], decision: &Decision) {
        let label = match patients {
            [_] => decision.choice.label().to_owned(),
            many => format!("{} for {}", decision.choice.label(), count(many.len(), "patient")),
        };
        let shared = Arc::new(decision.clone());
        let after = patients.iter().map(|id| (*id, Some(Arc::clone(&shared)))).collect();
        self.step(label, What::Decisions(after), &decision.by, decision.at);
    }

    /// Puts several different decisions in force as one step, as when a list of decisions,
    /// named `list`, is opened.
    pub fn record_all(&mut self, list: &str, decisions: Vec<(PatientId, Decision)>, by: &Reviewer, at: NaiveDateTime) {
        let label = format!("Open {} from {list}", count(decisions.len(), "decision"));
        let mut shared: HashMap<Decision, Arc<Decision>> = HashMap::new();
        let after = decisions.into_iter().map(|(id, decision)| {
            let kept = shared.entry(decision).or_insert_with_key(|d| Arc::new(d.clone()));
            (id, Some(Arc::clone(kept)))
        });
        let after = after.collect();
        self.step(label, What::Decisions(after), by, at);
    }

    /// Takes decisions back.
    pub fn clear(&mut self, patients: &[PatientId], by: &Reviewer, at: NaiveDateTime) {
        let label = match patients.len() {
            1 => "Clear".to_owned(),
            n => format!("Clear for {} patients", figure(n)),
        };
        self.step(label, What::Decisions(patients.iter().map(|id| (*id, None)).collect()), by, at);
    }

    /// Keeps a spot check that was drawn, and gives its place, and how many decisions its list
    /// takes back: nothing is proven of it until it is answered.
    pub fn add_check(&mut self, check: SpotCheck) -> (usize, usize) {
        let place = self.checks.len();
        let what = What::Drawn { check: place, size: check.sample.len(), wanted: check.wanted };
        let label = format!("Spot check {} drawn: {}", place + 1, count(check.sample.len(), "patient"));
        let (by, at) = (check.by.clone(), check.drawn);
        self.checks.push(check);
        self.doubt_again();
        self.history.push(Event { at, by: by.clone(), label, what });
        (place, self.hold_to_stops(&by, at))
    }

    /// Makes a sample larger: those who come next in its order. Nothing is done where some of
    /// its list are gone from the export: others would come next. Says how many decisions could
    /// not stay in force after it.
    pub fn grow_check(&mut self, place: usize, wanted: u8, cohort: &Cohort, by: &Reviewer, at: NaiveDateTime) -> usize {
        let is_whole = |check: &&mut SpotCheck| check.population.len() == check.group;
        let Some(check) = self.checks.get_mut(place).filter(is_whole) else { return 0 };
        check.grow(cohort, wanted);
        let size = check.sample.len();
        let label = format!("Spot check {} made larger: {}", place + 1, count(size, "patient"));
        self.history.push(Event { at, by: by.clone(), label, what: What::Drawn { check: place, size, wanted } });
        self.doubt_again();
        // Nothing is proven until the new ones are answered too.
        self.hold_to_stops(by, at)
    }

    /// Records what was seen in the record of somebody in a sample; `None` takes the answer
    /// back. A 106 that was decided for somebody who turns out to be at risk, or who cannot
    /// be told, is taken back, and with somebody at risk every 106 that was decided together
    /// in that list. Says how many decisions were taken back.
    pub fn answer(
        &mut self,
        check: usize,
        place: usize,
        verdict: Option<Verdict>,
        by: &Reviewer,
        at: NaiveDateTime,
    ) -> usize {
        self.answer_for(check, place, verdict, String::new(), by, at)
    }

    /// [`Review::answer`], with the ground on which "at risk" is overturned.
    pub fn answer_for(
        &mut self,
        check: usize,
        place: usize,
        verdict: Option<Verdict>,
        note: String,
        by: &Reviewer,
        at: NaiveDateTime,
    ) -> usize {
        let sampled = self.checks.get_mut(check).and_then(|c| c.sample.get_mut(place));
        let Some(sampled) = sampled else { return 0 };
        let (answer, patient) = (verdict.map(|verdict| Answer { verdict, by: by.clone(), at, note }), sampled.patient);
        let old = std::mem::replace(&mut sampled.answer, answer.clone());
        self.doubt_again();
        // What does not stand beside it: a 106 for somebody in doubt, however it was decided,
        // and all that were decided together in a list that is stopped now.
        let own = patient.filter(|id| {
            verdict.is_some_and(|v| v != Verdict::NotAtRisk) && self.of(*id).is_some_and(|d| d.choice == Choice::Add106)
        });
        let mut over = self.overtaken();
        over.extend(own.filter(|id| !self.is_overtaken(*id)));
        let taken_back = over.len();
        let before: DecisionChanges =
            over.iter().map(|id| (*id, self.decisions.get(id.index()).cloned().flatten())).collect();
        let decisions: DecisionChanges = over.into_iter().map(|id| (id, None)).collect();
        self.decide(&decisions);
        let said = verdict.map_or("answer cleared", Verdict::label);
        let label = format!("Spot check {}: {said}", check + 1);
        let before = What::Answer { check, place, answer: old, decisions: before };
        self.did(label, before, What::Answer { check, place, answer, decisions }, by, at);
        taken_back
    }

    /// Decisions that were made together and may not stay in force.
    fn overtaken(&self) -> Vec<PatientId> {
        if self.checks.is_empty() {
            return Vec::new();
        }
        self.iter().map(|(id, _)| id).filter(|id| self.is_overtaken(*id)).collect()
    }

    /// After a step that may have stopped a list, or brought decisions back: what may not
    /// stay in force is taken back. Says how many were.
    fn hold_to_stops(&mut self, by: &Reviewer, at: NaiveDateTime) -> usize {
        let over = self.overtaken();
        if !over.is_empty() {
            let label = format!("Withdrawn because of a spot check: {}", count(over.len(), "decision"));
            let what = What::Decisions(over.iter().map(|id| (*id, None)).collect());
            self.put(&what);
            self.history.push(Event { at, by: by.clone(), label, what });
        }
        over.len()
    }

    /// Ends the stop of a spot check: somebody reviewed the list and says so.
    pub fn lift(&mut self, check: usize, lifted: Lifted) {
        let Some(of) = self.checks.get_mut(check) else { return };
        let label = format!("Stop of spot check {} ended after review", check + 1);
        let (by, at) = (lifted.by.clone(), lifted.at);
        of.lifted = Some(lifted.clone());
        self.doubt_again();
        self.history.push(Event { at, by, label, what: What::Lifted { check, lifted } });
    }

    /// Notes that other findings are in force, and takes those decisions back that no longer
    /// hold. Earlier steps can neither be undone nor done again after that: what they would
    /// bring back was decided by the findings of before.
    pub fn found_otherwise(&mut self, label: String, lapsed: &[PatientId], by: &Reviewer, at: NaiveDateTime) {
        let what = What::Decisions(lapsed.iter().map(|id| (*id, None)).collect());
        self.put(&what);
        self.history.push(Event { at, by: by.clone(), label, what });
        self.done.clear();
        self.undone.clear();
    }

    /// Decisions in force that were made with a group are "made together" from now on where
    /// its number means another group; spot checks of it go with most of their list. What
    /// happened before stays as it was told then.
    pub fn regroup(&mut self, findings: &Findings, is_same: impl Fn(GroupId) -> bool) {
        let other = |made: Made| matches!(made, Made::With(id) if !is_same(id));
        for decision in self.decisions.iter_mut().flatten().filter(|d| other(d.made)) {
            Arc::make_mut(decision).made = Made::Together;
        }
        for check in &mut self.checks {
            check.list = check.list_in(findings);
        }
    }

    /// Takes the last step back. Says how many decisions could not stay in force after it.
    pub fn undo(&mut self, by: &Reviewer, at: NaiveDateTime) -> usize {
        let Some(step) = self.done.pop() else { return 0 };
        self.put(&step.before);
        let label = format!("Undo: {}", step.label);
        self.history.push(Event { at, by: by.clone(), label, what: step.before.clone() });
        self.undone.push(step);
        self.hold_to_stops(by, at)
    }

    /// Does the last undone step again. Says how many decisions could not stay in force after
    /// it.
    pub fn redo(&mut self, by: &Reviewer, at: NaiveDateTime) -> usize {
        let Some(step) = self.undone.pop() else { return 0 };
        self.put(&step.after);
        let label = format!("Redo: {}", step.label);
        self.history.push(Event { at, by: by.clone(), label, what: step.after.clone() });
        self.done.push(step);
        self.hold_to_stops(by, at)
    }

    fn step(&mut self, label: String, after: What, by: &Reviewer, at: NaiveDateTime) {
        let now = |changes: &DecisionChanges| {
            let one = |id: &PatientId| self.decisions.get(id.index()).cloned().flatten();
            changes.iter().map(|(id, _)| (*id, one(id))).collect()
        };
        let before = match &after {
            What::Decisions(changes) if changes.is_empty() => return,
            What::Decisions(changes) => What::Decisions(now(changes)),
            What::Nothing | What::Answer { .. } | What::Drawn { .. } | What::Lifted { .. } => return,
        };
        self.put(&after);
        self.did(label, before, after, by, at);
    }

    /// Notes a step that was made.
    fn did(&mut self, label: String, before: What, after: What, by: &Reviewer, at: NaiveDateTime) {
        self.history.push(Event { at, by: by.clone(), label: label.clone(), what: after.clone() });
        self.done.push(Step { label, before, after });
        self.undone.clear();
    }

    fn put(&mut self, what: &What) {
        match what {
            What::Decisions(changes) => self.decide(changes),
            What::Answer { check, place, answer, decisions } => {
                if let Some(sampled) = self.checks.get_mut(*check).and_then(|c| c.sample.get_mut(*place)) {
                    sampled.answer.clone_from(answer);
                }
                self.doubt_again();
                self.decide(decisions);
            }
            What::Nothing | What::Drawn { .. } | What::Lifted { .. } => {}
        }
    }

    fn decide(&mut self, changes: &DecisionChanges) {
        for (id, decision) in changes {
            if let Some(slot) = self.decisions.get_mut(id.index()) {
                self.decided = self.decided + usize::from(decision.is_some()) - usize::from(slot.is_some());
                slot.clone_from(decision);
            }
        }
    }

    /// Looks again at who is in doubt, and how each spot check stands.
    fn doubt_again(&mut self) {
        let parts_of = |place: usize, check: &SpotCheck| {
            let later = self.checks.iter().enumerate().skip(place + 1);
            later.filter(|(_, c)| c.is_part_of(check)).map(|(n, c)| (n, c.frees_from(check))).collect()
        };
        let standing = |(place, check): (usize, &SpotCheck)| {
            let stops = check.stops();
            let parts = if stops { parts_of(place, check) } else { Vec::new() };
            Standing { stops, reached: check.is_reached(), parts }
        };
        self.standings = self.checks.iter().enumerate().map(standing).collect();
        self.doubts.clear();
        for sampled in self.checks.iter().flat_map(|c| &c.sample) {
            if let (Some(id), Some(answer)) = (sampled.patient, &sampled.answer)
                && answer.verdict != Verdict::NotAtRisk
            {
                let worst = self.doubts.entry(id).or_insert(answer.verdict);
                *worst = answer.verdict.max(*worst);
            }
        }
    }

    /// The spot checks alone, as if nothing were decided.
    fn checks_only(&self) -> Self {
        let (checks, doubts) = (self.checks.clone(), self.doubts.clone());
        Self { checks, doubts, standings: self.standings.clone(), ..Self::default() }
    }

    /// Takes over what earlier sittings left: their events, and their spot checks.
    fn take_over(&mut self, past: Vec<SavedEvent>, checks: Vec<SpotCheck>) {
        self.past = Arc::new(past);
        self.checks = checks;
        self.doubt_again();
    }
}

#[cfg(test)]
mod tests;
