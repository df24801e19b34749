//! What stands in columns that play no part, and may be about the patient all the same.

use rustc_hash::FxHashMap;

use crate::domain::marker::{PEOPLE_AROUND, is_risk_concept, markers_in_name, markers_in_text};
use crate::domain::{Marker, Markers};
use crate::extract::cells::{is_nothing, says_no};
use crate::extract::columns::{Columns, Unread};
use crate::extract::contents::{Sign, Signs, told};
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
    /// The text, as a [`told`] number: what many rows say is about none of them.
    text: u64,
    markers: Markers,
    is_note: bool,
    /// Of more than a word.
    has_words: bool,
    /// Somebody around the patient is named.
    speaks_of_somebody: bool,
}

impl Aside {
    /// Reads a cell; `None` where it says nothing of anybody.
    pub fn read(cell: &str, (column, row, person): (u16, u32, u32), called: Unread) -> Option<Self> {
        let cell = cell.trim();
        let mut markers = if called == Unread::Names { markers_in_name(cell) } else { markers_in_text(cell) };
        // Where nobody says what the column is, nobody knows what the cell denies.
        if !matches!(called, Unread::Nameless | Unread::OfNoCode) && !markers.is_empty() && says_no(cell) {
            markers = Markers::default();
        }
        if cell.starts_with(|c: char| c.is_ascii_digit()) && is_risk_concept(cell) {
            markers.add(Marker::Safeguarding);
        }
        let has_words = |least: usize| {
            let words = cell.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic));
            cell.len() > least * 2 && words.take(least).count() == least && !is_nothing(cell)
        };
        let is_note = match called {
            Unread::Nameless | Unread::OfNoCode => true,
            Unread::Names => false,
            Unread::Notes => has_words(WORDS_OF_A_NOTE),
            Unread::Other => has_words(WORDS_ELSEWHERE),
        };
        (is_note || !markers.is_empty()).then(|| {
            let speaks_of_somebody = is_note && names_somebody(cell);
            let has_words = is_note && has_words(WORDS_OF_A_NOTE);
            Self { column, row, person, text: told(cell), markers, is_note, has_words, speaks_of_somebody }
        })
    }

    /// The same in the whole of a file, whose rows and people before are so many.
    pub fn moved(mut self, first_row: u32, first_person: u32) -> Self {
        self.row += first_row;
        self.person += first_person;
        self
    }
}

/// Whether a cell may hold one of the codes, in whatever form: this is asked of every cell.
pub fn may_be_code(cell: &str) -> bool {
    // What the identifiers begin with, as a spreadsheet leaves them too.
    const BEGIN: [&str; 6] = ["1364731", "1364751", "1290331", "1.36473", "1.36475", "1.29033"];
    cell.len() >= "1.36473E+15".len()
        && (BEGIN.iter().any(|begin| cell.contains(begin)) || {
            let lower = cell.to_ascii_lowercase();
            ["access", "enhanced review"].iter().any(|word| lower.contains(word))
        })
}

/// Whether a text names somebody around the patient.
fn names_somebody(cell: &str) -> bool {
    cell.split(|c: char| !c.is_alphanumeric())
        .any(|word| PEOPLE_AROUND.iter().any(|around| word.eq_ignore_ascii_case(around)))
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

/// On so many rows a text in a column of notes may be about each of them: a meeting's list is
/// no longer.
const MEETING: u32 = 40;
/// On so many of all rows it may be, too.
const MANY: u32 = 20;
/// A column filled on more than one row in so many, each of whose texts stands on so many rows, has
/// categories.
const FILLED: u64 = 5;
/// See [`FILLED`].
const CATEGORY: u32 = 5;
/// What fewer rows say is none of them.
const MANY_SAY_SO: u32 = 10;
/// One in so many rows is filled, or fewer, where a cell in a column is rare enough to be a note.
const RARE: u32 = 10;
/// The same where the column has no caption.
const RARE_NAMELESS: u32 = 5;

/// Settles which of these cells are about their patients: every marker, whoever else has it; a
/// note, where the caption speaks of notes and few rows say the same, or where the column is
/// else empty and, if it has a caption, nobody else has it.
pub fn settle(asides: &[Aside], columns: &Columns, filled: &[u32], rows: u32, signs: &mut Signs) -> Vec<Problem> {
    let mut same: FxHashMap<(u16, u64), u32> = FxHashMap::default();
    for aside in asides.iter().filter(|aside| aside.is_note) {
        *same.entry((aside.column, aside.text)).or_default() += 1;
    }
    // How many notes a column has, and how many different ones.
    let mut notes: FxHashMap<u16, (u32, u32)> = FxHashMap::default();
    for ((column, _), n) in &same {
        let (all, different) = notes.entry(*column).or_default();
        (*all, *different) = (*all + n, *different + 1);
    }
    // "Flu vaccine due", "BP check overdue": a few words that many rows have are what the column
    // can say, and what hardly any has is none of them.
    let is_category = |aside: &Aside, same: u32| {
        let column = aside.column;
        let (all, different) = notes.get(&column).copied().unwrap_or_default();
        let usual = all / different.max(1);
        !aside.speaks_of_somebody
            && u64::from(all) * FILLED > u64::from(rows)
            && usual >= CATEGORY
            && same >= MANY_SAY_SO
            && same * 4 > usual
    };
    let column_of = |column: u16| {
        let place = columns.unread.iter().position(|(c, _)| *c == column)?;
        Some((columns.unread.get(place)?.1, filled.get(place).copied().unwrap_or(0)))
    };
    let is_rare = |filled: u32, one_in: u32| u64::from(filled) * u64::from(one_in) < u64::from(rows);
    let mut problems = Vec::new();
    for aside in asides {
        let Aside { column, row, person, markers, .. } = *aside;
        if !markers.is_empty() {
            signs.markers.push(Sign { person, row, markers, said: aside.text });
        }
        let same = same.get(&(column, aside.text)).copied().unwrap_or(0);
        let is_own = match column_of(column) {
            Some((Unread::Nameless, filled)) => is_rare(filled, RARE_NAMELESS),
            Some((Unread::OfNoCode, filled)) => {
                is_rare(filled, RARE_NAMELESS)
                    || (aside.has_words && same <= MEETING.max(rows / MANY) && !is_category(aside, same))
            }
            Some((Unread::Notes, _)) => same <= MEETING.max(rows / MANY) && !is_category(aside, same),
            // "Husband reads her post" may be the same few words for several.
            Some((Unread::Other, filled)) => {
                let most = if aside.speaks_of_somebody { MEETING } else { 1 };
                same <= most && is_rare(filled, RARE)
            }
            Some((Unread::Names, _)) | None => false,
        };
        if aside.is_note && is_own {
            problems.push(Problem { row: Some(row + 1), column: Some(column), kind: ProblemKind::NamelessCell });
            signs.doubts.push((person, row, aside.text));
        }
    }
    problems
}
