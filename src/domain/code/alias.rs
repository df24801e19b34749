//! The practice's own words for the codes.

use super::{AccessCode, CodeReading, CodeTrouble, read_code};

/// What a practice's own export calls one of the codes, where neither identifier nor
/// term says it: a local code, or a name of the practice's own. Entered once by a
/// person, in the settings.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Alias {
    /// The identifier or the term, as the export writes it.
    pub text: String,
    /// "103", "104" or "106".
    pub code: String,
}

/// What a pair of cells says where the practice has words of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AliasReading {
    /// Which code.
    pub reading: CodeReading,
    /// An alias had a part in it.
    pub by_alias: bool,
    /// What stands in the term's cell besides an alias: read as a note.
    pub around: Option<String>,
}

impl Alias {
    /// What a pair of cells says, the practice's own words for the codes among what it may
    /// be: whatever says two different things is unclear.
    #[must_use]
    pub fn read(aliases: &[Self], id: &str, term: &str) -> AliasReading {
        let read = read_code(id, term);
        let cells = [id, term].map(crate::domain::wording::plain);
        let fits = |alias: &&Self| {
            let plain = crate::domain::wording::plain(&alias.text);
            // A name may have more behind it, a code may not.
            let begins = |cell: &String| plain.len() >= 8 && cell.starts_with(&plain);
            !plain.is_empty() && !alias.is_one_of_the_codes() && cells.iter().any(|cell| *cell == plain || begins(cell))
        };
        let fitting: Vec<&Self> = aliases.iter().filter(fits).collect();
        let mut codes: Vec<AccessCode> = fitting.iter().filter_map(|alias| alias.means()).collect();
        if let CodeReading::Known { code, .. } = read {
            codes.push(code);
        }
        codes.dedup();
        let by_alias = !fitting.is_empty();
        let reading = match (codes.as_slice(), read) {
            (_, CodeReading::Unclear(_)) | ([], _) => read,
            ([_], CodeReading::Known { .. }) => read,
            ([code], _) => CodeReading::Known { code: *code, repair: None },
            _ => CodeReading::Unclear(CodeTrouble::between(&codes)),
        };
        // A term that is not the alias itself is something that somebody wrote.
        let own = by_alias && !fitting.iter().any(|alias| crate::domain::wording::plain(&alias.text) == cells[1]);
        let around = (own && !term.trim().is_empty()).then(|| term.trim().to_owned());
        AliasReading { reading, by_alias, around }
    }

    /// Whether it is the identifier or the term of a code itself, which means what it says,
    /// whatever anybody calls it.
    #[must_use]
    pub fn is_one_of_the_codes(&self) -> bool {
        read_code(&self.text, "") != CodeReading::Other || read_code("", &self.text) != CodeReading::Other
    }

    /// Whether it is a code's own term or identifier, and is said to mean another code.
    #[must_use]
    pub fn contradicts_itself(&self) -> bool {
        let says = |id: &str, term: &str| match read_code(id, term) {
            CodeReading::Known { code, .. } => Some(code) != self.means(),
            CodeReading::Unclear(_) => true,
            CodeReading::Other => false,
        };
        says(&self.text, "") || says("", &self.text)
    }

    /// The code that it stands for.
    #[must_use]
    pub fn means(&self) -> Option<AccessCode> {
        AccessCode::ALL.into_iter().find(|code| code.short() == self.code.trim())
    }
}
