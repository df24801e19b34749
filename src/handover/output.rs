//! Which files there are, and what each does and does not do.

use crate::extract::System;
use crate::review::Review;

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
    /// Whom to grant access to, in `SystmOne`.
    GrantCohort,
    /// 16 soon.
    Turning16,
    /// Samples with what was seen.
    SpotChecks,
    /// What became of everybody since the review was saved.
    CheckResult,
    /// All lists for people in one workbook.
    Workbook,
    /// What to do next, to print.
    Instructions,
    /// The review itself, to go on with.
    Review,
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
    pub const ALL: [Self; 19] = [
        Self::Add106,
        Self::Corrected,
        Self::Keep104,
        Self::AskClinician,
        Self::Conflicts,
        Self::AccessByHand,
        Self::GrantCohort,
        Self::Turning16,
        Self::SpotChecks,
        Self::CheckResult,
        Self::Workbook,
        Self::Instructions,
        Self::Review,
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
            (Self::GrantCohort, _) => "grant-cohort.csv",
            (Self::Turning16, _) => "turning-16.csv",
            (Self::SpotChecks, _) => "spot-checks.csv",
            (Self::CheckResult, _) => "check-result.csv",
            (Self::Workbook, _) => "worklists.xlsx",
            (Self::Instructions, _) => "what-to-do-next.html",
            (Self::Review, _) => "review.json",
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
                "Blocked patients who already have full access, where your export shows accounts."
            }
            (Self::GrantCohort, _) => {
                "Patients decided “Add 106”, for granting them access as a cohort once the code is added, with the account that your export shows."
            }
            (Self::SpotChecks, _) => "The samples of your spot checks, with what was seen in each record and by whom.",
            (Self::CheckResult, _) => {
                "What became of each patient since the review was saved: whose 106 landed, whose is missing, who was coded though nobody had decided so, who lost a block."
            }
            (Self::Workbook, _) => "All these lists in one workbook, every cell as text, so that no number is damaged.",
            (Self::Instructions, _) => {
                "The next steps in your clinical system, to print: each with where it comes from."
            }
            (Self::Review, _) => {
                "The review itself, as “Save review” writes it: open it here to go on, or on the export that you make on the day of coding."
            }
            (Self::Turning16, _) => "Patients who become 16 soon: at 16 EMIS opens the record, SystmOne does not.",
            (Self::Patients, _) => "Everybody in the export with status, finding, blockers and decision.",
            (Self::Groups, _) => "The groups that look added in bulk, with their evidence.",
            (Self::Problems, _) => "What could not be read, was repaired, or was held back, with its row.",
            (Self::Report, _) => {
                "A report to print, for partners, ICB and clinical safety officer: where you stood, what was found and decided, what it rests on. It names no patient unless you ask for that."
            }
            (Self::Audit, _) => {
                "Everything that happened, in order: who, when, why, for whom. Each event carries the hash of the one before; record-access-review --verify audit.json says whether it is whole."
            }
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
            (Self::Corrected, _) => {
                "Neither system reads it back. Its 106 rows are what was decided, not what has been entered."
            }
            (Self::Keep104, _) => "It tells nobody, and takes away no access that a patient already has.",
            (Self::AskClinician, _) => "It sends nothing to anybody.",
            (Self::Conflicts, _) => "It decides nothing: they count as blocked until somebody has.",
            (Self::AccessByHand, _) => {
                "It opens and closes nothing, and holds only accounts that your export shows; an export without account columns gives an empty list."
            }
            (Self::GrantCohort, _) => {
                "It grants nothing: a code opens nothing by itself for an account that exists. Grant access in SystmOne with the searches that TPP supplies."
            }
            (Self::SpotChecks, _) => "A sample proves something about its list, and nothing about any one patient.",
            (Self::CheckResult, _) => "It changes nothing, and knows only what the new export says.",
            (Self::Workbook, _) => {
                "The clinical systems do not read it: the list for the bulk step is a file of its own."
            }
            (Self::Review, _) => {
                "The clinical systems do not read it. It holds NHS numbers: keep it where you keep patient data."
            }
            (Self::Instructions, _) => "It names no patient, and replaces no guidance of your system’s supplier.",
            (Self::Turning16, _) => "It gives nobody a code: those in it are in no other list.",
            (Self::Patients | Self::Groups, _) => {
                "It decides nothing: “likely” is evidence, and a missing marker never means no risk."
            }
            (Self::Problems, _) => "It does not quote what stood in the cell.",
            (Self::Report, _) => "It replaces no check of a record.",
            (Self::Audit, _) => "It holds NHS numbers: keep it where you keep patient data.",
            (Self::Summary, _) => "It names no patient.",
        }
    }

    /// Whether it is among the files of a review: some belong to one system only, some to
    /// what was done in it.
    #[must_use]
    pub fn is_made(self, system: System, review: &Review, has_changes: bool) -> bool {
        match self {
            Self::GrantCohort => system == System::SystmOne,
            Self::SpotChecks => !review.checks().is_empty(),
            Self::CheckResult => has_changes,
            _ => true,
        }
    }
}
