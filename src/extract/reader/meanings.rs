//! What an identifier and a term say together, worked out once for each different pair.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::Harmless;
use super::dates::Dates;
use crate::domain::code::{Alias, AliasReading, note_for_term, text_around_term};
use crate::domain::marker::{is_risk_concept, markers_in_text};
use crate::domain::{CodeReading, CodeTrouble, Markers};
use crate::extract::intern::Cells;
use crate::extract::records::{is_blank, text_of};

/// What cells mean, worked out once. A practice has a handful of terms and users.
#[derive(Default)]
pub struct Caches {
    ids: Cells,
    terms: Cells,
    pairs: HashMap<(usize, usize), usize, FxBuildHasher>,
    /// By the meanings of both.
    doubles: HashMap<(usize, usize), usize, FxBuildHasher>,
    pub meanings: Vec<Meaning>,
    pub dates: Dates,
    pub harmless: Harmless,
    /// Words for the state of an account or a registration that say nothing of risk.
    pub plain_states: Harmless,
}

/// What an identifier and a term say together.
#[derive(Clone)]
pub struct Meaning {
    pub reading: CodeReading,
    /// Since the practice said what its own code means.
    pub by_alias: bool,
    /// Free text around the term, in the same cell.
    pub around: Option<String>,
    /// What the cells say of risk.
    pub markers: Markers,
    /// The identifier is of a safeguarding concept.
    pub is_risk: bool,
    /// There is neither.
    pub is_blank: bool,
}

impl Caches {
    pub fn look(&mut self, id: &[u8], term: &[u8], aliases: &[Alias]) -> usize {
        let (id_number, new_id) = self.ids.number(id);
        let (term_number, new_term) = self.terms.number(term);
        let key = (id_number, term_number);
        if !(new_id || new_term)
            && let Some(known) = self.pairs.get(&key)
        {
            return *known;
        }
        let (id_text, term_text) = (text_of(id), text_of(term));
        let AliasReading { reading, by_alias, around } = Alias::read(aliases, &id_text, &term_text);
        let mut markers = markers_in_text(&term_text);
        markers.join(markers_in_text(&id_text));
        self.meanings.push(Meaning {
            reading,
            by_alias,
            // A column headed "Code" may hold the term.
            around: around
                .or_else(|| text_around_term(&term_text))
                .or_else(|| note_for_term(&id_text, &term_text))
                .or_else(|| text_around_term(&id_text)),
            markers,
            is_risk: is_risk_concept(&id_text) || is_risk_concept(&term_text),
            is_blank: is_blank(id) && is_blank(term),
        });
        let place = self.meanings.len() - 1;
        self.pairs.insert(key, place);
        place
    }

    /// What an entry with two identifiers says, each of them read with the term.
    pub fn look_both(&mut self, first: usize, second: usize) -> usize {
        if let Some(known) = self.doubles.get(&(first, second)) {
            return *known;
        }
        let (a, b) = (&self.meanings[first], &self.meanings[second]);
        let mut markers = a.markers;
        markers.join(b.markers);
        let both = Meaning {
            reading: both(a.reading, b.reading),
            by_alias: a.by_alias || b.by_alias,
            around: a.around.clone().or_else(|| b.around.clone()),
            markers,
            is_risk: a.is_risk || b.is_risk,
            is_blank: a.is_blank && b.is_blank,
        };
        self.meanings.push(both);
        let place = self.meanings.len() - 1;
        self.doubles.insert((first, second), place);
        place
    }
}

/// Two identifiers of one entry: one of them may be a local code that says nothing.
fn both(first: CodeReading, second: CodeReading) -> CodeReading {
    match (first, second) {
        (CodeReading::Other, other) | (other, CodeReading::Other) => other,
        (CodeReading::Known { code: a, .. }, CodeReading::Known { code: b, .. }) if a != b => {
            CodeReading::Unclear(CodeTrouble::between(&[a, b]))
        }
        (CodeReading::Known { .. }, unclear @ CodeReading::Unclear(_)) => unclear,
        (first, _) => first,
    }
}
