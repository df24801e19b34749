//! Workbooks: the sheet that holds the patients, as a table in text.

use std::io::{Cursor, Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, DataRef, ExcelDateTime, Range, Reader as _, Sheets, open_workbook_auto_from_rs};

use super::error::ReadError;
use super::header::{self, Head};
use super::purpose::Purpose;
use crate::domain::Day;

/// What a workbook says, as text with one record a row of the sheet.
pub struct Book {
    /// The sheet, or the sheets, that were read.
    pub name: String,
    /// Comma-separated.
    pub text: String,
    /// Sheets that hold something and are not read.
    pub others: usize,
    /// Somebody wrote comments on cells, which no reader of tables reads.
    pub has_comments: bool,
}

/// The sheets that hold a patient list; without one, the first that holds anything.
/// Several sheets with one header are one list.
///
/// # Errors
/// Where the workbook cannot be read, every sheet is empty, or lists of patients with
/// different columns stand on several sheets.
pub fn table(bytes: &[u8]) -> Result<Book, ReadError> {
    // The reader of workbooks is somebody else's; should it fail on a damaged file, the
    // program must not.
    let read = catch_unwind(AssertUnwindSafe(|| sheets(bytes)));
    let sheets = read.unwrap_or_else(|_| Err(ReadError::Workbook("its structure is damaged".to_owned())))?;
    let all = sheets.len();
    let has_comments = has_comments(bytes);
    let (lists, rest): (Vec<Sheet>, Vec<Sheet>) = sheets.into_iter().partition(|sheet| !sheet.header.is_empty());
    let mut lists = lists.into_iter();
    let Some(first) = lists.next() else {
        let first = rest.into_iter().next().ok_or(ReadError::Empty)?;
        return Ok(Book { name: first.name, text: first.text, others: all - 1, has_comments });
    };
    let mut book = Book { name: first.name, text: first.text, others: rest.len(), has_comments };
    for more in lists {
        if more.header != first.header {
            return Err(ReadError::SeveralSheets { first: book.name, second: more.name });
        }
        book.name = format!("{}, {}", book.name, more.name);
        book.text.push_str(&more.text);
    }
    Ok(book)
}

/// Whether an `.xlsx` has comments on cells: the names of its parts stand in it as they are.
fn has_comments(bytes: &[u8]) -> bool {
    [&b"xl/comments"[..], b"xl/threadedComments"].iter().any(|part| memchr::memmem::find(bytes, part).is_some())
}

struct Sheet {
    name: String,
    text: String,
    /// The captions of a patient list, if it has them.
    header: Vec<String>,
}

fn sheets(bytes: &[u8]) -> Result<Vec<Sheet>, ReadError> {
    let wrong = |e: calamine::Error| ReadError::Workbook(reason(&e.to_string()));
    let mut book = open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(wrong)?;
    let mut out = Vec::new();
    for name in book.sheet_names() {
        if is_too_wide(&mut book, &name).map_err(wrong)? {
            return Err(ReadError::Workbook(format!(
                "something stands far away from the table on sheet “{name}”; delete what is below or beside the table, or save the sheet as CSV"
            )));
        }
        let range = book.worksheet_range(&name).map_err(wrong)?;
        let text = text_of(&range);
        if text.trim_matches([',', '\r', '\n', ' ']).is_empty() {
            continue;
        }
        let beginning = text.as_bytes().get(..HEAD).unwrap_or(text.as_bytes()).to_vec();
        let found = header::find(&Head::from_bytes(beginning), Purpose::Accounts);
        let header = found.map_or_else(|_| Vec::new(), |(_, c)| c.all.into_iter().map(|c| c.name).collect());
        out.push(Sheet { name, text, header });
    }
    Ok(out)
}

/// A sheet's first so many bytes hold its header.
const HEAD: usize = 1 << 20;

/// Cells of the rectangle around everything on a sheet, blank ones among them, that can be kept
/// in memory: a million rows of 48.
const MOST_CELLS: u64 = 50_000_000;

/// Whether the rectangle around everything on a sheet is larger than that. One stray cell in a far
/// corner makes it so.
fn is_too_wide<R: Read + Seek>(book: &mut Sheets<R>, name: &str) -> Result<bool, calamine::Error> {
    // The older form has at most 65,536 rows of 256.
    let Sheets::Xlsx(book) = book else { return Ok(false) };
    let mut cells = book.worksheet_cells_reader(name)?;
    let (rows, columns) = cells.dimensions().end;
    let area = |rows: u32, columns: u32| (u64::from(rows) + 1) * (u64::from(columns) + 1);
    if (rows > 0 || columns > 0) && area(rows, columns) <= MOST_CELLS {
        return Ok(false);
    }
    // Nobody wrote how large it is, or blank cells with a colour make it so.
    let (mut rows, mut columns) = (0, 0);
    while let Some(cell) = cells.next_cell()? {
        if matches!(cell.get_value(), DataRef::Empty) {
            continue;
        }
        let (row, column) = cell.get_position();
        (rows, columns) = (rows.max(row), columns.max(column));
        if area(rows, columns) > MOST_CELLS {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A library's message as a part of a sentence.
fn reason(message: &str) -> String {
    message.lines().next().unwrap_or("").trim_end_matches('.').to_owned()
}

/// One record a row of the sheet, the rows and columns before the first filled ones
/// among them, so that rows are counted as the spreadsheet counts them.
fn text_of(range: &Range<Data>) -> String {
    let Some((first_row, first_column)) = range.start() else { return String::new() };
    let mut text = "\r\n".repeat(first_row as usize);
    for row in range.rows() {
        text.push_str(&",".repeat(first_column as usize));
        for (place, cell) in row.iter().enumerate() {
            if place > 0 {
                text.push(',');
            }
            push_quoted(&mut text, &cell_text(cell));
        }
        text.push_str("\r\n");
    }
    text
}

fn push_quoted(text: &mut String, cell: &str) {
    if cell.contains(['"', ',', '\r', '\n']) || cell != cell.trim() {
        text.push('"');
        text.push_str(&cell.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(cell);
    }
}

fn cell_text(cell: &Data) -> String {
    match cell {
        Data::String(text) | Data::DurationIso(text) => text.clone(),
        // "2022-10-31T00:00:00"
        Data::DateTimeIso(text) => text.strip_suffix("T00:00:00").unwrap_or(text).to_owned(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number_text(*number),
        Data::Bool(truth) => if *truth { "TRUE" } else { "FALSE" }.to_owned(),
        Data::DateTime(date) => date_text(date),
        Data::Error(error) => error.to_string(),
        Data::Empty => String::new(),
    }
}

/// A number as its digits, never in scientific notation: an identifier that a
/// spreadsheet made a number of keeps every digit that is left of it.
fn number_text(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e17 { format!("{number:.0}") } else { number.to_string() }
}

/// A date as the clinical systems write it, with its time of day where it has one.
fn date_text(date: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, ..) = date.to_ymd_hms_milli();
    let days = date.as_f64();
    match Day::from_ymd(i32::from(year), u32::from(month), u32::from(day)) {
        Some(day) if !date.is_duration() && days >= 1.0 => match (hour, minute) {
            (0, 0) => day.table(),
            _ => format!("{} {hour:02}:{minute:02}", day.table()),
        },
        _ => number_text(days),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_digits() {
        assert_eq!(number_text(1_364_731_000_000_104.0), "1364731000000104");
        assert_eq!(number_text(9_990_000_018.0), "9990000018");
        assert_eq!(number_text(0.5), "0.5");
    }

    #[test]
    fn a_stray_cell_in_a_far_corner_is_told() {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write(0, 0, "NHS Number").expect("written");
        sheet.write(1_048_575, 16_383, "x").expect("written");
        let bytes = book.save_to_buffer().expect("a workbook");
        let Err(ReadError::Workbook(why)) = table(&bytes) else { panic!("refused") };
        assert!(why.contains("far away from the table on sheet “Sheet1”"), "{why}");
    }

    #[test]
    fn what_is_no_workbook_says_so() {
        assert!(matches!(table(b"PK\x03\x04 nothing of the kind"), Err(ReadError::Workbook(_))));
        assert!(matches!(table(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and no more"), Err(ReadError::Workbook(_))));
    }
}
