//! What must hold of text for a terminal, and of the two languages in which a user may write filters.

use std::ops::ControlFlow;

use super::jq::Filter;
use super::safe::safe as made_safe;
use super::template::Template;
use crate::draw::Draw;

/// Any text is shown as one line without control sequences; harmless text is unchanged; and sanitizing is idempotent.
pub fn safe(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let shown = made_safe(&text);
    let obeyed = |letter: char| {
        letter.is_control()
            || matches!(letter, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            || matches!(letter, '\u{200b}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
    };
    assert!(!shown.contains(obeyed), "{shown:?}");
    assert_eq!(made_safe(&shown), shown);
    let letter_by_letter: String =
        text.chars().map(|letter| made_safe(letter.encode_utf8(&mut [0; 4])).into_owned()).collect();
    assert_eq!(shown, letter_by_letter);
    assert!(shown.len() <= text.len() * 9);
}

/// Programs to run on any JSON.
const PROGRAMS: [&str; 8] = [
    ".",
    ".[]?",
    "map(.id)?",
    ".[] | [.id, .name] | @csv",
    "[paths]",
    "to_entries",
    "group_by(.a) | length",
    "tojson | fromjson",
];

/// Any text is either compiled or refused as a program, and a program terminates on any input.
pub fn jq(bytes: &[u8]) {
    jq_items(bytes);
    let mut draw = Draw::of(bytes);
    let program = draw.pick(&PROGRAMS);
    let filter = Filter::new(program);
    assert!(filter.is_ok(), "`{program}` is no program");
    let Ok(filter) = filter else { return };
    let (mut to, mut said) = (Vec::new(), String::new());
    let mut goes_on = |_: &mut Vec<u8>, _: &mut String| ControlFlow::Continue(());
    if draw.flag() {
        let typed = draw.rest();
        if let Err(problem) = Filter::new(&typed) {
            assert!(problem.chars().count() <= 400 + typed.len(), "{problem}");
        }
        return;
    }
    let value = draw.value(6).to_string();
    assert!(filter.run(value.as_bytes(), &mut to, &mut said, &mut goes_on).is_ok() || program != ".", "{value}");
    let _ = filter.run(draw.bytes(), &mut to, &mut said, &mut goes_on);
}

/// What may follow `.[]`, and whether the filter takes a list item by item then.
const AFTER_EACH: [(&str, bool); 14] = [
    ("", true),
    (".id", true),
    (" .id", true),
    ("[]?", true),
    ("[\"id\"]?", true),
    (" # each\n | .id?, length", true),
    (" | .a? // \"none\" | tojson", true),
    (" | . as $item | $item, [$item]", true),
    (" | select(.id?) | halt", true),
    (" as $item | $item, length", false),
    ("?", false),
    (", length", false),
    (".id? // length", false),
    (" == 1", false),
];

/// A filter that takes a list item by item makes of the items what it makes of the list, and fails at the same item.
fn jq_items(bytes: &[u8]) {
    let mut draw = Draw::of(bytes);
    let (after, by_item) = draw.pick(&AFTER_EACH);
    let text = format!(".[]{after}");
    let items: Vec<String> = (0..draw.below(5)).map(|_| draw.value(4).to_string()).collect();
    let run = |json: String, takes_items: bool| {
        let filter = Filter::new(&text).map_err(|problem| format!("`{text}`: {problem}"))?;
        assert!(!takes_items || filter.take_items() == by_item, "`{text}`");
        let (mut to, mut messages) = (Vec::new(), String::new());
        let ending = filter.run(json.as_bytes(), &mut to, &mut messages, &mut |_, _| ControlFlow::Continue(()));
        Ok::<_, String>((ending, String::from_utf8(to), messages))
    };
    let of_items = run(items.join("\n"), true);
    assert!(of_items.is_ok(), "{of_items:?}");
    assert!(!by_item || of_items == run(format!("[{}]", items.join(",")), false), "`{text}`: {of_items:?}");
}

/// Templates to run on any JSON.
const TEMPLATES: [&str; 5] =
    ["{{ id }}", "{{ name | upper }}", "{{ data.x.y }}", "{% if id %}{{ id }}{% endif %}", "x"];

/// Any text is either compiled or refused as a template, and a template terminates on any input.
pub fn template(bytes: &[u8]) {
    let mut draw = Draw::of(bytes);
    let chosen = draw.pick(&TEMPLATES);
    let mut to = Vec::new();
    if draw.flag() {
        let value = draw.value(5).to_string();
        if let Ok(template) = Template::new(chosen) {
            let _ = template.run(value.as_bytes(), &mut to);
            let _ = template.run(draw.bytes(), &mut to);
        }
        return;
    }
    let typed = draw.rest();
    let Ok(template) = Template::new(&typed) else { return };
    // A user's own loop may run as long as it wants.
    if !["for", "macro", "range", "call", "*"].iter().any(|word| typed.contains(word)) {
        let _ = template.run(br#"{"id":"7","name":null,"data":{"x":[1]}}"#, &mut to);
    }
}
