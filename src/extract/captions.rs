//! Which caption means what: the spellings seen in exports of EMIS Web and
//! `SystmOne`, and in files that passed through a spreadsheet.

use super::roles::{EventRole, PatientRole};
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
    ["telecom", "telephone", "phone", "mobile", "email", "address", "postcode"].iter().any(|word| plain.contains(word))
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
        | "leavingdate"
        | "registrationenddate"
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
        other if other.contains("deceas") || other.contains("dateofdeath") => Patient(PatientRole::Died),
        other if other.contains("deduct") || other.contains("deregist") => Patient(PatientRole::Left),
        "registration" | "status" => Patient(PatientRole::Registration),
        other if other.contains("registrationst") || other.contains("registrationtype") => {
            Patient(PatientRole::Registration)
        }
        _ => return None,
    })
}
