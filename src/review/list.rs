//! Decisions in files: a saved review (JSON), or a list of decisions (CSV with
//! NHS number, Decision, Decided by, Reason).

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use super::file::{ReviewFile, ReviewFileError, unreadable};
use super::{Against, Choice, Decision, Made, Person, Reviewer};
use crate::domain::wording::plain;
use crate::domain::{DateReading, Day, NhsNumber, NhsReading, read_date};
use crate::extract::{Columns, PatientRole};

/// What a file of decisions is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decisions {
    /// A review that this program saved.
    Review(Box<ReviewFile>),
    /// A list of decisions.
    List(Vec<Proposal>),
}

/// A decision that a file asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Row of the file, from 1; in a saved review its place among the decisions.
    pub row: u32,
    /// Whose.
    pub whose: Whose,
    /// What; `None` if the word is none of the three.
    pub choice: Option<Choice>,
    /// Who.
    pub by: Reviewer,
    /// When; `None` for now.
    pub at: Option<chrono::NaiveDateTime>,
    /// Why.
    pub reason: String,
    /// One by one, or together with others.
    pub made: Made,
    /// What was known to speak against it; `None` where it is decided only now.
    pub despite: Option<Against>,
    /// The clinical system's number beside the NHS number, as a list has it; blank for none.
    pub system: String,
    /// The birth date beside the NHS number, where a list has it.
    pub born: Option<Day>,
    /// Why the row cannot be believed, whatever it says.
    pub trouble: Option<&'static str>,
}

/// Whose decision a file asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// As a cell of a list says it.
    Cell(NhsReading),
    /// As a saved review says it.
    Saved(Person),
}

impl Proposal {
    /// Whether it asks for this decision, but for the number of a group.
    pub(super) fn is(&self, decision: &Decision) -> bool {
        self.choice == Some(decision.choice)
            && self.by == decision.by
            && self.at == Some(decision.at)
            && self.reason == decision.reason
            && self.made.is_single() == decision.made.is_single()
            && self.despite == Some(decision.despite)
    }

    /// A decision of a saved review.
    pub(super) fn saved(row: u32, person: Person, decision: Decision) -> Self {
        Self {
            row,
            whose: Whose::Saved(person),
            choice: Some(decision.choice),
            by: decision.by,
            at: Some(decision.at),
            reason: decision.reason,
            made: decision.made,
            despite: Some(decision.despite),
            system: String::new(),
            born: None,
            trouble: None,
        }
    }
}

/// Reads a file of decisions in either form.
///
/// # Errors
/// Where it is neither.
pub fn read_decisions(bytes: &[u8]) -> Result<Decisions, ReviewFileError> {
    // As a spreadsheet may have saved it: "Unicode text" is UTF-16, "CSV" Windows-1252.
    let guess = || if std::str::from_utf8(bytes).is_ok() { UTF_8 } else { WINDOWS_1252 };
    let encoding = Encoding::for_bom(bytes).map_or_else(guess, |(encoding, _)| encoding);
    let text = encoding.decode_with_bom_removal(bytes).0;
    let text = text.trim_start_matches('\u{feff}');
    if text.trim().is_empty() {
        return Err(unreadable("it is empty"));
    }
    if text.trim_start().starts_with('{') {
        return Ok(Decisions::Review(Box::new(ReviewFile::from_json(text)?)));
    }
    read_csv(text).map(Decisions::List)
}

fn read_csv(text: &str) -> Result<Vec<Proposal>, ReviewFileError> {
    // What stands above the header of our own lists.
    let is_said = |line: &str| {
        let line = line.trim_start_matches('"');
        line.starts_with("What this is:") || line.starts_with("What it does not do:")
    };
    let said: usize = text.split_inclusive('\n').take_while(|line| is_said(line)).map(str::len).sum();
    let text = text.get(said..).unwrap_or_default();
    let header_end = text.find(['\r', '\n']).unwrap_or(text.len());
    let delimiter =
        [b',', b';', b'\t'].into_iter().max_by_key(|d| text[..header_end].bytes().filter(|b| b == d).count());
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).delimiter(delimiter.unwrap_or(b',')).from_reader(text.as_bytes());
    let captions = reader.headers().map_err(|_| unreadable("it has no header"))?;
    let captions: Vec<String> = captions.iter().map(str::to_owned).collect();
    let header: Vec<String> = captions.iter().map(|caption| plain(caption)).collect();
    // Of two columns of one name, nobody can tell which is meant.
    let find = |names: &[&str]| {
        let mut places = (0..).zip(&header).filter(|(_, h)| names.contains(&h.as_str())).map(|(place, _)| place);
        let first = places.next();
        match places.next() {
            None => Ok(first),
            Some(_) => Err(unreadable(&format!(
                "it has two columns for “{}”; leave one",
                names.first().copied().unwrap_or_default()
            ))),
        }
    };
    let nhs = find(&["nhsnumber", "nhsno", "nhs"])?.ok_or_else(|| unreadable("it has no column NHS number"))?;
    let choice = find(&["decision"])?.ok_or_else(|| unreadable("it has no column Decision"))?;
    let by = find(&["decidedby", "reviewer"])?.ok_or_else(|| unreadable("it has no column Decided by"))?;
    let reason = find(&["reason", "decisionreason"])?;
    let role = find(&["role"])?;
    let on = find(&["decidedon", "decidedat", "decisiondate"])?;
    // A line of a note may name a number; a row has separators too.
    let separator = char::from(delimiter.unwrap_or(b','));
    let is_row =
        |line: &str| line.matches(separator).count() + 2 >= header.len() && !NhsNumber::all_in(line).is_empty();
    // By the captions that are known of exports.
    let columns = Columns::read(&captions, None);
    let known = |role| columns.patient(role).map(usize::from);
    let system = find(&["emisnumber", "emisno", "emisid", "emis", "systemnumber", "patientid"])?;
    let system = system.or_else(|| known(PatientRole::EmisNumber));
    let born = find(&["dateofbirth", "dob", "birthdate"])?.or_else(|| known(PatientRole::BirthDate));
    let is_whole = text.ends_with(['\r', '\n']);
    let mut out = Vec::new();
    let mut records = reader.records().zip(2_u32..).peekable();
    while let Some((record, row)) = records.next() {
        let record = record.map_err(|_| unreadable(&format!("row {row} is not CSV")))?;
        // A quotation mark that is not closed swallows the rows behind it.
        if record.iter().any(|cell| cell.lines().skip(1).any(is_row)) {
            return Err(unreadable(&format!(
                "a quotation mark in row {row} is not closed, and rows behind it would be lost"
            )));
        }
        let cell = |column: Option<usize>| column.and_then(|c| record.get(c)).unwrap_or("").trim().to_owned();
        // A reason without a decision may be why there is none.
        let undecided = cell(Some(choice)).is_empty();
        if undecided && cell(reason).is_empty() {
            continue;
        }
        let surplus = record.iter().skip(header.len()).any(|cell| !cell.trim().is_empty());
        let is_cut = record.len() < header.len() && !is_whole && records.peek().is_none();
        out.push(Proposal {
            row,
            whose: Whose::Cell(NhsNumber::read(&cell(Some(nhs)))),
            choice: Choice::read(&cell(Some(choice))),
            by: Reviewer { name: cell(Some(by)), role: cell(role) },
            at: day_in(&cell(on)).and_then(|day| day.date().and_hms_opt(0, 0, 0)),
            reason: cell(reason),
            made: Made::Listed,
            despite: None,
            system: cell(system),
            born: day_in(&cell(born)),
            trouble: if undecided {
                Some("A reason stands on this row, and no decision. Write one, or take the reason out.")
            } else if !cell(on).is_empty() && day_in(&cell(on)).is_none() {
                Some("When this was decided cannot be read. Write the day as 20-Nov-2026.")
            } else if surplus {
                Some("The row has more cells than the header: put a name or a reason with a comma in it between quotation marks.")
            } else if is_cut {
                Some("The last row of the file ends early. Save the list again, whole.")
            } else {
                None
            },
        });
    }
    Ok(out)
}

/// The day in a cell of the list, if there is one.
fn day_in(cell: &str) -> Option<Day> {
    match read_date(cell) {
        DateReading::Day { day, .. } => Some(day),
        _ => None,
    }
}
