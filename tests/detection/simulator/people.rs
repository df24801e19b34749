//! Who is on the list: households that came, had children, and left.

use super::calendar::{Day, age, day, next_working};
use super::names::{Area, Name};
use super::random::{Random, days, float, share, whole};
use super::world::Entry;

/// How somebody stopped being a patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Went to another practice.
    Left,
    /// Died.
    Died,
}

/// One patient.
#[derive(Clone, Debug)]
pub struct Person {
    /// NHS number.
    pub nhs: u64,
    /// EMIS number or `SystmOne` identifier.
    pub number: u32,
    /// What they are called.
    pub name: Name,
    /// Mr, Mrs and so on.
    pub title: &'static str,
    /// A woman or girl.
    pub female: bool,
    /// Date of birth.
    pub born: Day,
    /// First registered here.
    pub first: Day,
    /// Left for a while, where they registered again.
    pub away: Option<Day>,
    /// The registration that counts now.
    pub registered: Day,
    /// How and when it ended.
    pub ended: Option<(Day, Ending)>,
    /// A registration that is no full one, in the system's words.
    pub kind: Option<&'static str>,
    /// The seat of the usual GP.
    pub gp: usize,
    /// Who lives together.
    pub household: usize,
    /// Lives in a care home.
    pub in_care_home: bool,
    /// Came on the day when another practice's list was taken over.
    pub by_merger: bool,
    /// Telephone numbers on record.
    pub phones: usize,
    /// The three codes, in the order of typing.
    pub codes: Vec<Entry>,
}

impl Person {
    /// A patient here on a day.
    #[must_use]
    pub fn is_here(&self, on: Day) -> bool {
        let before = self.away.is_some_and(|away| self.first <= on && on < away);
        before || (self.registered <= on && self.ended.is_none_or(|(end, _)| on < end))
    }

    /// The date of registration that the system showed on a day.
    #[must_use]
    pub const fn registered_as_of(&self, on: Day) -> Day {
        if on < self.registered { self.first } else { self.registered }
    }

    /// Age in full years.
    #[must_use]
    pub fn age(&self, on: Day) -> i32 {
        age(self.born, on)
    }

    /// Nothing entered so far, as the system knew on a day.
    #[must_use]
    pub fn is_uncoded(&self, on: Day) -> bool {
        self.codes.iter().all(|c| c.entered > on && c.day > on)
    }
}

/// What kind of list it is.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Patients registered now.
    pub size: usize,
    /// The day of the export.
    pub today: Day,
    /// Share of the list that comes anew in a year.
    pub turnover: f64,
    /// Many students, who come in September.
    pub is_university: bool,
    /// Another list was taken over on this day.
    pub merger: Option<(Day, f64)>,
    /// Those who left since 2022 and are still in the file, as a share of the list.
    pub leavers: f64,
    /// Registrations that are no full ones, as a share of the list.
    pub temporary: f64,
    /// How unequal the GPs' lists are.
    pub lists: Vec<f64>,
}

/// Everybody, households together.
pub fn people(random: &mut Random, area: &Area, plan: &Plan) -> Vec<Person> {
    let mut out: Vec<Person> = Vec::with_capacity(plan.size + share(plan.size, plan.leavers));
    let mut household = 0;
    while out.len() < plan.size {
        settle(random, area, plan, household, &mut out);
        household += 1;
    }
    out.truncate(plan.size);
    care_homes(random, plan, &mut out);
    let gone_from = out.len();
    while out.len() < gone_from + share(plan.size, plan.leavers) {
        settle(random, area, plan, household, &mut out);
        household += 1;
    }
    for person in out.iter_mut().skip(gone_from) {
        leave(random, plan.today, person);
    }
    for _ in 0..share(plan.size, plan.temporary) {
        let at = random.below(gone_from);
        out[at].kind = Some(random.pick(&["Temporary Resident", "Temporary", "Immediately Necessary", "Private"]));
        out[at].registered = next_working(plan.today - random.between(5, 120)).min(plan.today);
        out[at].registered = out[at].registered.max(out[at].born);
        out[at].first = out[at].registered;
    }
    come_back(random, plan, &mut out);
    number(random, &mut out);
    out
}

/// One household with those who live in it.
fn settle(random: &mut Random, area: &Area, plan: &Plan, household: usize, out: &mut Vec<Person>) {
    let moved = move_in(random, plan);
    let gp = random.weighted(&plan.lists);
    let female = random.chance(0.5);
    let head = area.name(random, female);
    let mut add = |random: &mut Random, name: Name, female: bool, years: f64, own_date: bool| {
        let born = plan.today - days(years.max(0.02) * 365.25) - random.between(0, 20);
        let came = if own_date { move_in(random, plan) } else { moved };
        // A child born here is registered within weeks of its birth.
        let registered = if came < born + 5 { born + random.between(5, 60) } else { came };
        let registered = if random.chance(0.95) { next_working(registered) } else { registered }.min(plan.today);
        let by_merger =
            plan.merger.is_some_and(|(_, part)| registered == came && household % 100 < whole(part * 100.0));
        let registered = match plan.merger {
            Some((day, _)) if by_merger && registered < day => day,
            _ => registered,
        };
        let title = match (female, years < 16.0) {
            (true, true) => "Miss",
            (false, true) => random.pick(&["Mr", "Master"]),
            (true, _) => random.pick(&["Mrs", "Mrs", "Ms", "Miss"]),
            (false, _) => "Mr",
        };
        let gp = if random.chance(0.85) { gp } else { random.weighted(&plan.lists) };
        let by_merger = by_merger && plan.merger.is_some_and(|(day, _)| registered == day);
        out.push(Person {
            nhs: 0,
            number: 0,
            name,
            title,
            female,
            born,
            first: registered,
            away: None,
            registered,
            ended: None,
            kind: None,
            gp,
            household,
            in_care_home: false,
            by_merger,
            phones: 1 + usize::from(random.chance(0.12)),
            codes: Vec::new(),
        });
    };
    let kind = if plan.is_university { [0.7, 0.4, 0.5, 0.4, 1.6] } else { [0.33, 0.29, 0.32, 0.06, 0.0] };
    match random.weighted(&kind) {
        0 => {
            let (low, high) =
                [(18.0, 35.0), (35.0, 65.0), (62.0, 82.0), (75.0, 97.0)][random.weighted(&[0.22, 0.26, 0.24, 0.28])];
            let years = random.span(low, high);
            add(random, head, female, years, false);
        }
        1 => {
            let years = random.span(22.0, 70.0) + random.span(0.0, 18.0);
            add(random, head, female, years, false);
            let other = random.chance(0.8);
            let name = if other { Area::relative(random, head, !female) } else { area.name(random, !female) };
            let other_years = (years + random.normal(0.0, 3.0)).max(18.0);
            let own_date = random.chance(0.25);
            add(random, name, !female, other_years, own_date);
        }
        2 => {
            let years = random.span(22.0, 52.0);
            add(random, head, female, years, false);
            if random.chance(0.76) {
                let same = random.chance(0.8);
                let name = if same { Area::relative(random, head, !female) } else { area.name(random, !female) };
                let other_years = (years + random.normal(0.0, 3.0)).max(18.0);
                let own_date = random.chance(0.2);
                add(random, name, !female, other_years, own_date);
            }
            for _ in 0..=random.poisson(0.9).min(5) {
                let girl = random.chance(0.49);
                let name = Area::relative(random, head, girl);
                let child_years = years - random.span(19.0, 37.0);
                if child_years > 0.02 {
                    add(random, name, girl, child_years, false);
                }
            }
        }
        3 => {
            for _ in 0..random.count(2, 5) {
                let female = random.chance(0.5);
                let name = area.name(random, female);
                let years = random.span(18.5, 34.0);
                add(random, name, female, years, true);
            }
        }
        _ => {
            let years = random.span(18.2, 23.5);
            add(random, head, female, years, false);
        }
    }
}

/// When a household came: movers and stayers, so that the turnover is as planned.
fn move_in(random: &mut Random, plan: &Plan) -> Day {
    let movers = ((plan.turnover - 0.045) / 0.205).clamp(0.02, 0.95);
    let years = if random.chance(movers) { random.exponential(4.0) } else { random.exponential(22.0) };
    let years = if years > 60.0 { random.span(1.0, 60.0) } else { years };
    let came = plan.today - days(years * 365.25);
    let came = if plan.is_university && random.chance(0.55) {
        let (year, month, _) = super::calendar::civil(came);
        let year = if month < 9 { year - 1 } else { year };
        day(year, 9, 12) + random.between(0, 25)
    } else {
        came
    };
    next_working(came).min(plan.today)
}

/// Two homes or so on a bigger list.
fn care_homes(random: &mut Random, plan: &Plan, out: &mut [Person]) {
    let mut old: Vec<usize> = (0..out.len()).filter(|at| out[*at].age(plan.today) >= 74).collect();
    random.shuffle(&mut old);
    let homes = random.count(0, 1 + plan.size / 8_000);
    let mut left = old.as_slice();
    for _ in 0..homes {
        let (these, rest) = left.split_at(random.count(15, 55).min(left.len()));
        left = rest;
        let Some(household) = these.first().map(|at| out[*at].household) else { return };
        let gp = random.weighted(&plan.lists);
        for at in these {
            let person = &mut out[*at];
            person.household = household;
            person.in_care_home = true;
            person.gp = gp;
            person.registered = person.registered.max(next_working(plan.today - days(random.exponential(900.0))));
            person.registered = person.registered.min(plan.today);
            person.first = person.registered;
            person.by_merger = false;
        }
    }
}

/// Ends a registration somewhere since 2022.
fn leave(random: &mut Random, today: Day, person: &mut Person) {
    let recent = today - days(random.exponential(420.0)).clamp(1, 1_500);
    let end = recent.max(day(2022, 2, 1));
    let years = random.exponential(5.0);
    let came = next_working(end - 20 - days(years * 365.25)).min(end - 5);
    person.registered = came.max(person.born);
    person.first = person.registered;
    person.by_merger = false;
    let end = end.max(person.registered + 3).min(today);
    let dies = if person.age(today) >= 65 { 0.45 } else { 0.01 };
    person.ended = Some((end, if random.chance(dies) { Ending::Died } else { Ending::Left }));
}

/// Some left and came again: an old number with a new date of registration.
fn come_back(random: &mut Random, plan: &Plan, out: &mut [Person]) {
    let again = random.span(0.01, 0.04);
    for person in out.iter_mut() {
        if person.ended.is_none() && person.kind.is_none() && !person.by_merger && random.chance(again) {
            let away = person.registered - random.between(60, 1_600);
            let first = next_working(away - random.between(200, 4_000));
            if first > person.born + 30 && person.registered < plan.today {
                person.first = first;
                person.away = Some(away);
            }
        }
    }
}

/// Numbers that rise with the first registration, more or less, and NHS numbers of the 999 range.
fn number(random: &mut Random, out: &mut [Person]) {
    let mut order: Vec<(Day, usize)> = Vec::with_capacity(out.len());
    for (at, person) in out.iter().enumerate() {
        let earlier = if random.chance(0.03) { random.between(0, 4_000) } else { 0 };
        order.push((person.first - earlier + random.between(0, 4), at));
    }
    order.sort_unstable();
    let gap = random.span(0.3, 2.0);
    let mut next = u32::try_from(random.count(1, 30_000)).unwrap_or(1);
    for (_, at) in order {
        next += 1 + u32::try_from(whole(random.exponential(gap) - 0.5)).unwrap_or(0);
        out[at].number = next;
    }
    let start = u64::try_from(random.below(1_000_000)).unwrap_or(0);
    let step = 10 * u64::try_from(random.count(20_000, 40_000)).unwrap_or(0) + random.pick(&[1, 3, 7, 9]);
    let mut numbers = (0..1_000_000).filter_map(|n| nhs_number(999_000_000 + (start + n * step) % 1_000_000));
    for person in out.iter_mut() {
        person.nhs = numbers.next().unwrap_or(0);
    }
}

/// Nine digits with their check digit, where there is a valid one.
#[must_use]
pub fn nhs_number(nine: u64) -> Option<u64> {
    let mut rest = nine;
    let mut sum = 0;
    for weight in 2..=10 {
        sum += rest % 10 * weight;
        rest /= 10;
    }
    match (11 - sum % 11) % 11 {
        10 => None,
        check => Some(nine * 10 + check),
    }
}

/// How many adults are registered on a day.
#[must_use]
pub fn adults(people: &[Person], on: Day) -> f64 {
    float(people.iter().filter(|p| p.is_here(on) && p.age(on) >= 16).count())
}
