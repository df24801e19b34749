//! What the cells of a column look like, so that a row that came out wrong can be put
//! right.

use std::collections::HashMap;

use super::parse::Cell;

/// Digits one by one, letters as one, everything else as it is: "28/01/2018" and
/// "03/11/2019" have one shape, "MG-8769" and "RI-3895" another.
fn fine(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '0'..='9' => out.push('9'),
            c if c.is_alphabetic() => {
                if !out.ends_with('a') {
                    out.push('a');
                }
            }
            c => out.push(c),
        }
        if out.len() > 24 {
            break;
        }
    }
    if text.starts_with("http://") || text.starts_with("https://") {
        return "url".to_owned();
    }
    let words = text.split_whitespace().count();
    if words > 3 || (words > 1 && out.contains('a')) { format!("words{}", words.min(12) / 3) } else { out }
}

/// The same without lengths.
fn coarse(text: &str) -> &'static str {
    let has = |f: fn(char) -> bool| text.chars().any(f);
    match (has(|c| c.is_ascii_digit()), has(char::is_alphabetic), has(char::is_whitespace)) {
        _ if text.trim().is_empty() => "",
        (true, false, _) => "9",
        (false, true, false) => "a",
        (true, true, false) => "a9",
        (_, true, true) => "words",
        _ => "other",
    }
}

/// What one column holds.
#[derive(Default)]
struct Column {
    fine: HashMap<String, f64>,
    coarse: HashMap<&'static str, f64>,
    quoted: f64,
    all: f64,
}

/// What the columns of a table hold.
#[derive(Default)]
pub struct Shapes {
    columns: Vec<Column>,
}

impl Shapes {
    /// Learns from rows that came out right.
    pub fn learn<'c>(width: usize, rows: impl Iterator<Item = &'c [Cell]>) -> Self {
        let mut shapes = Self { columns: (0..width).map(|_| Column::default()).collect() };
        for row in rows {
            for (column, cell) in shapes.columns.iter_mut().zip(row) {
                *column.fine.entry(fine(&cell.text)).or_default() += 1.0;
                *column.coarse.entry(coarse(&cell.text)).or_default() += 1.0;
                column.quoted += f64::from(u8::from(cell.quoted));
                column.all += 1.0;
            }
        }
        shapes
    }

    /// How well a cell fits a column, as the logarithm of a likelihood.
    pub fn fit(&self, column: usize, cell: &Cell) -> f64 {
        let Some(column) = self.columns.get(column) else { return -6.0 };
        let all = column.all + 1.0;
        let fine = column.fine.get(&fine(&cell.text)).copied().unwrap_or(0.0) / all;
        let coarse = column.coarse.get(coarse(&cell.text)).copied().unwrap_or(0.0) / all;
        let quoted = (column.quoted + 0.2) / (column.all + 0.4);
        let quoted = if cell.quoted { quoted } else { 1.0 - quoted };
        (0.6 * fine + 0.3 * coarse + 0.002).ln() + 0.5 * quoted.max(0.01).ln()
    }

    /// How well a whole row fits.
    pub fn fit_row(&self, row: &[Cell]) -> f64 {
        row.iter().enumerate().map(|(at, cell)| self.fit(at, cell)).sum()
    }
}

/// Whether a cell is a number, a date, a time or a price: what stands in records and in
/// no header.
pub fn is_datum(text: &str) -> bool {
    let text = text.trim();
    let has_digit = text.contains(|c: char| c.is_ascii_digit());
    has_digit && text.chars().all(|c| c.is_ascii_digit() || ",.+-%€$£ /:".contains(c))
}

/// Whether a cell without quotes is something known: nothing, a number, a date, a word,
/// a sentence without anything in it that might have separated cells.
pub fn is_known(text: &str) -> bool {
    let text = text.trim();
    let number = |c: char| c.is_ascii_digit() || ",.+-%€$£ /:eE()".contains(c);
    if text.is_empty() || (text.contains(|c: char| c.is_ascii_digit()) && text.chars().all(number)) {
        return true;
    }
    if text.starts_with("http://") || text.starts_with("https://") {
        return !text.contains([' ', ';', '|', '\t']);
    }
    !text.contains([';', '|', '\t', '"', '^', '~', ',', '§'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_tell_dates_from_times() {
        assert_eq!(fine("28/01/2018"), fine("03/11/2019"));
        assert_ne!(fine("28/01/2018"), fine("00:15"));
        assert_ne!(fine("28/01/20180"), fine("28/01/2018"));
        assert!(is_known("$74.69") && is_known("1,50") && is_known("Men's Boots") && !is_known("5;2"));
    }
}
