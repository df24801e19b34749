//! What the records of one part of a file say. Parts begin where a patient begins,
//! so that each can be read by itself; [`super::parts`] cuts them and puts them
//! together.

mod aside;
mod dates;
mod event;
mod meanings;
mod person;
mod whose;

pub use aside::{Aside, settle};
use aside::{Harmless, may_be_code};
pub use meanings::Caches;
use meanings::Meaning;
use whose::{LastPerson, Whose};

use super::captions;
use super::cells::says_yes;
use super::columns::{Columns, EventColumns, Unread};
use super::contents::{CodeAside, Entry, PersonRow, RowsOfPart, STRIDE, Signs};
use super::header::Layout;
use super::intern::{Cells, Interner, Texts, Word};
use super::orders::Orders;
use super::problem::{Problem, ProblemKind};
use super::purpose::Purpose;
use super::records::{Fields, is_blank, text_of};
use super::roles::PatientRole;
use crate::domain::code::Alias;
use crate::domain::wording::plain;
use crate::domain::{AccessCode, CodeReading, CodeTrouble, DateForm, Day, Markers, NhsNumber, NhsReading};

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
    /// What the file is for. In a register, a row may name its patient by the system's
    /// number alone; in one of people at risk, every number in a row is looked at.
    pub purpose: Purpose,
    /// What the practice's own codes mean.
    pub aliases: &'a [Alias],
    /// Columns whose dates are month first, as the user said.
    pub month_first: &'a [u16],
}

/// What was read of one part.
#[derive(Default)]
pub struct Part {
    /// Rows that say something of a patient.
    pub people: Vec<PersonRow>,
    /// Access codes.
    pub entries: Vec<Entry>,
    /// What else is to be known of people.
    pub signs: Signs,
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
    /// Rows that say something, without saying of whom, below the last patient: the one above is
    /// meant if another follows.
    pub unsettled: Vec<(u32, u32)>,
    /// Access codes before any patient.
    pub before_anybody: u32,
    /// A row that is another header.
    pub other_header: Option<u32>,
    /// What stands in columns that play no part, and may be about the patient.
    pub asides: Vec<Aside>,
    /// How many cells of each of these columns are filled.
    pub filled: Vec<u32>,
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
    /// What words for a usual GP, and for the state of an account, say of risk.
    word_markers: [Vec<Option<Markers>>; 2],
    last_number: (Vec<u8>, NhsReading),
    /// The row above had fewer cells than the header.
    ended_early: bool,
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
            word_markers: Default::default(),
            last_number: (Vec::new(), NhsReading::Missing),
            ended_early: false,
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
        self.part.people.reserve(people);
        self.part.entries.reserve(entries);
    }

    /// How many people and entries there are so far.
    #[must_use]
    pub const fn size(&self) -> (usize, usize) {
        (self.part.people.len(), self.part.entries.len())
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
        match self.header_again(fields) {
            Some(Again::Same) => return,
            Some(Again::Other) => {
                self.part.other_header.get_or_insert(self.row);
                return;
            }
            None => {}
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
            let (term, aliases) = (raw(fields, event.term), self.context.aliases);
            let mut code = self.caches.look(raw(fields, event.id), term, aliases);
            if let Some(second) = event.second_id {
                let other = self.caches.look(raw(fields, Some(second)), term, aliases);
                code = self.caches.look_both(code, other);
            }
            has_access_code |= self.caches.meanings[code].reading != CodeReading::Other;
            self.codes.push(code);
        }
        let broken_above = std::mem::replace(&mut self.ended_early, fields.len() < width);
        let nhs = self.number(raw(fields, columns.patient(PatientRole::NhsNumber)));
        // On a list of people at risk there may be a number, whosever the row is.
        let has_numbers = self.note_numbers(fields, nhs);
        let whose = self.whose(fields, nhs);
        if !matches!(whose, Whose::Nobody | Whose::NobodyYet) {
            let unsettled = std::mem::take(&mut self.part.unsettled);
            self.part.signs.doubts.extend(unsettled.into_iter().map(|(person, row)| (person, row, 0)));
        }
        match whose {
            Whose::Nameless => {
                // A code without number, name or birth date: it may be of the
                // person above.
                self.doubt();
                self.person(fields, nhs);
                self.doubt();
                self.part.of_last_person = 0;
            }
            Whose::New => {
                // A row that ended early, and one below that has no number: it may be the
                // rest of it.
                if !matches!(nhs, NhsReading::Valid(_)) && (broken_above || self.may_be_of_last(fields)) {
                    self.doubt();
                }
                self.person(fields, nhs);
                self.lost = false;
                self.part.of_last_person = 0;
            }
            Whose::Same => {
                let again = self.part.entries.last().is_some_and(|e| e.person == self.last_index());
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
                if broken_above && !fields.is_blank() && fields.len() > 1 {
                    self.doubt();
                } else if self.speaks_of_somebody(fields) {
                    // The rest of a note that was broken, or a note without its patient. What
                    // stands below the last patient is a trailer.
                    self.part.unsettled.push((self.last_index(), self.row));
                }
                if has_numbers {
                    return;
                }
                let is_export = self.context.purpose == Purpose::Export;
                let register = ProblemKind::RegisterRowNotUnderstood;
                return self.problem(None, if is_export { ProblemKind::RowNotUnderstood } else { register });
            }
            Whose::NobodyYet => {
                self.part.before_anybody += u32::from(has_access_code);
                return self.problem(None, ProblemKind::RowWithoutPatient);
            }
        }
        if surplus || swallowed || fields.stray_quote {
            self.doubt();
        }
        self.look_at_unread(fields);
        if columns.risk.iter().any(|c| says_yes(&fields.cell(usize::from(*c)))) {
            let mut markers = Markers::default();
            markers.add(crate::domain::Marker::Safeguarding);
            self.mark(self.last_index(), markers, 0);
        }
        for (index, event) in columns.events.iter().enumerate() {
            self.event(fields, u8::try_from(index).unwrap_or(u8::MAX), event);
        }
    }

    /// What stands in columns that play no part may say that somebody is at risk, or be a
    /// note. Which of these is about the patient is settled where all rows are known.
    fn look_at_unread(&mut self, fields: &Fields<'_>) {
        let columns = self.context.columns;
        self.part.filled.resize(columns.unread.len(), 0);
        let person = self.last_index();
        for ((column, called), filled) in columns.unread.iter().zip(&mut self.part.filled) {
            let raw = fields.raw(usize::from(*column));
            if is_blank(raw) {
                continue;
            }
            *filled += 1;
            let is_looked_up = matches!(called, Unread::Other | Unread::Names);
            if is_looked_up && self.caches.harmless.has(raw) {
                continue;
            }
            let text = text_of(raw);
            let may_be_code = may_be_code(&text);
            if may_be_code {
                let said = self.caches.look(raw, raw, self.context.aliases);
                let code = another(&self.caches.meanings, &self.codes, said)
                    // Cut short by a spreadsheet, it can still be no other.
                    .or_else(|| text.trim().starts_with("1.29033E").then_some(AccessCode::Declined103));
                let aside = |code| CodeAside { person, row: self.row, column: *column, code };
                self.part.signs.codes.extend(code.map(aside));
            }
            match Aside::read(&text, (*column, self.row, person), *called) {
                Some(aside) => self.part.asides.push(aside),
                // What says nothing here might say something in a column of another kind.
                None if *called == Unread::Other && !may_be_code => self.caches.harmless.add(raw),
                None => {}
            }
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
            let told = |e: &EventColumns| [e.id, e.second_id, e.date, e.entered, e.user];
            let mut told = columns.events.iter().flat_map(told).flatten();
            told.any(|c| broken(fields.raw(usize::from(c)))) || columns.events.iter().filter_map(|e| e.term).any(rows)
        };
        broken(fields.record().trim_ascii_end()) && (surplus || in_event())
    }

    /// On a list of people at risk, every valid number in a row is of somebody to be
    /// looked at. Says whether there is another than the row's own.
    fn note_numbers(&mut self, fields: &Fields<'_>, own: NhsReading) -> bool {
        if self.context.purpose != Purpose::Safeguarding {
            return false;
        }
        let cells = (0..fields.len()).filter(|c| fields.raw(*c).iter().filter(|b| b.is_ascii_digit()).count() >= 10);
        let all = cells.flat_map(|c| NhsNumber::all_in(&fields.cell(c)));
        let others: Vec<NhsNumber> = all.filter(|n| NhsReading::Valid(*n) != own).collect();
        self.part.signs.named.extend(others.iter().map(|n| (self.row, *n)));
        !others.is_empty()
    }

    fn last_index(&self) -> u32 {
        u32::try_from(self.part.people.len()).unwrap_or(u32::MAX).saturating_sub(1)
    }

    /// There is a doubt about what the last person's rows say.
    fn doubt(&mut self) {
        if !self.part.people.is_empty() {
            self.part.signs.doubts.push((self.last_index(), self.row, 0));
        }
    }

    /// Exports put one below the other bring their header along, the same or another.
    fn header_again(&self, fields: &Fields<'_>) -> Option<Again> {
        let columns = self.context.columns;
        let telling = columns.patient(PatientRole::NhsNumber).or(columns.patient(PatientRole::EmisNumber))?;
        // Nearly every row has a number here, or is blank.
        let raw = fields.raw(usize::from(telling));
        if !raw.strip_prefix(b"\"").unwrap_or(raw).first().is_some_and(u8::is_ascii_alphabetic) {
            return None;
        }
        let mut cells: Vec<String> = (0..fields.len()).map(|c| fields.cell(c).trim().to_owned()).collect();
        let filled = cells.iter().filter(|cell| !cell.is_empty()).count();
        let captions = cells.iter().filter(|cell| captions::is_caption(cell)).count();
        if captions < 3 || captions * 2 < filled {
            return None;
        }
        while cells.last().is_some_and(String::is_empty) {
            cells.pop();
        }
        // A spreadsheet may have numbered the captions of the one, and not of the other.
        let own: Vec<String> = columns.all.iter().map(|c| c.name.clone()).collect();
        let bare = |names: &[String]| captions::without_numbers(names).iter().map(|n| plain(n)).collect::<Vec<_>>();
        let (own, again) = (bare(&own), bare(&cells));
        Some(if own.starts_with(&again) { Again::Same } else { Again::Other })
    }
}

/// The code that keeps a patient blocked and stands elsewhere, unless the row's own cells have it
/// too. A 106 beside a row may be what somebody means to add.
fn another(meanings: &[Meaning], codes: &[usize], said: usize) -> Option<AccessCode> {
    let code_of = |at: usize| match meanings.get(at)?.reading {
        CodeReading::Known { code, .. } => Some(code),
        CodeReading::Unclear(CodeTrouble::OtherWords) => Some(AccessCode::Declined103),
        _ => None,
    };
    let said = code_of(said).filter(|code| *code != AccessCode::NoReview106)?;
    (!codes.iter().any(|own| code_of(*own) == Some(said))).then_some(said)
}

fn raw<'b>(fields: &Fields<'b>, column: Option<u16>) -> &'b [u8] {
    column.map_or(&[], |c| fields.raw(usize::from(c)))
}

/// A header among the rows.
enum Again {
    /// The file's own.
    Same,
    /// One with other columns, or in another order.
    Other,
}
