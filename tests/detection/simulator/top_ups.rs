//! New patients coded again and again: every day, week or month.

use super::Pattern;
use super::bulk::Campaign;
use super::calendar::{Day, civil, day, is_working, next_working, weekday};
use super::staff::OFFICE;
use super::world::World;

/// A series between two days.
pub fn run(world: &mut World, campaign: &mut Campaign, from: Day, to: Day) {
    let length = world.random.between(92, 910);
    let slack = (to - from - length).clamp(0, 60);
    let start = next_working(from + world.random.between(0, slack));
    let end = to.min(start + length);
    let days = days(world, campaign.pattern, start, end);
    let hands = world.random.weighted(&[0.0, 0.6, 0.25, 0.15]);
    let mut users: Vec<usize> = (0..hands).map(|_| world.user(&OFFICE, start)).collect();
    users.sort_unstable();
    users.dedup();
    let interval = match campaign.pattern {
        Pattern::DailyTopUp => 1,
        Pattern::WeeklyTopUp => 7,
        _ => 31,
    };
    // The first time takes in those who came since a while ago.
    let mut since = start - interval - if world.random.chance(0.3) { world.random.between(10, 60) } else { 0 };
    let mut arrivals: Vec<(Day, usize)> = Vec::new();
    for (at, person) in world.people.iter().enumerate() {
        if person.registered > since && person.registered <= end {
            arrivals.push((person.registered, at));
        }
        if person.away.is_some() && person.first > since && person.first <= end {
            arrivals.push((person.first, at));
        }
    }
    arrivals.sort_unstable();
    let mut left = arrivals.as_slice();
    let mut turn = 0;
    for on in days {
        let (these, rest) = left.split_at(left.partition_point(|(came, _)| *came <= on));
        left = rest;
        turn += usize::from(world.random.chance(0.7));
        let hand = turn % users.len().max(1);
        if users.get(hand).is_some_and(|user| !world.staff.is_there(*user, on)) {
            users[hand] = world.user(&OFFICE, on);
        }
        let Some(user) = users.get(hand).copied() else { return };
        for (came, person) in these {
            if *came > since && campaign.wants(world, *person, on) && world.random.chance(campaign.reach) {
                campaign.stamp(world, *person, user, on, on);
            }
        }
        since = on;
        if world.random.chance(0.1) {
            world.bulk_days.push(on);
        }
    }
    let who: Vec<String> = users.iter().filter_map(|user| world.users.get(*user)).cloned().collect();
    world.tell(format!("Campaign {} done by {}.", campaign.id, who.join(" and ")));
}

/// The days on which somebody gets to it.
fn days(world: &mut World, pattern: Pattern, start: Day, end: Day) -> Vec<Day> {
    let mut out = Vec::new();
    match pattern {
        Pattern::DailyTopUp => {
            let mut on = start;
            let missed = world.random.span(0.02, 0.2);
            while on <= end {
                if !world.random.chance(missed) {
                    out.push(on);
                }
                // A holiday now and then, when nobody does it.
                let away = if world.random.chance(0.008) { world.random.between(6, 14) } else { 0 };
                on = next_working(on + 1 + away);
            }
        }
        Pattern::WeeklyTopUp => {
            let of_week = world.random.between(0, 4);
            let mut on = start + (of_week - weekday(start)).rem_euclid(7);
            while on <= end {
                let moved = if is_working(on) && world.random.chance(0.93) { on } else { next_working(on + 1) };
                let is_missed = world.random.chance(if is_working(on) { 0.05 } else { 0.5 });
                if !is_missed && moved <= end {
                    out.push(moved);
                }
                on += if world.random.chance(0.02) { 21 } else { 7 };
            }
        }
        _ => {
            let of_month = world.random.pick(&[1, 1, 2, 5, 15, 28]);
            let (mut year, mut month, _) = civil(start);
            while day(year, month, of_month) <= end {
                let shift = if world.random.chance(0.3) { world.random.between(0, 3) } else { 0 };
                let on = next_working(day(year, month, of_month) + shift);
                if on >= start && on <= end && !world.random.chance(0.05) {
                    out.push(on);
                }
                month += 1;
                if month > 12 {
                    (year, month) = (year + 1, 1);
                }
            }
        }
    }
    out
}
