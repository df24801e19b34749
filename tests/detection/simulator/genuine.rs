//! Real decisions about one person, or one family, or one meeting's list.

use super::calendar::{APRIL_2022, Day, NOVEMBER_2022, day, next_working};
use super::notes;
use super::people::{Person, adults};
use super::random::{Random, share, whole};
use super::staff::{CLINICIANS, Role};
use super::world::{Entry, World};
use super::{GenuineKind, Origin};

const GP: [(Role, f64); 1] = [(Role::Gp, 1.0)];
const SECRETARY: [(Role, f64); 1] = [(Role::Secretary, 1.0)];
const DESK: [(Role, f64); 1] = [(Role::Receptionist, 1.0)];
const AT_REGISTRATION: [(Role, f64); 4] =
    [(Role::Assistant, 0.4), (Role::Nurse, 0.3), (Role::Gp, 0.25), (Role::Receptionist, 0.05)];

/// How a practice decides.
#[derive(Clone, Debug)]
pub struct Habits {
    /// Entries altogether, or about as many.
    pub decisions: usize,
    /// How often each way of deciding comes: lone, family, clinic, secretary, new patient.
    weights: [f64; 5],
    /// Safeguarding meetings in a year that end in codes.
    meetings: f64,
    /// The meeting's name in notes.
    meeting: &'static str,
    /// The secretary types the meeting's list.
    secretary_types: bool,
    /// Share of lone entries with a note of their own.
    noted: f64,
    /// A secretary who types several a week.
    typist: Option<f64>,
    /// So many a day come to the desk.
    desk: Option<f64>,
    /// Somebody goes through a list of people at risk in so many evenings.
    evenings: Option<usize>,
}

impl Habits {
    /// Draws them.
    pub fn new(random: &mut Random, people: &[Person], today: Day) -> Self {
        let list = adults(people, today);
        let rate = random.log_span(0.002, 0.03);
        let meetings = if random.chance(0.4) { random.log_span(0.5, 12.0) } else { 0.0 };
        Self {
            decisions: whole(list * rate).max(4),
            weights: [
                0.6,
                0.15 * random.span(0.3, 1.6),
                0.1 * random.span(0.0, 1.8),
                0.12 * random.span(0.0, 2.0),
                0.1 * random.span(0.0, 2.0),
            ],
            meetings,
            meeting: notes::meeting_name(random),
            secretary_types: random.chance(0.25),
            noted: random.span(0.5, 0.8),
            typist: random.chance(0.15).then(|| random.span(0.8, 4.0)),
            desk: random.chance(0.1).then(|| random.span(0.5, 5.0)),
            evenings: random.chance(0.1).then(|| random.count(3, 10)),
        }
    }
}

/// Decisions whether or not a person has a code already: what a list-wide campaign does
/// to it comes in its own time.
pub fn before_bulk(world: &mut World, habits: &Habits) {
    let made = meetings(world, habits) + typist(world, habits);
    at_desk(world, habits);
    evenings(world, habits);
    let wanted = share(habits.decisions, 0.55).saturating_sub(made).max(share(habits.decisions, 0.25));
    let mut count = 0;
    for _ in 0..wanted {
        if count < wanted {
            count += decide(world, habits, false);
        }
    }
}

/// Decisions about people whom no campaign reached, and some on the campaigns' own days.
pub fn after_bulk(world: &mut World, habits: &Habits) {
    let wanted = share(habits.decisions, 0.45).max(1);
    let mut count = 0;
    for _ in 0..wanted {
        if count < wanted {
            let is_blind = world.random.chance(0.25);
            count += decide(world, habits, !is_blind);
        }
    }
    let mut days = world.bulk_days.clone();
    world.random.shuffle(&mut days);
    for on in days.into_iter().take(12) {
        for _ in 0..world.random.poisson(0.7).min(4) {
            let user = world.user(&CLINICIANS, on);
            lone(world, habits, on, user, true);
        }
    }
}

/// One decision of any kind; gives how many entries it made.
fn decide(world: &mut World, habits: &Habits, fresh: bool) -> usize {
    let on = decision_day(world);
    match world.random.weighted(&habits.weights) {
        0 => {
            let user = world.user(&CLINICIANS, on);
            lone(world, habits, on, user, fresh)
        }
        1 => family(world, habits, on, fresh),
        2 => clinic(world, on, fresh),
        3 => {
            let user = world.user(&SECRETARY, on);
            on_instruction(world, on, user, fresh)
        }
        _ => new_patient(world, fresh),
    }
}

/// Mostly since November 2022, somewhat more in the first year.
fn decision_day(world: &mut World) -> Day {
    let today = world.today;
    match world.random.below(100) {
        0..6 => world.working_day(APRIL_2022, NOVEMBER_2022 - 1),
        6..22 => world.working_day(day(2022, 10, 3), day(2023, 12, 20).min(today)),
        _ => world.working_day(NOVEMBER_2022, today),
    }
}

/// A person without any of the codes; or, by somebody who does not look, one whom a campaign had
/// reached before. No campaign reaches whoever has a code, so none of its entries is later.
fn may_take(person: &Person, on: Day, fresh: bool) -> bool {
    let is_later_decision = |c: &Entry| {
        matches!(c.origin, Some(Origin::Genuine(kind)) if kind != GenuineKind::NotedOnBulkDay) && c.day > on
    };
    let was_reached = |c: &Entry| c.is_bulk() && c.entered <= on && c.day <= on;
    person.codes.is_empty() || (!fresh && person.codes.iter().all(|c| was_reached(c) || is_later_decision(c)))
}

fn pick(world: &mut World, on: Day, fresh: bool) -> Option<usize> {
    // Whoever is found on the list; in a list that a campaign left no one out of, the
    // clinician codes somebody who has a 104 already.
    world.adult(on, |p| may_take(p, on, fresh)).or_else(|| world.adult(on, |p| may_take(p, on, false)))
}

/// The consultation may be some days older than its entry.
fn put(world: &mut World, person: usize, mut entry: Entry) -> usize {
    if world.random.chance(0.06) {
        let later = entry.day + world.random.between(1, 10);
        entry.entered = next_working(later).min(world.today);
    }
    usize::from(world.add(person, entry))
}

fn lone(world: &mut World, habits: &Habits, on: Day, user: usize, fresh: bool) -> usize {
    let Some(person) = pick(world, on, fresh) else { return 0 };
    let text = match world.random.unit() {
        x if x < habits.noted => notes::own(&mut world.random, on),
        x if x < habits.noted + 0.12 => notes::short(&mut world.random),
        _ => String::new(),
    };
    put(world, person, Entry::genuine(GenuineKind::Lone, on, user, text))
}

fn family(world: &mut World, habits: &Habits, on: Day, fresh: bool) -> usize {
    let Some(one) = pick(world, on, fresh) else { return 0 };
    let household = world.people[one].household;
    let (low, high) = (one.saturating_sub(8), (one + 9).min(world.people.len()));
    let mut members: Vec<usize> = (low..high)
        .filter(|at| {
            let person = &world.people[*at];
            let lives_here = person.household == household && !person.in_care_home;
            *at == one || (lives_here && person.is_here(on) && may_take(person, on, fresh))
        })
        .collect();
    members.truncate(world.random.count(2, 6));
    let user = world.user(&GP, on);
    if members.len() < 2 {
        return lone(world, habits, on, user, fresh);
    }
    let noted = world.random.chance(0.8);
    let same = world.random.chance(0.75);
    let shared = notes::own(&mut world.random, on);
    let mut count = 0;
    for at in members {
        let text = match (noted, same) {
            (false, _) => String::new(),
            (true, true) => shared.clone(),
            (true, false) => notes::own(&mut world.random, on),
        };
        count += usize::from(world.add(at, Entry::genuine(GenuineKind::Family, on, user, text)));
    }
    count
}

/// A handful by one clinician when the surgery is over.
fn clinic(world: &mut World, on: Day, fresh: bool) -> usize {
    let user = world.user(&CLINICIANS, on);
    let noted = world.random.span(0.1, 0.8);
    let mut count = 0;
    for _ in 0..world.random.count(3, 8) {
        let Some(person) = pick(world, on, fresh) else { continue };
        let text = match world.random.unit() {
            x if x < noted => notes::own(&mut world.random, on),
            x if x < noted + 0.15 => notes::short(&mut world.random),
            _ => String::new(),
        };
        count += usize::from(world.add(person, Entry::genuine(GenuineKind::Clinic, on, user, text)));
    }
    count
}

/// Typed by a secretary for a clinician.
fn on_instruction(world: &mut World, on: Day, user: usize, fresh: bool) -> usize {
    let Some(person) = pick(world, on, fresh) else { return 0 };
    let by = world.doctor(on);
    let text = if world.random.chance(0.6) { notes::instructed(&mut world.random, on, &by) } else { String::new() };
    put(world, person, Entry::genuine(GenuineKind::OnInstruction, on, user, text))
}

/// A secretary who does so several times a week for months or years.
fn typist(world: &mut World, habits: &Habits) -> usize {
    let Some(a_week) = habits.typist else { return 0 };
    let start = world.working_day(NOVEMBER_2022, (world.today - 150).max(NOVEMBER_2022));
    let end = (start + world.random.between(120, 1_100)).min(world.today);
    let user = world.user(&SECRETARY, start);
    let most = whole(adults(&world.people, start) * 0.02);
    let mut on = start;
    let mut count = 0;
    while on <= end && count < most {
        for _ in 0..world.random.poisson(a_week / 5.0) {
            count += on_instruction(world, on, user, false);
        }
        on = next_working(on + 1);
    }
    let who = &world.users[user];
    let told = format!("{who} types about {a_week:.1} a week for clinicians, {count} in all.");
    world.tell(told);
    count
}

/// Patients who ask for access or decline it, as they come, for months: each is a wish of their
/// own, though a receptionist writes the same few words each time, or none.
fn at_desk(world: &mut World, habits: &Habits) {
    let Some(a_day) = habits.desk else { return };
    let start = world.working_day(NOVEMBER_2022, (world.today - 200).max(NOVEMBER_2022));
    let end = (start + world.random.between(150, 900)).min(world.today);
    let user = world.user(&DESK, start);
    let text = notes::at_desk(&mut world.random);
    let most = whole(adults(&world.people, start) * 0.04);
    let mut on = start;
    let mut count = 0;
    while on <= end && count < most {
        for _ in 0..world.random.poisson(a_day) {
            let Some(person) = pick(world, on, false) else { continue };
            count += usize::from(world.add(person, Entry::genuine(GenuineKind::AtDesk, on, user, text.to_owned())));
        }
        on = next_working(on + 1);
    }
    let who = &world.users[user];
    let told = format!("{who} takes about {a_day:.1} wishes a day at the desk (\"{text}\"), {count} in all.");
    world.tell(told);
}

/// A clinician, or a secretary for one, goes through those at risk in a few evenings.
fn evenings(world: &mut World, habits: &Habits) {
    let Some(evenings) = habits.evenings else { return };
    let mut on = world.working_day(NOVEMBER_2022, (world.today - 60).max(NOVEMBER_2022));
    let roles = if world.random.chance(0.7) { GP } else { SECRETARY };
    let user = world.user(&roles, on);
    let text = notes::of_an_evening(&mut world.random);
    let most = whole(adults(&world.people, on) * 0.02).max(12);
    let mut count = 0;
    for _ in 0..evenings {
        for _ in 0..world.random.count(4, 20) {
            if count < most
                && let Some(person) = pick(world, on, false)
            {
                let entry = Entry::genuine(GenuineKind::Evenings, on, user, text.to_owned());
                count += usize::from(world.add(person, entry));
            }
        }
        let later = on + world.random.between(1, 9);
        on = next_working(later).min(world.today);
    }
    let who = &world.users[user];
    let told = format!("{who} went through {count} at risk in {evenings} evenings (\"{text}\").");
    world.tell(told);
}

/// A risk told at registration.
fn new_patient(world: &mut World, fresh: bool) -> usize {
    let today = world.today;
    let fits = |p: &Person| p.registered >= NOVEMBER_2022 && p.registered <= today - 12 && !p.by_merger;
    let Some(person) = world.adult(today, |p| fits(p) && may_take(p, p.registered + 10, fresh)) else { return 0 };
    let on = next_working(world.people[person].registered + world.random.between(0, 10)).min(today);
    if world.people[person].age(on) < 16 {
        return 0;
    }
    let user = world.user(&AT_REGISTRATION, on);
    let text = if world.random.chance(0.8) { notes::new_patient(&mut world.random) } else { String::new() };
    usize::from(world.add(person, Entry::genuine(GenuineKind::NewPatientCheck, on, user, text)))
}

/// Safeguarding meetings: many on one day by one user, each with a note of its own.
fn meetings(world: &mut World, habits: &Habits) -> usize {
    if habits.meetings <= 0.0 {
        return 0;
    }
    let years = f64::from(world.today - NOVEMBER_2022) / 365.25;
    let most = (habits.decisions / 2).max(12);
    let mut entries = 0;
    let mut held = 0;
    for _ in 0..world.random.poisson(habits.meetings * years) {
        if entries >= most {
            break;
        }
        let on = world.working_day(NOVEMBER_2022, world.today);
        let roles = if habits.secretary_types { SECRETARY } else { GP };
        let user = world.user(&roles, on);
        // Small practices have short lists.
        let longest = whole(adults(&world.people, on) / 150.0).clamp(9, 40);
        held += 1;
        for _ in 0..world.random.count(8, longest) {
            let fits = |p: &Person| p.is_here(on) && may_take(p, on, false);
            let Some(person) = world.someone(|p| fits(p) && (p.age(on) >= 16 || p.number % 3 == 0)) else { continue };
            let text = notes::meeting(&mut world.random, on, habits.meeting);
            entries += usize::from(world.add(person, Entry::genuine(GenuineKind::Meeting, on, user, text)));
        }
    }
    let by = if habits.secretary_types { "the secretary" } else { "a GP" };
    world.tell(format!("{held} safeguarding meetings with {entries} entries typed by {by}."));
    entries
}
