//! `patients.csv`: everybody, with status, finding, blockers and decision. A file may
//! hold millions of people, so rows are put together byte by byte, and what is the same
//! for many is worked out once.

use std::io::{self, Write};
use std::sync::Mutex;

use rustc_hash::FxHashMap;

use super::Package;
use super::table::{MARK, neutral, quoted};
use crate::cohort::{Patient, PatientId};
use crate::domain::{AccessCode, Day, NhsReading, Status, StatusReason};
use crate::findings::{Assessment, GroupId, Likelihood, in_a_line};
use crate::review::{Blockers, blockers};
use crate::sharing;

const HEADER: &str = "NHS number,EMIS number,Status,Code,Code date,Group,Likelihood,Reasons,Blockers,Decision,Decided by,Decided on,Decision reason";

/// People whose rows are put together at a time.
const AT_A_TIME: usize = 1 << 13;

/// Writes the file.
///
/// # Errors
/// Where writing fails.
pub fn write(package: &Package<'_>, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(MARK)?;
    out.write_all(HEADER.as_bytes())?;
    out.write_all(if package.cohort.practices.is_empty() { b"\r\n" } else { b",Practice\r\n" })?;
    let patients = &package.cohort.patients;
    let stretches: Vec<(usize, &[Patient])> =
        patients.chunks(AT_A_TIME).enumerate().map(|(n, people)| (n * AT_A_TIME, people)).collect();
    // Each job takes texts that no other has at the time.
    let texts: Vec<Mutex<Texts>> = (0..sharing::threads()).map(|_| Mutex::default()).collect();
    let compose = |(first, people)| {
        let mut free = texts.iter().find_map(|own| own.try_lock().ok());
        match &mut free {
            Some(own) => rows(package, first, people, own),
            None => rows(package, first, people, &mut Texts::default()),
        }
    };
    sharing::stream("composing", stretches, compose, |piece| out.write_all(&piece))
}

/// What many rows share.
#[derive(Default)]
struct Texts {
    reasons: FxHashMap<ReasonKey, String>,
    blockers: FxHashMap<Blockers, String>,
    days: FxHashMap<Day, String>,
    groups: Vec<String>,
}

/// All that the reasons of a patient depend on.
#[derive(PartialEq, Eq, Hash)]
struct ReasonKey {
    status: Status,
    reason: StatusReason,
    likelihood: Option<Likelihood>,
    group: Option<GroupId>,
    own_text: bool,
    looked_at_before: bool,
    same_day: u32,
    has_text: bool,
    again: bool,
    clinician: bool,
    notes_shown: bool,
}

fn rows(package: &Package<'_>, first: usize, people: &[Patient], texts: &mut Texts) -> Vec<u8> {
    let mut out = Vec::with_capacity(people.len() * 256);
    for (offset, patient) in people.iter().enumerate() {
        let id = PatientId(u32::try_from(first + offset).unwrap_or(u32::MAX));
        row(package, id, patient, texts, &mut out);
    }
    out
}

fn row(package: &Package<'_>, id: PatientId, patient: &Patient, texts: &mut Texts, out: &mut Vec<u8>) {
    let finding = package.findings.of(id);
    let event = package.shown_event(patient);
    match patient.nhs {
        NhsReading::Valid(number) => out.extend_from_slice(&number.digit_bytes()),
        _ => cell(out, &package.number(patient)),
    }
    out.push(b',');
    cell(out, package.system_number(patient));
    out.push(b',');
    out.extend_from_slice(patient.status.label().as_bytes());
    out.push(b',');
    out.extend_from_slice(event.and_then(|e| e.code).map_or("", AccessCode::short).as_bytes());
    out.push(b',');
    if let Some(day) = event.and_then(|e| e.day) {
        out.extend_from_slice(texts.days.entry(day).or_insert_with(|| day.table()).as_bytes());
    }
    out.push(b',');
    if let Some(group) = finding.group {
        let number = usize::from(group.0);
        while texts.groups.len() <= number {
            texts.groups.push(GroupId(u16::try_from(texts.groups.len()).unwrap_or(u16::MAX)).label());
        }
        out.extend_from_slice(texts.groups[number].as_bytes());
    }
    out.push(b',');
    out.extend_from_slice(finding.likelihood.map_or("", Likelihood::label).as_bytes());
    out.push(b',');
    let reasons = texts
        .reasons
        .entry(key(package, patient, finding))
        .or_insert_with(|| quoted(&in_a_line(package.cohort, package.findings, id)).into_owned());
    out.extend_from_slice(reasons.as_bytes());
    out.push(b',');
    let blockers = blockers(package.cohort, package.findings, id);
    if !blockers.is_empty() {
        let labels = texts.blockers.entry(blockers).or_insert_with(|| quoted(&blockers.labels()).into_owned());
        out.extend_from_slice(labels.as_bytes());
    }
    match package.review.and_then(|r| r.of(id)) {
        None => out.extend_from_slice(b",,,,"),
        Some(decision) => {
            for text in
                [decision.choice.label(), &decision.by.name, &Day::from(decision.at.date()).table(), &decision.reason]
            {
                out.push(b',');
                cell(out, text);
            }
        }
    }
    if let Some(practice) = package.practice(patient) {
        out.push(b',');
        cell(out, practice);
    }
    out.extend_from_slice(b"\r\n");
}

fn key(package: &Package<'_>, patient: &Patient, finding: Assessment) -> ReasonKey {
    let active = package.cohort.event(patient.active_104);
    ReasonKey {
        status: patient.status,
        reason: patient.reason,
        likelihood: finding.likelihood,
        group: finding.group,
        own_text: finding.own_text,
        looked_at_before: finding.looked_at_before,
        same_day: finding.same_day,
        again: finding.again,
        clinician: finding.clinician,
        has_text: active.is_some_and(|e| e.text.is_some()),
        notes_shown: active.is_some_and(|e| package.cohort.shown(e).texts),
    }
}

fn cell(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(quoted(&neutral(text)).as_bytes());
}
