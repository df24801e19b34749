//! What a row says of its patient.

use super::{Reader, cell, raw};
use crate::domain::date::{month_first_as_day_first, read_date_bytes};
use crate::domain::nhs_number::Range;
use crate::domain::wording::letters;
use crate::domain::{DateReading, Day, NhsNumber, NhsReading, read_date};
use crate::extract::cells::{is_nothing, registration_words, worse};
use crate::extract::columns::Columns;
use crate::extract::contents::{PersonRow, Registration};
use crate::extract::intern::Word;
use crate::extract::orders;
use crate::extract::problem::ProblemKind;
use crate::extract::records::{Fields, text_of};
use crate::extract::roles::PatientRole;

impl Reader<'_> {
    pub(super) fn person(&mut self, fields: &Fields<'_>, nhs: NhsReading) {
        let columns = self.context.columns;
        let at = |role| columns.patient(role);
        let trouble = match nhs {
            NhsReading::Valid(number) => {
                matches!(number.range(), Range::Scotland | Range::NorthernIreland | Range::Unissued)
                    .then_some(ProblemKind::NhsOutsideEngland)
            }
            NhsReading::Missing => Some(ProblemKind::NhsMissing),
            NhsReading::WrongCheckDigit => Some(ProblemKind::NhsWrongCheckDigit),
            NhsReading::Scientific => Some(ProblemKind::NhsScientific),
            NhsReading::NineDigits => Some(ProblemKind::NhsNineDigits),
            NhsReading::NotTenDigits => Some(ProblemKind::NhsNotTenDigits),
        };
        if let Some(kind) = trouble {
            self.problem(at(PatientRole::NhsNumber), kind);
        }
        let birth_column = at(PatientRole::BirthDate);
        let age = age_in(raw(fields, at(PatientRole::Age)));
        let (birth, read) = self.date(fields, birth_column);
        let born = match read {
            DateReading::Day { day, .. } if day <= self.context.limit => Some(day),
            DateReading::ShortYear(short) => short.birth(self.context.age_on, age.map(i32::from)),
            _ => None,
        };
        // Without birth dates the file's age is better than nothing, and without
        // either nobody can be told from a child.
        let birth_unclear = born.is_none() && (birth_column.is_some() || age.is_none());
        if birth_unclear && birth_column.is_some() {
            self.problem(birth_column, ProblemKind::BirthUnclear);
        }
        self.note_order(birth_column, birth, orders::Whose::Birth(self.part.records.people.len()));
        let (registered, left, registration) = self.registration(fields);
        if registration == Registration::Unclear {
            self.problem(at(PatientRole::Registration).or(at(PatientRole::Left)), ProblemKind::RegistrationUnclear);
        }
        let system = raw(fields, at(PatientRole::EmisNumber));
        if system.first() == Some(&b'"') || !self.part.systems.push_ascii(system.trim_ascii()) {
            self.part.systems.push(text_of(system).trim());
        }
        let person = PersonRow {
            row: self.row,
            nhs,
            name: name_hash(columns, fields),
            born,
            birth_unclear,
            registered,
            left,
            age: age.filter(|_| birth_column.is_none()),
            registration,
            account: self.word(fields, at(PatientRole::AccountStatus)),
            access: self.word(fields, at(PatientRole::AccessLevel)),
            practice: self.word(fields, at(PatientRole::Practice)),
        };
        self.part.records.people.push(person);
        self.last_person.keep(fields);
    }

    /// Registered when, left when, and what all that says.
    fn registration(&mut self, fields: &Fields<'_>) -> (Option<Day>, Option<Day>, Registration) {
        let columns = self.context.columns;
        let at = |role| columns.patient(role);
        let mut registration = match cell(fields, at(PatientRole::Died)).trim() {
            no if is_nothing(no) => Registration::Full,
            _ => Registration::Deceased,
        };
        for column in at(PatientRole::Registration).into_iter().chain(columns.registrations.iter().copied()) {
            registration = worse(registration, registration_words(&fields.cell(usize::from(column))));
        }
        let registered_column = at(PatientRole::Registered);
        let (registered_cell, read) = self.date(fields, registered_column);
        let registered = match read {
            // "Registered: No" is no date, and no registration.
            DateReading::Unreadable => {
                let registered_cell = text_of(registered_cell);
                let says = if registered_cell.trim().eq_ignore_ascii_case("no") {
                    Registration::Left
                } else {
                    registration_words(&registered_cell)
                };
                registration = worse(registration, says);
                None
            }
            reading => self.patient_date(reading, registered_column),
        };
        let person = self.part.records.people.len();
        self.note_order(registered_column, registered_cell, orders::Whose::Registered(person));
        let left_column = at(PatientRole::Left);
        let (left_cell, read) = self.date(fields, left_column);
        let left = self.patient_date(read, left_column);
        self.note_order(left_column, left_cell, orders::Whose::Left(person));
        if left.is_none() && !is_nothing(text_of(left_cell).trim()) {
            registration = worse(registration, Registration::Unclear);
        }
        (registered, left, registration)
    }

    fn patient_date(&mut self, reading: DateReading, column: Option<u16>) -> Option<Day> {
        match reading {
            DateReading::Day { day, .. } => Some(day),
            DateReading::ShortYear(short) => short.not_after(self.context.limit),
            DateReading::Missing => None,
            DateReading::Impossible | DateReading::Unreadable => {
                self.problem(column, ProblemKind::PatientDateUnreadable);
                None
            }
        }
    }

    /// A date cell and what it says; turned day first where the user said that its
    /// column is month first.
    pub(super) fn date<'c>(&self, fields: &Fields<'c>, column: Option<u16>) -> (&'c [u8], DateReading) {
        let cell = raw(fields, column);
        if column.is_some_and(|c| self.context.month_first.contains(&c)) {
            let text = text_of(cell);
            let turned = month_first_as_day_first(&text);
            return (cell, read_date(turned.as_deref().unwrap_or(&text)));
        }
        (cell, read_date_bytes(cell, text_of))
    }

    /// The NHS number of a row; mostly it is that of the row above.
    pub(super) fn number(&mut self, raw: &[u8]) -> NhsReading {
        if self.last_number.0 != raw {
            self.last_number.0.clear();
            self.last_number.0.extend_from_slice(raw);
            self.last_number.1 = NhsNumber::read_bytes(raw, text_of);
        }
        self.last_number.1
    }

    /// Notes in which order a numeric date can be read, unless the user has said it.
    pub(super) fn note_order(&mut self, column: Option<u16>, raw: &[u8], whose: orders::Whose) {
        if !column.is_some_and(|c| self.context.month_first.contains(&c)) {
            self.part.orders.note(column, raw, whose);
        }
    }

    pub(super) fn word(&mut self, fields: &Fields<'_>, column: Option<u16>) -> Word {
        let raw = raw(fields, column);
        if raw.is_empty() {
            return Word::NONE;
        }
        let (cells, words) = &mut self.known_words;
        let (place, is_new) = cells.number(raw);
        if is_new {
            words.push(self.part.words.intern(&text_of(raw)));
        }
        words.get(place).copied().unwrap_or(Word::NONE)
    }
}

/// An age in years.
fn age_in(raw: &[u8]) -> Option<i16> {
    match raw {
        [] => None,
        [a @ b'0'..=b'9', b @ b'0'..=b'9'] => Some(i16::from(a - b'0') * 10 + i16::from(b - b'0')),
        _ => text_of(raw).trim().parse().ok(),
    }
}

/// The letters of a name, without a title in brackets, hashed: "TEST, Ann (Miss)"
/// and "Test, Ann" are one name. Nought for no name.
fn name_hash(columns: &Columns, fields: &Fields<'_>) -> u64 {
    let roles = if columns.patient(PatientRole::FullName).is_some() {
        [Some(PatientRole::FullName), None]
    } else {
        [Some(PatientRole::FamilyName), Some(PatientRole::GivenName)]
    };
    // FNV-1a: a few letters, and only names on one number are compared.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut any = false;
    let mut add = |byte: u8| {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        any = true;
    };
    'name: for column in roles.into_iter().flatten().filter_map(|role| columns.patient(role)) {
        let raw = fields.raw(usize::from(column));
        if raw.is_ascii() {
            for byte in raw {
                match byte {
                    b'(' => break 'name,
                    b if b.is_ascii_alphabetic() => add(b.to_ascii_lowercase()),
                    _ => {}
                }
            }
        } else {
            let text = text_of(raw);
            let (name, rest) = text.split_once('(').unwrap_or((&text, "\0"));
            letters(name).bytes().for_each(&mut add);
            if rest != "\0" {
                break;
            }
        }
    }
    if any { hash.max(1) } else { 0 }
}
