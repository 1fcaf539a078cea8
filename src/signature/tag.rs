//! A strict reader of raw annotated tags: checkpoints may be tags.

use super::commit::{self, Header, Identity, Malformed, Oddity, malformed};
use super::key::{Armor, armor};

/// An annotated tag as its bytes say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawTag<'a> {
    /// Object id of what is tagged.
    pub object: &'a str,
    /// `commit`, `tree`, `blob` or `tag`.
    pub kind: &'a str,
    /// Name inside the tag; the name of the ref proves nothing.
    pub name: &'a str,
    /// Who made the tag, by their own word; very old tags have none.
    pub tagger: Option<Identity>,
    /// The text without the signature.
    pub message: &'a [u8],
    /// The armored signature at the end of the text.
    pub signature: Option<Vec<u8>>,
    /// What a checkpoint must not have.
    pub oddities: Vec<Oddity>,
}

const TAG_ORDER: &[&str] = &["object", "type", "tag", "tagger"];

impl<'a> RawTag<'a> {
    /// Reads the bytes of a tag object; never panics.
    pub fn parse(raw: &'a [u8]) -> Result<Self, Malformed> {
        let (headers, body) = commit::split(raw)?;
        let [object, kind, name, ..] = headers.as_slice() else {
            return Err(malformed("there are fewer than three headers"));
        };
        let id = value(object, "object", Header::id)?;
        let kind = value(kind, "type", word)?;
        let name = value(name, "tag", word)?;
        let mut oddities = commit::order(&headers, TAG_ORDER, "gpgsig");
        let named = headers.iter().any(|h| h.name == b"tagger");
        let tagger = named.then(|| commit::identity(&headers, "tagger", &mut oddities)).transpose()?;
        // In a tag no header is the signature of its own kind.
        for header in headers.iter().filter(|h| h.name.starts_with(b"gpgsig")) {
            oddities.push(Oddity::OtherSignatureHeader(header.shown()));
        }
        let body_bytes = body.unwrap_or_default();
        let (message, signature) = body_bytes.split_at(signature_start(body_bytes));
        commit::text(raw, body.map(|_| message), &mut oddities);
        if !signature.is_empty() && std::str::from_utf8(signature).is_err() {
            oddities.push(Oddity::OddSignature);
        }
        let signature = (!signature.is_empty()).then(|| signature.to_vec());
        Ok(Self { object: id, kind, name, tagger, message, signature, oddities })
    }

    /// The bytes the signature covers: all before it, without headers whose name starts `gpgsig`.
    pub fn payload(raw: &[u8]) -> Vec<u8> {
        let body = commit::split(raw).ok().and_then(|(_, body)| body).unwrap_or_default();
        let text = raw.len() - body.len() + signature_start(body);
        commit::without_signatures(raw.get(..text).unwrap_or(raw))
    }

    /// Whether the tag is exactly: object, type, tag, tagger, a blank line, a text of UTF-8 and one signature.
    pub fn strict(&self) -> bool {
        self.signature.is_some() && self.tagger.is_some() && self.oddities.is_empty()
    }
}

/// Where the last armored block begins, as Git looks for it; the length of the text without one.
fn signature_start(body: &[u8]) -> usize {
    let mut at = 0;
    let mut start = body.len();
    for line in body.split_inclusive(|b| *b == b'\n') {
        if armor(line) != Armor::Unknown {
            start = at;
        }
        at += line.len();
    }
    start
}

fn value<'a, T>(header: &Header<'a>, name: &str, read: fn(&Header<'a>) -> Option<T>) -> Result<T, Malformed> {
    let found = (header.name == name.as_bytes()).then(|| read(header)).flatten();
    found.ok_or_else(|| malformed(format!("the header `{name}` is missing, in the wrong place or cannot be read")))
}

fn word<'a>(header: &Header<'a>) -> Option<&'a str> {
    std::str::from_utf8(header.line()?)
        .ok()
        .filter(|w| !w.is_empty() && !w.contains(|c: char| c.is_control() || c == ' '))
}
