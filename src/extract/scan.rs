//! Where cells and records end: the structure of a stretch of text, found 64
//! bytes at a time.
//!
//! There is one definition of what a record is: [`super::records::Scanner`]. What
//! is here finds the same ends faster wherever every quotation mark stands where
//! one can, notices where that is not so, and leaves that record to the scanner.
//! Tests hold the two against each other.

#![expect(clippy::inline_always, reason = "the loop over words is one function for each kind of instructions")]
#![cfg_attr(
    target_arch = "x86_64",
    expect(clippy::cast_ptr_alignment, reason = "the loads that are used take any place")
)]

use super::records::{Ends, LONGEST_CELL, Scanner};

/// The records of a stretch of text: every one that is complete.
#[derive(Debug, Default)]
pub struct Index {
    /// The end of each cell, record after record.
    pub ends: Vec<u32>,
    /// The records.
    pub records: Vec<Mark>,
    /// Where the first record begins that is not complete; the end, if there is none.
    pub complete_to: usize,
    /// Whether a line break stands within a cell anywhere.
    pub has_breaks: bool,
    /// All bytes that were looked at are ASCII.
    pub is_ascii: bool,
}

/// One record of an [`Index`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Where it begins.
    pub start: u32,
    /// Where the next one begins.
    pub next: u32,
    /// Its cells, as a range of [`Index::ends`].
    pub cells: (u32, u32),
    /// A quotation mark stood where none can.
    pub stray_quote: bool,
}

impl Index {
    /// Finds the records from `from` on, which must be where a record begins.
    /// `at_end` says that the file ends with these bytes: then what is left is a
    /// record too.
    pub fn build(&mut self, bytes: &[u8], from: usize, delimiter: u8, at_end: bool) {
        self.ends.clear();
        self.records.clear();
        self.has_breaks = false;
        self.is_ascii = true;
        self.complete_to = from;
        while let Some(irregular) = self.quickest(bytes, delimiter, at_end) {
            // Record by record, until the place that is out of order is behind us.
            let mut scanner = Scanner::new(bytes, self.complete_to, delimiter);
            let mut ends = Ends::default();
            let mut went_on = false;
            while self.complete_to <= irregular && scanner.next_record(&mut ends, at_end) {
                self.take(bytes, &ends);
                went_on = true;
            }
            if !went_on {
                return;
            }
        }
    }

    /// The same by the scanner alone: what [`Index::build`] must agree with.
    #[cfg(test)]
    pub fn build_slowly(&mut self, bytes: &[u8], from: usize, delimiter: u8, at_end: bool) {
        *self = Self { complete_to: from, ..Self::default() };
        let mut scanner = Scanner::new(bytes, from, delimiter);
        let mut ends = Ends::default();
        while scanner.next_record(&mut ends, at_end) {
            self.take(bytes, &ends);
        }
    }

    fn take(&mut self, bytes: &[u8], record: &Ends) {
        let first = small(self.ends.len());
        self.ends.extend_from_slice(&record.cells);
        self.has_breaks |= bytes
            .get(record.start..record.cells.last().map_or(record.start, |e| *e as usize))
            .is_some_and(|r| memchr::memchr2(b'\n', b'\r', r).is_some());
        self.records.push(Mark {
            start: small(record.start),
            next: small(record.next),
            cells: (first, small(self.ends.len())),
            stray_quote: record.stray_quote,
        });
        self.complete_to = record.next;
    }

    /// [`Index::quickly`] with the widest instructions that this processor has.
    #[cfg(target_arch = "x86_64")]
    #[expect(unsafe_code, reason = "vector instructions, after asking for them")]
    fn quickest(&mut self, bytes: &[u8], delimiter: u8, at_end: bool) -> Option<usize> {
        #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
        fn wide(index: &mut Index, bytes: &[u8], delimiter: u8, at_end: bool) -> Option<usize> {
            index.quickly(bytes, delimiter, at_end, |word, delimiter| Masks::of_wide_vectors(word, delimiter))
        }
        let has_all = is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("lzcnt")
            && is_x86_feature_detected!("popcnt");
        if has_all {
            // SAFETY: the processor has just been asked.
            return unsafe { wide(self, bytes, delimiter, at_end) };
        }
        self.quickly(bytes, delimiter, at_end, Masks::of_vectors)
    }

    #[cfg(not(target_arch = "x86_64"))]
    fn quickest(&mut self, bytes: &[u8], delimiter: u8, at_end: bool) -> Option<usize> {
        self.quickly(bytes, delimiter, at_end, Masks::of_bytes)
    }

    /// Goes on from `complete_to` as long as every quotation mark stands where one
    /// can. `Some` names a byte that does not; all records before it are in.
    #[inline(always)]
    fn quickly(
        &mut self,
        bytes: &[u8],
        delimiter: u8,
        at_end: bool,
        masks_of: impl Fn(&[u8], u8) -> Masks,
    ) -> Option<usize> {
        let begin = self.complete_to;
        let mut state = State { start: begin, first: small(self.ends.len()), at_end, ..State::default() };
        let mut at = begin;
        let mut result = None;
        while at < bytes.len() {
            let (masks, length) = match bytes.get(at..at + 64) {
                Some(word) => (masks_of(word, delimiter), 64),
                None => (Masks::of_rest(&bytes[at..], delimiter), bytes.len() - at),
            };
            self.is_ascii &= masks.high == 0;
            let last = at + length == bytes.len();
            if let Err(irregular) = self.word(bytes, at, length, last, masks, &mut state) {
                result = Some(irregular);
                break;
            }
            at += 64;
        }
        if result.is_none() {
            if bytes.len() - state.start > LONGEST_CELL || (at_end && state.inside != 0) {
                // Never closed, or too long: that is for the scanner to say.
                result = Some(bytes.len());
            } else if at_end && state.start < bytes.len() {
                self.ends.push(small(bytes.len()));
                self.finish(&mut state, bytes.len());
            }
        }
        // What was noted of a record that is not complete is taken back.
        self.ends.truncate(state.first as usize);
        self.complete_to = state.start;
        result
    }

    #[inline(always)]
    fn word(
        &mut self,
        bytes: &[u8],
        at: usize,
        length: usize,
        last: bool,
        masks: Masks,
        state: &mut State,
    ) -> Result<(), usize> {
        let Masks { quote, delimiter, feed, back, .. } = masks;
        let inside = prefix_xor(quote) ^ state.inside;
        let (opens, closes) = (quote & inside, quote & !inside);
        let (delimiter, back, inner) = (delimiter & !inside, back & !inside, (feed | back) & inside);
        let all_feeds = feed & !inside;
        self.has_breaks |= inner != 0;
        // A feed behind a return ends nothing more.
        let feed = all_feeds & !((back << 1) | u64::from(state.back));
        let separators = delimiter | all_feeds | back;
        if quote != 0 || state.closed {
            let before_opening =
                (separators << 1) | (closes << 1) | u64::from(state.separated) | u64::from(state.closed);
            let odd_opening = opens & !(before_opening | u64::from(at == state.start));
            let end = if last && state.at_end && length < 64 { 1 << length } else { 0 };
            let behind_closing = separators | opens | end;
            let odd_closing = closes & (u64::MAX >> 1) & !(behind_closing >> 1);
            let odd = odd_opening | odd_closing;
            let odd_before = state.closed && behind_closing & 1 == 0;
            if odd != 0 || odd_before {
                let place = if odd_before { 0 } else { odd.trailing_zeros() as usize };
                // Records that ended before are right all the same.
                let before = (1 << place) - 1;
                self.emit(bytes, at, delimiter & before, (feed & before, back & before), state)?;
                return Err(at + place);
            }
        }
        self.emit(bytes, at, delimiter, (feed, back), state)?;
        let top = |mask: u64| mask >> 63 == 1;
        state.inside = if top(inside) { u64::MAX } else { 0 };
        state.back = top(back);
        state.closed = top(closes) && !last;
        state.separated = top(separators);
        Ok(())
    }

    /// Notes the ends of a word.
    #[inline(always)]
    fn emit(
        &mut self,
        bytes: &[u8],
        at: usize,
        delimiter: u64,
        (feed, back): (u64, u64),
        state: &mut State,
    ) -> Result<(), usize> {
        let records = feed | back;
        let mut left = delimiter | records;
        self.ends.reserve(64);
        while left != 0 {
            let bit = left.trailing_zeros();
            left &= left - 1;
            let place = at + bit as usize;
            self.ends.push(small(place));
            if records >> bit & 1 == 1 {
                let next = match (back >> bit & 1 == 1, bytes.get(place + 1)) {
                    (true, Some(b'\n')) => place + 2,
                    // Whether a feed follows is not known yet.
                    (true, None) if !state.at_end => return Ok(()),
                    _ => place + 1,
                };
                if next - state.start > LONGEST_CELL {
                    return Err(state.start);
                }
                self.finish(state, next);
            }
        }
        Ok(())
    }

    #[inline(always)]
    fn finish(&mut self, state: &mut State, next: usize) {
        let end = small(self.ends.len());
        self.records.push(Mark {
            start: small(state.start),
            next: small(next),
            cells: (state.first, end),
            stray_quote: false,
        });
        state.start = next;
        state.first = end;
    }
}

/// What one word hands on to the next.
#[derive(Default)]
struct State {
    /// All ones within quotes.
    inside: u64,
    /// The last byte was a return outside quotes.
    back: bool,
    /// The last byte was a closing quote.
    closed: bool,
    /// The last byte was a separator.
    separated: bool,
    /// Where the record begins.
    start: usize,
    /// Its first cell.
    first: u32,
    /// The text ends with these bytes.
    at_end: bool,
}

fn small(at: usize) -> u32 {
    // Stretches are a few megabytes; a record that is longer is refused before.
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// For each bit, whether an odd number of bits is set up to it.
const fn prefix_xor(mut mask: u64) -> u64 {
    mask ^= mask << 1;
    mask ^= mask << 2;
    mask ^= mask << 4;
    mask ^= mask << 8;
    mask ^= mask << 16;
    mask ^ mask << 32
}

/// Where the bytes that matter stand in 64 of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
struct Masks {
    quote: u64,
    delimiter: u64,
    feed: u64,
    back: u64,
    /// Bytes that are not ASCII.
    high: u64,
}

#[cfg(target_arch = "x86_64")]
impl Masks {
    /// By SSE2, which is part of every x86-64 processor.
    #[inline]
    #[expect(unsafe_code, reason = "vector instructions that every processor of this kind has")]
    fn of_vectors(word: &[u8], delimiter: u8) -> Self {
        #[inline]
        #[target_feature(enable = "sse2")]
        fn of(word: &[u8], delimiter: u8) -> Masks {
            use std::arch::x86_64::{__m128i, _mm_cmpeq_epi8, _mm_loadu_si128, _mm_movemask_epi8, _mm_set1_epi8};
            let mut masks = Masks::default();
            let wanted = |byte: u8| _mm_set1_epi8(byte.cast_signed());
            let (quote, delimiter, feed, back) = (wanted(b'"'), wanted(delimiter), wanted(b'\n'), wanted(b'\r'));
            for (quarter, part) in word.chunks_exact(16).enumerate() {
                // SAFETY: a chunk is sixteen bytes long, and may lie anywhere.
                let part = unsafe { _mm_loadu_si128(part.as_ptr().cast::<__m128i>()) };
                let mask = |found| u64::from(_mm_movemask_epi8(found).cast_unsigned()) << (16 * quarter);
                let found = |byte| mask(_mm_cmpeq_epi8(part, byte));
                masks.quote |= found(quote);
                masks.delimiter |= found(delimiter);
                masks.feed |= found(feed);
                masks.back |= found(back);
                masks.high |= mask(part);
            }
            masks
        }
        // SAFETY: SSE2 is part of x86-64.
        unsafe { of(word, delimiter) }
    }

    /// By AVX2. Only for a caller that has asked the processor for it.
    #[inline]
    #[target_feature(enable = "avx2")]
    #[expect(unsafe_code, reason = "loading a vector from bytes")]
    fn of_wide_vectors(word: &[u8], delimiter: u8) -> Self {
        use std::arch::x86_64::{
            __m256i, _mm256_cmpeq_epi8, _mm256_loadu_si256, _mm256_movemask_epi8, _mm256_set1_epi8,
        };
        let mut masks = Self::default();
        let wanted = |byte: u8| _mm256_set1_epi8(byte.cast_signed());
        let (quote, delimiter, feed, back) = (wanted(b'"'), wanted(delimiter), wanted(b'\n'), wanted(b'\r'));
        for (half, part) in word.chunks_exact(32).enumerate() {
            // SAFETY: a chunk is thirty-two bytes long, and may lie anywhere.
            let part = unsafe { _mm256_loadu_si256(part.as_ptr().cast::<__m256i>()) };
            let mask = |found| u64::from(_mm256_movemask_epi8(found).cast_unsigned()) << (32 * half);
            let found = |byte| mask(_mm256_cmpeq_epi8(part, byte));
            masks.quote |= found(quote);
            masks.delimiter |= found(delimiter);
            masks.feed |= found(feed);
            masks.back |= found(back);
            masks.high |= mask(part);
        }
        masks
    }
}

impl Masks {
    /// The scalar twin, for other processors and for what is shorter than a word; tests
    /// hold the two together.
    fn of_bytes(word: &[u8], delimiter: u8) -> Self {
        let mut masks = Self::default();
        for (bit, byte) in word.iter().enumerate().take(64) {
            let set = |is: bool| u64::from(is) << bit;
            masks.quote |= set(*byte == b'"');
            masks.delimiter |= set(*byte == delimiter);
            masks.feed |= set(*byte == b'\n');
            masks.back |= set(*byte == b'\r');
            masks.high |= set(!byte.is_ascii());
        }
        masks
    }

    /// The last bytes of a stretch. Kept out of the loop over whole words.
    #[inline(never)]
    fn of_rest(rest: &[u8], delimiter: u8) -> Self {
        Self::of_bytes(rest, delimiter)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn both(bytes: &[u8], at_end: bool) -> (Index, Index) {
        let (mut quick, mut slow) = (Index::default(), Index::default());
        quick.build(bytes, 0, b',', at_end);
        slow.build_slowly(bytes, 0, b',', at_end);
        (quick, slow)
    }

    fn agree(bytes: &[u8]) {
        for at_end in [true, false] {
            let (quick, slow) = both(bytes, at_end);
            let text = String::from_utf8_lossy(bytes);
            assert_eq!(quick.ends, slow.ends, "{text:?} {at_end}");
            assert_eq!(quick.records, slow.records, "{text:?} {at_end}");
            assert_eq!(quick.complete_to, slow.complete_to, "{text:?} {at_end}");
            assert!(quick.has_breaks || !slow.has_breaks, "{text:?}");
        }
    }

    #[test]
    fn nasty_pieces_at_every_place_of_a_word() {
        let pieces = [
            "a,b\r\n",
            "\"x, y\",z\n",
            "\"a\"\"b\",\"\"\r\n",
            "a\"b,c\n",
            "\"open,c\n",
            "\"a\" b,c\r",
            ",\"\"\"\"\n",
            "\r\r\n",
            "\"l1\r\nl2\",\"\n\"\n",
            "\"\"\"\n",
            "\"a\"\"\"\n",
            "é\",ü\"\n",
            "\"a\",\"b\"",
            "\"\",\"\"\r\n",
        ];
        for pad in 0..66 {
            for first in pieces {
                for second in pieces {
                    let text = format!("{}{first}{second}d,\"e\"\nf,g\n", "x".repeat(pad));
                    agree(text.as_bytes());
                }
            }
        }
    }

    #[test]
    fn cells_longer_than_any_are_no_cells() {
        let long = "y".repeat(LONGEST_CELL + 10);
        agree(format!("a,b\n\"{long}\",c\nd,e\n").as_bytes());
        agree(format!("a,b\n\"{long}\n").as_bytes());
        agree(format!("a,b\n{long},c\n").as_bytes());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn the_quick_way_finds_what_the_scanner_finds(text in "[a,\"\r\n é]{0,300}") {
            agree(text.as_bytes());
        }

        #[test]
        fn and_in_well_formed_tables(cells in proptest::collection::vec("[a-c]{0,40}|\"([a,\n\r]|\"\"){0,40}\"", 0..60)) {
            let between = |i: usize| if i % 5 == 4 { "\r\n" } else { "," };
            let text: String = cells.iter().enumerate().flat_map(|(i, c)| [c.as_str(), between(i)]).collect();
            agree(text.as_bytes());
        }

        #[test]
        fn both_ways_of_making_masks_agree(bytes in proptest::collection::vec(any::<u8>(), 64)) {
            let slowly = Masks::of_bytes(&bytes, b';');
            #[cfg(target_arch = "x86_64")]
            prop_assert_eq!(Masks::of_vectors(&bytes, b';'), slowly);
            prop_assert_eq!(slowly.high == 0, bytes.is_ascii());
        }
    }
}
