//! What each 104 entry shows of how it came about.

use rustc_hash::FxHashMap;

use super::Thresholds;
use crate::cohort::{Cohort, EventState, Patient, PatientId};
use crate::domain::wording::letters;
use crate::domain::{AccessCode, Day};
use crate::extract::Word;
use crate::sharing;

/// One 104 entry that counts.
#[derive(Clone, Copy, Debug)]
pub struct Feature {
    /// Whose.
    pub patient: PatientId,
    /// The day on which it was worked on: see [`work_day`].
    pub day: Day,
    /// Who entered it.
    pub user: Word,
    /// That user's work of that day, as a place in [`Features::buckets`].
    pub bucket: u32,
    /// The user's name carries a clinician's title.
    pub clinician: bool,
    /// Free text that is not the same on many.
    pub own_text: bool,
    /// The same free text as on many others.
    pub shared_text: bool,
    /// From another practice.
    pub inherited: bool,
    /// Within the top-up window after registering here.
    pub newly_registered: bool,
    /// Set again after a 106: somebody looked.
    pub again: bool,
    /// It is the patient's active 104.
    pub active: bool,
    /// No 106 has cancelled it.
    pub stands: bool,
}

/// What is looked up for every entry.
struct Practice<'a> {
    cohort: &'a Cohort,
    thresholds: &'a Thresholds,
    /// Texts that are the same on many, by word.
    is_shared: Vec<bool>,
    /// The organisation of each practice's own entries.
    home: FxHashMap<Word, Word>,
    /// How many 104s were typed in by each user on each day.
    typed: FxHashMap<(Day, Word), u32>,
}

/// All 104 entries that count, in the order of the patients, and whose work of which day
/// they are.
#[derive(Default)]
pub struct Features {
    /// The entries.
    pub all: Vec<Feature>,
    /// What one user entered on one day.
    pub buckets: Vec<Bucket>,
}

/// What one user entered on one day.
pub type Bucket = (Word, Day);

impl Features {
    fn append(&mut self, other: Self, known: &mut FxHashMap<Bucket, u32>) {
        let number = |bucket: &Bucket| {
            *known.entry(*bucket).or_insert_with(|| {
                self.buckets.push(*bucket);
                u32::try_from(self.buckets.len() - 1).unwrap_or(u32::MAX)
            })
        };
        let numbers: Vec<u32> = other.buckets.iter().map(number).collect();
        self.all.extend(other.all.into_iter().map(|mut feature| {
            feature.bucket = numbers[feature.bucket as usize];
            feature
        }));
    }
}

/// All 104 entries that count.
pub fn features(cohort: &Cohort, thresholds: &Thresholds) -> Features {
    let practice = Practice {
        cohort,
        thresholds,
        is_shared: shared_texts(cohort, thresholds.shared_text),
        home: home_organisations(cohort),
        typed: typed_counts(cohort),
    };
    let people = &cohort.patients;
    let share = sharing::share(people.len());
    let jobs: Vec<(usize, &[Patient])> = people.chunks(share).enumerate().map(|(n, p)| (n * share, p)).collect();
    let mut found = sharing::map("finding", jobs, |(first, people)| practice.features(people, first)).into_iter();
    let mut all = found.next().unwrap_or_default();
    let mut known: FxHashMap<Bucket, u32> = all.buckets.iter().copied().zip(0_u32..).collect();
    for more in found {
        all.append(more, &mut known);
    }
    all
}

/// Words for organisations that were compared: capitals and spaces make no other one.
#[derive(Default)]
struct Spellings(FxHashMap<(Word, Word), bool>);

impl Spellings {
    fn are_same(&mut self, cohort: &Cohort, a: Word, b: Word) -> bool {
        let plain = |word| crate::domain::wording::plain(cohort.word(word));
        a == b || *self.0.entry((a, b)).or_insert_with(|| plain(a) == plain(b))
    }
}

impl Practice<'_> {
    /// The entries of some patients, the first of whom has this number.
    fn features(&self, people: &[Patient], first: usize) -> Features {
        let mut clinicians: FxHashMap<Word, bool> = FxHashMap::default();
        let events = people.iter().map(|p| self.cohort.events_of(p).len()).sum();
        let mut spellings = Spellings::default();
        let mut out = Features { all: Vec::with_capacity(events), buckets: Vec::new() };
        for (offset, patient) in people.iter().enumerate() {
            let id = PatientId(u32::try_from(first + offset).unwrap_or(u32::MAX));
            self.of_patient(id, patient, (&mut clinicians, &mut spellings), &mut out.all);
        }
        let mut known: FxHashMap<Bucket, u32> = FxHashMap::default();
        for feature in &mut out.all {
            let bucket = (feature.user, feature.day);
            feature.bucket = *known.entry(bucket).or_insert_with(|| {
                out.buckets.push(bucket);
                u32::try_from(out.buckets.len() - 1).unwrap_or(u32::MAX)
            });
        }
        out
    }

    fn of_patient(
        &self,
        id: PatientId,
        patient: &Patient,
        (clinicians, spellings): (&mut FxHashMap<Word, bool>, &mut Spellings),
        out: &mut Vec<Feature>,
    ) {
        let Self { cohort, thresholds, .. } = self;
        let several = !cohort.practices.is_empty();
        let (events, first) = (cohort.events_of(patient), patient.first_event());
        let counted = |code| events.iter().filter(move |e| e.state == EventState::Counts && e.code == Some(code));
        let first_106 = counted(AccessCode::NoReview106).filter_map(|e| e.day).min();
        let last_106 = counted(AccessCode::NoReview106).filter_map(|e| e.day).max();
        for (offset, event) in events.iter().enumerate() {
            let (EventState::Counts, Some(AccessCode::Review104), Some(day)) = (event.state, event.code, event.day)
            else {
                continue;
            };
            let index = u32::try_from(offset).map_or(u32::MAX, |o| first.saturating_add(o));
            let shared = self.is_shared.get(event.text.index()).copied().unwrap_or(false);
            let user = event.user;
            let clinician = *clinicians.entry(user).or_insert_with(|| is_clinician(cohort.word(user)));
            let home = self.home.get(&if several { patient.practice } else { Word::NONE });
            let elsewhere = event.organisation.is_some()
                && home.is_some_and(|home| !spellings.are_same(cohort, *home, event.organisation));
            // Dated before the patient came here: inherited, unless it was typed in
            // here among many, back-dated.
            let before =
                patient.registered.is_some_and(|r| day < r) && !self.was_typed_here(patient, event.entered, user);
            let work = work_day(patient, day, event.entered);
            let since = patient.registered.map(|r| work.days_since(r));
            let again = first_106.is_some_and(|d| d < day);
            // Nothing cancelled it: what it says of the patient still stands, be
            // it the latest 104 or not.
            let stands = patient.active_104.is_some() && last_106.is_none_or(|d| d <= day);
            out.push(Feature {
                patient: id,
                day: work,
                user,
                bucket: 0,
                clinician,
                own_text: event.text.is_some() && !shared,
                shared_text: event.text.is_some() && shared,
                inherited: elsewhere || before,
                stands,
                newly_registered: since
                    .is_some_and(|s| (0..=i32::try_from(thresholds.top_up_days).unwrap_or(0)).contains(&s)),
                again,
                active: patient.active_104 == Some(index),
            });
        }
    }

    /// Typed in after the patient registered, among many.
    fn was_typed_here(&self, patient: &Patient, entered: Option<Day>, user: Word) -> bool {
        let many = |e: Day| self.typed.get(&(e, user)).is_some_and(|n| *n >= self.thresholds.least_on_a_day);
        patient.registered.zip(entered).is_some_and(|(r, e)| e >= r && many(e))
    }
}

/// The day on which somebody sat at the keyboard: the date entered, where the
/// file has it and the clinical date was put back on purpose or is near. Where
/// the two lie apart for no such reason, a move between systems has stamped all
/// entries with one date entered, and the clinical date is the better witness.
fn work_day(patient: &Patient, day: Day, entered: Option<Day>) -> Day {
    let Some(entered) = entered else { return day };
    let near = (0..=7).contains(&entered.days_since(day));
    let back_dated = patient.registered.is_some_and(|r| day.days_since(r).abs() <= 1) && entered >= day;
    if near || back_dated { entered } else { day }
}

/// Which texts stand on at least so many 104s, numbers in them making no difference:
/// "Batch ref 17" and "Batch ref 18" are one text. By word. Words of risk are about
/// this patient, however often they stand.
fn shared_texts(cohort: &Cohort, least: u32) -> Vec<bool> {
    let mut counts = vec![0_u32; cohort.words.len()];
    let noted = |e: &&crate::cohort::CodeEvent| {
        e.code == Some(AccessCode::Review104) && e.text.is_some() && e.state == EventState::Counts
    };
    for event in cohort.events.iter().filter(noted) {
        if let Some(count) = counts.get_mut(event.text.index()) {
            *count += 1;
        }
    }
    let mut plain: FxHashMap<String, (u32, Vec<usize>)> = FxHashMap::default();
    for (word, count) in counts.iter().enumerate().filter(|(_, n)| **n > 0) {
        let same = plain.entry(letters(cohort.words.at(word))).or_default();
        same.0 += count;
        same.1.push(word);
    }
    let mut shared = vec![false; counts.len()];
    for (_, words) in plain.into_values().filter(|(n, _)| *n >= least) {
        for word in words {
            shared[word] = crate::domain::marker::markers_in_text(cohort.words.at(word)).is_empty();
        }
    }
    shared
}

/// How many 104s were typed in by each user on each day.
fn typed_counts(cohort: &Cohort) -> FxHashMap<(Day, Word), u32> {
    let mut counts = FxHashMap::default();
    for event in cohort.events.iter().filter(|e| e.code == Some(AccessCode::Review104) && e.state == EventState::Counts)
    {
        if let Some(entered) = event.entered {
            *counts.entry((entered, event.user)).or_default() += 1;
        }
    }
    counts
}

/// The organisation of most entries is this practice; of each, where the files speak of
/// several, and else under the empty word.
fn home_organisations(cohort: &Cohort) -> FxHashMap<Word, Word> {
    if !cohort.events.iter().any(|e| e.organisation.is_some()) {
        return FxHashMap::default();
    }
    if cohort.practices.is_empty() {
        let named = cohort.practice.as_deref();
        return home_organisation(cohort, None, named).map(|home| (Word::NONE, home)).into_iter().collect();
    }
    let of = |p: &crate::cohort::Practice| Some((p.word, home_organisation(cohort, Some(p.word), Some(&p.name))?));
    cohort.practices.iter().filter_map(of).collect()
}

fn home_organisation(cohort: &Cohort, practice: Option<Word>, named: Option<&str>) -> Option<Word> {
    let mut counts: FxHashMap<Word, u32> = FxHashMap::default();
    let ours = |p: &&Patient| practice.is_none_or(|practice| p.practice == practice);
    for event in cohort.patients.iter().filter(ours).flat_map(|p| cohort.events_of(p)) {
        if event.organisation.is_some() {
            *counts.entry(event.organisation).or_default() += 1;
        }
    }
    counts
        .iter()
        .find(|(word, _)| named.is_some_and(|p| p.eq_ignore_ascii_case(cohort.word(**word))))
        .or_else(|| counts.iter().max_by_key(|(word, n)| (**n, std::cmp::Reverse(**word))))
        .map(|(word, _)| *word)
}

/// Whether a user's name carries a clinician's title.
#[must_use]
pub fn is_clinician(name: &str) -> bool {
    name.split(|c: char| !c.is_alphanumeric()).any(|word| {
        [
            "dr",
            "doctor",
            "prof",
            "professor",
            "gp",
            "nurse",
            "sister",
            "matron",
            "practitioner",
            "pharmacist",
            "midwife",
            "paramedic",
            "anp",
            "physiotherapist",
        ]
        .iter()
        .any(|title| word.eq_ignore_ascii_case(title))
    })
}

#[cfg(test)]
mod tests {
    use super::is_clinician;

    #[test]
    fn clinicians_are_known_by_their_title() {
        assert!(is_clinician("LEWIS, Sam (Dr)"));
        assert!(is_clinician("Nurse Ann Example"));
        assert!(!is_clinician("KHAN, Kay (Ms)"));
        assert!(!is_clinician("ANDREWS, Pip (Mr)"));
        assert!(!is_clinician(""));
    }
}
