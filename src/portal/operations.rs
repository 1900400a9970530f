//! All our operations, by noun. A verb is added in its noun's file, not here.

use super::operation::Operation;
use super::{devices, keys, viewer};

/// Returns all operations, in the order of display.
pub fn operations() -> impl Iterator<Item = Operation> {
    [devices::OPERATIONS, keys::OPERATIONS, viewer::OPERATIONS].into_iter().flatten().copied()
}

/// Returns the operation with this name: `keys.generate`.
pub fn operation(word: &str) -> Option<Operation> {
    operations().find(|operation| operation.word == word)
}

#[cfg(test)]
mod tests {
    use super::{operation, operations};

    #[test]
    fn each_operation_is_named_like_its_document() {
        for known in operations() {
            assert!(known.document.contains(&format!(" {}", known.name)), "{known:?}");
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
