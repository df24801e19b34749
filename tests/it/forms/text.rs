//! The content as text files: every encoding, delimiter and line end, and what
//! people and programs leave around a table.

use super::content::{Layout, Sheet, expected, sheet};
use super::{answer_to, cells};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Utf8Marked,
    Utf16Le,
    Utf16Be,
    Windows1252,
}

impl Encoding {
    const ALL: [Self; 5] = [Self::Utf8, Self::Utf8Marked, Self::Utf16Le, Self::Utf16Be, Self::Windows1252];

    /// As `summary.json` names it.
    const fn label(self) -> &'static str {
        match self {
            Self::Utf8 | Self::Utf8Marked => "UTF-8",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Windows1252 => "Windows-1252",
        }
    }

    fn encode(self, text: &str) -> Vec<u8> {
        let marked = format!("\u{feff}{text}");
        match self {
            Self::Utf8 => text.into(),
            Self::Utf8Marked => marked.into(),
            Self::Utf16Le => marked.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Self::Utf16Be => marked.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            Self::Windows1252 => text.chars().map(windows).collect(),
        }
    }
}

/// One character of the content in Windows-1252.
fn windows(c: char) -> u8 {
    match c {
        '’' => 0x92,
        '–' => 0x96,
        _ => u8::try_from(u32::from(c)).expect("a character of Windows-1252"),
    }
}

const DELIMITERS: [(&str, &str); 3] = [(",", "comma"), (";", "semicolon"), ("\t", "tab")];
const LINE_ENDS: [&str; 3] = ["\r\n", "\n", "\r"];

/// How a table is written.
#[derive(Clone, Copy, Debug)]
struct Form {
    encoding: Encoding,
    delimiter: (&'static str, &'static str),
    line_end: &'static str,
    /// `sep=;` in front of everything.
    separator_line: bool,
    /// Blank lines, and lines of delimiters only, between the rows.
    blank_lines: bool,
    /// "Total: 14" below the last row.
    trailer: bool,
    /// Blank cells at the end of a row are cut off.
    ragged: bool,
    /// A delimiter behind the last cell of every row.
    trailing_delimiter: bool,
    /// Rows above and below the table are as wide as it.
    padded: bool,
    /// Every cell in quotes.
    quoted: bool,
    /// No line end behind the last row.
    open_end: bool,
}

const PLAIN: Form = Form {
    encoding: Encoding::Utf8,
    delimiter: DELIMITERS[0],
    line_end: "\r\n",
    separator_line: false,
    blank_lines: false,
    trailer: false,
    ragged: false,
    trailing_delimiter: false,
    padded: true,
    quoted: false,
    open_end: false,
};

impl Form {
    fn write(&self, sheet: &Sheet) -> Vec<u8> {
        let mut lines = Vec::new();
        if self.separator_line {
            lines.push(format!("sep={}", self.delimiter.0));
        }
        let width = sheet.header.len();
        let around = |row: &Vec<String>| self.line(&if self.padded { pad(row, width) } else { cut(row) });
        let within = |row: &Vec<String>| self.line(&if self.ragged { cut(row) } else { row.clone() });
        lines.extend(sheet.above.iter().map(around));
        lines.push(within(&sheet.header));
        for (n, row) in sheet.body.iter().enumerate() {
            lines.push(within(row));
            if self.blank_lines && n % 4 == 1 {
                lines.push(String::new());
                lines.push(self.delimiter.0.repeat(width - 1));
            }
        }
        if self.trailer {
            lines.push(around(&cells(["Total: 14"])));
        }
        let mut text = lines.join(self.line_end);
        if !self.open_end {
            text.push_str(self.line_end);
        }
        self.encoding.encode(&text)
    }

    fn line(&self, row: &[String]) -> String {
        let line = row.iter().map(|c| self.cell(c)).collect::<Vec<_>>().join(self.delimiter.0);
        let more = if self.trailing_delimiter && !row.is_empty() { self.delimiter.0 } else { "" };
        line + more
    }

    fn cell(&self, cell: &str) -> String {
        let needs_quotes = self.quoted || cell.contains(self.delimiter.0) || cell.contains(['"', '\r', '\n']);
        if needs_quotes { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
    }
}

fn pad(row: &[String], width: usize) -> Vec<String> {
    let mut row = row.to_vec();
    row.resize(width.max(row.len()), String::new());
    row
}

fn cut(row: &[String]) -> Vec<String> {
    let end = row.iter().rposition(|c| !c.is_empty()).map_or(0, |last| last + 1);
    row[..end].to_vec()
}

/// Writes the content in a form; what is said of it must be what it means.
fn check(layout: Layout, form: Form) {
    let what = format!("{layout:?} as {form:?}");
    let answer = answer_to(&what, "export.csv", &form.write(&sheet(layout)));
    assert_eq!(answer.patients, expected(), "{what}");
    assert_eq!(answer.file["system"], layout.system(), "{what}");
    assert_eq!(answer.file["encoding"], form.encoding.label(), "{what}");
    assert_eq!(answer.file["delimiter"], form.delimiter.1, "{what}");
    assert_eq!(answer.file["patients"], 14, "{what}");
    assert_eq!(answer.file["layout"]["group_row"], layout == Layout::Emis, "{what}");
    // Nothing in the content is wrong, so nothing else may be listed.
    let mut problems = Vec::new();
    match layout {
        Layout::Emis => assert_eq!(answer.file["run_date"], "2024-10-07", "{what}"),
        Layout::EmisBare | Layout::SystmOne => problems.push("The file does not say when it was made"),
    }
    if form.trailer {
        problems.push("The row holds neither a patient nor a code");
    }
    assert_eq!(answer.sentences(), problems, "{what}");
}

#[test]
fn emis_in_every_encoding_delimiter_and_line_end() {
    for encoding in Encoding::ALL {
        for delimiter in DELIMITERS {
            for line_end in LINE_ENDS {
                check(Layout::Emis, Form { encoding, delimiter, line_end, ..PLAIN });
            }
        }
    }
}

#[test]
fn the_other_layouts_in_every_delimiter_and_line_end() {
    for layout in [Layout::EmisBare, Layout::SystmOne] {
        for delimiter in DELIMITERS {
            for line_end in LINE_ENDS {
                check(layout, Form { delimiter, line_end, ..PLAIN });
            }
        }
    }
}

#[test]
fn the_other_layouts_in_every_encoding() {
    for layout in [Layout::EmisBare, Layout::SystmOne] {
        for (n, encoding) in Encoding::ALL.into_iter().enumerate() {
            let form = Form { encoding, delimiter: DELIMITERS[n % 3], line_end: LINE_ENDS[(n + 1) % 3], ..PLAIN };
            check(layout, form);
        }
    }
}

#[test]
fn what_stands_around_a_table_changes_nothing() {
    let semicolon = DELIMITERS[1];
    let forms = [
        Form { separator_line: true, delimiter: semicolon, ..PLAIN },
        Form { blank_lines: true, ..PLAIN },
        Form { trailer: true, ..PLAIN },
        Form { trailer: true, padded: false, ..PLAIN },
        Form { trailing_delimiter: true, ..PLAIN },
        Form { quoted: true, ..PLAIN },
        Form { ragged: true, padded: false, open_end: true, ..PLAIN },
    ];
    for layout in Layout::ALL {
        for form in forms {
            check(layout, form);
        }
    }
}

#[test]
fn all_of_it_together_in_every_encoding() {
    for (n, encoding) in Encoding::ALL.into_iter().enumerate() {
        let together = Form {
            encoding,
            delimiter: DELIMITERS[(n + 1) % 3],
            line_end: LINE_ENDS[n % 3],
            separator_line: true,
            blank_lines: true,
            trailer: true,
            ragged: n % 2 == 0,
            trailing_delimiter: n % 2 == 1,
            padded: n % 2 == 1,
            quoted: n > 2,
            open_end: n % 2 == 0,
        };
        check(Layout::Emis, together);
    }
}

/// The second brings its header along.
#[test]
fn two_exports_one_below_the_other_are_one() {
    let mut both = sheet(Layout::EmisBare);
    let second = [vec![both.header.clone()], both.body.split_off(9)].concat();
    both.body.extend(second);
    let answer = answer_to("two exports", "export.csv", &PLAIN.write(&both));
    assert_eq!(answer.patients, expected());
    assert_eq!(answer.sentences(), ["The file does not say when it was made"]);
}
