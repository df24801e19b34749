//! The bytes of a file and the text in them.

use encoding_rs::{Encoder, EncoderResult, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::error::{NotText, ReadError};

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
        }
    }
}

/// One file: its bytes as they were, the text in them, its name and its hash.
///
/// UTF-8 is never copied: then the text *is* the bytes. Other encodings are
/// turned into text once, and the original is kept, since the corrected copy is
/// made of it.
pub struct Source {
    name: String,
    text: String,
    /// Only where the text is not the bytes themselves.
    original: Option<Vec<u8>>,
    encoding: Encoding,
    hash: blake3::Hash,
}

impl Source {
    /// Takes the bytes of a file.
    ///
    /// # Errors
    /// Where the file is empty or is not text.
    pub fn new(name: impl Into<String>, bytes: Vec<u8>) -> Result<Self, ReadError> {
        if bytes.is_empty() {
            return Err(ReadError::Empty);
        }
        if let Some(kind) = NotText::recognise(&bytes) {
            return Err(ReadError::NotText(kind));
        }
        let hash = blake3::hash(&bytes);
        let name = name.into();
        let (encoding, text, original) = match bytes.as_slice() {
            [0xff, 0xfe, ..] => (Encoding::Utf16Le, UTF_16LE.decode(&bytes).0.into_owned(), Some(bytes)),
            [0xfe, 0xff, ..] => (Encoding::Utf16Be, UTF_16BE.decode(&bytes).0.into_owned(), Some(bytes)),
            _ => match String::from_utf8(bytes) {
                Ok(text) => (Encoding::Utf8, text, None),
                Err(not_utf8) => {
                    let bytes = not_utf8.into_bytes();
                    let text = WINDOWS_1252.decode_without_bom_handling(&bytes).0.into_owned();
                    (Encoding::Windows1252, text, Some(bytes))
                }
            },
        };
        if text.contains('\0') {
            return Err(ReadError::NotText(NotText::Binary));
        }
        if text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').is_empty() {
            return Err(ReadError::Empty);
        }
        Ok(Self { name, text, original, encoding, hash })
    }

    /// The file's name without its folder.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text, a byte order mark still in front of it.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where the text begins behind the byte order mark.
    #[must_use]
    pub fn start(&self) -> usize {
        if self.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
    }

    /// How the characters are stored.
    #[must_use]
    pub const fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The bytes as they were read.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.original.as_deref().unwrap_or(self.text.as_bytes())
    }

    /// BLAKE3 of the bytes: the identity of this file.
    #[must_use]
    pub const fn hash(&self) -> blake3::Hash {
        self.hash
    }

    /// Turns text into bytes of this file's encoding. What the encoding cannot
    /// write becomes a question mark (only possible in Windows-1252, and only in
    /// text that we add).
    #[must_use]
    pub fn encode(&self, text: &str) -> Vec<u8> {
        match self.encoding {
            Encoding::Utf8 => text.as_bytes().to_vec(),
            Encoding::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Encoding::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            Encoding::Windows1252 => encode_windows(text, WINDOWS_1252.new_encoder()),
        }
    }

    /// Whether the text, written back, gives the bytes that were read. Always so
    /// but for damaged UTF-16.
    #[must_use]
    pub fn is_faithful(&self) -> bool {
        self.encoding == Encoding::Utf8 || {
            let mut bytes = Vec::new();
            if matches!(self.encoding, Encoding::Utf16Le | Encoding::Utf16Be) && !self.text.starts_with('\u{feff}') {
                bytes = self.encode("\u{feff}");
            }
            bytes.extend(self.encode(&self.text));
            bytes == self.bytes()
        }
    }

    /// The byte order mark, where decoding took it off the text.
    #[must_use]
    pub fn mark(&self) -> Vec<u8> {
        match self.encoding {
            Encoding::Utf16Le | Encoding::Utf16Be if !self.text.starts_with('\u{feff}') => self.encode("\u{feff}"),
            _ => Vec::new(),
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_is_read_and_written_back_byte_for_byte() {
        let text = "NHS Number,Full Name\r\n9990000018,\"ÉVANS, Zoë – O’Neil\"\r\n";
        let utf16 = |mark: [u8; 2], unit: fn(u16) -> [u8; 2]| {
            let mut bytes = mark.to_vec();
            bytes.extend(text.encode_utf16().flat_map(unit));
            bytes
        };
        let mut marked = vec![0xef, 0xbb, 0xbf];
        marked.extend(text.as_bytes());
        for (encoding, bytes) in [
            (Encoding::Utf8, text.as_bytes().to_vec()),
            (Encoding::Utf8, marked),
            (Encoding::Utf16Le, utf16([0xff, 0xfe], u16::to_le_bytes)),
            (Encoding::Utf16Be, utf16([0xfe, 0xff], u16::to_be_bytes)),
            (Encoding::Windows1252, WINDOWS_1252.encode(text).0.into_owned()),
        ] {
            let source = Source::new("a.csv", bytes.clone()).expect("text");
            assert_eq!(source.encoding(), encoding);
            assert!(source.text()[source.start()..].starts_with("NHS Number,Full Name"));
            assert!(source.text().contains("Zoë – O’Neil"));
            assert!(source.is_faithful());
            assert_eq!(source.bytes(), bytes);
        }
    }

    #[test]
    fn every_single_byte_of_windows_1252_survives() {
        let mut bytes: Vec<u8> = (1..=255).collect();
        bytes.push(0x80);
        let source = Source::new("a.csv", bytes.clone()).expect("text");
        assert_eq!(source.encoding(), Encoding::Windows1252);
        assert!(source.is_faithful());
        assert_eq!(source.encode("naïve 漢"), b"na\xefve ?");
    }

    #[test]
    fn what_is_not_text_is_named() {
        let refused = |bytes: &[u8]| Source::new("a", bytes.to_vec()).map(|_| ()).unwrap_err();
        assert_eq!(refused(b""), ReadError::Empty);
        assert_eq!(refused(b" \r\n \r\n"), ReadError::Empty);
        assert_eq!(refused(b"%PDF-1.7"), ReadError::NotText(NotText::Pdf));
        assert_eq!(refused(b"PK\x03\x04....word/document.xml"), ReadError::NotText(NotText::Word));
        assert_eq!(refused(b"PK\x03\x04....xl/workbook.xml"), ReadError::NotText(NotText::Workbook));
        assert_eq!(refused(b"a\0b\0"), ReadError::NotText(NotText::Binary));
    }
}
