//! Finding the table in a file: delimiter, preamble, group row, header, run
//! date, and which system made it.

use super::captions;
use super::columns::{Columns, is_code_caption, is_telling};
use super::error::ReadError;
use super::purpose::Purpose;
use super::records::{Ends, Scanner};
use super::roles::PatientRole;
use super::source::{HEAD, Source};
use super::store::Window;
use crate::domain::marker::markers_in_text;
use crate::domain::wording::plain;
use crate::domain::{DateReading, Day, NhsNumber, NhsReading, read_date};

/// The header is looked for in this many rows.
const ROWS_LOOKED_AT: usize = 60;

/// The clinical system that made a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum System {
    /// EMIS Web.
    Emis,
    /// TPP `SystmOne`.
    SystmOne,
}

impl System {
    /// As people call it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Emis => "EMIS Web",
            Self::SystmOne => "SystmOne",
        }
    }

    /// As the command line and the files write it.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Emis => "emis",
            Self::SystmOne => "systmone",
        }
    }

    /// Reads [`System::key`].
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Emis, Self::SystmOne].into_iter().find(|s| s.key().eq_ignore_ascii_case(key))
    }
}

/// The first bytes of a text, in which the header is looked for.
pub struct Head {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Where the text begins behind its byte order mark.
    pub start: usize,
    /// They are the whole text.
    pub is_whole: bool,
}

impl Head {
    /// Takes them from a source.
    ///
    /// # Errors
    /// Where they cannot be read.
    pub fn of(source: &Source) -> Result<Self, ReadError> {
        let store = source.text();
        let bytes = Window::default().of(store, 0, HEAD)?.to_vec();
        Ok(Self { is_whole: bytes.len() as u64 == store.size(), ..Self::from_bytes(bytes) })
    }

    /// A whole text.
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        let start = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        Self { bytes, start, is_whole: true }
    }

    /// The records from a byte on, at most so many, each with its place.
    #[must_use]
    pub fn records(&self, from: usize, delimiter: u8, most: usize) -> Vec<Ends> {
        let mut scanner = Scanner::new(&self.bytes, from, delimiter);
        let mut out = Vec::new();
        let mut ends = Ends::default();
        while out.len() < most && scanner.next_record(&mut ends, self.is_whole) {
            out.push(std::mem::take(&mut ends));
        }
        out
    }
}

/// How a file is laid out.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Which system made it, by its captions.
    pub system: System,
    /// Captions of that system say so, and not only how their first letters are written.
    pub is_system_clear: bool,
    /// What separates cells.
    pub delimiter: u8,
    /// What ends a row.
    pub line_end: &'static str,
    /// Rows before the header, blank ones and the group row among them.
    pub preamble_rows: usize,
    /// Whether a row of group captions stands above the header.
    pub has_group_row: bool,
    /// Row of the header, from 1; nought where there is none.
    pub header_row: u32,
    /// Byte where the text starts behind its byte order mark.
    pub text_start: u64,
    /// Byte of the text where the first record below the header starts.
    pub body_start: u64,
    /// When the export was made, where the file says so.
    pub run_date: Option<(Day, Option<u16>)>,
    /// When the file was last written, where it does not say when it was made.
    pub file_date: Option<Day>,
    /// The practice's name, where the preamble says so.
    pub practice: Option<String>,
}

impl Layout {
    /// The day on which the export was made, by its own word or the file's date.
    #[must_use]
    pub fn made_on(&self) -> Option<Day> {
        self.run_date.map(|(day, _)| day).or(self.file_date)
    }

    /// What separates cells, in words.
    #[must_use]
    pub const fn delimiter_label(&self) -> &'static str {
        match self.delimiter {
            b';' => "semicolon",
            b'\t' => "tab",
            b'|' => "bar",
            _ => "comma",
        }
    }
}

/// Finds the header and all that stands above it.
pub fn find(head: &Head, purpose: Purpose) -> Result<(Layout, Columns), ReadError> {
    let mut best: Option<(usize, Layout, Columns)> = None;
    for delimiter in [b',', b';', b'\t', b'|'] {
        let Some((layout, columns)) = find_with(head, delimiter, purpose) else { continue };
        let has_nhs = columns.patient(PatientRole::NhsNumber).is_some();
        let score = columns.recognised + if has_nhs { 10 } else { 0 };
        if best.as_ref().is_none_or(|(most, ..)| score > *most) {
            best = Some((score, layout, columns));
        }
    }
    best.map(|(_, layout, columns)| (layout, columns))
        .or_else(|| if purpose == Purpose::Export { None } else { numbers_only(head) })
        .ok_or(ReadError::NoHeader { looked_at: ROWS_LOOKED_AT })
}

/// A register that is a list of NHS numbers and nothing else, as the systems take such
/// lists: no header at all.
fn numbers_only(head: &Head) -> Option<(Layout, Columns)> {
    let records = head.records(head.start, b',', ROWS_LOOKED_AT);
    let first = |r: &Ends| NhsNumber::read(&r.fields(&head.bytes).cell(0));
    let (mut filled, mut valid) = (0, 0);
    for record in records.iter().filter(|r| !r.fields(&head.bytes).is_blank()) {
        filled += 1;
        valid += usize::from(record.cells.len() == 1 && matches!(first(record), NhsReading::Valid(_)));
    }
    if valid == 0 || valid * 10 < filled * 8 {
        return None;
    }
    let columns = Columns::read(&["NHS number".to_owned()], None);
    let line_end = line_end(head.bytes.get(records.first()?.start..records.first()?.next).unwrap_or_default());
    let layout = Layout {
        system: System::Emis,
        is_system_clear: false,
        delimiter: b',',
        line_end,
        preamble_rows: 0,
        has_group_row: false,
        header_row: 0,
        text_start: head.start as u64,
        body_start: head.start as u64,
        run_date: None,
        file_date: None,
        practice: None,
    };
    Some((layout, columns))
}

/// Excel's `sep=;` in front of everything.
#[must_use]
pub fn is_separator_line(bytes: &[u8]) -> bool {
    let end = memchr::memchr2(b'\r', b'\n', bytes).unwrap_or(bytes.len());
    end == 5 && bytes[..4].eq_ignore_ascii_case(b"sep=")
}

fn find_with(head: &Head, delimiter: u8, purpose: Purpose) -> Option<(Layout, Columns)> {
    let mut above: Vec<Vec<String>> = Vec::new();
    for (record, row) in head.records(head.start, delimiter, ROWS_LOOKED_AT).iter().zip(1_u32..) {
        let fields = record.fields(&head.bytes);
        let cells: Vec<String> = (0..fields.len()).map(|c| fields.cell(c).trim().to_owned()).collect();
        let alone = Columns::read(&cells, None);
        let has_nhs = alone.patient(PatientRole::NhsNumber).is_some();
        // A register may be a list of numbers and nothing else.
        let is_export = purpose == Purpose::Export;
        let told = has_nhs || (!is_export && alone.patient(PatientRole::EmisNumber).is_some());
        if alone.recognised >= 3 || (alone.recognised >= if is_export { 2 } else { 1 } && told) {
            let groups = above.last().filter(|g| is_group_row(g, &cells));
            let columns = Columns::read(&cells, groups.map(Vec::as_slice));
            let (system, is_system_clear) = system_of(&cells, groups.is_some(), above.len());
            let layout = Layout {
                system,
                is_system_clear,
                delimiter,
                line_end: line_end(head.bytes.get(record.start..record.next).unwrap_or_default()),
                preamble_rows: above.len(),
                has_group_row: groups.is_some(),
                header_row: row,
                text_start: head.start as u64,
                body_start: record.next as u64,
                file_date: None,
                run_date: above.iter().find_map(|cells| run_date(cells)),
                practice: above.iter().find_map(|cells| practice(cells)),
            };
            return Some((layout, columns));
        }
        let separator = row == 1 && is_separator_line(head.bytes.get(record.start..).unwrap_or_default());
        above.push(if separator { Vec::new() } else { cells });
    }
    None
}

fn line_end(header: &[u8]) -> &'static str {
    if header.ends_with(b"\r\n") {
        "\r\n"
    } else if header.ends_with(b"\r") {
        "\r"
    } else {
        "\n"
    }
}

/// A row of captions over the first column of each group: sparse, its first
/// caption over the first column, at least as wide as one group, no dates.
fn is_group_row(cells: &[String], header: &[String]) -> bool {
    let filled = cells.iter().filter(|c| !c.is_empty()).count();
    let wide = cells.len() * 2 > header.len();
    let dated = cells.iter().any(|c| matches!(read_date(c), DateReading::Day { .. }));
    let first = cells.iter().position(|c| !c.is_empty());
    let has_number = cells.iter().any(|c| !c.is_empty() && c.chars().all(|d| d.is_ascii_digit() || d == ','));
    // A preamble line ("Organisation,Riverbank Surgery") is no row of captions: those keep the
    // patient's columns and those of codes apart.
    let begins: Vec<usize> = (0..cells.len().min(header.len())).filter(|at| !cells[*at].is_empty()).collect();
    let ends = begins.iter().skip(1).copied().chain([header.len()]);
    let holds = |from: usize, to: usize, is: fn(&str) -> bool| header[from..to].iter().any(|name| is(name));
    let groups: Vec<(bool, bool)> = begins
        .iter()
        .zip(ends)
        .map(|(from, to)| (holds(*from, to, is_telling), holds(*from, to, is_code_caption)))
        .collect();
    let names_risk = begins.iter().skip(1).any(|at| !markers_in_text(&cells[*at]).is_empty());
    let keeps_apart =
        groups.len() < 2 || names_risk || (groups.contains(&(true, false)) && groups.contains(&(false, true)));
    filled >= 1
        && filled * 2 <= header.len()
        && wide
        && !dated
        && !has_number
        && keeps_apart
        && first == Some(0)
        && (filled > 1 || cells[0].to_lowercase().starts_with("patient d"))
}

/// Which system writes captions like these, and whether that is clear.
fn system_of(header: &[String], has_groups: bool, rows_above: usize) -> (System, bool) {
    let mut emis = usize::from(has_groups) * 2 + usize::from(rows_above > 3);
    let mut systmone = 0;
    let mut letters = (0, 0);
    for caption in header {
        match plain(caption).as_str() {
            // Nobody else has that.
            "emisnumber" => emis += 3,
            "codeterm" | "dateadded" | "associatedtext" | "usualgpsfullname" | "userdetailsfullname" => {
                emis += 1;
            }
            "eventdetails" | "eventdoneby" | "eventdate" | "patientcount" | "ctv3code" | "telecomnumber"
            | "usualgp" => systmone += 1,
            _ => {}
        }
        match caption.as_str() {
            "NHS Number" | "Date of Birth" => letters.0 += 1,
            "NHS number" | "Date of birth" => letters.1 += 1,
            _ => {}
        }
    }
    let is_clear = emis != systmone;
    let system = if systmone + letters.1 > emis + letters.0 { System::SystmOne } else { System::Emis };
    (system, is_clear)
}

/// "Last Run" and a date in any cell behind it, or in the same cell.
fn run_date(cells: &[String]) -> Option<(Day, Option<u16>)> {
    let at = cells.iter().position(|c| captions::is_of_the_run(c))?;
    let inline = cells[at].split_once(':').map(|(_, date)| date.trim());
    let mut dates = inline.into_iter().chain(cells[at + 1..].iter().map(String::as_str));
    dates.find_map(|cell| match read_date(cell) {
        DateReading::Day { day, minute, .. } => Some((day, minute)),
        _ => None,
    })
}

/// The cell behind "Organisation" or "Practice".
fn practice(cells: &[String]) -> Option<String> {
    let at = cells.iter().position(|c| captions::is_of_the_practice(c))?;
    cells[at + 1..].iter().find(|c| !c.is_empty()).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "EMIS Number,NHS Number,Full Name,Date of Birth,Code Term,Date";

    #[test]
    fn the_header_is_found_below_any_preamble() {
        let text = format!(
            "Report,,,,,\n\nLast Run,,,07/10/2024 09:12,,\nOrganisation,Riverbank Surgery,,,,\n\nPatient Details,,,,Access codes,\n{HEADER}\n"
        );
        let (layout, _) = find(&Head::from_bytes(text.into_bytes()), Purpose::Export).expect("a header");
        assert_eq!(layout.header_row, 7);
        assert!(layout.has_group_row);
        assert_eq!(layout.system, System::Emis);
        assert_eq!(layout.run_date, Some((Day::from_ymd(2024, 10, 7).expect("a day"), Some(552))));
        assert_eq!(layout.practice.as_deref(), Some("Riverbank Surgery"));
    }

    #[test]
    fn any_delimiter_and_a_separator_line() {
        for (delimiter, mark) in [(b',', ","), (b';', ";"), (b'\t', "\t")] {
            let text = format!("sep={mark}\r\n{}\r\n", HEADER.replace(',', mark));
            let (layout, columns) = find(&Head::from_bytes(text.into_bytes()), Purpose::Export).expect("a header");
            assert_eq!(layout.delimiter, delimiter);
            assert_eq!(layout.line_end, "\r\n");
            assert_eq!(layout.header_row, 2);
            assert_eq!(columns.all.len(), 6);
        }
    }

    #[test]
    fn a_letter_is_no_export() {
        let text = "Dear patient,\nYour date, your name and your code.\n";
        assert_eq!(
            find(&Head::from_bytes(text.into()), Purpose::Export).map(|_| ()),
            Err(ReadError::NoHeader { looked_at: ROWS_LOOKED_AT })
        );
    }
}
