//! The same documents for tools that read front matter of their own: text, size and references stay.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::{Document, documents};

/// For Requiem: a UUID, a heading that starts with the id, parents with the fingerprint of their text. A broken reference is one whose
/// fingerprint does not fit.
pub fn requiem(count: usize, seed: u64) -> Vec<(String, String)> {
    let mut fingerprints: Vec<String> = Vec::new();
    let mut out = vec![("config.toml".to_owned(), "_version = \"1\"\ndigits = 5\n".to_owned())];
    for document in documents(count, seed) {
        let (heading, rest) = document.body.split_once('\n').unwrap_or_default();
        fingerprints.push(fingerprint(rest.trim_matches('\n')));
        let number = document.number;
        let mut text = format!("---\n_version: '1'\nuuid: {}\ncreated: 2026-01-01T12:00:00Z\n", uuid(number));
        for (nth, parent) in parents(&document).into_iter().enumerate() {
            let wrong = "f".repeat(64);
            let print = if document.broken { &wrong } else { &fingerprints[parent] };
            let key = if nth == 0 { "parents:\n" } else { "" };
            let _ = write!(text, "{key}- uuid: {}\n  fingerprint: {print}\n  hrid: {}\n", uuid(parent), hrid(parent));
        }
        let _ = write!(text, "---\n# {} {}\n{rest}", hrid(number), heading.trim_start_matches("# "));
        out.push((format!("{:03}/{}.md", number / 200, hrid(number)), text));
    }
    out
}

/// For Decided: decisions with the sections it asks for. A broken reference names a document that does not exist.
pub fn decided(count: usize, seed: u64) -> Vec<(String, String)> {
    let mut out = vec![(".decided/config.yaml".to_owned(), "repository_key: DOC\n".to_owned())];
    for document in documents(count, seed) {
        let number = document.number;
        let body = document.body.replace("## Purpose\n", "## Context\n").replace("## Scope\n", "## Decision\n");
        let body = body.replace("## Triggers and inputs\n", "## Consequences\n");
        let mut text = format!("---\nschema_version: 1\nid: {}\ntype: decision\n---\n{body}", identifier(number));
        text += "\n## Status\n\nAccepted\n\n## Related Decisions\n\n";
        for parent in parents(&document) {
            let parent = if document.broken { identifier(99_999) } else { identifier(parent) };
            let _ = writeln!(text, "- {parent}");
        }
        out.push((format!("decisions/{:03}/doc-{number:05}.md", number / 200), text));
    }
    out
}

/// The documents before it that it names, each once.
fn parents(document: &Document) -> Vec<usize> {
    let mut out: Vec<usize> = document.links.into_iter().filter(|n| *n < document.number).collect();
    out.dedup();
    out
}

/// Requiem counts from one.
fn hrid(number: usize) -> String {
    format!("DOC-{:05}", number + 1)
}

fn identifier(number: usize) -> String {
    format!("DOC-{number:012}")
}

fn uuid(number: usize) -> String {
    format!("00000000-0000-4000-8000-{number:012x}")
}

/// SHA-256 over the length of the text, the text, and the number of its tags: none.
fn fingerprint(body: &str) -> String {
    let length = u32::try_from(body.len()).unwrap_or(u32::MAX).to_le_bytes();
    let digest = Sha256::new().chain_update(length).chain_update(body).chain_update([0; 4]).finalize();
    digest.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}
