//! Names, addresses and numbers of people in running text, replaced by the title of a role or by a numbered mark.

use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};

use super::mentions::{self, Names, Stretch};
use crate::trust::Policy;
use crate::trust::statement::digest;
use crate::workspace::Workspace;

/// Shortest text that is looked for in running text.
const LEAST: usize = 5;

/// Small words within names. Others, such as in `Head of IT`, make it a function.
const PARTICLES: [&str; 19] = [
    "al", "bin", "da", "das", "de", "del", "den", "der", "di", "do", "dos", "du", "el", "ibn", "la", "le", "ter",
    "van", "von",
];

/// What is looked for and what stands in its place.
#[derive(Debug, Default)]
pub struct Masks {
    /// Mark of each personal value.
    marks: BTreeMap<String, String>,
    /// In running text: what is looked for, in the order of the patterns of `finder`, and its replacement.
    replacements: Vec<String>,
    finder: Option<AhoCorasick>,
    names: Names,
    /// Whether anything is looked for at all.
    on: bool,
}

impl Masks {
    /// `values` are the texts of personal fields; `policies` tell people's names, addresses and roles.
    #[must_use]
    pub fn new<'p, 'v>(
        ws: &Workspace,
        policies: impl Iterator<Item = &'p Policy>,
        values: impl Iterator<Item = &'v str>,
    ) -> Self {
        let values: BTreeSet<&str> = values.collect();
        let marks = numbered(&values);
        let people = people(ws, policies);
        let mut looked_for: BTreeMap<String, String> = BTreeMap::new();
        for value in values.iter().filter(|v| is_told_apart(v)) {
            looked_for.insert((*value).to_owned(), marks.get(*value).cloned().unwrap_or_default());
        }
        looked_for.extend(people);
        looked_for.retain(|text, _| text.chars().count() >= LEAST);
        let texts = ws.sources.files().iter().map(|f| f.text.as_str());
        let full: Vec<(&str, &str)> = looked_for
            .iter()
            .map(|(name, mark)| (name.as_str(), mark.as_str()))
            .filter(|(name, _)| is_name(name))
            .collect();
        let mut ordinary = mentions::ordinary(texts, &full.iter().map(|(name, _)| *name).collect::<Vec<_>>());
        ordinary.extend(ws.config.organization.split_whitespace().map(str::to_lowercase));
        let names = Names::new(full.into_iter(), &PARTICLES, &ordinary);
        let finder = AhoCorasickBuilder::new()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostLongest)
            .build(looked_for.keys())
            .ok();
        Self { marks, replacements: looked_for.into_values().collect(), finder, names, on: true }
    }

    /// What stands in the place of a personal value. The same value has the same mark in the whole pack.
    #[must_use]
    pub fn mark(&self, value: &str) -> String {
        self.marks.get(value).cloned().unwrap_or_else(|| "‹withheld›".into())
    }

    /// Running text, and in how many places something was replaced.
    #[must_use]
    pub fn apply(&self, text: &str) -> (String, usize) {
        if !self.on {
            return (text.to_owned(), 0);
        }
        let mut found = self.known(text);
        found.extend(self.names.find(text));
        found.extend(mentions::addresses(text));
        // Of stretches that start together the longest, of marks for the same one that which names a role or a number.
        found.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
        let (mut out, mut at, mut places) = (String::with_capacity(text.len()), 0, 0);
        for (range, mark) in found {
            if range.end <= at {
                continue;
            }
            if range.start >= at {
                out += text.get(at..range.start).unwrap_or_default();
                out += &mark;
                places += 1;
            }
            at = range.end;
        }
        (out + text.get(at..).unwrap_or_default(), places)
    }

    /// Where the values and addresses that are known stand, as they are written there.
    fn known(&self, text: &str) -> Vec<Stretch> {
        let found = self.finder.iter().flat_map(|f| f.find_iter(text));
        let found = found.filter(|m| stands_alone(text, m.start(), m.end()));
        let mark = |pattern: usize| self.replacements.get(pattern).cloned().unwrap_or_else(|| "‹withheld›".into());
        found.map(|m| (m.range(), mark(m.pattern().as_usize()))).collect()
    }

    /// A sentence of smsctl that may quote a personal value in backticks.
    #[must_use]
    pub fn sentence(&self, text: &str) -> String {
        let quoted = |out: String, (value, mark): (&String, &String)| {
            let in_ticks = format!("`{value}`");
            if out.contains(&in_ticks) { out.replace(&in_ticks, &format!("`{mark}`")) } else { out }
        };
        self.apply(&self.marks.iter().fold(text.to_owned(), quoted)).0
    }
}

/// Numbers tell values apart and nothing else: their order is that of digests, not of the alphabet.
fn numbered(values: &BTreeSet<&str>) -> BTreeMap<String, String> {
    let mut by_digest: Vec<(String, &str)> = values.iter().map(|v| (digest(v.as_bytes()), *v)).collect();
    by_digest.sort();
    let marked = by_digest.iter().enumerate().map(|(n, (_, v))| ((*v).to_owned(), format!("‹withheld {}›", n + 1)));
    marked.collect()
}

/// Names and addresses of people of the policies, with the title of the role each held last.
fn people<'p>(ws: &Workspace, policies: impl Iterator<Item = &'p Policy>) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    for policy in policies {
        for (id, person) in &policy.people {
            let role = policy.assignments.iter().rev().find(|a| a.person == *id).map(|a| a.role.as_str());
            let title = role.map(|r| ws.entity(r).filter(|e| e.is("role")).map_or(r, |e| e.label()));
            let mark = title.map_or_else(|| "‹withheld›".to_owned(), |title| format!("‹{}›", plain(title)));
            let texts = person.emails.iter().chain(&person.ssh_principal).chain([&person.name]);
            out.extend(texts.map(|text| (text.clone(), mark.clone())));
        }
    }
    out
}

/// Without what means something in YAML, CSV or Markdown.
fn plain(title: &str) -> String {
    title.chars().map(|c| if c.is_alphanumeric() || c == ' ' { c } else { '-' }).collect()
}

/// Whether a personal value is so peculiar that it means the person wherever it stands: an address, a number, a full name.
fn is_told_apart(value: &str) -> bool {
    let digits = value.chars().filter(char::is_ascii_digit).count();
    let address = value.contains('@') && !value.contains(char::is_whitespace);
    let number = digits >= 6 && value.chars().all(|c| c.is_ascii_digit() || " +-()/.".contains(c));
    address || is_name(value) || number
}

/// Whether a value is a full name.
fn is_name(value: &str) -> bool {
    let words: Vec<&str> = value.split_whitespace().collect();
    let part = |w: &str| w.starts_with(char::is_uppercase) || PARTICLES.contains(&w);
    (2..=5).contains(&words.len())
        && words.iter().all(|w| w.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '.')))
        && words.iter().all(|w| part(w))
        && [words.first(), words.last()].iter().flatten().all(|w| w.starts_with(char::is_uppercase))
}

fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let before = text.get(..start).and_then(|t| t.chars().next_back());
    let after = text.get(end..).and_then(|t| t.chars().next());
    let part_of_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    !part_of_word(before) && !part_of_word(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_means_a_person_everywhere_is_looked_for() {
        for yes in ["Carla Ito", "desk@example.org", "+32 9 555 70 00", "Luc Van den Berg", "Anne-Marie O'Neil"] {
            assert!(is_told_apart(yes), "{yes}");
        }
        for no in ["Service desk", "7000", "P-017", "shift lead of the desk", "Carla", "Head of IT"] {
            assert!(!is_told_apart(no), "{no}");
        }
    }

    #[test]
    fn marks_do_not_tell_the_alphabet_and_stay_the_same() {
        let values = BTreeSet::from(["Zoe Adams", "Adam Zuse", "+32 9 555 70 00"]);
        let marks = numbered(&values);
        assert_eq!(marks, numbered(&values));
        assert_eq!(marks.values().collect::<BTreeSet<_>>().len(), 3);
    }

    #[test]
    fn words_that_hold_a_name_are_left_alone() {
        assert!(stands_alone("by Carla Ito.", 3, 12));
        assert!(!stands_alone("Carla Itos", 0, 9));
    }
}
