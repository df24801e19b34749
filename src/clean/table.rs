//! The table among what stands around it, its rows put right.

use std::collections::HashMap;

use super::dialect::{DELIMITERS, Dialect};
use super::parse::{Cell, Parser, Record, cells_of};
use super::shape::{Shapes, is_datum};

/// Rows that are put right are no longer than this; a longer one is left as it is.
const LONGEST_REPAIRED: usize = 6_000;

/// At most so many rows are put right: a file in which more are wrong is otherwise.
const MOST_REPAIRED: usize = 2_000;

/// By how much (in natural logarithms) a row must fit better for a separator to be put
/// in, or taken out, where nobody wrote or left it.
const MARGIN: f64 = 3.0;

/// The rows of the table in a text, the header first.
pub fn find(text: &str, dialect: &Dialect) -> Vec<Vec<String>> {
    let records: Vec<Record<'_>> = Parser::new(text, dialect).collect();
    let Some(mut width) = width_of(&records) else { return Vec::new() };
    let Some(first) = header_at(&records, width, &*dialect.delimiter == " ") else { return Vec::new() };
    let end = end_of(&records, first, width);
    let body: Vec<&Record<'_>> = records[first..end].iter().filter(|r| !r.is_blank()).collect();
    let Some((header, rest)) = body.split_first() else { return Vec::new() };

    let right = |r: &&&Record<'_>| r.cells.len() == width;
    let shapes = match words_apart(header, rest, dialect, width) {
        Some((narrow, shapes)) => {
            width = narrow;
            shapes
        }
        None => Shapes::learn(width, rest.iter().filter(right).map(|r| r.cells.as_slice())),
    };
    let rest_is_wider = !rest.is_empty() && rest.iter().all(|r| r.cells.len() > header.cells.len());
    let mut repaired = 0;
    let mut rows: Vec<Vec<Cell>> = vec![header_cells(header, width, dialect, rest_is_wider)];
    for record in rest {
        let wrong = record.cells.len() != width || has_inner_quote(record, dialect);
        repaired += usize::from(wrong);
        rows.push(if wrong && width > 1 && repaired <= MOST_REPAIRED {
            repair(record, width, dialect, &shapes)
        } else {
            record.cells.clone()
        });
    }
    let mut rows: Vec<Vec<String>> = rows.into_iter().map(|row| row.into_iter().map(|c| c.text).collect()).collect();
    join_headers(&mut rows, group_row(&records, first, width));
    drop_repeated_header(&mut rows);
    drop_blank_last_column(&mut rows);
    let width = rows.first().map_or(0, Vec::len);
    if !rest_is_wider {
        for row in rows.iter_mut().filter(|row| row.len() < width) {
            row.resize(width, String::new());
        }
    }
    rows
}

/// Where spaces separate cells and stand in one column of words too, rows are wider than
/// their header. Of all columns, that is the one by which the others come out most
/// alike.
fn words_apart(header: &Record<'_>, rest: &[&Record<'_>], dialect: &Dialect, width: usize) -> Option<(usize, Shapes)> {
    let narrow = header.cells.len();
    let words = narrow > 2 && narrow < width && header.cells.iter().all(|c| !c.is_blank() && !is_datum(&c.text));
    if &*dialect.delimiter != " " || !words {
        return None;
    }
    let joined = |row: &Record<'_>, at: usize| -> Option<Vec<Cell>> {
        let surplus = row.cells.len().checked_sub(narrow)?;
        let part = row.cells.get(at..=at + surplus)?;
        if part.len() > 1 && part.iter().any(|c| c.quoted) {
            return None;
        }
        let text = part.iter().map(|c| c.text.as_str()).collect::<Vec<_>>().join(" ");
        let one = Cell { text, quoted: part[0].quoted };
        Some([&row.cells[..at], &[one], &row.cells[at + surplus + 1..]].concat())
    };
    let sample = &rest[..rest.len().min(200)];
    let tries = (0..narrow).filter_map(|at| {
        let rows: Vec<Vec<Cell>> = sample.iter().filter_map(|row| joined(row, at)).collect();
        let shapes = Shapes::learn(narrow, rows.iter().map(Vec::as_slice));
        // What is joined is words; a number among them is a column of its own.
        let digits = |c: &Cell| c.text.contains(|d: char| d.is_ascii_digit());
        let mixed = rows.iter().filter(|row| digits(&row[at])).count();
        let fit: f64 = rows.iter().map(|row| shapes.fit_row(row)).sum();
        let fit = (0..mixed).fold(fit, |fit, _| fit - MARGIN);
        (rows.len() * 10 >= sample.len() * 9).then_some((fit, shapes))
    });
    tries.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, shapes)| (narrow, shapes))
}

/// How many cells a row of the table has: what most rows have; where two tables follow
/// each other, the first.
fn width_of(records: &[Record<'_>]) -> Option<usize> {
    let mut counts: HashMap<usize, (usize, usize)> = HashMap::new();
    for (place, record) in records.iter().enumerate().filter(|(_, r)| !r.is_blank() && r.filled() * 4 >= r.cells.len())
    {
        counts.entry(record.cells.len()).or_insert((0, place)).0 += 1;
    }
    let most = counts.iter().filter(|(w, _)| **w > 1).map(|(_, (n, _))| *n).max();
    let Some(most) = most else { return counts.keys().next().copied() };
    // One cell a row, but for a stray separator.
    if counts.get(&1).is_some_and(|(n, _)| *n > most * 4 && most < 3) {
        return Some(1);
    }
    let many = counts.iter().filter(|(w, (n, _))| **w > 1 && *n * 3 >= most && (*n > 2 || most <= 2));
    many.min_by_key(|(_, (_, place))| *place).map(|(width, _)| *width)
}

/// Where the header is: the first row that is as wide as the table and mostly filled.
fn header_at(records: &[Record<'_>], width: usize, spaced: bool) -> Option<usize> {
    if width == 1 {
        return records.iter().position(|r| !r.is_blank());
    }
    let enough = (width * 6).div_ceil(10).max(2);
    let near = |r: &Record<'_>| r.cells.len() + 1 >= width && r.cells.len() <= width + 1;
    let fits = |r: &Record<'_>| near(r) && r.filled() + 1 >= enough && r.filled() >= 2;
    let words = |r: &Record<'_>| r.filled() > 2 && r.cells.iter().all(|c| !c.is_blank() && !is_datum(&c.text));
    if spaced && records.iter().find(|r| !r.is_blank()).is_some_and(words) {
        return records.iter().position(|r| !r.is_blank());
    }
    let wide = records.iter().position(|r| fits(r) && r.filled() >= enough);
    // A header that is separated otherwise is as wide as the table when read so.
    let first = records.iter().position(|r| !r.is_blank())?;
    wide.or_else(|| records.iter().position(fits)).or(Some(first))
}

/// A row of captions over groups of columns, right above the header.
fn group_row<'r>(records: &'r [Record<'r>], header: usize, width: usize) -> Option<&'r Record<'r>> {
    let above = records.get(header.checked_sub(1)?)?;
    let filled = above.filled();
    let words = above.cells.iter().filter(|c| !c.is_blank()).all(|c| !c.text.contains(|d: char| d.is_ascii_digit()));
    let beside = above.cells.windows(2).any(|w| !w[0].is_blank() && !w[1].is_blank());
    (above.cells.len() == width && filled >= 2 && filled * 10 < width * 6 && words && !(beside && filled == 2))
        .then_some(above)
}

/// Where the table ends: before notes, and before another table.
fn end_of(records: &[Record<'_>], first: usize, width: usize) -> usize {
    let mut end = records.len();
    let header = &records[first];
    // A header of another table: right behind a blank line or a title, or at once.
    let mut at = first + 1;
    while at < end {
        let record = &records[at];
        let behind_gap = at > first + 1 && (records[at - 1].is_blank() || records[at - 1].filled() == 1 && width > 2);
        let others = records[at..].iter().filter(|r| !r.is_blank()).take(4).collect::<Vec<_>>();
        let other_width = record.cells.len() != width && record.cells.len() > 1;
        let run = others.len() >= 3 && others.iter().all(|r| r.cells.len() == record.cells.len());
        let another = other_width && run && is_header_like(record, &others[1..]);
        let below_gap =
            behind_gap && record.cells.len() == width && others.len() >= 2 && looks_unlike(record, header, &others);
        if another || below_gap || (record.says_the_same(header) && repeats_above(records, first, at)) {
            end = at;
            break;
        }
        at += 1;
    }
    // Notes below: one cell in a table of several, behind a blank line or to the end.
    while let Some(last) = records[first + 1..end].iter().rposition(|r| !r.is_blank()).map(|n| first + 1 + n) {
        let note = width > 2 && records[last].filled() == 1 && !records[last].cells[0].is_blank();
        let gap = (first + 1..last).rev().take_while(|at| records[*at].filled() <= 1).any(|at| records[at].is_blank());
        let sentence = records[last].cells[0].text.trim().contains(' ');
        if note && (gap || (sentence && records[last].cells.len() == 1)) {
            end = last;
        } else {
            break;
        }
    }
    end
}

/// Words only, above rows that are not.
fn is_header_like(record: &Record<'_>, below: &[&Record<'_>]) -> bool {
    let words = record.cells.iter().all(|c| !is_datum(&c.text) && !c.is_blank());
    words && below.iter().any(|r| r.cells.iter().any(|c| is_datum(&c.text)))
}

/// A header of other captions, behind a gap.
fn looks_unlike(record: &Record<'_>, header: &Record<'_>, others: &[&Record<'_>]) -> bool {
    let datum = |c: &Cell| is_datum(&c.text);
    let same = record.cells.iter().zip(&header.cells).filter(|(a, b)| a.text == b.text).count();
    record.cells.iter().all(|c| !datum(c) && !c.is_blank())
        && same * 2 < header.cells.len()
        && others[1..].iter().all(|r| r.cells.len() == record.cells.len() && r.cells.iter().any(datum))
}

/// Whether the rows below a repeated header are those above it once more.
fn repeats_above(records: &[Record<'_>], first: usize, at: usize) -> bool {
    let said = |r: &Record<'_>| r.cells.iter().map(|c| c.text.clone()).collect::<Vec<_>>();
    let above: std::collections::HashSet<Vec<String>> = records[first + 1..at].iter().map(said).collect();
    if above.is_empty() {
        return false;
    }
    let below: Vec<&Record<'_>> = records[at + 1..].iter().filter(|r| !r.is_blank()).collect();
    below.len() > 1 && below.iter().filter(|r| above.contains(&said(r))).count() * 2 > below.len()
}

/// The header's cells; an empty one too many goes.
fn header_cells(header: &Record<'_>, width: usize, dialect: &Dialect, rest_is_wider: bool) -> Vec<Cell> {
    let mut cells = header.cells.clone();
    if cells.len() > width {
        let mut surplus = cells.len() - width;
        while surplus > 0
            && let Some(at) = cells.iter().rposition(Cell::is_blank)
        {
            cells.remove(at);
            surplus -= 1;
        }
    }
    if cells.len() < width && !rest_is_wider || cells.len() == 1 && width > 1 {
        let otherwise = DELIMITERS.into_iter().filter_map(|(d, _)| cells_of(header.raw, &dialect.with_delimiter(d)));
        if let Some(found) = otherwise.into_iter().find(|found| found.len() == width) {
            return found;
        }
    }
    cells
}

/// A row that has too few cells or too many.
fn repair(record: &Record<'_>, width: usize, dialect: &Dialect, shapes: &Shapes) -> Vec<Cell> {
    let cells = &record.cells;
    if record.raw.len() > LONGEST_REPAIRED {
        return cells.clone();
    }
    let as_it_is = padded(cells, width);
    let mut best = (shapes.fit_row(&as_it_is), as_it_is);
    if let Some(found) = otherwise_separated(record, width, dialect, shapes)
        && shapes.fit_row(&found) > best.0 + MARGIN
    {
        best = (shapes.fit_row(&found) + MARGIN, found);
    }
    let margin = if cells.len() <= width { MARGIN } else { 0.0 };
    let tries =
        if cells.len() <= width { with_one_more(record.raw, dialect) } else { with_one_less(record.raw, dialect) };
    for (text, cost) in tries {
        let Some(found) = cells_of(&text, dialect).filter(|found| found.len() == width) else { continue };
        let fit = shapes.fit_row(&found) - cost - margin;
        if fit > best.0 {
            best = (fit, found);
        }
    }
    if cells.len() > width {
        // Surplus cells that are empty go; filled ones stay.
        if best.1.len() != width {
            let mut kept = cells.clone();
            while kept.len() > width && kept.last().is_some_and(Cell::is_blank) {
                kept.pop();
            }
            return kept;
        }
        // Nothing that was written may be lost.
        let written = |row: &[Cell]| row.iter().flat_map(|c| c.text.chars()).filter(|c| c.is_alphanumeric()).count();
        if written(&best.1) < written(cells) {
            return cells.clone();
        }
    }
    best.1
}

/// `Leather Sofa"Our best, by far"`: a quote behind words without a separator.
fn has_inner_quote(record: &Record<'_>, dialect: &Dialect) -> bool {
    let Some(quote) = dialect.quote.map(char::from) else { return false };
    let inner = |c: &Cell| !c.quoted && c.text.trim_start().find(quote).is_some_and(|at| at > 0);
    record.cells.iter().any(inner) && record.cells.iter().any(|c| !c.quoted && c.text.ends_with(quote))
}

fn padded(cells: &[Cell], width: usize) -> Vec<Cell> {
    let mut row = cells.to_vec();
    while row.len() < width {
        row.push(Cell { text: String::new(), quoted: false });
    }
    row
}

/// The record with a separator put in at each place, and what that costs: a word is not
/// readily cut.
fn with_one_more<'r>(raw: &'r str, dialect: &'r Dialect) -> Box<dyn Iterator<Item = (String, f64)> + 'r> {
    let places = raw.char_indices().map(|(at, _)| at).filter(|at| *at > 0);
    Box::new(places.map(|at| {
        let (before, behind) = raw.split_at(at);
        let cost = match (before.chars().next_back(), behind.chars().next()) {
            (Some(a), Some(b)) if a.is_lowercase() && b.is_uppercase() => 1.0,
            (Some(a), Some(b)) if a.is_alphabetic() && b.is_alphabetic() => 4.0,
            (Some(a), Some(b)) if a.is_ascii_digit() && b.is_ascii_digit() => 2.0,
            (Some(' '), _) | (_, Some(' ')) => 3.0,
            _ => 0.0,
        };
        (format!("{before}{}{behind}", dialect.delimiter), cost)
    }))
}

/// The record with each separator taken out where it stands beside another, or at an
/// end.
fn with_one_less<'r>(raw: &'r str, dialect: &'r Dialect) -> Box<dyn Iterator<Item = (String, f64)> + 'r> {
    let delimiter = &*dialect.delimiter;
    Box::new(raw.match_indices(delimiter).filter_map(move |(at, found)| {
        let (before, behind) = (&raw[..at], &raw[at + found.len()..]);
        let empty =
            before.is_empty() || behind.is_empty() || before.ends_with(delimiter) || behind.starts_with(delimiter);
        empty.then(|| (format!("{before}{behind}"), 0.0))
    }))
}

/// A record whose cells another character separates than in the rest of the file.
fn otherwise_separated(record: &Record<'_>, width: usize, dialect: &Dialect, shapes: &Shapes) -> Option<Vec<Cell>> {
    let others = [";", "\t", ",", "|", " "].into_iter().filter(|d| **d != *dialect.delimiter);
    let found = others.filter_map(|d| {
        let cells = cells_of(record.raw, &dialect.with_delimiter(d))?;
        match cells.len().cmp(&width) {
            std::cmp::Ordering::Equal => Some(cells),
            // Spaces stand within cells, too.
            std::cmp::Ordering::Greater if d == " " => merged(&cells, width, " ", shapes),
            _ => None,
        }
    });
    let own = (&*dialect.delimiter == " " && record.cells.len() > width)
        .then(|| merged(&record.cells, width, " ", shapes))
        .flatten();
    found.chain(own).max_by(|a, b| shapes.fit_row(a).total_cmp(&shapes.fit_row(b)))
}

/// Joins neighbouring cells so that `width` are left that fit best.
fn merged(cells: &[Cell], width: usize, between: &str, shapes: &Shapes) -> Option<Vec<Cell>> {
    let most = cells.len().checked_sub(width)? + 1;
    if cells.len() > 200 || most > 40 {
        return None;
    }
    let join = |from: usize, to: usize| -> Option<Cell> {
        let part = &cells[from..to];
        if part.len() > 1 && part.iter().any(|c| c.quoted) {
            return None;
        }
        let text = part.iter().map(|c| c.text.as_str()).collect::<Vec<_>>().join(between);
        Some(Cell { text, quoted: part[0].quoted })
    };
    // best[c][t]: how well the first t pieces make the first c cells, and the last cut.
    let mut best = vec![vec![(f64::NEG_INFINITY, 0_usize); cells.len() + 1]; width + 1];
    best[0][0] = (0.0, 0);
    for column in 0..width {
        for to in column + 1..=cells.len() {
            for from in to.saturating_sub(most)..to {
                let before = best[column][from].0;
                if before == f64::NEG_INFINITY {
                    continue;
                }
                let Some(cell) = join(from, to) else { continue };
                let fit = before + shapes.fit(column, &cell);
                if fit > best[column + 1][to].0 {
                    best[column + 1][to] = (fit, from);
                }
            }
        }
    }
    let mut out = Vec::with_capacity(width);
    let mut to = cells.len();
    for column in (0..width).rev() {
        let (fit, from) = best[column + 1][to];
        if fit == f64::NEG_INFINITY {
            return None;
        }
        out.push(join(from, to)?);
        to = from;
    }
    out.reverse();
    Some(out)
}

/// A header in several rows: the same once more, units below it, groups above it.
fn join_headers(rows: &mut Vec<Vec<String>>, groups: Option<&Record<'_>>) {
    let first = rows[0].clone();
    let mut below = 1;
    while rows.get(below).is_some_and(|row| *row == first && first.len() > 1) {
        for (cell, again) in rows[0].iter_mut().zip(&first) {
            cell.push(' ');
            cell.push_str(again);
        }
        below += 1;
    }
    let is_unit = |cell: &String| {
        let cell = cell.trim();
        cell.is_empty() || (cell.starts_with(['(', '[']) && cell.ends_with([')', ']']))
    };
    if let Some(units) =
        rows.get(below).filter(|row| row.iter().all(is_unit) && row.iter().any(|c| !c.trim().is_empty()))
    {
        let units = units.clone();
        for (cell, unit) in rows[0].iter_mut().zip(&units).filter(|(_, unit)| !unit.trim().is_empty()) {
            *cell = format!("{} {}", cell.trim(), unit.trim());
        }
        below += 1;
    }
    rows.drain(1..below);
    // Over the captions of a clinical system, which are known by themselves, the groups
    // are left out: they are no part of the header.
    let known = rows[0].iter().filter(|c| crate::extract::is_caption(c)).count();
    if let Some(groups) = groups.filter(|_| known < 3) {
        let mut group = "";
        for (cell, caption) in rows[0].iter_mut().zip(&groups.cells) {
            if !caption.is_blank() {
                group = caption.text.trim();
            }
            if !group.is_empty() {
                *cell = format!("{group} {cell}");
            }
        }
    }
}

/// A header that comes again among the rows, as on each page of a print.
fn drop_repeated_header(rows: &mut Vec<Vec<String>>) {
    let Some(header) = rows.first().cloned() else { return };
    if header.len() > 1 {
        let mut place = 0;
        rows.retain(|row| {
            place += 1;
            place == 1 || *row != header
        });
    }
}

/// A separator behind the last cell of every row makes no column.
fn drop_blank_last_column(rows: &mut [Vec<String>]) {
    let Some(width) = rows.first().map(Vec::len).filter(|w| *w > 1) else { return };
    let blank = |row: &Vec<String>| row.get(width - 1).is_none_or(|c| c.trim().is_empty());
    // Without a header, an empty last column may be one.
    let is_header = |h: &Vec<String>| h.last().is_some_and(|c| c.trim().is_empty()) && !h.iter().any(|c| is_datum(c));
    let header_blank = rows.first().is_some_and(is_header);
    if header_blank && rows.len() > 1 && rows.iter().all(|row| row.len() <= width && blank(row)) {
        for row in rows.iter_mut() {
            row.truncate(width - 1);
        }
    }
}
