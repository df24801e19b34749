//! The state of the program. Only [`super::update`] changes it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::action::Action;
use super::case::{Case, Origin};
use super::dialog::Dialog;
use super::recovery::Recovery;
use super::settings::SettingsFile;
use super::view::{Part, Scope, View, parts_of};
use crate::cohort::{AgeBand, GpList, PatientId, age_bands, gp_lists};
use crate::deadline::Target;
use crate::domain::{Day, Status};
use crate::extract::Progress;
use crate::findings::{DayBar, Likelihood};
use crate::review::{Blocker, Choice, GroupPlan, Restored, Review, Reviewer, blockers, plan_group};

/// The five steps and Help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Screen {
    /// Open an export.
    #[default]
    Open,
    /// Where the practice stands.
    Overview,
    /// What looks added in bulk.
    Findings,
    /// Decide.
    Review,
    /// Save the files.
    Save,
    /// Help.
    Help,
}

impl Screen {
    /// The steps, in order.
    pub const STEPS: [Self; 5] = [Self::Open, Self::Overview, Self::Findings, Self::Review, Self::Save];
}

/// How a message sounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Something was done.
    Done,
    /// Something went wrong, or was refused.
    Wrong,
}

/// A message that stays until the next one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// How it sounds.
    pub tone: Tone,
    /// What happened, what to do.
    pub text: String,
}

/// What is to be read, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The files.
    pub origin: Origin,
    /// Their columns that can only be month first are, the user says.
    pub month_first: bool,
    /// It is what is open, with more beside it or read in another way: its decisions are
    /// taken over. Those of other files never are.
    pub carries: bool,
}

impl Attempt {
    /// Files that have nothing to do with what is open.
    #[must_use]
    pub const fn anew(origin: Origin) -> Self {
        Self { origin, month_first: false, carries: false }
    }
}

/// A file that could not be read before its columns are settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// The file.
    pub path: PathBuf,
    /// Why.
    pub why: String,
    /// Columns, counted from 1, between which the user has to choose.
    pub disputed: Vec<usize>,
}

/// Work in the background.
pub struct Work {
    /// Its number.
    pub id: u64,
    /// "Reading practice.csv".
    pub label: String,
    /// How far it is.
    pub progress: Arc<Progress>,
}

/// What other thresholds would find.
#[derive(Clone)]
pub struct Trial {
    /// The case with these findings.
    pub case: Arc<Case>,
    /// Decisions in force that could not be made by them.
    pub lapsed: usize,
}

impl Trial {
    /// Whether it is of what is open.
    #[must_use]
    pub fn is_of(&self, case: &Case) -> bool {
        Arc::ptr_eq(&self.case.cohort, &case.cohort)
    }
}

/// What was saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedFiles {
    /// Where.
    pub folder: PathBuf,
    /// Names.
    pub files: Vec<String>,
    /// Who was decided "Add 106" then.
    pub decided: Vec<PatientId>,
    /// Which review this was, and the steps in its history then: it is among the files.
    pub review: (u64, usize),
}

/// How the decisions have moved on since files were saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outdated {
    /// Decided "Add 106" then, and not any more.
    pub gone: usize,
    /// Decided so since.
    pub more: usize,
}

/// Group decisions for at least this many patients ask to type the number.
pub const TYPE_NUMBER_FROM: usize = 20;

/// The state of the program.
pub struct Model {
    /// The screen that is shown.
    pub screen: Screen,
    /// The day on which everything is counted.
    pub today: Day,
    /// What is open.
    pub case: Option<Arc<Case>>,
    /// Decisions.
    pub review: Arc<Review>,
    /// A saved review that would replace decisions that are not saved.
    pub waiting: Option<(PathBuf, Box<Restored>)>,
    /// Which review that is: counts up with every other one.
    pub review_number: u64,
    /// Keeps decisions that are not saved.
    pub recovery: Arc<Recovery>,
    /// Who decides; empty until somebody said so.
    pub reviewer: Reviewer,
    /// The practice's own target date.
    pub target: Option<Day>,
    /// Thresholds, own codes, known columns: what is remembered.
    pub settings: SettingsFile,
    /// Where that is kept; nowhere if `None`.
    pub settings_path: Option<PathBuf>,
    /// What was read last, or could not be.
    pub attempt: Option<Attempt>,
    /// The file whose columns have to be settled before it can be read.
    pub unread: Option<Unread>,
    /// The list on the review screen.
    pub view: View,
    /// Reading in the background.
    pub work: Option<Work>,
    /// Saving in the background.
    pub saving: bool,
    /// A system dialog is open.
    pub asking: bool,
    /// The user gives up the decisions of this review, with so many events, for another
    /// export.
    pub given_up: Option<(u64, usize)>,
    /// The review is being saved in the background.
    pub saving_review: bool,
    /// The window closes as soon as everything is saved.
    pub close_when_saved: bool,
    /// What waits for the list to be put together.
    pub after_arranging: Option<Action>,
    /// This window does not keep decisions for recovery: another one does.
    pub journal_is_taken: bool,
    /// The last message.
    pub notice: Option<Notice>,
    /// What asks for an answer.
    pub dialog: Option<Dialog>,
    /// What the thresholds that are being tried would find, once that is known.
    pub trial: Option<Trial>,
    /// Counts up with every dialog that opens.
    pub dialogs_opened: u64,
    /// What was saved last.
    pub saved: Option<SavedFiles>,
    /// Where the review was saved last.
    pub review_file: Option<PathBuf>,
    /// Steps in the review's history when it was last saved, or taken into files.
    pub saved_steps: usize,
    /// Counts up whenever the search field should take the focus.
    pub search_wishes: u64,
    /// The window may close.
    pub closing: bool,
    /// Figures of the case, counted when it was opened.
    pub figures: Figures,
    /// What its pictures are drawn from.
    pub pictures: Pictures,
    /// Figures that change with every decision.
    pub tally: Tally,
    pub(super) next_work: u64,
    pub(super) next_trial: u64,
}

/// Figures that change with every decision, counted in the background together
/// with the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Blocked patients, and same-day conflicts, that nobody has decided.
    pub left: usize,
    /// Of these, same-day conflicts.
    pub left_in_conflict: usize,
    /// What a decision for the whole list would take, and whom it would leave out.
    pub plan: Arc<GroupPlan>,
    /// What the list can be split into.
    pub parts: Arc<Vec<(Part, usize)>>,
    /// How many in the list are decided.
    pub decided: usize,
    /// How many in each group are decided.
    pub in_groups: Arc<Vec<usize>>,
    /// Everybody who has decided something that is in force.
    pub reviewers: Arc<Vec<String>>,
}

impl Tally {
    /// Counts.
    #[must_use]
    pub fn of(case: &Case, review: &Review, scope: Scope, rows: &[PatientId]) -> Self {
        let left = |status: Status| {
            case.cohort.iter().filter(|(id, p)| p.status == status && review.of(*id).is_none()).count()
        };
        let left_in_conflict = left(Status::SameDayConflict);
        let decided = |ids: &[PatientId]| ids.iter().filter(|id| review.of(**id).is_some()).count();
        let names: BTreeSet<&str> = review.iter().map(|(_, d)| d.by.name.as_str()).collect();
        let reviewers = names.into_iter().map(str::to_owned).collect();
        Self {
            left: left(Status::Blocked) + left_in_conflict,
            left_in_conflict,
            plan: Arc::new(plan_group(&case.cohort, &case.findings, review, rows)),
            parts: Arc::new(parts_of(case, review, scope)),
            decided: decided(rows),
            in_groups: Arc::new(case.findings.groups.iter().map(|g| decided(&g.members)).collect()),
            reviewers: Arc::new(reviewers),
        }
    }
}

/// What the pictures of the overview are drawn from, counted once a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pictures {
    /// By age.
    pub ages: Vec<AgeBand>,
    /// By usual GP, the largest list first; empty where no file names them.
    pub gps: Vec<GpList>,
    /// 104s by month.
    pub months: Vec<DayBar>,
    /// Of each group, how many have each blocker; a patient counts under the first.
    pub one_by_one: Vec<[usize; Blocker::ALL.len()]>,
}

impl Pictures {
    /// Counts.
    #[must_use]
    pub fn of(case: &Case) -> Self {
        Self {
            ages: age_bands(&case.cohort).to_vec(),
            gps: gp_lists(&case.cohort),
            months: case.findings.timeline.months(),
            one_by_one: case.findings.groups.iter().map(|group| one_by_one(case, &group.members)).collect(),
        }
    }
}

fn one_by_one(case: &Case, members: &[PatientId]) -> [usize; Blocker::ALL.len()] {
    let mut counts = [0; Blocker::ALL.len()];
    for id in members {
        if let Some(first) = blockers(&case.cohort, &case.findings, *id).iter().next() {
            counts[first as usize] += 1;
        }
    }
    counts
}

/// Figures of the overview, counted once a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Figures {
    /// Blocked, and looks added in bulk.
    pub bulk: usize,
    /// Of these, those whom a group decision may take.
    pub bulk_together: usize,
    /// Blocked by an individual entry.
    pub individual: usize,
    /// Blocked by an inherited entry.
    pub inherited: usize,
    /// Blocked, possibly in bulk.
    pub possible: usize,
    /// Declined, with a 104 that is still active.
    pub declined_and_blocked: usize,
}

impl Model {
    /// The files that are open; else those that were tried last. More is added to what
    /// is open, and not to what could not be read.
    #[must_use]
    pub fn current(&self) -> Option<Attempt> {
        let open = self.case.as_ref().map(|case| Attempt {
            origin: case.origin.clone(),
            month_first: case.month_first,
            carries: true,
        });
        open.or_else(|| self.attempt.clone())
    }

    /// The files among which a file is that is open, or that could not be read.
    #[must_use]
    pub fn attempt_with(&self, path: &Path) -> Option<Attempt> {
        let is_unread = self.unread.as_ref().is_some_and(|unread| unread.path == path);
        if is_unread { self.attempt.clone() } else { self.current() }
    }

    /// Nothing open.
    #[must_use]
    pub fn new(today: Day) -> Self {
        Self {
            screen: Screen::Open,
            today,
            case: None,
            review: Arc::new(Review::default()),
            waiting: None,
            review_number: 0,
            recovery: Arc::default(),
            reviewer: Reviewer::default(),
            target: None,
            settings: SettingsFile::default(),
            settings_path: None,
            attempt: None,
            unread: None,
            view: View::default(),
            work: None,
            saving: false,
            given_up: None,
            saving_review: false,
            close_when_saved: false,
            after_arranging: None,
            journal_is_taken: false,
            asking: false,
            notice: None,
            dialog: None,
            trial: None,
            next_trial: 0,
            dialogs_opened: 0,
            saved: None,
            review_file: None,
            saved_steps: 0,
            search_wishes: 0,
            closing: false,
            figures: Figures::default(),
            pictures: Pictures::default(),
            tally: Tally::default(),
            next_work: 0,
        }
    }

    /// Whether a screen can be shown: all but Open and Help need an export.
    #[must_use]
    pub const fn can_show(&self, screen: Screen) -> bool {
        self.case.is_some() || matches!(screen, Screen::Open | Screen::Help)
    }

    /// Whether decisions would be lost that the user has not given up.
    #[must_use]
    pub fn must_ask(&self) -> bool {
        self.is_unsaved() && self.given_up != Some((self.review_number, self.review.history().len()))
    }

    /// Whether files are being written.
    #[must_use]
    pub const fn is_saving(&self) -> bool {
        self.saving || self.saving_review
    }

    /// Whether decisions would be lost.
    #[must_use]
    pub fn is_unsaved(&self) -> bool {
        self.review.history().len() > self.saved_steps
    }

    /// How the decisions have moved on since files were saved; `None` where these are of today's.
    #[must_use]
    pub fn outdated(&self) -> Option<Outdated> {
        let saved = self.saved.as_ref()?;
        if saved.review == (self.review_number, self.review.history().len()) {
            return None;
        }
        let given = |id: &&PatientId| self.review.of(**id).is_some_and(|d| d.choice == Choice::Add106);
        let still = saved.decided.iter().filter(given).count();
        let (gone, more) = (saved.decided.len() - still, self.review.count(Choice::Add106) - still);
        (gone + more > 0).then_some(Outdated { gone, more })
    }

    /// The target and the pace that it asks for.
    #[must_use]
    pub fn target(&self) -> Option<Target> {
        Some(Target::new(self.today, self.target?, self.tally.left))
    }
}

impl Figures {
    /// Counts.
    #[must_use]
    pub fn of(case: &Case) -> Self {
        let mut figures = Self::default();
        for (id, patient) in case.cohort.iter() {
            let likelihood = case.findings.of(id).likelihood;
            match (patient.status, likelihood) {
                (Status::Blocked, Some(l)) if l.is_bulk() => {
                    figures.bulk += 1;
                    figures.bulk_together += usize::from(blockers(&case.cohort, &case.findings, id).is_empty());
                }
                (Status::Blocked, Some(Likelihood::Inherited)) => figures.inherited += 1,
                (Status::Blocked, Some(Likelihood::Possible)) => figures.possible += 1,
                (Status::Blocked, _) => figures.individual += 1,
                (Status::Declined, Some(_)) => figures.declined_and_blocked += 1,
                _ => {}
            }
        }
        figures
    }
}
