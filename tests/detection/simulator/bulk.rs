//! Campaigns that set 104s by the list: which, in which order, and for whom.

use super::calendar::{Day, day, next_working};
use super::notes::{self, Wording};
use super::random::{Random, float, share, whole};
use super::staff::{IN_BULK, OFFICE};
use super::world::{Code, Entry, World};
use super::{GenuineKind, Origin, Pattern, runs, top_ups};

/// One campaign.
#[derive(Clone, Debug)]
pub struct Campaign {
    /// Its number in the practice.
    pub id: u16,
    /// What it looks like.
    pub pattern: Pattern,
    /// What it types.
    pub wording: Wording,
    /// Which share of those whom it is about it gets.
    pub reach: f64,
    /// The youngest.
    pub from_age: i32,
    /// An earlier one of several does a part of the list only.
    pub part: f64,
    /// Whose entries it set so far.
    pub done: Vec<(usize, Day)>,
}

/// Whether a pattern is about the list as a whole, or new patients, or a few.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Extent {
    Few,
    List,
    New,
}

const fn extent(pattern: Pattern) -> Extent {
    match pattern {
        Pattern::OverSeventyFives | Pattern::OneClinic | Pattern::OneRegister => Extent::Few,
        Pattern::WeeklyTopUp | Pattern::DailyTopUp | Pattern::MonthlyTopUp => Extent::New,
        _ => Extent::List,
    }
}

/// All campaigns of a practice.
pub fn run(world: &mut World, patterns: &[Pattern]) {
    let of = |wanted: Extent| patterns.iter().copied().filter(move |p| extent(*p) == wanted);
    let (lists, news) = (of(Extent::List).count(), of(Extent::New).count());
    let mut earliest = day(2022, 10, 25);
    for pattern in of(Extent::Few) {
        // Whoever codes the whole list later leaves nobody for a small campaign after it.
        let latest = if lists > 0 { day(2023, 1, 6) } else { world.today - 14 };
        let on = if world.random.chance(0.5) {
            in_a_wave(&mut world.random, earliest, latest)
        } else {
            world.working_day(earliest, latest)
        };
        let mut campaign = Campaign::new(world, pattern, 1.0);
        few(world, &mut campaign, on);
        campaign.close(world);
    }
    if of(Extent::Few).count() > 0 && lists > 0 {
        earliest = day(2023, 1, 9);
    }
    for (at, pattern) in of(Extent::List).enumerate() {
        let is_last = at + 1 == lists;
        let part = if is_last { 1.0 } else { world.random.span(0.3, 0.65) };
        // Room for what comes after it.
        let after = 50 * i32::try_from(lists - at - 1).unwrap_or(0) + 130 * i32::from(news > 0);
        let latest = (world.today - 100 - after).max(earliest);
        let on = if world.random.chance(0.82) || !is_last {
            in_a_wave(&mut world.random, earliest, latest)
        } else {
            world.working_day(earliest, latest)
        };
        let mut campaign = Campaign::new(world, pattern, part);
        let last = whole_list(world, &mut campaign, on);
        campaign.close(world);
        earliest = next_working(last + 2);
    }
    let start = if lists == 0 { world.random.between(day(2022, 11, 1), day(2023, 9, 1)) } else { earliest };
    let new_count = i32::try_from(news).unwrap_or(1).max(1);
    let start = start.min(world.today - 120 * new_count);
    let segment = (world.today - start) / new_count;
    for (at, pattern) in (0..).zip(of(Extent::New)) {
        let mut campaign = Campaign::new(world, pattern, 1.0);
        campaign.reach = world.random.span(0.85, 1.0);
        let from = start + segment * at;
        top_ups::run(world, &mut campaign, from, from + segment - 4);
        campaign.close(world);
    }
}

/// A working day of one of the known waves, within bounds; any working day where none is.
fn in_a_wave(random: &mut Random, earliest: Day, latest: Day) -> Day {
    const WAVES: [(Day, Day); 4] = [
        (day(2022, 10, 25), day(2022, 11, 30)),
        (day(2023, 1, 16), day(2023, 2, 1)),
        (day(2023, 5, 15), day(2023, 10, 31)),
        (day(2023, 11, 1), day(2023, 11, 30)),
    ];
    for _ in 0..40 {
        let (low, high) = WAVES[random.weighted(&[0.42, 0.13, 0.33, 0.12])];
        let on = next_working(random.between(low, high));
        if on >= earliest && on <= latest {
            return on;
        }
    }
    next_working(random.between(earliest, latest.max(earliest)))
}

impl Campaign {
    /// A new one.
    pub fn new(world: &mut World, pattern: Pattern, part: f64) -> Self {
        world.campaigns += 1;
        let random = &mut world.random;
        Self {
            id: world.campaigns,
            pattern,
            wording: Wording::of_campaign(random),
            reach: random.span(0.9, 0.995),
            from_age: random.pick(&[16, 16, 16, 16, 18, 18, 13, 11, 0, 0]),
            part,
            done: Vec::new(),
        }
    }

    /// Whether it would code a patient on a day.
    #[must_use]
    pub fn wants(&self, world: &World, person: usize, on: Day) -> bool {
        let person = &world.people[person];
        person.is_here(on) && person.is_uncoded(on) && person.age(on) >= self.from_age
    }

    /// Whom it codes, as found on a day.
    pub fn gather(&self, world: &mut World, on: Day) -> Vec<usize> {
        let mut found: Vec<usize> = (0..world.people.len()).filter(|at| self.wants(world, *at, on)).collect();
        let reach = self.reach;
        found.retain(|_| world.random.chance(reach));
        if self.part < 1.0 {
            let part = self.part;
            match world.random.below(3) {
                0 => found.retain(|_| world.random.chance(part)),
                1 => {
                    by_name(world, &mut found);
                    found.truncate(share(found.len(), part));
                }
                _ => {
                    let seats = float(world.staff.seats.len());
                    found.retain(|at| float(world.people[*at].gp) < seats * part);
                }
            }
        }
        found
    }

    /// Sets one 104.
    pub fn stamp(&mut self, world: &mut World, person: usize, user: usize, on: Day, entered: Day) {
        let text = self.wording.text(entered, self.done.len() + 1);
        let origin = Origin::Bulk { pattern: self.pattern, campaign: self.id };
        let mut entry = Entry::new(Code::Review, on, user, text, Some(origin));
        entry.entered = entered;
        if world.add(person, entry) {
            self.done.push((person, on));
        }
    }

    /// Some had been looked at: they carry a note of their own. Then the story.
    pub fn close(self, world: &mut World) {
        let most = share(self.done.len(), 0.04);
        let noted = world.random.poisson(2.5).min(most);
        for _ in 0..noted {
            let Some((person, on)) = world.random.choose(&self.done) else { break };
            let text = notes::own(&mut world.random, on);
            let entries = &mut world.people[person].codes;
            if let Some(entry) = entries.iter_mut().find(|c| c.is_bulk() && c.day == on) {
                entry.text = text;
                entry.origin = Some(Origin::Genuine(GenuineKind::NotedOnBulkDay));
            }
        }
        if !self.done.is_empty() && !world.patterns.contains(&self.pattern) {
            world.patterns.push(self.pattern);
        }
        let days = self.done.iter().map(|(_, day)| *day);
        let (first, last) = (days.clone().min().unwrap_or(0), days.max().unwrap_or(0));
        let sentence = format!(
            "Campaign {}: {}, {} entries dated {} to {}, {}, from age {}, {noted} noted.",
            self.id,
            self.pattern.label(),
            self.done.len(),
            super::calendar::with_hyphens(first),
            super::calendar::with_hyphens(last),
            self.wording.described(),
            self.from_age,
        );
        world.tell(sentence);
    }
}

/// By family name, then given name.
pub fn by_name(world: &World, list: &mut [usize]) {
    list.sort_by_key(|at| {
        let person = &world.people[*at];
        (person.name.family, person.name.given, person.number)
    });
}

/// One that is about the whole list, from a day on; gives its last day.
fn whole_list(world: &mut World, campaign: &mut Campaign, on: Day) -> Day {
    match campaign.pattern {
        Pattern::WholeListDay => one_day(world, campaign, on),
        Pattern::SeveralUsersOneDay => several_users(world, campaign, on),
        Pattern::BackDatedToRegistration => back_dated_to_registration(world, campaign, on),
        Pattern::BackDatedToOneDay => back_dated_to_one_day(world, campaign, on),
        _ => runs::run(world, campaign, on),
    }
}

/// One user and the whole list, sometimes over midnight.
fn one_day(world: &mut World, campaign: &mut Campaign, on: Day) -> Day {
    let mut list = campaign.gather(world, on);
    world.random.shuffle(&mut list);
    let user = world.user(&IN_BULK, on);
    let before = if world.random.chance(0.15) { world.random.span(0.3, 0.95) } else { 1.0 };
    let midnight = share(list.len(), before);
    for (at, person) in list.into_iter().enumerate() {
        let on = on + i32::from(at >= midnight);
        campaign.stamp(world, person, user, on, on);
    }
    world.bulk_days.push(on);
    on + 1
}

/// Several users who share a day, or two.
fn several_users(world: &mut World, campaign: &mut Campaign, on: Day) -> Day {
    let wanted = world.random.count(3, 10);
    let mut users = Vec::new();
    for _ in 0..60 {
        let roles: &[_] = if world.random.chance(0.8) { &OFFICE } else { &IN_BULK };
        let user = world.user(roles, on);
        if users.len() < wanted && !users.contains(&user) {
            users.push(user);
        }
    }
    let mut list = campaign.gather(world, on);
    let by_letters = world.random.chance(0.5);
    if by_letters {
        by_name(world, &mut list);
    } else {
        world.random.shuffle(&mut list);
    }
    let weights: Vec<f64> = users.iter().map(|_| world.random.log_span(0.4, 2.0)).collect();
    let total: f64 = weights.iter().sum();
    let second = world.random.chance(0.35).then(|| next_working(on + 1));
    let mut at = 0;
    for (user, weight) in users.iter().zip(weights) {
        let until = at + whole(float(list.len()) * weight / total);
        let slower = world.random.span(0.1, 0.7);
        let these = list.get(at..until.min(list.len())).unwrap_or_default();
        for (n, person) in these.iter().enumerate() {
            let late = float(n) > float(these.len()) * (1.0 - slower);
            let day = second.filter(|_| late).unwrap_or(on);
            campaign.stamp(world, *person, *user, day, day);
        }
        at = until;
    }
    world.bulk_days.push(on);
    second.unwrap_or(on)
}

/// Dated with each patient's registration, typed on a day or a run of days.
fn back_dated_to_registration(world: &mut World, campaign: &mut Campaign, on: Day) -> Day {
    let mut list = campaign.gather(world, on);
    if world.random.chance(0.35) {
        // Only those who came in the last years.
        let since = on - world.random.between(400, 1_200);
        list.retain(|at| world.people[*at].registered_as_of(on) >= since);
    }
    let user = world.user(&IN_BULK, on);
    let days = if world.random.chance(0.5) { 1 } else { world.random.count(2, 8) };
    by_name(world, &mut list);
    let a_day = list.len() / days + 1;
    let mut entered = on;
    for chunk in list.chunks(a_day) {
        for person in chunk {
            let dated = world.people[*person].registered_as_of(entered);
            campaign.stamp(world, *person, user, dated, entered);
        }
        world.bulk_days.push(entered);
        entered = next_working(entered + 1);
    }
    entered
}

/// Dated with one day and typed over later ones; or typed on one day and dated here and there.
fn back_dated_to_one_day(world: &mut World, campaign: &mut Campaign, on: Day) -> Day {
    let mut list = campaign.gather(world, on);
    let user = world.user(&IN_BULK, on);
    if world.random.chance(0.3) {
        let spread = world.random.between(20, 200);
        for person in list {
            let dated = world.working_day(on - spread, on);
            campaign.stamp(world, person, user, dated, on);
        }
        world.bulk_days.push(on);
        return on;
    }
    by_name(world, &mut list);
    let lag = world.random.between(3, 120);
    let dated = [day(2022, 10, 31), day(2022, 11, 1), day(2023, 10, 31)];
    let dated = dated.into_iter().rev().find(|d| *d < on - 2).filter(|_| world.random.chance(0.5));
    let dated = dated.unwrap_or_else(|| super::calendar::last_working(on - lag));
    if world.random.chance(0.85) {
        list.retain(|at| world.people[*at].registered_as_of(on) <= dated);
    }
    let days = world.random.count(2, 15);
    let a_day = list.len() / days + 1;
    let mut entered = on;
    for chunk in list.chunks(a_day) {
        for person in chunk {
            campaign.stamp(world, *person, user, dated, entered);
        }
        entered = next_working(entered + 1);
    }
    world.bulk_days.push(dated);
    entered
}

/// One that is about some of the list, on one day.
fn few(world: &mut World, campaign: &mut Campaign, on: Day) {
    let mut list = match campaign.pattern {
        Pattern::OverSeventyFives => {
            campaign.from_age = 75;
            campaign.gather(world, on)
        }
        Pattern::OneClinic => one_clinic(world, campaign, on),
        _ => one_register(world, campaign, on),
    };
    let roles: &[_] = if campaign.pattern == Pattern::OverSeventyFives { &IN_BULK } else { &OFFICE };
    let user = world.user(roles, on);
    world.random.shuffle(&mut list);
    for person in list {
        campaign.stamp(world, person, user, on, on);
    }
    world.bulk_days.push(on);
}

/// Those who were booked into one clinic.
fn one_clinic(world: &mut World, campaign: &mut Campaign, on: Day) -> Vec<usize> {
    campaign.from_age = 18;
    let (low, high, women) = world.random.pick(&[(45, 99, false), (25, 64, true), (60, 99, false), (18, 99, false)]);
    let mut list: Vec<usize> = (0..world.people.len())
        .filter(|at| {
            let person = &world.people[*at];
            let fits = (low..=high).contains(&person.age(on)) && (person.female || !women);
            fits && campaign.wants(world, *at, on)
        })
        .collect();
    world.random.shuffle(&mut list);
    list.truncate(world.random.count(12, 60));
    list
}

/// A register: learning disability, dementia, the care homes.
fn one_register(world: &mut World, campaign: &mut Campaign, on: Day) -> Vec<usize> {
    let homes = world.people.iter().filter(|p| p.in_care_home && p.is_here(on)).count();
    let (text, low, high) = match world.random.below(3) {
        0 if homes >= 30 => ("Care home patient", 65, 110),
        0 | 1 => ("LD register", 18, 75),
        _ => ("Dementia register", 68, 110),
    };
    campaign.from_age = low;
    if world.random.chance(0.6) {
        campaign.wording = Wording::Same(text);
    }
    let is_home = text == "Care home patient";
    let mut list: Vec<usize> = (0..world.people.len())
        .filter(|at| {
            let person = &world.people[*at];
            let fits = person.age(on) <= high && (person.in_care_home || !is_home);
            fits && campaign.wants(world, *at, on)
        })
        .collect();
    world.random.shuffle(&mut list);
    let most = (world.people.len() / 40).clamp(30, 200);
    list.truncate(world.random.count(30, most));
    list
}
