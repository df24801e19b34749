//! The day on which somebody sat at the keyboard.
//!
//! An entry has a clinical date, and in some files a date entered. Codes were put back to
//! the day of registration, or to one day for all, and then only the date entered tells
//! of the work; a move between systems stamps all entries with one date entered, and then
//! only the clinical date does.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::cohort::{CodeEvent, Cohort, EventState, Patient};
use crate::domain::{AccessCode, Day};
use crate::extract::Word;
use crate::sharing;

/// Days between the two dates that need no explanation.
const NEAR: i32 = 7;

/// What was typed in by one user on one day.
#[derive(Clone, Copy, Default)]
struct Typed {
    /// 104s.
    all: u32,
    /// Of these, with a clinical date far from it.
    far: u32,
    /// Of these, with a clinical date before the patient registered.
    before: u32,
    /// The clinical dates that are far from it are many.
    is_spread: bool,
}

/// Whether an entry was typed in long after its date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Late {
    /// It was not, as far as the file tells.
    No,
    /// By itself.
    ByItself,
    /// As many others of its date, each on some day of its own: they came in the records of
    /// new patients.
    InRecords,
}

/// How this practice's two dates are to be read.
pub struct WorkDays {
    typed: FxHashMap<(Day, Word), Typed>,
    /// Days on which a move between systems stamped what was there.
    moves: FxHashSet<Day>,
    /// 104s typed in long after their clinical date, by that date.
    far: FxHashMap<Day, u32>,
    /// What was entered under clinical dates by patients who were here by then.
    dated: FxHashMap<(Day, Word), u32>,
    /// Entries of one day and user from which they are one piece of work.
    many: u32,
}

/// What is counted over the two dates of all entries.
#[derive(Default)]
struct Stamps {
    typed: FxHashMap<(Day, Word), Typed>,
    /// Far entries of other codes, and the users of far entries, by the day of typing:
    /// those of a move are of all kinds and by everybody.
    others: FxHashMap<Day, u32>,
    users: FxHashMap<Day, FxHashSet<Word>>,
    /// Clinical dates and users of entries dated before their patient registered.
    early: FxHashSet<(Day, Word)>,
    /// Far 104s by their clinical date.
    far: FxHashMap<Day, u32>,
    /// The clinical dates of far 104s, by the day and user of typing.
    far_dates: FxHashMap<(Day, Word), FxHashSet<Day>>,
}

impl Stamps {
    fn of(cohort: &Cohort, people: &[Patient]) -> Self {
        let mut stamps = Self::default();
        for patient in people {
            for event in cohort.events_of(patient).iter().filter(|e| e.state == EventState::Counts) {
                stamps.add(patient, event);
            }
        }
        stamps
    }

    fn add(&mut self, patient: &Patient, event: &CodeEvent) {
        let Some(day) = event.day else { return };
        let is_104 = event.code == Some(AccessCode::Review104);
        let is_before = patient.registered.is_some_and(|r| day < r);
        if is_104 && is_before && event.user.is_some() {
            self.early.insert((day, event.user));
        }
        let Some(entered) = event.entered else { return };
        let is_far = !is_near(day, entered);
        if is_104 {
            let typed = self.typed.entry((entered, event.user)).or_default();
            typed.all += 1;
            typed.far += u32::from(is_far);
            typed.before += u32::from(is_before);
        }
        if is_far && !is_back_dated(patient, day, entered) {
            if is_104 {
                *self.far.entry(day).or_default() += 1;
                self.far_dates.entry((entered, event.user)).or_default().insert(day);
                self.users.entry(entered).or_default().insert(event.user);
            } else {
                *self.others.entry(entered).or_default() += 1;
            }
        }
    }

    fn append(&mut self, other: Self) {
        for (key, typed) in other.typed {
            let slot = self.typed.entry(key).or_default();
            slot.all += typed.all;
            slot.far += typed.far;
            slot.before += typed.before;
        }
        for (day, n) in other.others {
            *self.others.entry(day).or_default() += n;
        }
        for (day, users) in other.users {
            self.users.entry(day).or_default().extend(users);
        }
        self.early.extend(other.early);
        for (key, dates) in other.far_dates {
            self.far_dates.entry(key).or_default().extend(dates);
        }
        for (day, n) in other.far {
            *self.far.entry(day).or_default() += n;
        }
    }
}

impl WorkDays {
    /// Looks at all entries; `many` of one day and user are one piece of work.
    pub fn of(cohort: &Cohort, many: u32) -> Self {
        let mut parts =
            sharing::chunks("finding", &cohort.patients, |_, people| Stamps::of(cohort, people)).into_iter();
        let mut all = parts.next().unwrap_or_default();
        for part in parts {
            all.append(part);
        }
        let Stamps { mut typed, others, users, mut early, far, far_dates } = all;
        // Dates that differ from one entry to the next are when somebody decided: a move stamped
        // them, or somebody typed in what had been written down. Without days of registration
        // they may be those.
        let registered = cohort.patients.iter().filter(|p| p.registered.is_some()).count();
        let has_days = registered * 2 > cohort.patients.len();
        for (key, dates) in far_dates {
            if let Some(typed) = typed.get_mut(&key) {
                typed.is_spread = has_days && dates.len() * 3 > typed.far as usize;
            }
        }
        early.retain(|(_, user)| !is_anybody(cohort.word(*user)));
        let is_move = |day: &Day| {
            others.get(day).is_some_and(|n| *n >= 3) || users.get(day).is_some_and(|users| users.len() >= 4)
        };
        let moves = users.keys().chain(others.keys()).copied().filter(is_move).collect();
        Self { typed, moves, dated: dated(cohort, &early), far, many }
    }

    /// The day on which this entry of a patient was worked on.
    pub fn day(&self, patient: &Patient, event: &CodeEvent, day: Day) -> Day {
        let Some(entered) = event.entered else { return day };
        if is_near(day, entered) {
            return entered;
        }
        if self.moves.contains(&entered) {
            return day;
        }
        if is_back_dated(patient, day, entered) {
            return entered;
        }
        let typed = self.typed.get(&(entered, event.user)).copied().unwrap_or_default();
        let is_work = entered >= day && typed.far >= self.many && !typed.is_spread;
        // A code that came from another practice is typed in when the record arrives.
        let is_import = typed.before * 2 >= typed.all;
        if is_work && !is_import { entered } else { day }
    }

    /// How an entry came here that was typed in long after its date, and not together with
    /// others: one by one, or in the records of patients who came from where many were
    /// given the code on that date.
    pub fn late(&self, patient: &Patient, event: &CodeEvent, day: Day) -> Late {
        let Some(entered) = event.entered.filter(|e| *e > day && !is_near(day, *e)) else { return Late::No };
        if self.moves.contains(&entered) || self.day(patient, event, day) == entered {
            return Late::No;
        }
        if self.far.get(&day).is_some_and(|n| *n >= self.many) { Late::InRecords } else { Late::ByItself }
    }

    /// Dated before the patient registered here, and typed in here all the same: among
    /// many that were put back, or on a day's work for patients who were here.
    pub fn was_here(&self, patient: &Patient, event: &CodeEvent, day: Day) -> bool {
        let Some(registered) = patient.registered else { return true };
        let typed = event.entered.filter(|e| *e >= registered).and_then(|e| self.typed.get(&(e, event.user)));
        let put_back = typed.is_some_and(|t| t.all >= self.many && t.before * 2 < t.all);
        put_back || self.dated.get(&(day, event.user)).is_some_and(|n| *n >= self.many)
    }
}

/// Whether a name is that of a login that every practice may have: the same name on the same
/// day need not be the same person.
fn is_anybody(name: &str) -> bool {
    const WORDS: [&str; 9] =
        ["user", "system", "practice", "admin", "administrator", "reception", "surgery", "staff", "locum"];
    name.split(|c: char| !c.is_alphanumeric()).any(|word| WORDS.iter().any(|w| word.eq_ignore_ascii_case(w)))
}

fn is_near(day: Day, entered: Day) -> bool {
    (0..=NEAR).contains(&entered.days_since(day))
}

/// Dated with the day of registration.
fn is_back_dated(patient: &Patient, day: Day, entered: Day) -> bool {
    patient.registered.is_some_and(|r| day.days_since(r).abs() <= 1) && entered >= day
}

/// How many entries of these days and users are of patients who were here by then.
fn dated(cohort: &Cohort, wanted: &FxHashSet<(Day, Word)>) -> FxHashMap<(Day, Word), u32> {
    let mut all = FxHashMap::default();
    if wanted.is_empty() {
        return all;
    }
    let parts = sharing::chunks("finding", &cohort.patients, |_, people| {
        let mut counts: FxHashMap<(Day, Word), u32> = FxHashMap::default();
        for patient in people.iter().filter(|p| p.registered.is_some()) {
            for event in cohort.events_of(patient) {
                let key = event.day.map(|day| (day, event.user));
                let here = event.day.zip(patient.registered).is_some_and(|(day, r)| r <= day);
                if let Some(key) =
                    key.filter(|key| here && event.code == Some(AccessCode::Review104) && wanted.contains(key))
                {
                    *counts.entry(key).or_default() += 1;
                }
            }
        }
        counts
    });
    for (key, n) in parts.into_iter().flatten() {
        *all.entry(key).or_default() += n;
    }
    all
}
