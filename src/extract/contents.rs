//! What one file says: its rows as compact records. The text stays in the
//! source, and a cell is fetched when it is needed.

use std::borrow::Cow;

use super::columns::{Columns, PatientRole};
use super::header::Layout;
use super::intern::{Interner, Word};
use super::problem::Problem;
use super::records::{Fields, Scanner};
use super::source::Source;
use crate::domain::{AccessCode, CodeTrouble, DateForm, Day, Markers, NhsReading, Repair};

/// What a row says of its patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PersonRow {
    /// Row, from 0, the file's first row being 0.
    pub row: u32,
    /// NHS number.
    pub nhs: NhsReading,
    /// Date of birth.
    pub born: Option<Day>,
    /// A birth column exists, and this cell says no day.
    pub birth_unclear: bool,
    /// Date of registration here.
    pub registered: Option<Day>,
    /// Date of leaving.
    pub left: Option<Day>,
    /// Age, where the file has no birth dates.
    pub age: Option<i32>,
    /// Whether the registration is a full and present one, by words or dates.
    pub registration: Registration,
    /// Online account status, in the system's word.
    pub account: Word,
    /// Access level of the account, in the system's word.
    pub access: Word,
    /// Practice.
    pub practice: Word,
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
    /// Index into [`Extract::people`].
    pub person: u32,
    /// Index into [`Columns::events`].
    pub group: u8,
    /// The code.
    pub code: CodeCell,
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
}

/// What one file says.
pub struct Extract {
    /// The file.
    pub source: Source,
    /// How it is laid out.
    pub layout: Layout,
    /// Its columns.
    pub columns: Columns,
    /// Where each record starts, header and preamble among them.
    pub rows: Vec<u64>,
    /// Rows that say something of a patient, in the order of the file. Rows that
    /// repeat the patient cells of the row above have none of their own.
    pub people: Vec<PersonRow>,
    /// Access codes, in the order of the file.
    pub entries: Vec<Entry>,
    /// Signs of risk, by index into `people`.
    pub markers: Vec<(u32, Markers)>,
    /// People, by index, about whose rows there is a doubt (cells shifted, rows
    /// that may belong to them lost).
    pub doubts: Vec<u32>,
    /// Users, free texts, practices, account words.
    pub words: Interner,
    /// How the file writes its code dates.
    pub date_form: DateForm,
    /// Rows with data below the header.
    pub data_rows: u32,
    /// Codes of other kinds.
    pub other_codes: u32,
    /// Whether rows leave the patient cells blank where they repeat.
    pub has_continuations: bool,
    /// What could not be understood.
    pub problems: Vec<Problem>,
}

impl Extract {
    /// The cells of a row.
    #[must_use]
    pub fn fields(&self, row: u32) -> Fields {
        let mut fields = Fields::default();
        if let Some(start) = self.rows.get(row as usize).and_then(|s| usize::try_from(*s).ok()) {
            Scanner::new(self.source.text(), start, self.layout.delimiter).next_record(&mut fields);
        }
        fields
    }

    /// What a row says of its patient in a column of that role; empty where
    /// there is no such column.
    #[must_use]
    pub fn patient_cell(&self, row: u32, role: PatientRole) -> Cow<'_, str> {
        match self.columns.patient(role) {
            Some(column) => trim(self.fields(row).cell(self.source.text(), usize::from(column))),
            None => Cow::Borrowed(""),
        }
    }

    /// The patient's name as the file has it, "FAMILY, Given".
    #[must_use]
    pub fn name(&self, row: u32) -> Cow<'_, str> {
        if self.columns.patient(PatientRole::FullName).is_some() {
            return self.patient_cell(row, PatientRole::FullName);
        }
        let fields = self.fields(row);
        let part = |role| {
            self.columns
                .patient(role)
                .map_or(Cow::Borrowed(""), |c| trim(fields.cell(self.source.text(), usize::from(c))))
        };
        let (family, given) = (part(PatientRole::FamilyName), part(PatientRole::GivenName));
        match (family.is_empty(), given.is_empty()) {
            (false, false) => Cow::Owned(format!("{family}, {given}")),
            (false, true) => family,
            _ => given,
        }
    }
}

fn trim(cell: Cow<'_, str>) -> Cow<'_, str> {
    match cell {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}
