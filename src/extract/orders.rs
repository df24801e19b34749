//! Dates turned month first by a spreadsheet: which columns hold such, and which
//! of their dates are then not to be believed.

use super::contents::{DateCell, Entry, PersonRow, Registration};
use super::pieces::Pieces;
use super::problem::{Problem, ProblemKind};
use crate::domain::date::Order;

/// Whose date it is, by index into the people or the entries of a file.
#[derive(Clone, Copy)]
pub enum Whose {
    /// A person's date of birth.
    Birth(usize),
    /// A person's registration.
    Registered(usize),
    /// A person's leaving.
    Left(usize),
    /// An entry's clinical date.
    Date(usize),
    /// An entry's date of typing it in.
    Entered(usize),
}

/// The orders in which the dates of each column can be read.
#[derive(Default)]
pub struct Orders {
    /// Dates that can only be month first, and only day first, by column.
    seen: Vec<(u16, u32, u32)>,
    /// Dates that can be read in either order.
    either: Vec<(u16, u8, u32)>,
}

impl Orders {
    /// Notes a date, and in which orders it can be read.
    pub fn note(&mut self, column: u16, order: Order, whose: Whose) {
        let place = self.seen.iter().position(|(c, ..)| *c == column).unwrap_or_else(|| {
            self.seen.push((column, 0, 0));
            self.seen.len() - 1
        });
        match order {
            Order::MonthFirst => self.seen[place].1 += 1,
            Order::DayFirst => self.seen[place].2 += 1,
            Order::Either => {
                let (what, at) = match whose {
                    Whose::Birth(at) => (0, at),
                    Whose::Registered(at) => (1, at),
                    Whose::Left(at) => (2, at),
                    Whose::Date(at) => (3, at),
                    Whose::Entered(at) => (4, at),
                };
                self.either.push((column, what, u32::try_from(at).unwrap_or(u32::MAX)));
            }
        }
    }

    /// Adds what the next part of the file holds, whose people and entries are counted
    /// from these.
    pub fn append(&mut self, other: Self, first_person: u32, first_entry: u32) {
        for (column, month, day) in other.seen {
            match self.seen.iter_mut().find(|(c, ..)| *c == column) {
                Some(seen) => {
                    seen.1 += month;
                    seen.2 += day;
                }
                None => self.seen.push((column, month, day)),
            }
        }
        let first = |what: u8| if what < 3 { first_person } else { first_entry };
        self.either.extend(other.either.into_iter().map(|(column, what, at)| (column, what, at + first(what))));
    }

    /// A column with dates that can only be month first, and none that can only be
    /// day first, was turned round, and with it each of the file that does not say. One
    /// with both is of two kinds. What can be read either way in any of them is not
    /// believed. Names each such column.
    pub fn settle(self, people: &mut Pieces<PersonRow>, entries: &mut Pieces<Entry>) -> Vec<Problem> {
        let is_turned = self.seen.iter().any(|(_, month, day)| *month > 0 && *day == 0);
        let trouble = |(_, month, day): &(u16, u32, u32)| match (*month, *day) {
            (0, 0) if is_turned => Some(ProblemKind::MonthFirst),
            (0, _) => None,
            (_, 0) => Some(ProblemKind::MonthFirst),
            // A typing error makes no column month first.
            (month, day) if month > day || (month >= MIXED && month * MIXED_SHARE >= month + day) => {
                Some(ProblemKind::MonthFirstSome)
            }
            _ => None,
        };
        let mut columns: Vec<(u16, ProblemKind)> =
            self.seen.iter().filter_map(|seen| Some((seen.0, trouble(seen)?))).collect();
        columns.sort_unstable();
        let is_troubled = |column: u16| columns.binary_search_by_key(&column, |(c, _)| *c).is_ok();
        for (_, what, at) in self.either.iter().filter(|(column, ..)| is_troubled(*column)) {
            disbelieve(*what, *at as usize, people, entries);
        }
        columns.into_iter().map(|(column, kind)| Problem { row: None, column: Some(column), kind }).collect()
    }
}

/// Of dates that can only be month first, from so many it is no typing error among others.
const MIXED: u32 = 3;
/// Nor from one in so many.
const MIXED_SHARE: u32 = 50;

/// Takes a date back.
fn disbelieve(what: u8, at: usize, people: &mut Pieces<PersonRow>, entries: &mut Pieces<Entry>) {
    match (what, people.get_mut(at), entries.get_mut(at)) {
        (0, Some(person), _) => {
            person.born = None;
            person.birth_unclear = true;
        }
        (1, Some(person), _) => person.registered = None,
        (2, Some(person), _) => {
            // Whether they have left already is open.
            person.left = None;
            person.registration = person.registration.worse(Registration::Unclear);
        }
        (3, _, Some(entry)) => entry.date = DateCell::Unreadable,
        (4, _, Some(entry)) => entry.entered = None,
        _ => {}
    }
}
