//! Fault injection: which faults there are, their syntax, and which one a request gets.
//!
//! It only chooses; `http` carries the faults out.

use std::fmt;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::text::duration;

/// A fault of one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// This HTTP status is the response; nothing is executed.
    Status(u16),
    /// The connection is closed without a response; nothing is executed.
    Drop,
    /// A mutation takes effect, then the connection is closed without a response. A query is answered.
    DropAfter,
}

/// The faults of a sandbox with their probabilities, in the syntax `429:0.1,drop:0.01`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Faults(Vec<(Fault, f64)>);

/// The delay of a response, in the syntax `200ms`, or `50ms..300ms` for a range.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Latency {
    pub shortest: Duration,
    pub longest: Duration,
}

/// What happens to one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Encounter {
    pub fault: Option<Fault>,
    pub wait: Duration,
}

/// Chooses a fault for each request. The same seed gives the same sequence.
#[derive(Debug)]
pub(super) struct Chance {
    faults: Faults,
    latency: Latency,
    /// The state of SplitMix64, which is random enough for this and needs no crate.
    state: Mutex<u64>,
}

/// Sums of floats such as 0.7 + 0.2 + 0.1 are not exact.
const TOLERANCE: f64 = 1e-9;

impl FromStr for Fault {
    type Err = String;

    fn from_str(text: &str) -> Result<Fault, String> {
        match (text, text.parse()) {
            ("drop", _) => Ok(Fault::Drop),
            ("drop-after", _) => Ok(Fault::DropAfter),
            (_, Ok(status @ 400..=599)) => Ok(Fault::Status(status)),
            _ => Err(format!("`{text}` is no fault: it is an HTTP status from 400 to 599, `drop` or `drop-after`")),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Status(status) => status.fmt(f),
            Fault::Drop => f.write_str("drop"),
            Fault::DropAfter => f.write_str("drop-after"),
        }
    }
}

impl FromStr for Faults {
    type Err = String;

    fn from_str(text: &str) -> Result<Faults, String> {
        let mut faults: Vec<(Fault, f64)> = Vec::new();
        for part in text.split(',').map(str::trim) {
            let Some((fault, probability)) = part.split_once(':') else {
                return Err(format!("`{part}` has no probability: write it as `{}:0.1`", part.parse::<Fault>()?));
            };
            let (fault, probability) = (fault.parse()?, self::probability(probability)?);
            if faults.iter().any(|(other, _)| *other == fault) {
                return Err(format!("`{fault}` is there twice"));
            }
            faults.push((fault, probability));
        }
        let sum: f64 = faults.iter().map(|(_, probability)| probability).sum();
        if sum > 1.0 + TOLERANCE {
            // Further digits are rounding errors.
            let sum = (sum * 1e6).round() / 1e6;
            return Err(format!("the probabilities add up to {sum}, which is more than 1"));
        }
        Ok(Faults(faults))
    }
}

impl FromStr for Latency {
    type Err = String;

    fn from_str(text: &str) -> Result<Latency, String> {
        let time = |text: &str| {
            let text = text.trim();
            duration(text).map_err(|problem| format!("`{text}` {problem}"))
        };
        let (shortest, longest) = text.split_once("..").unwrap_or((text, text));
        let (shortest, longest) = (time(shortest)?, time(longest)?);
        match shortest <= longest {
            true => Ok(Latency { shortest, longest }),
            false => Err("the range ends before it begins".to_owned()),
        }
    }
}

fn probability(text: &str) -> Result<f64, String> {
    if let Some(Ok(percent)) = text.strip_suffix('%').map(|percent| percent.trim().parse::<f64>())
        && (0.0..=100.0).contains(&percent)
    {
        return Err(format!("`{text}` is a percentage: write it as `{}`", percent / 100.0));
    }
    match text.parse() {
        Ok(probability) if (0.0..=1.0).contains(&probability) => Ok(probability),
        _ => Err(format!("`{text}` is no probability: it is a number from 0 to 1, such as `0.1`")),
    }
}

impl Faults {
    /// Returns the fault at `point` between 0 and 1, where each fault takes a share; `None` in the remainder.
    fn at(&self, point: f64) -> Option<Fault> {
        let mut end = 0.0;
        self.0.iter().find_map(|(fault, probability)| {
            end += probability;
            (point < end).then_some(*fault)
        })
    }
}

impl Chance {
    pub(super) fn new(faults: Faults, latency: Latency, seed: u64) -> Chance {
        Chance { faults, latency, state: Mutex::new(seed) }
    }

    /// Returns what happens to the next request.
    pub(super) fn next(&self) -> Encounter {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        // Both are drawn each time, so that a latency does not change which requests fail.
        let (fault, wait) = (fraction(&mut state), fraction(&mut state));
        let Latency { shortest, longest } = self.latency;
        let wait = shortest + longest.saturating_sub(shortest).mul_f64(wait);
        Encounter { fault: self.faults.at(fault), wait }
    }
}

/// Returns a pseudo-random number from 0 up to, and not including, 1.
fn fraction(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^= mixed >> 31;
    (mixed >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        text.parse::<Faults>().unwrap_err()
    }

    #[test]
    fn faults_are_read_as_they_are_written() {
        let faults: Faults = "429:0.1, 500:0.05,drop:0.01,drop-after:1e-3".parse().unwrap();
        let kinds: Vec<String> = faults.0.iter().map(|(fault, _)| fault.to_string()).collect();
        assert_eq!(kinds, ["429", "500", "drop", "drop-after"]);
        assert!("429:0.7,500:0.2,drop:0.1".parse::<Faults>().is_ok());
        for (text, wrong) in [
            ("429:0.8,500:0.3", "the probabilities add up to 1.1, which is more than 1"),
            ("429:10%", "`10%` is a percentage: write it as `0.1`"),
            ("429:-0.1", "`-0.1` is no probability: it is a number from 0 to 1, such as `0.1`"),
            ("429:NaN", "`NaN` is no probability: it is a number from 0 to 1, such as `0.1`"),
            ("429:1000%", "`1000%` is no probability: it is a number from 0 to 1, such as `0.1`"),
            ("429", "`429` has no probability: write it as `429:0.1`"),
            ("200:1", "`200` is no fault: it is an HTTP status from 400 to 599, `drop` or `drop-after`"),
            ("", "`` is no fault: it is an HTTP status from 400 to 599, `drop` or `drop-after`"),
            ("drop:0.1,drop:0.2", "`drop` is there twice"),
        ] {
            assert_eq!(problem(text), wrong, "{text}");
        }
    }

    #[test]
    fn a_seed_repeats_a_sequence_and_faults_come_as_often_as_was_asked() {
        let faults: Faults = "429:0.1,500:0.05,drop:0.01".parse().unwrap();
        let sequence = |seed, latency| -> Vec<Encounter> {
            let chance = Chance::new(faults.clone(), latency, seed);
            (0..10_000).map(|_| chance.next()).collect()
        };
        let none = Latency::default();
        let first = sequence(7, none);
        assert_eq!(first, sequence(7, none));
        assert_ne!(first, sequence(8, none));
        let often = |fault| first.iter().filter(|encounter| encounter.fault == fault).count();
        let (limited, failed, dropped) =
            (often(Some(Fault::Status(429))), often(Some(Fault::Status(500))), often(Some(Fault::Drop)));
        assert!((900..1_100).contains(&limited), "{limited}");
        assert!((400..600).contains(&failed) && (60..140).contains(&dropped), "{failed} {dropped}");
        let range = Latency { shortest: Duration::from_millis(50), longest: Duration::from_millis(300) };
        let slow = sequence(7, range);
        assert!(slow.iter().all(|met| (range.shortest..=range.longest).contains(&met.wait)));
        assert!(slow.iter().zip(&first).all(|(slow, fast)| slow.fault == fast.fault && fast.wait.is_zero()));
    }

    #[test]
    fn what_is_certain_always_happens_and_what_is_impossible_never() {
        let meets = |text: &str| {
            let chance = Chance::new(text.parse().unwrap(), Latency::default(), 1);
            (0..1_000).map(|_| chance.next().fault).collect::<Vec<_>>()
        };
        assert!(meets("drop-after:1").iter().all(|fault| *fault == Some(Fault::DropAfter)));
        assert!(meets("drop:0").iter().all(Option::is_none));
    }
}
