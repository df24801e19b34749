//! Joining the rows of one or more files into people.

use std::collections::HashMap;

use super::stand::{Facts, stand};
use super::{CodeEvent, Cohort, Counts, EventState, Patient, PatientId, Place};
use crate::domain::{Day, NhsReading, Status, StatusReason};
use crate::extract::{
    CodeCell, DateCell, Entry, Extract, Interner, PatientRole, PersonRow, Problem, ProblemKind, System, Word,
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
        clashes: Vec::new(),
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
        patient.has_unclear_code = own.iter().any(|e| !matches!(e.state, EventState::Counts | EventState::Repeated));
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
    let mut at = 0;
    while at < loose.len() {
        let id = loose[at].0;
        let from = events.len();
        while let Some((_, event)) = loose.get(at).filter(|(owner, _)| *owner == id) {
            let mut event = *event;
            let same = |e: &CodeEvent| {
                (e.code, e.day, e.minute, e.entered, e.user, e.text)
                    == (event.code, event.day, event.minute, event.entered, event.user, event.text)
                    && e.state == EventState::Counts
            };
            if event.state == EventState::Counts && events[from..].iter().any(same) {
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
    /// Further people with a number that another has; seldom more than a few.
    clashes: Vec<(u64, PatientId)>,
    by_system: HashMap<(u16, String), PatientId>,
    problems: Vec<(u16, Problem)>,
}

impl Builder<'_> {
    fn person(&mut self, file: u16, row: &PersonRow, words: &[Word]) -> PatientId {
        if let NhsReading::Valid(number) = row.nhs {
            let number = number.number();
            let Some(first) = self.by_number.get(&number).copied() else {
                let id = self.add(file, row, words);
                self.by_number.insert(number, id);
                return id;
            };
            let known =
                std::iter::once(first).chain(self.clashes.iter().filter(|(n, _)| *n == number).map(|(_, id)| *id));
            let same = known.collect::<Vec<_>>().into_iter().find(|id| self.is_same_person(*id, file, row));
            if let Some(id) = same {
                self.merge(id, row, words);
                return id;
            }
            let id = self.add(file, row, words);
            self.clashes.push((number, id));
            for clash in [first, id] {
                self.flag_twice(clash);
            }
            id
        } else {
            let number = self.cell(Place { file, row: row.row }, PatientRole::EmisNumber);
            if number.is_empty() {
                return self.add(file, row, words);
            }
            let key = (file, number);
            if let Some(id) = self.by_system.get(&key).copied() {
                self.merge(id, row, words);
                return id;
            }
            let id = self.add(file, row, words);
            self.by_system.insert(key, id);
            id
        }
    }

    fn flag_twice(&mut self, id: PatientId) {
        let Some(patient) = self.patients.get_mut(id.index()).filter(|p| !p.nhs_twice) else { return };
        patient.nhs_twice = true;
        let place = patient.place;
        let column = self.files.get(usize::from(place.file)).and_then(|f| f.columns.patient(PatientRole::NhsNumber));
        self.problems.push((place.file, Problem { row: Some(place.row + 1), column, kind: ProblemKind::NhsTwice }));
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
        facts.left = facts.left.or(new.left);
        if facts.registration == crate::extract::Registration::Full {
            facts.registration = new.registration;
        }
        patient.born = facts.born;
        patient.registered = facts.registered;
        patient.birth_unclear = patient.birth_unclear && facts.born.is_none();
    }
}

/// Letters only, without a title in brackets: "TEST, Ann (Miss)" and "Test, Ann"
/// are one name.
fn plain_name(name: &str) -> String {
    let name = name.split('(').next().unwrap_or(name);
    name.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect()
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
