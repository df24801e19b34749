//! Joining the rows of one or more files into people.

use std::collections::{HashMap, HashSet};

use super::stand::{Facts, stand};
use super::{CodeEvent, Cohort, Counts, EventState, Patient, PatientId, Place};
use crate::domain::wording::letters;
use crate::domain::{Day, NhsReading, Status, StatusReason};
use crate::extract::{
    CodeCell, DateCell, Entry, Extract, Interner, PatientRole, PersonRow, Problem, ProblemKind, Registration, System,
    Word,
};

/// What a cohort is made of.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    /// The files, in the order they were given.
    pub files: &'a [Extract],
    /// The day on which ages and statuses are counted.
    pub today: Day,
}

/// Joins rows into people: by NHS number where it is valid, else by the system's
/// own number of the patient within one file.
#[must_use]
pub fn build(inputs: Inputs<'_>) -> Cohort {
    let mut builder = Builder {
        files: inputs.files,
        patients: Vec::new(),
        facts: Vec::new(),
        by_number: HashMap::new(),
        clashes: HashMap::new(),
        by_system: HashMap::new(),
        problems: Vec::new(),
    };
    let mut words = Interner::default();
    let mut loose: Vec<(PatientId, CodeEvent)> = Vec::new();
    for (index, extract) in inputs.files.iter().enumerate() {
        let file = u16::try_from(index).unwrap_or(u16::MAX);
        let word_of: Vec<Word> = extract.words.iter().map(|(_, text)| words.intern(text)).collect();
        let owner: Vec<PatientId> = extract.people.iter().map(|row| builder.person(file, row, &word_of)).collect();
        for (person, markers) in &extract.markers {
            if let Some(patient) = owner.get(*person as usize).and_then(|id| builder.patients.get_mut(id.index())) {
                patient.markers.join(*markers);
            }
        }
        for person in &extract.doubts {
            if let Some(patient) = owner.get(*person as usize).and_then(|id| builder.patients.get_mut(id.index())) {
                patient.has_unclear_code = true;
            }
        }
        builder.problems.extend(extract.problems.iter().map(|p| (file, *p)));
        loose.extend(extract.entries.iter().filter_map(|entry| {
            let owner = owner.get(entry.person as usize)?;
            Some((*owner, event_of(file, entry, &word_of, inputs.today)))
        }));
    }
    let Builder { mut patients, facts, mut problems, .. } = builder;
    problems.extend(future_problems(inputs.files, &loose));
    let events = attach(&mut patients, loose);
    for (patient, facts) in patients.iter_mut().zip(&facts) {
        let (from, to) = (patient.events.0 as usize, patient.events.1 as usize);
        let own = &events[from..to];
        let standing = stand(*facts, own, inputs.today);
        let at = |index: Option<usize>| index.and_then(|i| u32::try_from(from + i).ok());
        patient.status = standing.status;
        patient.reason = standing.reason;
        patient.deciding = at(standing.deciding);
        patient.active_104 = at(standing.active_104);
        patient.registration_unclear = facts.registration == Registration::Unclear;
        patient.has_unclear_code |= own.iter().any(|e| !matches!(e.state, EventState::Counts | EventState::Repeated));
    }
    problems.sort_unstable();
    let counts = Counts::of(patients.iter());
    let practice = inputs
        .files
        .iter()
        .find_map(|f| f.layout.practice.clone())
        .or_else(|| patients.iter().find(|p| p.practice.is_some()).map(|p| words.get(p.practice).to_owned()));
    let practice = practice.or_else(|| main_organisation(&events).map(|word| words.get(word).to_owned()));
    Cohort {
        today: inputs.today,
        system: inputs.files.first().map_or(System::Emis, |f| f.layout.system),
        practice,
        patients,
        events,
        words,
        problems,
        counts,
    }
}

/// Where nearly all entries were made: the practice, though no column names it.
fn main_organisation(events: &[CodeEvent]) -> Option<Word> {
    let mut counts: HashMap<Word, usize> = HashMap::new();
    for event in events.iter().filter(|e| e.organisation.is_some()) {
        *counts.entry(event.organisation).or_default() += 1;
    }
    let all: usize = counts.values().sum();
    counts.into_iter().find(|(_, n)| n * 10 >= all * 8).map(|(word, _)| word)
}

fn event_of(file: u16, entry: &Entry, word_of: &[Word], today: Day) -> CodeEvent {
    let word = |w: Word| word_of.get(w.index()).copied().unwrap_or(Word::NONE);
    let (day, minute) = match entry.date {
        DateCell::Day(day, minute) => (Some(day), minute),
        DateCell::Missing | DateCell::Unreadable => (None, None),
    };
    let (code, state) = match (entry.code, day) {
        (CodeCell::Unclear(trouble), _) => (None, EventState::Unclear(trouble)),
        (CodeCell::Known(code, _), None) => (Some(code), EventState::Undated),
        (CodeCell::Known(code, _), Some(day)) if day > today => (Some(code), EventState::Future),
        (CodeCell::Known(code, _), Some(_)) => (Some(code), EventState::Counts),
    };
    CodeEvent {
        place: Place { file, row: entry.row },
        group: entry.group,
        code,
        state,
        day,
        minute,
        // Nobody typed it in after today: a mistake in that column decides nothing.
        entered: entry.entered.filter(|d| *d <= today),
        user: word(entry.user),
        text: word(entry.text),
        organisation: word(entry.organisation),
    }
}

fn future_problems<'a>(
    files: &'a [Extract],
    loose: &'a [(PatientId, CodeEvent)],
) -> impl Iterator<Item = (u16, Problem)> + 'a {
    loose.iter().filter(|(_, e)| e.state == EventState::Future).map(|(_, e)| {
        let columns = files.get(usize::from(e.place.file)).and_then(|f| f.columns.events.get(usize::from(e.group)));
        let problem = Problem {
            row: Some(e.place.row + 1),
            column: columns.and_then(|c| c.date),
            kind: ProblemKind::CodeDateInFuture,
        };
        (e.place.file, problem)
    })
}

/// Puts the events of each patient together, in the order of the files, and
/// marks those that repeat another in every respect.
fn attach(patients: &mut [Patient], mut loose: Vec<(PatientId, CodeEvent)>) -> Vec<CodeEvent> {
    loose.sort_by_key(|(id, _)| *id);
    let mut events: Vec<CodeEvent> = Vec::with_capacity(loose.len());
    let mut seen = HashSet::new();
    let mut at = 0;
    while at < loose.len() {
        let id = loose[at].0;
        let from = events.len();
        seen.clear();
        while let Some((_, event)) = loose.get(at).filter(|(owner, _)| *owner == id) {
            let mut event = *event;
            let key = (event.code, event.day, event.minute, event.entered, event.user, event.text);
            if event.state == EventState::Counts && !seen.insert(key) {
                event.state = EventState::Repeated;
            }
            events.push(event);
            at += 1;
        }
        if let Some(patient) = patients.get_mut(id.index()) {
            patient.events = (u32::try_from(from).unwrap_or(u32::MAX), u32::try_from(events.len()).unwrap_or(u32::MAX));
        }
    }
    events
}

struct Builder<'a> {
    files: &'a [Extract],
    patients: Vec<Patient>,
    facts: Vec<Facts>,
    by_number: HashMap<u64, PatientId>,
    /// Further people with a number that another has, by number, name and birth.
    clashes: HashMap<(u64, String, Option<Day>), PatientId>,
    by_system: HashMap<(u16, String), PatientId>,
    problems: Vec<(u16, Problem)>,
}

impl Builder<'_> {
    fn person(&mut self, file: u16, row: &PersonRow, words: &[Word]) -> PatientId {
        let system = (file, self.cell(Place { file, row: row.row }, PatientRole::EmisNumber));
        let by_system = if system.1.is_empty() { None } else { self.by_system.get(&system).copied() };
        let same_system = by_system.filter(|id| self.is_same_person(*id, file, row));
        let id = match row.nhs {
            NhsReading::Valid(number) => {
                let known = self.by_nhs(number.number(), file, row);
                match (known, same_system) {
                    (Some(id), _) => {
                        self.merge(id, row, words);
                        id
                    }
                    // The number was missing or damaged on an earlier row.
                    (None, Some(id)) if !self.has_valid_number(id) => {
                        self.merge(id, row, words);
                        self.take_number(id, row.nhs, number.number());
                        id
                    }
                    (None, _) => self.add_numbered(number.number(), file, row, words),
                }
            }
            _ => match same_system {
                Some(id) => {
                    self.merge(id, row, words);
                    id
                }
                None => self.add(file, row, words),
            },
        };
        match by_system {
            // One number of the system with two NHS numbers, or on two people.
            Some(other) if other != id => {
                for clash in [other, id] {
                    self.flag(clash, ProblemKind::SystemNumberTwice);
                }
            }
            None if !system.1.is_empty() => {
                self.by_system.insert(system, id);
            }
            _ => {}
        }
        id
    }

    fn has_valid_number(&self, id: PatientId) -> bool {
        self.patients.get(id.index()).is_some_and(|p| matches!(p.nhs, NhsReading::Valid(_)))
    }

    fn take_number(&mut self, id: PatientId, nhs: NhsReading, number: u64) {
        if let Some(patient) = self.patients.get_mut(id.index()) {
            patient.nhs = nhs;
        }
        self.by_number.insert(number, id);
    }

    /// The person known by this number, if it is the same person.
    fn by_nhs(&self, number: u64, file: u16, row: &PersonRow) -> Option<PatientId> {
        let first = self.by_number.get(&number).copied()?;
        if self.is_same_person(first, file, row) {
            return Some(first);
        }
        self.clashes.get(&self.clash_key(number, file, row)).copied()
    }

    fn clash_key(&self, number: u64, file: u16, row: &PersonRow) -> (u64, String, Option<Day>) {
        let name = self.files.get(usize::from(file)).map_or_else(String::new, |f| plain_name(&f.name(row.row)));
        (number, name, row.born)
    }

    fn add_numbered(&mut self, number: u64, file: u16, row: &PersonRow, words: &[Word]) -> PatientId {
        let id = self.add(file, row, words);
        let Some(first) = self.by_number.get(&number).copied() else {
            self.by_number.insert(number, id);
            return id;
        };
        let key = self.clash_key(number, file, row);
        self.clashes.insert(key, id);
        for clash in [first, id] {
            self.flag(clash, ProblemKind::NhsTwice);
        }
        id
    }

    /// Says that who this is cannot be told by numbers; once a patient.
    fn flag(&mut self, id: PatientId, kind: ProblemKind) {
        let Some(patient) = self.patients.get_mut(id.index()).filter(|p| !p.nhs_twice) else { return };
        patient.nhs_twice = true;
        let place = patient.place;
        let column = self.files.get(usize::from(place.file)).and_then(|f| f.columns.patient(PatientRole::NhsNumber));
        self.problems.push((place.file, Problem { row: Some(place.row + 1), column, kind }));
    }

    fn cell(&self, place: Place, role: PatientRole) -> String {
        self.files
            .get(usize::from(place.file))
            .map_or_else(String::new, |f| f.patient_cell(place.row, role).into_owned())
    }

    /// The same number means the same person, unless a birth date or a name says
    /// otherwise.
    fn is_same_person(&self, id: PatientId, file: u16, row: &PersonRow) -> bool {
        let Some(known) = self.patients.get(id.index()) else { return false };
        if let (Some(a), Some(b)) = (known.born, row.born)
            && a != b
        {
            return false;
        }
        let name = |place: Place| {
            self.files.get(usize::from(place.file)).map_or_else(String::new, |f| plain_name(&f.name(place.row)))
        };
        let (a, b) = (name(known.place), name(Place { file, row: row.row }));
        a.is_empty() || b.is_empty() || a == b
    }

    fn add(&mut self, file: u16, row: &PersonRow, words: &[Word]) -> PatientId {
        let id = PatientId(u32::try_from(self.patients.len()).unwrap_or(u32::MAX));
        let word = |w: Word| words.get(w.index()).copied().unwrap_or(Word::NONE);
        self.patients.push(Patient {
            place: Place { file, row: row.row },
            nhs: row.nhs,
            nhs_twice: false,
            born: row.born,
            birth_unclear: row.birth_unclear,
            registered: row.registered,
            account: word(row.account),
            access: word(row.access),
            practice: word(row.practice),
            markers: crate::domain::Markers::default(),
            has_unclear_code: false,
            registration_unclear: false,
            status: Status::NoCode,
            reason: StatusReason::NoCode,
            deciding: None,
            active_104: None,
            events: (0, 0),
        });
        self.facts.push(Facts::from(row));
        id
    }

    /// A further row of a known person fills what was blank before.
    fn merge(&mut self, id: PatientId, row: &PersonRow, words: &[Word]) {
        let (Some(patient), Some(facts)) = (self.patients.get_mut(id.index()), self.facts.get_mut(id.index())) else {
            return;
        };
        let word = |w: Word| words.get(w.index()).copied().unwrap_or(Word::NONE);
        let fill = |slot: &mut Word, new: Word| {
            if !slot.is_some() {
                *slot = word(new);
            }
        };
        fill(&mut patient.account, row.account);
        fill(&mut patient.access, row.access);
        fill(&mut patient.practice, row.practice);
        let new = Facts::from(row);
        facts.born = facts.born.or(new.born);
        facts.registered = facts.registered.max(new.registered);
        facts.left = facts.left.max(new.left);
        facts.age = facts.age.or(new.age);
        if facts.registration == Registration::Full {
            facts.registration = new.registration;
        }
        patient.birth_unclear |= row.birth_unclear;
        patient.born = facts.born;
        patient.registered = facts.registered;
        patient.birth_unclear = patient.birth_unclear && facts.born.is_none();
    }
}

/// Letters only, without a title in brackets: "TEST, Ann (Miss)" and "Test, Ann"
/// are one name.
fn plain_name(name: &str) -> String {
    letters(name.split('(').next().unwrap_or(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::{Progress, ReadOptions, Source, read};

    fn cohort(text: &str) -> Cohort {
        let today = Day::from_ymd(2026, 11, 20).expect("a day");
        let source = Source::new("a.csv", text.as_bytes().to_vec()).expect("text");
        let extract = read(source, ReadOptions::on(today), &Progress::default()).expect("an export");
        build(Inputs { files: &[extract], today })
    }

    const HEADER: &str = "EMIS Number,NHS Number,Full Name,Date of Birth,Code Term,Date,Full Name\n";

    #[test]
    fn a_patient_who_comes_twice_is_one() {
        let cohort = cohort(&format!(
            "{HEADER}1,9990000018,\"TEST, Ann (Miss)\",01-Jan-1980,Enhanced review indicated,28-Oct-2022,A\n\
             2,9990000026,\"TEST, Bob\",01-Jan-1980,Enhanced review indicated,28-Oct-2022,A\n\
             1,9990000018,\"Test, Ann\",01-Jan-1980,Enhanced review not indicated,28-Oct-2023,A\n"
        ));
        assert_eq!(cohort.counts.patients, 2);
        assert_eq!((cohort.counts.cleared, cohort.counts.blocked), (1, 1));
    }

    #[test]
    fn one_number_on_two_people_blocks_both() {
        let cohort = cohort(&format!(
            "{HEADER}1,9990000018,\"TEST, Ann\",01-Jan-1980,Enhanced review indicated,28-Oct-2022,A\n\
             2,9990000018,\"TEST, Ann\",02-Jan-1981,Enhanced review indicated,28-Oct-2022,A\n\
             2,9990000018,\"TEST, Ann\",02-Jan-1981,Enhanced review not indicated,28-Oct-2023,A\n"
        ));
        assert_eq!(cohort.counts.patients, 2);
        assert!(cohort.patients.iter().all(|p| p.nhs_twice && p.usable_number().is_none()));
        assert_eq!((cohort.counts.cleared, cohort.counts.blocked), (1, 1));
        assert_eq!(cohort.problems.iter().filter(|(_, p)| p.kind == ProblemKind::NhsTwice).count(), 2);
    }

    #[test]
    fn repeated_rows_count_once_and_future_ones_not_at_all() {
        let cohort = cohort(&format!(
            "{HEADER}1,9990000018,A,01-Jan-1980,Enhanced review indicated,28-Oct-2022,A\n\
             1,9990000018,A,01-Jan-1980,Enhanced review indicated,28-Oct-2022,A\n\
             1,9990000018,A,01-Jan-1980,Enhanced review not indicated,28-Oct-2027,A\n"
        ));
        let states: Vec<EventState> = cohort.events.iter().map(|e| e.state).collect();
        assert_eq!(states, [EventState::Counts, EventState::Repeated, EventState::Future]);
        assert_eq!(cohort.patients[0].status, Status::Blocked);
        assert!(cohort.patients[0].has_unclear_code);
    }
}
