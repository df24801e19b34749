//! The corrected copy: the original bytes with pieces added or replaced. Every
//! cell that was not corrected is byte for byte as it was.

use std::io::{self, Write};
use std::ops::Range;

use super::table::neutral;
use crate::cohort::{Cohort, PatientId};
use crate::domain::date::month_first_as_day_first;
use crate::domain::wording::plain;
use crate::domain::{AccessCode, CodeReading, read_code};
use crate::extract::{Encoding, EventColumns, Extract, PatientRole, RowCursor, System, Window};
use crate::review::Review;
use crate::sharing;

/// A change of the text: these bytes, replaced by this.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Edit {
    range: Range<u64>,
    /// In the encoding of the file.
    bytes: Vec<u8>,
}

/// The corrections of one file.
pub struct Correction<'a> {
    extract: &'a Extract,
    edits: Vec<Edit>,
    /// A row that is to be corrected could not be read again.
    is_lost: bool,
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
        let mut cursor = extract.cursor();
        let mut repair = |&(row, group, code): &(u32, u8, AccessCode)| {
            let columns = extract.columns.events.get(usize::from(group))?;
            let found = cursor.row(row);
            // Of two identifiers, the one that was put right.
            let is_damaged = |column: &u16| {
                let cell = found.fields().cell(usize::from(*column));
                matches!(read_code(&cell, code.term()), CodeReading::Known { repair: Some(_), .. })
            };
            let column = [columns.id, columns.second_id].into_iter().flatten().find(is_damaged)?;
            let quoted = found.fields().raw(usize::from(column)).starts_with(b"\"");
            let id = code.concept().to_string();
            let text = if quoted { format!("\"{id}\"") } else { id };
            Some(Edit { range: found.range(usize::from(column))?, bytes: text.into_bytes() })
        };
        let mut edits: Vec<Edit> = extract.repairs.iter().filter_map(&mut repair).collect();
        let added = sharing::chunks("composing", additions, |_, some| {
            let mut cursor = extract.cursor();
            let rows = some.iter().filter_map(|new| added_row(file, &mut cursor, extract, cohort, review, new));
            let rows: Vec<Edit> = rows.collect();
            (rows, cursor.has_lost_rows())
        });
        let mut is_lost = cursor.has_lost_rows();
        for (rows, some_are_lost) in added {
            is_lost |= some_are_lost;
            edits.extend(rows);
        }
        edits.sort_by_key(|e| (e.range.start, e.range.end));
        Self { extract, edits, is_lost }
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
        if self.is_lost {
            return Err(io::Error::other("a row of the export could not be read again: open the export again"));
        }
        let lost = |e: crate::extract::StoreError| io::Error::other(e.to_string());
        let text = source.text();
        text.is_unchanged().map_err(lost)?;
        out.write_all(&source.mark())?;
        // UTF-16 is turned back from the text; every other encoding is the text.
        let turned = matches!(source.encoding(), Encoding::Utf16Le | Encoding::Utf16Be);
        let mut put = |piece: &[u8]| {
            if turned { out.write_all(&source.encode(&String::from_utf8_lossy(piece))) } else { out.write_all(piece) }
        };
        let mut window = Window::default();
        let mut at = 0;
        let end = Edit { range: text.size()..text.size(), bytes: Vec::new() };
        for edit in self.edits.iter().chain([&end]) {
            while at < edit.range.start {
                let to = edit.range.start.min(at + if turned { u64::MAX - at } else { PIECE });
                put(window.of(text, at, to).map_err(lost)?)?;
                at = to;
            }
            put(&edit.bytes)?;
            at = edit.range.end;
        }
        text.is_unchanged().map_err(lost)
    }
}

/// How much of the source is copied at a time.
const PIECE: u64 = 1 << 20;

/// A row below the patient's last one, in the layout's own way: EMIS leaves the
/// patient cells blank, `SystmOne` repeats them.
fn added_row(
    file: u16,
    cursor: &mut RowCursor<'_>,
    extract: &Extract,
    cohort: &Cohort,
    review: &Review,
    new: &NewCode<'_>,
) -> Option<Edit> {
    let patient = cohort.patient(new.patient)?;
    let decision = review.of(new.patient)?;
    let here = |e: &&crate::cohort::CodeEvent| e.place.file == file;
    let deciding = cohort.event(patient.deciding).filter(here)?;
    let last = cohort.events_of(patient).iter().filter(here).map(|e| e.place.row).max()?;
    let target = *extract.columns.events.get(usize::from(deciding.group))?;
    let (base, model) = (cursor.row(last), cursor.row(deciding.place.row));
    let (base_fields, model_fields) = (base.fields(), model.fields());
    let repeats = extract.layout.system == System::SystmOne || !extract.has_continuations && extract.repeats_patients;
    let counting = extract.columns.patient(PatientRole::PatientCount);
    let others: Vec<_> = cohort.events_of(patient).iter().filter(here).map(|e| cursor.row(e.place.row)).collect();
    // Beside the patient's own columns only what is the same on all their rows is
    // repeated: an event's number or note belongs to that event.
    let of_patient = |column: u16| {
        let at = usize::from(column);
        let same = || others.iter().all(|row| row.fields().raw(at) == base_fields.raw(at));
        extract.columns.patient_side.contains(&column)
            || extract.columns.contact.contains(&column)
            || (others.len() > 1 && same())
            || Some(column) == counting
    };
    let width = extract.columns.all.len();
    let is_event = |column: u16| extract.columns.events.iter().flat_map(EventColumns::iter).any(|c| c == column);
    let source = &extract.source;
    let text_encoding = |text: &str| match source.encoding() {
        // Its text is UTF-8 here, and is turned back as a whole.
        Encoding::Utf16Le | Encoding::Utf16Be => text.as_bytes().to_vec(),
        _ => source.encode(text),
    };
    // Of two identifiers, the one that is a concept, by the row of the 104 or by its caption.
    let is_concept =
        |column: &u16| matches!(read_code(&model_fields.cell(usize::from(*column)), ""), CodeReading::Known { .. });
    let is_called = |column: &u16| plain(extract.columns.name(*column)).contains("snomed");
    let ids = || [target.id, target.second_id].into_iter().flatten();
    let id = ids().find(is_concept).or_else(|| ids().find(is_called)).or(target.id);
    let target = EventColumns { id, ..target };
    let date_in = |column: u16| {
        let turned = || month_first_as_day_first(new.date);
        // Where the column is month first, it stays so.
        let is_turned = extract.month_first.contains(&column);
        is_turned.then(turned).flatten().unwrap_or_else(|| new.date.to_owned())
    };
    let cells: Vec<Vec<u8>> = (0..u16::try_from(width).ok()?)
        .map(|column| match new_value(target, column, &date_in(column), &decision.by.name) {
            Some(Value::Text(value)) => text_encoding(&quote(&value, extract.layout.delimiter)),
            Some(Value::AsBefore) => model_fields.raw(usize::from(column)).to_vec(),
            None if repeats && !is_event(column) && of_patient(column) => base_fields.raw(usize::from(column)).to_vec(),
            None => Vec::new(),
        })
        .collect();
    let end = extract.layout.line_end.as_bytes();
    let row = cells.join(&extract.layout.delimiter);
    // The last record of a file may end without a line break.
    let bytes = if base.is_closed() { [&row, end].concat() } else { [end, &row].concat() };
    Some(Edit { range: base.next()..base.next(), bytes })
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
        // A name is typed in, and a spreadsheet would take it for a formula.
        _ if is(columns.user) => text(&neutral(by)),
        _ if is(columns.organisation) => Some(Value::AsBefore),
        _ => None,
    }
}

fn quote(value: &str, delimiter: u8) -> String {
    let special = |c: char| c == '"' || c == '\n' || c == '\r' || c == char::from(delimiter);
    if value.contains(special) { format!("\"{}\"", value.replace('"', "\"\"")) } else { value.to_owned() }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;
    use crate::cohort::build;
    use crate::domain::Day;
    use crate::extract::{Progress, ReadOptions, Source, Store, StoreError, read};
    use crate::findings::{Thresholds, find};
    use crate::review::{Against, Choice, Decision, Made, Reviewer};

    /// A file on a drive that is not always there.
    struct Drive {
        bytes: Vec<u8>,
        is_away: Arc<AtomicBool>,
    }

    impl Store for Drive {
        fn size(&self) -> u64 {
            self.bytes.size()
        }

        fn whole(&self) -> Option<&[u8]> {
            None
        }

        fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<(), StoreError> {
            if self.is_away.load(Ordering::Relaxed) {
                return Err(StoreError::Failed("the drive is away".into()));
            }
            self.bytes.read_at(offset, into)
        }

        fn is_unchanged(&self) -> Result<(), StoreError> {
            Ok(())
        }
    }

    #[test]
    fn a_row_that_could_not_be_read_again_leaves_no_damaged_copy() {
        let today = Day::from_ymd(2026, 11, 20).expect("a day");
        let text = "NHS Number,Full Name,Date of Birth,Code Term,Date\r\n9990000018,\"TEST, Ann\",01-Jan-1980,Enhanced review indicated,28-Oct-2022\r\n";
        let is_away = Arc::new(AtomicBool::new(false));
        let drive = Drive { bytes: text.as_bytes().to_vec(), is_away: is_away.clone() };
        let source = Source::open("a.csv", Box::new(drive)).expect("text");
        let extract = read(source, &ReadOptions::on(today), &Progress::default()).expect("an export");
        let mut files = [extract];
        let cohort = build(&mut files, today);
        let findings = find(&cohort, Thresholds::default());
        let patient = PatientId(0);
        let mut review = Review::new(cohort.patients.len());
        let decision = Decision {
            choice: Choice::Add106,
            by: Reviewer { name: "Pat".into(), role: "PM".into() },
            at: today.date().and_hms_opt(9, 0, 0).expect("a time"),
            reason: "seen".into(),
            made: Made::Alone,
            despite: Against::of(&cohort, &findings, patient),
        };
        review.record(&[patient], &decision);
        let copy = |is_away_for_a_while: bool| {
            is_away.store(is_away_for_a_while, Ordering::Relaxed);
            let new = [NewCode { patient, date: "20-Nov-2026" }];
            let correction = Correction::new(0, &files[0], &cohort, &review, &new);
            is_away.store(false, Ordering::Relaxed);
            let mut out = Vec::new();
            correction.write_to(&mut out).map(|()| String::from_utf8(out).expect("text"))
        };
        let whole = copy(false).expect("written");
        assert!(whole.starts_with(text) && whole.contains("Enhanced review not indicated"), "{whole}");
        assert!(copy(true).is_err());
    }
}
