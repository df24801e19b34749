//! The reader: one pass over the records of a file.

use std::borrow::Cow;
use std::collections::HashMap;

use super::columns::{Columns, EventColumns, PatientRole};
use super::contents::{CodeCell, DateCell, Entry, Extract, PersonRow, Registration};
use super::error::ReadError;
use super::header::{self, Layout, System};
use super::intern::Interner;
use super::problem::{Problem, ProblemKind};
use super::progress::Progress;
use super::records::{Fields, Scanner, is_blank};
use super::source::Source;
use crate::domain::code::text_after_term;
use crate::domain::marker::{is_risk_concept, markers_in_text};
use crate::domain::nhs_number::Range;
use crate::domain::{
    CodeReading, CodeTrouble, DateForm, DateReading, Day, Markers, NhsNumber, NhsReading, read_code, read_date,
};

/// What the reader needs to know besides the bytes.
#[derive(Clone, Copy, Debug)]
pub struct ReadOptions {
    /// Today, for the century of two-digit years where the file has no run date.
    pub today: Day,
    /// The system, where the user says so; else it is read off the captions.
    pub system: Option<System>,
    /// The day on which the file was last written, for exports that do not say
    /// when they were made (`SystmOne`'s never do).
    pub file_date: Option<Day>,
}

impl ReadOptions {
    /// On a day, with nothing else known.
    #[must_use]
    pub const fn on(today: Day) -> Self {
        Self { today, system: None, file_date: None }
    }
}

/// Reads a file.
///
/// # Errors
/// Where it cannot be read as a patient export; see [`ReadError`].
pub fn read(source: Source, options: ReadOptions, progress: &Progress) -> Result<Extract, ReadError> {
    let (mut layout, mut columns) = header::find(source.text(), source.start())?;
    if let Some(system) = options.system {
        layout.system = system;
    }
    find_nhs_column(&source, &layout, &mut columns)?;
    if columns.events.is_empty() {
        return Err(ReadError::NoCodes { row: layout.header_row });
    }
    layout.file_date = options.file_date.filter(|day| layout.run_date.is_none() && *day <= options.today);
    let limit = layout.run_date.map_or(options.today, |(day, _)| day.max(options.today));
    let mut reader = Reader {
        text: source.text(),
        columns: &columns,
        limit,
        age_on: layout.made_on().unwrap_or(options.today),
        people: Vec::new(),
        entries: Vec::new(),
        markers: Vec::new(),
        words: Interner::default(),
        problems: Vec::new(),
        forms: HashMap::new(),
        codes: HashMap::new(),
        last_person: None,
        other_codes: 0,
        has_continuations: false,
        row: 0,
    };
    let mut rows = Vec::new();
    let mut data_rows = 0_u32;
    let mut scanner = Scanner::new(source.text(), source.start(), layout.delimiter);
    let mut fields = Fields::default();
    let mut reported = 0_usize;
    while scanner.next_record(&mut fields) {
        reader.row = u32::try_from(rows.len()).map_err(|_| ReadError::TooLarge { limit: u32::MAX })?;
        rows.push(fields.start as u64);
        if fields.start >= layout.body_start && !fields.is_blank(source.text()) {
            data_rows += 1;
            reader.record(&fields);
        }
        if rows.len().is_multiple_of(4096) {
            if !progress.advance((fields.end - reported) as u64) {
                return Err(ReadError::Cancelled);
            }
            reported = fields.end;
        }
    }
    progress.advance((source.text().len() - reported) as u64);
    let Reader { people, entries, markers, words, mut problems, forms, other_codes, has_continuations, .. } = reader;
    if people.is_empty() {
        return Err(ReadError::NoPatients { row: layout.header_row });
    }
    refuse_only_damaged(&entries)?;
    problems.extend(remarks(&layout, &columns, &entries));
    problems.sort_unstable();
    let date_form = forms
        .into_iter()
        .max_by_key(|(form, n)| (*n, *form == DateForm::default()))
        .map_or_else(DateForm::default, |(f, _)| f);
    Ok(Extract {
        source,
        layout,
        columns,
        rows,
        people,
        entries,
        markers,
        words,
        date_form,
        data_rows,
        other_codes,
        has_continuations,
        problems,
    })
}

/// Where no caption says NHS number: the column most of whose cells pass the
/// check, if there is one. Never the first numeric column.
fn find_nhs_column(source: &Source, layout: &Layout, columns: &mut Columns) -> Result<(), ReadError> {
    if columns.patient(PatientRole::NhsNumber).is_some() {
        return Ok(());
    }
    let mut valid = vec![0_u32; columns.all.len()];
    let mut filled = vec![0_u32; columns.all.len()];
    let mut scanner = Scanner::new(source.text(), layout.body_start, layout.delimiter);
    let mut fields = Fields::default();
    let mut looked_at = 0;
    while looked_at < 200 && scanner.next_record(&mut fields) {
        looked_at += 1;
        for column in 0..columns.all.len().min(fields.len()) {
            match NhsNumber::read(&fields.cell(source.text(), column)) {
                NhsReading::Valid(_) => valid[column] += 1,
                NhsReading::Missing => continue,
                _ => {}
            }
            filled[column] += 1;
        }
    }
    let passes = |c: &usize| filled[*c] >= 3 && valid[*c] * 10 >= filled[*c] * 8;
    match (0..columns.all.len()).find(passes).and_then(|c| u16::try_from(c).ok()) {
        Some(column) => {
            columns.assign(PatientRole::NhsNumber, column);
            Ok(())
        }
        None => Err(ReadError::NoNhsNumber { row: layout.header_row }),
    }
}

fn refuse_only_damaged(entries: &[Entry]) -> Result<(), ReadError> {
    let damaged =
        |e: &&Entry| matches!(e.code, CodeCell::Unclear(CodeTrouble::TooFewDigits | CodeTrouble::Unconfirmed));
    let cells = entries.iter().filter(damaged).count();
    if cells > 0 && cells == entries.len() {
        return Err(ReadError::OnlyDamagedCodes { cells: u32::try_from(cells).unwrap_or(u32::MAX) });
    }
    Ok(())
}

/// What the file lacks as a whole.
fn remarks(layout: &Layout, columns: &Columns, entries: &[Entry]) -> Vec<Problem> {
    let mut kinds = Vec::new();
    let mut lacks = |missing: bool, kind| {
        if missing {
            kinds.push(kind);
        }
    };
    lacks(columns.patient(PatientRole::BirthDate).is_none(), ProblemKind::NoBirthColumn);
    lacks(columns.patient(PatientRole::Registered).is_none(), ProblemKind::NoRegistrationColumn);
    lacks(columns.events.iter().all(|e| e.text.is_none()), ProblemKind::NoTextColumn);
    lacks(columns.events.iter().all(|e| e.user.is_none()), ProblemKind::NoUserColumn);
    lacks(layout.file_date.is_some(), ProblemKind::FileDateTaken);
    lacks(layout.made_on().is_none(), ProblemKind::NoRunDate);
    lacks(!entries.iter().any(|e| matches!(e.code, CodeCell::Known(..))), ProblemKind::NoAccessCodes);
    kinds.into_iter().map(|kind| Problem { row: None, column: None, kind }).collect()
}

/// Columns that tell one person from another.
const IDENTITY: [PatientRole; 6] = [
    PatientRole::NhsNumber,
    PatientRole::EmisNumber,
    PatientRole::FullName,
    PatientRole::FamilyName,
    PatientRole::GivenName,
    PatientRole::BirthDate,
];

struct Reader<'a> {
    text: &'a str,
    columns: &'a Columns,
    /// No two-digit year is after this day.
    limit: Day,
    /// The day on which the file's ages were counted.
    age_on: Day,
    people: Vec<PersonRow>,
    entries: Vec<Entry>,
    markers: Vec<(u32, Markers)>,
    words: Interner,
    problems: Vec<Problem>,
    forms: HashMap<DateForm, u32>,
    /// What a pair of raw cells says. A practice has a handful of them.
    codes: HashMap<(&'a str, &'a str), CodeReading>,
    last_person: Option<Fields>,
    other_codes: u32,
    has_continuations: bool,
    row: u32,
}

impl<'a> Reader<'a> {
    fn problem(&mut self, column: Option<u16>, kind: ProblemKind) {
        self.problems.push(Problem { row: Some(self.row + 1), column, kind });
    }

    fn raw(&self, fields: &Fields, column: Option<u16>) -> &'a str {
        column.map_or("", |c| fields.raw(self.text, usize::from(c)))
    }

    fn cell(&self, fields: &Fields, column: Option<u16>) -> Cow<'a, str> {
        column.map_or(Cow::Borrowed(""), |c| fields.cell(self.text, usize::from(c)))
    }

    fn record(&mut self, fields: &Fields) {
        if fields.stray_quote {
            self.problem(None, ProblemKind::StrayQuote);
        }
        let width = self.columns.all.len();
        if (width..fields.len()).any(|c| !is_blank(fields.raw(self.text, c))) {
            self.problem(None, ProblemKind::SurplusCells);
        }
        let has_code = self
            .columns
            .events
            .iter()
            .any(|e| !is_blank(self.raw(fields, e.term)) || !is_blank(self.raw(fields, e.id)));
        match self.whose(fields, has_code) {
            Whose::New => self.person(fields),
            Whose::Above => {}
            Whose::Nobody => return self.problem(None, ProblemKind::RowNotUnderstood),
            Whose::NobodyYet => return self.problem(None, ProblemKind::RowWithoutPatient),
        }
        let columns = self.columns;
        for (index, event) in columns.events.iter().enumerate() {
            self.event(fields, u8::try_from(index).unwrap_or(u8::MAX), event);
        }
    }

    fn whose(&mut self, fields: &Fields, has_code: bool) -> Whose {
        let identity = |role| self.columns.patient(role).map(|c| self.raw(fields, Some(c)));
        let mut filled = IDENTITY.into_iter().filter(|role| identity(*role).is_some_and(|raw| !is_blank(raw)));
        let Some(first) = filled.next() else {
            // EMIS leaves the patient cells blank on further rows of one patient.
            return match (has_code, self.people.is_empty()) {
                (_, true) => Whose::NobodyYet,
                (true, false) => {
                    self.has_continuations = true;
                    Whose::Above
                }
                (false, false) if self.continues(fields) => Whose::Above,
                (false, false) => Whose::Nobody,
            };
        };
        // A trailer ("Total: 4,010") fills one cell with something that is no number.
        let alone = filled.next().is_none() && !has_code;
        let is_number = identity(first)
            .is_some_and(|raw| raw.trim_matches(['"', ' ']).bytes().all(|b| b.is_ascii_digit() || b == b' '));
        if alone && !is_number {
            return Whose::Nobody;
        }
        let same = self.last_person.as_ref().is_some_and(|last| {
            self.columns
                .patient_columns()
                .filter(|c| Some(*c) != self.columns.patient(PatientRole::PatientCount))
                .all(|c| last.raw(self.text, usize::from(c)) == fields.raw(self.text, usize::from(c)))
        });
        if same { Whose::Above } else { Whose::New }
    }

    /// A row without patient or code may still carry other columns of the patient
    /// above (a second telephone number).
    fn continues(&self, fields: &Fields) -> bool {
        let first_filled = (0..fields.len()).find(|c| !is_blank(fields.raw(self.text, *c)));
        let first_event = self.columns.events.iter().flat_map(EventColumns::iter).min();
        match (first_filled, first_event) {
            (Some(filled), Some(event)) => filled >= usize::from(event) && fields.len() >= self.columns.all.len() / 2,
            _ => false,
        }
    }

    fn person(&mut self, fields: &Fields) {
        let at = |role| self.columns.patient(role);
        let nhs_column = at(PatientRole::NhsNumber);
        let nhs = NhsNumber::read(&self.cell(fields, nhs_column));
        let trouble = match nhs {
            NhsReading::Valid(number) => {
                matches!(number.range(), Range::Scotland | Range::NorthernIreland | Range::Unissued)
                    .then_some(ProblemKind::NhsOutsideEngland)
            }
            NhsReading::Missing => Some(ProblemKind::NhsMissing),
            NhsReading::WrongCheckDigit => Some(ProblemKind::NhsWrongCheckDigit),
            NhsReading::Scientific => Some(ProblemKind::NhsScientific),
            NhsReading::NotTenDigits => Some(ProblemKind::NhsNotTenDigits),
        };
        if let Some(kind) = trouble {
            self.problem(nhs_column, kind);
        }
        let birth_column = at(PatientRole::BirthDate);
        let age = self.cell(fields, at(PatientRole::Age)).trim().parse::<i32>().ok();
        let born = match read_date(&self.cell(fields, birth_column)) {
            DateReading::Day { day, .. } if day <= self.limit => Some(day),
            DateReading::ShortYear(short) => short.birth(self.age_on, age),
            _ => None,
        };
        let birth_unclear = birth_column.is_some() && born.is_none();
        if birth_unclear {
            self.problem(birth_column, ProblemKind::BirthUnclear);
        }
        let died = self.cell(fields, at(PatientRole::Died));
        let registration = match died.trim().to_lowercase().as_str() {
            "" | "n" | "no" | "false" | "0" => registration_words(&self.cell(fields, at(PatientRole::Registration))),
            _ => Registration::Deceased,
        };
        let practice = self.cell(fields, at(PatientRole::Practice));
        let account = self.cell(fields, at(PatientRole::AccountStatus));
        let access = self.cell(fields, at(PatientRole::AccessLevel));
        let person = PersonRow {
            row: self.row,
            nhs,
            born,
            birth_unclear,
            registered: self.patient_date(fields, at(PatientRole::Registered)),
            left: self.patient_date(fields, at(PatientRole::Left)),
            registration,
            account: self.words.intern(&account),
            access: self.words.intern(&access),
            practice: self.words.intern(&practice),
        };
        self.people.push(person);
        self.last_person = Some(fields.clone());
    }

    fn patient_date(&mut self, fields: &Fields, column: Option<u16>) -> Option<Day> {
        match read_date(&self.cell(fields, column)) {
            DateReading::Day { day, .. } => Some(day),
            DateReading::ShortYear(short) => short.not_after(self.limit),
            DateReading::Missing => None,
            DateReading::Impossible | DateReading::Unreadable => {
                self.problem(column, ProblemKind::PatientDateUnreadable);
                None
            }
        }
    }

    fn event(&mut self, fields: &Fields, group: u8, columns: &EventColumns) {
        let (id, term) = (self.raw(fields, columns.id), self.raw(fields, columns.term));
        let reading = self.codes.get(&(id, term)).copied().unwrap_or_else(|| {
            let reading = read_code(&self.cell(fields, columns.id), &self.cell(fields, columns.term));
            self.codes.insert((id, term), reading);
            reading
        });
        let text = self.cell(fields, columns.text);
        let person = u32::try_from(self.people.len()).unwrap_or(u32::MAX).saturating_sub(1);
        let code_column = columns.id.or(columns.term);
        let code = match reading {
            CodeReading::Other => {
                if !(is_blank(id) && is_blank(term)) {
                    self.other_codes += 1;
                }
                // Another code, or a bare text, may say that somebody is at risk.
                let mut markers = markers_in_text(&self.cell(fields, columns.term));
                markers.join(markers_in_text(&text));
                if is_risk_concept(&self.cell(fields, columns.id)) {
                    markers.add(crate::domain::Marker::Safeguarding);
                }
                return self.mark(person, markers);
            }
            CodeReading::Known { code, repair } => {
                if let Some(repair) = repair {
                    self.problem(columns.id, ProblemKind::CodeRepaired(repair));
                }
                CodeCell::Known(code, repair)
            }
            CodeReading::Unclear(trouble) => {
                self.problem(code_column, ProblemKind::CodeUnclear(trouble));
                CodeCell::Unclear(trouble)
            }
        };
        let date = self.event_date(fields, columns.date);
        let entered = match self.event_date(fields, columns.entered) {
            DateCell::Day(day, _) => Some(day),
            _ => None,
        };
        match date {
            DateCell::Missing => self.problem(columns.date, ProblemKind::CodeWithoutDate),
            DateCell::Unreadable => self.problem(columns.date, ProblemKind::CodeDateUnreadable),
            DateCell::Day(..) => {}
        }
        let term = self.cell(fields, columns.term);
        let text = match text_after_term(&term) {
            Some(behind) if text.trim().is_empty() => {
                self.problem(columns.term, ProblemKind::TextBehindTerm);
                Cow::Owned(behind.to_owned())
            }
            Some(behind) => Cow::Owned(format!("{} {behind}", text.trim())),
            None => text,
        };
        self.mark(person, markers_in_text(&text));
        let user = self.cell(fields, columns.user);
        let organisation = self.cell(fields, columns.organisation);
        self.entries.push(Entry {
            row: self.row,
            person,
            group,
            code,
            date,
            entered,
            user: self.words.intern(&user),
            text: self.words.intern(&text),
            organisation: self.words.intern(&organisation),
        });
    }

    fn event_date(&mut self, fields: &Fields, column: Option<u16>) -> DateCell {
        match read_date(&self.cell(fields, column)) {
            DateReading::Day { day, minute, form } => {
                *self.forms.entry(form).or_default() += 1;
                DateCell::Day(day, minute)
            }
            DateReading::ShortYear(short) => {
                *self.forms.entry(short.form).or_default() += 1;
                short.not_after(self.limit).map_or(DateCell::Unreadable, |day| DateCell::Day(day, short.minute))
            }
            DateReading::Missing => DateCell::Missing,
            DateReading::Impossible | DateReading::Unreadable => DateCell::Unreadable,
        }
    }

    fn mark(&mut self, person: u32, markers: Markers) {
        if !markers.is_empty() {
            self.markers.push((person, markers));
        }
    }
}

enum Whose {
    /// A person not seen on the row above.
    New,
    /// The person of the row above.
    Above,
    /// Neither patient nor code.
    Nobody,
    /// A code before any patient.
    NobodyYet,
}

fn registration_words(words: &str) -> Registration {
    let words = words.to_lowercase();
    let has = |list: &[&str]| list.iter().any(|w| words.contains(w));
    if has(&["deceas", "died", "dead", "death"]) {
        Registration::Deceased
    } else if has(&["deduct", "left", "inactive", "transferred", "former", "deregist", "not registered"]) {
        Registration::Left
    } else if has(&["temporary", "private", "immediate", "emergency", "walk-in", "minor operation"]) {
        Registration::NotFull
    } else {
        Registration::Full
    }
}

#[cfg(test)]
mod tests;
