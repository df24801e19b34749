//! Every threshold in one place.

use serde::{Deserialize, Serialize};

/// What counts as many, soon, or the same. All of them ours, set on made-up
/// practices; the files of a review record which were in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Thresholds {
    /// Entries of one day and user from which a day may be called bulk however
    /// little the practice otherwise enters.
    pub least_on_a_day: u32,
    /// Entries of one day and user from which bulk is almost certain.
    pub certain_on_a_day: u32,
    /// Entries a day from which days in a row may join into a run.
    pub least_in_a_run_day: u32,
    /// Entries from which a run of small days is called bulk.
    pub least_in_a_run: u32,
    /// Calendar days without an entry that a run may bridge (a long weekend).
    pub run_gap_days: u32,
    /// Days after registering within which a code counts as a top-up.
    pub top_up_days: u32,
    /// Entries from which top-ups are called bulk.
    pub least_top_ups: u32,
    /// Per cent of newly registered patients that must have been coded.
    pub top_up_share: u32,
    /// Patients with the same free text from which it is no note of their own.
    pub shared_text: u32,
    /// Entries with notes of their own on one day from which they are shown
    /// together as a meeting.
    pub least_in_a_meeting: u32,
    /// Most entries of one clinician and day that may be a clinic's own list.
    pub clinician_list: u32,
    /// How many days ahead a 16th birthday is listed.
    pub turning_16_days: u32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            least_on_a_day: 10,
            certain_on_a_day: 100,
            least_in_a_run_day: 3,
            least_in_a_run: 40,
            run_gap_days: 4,
            top_up_days: 14,
            least_top_ups: 15,
            top_up_share: 30,
            shared_text: 8,
            least_in_a_meeting: 6,
            clinician_list: 40,
            turning_16_days: 183,
        }
    }
}

/// One threshold, for the screen and for files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name in files.
    pub key: &'static str,
    /// Its meaning in words.
    pub label: &'static str,
    /// The value in force.
    pub value: u32,
    /// The value as delivered.
    pub default: u32,
}

impl Thresholds {
    /// All of them.
    #[must_use]
    pub fn settings(&self) -> [Setting; 12] {
        let d = Self::default();
        let s = |key, label, value, default| Setting { key, label, value, default };
        [
            s(
                "least_on_a_day",
                "Entries on one day by one user that may be bulk",
                self.least_on_a_day,
                d.least_on_a_day,
            ),
            s(
                "certain_on_a_day",
                "Entries on one day by one user that are almost certainly bulk",
                self.certain_on_a_day,
                d.certain_on_a_day,
            ),
            s(
                "least_in_a_run_day",
                "Entries a day that may join into a run",
                self.least_in_a_run_day,
                d.least_in_a_run_day,
            ),
            s("least_in_a_run", "Entries in a run of small days that are bulk", self.least_in_a_run, d.least_in_a_run),
            s("run_gap_days", "Days without entries that a run may bridge", self.run_gap_days, d.run_gap_days),
            s("top_up_days", "Days after registering that make a top-up", self.top_up_days, d.top_up_days),
            s("least_top_ups", "Top-ups of new patients that are bulk", self.least_top_ups, d.least_top_ups),
            s(
                "top_up_share",
                "Per cent of new patients coded that make top-ups bulk",
                self.top_up_share,
                d.top_up_share,
            ),
            s(
                "shared_text",
                "Patients with the same text that make it no note of their own",
                self.shared_text,
                d.shared_text,
            ),
            s(
                "least_in_a_meeting",
                "Entries with own notes on one day shown as a meeting",
                self.least_in_a_meeting,
                d.least_in_a_meeting,
            ),
            s(
                "clinician_list",
                "Most entries of a clinician's own list on one day",
                self.clinician_list,
                d.clinician_list,
            ),
            s("turning_16_days", "Days ahead that a 16th birthday is listed", self.turning_16_days, d.turning_16_days),
        ]
    }

    /// Whether all are as delivered.
    #[must_use]
    pub fn are_default(&self) -> bool {
        *self == Self::default()
    }
}
