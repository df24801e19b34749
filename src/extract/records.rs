//! Records and cells of a delimited text (RFC 4180, and what people make of it):
//! the one definition of where they end.

use std::borrow::Cow;
use std::ops::Range;

use encoding_rs::WINDOWS_1252;

/// No cell is longer (a spreadsheet holds 32,767 characters): a quotation mark that
/// is not closed within so many bytes was an ordinary character.
pub const LONGEST_CELL: usize = 1 << 20;

/// Steps through the records of a text. Exact and lenient: quotes around a cell,
/// doubled quotes within it, line breaks within quotes; CRLF, LF or CR ends a
/// record. A quote in the middle of a cell is an ordinary character, and so is
/// an opening quote that is never closed, or that another opening quote follows.
#[derive(Clone, Debug)]
pub struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    delimiter: u8,
}

/// Where one record and its cells end.
#[derive(Clone, Debug, Default)]
pub struct Ends {
    /// The end of each cell.
    pub cells: Vec<u32>,
    /// Where the record begins.
    pub start: usize,
    /// Where the next one begins.
    pub next: usize,
    /// Whether a quotation mark stood where none can.
    pub stray_quote: bool,
}

impl Ends {
    /// The cells.
    #[must_use]
    pub fn fields<'a>(&'a self, bytes: &'a [u8]) -> Fields<'a> {
        Fields { bytes, start: self.start, next: self.next, ends: &self.cells, stray_quote: self.stray_quote }
    }
}

/// The cells of one record.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'a> {
    bytes: &'a [u8],
    /// Where the record begins.
    pub start: usize,
    /// Where the next one begins.
    pub next: usize,
    ends: &'a [u32],
    /// Whether a quotation mark stood where none can.
    pub stray_quote: bool,
}

impl<'a> Fields<'a> {
    /// Puts them together.
    #[must_use]
    pub const fn new(bytes: &'a [u8], start: usize, next: usize, ends: &'a [u32], stray_quote: bool) -> Self {
        Self { bytes, start, next, ends, stray_quote }
    }

    /// How many cells.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Where the cell stands, quotes and all.
    #[must_use]
    #[inline]
    pub fn range(&self, column: usize) -> Option<Range<usize>> {
        let end = *self.ends.get(column)? as usize;
        let from = match column.checked_sub(1) {
            Some(before) => self.ends[before] as usize + 1,
            None => self.start,
        };
        Some(from..end)
    }

    /// The cell as it stands in the file, quotes and all. Empty beyond the end.
    #[must_use]
    #[inline]
    pub fn raw(&self, column: usize) -> &'a [u8] {
        self.range(column).and_then(|range| self.bytes.get(range)).unwrap_or_default()
    }

    /// What the cell says.
    #[must_use]
    pub fn cell(&self, column: usize) -> Cow<'a, str> {
        text_of(self.raw(column))
    }

    /// The whole record without its line end.
    #[must_use]
    pub fn record(&self) -> &'a [u8] {
        let end = self.ends.last().map_or(self.start, |e| *e as usize);
        self.bytes.get(self.start..end).unwrap_or_default()
    }

    /// Whether every cell is blank.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        (0..self.len()).all(|c| is_blank(self.raw(c)))
    }
}

/// Whether a raw cell holds nothing but white space and quotes.
#[must_use]
#[inline]
pub fn is_blank(raw: &[u8]) -> bool {
    let Some(at) = raw.iter().position(|b| !matches!(b, b' ' | b'\t' | b'"' | b'\r' | b'\n')) else { return true };
    // A no-break space is white space too, in either encoding.
    matches!(raw[at], 0xa0 | 0xc2 | 0xe2 | 0x0b | 0x0c)
        && text_of(raw).trim_matches(|c: char| c.is_whitespace() || c == '"').is_empty()
}

/// What a raw cell says: its quotes taken off, its bytes turned into text. A cell
/// that is no UTF-8 is Windows-1252, cell by cell: files put together from several
/// practices may hold both.
#[must_use]
pub fn text_of(raw: &[u8]) -> Cow<'_, str> {
    match unquote(raw) {
        Cow::Borrowed(bytes) => decode(bytes),
        Cow::Owned(bytes) => Cow::Owned(decode(&bytes).into_owned()),
    }
}

/// Bytes as text: UTF-8, or else Windows-1252.
#[must_use]
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

/// A raw cell without its quotes.
#[must_use]
#[inline]
pub fn unquote(raw: &[u8]) -> Cow<'_, [u8]> {
    let Some(inner) = raw.strip_prefix(b"\"") else { return Cow::Borrowed(raw) };
    match inner.strip_suffix(b"\"") {
        Some(inner) if memchr::memchr(b'"', inner).is_none() => Cow::Borrowed(inner),
        _ => Cow::Owned(unquote_slowly(inner)),
    }
}

/// Within quotes a doubled quote is one; behind the closing quote the rest is
/// kept as it stands, but for white space.
fn unquote_slowly(inner: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = memchr::memchr(b'"', rest) {
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix(b"\"") {
            out.push(b'"');
            rest = after;
        } else {
            if !rest.iter().all(|b| matches!(b, b' ' | b'\t')) {
                out.extend_from_slice(rest);
            }
            return out;
        }
    }
    // Never closed: then the opening quote was an ordinary character.
    [b"\"", inner].concat()
}

impl<'a> Scanner<'a> {
    /// Starts at a byte of the text, which must be where a record begins.
    #[must_use]
    pub const fn new(bytes: &'a [u8], start: usize, delimiter: u8) -> Self {
        Self { bytes, at: start, delimiter }
    }

    /// Reads the next record; false at the end. `at_end` says that the text ends
    /// with these bytes; if it goes on, a record is read only if it is certain that
    /// what follows cannot change where it ends.
    pub fn next_record(&mut self, record: &mut Ends, at_end: bool) -> bool {
        record.cells.clear();
        record.stray_quote = false;
        record.start = self.at;
        let bytes = self.bytes;
        let mut from = self.at;
        if from >= bytes.len() {
            record.next = from;
            return false;
        }
        loop {
            let mut look = from;
            if bytes.get(from) == Some(&b'"') {
                match self.closing_quote(from, at_end) {
                    Closing::At(close) => look = close + 1,
                    Closing::None => record.stray_quote = true,
                    Closing::NotYet => return false,
                }
            }
            // Whatever stands behind a closing quote belongs to the cell.
            let end = memchr::memchr3(self.delimiter, b'\n', b'\r', &bytes[look..]).map_or(bytes.len(), |n| look + n);
            if look > from && !bytes[look..end].iter().all(|b| matches!(b, b' ' | b'\t')) {
                record.stray_quote = true;
            }
            record.cells.push(u32::try_from(end).unwrap_or(u32::MAX));
            let next = match (bytes.get(end), bytes.get(end + 1)) {
                (Some(b), _) if *b == self.delimiter => {
                    from = end + 1;
                    continue;
                }
                (Some(b'\r'), Some(b'\n')) => end + 2,
                (Some(b'\r'), None) | (None, _) if !at_end => return false,
                (Some(_), _) => end + 1,
                (None, _) => end,
            };
            self.at = next;
            record.next = next;
            return true;
        }
    }

    fn is_cell_start(&self, at: usize) -> bool {
        at.checked_sub(1)
            .and_then(|b| self.bytes.get(b))
            .is_some_and(|b| *b == self.delimiter || matches!(b, b'\r' | b'\n'))
    }

    /// The quote that closes the one at `open`.
    fn closing_quote(&self, open: usize, at_end: bool) -> Closing {
        let limit = open.saturating_add(LONGEST_CELL).min(self.bytes.len());
        let not_found = if limit < self.bytes.len() || at_end { Closing::None } else { Closing::NotYet };
        let mut look = open + 1;
        while let Some(n) = self.bytes.get(look..limit).and_then(|rest| memchr::memchr(b'"', rest)) {
            let at = look + n;
            match self.bytes.get(at + 1) {
                Some(b'"') => look = at + 2,
                // It opens another cell: then the quote at `open` was a stray one,
                // and must not swallow the rows between.
                Some(b) if *b != self.delimiter && !matches!(b, b'\r' | b'\n') && self.is_cell_start(at) => {
                    return Closing::None;
                }
                None if !at_end => return Closing::NotYet,
                _ => return Closing::At(at),
            }
        }
        not_found
    }
}

enum Closing {
    At(usize),
    None,
    /// What follows these bytes decides.
    NotYet,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Vec<Vec<String>> {
        let mut scanner = Scanner::new(text.as_bytes(), 0, b',');
        let mut ends = Ends::default();
        let mut rows = Vec::new();
        while scanner.next_record(&mut ends, true) {
            let fields = ends.fields(text.as_bytes());
            rows.push((0..fields.len()).map(|c| fields.cell(c).into_owned()).collect());
        }
        rows
    }

    #[test]
    fn quotes_line_breaks_and_line_ends() {
        assert_eq!(
            table("a,\"b,\"\"c\"\"\r\nd\",\r\ne\nf\rg"),
            [vec!["a", "b,\"c\"\r\nd", ""], vec!["e"], vec!["f"], vec!["g"]]
        );
        assert_eq!(table(""), Vec::<Vec<String>>::new());
        assert_eq!(table("\n"), [[""]]);
        assert_eq!(table(","), [["", ""]]);
    }

    #[test]
    fn a_stray_quote_swallows_nothing() {
        assert_eq!(table("a\"b,c\nd,\"e\nf,g\n"), [vec!["a\"b", "c"], vec!["d", "\"e"], vec!["f", "g"]]);
        assert_eq!(table("\"a\" b,c\n"), [vec!["a b", "c"]]);
        assert_eq!(table("\"a\" ,c\n"), [vec!["a", "c"]]);
        assert_eq!(table("d,\"e\nf,\"T, A\"\n"), [vec!["d", "\"e"], vec!["f", "T, A"]]);
        assert_eq!(table("\"\"\"\n"), [vec!["\"\"\""]]);
    }

    #[test]
    fn a_cell_is_utf_8_or_else_windows_1252() {
        assert_eq!(text_of("\"Zoë\"".as_bytes()), "Zoë");
        assert_eq!(text_of(b"Zo\xeb"), "Zoë");
        assert!(is_blank(b"\xa0") && is_blank("\u{a0} ".as_bytes()) && is_blank(b"\" \"") && !is_blank(b"\xe9"));
    }

    #[test]
    fn agrees_with_the_csv_crate_on_well_formed_text() {
        let text = "h1,h2\r\n\"x, y\",\"1\"\"2\"\r\n,\"\"\r\n\"line\nbreak\",z\r\n";
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let theirs: Vec<Vec<String>> =
            reader.records().map(|r| r.expect("well formed").iter().map(str::to_owned).collect()).collect();
        assert_eq!(table(text), theirs);
    }
}
