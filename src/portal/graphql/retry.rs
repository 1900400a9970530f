//! The layer that retries a read after a transient fault, a few times with exponential backoff.
//!
//! A mutation is never retried here. Nor is a timeout: the user would wait longer than the limit that they set.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use super::layer::Execute;
use super::refusal::Reason;
use super::request::Request;
use crate::portal::error::{Error, Failure};
use crate::portal::http::Reply;

/// Called with a notice for a person who waits, on any thread.
pub type Notice = Arc<dyn Fn(&str) + Send + Sync>;

/// The first wait; each further one is twice as long.
const FIRST: Duration = Duration::from_millis(500);

/// If the portal asks for a longer wait, the error is returned instead.
const LONGEST: Duration = Duration::from_secs(60);

/// Retries the inner layer.
pub struct Retry<L> {
    pub inner: L,
    /// The most retries.
    pub limit: u32,
    pub notice: Option<Notice>,
}

impl<L: Execute> Execute for Retry<L> {
    fn execute<T>(&self, request: &Request<'_>, open: &dyn Fn(Reply) -> Result<T, Error>) -> Result<T, Error> {
        for attempt in 0.. {
            let error = match self.inner.execute(request, open) {
                Err(error) if attempt < self.limit && error.is_transient() && request.is_read() => error,
                answer => return answer,
            };
            let Some(wait) = backoff(attempt, error.retry_after()) else { return Err(error) };
            if let Some(notice) = &self.notice {
                let tenths = wait.as_millis().div_ceil(100);
                notice(&format!("{error}; retrying in {}.{} s", tenths / 10, tenths % 10));
            }
            thread::sleep(wait);
        }
        unreachable!("the last answer is returned")
    }
}

/// Returns how long to wait before the next attempt; `None` if the portal asks for more than `LONGEST`.
///
/// A portal that asks for less than our own backoff, such as 0, still gets our backoff.
fn backoff(attempt: u32, asked: Option<Duration>) -> Option<Duration> {
    let own = jittered(FIRST * 2_u32.saturating_pow(attempt)).min(LONGEST);
    Some(asked.unwrap_or_default().max(own)).filter(|wait| *wait <= LONGEST)
}

impl Error {
    /// Returns true for a fault that may be gone in a moment.
    fn is_transient(&self) -> bool {
        match self.failure() {
            Failure::Unreachable { .. } | Failure::ConnectionLost { .. } => true,
            Failure::Status { status, .. } => passes(*status),
            Failure::Refused(refusal) => {
                refusal.without_data && (refusal.reason() == Reason::RateLimited || passes(refusal.status))
            }
            _ => false,
        }
    }
}

/// Returns true for a status that says nothing about the request itself, and may change in a moment.
fn passes(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 499 | 502..=504)
}

/// Returns between half and all of a time, so that many clients do not retry simultaneously.
fn jittered(time: Duration) -> Duration {
    let mut byte = [0];
    // Without random numbers every client waits equally long, which is no reason to fail.
    let _ = getrandom::fill(&mut byte);
    time / 2 + time / 2 * u32::from(byte[0]) / 255
}

#[cfg(test)]
mod tests {
    use super::backoff;
    use std::time::Duration;

    #[test]
    fn a_backoff_is_between_half_and_all_of_its_time_and_never_zero() {
        let times: Vec<Duration> = (0..100).map(|_| backoff(2, None).unwrap()).collect();
        assert!(times.iter().all(|time| (1.0..=2.0).contains(&time.as_secs_f64())), "{times:?}");
        assert!(times.iter().any(|time| *time != times[0]));
        assert!(backoff(0, Some(Duration::ZERO)).unwrap() >= Duration::from_millis(250));
        assert_eq!(backoff(0, Some(Duration::from_secs(7))), Some(Duration::from_secs(7)));
        assert_eq!(backoff(0, Some(Duration::from_secs(61))), None);
    }
}
