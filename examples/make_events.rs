//! Writes a big made-up export for measuring speed, one row a code event, in EMIS
//! Web captions:
//! `cargo run --release --example make_events -- 1000000 events.csv [--shuffle]`
//!
//! Nobody in it exists: names come from short lists, NHS numbers from the 999
//! range that is never issued. The same arguments always give the same bytes.
//! (`make_sample` makes practices that look like practices; this makes files of
//! 10 million rows in seconds, with nothing in them to repair.)

use std::error::Error;
use std::fs::File;
use std::io::Write;

const HEADER: &[u8] = b"EMIS Number,NHS Number,Full Name,Date of Birth,Age,Gender,Date of Registration,\
Usual GP's Full Name,Code Term,SNOMED Code,Date,Date Added,Associated Text,User Details' Full Name\r\n";

const FAMILY: [&str; 40] = [
    "ADAMS", "AHMED", "ALLEN", "BAKER", "BEGUM", "BROWN", "CARTER", "CHEN", "CLARKE", "COOPER", "DAVIES", "DOYLE",
    "EVANS", "FOSTER", "GRAHAM", "GREEN", "HALL", "HARRIS", "HUGHES", "IQBAL", "JONES", "KAUR", "KELLY", "LEWIS",
    "MARTIN", "MOORE", "NOLAN", "NOWAK", "O'BRIEN", "OKAFOR", "PATEL", "PRICE", "SCOTT", "SHAH", "SINGH", "SMITH",
    "TAYLOR", "WALKER", "WRIGHT", "ÅSTRÖM",
];
const WOMEN: [&str; 16] = [
    "Aisha", "Amelia", "Beth", "Chloé", "Diane", "Ella", "Farah", "Grace", "Ivy", "Jean", "Kay", "Lucy", "Mia",
    "Nadia", "Priya", "Zoe",
];
const MEN: [&str; 16] = [
    "Adam", "Ben", "Carl", "Dev", "Edward", "Finn", "George", "Hal", "Imran", "Jack", "Leo", "Mark", "Noah", "Omar",
    "Raj", "Tom",
];
const GPS: [&str; 4] = ["NOLAN, Orla (Dr)", "LEWIS, Sam (Dr)", "RAO, Anil (Dr)", "BRIGHT, Jo (Dr)"];
/// The first did the bulk day, the second the week; the last two are clinicians.
const USERS: [&str; 12] = [
    "ADMIN, Ann (Mrs)",
    "PRICE, Owen (Mr)",
    "ADEYEMI, Ola (Mrs)",
    "BECK, Sue (Ms)",
    "COLE, Pat (Mr)",
    "DEAN, Lou (Ms)",
    "ELLIS, Jan (Mrs)",
    "FORD, Max (Mr)",
    "GRANT, Eve (Miss)",
    "HART, Kim (Ms)",
    "LEWIS, Sam (Dr)",
    "RAO, Anil (Dr)",
];
/// As they stand in the file: those with a comma or a quote are quoted.
const NOTES: [&str; 10] = [
    "Practice policy",
    "As agreed at meeting",
    "See consultation",
    "Discussed by telephone",
    "Letter sent",
    "\"Reviewed, see letter\"",
    "\"Asked for paper copies, not online\"",
    "\"Says \"\"not now\"\", will ring again\"",
    "\"Prefers to be called \"\"Kit\"\"\"",
    "\"Daughter helps, telephone first\"",
];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DIGITS: &[u8; 10] = b"0123456789";
/// The 999 range has about 909,000 numbers whose check digit is right.
const MOST_PATIENTS: usize = 800_000;
/// Every fourth Monday somebody of the office codes whoever is new.
const SWEEP: usize = 28;
const BULK_USER: usize = 0;
const WEEK_USER: usize = 1;

fn main() -> Result<(), Box<dyn Error>> {
    let mut names = Vec::new();
    let mut shuffle = false;
    for arg in std::env::args_os().skip(1) {
        if arg == "--shuffle" {
            shuffle = true;
        } else {
            names.push(arg);
        }
    }
    let [rows, path] = names.as_slice() else { return Err("usage: make_events ROWS FILE [--shuffle]".into()) };
    let rows: usize = rows.to_str().and_then(|r| r.parse().ok()).ok_or("ROWS is a whole number")?;
    let mut out = Out { file: File::create(path)?, buffer: Vec::with_capacity(Out::FULL + 4096) };
    out.buffer.extend_from_slice(HEADER);
    if rows > 0 {
        let practice = Practice::new(rows)?;
        if shuffle { practice.write_shuffled(&mut out)? } else { practice.write_grouped(&mut out)? }
    }
    out.flush()?;
    Ok(())
}

/// A file, written in large pieces.
struct Out {
    file: File,
    buffer: Vec<u8>,
}

impl Out {
    const FULL: usize = 1 << 20;

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }

    fn flush_if_full(&mut self) -> std::io::Result<()> {
        if self.buffer.len() < Self::FULL { Ok(()) } else { self.flush() }
    }
}

/// A stream of numbers that look random and are always the same (splitmix64).
struct Random(u64);

impl Random {
    /// One stream for each patient, or for another purpose.
    fn new(stream: usize) -> Self {
        let stream = u64::try_from(stream).unwrap_or(u64::MAX);
        Self(stream.wrapping_mul(0xd134_2543_de82_ef95).wrapping_add(104_106))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to `n` − 1; 0 where `n` is 0.
    fn below(&mut self, n: usize) -> usize {
        let n = u64::try_from(n).unwrap_or(1).max(1);
        usize::try_from(self.next() % n).unwrap_or(0)
    }

    fn between(&mut self, first: usize, last: usize) -> usize {
        first + self.below((last + 1).saturating_sub(first))
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

/// The number of a day: days since 1 March of the year 0, so that a leap day is
/// the last of its year.
fn day_number(year: usize, month: usize, day: usize) -> usize {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 1
}

/// Year, month and day of a day's number (H. Hinnant, "chrono-compatible low-level
/// date algorithms").
fn calendar(number: usize) -> (usize, usize, usize) {
    let (era, of_era) = (number / 146_097, number % 146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (year * 365 + year / 4 - year / 100);
    let month = (of_year * 5 + 2) / 153;
    let day = of_year - (month * 153 + 2) / 5 + 1;
    let year = year + era * 400;
    if month < 10 { (year, month + 3, day) } else { (year + 1, month - 9, day) }
}

/// Monday to Friday; 1 March of the year 0 was a Wednesday.
fn is_weekday(day: usize) -> bool {
    (day + 2) % 7 < 5
}

#[derive(Clone, Copy)]
enum Form {
    /// 31-Oct-2022
    Long,
    /// 31-Oct-22
    Short,
    /// 31/10/2022
    Slashes,
}

impl Form {
    /// Of a hundred dates, so many with a short year and with slashes.
    fn pick(random: &mut Random, short: usize, slashes: usize) -> Self {
        match random.below(100) {
            n if n < short => Self::Short,
            n if n < short + slashes => Self::Slashes,
            _ => Self::Long,
        }
    }

    fn write(self, out: &mut Vec<u8>, day: usize) {
        let (year, month, day) = calendar(day);
        padded(out, day, 2);
        match self {
            Self::Long | Self::Short => {
                out.push(b'-');
                out.extend_from_slice(MONTHS[month - 1].as_bytes());
                out.push(b'-');
            }
            Self::Slashes => {
                out.push(b'/');
                padded(out, month, 2);
                out.push(b'/');
            }
        }
        if matches!(self, Self::Short) { padded(out, year % 100, 2) } else { padded(out, year, 4) }
    }
}

/// A number with leading zeros.
fn padded(out: &mut Vec<u8>, number: usize, width: u32) {
    for place in (0..width).rev() {
        out.push(DIGITS[number / 10_usize.pow(place) % 10]);
    }
}

fn plain(out: &mut Vec<u8>, number: usize) {
    padded(out, number, number.checked_ilog10().map_or(1, |n| n + 1));
}

fn quoted(out: &mut Vec<u8>, parts: &[&str]) {
    out.push(b'"');
    for part in parts {
        out.extend_from_slice(part.as_bytes());
    }
    out.push(b'"');
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Code {
    Declined,
    Review,
    NoReview,
}

impl Code {
    const fn cells(self) -> &'static [u8] {
        match self {
            Self::Declined => b",Online access to own health record declined by patient,1290331000000103,",
            Self::Review => b",Enhanced review indicated before granting access to own health record,1364731000000104,",
            Self::NoReview => {
                b",Enhanced review not indicated before granting access to own health record,1364751000000106,"
            }
        }
    }
}

#[derive(Clone, Copy)]
struct Event {
    code: Code,
    day: usize,
    user: usize,
}

/// Days that have a meaning here.
struct Days {
    today: usize,
    start: usize,
    bulk: usize,
    week: usize,
}

/// Everything that the rows are drawn from.
struct Practice {
    days: Days,
    /// The first nine digits of each patient's NHS number, less 999,000,000, and
    /// the check digit: 0 to 9,999,999.
    numbers: Vec<usize>,
    /// The first row of each patient, and the number of rows at the end.
    starts: Vec<usize>,
}

impl Practice {
    fn new(rows: usize) -> Result<Self, Box<dyn Error>> {
        let patients = (rows.saturating_mul(2) / 5).clamp(1, MOST_PATIENTS);
        let numbers: Vec<usize> = numbers().take(patients).collect();
        if numbers.len() < patients {
            return Err("the 999 range has not so many numbers".into());
        }
        let days = Days {
            today: day_number(2026, 11, 20),
            start: day_number(2019, 1, 7),
            bulk: day_number(2022, 10, 31),
            week: day_number(2023, 1, 16),
        };
        Ok(Self { days, numbers, starts: starts(rows, patients) })
    }

    fn write_grouped(&self, out: &mut Out) -> std::io::Result<()> {
        let (mut cells, mut events) = (Vec::new(), Vec::new());
        for (patient, rows) in self.starts.windows(2).enumerate() {
            let mut random = Random::new(patient);
            cells.clear();
            let born = self.patient(patient, &mut random, &mut cells);
            self.events(rows[1] - rows[0], born, &mut random, &mut events);
            for (row, event) in (rows[0]..).zip(&events) {
                self.row(row, *event, &cells, &mut out.buffer);
            }
            out.flush_if_full()?;
        }
        Ok(())
    }

    /// The same rows in random order: a patient is made anew for each of them, so
    /// that only row numbers are kept in memory.
    fn write_shuffled(&self, out: &mut Out) -> Result<(), Box<dyn Error>> {
        let rows = u32::try_from(self.starts.last().copied().unwrap_or(0))?;
        let mut order: Vec<u32> = (0..rows).collect();
        let mut random = Random::new(usize::MAX);
        for last in (1..order.len()).rev() {
            let other = random.below(last + 1);
            order.swap(last, other);
        }
        let (mut cells, mut events) = (Vec::new(), Vec::new());
        for row in order {
            let row = usize::try_from(row)?;
            let patient = self.starts.partition_point(|start| *start <= row) - 1;
            let (from, to) = (self.starts[patient], self.starts[patient + 1]);
            let mut random = Random::new(patient);
            cells.clear();
            let born = self.patient(patient, &mut random, &mut cells);
            self.events(to - from, born, &mut random, &mut events);
            self.row(row, events[row - from], &cells, &mut out.buffer);
            out.flush_if_full()?;
        }
        Ok(())
    }

    /// The cells that every row of a patient begins with; the birth date.
    fn patient(&self, patient: usize, random: &mut Random, out: &mut Vec<u8>) -> usize {
        plain(out, 1001 + patient);
        out.push(b',');
        let number = self.numbers[patient];
        let number = match random.below(1000) {
            0 => None,
            1 | 2 => Some(number / 10 * 10 + (number + 1 + random.below(9)) % 10),
            _ => Some(number),
        };
        if let Some(number) = number {
            out.extend_from_slice(b"999 ");
            padded(out, number / 10_000, 3);
            out.push(b' ');
            padded(out, number % 10_000, 4);
        }
        out.push(b',');
        let female = random.below(1000) < 505;
        let title = if female { random.pick(&["Mrs", "Miss", "Ms"]) } else { "Mr" };
        let given = if female { random.pick(&WOMEN) } else { random.pick(&MEN) };
        quoted(out, &[random.pick(&FAMILY), ", ", given, " (", title, ")"]);
        out.push(b',');
        let (born, age) = self.birth(random);
        Form::pick(random, 0, 6).write(out, born);
        out.push(b',');
        plain(out, age);
        out.extend_from_slice(if female { b",Female," } else { b",Male," });
        // Most have been here for long.
        let long_ago = self.days.start - random.below(9000);
        let recently = random.between(self.days.start, self.days.today);
        let registered = if random.below(10) < 8 { long_ago } else { recently };
        Form::Long.write(out, registered.max(born));
        out.push(b',');
        quoted(out, &[random.pick(&GPS)]);
        born
    }

    /// Birth date and age today, from 0 to 99: more of 16 to 60 than of the others.
    fn birth(&self, random: &mut Random) -> (usize, usize) {
        let age = match random.below(1000) {
            0..130 => random.below(16),
            130..750 => random.between(16, 60),
            750..950 => random.between(61, 80),
            _ => random.between(81, 99),
        };
        let (year, month, day) = calendar(self.days.today);
        let latest = day_number(year - age, month, day);
        let earliest = day_number(year - age - 1, month, day) + 1;
        (random.between(earliest, latest), age)
    }

    /// So many entries of a patient, none before the birth or after today.
    fn events(&self, count: usize, born: usize, random: &mut Random, out: &mut Vec<Event>) {
        out.clear();
        let first = self.days.start.max(born);
        let outcome = random.below(100);
        let anchor = self.anchor(first, random);
        if count == 1 {
            let code = match outcome {
                0..4 => Code::Declined,
                4..10 => Code::NoReview,
                _ => Code::Review,
            };
            out.push(if code == Code::Review { anchor } else { Event { code, ..self.lone(code, first, random) } });
            return;
        }
        // Older entries, the one that most were given, and what became of it.
        let last = match outcome {
            0..6 => Some(self.lone(Code::Declined, anchor.day, random)),
            6..30 => Some(self.lone(Code::NoReview, anchor.day + 1, random)),
            30..32 => Some(Event { code: Code::NoReview, user: random.below(USERS.len()), ..anchor }),
            32..50 => Some(self.lone(Code::Review, anchor.day + 1, random)),
            _ => None,
        };
        // A later day that falls after today is no day at all.
        let last = last.filter(|event| event.day <= self.days.today);
        let older = count - 1 - usize::from(last.is_some());
        for _ in 0..older {
            let sweeps = first.saturating_sub(self.days.start).div_ceil(SWEEP)..(anchor.day - self.days.start) / SWEEP;
            let mut event = if random.below(10) < 7 && !sweeps.is_empty() {
                let sweep = random.between(sweeps.start, sweeps.end - 1);
                Event { code: Code::Review, day: self.days.start + sweep * SWEEP, user: 2 + sweep % 8 }
            } else {
                let code = if random.below(3) == 0 { Code::NoReview } else { Code::Review };
                self.lone(code, first, random)
            };
            if event.day >= anchor.day {
                event.day = random.between(first, anchor.day.saturating_sub(1).max(first));
            }
            // Born on the day of the entry: no older one is possible, and a 106
            // would make a conflict that nobody meant.
            if event.day == anchor.day {
                event.code = Code::Review;
            }
            out.push(event);
        }
        out.push(anchor);
        out.extend(last);
    }

    /// The 104 that a patient was given: on the bulk day, in the week, or alone.
    fn anchor(&self, first: usize, random: &mut Random) -> Event {
        let code = Code::Review;
        match random.below(100) {
            0..46 if first <= self.days.bulk => Event { code, day: self.days.bulk, user: BULK_USER },
            46..72 if first <= self.days.week => Event { code, day: self.days.week + random.below(5), user: WEEK_USER },
            _ => self.lone(code, first, random),
        }
    }

    /// An entry on some working day, if `first` leaves one.
    fn lone(&self, code: Code, first: usize, random: &mut Random) -> Event {
        let day = if first > self.days.today { first } else { random.between(first, self.days.today) };
        let back = (0..3).find(|back| is_weekday(day - back)).unwrap_or(0);
        let day = if day - back >= first { day - back } else { day };
        Event { code, day, user: random.below(USERS.len()) }
    }

    fn row(&self, row: usize, event: Event, patient: &[u8], out: &mut Vec<u8>) {
        let mut random = Random::new(row ^ (1 << 40));
        out.extend_from_slice(patient);
        out.extend_from_slice(event.code.cells());
        let form = Form::pick(&mut random, 6, 6);
        form.write(out, event.day);
        out.push(b',');
        let late = if random.below(100) < 4 { random.below(30) } else { 0 };
        form.write(out, (event.day + late).min(self.days.today));
        out.push(b',');
        if random.below(100) < 5 {
            out.extend_from_slice(random.pick(&NOTES).as_bytes());
        }
        out.push(b',');
        quoted(out, &[USERS[event.user]]);
        out.extend_from_slice(b"\r\n");
    }
}

/// The valid numbers of the 999 range without their 999, in a scattered order.
fn numbers() -> impl Iterator<Item = usize> {
    (0..1_000_000).filter_map(|i| {
        let six = (i * 618_033 + 271_828) % 1_000_000;
        // 9 × 10 + 9 × 9 + 9 × 8, then the six digits with the weights 7 to 2.
        let (mut sum, mut rest) = (243, six);
        for weight in 2..=7 {
            sum += rest % 10 * weight;
            rest /= 10;
        }
        // 11 − (sum mod 11), where 11 becomes 0; 10 is never issued.
        let check = (11 - sum % 11) % 11;
        (check < 10).then_some(six * 10 + check)
    })
}

/// The first row of each patient, and the number of rows at the end: at least one
/// row each, more for one of a pair and fewer for the other, so that they come out
/// exactly.
fn starts(rows: usize, patients: usize) -> Vec<usize> {
    let shared = |patient: usize| (patient + 1) * rows / patients - patient * rows / patients;
    let mut starts = Vec::with_capacity(patients + 1);
    let mut at = 0;
    let mut moved = 0;
    for patient in 0..patients {
        starts.push(at);
        let own = shared(patient);
        at += if patient % 2 == 0 {
            let next = if patient + 1 < patients { shared(patient + 1) } else { 1 };
            moved = Random::new(patient ^ (1 << 50)).below(next);
            own + moved
        } else {
            own - moved
        };
    }
    starts.push(at);
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_go_there_and_back() {
        for number in day_number(1899, 12, 31)..day_number(2101, 1, 1) {
            let (year, month, day) = calendar(number);
            assert_eq!(day_number(year, month, day), number);
        }
        assert_eq!(day_number(2000, 3, 1) - day_number(2000, 2, 28), 2);
        assert_eq!(day_number(2100, 3, 1) - day_number(2100, 2, 28), 1);
        let monday = day_number(2022, 10, 31);
        assert!(is_weekday(monday) && is_weekday(monday + 4) && !is_weekday(monday + 5) && !is_weekday(monday - 1));
    }

    #[test]
    fn rows_come_out_exactly_and_nobody_has_none() {
        for rows in [1, 2, 5, 10, 12, 999, 10_000, 3_000_001] {
            let patients = (rows * 2 / 5).clamp(1, MOST_PATIENTS);
            let starts = starts(rows, patients);
            assert_eq!((starts.len(), starts.last()), (patients + 1, Some(&rows)));
            assert!(starts.windows(2).all(|w| w[0] < w[1]));
        }
    }

    #[test]
    fn there_are_enough_numbers_and_none_twice() {
        let all: std::collections::HashSet<usize> = numbers().collect();
        assert!(all.len() > MOST_PATIENTS);
        assert_eq!(all.len(), numbers().count());
        // 999 000 0018 is a number of the examples.
        assert!(all.contains(&18));
    }

    #[test]
    fn no_entry_is_after_today_or_before_the_birth() {
        let practice = Practice::new(1000).expect("a practice");
        let mut events = Vec::new();
        for patient in 0..20_000 {
            let mut random = Random::new(patient);
            let (born, age) = practice.birth(&mut random);
            let count = 1 + patient % 5;
            practice.events(count, born, &mut random, &mut events);
            assert_eq!(events.len(), count);
            assert!(age < 100);
            assert!(events.iter().all(|e| e.day <= practice.days.today && e.day >= born));
        }
    }
}
