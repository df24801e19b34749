//! Whose a row is.

use super::Reader;
use crate::domain::NhsReading;
use crate::domain::marker::markers_in_text;
use crate::extract::captions;
use crate::extract::cells::says_yes;
use crate::extract::header::System;
use crate::extract::purpose::Purpose;
use crate::extract::records::{Ends, Fields, is_blank, text_of};
use crate::extract::roles::PatientRole;

/// On a row that is nobody's, more words than these are a note.
const WORDS_OF_A_NOTE: usize = 2;

/// A row above a table says one thing, and what it is called: "Last Run", a day and a time.
const CELLS_ABOVE: usize = 3;

/// Whose a row is.
pub enum Whose {
    /// A person not seen on the row above.
    New,
    /// A code, and nothing that says whose.
    Nameless,
    /// The person of the row above, whose cells are repeated.
    Same,
    /// The person of the row above, whose cells are left blank.
    Above,
    /// Neither patient nor code.
    Nobody,
    /// A code before any patient.
    NobodyYet,
}

/// The record that told of the last person, kept to see whether the next one does.
#[derive(Default)]
pub struct LastPerson {
    bytes: Vec<u8>,
    ends: Ends,
    is_somebody: bool,
}

impl LastPerson {
    pub fn keep(&mut self, fields: &Fields<'_>) {
        self.bytes.clear();
        self.bytes.extend_from_slice(fields.record());
        self.ends.cells.clear();
        let ends = (0..fields.len()).filter_map(|c| fields.range(c)).map(|r| r.end - fields.start);
        self.ends.cells.extend(ends.map(|end| u32::try_from(end).unwrap_or(u32::MAX)));
        self.is_somebody = true;
    }

    fn fields(&self) -> Fields<'_> {
        self.ends.fields(&self.bytes)
    }
}

impl Reader<'_> {
    pub(super) fn whose(&self, fields: &Fields<'_>, nhs: NhsReading) -> Whose {
        let columns = self.context.columns;
        let filled = |column: Option<u16>| column.is_some_and(|c| !is_blank(fields.raw(usize::from(c))));
        let at = |role| columns.patient(role);
        let has_code = || columns.events.iter().any(|e| filled(e.term) || filled(e.id) || filled(e.second_id));
        let says_who = |c: u16| filled(Some(c)) && !self.goes_along(fields, c);
        let side_is_blank = !columns.patient_side.iter().any(|c| says_who(*c));
        if side_is_blank && self.context.layout.system != System::SystmOne {
            // EMIS leaves the patient cells blank on further rows of one patient.
            return match (has_code() || self.continues(fields), self.part.people.is_empty()) {
                (_, true) => Whose::NobodyYet,
                (true, false) => Whose::Above,
                (false, false) => Whose::Nobody,
            };
        }
        // A person has a number, a name, a birth date or a code; a trailer
        // ("Total: 4,010") and the rest of a broken row have none.
        let numbered = !matches!(nhs, NhsReading::Missing | NhsReading::NotTenDigits);
        let named = || {
            [PatientRole::FullName, PatientRole::FamilyName, PatientRole::BirthDate].into_iter().any(|r| filled(at(r)))
                || (self.context.purpose != Purpose::Export && filled(at(PatientRole::EmisNumber)))
        };
        let whole = fields.len() * 2 >= columns.all.len();
        if !numbered && (!whole || !(named() || has_code()) || self.is_above_a_table(fields)) {
            return Whose::Nobody;
        }
        let same = self.last_person.is_somebody && {
            let last = self.last_person.fields();
            let same = |c: u16| last.raw(usize::from(c)) == fields.raw(usize::from(c));
            // What differs most often is asked first.
            let further = [&columns.registrations, &columns.deaths, &columns.leavings];
            at(PatientRole::NhsNumber).is_none_or(same)
                && further.into_iter().flatten().all(|c| same(*c))
                && columns.patient_columns().filter(|c| Some(*c) != at(PatientRole::PatientCount)).all(same)
        };
        // On a list of people, each row with a damaged number may be of somebody else.
        let is_one = matches!(nhs, NhsReading::Valid(_)) || named() || self.context.purpose == Purpose::Export;
        match (same && is_one, numbered || named()) {
            (true, true) => Whose::Same,
            (_, true) => Whose::New,
            (_, false) => Whose::Nameless,
        }
    }

    /// Whether a row is of those that stand above a table: exports that were put one below the
    /// other bring theirs along.
    fn is_above_a_table(&self, fields: &Fields<'_>) -> bool {
        let cells = (0..fields.len()).map(|c| fields.cell(c)).filter(|cell| !cell.trim().is_empty());
        let cells: Vec<String> = cells.map(|cell| cell.trim().to_owned()).collect();
        let is_of_a_search = |cell: &String| captions::is_of_the_run(cell) || captions::is_of_the_practice(cell);
        let columns = &self.context.columns.all;
        let is_group = |cell: &String| columns.iter().any(|column| column.group.as_deref() == Some(cell));
        cells.len() <= CELLS_ABOVE && cells.first().is_some_and(is_of_a_search)
            || (self.context.layout.has_group_row && cells.iter().all(is_group))
    }

    /// Whether a cell in a column that plays no part says nothing of whose a row is: the column
    /// counts the rows, or names the search, and is filled down.
    fn goes_along(&self, fields: &Fields<'_>, column: u16) -> bool {
        let columns = self.context.columns;
        if !self.last_person.is_somebody || columns.patient_columns().any(|c| c == column) {
            return false;
        }
        let here = fields.raw(usize::from(column));
        let caption = columns.name(column);
        let is_filled_down = || self.last_person.fields().raw(usize::from(column)) == here;
        captions::counts_rows(caption) || (captions::is_of_the_search(caption) && is_filled_down())
    }

    /// Whether a row that has no number of its own may be of the last person: what it says of its
    /// patient is the same, or blank on one of the two. A spreadsheet fills down some columns.
    pub(super) fn may_be_of_last(&self, fields: &Fields<'_>) -> bool {
        let columns = self.context.columns;
        let last = self.last_person.fields();
        let nhs = columns.patient(PatientRole::NhsNumber);
        let agrees = |c: u16| {
            let (before, here) = (last.raw(usize::from(c)), fields.raw(usize::from(c)));
            is_blank(before) || is_blank(here) || before == here
        };
        self.last_person.is_somebody && columns.patient_columns().filter(|c| Some(*c) != nhs).all(agrees)
    }

    /// Whether a row that is nobody's says something of somebody: a sign of risk, or several words.
    pub(super) fn speaks_of_somebody(&self, fields: &Fields<'_>) -> bool {
        let is_risk = |c: &u16| says_yes(&fields.cell(usize::from(*c)));
        let speaks = |c: usize| {
            let raw = fields.raw(c);
            !is_blank(raw) && {
                let cell = text_of(raw);
                cell.split_whitespace().filter(|w| w.chars().any(char::is_alphabetic)).nth(WORDS_OF_A_NOTE).is_some()
                    || !markers_in_text(&cell).is_empty()
            }
        };
        self.last_person.is_somebody && (self.context.columns.risk.iter().any(is_risk) || (0..fields.len()).any(speaks))
    }

    /// A row without patient or code may still carry other columns of the patient
    /// above (a second telephone number).
    fn continues(&self, fields: &Fields<'_>) -> bool {
        let any = (0..fields.len()).any(|c| !is_blank(fields.raw(c)));
        any && fields.len() * 2 >= self.context.columns.all.len()
    }
}
