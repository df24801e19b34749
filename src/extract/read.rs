//! From a source to an extract: header, columns, records, and what they lack.

use super::checks::{find_nhs_column, find_where_entered, is_sorted_by_codes, refuse_only_damaged, remarks};
use super::columns::Columns;
use super::contents::{CodeAside, Entry, Extract, PersonRow, Records, Rows, Sign};
use super::error::ReadError;
use super::header::{self, Head, Layout, System};
use super::intern::{Interner, Texts, Word};
use super::mapping::{self, KnownMapping, Mapping};
use super::orders::Orders;
use super::parts::{self, Cutting};
use super::problem::{Problem, ProblemKind};
use super::progress::Progress;
use super::purpose::Purpose;
use super::reader::{Aside, Context, Part, settle};
use super::roles::{PatientRole, Role};
use super::source::Source;
use crate::domain::code::Alias;
use crate::domain::{DateForm, Day};
use crate::sharing;

/// What the reader needs to know besides the bytes.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// Today, for the century of two-digit years where the file has no run date.
    pub today: Day,
    /// The system, where the user says so; else it is read off the captions.
    pub system: Option<System>,
    /// The day on which the file was last written, for exports that do not say
    /// when they were made (`SystmOne`'s never do).
    pub file_date: Option<Day>,
    /// What the practice's own codes mean.
    pub aliases: Vec<Alias>,
    /// Which column is what, where the user says so.
    pub mapping: Vec<Mapping>,
    /// What the user said before of files with the same header.
    pub known: Vec<KnownMapping>,
    /// Columns that can only be month first are read so: the user said that they are.
    pub month_first: bool,
    /// What the file is for: a register needs no codes.
    pub purpose: Purpose,
    /// How the file is cut up for reading.
    pub cutting: Cutting,
}

impl ReadOptions {
    /// On a day, with nothing else known.
    #[must_use]
    pub fn on(today: Day) -> Self {
        Self {
            today,
            system: None,
            file_date: None,
            aliases: Vec::new(),
            mapping: Vec::new(),
            known: Vec::new(),
            month_first: false,
            purpose: Purpose::Export,
            cutting: Cutting::usual(),
        }
    }
}

/// If at least so many rows with an access code and no patient all stand below the last patient,
/// and at least [`PEOPLE_BEFORE`] patients stand above, the file was sorted: they cannot all be
/// that patient's.
const SORTED_APART: u32 = 3;
/// See [`SORTED_APART`].
const PEOPLE_BEFORE: usize = 20;

/// Reads a file.
///
/// # Errors
/// Where it cannot be read as a patient export; see [`ReadError`].
pub fn read(source: Source, options: &ReadOptions, progress: &Progress) -> Result<Extract, ReadError> {
    let head = Head::of(&source)?;
    let (mut layout, mut columns) = header::find(&head, options.purpose)?;
    if let Some(system) = options.system {
        layout.system = system;
        layout.is_system_clear = true;
    }
    let header = mapping::header_key(&columns);
    let known = options.known.iter().find(|known| known.header == header).map(|known| known.mapping.as_slice());
    let said = if options.mapping.is_empty() { known.unwrap_or_default() } else { &options.mapping };
    columns.as_chosen_before = options.mapping.is_empty() && !said.is_empty();
    mapping::apply(&mut columns, said, options.purpose)?;
    let found = find_nhs_column(&head, &layout, &mut columns);
    // A register may know its patients by the system's number.
    let by_system = columns.patient(PatientRole::EmisNumber).is_some() && options.purpose != Purpose::Export;
    if !by_system {
        found?;
    }
    // On a list of people at risk every number is looked at: none has to be chosen.
    if options.purpose != Purpose::Safeguarding {
        mapping::refuse_rivals(&head, &layout, &columns, said)?;
    }
    if !said.iter().any(|m| Role::read(&m.role) == Some(Role::Patient(PatientRole::Practice))) {
        find_where_entered(&head, &layout, &mut columns);
    }
    if columns.events.is_empty() && options.purpose == Purpose::Export {
        return Err(ReadError::NoCodes { row: layout.header_row });
    }
    let accounts = [PatientRole::AccountStatus, PatientRole::AccessLevel];
    if options.purpose == Purpose::Accounts && accounts.iter().all(|role| columns.patient(*role).is_none()) {
        return Err(ReadError::NoAccounts { row: layout.header_row });
    }
    layout.file_date = options.file_date.filter(|day| layout.run_date.is_none() && *day <= options.today);
    let mut extract = read_with(source, layout, columns, options, &[], progress)?;
    let turned: Vec<u16> =
        extract.problems.iter().filter(|p| p.kind == ProblemKind::MonthFirst).filter_map(|p| p.column).collect();
    if options.month_first && !turned.is_empty() {
        let Extract { source, layout, columns, .. } = extract;
        extract = read_with(source, layout, columns, options, &turned, progress)?;
    }
    Ok(extract)
}

fn read_with(
    mut source: Source,
    layout: Layout,
    columns: Columns,
    options: &ReadOptions,
    month_first: &[u16],
    progress: &Progress,
) -> Result<Extract, ReadError> {
    let context = Context {
        columns: &columns,
        layout: &layout,
        limit: layout.run_date.map_or(options.today, |(day, _)| day.max(options.today)),
        age_on: layout.made_on().unwrap_or(options.today),
        purpose: options.purpose,
        aliases: &options.aliases,
        month_first,
    };
    let (parts, hash) = parts::read(source.text(), &context, layout.text_start, options.cutting, progress)?;
    source.text().is_unchanged()?;
    let is_hashed = source.is_hashed();
    source.settle(parts.iter().all(|p| p.is_utf8), (!is_hashed).then_some(hash));
    let whole = Whole::of(parts)?;
    let Whole { mut records, rows, systems, repairs, words, mut problems, forms, orders, .. } = whole;
    problems.extend(orders.settle(&mut records.people, &mut records.entries));
    let sunk = whole.continuations >= SORTED_APART
        && whole.of_last_person == whole.continuations
        && records.people.len() >= PEOPLE_BEFORE;
    if sunk || whole.before_anybody > 0 {
        return Err(ReadError::SortedApart { rows: whole.continuations.max(whole.before_anybody) });
    }
    if whole.continuations >= SORTED_APART
        && options.purpose == Purpose::Export
        && is_sorted_by_codes(&records.people, &records.entries)
    {
        return Err(ReadError::SortedByCodes);
    }
    if records.people.is_empty() && records.signs.named.is_empty() {
        return Err(ReadError::NoPatients { row: layout.header_row });
    }
    if options.purpose == Purpose::Export {
        refuse_only_damaged(&records.entries)?;
        problems.extend(remarks(&layout, &columns, &records.entries));
    }
    problems.extend(settle(&whole.asides, &columns, &whole.filled, whole.data_rows, &mut records.signs));
    for _ in 0..source.unread_sheets() {
        problems.push(Problem { row: None, column: None, kind: ProblemKind::SheetNotRead });
    }
    if source.has_comments() {
        problems.push(Problem { row: None, column: None, kind: ProblemKind::CommentsNotRead });
    }
    if whole.has_aliases {
        problems.push(Problem { row: None, column: None, kind: ProblemKind::CodeByAlias });
    }
    let read_so = |c: &u16| Problem { row: None, column: Some(*c), kind: ProblemKind::MonthFirstRead };
    problems.extend(month_first.iter().map(read_so));
    problems.sort_unstable();
    let most = DateForm::ALL.iter().max_by_key(|form| (forms[**form as usize], **form == DateForm::default()));
    Ok(Extract {
        purpose: options.purpose,
        access_codes: u32::try_from(records.entries.len()).unwrap_or(u32::MAX),
        date_form: most.copied().unwrap_or_default(),
        source,
        layout,
        columns,
        records,
        rows,
        systems,
        repairs,
        words,
        data_rows: whole.data_rows,
        other_codes: whole.other_codes,
        has_continuations: whole.has_continuations,
        repeats_patients: whole.repeats_patients,
        month_first: month_first.to_vec(),
        problems,
    })
}

/// The parts, put together in their order.
#[derive(Default)]
struct Whole {
    records: Records,
    rows: Rows,
    systems: Texts,
    repairs: Vec<(u32, u8, crate::domain::AccessCode)>,
    words: Interner,
    problems: Vec<Problem>,
    forms: [u32; DateForm::ALL.len()],
    orders: Orders,
    data_rows: u32,
    other_codes: u32,
    has_aliases: bool,
    asides: Vec<Aside>,
    filled: Vec<u32>,
    has_continuations: bool,
    repeats_patients: bool,
    continuations: u32,
    of_last_person: u32,
    unsettled: Vec<(u32, u32)>,
    before_anybody: u32,
}

impl Whole {
    fn of(parts: Vec<Part>) -> Result<Self, ReadError> {
        let mut whole = Self::default();
        let mut people = 0;
        let mut entries = 0;
        let mut jobs = Vec::with_capacity(parts.len());
        for part in parts {
            let counts = (part.people.len(), part.entries.len());
            jobs.push(whole.take(part, people, entries)?);
            people += counts.0;
            entries += counts.1;
        }
        for (people, entries) in sharing::map("reading", jobs, Placed::settle) {
            whole.records.people.push(people);
            whole.records.entries.push(entries);
        }
        Ok(whole)
    }

    /// Takes a part before which there are so many people and entries; what is in its own
    /// people and entries is still to be settled.
    fn take(&mut self, part: Part, people: usize, entries: usize) -> Result<Placed, ReadError> {
        let too_large = || ReadError::TooLarge { limit: u32::MAX };
        let first_row = self.rows.len();
        first_row.checked_add(part.rows.count).ok_or_else(too_large)?;
        if let Some(row) = part.other_header {
            return Err(ReadError::AnotherHeader { row: row + first_row + 1 });
        }
        let first_person = u32::try_from(people).map_err(|_| too_large())?;
        let first_entry = u32::try_from(entries).map_err(|_| too_large())?;
        let words = self.words.take_over(&part.words);
        // Another patient follows: what stood between is about the one above.
        if !part.people.is_empty() {
            self.records.signs.doubts.extend(self.unsettled.drain(..).map(|(person, row)| (person, row, 0)));
        }
        self.unsettled.extend(part.unsettled.iter().map(|(p, row)| (p + first_person, row + first_row)));
        let (own, signs) = (&mut self.records.signs, &part.signs);
        own.markers.extend(signs.markers.iter().map(|sign| Sign {
            person: sign.person + first_person,
            row: sign.row + first_row,
            ..*sign
        }));
        let moved =
            |aside: &CodeAside| CodeAside { person: aside.person + first_person, row: aside.row + first_row, ..*aside };
        own.codes.extend(signs.codes.iter().map(moved));
        own.named.extend(signs.named.iter().map(|(row, n)| (row + first_row, *n)));
        own.doubts.extend(signs.doubts.iter().map(|(p, row, said)| (p + first_person, row + first_row, *said)));
        self.systems.append(&part.systems);
        self.repairs.extend(part.repairs.iter().map(|(row, group, code)| (row + first_row, *group, *code)));
        let moved = |p: &Problem| Problem { row: p.row.map(|r| r + first_row), ..*p };
        self.problems.extend(part.problems.iter().map(moved));
        for (all, of_part) in self.forms.iter_mut().zip(part.forms) {
            *all += of_part;
        }
        self.orders.append(part.orders, first_person, first_entry);
        self.data_rows += part.data_rows;
        self.other_codes += part.other_codes;
        self.has_aliases |= part.has_aliases;
        self.asides.extend(part.asides.into_iter().map(|aside| aside.moved(first_row, first_person)));
        self.filled.resize(self.filled.len().max(part.filled.len()), 0);
        for (all, of_part) in self.filled.iter_mut().zip(&part.filled) {
            *all += of_part;
        }
        self.has_continuations |= part.has_continuations;
        self.repeats_patients |= part.repeats_patients;
        self.continuations += part.continuations;
        self.of_last_person = part.of_last_person;
        self.before_anybody += part.before_anybody;
        self.rows.push(part.rows);
        Ok(Placed { people: part.people, entries: part.entries, first_row, first_person, words })
    }
}

/// The people and entries of a part whose place in the whole is known.
struct Placed {
    people: Vec<PersonRow>,
    entries: Vec<Entry>,
    first_row: u32,
    first_person: u32,
    /// The words of the part, in the whole.
    words: Vec<Word>,
}

impl Placed {
    /// Makes rows, people and words those of the whole.
    fn settle(mut self) -> (Vec<PersonRow>, Vec<Entry>) {
        let word = |w: Word| self.words.get(w.index()).copied().unwrap_or(Word::NONE);
        for person in &mut self.people {
            person.row += self.first_row;
            person.account = word(person.account);
            person.access = word(person.access);
            person.practice = word(person.practice);
            person.gp = word(person.gp);
        }
        for entry in &mut self.entries {
            entry.row += self.first_row;
            entry.person += self.first_person;
            entry.user = word(entry.user);
            entry.text = word(entry.text);
            entry.organisation = word(entry.organisation);
        }
        (self.people, self.entries)
    }
}
