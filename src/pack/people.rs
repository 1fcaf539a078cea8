//! Names of people in sentences of others: reports speak of who signed, and where names must not leave they are taken out.

use std::collections::BTreeSet;

use super::facts::Facts;

/// What stands in the place of a name.
const INSTEAD: &str = "[name withheld]";

/// The names that may not leave; none when they may.
pub(super) struct People {
    /// Longest first, so that no part of a name stays.
    names: Vec<String>,
}

impl People {
    /// Everyone the trust policies and the commits name.
    pub fn of(facts: &Facts<'_>) -> Self {
        let mut names = BTreeSet::new();
        if !facts.names {
            let states = facts.judged().map(|j| j.chain.states()).unwrap_or_default();
            for (id, person) in states.iter().flat_map(|s| &s.policy.people) {
                names.extend([id.clone(), person.name.clone()]);
                names.extend(person.emails.iter().cloned());
                names.extend(person.ssh_principal.clone());
            }
            for person in &facts.record.history.walk.people {
                names.insert(person.email.clone());
                // One word alone may be a word of the language.
                names.extend(Some(person.name.clone()).filter(|n| n.contains(' ')));
            }
        }
        let mut names: Vec<String> = names.into_iter().filter(|n| n.trim().len() > 1).collect();
        names.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        Self { names }
    }

    /// A text without those names.
    pub fn without(&self, text: &str) -> String {
        let mut out = text.to_owned();
        for name in &self.names {
            if out.contains(name.as_str()) {
                out = replaced(&out, name);
            }
        }
        out
    }
}

/// Only whole words are names: `ann` is none in `planned`.
fn replaced(text: &str, name: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(name) {
        out.push_str(before);
        let inside = out.ends_with(char::is_alphanumeric) || after.starts_with(char::is_alphanumeric);
        out.push_str(if inside { name } else { INSTEAD });
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_and_words_stay() {
        let people = People { names: vec!["Ann Ito".into(), "ann".into()] };
        let text = "Ann Ito (ann) planned it, and ann.";
        assert_eq!(people.without(text), "[name withheld] ([name withheld]) planned it, and [name withheld].");
    }
}
