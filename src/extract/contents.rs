//! What one file says: its rows as compact records. The text stays in the
//! source, and a cell is fetched when it is needed.

use std::borrow::Cow;

use super::columns::Columns;
use super::header::Layout;
use super::intern::{Interner, Texts, Word};
use super::pieces::Pieces;
use super::problem::Problem;
use super::purpose::Purpose;
use super::records::{Ends, Fields};
use super::roles::PatientRole;
use super::scan::Index;
use super::source::Source;
use super::store::Window;
use crate::domain::wording::plain;
use crate::domain::{AccessCode, CodeTrouble, DateForm, Day, Markers, NhsNumber, NhsReading, Repair};

/// How many letters of a name are kept in [`PersonRow::alphabet`].
pub const LETTERS: u32 = 6;
/// The digits there: none, the letters, and one for what is beyond them.
pub const ALPHABET: u32 = 28;

/// What a row says of its patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PersonRow {
    /// NHS number.
    pub nhs: NhsReading,
    /// The name's letters, hashed: enough to tell whether two names are one. Nought
    /// where there is no name.
    pub name: u64,
    /// Row, from 0, the file's first row being 0.
    pub row: u32,
    /// Date of birth.
    pub born: Option<Day>,
    /// Date of registration here.
    pub registered: Option<Day>,
    /// Date of leaving.
    pub left: Option<Day>,
    /// Online account status, in the system's word.
    pub account: Word,
    /// Access level of the account, in the system's word.
    pub access: Word,
    /// Practice.
    pub practice: Word,
    /// Usual GP.
    pub gp: Word,
    /// Where the name stands in the alphabet: its first six letters, family name first,
    /// so that the numbers sort as the names do. Nought where there is no name.
    pub alphabet: u32,
    /// Age, where the file has no birth dates.
    pub age: Option<i16>,
    /// A birth column exists, and this cell says no day.
    pub birth_unclear: bool,
    /// Whether the registration is a full and present one, by words or dates.
    pub registration: Registration,
}

impl PersonRow {
    /// The same, with nothing said of a registration.
    #[must_use]
    pub fn without_registration(&self) -> Self {
        Self { registered: None, left: None, registration: Registration::default(), ..*self }
    }
}

/// What the file says of a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Registration {
    /// Nothing that speaks against a full one.
    #[default]
    Full,
    /// Deceased.
    Deceased,
    /// Left the practice.
    Left,
    /// Temporary, private, immediately necessary; or not registered yet.
    NotFull,
    /// In words that are not known, or with a date of leaving that cannot be read.
    Unclear,
}

impl Registration {
    /// The one of two that leaves fewer people in.
    #[must_use]
    pub const fn worse(self, other: Self) -> Self {
        match (self, other) {
            (Self::Deceased, _) | (_, Self::Deceased) => Self::Deceased,
            (Self::Left, _) | (_, Self::Left) => Self::Left,
            (Self::NotFull, _) | (_, Self::NotFull) => Self::NotFull,
            (Self::Unclear, _) | (_, Self::Unclear) => Self::Unclear,
            _ => Self::Full,
        }
    }
}

/// The code of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeCell {
    /// One of the three.
    Known(AccessCode, Option<Repair>),
    /// About online access; which code cannot be told.
    Unclear(CodeTrouble),
}

/// The date of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateCell {
    /// A day, perhaps with minutes since midnight.
    Day(Day, Option<u16>),
    /// Nothing.
    Missing,
    /// Something that is no day.
    Unreadable,
}

/// One access code of one patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Row, from 0.
    pub row: u32,
    /// Index into [`Records::people`].
    pub person: u32,
    /// The clinical date.
    pub date: DateCell,
    /// The date of typing it in.
    pub entered: Option<Day>,
    /// Who entered it.
    pub user: Word,
    /// Free text.
    pub text: Word,
    /// Where it was entered.
    pub organisation: Word,
    /// The code.
    pub code: CodeCell,
    /// Index into [`Columns::events`].
    pub group: u8,
}

/// The rows of a file. The cohort takes them, and they are not kept beside it.
#[derive(Debug, Default)]
pub struct Records {
    /// Rows that say something of a patient, in the order of the file. Rows that
    /// repeat the patient cells of the row above have none of their own.
    pub people: Pieces<PersonRow>,
    /// Access codes, in the order of the file.
    pub entries: Pieces<Entry>,
    /// What else is to be known of people.
    pub signs: Signs,
}

/// What is to be known of a file's people beside what their rows say of everybody.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Signs {
    /// Signs of risk.
    pub markers: Vec<Sign>,
    /// Further NHS numbers in the rows of a list of people at risk, by row.
    pub named: Vec<(u32, NhsNumber)>,
    /// People, by index, about whose rows there is a doubt (cells shifted, rows
    /// that may belong to them lost), with the row, and what a note there says.
    pub doubts: Vec<(u32, u32, u64)>,
    /// Codes that keep somebody blocked, in columns of something else.
    pub codes: Vec<CodeAside>,
}

/// A sign of risk on a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sign {
    /// Whose, as an index into [`Records::people`].
    pub person: u32,
    /// The row.
    pub row: u32,
    /// Of what.
    pub markers: Markers,
    /// What the cell says, as a [`told`] number: another text is something new.
    pub said: u64,
}

/// A text as a number, by its letters and digits: whether two exports say the same is told by it.
/// It is the beginning of its BLAKE3, and stands in saved reviews.
#[must_use]
pub fn told(text: &str) -> u64 {
    let hash = blake3::hash(plain(text).as_bytes());
    hash.as_bytes().first_chunk().map_or(0, |first| u64::from_le_bytes(*first))
}

/// A 103 or a 104 in a column of something else. It may say again what the patient's entries say,
/// and where it does not, it is in doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeAside {
    /// Whose, as an index into [`Records::people`].
    pub person: u32,
    /// The row.
    pub row: u32,
    /// The column.
    pub column: u16,
    /// Which it is.
    pub code: AccessCode,
}

/// What one file says.
pub struct Extract {
    /// What it is for.
    pub purpose: Purpose,
    /// The file.
    pub source: Source,
    /// How it is laid out.
    pub layout: Layout,
    /// Its columns.
    pub columns: Columns,
    /// Its rows, until the cohort takes them.
    pub records: Records,
    /// Where the rows are.
    pub rows: Rows,
    /// The clinical system's own number of each of the people.
    pub systems: Texts,
    /// Damaged identifiers that were put right: row, group and code.
    pub repairs: Vec<(u32, u8, AccessCode)>,
    /// Users, free texts, practices, account words.
    pub words: Interner,
    /// How the file writes its code dates.
    pub date_form: DateForm,
    /// Rows with data below the header.
    pub data_rows: u32,
    /// Access codes.
    pub access_codes: u32,
    /// Codes of other kinds.
    pub other_codes: u32,
    /// Whether rows leave the patient cells blank where they repeat.
    pub has_continuations: bool,
    /// Whether further rows of a patient repeat the patient cells.
    pub repeats_patients: bool,
    /// Columns of dates turned month first by a spreadsheet that were read so, since
    /// the user said so.
    pub month_first: Vec<u16>,
    /// What could not be understood.
    pub problems: Vec<Problem>,
}

/// Where each row of a file begins: every 64th is known, the others are found from
/// there.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Rows {
    parts: Vec<RowsOfPart>,
}

/// The rows of one part of a file.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct RowsOfPart {
    /// The first of them, from 0.
    pub first: u32,
    /// How many.
    pub count: u32,
    /// Where every 64th of them begins.
    pub marks: Vec<u64>,
    /// Where the part ends.
    pub end: u64,
}

/// Every so many rows, a place is known.
pub const STRIDE: u32 = 64;

impl Rows {
    /// Adds the rows of the next part.
    pub fn push(&mut self, mut part: RowsOfPart) {
        part.first = self.len();
        part.marks.shrink_to_fit();
        self.parts.push(part);
    }

    /// How many rows the file has, header and preamble among them.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.parts.last().map_or(0, |p| p.first.saturating_add(p.count))
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A stretch of bytes that begins with a row at most [`STRIDE`] before this one,
    /// and how many rows to pass over in it.
    fn stretch(&self, row: u32) -> Option<(u64, u64, u32)> {
        let at = self.parts.partition_point(|p| p.first <= row).checked_sub(1)?;
        let part = self.parts.get(at)?;
        let within = row.checked_sub(part.first).filter(|n| *n < part.count)?;
        let mark = (within / STRIDE) as usize;
        let from = *part.marks.get(mark)?;
        let to = part.marks.get(mark + 1).copied().unwrap_or(part.end);
        Some((from, to, within % STRIDE))
    }
}

/// One row, fetched from the source.
pub struct Row<'a> {
    bytes: Cow<'a, [u8]>,
    ends: Ends,
    /// Where `bytes` begin in the text.
    offset: u64,
}

impl Row<'_> {
    fn empty() -> Self {
        Self { bytes: Cow::Borrowed(&[]), ends: Ends::default(), offset: 0 }
    }

    /// Its cells.
    #[must_use]
    pub fn fields(&self) -> Fields<'_> {
        self.ends.fields(&self.bytes)
    }

    /// Where a cell stands in the text, quotes and all.
    #[must_use]
    pub fn range(&self, column: usize) -> Option<std::ops::Range<u64>> {
        let range = self.fields().range(column)?;
        Some(self.offset + range.start as u64..self.offset + range.end as u64)
    }

    /// Where the next row begins in the text.
    #[must_use]
    pub const fn next(&self) -> u64 {
        self.offset + self.ends.next as u64
    }

    /// The row's bytes end with a line break.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.bytes.get(..self.ends.next).is_some_and(|b| b.ends_with(b"\n") || b.ends_with(b"\r"))
    }
}

/// Fetches rows near each other without reading their stretch of the file again for each.
pub struct RowCursor<'a> {
    extract: &'a Extract,
    window: Window,
    index: Index,
    /// The stretch that is indexed, and its first row.
    holds: Option<(u64, u64, u32)>,
    has_lost_rows: bool,
}

impl<'a> RowCursor<'a> {
    /// A row. Empty where there is no such row, or its bytes cannot be had again.
    pub fn row(&mut self, row: u32) -> Row<'a> {
        self.find(row).unwrap_or_else(|| {
            self.has_lost_rows = true;
            Row::empty()
        })
    }

    /// Whether a row could not be had, and was given as an empty one.
    #[must_use]
    pub const fn has_lost_rows(&self) -> bool {
        self.has_lost_rows
    }

    fn find(&mut self, row: u32) -> Option<Row<'a>> {
        let (from, to, pass) = self.extract.rows.stretch(row)?;
        let store = self.extract.source.text();
        let bytes = match self.window.of(store, from, to) {
            Ok(bytes) => bytes,
            Err(error) => {
                log::error!("a row could not be read again: {error}");
                return None;
            }
        };
        let holds = (from, to, row - pass);
        if self.holds != Some(holds) {
            self.index.build(bytes, 0, self.extract.layout.delimiter, true);
            self.holds = Some(holds);
        }
        let mark = *self.index.records.get(pass as usize)?;
        let cells = self.index.ends.get(mark.cells.0 as usize..mark.cells.1 as usize)?;
        let (start, next) = (mark.start as usize, mark.next as usize);
        let offset = from + start as u64;
        let whole = store.whole().and_then(|w| w.get(usize::try_from(offset).ok()?..)?.get(..next - start));
        Some(Row {
            bytes: whole.map_or_else(|| Cow::Owned(bytes.get(start..next).unwrap_or_default().to_vec()), Cow::Borrowed),
            ends: Ends {
                cells: cells.iter().map(|end| end - mark.start).collect(),
                start: 0,
                next: next - start,
                stray_quote: mark.stray_quote,
            },
            offset,
        })
    }
}

impl Extract {
    /// For fetching many rows, in the order of the file.
    #[must_use]
    pub fn cursor(&self) -> RowCursor<'_> {
        RowCursor {
            extract: self,
            window: Window::default(),
            index: Index::default(),
            holds: None,
            has_lost_rows: false,
        }
    }

    /// A row. Empty where there is no such row, or its bytes cannot be had again.
    #[must_use]
    pub fn row(&self, row: u32) -> Row<'_> {
        self.cursor().row(row)
    }

    /// What a row says of its patient in a column of that role; empty where
    /// there is no such column.
    #[must_use]
    pub fn patient_cell(&self, row: u32, role: PatientRole) -> String {
        let Some(column) = self.columns.patient(role) else { return String::new() };
        self.row(row).fields().cell(usize::from(column)).trim().to_owned()
    }

    /// The patient's name as the file has it, "FAMILY, Given".
    #[must_use]
    pub fn name(&self, row: u32) -> String {
        self.name_in(&self.row(row))
    }

    /// The patient's name in a row that is at hand.
    #[must_use]
    pub fn name_in(&self, row: &Row<'_>) -> String {
        name_in(&self.columns, &row.fields())
    }
}

/// The patient's name in a row.
pub fn name_in(columns: &Columns, fields: &Fields<'_>) -> String {
    let part = |role| columns.patient(role).map_or(Cow::Borrowed(""), |c| fields.cell(usize::from(c)));
    if columns.patient(PatientRole::FullName).is_some() {
        return part(PatientRole::FullName).trim().to_owned();
    }
    let (family, given) = (part(PatientRole::FamilyName), part(PatientRole::GivenName));
    match (family.trim(), given.trim()) {
        (family, given) if !family.is_empty() && !given.is_empty() => format!("{family}, {given}"),
        (family, "") => family.to_owned(),
        (_, given) => given.to_owned(),
    }
}
