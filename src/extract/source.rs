//! One file: its bytes, the text in them, its name and its hash.

use blake3::hazmat::{ChainingValue, HasherExt as _, Mode, merge_subtrees_non_root, merge_subtrees_root};
use encoding_rs::{Encoder, EncoderResult, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::error::{NotText, ReadError};
use super::store::{Store, StoreError, Window};

/// How the characters of a file are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16, little end first, as "Unicode text" is saved on Windows.
    Utf16Le,
    /// UTF-16, big end first.
    Utf16Be,
    /// Windows-1252, what English Windows calls ANSI.
    Windows1252,
    /// A sheet of a workbook, read as a table.
    Workbook,
}

impl Encoding {
    /// The usual name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Windows1252 => "Windows-1252",
            Self::Workbook => "Workbook",
        }
    }
}

/// How many bytes are looked at to find out what a file is.
pub const HEAD: u64 = 1 << 18;

/// One file: its bytes as they were, the text in them, its name and its hash.
///
/// The text is the bytes themselves, but for UTF-16 and workbooks, which are turned
/// into UTF-8 once. Windows-1252 needs no turning: separators and quotes are the
/// same bytes in it, and a cell becomes text when somebody looks at it.
pub struct Source {
    name: String,
    text: Box<dyn Store>,
    /// The bytes of the file, where the text is not these.
    original: Option<Original>,
    encoding: Encoding,
    hash: blake3::Hash,
    /// What a workbook holds.
    book: Option<InBook>,
}

struct Original {
    size: u64,
    is_faithful: bool,
    has_mark: bool,
}

/// Of a workbook: what was read, and what was not.
#[derive(Clone, Debug)]
struct InBook {
    /// The sheets that were read.
    sheet: String,
    /// How many others hold something.
    others: usize,
    /// There are comments on cells.
    has_comments: bool,
}

impl Source {
    /// Takes the bytes of a file.
    ///
    /// # Errors
    /// Where the file is empty or is not text.
    pub fn new(name: impl Into<String>, bytes: Vec<u8>) -> Result<Self, ReadError> {
        Self::open(name, Box::new(bytes))
    }

    /// Takes a file wherever its bytes are.
    ///
    /// # Errors
    /// Where the file is empty, is not text, or cannot be read.
    pub fn open(name: impl Into<String>, store: Box<dyn Store>) -> Result<Self, ReadError> {
        let size = store.size();
        if size == 0 {
            return Err(ReadError::Empty);
        }
        let mut window = Window::default();
        let head = window.of(&*store, 0, HEAD)?.to_vec();
        let tail = window.of(&*store, size.saturating_sub(HEAD), size)?.to_vec();
        let name = name.into();
        match NotText::recognise(&head, &tail) {
            Some(NotText::Workbook) => return Self::workbook(name, &*store),
            // A workbook of Excel 97, or a letter of Word 97.
            Some(NotText::OldOffice) => {
                return Self::workbook(name, &*store).map_err(|e| match e {
                    ReadError::Workbook(_) => ReadError::NotText(NotText::OldOffice),
                    other => other,
                });
            }
            Some(kind) => return Err(ReadError::NotText(kind)),
            None => {}
        }
        if let Some((encoding, marked)) = utf16(&head) {
            return Self::utf16(name, &*store, encoding, marked);
        }
        if memchr::memchr(0, &head).is_some() {
            return Err(ReadError::NotText(NotText::Binary));
        }
        let blank = |b: &u8| matches!(b, b' ' | b'\t' | b'\r' | b'\n' | 0xef | 0xbb | 0xbf);
        if size <= HEAD && head.iter().all(blank) {
            return Err(ReadError::Empty);
        }
        // Which of the two it is, and the hash, come with the reading.
        let encoding = if std::str::from_utf8(&head).is_err_and(|e| e.error_len().is_some()) {
            Encoding::Windows1252
        } else {
            Encoding::Utf8
        };
        Ok(Self { name, text: store, original: None, encoding, hash: blake3::Hash::from_bytes([0; 32]), book: None })
    }

    fn utf16(name: String, store: &dyn Store, encoding: Encoding, marked: bool) -> Result<Self, ReadError> {
        let mut window = Window::default();
        let bytes = window.of(store, 0, store.size())?;
        let decoder = if encoding == Encoding::Utf16Le { UTF_16LE } else { UTF_16BE };
        let text = decoder.decode_with_bom_removal(bytes).0.into_owned();
        if text.contains('\0') {
            return Err(ReadError::NotText(NotText::Binary));
        }
        if text.trim().is_empty() {
            return Err(ReadError::Empty);
        }
        let mut again = if marked { encode_utf16(encoding, "\u{feff}") } else { Vec::new() };
        again.extend(encode_utf16(encoding, &text));
        let original = Original { size: store.size(), is_faithful: again == bytes, has_mark: marked };
        let hash = blake3::hash(bytes);
        Ok(Self { name, text: Box::new(text.into_bytes()), original: Some(original), encoding, hash, book: None })
    }

    fn workbook(name: String, store: &dyn Store) -> Result<Self, ReadError> {
        let mut window = Window::default();
        let bytes = window.of(store, 0, store.size())?;
        let super::workbook::Book { name: sheet, text, others, has_comments } = super::workbook::table(bytes)?;
        let original = Original { size: store.size(), is_faithful: true, has_mark: false };
        let hash = blake3::hash(bytes);
        let text = Box::new(text.into_bytes());
        let book = Some(InBook { sheet, others, has_comments });
        Ok(Self { name, text, original: Some(original), encoding: Encoding::Workbook, hash, book })
    }

    /// The file's name without its folder.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text: UTF-8 or Windows-1252, a byte order mark still in front of it.
    #[must_use]
    pub fn text(&self) -> &dyn Store {
        &*self.text
    }

    /// How the characters are stored.
    #[must_use]
    pub const fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The sheet of the workbook that holds the patients.
    #[must_use]
    pub fn sheet(&self) -> Option<&str> {
        self.book.as_ref().map(|book| book.sheet.as_str())
    }

    /// How many sheets hold something and were not read.
    #[must_use]
    pub fn unread_sheets(&self) -> usize {
        self.book.as_ref().map_or(0, |book| book.others)
    }

    /// Whether there are comments on cells, which are not read.
    #[must_use]
    pub fn has_comments(&self) -> bool {
        self.book.as_ref().is_some_and(|book| book.has_comments)
    }

    /// How many bytes the file has.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.original.as_ref().map_or_else(|| self.text.size(), |o| o.size)
    }

    /// BLAKE3 of the bytes: the identity of this file.
    #[must_use]
    pub const fn hash(&self) -> blake3::Hash {
        self.hash
    }

    /// Whether the hash is known already, since the bytes had to be turned into text.
    #[must_use]
    pub const fn is_hashed(&self) -> bool {
        self.original.is_some()
    }

    /// What the reading found out of the file as a whole.
    pub(super) fn settle(&mut self, is_utf8: bool, hash: Option<blake3::Hash>) {
        if self.original.is_none() {
            self.encoding = if is_utf8 { Encoding::Utf8 } else { Encoding::Windows1252 };
        }
        self.hash = hash.unwrap_or(self.hash);
    }

    /// Turns text into bytes of this file's encoding. What the encoding cannot
    /// write becomes a question mark (only possible in Windows-1252, and only in
    /// text that we add).
    #[must_use]
    pub fn encode(&self, text: &str) -> Vec<u8> {
        match self.encoding {
            Encoding::Utf8 | Encoding::Workbook => text.as_bytes().to_vec(),
            Encoding::Utf16Le | Encoding::Utf16Be => encode_utf16(self.encoding, text),
            Encoding::Windows1252 => encode_windows(text, WINDOWS_1252.new_encoder()),
        }
    }

    /// Whether the text, written back, gives the bytes that were read. Always so
    /// but for damaged UTF-16.
    #[must_use]
    pub fn is_faithful(&self) -> bool {
        self.original.as_ref().is_none_or(|o| o.is_faithful)
    }

    /// The byte order mark, where decoding took it off the text.
    #[must_use]
    pub fn mark(&self) -> Vec<u8> {
        match &self.original {
            Some(original) if original.has_mark => self.encode("\u{feff}"),
            _ => Vec::new(),
        }
    }
}

/// UTF-16 by its mark or, without one, by every other byte's being nought; and
/// whether there is a mark.
fn utf16(head: &[u8]) -> Option<(Encoding, bool)> {
    match head {
        [0xff, 0xfe, ..] => return Some((Encoding::Utf16Le, true)),
        [0xfe, 0xff, ..] => return Some((Encoding::Utf16Be, true)),
        _ => {}
    }
    let noughts = |odd: usize| head.iter().skip(odd).step_by(2).filter(|b| **b == 0).count();
    let (even, odd, half) = (noughts(0), noughts(1), head.len() / 2);
    let most = |n: usize, other: usize| half >= 8 && n * 10 >= half * 8 && other == 0;
    if most(odd, even) {
        Some((Encoding::Utf16Le, false))
    } else if most(even, odd) {
        Some((Encoding::Utf16Be, false))
    } else {
        None
    }
}

fn encode_utf16(encoding: Encoding, text: &str) -> Vec<u8> {
    let unit = if encoding == Encoding::Utf16Be { u16::to_be_bytes } else { u16::to_le_bytes };
    text.encode_utf16().flat_map(unit).collect()
}

fn encode_windows(text: &str, mut encoder: Encoder) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    loop {
        out.reserve(rest.len() + 8);
        let (result, read) = encoder.encode_from_utf8_to_vec_without_replacement(rest, &mut out, true);
        rest = &rest[read..];
        match result {
            EncoderResult::InputEmpty => return out,
            EncoderResult::Unmappable(_) => out.push(b'?'),
            EncoderResult::OutputFull => {}
        }
    }
}

/// The hash of one block of a file, to be put together with the others
/// ([`whole_hash`]). `block` numbers blocks of one size, a power of two.
pub fn block_hash(block: u64, size: u64, bytes: &[u8]) -> ChainingValue {
    let mut hasher = blake3::Hasher::new();
    hasher.set_input_offset(block * size);
    hasher.update(bytes).finalize_non_root()
}

/// The hash of a file from those of its blocks, of which there are at least two.
pub fn whole_hash(blocks: &[ChainingValue]) -> Option<blake3::Hash> {
    let (left, right) = blocks.split_at_checked(left_of(blocks.len()))?;
    if left.is_empty() || right.is_empty() {
        return None;
    }
    Some(merge_subtrees_root(&subtree(left), &subtree(right), Mode::Hash))
}

/// The left part of a tree is the largest power of two that leaves something.
const fn left_of(blocks: usize) -> usize {
    blocks.next_power_of_two() / 2
}

fn subtree(blocks: &[ChainingValue]) -> ChainingValue {
    if let [one] = blocks {
        return *one;
    }
    let (left, right) = blocks.split_at(left_of(blocks.len()));
    merge_subtrees_non_root(&subtree(left), &subtree(right), Mode::Hash)
}

impl From<StoreError> for ReadError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf_16_is_read_with_and_without_its_mark_and_written_back() {
        let text = "NHS Number,Full Name\r\n9990000018,\"ÉVANS, Zoë – O’Neil\"\r\n";
        for encoding in [Encoding::Utf16Le, Encoding::Utf16Be] {
            for mark in ["\u{feff}", ""] {
                let bytes = encode_utf16(encoding, &format!("{mark}{text}"));
                let source = Source::new("a.csv", bytes.clone()).expect("text");
                assert_eq!(source.encoding(), encoding);
                assert_eq!(source.text().whole(), Some(text.as_bytes()));
                assert!(source.is_faithful());
                assert_eq!([source.mark(), source.encode(text)].concat(), bytes);
                assert_eq!(source.hash(), blake3::hash(&bytes));
            }
        }
    }

    #[test]
    fn what_windows_1252_cannot_write_is_a_question_mark() {
        let source = Source::new("a.csv", b"na\xefve, and more text".to_vec()).expect("text");
        assert_eq!(source.encoding(), Encoding::Windows1252);
        assert_eq!(source.encode("naïve 漢"), b"na\xefve ?");
    }

    #[test]
    fn what_is_not_text_is_named() {
        let refused = |bytes: &[u8]| Source::new("a", bytes.to_vec()).map(|_| ()).unwrap_err();
        assert_eq!(refused(b""), ReadError::Empty);
        assert_eq!(refused(b" \r\n \r\n"), ReadError::Empty);
        assert_eq!(refused(b"%PDF-1.7"), ReadError::NotText(NotText::Pdf));
        assert_eq!(refused(b"PK\x03\x04....word/document.xml"), ReadError::NotText(NotText::Word));
        assert_eq!(refused(b"a\0b\0c\0\0\0\0\0\0"), ReadError::NotText(NotText::Binary));
    }

    #[test]
    fn the_hash_of_the_blocks_is_the_hash_of_the_file() {
        let bytes: Vec<u8> = (0..10_000_u32).flat_map(u32::to_le_bytes).collect();
        for size in [1024_u64, 2048, 4096] {
            for length in [1025, 2048, 2049, 3072, 4096, 5000, 8192, 9000, 40_000] {
                let pieces = bytes[..length].chunks(usize::try_from(size).expect("small"));
                let blocks: Vec<_> = pieces.zip(0..).map(|(piece, n)| block_hash(n, size, piece)).collect();
                if blocks.len() > 1 {
                    assert_eq!(whole_hash(&blocks), Some(blake3::hash(&bytes[..length])), "{size} {length}");
                }
            }
        }
    }
}
