//! Bounds the jq expressions of a head: none may take unlimited time or memory on any input.
//!
//! It looks at words and characters, and does not parse the expression.

/// The longest expression, in bytes.
const LONGEST: usize = 8 * 1024;

/// The deepest nesting of brackets.
const DEEPEST: usize = 64;

/// Functions that may run forever, or produce much from little. A binding may come from somebody else, and its head
/// runs before the user is asked.
const UNBOUNDED: [&str; 13] = [
    "combinations",
    "def",
    "foreach",
    "infinite",
    "input",
    "inputs",
    "limit",
    "range",
    "recurse",
    "reduce",
    "repeat",
    "until",
    "while",
];

/// Functions that make text longer, with an upper bound for the factor. Factors of a pipeline multiply.
const GROWING: [(&str, u64); 9] = [
    ("base64", 2),
    ("gsub", 64),
    ("html", 6),
    ("join", 64),
    ("json", 2),
    ("sh", 4),
    ("sub", 64),
    ("tojson", 2),
    ("uri", 3),
];

/// The largest factor by which an expression may enlarge its input.
const MOST_TIMES: u64 = 4096;

/// Refuses an expression that could take unlimited time or memory on some input.
pub fn bounded(expression: &str) -> Result<(), String> {
    let (mut depth, mut deepest, mut before) = (0_usize, 0, ' ');
    // Each `,` and `+` may add a copy of the input, and `|` multiplies the copies. In an object, `,` only separates
    // members.
    let (mut times, mut more, mut brackets) = (1_u64, 1_u64, Vec::new());
    for (at, letter) in expression.char_indices() {
        match letter {
            '(' | '[' | '{' => {
                depth += 1;
                brackets.push(letter);
            }
            ')' | ']' | '}' => {
                depth = depth.saturating_sub(1);
                brackets.pop();
            }
            ',' if brackets.last() != Some(&'{') => more += 1,
            '+' => more += 1,
            '|' => (times, more) = (times.saturating_mul(more), 1),
            '.' if before == '.' => return Err("may not use `..`".to_owned()),
            '*' => return Err("may not use `*`".to_owned()),
            // `.[1000000000] = 1` would create a list of that length.
            '=' if !"=!<>".contains(before) && !expression[at + 1..].starts_with('=') => {
                return Err("may not use an assignment".to_owned());
            }
            _ => {}
        }
        deepest = deepest.max(depth);
        before = letter;
    }
    let words = expression.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_' && letter != '.');
    let words: Vec<&str> = words.collect();
    let growing = words.iter().filter_map(|word| GROWING.iter().find(|(growing, _)| growing == word));
    let times = growing.fold(times, |times, (_, more)| times.saturating_mul(*more));
    let unbounded = words.into_iter().find(|word| UNBOUNDED.contains(word) || *word == "setpath");
    if times.saturating_mul(more) > MOST_TIMES {
        return Err("enlarges its input too much".to_owned());
    }
    match unbounded {
        Some(word) => Err(format!("may not use `{word}`")),
        None if deepest > DEEPEST || expression.len() > LONGEST => {
            Err(format!("is longer than {LONGEST} bytes, or has more than {DEEPEST} brackets in each other"))
        }
        None => Ok(()),
    }
}
