//! The truth about the people of a file.

use std::collections::HashSet;

use super::calendar::Day;
use super::later;
use super::people::Person;
use super::world::{Code, Entry, World};
use super::{Columns, Origin, Pattern, Truth};

/// What a file shows of an entry besides its code.
type Visible<'a> = (Day, Option<Day>, Option<usize>, Option<&'a str>);

fn visible(entry: &Entry, columns: Columns) -> Visible<'_> {
    (
        entry.day,
        columns.entered.then_some(entry.entered),
        columns.user.then_some(entry.user),
        columns.text.then_some(entry.text.as_str()),
    )
}

fn entries<'a>(world: &'a World, rows: &'a [usize]) -> impl Iterator<Item = &'a Entry> {
    rows.iter().filter_map(|at| world.people.get(*at)).flat_map(|p| &p.codes)
}

/// The patterns of which a file has entries.
#[must_use]
pub fn patterns(world: &World, rows: &[usize]) -> Vec<Pattern> {
    let of = |entry: &Entry| match entry.origin {
        Some(Origin::Bulk { pattern, .. }) => Some(pattern),
        _ => None,
    };
    let mut found: Vec<Pattern> = entries(world, rows).filter_map(of).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Everybody in a file, in its order.
#[must_use]
pub fn of_all(world: &World, columns: Columns, rows: &[usize]) -> Vec<Truth> {
    let bulk: HashSet<Visible<'_>> =
        entries(world, rows).filter(|c| c.is_bulk()).map(|c| visible(c, columns)).collect();
    rows.iter()
        .filter_map(|at| world.people.get(*at))
        .map(|person| {
            let active = later::active(person);
            let is_genuine = |c: &&Entry| matches!(c.origin, Some(Origin::Genuine(_)));
            Truth {
                nhs: person.nhs,
                status: status(person, world.today),
                origin: active.and_then(|c| c.origin),
                indistinguishable: active.filter(is_genuine).is_some_and(|c| bulk.contains(&visible(c, columns))),
            }
        })
        .collect()
}

/// The first that applies.
fn status(person: &Person, today: Day) -> &'static str {
    let latest = |code: Code| person.codes.iter().filter(|c| c.code == code).map(|c| c.day).max();
    let (blocks, clears) = (latest(Code::Review), latest(Code::NoReview));
    if person.ended.is_some() || person.kind.is_some() || person.age(today) < 16 {
        "not eligible"
    } else if latest(Code::Declined).is_some() {
        "declined"
    } else if blocks.is_none() && clears.is_none() {
        "no code"
    } else if blocks == clears {
        "same-day conflict"
    } else if blocks > clears {
        "blocked"
    } else {
        "cleared"
    }
}
