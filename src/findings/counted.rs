//! What is counted over some entries, once: where they become part of more, the counts are
//! added up.

use super::features::{Feature, Trait};
use crate::domain::Day;
use crate::extract::Word;

/// What is counted over some entries.
#[derive(Clone, Debug, Default)]
pub struct Counted {
    /// Entries with free text that is the same on many.
    pub shared: usize,
    /// These texts.
    pub texts: Vec<Word>,
    /// Entries by clinicians.
    pub clinicians: usize,
    /// Entries without free text beside them in the export, so that nobody knows of notes.
    pub notes_unseen: usize,
    /// Entries of which the export does not say who made them.
    pub users_unseen: usize,
    /// Entries of which it does not tell whether the patient brought them along.
    pub origins_unseen: usize,
    /// Entries dated with the day on which the patient registered.
    pub on_registration: usize,
    /// Entries of patients who had registered not long before.
    pub newly_registered: usize,
    /// Their days in order, with how many there are of each.
    pub days: Vec<(Day, u32)>,
    /// Whose they are, with how many there are of each hand.
    pub hands: Vec<(Word, u32)>,
}

impl Counted {
    /// Counts.
    pub fn of(features: &[Feature], entries: &[usize]) -> Self {
        let mut out = Self::default();
        for entry in entries {
            let feature = &features[*entry];
            out.clinicians += usize::from(feature.is(Trait::Clinician));
            out.on_registration += usize::from(feature.is(Trait::OnRegistration));
            out.newly_registered += usize::from(feature.is(Trait::NewlyRegistered));
            out.notes_unseen += usize::from(feature.is(Trait::NoteUnseen));
            out.users_unseen += usize::from(feature.is(Trait::UserUnseen));
            out.origins_unseen += usize::from(feature.is(Trait::OriginUnseen));
            if feature.shared_text.is_some() {
                out.shared += 1;
                if !out.texts.contains(&feature.shared_text) {
                    out.texts.push(feature.shared_text);
                }
            }
            // They come bucket by bucket.
            one_more(&mut out.days, feature.day);
            one_more(&mut out.hands, feature.hand);
        }
        sum_up(&mut out.days);
        sum_up(&mut out.hands);
        out
    }

    /// Adds what was counted over others.
    pub fn add(&mut self, other: &Self) {
        self.shared += other.shared;
        let more: Vec<Word> = other.texts.iter().copied().filter(|text| !self.texts.contains(text)).collect();
        self.texts.extend(more);
        self.clinicians += other.clinicians;
        self.on_registration += other.on_registration;
        self.newly_registered += other.newly_registered;
        self.notes_unseen += other.notes_unseen;
        self.users_unseen += other.users_unseen;
        self.origins_unseen += other.origins_unseen;
        self.days.extend_from_slice(&other.days);
        self.hands.extend_from_slice(&other.hands);
        sum_up(&mut self.days);
        sum_up(&mut self.hands);
    }
}

/// The entries of a day in the middle of some days by size.
pub fn usual_day(days: &[(Day, u32)]) -> u32 {
    let mut sizes: Vec<u32> = days.iter().map(|(_, n)| *n).collect();
    sizes.sort_unstable();
    sizes.get(sizes.len() / 2).copied().unwrap_or(0).max(1)
}

fn one_more<K: Copy + PartialEq>(counts: &mut Vec<(K, u32)>, key: K) {
    match counts.last_mut() {
        Some(last) if last.0 == key => last.1 += 1,
        _ => counts.push((key, 1)),
    }
}

/// Puts counts in order, each key once.
fn sum_up<K: Copy + Ord>(counts: &mut Vec<(K, u32)>) {
    counts.sort_unstable();
    counts.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        kept.1 += if same { next.1 } else { 0 };
        same
    });
}
