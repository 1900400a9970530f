//! Rate limiting: a number of requests in any minute. The caller passes the time.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const MINUTE: Duration = Duration::from_secs(60);

/// A limit of requests in any minute.
pub struct RateLimit {
    limit: usize,
    /// The times of the requests in the last minute.
    came: Mutex<VecDeque<Instant>>,
}

impl RateLimit {
    pub fn new(limit: u32) -> RateLimit {
        RateLimit { limit: usize::try_from(limit).unwrap_or(usize::MAX), came: Mutex::default() }
    }

    /// Counts a request, or returns how long the program has to wait. A refused request does not count.
    pub fn admit(&self, now: Instant) -> Result<(), Duration> {
        let mut came = self.came.lock().unwrap_or_else(PoisonError::into_inner);
        while came.front().is_some_and(|first| now.saturating_duration_since(*first) >= MINUTE) {
            came.pop_front();
        }
        match came.front() {
            Some(first) if came.len() >= self.limit => {
                Err(MINUTE.saturating_sub(now.saturating_duration_since(*first)))
            }
            _ => {
                came.push_back(now);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MINUTE, RateLimit};
    use std::time::{Duration, Instant};

    #[test]
    fn so_many_come_in_any_minute_and_no_more() {
        let (rate_limit, start) = (RateLimit::new(2), Instant::now());
        let at = |seconds| rate_limit.admit(start + Duration::from_secs(seconds));
        assert_eq!((at(0), at(20)), (Ok(()), Ok(())));
        assert_eq!((at(21), at(59)), (Err(Duration::from_secs(39)), Err(Duration::from_secs(1))));
        assert_eq!((at(60), at(61)), (Ok(()), Err(Duration::from_secs(19))));
        assert_eq!(rate_limit.admit(start + 3 * MINUTE), Ok(()));
    }
}
