//! The one list of what a user can do. Buttons, shortcuts and the help page are
//! made from it.

use super::model::Screen;
use crate::extract::Purpose;

/// Something that a user can do from anywhere, or on one screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Choose exports to open.
    Open,
    /// Add another file to what is open.
    Add(Purpose),
    /// Say what the practice's own codes mean.
    OwnCodes,
    /// Change what counts as many, soon, or the same.
    Thresholds,
    /// Read the columns of dates month first that can only be so.
    MonthFirst,
    /// Save the files for the bulk step.
    SaveFiles,
    /// Save the review itself.
    SaveReview,
    /// Open a saved review or a list of decisions.
    OpenReview,
    /// Take the last step back.
    Undo,
    /// Do it again.
    Redo,
    /// Go to a screen.
    Go(Screen),
    /// Decide the active patient: add a 106.
    Add106,
    /// Decide the active patient: keep the 104.
    Keep104,
    /// Decide the active patient: ask a clinician.
    AskClinician,
    /// Take the active patient's decision back.
    Clear,
    /// Decide for everybody in the list.
    DecideAll,
    /// Draw a random sample of the list.
    SpotCheck,
    /// Answer in a spot check: nothing speaks of a risk.
    NotAtRisk,
    /// Answer in a spot check: somebody at risk.
    AtRisk,
    /// Answer in a spot check: the record does not settle it.
    CannotTell,
    /// Take an answer back.
    ClearAnswer,
    /// Open the export made after coding, and hold it against the decisions.
    CheckResult,
    /// Go to the search field.
    Find,
    /// Say who decides.
    Reviewer,
    /// Set the practice's own target date.
    Target,
    /// Stop reading.
    Cancel,
}

/// An action as it is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed {
    /// What.
    pub action: Action,
    /// On its button.
    pub label: &'static str,
    /// "Ctrl+O", or a single letter that works outside text fields.
    pub keys: &'static str,
    /// The screen on which its key works; everywhere if `None`.
    pub on: Option<Screen>,
    /// What it does, for the help page.
    pub help: &'static str,
}

const fn listed(
    action: Action,
    label: &'static str,
    keys: &'static str,
    on: Option<Screen>,
    help: &'static str,
) -> Listed {
    Listed { action, label, keys, on, help }
}

/// Every action.
pub const ACTIONS: &[Listed] = &[
    listed(Action::Open, "Open…", "Ctrl+O", None, "Choose one or more exports"),
    listed(Action::Add(Purpose::Export), "Add an export…", "", None, "Add another export to what is open"),
    listed(
        Action::Add(Purpose::Registered),
        "Add the registered list…",
        "",
        None,
        "Add the list of registered patients: the denominator, and who has left",
    ),
    listed(
        Action::Add(Purpose::Safeguarding),
        "Add a safeguarding register…",
        "",
        None,
        "Add a safeguarding or risk register: whoever is on it is decided one by one",
    ),
    listed(
        Action::Add(Purpose::Accounts),
        "Add online accounts…",
        "",
        None,
        "Add the list of online users with account status and access level",
    ),
    listed(Action::OwnCodes, "Own codes…", "", None, "Say what codes of the practice's own stand for 103, 104 or 106"),
    listed(
        Action::Thresholds,
        "Thresholds…",
        "Ctrl+E",
        None,
        "Change what counts as many, soon, or the same, and see at once what that finds",
    ),
    listed(
        Action::MonthFirst,
        "These dates are month first: read them so",
        "",
        None,
        "Read dates month first, in columns where they can only be so",
    ),
    listed(Action::SaveFiles, "Save files…", "Ctrl+S", None, "Choose a folder and save all files there"),
    listed(Action::SaveReview, "Save review…", "Ctrl+Shift+S", None, "Save the decisions, to go on later"),
    listed(Action::OpenReview, "Open review…", "Ctrl+Shift+O", None, "Open saved decisions for this export"),
    listed(Action::Undo, "Undo", "Ctrl+Z", None, "Take the last decision back"),
    listed(Action::Redo, "Redo", "Ctrl+Y", None, "Redo the decision that was undone"),
    listed(Action::Go(Screen::Open), "Open", "Ctrl+1", None, "Go to Open"),
    listed(Action::Go(Screen::Overview), "Overview", "Ctrl+2", None, "Go to Overview"),
    listed(Action::Go(Screen::Findings), "Findings", "Ctrl+3", None, "Go to Findings"),
    listed(Action::Go(Screen::Review), "Review", "Ctrl+4", None, "Go to Review"),
    listed(Action::Go(Screen::Save), "Save", "Ctrl+5", None, "Go to Save"),
    listed(Action::Go(Screen::Help), "Help", "F1", None, "Go to Help"),
    listed(Action::Add106, "Add 106", "A", Some(Screen::Review), "Give the selected patient a 106"),
    listed(Action::Keep104, "Keep 104", "K", Some(Screen::Review), "Keep the selected patient's 104"),
    listed(
        Action::AskClinician,
        "Ask a clinician",
        "Q",
        Some(Screen::Review),
        "Put the selected patient on the clinician's list",
    ),
    listed(Action::Clear, "Clear decision", "C", Some(Screen::Review), "Take the selected patient's decision back"),
    listed(
        Action::DecideAll,
        "Decide together…",
        "Ctrl+D",
        Some(Screen::Review),
        "Decide for everybody in the list who may be decided together",
    ),
    listed(
        Action::SpotCheck,
        "Spot check…",
        "Ctrl+K",
        Some(Screen::Review),
        "Draw a random sample of the list, and see what it proves",
    ),
    listed(
        Action::NotAtRisk,
        "Not at risk",
        "N",
        Some(Screen::Review),
        "In a spot check: nothing in the record speaks of a risk",
    ),
    listed(Action::AtRisk, "At risk", "R", Some(Screen::Review), "In a spot check: somebody who must keep the 104"),
    listed(
        Action::CannotTell,
        "Can’t tell",
        "T",
        Some(Screen::Review),
        "In a spot check: the record does not settle it",
    ),
    listed(Action::ClearAnswer, "Clear answer", "X", Some(Screen::Review), "In a spot check: take the answer back"),
    listed(
        Action::CheckResult,
        "Check the result…",
        "",
        None,
        "Open the export made after coding, and see what landed",
    ),
    listed(Action::Find, "Find", "Ctrl+F", Some(Screen::Review), "Find a name or an NHS number"),
    listed(Action::Reviewer, "Reviewer…", "Ctrl+R", None, "Say who decides"),
    listed(Action::Target, "Target date…", "Ctrl+T", None, "Set the practice's own target date"),
    listed(Action::Cancel, "Cancel", "", None, "Stop reading"),
];

impl Action {
    /// How it is listed.
    #[must_use]
    pub fn listed(self) -> Option<&'static Listed> {
        ACTIONS.iter().find(|l| l.action == self)
    }

    /// On its button.
    #[must_use]
    pub fn label(self) -> &'static str {
        self.listed().map_or("", |l| l.label)
    }

    /// Its keys.
    #[must_use]
    pub fn keys(self) -> &'static str {
        self.listed().map_or("", |l| l.keys)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_actions_share_a_key() {
        for (index, a) in ACTIONS.iter().enumerate() {
            assert!(ACTIONS[index + 1..].iter().all(|b| a.keys != b.keys || a.keys.is_empty()), "{}", a.keys);
            assert!(ACTIONS[index + 1..].iter().all(|b| a.action != b.action), "{}", a.label);
        }
    }
}
