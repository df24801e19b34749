//! What a file lacks as a whole: found before or after its rows are read.

use rustc_hash::{FxHashMap, FxHashSet};

use super::columns::Columns;
use super::contents::{CodeCell, Entry, PersonRow};
use super::error::ReadError;
use super::header::{Head, Layout};
use super::pieces::Pieces;
use super::problem::{Problem, ProblemKind};
use super::roles::{EventRole, PatientRole, Role};
use crate::domain::wording::plain;
use crate::domain::{AccessCode, CodeTrouble, NhsNumber, NhsReading};

/// Where no caption says NHS number: the column most of whose cells pass the
/// check, if there is one. Never the first numeric column.
pub fn find_nhs_column(head: &Head, layout: &Layout, columns: &mut Columns) -> Result<(), ReadError> {
    if columns.patient(PatientRole::NhsNumber).is_some() {
        return Ok(());
    }
    let mut valid = vec![0_u32; columns.all.len()];
    let mut filled = vec![0_u32; columns.all.len()];
    for record in body(head, layout) {
        let fields = record.fields(&head.bytes);
        for column in 0..columns.all.len().min(fields.len()) {
            match NhsNumber::read(&fields.cell(column)) {
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

/// A column in front of the codes that is called "Organisation" may say whose patient somebody is,
/// or where each code was entered: then it differs from row to row of one patient. Few are on
/// the lists of two practices.
pub fn find_where_entered(head: &Head, layout: &Layout, columns: &mut Columns) {
    let (Some(nhs), Some(at)) = (columns.patient(PatientRole::NhsNumber), columns.patient(PatientRole::Practice))
    else {
        return;
    };
    if columns.events.len() != 1 || columns.events.iter().any(|e| e.organisation.is_some()) {
        return;
    }
    let mut named: FxHashMap<NhsNumber, Vec<String>> = FxHashMap::default();
    let mut last = None;
    for record in body(head, layout) {
        let fields = record.fields(&head.bytes);
        last = match NhsNumber::read(&fields.cell(usize::from(nhs))) {
            NhsReading::Valid(number) => Some(number),
            // A row that goes on with the patient above.
            NhsReading::Missing => last,
            _ => None,
        };
        let name = plain(&fields.cell(usize::from(at)));
        if let Some(number) = last.filter(|_| !name.is_empty()) {
            named.entry(number).or_default().push(name);
        }
    }
    let of_several: Vec<&Vec<String>> = named.values().filter(|names| names.len() > 1).collect();
    let differing = of_several.iter().filter(|names| names.iter().any(|name| Some(name) != names.first())).count();
    if differing >= MOVED && differing * 5 > of_several.len() {
        columns.set_role(Some(Role::Event(EventRole::Organisation)), at);
    }
}

/// So many patients of the first rows are not on two lists by chance (ours).
const MOVED: usize = 3;

/// The first records below the header: enough to tell what a column holds.
pub fn body(head: &Head, layout: &Layout) -> Vec<super::records::Ends> {
    let from = usize::try_from(layout.body_start).unwrap_or(usize::MAX);
    head.records(from, layout.delimiter, 200)
}

pub fn refuse_only_damaged(entries: &Pieces<Entry>) -> Result<(), ReadError> {
    let damaged = |e: &&Entry| {
        matches!(
            e.code,
            CodeCell::Unclear(CodeTrouble::TooFewDigits | CodeTrouble::Unconfirmed | CodeTrouble::MayBeDeclined)
        )
    };
    let cells = entries.iter().filter(damaged).count();
    if cells > 0 && cells == entries.len() {
        return Err(ReadError::OnlyDamagedCodes { cells: u32::try_from(cells).unwrap_or(u32::MAX) });
    }
    Ok(())
}

/// Fewest entries of which a sorted order is taken for deliberate; at least [`OTHERS`] of them
/// must be of another code than most are.
const ENTRIES: usize = 20;
/// See [`ENTRIES`].
const OTHERS: usize = 3;

/// Whether somebody sorted the rows by code: all of one kind stand together, and whatever goes
/// on with a patient is of the kind of the row above. Searches for one code each that were
/// put together look so too, but in them somebody stands twice.
pub fn is_sorted_by_codes(people: &Pieces<PersonRow>, entries: &Pieces<Entry>) -> bool {
    let code = |e: &Entry| match e.code {
        CodeCell::Known(code, _) => Some(code),
        CodeCell::Unclear(_) => None,
    };
    // As identifiers, and as terms: "…indicated", "…not indicated", "Online…".
    let by_term = |code: AccessCode| match code {
        AccessCode::Review104 => 0,
        AccessCode::NoReview106 => 1,
        AccessCode::Declined103 => 2,
    };
    let codes = || entries.iter().filter_map(code);
    if !is_sorted(codes()) && !is_sorted(codes().map(by_term)) {
        return false;
    }
    let mut numbers = FxHashSet::default();
    people.iter().all(|person| match person.nhs {
        NhsReading::Valid(number) => numbers.insert(number),
        _ => true,
    })
}

/// Whether enough values rise, or fall, from the first to the last.
fn is_sorted<T: Copy + PartialOrd>(values: impl Iterator<Item = T>) -> bool {
    let (mut rises, mut falls, mut all) = (true, true, 0);
    let (mut last, mut run, mut longest) = (None, 0, 0);
    for value in values {
        all += 1;
        rises &= last.is_none_or(|last| last <= value);
        falls &= last.is_none_or(|last| last >= value);
        if !rises && !falls {
            return false;
        }
        run = if last == Some(value) { run + 1 } else { 1 };
        longest = longest.max(run);
        last = Some(value);
    }
    all >= ENTRIES && all - longest >= OTHERS
}

/// What the file lacks as a whole.
pub fn remarks(layout: &Layout, columns: &Columns, entries: &Pieces<Entry>) -> Vec<Problem> {
    let mut kinds = Vec::new();
    let mut lacks = |missing: bool, kind| {
        if missing {
            kinds.push(kind);
        }
    };
    let has_age = columns.patient(PatientRole::Age).is_some();
    lacks(columns.patient(PatientRole::BirthDate).is_none() && !has_age, ProblemKind::NoBirthColumn);
    lacks(columns.patient(PatientRole::BirthDate).is_none() && has_age, ProblemKind::AgeTaken);
    lacks(columns.patient(PatientRole::Registered).is_none(), ProblemKind::NoRegistrationColumn);
    lacks(columns.events.iter().all(|e| e.text.is_none()), ProblemKind::NoTextColumn);
    lacks(columns.events.iter().all(|e| e.user.is_none()), ProblemKind::NoUserColumn);
    lacks(layout.file_date.is_some(), ProblemKind::FileDateTaken);
    lacks(layout.made_on().is_none(), ProblemKind::NoRunDate);
    lacks(!entries.iter().any(|e| matches!(e.code, CodeCell::Known(..))), ProblemKind::NoAccessCodes);
    kinds.into_iter().map(|kind| Problem { row: None, column: None, kind }).collect()
}
