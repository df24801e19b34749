//! Repeated texts (users, free texts, practices) kept once.

use std::collections::HashMap;

/// A text in an [`Interner`]. [`Word::NONE`] is the empty text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Word(u32);

impl Word {
    /// No text.
    pub const NONE: Self = Self(0);

    /// Whether there is a text.
    #[must_use]
    pub const fn is_some(self) -> bool {
        self.0 != 0
    }

    /// For tables indexed by word.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Distinct texts, each known by a small number.
#[derive(Debug)]
pub struct Interner {
    words: Vec<Box<str>>,
    known: HashMap<Box<str>, Word>,
}

impl Default for Interner {
    fn default() -> Self {
        Self { words: vec!["".into()], known: HashMap::new() }
    }
}

impl Interner {
    /// The number of a text, white space around it passed over.
    pub fn intern(&mut self, text: &str) -> Word {
        let text = text.trim();
        if text.is_empty() {
            return Word::NONE;
        }
        if let Some(word) = self.known.get(text) {
            return *word;
        }
        let word = Word(u32::try_from(self.words.len()).unwrap_or(u32::MAX));
        self.words.push(text.into());
        self.known.insert(text.into(), word);
        word
    }

    /// The text of a number.
    #[must_use]
    pub fn get(&self, word: Word) -> &str {
        self.words.get(word.index()).map_or("", |w| w)
    }

    /// How many texts, the empty one among them.
    #[must_use]
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Never: the empty text is always there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// All words with their texts.
    pub fn iter(&self) -> impl Iterator<Item = (Word, &str)> {
        self.words.iter().enumerate().map(|(i, w)| (Word(u32::try_from(i).unwrap_or(u32::MAX)), &**w))
    }
}
