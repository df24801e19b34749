//! Dates turned month first by a spreadsheet: which columns hold such, and which
//! of their dates are then not to be believed.

use std::collections::HashMap;

use super::contents::{DateCell, Entry, PersonRow};
use super::problem::{Problem, ProblemKind};
use crate::domain::date::{Order, slash_order};

/// The orders in which the dates of each column can be read.
#[derive(Default)]
pub struct Orders {
    /// Dates that can only be month first, and only day first, by column.
    seen: HashMap<u16, (u32, u32)>,
    /// People, by index, whose birth date can be read in either order.
    births: Vec<(u16, usize)>,
    /// Entries, by index, whose date can be read in either order.
    dates: Vec<(u16, usize)>,
}

impl Orders {
    /// Notes the birth date of a person.
    pub fn birth(&mut self, column: Option<u16>, cell: &str, person: usize) {
        if let Some(column) = self.note(column, cell) {
            self.births.push((column, person));
        }
    }

    /// Notes the date of an entry.
    pub fn date(&mut self, column: Option<u16>, cell: &str, entry: usize) {
        if let Some(column) = self.note(column, cell) {
            self.dates.push((column, entry));
        }
    }

    /// The column, where the cell can be read in either order.
    fn note(&mut self, column: Option<u16>, cell: &str) -> Option<u16> {
        let column = column?;
        let order = slash_order(cell)?;
        let seen = self.seen.entry(column).or_default();
        match order {
            Order::MonthFirst => seen.0 += 1,
            Order::DayFirst => seen.1 += 1,
            Order::Either => return Some(column),
        }
        None
    }

    /// A column with dates that can only be month first, and none that can only be
    /// day first, was turned round: what can be read either way in it is not
    /// believed. Names each such column.
    pub fn settle(self, people: &mut [PersonRow], entries: &mut [Entry]) -> Vec<Problem> {
        let turned = |column: u16| self.seen.get(&column).is_some_and(|(month, day)| *month > 0 && *day == 0);
        for (column, person) in &self.births {
            if let Some(person) = people.get_mut(*person).filter(|_| turned(*column)) {
                person.born = None;
                person.birth_unclear = true;
            }
        }
        for (column, entry) in &self.dates {
            if let Some(entry) = entries.get_mut(*entry).filter(|_| turned(*column)) {
                entry.date = DateCell::Unreadable;
            }
        }
        let mut columns: Vec<u16> = self.seen.keys().copied().filter(|c| turned(*c)).collect();
        columns.sort_unstable();
        let named = |column| Problem { row: None, column: Some(column), kind: ProblemKind::MonthFirst };
        columns.into_iter().map(named).collect()
    }
}
