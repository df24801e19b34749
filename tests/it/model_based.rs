//! Random sequences of decisions, spot checks, undo, saving, crashes, restoring and newer
//! exports, held against a reference model that is as simple as the rules are.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDateTime;
use proptest::prelude::*;
use record_access_review::app::case::{Case, Origin};
use record_access_review::app::{Action, Command, Dialog, Model, Recovery, update};
use record_access_review::cohort::PatientId;
use record_access_review::domain::Status;
use record_access_review::extract::System;
use record_access_review::findings::Likelihood;
use record_access_review::review::{Choice, Made, Reviewer, Verdict, blockers};

use crate::corrected::corrected;
use crate::support::{sample_file, today};

/// What a user, or the power supply, does.
#[derive(Clone, Debug)]
enum Step {
    One(usize, Choice),
    Together(Choice),
    Clear(usize),
    Undo,
    Redo,
    Draw,
    Grow,
    Answer(usize, Verdict),
    Lift,
    OtherReviewer,
    Save,
    Crash,
    Reopen,
    NewerExport,
}

fn step() -> impl Strategy<Value = Step> {
    let choice = || prop_oneof![3 => Just(Choice::Add106), 1 => Just(Choice::Keep104), 1 => Just(Choice::AskClinician)];
    let verdict =
        prop_oneof![5 => Just(Verdict::NotAtRisk), 2 => Just(Verdict::AtRisk), 1 => Just(Verdict::CannotTell)];
    prop_oneof![
        10 => (0..1_000_usize, choice()).prop_map(|(i, c)| Step::One(i, c)),
        4 => choice().prop_map(Step::Together),
        3 => (0..1_000_usize).prop_map(Step::Clear),
        6 => Just(Step::Undo),
        4 => Just(Step::Redo),
        2 => Just(Step::Draw),
        1 => Just(Step::Grow),
        8 => (0..1_000_usize, verdict).prop_map(|(i, v)| Step::Answer(i, v)),
        1 => Just(Step::Lift),
        1 => Just(Step::OtherReviewer),
        2 => Just(Step::Save),
        2 => Just(Step::Crash),
        1 => Just(Step::Reopen),
        1 => Just(Step::NewerExport),
    ]
}

/// A decision, as the reference knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Decided {
    choice: Choice,
    by: String,
    alone: bool,
}

/// What can be undone.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
struct State {
    decided: BTreeMap<PatientId, Decided>,
    answers: BTreeMap<(usize, PatientId), Verdict>,
}

/// A spot check: its list, its sample, and whether its stop ended.
#[derive(Clone, Debug, Default)]
struct Check {
    list: BTreeSet<PatientId>,
    sample: Vec<PatientId>,
    /// Those at risk when its stop was ended.
    lifted: BTreeSet<PatientId>,
}

#[derive(Default)]
struct Reference {
    now: State,
    undo: Vec<State>,
    redo: Vec<State>,
    checks: Vec<Check>,
    saved: Option<(State, Vec<Check>)>,
}

impl Reference {
    fn step(&mut self, change: impl FnOnce(&mut State)) {
        let before = self.now.clone();
        change(&mut self.now);
        self.undo.push(before);
        self.redo.clear();
    }

    fn answered(&self, id: PatientId, verdict: Verdict) -> bool {
        self.now.answers.iter().any(|((_, who), said)| *who == id && *said == verdict)
    }

    fn is_in_doubt(&self, id: PatientId) -> bool {
        self.answered(id, Verdict::AtRisk) || self.answered(id, Verdict::CannotTell)
    }

    fn is_stopped(&self, id: PatientId) -> bool {
        let stops = |place: usize, check: &Check| {
            let mut found = self.now.answers.iter().filter(|((c, _), said)| *c == place && **said == Verdict::AtRisk);
            check.list.contains(&id) && found.any(|((_, who), _)| !check.lifted.contains(who))
        };
        self.checks.iter().enumerate().any(|(place, check)| stops(place, check))
    }

    /// Nothing before this can be undone.
    fn settle(&mut self) {
        self.undo.clear();
        self.redo.clear();
    }
}

/// The program without a window, and the files around it.
struct Bench {
    folder: tempfile::TempDir,
    export: PathBuf,
    model: Model,
    minutes: i64,
    review: PathBuf,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let export = sample_file(folder.path(), System::Emis, 240);
        let review = folder.path().join("review.json");
        let mut bench = Self { folder, export, model: Model::new(today()), minutes: 0, review };
        bench.start();
        bench
    }

    /// Starts the program and opens the export.
    fn start(&mut self) {
        let by = self.model.reviewer.clone();
        self.model = Model::new(today());
        self.model.reviewer = if by.name.is_empty() { Self::reviewer("Pat") } else { by };
        self.model.recovery = Arc::new(Recovery::new(Some(self.folder.path().join("recovery"))));
        let origin = Origin::exports([self.export.clone()]);
        self.run(Command::Open(origin));
        if matches!(self.model.dialog, Some(Dialog::Recovered { .. })) {
            self.run(Command::Confirm);
        }
    }

    fn reviewer(name: &str) -> Reviewer {
        Reviewer { name: name.to_owned(), role: "staff".to_owned() }
    }

    fn now(&mut self) -> NaiveDateTime {
        self.minutes += 1;
        today().date().and_hms_opt(9, 0, 0).expect("a time") + chrono::TimeDelta::seconds(self.minutes)
    }

    fn run(&mut self, command: Command) {
        let now = self.now();
        let mut effects = update(&mut self.model, command, now);
        while let Some(effect) = effects.pop() {
            if let Some(result) = effect.perform() {
                let now = self.now();
                effects.extend(update(&mut self.model, result, now));
            }
        }
    }

    fn case(&self) -> Arc<Case> {
        self.model.case.clone().expect("open")
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// Those a decision together may take, by the rules as they are written down.
fn takes(case: &Case, reference: &Reference, id: PatientId, choice: Choice) -> bool {
    let patient = case.cohort.patient(id).expect("a patient");
    let is_bulk = case.findings.of(id).likelihood.is_some_and(Likelihood::is_bulk);
    patient.status == Status::Blocked
        && blockers(&case.cohort, &case.findings, id).is_empty()
        && !reference.now.decided.contains_key(&id)
        && !reference.is_in_doubt(id)
        && (choice != Choice::Add106 || (is_bulk && !reference.is_stopped(id)))
}

/// Whether one decision, with a reason, may be made at all.
fn may(case: &Case, id: PatientId, choice: Choice) -> bool {
    let patient = case.cohort.patient(id).expect("a patient");
    match patient.status {
        Status::NotEligible => false,
        Status::Declined => choice != Choice::Add106,
        Status::Cleared | Status::NoCode => choice == Choice::AskClinician,
        Status::Blocked | Status::SameDayConflict => choice != Choice::Add106 || patient.usable_number().is_some(),
    }
}

fn apply(bench: &mut Bench, reference: &mut Reference, step: &Step) {
    let case = bench.case();
    let somebody = |n: usize| PatientId(u32::try_from(n % case.cohort.patients.len()).expect("small"));
    let by = bench.model.reviewer.name.clone();
    match step {
        Step::One(n, choice) => {
            let id = somebody(*n);
            // Those too whom no list would offer: the rules must refuse them by themselves.
            bench.model.view.active = Some(id);
            bench.run(Command::Do(match choice {
                Choice::Add106 => Action::Add106,
                Choice::Keep104 => Action::Keep104,
                Choice::AskClinician => Action::AskClinician,
            }));
            if let Some(Dialog::Reason { patient, who, careful, choice, because, .. }) = bench.model.dialog.clone() {
                let reason = "seen".to_owned();
                bench.run(Command::Edit(Dialog::Reason { patient, who, careful, choice, because, reason }));
                bench.run(Command::Confirm);
            }
            if may(&case, id, *choice) {
                let decided = Decided { choice: *choice, by, alone: true };
                reference.step(|state| drop(state.decided.insert(id, decided)));
            }
        }
        Step::Together(choice) => {
            bench.run(Command::Show(record_access_review::app::Filter::default()));
            bench.run(Command::Do(Action::DecideAll));
            let Some(Dialog::Group { plan, of, .. }) = bench.model.dialog.clone() else { return };
            let typed = plan.taken(*choice).count().to_string();
            let reason = "together".to_owned();
            bench.run(Command::Edit(Dialog::Group { choice: Some(*choice), plan, reason, typed, of }));
            bench.run(Command::Confirm);
            bench.run(Command::Dismiss);
            let all = case.cohort.iter().map(|(id, _)| id);
            let taken: Vec<PatientId> = all.filter(|id| takes(&case, reference, *id, *choice)).collect();
            if !taken.is_empty() {
                let decided = Decided { choice: *choice, by, alone: false };
                reference
                    .step(|state| taken.into_iter().for_each(|id| drop(state.decided.insert(id, decided.clone()))));
            }
        }
        Step::Clear(n) => {
            let id = somebody(*n);
            bench.model.view.active = Some(id);
            bench.run(Command::Do(Action::Clear));
            if reference.now.decided.contains_key(&id) {
                reference.step(|state| drop(state.decided.remove(&id)));
            }
        }
        Step::Undo => {
            bench.run(Command::Do(Action::Undo));
            if let Some(before) = reference.undo.pop() {
                reference.redo.push(std::mem::replace(&mut reference.now, before));
            }
        }
        Step::Redo => {
            bench.run(Command::Do(Action::Redo));
            if let Some(after) = reference.redo.pop() {
                reference.undo.push(std::mem::replace(&mut reference.now, after));
            }
        }
        Step::Draw => {
            bench.run(Command::Show(record_access_review::app::Filter::default()));
            bench.run(Command::Do(Action::SpotCheck));
            bench.run(Command::Confirm);
            bench.run(Command::Dismiss);
            if bench.model.review.checks().len() > reference.checks.len() {
                let drawn = bench.model.review.checks().last().expect("drawn");
                let sample: Vec<PatientId> = drawn.sample.iter().filter_map(|s| s.patient).collect();
                let list: BTreeSet<PatientId> = drawn.population.iter().copied().collect();
                // Drawn from exactly those whom a 106 together would take, stopped or not.
                let expected: BTreeSet<PatientId> = case
                    .cohort
                    .iter()
                    .map(|(id, _)| id)
                    .filter(|id| {
                        let is_bulk = case.findings.of(*id).likelihood.is_some_and(Likelihood::is_bulk);
                        let given = reference.now.decided.get(id);
                        let together = given.is_some_and(|d| d.choice == Choice::Add106 && !d.alone);
                        let patient = case.cohort.patient(*id).expect("a patient");
                        let clear = patient.status == Status::Blocked
                            && blockers(&case.cohort, &case.findings, *id).is_empty()
                            && !reference.is_in_doubt(*id);
                        is_bulk && (takes(&case, reference, *id, Choice::Keep104) || (together && clear))
                    })
                    .collect();
                assert_eq!(list, expected);
                assert!(sample.iter().all(|id| list.contains(id)));
                reference.checks.push(Check { list, sample, lifted: BTreeSet::new() });
            }
        }
        Step::Grow => {
            let Some(place) = reference.checks.len().checked_sub(1) else { return };
            bench.run(Command::AskMore(place));
            bench.run(Command::Confirm);
            bench.run(Command::Dismiss);
            let grown: Vec<PatientId> =
                bench.model.review.checks()[place].sample.iter().filter_map(|s| s.patient).collect();
            let known = &mut reference.checks[place].sample;
            assert!(grown.len() >= known.len() && grown[..known.len()] == known[..], "those drawn first stay");
            *known = grown;
        }
        Step::Answer(n, verdict) => {
            let Some(place) = reference.checks.len().checked_sub(1) else { return };
            let check = reference.checks[place].clone();
            let id = check.sample[n % check.sample.len()];
            bench.run(Command::Show(record_access_review::app::Filter::scope(
                record_access_review::app::Scope::Sample(place),
            )));
            bench.run(Command::Select(id));
            bench.run(Command::Do(match verdict {
                Verdict::NotAtRisk => Action::NotAtRisk,
                Verdict::AtRisk => Action::AtRisk,
                Verdict::CannotTell => Action::CannotTell,
            }));
            if let Some(Dialog::Overturn { check, place, who, verdict, .. }) = bench.model.dialog.clone() {
                let reason = "looked at again with the safeguarding lead".to_owned();
                bench.run(Command::Edit(Dialog::Overturn { check, place, who, verdict, reason }));
                bench.run(Command::Confirm);
            }
            reference.step(|state| {
                state.answers.insert((place, id), *verdict);
                state.decided.retain(|who, decided| {
                    let is_106 = decided.choice == Choice::Add106;
                    let own = *who == id && *verdict != Verdict::NotAtRisk;
                    let swept = *verdict == Verdict::AtRisk && !decided.alone && check.list.contains(who);
                    !(is_106 && (own || swept))
                });
            });
        }
        Step::Lift => {
            let Some(place) = reference.checks.len().checked_sub(1) else { return };
            bench.run(Command::AskLift(place));
            if matches!(bench.model.dialog, Some(Dialog::Lift { .. })) {
                bench.run(Command::Edit(Dialog::Lift {
                    check: place,
                    reason: "reviewed with the safeguarding lead".to_owned(),
                }));
                bench.run(Command::Confirm);
                let answers = reference.now.answers.iter();
                let found = answers.filter(|((c, _), said)| *c == place && **said == Verdict::AtRisk);
                reference.checks[place].lifted = found.map(|((_, who), _)| *who).collect();
            }
            bench.run(Command::Dismiss);
        }
        Step::OtherReviewer => {
            let other = if by == "Pat" { "Sam" } else { "Pat" };
            bench.model.reviewer = Bench::reviewer(other);
        }
        Step::Save => {
            let path = bench.review.clone();
            bench.run(Command::ChosenReviewTarget(vec![path]));
            assert!(!bench.model.is_unsaved());
            reference.saved = Some((reference.now.clone(), reference.checks.clone()));
        }
        Step::Crash => {
            let was_unsaved = bench.model.is_unsaved();
            bench.start();
            if was_unsaved {
                reference.settle();
            } else {
                // Nothing was lost: it is in the saved review, which the user opens.
                let saved = reference.saved.clone().filter(|_| bench.review.exists());
                let (now, checks) = saved.unwrap_or_default();
                (reference.now, reference.checks) = (now, checks);
                reference.settle();
                if bench.review.exists() {
                    let path = bench.review.clone();
                    bench.run(Command::ChosenReview(vec![path]));
                }
            }
        }
        Step::Reopen => {
            let Some((state, checks)) = reference.saved.clone() else { return };
            let path = bench.review.clone();
            let asks = bench.model.is_unsaved();
            bench.run(Command::ChosenReview(vec![path]));
            assert_eq!(asks, matches!(bench.model.dialog, Some(Dialog::Unsaved { .. })), "nothing is lost unasked");
            bench.run(Command::Confirm);
            (reference.now, reference.checks) = (state, checks);
            reference.settle();
        }
        Step::NewerExport => newer_export(bench, reference),
    }
}

/// The practice adds the 106s, and exports again.
fn newer_export(bench: &mut Bench, reference: &mut Reference) {
    let copy = corrected(&bench.case(), &bench.model.review);
    let path = bench.path(&format!("export-{}.csv", bench.minutes));
    std::fs::write(&path, copy).expect("written");
    if std::fs::read(&path).expect("read") == std::fs::read(&bench.export).expect("read") {
        return;
    }
    bench.export.clone_from(&path);
    bench.run(Command::ChosenCheck(vec![path]));
    let case = bench.case();
    // Whose 106 landed is decided no more; all else goes along.
    reference.now.decided.retain(|id, decided| {
        let patient = case.cohort.patient(*id).expect("the same people");
        let landed = patient.status == Status::Cleared && decided.choice == Choice::Add106;
        // Whoever has no number cannot be found in another file.
        !landed && patient.usable_number().is_some()
    });
    reference.settle();
    // What was saved was of the export before.
    reference.saved = None;
    let _ = std::fs::remove_file(&bench.review);
}

/// Says the first differences, and not hundreds.
fn same<K: Ord + std::fmt::Debug, V: PartialEq + std::fmt::Debug>(
    is: &BTreeMap<K, V>,
    should: &BTreeMap<K, V>,
    after: &Step,
) {
    let keys: BTreeSet<&K> = is.keys().chain(should.keys()).collect();
    let differs: Vec<_> = keys.into_iter().filter(|k| is.get(k) != should.get(k)).collect();
    let first = differs.first().map(|k| (k, is.get(k), should.get(k)));
    assert!(differs.is_empty(), "after {after:?}: {} differ, the first: {first:?}", differs.len());
}

fn compare(bench: &Bench, reference: &Reference, after: &Step) {
    let review = &bench.model.review;
    let decided: BTreeMap<PatientId, Decided> = review
        .iter()
        .map(|(id, d)| (id, Decided { choice: d.choice, by: d.by.name.clone(), alone: d.made == Made::Alone }))
        .collect();
    same(&decided, &reference.now.decided, after);
    let answers: BTreeMap<(usize, PatientId), Verdict> = review
        .checks()
        .iter()
        .enumerate()
        .flat_map(|(place, c)| c.sample.iter().map(move |s| (place, s)))
        .filter_map(|(place, s)| Some(((place, s.patient?), s.answer.as_ref()?.verdict)))
        .collect();
    same(&answers, &reference.now.answers, after);
    assert_eq!(review.checks().len(), reference.checks.len(), "spot checks after {after:?}");
    assert_eq!(review.undo_label().is_some(), !reference.undo.is_empty(), "undo after {after:?}");
    assert_eq!(review.redo_label().is_some(), !reference.redo.is_empty(), "redo after {after:?}");
    // Nobody decided together is in doubt, or in a list that is stopped.
    for (id, d) in review.iter().filter(|(_, d)| d.choice == Choice::Add106 && d.made != Made::Alone) {
        assert!(review.doubt(id).is_none() && review.stopped_by(id).is_none(), "{d:?}");
    }
}

fn journals(folder: &Path) -> usize {
    std::fs::read_dir(folder.join("recovery")).map_or(0, Iterator::count)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_the_review_is_what_was_decided(steps in prop::collection::vec(step(), 1..28)) {
        let mut bench = Bench::new();
        let mut reference = Reference::default();
        for step in &steps {
            apply(&mut bench, &mut reference, step);
            compare(&bench, &reference, step);
            prop_assert_eq!(journals(bench.folder.path()), usize::from(bench.model.is_unsaved()), "after {:?}", step);
        }
        // The whole record is one chain.
        let now = bench.now();
        let file = bench.case().review_file(&bench.model.review, now);
        let events = serde_json::to_value(&file.events).expect("JSON");
        prop_assert!(record_access_review::review::verify(events.as_array().expect("events")).is_ok());
    }
}
