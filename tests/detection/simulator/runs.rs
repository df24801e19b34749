//! Runs of one user over working days.

use super::Pattern;
use super::bulk::{Campaign, by_name};
use super::calendar::{Day, next_working, weekday};
use super::random::{float, share, whole};
use super::staff::IN_BULK;
use super::world::World;

/// A run from a day on; gives its last day.
pub fn run(world: &mut World, campaign: &mut Campaign, on: Day) -> Day {
    let list = in_order(world, campaign, on);
    let user = world.user(&IN_BULK, on);
    let days = working_days(world, campaign, on);
    let count = days.len();
    let sizes = if campaign.pattern == Pattern::SlowRun {
        (0..count).map(|_| world.random.count(4, 15)).collect()
    } else {
        sizes(world, list.len(), count)
    };
    let mut left = list.as_slice();
    let mut latest = on;
    for (day, size) in days.into_iter().zip(sizes) {
        if day > world.today || left.is_empty() {
            break;
        }
        let (these, rest) = left.split_at(size.min(left.len()));
        left = rest;
        for person in these {
            if campaign.wants(world, *person, day) {
                campaign.stamp(world, *person, user, day, day);
            }
        }
        latest = day;
        if campaign.pattern != Pattern::SlowRun {
            world.bulk_days.push(day);
        }
    }
    let who = world.users[user].clone();
    world.tell(format!("Campaign {} run by {who}, {} of the list left over.", campaign.id, left.len()));
    latest
}

/// Everybody in the order in which the user goes down the list.
fn in_order(world: &mut World, campaign: &Campaign, on: Day) -> Vec<usize> {
    let mut list = campaign.gather(world, on);
    let kind = match campaign.pattern {
        Pattern::RunByAlphabet => 0,
        Pattern::RunByNumber => 1,
        Pattern::RunByUsualGp => 2,
        // A slow run follows letters that come in, or a list.
        _ => world.random.weighted(&[0.25, 0.2, 0.05, 0.5]),
    };
    match kind {
        0 => by_name(world, &mut list),
        1 => list.sort_by_key(|at| world.people[*at].number),
        2 => {
            by_name(world, &mut list);
            let mut order: Vec<usize> = (0..world.staff.seats.len()).collect();
            order.sort_by_key(|seat| world.staff.seats.get(*seat).and_then(|user| world.users.get(*user)));
            let mut place = vec![0; order.len()];
            for (at, seat) in order.into_iter().enumerate() {
                place[seat] = at;
            }
            list.sort_by_key(|at| place.get(world.people[*at].gp).copied());
        }
        _ => world.random.shuffle(&mut list),
    }
    if kind < 2 && world.random.chance(0.15) {
        list.reverse();
    }
    // A few are put aside and done later, or earlier because somebody asked.
    if world.random.chance(0.6) {
        for _ in 0..share(list.len(), 0.01) {
            let (from, to) = (world.random.below(list.len()), world.random.below(list.len()));
            list.swap(from, to);
        }
    }
    list
}

/// The days on which the user gets to it.
fn working_days(world: &mut World, campaign: &Campaign, on: Day) -> Vec<Day> {
    let is_slow = campaign.pattern == Pattern::SlowRun;
    let wanted = if is_slow { world.random.count(20, 60) } else { world.random.count(3, 15) };
    let works: [bool; 5] = if world.random.chance(0.3) {
        let mut days = [true, true, true, false, false];
        world.random.shuffle(&mut days);
        days
    } else {
        [true; 5]
    };
    let missed = if is_slow { 0.15 } else { world.random.pick(&[0.0, 0.0, 0.1, 0.25]) };
    // A slow run ends with its weeks, however many days of them were missed.
    let end = on + if is_slow { world.random.between(28, 84) } else { 60 };
    let mut days = vec![on];
    let mut day = on;
    while days.len() < wanted && day < end {
        day = next_working(day + 1);
        let is_theirs = usize::try_from(weekday(day)).ok().and_then(|w| works.get(w)).copied().unwrap_or(false);
        if is_theirs && !world.random.chance(missed) {
            days.push(day);
        }
    }
    days
}

/// How many on each day: 40 to 400, uneven, sometimes a small rest at the end.
fn sizes(world: &mut World, list: usize, most_days: usize) -> Vec<usize> {
    let days = most_days.min((list / 50).max(3));
    let rest = if world.random.chance(0.3) { world.random.count(3, 20) } else { 0 };
    let uneven: Vec<f64> =
        (0..days).map(|_| world.random.span(0.5, 1.5) * if world.random.chance(0.1) { 0.4 } else { 1.0 }).collect();
    let total: f64 = uneven.iter().sum();
    let planned = float(list.saturating_sub(rest));
    let mut out: Vec<usize> = uneven.iter().map(|part| whole(planned * part / total).clamp(40, 400)).collect();
    out.push(rest);
    out
}
