//! One patient explained: status, finding, and why.

use super::{Behind, Evidence, Findings, Kind, Likelihood, Side};
use crate::cohort::{Cohort, EventState, Patient, PatientId};
use crate::domain::wording::{capital, count, figure};

/// What can be said of a patient, in sentences.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Explanation {
    /// "Blocked: the latest code is a 104."
    pub status: String,
    /// One line an entry, in the order of time.
    pub entries: Vec<String>,
    /// Why the entry looks as it does, for bulk and against it.
    pub finding: Vec<Evidence>,
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
    sentences.extend(finding(cohort, findings, id).into_iter().map(|evidence| evidence.text));
    sentences.join(" ")
}

/// "Blocked: the latest code is a 104."
fn standing(patient: &Patient) -> String {
    format!("{}: {}.", capital(patient.status.label()), patient.reason.sentence())
}

/// Why the active 104 looks as it does, each with its figure.
fn finding(cohort: &Cohort, findings: &Findings, id: PatientId) -> Vec<Evidence> {
    let assessment = findings.of(id);
    let Some(likelihood) = assessment.likelihood else { return Vec::new() };
    let event = cohort.patient(id).and_then(|p| cohort.event(p.active_104));
    let group = assessment.group.and_then(|g| findings.group(g));
    let by = if cohort.some_show.users { " by this user" } else { "" };
    let mut out = Vec::new();
    let mut add = |side, text: String, behind| out.push(Evidence { side, weight: 0, text, behind, more: Vec::new() });
    match (likelihood, group.map(|g| g.kind)) {
        (Likelihood::Inherited, _) => {
            let came = "It came with the patient’s record: dated before they registered here, or entered at another practice. Nobody here decided it.";
            let others = group.map_or(0, |g| g.entries.saturating_sub(1));
            let text = if others > 0 {
                format!("{came} One of {} such codes here.", figure(others + 1))
            } else {
                came.to_owned()
            };
            add(Side::For, text, group.map(|_| Behind::Entries));
        }
        (_, Some(Kind::BackDated)) => {
            let others = count(group.map_or(0, |g| g.entries.saturating_sub(1)), "other");
            let text = format!("Dated with the day of registration, as {others}{by}.");
            add(Side::For, text, None);
        }
        (_, Some(Kind::TopUp)) => {
            let others = count(group.map_or(0, |g| g.entries.saturating_sub(1)), "other");
            let text = format!("Coded soon after registering, like {others}: new patients here, again and again.");
            add(Side::For, text, Some(Behind::Entries));
        }
        _ => {
            let that_day = assessment.same_day;
            let behind = event.zip(assessment.worked_on).map(|(e, day)| Behind::DayOf(day, e.user));
            if that_day > 1 {
                let side = if likelihood.is_bulk() { Side::For } else { Side::Note };
                add(side, format!("One of {} that day{by}.", figure(that_day as usize)), behind);
            } else {
                add(Side::Against, format!("The only one that day{by}."), behind);
            }
        }
    }
    if assessment.looked_at_before {
        let text = "Another 104 that nobody cancelled came from another practice, or looks as if somebody had decided it for this patient.";
        add(Side::Against, text.to_owned(), None);
    }
    if assessment.again {
        add(Side::Against, "Set again after a 106: somebody looked at this patient.".to_owned(), None);
    }
    if assessment.own_text {
        let who = if likelihood == Likelihood::Inherited { "somebody elsewhere" } else { "somebody" };
        let is_its_own = event.is_some_and(|e| e.text.is_some());
        let which = if is_its_own { "It carries" } else { "Another 104 that nobody cancelled carries" };
        add(Side::Against, format!("{which} a note of its own: {who} looked at this patient."), None);
    } else if likelihood != Likelihood::Inherited {
        let shared = group.and_then(|g| g.evidence.iter().find(|e| e.behind == Some(Behind::SharedText)));
        match (event.is_some_and(|e| e.text.is_some()), shared) {
            (true, Some(shared)) => add(Side::For, shared.text.clone(), shared.behind),
            (true, None) => add(
                Side::Note,
                format!("Its note stands on {} or more patients.", figure(findings.thresholds.shared_text as usize)),
                None,
            ),
            (false, _) if event.is_some_and(|e| cohort.shown(e).texts) => add(Side::Note, "No note.".to_owned(), None),
            (false, _) => add(Side::Note, "The export shows no notes.".to_owned(), None),
        }
    }
    if assessment.clinician {
        add(Side::Against, "Entered by a clinician.".to_owned(), None);
    }
    out
}
