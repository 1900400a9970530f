//! Every way through choices that are made one after the other, of which nobody knows before how many there are.

/// One way through all choices, and the next one.
#[derive(Default)]
pub struct Choices {
    /// What was chosen so far, and of how many.
    pub taken: Vec<(usize, usize)>,
    at: usize,
}

impl Choices {
    /// Makes one way of which this is chosen at first, and the first of all after it.
    pub fn given(bytes: &[u8]) -> Choices {
        Choices { taken: bytes.iter().map(|byte| (usize::from(*byte), 256)).collect(), at: 0 }
    }

    /// Chooses one of so many.
    pub fn choose(&mut self, width: usize) -> usize {
        if self.at == self.taken.len() {
            self.taken.push((0, width));
        }
        self.at += 1;
        self.taken[self.at - 1].0 % width
    }

    /// Turns to the next way; returns false where there is none.
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
