//! Reading a file in parts, on all processors, with the same result as in one go.
//!
//! A file is cut into blocks of a fixed size. Whoever takes a block guesses where a
//! record begins in it, and from there looks for a *cut*: a record with a valid NHS
//! number that is not the number of the last such record. There a new patient begins
//! whatever stands above, so nothing of what was read before matters. It reads from its
//! cut to the first cut of the next block.
//!
//! A guess can be wrong (a line break within quotes looks like the end of a record).
//! It is never believed: a part is taken only if the part before it, which began at a
//! place that is proven, ended exactly where this one began. Otherwise the stretch is
//! read again from the proven place.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use blake3::hazmat::ChainingValue;

use super::error::{NotText, ReadError};
use super::progress::Progress;
use super::reader::{Caches, Context, Part, Reader};
use super::records::{Ends, Fields, Scanner};
use super::roles::PatientRole;
use super::scan::Index;
use super::source::{block_hash, whole_hash};
use super::store::{Store, Window};
use crate::domain::{NhsNumber, NhsReading};

/// How a file is cut up. Other sizes are for tests.
#[derive(Clone, Copy, Debug)]
pub struct Cutting {
    /// Bytes of a block: a power of two, 1,024 at least (the hash asks for that).
    pub block: u64,
    /// Bytes that are read beyond a block at a time, until its last record is whole.
    pub beyond: u64,
    /// How many threads.
    pub threads: usize,
}

impl Cutting {
    /// As fast as this machine can.
    #[must_use]
    pub fn usual() -> Self {
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(16);
        Self { block: 1 << 21, beyond: 1 << 16, threads }
    }
}

/// One block as it was read.
struct Block {
    /// Where its part begins, unless it has no cut.
    from: Option<u64>,
    part: Part,
    hash: ChainingValue,
}

struct Job<'a> {
    store: &'a dyn Store,
    context: &'a Context<'a>,
    cutting: Cutting,
    start: u64,
    progress: &'a Progress,
}

/// Reads all records of a text that begins at `start`, and hashes its bytes.
pub fn read(
    store: &dyn Store,
    context: &Context<'_>,
    start: u64,
    cutting: Cutting,
    progress: &Progress,
) -> Result<(Vec<Part>, blake3::Hash), ReadError> {
    let job = Job { store, context, cutting, start, progress };
    let blocks = usize::try_from(store.size().div_ceil(cutting.block)).unwrap_or(usize::MAX);
    let read: Mutex<Vec<Option<Result<Block, ReadError>>>> = Mutex::new((0..blocks).map(|_| None).collect());
    let next = AtomicUsize::new(0);
    let work = || {
        let mut worker = Worker::default();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= blocks {
                return;
            }
            let block = job.block(number as u64, &mut worker);
            if block.is_err() {
                // Nobody needs the rest.
                next.store(blocks, Ordering::Relaxed);
            }
            if let Some(slot) = read.lock().unwrap_or_else(PoisonError::into_inner).get_mut(number) {
                *slot = Some(block);
            }
        }
    };
    std::thread::scope(|scope| {
        for number in 1..cutting.threads.min(blocks) {
            let named = std::thread::Builder::new().name(format!("reading {number}"));
            if let Err(error) = named.spawn_scoped(scope, work) {
                log::warn!("reading with fewer threads: {error}");
            }
        }
        work();
    });
    let read = read.into_inner().unwrap_or_else(PoisonError::into_inner);
    job.join(read)
}

#[derive(Default)]
struct Worker {
    window: Window,
    index: Index,
    caches: Caches,
    /// People and entries of the part before.
    size_of_last: (usize, usize),
}

/// Looks for the cut among the records of a block.
#[derive(Default)]
struct CutFinder {
    last: Vec<u8>,
    has_last: bool,
}

impl CutFinder {
    /// Whether a patient begins here, whatever stands above.
    /// A record that may have swallowed others casts doubt on the patient above, and is
    /// none.
    fn is_cut(&mut self, fields: &Fields<'_>, column: Option<u16>, width: usize) -> bool {
        let Some(column) = column else { return false };
        let raw = fields.raw(usize::from(column));
        if self.has_last && self.last == raw {
            return false;
        }
        if !matches!(NhsNumber::read_bytes(raw, super::records::text_of), NhsReading::Valid(_)) {
            return false;
        }
        let whole = || fields.len() <= width && memchr::memchr2(b'\n', b'\r', fields.record()).is_none();
        let cut = self.has_last && !fields.stray_quote && whole();
        self.has_last = true;
        self.last.clear();
        self.last.extend_from_slice(raw);
        cut
    }
}

impl Job<'_> {
    fn block(&self, number: u64, worker: &mut Worker) -> Result<Block, ReadError> {
        let begin = number * self.cutting.block;
        let end = (begin + self.cutting.block).min(self.store.size());
        let before = begin.saturating_sub(1);
        let bytes = worker.window.of(self.store, before, end + self.cutting.beyond)?;
        let place = |at: u64| usize::try_from(at - before).unwrap_or(usize::MAX);
        let own = bytes.get(place(begin)..place(end)).unwrap_or_default();
        if memchr::memchr(0, own).is_some() {
            return Err(ReadError::NotText(NotText::Binary));
        }
        let hash = block_hash(number, self.cutting.block, own);
        let (from, part) = if number == 0 {
            (Some(self.start), self.part_from(self.start, before, number, false, worker)?.1)
        } else {
            match self.guess(bytes, before) {
                Some(guess) => self.part_from(guess, before, number, true, worker)?,
                None => (None, Part::default()),
            }
        };
        if !self.progress.advance(end - begin) {
            return Err(ReadError::Cancelled);
        }
        Ok(Block { from, part, hash })
    }

    /// Where a record probably begins: behind a line break, with as many cells as the
    /// header has.
    fn guess(&self, bytes: &[u8], offset: u64) -> Option<u64> {
        let mut ends = Ends::default();
        let mut first = None;
        let breaks = memchr::memchr2_iter(b'\n', b'\r', bytes).take(64);
        for at in breaks {
            let at = if bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n') { continue } else { at + 1 };
            first = first.or(Some(at));
            let mut scanner = Scanner::new(bytes, at, self.context.layout.delimiter);
            if scanner.next_record(&mut ends, true) && ends.cells.len() == self.context.columns.all.len() {
                return Some(offset + at as u64);
            }
        }
        first.map(|at| offset + at as u64)
    }

    /// Reads from a place where a record begins: all of it, or from the first cut on.
    /// Goes on to the first cut in a later block. `base` is where the first window
    /// that is read begins.
    fn part_from(
        &self,
        from: u64,
        mut base: u64,
        number: u64,
        from_cut: bool,
        worker: &mut Worker,
    ) -> Result<(Option<u64>, Part), ReadError> {
        let column = self.context.columns.patient(PatientRole::NhsNumber);
        let delimiter = self.context.layout.delimiter;
        let width = self.context.columns.all.len();
        let size = self.store.size();
        let mut border = ((number + 1) * self.cutting.block).min(size);
        let Worker { window, index, caches, size_of_last } = worker;
        let mut reader = Reader::new(self.context, caches);
        reader.reserve_like(size_of_last.0, size_of_last.1);
        let mut cuts = CutFinder::default();
        let mut begun = (!from_cut).then_some(from);
        let mut at = from;
        let mut reach = border;
        loop {
            reach = (reach + self.cutting.beyond).min(size);
            let bytes = window.of(self.store, base, reach)?;
            let first = usize::try_from(at - base).unwrap_or(usize::MAX);
            index.build(bytes, first, delimiter, reach == size);
            let mut utf8_from = begun.map(|_| first);
            for mark in &index.records {
                let start = base + u64::from(mark.start);
                let cells = index.ends.get(mark.cells.0 as usize..mark.cells.1 as usize).unwrap_or_default();
                let fields = Fields::new(bytes, mark.start as usize, mark.next as usize, cells, mark.stray_quote);
                while start >= border && border < size {
                    // The records of the next block are looked at afresh there.
                    if begun.is_none() {
                        return Ok((None, Part::default()));
                    }
                    border = (border + self.cutting.block).min(size);
                    cuts = CutFinder::default();
                    reach = reach.max(start);
                }
                let is_beyond = begun.is_none() || border > (number + 1) * self.cutting.block || start >= size;
                if is_beyond && cuts.is_cut(&fields, column, width) {
                    if begun.is_some() {
                        let piece = bytes.get(utf8_from.unwrap_or(0)..mark.start as usize);
                        reader.note_encoding(piece.unwrap_or_default(), index.is_ascii);
                        *size_of_last = reader.size();
                        return Ok((begun, reader.finish(start)));
                    }
                    begun = Some(start);
                    utf8_from = Some(mark.start as usize);
                }
                if begun.is_some() {
                    let is_data = start >= self.context.layout.body_start;
                    reader.take(&fields, start, index.has_breaks, is_data);
                }
            }
            if let Some(utf8_from) = utf8_from {
                reader.note_encoding(bytes.get(utf8_from..index.complete_to).unwrap_or_default(), index.is_ascii);
            }
            at = base + index.complete_to as u64;
            base = at;
            if reach == size {
                return Ok((begun, reader.finish(size)));
            }
            if begun.is_none() && at >= border {
                return Ok((None, Part::default()));
            }
        }
    }

    /// Puts the parts together: each must begin where the one before ended.
    fn join(&self, blocks: Vec<Option<Result<Block, ReadError>>>) -> Result<(Vec<Part>, blake3::Hash), ReadError> {
        let mut hashes = Vec::with_capacity(blocks.len());
        let mut parts = Vec::with_capacity(blocks.len());
        let mut worker = Worker::default();
        let mut proven = self.start;
        // An error of any block is the error of the file; the first one is told.
        let mut read = Vec::with_capacity(blocks.len());
        for block in blocks {
            read.push(block.unwrap_or(Err(ReadError::Cancelled)));
        }
        if let Some(at) = read.iter().position(|b| matches!(b, Err(e) if *e != ReadError::Cancelled)) {
            read.swap(0, at);
        }
        for (number, block) in (0_u64..).zip(read) {
            let block = block?;
            hashes.push(block.hash);
            let border = ((number + 1) * self.cutting.block).min(self.store.size());
            let part = if block.from == Some(proven) {
                block.part
            } else if proven < border {
                self.part_from(proven, proven, number, false, &mut worker)?.1
            } else {
                continue;
            };
            proven = part.rows.end;
            parts.push(part);
        }
        let hash = match whole_hash(&hashes) {
            Some(hash) => hash,
            None => blake3::hash(Window::default().of(self.store, 0, self.store.size())?),
        };
        Ok((parts, hash))
    }
}
