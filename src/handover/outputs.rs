//! What is in the files, put together.

use std::io::{self, Write};

use rustc_hash::FxHashMap;

use super::corrected::{Correction, NewCode};
use super::summary::{Summary, summary};
use super::table::Table;
use super::{Output, Package, audit, instructions, lists, patients, report, workbook, worklists};
use crate::cohort::{CodeEvent, Patient, PatientId};
use crate::domain::wording::per_cent;
use crate::domain::{NhsNumber, Status};
use crate::extract::{Extract, PatientRole, Purpose, Word};
use crate::findings::Side;
use crate::review::{ReviewFile, SourceStamp};
use crate::sharing;

/// What is in a file.
pub enum Content<'a> {
    /// These bytes.
    Bytes(Vec<u8>),
    /// The corrected copy, written as it goes.
    Corrected(Correction<'a>),
    /// Everybody, written as it goes.
    Patients(Box<Package<'a>>),
    /// The review itself, gathered when it is written: it is large.
    Review(Box<Package<'a>>),
    /// The figures.
    Summary(Box<Summary<'a>>),
    /// It could not be composed, and why: then nothing is saved.
    NotComposed(String),
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
            Content::Review(package) => match saved_review(**package) {
                Some(review) => Ok(serde_json::to_writer(out, &review)?),
                None => Ok(()),
            },
            Content::Summary(summary) => Ok(serde_json::to_writer_pretty(out, summary)?),
            Content::NotComposed(why) => Err(io::Error::other(why.clone())),
        }
    }
}

/// Composes some of the files; the lists for the bulk step are made already.
type Compose = for<'a> fn(Package<'a>, &[NamedList]) -> Vec<OutFile<'a>>;

/// A list for the bulk step: its name and bytes.
type NamedList = (String, Vec<u8>);

/// All files: the figures, and with decisions also the lists and the report.
#[must_use]
pub fn outputs(package: Package<'_>) -> Vec<OutFile<'_>> {
    // Each part is composed by itself, in the order in which they are told; the largest, which
    // is written as it goes, comes first.
    let mut parts: Vec<Compose> = vec![|package, _| {
        vec![OutFile { name: "patients.csv".to_owned(), content: Content::Patients(Box::new(package)) }]
    }];
    parts.push(|package, _| vec![bytes("groups.csv", groups(package)), bytes("problems.csv", problems(package))]);
    if package.review.is_some() {
        let of_review: [Compose; 5] = [
            |_, lists| lists.iter().map(|(name, list)| bytes(name, list.clone())).collect(),
            |package, _| corrections(package),
            |package, _| for_people(package),
            for_the_record,
            |package, _| {
                let name = Output::Review.file_name(package.cohort.system).to_owned();
                vec![OutFile { name, content: Content::Review(Box::new(package)) }]
            },
        ];
        parts.extend(of_review);
    }
    if !package.cohort.practices.is_empty() {
        parts.push(|package, _| vec![bytes("practices.csv", practices(package))]);
    }
    parts.push(|package, _| {
        let content = Content::Summary(Box::new(summary(package)));
        vec![OutFile { name: "summary.json".to_owned(), content }]
    });
    let lists = if package.review.is_some() { add_106_lists(package) } else { Vec::new() };
    let mut files: Vec<OutFile<'_>> =
        sharing::map("composing", parts, |part| part(package, &lists)).into_iter().flatten().collect();
    let names: Vec<String> = files.iter().map(|file| file.name.clone()).collect();
    for file in &mut files {
        if let Content::Summary(summary) = &mut file.content {
            summary.outputs.clone_from(&names);
        }
    }
    files
}

/// What could be composed, or why not.
fn composed<E: std::fmt::Display>(name: &str, bytes: Result<Vec<u8>, E>) -> OutFile<'static> {
    let content = bytes.map_or_else(|why| Content::NotComposed(why.to_string()), Content::Bytes);
    OutFile { name: name.to_owned(), content }
}

fn bytes(name: &str, bytes: Vec<u8>) -> OutFile<'static> {
    OutFile { name: name.to_owned(), content: Content::Bytes(bytes) }
}

/// The lists for the bulk step.
fn add_106_lists(package: Package<'_>) -> Vec<NamedList> {
    let lists = package.lists().into_iter().flat_map(|(practice, patients)| {
        let patients = patients.iter().filter_map(|id| package.cohort.patient(*id));
        let numbers: Vec<(NhsNumber, &str)> =
            patients.filter_map(|p| Some((p.usable_number()?, package.system_number(p)))).collect();
        lists::add_106(package.cohort.system, practice.as_deref(), &numbers, package.options)
    });
    lists.collect()
}

/// Lists that people work through.
fn for_people(package: Package<'_>) -> Vec<OutFile<'_>> {
    let Some(review) = package.review else { return Vec::new() };
    let system = package.cohort.system;
    let worklists = worklists::all(package, review, &package.additions.patients);
    let lists = worklists.iter().map(|list| bytes(list.output.file_name(system), list.csv(system)));
    lists.chain([composed("worklists.xlsx", workbook::xlsx(package, &worklists))]).collect()
}

/// What tells of the work.
fn for_the_record<'a>(package: Package<'a>, lists: &[NamedList]) -> Vec<OutFile<'a>> {
    let (audit, last_hash) = audit::json(package, lists);
    vec![
        bytes("what-to-do-next.html", instructions::html(package).into_bytes()),
        bytes("report.html", report::html(package, &last_hash).into_bytes()),
        composed("audit.json", audit),
    ]
}

/// The review itself: what is opened on the export of the day of coding.
fn saved_review(package: Package<'_>) -> Option<ReviewFile> {
    let sources = SourceStamp::of(package.files);
    Some(ReviewFile::new(package.cohort, package.findings, package.review?, sources, package.now))
}

fn corrections(package: Package<'_>) -> Vec<OutFile<'_>> {
    let Some(review) = package.review else { return Vec::new() };
    let additions = &package.additions.patients;
    let mut out: Vec<OutFile<'_>> = Vec::new();
    let exports = || (0_u16..).zip(package.files).filter(|(_, f)| f.purpose == Purpose::Export);
    for (file, extract) in exports() {
        if !extract.source.is_faithful() {
            continue;
        }
        let date = extract.date_form.write(package.dated);
        let new: Vec<NewCode<'_>> =
            additions.iter().map(|patient| NewCode { patient: *patient, date: &date }).collect();
        let correction = Correction::new(file, extract, package.cohort, review, &new);
        let own = correction.name();
        let numbered = (file + 1..).map(|number| own.replace("-corrected.csv", &format!("-{number}-corrected.csv")));
        // Windows makes no difference between capitals and small letters.
        let is_free = |name: &String| !out.iter().any(|o| o.name.to_lowercase() == name.to_lowercase());
        let name = std::iter::once(own.clone()).chain(numbered).find(is_free).unwrap_or(own);
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

    /// Whom the lists for the bulk step name: all in one, or each practice's own under the
    /// name that its files have. A practice without any has no list.
    pub(super) fn lists(&self) -> Vec<(Option<String>, Vec<PatientId>)> {
        let all = self.additions.patients.as_slice();
        let practices = &self.cohort.practices;
        if practices.is_empty() || all.is_empty() {
            return vec![(None, all.to_vec())];
        }
        let mut own: FxHashMap<Word, Vec<PatientId>> = FxHashMap::default();
        for id in all {
            let practice = self.cohort.patient(*id).map_or(Word::NONE, |p| p.practice);
            own.entry(practice).or_default().push(*id);
        }
        let names = lists::practice_names(practices.iter().map(|p| p.name.as_str()));
        let mut lists: Vec<(Option<String>, Vec<PatientId>)> =
            practices.iter().zip(names).filter_map(|(p, name)| Some((Some(name), own.remove(&p.word)?))).collect();
        // Nobody is lost whose practice is not known.
        lists.extend(own.into_values().map(|ids| (Some("unknown-practice".to_owned()), ids)));
        lists
    }

    /// The name of a patient's practice, where there are several.
    pub(super) fn practice(&self, patient: &Patient) -> Option<&'a str> {
        (!self.cohort.practices.is_empty()).then(|| self.cohort.word(patient.practice))
    }

    /// The clinical system's own number of the patient.
    pub(super) fn system_number(&self, patient: &Patient) -> &'a str {
        self.file(patient).map_or("", |f| f.systems.get(patient.person as usize))
    }

    /// The entry that a list shows: the one that decides, else the active 104.
    pub(super) fn shown_event(&self, patient: &Patient) -> Option<&'a CodeEvent> {
        self.cohort.event(patient.deciding).or_else(|| self.cohort.event(patient.active_104))
    }
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

/// The captions of the list of problems.
pub(super) const PROBLEMS: [&str; 5] = ["File", "Row", "Column", "Problem", "What was done"];

fn problems(package: Package<'_>) -> Vec<u8> {
    let mut table = Table::new(&PROBLEMS);
    for row in problem_rows(package) {
        table.row(&row);
    }
    table.finish()
}

/// What could not be understood, was repaired, or held back.
pub(super) fn problem_rows(package: Package<'_>) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let said = |cells: [&str; 5]| cells.map(str::to_owned).to_vec();
    for (file, problem) in &package.cohort.problems {
        let extract = package.files.get(usize::from(*file));
        rows.push(vec![
            extract.map_or("", |f| f.source.name()).to_owned(),
            problem.row.map_or_else(String::new, |r| r.to_string()),
            problem.column.zip(extract).map_or_else(String::new, |(c, f)| f.columns.name(c).to_owned()),
            problem.kind.what().to_owned(),
            problem.kind.done().to_owned(),
        ]);
    }
    for extract in package.files.iter().filter(|f| f.purpose == Purpose::Export && !f.source.is_faithful()) {
        let name = extract.source.name();
        rows.push(said([
            name,
            "",
            "",
            "The file holds damaged characters that cannot be copied exactly",
            "No corrected copy was made of it",
        ]));
    }
    if let Some((name, refused)) = package.refused {
        for refusal in refused {
            let row = refusal.row.to_string();
            // A saved review has no rows that anybody could look up.
            let place = refusal.patient.and_then(|id| package.cohort.patient(id)).map(|p| p.place);
            let file = place.and_then(|place| package.files.get(usize::from(place.file)));
            let whose = match place.zip(file) {
                Some((place, file)) => format!(" The patient is in row {} of {}.", place.row + 1, file.source.name()),
                None => String::new(),
            };
            rows.push(said([name, &row, "Decision", "The decision was not taken", &format!("{}{whose}", refusal.why)]));
        }
    }
    for id in &package.additions.held_back {
        let Some(patient) = package.cohort.patient(*id) else { continue };
        let name = package.file(patient).map_or("", |f| f.source.name());
        let row = (patient.place.row + 1).to_string();
        rows.push(said([
            name,
            &row,
            "",
            "The latest code is of the day that the 106 would carry, or later",
            "Decided, but not in the list: give the 106 on a later day",
        ]));
    }
    rows
}
