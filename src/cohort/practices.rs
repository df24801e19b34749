//! Several practices in one file: one result each.

use rustc_hash::FxHashMap;

use super::{CodeEvent, Counts, Patient};
use crate::domain::{Days, wording};
use crate::extract::{Extract, Interner, Purpose, Word};
use crate::sharing;

/// How one of several practices stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Practice {
    /// Its name or code, as the file writes it; "Not named" for patients without.
    pub name: String,
    /// The word by which its patients are known.
    pub word: Word,
    /// Its patients by status.
    pub counts: Counts,
}

/// Counts patients by practice.
pub fn count(patients: &[Patient]) -> Vec<(Word, Counts)> {
    let parts = sharing::chunks("joining", patients, |_, patients| {
        let mut found: Vec<(Word, Counts)> = Vec::new();
        let mut last = 0;
        for patient in patients {
            if found.get(last).is_none_or(|(word, _)| *word != patient.practice) {
                last = place_of(&mut found, patient.practice);
            }
            if let Some((_, counts)) = found.get_mut(last) {
                counts.add(patient);
            }
        }
        found
    });
    let mut all = Vec::new();
    for (word, counts) in parts.into_iter().flatten() {
        let place = place_of(&mut all, word);
        all[place].1.join(&counts);
    }
    all
}

fn place_of(found: &mut Vec<(Word, Counts)>, practice: Word) -> usize {
    found.iter().position(|(word, _)| *word == practice).unwrap_or_else(|| {
        found.push((practice, Counts::default()));
        found.len() - 1
    })
}

/// The practices of a cohort by name, where there is more than one.
pub fn of(found: Vec<(Word, Counts)>, words: &Interner) -> Vec<Practice> {
    if found.iter().filter(|(word, _)| word.is_some()).count() < 2 {
        return Vec::new();
    }
    let name = |word: Word| if word.is_some() { words.get(word).to_owned() } else { "Not named".to_owned() };
    let mut out: Vec<Practice> =
        found.into_iter().map(|(word, counts)| Practice { name: name(word), word, counts }).collect();
    out.sort_by(|a, b| (!a.word.is_some(), &a.name).cmp(&(!b.word.is_some(), &b.name)));
    out
}

/// A practice's name by its letters, without a code in brackets and "The" in front: "Riverbank
/// Surgery (A12345)" and "The Riverbank Surgery" are one.
pub fn plain_name(name: &str) -> String {
    let bare = name.split(['(', '[']).next().unwrap_or(name).trim();
    let bare = if bare.is_empty() { name } else { bare };
    let the = bare.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("the "));
    wording::plain(if the { &bare[4..] } else { bare })
}

/// The practice that each export names above its table; nothing where they name only one: then
/// an export that names none may be of it too.
pub fn named_above(files: &[Extract], words: &mut Interner) -> Vec<Word> {
    let named = |file: &Extract| file.layout.practice.clone().filter(|_| file.purpose == Purpose::Export);
    let mut plain: Vec<String> = files.iter().filter_map(named).map(|name| plain_name(&name)).collect();
    plain.sort_unstable();
    plain.dedup();
    if plain.len() < 2 {
        return Vec::new();
    }
    files.iter().map(|file| named(file).map_or(Word::NONE, |name| words.intern(&name))).collect()
}

/// Where nearly all entries were made, and on most days: the practice, though no column
/// names it. A list that was taken over brings many entries along, of few days.
pub fn main_organisation(events: &[CodeEvent]) -> Option<Word> {
    let mut counts: FxHashMap<Word, (usize, Days)> = FxHashMap::default();
    for event in events.iter().filter(|e| e.organisation.is_some()) {
        let slot = counts.entry(event.organisation).or_default();
        slot.0 += 1;
        if let Some(day) = event.day {
            slot.1.insert(day);
        }
    }
    let all: usize = counts.values().map(|(n, _)| n).sum();
    let most_days = counts.values().map(|(_, days)| days.len()).max()?;
    counts.into_iter().find(|(_, (n, days))| n * 10 >= all * 8 && days.len() == most_days).map(|(word, _)| word)
}
