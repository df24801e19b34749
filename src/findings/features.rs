//! What each 104 entry shows of how it came about.

use rustc_hash::FxHashMap;

use super::Thresholds;
use super::texts::SharedTexts;
use super::workday::{Late, WorkDays};
use crate::cohort::{CodeEvent, Cohort, EventState, Patient, PatientId};
use crate::domain::marker::TITLES;
use crate::domain::{AccessCode, Day, Days, Status};
use crate::extract::Word;
use crate::sharing;

/// One 104 entry that counts.
#[derive(Clone, Copy, Debug)]
pub struct Feature {
    /// Whose.
    pub patient: PatientId,
    /// The day on which it was worked on: see [`WorkDays`].
    pub day: Day,
    /// Who entered it.
    pub user: Word,
    /// Whose hand it is: the user, or, where the file names none, the text that is the same
    /// on many.
    pub hand: Word,
    /// That hand's work of that day, as a place in [`Features::buckets`].
    pub bucket: u32,
    /// Its place among the cohort's entries.
    pub event: u32,
    /// The free text that is the same on many others, one word for all its spellings; none
    /// where there is no such text.
    pub shared_text: Word,
    /// What else is to be known of it, as a set: see [`Trait`].
    pub traits: u16,
}

/// What an entry is or has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Trait {
    /// The user's name carries a clinician's title.
    Clinician,
    /// Free text that is not the same on many.
    OwnText,
    /// From another practice.
    Inherited,
    /// Typed in long after its date, and not together with others.
    Late,
    /// Within the top-up window after registering here.
    NewlyRegistered,
    /// Dated with the very day of registration.
    OnRegistration,
    /// Dated with the day on which it was typed in, as far as the file says.
    OnTyping,
    /// Set again after a 106: somebody looked.
    Again,
    /// It is the patient's active 104.
    Active,
    /// It is that of a patient who is blocked by it.
    Blocks,
    /// No 106 has cancelled it.
    Stands,
    /// The export has no free text beside it.
    NoteUnseen,
    /// The export does not say who entered it, or the cell is blank.
    UserUnseen,
    /// The export does not tell whether the patient brought it along.
    OriginUnseen,
}

impl Trait {
    const ALL: [Self; Self::OriginUnseen as usize + 1] = [
        Self::Clinician,
        Self::OwnText,
        Self::Inherited,
        Self::Late,
        Self::NewlyRegistered,
        Self::OnRegistration,
        Self::OnTyping,
        Self::Again,
        Self::Active,
        Self::Blocks,
        Self::Stands,
        Self::NoteUnseen,
        Self::UserUnseen,
        Self::OriginUnseen,
    ];

    /// In the set of traits: entries are many, and looked at again and again.
    const fn bit(self) -> u16 {
        1 << self as u8
    }
}

impl Feature {
    /// Stands where an entry will be put.
    pub const BLANK: Self = Self {
        patient: PatientId(0),
        day: Day::FIRST,
        user: Word::NONE,
        hand: Word::NONE,
        bucket: 0,
        event: 0,
        shared_text: Word::NONE,
        traits: 0,
    };

    /// Whether it is so.
    pub const fn is(&self, what: Trait) -> bool {
        self.traits & what.bit() != 0
    }

    /// Nothing of its own says that somebody looked at this patient, or that it came from
    /// elsewhere: what bulk is made of.
    pub const fn is_plain(&self) -> bool {
        const OTHERS: u16 = Trait::OwnText.bit() | Trait::Inherited.bit() | Trait::Again.bit() | Trait::Late.bit();
        self.traits & OTHERS == 0
    }
}

/// What is looked up for every entry.
struct Practice<'a> {
    cohort: &'a Cohort,
    thresholds: &'a Thresholds,
    /// Texts that are the same on many.
    shared: SharedTexts,
    /// The organisation of each practice's own entries.
    home: FxHashMap<Word, Word>,
    /// How the two dates of an entry are to be read.
    work: WorkDays,
}

/// All 104 entries that count, and whose work of which day they are.
pub struct Features {
    /// The entries, one bucket after the other, and in each in the order of the patients: what
    /// is looked at together lies together in memory.
    pub all: Vec<Feature>,
    /// What one hand entered on one day, in their order.
    pub buckets: Vec<Bucket>,
}

/// What one hand entered on one day.
pub type Bucket = (Word, Day);

/// The entries of some patients, in their order.
struct Part {
    all: Vec<Feature>,
    /// The buckets, as they came, and how many entries each has.
    buckets: Vec<(Bucket, usize)>,
}

impl Features {
    /// Puts parts together, those of the first patients first.
    fn of(parts: &[Part]) -> Self {
        let mut buckets: Vec<Bucket> = parts.iter().flat_map(|p| p.buckets.iter().map(|(bucket, _)| *bucket)).collect();
        buckets.sort_unstable();
        buckets.dedup();
        // The buckets of each part by their number in the whole, and where its entries begin there.
        let mut begins = vec![0_usize; buckets.len()];
        let number = |bucket: &Bucket| buckets.binary_search(bucket).unwrap_or(0);
        let numbers: Vec<Vec<usize>> =
            parts.iter().map(|part| part.buckets.iter().map(|(bucket, _)| number(bucket)).collect()).collect();
        for (part, numbers) in parts.iter().zip(&numbers) {
            for ((_, count), number) in part.buckets.iter().zip(numbers) {
                begins[*number] += count;
            }
        }
        let mut total = 0;
        for begin in &mut begins {
            total += std::mem::replace(begin, total);
        }
        let mut all = vec![Feature::BLANK; total];
        // Each thread fills some of the buckets.
        let share = sharing::share(total);
        let mut jobs = Vec::new();
        let (mut left, mut first, mut from) = (all.as_mut_slice(), 0, 0);
        while first < buckets.len() {
            let last = begins.partition_point(|begin| *begin < from + share).max(first + 1);
            let to = begins.get(last).copied().unwrap_or(total);
            let (mine, rest) = left.split_at_mut(to - from);
            jobs.push((first..last, from, mine));
            (left, first, from) = (rest, last, to);
        }
        sharing::map("finding", jobs, |(own, from, mine)| {
            let mut next: Vec<usize> = begins[own.clone()].iter().map(|begin| begin - from).collect();
            for (part, numbers) in parts.iter().zip(&numbers) {
                for feature in &part.all {
                    let bucket = numbers[feature.bucket as usize];
                    let Some(next) = bucket.checked_sub(own.start).and_then(|at| next.get_mut(at)) else { continue };
                    mine[*next] = Feature { bucket: u32::try_from(bucket).unwrap_or(u32::MAX), ..*feature };
                    *next += 1;
                }
            }
        });
        Self { all, buckets }
    }
}

/// All 104 entries that count.
pub fn features(cohort: &Cohort, thresholds: &Thresholds) -> Features {
    let practice = Practice {
        cohort,
        thresholds,
        shared: SharedTexts::of(cohort, thresholds),
        home: home_organisations(cohort),
        work: WorkDays::of(cohort, thresholds.least_on_a_day),
    };
    Features::of(&sharing::chunks("finding", &cohort.patients, |first, people| practice.features(people, first)))
}

/// Words for organisations that were compared: capitals and spaces make no other one.
#[derive(Default)]
struct Spellings(FxHashMap<(Word, Word), bool>);

impl Spellings {
    fn are_same(&mut self, cohort: &Cohort, a: Word, b: Word) -> bool {
        let plain = |word| crate::domain::wording::plain(cohort.word(word));
        a == b || *self.0.entry((a, b)).or_insert_with(|| plain(a) == plain(b))
    }
}

/// What was found out of words before.
#[derive(Default)]
struct Known {
    /// What sort of user a word is, by its place.
    users: Vec<Option<User>>,
    spellings: Spellings,
    buckets: FxHashMap<Bucket, u32>,
}

/// What a user's name says.
#[derive(Clone, Copy)]
struct User {
    /// A clinician's title.
    clinician: bool,
    /// No person: records came from elsewhere.
    transfer: bool,
}

impl Known {
    /// The number of a bucket in its part; it has one more entry.
    fn bucket(&mut self, bucket: Bucket, part: &mut Part) -> u32 {
        let number = *self.buckets.entry(bucket).or_insert_with(|| {
            part.buckets.push((bucket, 0));
            u32::try_from(part.buckets.len() - 1).unwrap_or(u32::MAX)
        });
        if let Some((_, count)) = part.buckets.get_mut(number as usize) {
            *count += 1;
        }
        number
    }

    fn user(&mut self, cohort: &Cohort, word: Word) -> User {
        if self.users.len() <= word.index() {
            self.users.resize(word.index() + 1, None);
        }
        let read = || {
            let name = cohort.word(word);
            User { clinician: is_clinician(name), transfer: is_transfer(name) }
        };
        self.users.get_mut(word.index()).map_or_else(read, |slot| *slot.get_or_insert_with(read))
    }
}

impl Practice<'_> {
    /// The entries of some patients, the first of whom has this number.
    fn features(&self, people: &[Patient], first: usize) -> Part {
        let events = people.iter().map(|p| self.cohort.events_of(p).len()).sum();
        let mut known = Known::default();
        let mut out = Part { all: Vec::with_capacity(events), buckets: Vec::new() };
        for (offset, patient) in people.iter().enumerate() {
            let id = PatientId(u32::try_from(first + offset).unwrap_or(u32::MAX));
            self.of_patient(id, patient, &mut known, &mut out);
        }
        out
    }

    fn of_patient(&self, id: PatientId, patient: &Patient, known: &mut Known, out: &mut Part) {
        let Self { cohort, thresholds, .. } = self;
        let several = !cohort.practices.is_empty();
        let (events, first) = (cohort.events_of(patient), patient.first_event());
        let counted = |code| events.iter().filter(move |e| e.state == EventState::Counts && e.code == Some(code));
        let first_106 = counted(AccessCode::NoReview106).filter_map(|e| e.day).min();
        let last_106 = counted(AccessCode::NoReview106).filter_map(|e| e.day).max();
        for (offset, event) in events.iter().enumerate() {
            let (EventState::Counts, Some(AccessCode::Review104), Some(day)) = (event.state, event.code, event.day)
            else {
                continue;
            };
            let index = u32::try_from(offset).map_or(u32::MAX, |o| first.saturating_add(o));
            let shared = self.shared.of_entry(event.text, event.user);
            let user = event.user;
            let User { clinician, transfer } = known.user(cohort, user);
            let home = self.home.get(&if several { patient.practice } else { Word::NONE });
            let elsewhere = event.organisation.is_some()
                && home.is_some_and(|home| !known.spellings.are_same(cohort, *home, event.organisation));
            let here = event.organisation.is_some() && !elsewhere;
            let before =
                patient.registered.is_some_and(|r| day < r) && !here && !self.work.was_here(patient, event, day);
            let work = self.work.day(patient, event, day);
            let late = if here { Late::No } else { self.work.late(patient, event, day) };
            let since = patient.registered.map(|r| work.days_since(r));
            let again = first_106.is_some_and(|d| d < day);
            // Nothing cancelled it: what it says of the patient still stands, be
            // it the latest 104 or not.
            let stands = patient.active_104.is_some() && last_106.is_none_or(|d| d <= day);
            let hand = if cohort.some_show.users { user } else { shared };
            let shown = cohort.shown(event);
            let bucket = known.bucket((hand, work), out);
            let active = patient.active_104 == Some(index);
            let window = i32::try_from(thresholds.top_up_days).unwrap_or(0);
            let has = |what: Trait| match what {
                Trait::Clinician => clinician,
                Trait::OwnText => event.text.is_some() && !shared.is_some(),
                Trait::Inherited => elsewhere || before || transfer || late == Late::InRecords,
                Trait::Late => late != Late::No,
                Trait::NewlyRegistered => since.is_some_and(|days| (0..=window).contains(&days)),
                Trait::OnRegistration => patient.registered == Some(day),
                Trait::OnTyping => event.entered.is_none_or(|entered| entered == day),
                Trait::Again => again,
                Trait::Active => active,
                Trait::Blocks => active && patient.status == Status::Blocked,
                Trait::Stands => stands,
                Trait::NoteUnseen => !shown.texts,
                Trait::UserUnseen => !shown.users || !user.is_some(),
                Trait::OriginUnseen => !shown.origins && patient.registered.is_none(),
            };
            let traits = Trait::ALL.into_iter().filter(|what| has(*what)).fold(0, |set, what| set | what.bit());
            let event = index;
            out.all.push(Feature { patient: id, day: work, user, hand, bucket, event, shared_text: shared, traits });
        }
    }
}

/// The organisation of the entries of most days is this practice; of each, where the files
/// speak of several, and else under the empty word.
fn home_organisations(cohort: &Cohort) -> FxHashMap<Word, Word> {
    let names_one = |_, events: &[CodeEvent]| events.iter().any(|e| e.organisation.is_some());
    if !sharing::chunks("finding", &cohort.events, names_one).contains(&true) {
        return FxHashMap::default();
    }
    if cohort.practices.is_empty() {
        let named = cohort.practice.as_deref();
        return home_organisation(cohort, &cohort.patients, named).map(|home| (Word::NONE, home)).into_iter().collect();
    }
    let mut patients_of: FxHashMap<Word, Vec<&Patient>> = FxHashMap::default();
    for patient in &cohort.patients {
        patients_of.entry(patient.practice).or_default().push(patient);
    }
    let of = |p: &crate::cohort::Practice| {
        let own = patients_of.get(&p.word)?;
        Some((p.word, home_organisation(cohort, own.iter().copied(), Some(&p.name))?))
    };
    cohort.practices.iter().filter_map(of).collect()
}

/// The organisation of these patients' practice, which may have a name.
fn home_organisation<'a>(
    cohort: &Cohort,
    patients: impl IntoIterator<Item = &'a Patient>,
    named: Option<&str>,
) -> Option<Word> {
    // Its own entries lie on many days; those that patients brought along, many though they
    // may be, on the few on which others coded in bulk.
    let mut days: FxHashMap<Word, Days> = FxHashMap::default();
    for patient in patients {
        // What is dated before the patient came was entered elsewhere.
        let here = |e: &&CodeEvent| patient.registered.zip(e.day).is_none_or(|(r, day)| day >= r);
        for event in cohort.events_of(patient).iter().filter(|e| e.organisation.is_some()).filter(here) {
            if let Some(day) = event.day {
                days.entry(event.organisation).or_default().insert(day);
            }
        }
    }
    days.iter()
        .find(|(word, _)| named.is_some_and(|p| p.eq_ignore_ascii_case(cohort.word(**word))))
        .or_else(|| days.iter().max_by_key(|(word, days)| (days.len(), std::cmp::Reverse(**word))))
        .map(|(word, _)| *word)
}

/// Whether a "user" is none, but stands for records that came from another practice or
/// system: "GP2GP, Import", "SYSTEM, Data transfer". A person in whose name or office such a
/// word stands is somebody.
fn is_transfer(name: &str) -> bool {
    const TRANSFER: [&str; 7] = ["gp2gp", "import", "imported", "importer", "transfer", "migration", "migrated"];
    const BESIDE: [&str; 12] =
        ["system", "data", "record", "records", "user", "emis", "web", "tpp", "systmone", "electronic", "auto", "from"];
    let is = |words: &[&str], word: &str| words.iter().any(|w| word.eq_ignore_ascii_case(w));
    let words = || name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words().any(|word| is(&TRANSFER, word)) && words().all(|word| is(&TRANSFER, word) || is(&BESIDE, word))
}

/// Titles and jobs of those who see patients, and of those who code for those at risk: they have a
/// reason for each.
const CLINICIANS: [&str; 68] = [
    "dr",
    "doctor",
    "prof",
    "professor",
    "gp",
    "nurse",
    "sister",
    "matron",
    "practitioner",
    "pharmacist",
    "midwife",
    "paramedic",
    "anp",
    "acnp",
    "physiotherapist",
    "physician",
    "surgeon",
    "optometrist",
    "hca",
    "hcsw",
    "healthcare",
    "care",
    "visitor",
    "hv",
    "rn",
    "rgn",
    "rmn",
    "sn",
    "pn",
    "np",
    "fcp",
    "sr",
    "acp",
    "cpn",
    "associate",
    "registrar",
    "trainee",
    "locum",
    "gpr",
    "gpst",
    "gpst1",
    "gpst2",
    "gpst3",
    "st1",
    "st2",
    "st3",
    "fy1",
    "fy2",
    "f1",
    "f2",
    "mbbs",
    "mrcgp",
    "consultant",
    "partner",
    "therapist",
    "psychologist",
    "counsellor",
    "dietitian",
    "dietician",
    "podiatrist",
    "prescriber",
    "clinical",
    "caldicott",
    "safeguarding",
    "protection",
    "worker",
    "guardian",
    "sg",
];

/// Jobs in the office.
const OFFICE: [&str; 12] = [
    "secretary",
    "coder",
    "coding",
    "summariser",
    "receptionist",
    "reception",
    "administrator",
    "administration",
    "admin",
    "clerk",
    "data",
    "scanning",
];

/// Whether a user's name carries a title, or a job, whatever it is.
#[must_use]
pub fn has_title(name: &str) -> bool {
    is_any(name, &[&TITLES, &CLINICIANS, &OFFICE])
}

/// Whether a user's name carries a clinician's title.
#[must_use]
pub fn is_clinician(name: &str) -> bool {
    is_any(name, &[&CLINICIANS])
}

/// Whether one of the words of a name is in one of these lists.
fn is_any(name: &str, lists: &[&[&str]]) -> bool {
    let is_known = |word: &str| lists.iter().copied().flatten().any(|known| word.eq_ignore_ascii_case(known));
    name.split(|c: char| !c.is_alphanumeric()).any(is_known)
}

#[cfg(test)]
mod tests {
    use super::{has_title, is_clinician, is_transfer};

    #[test]
    fn records_that_came_from_elsewhere_are_known_by_their_user() {
        assert!(is_transfer("GP2GP, Import") && is_transfer("SYSTEM, Data transfer"));
        for somebody in ["IMPORTANT, Ann (Mrs)", "", "TRANSFER, Joe (Dr)", "Migration Health Nurse", "SYSTEM, User"] {
            assert!(!is_transfer(somebody), "{somebody}");
        }
    }

    #[test]
    fn clinicians_are_known_by_their_title() {
        assert!(is_clinician("LEWIS, Sam (Dr)"));
        assert!(is_clinician("Nurse Ann Example") && is_clinician("SAFEGUARDING, Team"));
        assert!(is_clinician("BELL, Mo (Health Visitor)") && is_clinician("ROSE, Kim (Social Worker)"));
        assert!(is_clinician("PRASAD, Anil (RN)") && is_clinician("LOCUM, One") && is_clinician("ADMIN, Joe (Dr)"));
        assert!(is_clinician("Health Care Assistant") && is_clinician("BOND, Kit (FY2)"));
        // Whoever types for a doctor, or for those at risk, has a reason for each too.
        assert!(is_clinician("SAFEGUARDING, Admin") && is_clinician("GP Secretary"));
        for office in ["Admin Assistant", "Data Lead", "Receptionist 2", "BECK, Sue (Secretary)"] {
            assert!(!is_clinician(office), "{office}");
        }
        assert!(has_title("KHAN, Kay (Ms)") && has_title("Reception 1") && !has_title("Lewis Sam"));
    }
}
