//! Which column is what: what the user says, and where the program must ask.

use serde::{Deserialize, Serialize};

use super::checks::body;
use super::columns::Columns;
use super::error::ReadError;
use super::header::{Head, Layout};
use super::purpose::Purpose;
use super::read::ReadOptions;
use super::roles::{EventRole, PatientRole, Role};
use super::source::Source;
use crate::domain::wording::plain;
use crate::domain::{DateReading, NhsNumber, NhsReading, read_date};

/// What the user says of a column: "NHS number=Patient ref".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// The role, by its name ([`Role::name`]); "not used" takes a role away.
    pub role: String,
    /// The column: its caption, or "#" and its number from 1.
    pub column: String,
}

/// A mapping that the user gave before, for one header only. It holds roles and
/// columns, and nothing of any patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownMapping {
    /// BLAKE3 of the header's captions.
    pub header: String,
    /// What the user said.
    pub mapping: Vec<Mapping>,
}

/// The identity of a header: its captions in their order.
#[must_use]
pub fn header_key(columns: &Columns) -> String {
    let mut hasher = blake3::Hasher::new();
    for column in &columns.all {
        hasher.update(column.name.trim().as_bytes()).update(b"\0");
    }
    hasher.finalize().to_hex().to_string()
}

/// What the first rows of a file look like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// The header's identity.
    pub header: String,
    /// Captions, and the roles that they were taken for.
    pub columns: Vec<(String, Option<Role>)>,
    /// Their roles after what the user said before of this header.
    pub said: Vec<Option<Role>>,
    /// The first rows below the header.
    pub rows: Vec<Vec<String>>,
}

/// How many rows a preview shows.
const PREVIEWED: usize = 6;

/// Shows the first rows of a file and what its columns are taken for.
///
/// # Errors
/// Where no header is found.
pub fn preview(source: &Source, options: &ReadOptions) -> Result<Preview, ReadError> {
    let head = Head::of(source)?;
    let (layout, mut columns) = super::header::find(&head, Purpose::Accounts)?;
    let header = header_key(&columns);
    // What cannot be found by content is for the user to say.
    let _ = super::checks::find_nhs_column(&head, &layout, &mut columns);
    super::checks::find_where_entered(&head, &layout, &mut columns);
    let rows = body(&head, &layout)
        .iter()
        .map(|record| record.fields(&head.bytes))
        .filter(|fields| !fields.is_blank())
        .take(PREVIEWED)
        .map(|fields| (0..columns.all.len()).map(|c| fields.cell(c).trim().to_owned()).collect())
        .collect();
    let roles = |columns: &Columns| columns.all.iter().map(|c| c.role.and_then(Role::read)).collect::<Vec<_>>();
    let guessed = roles(&columns);
    let names = columns.all.iter().map(|c| c.name.clone()).collect::<Vec<_>>();
    if let Some(known) = options.known.iter().find(|known| known.header == header) {
        apply(&mut columns, &known.mapping, Purpose::Accounts)?;
    }
    Ok(Preview { header, columns: names.into_iter().zip(guessed).collect(), said: roles(&columns), rows })
}

impl Preview {
    /// Takes the role away that a column was taken for: it is disputed.
    pub fn dispute(&mut self, at: usize) {
        if let Some((_, guessed)) = self.columns.get_mut(at) {
            *guessed = None;
        }
        if let Some(said) = self.said.get_mut(at) {
            *said = None;
        }
    }
}

/// The name that takes a column's role away.
pub const NOT_USED: &str = "not used";

impl Mapping {
    /// Reads "NHS number=Patient ref".
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (role, column) = text.split_once('=')?;
        let (role, column) = (role.trim().to_owned(), column.trim().to_owned());
        let known = Role::read(&role).is_some() || plain(&role) == plain(NOT_USED);
        (known && !column.is_empty()).then_some(Self { role, column })
    }

    /// The columns that it speaks of.
    fn columns(&self, columns: &Columns) -> Vec<u16> {
        let numbered = self.column.strip_prefix('#').and_then(|n| n.trim().parse::<u16>().ok());
        if let Some(number) = numbered.and_then(|n| n.checked_sub(1)) {
            return (usize::from(number) < columns.all.len()).then_some(number).into_iter().collect();
        }
        let named = |wanted: &dyn Fn(&str) -> bool| -> Vec<u16> {
            (0_u16..).zip(&columns.all).filter(|(_, c)| wanted(&c.name)).map(|(at, _)| at).collect()
        };
        let exactly = named(&|name| name.trim() == self.column);
        if exactly.is_empty() { named(&|name| plain(name) == plain(&self.column)) } else { exactly }
    }
}

/// A column among which the user must choose: its number from 1, and its caption.
pub type Candidate = (usize, String);

/// Gives the columns the roles that the user says they have.
pub fn apply(columns: &mut Columns, mapping: &[Mapping], purpose: Purpose) -> Result<(), ReadError> {
    for wish in mapping {
        let found = wish.columns(columns);
        // What is said of an export's columns need not be there in a register.
        if found.is_empty() && purpose != Purpose::Export {
            continue;
        }
        let [column] = found[..] else {
            let named = (0_usize..).zip(&columns.all);
            let candidates = named
                .filter(|(at, _)| found.is_empty() || found.iter().any(|f| usize::from(*f) == *at))
                .map(|(at, c)| (at + 1, c.name.clone()))
                .collect();
            return Err(ReadError::NoSuchColumn { wanted: wish.column.clone(), candidates });
        };
        columns.set_role(Role::read(&wish.role), column);
    }
    Ok(())
}

/// Refuses a file in which two columns compete for a role that decides who somebody is,
/// or when, unless the user said which it is.
pub fn refuse_rivals(head: &Head, layout: &Layout, columns: &Columns, mapping: &[Mapping]) -> Result<(), ReadError> {
    let said = |role: Role| mapping.iter().any(|m| Role::read(&m.role) == Some(role));
    let seen = Seen::of(head, layout, columns);
    let nhs = Role::Patient(PatientRole::NhsNumber);
    if !said(nhs)
        && let Some(taken) = columns.patient(PatientRole::NhsNumber)
    {
        let rivals: Vec<u16> = columns
            .numbered()
            .filter(|at| *at != taken && !columns.has_other_role(*at, nhs))
            .filter(|at| seen.rivals_number(taken, *at))
            .collect();
        if !rivals.is_empty() {
            return Err(unsure(nhs, columns, taken, &rivals));
        }
    }
    let date = Role::Event(EventRole::Date);
    for taken in columns.events.iter().filter_map(|e| e.date).filter(|_| !said(date)) {
        let rivals: Vec<u16> = columns
            .numbered()
            .filter(|at| *at != taken && columns.all[usize::from(*at)].role.is_none())
            .filter(|at| seen.is_no_date(taken) && seen.is_date(*at))
            .collect();
        if !rivals.is_empty() {
            return Err(unsure(date, columns, taken, &rivals));
        }
    }
    Ok(())
}

fn unsure(role: Role, columns: &Columns, taken: u16, rivals: &[u16]) -> ReadError {
    let candidate = |at: &u16| (usize::from(*at) + 1, columns.name(*at).to_owned());
    let candidates = std::iter::once(&taken).chain(rivals).map(candidate).collect();
    ReadError::Unsure { role: role.name(), candidates }
}

/// What the first rows hold, by column.
struct Seen {
    columns: Vec<SeenColumn>,
    /// The raw numbers, row by row.
    numbers: Vec<Vec<Option<NhsNumber>>>,
}

#[derive(Clone, Copy, Default)]
struct SeenColumn {
    filled: u32,
    numbers: u32,
    dates: u32,
}

impl Seen {
    fn of(head: &Head, layout: &Layout, columns: &Columns) -> Self {
        let mut seen = Self { columns: vec![SeenColumn::default(); columns.all.len()], numbers: Vec::new() };
        for record in body(head, layout) {
            let fields = record.fields(&head.bytes);
            let mut numbers = vec![None; columns.all.len()];
            for (at, column) in seen.columns.iter_mut().enumerate() {
                let cell = fields.cell(at);
                if cell.trim().is_empty() {
                    continue;
                }
                column.filled += 1;
                column.dates +=
                    u32::from(matches!(read_date(&cell), DateReading::Day { .. } | DateReading::ShortYear(_)));
                if let NhsReading::Valid(number) = NhsNumber::read(&cell) {
                    column.numbers += 1;
                    numbers[at] = Some(number);
                }
            }
            seen.numbers.push(numbers);
        }
        seen
    }

    fn column(&self, at: u16) -> SeenColumn {
        self.columns.get(usize::from(at)).copied().unwrap_or_default()
    }

    /// Whether another column holds valid NHS numbers that are not those of the column
    /// that is taken for it.
    fn rivals_number(&self, taken: u16, other: u16) -> bool {
        let column = self.column(other);
        if column.filled < 3 || column.numbers * 10 < column.filled * 8 {
            return false;
        }
        let (taken, other) = (usize::from(taken), usize::from(other));
        let differs = |row: &&Vec<Option<NhsNumber>>| matches!((row.get(taken), row.get(other)), (Some(a), Some(Some(b))) if a.as_ref() != Some(b));
        let differing = self.numbers.iter().filter(differs).count();
        differing * 2 > self.numbers.iter().filter(|row| row.get(other).is_some_and(Option::is_some)).count()
    }

    fn is_no_date(&self, at: u16) -> bool {
        let column = self.column(at);
        column.filled >= 5 && column.dates * 2 < column.filled
    }

    fn is_date(&self, at: u16) -> bool {
        let column = self.column(at);
        column.filled >= 3 && column.dates * 10 >= column.filled * 8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_user_says_is_read_by_the_role_s_name() {
        let mapping = Mapping::read("nhs number = Patient ref").expect("a mapping");
        assert_eq!((mapping.role.as_str(), mapping.column.as_str()), ("nhs number", "Patient ref"));
        assert!(Mapping::read("NHS number").is_none() && Mapping::read("Shoe size=A").is_none());
        assert!(Mapping::read("not used=Date 2").is_some());
    }

    #[test]
    fn a_column_is_named_by_caption_or_number() {
        let header: Vec<String> = ["NHS Number", "Date", "Date", "Code Term"].map(str::to_owned).into();
        let columns = Columns::read(&header, None);
        let at = |column: &str| Mapping { role: String::new(), column: column.to_owned() }.columns(&columns);
        assert_eq!((at("nhs number"), at("#4"), at("Date"), at("#9")), (vec![0], vec![3], vec![1, 2], vec![]));
    }
}
