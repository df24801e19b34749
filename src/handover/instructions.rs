//! What to do in the clinical system, step by step, each with where it comes from: on
//! screen, in the report, and to print.

use super::report::{page, text};
use super::{Output, Package};
use crate::cohort::PatientId;
use crate::domain::wording::count;
use crate::extract::System;

/// One thing to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// What.
    pub text: &'static str,
    /// Where that comes from.
    pub source: &'static str,
}

/// Steps that belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section {
    /// What they are for.
    pub title: &'static str,
    /// In order.
    pub steps: &'static [Step],
}

const fn step(text: &'static str, source: &'static str) -> Step {
    Step { text, source }
}

const CODES: &str = "NHS England Digital, “Using Enhanced Review (SNOMED) codes”";
const BULK: &str = "NHS England Digital, “Bulk applying SNOMED code 104”";
const BMA: &str = "BMA, “Accelerated access to GP-held patient records”";
const SWITCHES: &str = "NHS England Digital, “GP Online Services clinical system configuration”";
const SYSTMONE: &str = "NHS England Digital, “Enabling prospective record access in SystmOne”";
const MANUAL: &str = "NHS England Digital, “Prospective record access: manually enabling patient access”";
const ARDENS: &str = "Ardens, import of a list of NHS numbers into SystmOne";
const LISTS: &str = "The form in which working tools write lists of patients for EMIS Web";
const EXPORTS: &str = "Exports and search packs in use (Kent LMC and NHS SCW search pack)";
const OURS: &str = "A rule of this program’s own";

/// Steps that are the same in both systems.
const EXPORT_AGAIN: Step = step(
    "On the day on which you add the codes, export again first, open that export here, and open the saved review (review.json) on it: whoever was given a 104 or a 103 since is taken off the list. Use the list that is saved then. A list of decisions of your own says on which day each was decided: write that day into it (“Decided on”), and never a later one.",
    OURS,
);
const COMPARE: Step = step(
    "Compare the number of patients found with the number in the file, which is in the report. Whoever is missing has left, or has another number: look before you go on.",
    OURS,
);
const DATE_IT: Step =
    step("Date it today, and not back: the latest code counts, and a 106 of the day of a 104 is a conflict.", CODES);
const NO_104: Step =
    step("Add no 104 and no 103 in the same step; whoever is at risk keeps the 104 that is there.", BULK);

const STILL_BLOCKED: Step = step(
    "Whoever was decided “Keep 104” must still be blocked. If anybody is not, put that right before anything else.",
    OURS,
);
const LISTS_OF_WORK: Section = Section {
    title: "Working through the other lists",
    steps: &[
        step(
            "keep-104.csv: tell each patient that new entries are not shown to them online and that they can ask for access, and look again on the day in the list. Think first of who else may read a letter or a message at that address.",
            CODES,
        ),
        step(
            "ask-clinician.csv: write each answer into the list, then decide the patient here with that reason.",
            OURS,
        ),
        step("same-day-conflicts.csv: look up which code was meant, then decide the patient here.", OURS),
        step("turning-16.csv: look at each before the day in the list.", BMA),
    ],
};

const EMIS: [Section; 6] = [
    Section {
        title: "Making the export in EMIS Web",
        steps: &[
            step("Population Reporting: add a search for currently registered patients.", EXPORTS),
            step(
                "Add a list report with the patient details (EMIS Number, NHS Number, Full Name, Date of Birth, Date of Registration) and one group of clinical codes.",
                EXPORTS,
            ),
            step(
                "In that group: Code Term, SNOMED Code, Date, Date Added, Associated Text and Full Name, for the codes 103, 104 and 106, all of them, not the latest only.",
                EXPORTS,
            ),
            step(
                "Run it, export to CSV, and open that file here, without opening it in Excel first: Excel damages the codes.",
                OURS,
            ),
        ],
    },
    Section {
        title: "Making a patient list from the file",
        steps: &[
            EXPORT_AGAIN,
            step("Population Reporting: make a patient list from add-106-emis.txt.", LISTS),
            COMPARE,
        ],
    },
    Section {
        title: "Adding the 106 to the list",
        steps: &[
            step(
                "Batch-add “Enhanced review not indicated before granting access to own health record” (106, SNOMED CT 1364751000000106) to the list.",
                CODES,
            ),
            DATE_IT,
            NO_104,
        ],
    },
    LISTS_OF_WORK,
    Section {
        title: "Checking that it worked",
        steps: &[
            step("Run the same search again, export it, and choose “Check the result” here.", OURS),
            STILL_BLOCKED,
        ],
    },
    Section {
        title: "What the codes do not do",
        steps: &[
            step(
                "A 106 opens nothing for an account that exists: in access-by-hand.csv, edit each account of whom it says “Edit the account”, users of the NHS App first, then look at new accounts every week. Open nothing for the others in it.",
                BMA,
            ),
            step(
                "The codes are read when an NHS login account connects for the first time, and at the 16th birthday if there is an account.",
                BMA,
            ),
            step(
                "Central bulk enablement, once booked, is no longer offered by NHS England; the BMA says to ask the ICB and EMIS for a date.",
                BMA,
            ),
            step(
                "EMAS Manager: Patient Facing Services active, “Use detailed coded record settings”, every feature, free text from 01-Jan-1900.",
                SWITCHES,
            ),
            step(
                "A 104 takes away no access that a patient has, and patients see only what is entered after the day on which the practice went live.",
                CODES,
            ),
        ],
    },
];

const TPP: [Section; 6] = [
    Section {
        title: "Making the export in SystmOne",
        steps: &[
            step(
                "Reporting, Clinical Reporting: a report of registered patients with the codes 103, 104 or 106.",
                EXPORTS,
            ),
            step(
                "Breakdown Results: NHS number, First name, Surname, Date of birth, Date of registration, Event date, Event details, SNOMED code, Event done by.",
                EXPORTS,
            ),
            step("Table, then Open as CSV.", EXPORTS),
            step("Save the file and open it here, without changing it in Excel.", OURS),
        ],
    },
    Section {
        title: "Making a patient list from the file",
        steps: &[
            EXPORT_AGAIN,
            step("Reporting, Misc Reports, Adhoc Patient List, Import CSV: choose add-106-systmone.csv.", ARDENS),
            COMPARE,
        ],
    },
    Section {
        title: "Adding the 106 to the list",
        steps: &[
            step(
                "Select all, Actions, Add Read Code: “Enhanced review not indicated before granting access to own health record” (106, SNOMED CT 1364751000000106).",
                ARDENS,
            ),
            DATE_IT,
            NO_104,
        ],
    },
    LISTS_OF_WORK,
    Section {
        title: "Checking that it worked",
        steps: &[
            step("Run the same report again, open it as CSV, and choose “Check the result” here.", OURS),
            STILL_BLOCKED,
        ],
    },
    Section {
        title: "What the codes do not do",
        steps: &[
            step(
                "A 106 grants nothing by itself: grant access to the cohort (grant-cohort.csv) with the searches that TPP supplies.",
                MANUAL,
            ),
            step(
                "Setup, Users & Policy, Organisation Preferences, Online Services, Patient Record Access: “Enable full clinical record access”, and “By default give prospective access to the full clinical record”. Only with that default are the codes read when an account is made.",
                SYSTMONE,
            ),
            step("Nothing opens at the 16th birthday, as the BMA understands it: work through turning-16.csv.", BMA),
            step(
                "A 104 takes away no access that a patient has, and patients see only what is entered after the day on which the practice went live.",
                CODES,
            ),
        ],
    },
];

/// The steps in a clinical system. The first section is for making the export, the others
/// for what comes after the decisions.
#[must_use]
pub const fn steps(system: System) -> &'static [Section] {
    match system {
        System::Emis => &EMIS,
        System::SystmOne => &TPP,
    }
}

/// What comes after the decisions, as part of a page. The list for the bulk step is called
/// by the names of its files.
pub(super) fn sections(package: Package<'_>) -> String {
    let system = package.cohort.system;
    let (name, called) = (Output::Add106.file_name(system), list_files(package));
    let mut out = String::new();
    for section in steps(system).iter().skip(1) {
        out += &format!("<h3>{}</h3>\n<ol>", text(section.title));
        for step in section.steps {
            let said = step.text.replace(name, &called);
            out += &format!("<li>{} <span class=\"source\">{}</span></li>", text(&said), text(step.source));
        }
        out += "</ol>\n";
    }
    out
}

/// "add-106-emis.txt (2,441 patients)", or its numbered parts, or those of each practice.
pub(super) fn list_files(package: Package<'_>) -> String {
    let called = |(practice, patients): &(Option<String>, Vec<PatientId>)| {
        let lists = super::lists::names(package.cohort.system, practice.as_deref(), patients.len(), package.options);
        match &lists[..] {
            [(name, n)] => format!("{name} ({})", count(*n, "patient")),
            lists => {
                let (first, last) = (lists.first().map_or("", |l| &l.0), lists.last().map_or("", |l| &l.0));
                format!("{first} to {last}, one after the other ({} in all)", count(patients.len(), "patient"))
            }
        }
    };
    let lists = package.lists();
    let each: Vec<String> = lists.iter().map(called).collect();
    if lists.iter().all(|(practice, _)| practice.is_none()) {
        return each.join("; ");
    }
    format!("the list of that practice, in its own system: {}", each.join("; "))
}

/// A page to print.
pub(super) fn html(package: Package<'_>) -> String {
    let system = package.cohort.system;
    let body = format!(
        "<p class=\"lead\">{}: from the files of this review to open access. Steps for making the export are in the program, under Open. Each step says where it comes from; where your system’s supplier says otherwise, follow the supplier.</p>\n{}",
        system.label(),
        sections(package)
    );
    page("What to do next", &body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_says_where_it_comes_from_and_names_files_that_are_made() {
        for (system, other) in [(System::Emis, System::SystmOne), (System::SystmOne, System::Emis)] {
            assert_eq!(steps(system).len(), 6);
            for step in steps(system).iter().flat_map(|s| s.steps) {
                assert!(step.source.len() > 10 && step.text.ends_with(['.', ')']), "{}", step.text);
                let files =
                    step.text.split([' ', '(', ')', ',', ':']).filter(|w| w.contains("106-") || w.contains(".csv"));
                for file in files {
                    let file = file.trim_end_matches('.');
                    assert!(super::super::Output::ALL.iter().any(|o| o.file_name(system) == file), "{file}");
                    assert!(!file.contains(other.key()), "{file}");
                }
            }
        }
    }
}
