//! Records and fields of a delimited file (RFC 4180, and what people make of it).

use std::borrow::Cow;
use std::ops::Range;

/// Steps through the records of a text. Exact and lenient: quotes around a cell,
/// doubled quotes within it, line breaks within quotes; CRLF, LF or CR ends a
/// record. A quote in the middle of a cell is an ordinary character, and so is
/// an opening quote that is never closed.
#[derive(Clone, Debug)]
pub struct Scanner<'a> {
    text: &'a str,
    at: usize,
    delimiter: u8,
    /// Behind the last byte of the text at which a quote is known to be open to
    /// the end: from there, quotes are ordinary characters.
    unclosed_from: usize,
}

/// The fields of one record, as ranges of the text.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    ranges: Vec<(usize, usize)>,
    /// Where the record begins.
    pub start: usize,
    /// Where the next one begins.
    pub end: usize,
    /// Whether a quotation mark stood where none can.
    pub stray_quote: bool,
}

impl Fields {
    /// How many cells.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ranges.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// The cell as it stands in the file, quotes and all. Empty beyond the end.
    #[must_use]
    pub fn raw<'a>(&self, text: &'a str, column: usize) -> &'a str {
        self.ranges.get(column).and_then(|(from, to)| text.get(*from..*to)).unwrap_or("")
    }

    /// Where the cell stands, quotes and all.
    #[must_use]
    pub fn range(&self, column: usize) -> Option<Range<usize>> {
        self.ranges.get(column).map(|(from, to)| *from..*to)
    }

    /// What the cell says.
    #[must_use]
    pub fn cell<'a>(&self, text: &'a str, column: usize) -> Cow<'a, str> {
        unquote(self.raw(text, column))
    }

    /// Whether every cell is blank.
    #[must_use]
    pub fn is_blank(&self, text: &str) -> bool {
        (0..self.len()).all(|c| is_blank(self.raw(text, c)))
    }
}

/// Whether a raw cell holds nothing but white space and quotes.
#[must_use]
pub fn is_blank(raw: &str) -> bool {
    raw.bytes().all(|b| matches!(b, b' ' | b'\t' | b'"' | b'\r' | b'\n')) || raw.trim().is_empty()
}

fn unquote(raw: &str) -> Cow<'_, str> {
    let Some(inner) = raw.strip_prefix('"') else { return Cow::Borrowed(raw) };
    match inner.strip_suffix('"') {
        Some(inner) if !inner.contains('"') => Cow::Borrowed(inner),
        _ => Cow::Owned(unquote_slowly(inner)),
    }
}

/// Within quotes a doubled quote is one; behind the closing quote the rest is
/// kept as it stands.
fn unquote_slowly(inner: &str) -> String {
    let mut out = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = rest.find('"') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('"') {
            out.push('"');
            rest = after;
        } else {
            out.push_str(rest);
            return out;
        }
    }
    // Never closed: then the opening quote was an ordinary character.
    format!("\"{inner}")
}

impl<'a> Scanner<'a> {
    /// Starts at a byte of the text.
    #[must_use]
    pub const fn new(text: &'a str, start: usize, delimiter: u8) -> Self {
        Self { text, at: start, delimiter, unclosed_from: usize::MAX }
    }

    /// Reads the next record; false at the end of the text.
    pub fn next_record(&mut self, fields: &mut Fields) -> bool {
        fields.ranges.clear();
        fields.stray_quote = false;
        fields.start = self.at;
        let bytes = self.text.as_bytes();
        if self.at >= bytes.len() {
            fields.end = self.at;
            return false;
        }
        loop {
            let from = self.at;
            let mut look = from;
            if bytes.get(from) == Some(&b'"') {
                if let Some(close) = self.closing_quote(from) {
                    look = close + 1;
                } else {
                    fields.stray_quote = true;
                }
            }
            // Whatever stands behind a closing quote belongs to the cell.
            let end = memchr::memchr3(self.delimiter, b'\n', b'\r', &bytes[look..]).map_or(bytes.len(), |n| look + n);
            if look > from && end > look {
                fields.stray_quote = true;
            }
            fields.ranges.push((from, end));
            match bytes.get(end) {
                Some(b) if *b == self.delimiter => self.at = end + 1,
                Some(b'\r') if bytes.get(end + 1) == Some(&b'\n') => return self.finish(fields, end + 2),
                Some(_) => return self.finish(fields, end + 1),
                None => return self.finish(fields, end),
            }
        }
    }

    const fn finish(&mut self, fields: &mut Fields, next: usize) -> bool {
        self.at = next;
        fields.end = next;
        true
    }

    fn is_cell_start(&self, at: usize) -> bool {
        at.checked_sub(1)
            .and_then(|b| self.text.as_bytes().get(b))
            .is_some_and(|b| *b == self.delimiter || matches!(b, b'\r' | b'\n'))
    }

    /// The quote that closes the one at `open`.
    fn closing_quote(&mut self, open: usize) -> Option<usize> {
        if open >= self.unclosed_from {
            return None;
        }
        let bytes = self.text.as_bytes();
        let mut look = open + 1;
        while let Some(n) = memchr::memchr(b'"', &bytes[look..]) {
            let at = look + n;
            match bytes.get(at + 1) {
                Some(b'"') => look = at + 2,
                // It opens another cell: then the quote at `open` was a stray one,
                // and must not swallow the rows between.
                Some(b) if *b != self.delimiter && !matches!(b, b'\r' | b'\n') && self.is_cell_start(at) => {
                    return None;
                }
                _ => return Some(at),
            }
        }
        // Remembered, so that a file full of stray quotes is not searched to its
        // end for each of them.
        self.unclosed_from = self.unclosed_from.min(open);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Vec<Vec<String>> {
        let mut scanner = Scanner::new(text, 0, b',');
        let mut fields = Fields::default();
        let mut rows = Vec::new();
        while scanner.next_record(&mut fields) {
            rows.push((0..fields.len()).map(|c| fields.cell(text, c).into_owned()).collect());
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
        assert_eq!(table("d,\"e\nf,\"T, A\"\n"), [vec!["d", "\"e"], vec!["f", "T, A"]]);
        assert_eq!(table("\"\"\"\n"), [vec!["\"\"\""]]);
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
