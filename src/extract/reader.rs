//! The reader: one pass over the records of a file.

use std::borrow::Cow;
use std::collections::HashMap;

use super::cells::{is_nothing, registration_words, says_yes, worse};
use super::checks::{find_nhs_column, refuse_only_damaged, remarks};
use super::columns::{Columns, EventColumns, PatientRole};
use super::contents::{CodeCell, DateCell, Entry, Extract, PersonRow, Registration};
use super::error::ReadError;
use super::header::{self, System};
use super::intern::Interner;
use super::orders::Orders;
use super::problem::{Problem, ProblemKind};
use super::progress::Progress;
use super::records::{Fields, Scanner, is_blank};
use super::source::Source;
use crate::domain::code::text_around_term;
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
        terms: HashMap::new(),
        system: layout.system,
        last_person: None,
        lost: false,
        doubts: Vec::new(),
        orders: Orders::default(),
        continuations: 0,
        of_last_person: 0,
        before_anybody: 0,
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
    let orders = std::mem::take(&mut reader.orders);
    reader.problems.extend(orders.settle(&mut reader.people, &mut reader.entries));
    let sunk = reader.continuations >= SORTED_APART
        && reader.of_last_person == reader.continuations
        && reader.people.len() >= PEOPLE_BEFORE;
    if sunk || reader.before_anybody > 0 {
        return Err(ReadError::SortedApart { rows: reader.continuations.max(reader.before_anybody) });
    }
    let Reader { people, entries, markers, words, mut problems, forms, other_codes, has_continuations, doubts, .. } =
        reader;
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
        doubts,
        words,
        date_form,
        data_rows,
        other_codes,
        has_continuations,
        problems,
    })
}

/// Rows with an access code and no patient, all below the last patient, from which
/// it is certain that they are not all that patient's; and how many patients must
/// stand above without one.
const SORTED_APART: u32 = 3;
/// See [`SORTED_APART`].
const PEOPLE_BEFORE: usize = 20;

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
    terms: HashMap<&'a str, Term>,
    system: System,
    last_person: Option<Fields>,
    /// A row above was not understood: a row without patient cells may be of
    /// somebody else than the last patient.
    lost: bool,
    doubts: Vec<u32>,
    orders: Orders,
    continuations: u32,
    of_last_person: u32,
    before_anybody: u32,
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
        if self.is_header_again(fields) {
            return;
        }
        let width = self.columns.all.len();
        let surplus = (width..fields.len()).any(|c| !is_blank(fields.raw(self.text, c)));
        // A quotation mark that was not closed swallows the rows up to the next one.
        let broken = self.text.get(fields.start..fields.end).is_some_and(|r| r.trim_end().contains(['\n', '\r']));
        let in_event = || {
            let told =
                |e: &EventColumns| [e.term, e.id, e.date, e.entered, e.user].into_iter().flatten().collect::<Vec<_>>();
            let columns = self.columns.events.iter().flat_map(told);
            columns.into_iter().any(|c| fields.raw(self.text, usize::from(c)).contains(['\n', '\r']))
        };
        let swallowed = broken && (surplus || in_event());
        if fields.stray_quote || swallowed {
            self.problem(None, ProblemKind::StrayQuote);
        }
        if surplus {
            self.problem(None, ProblemKind::SurplusCells);
        }
        if swallowed {
            self.doubt();
        }
        let has_access_code = self.has_access_code(fields);
        match self.whose(fields) {
            Whose::Nameless => {
                // A code without number, name or birth date: it may be of the
                // person above.
                self.doubt();
                self.person(fields);
                self.doubt();
                self.of_last_person = 0;
            }
            Whose::New => {
                self.person(fields);
                self.lost = false;
                self.of_last_person = 0;
            }
            Whose::Same => {}
            Whose::Above if self.lost => {
                // It may be the last patient's or that of a row not understood.
                self.doubt();
                return self.problem(None, ProblemKind::RowWithoutPatient);
            }
            Whose::Above => {
                self.has_continuations = true;
                self.continuations += u32::from(has_access_code);
                self.of_last_person += u32::from(has_access_code);
            }
            Whose::Nobody => {
                self.lost = true;
                return self.problem(None, ProblemKind::RowNotUnderstood);
            }
            Whose::NobodyYet => {
                self.before_anybody += u32::from(has_access_code);
                return self.problem(None, ProblemKind::RowWithoutPatient);
            }
        }
        if surplus || swallowed || fields.stray_quote {
            self.doubt();
        }
        let columns = self.columns;
        if columns.risk.iter().any(|c| says_yes(&fields.cell(self.text, usize::from(*c)))) {
            let mut markers = Markers::default();
            markers.add(crate::domain::Marker::Safeguarding);
            self.mark(self.last_index(), markers);
        }
        for (index, event) in columns.events.iter().enumerate() {
            self.event(fields, u8::try_from(index).unwrap_or(u8::MAX), event);
        }
    }

    fn has_access_code(&mut self, fields: &Fields) -> bool {
        let columns = self.columns;
        columns.events.iter().any(|e| !matches!(self.code(fields, e.id, e.term), CodeReading::Other))
    }

    fn last_index(&self) -> u32 {
        u32::try_from(self.people.len()).unwrap_or(u32::MAX).saturating_sub(1)
    }

    /// There is a doubt about what the last person's rows say.
    fn doubt(&mut self) {
        if !self.people.is_empty() {
            self.doubts.push(self.last_index());
        }
    }

    /// Exports put one below the other bring their header along.
    fn is_header_again(&self, fields: &Fields) -> bool {
        let nhs = self.columns.patient(PatientRole::NhsNumber);
        let same = |c: u16| fields.cell(self.text, usize::from(c)).trim() == self.columns.name(c);
        nhs.is_some_and(same) && self.columns.patient_columns().all(same)
    }

    fn whose(&self, fields: &Fields) -> Whose {
        let filled = |column: Option<u16>| column.is_some_and(|c| !is_blank(fields.raw(self.text, usize::from(c))));
        let at = |role| self.columns.patient(role);
        let has_code = self.columns.events.iter().any(|e| filled(e.term) || filled(e.id) || filled(e.second_id));
        let side_is_blank = !self.columns.patient_side.iter().any(|c| filled(Some(*c)));
        if side_is_blank && self.system != System::SystmOne {
            // EMIS leaves the patient cells blank on further rows of one patient.
            return match (has_code || self.continues(fields), self.people.is_empty()) {
                (_, true) => Whose::NobodyYet,
                (true, false) => Whose::Above,
                (false, false) => Whose::Nobody,
            };
        }
        // A person has a number, a name, a birth date or a code; a trailer
        // ("Total: 4,010") and the rest of a broken row have none.
        let nhs = NhsNumber::read(&self.cell(fields, at(PatientRole::NhsNumber)));
        let numbered = !matches!(nhs, NhsReading::Missing | NhsReading::NotTenDigits);
        let named =
            [PatientRole::FullName, PatientRole::FamilyName, PatientRole::BirthDate].into_iter().any(|r| filled(at(r)));
        let whole = fields.len() * 2 >= self.columns.all.len();
        if !(numbered || (whole && (named || has_code))) {
            return Whose::Nobody;
        }
        let same = self.last_person.as_ref().is_some_and(|last| {
            self.columns
                .patient_columns()
                .filter(|c| Some(*c) != at(PatientRole::PatientCount))
                .all(|c| last.raw(self.text, usize::from(c)) == fields.raw(self.text, usize::from(c)))
        });
        match (same, numbered || named) {
            (true, true) => Whose::Same,
            (_, true) => Whose::New,
            (_, false) => Whose::Nameless,
        }
    }

    /// A row without patient or code may still carry other columns of the patient
    /// above (a second telephone number).
    fn continues(&self, fields: &Fields) -> bool {
        let any = (0..fields.len()).any(|c| !is_blank(fields.raw(self.text, c)));
        any && fields.len() * 2 >= self.columns.all.len()
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
        // Without birth dates the file's age is better than nothing, and without
        // either nobody can be told from a child.
        let birth_unclear = born.is_none() && (birth_column.is_some() || age.is_none());
        if birth_unclear && birth_column.is_some() {
            self.problem(birth_column, ProblemKind::BirthUnclear);
        }
        let birth = self.cell(fields, birth_column);
        self.orders.birth(birth_column, &birth, self.people.len());
        let died = self.cell(fields, at(PatientRole::Died));
        let mut registration = match died.trim().to_lowercase().as_str() {
            no if is_nothing(no) => Registration::Full,
            _ => Registration::Deceased,
        };
        let columns = self.columns;
        for column in at(PatientRole::Registration).into_iter().chain(columns.registrations.iter().copied()) {
            registration = worse(registration, registration_words(&self.cell(fields, Some(column))));
        }
        let registered_column = at(PatientRole::Registered);
        let registered_cell = self.cell(fields, registered_column);
        let registered = match read_date(&registered_cell) {
            // "Registered: No" is no date, and no registration.
            DateReading::Unreadable => {
                let says = if registered_cell.trim().eq_ignore_ascii_case("no") {
                    Registration::Left
                } else {
                    registration_words(&registered_cell)
                };
                registration = worse(registration, says);
                None
            }
            _ => self.patient_date(fields, registered_column),
        };
        let left_column = at(PatientRole::Left);
        let left = self.patient_date(fields, left_column);
        let says_left = left_column.is_some_and(|c| !is_nothing(fields.cell(self.text, usize::from(c)).trim()));
        if left.is_none() && says_left {
            registration = worse(registration, Registration::Unclear);
        }
        if registration == Registration::Unclear {
            self.problem(at(PatientRole::Registration).or(left_column), ProblemKind::RegistrationUnclear);
        }
        let practice = self.cell(fields, at(PatientRole::Practice));
        let account = self.cell(fields, at(PatientRole::AccountStatus));
        let access = self.cell(fields, at(PatientRole::AccessLevel));
        let person = PersonRow {
            row: self.row,
            nhs,
            born,
            birth_unclear,
            registered,
            left,
            age: age.filter(|_| birth_column.is_none()),
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
        let first = self.code(fields, columns.id, columns.term);
        let reading = match columns.second_id {
            Some(second) => both(first, self.code(fields, Some(second), columns.term)),
            None => first,
        };
        let mut text = self.cell(fields, columns.text);
        for more in columns.more_text.into_iter().flatten() {
            let more = self.cell(fields, Some(more));
            if !more.trim().is_empty() {
                text = Cow::Owned(format!("{} {}", text.trim(), more.trim()).trim().to_owned());
            }
        }
        let person = u32::try_from(self.people.len()).unwrap_or(u32::MAX).saturating_sub(1);
        let code_column = columns.id.or(columns.term);
        let code = match reading {
            CodeReading::Other => {
                if !(is_blank(id) && is_blank(term)) {
                    self.other_codes += 1;
                }
                // Another code, or a bare text, may say that somebody is at risk.
                let mut markers = self.term(fields, columns.term).markers;
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
        let term = self.term(fields, columns.term);
        let text = match term.around {
            Some(around) if text.trim().is_empty() => {
                self.problem(columns.term, ProblemKind::TextBehindTerm);
                Cow::Owned(around)
            }
            Some(around) => Cow::Owned(format!("{} {around}", text.trim())),
            None => text,
        };
        let mut markers = markers_in_text(&text);
        markers.join(term.markers);
        self.mark(person, markers);
        let written = self.cell(fields, columns.date);
        self.orders.date(columns.date, &written, self.entries.len());
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

    /// What a term cell says besides its code, remembered for the next such cell.
    fn term(&mut self, fields: &Fields, column: Option<u16>) -> Term {
        let key = self.raw(fields, column);
        if let Some(known) = self.terms.get(key) {
            return known.clone();
        }
        let cell = self.cell(fields, column);
        let term = Term { around: text_around_term(&cell), markers: markers_in_text(&cell) };
        self.terms.insert(key, term.clone());
        term
    }

    /// What an identifier and a term say, remembered for the next such pair.
    fn code(&mut self, fields: &Fields, id: Option<u16>, term: Option<u16>) -> CodeReading {
        let key = (self.raw(fields, id), self.raw(fields, term));
        if let Some(known) = self.codes.get(&key) {
            return *known;
        }
        let reading = read_code(&self.cell(fields, id), &self.cell(fields, term));
        self.codes.insert(key, reading);
        reading
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

/// What a term cell says besides its code.
#[derive(Clone)]
struct Term {
    around: Option<String>,
    markers: Markers,
}

enum Whose {
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

/// Two identifiers of one entry: one of them may be a local code that says nothing.
fn both(first: CodeReading, second: CodeReading) -> CodeReading {
    match (first, second) {
        (CodeReading::Other, other) | (other, CodeReading::Other) => other,
        (CodeReading::Known { code: a, .. }, CodeReading::Known { code: b, .. }) if a != b => {
            CodeReading::Unclear(CodeTrouble::Disagree)
        }
        (CodeReading::Known { .. }, unclear @ CodeReading::Unclear(_)) => unclear,
        (first, _) => first,
    }
}

#[cfg(test)]
mod tests;
