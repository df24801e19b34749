//! Repeated texts (users, free texts, practices) kept once.

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;

/// A text in an [`Interner`]. [`Word::NONE`] is the empty text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Word(u32);

impl Word {
    /// No text.
    pub const NONE: Self = Self(0);

    /// Whether there is a text.
    #[must_use]
    pub const fn is_some(self) -> bool {
        self.0 != 0
    }

    /// For tables indexed by word.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Distinct texts, each known by a small number, in the order in which they came.
#[derive(Debug)]
pub struct Interner {
    words: IndexSet<Box<str>, FxBuildHasher>,
}

impl Default for Interner {
    fn default() -> Self {
        let mut words = IndexSet::default();
        words.insert("".into());
        Self { words }
    }
}

impl Interner {
    /// The number of a text, white space around it passed over.
    pub fn intern(&mut self, text: &str) -> Word {
        let text = text.trim();
        if text.is_empty() {
            return Word::NONE;
        }
        let place = self.words.get_index_of(text).unwrap_or_else(|| self.words.insert_full(text.into()).0);
        Word(u32::try_from(place).unwrap_or(u32::MAX))
    }

    /// Takes over the texts of another: for each of its numbers, the number here.
    pub fn take_over(&mut self, other: &Self) -> Vec<Word> {
        other.words.iter().map(|text| self.intern(text)).collect()
    }

    /// The text of a number.
    #[must_use]
    pub fn get(&self, word: Word) -> &str {
        self.words.get_index(word.index()).map_or("", |w| w)
    }

    /// The number of the text at a place.
    #[must_use]
    pub fn word(&self, place: usize) -> Option<Word> {
        (place < self.words.len()).then(|| Word(u32::try_from(place).unwrap_or(0)))
    }

    /// The text at a place in the order in which they came.
    #[must_use]
    pub fn at(&self, place: usize) -> &str {
        self.words.get_index(place).map_or("", |w| w)
    }

    /// How many texts, the empty one among them.
    #[must_use]
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Never: the empty text is always there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

/// Raw cells, each known by a small number: what a cell means is worked out once.
#[derive(Debug)]
pub struct Cells {
    known: IndexSet<Box<[u8]>, FxBuildHasher>,
    /// The last of those that are alike at a glance, which is tried first.
    recent: [usize; 1 << RECENT],
}

/// How many cells are tried first, as a power of two.
const RECENT: u32 = 8;

/// The place of cells that are alike at a glance: as long, with the same ends. Below
/// 2^[`RECENT`], so that a few others share it.
fn at_a_glance(raw: &[u8]) -> usize {
    let (first, last) = match (raw.first_chunk(), raw.last_chunk()) {
        (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
        _ => (raw.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)), 0),
    };
    // Fibonacci hashing (Knuth, volume 3, 6.4).
    let hash = (first ^ last.rotate_left(29) ^ raw.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    usize::try_from(hash >> (64 - RECENT)).unwrap_or(0)
}

impl Default for Cells {
    fn default() -> Self {
        Self { known: IndexSet::default(), recent: [0; 1 << RECENT] }
    }
}

impl Cells {
    /// The number of a raw cell, and whether it is a new one.
    pub fn number(&mut self, raw: &[u8]) -> (usize, bool) {
        let recent = &mut self.recent[at_a_glance(raw)];
        if self.known.get_index(*recent).is_some_and(|cell| **cell == *raw) {
            return (*recent, false);
        }
        let (place, new) = match self.known.get_index_of(raw) {
            Some(place) => (place, false),
            None => self.known.insert_full(raw.into()),
        };
        *recent = place;
        (place, new)
    }
}

/// Short texts, one after the other in one piece of memory.
#[derive(Debug, Default)]
pub struct Texts {
    bytes: Vec<u8>,
    ends: Vec<u32>,
}

impl Texts {
    /// Adds one.
    pub fn push(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
        self.ends.push(u32::try_from(self.bytes.len()).unwrap_or(u32::MAX));
    }

    /// Adds one that is written in ASCII, where it is.
    pub fn push_ascii(&mut self, text: &[u8]) -> bool {
        let ascii = text.is_ascii();
        if ascii {
            self.bytes.extend_from_slice(text);
            self.ends.push(u32::try_from(self.bytes.len()).unwrap_or(u32::MAX));
        }
        ascii
    }

    /// Adds all of another.
    pub fn append(&mut self, other: &Self) {
        let before = u32::try_from(self.bytes.len()).unwrap_or(u32::MAX);
        self.bytes.extend_from_slice(&other.bytes);
        self.ends.extend(other.ends.iter().map(|end| end.saturating_add(before)));
    }

    /// The n-th.
    #[must_use]
    pub fn get(&self, index: usize) -> &str {
        std::str::from_utf8(self.bytes_of(index)).unwrap_or("")
    }

    /// The bytes of the n-th.
    #[must_use]
    pub fn bytes_of(&self, index: usize) -> &[u8] {
        let Some(end) = self.ends.get(index) else { return &[] };
        let from = index.checked_sub(1).and_then(|i| self.ends.get(i)).map_or(0, |e| *e as usize);
        self.bytes.get(from..*end as usize).unwrap_or_default()
    }
}
