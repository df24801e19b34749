//! What is remembered between two starts of the program: thresholds, what the practice's
//! own codes mean, and which column is what in files with a certain header. No patient
//! data, and no names of patient files.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::domain::code::Alias;
use crate::extract::KnownMapping;
use crate::findings::Thresholds;
use crate::handover::Options;

/// The settings file.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SettingsFile {
    /// Thresholds of the findings, by their names.
    #[serde(flatten)]
    pub thresholds: Thresholds,
    /// "Our export calls 104 …".
    pub aliases: Vec<Alias>,
    /// Which column is what, by header.
    pub mappings: Vec<KnownMapping>,
    /// How the files are to be.
    pub files: Options,
}

/// Why a settings file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SettingsError {
    /// No JSON of that shape.
    #[error(
        "The settings cannot be read (line {0}). Give JSON with names and numbers as under \"settings\" in summary.json, and \"aliases\" as a list of {{\"text\": …, \"code\": \"104\"}}."
    )]
    Unreadable(usize),
    /// An alias for something that is none of the codes.
    #[error("The settings call something “{0}”, which is none of the codes. An alias stands for 103, 104 or 106.")]
    NoSuchCode(String),
}

impl SettingsFile {
    /// Reads the file.
    ///
    /// # Errors
    /// Where it cannot be used.
    pub fn read(bytes: &[u8]) -> Result<Self, SettingsError> {
        let mut read: Self = serde_json::from_slice(bytes).map_err(|e| SettingsError::Unreadable(e.line()))?;
        read.thresholds = read.thresholds.within_range();
        match read.aliases.iter().find(|alias| alias.means().is_none()) {
            Some(alias) => Err(SettingsError::NoSuchCode(alias.code.clone())),
            None => Ok(read),
        }
    }

    /// As the file is written.
    ///
    /// # Errors
    /// Never in practice: a structure of ours always serialises.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self)
    }

    /// Remembers what the user said of a header; what was said before of it goes.
    pub fn remember(&mut self, known: KnownMapping) {
        self.mappings.retain(|m| m.header != known.header);
        if !known.mapping.is_empty() {
            self.mappings.push(known);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_and_aliases_are_read_and_written() {
        let read = SettingsFile::read(br#"{"least_on_a_day": 12, "aliases": [{"text": "Y3a1b", "code": "104"}]}"#)
            .expect("read");
        assert_eq!(read.thresholds.least_on_a_day, 12);
        assert_eq!(read.thresholds.least_in_a_run, Thresholds::default().least_in_a_run);
        let again = SettingsFile::read(read.to_json().expect("JSON").as_bytes()).expect("read");
        assert_eq!(again, read);
    }

    #[test]
    fn thresholds_are_kept_within_their_range() {
        let read = SettingsFile::read(br#"{"shared_text": 0, "likely_from": 9999}"#).expect("read");
        assert_eq!((read.thresholds.shared_text, read.thresholds.likely_from), (5, 200));
    }

    #[test]
    fn what_cannot_be_used_says_why() {
        assert_eq!(SettingsFile::read(b"{"), Err(SettingsError::Unreadable(1)));
        let wrong = SettingsFile::read(br#"{"aliases": [{"text": "x", "code": "105"}]}"#);
        assert_eq!(wrong, Err(SettingsError::NoSuchCode("105".to_owned())));
    }
}
