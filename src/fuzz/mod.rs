//! The list of properties that must hold for any outside input, and the runner of them.
//!
//! A property is a function of bytes that panics if it does not hold; it is defined beside what it is about. `cargo
//! test` tries each on the inputs in `tests/fuzz/` and on mutations of them; `just fuzz TARGET` searches for others.

mod words;

#[cfg(feature = "server")]
use crate::broker::properties as broker;
use crate::portal::properties as portal;
use crate::{commands, config, journal, lifecycle, output, scan, secret};

/// A property, with the name of its target.
type Target = (&'static str, fn(&[u8]));

const TARGETS: &[Target] = &[
    ("config", config::properties::config),
    ("header", config::properties::header),
    ("words", words::words),
    ("mask", secret::properties::masking),
    ("scan", scan::properties::planted),
    ("packed", scan::properties::packed),
    ("safe", output::properties::safe),
    ("jq", output::properties::jq),
    ("template", output::properties::template),
    ("journal", journal::properties::journal),
    ("lines", journal::properties::lines),
    ("chain", journal::properties::chain),
    ("plan", lifecycle::properties::plan),
    ("people", lifecycle::properties::counted_people),
    ("rotation", lifecycle::properties::rotation),
    ("world", lifecycle::properties::world),
    ("filter", commands::properties::filter),
    ("shape", commands::properties::shape),
    ("curl", commands::properties::curl),
    ("import", commands::properties::import),
    #[cfg(feature = "server")]
    ("broker", broker::request),
    ("document", portal::document),
    ("answer", portal::answer),
    ("pages", portal::pages),
    ("cache", portal::cache),
    ("envelope", portal::envelope),
    ("repair", portal::repair),
    ("coerce", portal::coerce),
    ("refusal", portal::refusal),
    ("negotiation", portal::negotiation),
    ("introspection", portal::introspection),
    ("suggestion", portal::suggestion),
    ("binding", portal::binding),
    ("mapping", portal::mapping),
    ("pager", portal::pager),
];

/// The variable that selects the target.
#[cfg(fuzzing)]
const VARIABLE: &str = "OPTRA_FUZZ";

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    static CHOSEN: std::sync::LazyLock<fn(&[u8])> = std::sync::LazyLock::new(|| {
        let name = std::env::var(VARIABLE).unwrap_or_default();
        let names: Vec<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
        let found = TARGETS.iter().find(|(other, _)| *other == name);
        assert!(found.is_some(), "{VARIABLE} has to be one of {}", names.join(" "));
        found.map_or(TARGETS[0].1, |(_, property)| *property)
    });
    secret::forget();
    CHOSEN(bytes);
});

#[cfg(test)]
mod tests {
    use super::TARGETS;
    use std::fs;
    use std::path::{Path, PathBuf};

    /// The number of generated inputs for each target, besides those in `tests/fuzz/`.
    const MADE: usize = 32;

    /// The maximum length of a generated input.
    const LONGEST: u64 = 800;

    /// Pseudo-random numbers, the same in every run (splitmix64).
    struct Lot(u64);

    impl Lot {
        fn next(&mut self) -> u64 {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            mixed ^ (mixed >> 31)
        }

        fn below(&mut self, end: u64) -> usize {
            usize::try_from(self.next() % end.max(1)).unwrap()
        }

        fn bytes(&mut self, most: u64) -> Vec<u8> {
            let length = self.below(most);
            (0..length).map(|_| self.next().to_le_bytes()[0]).collect()
        }

        /// Returns a mutation of a stored input, or random bytes.
        fn input(&mut self, kept: &[Vec<u8>]) -> Vec<u8> {
            if kept.is_empty() || self.below(3) == 0 {
                return self.bytes(LONGEST);
            }
            let mut input = kept[self.below(kept.len() as u64)].clone();
            for _ in 0..=self.below(6) {
                let at = self.below(input.len() as u64);
                match self.below(5) {
                    0 => input.truncate(at),
                    1 => input.splice(at..at, self.bytes(9)).for_each(drop),
                    2 => {
                        let end = at + self.below((input.len() - at) as u64);
                        let part = input[at..end].to_vec();
                        input.splice(at..at, part).for_each(drop);
                    }
                    3 => {
                        let end = at + self.below((input.len() - at) as u64).min(20);
                        input.drain(at..end).for_each(drop);
                    }
                    _ => input.iter_mut().skip(at).take(1).for_each(|byte| *byte = self.next().to_le_bytes()[0]),
                }
            }
            input.truncate(usize::try_from(LONGEST).unwrap() * 4);
            input
        }
    }

    fn kept(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz").join(target);
        let mut paths: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths.into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect()
    }

    /// Runs properties, and names the inputs that violate them.
    fn hold(targets: &[super::Target]) {
        let mut broken = Vec::new();
        for (target, property) in targets {
            let kept = kept(target);
            assert!(!kept.is_empty(), "tests/fuzz/{target} holds no input");
            for (path, bytes) in &kept {
                if std::panic::catch_unwind(|| property(bytes)).is_err() {
                    broken.push(format!("`{target}` of {}", path.display()));
                }
            }
            let (mut lot, inputs) = (Lot(1), kept.into_iter().map(|(_, bytes)| bytes).collect::<Vec<_>>());
            for n in 0..MADE {
                let input = lot.input(&inputs);
                if std::panic::catch_unwind(|| property(&input)).is_err() {
                    broken.push(format!("`{target}` of the made input {n}, {:?}", String::from_utf8_lossy(&input)));
                }
            }
        }
        assert!(broken.is_empty(), "these do not hold; what is above says why:\n{}", broken.join("\n"));
    }

    /// Split into several tests, which run in parallel.
    #[test]
    fn properties_hold_of_kept_and_of_made_inputs_1() {
        hold(&TARGETS[..TARGETS.len() / 2]);
    }

    #[test]
    fn properties_hold_of_kept_and_of_made_inputs_2() {
        hold(&TARGETS[TARGETS.len() / 2..]);
    }

    #[test]
    fn every_folder_of_inputs_has_a_target() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz");
        for entry in fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            assert!(TARGETS.iter().any(|(target, _)| *target == name), "tests/fuzz/{name}");
        }
    }
}
