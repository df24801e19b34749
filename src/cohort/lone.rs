//! Rows whose numbers no other row has: nearly all of most files. They are people of their
//! own, and need not be looked up or remembered.

use crate::domain::NhsReading;
use crate::extract::{PersonRow, Pieces};
use crate::sharing;

/// Places for each row: few rows share one by chance, and those are looked up.
const PLACES: usize = 8;

/// Places of a word, of two bits each.
const IN_A_WORD: usize = 32;

/// The lower bit of each place.
const LOWER: u64 = 0x5555_5555_5555_5555;

/// For the numbers of rows, hashed to places: the lower bit says that it was seen, the upper
/// one that it was seen again.
struct Places(Vec<u64>);

/// The numbers of rows: those of the health service, and those of the clinical systems.
struct Numbers {
    nhs: Places,
    system: Places,
}

impl Places {
    fn new(rows: usize) -> Self {
        Self(vec![0; (rows * PLACES).next_power_of_two().max(IN_A_WORD) / IN_A_WORD])
    }

    /// The word of a key, and how far its place is up in it.
    fn place(&self, key: u64) -> (usize, u32) {
        // Numbers near each other have places near each other: files are often in such an
        // order, and what is near in memory is quick.
        let place = usize::try_from((key ^ key >> 32) & u64::from(u32::MAX)).unwrap_or(0);
        ((place / IN_A_WORD) & (self.0.len() - 1), u32::try_from(place % IN_A_WORD).unwrap_or(0) * 2)
    }

    fn add(&mut self, key: u64) {
        let (word, up) = self.place(key);
        let word = &mut self.0[word];
        let seen = *word >> up & 1;
        *word |= (1 | seen << 1) << up;
    }

    fn join(&mut self, other: &Self) {
        for (own, other) in self.0.iter_mut().zip(&other.0) {
            *own |= other | (*own & other & LOWER) << 1;
        }
    }

    /// About how many numbers were seen again.
    fn again(&self) -> usize {
        self.0.iter().map(|word| (word & !LOWER).count_ones() as usize).sum()
    }

    fn has_again(&self, key: u64) -> bool {
        let (word, up) = self.place(key);
        self.0[word] >> up & 2 != 0
    }
}

/// Which rows of some files are alone.
#[derive(Default)]
pub struct Alone {
    /// For each row of each file, whether no other row has a number of it. A few are taken for
    /// rows that are not alone; none that shares a number is taken for one that is.
    pub rows: Vec<Vec<bool>>,
    /// About how many numbers the rows that are not alone have between them.
    pub others: usize,
}

/// Finds those that are alone. `system` is the number that the clinical system gave a row of
/// a file, hashed, if there is one.
pub fn alone(files: &[(u16, &Pieces<PersonRow>)], system: impl Fn(u16, u32) -> Option<u64> + Sync) -> Alone {
    let rows = files.iter().map(|(_, people)| people.len()).sum();
    let numbered = |row: &PersonRow| match row.nhs {
        NhsReading::Valid(number) => Some(number.number()),
        _ => None,
    };
    let mut all: Option<Numbers> = None;
    for (file, people) in files {
        let parts = sharing::map("joining", shares(people), |people| {
            let mut numbers = Numbers { nhs: Places::new(rows), system: Places::new(rows) };
            for (row, index) in people.into_iter().flat_map(indexed) {
                if let Some(number) = numbered(row) {
                    numbers.nhs.add(number);
                }
                if let Some(number) = system(*file, index) {
                    numbers.system.add(number);
                }
            }
            numbers
        });
        for part in parts {
            match &mut all {
                Some(all) => {
                    all.nhs.join(&part.nhs);
                    all.system.join(&part.system);
                }
                None => all = Some(part),
            }
        }
    }
    let Some(all) = all else { return Alone::default() };
    let of_file = |(file, people): &(u16, &Pieces<PersonRow>)| -> Vec<bool> {
        let parts = sharing::map("joining", shares(people), |people| {
            let is_alone = |(row, index): (&PersonRow, u32)| {
                let again = numbered(row).is_some_and(|number| all.nhs.has_again(number));
                !(again | system(*file, index).is_some_and(|number| all.system.has_again(number)))
            };
            people.into_iter().flat_map(indexed).map(is_alone).collect::<Vec<bool>>()
        });
        parts.concat()
    };
    Alone { rows: files.iter().map(of_file).collect(), others: all.nhs.again().max(all.system.again()) }
}

/// A piece of a list, and its place in the whole.
type Piece<'a> = (usize, &'a [PersonRow]);

/// The pieces of a list as shares for threads.
fn shares(people: &Pieces<PersonRow>) -> Vec<Vec<Piece<'_>>> {
    let pieces: Vec<Piece<'_>> = people.pieces().collect();
    let threads = people.len().div_ceil(sharing::share(people.len())).max(1);
    pieces.chunks(pieces.len().div_ceil(threads).max(1)).map(<[Piece<'_>]>::to_vec).collect()
}

fn indexed((first, people): Piece<'_>) -> impl Iterator<Item = (&PersonRow, u32)> {
    people.iter().zip(u32::try_from(first).unwrap_or(u32::MAX)..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_twice_is_always_seen() {
        let keys: Vec<u64> = (0..10_000).map(|n| 9_990_000_000 + n * 7).collect();
        let twice = [3, 999, 5_000, 9_999].map(|at| keys[at]);
        let (mut one, mut other) = (Places::new(keys.len()), Places::new(keys.len()));
        for key in keys.iter().chain(&twice[..2]) {
            one.add(*key);
        }
        for key in &twice[2..] {
            other.add(*key);
        }
        one.join(&other);
        assert!(twice.iter().all(|key| one.has_again(*key)));
        // By chance a few others share a bit.
        let others = keys.iter().filter(|key| !twice.contains(key) && one.has_again(**key)).count();
        assert!(others < 1_000, "{others}");
        assert!((4..1_000).contains(&one.again()), "{}", one.again());
    }
}
