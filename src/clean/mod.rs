//! `--clean`: the table in any delimited text, as plain CSV (RFC 4180).
//!
//! This room knows nothing of patients, but that a caption of their exports is one
//! (`extract::is_caption`). It decides what separates the cells
//! (`dialect`), reads them leniently (`parse`), learns what each column looks like
//! (`shape`), and takes the table out of what stands around it (`table`).

mod dialect;
mod parse;
mod shape;
mod table;

pub use dialect::Dialect;

use crate::extract::{NotText, ReadError, workbook_text};

/// The table as CSV, and how it was written.
#[derive(Debug, PartialEq, Eq)]
pub struct Clean {
    /// UTF-8, commas, CRLF, quotes only where they are needed.
    pub csv: Vec<u8>,
    /// How the file was written.
    pub dialect: Dialect,
    /// Rows, the header among them.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
}

/// Finds the table in the bytes of a file. A file that holds nothing gives nothing.
///
/// # Errors
/// Where the file is no text.
pub fn clean(bytes: &[u8]) -> Result<Clean, ReadError> {
    let head = &bytes[..bytes.len().min(1 << 16)];
    let tail = &bytes[bytes.len().saturating_sub(1 << 16)..];
    let text = match NotText::recognise(head, tail) {
        Some(NotText::Workbook | NotText::OldOffice) => workbook_text(bytes)?,
        Some(kind) => return Err(ReadError::NotText(kind)),
        None if is_binary(head) => return Err(ReadError::NotText(NotText::Binary)),
        None => text_of(bytes),
    };
    let (dialect, text) = dialect::find(&text);
    let rows = table::find(text, &dialect);
    let mut csv = Vec::with_capacity(text.len() + rows.len() * 2);
    for row in &rows {
        write_row(row, &mut csv);
    }
    let columns = rows.first().map_or(0, Vec::len);
    Ok(Clean { csv, dialect, rows: rows.len(), columns })
}

/// More kinds of control characters than any text has, be one of them its separator.
const KINDS: usize = 8;

/// Whether these bytes are no text in any encoding.
fn is_binary(bytes: &[u8]) -> bool {
    let mut seen = [false; 32];
    for byte in bytes.iter().filter(|b| matches!(b, 1..=8 | 0x0e..=0x1f)) {
        seen[usize::from(*byte)] = true;
    }
    seen.iter().filter(|s| **s).count() >= KINDS && !matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..])
}

fn write_row(row: &[String], out: &mut Vec<u8>) {
    for (place, cell) in row.iter().enumerate() {
        if place > 0 {
            out.push(b',');
        }
        // A row of one empty cell would be an empty line, which is no row.
        let needs = cell.contains([',', '"', '\r', '\n']) || (row.len() == 1 && cell.is_empty());
        if needs {
            out.push(b'"');
            out.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
            out.push(b'"');
        } else {
            out.extend_from_slice(cell.as_bytes());
        }
    }
    out.extend_from_slice(b"\r\n");
}

/// The text, whatever the encoding, without byte order mark and without NUL, which is
/// no character of any table.
fn text_of(bytes: &[u8]) -> String {
    let noughts = |odd: usize| bytes.iter().skip(odd).step_by(2).take(1000).filter(|b| **b == 0).count();
    let half = bytes.len().div_ceil(2).min(1000);
    let text = match bytes {
        [0xff, 0xfe, ..] => encoding_rs::UTF_16LE.decode(bytes).0,
        [0xfe, 0xff, ..] => encoding_rs::UTF_16BE.decode(bytes).0,
        _ if half > 4 && noughts(1) * 10 > half * 8 => encoding_rs::UTF_16LE.decode(bytes).0,
        _ if half > 4 && noughts(0) * 10 > half * 8 => encoding_rs::UTF_16BE.decode(bytes).0,
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.into(),
            Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
        },
    };
    text.trim_start_matches('\u{feff}').replace('\0', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(text: &str) -> String {
        String::from_utf8(clean(text.as_bytes()).expect("text").csv).expect("UTF-8").replace("\r\n", "\n")
    }

    #[test]
    fn a_picture_is_no_table() {
        let noise: Vec<u8> = (0_u32..4000).map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect();
        assert_eq!(clean(&noise).map(|c| c.rows), Err(ReadError::NotText(NotText::Binary)));
        assert!(clean("a\u{1}b\nc\u{1}d\n".as_bytes()).is_ok(), "an unusual separator is text");
    }

    #[test]
    fn a_plain_table_stays_as_it_is() {
        let text = "id,name,note\n1,Ann,\"a, \"\"b\"\"\"\n2,Bob,\n3,Cy,x\n";
        assert_eq!(cleaned(text), text);
        assert_eq!(cleaned(""), "");
        assert_eq!(cleaned("\n\n"), "");
    }

    #[test]
    fn what_stands_around_the_table_goes() {
        let text =
            "Report of the day;;\nmade 07/10/2024;;\n;;\nid;name;price\n1;Ann;1,50\n2;Bob;2,75\n;;\nNote: made up;;\n";
        assert_eq!(cleaned(text), "id,name,price\n1,Ann,\"1,50\"\n2,Bob,\"2,75\"\n");
    }

    #[test]
    fn cells_are_never_changed() {
        let text = "id,sum\n=1+1, -2 \n@x,\"+3\"\n-4,'5\n";
        assert_eq!(cleaned(text), "id,sum\n=1+1, -2 \n@x,+3\n-4,'5\n");
    }

    #[test]
    fn utf_16_without_a_mark() {
        let bytes: Vec<u8> = "a,b\n1,2\n3,é\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(clean(&bytes).expect("text").csv, "a,b\r\n1,2\r\n3,é\r\n".as_bytes());
    }
}
