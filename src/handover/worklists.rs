//! Lists for people: each says in its first lines what it does and what it does not do, and
//! leaves room for what is written down while it is worked through.

use super::table::Table;
use super::{Output, Package};
use crate::cohort::{Patient, PatientId, access_is_full, account_is_live};
use crate::domain::{AccessCode, Day};
use crate::extract::{Extract, RowCursor, System};
use crate::review::{Change, Choice, Review, blockers};

/// Fetches who patients are: those who stand near each other in their file together.
pub struct Who<'a> {
    package: Package<'a>,
    cursors: Vec<RowCursor<'a>>,
}

impl<'a> Who<'a> {
    /// For the patients of a package.
    pub fn new(package: Package<'a>) -> Self {
        Self { package, cursors: package.files.iter().map(Extract::cursor).collect() }
    }

    /// The name as the file has it.
    pub fn name(&mut self, patient: &Patient) -> String {
        let file = usize::from(patient.place.file);
        match (self.cursors.get_mut(file), self.package.files.get(file)) {
            (Some(cursor), Some(extract)) => extract.name_in(&cursor.row(patient.place.row)),
            _ => String::new(),
        }
    }

    /// The first cells of every list.
    fn cells(&mut self, patient: &Patient) -> Vec<String> {
        let package = self.package;
        let mut cells = vec![package.number(patient)];
        // SystmOne has no number beside it.
        cells.extend((package.cohort.system == System::Emis).then(|| package.system_number(patient).to_owned()));
        cells.extend([self.name(patient), patient.born.map_or_else(String::new, Day::table)]);
        cells.extend(package.practice(patient).map(str::to_owned));
        cells
    }

    /// The first cells of somebody who may be gone from the export: only the number is
    /// known then.
    fn cells_or_number(&mut self, id: Option<PatientId>, number: impl FnOnce() -> String) -> Vec<String> {
        let package = self.package;
        id.and_then(|id| self.package.cohort.patient(id)).map_or_else(
            || {
                let mut cells = vec![number()];
                cells.resize(who_captions(package).len(), String::new());
                cells
            },
            |patient| self.cells(patient),
        )
    }
}

/// The captions of the first cells of every list.
fn who_captions(package: Package<'_>) -> Vec<&'static str> {
    let mut captions = match package.cohort.system {
        System::Emis => vec!["NHS number", "EMIS number", "Name", "Date of birth"],
        System::SystmOne => vec!["NHS number", "Name", "Date of birth"],
    };
    captions.extend((!package.cohort.practices.is_empty()).then_some("Practice"));
    captions
}

/// A list in the making.
pub struct List {
    /// Which.
    pub output: Output,
    /// The captions of its columns.
    pub header: Vec<&'static str>,
    /// Its rows.
    pub rows: Vec<Vec<String>>,
    /// How many there are of them, where there are too many to put them together.
    pub too_many: Option<usize>,
}

impl List {
    fn new(output: Output, package: Package<'_>, further: &[&'static str]) -> Self {
        Self { output, header: [&who_captions(package), further].concat(), rows: Vec::new(), too_many: None }
    }

    /// As CSV: two lines of what it is, then the header.
    pub fn csv(&self, system: System) -> Vec<u8> {
        let mut table = Table::new(&[&format!("What this is: {}", self.output.does(system))]);
        table.row(&[format!("What it does not do: {}", self.output.does_not(system))]);
        table.row(&self.header);
        for row in &self.rows {
            table.row(row);
        }
        table.finish()
    }
}

/// How a list is put together, of those who get a 106 among others.
type Make<'a> = fn(Package<'a>, &mut Who<'a>, &Review, &[PatientId]) -> List;

/// All lists for people.
pub fn all(package: Package<'_>, review: &Review, additions: &[PatientId]) -> Vec<List> {
    let system = package.cohort.system;
    let who = &mut Who::new(package);
    let lists: [(Output, Make<'_>); 8] = [
        (Output::Keep104, |package, who, review, _| decided(package, who, review, (Output::Keep104, Choice::Keep104))),
        (Output::AskClinician, |package, who, review, _| {
            decided(package, who, review, (Output::AskClinician, Choice::AskClinician))
        }),
        (Output::Conflicts, |package, who, review, _| conflicts(package, who, review)),
        (Output::AccessByHand, |package, who, _, additions| access_by_hand(package, who, additions)),
        (Output::GrantCohort, |package, who, _, additions| grant_cohort(package, who, additions)),
        (Output::Turning16, |package, who, _, _| turning_16(package, who)),
        (Output::SpotChecks, |package, who, review, _| spot_checks(package, who, review)),
        (Output::CheckResult, |package, who, _, _| check_result(package, who)),
    ];
    let has_changes = package.changes().is_some();
    let made = lists.into_iter().filter(|(output, _)| output.is_made(system, review, has_changes));
    made.map(|(_, make)| make(package, who, review, additions)).collect()
}

/// Those in the list for the bulk step, with names, for people: in the workbook only.
pub fn add_106(package: Package<'_>, review: &Review, additions: &[PatientId], most: usize) -> List {
    let further =
        ["104 dated", "Entered by", "Blockers", "Decided by", "Decided on", "Decided with", "Decision reason"];
    let mut list = List::new(Output::Add106, package, &further);
    if additions.len() > most {
        list.too_many = Some(additions.len());
        return list;
    }
    let mut who = Who::new(package);
    for id in additions {
        let Some((patient, decision)) = package.cohort.patient(*id).zip(review.of(*id)) else { continue };
        let event = package.cohort.event(patient.active_104).or_else(|| package.shown_event(patient));
        let mut row = who.cells(patient);
        row.extend([
            event.and_then(|e| e.day).map_or_else(String::new, Day::table),
            event.map_or_else(String::new, |e| package.cohort.word(e.user).to_owned()),
            marks(package, *id),
            decision.by.name.clone(),
            Day::from(decision.at.date()).table(),
            decision.made.key(),
            decision.reason.clone(),
        ]);
        list.rows.push(row);
    }
    list
}

fn decided(package: Package<'_>, who: &mut Who<'_>, review: &Review, (output, choice): (Output, Choice)) -> List {
    const COMMON: [&str; 8] =
        ["Status", "Code date", "Entered by", "Blockers", "Decision", "Decided by", "Decided on", "Decision reason"];
    let further: &[&str] = if output == Output::Keep104 {
        // They must be told (domain: "blocked patients can ask").
        &["Look again on", "Tell the patient", "Told on", "Told by"]
    } else {
        &["Answer", "Answered by", "Answered on"]
    };
    let mut list = List::new(output, package, &[&COMMON[..], further].concat());
    for (id, decision) in review.iter().filter(|(_, d)| d.choice == choice) {
        let Some(patient) = package.cohort.patient(id).filter(|p| p.is_eligible()) else { continue };
        let event = package.cohort.event(patient.active_104).or_else(|| package.shown_event(patient));
        let mut marks = marks(package, id);
        if let Some(doubt) = review.doubt(id) {
            let said = format!("spot check: {}", doubt.label().to_lowercase());
            marks = if marks.is_empty() { said } else { format!("{marks}, {said}") };
        }
        let by = &decision.by;
        let mut row = who.cells(patient);
        row.extend([
            patient.status.label().to_owned(),
            event.and_then(|e| e.day).map_or_else(String::new, Day::table),
            event.map_or_else(String::new, |e| package.cohort.word(e.user).to_owned()),
            marks,
            choice.label().to_owned(),
            if by.role.is_empty() { by.name.clone() } else { format!("{} ({})", by.name, by.role) },
            Day::from(decision.at.date()).table(),
            decision.reason.clone(),
        ]);
        if output == Output::Keep104 {
            let decided = decision.at.date();
            let again = decided.checked_add_months(chrono::Months::new(package.options.review_months));
            row.push(again.map_or_else(String::new, |day| Day::from(day).table()));
            row.push("That new entries are not shown to them online, and that they can ask for access".to_owned());
        }
        row.resize(list.header.len(), String::new());
        list.rows.push(row);
    }
    list
}

fn conflicts(package: Package<'_>, who: &mut Who<'_>, review: &Review) -> List {
    let mut list = List::new(
        Output::Conflicts,
        package,
        &[
            "Date of both codes",
            "104 entered by",
            "106 entered by",
            "Blockers",
            "Decision",
            "Decided by",
            "Decision reason",
        ],
    );
    for id in &package.findings.conflicts {
        let Some(patient) = package.cohort.patient(*id) else { continue };
        let day = package.shown_event(patient).and_then(|e| e.day);
        let by = |code| {
            let event = package.cohort.events_of(patient).iter().find(|e| e.day == day && e.code == Some(code));
            event.map_or_else(String::new, |e| package.cohort.word(e.user).to_owned())
        };
        let decision = review.of(*id);
        let mut row = who.cells(patient);
        row.extend([
            day.map_or_else(String::new, Day::table),
            by(AccessCode::Review104),
            by(AccessCode::NoReview106),
            marks(package, *id),
            decision.map_or("", |d| d.choice.label()).to_owned(),
            decision.map_or("", |d| &d.by.name).to_owned(),
            decision.map_or("", |d| &d.reason).to_owned(),
        ]);
        list.rows.push(row);
    }
    list
}

/// What speaks against deciding a patient like others, for whoever has the list in hand.
fn marks(package: Package<'_>, id: PatientId) -> String {
    blockers(package.cohort, package.findings, id).labels()
}

fn account(package: Package<'_>, patient: &Patient) -> [String; 2] {
    [package.cohort.word(patient.account).to_owned(), package.cohort.word(patient.access).to_owned()]
}

/// Users of the NHS App first: they are many, and see the change at once (BMA).
fn uses_the_app(package: Package<'_>, patient: &Patient) -> bool {
    account(package, patient).iter().any(|word| {
        let word = word.to_lowercase();
        word.contains("nhs app") || word.contains("nhs login") || word.contains("nhsapp")
    })
}

/// EMIS: a 106 opens nothing for an account that exists. Both: a 104 takes away
/// no access that a patient has.
fn access_by_hand(package: Package<'_>, who: &mut Who<'_>, additions: &[PatientId]) -> List {
    let mut list = List::new(
        Output::AccessByHand,
        package,
        &["Online account", "Access level", "Blockers", "Why", "Done on", "Done by"],
    );
    let live = |p: &Patient| account_is_live(package.cohort.word(p.account));
    let full = |p: &Patient| access_is_full(package.cohort.word(p.access));
    let width = list.header.len();
    let mut add = |id: PatientId, patient: &Patient, why: &str| {
        let mut row = who.cells(patient);
        row.extend(account(package, patient));
        row.push(marks(package, id));
        row.push(why.to_owned());
        row.resize(width, String::new());
        list.rows.push(row);
    };
    if package.cohort.system == System::Emis {
        let known = additions.iter().filter_map(|id| Some((*id, package.cohort.patient(*id)?)));
        let mut accounts: Vec<(PatientId, &Patient)> = known.filter(|(_, p)| live(p)).collect();
        accounts.sort_by_key(|(_, p)| !uses_the_app(package, p));
        for (id, patient) in accounts {
            let why = if full(patient) {
                "Has full access already: nothing to edit. Check that the access is right."
            } else {
                "Has an account already: the 106 opens nothing by itself. Edit the account in EMIS."
            };
            add(id, patient, why);
        }
    }
    let taken: std::collections::HashSet<PatientId> = additions.iter().copied().collect();
    for (id, patient) in package.cohort.iter() {
        if patient.is_blocked() && !taken.contains(&id) && live(patient) && full(patient) {
            let is_kept = package.review.and_then(|r| r.of(id)).is_some_and(|d| d.choice == Choice::Keep104);
            let why = if is_kept {
                "Open nothing: “Keep 104” was decided, yet the account has full access. Decide whether that must be taken away."
            } else {
                "Open nothing: blocked by a 104, yet has full access, which the code did not take away. Decide whether the access is right."
            };
            add(id, patient, why);
        }
    }
    list
}

fn grant_cohort(package: Package<'_>, who: &mut Who<'_>, additions: &[PatientId]) -> List {
    let mut list = List::new(Output::GrantCohort, package, &["Online account", "Access level", "Blockers"]);
    for id in additions {
        let Some(patient) = package.cohort.patient(*id) else { continue };
        let mut row = who.cells(patient);
        row.extend(account(package, patient));
        row.push(marks(package, *id));
        list.rows.push(row);
    }
    list
}

fn turning_16(package: Package<'_>, who: &mut Who<'_>) -> List {
    let mut list = List::new(
        Output::Turning16,
        package,
        &["16 on", "Codes on file", "Blockers", "What to do", "Done on", "Done by"],
    );
    let to_do = match package.cohort.system {
        System::Emis => "Look before that day: EMIS opens the record then, if there is an account",
        System::SystmOne => "Nothing opens by itself: grant access, if that is right",
    };
    let to_decide = "A 104 blocks them: decide about it before anything is opened";
    for (id, day) in &package.findings.turning_16 {
        let Some(patient) = package.cohort.patient(*id) else { continue };
        let mut codes: Vec<&str> =
            package.cohort.events_of(patient).iter().filter_map(|e| e.code).map(AccessCode::short).collect();
        codes.dedup();
        let mut row = who.cells(patient);
        row.extend([
            day.table(),
            codes.join(", "),
            marks(package, *id),
            if codes.last() == Some(&AccessCode::Review104.short()) { to_decide } else { to_do }.to_owned(),
            String::new(),
            String::new(),
        ]);
        list.rows.push(row);
    }
    list
}

fn spot_checks(package: Package<'_>, who: &mut Who<'_>, review: &Review) -> List {
    let mut list = List::new(
        Output::SpotChecks,
        package,
        &["Spot check", "List", "Place in the sample", "Answer", "Answered by", "Answered on"],
    );
    for (check, number) in review.checks().iter().zip(1..) {
        for (sampled, place) in check.sample.iter().zip(1..) {
            let mut row = who.cells_or_number(sampled.patient, || sampled.nhs.digits());
            let answer = sampled.answer.as_ref();
            row.extend([
                number.to_string(),
                check.title.clone(),
                place.to_string(),
                answer.map_or("", |a| a.verdict.label()).to_owned(),
                answer.map_or_else(String::new, |a| a.by.name.clone()),
                answer.map_or_else(String::new, |a| Day::from(a.at.date()).table()),
            ]);
            list.rows.push(row);
        }
    }
    list
}

fn check_result(package: Package<'_>, who: &mut Who<'_>) -> List {
    let mut list = List::new(
        Output::CheckResult,
        package,
        &["Result", "What to do", "Decision", "Decided by", "Decided on", "Status now", "Code date now"],
    );
    // Those who are blocked as they should be need no line, unless somebody decided so.
    let landings = package.changes().into_iter().flat_map(|changes| &changes.each);
    for landing in landings {
        let patient = landing.patient.and_then(|id| package.cohort.patient(id));
        let mut row = who.cells_or_number(landing.patient, || landing.person.0.clone());
        let decision = landing.decision.as_ref();
        let to_do = if landing.change == Change::Landed && package.cohort.system == System::SystmOne {
            "Decided “Add 106”, and the 106 is there. Grant the access."
        } else {
            landing.change.meaning()
        };
        row.extend([
            landing.change.label().to_owned(),
            to_do.to_owned(),
            decision.map_or("", |d| d.choice.label()).to_owned(),
            decision.map_or_else(String::new, |d| d.by.name.clone()),
            decision.map_or_else(String::new, |d| Day::from(d.at.date()).table()),
            patient.map_or("", |p| p.status.label()).to_owned(),
            patient.and_then(|p| package.shown_event(p)?.day).map_or_else(String::new, Day::table),
        ]);
        list.rows.push(row);
    }
    list
}
