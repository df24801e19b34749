//! The entries of the files as events: whose they are, which repeat another, and what they
//! are taken for.

use std::collections::{BTreeSet, HashSet};

use rustc_hash::FxBuildHasher;

use super::stand::{Facts, stand};
use super::{CodeEvent, EventState, Patient, PatientId, Place};
use crate::domain::{AccessCode, Day};
use crate::extract::{CodeCell, DateCell, Entry, Extract, Problem, ProblemKind, Records, Registration, Word};
use crate::sharing;

/// The entries of the files, and whose they are.
pub type Owned = Vec<(u16, Vec<PatientId>, Vec<Word>, Records)>;

/// What came of the entries.
pub struct Attached {
    /// The events, patient by patient.
    pub events: Vec<CodeEvent>,
    /// Those dated after today.
    pub future: Vec<u32>,
    /// Whether those who entered the codes can be users: as many of them as entries are no
    /// staff. A column was misread then, and they may be patients.
    pub are_users: bool,
    /// The groups of columns, by file, in which there is a 104.
    pub coded: BTreeSet<(u16, u8)>,
}

/// Puts the events of each patient together, in the order of the files, marks those that
/// repeat another in every respect, and says where each patient stands. `words` is how many
/// words there are.
pub fn attach(patients: &mut [Patient], facts: &[Facts], owned: Owned, words: usize, today: Day) -> Attached {
    let mut counts = vec![0_u32; patients.len()];
    let (mut last, mut is_sorted) = (PatientId(0), owned.len() == 1);
    for (_, owner, _, records) in &owned {
        for entry in records.entries.iter() {
            let id = owner.get(entry.person as usize);
            if let Some((id, slot)) = id.and_then(|id| Some((id, counts.get_mut(id.index())?))) {
                *slot += 1;
                is_sorted &= last <= *id;
                last = *id;
            } else {
                is_sorted = false;
            }
        }
    }
    let mut total = 0_u32;
    for (patient, count) in patients.iter_mut().zip(&counts) {
        patient.events = (total, total + count);
        total += count;
    }
    drop(counts);
    let mut events = if is_sorted { in_order(owned, total, today) } else { by_patient(patients, &owned, total, today) };
    let share = sharing::share(patients.len());
    let mut left = events.as_mut_slice();
    let mut jobs = Vec::new();
    for (people, facts) in patients.chunks_mut(share).zip(facts.chunks(share)) {
        let own: u32 = people.iter().map(|p| p.events.1 - p.events.0).sum();
        let (mine, rest) = left.split_at_mut(own as usize);
        left = rest;
        jobs.push((people, facts, mine));
    }
    let seen = sharing::map("joining", jobs, |(people, facts, mine)| {
        settle(people, facts, mine, today);
        let base = people.first().map_or(0, |p| p.events.0);
        Seen::of(mine, base, words)
    });
    let (mut named, mut users, mut future, mut coded) = (0, vec![false; words], Vec::new(), BTreeSet::new());
    for part in seen {
        named += part.named;
        users.iter_mut().zip(part.users).for_each(|(seen, more)| *seen |= more);
        future.extend(part.future);
        coded.extend(part.coded);
    }
    let users = users.into_iter().filter(|seen| *seen).count();
    Attached { events, future, are_users: users <= 12 || users * 3 < named, coded }
}

/// The entries of a file in which each patient's stand together, and in which the patients
/// come in their order: most files are so.
fn in_order(owned: Owned, total: u32, today: Day) -> Vec<CodeEvent> {
    let mut events = Vec::with_capacity(total as usize);
    for (file, _, words, records) in owned {
        // Piece by piece, so that both are not in memory as a whole.
        for piece in records.entries.into_pieces() {
            events.extend(piece.into_iter().map(|entry| event_of(file, &entry, &words, today)));
        }
    }
    events
}

/// The same wherever they stand.
fn by_patient(patients: &[Patient], owned: &Owned, total: u32, today: Day) -> Vec<CodeEvent> {
    let mut events = vec![CodeEvent::BLANK; total as usize];
    let share = sharing::share(patients.len());
    let mut left = events.as_mut_slice();
    let mut jobs = Vec::new();
    for (number, people) in patients.chunks(share).enumerate() {
        let own: u32 = people.iter().map(|p| p.events.1 - p.events.0).sum();
        let (mine, rest) = left.split_at_mut(own as usize);
        left = rest;
        jobs.push((number * share, people, mine));
    }
    sharing::map("joining", jobs, |(first, people, mine)| {
        let base = people.first().map_or(0, |p| p.events.0);
        let mut next: Vec<u32> = people.iter().map(|p| p.events.0 - base).collect();
        for (file, owner, words, records) in owned {
            for entry in records.entries.iter() {
                let Some(id) = owner.get(entry.person as usize) else { continue };
                let Some(place) = id.index().checked_sub(first).and_then(|at| next.get_mut(at)) else { continue };
                if let Some(event) = mine.get_mut(*place as usize) {
                    *event = event_of(*file, entry, words, today);
                }
                *place += 1;
            }
        }
    });
    events
}

/// Marks what repeats another, and says where some patients stand; `events` are theirs.
fn settle(patients: &mut [Patient], facts: &[Facts], events: &mut [CodeEvent], today: Day) {
    let base = patients.first().map_or(0, |p| p.events.0);
    for (patient, facts) in patients.iter_mut().zip(facts) {
        let (from, to) = (patient.events.0 - base, patient.events.1 - base);
        let own = events.get_mut(from as usize..to as usize).unwrap_or_default();
        mark_repeated(own);
        let standing = stand(*facts, own, today);
        let at = |index: Option<usize>| index.and_then(|i| u32::try_from(i).ok()).map(|i| patient.events.0 + i);
        (patient.deciding, patient.active_104) = (at(standing.deciding), at(standing.active_104));
        patient.status = standing.status;
        patient.reason = standing.reason;
        patient.registration_unclear = facts.registration == Registration::Unclear;
        let counts = |e: &CodeEvent| matches!(e.state, EventState::Counts | EventState::Repeated);
        patient.has_unclear_code |= !own.iter().all(counts);
        patient.may_have_declined |= own.iter().any(may_be_declined);
    }
}

/// Whether an entry may say that the patient declined, and does not count.
fn may_be_declined(event: &CodeEvent) -> bool {
    match event.state {
        EventState::Undated | EventState::Future => event.code == Some(AccessCode::Declined103),
        EventState::Unclear(trouble) => trouble.may_be_declined(),
        EventState::Counts | EventState::Repeated => false,
    }
}

/// What some events have that concerns all.
struct Seen {
    /// Those that say who entered them.
    named: usize,
    /// Who, by word.
    users: Vec<bool>,
    /// Those dated after today.
    future: Vec<u32>,
    /// Where there is a 104: file and group of columns.
    coded: BTreeSet<(u16, u8)>,
}

impl Seen {
    /// Of events of which the first has this number.
    fn of(events: &[CodeEvent], first: u32, words: usize) -> Self {
        let mut seen = Self { named: 0, users: vec![false; words], future: Vec::new(), coded: BTreeSet::new() };
        let mut last = None;
        for (event, number) in events.iter().zip(first..) {
            let place = (event.place.file, event.group);
            if event.code == Some(AccessCode::Review104) && last.replace(place) != Some(place) {
                seen.coded.insert(place);
            }
            if event.user.is_some() {
                seen.named += 1;
                if let Some(user) = seen.users.get_mut(event.user.index()) {
                    *user = true;
                }
            }
            if event.state == EventState::Future {
                seen.future.push(number);
            }
        }
        seen
    }
}

/// Whether an entry is one that another tells of more fully: the same code of the same day, and
/// whatever else it says the other says too. Two searches side by side show one entry twice.
fn says_no_more(this: &CodeEvent, other: &CodeEvent) -> bool {
    let same = |a: Word, b: Word| !a.is_some() || a == b;
    this.code == other.code
        && this.day == other.day
        // The time orders a day's codes: without it nobody knows that it is the same one.
        && this.minute == other.minute
        && (this.entered.is_none() || this.entered == other.entered)
        && same(this.user, other.user)
        && same(this.text, other.text)
        && same(this.organisation, other.organisation)
}

fn mark_repeated(events: &mut [CodeEvent]) {
    type Key = (Option<AccessCode>, Option<Day>, Option<u16>, Option<Day>, Word, Word);
    let key = |e: &CodeEvent| -> Key { (e.code, e.day, e.minute, e.entered, e.user, e.text) };
    if events.len() <= 8 {
        for at in 0..events.len() {
            let here = events[at];
            // Of two that say the same, the first counts; of others, the one that says more.
            let repeats = |(other, e): (usize, &CodeEvent)| {
                if key(e) == key(&here) { other < at } else { says_no_more(&here, e) }
            };
            let mut others = events.iter().enumerate().filter(|(_, e)| e.state == EventState::Counts);
            if here.state == EventState::Counts && others.any(repeats) {
                events[at].state = EventState::Repeated;
            }
        }
        return;
    }
    let mut seen: HashSet<Key, FxBuildHasher> = HashSet::default();
    for event in events.iter_mut().filter(|e| e.state == EventState::Counts) {
        if !seen.insert(key(event)) {
            event.state = EventState::Repeated;
        }
    }
}

fn event_of(file: u16, entry: &Entry, word_of: &[Word], today: Day) -> CodeEvent {
    let word = |w: Word| word_of.get(w.index()).copied().unwrap_or(Word::NONE);
    let (day, minute) = match entry.date {
        DateCell::Day(day, minute) => (Some(day), minute),
        DateCell::Missing | DateCell::Unreadable => (None, None),
    };
    let (code, state) = match (entry.code, day) {
        (CodeCell::Unclear(trouble), _) => (None, EventState::Unclear(trouble)),
        (CodeCell::Known(code, _), None) => (Some(code), EventState::Undated),
        (CodeCell::Known(code, _), Some(day)) if day > today => (Some(code), EventState::Future),
        (CodeCell::Known(code, _), Some(_)) => (Some(code), EventState::Counts),
    };
    CodeEvent {
        place: Place { file, row: entry.row },
        group: entry.group,
        code,
        state,
        day,
        minute,
        // Nobody typed it in after today: a mistake in that column decides nothing.
        entered: entry.entered.filter(|d| *d <= today),
        user: word(entry.user),
        text: word(entry.text),
        organisation: word(entry.organisation),
    }
}

/// Says of a code that is dated after today where it stands, and in which file.
pub fn future_problem(files: &[Extract], event: &CodeEvent) -> (u16, Problem) {
    let file = files.get(usize::from(event.place.file));
    let columns = file.and_then(|f| f.columns.events.get(usize::from(event.group)));
    let problem = Problem {
        row: Some(event.place.row + 1),
        column: columns.and_then(|c| c.date),
        kind: ProblemKind::CodeDateInFuture,
    };
    (event.place.file, problem)
}
