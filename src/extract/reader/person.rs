//! What a row says of its patient.

use super::dates::Dated;
use super::{Reader, raw};
use crate::domain::date::{Order, month_first_as_day_first};
use crate::domain::marker::{self, markers_in_name, markers_in_text, may_be_marked};
use crate::domain::nhs_number::Range;
use crate::domain::{DateReading, Day, Markers, NhsNumber, NhsReading, read_date};
use crate::extract::cells::{registration_words, says_no, says_nothing};
use crate::extract::columns::Columns;
use crate::extract::contents::{ALPHABET, LETTERS, PersonRow, Registration};
use crate::extract::intern::Word;
use crate::extract::orders;
use crate::extract::problem::ProblemKind;
use crate::extract::records::{Fields, is_blank, text_of};
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
        let birth = self.date(fields, birth_column).1;
        let born = match birth.read {
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
        self.note_order(birth_column, birth.order, orders::Whose::Birth(self.part.people.len()));
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
            gp: self.word(fields, at(PatientRole::UsualGp)),
            alphabet: alphabet(columns, fields),
        };
        self.part.people.push(person);
        self.look_at_words(fields);
        self.last_person.keep(fields);
    }

    /// A risk that is written into a name ("SMITH, Ann (SAFEGUARDING)"), or behind the state of an
    /// account or of a registration.
    fn look_at_words(&mut self, fields: &Fields<'_>) {
        let columns = self.context.columns;
        let mut found = Markers::default();
        for role in [PatientRole::FullName, PatientRole::FamilyName, PatientRole::GivenName] {
            let name = raw(fields, columns.patient(role));
            if may_be_marked(name) {
                found.join(markers_in_name(&text_of(name)));
            }
        }
        if let Some(PersonRow { gp, account, access, .. }) = self.part.people.last().copied() {
            for (word, kind) in [(gp, Kind::Name), (account, Kind::State), (access, Kind::State)] {
                found.join(self.markers_of(word, kind));
            }
        }
        let registration = columns.patient(PatientRole::Registration);
        for column in registration.into_iter().chain(columns.registrations.iter().copied()) {
            let state = fields.raw(usize::from(column));
            if is_blank(state) || self.caches.plain_states.has(state) {
                continue;
            }
            let text = text_of(state);
            let markers = if says_no(&text) { Markers::default() } else { markers_in_text(&text) };
            if markers.is_empty() {
                self.caches.plain_states.add(state);
            }
            found.join(markers);
        }
        // A remark behind a number.
        for role in [PatientRole::EmisNumber, PatientRole::Age] {
            let cell = raw(fields, columns.patient(role));
            if cell.iter().filter(|b| b.is_ascii_alphabetic()).count() > 1 {
                found.join(markers_in_text(&text_of(cell)));
            }
        }
        self.mark(self.last_index(), found, 0);
    }

    /// What a word says of risk, worked out once.
    fn markers_of(&mut self, word: Word, kind: Kind) -> Markers {
        let known = &mut self.word_markers[kind as usize];
        if known.len() <= word.index() {
            known.resize(word.index() + 1, None);
        }
        let text = self.part.words.get(word);
        *known[word.index()].get_or_insert_with(|| match kind {
            Kind::Name => markers_in_name(text),
            Kind::State if says_no(text) => Markers::default(),
            Kind::State => markers_in_text(text),
        })
    }

    /// Registered when, left when, and what all that says.
    fn registration(&mut self, fields: &Fields<'_>) -> (Option<Day>, Option<Day>, Registration) {
        let columns = self.context.columns;
        let at = |role| columns.patient(role);
        let mut deaths = at(PatientRole::Died).into_iter().chain(columns.deaths.iter().copied());
        let mut registration = if deaths.all(|c| says_nothing(fields.cell(usize::from(c)).trim())) {
            Registration::Full
        } else {
            Registration::Deceased
        };
        for column in at(PatientRole::Registration).into_iter().chain(columns.registrations.iter().copied()) {
            registration = registration.worse(registration_words(&fields.cell(usize::from(column))));
        }
        let registered_column = at(PatientRole::Registered);
        let (registered_cell, dated) = self.date(fields, registered_column);
        let registered = match dated.read {
            // "Registered: No" is no date, and no registration.
            DateReading::Unreadable => {
                let registered_cell = text_of(registered_cell);
                let says = if registered_cell.trim().eq_ignore_ascii_case("no") {
                    Registration::Left
                } else {
                    registration_words(&registered_cell)
                };
                registration = registration.worse(says);
                None
            }
            reading => {
                let day = self.patient_date(reading, registered_column);
                if day.is_none() && matches!(reading, DateReading::ShortYear(_)) {
                    registration = registration.worse(Registration::Unclear);
                }
                day
            }
        };
        let person = self.part.people.len();
        self.note_order(registered_column, dated.order, orders::Whose::Registered(person));
        let left_column = at(PatientRole::Left);
        let (left_cell, dated) = self.date(fields, left_column);
        let left = self.patient_date(dated.read, left_column);
        self.note_order(left_column, dated.order, orders::Whose::Left(person));
        // "Deducted: Yes", beside a date that is blank.
        let says_left = |c: &u16| !says_nothing(fields.cell(usize::from(*c)).trim());
        if left.is_none() && (!says_nothing(text_of(left_cell).trim()) || columns.leavings.iter().any(says_left)) {
            registration = registration.worse(Registration::Unclear);
        }
        (registered, left, registration)
    }

    fn patient_date(&mut self, reading: DateReading, column: Option<u16>) -> Option<Day> {
        match reading {
            DateReading::Day { day, .. } => Some(day),
            // One to come is likelier than one of a hundred years ago.
            DateReading::ShortYear(short) if !short.is_soon_after(self.context.limit) => {
                short.not_after(self.context.limit)
            }
            DateReading::Missing => None,
            DateReading::Impossible | DateReading::Unreadable | DateReading::ShortYear(_) => {
                self.problem(column, ProblemKind::PatientDateUnreadable);
                None
            }
        }
    }

    /// A date cell and what it says; turned day first where the user said that its
    /// column is month first.
    pub(super) fn date<'c>(&mut self, fields: &Fields<'c>, column: Option<u16>) -> (&'c [u8], Dated) {
        let cell = raw(fields, column);
        if column.is_some_and(|c| self.context.month_first.contains(&c)) {
            let text = text_of(cell);
            let turned = month_first_as_day_first(&text);
            // The user has said in which order it is.
            return (cell, Dated { read: read_date(turned.as_deref().unwrap_or(&text)), order: None });
        }
        (cell, self.caches.dates.read(cell))
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

    /// Notes in which order a numeric date can be read.
    pub(super) fn note_order(&mut self, column: Option<u16>, order: Option<Order>, whose: orders::Whose) {
        if let (Some(column), Some(order)) = (column, order) {
            self.part.orders.note(column, order, whose);
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

/// What a word stands for.
#[derive(Clone, Copy)]
enum Kind {
    /// A name.
    Name,
    /// The state of an account.
    State,
}

/// An age in years.
fn age_in(raw: &[u8]) -> Option<i16> {
    match raw {
        [] => None,
        [a @ b'0'..=b'9', b @ b'0'..=b'9'] => Some(i16::from(a - b'0') * 10 + i16::from(b - b'0')),
        _ => text_of(raw).trim().parse().ok(),
    }
}

/// The first six letters of a name, family name first, as digits of one number: "Ann Test
/// (Miss)" sorts as "TEST, Ann". Letters beyond ASCII stand behind z.
fn alphabet(columns: &Columns, fields: &Fields<'_>) -> u32 {
    let raw_of = |role| columns.patient(role).map(|column| fields.raw(usize::from(column)));
    let full = raw_of(PatientRole::FullName).unwrap_or_default();
    let (family, given) = match raw_of(PatientRole::FamilyName) {
        Some(family) => (family, raw_of(PatientRole::GivenName).unwrap_or_default()),
        None if full.contains(&b',') => (full, &[][..]),
        None => {
            let bare = full.split(|b| *b == b'(').next().unwrap_or_default().trim_ascii_end();
            let at = bare.iter().rposition(|b| *b == b' ').map_or(0, |at| at + 1);
            (bare.get(at..).unwrap_or_default(), bare)
        }
    };
    let letters = family.iter().chain(given).take_while(|b| **b != b'(').filter_map(|b| match b {
        b if b.is_ascii_alphabetic() => Some(u32::from(b.to_ascii_lowercase() - b'a') + 1),
        b if b.is_ascii() => None,
        _ => Some(ALPHABET - 1),
    });
    letters.chain(std::iter::repeat(0)).take(LETTERS as usize).fold(0, |sum, letter| sum * ALPHABET + letter)
}

/// The words of a name, without a title in brackets, hashed, their order making no
/// difference: "TEST, Ann (Miss)", "Test, Ann" and "Ann Test" are one name. Nought for no
/// name, and for a family name alone, which tells nobody from their family.
fn name_hash(columns: &Columns, fields: &Fields<'_>) -> u64 {
    let roles: &[PatientRole] = if columns.patient(PatientRole::FullName).is_some() {
        &[PatientRole::FullName]
    } else if columns.patient(PatientRole::GivenName).is_some() {
        &[PatientRole::FamilyName, PatientRole::GivenName]
    } else {
        &[]
    };
    let mut name = NameHash::default();
    for column in roles.iter().filter_map(|role| columns.patient(*role)) {
        let raw = fields.raw(usize::from(column));
        let goes_on = if raw.is_ascii() {
            raw.iter().all(|byte| name.take(*byte))
        } else {
            let text = text_of(raw).to_lowercase();
            text.chars().all(|c| match c {
                c if c.is_alphabetic() => c.to_string().bytes().all(|byte| name.letter(byte)),
                c => name.take(u8::try_from(u32::from(c)).ok().filter(u8::is_ascii).unwrap_or(b'-')),
            })
        };
        name.end_word();
        if !goes_on {
            break;
        }
    }
    name.hash()
}

/// Titles in front of a name, hashed: "Mrs Ann Test" is "Ann Test".
const TITLES: [u64; marker::TITLES.len()] = {
    let (mut hashes, mut at) = ([0; marker::TITLES.len()], 0);
    while at < hashes.len() {
        hashes[at] = hash_of(marker::TITLES[at].as_bytes());
        at += 1;
    }
    hashes
};

/// FNV-1a of a word in lower case.
const fn hash_of(word: &[u8]) -> u64 {
    let (mut hash, mut at) = (FNV_BASIS, 0);
    while at < word.len() {
        hash = (hash ^ word[at] as u64).wrapping_mul(FNV_PRIME);
        at += 1;
    }
    hash
}

const FNV_BASIS: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0100_0000_01b3;

/// FNV-1a of each word, added up: a few letters, and only names on one number are
/// compared.
#[derive(Default)]
struct NameHash {
    word: Option<u64>,
    sum: u64,
}

impl NameHash {
    /// Takes a byte of ASCII; false at a bracket, behind which a title stands.
    fn take(&mut self, byte: u8) -> bool {
        match byte {
            b'(' => return false,
            b' ' | b'\t' | b',' | 0xa0 => self.end_word(),
            b if b.is_ascii_alphabetic() => return self.letter(b.to_ascii_lowercase()),
            // An apostrophe or a hyphen ends no word.
            _ => {}
        }
        true
    }

    fn letter(&mut self, byte: u8) -> bool {
        let word = self.word.unwrap_or(FNV_BASIS);
        self.word = Some((word ^ u64::from(byte)).wrapping_mul(FNV_PRIME));
        true
    }

    fn end_word(&mut self) {
        if let Some(word) = self.word.take().filter(|word| !TITLES.contains(word)) {
            self.sum = self.sum.wrapping_add(word ^ word >> 29).max(1);
        }
    }

    fn hash(mut self) -> u64 {
        self.end_word();
        self.sum
    }
}
