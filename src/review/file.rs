//! Decisions in files: a saved review (JSON), or a list of decisions (CSV with
//! NHS number, Decision, Decided by, Reason).

use std::collections::{HashMap, HashSet};

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Choice, Decision, Made, Refusal, Review, Reviewer, check, plan_group};
use crate::cohort::{Cohort, PatientId};
use crate::domain::wording::plain;
use crate::domain::{NhsNumber, NhsReading};
use crate::findings::{Findings, Thresholds};

/// The version of the file's shape that this program writes.
const SCHEMA: u32 = 1;

/// A review as it is saved. It holds NHS numbers: it is kept where the practice
/// keeps patient data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewFile {
    /// Version of the shape.
    pub schema: u32,
    /// When it was saved.
    pub saved: NaiveDateTime,
    /// The exports it belongs to.
    pub sources: Vec<SourceStamp>,
    /// The thresholds in force.
    pub settings: Thresholds,
    /// The decisions in force.
    pub decisions: Vec<SavedDecision>,
}

/// Which file a review belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceStamp {
    /// Name without folder.
    pub name: String,
    /// BLAKE3 of its bytes, in hexadecimal.
    pub blake3: String,
}

/// One decision as it is saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedDecision {
    /// NHS number, ten digits; empty where the patient has no valid one.
    pub nhs_number: String,
    /// Row of the patient in the export, for those without a number.
    pub row: u32,
    /// BLAKE3 of that export.
    #[serde(default)]
    pub export: String,
    /// What.
    pub decision: Choice,
    /// Who.
    pub by: Reviewer,
    /// When.
    pub at: NaiveDateTime,
    /// Why.
    pub reason: String,
    /// Empty if one by one, else the group ("G1") or "list".
    #[serde(default)]
    pub made_with: String,
}

/// Why a file of decisions cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReviewFileError {
    /// Neither form.
    #[error(
        "The file of decisions cannot be read: {0}. Give a review saved by this program, or a CSV with the columns NHS number, Decision, Decided by and Reason."
    )]
    Unreadable(String),
    /// From a later version of the program.
    #[error(
        "The review was saved by a newer version of this program (version {0} of the file). Open it with that version."
    )]
    Newer(u32),
}

/// A decision that a file asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Row of the file, from 1.
    pub row: u32,
    /// Whose.
    pub nhs: NhsReading,
    /// For patients without a number: the export by its hash, and the row, from 0.
    pub export_row: Option<(String, u32)>,
    /// What; `None` if the word is none of the three.
    pub choice: Option<Choice>,
    /// Who.
    pub by: Reviewer,
    /// When; `None` for now.
    pub at: Option<NaiveDateTime>,
    /// Why.
    pub reason: String,
    /// One by one, or together with others.
    pub made: Made,
}

/// A decision that a file asks for and that was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedProposal {
    /// Row of the file, from 1.
    pub row: u32,
    /// What happened, what to do.
    pub why: String,
}

/// Reads a file of decisions in either form.
///
/// # Errors
/// Where it is neither.
pub fn read_decisions(bytes: &[u8]) -> Result<Vec<Proposal>, ReviewFileError> {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches('\u{feff}');
    if text.trim_start().starts_with('{') {
        let file = ReviewFile::from_json(text)?;
        let proposals = file.decisions.into_iter().zip(1..).map(|(d, row)| Proposal {
            row,
            nhs: NhsNumber::read(&d.nhs_number),
            export_row: d.nhs_number.is_empty().then_some((d.export, d.row)),
            choice: Some(d.decision),
            by: d.by,
            at: Some(d.at),
            reason: d.reason,
            made: Made::from_key(&d.made_with),
        });
        return Ok(proposals.collect());
    }
    read_csv(text)
}

fn read_csv(text: &str) -> Result<Vec<Proposal>, ReviewFileError> {
    let header_end = text.find(['\r', '\n']).unwrap_or(text.len());
    let delimiter =
        [b',', b';', b'\t'].into_iter().max_by_key(|d| text[..header_end].bytes().filter(|b| b == d).count());
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).delimiter(delimiter.unwrap_or(b',')).from_reader(text.as_bytes());
    let header: Vec<String> = reader.headers().map_err(|_| unreadable("it has no header"))?.iter().map(plain).collect();
    let find = |names: &[&str]| header.iter().position(|h| names.contains(&h.as_str()));
    let nhs = find(&["nhsnumber", "nhsno", "nhs"]).ok_or_else(|| unreadable("it has no column NHS number"))?;
    let choice = find(&["decision"]).ok_or_else(|| unreadable("it has no column Decision"))?;
    let by = find(&["decidedby", "reviewer"]).ok_or_else(|| unreadable("it has no column Decided by"))?;
    let reason = find(&["reason", "decisionreason"]);
    let role = find(&["role"]);
    let mut out = Vec::new();
    for (record, row) in reader.records().zip(2_u32..) {
        let record = record.map_err(|_| unreadable(&format!("row {row} is not CSV")))?;
        let cell = |column: Option<usize>| column.and_then(|c| record.get(c)).unwrap_or("").trim().to_owned();
        if record.iter().all(|c| c.trim().is_empty()) || cell(Some(choice)).is_empty() {
            continue;
        }
        out.push(Proposal {
            row,
            nhs: NhsNumber::read(&cell(Some(nhs))),
            export_row: None,
            choice: Choice::read(&cell(Some(choice))),
            by: Reviewer { name: cell(Some(by)), role: cell(role) },
            at: None,
            reason: cell(reason),
            made: Made::Alone,
        });
    }
    Ok(out)
}

fn unreadable(why: &str) -> ReviewFileError {
    ReviewFileError::Unreadable(why.to_owned())
}

/// Applies the decisions of a file: each is checked as if it were made in the
/// window. Returns those that were not taken.
///
/// `exports` are the hashes of the open files, in their order.
pub fn apply(
    exports: &[String],
    cohort: &Cohort,
    findings: &Findings,
    review: &mut Review,
    proposals: Vec<Proposal>,
    now: NaiveDateTime,
) -> Vec<RefusedProposal> {
    let by_number: HashMap<NhsNumber, PatientId> =
        cohort.iter().filter_map(|(id, p)| Some((p.usable_number()?, id))).collect();
    let mut taken: Vec<(PatientId, Decision)> = Vec::new();
    let twice = decided_twice(&by_number, &proposals);
    let mut refused = Vec::new();
    for proposal in proposals {
        let mut refuse = |why: String| refused.push(RefusedProposal { row: proposal.row, why });
        let Some(choice) = proposal.choice else {
            refuse("The decision is none of: Add 106, Keep 104, Ask a clinician. Write one of these.".to_owned());
            continue;
        };
        let id = match (proposal.nhs, &proposal.export_row) {
            (NhsReading::Valid(number), _) => by_number.get(&number).copied(),
            (_, Some((export, row))) => by_row(exports, cohort, export, *row),
            _ => None,
        };
        let Some(id) = id else {
            refuse(Refusal::Unknown.to_string());
            continue;
        };
        if let Err(refusal) = check(cohort, findings, id, choice, &proposal.by, &proposal.reason) {
            refuse(refusal.to_string());
            continue;
        }
        // A decision made with a group is held to the rules of a group.
        if proposal.made != Made::Alone && !plan_group(cohort, findings, review, &[id]).taken(choice).any(|t| t == id) {
            refuse("Was decided together with a group, and now needs a decision of its own.".to_owned());
            continue;
        }
        if twice.contains(&id) {
            refuse(
                "The patient is decided more than once in the file, and none of these was taken. Leave one.".to_owned(),
            );
            continue;
        }
        if proposal.at.is_some_and(|at| is_older_than_the_code(cohort, id, at)) {
            refuse(
                "The patient was given a code after this was decided. Look at the record, and decide again.".to_owned(),
            );
            continue;
        }
        // Under other thresholds the number may be another group's.
        let made = match proposal.made {
            Made::With(group) if findings.of(id).group != Some(group) => Made::Together,
            made => made,
        };
        let decision =
            Decision { choice, by: proposal.by, at: proposal.at.unwrap_or(now), reason: proposal.reason, made };
        taken.push((id, decision));
    }
    let by = taken.first().map(|(_, d)| d.by.clone()).unwrap_or_default();
    review.record_all(taken, &by, now);
    refused
}

/// Patients whom a file decides more than once: which is meant cannot be told.
fn decided_twice(by_number: &HashMap<NhsNumber, PatientId>, proposals: &[Proposal]) -> HashSet<PatientId> {
    let mut seen = HashSet::new();
    let of = |p: &Proposal| match p.nhs {
        NhsReading::Valid(number) => by_number.get(&number).copied(),
        _ => None,
    };
    proposals.iter().filter_map(of).filter(|id| !seen.insert(*id)).collect()
}

/// Somebody without a number of their own, in the very file the decision was made
/// on. Never somebody with one: a row is no way to name a person.
fn by_row(exports: &[String], cohort: &Cohort, export: &str, row: u32) -> Option<PatientId> {
    let file = exports.iter().position(|e| e == export).and_then(|f| u16::try_from(f).ok())?;
    let place = crate::cohort::Place { file, row };
    cohort.iter().find(|(_, p)| p.place == place && p.usable_number().is_none()).map(|(id, _)| id)
}

/// A code that came after a decision was not known to whoever decided.
fn is_older_than_the_code(cohort: &Cohort, id: PatientId, at: NaiveDateTime) -> bool {
    let decided = crate::domain::Day::from(at.date());
    cohort.patient(id).is_some_and(|patient| {
        cohort.events_of(patient).iter().filter_map(|e| e.day.max(e.entered)).any(|day| day > decided)
    })
}

impl ReviewFile {
    /// Gathers what is to be saved.
    #[must_use]
    pub fn new(
        cohort: &Cohort,
        findings: &Findings,
        review: &Review,
        sources: Vec<SourceStamp>,
        saved: NaiveDateTime,
    ) -> Self {
        let decisions = review
            .iter()
            .filter_map(|(id, d)| {
                let patient = cohort.patient(id)?;
                Some(SavedDecision {
                    nhs_number: patient.usable_number().map_or_else(String::new, NhsNumber::digits),
                    row: patient.place.row,
                    export: sources.get(usize::from(patient.place.file)).map_or_else(String::new, |s| s.blake3.clone()),
                    decision: d.choice,
                    by: d.by.clone(),
                    at: d.at,
                    reason: d.reason.clone(),
                    made_with: d.made.key(),
                })
            })
            .collect();
        Self { schema: SCHEMA, saved, sources, settings: findings.thresholds, decisions }
    }

    /// Reads a saved review.
    ///
    /// # Errors
    /// Where it is none, or from a newer version.
    pub fn from_json(text: &str) -> Result<Self, ReviewFileError> {
        #[derive(Deserialize)]
        struct Version {
            schema: u32,
        }
        let version: Version = serde_json::from_str(text).map_err(|_| unreadable("it is not a saved review"))?;
        if version.schema > SCHEMA {
            return Err(ReviewFileError::Newer(version.schema));
        }
        // The library's message may quote the text: only the place is told.
        serde_json::from_str(text).map_err(|e| unreadable(&format!("line {} is damaged", e.line())))
    }

    /// As it is written.
    ///
    /// # Errors
    /// Where a value cannot be written as JSON; no value of ours is such.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::case::{Case, Origin, Settings, open};
    use crate::domain::Day;
    use crate::extract::{Progress, System};

    fn case() -> Case {
        let today = Day::from_ymd(2026, 11, 20).expect("a day");
        let settings = Settings::on(today);
        open(&Origin::Sample(System::Emis), &settings, &Progress::default()).unwrap_or_else(|e| panic!("{e}"))
    }

    fn take(case: &Case, text: &str) -> (Review, Vec<RefusedProposal>) {
        let mut review = Review::new(case.cohort.patients.len());
        let now = case.cohort.today.date().and_hms_opt(9, 0, 0).expect("a time");
        let proposals = read_decisions(text.as_bytes()).unwrap_or_else(|e| panic!("{e}"));
        let exports: Vec<String> = case.stamps().into_iter().map(|s| s.blake3).collect();
        let refused = apply(&exports, &case.cohort, &case.findings, &mut review, proposals, now);
        (review, refused)
    }

    fn blocked_number(case: &Case) -> String {
        let group = &case.findings.groups[0];
        let clean = |id: &&PatientId| crate::review::blockers(&case.cohort, &case.findings, **id).is_empty();
        let id = group.members.iter().find(clean).expect("a member");
        case.cohort.patient(*id).and_then(crate::cohort::Patient::usable_number).expect("a number").digits()
    }

    #[test]
    fn two_decisions_for_one_patient_are_none() {
        let case = case();
        let n = blocked_number(&case);
        let (review, refused) = take(
            &case,
            &format!("NHS number,Decision,Decided by,Reason\n{n},Add 106,Pat,\n{n},Keep 104,Dr Lewis,at risk\n"),
        );
        assert_eq!(review.decided(), 0);
        assert_eq!(refused.len(), 2);
    }

    #[test]
    fn a_question_or_a_nameless_decision_is_not_taken() {
        let case = case();
        let n = blocked_number(&case);
        for line in [format!("{n},Add 106?,Pat,"), format!("{n},Add 106,,"), "9990000018,Add 106,Pat,".to_owned()] {
            let (review, refused) = take(&case, &format!("NHS number,Decision,Decided by,Reason\n{line}\n"));
            assert_eq!((review.decided(), refused.len()), (0, 1), "{line}");
        }
    }

    #[test]
    fn a_saved_review_comes_back_as_it_was_and_not_if_a_code_came_later() {
        let case = case();
        let n = blocked_number(&case);
        let (review, _) = take(&case, &format!("NHS number,Decision,Decided by,Reason\n{n},Add 106,Pat,\n"));
        let now = case.cohort.today.date().and_hms_opt(9, 0, 0).expect("a time");
        let saved = ReviewFile::new(&case.cohort, &case.findings, &review, case.stamps(), now);
        let (again, refused) = take(&case, &saved.to_json().expect("JSON"));
        assert!(refused.is_empty());
        assert!(again.iter().eq(review.iter()));
        let old = saved.to_json().expect("JSON").replace("\"at\": \"2026-11-20", "\"at\": \"2021-11-20");
        let (again, refused) = take(&case, &old);
        assert_eq!((again.decided(), refused.len()), (0, 1));
    }
}
