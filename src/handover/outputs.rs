//! Which files there are, what each does and does not do, and what is in them.

use std::io::{self, Write};

use super::corrected::{Correction, NewCode};
use super::table::Table;
use super::{Package, audit, lists, patients, report, summary};
use crate::cohort::{CodeEvent, Patient, PatientId, access_is_full, account_is_live};
use crate::domain::wording::per_cent;
use crate::domain::{AccessCode, Day, NhsNumber, Status};
use crate::extract::{Extract, PatientRole, Purpose, System};
use crate::findings::Side;
use crate::review::{Choice, blockers};

/// A file that may be saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Output {
    /// The list for the bulk step.
    Add106,
    /// The corrected copy of the export.
    Corrected,
    /// Patients whose 104 stays.
    Keep104,
    /// Patients for a clinician.
    AskClinician,
    /// 104 and 106 of one day.
    Conflicts,
    /// Accounts that no code opens.
    AccessByHand,
    /// 16 soon.
    Turning16,
    /// Everybody, with status, finding and decision.
    Patients,
    /// The groups.
    Groups,
    /// What could not be understood.
    Problems,
    /// The report.
    Report,
    /// The audit.
    Audit,
    /// Figures for programs.
    Summary,
}

impl Output {
    /// All of them, in the order in which a person needs them.
    pub const ALL: [Self; 13] = [
        Self::Add106,
        Self::Corrected,
        Self::Keep104,
        Self::AskClinician,
        Self::Conflicts,
        Self::AccessByHand,
        Self::Turning16,
        Self::Report,
        Self::Audit,
        Self::Patients,
        Self::Groups,
        Self::Problems,
        Self::Summary,
    ];

    /// The file's name for a system.
    #[must_use]
    pub const fn file_name(self, system: System) -> &'static str {
        match (self, system) {
            (Self::Add106, System::Emis) => "add-106-emis.txt",
            (Self::Add106, System::SystmOne) => "add-106-systmone.csv",
            (Self::Corrected, _) => "(export)-corrected.csv",
            (Self::Keep104, _) => "keep-104.csv",
            (Self::AskClinician, _) => "ask-clinician.csv",
            (Self::Conflicts, _) => "same-day-conflicts.csv",
            (Self::AccessByHand, _) => "access-by-hand.csv",
            (Self::Turning16, _) => "turning-16.csv",
            (Self::Patients, _) => "patients.csv",
            (Self::Groups, _) => "groups.csv",
            (Self::Problems, _) => "problems.csv",
            (Self::Report, _) => "report.html",
            (Self::Audit, _) => "audit.json",
            (Self::Summary, _) => "summary.json",
        }
    }

    /// One sentence on what it does.
    #[must_use]
    pub const fn does(self, system: System) -> &'static str {
        match (self, system) {
            (Self::Add106, System::Emis) => {
                "NHS numbers of patients decided “Add 106”, for making a patient list in EMIS Web and batch-adding the code."
            }
            (Self::Add106, System::SystmOne) => {
                "NHS numbers of patients decided “Add 106”, for an ad hoc patient list in SystmOne and adding the code to all."
            }
            (Self::Corrected, _) => {
                "Your export again, with a 106 row for each patient decided so and damaged codes put right: for your records and your ICB."
            }
            (Self::Keep104, _) => {
                "Patients whose 104 stays, with who decided and why. They must be told, and told that they can ask for access."
            }
            (Self::AskClinician, _) => "Patients for a clinician to look at before anything is decided.",
            (Self::Conflicts, _) => "Patients with a 104 and a 106 of the same day: somebody must say which is meant.",
            (Self::AccessByHand, System::Emis) => {
                "Patients decided “Add 106” who already have an online account: edit each account in EMIS, NHS App users first. Also blocked patients who already have full access."
            }
            (Self::AccessByHand, System::SystmOne) => {
                "Blocked patients who already have full access, and accounts that were made before the code, where your export shows accounts."
            }
            (Self::Turning16, _) => "Patients who become 16 soon: at 16 EMIS opens the record, SystmOne does not.",
            (Self::Patients, _) => "Everybody in the export with status, finding, blockers and decision.",
            (Self::Groups, _) => "The groups that look added in bulk, with their evidence.",
            (Self::Problems, _) => "What could not be read, was repaired, or was held back, with its row.",
            (Self::Report, _) => {
                "One printable page for partners, ICB and clinical safety officer. It names no patient."
            }
            (Self::Audit, _) => "Every decision in order: who, when, why, for whom.",
            (Self::Summary, _) => "The figures, for other programs.",
        }
    }

    /// One sentence on what it does not do.
    #[must_use]
    pub const fn does_not(self, system: System) -> &'static str {
        match (self, system) {
            (Self::Add106, System::Emis) => {
                "It changes nothing by itself, and a 106 opens nothing for somebody who already has an account."
            }
            (Self::Add106, System::SystmOne) => {
                "It changes nothing by itself; access is granted when the practice grants it to the cohort, or when an account is made."
            }
            (Self::Corrected, _) => "Neither system reads it back.",
            (Self::Keep104, _) => "It tells nobody, and takes away no access that a patient already has.",
            (Self::AskClinician, _) => "It sends nothing to anybody.",
            (Self::Conflicts, _) => "They count as blocked until then.",
            (Self::AccessByHand, _) => {
                "It holds only accounts that your export shows; an export without account columns gives an empty list."
            }
            (Self::Turning16, _) => "They are in no other list.",
            (Self::Patients | Self::Groups, _) => {
                "“Likely” is evidence, not a decision; a missing marker never means no risk."
            }
            (Self::Problems, _) => "It does not quote what stood in the cell.",
            (Self::Report, _) => "It replaces no check of a record.",
            (Self::Audit, _) => "It holds NHS numbers: keep it where you keep patient data.",
            (Self::Summary, _) => "It names no patient.",
        }
    }

    /// Whether it needs decisions.
    #[must_use]
    pub const fn needs_decisions(self) -> bool {
        !matches!(self, Self::Patients | Self::Groups | Self::Problems | Self::Summary)
    }
}

/// What is in a file.
pub enum Content<'a> {
    /// These bytes.
    Bytes(Vec<u8>),
    /// The corrected copy, written as it goes.
    Corrected(Correction<'a>),
    /// Everybody, written as it goes.
    Patients(Box<Package<'a>>),
}

/// A file to be saved.
pub struct OutFile<'a> {
    /// Its name.
    pub name: String,
    /// What is in it.
    pub content: Content<'a>,
}

impl OutFile<'_> {
    /// Writes it.
    ///
    /// # Errors
    /// Where writing fails.
    pub fn write_to(&self, out: &mut dyn Write) -> io::Result<()> {
        match &self.content {
            Content::Bytes(bytes) => out.write_all(bytes),
            Content::Corrected(correction) => correction.write_to(out),
            Content::Patients(package) => patients::write(package, out),
        }
    }
}

/// All files: the figures, and with decisions also the lists and the report.
#[must_use]
pub fn outputs(package: Package<'_>) -> Vec<OutFile<'_>> {
    let bytes = |name: &str, bytes: Vec<u8>| OutFile { name: name.to_owned(), content: Content::Bytes(bytes) };
    let system = package.cohort.system;
    let mut out = vec![
        OutFile { name: "patients.csv".to_owned(), content: Content::Patients(Box::new(package)) },
        bytes("groups.csv", groups(package)),
        bytes("problems.csv", problems(package)),
    ];
    if package.review.is_some() {
        let additions = package.additions();
        let numbers: Vec<NhsNumber> =
            additions.patients.iter().filter_map(|id| package.cohort.patient(*id)?.usable_number()).collect();
        let (name, list) = lists::add_106(system, &numbers);
        out.push(bytes(name, list));
        out.extend(corrections(package, &additions.patients));
        out.push(bytes("keep-104.csv", decided(package, Choice::Keep104)));
        out.push(bytes("ask-clinician.csv", decided(package, Choice::AskClinician)));
        out.push(bytes("same-day-conflicts.csv", conflicts(package)));
        out.push(bytes("access-by-hand.csv", access_by_hand(package, &additions.patients)));
        out.push(bytes("turning-16.csv", turning_16(package)));
        out.push(bytes("report.html", report::html(package).into_bytes()));
        out.push(bytes("audit.json", audit::json(package)));
    }
    if !package.cohort.practices.is_empty() {
        out.push(bytes("practices.csv", practices(package)));
    }
    out.push(bytes("summary.json", summary::json(package)));
    out
}

fn corrections<'a>(package: Package<'a>, additions: &[PatientId]) -> Vec<OutFile<'a>> {
    let Some(review) = package.review else { return Vec::new() };
    let mut out: Vec<OutFile<'a>> = Vec::new();
    let exports = || (0_u16..).zip(package.files).filter(|(_, f)| f.purpose == Purpose::Export);
    for (file, extract) in exports() {
        if !extract.source.is_faithful() {
            continue;
        }
        let date = extract.date_form.write(package.dated);
        let new: Vec<NewCode<'_>> =
            additions.iter().map(|patient| NewCode { patient: *patient, date: &date }).collect();
        let correction = Correction::new(file, extract, package.cohort, review, &new);
        let mut name = correction.name();
        if out.iter().any(|o| o.name == name) {
            name = name.replace("-corrected.csv", &format!("-{}-corrected.csv", file + 1));
        }
        out.push(OutFile { name, content: Content::Corrected(correction) });
    }
    out
}

impl<'a> Package<'a> {
    fn file(&self, patient: &Patient) -> Option<&'a Extract> {
        self.files.get(usize::from(patient.place.file))
    }

    /// The number as ten digits; where it is not valid, the cell as it stands.
    pub(super) fn number(&self, patient: &Patient) -> String {
        match (patient.nhs, self.file(patient)) {
            (crate::domain::NhsReading::Valid(number), _) => number.digits(),
            (_, Some(file)) => file.patient_cell(patient.place.row, PatientRole::NhsNumber),
            (_, None) => String::new(),
        }
    }

    /// The clinical system's own number of the patient.
    pub(super) fn system_number(&self, patient: &Patient) -> &'a str {
        self.file(patient).map_or("", |f| f.systems.get(patient.person as usize))
    }

    fn name(&self, patient: &Patient) -> String {
        self.file(patient).map_or_else(String::new, |f| f.name(patient.place.row))
    }

    /// The entry that a list shows: the one that decides, else the active 104.
    pub(super) fn shown_event(&self, patient: &Patient) -> Option<&'a CodeEvent> {
        self.cohort.event(patient.deciding).or_else(|| self.cohort.event(patient.active_104))
    }

    /// The first cells of every worklist.
    fn who(&self, patient: &Patient) -> Vec<String> {
        vec![
            self.number(patient),
            self.system_number(patient).to_owned(),
            self.name(patient),
            patient.born.map_or_else(String::new, Day::table),
        ]
    }
}

const WHO: [&str; 4] = ["NHS number", "EMIS number", "Name", "Date of birth"];

fn worklist(further: &[&str]) -> Table {
    Table::new(&[&WHO, further].concat())
}

fn groups(package: Package<'_>) -> Vec<u8> {
    let several = !package.cohort.practices.is_empty();
    let mut header =
        vec!["Group", "Kind", "First date", "Last date", "Entered by", "Patients", "Likelihood", "Reasons"];
    header.extend(several.then_some("Practice"));
    let mut table = Table::new(&header);
    for group in &package.findings.groups {
        let sides = [Side::For, Side::Note, Side::Against];
        let reasons: Vec<&str> = sides.into_iter().flat_map(|side| group.sentences(side)).collect();
        let mut row = vec![
            group.id.label(),
            group.kind.label().to_owned(),
            group.first.table(),
            group.last.table(),
            group.users.join("; "),
            group.members.len().to_string(),
            group.likelihood.label().to_owned(),
            reasons.join(" "),
        ];
        row.extend(several.then(|| group.practice.clone().unwrap_or_default()));
        table.row(&row);
    }
    table.finish()
}

/// One row a practice, and the total.
fn practices(package: Package<'_>) -> Vec<u8> {
    let mut header = vec!["Practice", "Patients", "Eligible"];
    header.extend(Status::ALL.map(Status::label));
    header.push("Blocked of eligible");
    let mut table = Table::new(&header);
    let each = package.cohort.practices.iter().map(|p| (p.name.as_str(), p.counts));
    for (name, counts) in each.chain([("All", package.cohort.counts)]) {
        let mut row = vec![name.to_owned(), counts.patients.to_string(), counts.eligible.to_string()];
        row.extend(Status::ALL.map(|status| counts.get(status).to_string()));
        row.push(per_cent(counts.share_blocked()));
        table.row(&row);
    }
    table.finish()
}

fn problems(package: Package<'_>) -> Vec<u8> {
    let mut table = Table::new(&["File", "Row", "Column", "Problem", "What was done"]);
    for (file, problem) in &package.cohort.problems {
        let extract = package.files.get(usize::from(*file));
        table.row(&[
            extract.map_or("", |f| f.source.name()).to_owned(),
            problem.row.map_or_else(String::new, |r| r.to_string()),
            problem.column.zip(extract).map_or_else(String::new, |(c, f)| f.columns.name(c).to_owned()),
            problem.kind.what().to_owned(),
            problem.kind.done().to_owned(),
        ]);
    }
    for extract in package.files.iter().filter(|f| f.purpose == Purpose::Export && !f.source.is_faithful()) {
        let name = extract.source.name();
        table.row(&[
            name,
            "",
            "",
            "The file holds damaged characters that cannot be copied exactly",
            "No corrected copy was made of it",
        ]);
    }
    if let Some((name, refused)) = package.refused {
        for refusal in refused {
            let row = refusal.row.to_string();
            table.row(&[name, &row, "Decision", "The decision was not taken", &refusal.why]);
        }
    }
    for id in package.additions().held_back {
        let Some(patient) = package.cohort.patient(id) else { continue };
        let name = package.file(patient).map_or("", |f| f.source.name());
        let row = (patient.place.row + 1).to_string();
        table.row(&[
            name,
            &row,
            "",
            "The latest code is of the day that the 106 would carry, or later",
            "Decided, but not in the list: give the 106 on a later day",
        ]);
    }
    table.finish()
}

fn decided(package: Package<'_>, choice: Choice) -> Vec<u8> {
    let mut table = worklist(&[
        "Status",
        "Code date",
        "Entered by",
        "Blockers",
        "Decision",
        "Decided by",
        "Decided on",
        "Decision reason",
    ]);
    for (id, decision) in package.review.iter().flat_map(|r| r.iter()).filter(|(_, d)| d.choice == choice) {
        let Some(patient) = package.cohort.patient(id).filter(|p| p.is_eligible()) else { continue };
        let event = package.cohort.event(patient.active_104).or_else(|| package.shown_event(patient));
        let mut row = package.who(patient);
        row.extend([
            patient.status.label().to_owned(),
            event.and_then(|e| e.day).map_or_else(String::new, Day::table),
            event.map_or_else(String::new, |e| package.cohort.word(e.user).to_owned()),
            blockers(package.cohort, package.findings, id).labels(),
            choice.label().to_owned(),
            decision.by.name.clone(),
            Day::from(decision.at.date()).table(),
            decision.reason.clone(),
        ]);
        table.row(&row);
    }
    table.finish()
}

fn conflicts(package: Package<'_>) -> Vec<u8> {
    let mut table = worklist(&[
        "Date of both codes",
        "104 entered by",
        "106 entered by",
        "Decision",
        "Decided by",
        "Decision reason",
    ]);
    for id in &package.findings.conflicts {
        let Some(patient) = package.cohort.patient(*id) else { continue };
        let day = package.shown_event(patient).and_then(|e| e.day);
        let by = |code| {
            let event = package.cohort.events_of(patient).iter().find(|e| e.day == day && e.code == Some(code));
            event.map_or_else(String::new, |e| package.cohort.word(e.user).to_owned())
        };
        let decision = package.review.and_then(|r| r.of(*id));
        let mut row = package.who(patient);
        row.extend([
            day.map_or_else(String::new, Day::table),
            by(AccessCode::Review104),
            by(AccessCode::NoReview106),
            decision.map_or("", |d| d.choice.label()).to_owned(),
            decision.map_or("", |d| &d.by.name).to_owned(),
            decision.map_or("", |d| &d.reason).to_owned(),
        ]);
        table.row(&row);
    }
    table.finish()
}

/// EMIS: a 106 opens nothing for an account that exists. Both: a 104 takes away
/// no access that a patient has.
fn access_by_hand(package: Package<'_>, additions: &[PatientId]) -> Vec<u8> {
    let mut table = worklist(&["Online account", "Access level", "Why"]);
    let live = |p: &Patient| account_is_live(package.cohort.word(p.account));
    let full = |p: &Patient| access_is_full(package.cohort.word(p.access));
    let mut add = |patient: &Patient, why: &str| {
        let mut row = package.who(patient);
        row.extend([
            package.cohort.word(patient.account).to_owned(),
            package.cohort.word(patient.access).to_owned(),
            why.to_owned(),
        ]);
        table.row(&row);
    };
    if package.cohort.system == System::Emis {
        for patient in additions.iter().filter_map(|id| package.cohort.patient(*id)).filter(|p| live(p)) {
            add(patient, "Has an account already: the 106 opens nothing by itself. Edit the account in EMIS.");
        }
    }
    let taken: std::collections::HashSet<PatientId> = additions.iter().copied().collect();
    for (id, patient) in package.cohort.iter() {
        let blocked = matches!(patient.status, Status::Blocked | Status::SameDayConflict);
        if blocked && !taken.contains(&id) && live(patient) && full(patient) {
            add(
                patient,
                "Blocked by a 104, yet has full access: the code took nothing away. Decide whether the access is right.",
            );
        }
    }
    table.finish()
}

fn turning_16(package: Package<'_>) -> Vec<u8> {
    let mut table = worklist(&["16 on", "Codes on file"]);
    for (id, day) in &package.findings.turning_16 {
        let Some(patient) = package.cohort.patient(*id) else { continue };
        let mut codes: Vec<&str> =
            package.cohort.events_of(patient).iter().filter_map(|e| e.code).map(AccessCode::short).collect();
        codes.dedup();
        let mut row = package.who(patient);
        row.extend([day.table(), codes.join(", ")]);
        table.row(&row);
    }
    table.finish()
}
