//! Work on all cores whose result does not depend on how many there are.

use std::sync::Mutex;

/// Applies `work` to each item on up to `threads` threads; results in the order of the items.
pub(crate) fn map<T: Send, R: Send>(threads: usize, items: &mut [T], work: impl Fn(&mut T) -> R + Sync) -> Vec<R> {
    let count = items.len();
    if threads <= 1 || count <= 1 {
        return items.iter_mut().map(work).collect();
    }
    let queue = Mutex::new(items.iter_mut().enumerate());
    let run = || {
        let mut done = Vec::new();
        loop {
            // A thread that panicked ends the scope with its panic; the others only see the queue poisoned.
            let Ok(next) = queue.lock().map(|mut q| q.next()) else { break };
            let Some((at, item)) = next else { break };
            done.push((at, work(item)));
        }
        done
    };
    let mut results: Vec<Option<R>> = (0..count).map(|_| None).collect();
    let parts: Vec<Vec<(usize, R)>> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads.min(count)).map(|_| scope.spawn(run)).collect();
        let mut parts = vec![run()];
        for other in others {
            match other.join() {
                Ok(part) => parts.push(part),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        parts
    });
    for (at, result) in parts.into_iter().flatten() {
        results[at] = Some(result);
    }
    results.into_iter().flatten().collect()
}

/// How many threads to use where nobody says.
pub(crate) fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from).min(16)
}
