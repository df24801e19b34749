//! What separates cells, and what quotes them: by which of the candidates the rows come
//! out alike, and the cells as something known.

use std::borrow::Cow;
use std::collections::HashMap;

use super::parse::Parser;
use super::shape::is_known;

/// How a file is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// What separates cells: one character, or a comma and a space.
    pub delimiter: Cow<'static, str>,
    /// What stands around cells.
    pub quote: Option<u8>,
    /// A quote within a cell is written `\"`.
    pub backslash: bool,
    /// A quote within a cell is written as it is.
    pub unescaped: bool,
    /// Every cell has quotes.
    pub all_quoted: bool,
}

impl Dialect {
    /// Commas and double quotes.
    #[must_use]
    pub const fn plain() -> Self {
        Self { delimiter: Cow::Borrowed(","), quote: Some(b'"'), backslash: false, unescaped: false, all_quoted: false }
    }

    fn with(delimiter: &'static str, quote: Option<u8>) -> Self {
        Self { delimiter: Cow::Borrowed(delimiter), quote, ..Self::plain() }
    }

    /// The same with another delimiter.
    #[must_use]
    pub fn with_delimiter(&self, delimiter: &'static str) -> Self {
        Self { delimiter: Cow::Borrowed(delimiter), ..self.clone() }
    }
}

/// What may separate cells, and how readily it is believed: a colon stands in times and
/// a space in sentences.
pub const DELIMITERS: [(&str, f64); 11] = [
    (",", 1.0),
    (";", 1.0),
    ("\t", 1.0),
    ("|", 0.98),
    (", ", 1.02),
    ("^", 0.9),
    ("~", 0.9),
    ("§", 0.9),
    ("#", 0.8),
    (":", 0.7),
    (" ", 0.6),
];

/// Below this, no candidate makes a table, and every line is one cell.
const LEAST: f64 = 0.015;

/// How many records are looked at.
const SAMPLE: usize = 400;

/// How many bytes are looked at.
const SAMPLE_BYTES: usize = 1 << 18;

/// The dialect of a text, and the text without a line that only says so (`sep=;`).
pub fn find(text: &str) -> (Dialect, &str) {
    let (said, text) = separator_line(text);
    let sample = head(text);
    let quote = quote_of(sample);
    let mut best = (LEAST, Dialect::with(said.unwrap_or(","), Some(quote)));
    for (delimiter, prior) in DELIMITERS.into_iter().filter(|(d, _)| said.is_none_or(|s| s == *d)) {
        let mut dialect = Dialect::with(delimiter, Some(quote));
        settle_escapes(sample, &mut dialect);
        // Names of two words under a caption of one are no columns.
        if delimiter == " " && Parser::new(sample, &dialect).find(|r| !r.is_blank()).is_some_and(|r| r.cells.len() < 2)
        {
            continue;
        }
        let score = score(sample, &dialect) * prior;
        if score > best.0 {
            best = (score, dialect);
        }
    }
    (best.1, text)
}

/// The first part of a text, cut at the end of a line.
fn head(text: &str) -> &str {
    if text.len() <= SAMPLE_BYTES {
        return text;
    }
    let mut end = SAMPLE_BYTES;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let cut = text[..end].rfind('\n').map_or(end, |at| at + 1);
    &text[..cut]
}

/// A spreadsheet's `sep=;` in front of everything.
fn separator_line(text: &str) -> (Option<&'static str>, &str) {
    let line = text.lines().next().unwrap_or("").trim_end_matches('\r');
    let Some(mark) = line.get(..4).filter(|l| l.eq_ignore_ascii_case("sep=")).and_then(|_| line.get(4..)) else {
        return (None, text);
    };
    let named = |m: &str| DELIMITERS.into_iter().map(|(d, _)| d).find(|d| *d == m);
    let mark = named(mark).or_else(|| if mark == "\\t" { Some("\t") } else { None });
    match mark {
        Some(mark) => (Some(mark), text[line.len()..].trim_start_matches(['\r']).trim_start_matches('\n')),
        None => (None, text),
    }
}

/// The quote: the one that stands at both ends of more cells. Separators are anything
/// that is no letter or digit.
fn quote_of(sample: &str) -> u8 {
    let count = |quote: u8| {
        let bytes = sample.as_bytes();
        let edge = |b: Option<&u8>| b.is_none_or(|b| b",;\t|^~#:\r\n ".contains(b));
        let opens = |at: usize| edge(at.checked_sub(1).and_then(|b| bytes.get(b)));
        let hits = memchr::memchr_iter(quote, bytes);
        let (mut open, mut close) = (0_usize, 0_usize);
        for at in hits {
            open += usize::from(opens(at));
            close += usize::from(edge(bytes.get(at + 1)));
        }
        open.min(close)
    };
    let (double, single) = (count(b'"'), count(b'\''));
    if single > double * 2 && (single >= 3 || (single == 2 && double == 0)) { b'\'' } else { b'"' }
}

/// How a quote within a cell is written.
fn settle_escapes(sample: &str, dialect: &mut Dialect) {
    let Some(quote) = dialect.quote.map(char::from) else { return };
    let count = |pattern: String| sample.matches(&pattern).count();
    let doubled = count(format!("{quote}{quote}"));
    let escaped = count(format!("\\{quote}"));
    dialect.backslash =
        escaped > 0 && escaped * 2 >= doubled.saturating_sub(count(format!("{quote}{quote}{}", dialect.delimiter)));
    let as_it_is = dialect.clone();
    let records: Vec<_> = Parser::new(sample, &as_it_is).take(SAMPLE).collect();
    let cells = || records.iter().filter(|r| !r.is_blank()).flat_map(|r| &r.cells);
    let (quoted, all) = (cells().filter(|c| c.quoted).count(), cells().count());
    dialect.all_quoted = all > 4 && quoted * 100 >= all * 95;
    // `"Boots, 10" lined",` : a quote within a quoted cell that is neither doubled nor
    // escaped, and that no separator follows.
    let bare = records.iter().filter(|r| has_bare_quote(r.raw, &as_it_is)).count();
    dialect.unescaped = bare > 0 && bare * 3 >= doubled_inside(&records, quote);
}

fn has_bare_quote(raw: &str, dialect: &Dialect) -> bool {
    let Some(quote) = dialect.quote else { return false };
    let bytes = raw.as_bytes();
    let is = |at: Option<usize>, wanted: u8| at.and_then(|a| bytes.get(a)) == Some(&wanted);
    let mut inside = false;
    let mut at = 0;
    while let Some(n) = bytes.get(at..).and_then(|rest| memchr::memchr(quote, rest)) {
        let place = at + n;
        let opens = place == 0 || raw[..place].ends_with(&*dialect.delimiter);
        let closes = place + 1 == bytes.len() || raw[place + 1..].starts_with(&*dialect.delimiter);
        let doubled = is(Some(place + 1), quote);
        let mut next = place + 1;
        match (inside, opens, closes, doubled) {
            (false, true, ..) => inside = true,
            (true, _, _, true) => next += 1,
            (true, _, true, _) => inside = false,
            (true, false, false, false) if !is(place.checked_sub(1), b'\\') => {
                // Only where the cell does end with a quote later on.
                return raw[place + 1..].contains(&format!("{}{}", char::from(quote), dialect.delimiter))
                    || raw.ends_with(char::from(quote));
            }
            _ => {}
        }
        at = next;
    }
    false
}

fn doubled_inside(records: &[super::parse::Record<'_>], quote: char) -> usize {
    let pair = format!("{quote}{quote}");
    records
        .iter()
        .filter(|r| {
            let inner = r.raw.replace(&format!(",{pair},"), ",,");
            inner.match_indices(&pair).any(|(at, _)| {
                inner[..at].ends_with(char::is_alphanumeric) || inner[at + 2..].starts_with(char::is_alphanumeric)
            })
        })
        .count()
}

/// How alike the rows come out, and how many cells are something known.
#[expect(clippy::cast_precision_loss, reason = "counts of a sample")]
fn score(sample: &str, dialect: &Dialect) -> f64 {
    let mut widths: HashMap<usize, usize> = HashMap::new();
    let (mut records, mut cells, mut known) = (0_usize, 0_usize, 0_usize);
    for record in Parser::new(sample, dialect).take(SAMPLE).filter(|r| !r.is_blank()) {
        records += 1;
        *widths.entry(record.cells.len()).or_default() += 1;
        if record.cells.len() > 1 {
            cells += record.cells.len();
            known += record.cells.iter().filter(|c| c.quoted || is_known(&c.text)).count();
        }
    }
    let Some((width, alike)) = widths.iter().filter(|(w, _)| **w > 1).max_by_key(|(w, n)| (**n, **w)) else {
        return 0.0;
    };
    let alike = *alike as f64 / records as f64;
    let known = known as f64 / cells.max(1) as f64;
    alike * alike * known * known * (1.0 - 1.0 / (*width as f64 + 1.0))
}
