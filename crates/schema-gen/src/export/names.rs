//! Names that a target takes, each once within its scope.

use std::collections::HashSet;

/// Hands out names of at most so many bytes that differ within one scope.
#[derive(Debug)]
pub struct Names {
    taken: HashSet<String>,
    max_bytes: usize,
    /// Whether names that differ by case alone are the same.
    fold_case: bool,
}

impl Names {
    pub fn exact(max_bytes: usize, reserved: &[&str]) -> Self {
        Self {
            taken: reserved.iter().map(ToString::to_string).collect(),
            max_bytes,
            fold_case: false,
        }
    }

    pub fn folded() -> Self {
        Self {
            taken: HashSet::new(),
            max_bytes: usize::MAX,
            fold_case: true,
        }
    }

    /// `wish`, cut to the bytes allowed, with a number where it is taken.
    pub fn claim(&mut self, wish: &str) -> String {
        let mut name = cut(wish, self.max_bytes).to_owned();
        let mut number = 2_usize;
        while !self.take(&name) {
            let suffix = format!("_{number}");
            let most = self.max_bytes.saturating_sub(suffix.len());
            name = format!("{}{suffix}", cut(wish, most));
            number += 1;
        }
        name
    }

    fn take(&mut self, name: &str) -> bool {
        let known = if self.fold_case {
            name.to_lowercase()
        } else {
            name.to_owned()
        };
        self.taken.insert(known)
    }
}

/// The beginning of `text` that has at most `max_bytes`, in whole characters.
fn cut(text: &str, max_bytes: usize) -> &str {
    if text.len() <= max_bytes {
        return text;
    }
    let end = text
        .char_indices()
        .map(|(at, character)| at + character.len_utf8())
        .take_while(|end| *end <= max_bytes)
        .last()
        .unwrap_or_default();
    &text[..end]
}
