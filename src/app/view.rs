//! The list on the review screen: who is in it, and in which order.

use std::collections::BTreeMap;
use std::hash::BuildHasher as _;
use std::sync::Arc;

use rustc_hash::FxBuildHasher;

use super::case::Case;
use crate::cohort::{AGE_BANDS, Patient, PatientId, Place, age_band};
use crate::domain::{Day, NhsReading, Status, wording};
use crate::extract::{Extract, Word};
use crate::findings::{self, Behind, GroupId, Likelihood};
use crate::review::{Blocker, Change, Choice, Review, blockers, stopped_by};
use crate::sharing;

/// Which patients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Scope {
    /// Everybody with an active 104 or a conflict: those there is something to
    /// decide for.
    #[default]
    Blocked,
    /// Everybody in the export.
    Everybody,
    /// The members of a group.
    Group(GroupId),
    /// Left out of a group since they carry a note of their own.
    LeftOut(GroupId),
    /// A status.
    Status(Status),
    /// Those whom a figure of a group's evidence counts.
    Behind(Option<GroupId>, Behind),
    /// The sample of a spot check.
    Sample(usize),
    /// The list that a sample was drawn from.
    Checked(usize),
    /// Those in whose list a spot check found somebody at risk.
    Stopped(usize),
    /// Those of whom a spot check says "at risk" or "can't tell".
    InDoubt,
    /// Those whose decision in the file that was opened was not taken.
    NotTaken,
    /// Those of whom something came since the review was saved.
    Changed(Change),
    /// Those with a blocker (with any, if none is named), in a group or of all
    /// with an active 104.
    Blocker(Option<GroupId>, Option<Blocker>),
}

/// A part of a list: what a group is split by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Those of one working day.
    Day(Day),
    /// Those of one usual GP.
    Gp(Word),
    /// Those of an age band, by its place.
    Ages(usize),
}

impl Part {
    /// Whether somebody is in it.
    #[must_use]
    pub fn holds(self, case: &Case, id: PatientId) -> bool {
        let patient = case.cohort.patient(id);
        match self {
            Self::Day(day) => case.findings.of(id).worked_on == Some(day),
            Self::Gp(gp) => patient.is_some_and(|p| p.gp == gp),
            Self::Ages(band) => patient.is_some_and(|p| age_band(p, case.cohort.today) == Some(band)),
        }
    }

    /// "by Monday…", as lists name it.
    #[must_use]
    pub fn label(self, case: &Case) -> String {
        match self {
            Self::Day(day) => day.table(),
            Self::Gp(gp) => format!("GP: {}", case.cohort.word(gp)),
            Self::Ages(band) => format!("Aged {}", AGE_BANDS.get(band).map_or("", |b| b.0)),
        }
    }
}

/// The parts into which a list falls: by usual GP, by age, by day, as far as the file tells
/// them and there are several of a kind. The largest first within a kind.
fn parts(case: &Case, ids: &[PatientId]) -> Vec<(Part, usize)> {
    let mut counts: BTreeMap<Part, usize> = BTreeMap::new();
    for id in ids {
        let Some(patient) = case.cohort.patient(*id) else { continue };
        let of = [
            case.findings.of(*id).worked_on.map(Part::Day),
            patient.gp.is_some().then_some(Part::Gp(patient.gp)),
            age_band(patient, case.cohort.today).map(Part::Ages),
        ];
        of.into_iter().flatten().for_each(|part| *counts.entry(part).or_default() += 1);
    }
    let kinds: [fn(&Part) -> bool; 3] =
        [|p| matches!(p, Part::Gp(_)), |p| matches!(p, Part::Ages(_)), |p| matches!(p, Part::Day(_))];
    let mut out = Vec::new();
    for is_of_kind in kinds {
        let mut these: Vec<(Part, usize)> =
            counts.iter().filter(|(p, _)| is_of_kind(p)).map(|(p, n)| (*p, *n)).collect();
        if these.len() > 1 {
            // Ages in their order, the others by size; a hundred are more than anybody reads.
            if !matches!(these[0].0, Part::Ages(_)) {
                these.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
            }
            these.truncate(100);
            out.extend(these);
        }
    }
    out
}

/// By how the entry looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looks {
    /// Likely or almost certainly added in bulk.
    Bulk,
    /// Individual or possible: what is decided one by one.
    OneByOne,
    /// Exactly so.
    Is(Likelihood),
}

impl Looks {
    fn fits(self, likelihood: Option<Likelihood>) -> bool {
        match self {
            Self::Bulk => likelihood.is_some_and(Likelihood::is_bulk),
            Self::OneByOne => matches!(likelihood, Some(Likelihood::Individual | Likelihood::Possible)),
            Self::Is(is) => likelihood == Some(is),
        }
    }
}

/// By decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecisionFilter {
    /// Not decided.
    Undecided,
    /// Decided so.
    Is(Choice),
    /// Decided by somebody, told apart by a hash of the name.
    By(u64),
}

/// Filters that the screen offers by decision.
pub const DECISION_FILTERS: [Option<DecisionFilter>; 5] = [
    None,
    Some(DecisionFilter::Undecided),
    Some(DecisionFilter::Is(Choice::Add106)),
    Some(DecisionFilter::Is(Choice::Keep104)),
    Some(DecisionFilter::Is(Choice::AskClinician)),
];

impl DecisionFilter {
    /// Decided by this person.
    #[must_use]
    pub fn by(name: &str) -> Self {
        Self::By(FxBuildHasher.hash_one(name))
    }
}

/// What the list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Filter {
    /// Which patients.
    pub scope: Scope,
    /// How their entry looks.
    pub looks: Option<Looks>,
    /// How they are decided.
    pub decision: Option<DecisionFilter>,
    /// Which part of the list.
    pub part: Option<Part>,
}

impl Filter {
    /// A scope, without further filters.
    #[must_use]
    pub const fn scope(scope: Scope) -> Self {
        Self { scope, looks: None, decision: None, part: None }
    }
}

/// A column of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Column {
    /// NHS number.
    NhsNumber,
    /// Name.
    Name,
    /// Date of birth.
    Born,
    /// The date of the 104.
    #[default]
    Dated,
    /// Who entered it.
    EnteredBy,
    /// How it looks.
    Looks,
    /// Status.
    Status,
    /// Decision.
    Decision,
}

impl Column {
    /// All, in the order in which they stand.
    pub const ALL: [Self; 8] = [
        Self::NhsNumber,
        Self::Name,
        Self::Born,
        Self::Dated,
        Self::EnteredBy,
        Self::Looks,
        Self::Decision,
        Self::Status,
    ];

    /// Its caption.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::NhsNumber => "NHS number",
            Self::Name => "Name",
            Self::Born => "Born",
            Self::Dated => "104 dated",
            Self::EnteredBy => "Entered by",
            Self::Looks => "Looks",
            Self::Status => "Status",
            Self::Decision => "Decision",
        }
    }
}

/// The list and where the user is in it.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// Who.
    pub filter: Filter,
    /// Search words.
    pub search: String,
    /// In which order.
    pub sort: Column,
    /// Backwards.
    pub descending: bool,
    /// The patients, in order.
    pub rows: Arc<Vec<PatientId>>,
    /// The active patient.
    pub active: Option<PatientId>,
    /// The active patient's row, as of the last change.
    pub active_row: usize,
    /// Counts up whenever the active row should be brought into view.
    pub bring_into_view: u64,
    /// Which wish for filter and order this is.
    pub wish: u64,
    /// A new list is being put together.
    pub arranging: bool,
}

impl View {
    /// The list in words, for headings.
    #[must_use]
    pub fn title(&self, case: &Case) -> String {
        let title = self.scope_title(case);
        let mut narrowed: Vec<String> = self.filter.part.into_iter().map(|part| part.label(case)).collect();
        narrowed.extend(self.filter.looks.map(|looks| match looks {
            Looks::Bulk => "looks bulk".to_owned(),
            Looks::OneByOne => "individual or possible".to_owned(),
            Looks::Is(likelihood) => likelihood.label().to_owned(),
        }));
        narrowed.extend(self.filter.decision.map(|decision| match decision {
            DecisionFilter::Undecided => "not decided".to_owned(),
            DecisionFilter::Is(choice) => format!("decided: {}", choice.label()),
            DecisionFilter::By(_) => "decided by one person".to_owned(),
        }));
        // What was searched for may be a name, and the title is written to the report.
        narrowed.extend((!self.search.trim().is_empty()).then(|| "found by a search".to_owned()));
        if narrowed.is_empty() { title } else { format!("{title} ({})", narrowed.join(", ")) }
    }

    fn scope_title(&self, case: &Case) -> String {
        let group = |id: GroupId| case.findings.group(id).map_or_else(String::new, |g| g.title.clone());
        match self.filter.scope {
            Scope::Blocked => "Patients with an active 104".to_owned(),
            Scope::Everybody => "Everybody in the export".to_owned(),
            Scope::Group(id) => group(id),
            Scope::LeftOut(id) => format!("Left out of {}: {}", id.label(), group(id)),
            Scope::Behind(group, behind) => behind.title(group),
            Scope::Status(status) => wording::capital(status.label()),
            Scope::Sample(check) => format!("Spot check {}", check + 1),
            Scope::Checked(check) => format!("List of spot check {}", check + 1),
            Scope::Stopped(check) => format!("Stopped by spot check {}", check + 1),
            Scope::InDoubt => "A spot check says “at risk” or “can’t tell”".to_owned(),
            Scope::NotTaken => "Not restored".to_owned(),
            Scope::Changed(change) => change.label().to_owned(),
            Scope::Blocker(of, blocker) => format!("To be decided {}", one_by_one(of, blocker)),
        }
    }
}

/// "one by one in G1: a note of their own".
#[must_use]
pub fn one_by_one(group: Option<GroupId>, blocker: Option<Blocker>) -> String {
    let of = group.map_or_else(String::new, |id| format!(" in {}", id.label()));
    let why = blocker.map_or_else(String::new, |blocker| format!(": {}", blocker.label()));
    format!("one by one{of}{why}")
}

/// Puts the list together. Runs in the background.
#[must_use]
pub fn arrange(case: &Case, review: &Review, view: &View) -> Vec<PatientId> {
    let mut rows: Vec<PatientId> =
        candidates(case, review, view.filter.scope).filter(|id| matches(case, review, view, *id)).collect();
    search(case, &view.search, &mut rows);
    sort(case, review, view, &mut rows);
    rows
}

/// The parts of the list, where it is one that may have to be split.
#[must_use]
pub fn parts_of(case: &Case, review: &Review, scope: Scope) -> Vec<(Part, usize)> {
    match scope {
        Scope::Group(_) | Scope::Stopped(_) => parts(case, &candidates(case, review, scope).collect::<Vec<_>>()),
        _ => Vec::new(),
    }
}

fn candidates<'a>(case: &'a Case, review: &'a Review, scope: Scope) -> Box<dyn Iterator<Item = PatientId> + 'a> {
    let all = case.cohort.iter();
    let members = |id: GroupId| case.findings.group(id).map_or(&[][..], |g| &g.members);
    match scope {
        Scope::Blocked => Box::new(
            all.filter(|(_, p)| p.is_eligible() && (p.active_104.is_some() || p.status == Status::SameDayConflict))
                .map(|(id, _)| id),
        ),
        Scope::Everybody => Box::new(all.map(|(id, _)| id)),
        Scope::Group(id) => Box::new(members(id).iter().copied()),
        Scope::LeftOut(id) => Box::new(case.findings.group(id).map_or(&[][..], |g| &g.left_out).iter().copied()),
        Scope::Behind(id, behind) => Box::new(findings::behind(&case.cohort, &case.findings, id, behind).into_iter()),
        Scope::Status(status) => Box::new(all.filter(move |(_, p)| p.status == status).map(|(id, _)| id)),
        Scope::Sample(check) => {
            let sample = review.checks().get(check).map_or(&[][..], |c| &c.sample);
            Box::new(sample.iter().filter_map(|s| s.patient))
        }
        Scope::Checked(check) => {
            Box::new(review.checks().get(check).map_or(&[][..], |c| &c.population).iter().copied())
        }
        Scope::Stopped(check) => {
            let is_it = move |id: &PatientId| stopped_by(&case.findings, review, *id) == Some(check);
            let blocked = all.filter(|(_, p)| p.status == Status::Blocked).map(|(id, _)| id);
            Box::new(blocked.filter(move |id| is_it(id) && review.of(*id).is_none()))
        }
        Scope::InDoubt => Box::new(all.map(|(id, _)| id).filter(|id| review.doubt(*id).is_some())),
        Scope::NotTaken => {
            let mut these: Vec<PatientId> = review.refused().proposals.iter().filter_map(|r| r.patient).collect();
            these.sort_unstable();
            these.dedup();
            Box::new(these.into_iter())
        }
        Scope::Changed(change) => match review.result() {
            Some(changes) => Box::new(changes.patients(change)),
            None => Box::new(std::iter::empty()),
        },
        Scope::Blocker(group, blocker) => {
            let has = move |id: &PatientId| {
                let found = blockers(&case.cohort, &case.findings, *id);
                blocker.map_or(!found.is_empty(), |b| found.iter().next() == Some(b))
            };
            match group {
                Some(group) => Box::new(members(group).iter().copied().filter(has)),
                None => Box::new(
                    all.filter(|(_, p)| p.is_eligible() && p.active_104.is_some()).map(|(id, _)| id).filter(has),
                ),
            }
        }
    }
}

fn matches(case: &Case, review: &Review, view: &View, id: PatientId) -> bool {
    let looks = view.filter.looks.is_none_or(|l| l.fits(case.findings.of(id).likelihood));
    let decision = match view.filter.decision {
        None => true,
        Some(DecisionFilter::Undecided) => review.of(id).is_none(),
        Some(DecisionFilter::Is(choice)) => review.of(id).is_some_and(|d| d.choice == choice),
        Some(by @ DecisionFilter::By(_)) => review.of(id).is_some_and(|d| DecisionFilter::by(&d.by.name) == by),
    };
    looks && decision && view.filter.part.is_none_or(|part| part.holds(case, id))
}

/// Digits search the NHS number, words the name: all of them must be in it.
fn search(case: &Case, search: &str, rows: &mut Vec<PatientId>) {
    let search = search.trim();
    if search.is_empty() {
        return;
    }
    let digits: String = search.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    if digits.bytes().all(|b| b.is_ascii_digit()) {
        rows.retain(|id| case.cohort.patient(*id).is_some_and(|patient| has_number(patient, &digits)));
        return;
    }
    let words: Vec<String> = search.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let mut names = names(case, rows).into_iter();
    // One letter is an initial; more may stand anywhere in a name.
    let has = |name: &str, word: &str| {
        let mut parts = name.split(|c: char| !c.is_alphanumeric());
        if word.chars().count() > 1 { name.contains(word) } else { parts.any(|part| part.starts_with(word)) }
    };
    rows.retain(|_| names.next().is_some_and(|name| words.iter().all(|word| has(&name, word))));
}

/// Whether a patient has an NHS number with these digits, or this number in the clinical system.
fn has_number(patient: &Patient, digits: &str) -> bool {
    let nhs = match patient.nhs {
        NhsReading::Valid(number) => number.digits(),
        _ => String::new(),
    };
    nhs.contains(digits) || patient.list_number.is_some_and(|number| number.to_string() == digits)
}

/// How many names are fetched by one thread in one go.
const NAMES_AT_A_TIME: usize = 1 << 14;

/// The names of these patients in lower case. Those who stand near each other in their
/// file are fetched together.
fn names(case: &Case, ids: &[PatientId]) -> Vec<String> {
    let jobs: Vec<&[PatientId]> = ids.chunks(NAMES_AT_A_TIME).collect();
    let of_some = |ids: &[PatientId]| -> Vec<String> {
        let mut places: Vec<(Place, usize)> = Vec::with_capacity(ids.len());
        places.extend(ids.iter().enumerate().filter_map(|(at, id)| Some((case.cohort.patient(*id)?.place, at))));
        places.sort_unstable();
        let mut names = vec![String::new(); ids.len()];
        let mut cursors: Vec<_> = case.files.iter().map(Extract::cursor).collect();
        for (place, at) in places {
            let file = usize::from(place.file);
            if let (Some(cursor), Some(extract)) = (cursors.get_mut(file), case.files.get(file)) {
                names[at] = extract.name_in(&cursor.row(place.row)).to_lowercase();
            }
        }
        names
    };
    sharing::map("names", jobs, of_some).into_iter().flatten().collect()
}

/// The patient's name as the file has it.
pub fn name(case: &Case, patient: &Patient) -> String {
    case.files.get(usize::from(patient.place.file)).map_or_else(String::new, |f| f.name(patient.place.row))
}

fn sort(case: &Case, review: &Review, view: &View, rows: &mut [PatientId]) {
    let patient = |id: &PatientId| case.cohort.patient(*id);
    let event = |id: &PatientId| patient(id).and_then(|p| case.cohort.last_104(p));
    match view.sort {
        Column::NhsNumber => rows.sort_by_cached_key(|id| patient(id).and_then(Patient::usable_number)),
        Column::Name => {
            let named = names(case, rows).into_iter().zip(rows.iter().copied());
            let mut named: Vec<(u64, String, PatientId)> =
                named.map(|(name, id)| (first_bytes(&name), name, id)).collect();
            // Most names differ in their first bytes, which are compared as one number.
            named.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
            for (row, (.., id)) in rows.iter_mut().zip(named) {
                *row = id;
            }
        }
        Column::Born => rows.sort_by_key(|id| patient(id).and_then(|p| p.born)),
        Column::Dated => rows.sort_by_key(|id| event(id).and_then(|e| e.day)),
        Column::EnteredBy => rows.sort_by_cached_key(|id| event(id).map(|e| case.cohort.word(e.user).to_lowercase())),
        Column::Looks => rows.sort_by_key(|id| std::cmp::Reverse(case.findings.of(*id).likelihood)),
        Column::Status => rows.sort_by_key(|id| patient(id).map(|p| p.status)),
        Column::Decision => rows.sort_by_key(|id| review.of(*id).map(|d| d.choice)),
    }
    if view.descending {
        rows.reverse();
    }
}

/// The first eight bytes of a text as a number that sorts as they do.
fn first_bytes(text: &str) -> u64 {
    let mut bytes = [0; 8];
    for (slot, byte) in bytes.iter_mut().zip(text.bytes()) {
        *slot = byte;
    }
    u64::from_be_bytes(bytes)
}

/// "2,469 of 4,010 patients".
#[must_use]
pub fn shown_of(case: &Case, rows: usize) -> String {
    format!("{} of {}", wording::figure(rows), wording::count(case.cohort.patients.len(), "patient"))
}
