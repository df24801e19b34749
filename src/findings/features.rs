//! What each 104 entry shows of how it came about.

use rustc_hash::FxHashMap;

use super::Thresholds;
use crate::cohort::{Cohort, EventState, Patient, PatientId};
use crate::domain::wording::letters;
use crate::domain::{AccessCode, Day};
use crate::extract::Word;

/// One 104 entry that counts.
#[derive(Clone, Copy, Debug)]
pub struct Feature {
    /// Whose.
    pub patient: PatientId,
    /// The day on which it was worked on: see [`work_day`].
    pub day: Day,
    /// Who entered it.
    pub user: Word,
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

/// All 104 entries that count, in the order of the patients.
pub fn features(cohort: &Cohort, thresholds: &Thresholds) -> Vec<Feature> {
    let is_shared = shared_texts(cohort, thresholds.shared_text);
    let home = home_organisation(cohort);
    let typed = typed_counts(cohort);
    let mut clinicians: FxHashMap<Word, bool> = FxHashMap::default();
    let mut out = Vec::with_capacity(cohort.patients.len());
    for (id, patient) in cohort.iter() {
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
            let shared = is_shared.get(event.text.index()).copied().unwrap_or(false);
            let user = event.user;
            let clinician = *clinicians.entry(user).or_insert_with(|| is_clinician(cohort.word(user)));
            let elsewhere = event.organisation.is_some() && home.is_some_and(|home| home != event.organisation);
            // Dated before the patient came here: inherited, unless it was typed in
            // here among many, back-dated.
            let typed_here = patient.registered.zip(event.entered).is_some_and(|(r, e)| e >= r)
                && event
                    .entered
                    .and_then(|e| typed.get(&(e, event.user)))
                    .is_some_and(|n| *n >= thresholds.least_on_a_day);
            let before = patient.registered.is_some_and(|r| day < r) && !typed_here;
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
    out
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

/// The organisation of most entries is this practice.
fn home_organisation(cohort: &Cohort) -> Option<Word> {
    let mut counts: FxHashMap<Word, u32> = FxHashMap::default();
    for event in cohort.events.iter().filter(|e| e.organisation.is_some()) {
        *counts.entry(event.organisation).or_default() += 1;
    }
    let of_practice = cohort.practice.as_deref();
    counts
        .iter()
        .find(|(word, _)| of_practice.is_some_and(|p| p.eq_ignore_ascii_case(cohort.word(**word))))
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
