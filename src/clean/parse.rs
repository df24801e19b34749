//! Records and cells, read leniently: what can only be meant one way is read so.

use super::dialect::Dialect;

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// What it says.
    pub text: String,
    /// It stood in quotes.
    pub quoted: bool,
}

impl Cell {
    /// Nothing but white space.
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

/// A record and the text it was read from.
#[derive(Clone, Debug)]
pub struct Record<'a> {
    /// Its cells.
    pub cells: Vec<Cell>,
    /// Its text, without the line end.
    pub raw: &'a str,
}

impl Record<'_> {
    /// Every cell is blank.
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(Cell::is_blank)
    }

    /// Whether two records say the same, quotes or not.
    pub fn says_the_same(&self, other: &Record<'_>) -> bool {
        self.cells.len() == other.cells.len() && self.cells.iter().zip(&other.cells).all(|(a, b)| a.text == b.text)
    }

    /// How many cells are not blank.
    pub fn filled(&self) -> usize {
        self.cells.iter().filter(|c| !c.is_blank()).count()
    }
}

/// Steps through the records of a text.
pub struct Parser<'a> {
    text: &'a str,
    at: usize,
    dialect: &'a Dialect,
}

/// How many lines a cell may have in quotes.
const MOST_LINES: usize = 60;

impl<'a> Parser<'a> {
    /// Starts at the beginning of a text.
    pub const fn new(text: &'a str, dialect: &'a Dialect) -> Self {
        Self { text, at: 0, dialect }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn is_delimiter(&self, at: usize) -> bool {
        self.text.as_bytes().get(at..).is_some_and(|rest| rest.starts_with(self.dialect.delimiter.as_bytes()))
    }

    fn is_line_end(&self, at: usize) -> bool {
        matches!(self.byte(at), Some(b'\n' | b'\r'))
    }

    fn ends_cell(&self, at: usize) -> bool {
        at >= self.text.len() || self.is_line_end(at) || self.is_delimiter(at)
    }

    /// The first byte from `at` on that is no space, unless spaces separate cells.
    fn behind_spaces(&self, mut at: usize) -> usize {
        while self.byte(at) == Some(b' ') && !self.is_delimiter(at) {
            at += 1;
        }
        at
    }

    /// The quote that closes the one at `open`; none if it opens nothing.
    fn closing(&self, open: usize, quote: u8) -> Option<usize> {
        let mut at = open + 1;
        let mut lines = 0;
        let mut odd = false;
        while let Some(byte) = self.byte(at) {
            if byte == b'\\' && self.dialect.backslash && self.byte(at + 1) == Some(quote) {
                at += 2;
                continue;
            }
            if byte == b'\n' {
                lines += 1;
                // Once a quote stood where none can, the cell ends with its line.
                if odd || lines > MOST_LINES {
                    return None;
                }
            }
            if byte != quote {
                at += 1;
                continue;
            }
            let doubled = self.byte(at + 1) == Some(quote);
            if doubled && quote == b'"' {
                if self.ends_doubled(at, quote) {
                    return Some(at);
                }
                at += 2;
                continue;
            }
            if self.ends_cell(self.behind_spaces(at + 1)) {
                return Some(at);
            }
            if doubled {
                at += 2;
                continue;
            }
            // It opens another cell: then the one at `open` was a stray one.
            if self.starts_cell(at) {
                return None;
            }
            odd = true;
            at += 1;
        }
        None
    }

    /// Where quotes are not escaped, `48"",` is a quote and the end of the cell.
    fn ends_doubled(&self, at: usize, quote: u8) -> bool {
        self.dialect.unescaped && self.byte(at + 2) != Some(quote) && self.ends_cell(self.behind_spaces(at + 2))
    }

    fn starts_cell(&self, at: usize) -> bool {
        let before = self.text.get(..at).unwrap_or("");
        before.ends_with(&*self.dialect.delimiter) || before.ends_with(['\n', '\r'])
    }

    fn cell(&mut self) -> Cell {
        let from = self.at;
        if let Some(quote) = self.dialect.quote {
            let open = self.behind_spaces(from);
            if self.byte(open) == Some(quote)
                && let Some(close) = self.closing(open, quote)
            {
                let inner = self.text.get(open + 1..close).unwrap_or("");
                if self.dialect.unescaped && self.byte(close + 1) == Some(quote) {
                    // The cell's last character is a quote.
                    self.at = self.behind_spaces(close + 2);
                    return Cell { text: format!("{inner}{}", char::from(quote)), quoted: true };
                }
                self.at = self.behind_spaces(close + 1);
                return Cell { text: self.unescape(inner, quote), quoted: true };
            }
        }
        let mut end = from;
        while !self.ends_cell(end) {
            end += 1;
        }
        self.at = end;
        let raw = self.text.get(from..end).unwrap_or("");
        // Where every cell has quotes, one that lacks its closing one has them too.
        let text = match self.dialect.quote.filter(|_| self.dialect.all_quoted).map(char::from) {
            Some(quote) => raw.strip_prefix(quote).unwrap_or(raw),
            None => raw,
        };
        Cell { text: text.to_owned(), quoted: false }
    }

    fn unescape(&self, inner: &str, quote: u8) -> String {
        let quote = char::from(quote);
        let text = inner.replace(&format!("{quote}{quote}"), &quote.to_string());
        let text = if quote == '\'' { text.replace("\"\"", "\"") } else { text };
        if self.dialect.backslash { text.replace(&format!("\\{quote}"), &quote.to_string()) } else { text }
    }
}

impl<'a> Iterator for Parser<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        if self.at >= self.text.len() {
            return None;
        }
        let from = self.at;
        let mut cells = Vec::new();
        loop {
            cells.push(self.cell());
            if self.is_delimiter(self.at) {
                self.at += self.dialect.delimiter.len();
                if self.at >= self.text.len() {
                    cells.push(Cell { text: String::new(), quoted: false });
                    break;
                }
                continue;
            }
            break;
        }
        let raw = self.text.get(from..self.at).unwrap_or("");
        self.at += match (self.byte(self.at), self.byte(self.at + 1)) {
            (Some(b'\r'), Some(b'\n')) => 2,
            (Some(_), _) => 1,
            (None, _) => 0,
        };
        Some(Record { cells, raw })
    }
}

/// The cells of one record by itself.
pub fn cells_of(raw: &str, dialect: &Dialect) -> Option<Vec<Cell>> {
    let mut parser = Parser::new(raw, dialect);
    let record = parser.next()?;
    parser.next().is_none().then_some(record.cells)
}
