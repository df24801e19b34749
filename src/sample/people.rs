//! Who is on the list, and how their codes came about.

use super::random::Random;
use super::{Coded, ELSEWHERE, Person, Recipe};
use crate::domain::{AccessCode, Day, NhsNumber};

const FAMILY: [&str; 48] = [
    "ADAMS", "AHMED", "ALLEN", "BAKER", "BEGUM", "BROWN", "CARTER", "CHEN", "CLARKE", "COOPER", "DAVIES", "DOYLE",
    "EDWARDS", "EVANS", "FOSTER", "GRAHAM", "GREEN", "HALL", "HARRIS", "HUGHES", "IQBAL", "JACKSON", "JONES", "KAUR",
    "KELLY", "LEWIS", "MARTIN", "MOORE", "MORGAN", "NOLAN", "NOWAK", "O'BRIEN", "OKAFOR", "OWEN", "PATEL", "PRICE",
    "ROBERTS", "SCOTT", "SHAH", "SINGH", "SMITH", "TAYLOR", "THOMAS", "WALKER", "WILLIAMS", "WRIGHT", "YOUNG",
    "ÅSTRÖM",
];
const WOMEN: [&str; 20] = [
    "Aisha", "Amelia", "Beth", "Chloé", "Diane", "Ella", "Farah", "Grace", "Hannah", "Ivy", "Jean", "Kay", "Lucy",
    "Mia", "Nadia", "Olive", "Priya", "Rose", "Tess", "Zoe",
];
const MEN: [&str; 20] = [
    "Adam", "Ben", "Carl", "Dev", "Edward", "Finn", "George", "Hal", "Imran", "Jack", "Karl", "Leo", "Mark", "Noah",
    "Omar", "Pip", "Raj", "Sam", "Tom", "Will",
];
const GPS: [&str; 4] = ["NOLAN, Orla (Dr)", "LEWIS, Sam (Dr)", "RAO, Anil (Dr)", "BRIGHT, Jo (Dr)"];
const MANAGER: &str = "KHAN, Kay (Ms)";
const SECRETARY: &str = "PRICE, Owen (Mr)";
const RECEPTION: [&str; 2] = ["ADEYEMI, Ola (Mrs)", "BECK, Sue (Ms)"];
const RISKS: [&str; 6] = [
    "Partner reads her post, see consultation",
    "Safeguarding lead informed, review in 6 months",
    "MARAC case, do not give access",
    "Son has her phone and password",
    "Social worker asks for no online access for now",
    "Lacks capacity for this decision, daughter is deputy",
];
const MEETING: [&str; 6] = [
    "Discussed at practice safeguarding meeting, item",
    "Family known to children's services, item",
    "Reviewed with health visitor, item",
    "Adult at risk register, item",
    "Reviewed with the safeguarding lead, item",
    "Plan agreed with social care, item",
];

fn day(y: i32, m: u32, d: u32) -> Day {
    Day::from_ymd(y, m, d).unwrap_or(Day::from(chrono::NaiveDate::MIN))
}

/// When the made-up export was made.
pub fn run_date() -> Day {
    day(2026, 11, 20)
}

/// Everybody, in the order of their EMIS numbers.
pub fn people(recipe: Recipe) -> Vec<Person> {
    let mut random = Random::new(recipe.seed);
    let mut people: Vec<Person> =
        numbers().take(recipe.patients as usize).enumerate().map(|(i, n)| person(&mut random, i, n)).collect();
    whole_list_day(&mut random, &mut people);
    run_over_days(&mut people);
    top_ups(&mut random, &mut people);
    by_clinicians(&mut random, &mut people);
    inherited(&mut random, &mut people);
    later_codes(&mut random, &mut people);
    damage(&mut people);
    people
}

/// The valid numbers of the 999 range, in a scattered order.
fn numbers() -> impl Iterator<Item = NhsNumber> {
    (0..1_000_000_u64).filter_map(|i| {
        let nine = 999_000_000 + (i * 618_033 + 271_828) % 1_000_000;
        (0..10).find_map(|check| NhsNumber::new(nine * 10 + check))
    })
}

fn person(random: &mut Random, index: usize, number: NhsNumber) -> Person {
    let female = random.chance(505);
    // Children 13 %, then evenly to 60, then fewer.
    let age = match random.below(1000) {
        0..130 => random.below(16),
        130..750 => 16 + random.below(45),
        750..950 => 61 + random.below(20),
        _ => 81 + random.below(18),
    };
    let born = run_date().plus(-(i32::try_from(age).unwrap_or(0) * 365 + random.days(365) + 20));
    let since = random.days(9_000);
    let registered = run_date().plus(-since).max(born.plus(random.days(40)));
    let (account, access) = match random.below(100) {
        0..38 => ("Live", "Detailed coded record"),
        38..44 => ("Live", "Full record"),
        44..50 => ("Inactive", ""),
        50..53 => ("Archived", ""),
        _ => ("", ""),
    };
    Person {
        number,
        number_text: None,
        emis: 1_001 + u32::try_from(index).unwrap_or(0),
        family: random.pick(&FAMILY),
        given: if female { random.pick(&WOMEN) } else { random.pick(&MEN) },
        title: if female { random.pick(&["Mrs", "Miss", "Ms"]) } else { "Mr" },
        female,
        born,
        registered,
        left: random.chance(12),
        deceased: random.chance(8),
        temporary: random.chance(4),
        gp: random.pick(&GPS),
        account,
        access,
        codes: Vec::new(),
    }
}

fn is_adult_then(person: &Person, then: Day) -> bool {
    then.age(person.born) >= 16
}

/// Monday 31 October 2022: one user, nearly everybody, no text.
fn whole_list_day(random: &mut Random, people: &mut [Person]) {
    let bulk = day(2022, 10, 31);
    for person in people.iter_mut().filter(|p| p.registered < bulk) {
        if is_adult_then(person, bulk) && random.chance(860) {
            person.codes.push(Coded::new(AccessCode::Review104, bulk, MANAGER));
        }
    }
    // A few of that day had been looked at: they carry a note of their own.
    let mut noted = people.iter_mut().filter(|p| p.codes.len() == 1);
    for text in RISKS {
        if let Some(code) = noted.nth(40).and_then(|p| p.codes.first_mut()) {
            text.clone_into(&mut code.text);
        }
    }
}

/// 16 to 20 January 2023: one secretary, down the alphabet, those left over.
fn run_over_days(people: &mut [Person]) {
    let first = day(2023, 1, 16);
    let mut left_over: Vec<usize> = (0..people.len())
        .filter(|i| people[*i].codes.is_empty() && people[*i].registered < first && is_adult_then(&people[*i], first))
        .collect();
    left_over.sort_by_key(|i| (people[*i].family, people[*i].given));
    let some = left_over.len() * 2 / 3;
    for (n, index) in left_over.into_iter().take(some).enumerate() {
        let on = first.plus(i32::try_from(n * 5 / some.max(1)).unwrap_or(0));
        people[index].codes.push(Coded::new(AccessCode::Review104, on, SECRETARY));
    }
}

/// Every Wednesday since November 2022: whoever registered in the week before.
fn top_ups(random: &mut Random, people: &mut [Person]) {
    let start = day(2022, 11, 2);
    let stop = day(2024, 6, 26);
    for person in people.iter_mut().filter(|p| p.codes.is_empty() && p.registered >= start && p.registered < stop) {
        let wednesday = person.registered.plus((7 - person.registered.days_since(start).rem_euclid(7)) % 7);
        if is_adult_then(person, wednesday) && random.chance(900) {
            person.codes.push(Coded::new(AccessCode::Review104, wednesday, random.pick(&RECEPTION)));
        }
    }
}

/// Lone entries by clinicians, most with a note; and one safeguarding meeting.
fn by_clinicians(random: &mut Random, people: &mut [Person]) {
    let mut uncoded: Vec<&mut Person> =
        people.iter_mut().filter(|p| p.codes.is_empty() && is_adult_then(p, day(2023, 3, 1))).collect();
    let meeting = day(2024, 3, 12);
    let size = (uncoded.len() / 20).clamp(1, 24);
    for (n, person) in uncoded.iter_mut().filter(|p| p.registered < meeting).take(size).enumerate() {
        let text = format!("{} {}", MEETING[n % MEETING.len()], n + 1);
        person.codes.push(Coded::new(AccessCode::Review104, meeting, GPS[1]).with_text(text));
    }
    let alone = uncoded.len() / 14;
    for person in uncoded.iter_mut().filter(|p| p.codes.is_empty()).take(alone) {
        let on = day(2023, 2, 6).plus(random.days(1_350)).max(person.registered.plus(30)).min(run_date());
        let on = if on.is_weekday() { on } else { on.plus(-2) };
        let code = Coded::new(AccessCode::Review104, on, random.pick(&GPS));
        let with_note = random.chance(700);
        person.codes.push(if with_note {
            code.with_text(format!("{} ({})", random.pick(&RISKS), on.table()))
        } else {
            code
        });
    }
}

/// Dated before the patient came here, and entered elsewhere.
fn inherited(random: &mut Random, people: &mut [Person]) {
    for person in people.iter_mut().filter(|p| p.codes.is_empty() && p.registered > day(2022, 12, 1)) {
        let on = day(2022, 11, 14).plus(random.days(14));
        if is_adult_then(person, on) && random.chance(420) {
            let mut code = Coded::new(AccessCode::Review104, on, "SYSTEM, Data transfer");
            code.organisation = ELSEWHERE;
            person.codes.push(code);
        }
    }
}

/// What came after: 106 codes, refusals, pairs of one day, codes set again.
fn later_codes(random: &mut Random, people: &mut [Person]) {
    let mut conflicts = 0;
    for person in people.iter_mut() {
        let Some(first) = person.codes.first().and_then(|c| c.day) else {
            if random.chance(20) && is_adult_then(person, day(2023, 6, 1)) {
                person.codes.push(Coded::new(
                    AccessCode::Declined103,
                    day(2023, 6, 1).plus(random.days(900)).max(person.registered).min(run_date()),
                    RECEPTION[0],
                ));
            }
            continue;
        };
        let later = first.max(person.registered).plus(60 + random.days(500)).min(run_date());
        match random.below(1000) {
            0..18 => person.codes.push(Coded::new(AccessCode::NoReview106, later, random.pick(&GPS))),
            18..22 => {
                person.codes.push(Coded::new(AccessCode::NoReview106, later, GPS[0]));
                let again = later.plus(20).min(run_date());
                person.codes.push(
                    Coded::new(AccessCode::Review104, again, GPS[0])
                        .with_text("Asked for the block again after separation"),
                );
            }
            22..26 => person.codes.push(
                Coded::new(AccessCode::Declined103, later, RECEPTION[1]).with_text("Does not want online access"),
            ),
            26..29 if conflicts < 9 => {
                conflicts += 1;
                person.codes.push(Coded::new(AccessCode::NoReview106, later, SECRETARY));
                person.codes.push(Coded::new(AccessCode::Review104, later, SECRETARY));
            }
            29..33 => {
                let mut plan = Coded::new(AccessCode::Review104, later.plus(-30), GPS[2]);
                plan.code = None;
                plan.id = Some("836881000000105");
                plan.term = Some("Child is cause for safeguarding concern");
                person.codes.push(plan);
            }
            _ => {}
        }
    }
}

/// A little of everything that goes wrong, on fixed people.
fn damage(people: &mut [Person]) {
    let mut coded: Vec<&mut Person> =
        people.iter_mut().filter(|p| p.codes.len() == 1 && p.codes[0].text.is_empty()).collect();
    let spread = coded.len() / 16;
    let mut damaged = coded.iter_mut().step_by(spread.max(1));
    let mut change = |f: &mut dyn FnMut(&mut Person)| {
        if let Some(person) = damaged.next() {
            f(person);
        }
    };
    for _ in 0..3 {
        change(&mut |p| p.codes[0].id = Some("1364731000000100"));
    }
    change(&mut |p| p.codes[0].id = Some("1.36473E+15"));
    change(&mut |p| p.codes[0].term = Some("Enhanced review indicatedbefore granting access to your own health reco"));
    change(&mut |p| {
        p.codes[0].id = Some("1.36473E+15");
        p.codes[0].term = Some("Enhanced review");
    });
    change(&mut |p| p.codes[0].term = Some(AccessCode::NoReview106.term()));
    change(&mut |p| p.codes[0].day = None);
    change(&mut |p| p.codes[0].day = Some(run_date().plus(400)));
    change(&mut |p| p.number_text = Some("9990000019"));
    change(&mut |p| p.number_text = Some("9.99E+09"));
    change(&mut |p| p.number_text = Some(""));
    let mut twice = coded.iter_mut().skip(5).step_by(spread.max(1));
    if let (Some(a), Some(b)) = (twice.next(), twice.next()) {
        b.number = a.number;
    }
}
