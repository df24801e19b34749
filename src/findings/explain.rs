//! One patient explained: status, finding, and why.

use super::{Findings, Kind, Likelihood};
use crate::cohort::{Cohort, EventState, Patient, PatientId};
use crate::domain::wording::{capital, figure};

/// What can be said of a patient, in sentences.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Explanation {
    /// "Blocked: the latest code is a 104."
    pub status: String,
    /// One line an entry, in the order of time.
    pub entries: Vec<String>,
    /// Why the entry looks as it does.
    pub finding: Vec<String>,
}

/// Explains a patient. Nothing in it says that anybody is safe.
#[must_use]
pub fn explain(cohort: &Cohort, findings: &Findings, id: PatientId) -> Explanation {
    let Some(patient) = cohort.patient(id) else { return Explanation::default() };
    let mut entries: Vec<_> = cohort.events_of(patient).iter().filter(|e| e.state != EventState::Repeated).collect();
    entries.sort_by_key(|e| (e.day, e.minute));
    let entries = entries
        .into_iter()
        .map(|e| {
            let code = e.code.map_or("Unclear code", crate::domain::AccessCode::short);
            let date = e.day.map_or_else(|| "without a date".to_owned(), |d| format!("dated {}", d.table()));
            let entered = e
                .entered
                .filter(|d| Some(*d) != e.day)
                .map_or_else(String::new, |d| format!(", entered {}", d.table()));
            let user = if e.user.is_some() { format!(", by {}", cohort.word(e.user)) } else { String::new() };
            let text =
                if e.text.is_some() { format!(": “{}”", cohort.word(e.text)) } else { ", no note".to_owned() };
            let state = match e.state {
                EventState::Future => " (in the future: not counted)",
                EventState::Undated => " (not counted)",
                EventState::Unclear(_) => " (not counted)",
                EventState::Counts | EventState::Repeated => "",
            };
            format!("{code} {date}{entered}{user}{text}{state}")
        })
        .collect();
    Explanation { status: standing(patient), entries, finding: finding(cohort, findings, id) }
}

/// The status and the finding in one line, for lists.
#[must_use]
pub fn in_a_line(cohort: &Cohort, findings: &Findings, id: PatientId) -> String {
    let Some(patient) = cohort.patient(id) else { return String::new() };
    let mut sentences = vec![standing(patient)];
    sentences.extend(finding(cohort, findings, id));
    sentences.join(" ")
}

/// "Blocked: the latest code is a 104."
fn standing(patient: &Patient) -> String {
    format!("{}: {}.", capital(patient.status.label()), patient.reason.sentence())
}

fn finding(cohort: &Cohort, findings: &Findings, id: PatientId) -> Vec<String> {
    let assessment = findings.of(id);
    let Some(likelihood) = assessment.likelihood else { return Vec::new() };
    let mut out = Vec::new();
    let day = cohort.patient(id).and_then(|p| cohort.event(p.active_104)).and_then(|e| e.entered.or(e.day));
    let of_group = assessment.group.and_then(|g| findings.group(g)).filter(|g| g.kind == Kind::OneDay);
    let that_day =
        of_group.and_then(|g| g.days.iter().find(|(d, _)| Some(*d) == day)).map_or(assessment.same_day, |(_, n)| *n);
    let others = if that_day > 1 {
        format!("One of {} that day by this user.", figure(that_day as usize))
    } else {
        "The only one that day by this user.".to_owned()
    };
    let group = assessment.group.and_then(|g| findings.group(g));
    match (likelihood, group.map(|g| g.kind)) {
        (Likelihood::Inherited, _) => out.push(
            "Dated before the patient registered here, or entered at another practice. Nobody here decided it."
                .to_owned(),
        ),
        (_, Some(Kind::TopUp)) => {
            out.push("Coded soon after registering, as new patients here were again and again.".to_owned());
        }
        _ => out.push(others),
    }
    if assessment.looked_at_before {
        out.push("Another 104 that nobody cancelled looks as if somebody had decided it for this patient.".to_owned());
    }
    if assessment.own_text {
        out.push("It carries a note of its own: somebody looked at this patient.".to_owned());
    } else if likelihood != Likelihood::Inherited {
        let text = cohort.patient(id).and_then(|p| cohort.event(p.active_104)).is_some_and(|e| e.text.is_some());
        out.push(if text { "The same note stands on many others.".to_owned() } else { "No note.".to_owned() });
    }
    out
}
