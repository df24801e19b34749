//! What a row says of its coded entries.

use std::borrow::Cow;

use super::{Reader, raw};
use crate::domain::marker::markers_in_text;
use crate::domain::{CodeReading, DateReading, Markers};
use crate::extract::cells::is_nothing;
use crate::extract::columns::EventColumns;
use crate::extract::contents::{CodeCell, DateCell, Entry, Sign, told};
use crate::extract::orders;
use crate::extract::problem::ProblemKind;
use crate::extract::records::{Fields, is_blank, text_of};

impl Reader<'_> {
    pub(super) fn event(&mut self, fields: &Fields<'_>, group: u8, columns: &EventColumns) {
        let Some(meaning) = self.codes.get(usize::from(group)).copied() else { return };
        let text = free_text(fields, columns);
        let person = self.last_index();
        let code_column = columns.id.or(columns.term);
        let meaning = &self.caches.meanings[meaning];
        // Another code, or a bare text, may say that somebody is at risk.
        let mut markers = meaning.markers;
        if meaning.is_risk {
            markers.add(crate::domain::Marker::Safeguarding);
        }
        let code = match meaning.reading {
            CodeReading::Other => {
                self.part.other_codes += u32::from(!meaning.is_blank);
                markers.join(markers_in_text(&text));
                // A note without a code is about the patient.
                if meaning.is_blank && !text.trim().is_empty() {
                    self.problem(columns.text, ProblemKind::NoteWithoutCode);
                    self.doubt();
                }
                return self.mark(person, markers, said_of(markers, fields, columns, &text));
            }
            CodeReading::Known { code, repair } => CodeCell::Known(code, repair),
            CodeReading::Unclear(trouble) => CodeCell::Unclear(trouble),
        };
        self.part.has_aliases |= meaning.by_alias;
        let around = meaning.around.clone();
        match code {
            CodeCell::Known(code, Some(repair)) => {
                self.problem(code_column, ProblemKind::CodeRepaired(repair));
                self.part.repairs.push((self.row, group, code));
            }
            CodeCell::Unclear(trouble) => self.problem(code_column, ProblemKind::CodeUnclear(trouble)),
            CodeCell::Known(_, None) => {}
        }
        let (written, clinical) = self.date(fields, columns.date);
        let date = self.event_date(clinical.read);
        // Mostly the same day is typed in twice.
        let typed = raw(fields, columns.entered);
        let same = typed == written
            && !self.context.month_first.iter().any(|c| [columns.date, columns.entered].contains(&Some(*c)));
        let typing = if same { clinical } else { self.date(fields, columns.entered).1 };
        // "31-Oct-2022 safeguarding" is no date, and says something.
        for (cell, read) in [(written, clinical.read), (typed, typing.read)] {
            if read == DateReading::Unreadable {
                markers.join(markers_in_text(&text_of(cell)));
            }
        }
        let entered = match self.event_date(typing.read) {
            DateCell::Day(day, _) => Some(day),
            _ => None,
        };
        match date {
            DateCell::Missing => self.problem(columns.date, ProblemKind::CodeWithoutDate),
            DateCell::Unreadable => self.problem(columns.date, ProblemKind::CodeDateUnreadable),
            DateCell::Day(..) => {}
        }
        let text = match around {
            Some(around) if text.trim().is_empty() => {
                self.problem(columns.term, ProblemKind::TextBehindTerm);
                Cow::Owned(around)
            }
            Some(around) => Cow::Owned(format!("{} {around}", text.trim())),
            None => text,
        };
        markers.join(markers_in_text(&text));
        self.mark(person, markers, said_of(markers, fields, columns, &text));
        let entry = self.part.entries.len();
        self.note_order(columns.date, clinical.order, orders::Whose::Date(entry));
        self.note_order(columns.entered, typing.order, orders::Whose::Entered(entry));
        let entry = Entry {
            row: self.row,
            person,
            group,
            code,
            date,
            entered,
            user: self.word(fields, columns.user),
            text: self.part.words.intern(&text),
            organisation: self.word(fields, columns.organisation),
        };
        self.part.entries.push(entry);
    }

    fn event_date(&mut self, read: DateReading) -> DateCell {
        match read {
            DateReading::Day { day, minute, form } => {
                self.part.forms[form as usize] += 1;
                DateCell::Day(day, minute)
            }
            DateReading::ShortYear(short) => {
                self.part.forms[short.form as usize] += 1;
                let limit = self.context.limit;
                let day = short.not_after(limit).filter(|_| !short.is_soon_after(limit));
                day.map_or(DateCell::Unreadable, |day| DateCell::Day(day, short.minute))
            }
            DateReading::Missing => DateCell::Missing,
            DateReading::Impossible | DateReading::Unreadable => DateCell::Unreadable,
        }
    }

    /// Notes a sign of risk; `said` is what the cell says, see [`Sign::said`].
    pub(super) fn mark(&mut self, person: u32, markers: Markers, said: u64) {
        if !markers.is_empty() {
            self.part.signs.markers.push(Sign { person, row: self.row, markers, said });
        }
    }
}

/// What an entry with a sign of risk says: its term, its day and its text.
fn said_of(markers: Markers, fields: &Fields<'_>, columns: &EventColumns, text: &str) -> u64 {
    if markers.is_empty() {
        return 0;
    }
    let cell = |column: Option<u16>| column.map_or_else(String::new, |c| fields.cell(usize::from(c)).into_owned());
    told(&format!("{} {} {text}", cell(columns.term), cell(columns.date)))
}

/// No words that say nothing are longer, with what may stand around them.
const LONGEST_NOTHING: usize = 24;

/// All free texts of an entry, one after the other.
fn free_text<'b>(fields: &Fields<'b>, columns: &EventColumns) -> Cow<'b, str> {
    let first = raw(fields, columns.text);
    let mut text = if is_blank(first) { Cow::Borrowed("") } else { text_of(first) };
    // "None" in a column for alerts is no note.
    if text.len() <= LONGEST_NOTHING && is_nothing(text.trim()) {
        text = Cow::Borrowed("");
    }
    for more in columns.more_text.into_iter().flatten() {
        let more = fields.cell(usize::from(more));
        if !is_nothing(more.trim()) {
            text = Cow::Owned(format!("{} {}", text.trim(), more.trim()).trim().to_owned());
        }
    }
    text
}
