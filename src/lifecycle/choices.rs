//! Enumerates all sequences of choices, where the number of choices is not known in advance (depth-first search).

/// One sequence of choices, and how to get the next.
#[derive(Default)]
pub struct Choices {
    /// Each choice so far, and the number of its alternatives.
    pub taken: Vec<(usize, usize)>,
    at: usize,
}

impl Choices {
    /// Starts with the given choices; the first alternative is chosen after them.
    pub fn given(bytes: &[u8]) -> Choices {
        Choices { taken: bytes.iter().map(|byte| (usize::from(*byte), 256)).collect(), at: 0 }
    }

    /// Chooses one of `width` alternatives.
    pub fn choose(&mut self, width: usize) -> usize {
        if self.at == self.taken.len() {
            self.taken.push((0, width));
        }
        self.at += 1;
        self.taken[self.at - 1].0 % width
    }

    /// Moves on to the next sequence; returns false after the last.
    pub fn turn(&mut self) -> bool {
        self.at = 0;
        while let Some((choice, width)) = self.taken.pop() {
            if choice + 1 < width {
                self.taken.push((choice + 1, width));
                return true;
            }
        }
        false
    }
}
