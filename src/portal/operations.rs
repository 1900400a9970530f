//! Every operation of ours, by the words that people know it by.

use super::fit::Operation;

macro_rules! operations {
    ($($word:literal $name:literal $path:literal,)*) => {
        /// All of them, in the order in which they are shown.
        pub const OPERATIONS: &[Operation] = &[
            $(Operation { word: $word, name: $name, document: include_str!(concat!("../../graphql/", $path, ".graphql")) },)*
        ];
    };
}

operations! {
    "devices.list" "DevicesList" "devices/list",
    "devices.show" "DevicesShow" "devices/show",
    "keys.list" "KeysList" "keys/list",
    "keys.generate" "KeysGenerate" "keys/generate",
    "keys.revoke" "KeysRevoke" "keys/revoke",
    "auth.viewer" "AuthViewer" "auth/viewer",
}

/// Returns the operation that goes by these words: `keys.generate`.
pub fn operation(word: &str) -> Option<Operation> {
    OPERATIONS.iter().copied().find(|operation| operation.word == word)
}

/// Returns the operation of a typed document.
pub fn typed(name: &'static str, document: &'static str) -> Operation {
    let known = OPERATIONS.iter().copied().find(|operation| operation.name == name);
    known.unwrap_or(Operation { word: name, name, document })
}

#[cfg(test)]
mod tests {
    use super::{OPERATIONS, operation};

    #[test]
    fn each_is_called_as_its_document_says() {
        for known in OPERATIONS {
            assert!(known.document.contains(&format!(" {}", known.name)), "{known:?}");
            assert_eq!(operation(known.word).unwrap().name, known.name);
            let words: Vec<String> = known.word.split('.').map(capital).collect();
            assert_eq!(words.concat(), known.name);
        }
        assert_eq!(operation("keys.generate").unwrap().name, "KeysGenerate");
        assert!(operation("keys.make").is_none());
    }

    fn capital(word: &str) -> String {
        let (first, rest) = word.split_at(1);
        first.to_uppercase() + rest
    }
}
