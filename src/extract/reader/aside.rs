//! What stands in columns that play no part, and may be about the patient all the same.

use std::hash::BuildHasher as _;

use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::domain::Markers;
use crate::domain::marker::markers_in_text;
use crate::extract::cells::{is_nothing, says_no};
use crate::extract::columns::Columns;
use crate::extract::contents::Signs;
use crate::extract::problem::{Problem, ProblemKind};

/// From so many words a cell may be a note, where the caption speaks of notes.
const WORDS_OF_A_NOTE: usize = 2;
/// The same where it does not.
const WORDS_ELSEWHERE: usize = 3;

/// What stands in such a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aside {
    column: u16,
    row: u32,
    person: u32,
    /// The text, hashed: what many rows say is about none of them.
    text: u64,
    markers: Markers,
    is_note: bool,
}

impl Aside {
    /// Reads a cell; `None` where it says nothing of anybody.
    pub fn read(cell: &str, (column, row, person): (u16, u32, u32), is_of_notes: bool) -> Option<Self> {
        let cell = cell.trim();
        let markers = markers_in_text(cell);
        let markers = if !markers.is_empty() && says_no(cell) { Markers::default() } else { markers };
        let least = if is_of_notes { WORDS_OF_A_NOTE } else { WORDS_ELSEWHERE };
        let is_note = cell.len() > least * 2 && {
            let words = cell.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic));
            words.take(least).count() == least && !is_nothing(cell)
        };
        let text = FxBuildHasher.hash_one(cell);
        (is_note || !markers.is_empty()).then_some(Self { column, row, person, text, markers, is_note })
    }

    /// The same in the whole of a file, whose rows and people before are so many.
    pub fn moved(mut self, first_row: u32, first_person: u32) -> Self {
        self.row += first_row;
        self.person += first_person;
        self
    }
}

/// Short cells that say nothing of anybody, each in the one place where it can be: "Female"
/// stands on half of all rows.
pub struct Harmless(Vec<(usize, u128)>);

impl Default for Harmless {
    fn default() -> Self {
        Self(vec![(0, 0); 1 << HARMLESS_BITS])
    }
}

/// How many are remembered, as a power of two.
const HARMLESS_BITS: u32 = 10;

impl Harmless {
    /// A short cell as a number; `None` for a longer one.
    fn key(raw: &[u8]) -> Option<(usize, u128)> {
        let fold = |sum: u128, byte: &u8| sum << 8 | u128::from(*byte);
        (raw.len() <= 16).then(|| (raw.len(), raw.iter().fold(0, fold)))
    }

    fn place((length, text): (usize, u128)) -> usize {
        let low = u64::try_from(text & u128::from(u64::MAX)).unwrap_or(0);
        let high = u64::try_from(text >> 64).unwrap_or(0);
        // Fibonacci hashing (Knuth, volume 3, 6.4).
        let hash = (low ^ high.rotate_left(29) ^ length as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        usize::try_from(hash >> (64 - HARMLESS_BITS)).unwrap_or(0)
    }

    /// Whether a cell is known to say nothing.
    pub fn has(&self, raw: &[u8]) -> bool {
        Self::key(raw).is_some_and(|key| self.0.get(Self::place(key)) == Some(&key))
    }

    /// Remembers that it does.
    pub fn add(&mut self, raw: &[u8]) {
        if let Some(key) = Self::key(raw)
            && let Some(slot) = self.0.get_mut(Self::place(key))
        {
            *slot = key;
        }
    }
}

/// Of a text in a column, so many of all rows make it one that is about nobody.
const MOST: u32 = 2;
/// So many in a column of notes.
const MANY: u32 = 20;
/// Fewer than so many of all rows are filled where a note stands out.
const RARE: u32 = 10;
/// A file of fewer rows says little of what is usual.
const FEW: u32 = 20;

/// Settles which of these cells are about their patients: a marker, unless most rows say the
/// same; a note, where the caption speaks of notes and not one in twenty rows says the same,
/// or where the column is else empty and nobody else has it.
pub fn settle(asides: &[Aside], columns: &Columns, filled: &[u32], rows: u32, signs: &mut Signs) -> Vec<Problem> {
    let mut same: FxHashMap<(u16, u64), u32> = FxHashMap::default();
    for aside in asides {
        *same.entry((aside.column, aside.text)).or_default() += 1;
    }
    let filled = |column: u16| {
        let place = columns.unread.iter().position(|c| *c == column);
        place.and_then(|at| filled.get(at)).copied().unwrap_or(0)
    };
    let mut problems = Vec::new();
    for aside in asides {
        let Aside { column, row, person, markers, .. } = *aside;
        let same = same.get(&(column, aside.text)).copied().unwrap_or(0);
        if !markers.is_empty() && (rows < FEW || same <= rows / MOST) {
            signs.markers.push((person, row, markers));
        }
        let is_own = if columns.notes.contains(&column) {
            rows < FEW || same <= rows / MANY
        } else {
            same == 1 && filled(column) < rows.div_ceil(RARE)
        };
        if aside.is_note && is_own {
            problems.push(Problem { row: Some(row + 1), column: Some(column), kind: ProblemKind::NamelessCell });
            signs.doubts.push((person, row));
        }
    }
    problems
}
