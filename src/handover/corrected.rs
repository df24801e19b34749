//! The corrected copy: the original bytes with pieces added or replaced. Every
//! cell that was not corrected is byte for byte as it was.

use std::io::{self, Write};
use std::ops::Range;

use crate::cohort::{Cohort, PatientId};
use crate::domain::AccessCode;
use crate::extract::{CodeCell, EventColumns, Extract, PatientRole, System};
use crate::review::Review;

/// A change of the text: these bytes, replaced by this.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Edit {
    range: Range<usize>,
    text: String,
}

/// The corrections of one file.
pub struct Correction<'a> {
    extract: &'a Extract,
    edits: Vec<Edit>,
}

/// One 106 to be added.
pub struct NewCode<'a> {
    /// For whom.
    pub patient: PatientId,
    /// The date it carries, written as the file writes dates.
    pub date: &'a str,
}

impl<'a> Correction<'a> {
    /// Gathers the corrections: damaged codes that were repaired, and a 106 for
    /// each of the patients.
    #[must_use]
    pub fn new(file: u16, extract: &'a Extract, cohort: &Cohort, review: &Review, additions: &[NewCode<'_>]) -> Self {
        let mut edits: Vec<Edit> = extract
            .entries
            .iter()
            .filter_map(|entry| {
                let CodeCell::Known(code, Some(_)) = entry.code else { return None };
                let column = extract.columns.events.get(usize::from(entry.group))?.id?;
                let range = extract.fields(entry.row).range(usize::from(column))?;
                let quoted = extract.source.text().get(range.clone())?.starts_with('"');
                let id = code.concept().to_string();
                Some(Edit { range, text: if quoted { format!("\"{id}\"") } else { id } })
            })
            .collect();
        for new in additions {
            edits.extend(added_row(file, extract, cohort, review, new));
        }
        edits.sort_by_key(|e| (e.range.start, e.range.end));
        Self { extract, edits }
    }

    /// Name of the copy: "practice.csv" gives "practice-corrected.csv".
    #[must_use]
    pub fn name(&self) -> String {
        let name = self.extract.source.name();
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        format!("{stem}-corrected.csv")
    }

    /// Writes the copy in the encoding of the source.
    ///
    /// # Errors
    /// Where writing fails, or the source cannot be written back faithfully.
    pub fn write_to(&self, out: &mut dyn Write) -> io::Result<()> {
        let source = &self.extract.source;
        if !source.is_faithful() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "the source holds damaged characters that cannot be copied exactly",
            ));
        }
        out.write_all(&source.mark())?;
        let text = source.text();
        let utf8 = source.encoding() == crate::extract::Encoding::Utf8;
        let mut put =
            |piece: &str| if utf8 { out.write_all(piece.as_bytes()) } else { out.write_all(&source.encode(piece)) };
        let mut at = 0;
        for edit in &self.edits {
            put(text.get(at..edit.range.start).unwrap_or(""))?;
            put(&edit.text)?;
            at = edit.range.end;
        }
        put(text.get(at..).unwrap_or(""))
    }
}

/// A row below the patient's last one, in the layout's own way: EMIS leaves the
/// patient cells blank, `SystmOne` repeats them.
fn added_row(file: u16, extract: &Extract, cohort: &Cohort, review: &Review, new: &NewCode<'_>) -> Option<Edit> {
    let patient = cohort.patient(new.patient)?;
    let decision = review.of(new.patient)?;
    let here = |e: &&crate::cohort::CodeEvent| e.place.file == file;
    let deciding = cohort.event(patient.deciding).filter(here)?;
    let last = cohort.events_of(patient).iter().filter(here).map(|e| e.place.row).max()?;
    let target = *extract.columns.events.get(usize::from(deciding.group))?;
    let base = extract.fields(last);
    let model = extract.fields(deciding.place.row);
    let text = extract.source.text();
    let repeats = extract.layout.system == System::SystmOne || !extract.has_continuations && repeats_patients(extract);
    let counting = extract.columns.patient(PatientRole::PatientCount);
    let others: Vec<_> = cohort.events_of(patient).iter().filter(here).map(|e| extract.fields(e.place.row)).collect();
    // Beside the patient's own columns only what is the same on all their rows is
    // repeated: an event's number or note belongs to that event.
    let of_patient = |column: u16| {
        let same = || others.iter().all(|f| f.raw(text, usize::from(column)) == base.raw(text, usize::from(column)));
        extract.columns.patient_side.contains(&column)
            || extract.columns.contact.contains(&column)
            || (others.len() > 1 && same())
            || Some(column) == counting
    };
    let width = extract.columns.all.len();
    let is_event = |column: u16| extract.columns.events.iter().flat_map(EventColumns::iter).any(|c| c == column);
    let cells: Vec<String> = (0..u16::try_from(width).ok()?)
        .map(|column| match new_value(target, column, new.date, &decision.by.name) {
            Some(Value::Text(value)) => quote(&value, extract.layout.delimiter),
            Some(Value::AsBefore) => model.raw(text, usize::from(column)).to_owned(),
            None if repeats && !is_event(column) && of_patient(column) => {
                base.raw(text, usize::from(column)).to_owned()
            }
            None => String::new(),
        })
        .collect();
    let end = extract.layout.line_end;
    let row = cells.join(&char::from(extract.layout.delimiter).to_string());
    // The last record of a file may end without a line break.
    let closed = text.get(base.start..base.end).is_some_and(|r| r.ends_with(['\r', '\n']));
    let text = if closed { format!("{row}{end}") } else { format!("{end}{row}") };
    Some(Edit { range: base.end..base.end, text })
}

/// Whether further rows of a patient repeat the patient cells: more code rows than
/// people, and none that leaves them blank.
fn repeats_patients(extract: &Extract) -> bool {
    extract.entries.windows(2).any(|w| w[0].person == w[1].person && w[0].row != w[1].row)
}

enum Value {
    Text(String),
    /// As in the row of the 104.
    AsBefore,
}

fn new_value(columns: EventColumns, column: u16, date: &str, by: &str) -> Option<Value> {
    let is = |c: Option<u16>| c == Some(column);
    let text = |s: &str| Some(Value::Text(s.to_owned()));
    match column {
        _ if is(columns.term) => text(AccessCode::NoReview106.term()),
        _ if is(columns.id) => text(&AccessCode::NoReview106.concept().to_string()),
        _ if is(columns.date) || is(columns.entered) => text(date),
        _ if is(columns.user) => text(by),
        _ if is(columns.organisation) => Some(Value::AsBefore),
        _ => None,
    }
}

fn quote(value: &str, delimiter: u8) -> String {
    let special = |c: char| c == '"' || c == '\n' || c == '\r' || c == char::from(delimiter);
    if value.contains(special) { format!("\"{}\"", value.replace('"', "\"\"")) } else { value.to_owned() }
}
