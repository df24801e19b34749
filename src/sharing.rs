//! Sharing work between threads, with the results in the order of the work.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};

/// More threads than this gain nothing: the work waits for memory then.
const MOST_THREADS: usize = 8;

/// How many threads work is worth being shared between on this machine.
#[must_use]
pub fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS)
}

/// Patients, entries and the like from which it pays to share the work between threads.
const SHARE_FROM: usize = 20_000;

/// How many of so many patients, entries and the like are one thread's share.
#[must_use]
pub fn share(patients: usize) -> usize {
    let threads = if patients < SHARE_FROM { 1 } else { threads() };
    patients.div_ceil(threads).max(1)
}

/// Does each job, on as many named threads as this machine has, the caller's among them.
/// Where no thread can be had, the caller does it all.
pub fn map<J: Send, R: Send>(name: &str, jobs: Vec<J>, work: impl Fn(J) -> R + Sync) -> Vec<R> {
    let threads = threads().min(jobs.len());
    let results: Mutex<Vec<Option<R>>> = Mutex::new(jobs.iter().map(|_| None).collect());
    let queue = Mutex::new(jobs.into_iter().enumerate());
    let run = || {
        loop {
            let next = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some((place, job)) = next else { return };
            let result = work(job);
            if let Some(slot) = results.lock().unwrap_or_else(PoisonError::into_inner).get_mut(place) {
                *slot = Some(result);
            }
        }
    };
    std::thread::scope(|scope| {
        for number in 1..threads {
            let named = std::thread::Builder::new().name(format!("{name} {number}"));
            if let Err(error) = named.spawn_scoped(scope, run) {
                log::warn!("{name} with fewer threads: {error}");
            }
        }
        run();
    });
    results.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter().flatten().collect()
}

/// Does a piece of work for each thread's share of some patients, or of what there is of
/// each; `work` is told the place of the first of them.
pub fn chunks<T: Sync, R: Send>(name: &str, items: &[T], work: impl Fn(usize, &[T]) -> R + Sync) -> Vec<R> {
    let share = share(items.len());
    let jobs = items.chunks(share).enumerate().map(|(number, own)| (number * share, own)).collect();
    map(name, jobs, |(first, own)| work(first, own))
}

/// Says that nobody needs the rest, where its thread ends by a panic.
struct OverByPanic<'a>(&'a AtomicBool);

impl Drop for OverByPanic<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.store(true, Ordering::Relaxed);
        }
    }
}

/// Does each job on other threads, and meanwhile gives the results, in the order of the jobs,
/// to `take` on the caller's. While a result is taken, only a few wait for it; those that are
/// done before an earlier one wait for that. An error of `take`, or a panic of the work, ends
/// it. Where no thread can be had, the caller does it all.
///
/// # Errors
/// The error of `take`.
pub fn stream<J: Send, R: Send, E>(
    name: &str,
    jobs: Vec<J>,
    work: impl Fn(J) -> R + Sync,
    mut take: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    let threads = threads().min(jobs.len());
    let queue = Mutex::new(jobs.into_iter().enumerate());
    let is_over = AtomicBool::new(false);
    let next = || {
        let job = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
        if is_over.load(Ordering::Relaxed) { None } else { job() }
    };
    let (sender, results) = mpsc::sync_channel(threads);
    std::thread::scope(|scope| {
        // Dropped when this ends: then nobody wants any more, and the threads end too.
        let results = results;
        for number in 0..threads {
            let sender = sender.clone();
            let run = || {
                let (sender, _guard) = (sender, OverByPanic(&is_over));
                while let Some((place, job)) = next() {
                    if sender.send((place, work(job))).is_err() {
                        return;
                    }
                }
            };
            let named = std::thread::Builder::new().name(format!("{name} {number}"));
            if let Err(error) = named.spawn_scoped(scope, run) {
                log::warn!("{name} with fewer threads: {error}");
            }
        }
        drop(sender);
        let mut early = BTreeMap::new();
        let mut wanted = 0;
        for (place, result) in &results {
            early.insert(place, result);
            while let Some(result) = early.remove(&wanted) {
                take(result)?;
                wanted += 1;
            }
        }
        // What no thread has taken.
        while let Some((_, job)) = next() {
            take(work(job))?;
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_stream_keeps_the_order_and_ends_with_an_error() {
        let mut seen = Vec::new();
        let all = super::stream(
            "testing",
            (0..500_u32).collect(),
            |n| n * 2,
            |n| {
                seen.push(n);
                Ok::<(), ()>(())
            },
        );
        assert_eq!((all, seen), (Ok(()), (0..500).map(|n| n * 2).collect()));
        let mut taken = 0;
        let failed = super::stream(
            "testing",
            (0..500_u32).collect(),
            |n| n,
            |n| {
                taken += 1;
                if n == 7 { Err(n) } else { Ok(()) }
            },
        );
        assert_eq!((failed, taken), (Err(7), 8));
        assert_eq!(super::stream("testing", Vec::<u32>::new(), |n| n, |_| Err(())), Ok(()));
    }

    #[test]
    #[should_panic(expected = "a scoped thread panicked")]
    fn a_panic_of_the_work_is_a_panic_of_the_caller() {
        let _ = super::stream("testing", vec![1, 2, 3], |n| assert_ne!(n, 2), |()| Ok::<(), ()>(()));
    }

    #[test]
    fn results_come_in_the_order_of_the_work() {
        let jobs: Vec<u32> = (0..100).collect();
        assert_eq!(super::map("testing", jobs.clone(), |n| n * 2), jobs.iter().map(|n| n * 2).collect::<Vec<_>>());
        assert!(super::map("testing", Vec::<u32>::new(), |n| n).is_empty());
    }
}
