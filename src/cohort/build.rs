//! Joining the rows of one or more files into people.

use std::collections::HashMap;

use indexmap::IndexSet;
use rustc_hash::{FxBuildHasher, FxHashMap};

use super::events::{Attached, Owned, attach, future_problem};
use super::lone::{Alone, alone};
use super::names::{self, Name};
use super::numbers::{file_number, list_number, system_key, system_number};
use super::shown::{Shown, shown_in};
use super::stand::Facts;
use super::{Cohort, Counts, Patient, PatientId, Place, joining, practices};
use crate::domain::{AccessCode, Day, Markers, NhsReading, Status, StatusReason};
use crate::extract::{
    CodeAside, Extract, Interner, PatientRole, PersonRow, Pieces, Problem, ProblemKind, Purpose, Records, System, Word,
};

/// Joins rows into people: by NHS number where it is valid, else by the system's
/// own number of the patient within one file. The rows are taken out of the files:
/// what they say is in the cohort then.
///
/// Exports come first, whatever the order in which the files were given; registers
/// speak of the people in them.
#[must_use]
pub fn build(files: &mut [Extract], today: Day) -> Cohort {
    let is_export = |file: &Extract| file.purpose == Purpose::Export;
    let some_are_alone = files.iter().all(is_export);
    join_rows(files, today, some_are_alone)
}

/// Does so; `some_are_alone` says that rows which share no number with others may be taken
/// for people at once. The result is the same.
fn join_rows(files: &mut [Extract], today: Day, some_are_alone: bool) -> Cohort {
    let taken: Vec<Records> = files.iter_mut().map(|f| std::mem::take(&mut f.records)).collect();
    let files = &*files;
    let mut builder = Builder::new(files, &taken, some_are_alone);
    let mut order: Vec<usize> = (0..files.len()).collect();
    order.sort_by_key(|at| files[*at].purpose != Purpose::Export);
    let mut owned: Owned = Vec::new();
    let mut owners = Vec::new();
    let mut taken: Vec<Option<Records>> = taken.into_iter().map(Some).collect();
    for at in order {
        let Some(mut records) = taken.get_mut(at).and_then(Option::take) else { continue };
        let file = file_number(at);
        let words = builder.words.take_over(&files[at].words);
        let people = std::mem::take(&mut records.people);
        let people_of = if files[at].purpose == Purpose::Export {
            // Piece by piece, so that rows and people are not in memory as a whole.
            let mut owners = Vec::with_capacity(people.len());
            for row in people.into_pieces().into_iter().flatten() {
                let index = u32::try_from(owners.len()).unwrap_or(u32::MAX);
                owners.push(builder.person(file, &row, index, &words));
            }
            owners
        } else {
            joining::join(&mut builder, file, files[at].purpose, &people, &words)
        };
        builder.take_signs(file, &people_of, &records);
        builder.problems.extend(files[at].problems.iter().map(|p| (file, *p)));
        joining::mark_named(&mut builder, file, &records);
        if !builder.maybe_renumbered.is_empty() {
            owners.push((file, people_of.clone()));
        }
        // A list with codes is used like an export.
        owned.push((file, people_of, words, records));
    }
    builder.flag_renumbered(&owners);
    joining::leavers(&mut builder);
    names::doubt_namesakes(&mut builder);
    builder.finish(owned, today)
}

/// People in the making.
pub(super) struct Builder<'a> {
    pub files: &'a [Extract],
    pub patients: Vec<Patient>,
    pub facts: Vec<Facts>,
    pub words: Interner,
    pub problems: Vec<(u16, Problem)>,
    /// Letters of each patient's name, hashed; nought for none.
    pub(super) names: Vec<u64>,
    /// By NHS number; without those who are alone.
    by_number: FxHashMap<u64, PatientId>,
    /// Further people with a number that another has, by number, name and birth.
    clashes: HashMap<(u64, u64, Option<Day>), PatientId>,
    /// By file, practice and the system's own number, hashed; the number itself is
    /// compared. The number is a practice's own: two practices may have one number. Without
    /// those who are alone.
    by_system: FxHashMap<(u16, Word, u64), PatientId>,
    /// Rows that speak against somebody's being decided like others.
    signs: Vec<(PatientId, Place, u64)>,
    /// Codes in columns of something else, by file.
    codes_aside: Vec<(PatientId, u16, CodeAside)>,
    /// Practices of the exports.
    pub practices: IndexSet<Word, FxBuildHasher>,
    /// Words for practices, and the one by which each is known.
    spellings: FxHashMap<Word, Word>,
    /// The same by letters and digits.
    plain_practices: FxHashMap<String, Word>,
    /// The last of these.
    last_spelling: Option<(Word, Word)>,
    /// The practice that each export names above its table, where they name several.
    of_files: Vec<Word>,
    /// People who may have another NHS number in a later export: the file, who, and the row there.
    pub(super) maybe_renumbered: Vec<(u16, PatientId, u32)>,
    /// How many numbers of the system are of the same people in an earlier export, by file.
    pub(super) agreeing: FxHashMap<u16, usize>,
    /// For each row of each file, whether no other has a number of it; nothing where registers
    /// speak of the people in them.
    alone: Vec<Vec<bool>>,
}

impl<'a> Builder<'a> {
    fn new(files: &'a [Extract], records: &[Records], some_are_alone: bool) -> Self {
        let people = records.iter().map(|r| r.people.len()).sum();
        let mut found = Alone::default();
        if some_are_alone {
            let rows: Vec<(u16, &Pieces<PersonRow>)> =
                records.iter().enumerate().map(|(at, r)| (file_number(at), &r.people)).collect();
            found = alone(&rows, |file, index| system_key(system_number(files, file, index)));
        }
        // Who is alone is not remembered.
        let remembered = if some_are_alone { found.others } else { people };
        let has_system = files.iter().any(|f| f.columns.patient(PatientRole::EmisNumber).is_some());
        let mut words = Interner::default();
        let of_files = practices::named_above(files, &mut words);
        Self {
            files,
            patients: Vec::with_capacity(people),
            facts: Vec::with_capacity(people),
            words,
            problems: Vec::new(),
            names: Vec::with_capacity(people),
            by_number: HashMap::with_capacity_and_hasher(remembered, FxBuildHasher),
            clashes: HashMap::new(),
            by_system: HashMap::with_capacity_and_hasher(if has_system { remembered } else { 0 }, FxBuildHasher),
            signs: Vec::new(),
            codes_aside: Vec::new(),
            practices: IndexSet::default(),
            spellings: FxHashMap::default(),
            plain_practices: FxHashMap::default(),
            last_spelling: None,
            of_files,
            maybe_renumbered: Vec::new(),
            agreeing: FxHashMap::default(),
            alone: found.rows,
        }
    }

    fn person(&mut self, file: u16, row: &PersonRow, index: u32, words: &[Word]) -> PatientId {
        let practice = self.practice_of(file, row, words);
        if self.practices.last() != Some(&practice) {
            self.practices.insert(practice);
        }
        let is_alone = |of_file: &Vec<bool>| of_file.get(index as usize).copied();
        if self.alone.get(usize::from(file)).and_then(is_alone) == Some(true) {
            return self.add(file, row, index, words);
        }
        let by_system = self.by_system_number(file, practice, file, index);
        let same_system = by_system
            .filter(|id| self.is_same_person(*id, row))
            .or_else(|| self.in_another_file(file, practice, row, index));
        let id = match row.nhs {
            NhsReading::Valid(number) => {
                let known = self.by_nhs(number.number(), row);
                match (known, same_system) {
                    (Some(id), _) => {
                        self.merge(id, file, row, words);
                        self.note_agreement(file, practice, index, id);
                        id
                    }
                    // The number was missing or damaged on an earlier row.
                    (None, Some(id)) if !self.has_valid_number(id) => {
                        self.merge(id, file, row, words);
                        self.take_number(id, row.nhs, number.number());
                        id
                    }
                    (None, _) => {
                        let renumbered = self.renumbered(file, practice, row, index);
                        let id = self.add_numbered(number.number(), file, row, index, words);
                        for clash in renumbered.into_iter().flat_map(|other| [other, id]) {
                            self.flag(clash, ProblemKind::SystemNumberTwice);
                        }
                        id
                    }
                }
            }
            _ => match same_system {
                Some(id) => {
                    self.merge(id, file, row, words);
                    id
                }
                None => self.add(file, row, index, words),
            },
        };
        match by_system {
            // One number of the system with two NHS numbers, or on two people.
            Some(other) if other != id => {
                for clash in [other, id] {
                    self.flag(clash, ProblemKind::SystemNumberTwice);
                }
            }
            None => self.know_system_number(file, practice, index, id),
            Some(_) => {}
        }
        id
    }

    /// The practice of a row: the one that it names, else the one that its file does.
    pub fn practice_of(&mut self, file: u16, row: &PersonRow, words: &[Word]) -> Word {
        let named = words.get(row.practice.index()).copied().unwrap_or(Word::NONE);
        let of_file = || self.of_files.get(usize::from(file)).copied().unwrap_or(Word::NONE);
        let word = if named.is_some() { named } else { of_file() };
        self.practice(word)
    }

    /// The word by which a practice is known: capitals and spaces make no other one of it.
    pub fn practice(&mut self, word: Word) -> Word {
        if let Some((last, known)) = self.last_spelling
            && last == word
        {
            return known;
        }
        if let Some(known) = self.spellings.get(&word) {
            self.last_spelling = Some((word, *known));
            return *known;
        }
        let spelled = word;
        let plain = practices::plain_name(self.words.get(word));
        // "-" names none.
        let word = if plain.is_empty() { Word::NONE } else { word };
        let known = *self.plain_practices.entry(plain).or_insert(word);
        self.spellings.insert(spelled, known);
        known
    }

    /// The system's own number on a row of people.
    pub fn system_number(&self, file: u16, index: u32) -> &'a [u8] {
        system_number(self.files, file, index)
    }

    /// The patient of a practice in `file` whose number in the system is that of a row
    /// of `of`.
    pub fn by_system_number(&self, file: u16, practice: Word, of: u16, index: u32) -> Option<PatientId> {
        let number = self.system_number(of, index);
        let id = *self.by_system.get(&(file, practice, system_key(number)?))?;
        let known = self.patients.get(id.index())?;
        (self.system_number(known.place.file, known.person) == number).then_some(id)
    }

    /// Somebody of an earlier export who has this number of the system, this name and this
    /// birth date, where the NHS number cannot be read.
    fn in_another_file(&self, file: u16, practice: Word, row: &PersonRow, index: u32) -> Option<PatientId> {
        if matches!(row.nhs, NhsReading::Valid(_)) || row.born.is_none() {
            return None;
        }
        let earlier = (0..file).filter_map(|other| self.by_system_number(other, practice, file, index));
        let mut certain = earlier.filter(|id| {
            let born = self.patients.get(id.index()).and_then(|p| p.born);
            born == row.born && self.is_same_person(*id, row)
        });
        certain.next()
    }

    fn know_system_number(&mut self, file: u16, practice: Word, index: u32, id: PatientId) {
        if let Some(key) = system_key(self.system_number(file, index)) {
            self.by_system.entry((file, practice, key)).or_insert(id);
        }
    }

    pub(super) fn has_valid_number(&self, id: PatientId) -> bool {
        self.patients.get(id.index()).is_some_and(|p| matches!(p.nhs, NhsReading::Valid(_)))
    }

    fn take_number(&mut self, id: PatientId, nhs: NhsReading, number: u64) {
        if let Some(patient) = self.patients.get_mut(id.index()) {
            patient.nhs = nhs;
        }
        self.by_number.insert(number, id);
    }

    /// The person known by this number, if it is the same person.
    fn by_nhs(&self, number: u64, row: &PersonRow) -> Option<PatientId> {
        let first = self.by_number.get(&number).copied()?;
        if self.is_same_person(first, row) {
            return Some(first);
        }
        self.clashes.get(&(number, row.name, row.born)).copied()
    }

    /// Whoever has this number, the same person or not. Registers ask, and where there is one
    /// nobody is taken to be alone.
    pub fn first_with(&self, number: u64) -> Option<PatientId> {
        self.by_number.get(&number).copied()
    }

    /// Everybody who has this number; registers ask.
    pub fn all_with(&self, number: u64) -> Vec<PatientId> {
        let others = self.clashes.iter().filter(|((of, ..), _)| *of == number).map(|(_, id)| *id);
        self.first_with(number).into_iter().chain(others).collect()
    }

    /// Adds somebody who is on no row so far.
    pub fn add_numbered(&mut self, number: u64, file: u16, row: &PersonRow, index: u32, words: &[Word]) -> PatientId {
        let id = self.add(file, row, index, words);
        let Some(first) = self.by_number.get(&number).copied() else {
            self.by_number.insert(number, id);
            return id;
        };
        self.clashes.insert((number, row.name, row.born), id);
        for clash in [first, id] {
            self.flag(clash, ProblemKind::NhsTwice);
        }
        id
    }

    /// Says that who this is cannot be told by numbers; once a patient.
    pub fn flag(&mut self, id: PatientId, kind: ProblemKind) {
        let Some(patient) = self.patients.get_mut(id.index()).filter(|p| !p.nhs_twice) else { return };
        patient.nhs_twice = true;
        let place = patient.place;
        self.note(place, kind);
    }

    /// Lists a problem with the number of a patient.
    pub fn note(&mut self, place: Place, kind: ProblemKind) {
        let file = self.files.get(usize::from(place.file));
        let column = file.and_then(|f| f.columns.patient(PatientRole::NhsNumber));
        self.problems.push((place.file, Problem { row: Some(place.row + 1), column, kind }));
    }

    /// The same number means the same person, unless a birth date or a name says
    /// otherwise.
    pub fn is_same_person(&self, id: PatientId, row: &PersonRow) -> bool {
        let Some(known) = self.patients.get(id.index()) else { return false };
        if let (Some(a), Some(b)) = (known.born, row.born)
            && a != b
        {
            return false;
        }
        let name = self.names.get(id.index()).copied().unwrap_or(0);
        name == 0 || row.name == 0 || name == row.name
    }

    /// People with their name and birth date, where they have both.
    pub fn named(&self) -> impl Iterator<Item = (PatientId, (u64, Day))> {
        let named = |((patient, name), id): ((&Patient, &u64), u32)| {
            patient.born.filter(|_| *name != 0).map(|born| (PatientId(id), (*name, born)))
        };
        self.patients.iter().zip(&self.names).zip(0..).filter_map(named)
    }

    /// People with what they are called, and their age where the file says no more.
    pub fn called(&self) -> impl Iterator<Item = (&Patient, Name, Option<i16>)> {
        let named = self.patients.iter().zip(&self.names).zip(&self.facts);
        named.map(|((patient, whole), facts)| (patient, Name { whole: *whole, letters: patient.alphabet }, facts.age))
    }

    /// What somebody is called.
    pub fn name_of(&self, id: PatientId) -> Name {
        Name {
            whole: self.names.get(id.index()).copied().unwrap_or(0),
            letters: self.patients.get(id.index()).map_or(0, |patient| patient.alphabet),
        }
    }

    /// Adds a person.
    pub fn add(&mut self, file: u16, row: &PersonRow, index: u32, words: &[Word]) -> PatientId {
        let id = PatientId(u32::try_from(self.patients.len()).unwrap_or(u32::MAX));
        let word = |w: Word| words.get(w.index()).copied().unwrap_or(Word::NONE);
        let practice = self.practice_of(file, row, words);
        let list_number = list_number(self.system_number(file, index));
        self.patients.push(Patient {
            place: Place { file, row: row.row },
            person: index,
            list_number,
            alphabet: row.alphabet,
            gp: word(row.gp),
            nhs: row.nhs,
            nhs_twice: false,
            born: row.born,
            birth_unclear: row.birth_unclear,
            registered: row.registered,
            account: word(row.account),
            access: word(row.access),
            practice,
            markers: Markers::default(),
            has_unclear_code: false,
            may_have_declined: false,
            registration_unclear: false,
            status: Status::NoCode,
            reason: StatusReason::NoCode,
            deciding: None,
            active_104: None,
            events: (0, 0),
        });
        self.facts.push(Facts::from(row));
        self.names.push(row.name);
        id
    }

    /// Markers and doubts of a file's people.
    fn take_signs(&mut self, file: u16, owner: &[PatientId], records: &Records) {
        let owner = |person: u32| owner.get(person as usize).copied();
        for sign in &records.signs.markers {
            if let Some(id) = owner(sign.person) {
                let place = Place { file, row: sign.row };
                self.sign(id, (place, sign.said), |patient| patient.markers.join(sign.markers));
            }
        }
        for (person, row, said) in &records.signs.doubts {
            if let Some(id) = owner(*person) {
                self.sign(id, (Place { file, row: *row }, *said), |patient| patient.has_unclear_code = true);
            }
        }
        let asides = records.signs.codes.iter().filter_map(|aside| Some((owner(aside.person)?, file, *aside)));
        self.codes_aside.extend(asides);
    }

    /// Notes what a row says against somebody's being decided like others; `said` is what its cell
    /// says, see [`crate::extract::Sign`].
    pub fn sign(&mut self, id: PatientId, (place, said): (Place, u64), note: impl FnOnce(&mut Patient)) {
        if let Some(patient) = self.patients.get_mut(id.index()) {
            note(patient);
            self.signs.push((id, place, said));
        }
    }

    fn finish(self, owned: Owned, today: Day) -> Cohort {
        let Self { files, mut patients, facts, words, mut problems, mut signs, codes_aside, .. } = self;
        drop((self.by_number, self.by_system, self.alone));
        let Attached { events, future, are_users, coded } = attach(&mut patients, &facts, owned, words.len(), today);
        drop(facts);
        for (id, file, aside) in codes_aside {
            let Some(patient) = patients.get_mut(id.index()) else { continue };
            let own = events.get(patient.events.0 as usize..patient.events.1 as usize).unwrap_or_default();
            // Said once more of somebody whose entries say so, and for whom it stands.
            let stands = match aside.code {
                AccessCode::Declined103 => patient.status == Status::Declined,
                _ => patient.active_104.is_some(),
            };
            if stands && own.iter().any(|e| e.code == Some(aside.code)) {
                continue;
            }
            patient.has_unclear_code = true;
            patient.may_have_declined |= aside.code == AccessCode::Declined103;
            signs.push((id, Place { file, row: aside.row }, 0));
            let kind = ProblemKind::CodeElsewhere;
            problems.push((file, Problem { row: Some(aside.row + 1), column: Some(aside.column), kind }));
        }
        signs.sort_unstable();
        signs.dedup();
        problems
            .extend(future.iter().filter_map(|at| events.get(*at as usize)).map(|event| future_problem(files, event)));
        problems.sort_unstable();
        let exports = || files.iter().filter(|f| f.purpose == Purpose::Export);
        let practice = exports()
            .find_map(|f| f.layout.practice.clone())
            .or_else(|| patients.iter().find(|p| p.practice.is_some()).map(|p| words.get(p.practice).to_owned()))
            .or_else(|| practices::main_organisation(&events).map(|word| words.get(word).to_owned()));
        let shown: Vec<Vec<Shown>> = files.iter().map(|f| shown_in(f, are_users)).collect();
        let of_104s =
            || coded.iter().filter_map(|(file, group)| shown.get(usize::from(*file))?.get(usize::from(*group)));
        let some_show = of_104s().fold(Shown::NOTHING, |all, one| all.or(*one));
        let all_show = of_104s().fold(Shown::EVERYTHING, |all, one| all.and(*one));
        let counts = practices::count(&patients);
        Cohort {
            today,
            // A short file of somebody's own has no captions of either.
            system: exports()
                .find(|f| f.layout.is_system_clear)
                .or_else(|| exports().next())
                .map_or(System::Emis, |f| f.layout.system),
            practice,
            counts: Counts::sum(counts.iter().map(|(_, counts)| counts)),
            practices: practices::of(counts, &words),
            patients,
            events,
            words,
            problems,
            signs,
            some_show,
            all_show,
            shown,
        }
    }
}

#[cfg(test)]
mod tests;
