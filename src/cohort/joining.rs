//! Further lists beside the exports: who is registered, who is on a safeguarding
//! register, who has an online account.

use std::num::NonZeroU64;

use rustc_hash::{FxHashMap, FxHashSet};

use super::build::Builder;
use super::names::Name;
use super::numbers::list_number;
use super::{PatientId, Place};
use crate::domain::{Day, Marker, NhsReading};
use crate::extract::{PersonRow, Pieces, Problem, ProblemKind, Purpose, Records, Registration, Word};

/// One in so many patients of the exports a registered list must know, to be believed to be
/// the list of this practice.
const ONE_IN_KNOWN: usize = 2;

/// One in so many rows of another list must be somebody of the exports, or it may be of another
/// practice: a list may be of many practices.
const ONE_IN_JOINED: usize = 20;

/// Joins the people of a register to those that are known: by NHS number, else by the
/// system's own number. Says for each row whose it is; `u32::MAX` for nobody.
pub fn join(
    builder: &mut Builder<'_>,
    file: u16,
    purpose: Purpose,
    people: &Pieces<PersonRow>,
    words: &[Word],
) -> Vec<PatientId> {
    let nobody = PatientId(u32::MAX);
    let mut owners = Vec::with_capacity(people.len());
    let mut namesakes = None;
    let mut known_accounts = FxHashSet::default();
    let mut lost = 0;
    // A list of somebody's own may count its rows, and have no number of the system.
    let own_number = |index: u32| list_number(builder.system_number(file, index)).map(NonZeroU64::get);
    let counts_rows = (0..u32::try_from(people.len()).unwrap_or(u32::MAX))
        .all(|index| own_number(index).is_some_and(|n| n == u64::from(index) + 1));
    for (row, index) in people.iter().zip(0_u32..) {
        let place = Place { file, row: row.row };
        let practice = builder.practice(words.get(row.practice.index()).copied().unwrap_or(Word::NONE));
        let found = find(builder, file, practice, row, index);
        let is_marked = purpose == Purpose::Safeguarding
            && mark(builder, &mut namesakes, (file, practice), (row, index, counts_rows));
        let owner = match (purpose, found) {
            (Purpose::Registered, None) => match row.nhs {
                NhsReading::Valid(number) => builder.add_numbered(number.number(), file, row, index, words),
                _ => builder.add(file, row, index, words),
            },
            (_, None) if is_marked => nobody,
            (_, None) => {
                lost += 1;
                builder.note(place, ProblemKind::NotJoined);
                nobody
            }
            (_, Some(id)) => {
                // A number on two people is a doubt about both, and a register speaks of
                // either.
                let born = builder.patients.get(id.index()).and_then(|p| p.born);
                let letters = builder.patients.get(id.index()).map_or(0, |p| p.alphabet);
                // "Ann Mary" on one list is "Ann" on another.
                let is_alike = letters != 0 && letters == row.alphabet && (born.is_none() || row.born.is_none());
                let agrees = is_alike || (born.is_some() && born == row.born);
                if !agrees && !builder.is_same_person(id, row) {
                    builder.flag(id, ProblemKind::NhsTwice);
                }
                match purpose {
                    Purpose::Accounts => account(builder, id, row, words, known_accounts.insert(id)),
                    // Its dates and states are of the register, and of no registration here.
                    Purpose::Safeguarding => builder.merge(id, file, &row.without_registration(), words),
                    Purpose::Export | Purpose::Registered => builder.merge(id, file, row, words),
                }
                id
            }
        };
        owners.push(owner);
        let Some(patient) = builder.patients.get_mut(owner.index()) else { continue };
        if purpose == Purpose::Registered
            && let Some(facts) = builder.facts.get_mut(owner.index())
        {
            facts.is_listed = true;
            // What the list of today says of the registration goes before what an
            // older export says.
            facts.registered = row.registered.or(facts.registered);
            patient.registered = facts.registered;
        }
    }
    let joined = people.len() - lost;
    let is_of_few = joined * ONE_IN_KNOWN < builder.patients.len();
    if lost > 0 && joined * ONE_IN_JOINED < people.len() && is_of_few {
        let kind = ProblemKind::RegisterOfAnotherPractice;
        builder.problems.push((file, Problem { row: None, column: None, kind }));
    }
    owners
}

/// Marks whomever a row of a safeguarding register may mean: everybody with its NHS
/// number, else everybody with its number of the system, else, if it has no number that can
/// be read, everybody with its name and birth date. Says whether there is anybody.
fn mark(
    builder: &mut Builder<'_>,
    namesakes: &mut Option<Namesakes>,
    (file, practice): (u16, Word),
    (row, index, counts_rows): (&PersonRow, u32, bool),
) -> bool {
    let by_number = match row.nhs {
        NhsReading::Valid(number) => builder.all_with(number.number()),
        _ => Vec::new(),
    };
    let mut meant = if by_number.is_empty() { by_system_number(builder, file, practice, index) } else { by_number };
    if !matches!(row.nhs, NhsReading::Valid(_)) {
        // Whoever has the number of a row that is counted may be somebody else.
        if counts_rows {
            meant.retain(|id| !is_somebody_else(builder, *id, row));
        }
        // Several practices may have one number; where only one has, a name may be spelled otherwise.
        if meant.len() > 1 {
            meant.retain(|id| may_be(builder, *id, row));
        }
    }
    let place = Place { file, row: row.row };
    mark_each(builder, place, &meant);
    let has_number = matches!(row.nhs, NhsReading::Valid(_));
    let (true, Some(born)) = (meant.is_empty() && !has_number && row.name != 0, row.born) else {
        return !meant.is_empty();
    };
    // Without a number that says otherwise, a namesake born on the same day may be meant.
    let by_name = namesakes.get_or_insert_with(|| {
        let mut by_name: Namesakes = FxHashMap::default();
        for (id, name) in builder.named() {
            by_name.entry(name).or_default().push(id);
        }
        by_name
    });
    let meant = by_name.get(&(row.name, born)).map_or(&[][..], Vec::as_slice);
    mark_each(builder, place, meant);
    !meant.is_empty()
}

/// People by name and birth date.
type Namesakes = FxHashMap<(u64, Day), Vec<PatientId>>;

/// `place` is the row of the register.
fn mark_each(builder: &mut Builder<'_>, place: Place, ids: &[PatientId]) {
    for id in ids {
        builder.sign(*id, (place, 0), |patient| patient.markers.add(Marker::Safeguarding));
    }
}

/// The list of accounts speaks of today, and goes before what an export says; of two
/// accounts, the one that opens more is the one to be careful with.
pub fn account(builder: &mut Builder<'_>, id: PatientId, row: &PersonRow, words: &[Word], is_first: bool) {
    let word = |w: Word| words.get(w.index()).copied().unwrap_or(Word::NONE);
    let (status, access) = (word(row.account), word(row.access));
    let known = builder.patients.get(id.index()).map(|patient| (patient.account, patient.access));
    if known == Some((status, access)) || !(status.is_some() || access.is_some()) {
        return;
    }
    let opens = |w: Word| account_is_live(builder.words.get(w)) || access_is_full(builder.words.get(w));
    let (more_live, more_access) = (opens(status), opens(access));
    let Some(patient) = builder.patients.get_mut(id.index()) else { return };
    if status.is_some() && (is_first || more_live || !patient.account.is_some()) {
        patient.account = status;
    }
    if access.is_some() && (is_first || more_access || !patient.access.is_some()) {
        patient.access = access;
    }
}

/// Whether a system's word for the state of an account says that it can be used.
#[must_use]
pub fn account_is_live(word: &str) -> bool {
    says(word, &["live", "active"])
}

/// Whether a system's word for an access level says that the record is open.
#[must_use]
pub fn access_is_full(word: &str) -> bool {
    says(word, &["full", "prospective"])
}

/// Whether a word begins like one of these, and the one before does not deny it.
fn says(cell: &str, beginnings: &[&str]) -> bool {
    const DENIED: [&str; 5] = ["no", "not", "never", "none", "without"];
    let lower = cell.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_meant = |at: usize, word: &str| {
        let before = at.checked_sub(1).and_then(|before| words.get(before)).copied().unwrap_or("");
        beginnings.iter().any(|b| word.starts_with(b)) && !DENIED.contains(&before)
    };
    words.iter().enumerate().any(|(at, word)| is_meant(at, word))
}

/// Further numbers on a list of people at risk: each is marked, or listed.
pub fn mark_named(builder: &mut Builder<'_>, file: u16, records: &Records) {
    for (row, number) in &records.signs.named {
        let meant = builder.all_with(number.number());
        if meant.is_empty() {
            builder.note(Place { file, row: *row }, ProblemKind::NotJoined);
        }
        mark_each(builder, Place { file, row: *row }, &meant);
    }
}

/// Everybody who has the number of the system on a row, whatever they are called: of the practice
/// that the row names, else of each that has it.
fn by_system_number(builder: &Builder<'_>, file: u16, named: Word, index: u32) -> Vec<PatientId> {
    let exports = (0_u16..).zip(builder.files).filter(|(_, f)| f.purpose == Purpose::Export);
    let is_named = builder.practices.contains(&named) && named.is_some();
    let practices = || builder.practices.iter().filter(move |practice| !is_named || **practice == named);
    exports
        .flat_map(|(at, _)| practices().map(move |practice| (at, *practice)))
        .filter_map(|(at, practice)| builder.by_system_number(at, practice, file, index))
        .collect()
}

/// Of another name than a row says, and not born on the same day.
fn is_somebody_else(builder: &Builder<'_>, id: PatientId, row: &PersonRow) -> bool {
    !is_born_then(builder, id, row) && !builder.name_of(id).may_be(Name::on(row))
}

/// Of this name and birth date, as far as they are known; or born on the same day: "Mary" and
/// "Mary Ann" with one number of the system are one.
fn may_be(builder: &Builder<'_>, id: PatientId, row: &PersonRow) -> bool {
    builder.is_same_person(id, row) || is_born_then(builder, id, row)
}

/// Born on the day that a row says.
fn is_born_then(builder: &Builder<'_>, id: PatientId, row: &PersonRow) -> bool {
    row.born.is_some() && builder.patients.get(id.index()).is_some_and(|p| p.born == row.born)
}

fn find(builder: &Builder<'_>, file: u16, practice: Word, row: &PersonRow, index: u32) -> Option<PatientId> {
    if let NhsReading::Valid(number) = row.nhs
        && let Some(id) = builder.first_with(number.number())
    {
        return Some(id);
    }
    // Without a common number, the system's own number and nothing that disagrees.
    let exports = (0_u16..).zip(builder.files).filter(|(_, f)| f.purpose == Purpose::Export);
    let same = |id: &PatientId| {
        let numbered = builder.patients.get(id.index()).is_some_and(|p| matches!(p.nhs, NhsReading::Valid(_)));
        let both = numbered && matches!(row.nhs, NhsReading::Valid(_));
        !both && builder.is_same_person(*id, row)
    };
    // The number is a practice's own: where the exports are of several, the register
    // must say which.
    if !builder.practices.contains(&practice) || builder.practices.len() == 1 {
        // It names none: whoever has the number, if only one has.
        let meant = by_system_number(builder, file, practice, index).into_iter();
        let mut meant = meant.filter(|id| may_be(builder, *id, row)).filter(same);
        let first = meant.next();
        return first.filter(|first| meant.all(|other| other == *first));
    }
    exports.filter_map(|(at, _)| builder.by_system_number(at, practice, file, index)).find(same)
}

/// Whoever is in an export and not on the registered list has left; unless the list
/// knows so few that it must be of another practice.
pub fn leavers(builder: &mut Builder<'_>) {
    let Some(list) = builder.files.iter().position(|f| f.purpose == Purpose::Registered) else { return };
    let is_export = |file: u16| builder.files.get(usize::from(file)).is_some_and(|f| f.purpose == Purpose::Export);
    let mut of_practice: FxHashMap<Word, (usize, Vec<PatientId>)> = FxHashMap::default();
    for ((patient, facts), id) in builder.patients.iter().zip(&builder.facts).zip(0_u32..) {
        if is_export(patient.place.file) {
            let (listed, missing) = of_practice.entry(patient.practice).or_default();
            if facts.is_listed { *listed += 1 } else { missing.push(PatientId(id)) }
        }
    }
    let mut practices: Vec<_> = of_practice.into_iter().collect();
    practices.sort_unstable_by_key(|(practice, _)| *practice);
    let made_on = builder.files.get(list).and_then(|f| f.layout.made_on());
    let mut is_foreign = false;
    for (_, (listed, missing)) in practices {
        let foreign = listed * ONE_IN_KNOWN < listed + missing.len();
        is_foreign |= foreign;
        for id in missing {
            let (Some(patient), Some(facts)) = (builder.patients.get(id.index()), builder.facts.get_mut(id.index()))
            else {
                continue;
            };
            let place = patient.place;
            // Who cannot be told by a number may be on the list all the same.
            let certain = !foreign && matches!(patient.nhs, NhsReading::Valid(_)) && !patient.nhs_twice;
            // Whoever registered after the list was made cannot be on it.
            if facts.registered.is_some_and(|registered| made_on.is_some_and(|made| registered > made)) {
                continue;
            }
            if facts.registration == Registration::Full {
                facts.registration = if certain { Registration::Left } else { Registration::Unclear };
                if !foreign {
                    builder.note(place, ProblemKind::NotRegistered);
                }
            }
        }
    }
    if is_foreign {
        let file = u16::try_from(list).unwrap_or(u16::MAX);
        let kind = ProblemKind::ListOfAnotherPractice;
        builder.problems.push((file, Problem { row: None, column: None, kind }));
    }
}
