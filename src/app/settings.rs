//! What is remembered between two starts of the program: thresholds, what the practice's
//! own codes mean, and which column is what in files with a certain header. No patient
//! data, and no names of patient files.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

use crate::domain::code::Alias;
use crate::domain::wording::plain;
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
    /// An alias that is a code's own term or identifier.
    #[error(
        "The settings say what “{0}” means, which is the term or the identifier of a code itself. Take that alias out."
    )]
    OwnTerm(String),
    /// One text with two codes.
    #[error("The settings say that “{0}” means two different codes. Leave one.")]
    TwoCodes(String),
    /// A name that is no setting.
    #[error("There is no setting “{0}”. The names are those under \"settings\" in summary.json.")]
    NoSuchSetting(String),
}

impl SettingsFile {
    /// Reads the file.
    ///
    /// # Errors
    /// Where it cannot be used.
    pub fn read(bytes: &[u8]) -> Result<Self, SettingsError> {
        let unreadable = |e: serde_json::Error| SettingsError::Unreadable(e.line());
        let mut value: Value = serde_json::from_slice(bytes).map_err(unreadable)?;
        // A summary holds them in one of its parts.
        if value.get("share_blocked_of_eligible").is_some()
            && let Some(settings) = value.get_mut("settings")
        {
            value = settings.take();
        }
        let known = serde_json::to_value(Self::default()).map_err(unreadable)?;
        let is_known = |name: &&String| known.get(name.as_str()).is_some();
        if let Some(name) = value.as_object().and_then(|named| named.keys().find(|name| !is_known(name))) {
            return Err(SettingsError::NoSuchSetting(name.clone()));
        }
        let mut read: Self = serde_json::from_value(value).map_err(unreadable)?;
        read.thresholds = read.thresholds.within_range();
        for (place, alias) in read.aliases.iter().enumerate() {
            if alias.means().is_none() {
                return Err(SettingsError::NoSuchCode(alias.code.clone()));
            }
            if alias.contradicts_itself() {
                return Err(SettingsError::OwnTerm(alias.text.clone()));
            }
            let is_same = |other: &&Alias| plain(&other.text) == plain(&alias.text) && other.means() != alias.means();
            if read.aliases.iter().skip(place + 1).any(|other| is_same(&other)) {
                return Err(SettingsError::TwoCodes(alias.text.clone()));
            }
        }
        Ok(read)
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
        let term = "Online access to own health record declined by patient (situation)";
        let own = format!(r#"{{"aliases": [{{"text": "{term}", "code": "104"}}]}}"#);
        assert_eq!(SettingsFile::read(own.as_bytes()), Err(SettingsError::OwnTerm(term.to_owned())));
        let two = br#"{"aliases": [{"text": "Y3a1b", "code": "104"}, {"text": "y3A1B", "code": "106"}]}"#;
        assert_eq!(SettingsFile::read(two), Err(SettingsError::TwoCodes("Y3a1b".to_owned())));
        let mistyped = SettingsFile::read(br#"{"least_on_day": 12}"#);
        assert_eq!(mistyped, Err(SettingsError::NoSuchSetting("least_on_day".to_owned())));
    }

    #[test]
    fn the_settings_of_a_summary_are_settings() {
        let summary = br#"{"schema": 1, "share_blocked_of_eligible": 0.5, "settings": {"least_on_a_day": 12}}"#;
        assert_eq!(SettingsFile::read(summary).expect("read").thresholds.least_on_a_day, 12);
    }
}
