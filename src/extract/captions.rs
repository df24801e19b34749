//! Which caption means what: the spellings seen in exports of EMIS Web and
//! `SystmOne`, and in files that passed through a spreadsheet.

use super::roles::{EventRole, PatientRole};
use crate::domain::marker::markers_in_text;
use crate::domain::wording::plain;

/// What a caption says about its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caption {
    /// Something of the patient.
    Patient(PatientRole),
    /// Something of a coded entry.
    Event(EventRole),
    /// A name, of the patient or of a user: the place decides.
    Name,
    /// A practice, the patient's or the entry's: the place decides.
    Practice,
}

/// Whether a caption is of how a patient is reached: theirs, wherever it stands.
#[must_use]
pub fn is_contact(caption: &str) -> bool {
    let plain = plain(caption);
    let places = ["house", "flat", "street", "road", "town", "city", "village", "locality", "county"];
    ["telecom", "telephone", "phone", "mobile", "email", "address", "postcode"].iter().any(|word| plain.contains(word))
        || has_word(caption, &places)
}

/// Captions as they were before a program made each of them the only one of its name: Excel's
/// tables ("Date2"), Power Query ("Date.1"), pandas ("Date.1"), databases (`Date_1`).
#[must_use]
pub fn without_numbers(header: &[String]) -> Vec<String> {
    let bare = |(place, name): (usize, &String)| {
        let stem = name.trim_end().trim_end_matches(')').trim_end_matches(|c: char| c.is_ascii_digit());
        let stem = stem.trim_end_matches(['(', '.', '_', ' ', '-']);
        let says = read(name);
        let is_numbered = stem.len() < name.trim_end().len() && (says.is_none() || says == read(stem));
        // The first of a name keeps it: "Date 2" alone may be any date.
        let stands_before = || header[..place].iter().any(|other| plain(other) == plain(stem));
        // A number behind what is the patient's makes another thing of it.
        let of_event = matches!(read(stem), Some(Caption::Event(_) | Caption::Name | Caption::Practice));
        if is_numbered && of_event && stands_before() { stem.to_owned() } else { name.clone() }
    };
    header.iter().enumerate().map(bare).collect()
}

/// Whether a caption is none, or what a program put where there was none: "Column1",
/// "Unnamed: 5", "Field3".
#[must_use]
pub fn is_placeholder(caption: &str) -> bool {
    let plain = plain(caption);
    let stem = plain.trim_end_matches(|c: char| c.is_ascii_digit());
    plain.is_empty() || (stem.len() < plain.len() && ["", "column", "unnamed", "field", "f"].contains(&stem))
}

fn has_word(caption: &str, list: &[&str]) -> bool {
    let lower = caption.to_lowercase();
    lower.split(|c: char| !c.is_alphanumeric()).any(|word| list.contains(&word))
}

/// Whether a caption is the very one that EMIS gives to the term of a code.
#[must_use]
pub fn is_code_term(caption: &str) -> bool {
    plain(caption) == "codeterm"
}

/// Whether a caption is of a column in which somebody counted the rows.
#[must_use]
pub fn counts_rows(caption: &str) -> bool {
    let caption = caption.trim();
    caption == "#"
        || ["no", "nr", "row", "rowno", "rownumber", "index", "line", "lineno", "sn"].contains(&plain(caption).as_str())
}

/// Whether a caption is of the search that made the file, or of whose it is: it says nothing of one
/// patient.
#[must_use]
pub fn is_of_the_search(caption: &str) -> bool {
    has_word(caption, &["search", "report", "query", "extract", "population", "organisation", "practice", "cohort"])
}

/// Whether words above a table say when the search was run.
#[must_use]
pub fn is_of_the_run(words: &str) -> bool {
    let words = words.to_lowercase();
    words.contains("last run")
        || words.contains("run date")
        || words.starts_with("run on")
        || words.contains("report run")
}

/// Whether a word above a table says that a practice's name follows.
#[must_use]
pub fn is_of_the_practice(word: &str) -> bool {
    matches!(plain(word).as_str(), "organisation" | "practice" | "organisationname" | "practicename")
}

/// Whether a caption is of telephone numbers: words in such a cell are a note.
#[must_use]
pub fn is_of_numbers_to_ring(caption: &str) -> bool {
    has_word(caption, &["phone", "telephone", "tel", "mobile", "telecom"])
}

/// Whether a caption is of names and places, in which a word of risk is part of a name.
#[must_use]
pub fn is_of_names(caption: &str) -> bool {
    const WHOLE: [&str; 9] = [
        "knownas",
        "alsoknownas",
        "carehome",
        "placeofbirth",
        "referredby",
        "registeredby",
        "lastseenby",
        "seenby",
        "allergies",
    ];
    let words = [
        "name",
        "names",
        "surname",
        "forename",
        "forenames",
        "gp",
        "gps",
        "doctor",
        "clinician",
        "nurse",
        "hcp",
        "carer",
        "carers",
        "kin",
        "contact",
        "pharmacy",
        "pharmacist",
        "school",
        "practice",
        "organisation",
        "surgery",
        "coordinator",
        "consultant",
        "district",
        "employer",
    ];
    is_contact(caption) || has_word(caption, &words) || WHOLE.contains(&plain(caption).as_str())
}

/// Whether a caption asks whether somebody is at risk, in the short way of a column that is ticked.
/// "QRISK", "Falls risk" and others of the kind are medical scores.
#[must_use]
pub fn is_of_risk(caption: &str) -> bool {
    const ASKED: [&str; 20] = [
        "risk",
        "atrisk",
        "riskflag",
        "riskregister",
        "atriskregister",
        "donotdisclose",
        "nondisclosure",
        "confidential",
        "confidentialrecord",
        "confidentialpatient",
        "sensitive",
        "sensitiverecord",
        "sensitivepatient",
        "ld",
        "smi",
        "da",
        "dv",
        "cp",
        "oncp",
        "householdoncp",
    ];
    ASKED.contains(&plain(caption).as_str())
}

/// Whether a caption speaks of what somebody wrote in words of their own, without being that of
/// the free text of a code.
#[must_use]
pub fn is_of_notes(caption: &str) -> bool {
    let has = |list: &[&str]| has_word(caption, list);
    has(&[
        "text",
        "note",
        "notes",
        "comment",
        "comments",
        "remark",
        "remarks",
        "reminder",
        "reminders",
        "alert",
        "alerts",
        "warning",
        "warnings",
        "narrative",
        "reason",
        "reasons",
        "annotation",
        "annotations",
    ]) && !has(&[
        "date",
        "by",
        "sms",
        "consent",
        "message",
        "messages",
        "preference",
        "code",
        "id",
        "number",
        "count",
        "type",
    ])
}

/// Whether a caption is one that exports of a clinical system use.
#[must_use]
pub fn is_caption(caption: &str) -> bool {
    read(caption).is_some()
}

/// Reads a caption; `None` if it is none that matters here.
#[must_use]
pub fn read(caption: &str) -> Option<Caption> {
    use Caption::{Event, Name, Patient, Practice};
    if caption.len() > 80 {
        return None;
    }
    Some(match plain(caption).as_str() {
        "nhsnumber"
        | "nhsno"
        | "nhsnum"
        | "nhs"
        | "patientnhsnumber"
        | "nhsnumberformatted"
        | "nhsnumberunformatted" => Patient(PatientRole::NhsNumber),
        "emisnumber" | "emisno" | "emisid" | "emispatientnumber" | "patientnumber" | "patientid" | "systmoneid" => {
            Patient(PatientRole::EmisNumber)
        }
        "patientname" | "patientfullname" | "patientsfullname" => Patient(PatientRole::FullName),
        "fullname" | "name" => Name,
        "familyname" | "surname" | "lastname" | "patientsurname" => Patient(PatientRole::FamilyName),
        "givenname" | "firstname" | "forename" | "forenames" | "patientforename" => Patient(PatientRole::GivenName),
        "dateofbirth" | "dob" | "birthdate" | "patientdateofbirth" | "patientdob" => Patient(PatientRole::BirthDate),
        "age" | "ageyears" | "ageinyears" | "patientage" => Patient(PatientRole::Age),
        "dateofregistration"
        | "registrationdate"
        | "dateregistered"
        | "registereddate"
        | "registered"
        | "gmsregistrationdate"
        | "currentregistrationdate" => Patient(PatientRole::Registered),
        "dateofderegistration"
        | "deregistrationdate"
        | "deducteddate"
        | "datededucted"
        | "deductiondate"
        | "dateleft"
        | "leftdate"
        | "lefton"
        | "dateleftpractice"
        | "leavingdate"
        | "dateofleaving"
        | "dateofleavingpractice"
        | "registrationend"
        | "registrationended"
        | "registrationenddate"
        | "registrationendedon"
        | "dateofdeduction" => Patient(PatientRole::Left),
        "dateofdeath" | "deathdate" | "deceaseddate" | "deceased" => Patient(PatientRole::Died),
        "registrationstatus" | "patientstatus" | "registrationtype" | "patienttype" | "typeofregistration" => {
            Patient(PatientRole::Registration)
        }
        "usualgp" | "usualgpsfullname" | "usualgpfullname" | "usualgpname" | "registeredgp" => {
            Patient(PatientRole::UsualGp)
        }
        "onlineaccountstatus"
        | "accountstatus"
        | "onlineservicesstatus"
        | "onlineservicesaccountstatus"
        | "patientfacingservicesstatus"
        | "onlineaccessstatus"
        | "onlineaccount"
        | "onlineuserstatus" => Patient(PatientRole::AccountStatus),
        "accesslevel"
        | "recordaccess"
        | "recordaccesslevel"
        | "onlinerecordaccess"
        | "medicalrecordaccess"
        | "detailedcodedrecord"
        | "detailedcodedrecordaccess" => Patient(PatientRole::AccessLevel),
        "patientcount" => Patient(PatientRole::PatientCount),
        "organisationname" | "organisation" | "practicename" | "practice" | "organisationcode" | "practicecode" => {
            Practice
        }
        "codeterm" | "term" | "readterm" | "snomedterm" | "snomedctterm" | "codedescription" | "codeddescription"
        | "rubric" | "eventdetails" | "description" | "preferredterm" | "codetext" | "clinicalterm" => {
            Event(EventRole::Term)
        }
        "snomedctconceptid" | "snomedconceptid" | "snomedcode" | "snomedctcode" | "snomedid" | "snomed"
        | "snomedct" | "conceptid" | "code" | "codeid" | "ctv3code" | "readcode" | "eventcode" | "clinicalcode" => {
            Event(EventRole::Id)
        }
        "date" | "eventdate" | "dateofevent" | "codedate" | "effectivedate" | "clinicaldate" | "consultationdate" => {
            Event(EventRole::Date)
        }
        "dateadded" | "dateentered" | "daterecorded" | "entrydate" | "dateofentry" | "dateeventrecorded"
        | "recordeddate" | "dateofrecording" | "auditdate" | "dateadd" => Event(EventRole::Entered),
        "associatedtext" | "freetext" | "notes" | "note" | "comment" | "comments" | "eventnotes" | "text"
        | "additionaltext" => Event(EventRole::Text),
        "userdetailsfullname"
        | "enteredby"
        | "eventdoneby"
        | "recordedby"
        | "addedby"
        | "user"
        | "username"
        | "doneby"
        | "staffname"
        | "userdetails"
        | "clinician"
        | "consulter" => Event(EventRole::User),
        "enteredat" | "eventdoneat" | "doneat" | "eventorganisation" | "recordedat" | "sourceorganisation" => {
            Event(EventRole::Organisation)
        }
        // Whatever else speaks of somebody's having left or died is not overlooked.
        // But for a column that speaks of a risk, which is no registration at a practice.
        _ if !markers_in_text(caption).is_empty() || is_of_risk(caption) => return None,
        other if other.contains("deceas") || other.contains("dateofdeath") => Patient(PatientRole::Died),
        other if other.contains("deduct") || other.contains("deregist") => Patient(PatientRole::Left),
        "registration" | "status" => Patient(PatientRole::Registration),
        other if other.contains("registrationst") || other.contains("registrationtype") => {
            Patient(PatientRole::Registration)
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_programs_put_behind_captions_are_passed_over() {
        let header = [
            "Full Name",
            "Code Term",
            "Date",
            "Associated Text",
            "Code Term2",
            "Date 3",
            "Associated Text.1",
            "Full Name_2",
            "NHS Number2",
            "S47",
            "User2",
        ];
        let bare = without_numbers(&header.map(str::to_owned));
        assert_eq!(
            bare[4..],
            ["Code Term", "Date", "Associated Text", "Full Name", "NHS Number2", "S47", "User2"],
            "the first of a name keeps it"
        );
        assert_eq!(without_numbers(&["Date 2".to_owned()]), ["Date 2"], "any date");
        assert!(["", "Column1", "Unnamed: 5", "7", "Field3"].iter().all(|name| is_placeholder(name)));
        assert!(!["Column", "Date2", "S47", "F"].iter().any(|name| is_placeholder(name)));
    }

    #[test]
    fn a_column_that_asks_of_risk_is_told_from_a_score() {
        assert!(
            ["At risk", "Risk flag", "Do not disclose", "D/A", "Household on CP"].iter().all(|name| is_of_risk(name))
        );
        assert!(!["QRISK", "Falls risk", "Date", "CP name", "Risk of stroke"].iter().any(|name| is_of_risk(name)));
    }

    #[test]
    fn columns_of_notes_are_known_by_a_word() {
        for name in ["Consultation notes", "Patient alerts", "Reminders", "Reason", "Associated Text (all)"] {
            assert!(is_of_notes(name) && !is_of_names(name), "{name}");
        }
        for name in ["Not eligible", "Text message consent", "Notes date", "Contextual", "Problems"] {
            assert!(!is_of_notes(name), "{name}");
        }
        for name in ["Named GP", "Previous surname", "Main carer", "House Name Flat Number", "Town"] {
            assert!(is_of_names(name), "{name}");
        }
    }
}
