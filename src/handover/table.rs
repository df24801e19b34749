//! CSV files that we compose: UTF-8, CRLF, and nothing a spreadsheet would run.

use std::borrow::Cow;

/// A CSV file in the making.
pub struct Table {
    writer: csv::Writer<Vec<u8>>,
}

impl Table {
    /// Starts with a header.
    pub fn new(header: &[&str]) -> Self {
        let writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).flexible(true).from_writer(Vec::new());
        let mut table = Self { writer };
        table.row(header);
        table
    }

    /// Adds a row. Cells that a spreadsheet would take for a formula are
    /// neutralised.
    pub fn row<S: AsRef<str>>(&mut self, cells: &[S]) {
        // Writing to memory cannot fail.
        let _ = self.writer.write_record(cells.iter().map(|c| neutral(c.as_ref()).into_owned()));
    }

    /// The bytes.
    pub fn finish(self) -> Vec<u8> {
        [MARK, &self.writer.into_inner().unwrap_or_default()[..]].concat()
    }
}

/// Excel takes a file without this mark for Windows-1252, and shows names damaged.
pub const MARK: &[u8] = b"\xef\xbb\xbf";

/// Puts an apostrophe before a cell that begins like a formula (OWASP, "CSV
/// injection").
pub fn neutral(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// A cell with quotes around it where it needs them (RFC 4180).
pub fn quoted(cell: &str) -> Cow<'_, str> {
    if cell.contains(['"', ',', '\r', '\n']) {
        Cow::Owned(format!("\"{}\"", cell.replace('"', "\"\"")))
    } else {
        Cow::Borrowed(cell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_neutralised_and_cells_quoted() {
        let mut table = Table::new(&["a", "b"]);
        table.row(&["=1+1", "x, \"y\""]);
        table.row(&["-2", "plain"]);
        assert_eq!(table.finish(), b"\xef\xbb\xbfa,b\r\n'=1+1,\"x, \"\"y\"\"\"\r\n'-2,plain\r\n");
    }
}
