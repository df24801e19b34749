//! Every threshold in one place.

use serde::{Deserialize, Serialize};

/// What counts as many, soon, or the same. The files of a review record which were in
/// force. Weights are in tenths of a ban: ten of them make the odds ten times as long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Thresholds {
    /// Weight of evidence from which entries are "possible".
    pub possible_from: u32,
    /// Weight of evidence from which entries are "likely" added in bulk.
    pub likely_from: u32,
    /// Weight of evidence from which that is "almost certain".
    pub almost_certain_from: u32,
    /// Entries of one day and user below which a day by itself is never called likely.
    pub least_on_a_day: u32,
    /// Entries a day from which days in a row may join into a run.
    pub least_in_a_run_day: u32,
    /// Entries from which a run of small days is called bulk.
    pub least_in_a_run: u32,
    /// Days from one working day of a run to its next (a long weekend).
    pub run_gap_days: u32,
    /// The same for slow runs: once a week, or over Christmas.
    pub slow_run_gap_days: u32,
    /// Days after registering within which a code counts as a top-up.
    pub top_up_days: u32,
    /// Entries from which top-ups are called bulk.
    pub least_top_ups: u32,
    /// Per cent of newly registered patients that are coded where top-ups are made.
    pub top_up_share: u32,
    /// Patients with the same free text from which it is no note of their own.
    pub shared_text: u32,
    /// Entries with notes of their own on one day from which they are shown
    /// together as a meeting.
    pub least_in_a_meeting: u32,
    /// Most entries of a day that may be a clinic's or a meeting's own list.
    pub clinician_list: u32,
    /// Per cent of the list from which nobody can have looked at each.
    pub list_share: u32,
    /// How many days ahead a 16th birthday is listed.
    pub turning_16_days: u32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            possible_from: 10,
            likely_from: 25,
            almost_certain_from: 55,
            least_on_a_day: 10,
            least_in_a_run_day: 3,
            least_in_a_run: 25,
            run_gap_days: 5,
            slow_run_gap_days: 15,
            top_up_days: 62,
            least_top_ups: 12,
            top_up_share: 40,
            shared_text: 8,
            least_in_a_meeting: 6,
            clinician_list: 40,
            list_share: 10,
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
    /// Where the default comes from.
    pub source: &'static str,
    /// The value in force.
    pub value: u32,
    /// The value as delivered.
    pub default: u32,
    /// The smallest and the largest value that make sense.
    pub range: (u32, u32),
}

/// A threshold, where it is kept, and what is said of it.
struct Known {
    key: &'static str,
    label: &'static str,
    source: &'static str,
    range: (u32, u32),
    of: fn(&mut Thresholds) -> &mut u32,
}

const OURS: &str = "ours, set on simulated practices";

const KNOWN: [Known; 16] = [
    Known {
        key: "possible_from",
        label: "Weight of evidence from which an entry is “possible”",
        source: OURS,
        range: (0, 200),
        of: |t| &mut t.possible_from,
    },
    Known {
        key: "likely_from",
        label: "Weight of evidence from which an entry is “likely”",
        source: OURS,
        range: (5, 200),
        of: |t| &mut t.likely_from,
    },
    Known {
        key: "almost_certain_from",
        label: "Weight of evidence from which an entry is “almost certain”",
        source: OURS,
        range: (10, 300),
        of: |t| &mut t.almost_certain_from,
    },
    Known {
        key: "least_on_a_day",
        label: "Fewest entries of one user on one day that may be “likely” by themselves",
        source: OURS,
        range: (3, 500),
        of: |t| &mut t.least_on_a_day,
    },
    Known {
        key: "least_in_a_run_day",
        label: "Fewest entries a day that join into a run over days",
        source: OURS,
        range: (2, 100),
        of: |t| &mut t.least_in_a_run_day,
    },
    Known {
        key: "least_in_a_run",
        label: "Fewest entries of a run of small days",
        source: OURS,
        range: (5, 1000),
        of: |t| &mut t.least_in_a_run,
    },
    Known {
        key: "run_gap_days",
        label: "Most days from one day of a run to its next (Easter: 5)",
        source: OURS,
        range: (1, 30),
        of: |t| &mut t.run_gap_days,
    },
    Known {
        key: "slow_run_gap_days",
        label: "The same for slow runs (Christmas: 15)",
        source: OURS,
        range: (1, 60),
        of: |t| &mut t.slow_run_gap_days,
    },
    Known {
        key: "top_up_days",
        label: "Days after registering that make a code a top-up (a month missed: 62)",
        source: OURS,
        range: (1, 120),
        of: |t| &mut t.top_up_days,
    },
    Known {
        key: "least_top_ups",
        label: "Fewest top-ups of new patients that are called bulk",
        source: OURS,
        range: (5, 500),
        of: |t| &mut t.least_top_ups,
    },
    Known {
        key: "top_up_share",
        label: "Per cent of new patients that are coded where top-ups are made",
        source: OURS,
        range: (5, 95),
        of: |t| &mut t.top_up_share,
    },
    Known {
        key: "shared_text",
        label: "Patients with the same text that make it no note of their own",
        source: OURS,
        range: (5, 500),
        of: |t| &mut t.shared_text,
    },
    Known {
        key: "least_in_a_meeting",
        label: "Fewest entries with notes of their own on one day shown as a meeting",
        source: OURS,
        range: (2, 100),
        of: |t| &mut t.least_in_a_meeting,
    },
    Known {
        key: "clinician_list",
        label: "Most entries of a day that may be a clinic’s or a meeting’s own list",
        source: "safeguarding meetings give 20 to 40 entries (domain rules)",
        range: (5, 500),
        of: |t| &mut t.clinician_list,
    },
    Known {
        key: "list_share",
        label: "Per cent of the list from which nobody can have looked at each",
        source: "a 90 % access test leaves 10 % (NECS, July 2024)",
        range: (1, 100),
        of: |t| &mut t.list_share,
    },
    Known {
        key: "turning_16_days",
        label: "Days ahead that a 16th birthday is listed",
        source: "ours: half a year",
        range: (1, 1000),
        of: |t| &mut t.turning_16_days,
    },
];

impl Thresholds {
    /// Most entries a day that come to a desk by themselves, week after week (ours: twice what a
    /// day by itself must have).
    #[must_use]
    pub const fn most_at_a_desk(&self) -> u32 {
        self.least_on_a_day * 2
    }

    /// All of them.
    #[must_use]
    pub fn settings(&self) -> Vec<Setting> {
        let (mut now, mut default) = (*self, Self::default());
        let setting = |known: &Known| Setting {
            key: known.key,
            label: known.label,
            source: known.source,
            value: *(known.of)(&mut now),
            default: *(known.of)(&mut default),
            range: known.range,
        };
        KNOWN.iter().map(setting).collect()
    }

    /// The same with another value for one of them, kept within its range. An unknown key
    /// changes nothing.
    #[must_use]
    pub fn with(mut self, key: &str, value: u32) -> Self {
        if let Some(known) = KNOWN.iter().find(|known| known.key == key) {
            *(known.of)(&mut self) = value.clamp(known.range.0, known.range.1);
        }
        self
    }

    /// The same with every value within its range.
    #[must_use]
    pub fn within_range(self) -> Self {
        self.settings().into_iter().fold(self, |all, setting| all.with(setting.key, setting.value))
    }

    /// Whether all are as delivered.
    #[must_use]
    pub fn are_default(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_threshold_is_listed_and_can_be_changed() {
        let default = Thresholds::default();
        let json = serde_json::to_value(default).expect("JSON");
        let keys: Vec<&String> = json.as_object().expect("an object").keys().collect();
        assert_eq!(keys.len(), default.settings().len());
        for setting in default.settings() {
            assert!(keys.contains(&&setting.key.to_owned()), "{}", setting.key);
            assert_eq!(setting.value, setting.default);
            assert!((setting.range.0..=setting.range.1).contains(&setting.default), "{}", setting.key);
            let changed = default.with(setting.key, setting.default + 1);
            assert_eq!(serde_json::to_value(changed).expect("JSON")[setting.key], setting.default + 1);
            let changed = default.with(setting.key, u32::MAX);
            assert_eq!(serde_json::to_value(changed).expect("JSON")[setting.key], setting.range.1);
        }
    }
}
