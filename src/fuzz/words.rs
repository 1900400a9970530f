//! Properties of the small languages of the command line: times, ages, patterns, conditions, places, profiles, and the
//! quoting of words that a hint prints.

use std::time::Duration;

use crate::config::profile_name;
use crate::draw::Draw;
use crate::journal::Destination;
use crate::lifecycle::Condition;
use crate::text;

/// Any text is parsed or rejected, and printing what was parsed yields text that parses to the same.
pub fn words(bytes: &[u8]) {
    let mut draw = Draw::of(bytes);
    match draw.below(6) {
        0 => times(draw),
        1 => shell(draw),
        2 => {
            let typed = draw.rest();
            if let Ok(place) = typed.parse::<Destination>() {
                assert_eq!(place.to_string().parse(), Ok(place));
            }
        }
        3 => {
            let typed = draw.rest();
            if let Ok(name) = profile_name(&typed) {
                assert!(name == typed && !name.contains('\n') && name.len() <= 80);
            }
        }
        4 => {
            let typed = draw.joined(&["name=", "unused-for=", "older-than=", "90d", "ci-*", "[", "]", "**", "é"], 4);
            let _ = format!("{typed}{}", draw.rest()).parse::<Condition>();
        }
        _ => patterns(draw),
    }
}

/// A number with a unit is that time, for any number.
fn times(mut draw: Draw<'_>) {
    let (number, (unit, seconds)) =
        (draw.below(100_000), draw.pick(&[("s", 1), ("m", 60), ("h", 3_600), ("d", 86_400), ("w", 604_800)]));
    let expected = Duration::from_secs(number as u64 * seconds);
    assert_eq!(text::duration(&format!("{number}{unit}")), Ok(expected));
    let typed = draw.rest();
    let time = text::duration(&typed);
    if let Ok(age) = text::age(&typed) {
        assert!(!age.is_negative() && time == Ok(age.unsigned_abs()));
    }
}

/// A shell splits printed arguments into the original ones.
fn shell(mut draw: Draw<'_>) {
    let texts: Vec<String> = (0..=draw.below(3)).map(|_| draw.text(20)).collect();
    let printed = text::arguments(texts.iter().map(String::as_str));
    let mut read = shell_words::split(&printed).unwrap_or_default();
    if texts.iter().any(|text| text.starts_with('-')) {
        assert_eq!(read.remove(0), "--");
    }
    assert_eq!(read, texts, "{printed}");
}

/// A pattern without wildcards matches only itself.
fn patterns(mut draw: Draw<'_>) {
    let word = draw.text(16);
    let name = draw.text(16);
    if let Ok(pattern) = text::TextPattern::like(&word) {
        let is_plain = !word.contains(['*', '?', '[', ']']);
        assert!(!is_plain || pattern.is_met_by(&name) == text::is_same(&name, &word), "{word:?} {name:?}");
        assert!(pattern.is_met_by(&word));
    }
    assert!(text::is_same(&word, &word));
    assert_eq!(text::is_same(&word, &name), text::is_same(&name, &word));
}
