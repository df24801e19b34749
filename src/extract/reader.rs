//! What the records of one part of a file say. Parts begin where a patient begins,
//! so that each can be read by itself; [`super::parts`] cuts them and puts them
//! together.

use std::borrow::Cow;
use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::cells::{is_nothing, registration_words, says_yes, worse};
use super::columns::{Columns, EventColumns, PatientRole};
use super::contents::{CodeCell, DateCell, Entry, PersonRow, Records, Registration, RowsOfPart, STRIDE};
use super::header::{Layout, System};
use super::intern::{Cells, Interner, Texts, Word};
use super::orders::{self, Orders};
use super::problem::{Problem, ProblemKind};
use super::records::{Ends, Fields, is_blank, text_of};
use crate::domain::code::{Alias, text_around_term};
use crate::domain::date::{month_first_as_day_first, read_date_bytes};
use crate::domain::marker::{is_risk_concept, markers_in_text};
use crate::domain::nhs_number::Range;
use crate::domain::wording::letters;
use crate::domain::{
    AccessCode, CodeReading, CodeTrouble, DateForm, DateReading, Day, Markers, NhsNumber, NhsReading, read_code,
    read_date,
};

/// What all parts of a file have in common.
pub struct Context<'a> {
    /// The columns.
    pub columns: &'a Columns,
    /// How it is laid out.
    pub layout: &'a Layout,
    /// No two-digit year is after this day.
    pub limit: Day,
    /// The day on which the file's ages were counted.
    pub age_on: Day,
    /// The file is a register: a row may name its patient by the system's number alone.
    pub is_register: bool,
    /// What the practice's own codes mean.
    pub aliases: &'a [Alias],
    /// Columns whose dates are month first, as the user said.
    pub month_first: &'a [u16],
}

/// What was read of one part.
#[derive(Default)]
pub struct Part {
    /// People, entries and what goes with them.
    pub records: Records,
    /// Rows.
    pub rows: RowsOfPart,
    /// The systems' own numbers of the people.
    pub systems: Texts,
    /// Damaged identifiers that were put right.
    pub repairs: Vec<(u32, u8, AccessCode)>,
    /// Words of the entries and people.
    pub words: Interner,
    /// What could not be understood.
    pub problems: Vec<Problem>,
    /// How often each form of a date was seen, by [`DateForm::ALL`].
    pub forms: [u32; DateForm::ALL.len()],
    /// The orders in which numeric dates can be read.
    pub orders: Orders,
    /// Rows with data.
    pub data_rows: u32,
    /// Codes of other kinds.
    pub other_codes: u32,
    /// Codes that were known by what the practice says of its own.
    pub has_aliases: bool,
    /// Rows that leave the patient cells blank.
    pub has_continuations: bool,
    /// Rows that repeat the patient cells.
    pub repeats_patients: bool,
    /// Access codes on rows without patient cells.
    pub continuations: u32,
    /// Of these, below the last patient.
    pub of_last_person: u32,
    /// Access codes before any patient.
    pub before_anybody: u32,
    /// Every byte so far is UTF-8.
    pub is_utf8: bool,
}

/// Reads the records of one part, one after the other.
pub struct Reader<'a> {
    context: &'a Context<'a>,
    caches: &'a mut Caches,
    part: Part,
    last_person: LastPerson,
    /// A row above was not understood: a row without patient cells may be of
    /// somebody else than the last patient.
    lost: bool,
    row: u32,
    /// What the codes of the row say, one a group of columns.
    codes: Vec<usize>,
    /// Words of cells with few different ones (users, practices, account words).
    known_words: (Cells, Vec<Word>),
    last_number: (Vec<u8>, NhsReading),
}

/// What cells mean, worked out once. A practice has a handful of terms and users.
#[derive(Default)]
pub struct Caches {
    ids: Cells,
    terms: Cells,
    pairs: HashMap<(usize, usize), usize, FxBuildHasher>,
    meanings: Vec<Meaning>,
}

/// What an identifier and a term say together.
#[derive(Clone)]
struct Meaning {
    reading: CodeReading,
    /// Since the practice said what its own code means.
    by_alias: bool,
    /// Free text around the term, in the same cell.
    around: Option<String>,
    /// What the term says of risk.
    markers: Markers,
    /// The identifier is of a safeguarding concept.
    is_risk: bool,
    /// There is neither.
    is_blank: bool,
}

impl Caches {
    fn look(&mut self, id: &[u8], term: &[u8], aliases: &[Alias]) -> usize {
        let (id_number, new_id) = self.ids.number(id);
        let (term_number, new_term) = self.terms.number(term);
        let key = (id_number, term_number);
        if !(new_id || new_term)
            && let Some(known) = self.pairs.get(&key)
        {
            return *known;
        }
        let (id_text, term_text) = (text_of(id), text_of(term));
        let (reading, by_alias) = match read_code(&id_text, &term_text) {
            CodeReading::Other => match Alias::find(aliases, &id_text, &term_text) {
                Some(code) => (CodeReading::Known { code, repair: None }, true),
                None => (CodeReading::Other, false),
            },
            read => (read, false),
        };
        self.meanings.push(Meaning {
            reading,
            by_alias,
            around: text_around_term(&term_text),
            markers: markers_in_text(&term_text),
            is_risk: is_risk_concept(&id_text),
            is_blank: is_blank(id) && is_blank(term),
        });
        let place = self.meanings.len() - 1;
        self.pairs.insert(key, place);
        place
    }
}

/// The record that told of the last person, kept to see whether the next one does.
#[derive(Default)]
struct LastPerson {
    bytes: Vec<u8>,
    ends: Ends,
    is_somebody: bool,
}

impl LastPerson {
    fn keep(&mut self, fields: &Fields<'_>) {
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

impl<'a> Reader<'a> {
    /// Begins a part.
    pub fn new(context: &'a Context<'a>, caches: &'a mut Caches) -> Self {
        Self {
            context,
            caches,
            part: Part { is_utf8: true, ..Part::default() },
            last_person: LastPerson::default(),
            lost: false,
            row: 0,
            codes: Vec::new(),
            known_words: (Cells::default(), Vec::new()),
            last_number: (Vec::new(), NhsReading::Missing),
        }
    }

    /// Takes the next record, which begins at `start` in the text. `is_data` is
    /// false for the header and what stands above it.
    pub fn take(&mut self, fields: &Fields<'_>, start: u64, has_breaks: bool, is_data: bool) {
        if self.row.is_multiple_of(STRIDE) {
            self.part.rows.marks.push(start);
        }
        if is_data && !fields.is_blank() {
            self.part.data_rows += 1;
            self.record(fields, has_breaks);
        }
        self.row += 1;
    }

    /// Notes whether a stretch of the part is UTF-8.
    pub fn note_encoding(&mut self, bytes: &[u8], is_ascii: bool) {
        self.part.is_utf8 = self.part.is_utf8 && (is_ascii || std::str::from_utf8(bytes).is_ok());
    }

    /// Makes room for as much as another part had.
    pub fn reserve_like(&mut self, people: usize, entries: usize) {
        self.part.records.people.reserve(people);
        self.part.records.entries.reserve(entries);
    }

    /// How many people and entries there are so far.
    #[must_use]
    pub const fn size(&self) -> (usize, usize) {
        (self.part.records.people.len(), self.part.records.entries.len())
    }

    /// What was read, ending at `end` in the text.
    #[must_use]
    pub fn finish(mut self, end: u64) -> Part {
        self.part.rows.count = self.row;
        self.part.rows.end = end;
        self.part
    }

    fn problem(&mut self, column: Option<u16>, kind: ProblemKind) {
        self.part.problems.push(Problem { row: Some(self.row + 1), column, kind });
    }

    fn record(&mut self, fields: &Fields<'_>, has_breaks: bool) {
        let columns = self.context.columns;
        if self.is_header_again(fields) {
            return;
        }
        let width = columns.all.len();
        let surplus = (width..fields.len()).any(|c| !is_blank(fields.raw(c)));
        let swallowed = has_breaks && self.is_swallowed(fields, surplus);
        if fields.stray_quote || swallowed {
            self.problem(None, ProblemKind::StrayQuote);
        }
        if surplus {
            self.problem(None, ProblemKind::SurplusCells);
        }
        if swallowed {
            self.doubt();
        }
        self.codes.clear();
        let mut has_access_code = false;
        for event in &columns.events {
            let code = self.caches.look(raw(fields, event.id), raw(fields, event.term), self.context.aliases);
            has_access_code |= self.caches.meanings[code].reading != CodeReading::Other;
            self.codes.push(code);
        }
        let nhs = self.number(raw(fields, columns.patient(PatientRole::NhsNumber)));
        match self.whose(fields, nhs) {
            Whose::Nameless => {
                // A code without number, name or birth date: it may be of the
                // person above.
                self.doubt();
                self.person(fields, nhs);
                self.doubt();
                self.part.of_last_person = 0;
            }
            Whose::New => {
                self.person(fields, nhs);
                self.lost = false;
                self.part.of_last_person = 0;
            }
            Whose::Same => {
                let again = self.part.records.entries.last().is_some_and(|e| e.person == self.last_index());
                self.part.repeats_patients |= has_access_code && again;
            }
            Whose::Above if self.lost => {
                // It may be the last patient's or that of a row not understood.
                self.doubt();
                return self.problem(None, ProblemKind::RowWithoutPatient);
            }
            Whose::Above => {
                self.part.has_continuations = true;
                self.part.continuations += u32::from(has_access_code);
                self.part.of_last_person += u32::from(has_access_code);
            }
            Whose::Nobody => {
                self.lost = true;
                return self.problem(None, ProblemKind::RowNotUnderstood);
            }
            Whose::NobodyYet => {
                self.part.before_anybody += u32::from(has_access_code);
                return self.problem(None, ProblemKind::RowWithoutPatient);
            }
        }
        if surplus || swallowed || fields.stray_quote {
            self.doubt();
        }
        if columns.risk.iter().any(|c| says_yes(&fields.cell(usize::from(*c)))) {
            let mut markers = Markers::default();
            markers.add(crate::domain::Marker::Safeguarding);
            self.mark(self.last_index(), markers);
        }
        for (index, event) in columns.events.iter().enumerate() {
            self.event(fields, u8::try_from(index).unwrap_or(u8::MAX), event);
        }
    }

    /// A quotation mark that was not closed swallows the rows up to the next one.
    fn is_swallowed(&self, fields: &Fields<'_>, surplus: bool) -> bool {
        let broken = |bytes: &[u8]| memchr::memchr2(b'\n', b'\r', bytes).is_some();
        let columns = self.context.columns;
        // A note in the term's cell may have several lines; whole rows have separators.
        let rows = |c: u16| {
            let cell = fields.raw(usize::from(c));
            let behind = memchr::memchr2(b'\n', b'\r', cell).and_then(|at| cell.get(at..)).unwrap_or_default();
            memchr::memchr_iter(self.context.layout.delimiter, behind).count() * 2 >= columns.all.len()
        };
        let in_event = || {
            let told = |e: &EventColumns| [e.id, e.date, e.entered, e.user];
            let mut told = columns.events.iter().flat_map(told).flatten();
            told.any(|c| broken(fields.raw(usize::from(c)))) || columns.events.iter().filter_map(|e| e.term).any(rows)
        };
        broken(fields.record().trim_ascii_end()) && (surplus || in_event())
    }

    fn last_index(&self) -> u32 {
        u32::try_from(self.part.records.people.len()).unwrap_or(u32::MAX).saturating_sub(1)
    }

    /// There is a doubt about what the last person's rows say.
    fn doubt(&mut self) {
        if !self.part.records.people.is_empty() {
            self.part.records.doubts.push(self.last_index());
        }
    }

    /// Exports put one below the other bring their header along.
    fn is_header_again(&self, fields: &Fields<'_>) -> bool {
        let columns = self.context.columns;
        let nhs = columns.patient(PatientRole::NhsNumber);
        let same = |c: u16| fields.cell(usize::from(c)).trim() == columns.name(c);
        let is_number = |c: u16| fields.raw(usize::from(c)).first().is_some_and(u8::is_ascii_digit);
        nhs.is_some_and(|c| !is_number(c) && same(c)) && columns.patient_columns().all(same)
    }

    fn whose(&self, fields: &Fields<'_>, nhs: NhsReading) -> Whose {
        let columns = self.context.columns;
        let filled = |column: Option<u16>| column.is_some_and(|c| !is_blank(fields.raw(usize::from(c))));
        let at = |role| columns.patient(role);
        let has_code = || columns.events.iter().any(|e| filled(e.term) || filled(e.id) || filled(e.second_id));
        let side_is_blank = !columns.patient_side.iter().any(|c| filled(Some(*c)));
        if side_is_blank && self.context.layout.system != System::SystmOne {
            // EMIS leaves the patient cells blank on further rows of one patient.
            return match (has_code() || self.continues(fields), self.part.records.people.is_empty()) {
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
                || (self.context.is_register && filled(at(PatientRole::EmisNumber)))
        };
        let whole = fields.len() * 2 >= columns.all.len();
        if !(numbered || (whole && (named() || has_code()))) {
            return Whose::Nobody;
        }
        let same = self.last_person.is_somebody && {
            let last = self.last_person.fields();
            let same = |c: u16| last.raw(usize::from(c)) == fields.raw(usize::from(c));
            // What differs most often is asked first.
            at(PatientRole::NhsNumber).is_none_or(same)
                && columns.patient_columns().filter(|c| Some(*c) != at(PatientRole::PatientCount)).all(same)
        };
        match (same, numbered || named()) {
            (true, true) => Whose::Same,
            (_, true) => Whose::New,
            (_, false) => Whose::Nameless,
        }
    }

    /// A row without patient or code may still carry other columns of the patient
    /// above (a second telephone number).
    fn continues(&self, fields: &Fields<'_>) -> bool {
        let any = (0..fields.len()).any(|c| !is_blank(fields.raw(c)));
        any && fields.len() * 2 >= self.context.columns.all.len()
    }

    fn person(&mut self, fields: &Fields<'_>, nhs: NhsReading) {
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
    fn date<'c>(&self, fields: &Fields<'c>, column: Option<u16>) -> (&'c [u8], DateReading) {
        let cell = raw(fields, column);
        if column.is_some_and(|c| self.context.month_first.contains(&c)) {
            let text = text_of(cell);
            let turned = month_first_as_day_first(&text);
            return (cell, read_date(turned.as_deref().unwrap_or(&text)));
        }
        (cell, read_date_bytes(cell, text_of))
    }

    /// The NHS number of a row; mostly it is that of the row above.
    fn number(&mut self, raw: &[u8]) -> NhsReading {
        if self.last_number.0 != raw {
            self.last_number.0.clear();
            self.last_number.0.extend_from_slice(raw);
            self.last_number.1 = NhsNumber::read_bytes(raw, text_of);
        }
        self.last_number.1
    }

    /// Notes in which order a numeric date can be read, unless the user has said it.
    fn note_order(&mut self, column: Option<u16>, raw: &[u8], whose: orders::Whose) {
        if !column.is_some_and(|c| self.context.month_first.contains(&c)) {
            self.part.orders.note(column, raw, whose);
        }
    }

    fn word(&mut self, fields: &Fields<'_>, column: Option<u16>) -> Word {
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

    fn event(&mut self, fields: &Fields<'_>, group: u8, columns: &EventColumns) {
        let Some(meaning) = self.codes.get(usize::from(group)).copied() else { return };
        let first = self.caches.meanings[meaning].reading;
        let reading = match columns.second_id {
            Some(second) => {
                let look = self.caches.look(raw(fields, Some(second)), raw(fields, columns.term), self.context.aliases);
                both(first, self.caches.meanings[look].reading)
            }
            None => first,
        };
        let text = free_text(fields, columns);
        let person = self.last_index();
        let code_column = columns.id.or(columns.term);
        let meaning = &self.caches.meanings[meaning];
        let code = match reading {
            CodeReading::Other => {
                self.part.other_codes += u32::from(!meaning.is_blank);
                // Another code, or a bare text, may say that somebody is at risk.
                let mut markers = meaning.markers;
                markers.join(markers_in_text(&text));
                if meaning.is_risk {
                    markers.add(crate::domain::Marker::Safeguarding);
                }
                return self.mark(person, markers);
            }
            CodeReading::Known { code, repair } => CodeCell::Known(code, repair),
            CodeReading::Unclear(trouble) => CodeCell::Unclear(trouble),
        };
        self.part.has_aliases |= meaning.by_alias;
        let (around, term_markers) = (meaning.around.clone(), meaning.markers);
        match code {
            CodeCell::Known(code, Some(repair)) => {
                self.problem(code_column, ProblemKind::CodeRepaired(repair));
                self.part.repairs.push((self.row, group, code));
            }
            CodeCell::Unclear(trouble) => self.problem(code_column, ProblemKind::CodeUnclear(trouble)),
            CodeCell::Known(_, None) => {}
        }
        let (written, read) = self.date(fields, columns.date);
        let date = self.event_date(read);
        // Mostly the same day is typed in twice.
        let typed = raw(fields, columns.entered);
        let same = typed == written && !self.context.month_first.iter().any(|c| Some(*c) == columns.entered);
        let read = if same { read } else { self.date(fields, columns.entered).1 };
        let entered = match self.event_date(read) {
            DateCell::Day(day, _) => Some(day),
            _ => None,
        };
        match date {
            DateCell::Missing => self.problem(columns.date, ProblemKind::CodeWithoutDate),
            DateCell::Unreadable => self.problem(columns.date, ProblemKind::CodeDateUnreadable),
            DateCell::Day(..) => {}
        }
        let text = match around {
            Some(around) if text.trim().is_empty() => {
                self.problem(columns.term, ProblemKind::TextBehindTerm);
                Cow::Owned(around)
            }
            Some(around) => Cow::Owned(format!("{} {around}", text.trim())),
            None => text,
        };
        let mut markers = markers_in_text(&text);
        markers.join(term_markers);
        self.mark(person, markers);
        let entry = self.part.records.entries.len();
        self.note_order(columns.date, written, orders::Whose::Date(entry));
        self.note_order(columns.entered, typed, orders::Whose::Entered(entry));
        let entry = Entry {
            row: self.row,
            person,
            group,
            code,
            date,
            entered,
            user: self.word(fields, columns.user),
            text: self.part.words.intern(&text),
            organisation: self.word(fields, columns.organisation),
        };
        self.part.records.entries.push(entry);
    }

    fn event_date(&mut self, read: DateReading) -> DateCell {
        match read {
            DateReading::Day { day, minute, form } => {
                self.part.forms[form as usize] += 1;
                DateCell::Day(day, minute)
            }
            DateReading::ShortYear(short) => {
                self.part.forms[short.form as usize] += 1;
                let limit = self.context.limit;
                let day = short.not_after(limit).filter(|_| !short.is_soon_after(limit));
                day.map_or(DateCell::Unreadable, |day| DateCell::Day(day, short.minute))
            }
            DateReading::Missing => DateCell::Missing,
            DateReading::Impossible | DateReading::Unreadable => DateCell::Unreadable,
        }
    }

    fn mark(&mut self, person: u32, markers: Markers) {
        if !markers.is_empty() {
            self.part.records.markers.push((person, markers));
        }
    }
}

fn raw<'b>(fields: &Fields<'b>, column: Option<u16>) -> &'b [u8] {
    column.map_or(&[], |c| fields.raw(usize::from(c)))
}

fn cell<'b>(fields: &Fields<'b>, column: Option<u16>) -> Cow<'b, str> {
    column.map_or(Cow::Borrowed(""), |c| fields.cell(usize::from(c)))
}

/// An age in years.
fn age_in(raw: &[u8]) -> Option<i16> {
    match raw {
        [] => None,
        [a @ b'0'..=b'9', b @ b'0'..=b'9'] => Some(i16::from(a - b'0') * 10 + i16::from(b - b'0')),
        _ => text_of(raw).trim().parse().ok(),
    }
}

/// All free texts of an entry, one after the other.
fn free_text<'b>(fields: &Fields<'b>, columns: &EventColumns) -> Cow<'b, str> {
    let first = raw(fields, columns.text);
    let mut text = if is_blank(first) { Cow::Borrowed("") } else { text_of(first) };
    for more in columns.more_text.into_iter().flatten() {
        let more = fields.cell(usize::from(more));
        if !more.trim().is_empty() {
            text = Cow::Owned(format!("{} {}", text.trim(), more.trim()).trim().to_owned());
        }
    }
    text
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
