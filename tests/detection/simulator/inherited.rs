//! Codes that came with the record from another practice, most of them from its own campaigns.

use super::calendar::{Day, NOVEMBER_2022, day, next_working};
use super::names::title_case;
use super::notes;
use super::people::Person;
use super::random::Random;
use super::world::{Code, Entry, World};
use super::{Layout, Origin};

/// A practice elsewhere that coded its list.
#[derive(Clone, Copy, Debug)]
struct Elsewhere {
    /// Its place among the practices.
    place: usize,
    /// The day on which it did.
    on: Day,
    /// Its user, or what the import writes in their place.
    user: usize,
}

/// Codes of those who came from elsewhere since November 2022.
pub fn run(world: &mut World) {
    let others = elsewhere(world);
    // Most come from the practices nearby, the others from anywhere.
    let near = world.random.count(3, 8).min(others.len());
    let nearby = others.get(..near).unwrap_or_default();
    let part = world.random.log_span(0.03, 0.35);
    let merged_too = world.random.chance(0.4);
    let mut count = 0;
    for at in 0..world.people.len() {
        let person = &world.people[at];
        let (is_taken, from) = if person.by_merger {
            (merged_too && world.random.chance(0.92), nearby.first().copied())
        } else {
            let is_taken = came_from_elsewhere(person) && world.random.chance(part);
            let is_near = world.random.chance(0.6);
            (is_taken, world.random.choose(if is_near { nearby } else { &others }))
        };
        let Some(from) = from.filter(|_| is_taken) else { continue };
        let person = &world.people[at];
        // A list-wide day there, or a top-up there, or a decision.
        let (on, is_decision) = match world.random.below(100) {
            0..82 => (from.on, false),
            82..92 => (next_working(person.registered - world.random.between(30, 500)), false),
            _ => (next_working(person.registered - world.random.between(20, 700)), true),
        };
        if on >= person.registered || on < day(2022, 6, 1) || person.age(on) < 16 {
            continue;
        }
        let text = match world.random.below(100) {
            _ if is_decision => notes::own(&mut world.random, on),
            0..92 => String::new(),
            _ => "Bulk coded".to_owned(),
        };
        let lag = if person.by_merger { 1 } else { world.random.between(0, 9) };
        let mut entry = Entry::new(Code::Review, on, from.user, text, Some(Origin::Inherited));
        entry.place = from.place;
        entry.entered = (person.registered + lag).min(world.today);
        count += usize::from(world.add(at, entry));
    }
    world.tell(format!("{count} inherited from elsewhere."));
}

/// The practices elsewhere, each with its day and its user.
fn elsewhere(world: &mut World) -> Vec<Elsewhere> {
    let importer = world.random.chance(0.5).then(|| {
        let names = match world.layout {
            Layout::Emis => ["SYSTEM, Data Transfer", "GP2GP, Import", "EMIS, System User"],
            Layout::SystmOne => ["System", "GP2GP Import", "Data Migration User"],
        };
        world.users.push(world.random.pick(&names).to_owned());
        world.users.len() - 1
    });
    let waves = [day(2022, 10, 31), day(2022, 11, 14), day(2023, 1, 23), day(2023, 7, 10), day(2023, 10, 30)];
    let mut out = Vec::new();
    for place in 1..world.places.len() {
        let on = next_working(world.random.pick(&waves) + world.random.between(0, 25));
        let user = importer.unwrap_or(world.users.len());
        if importer.is_none() {
            world.users.push(stranger(&mut world.random, world.layout));
        }
        out.push(Elsewhere { place, on, user });
    }
    out
}

/// Registered here first since then, and not born here.
fn came_from_elsewhere(person: &Person) -> bool {
    person.registered > NOVEMBER_2022 + 20 && person.away.is_none() && person.registered - person.born > 200
}

fn stranger(random: &mut Random, layout: Layout) -> String {
    let family = random.pick(&["HOLLIS", "TREVOR", "PENROSE", "DHILLON", "CROSS", "VANCE", "RUDGE", "ASANTE"]);
    let given = random.pick(&["Gail", "Joanna", "Neil", "Ruth", "Shona", "Terry", "Zara"]);
    let title = random.pick(&["Mrs", "Dr", "Mr", "Ms"]);
    match layout {
        Layout::Emis => format!("{family}, {given} ({title})"),
        Layout::SystmOne => format!("{title} {given} {}", title_case(family)),
    }
}
