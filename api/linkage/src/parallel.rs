//! Work spread over threads without its order showing.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Runs `work(state, job)` for every job below `jobs`. Each thread has a state of its own; the results come back in
/// the order of the jobs, the states in no order, so what is made of the states must not depend on it.
pub(crate) fn spread<S: Send, T: Send>(
    threads: usize,
    jobs: usize,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize) -> T + Sync,
) -> (Vec<T>, Vec<S>) {
    let next = AtomicUsize::new(0);
    let run = || {
        let mut own = state();
        let mut done = Vec::new();
        loop {
            let job = next.fetch_add(1, Ordering::Relaxed);
            if job >= jobs {
                return (done, own);
            }
            let result = work(&mut own, job);
            done.push((job, result));
        }
    };
    let mut parts = Vec::new();
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads.clamp(1, jobs.max(1))).map(|_| scope.spawn(run)).collect();
        parts.push(run());
        for other in others {
            match other.join() {
                Ok(part) => parts.push(part),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
    let mut results = Vec::with_capacity(jobs);
    let mut states = Vec::with_capacity(parts.len());
    for (done, own) in parts {
        results.extend(done);
        states.push(own);
    }
    results.sort_unstable_by_key(|(job, _)| *job);
    (results.into_iter().map(|(_, result)| result).collect(), states)
}
