//! What came after: 106s one by one and in bulk, 104s again, refusals, pairs of one day, a
//! move to another clinical system.

use super::GenuineKind;
use super::calendar::{Day, NOVEMBER_2022, next_working, with_hyphens};
use super::notes;
use super::people::Person;
use super::random::share;
use super::staff::{CLINICIANS, IN_BULK, Role};
use super::world::{Code, Entry, World};

const DESK: [(Role, f64); 3] = [(Role::Receptionist, 0.75), (Role::Secretary, 0.15), (Role::Manager, 0.1)];

/// The latest 104 that no later 106 has cancelled.
#[must_use]
pub fn active(person: &Person) -> Option<&Entry> {
    let latest = person.codes.iter().filter(|c| c.code == Code::Review).max_by_key(|c| c.day)?;
    let cancelled = person.codes.iter().any(|c| c.code == Code::NoReview && c.day > latest.day);
    (!cancelled).then_some(latest)
}

/// Everything that came after.
pub fn run(world: &mut World) {
    let by_the_list = world.people.iter().filter(|p| active(p).is_some_and(Entry::is_bulk)).count();
    // Nobody cleans up a clinic's list in bulk.
    if by_the_list > 150 && world.random.chance(0.28) {
        clean_up(world);
    }
    cleared_one_by_one(world);
    declined(world);
    pairs(world);
}

/// A bulk 106, some 104s again on the same day as NHS England's recipe has it, and some later.
fn clean_up(world: &mut World) {
    let latest = world.bulk_days.iter().copied().max().unwrap_or(NOVEMBER_2022);
    let earliest = (latest.min(world.today - 200) + 30).max(NOVEMBER_2022 + 30);
    if earliest >= world.today - 10 {
        return;
    }
    let start = world.working_day(earliest, world.today - 10);
    let user = world.user(&IN_BULK, start);
    let reached = world.random.span(0.25, 0.85);
    let days = world.random.pick(&[1, 1, 1, 2, 4, 6]);
    let also_uncoded = world.random.chance(0.2);
    let careless = world.random.chance(0.2);
    let again = world.random.span(0.0, 0.02);
    let mut cleared: Vec<usize> = (0..world.people.len())
        .filter(|at| {
            let person = &world.people[*at];
            person.is_here(start)
                && match active(person) {
                    Some(entry) => entry.day < start && (entry.is_bulk() && entry.entered < start || careless),
                    None => also_uncoded && person.codes.is_empty() && person.age(start) >= 16,
                }
        })
        .collect();
    cleared.retain(|_| world.random.chance(reached));
    let a_day = cleared.len() / days + 1;
    let mut on = start;
    for chunk in cleared.chunks(a_day) {
        for person in chunk {
            let had_104 = active(&world.people[*person]).is_some();
            world.add(*person, Entry::new(Code::NoReview, on, user, String::new(), None));
            if had_104 && world.random.chance(again) {
                let later = if world.random.chance(0.5) { 0 } else { world.random.between(1, 60) };
                set_again(world, *person, next_working(on + later));
            }
        }
        on = next_working(on + 1);
    }
    let who = world.users[user].clone();
    world.tell(format!("{} bulk 106s by {who} from {}.", cleared.len(), with_hyphens(start)));
}

fn set_again(world: &mut World, person: usize, on: Day) {
    let user = world.user(&CLINICIANS, on.min(world.today));
    let text = if world.random.chance(0.8) { notes::again(&mut world.random, on) } else { String::new() };
    world.add(person, Entry::genuine(GenuineKind::Reapplied, on, user, text));
}

/// Patients who asked, and clinicians who looked again.
fn cleared_one_by_one(world: &mut World) {
    let part = world.random.log_span(0.003, 0.06);
    let again = world.random.span(0.02, 0.15);
    for person in 0..world.people.len() {
        let Some(day) = active(&world.people[person]).map(|c| c.entered.max(c.day)) else { continue };
        if !world.random.chance(part) {
            continue;
        }
        let earliest = day.max(world.people[person].registered).max(NOVEMBER_2022) + 5;
        if earliest >= world.today {
            continue;
        }
        let on = world.working_day(earliest, world.today);
        if on <= day || !world.people[person].is_here(on) {
            continue;
        }
        let roles: &[_] = if world.random.chance(0.65) { &CLINICIANS } else { &DESK };
        let user = world.user(roles, on);
        let text = ["", "", "Reviewed, no concerns", "pt requested access", "ok for access"];
        let text = world.random.pick(&text).to_owned();
        world.add(person, Entry::new(Code::NoReview, on, user, text, None));
        if world.random.chance(again) {
            let later = next_working(on + world.random.between(1, 240));
            if world.people[person].is_here(later) {
                set_again(world, person, later);
            }
        }
    }
}

/// 103: the patient said no.
fn declined(world: &mut World) {
    let part = world.random.log_span(0.001, 0.015);
    for _ in 0..share(world.people.len(), part) {
        let on = world.working_day(NOVEMBER_2022, world.today);
        let Some(person) = world.adult(on, |p| p.codes.iter().all(|c| c.code != Code::Declined)) else { continue };
        let user = world.user(&DESK, on);
        let text = ["", "", "Does not want online access", "declined at reception", "no internet"];
        let text = world.random.pick(&text).to_owned();
        world.add(person, Entry::new(Code::Declined, on, user, text, None));
    }
}

/// A 106 on the very day of the 104, by mistake or on second thoughts.
fn pairs(world: &mut World) {
    for _ in 0..world.random.poisson(2.0) {
        let Some(person) = world.someone(|p| active(p).is_some()) else { return };
        let Some(entry) = active(&world.people[person]).cloned() else { continue };
        let mut pair = Entry::new(Code::NoReview, entry.day, entry.user, String::new(), None);
        pair.entered = entry.entered;
        pair.place = entry.place;
        world.add(person, pair);
    }
}

/// Another clinical system took everything over: what was entered before bears its day.
pub fn migrate(world: &mut World) {
    let earliest = NOVEMBER_2022 + 200;
    let on = world.random.between(earliest, (world.today - 60).max(earliest + 1));
    let mut count = 0;
    for entry in world.people.iter_mut().flat_map(|p| &mut p.codes).filter(|c| c.entered < on) {
        entry.entered = on;
        count += 1;
    }
    world.tell(format!("The system was changed on {}: {count} entries bear that date of entry.", with_hyphens(on)));
}
