//! A strict reader of raw commit objects, over the bytes Git hashes.
//!
//! Git and libgit2 tolerate commits that say one thing to a reader and another to a verifier: doubled headers, headers in
//! the wrong place, text behind a NUL. This reader takes what Git takes, but names everything an approval must not have.

use std::borrow::Cow;
use std::fmt;

/// Who and when, as a commit or tag says it. Nothing here is proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Name; bytes that are no UTF-8 are replaced.
    pub name: String,
    /// What stands between the angle brackets.
    pub email: String,
    /// Seconds since the epoch.
    pub time: i64,
    /// Offset of the time zone from UTC, minutes.
    pub offset_minutes: i32,
}

/// Why bytes are no commit (or tag) at all. The text is a sentence without a full stop.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Malformed(pub String);

pub(super) fn malformed(reason: impl Into<String>) -> Malformed {
    Malformed(reason.into())
}

/// Something Git tolerates in an object, but that an approval must not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Oddity {
    /// A header that may stand once stands again.
    Doubled(String),
    /// A header stands after one it must precede.
    Late(String),
    /// A header that Git's own commands do not write into a single commit.
    UnknownHeader(String),
    /// More than one signature of the object's own kind: none is taken.
    SecondSignature,
    /// Another header starting `gpgsig`, which no signature covers.
    OtherSignatureHeader(String),
    /// The header of the signature is there, but not the lines of an armored signature.
    OddSignature,
    /// The text that starts a signature stands where no signature is looked for.
    SignatureInText,
    /// A NUL byte: some programs stop reading there.
    Nul,
    /// A carriage return.
    CarriageReturn,
    /// The message is no UTF-8.
    NotUtf8,
    /// A header is no UTF-8.
    HeaderNotUtf8(String),
    /// The message claims another encoding than UTF-8, so programs show other characters than were signed.
    Encoding(String),
    /// Name, address, time or zone of this header are not as Git writes them.
    OddIdentity(String),
    /// A continued line under a header that has none.
    Folded(String),
    /// No blank line ends the headers.
    NoBlankLine,
}

impl fmt::Display for Oddity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Doubled(name) => write!(f, "the header `{name}` stands twice"),
            Self::Late(name) => write!(f, "the header `{name}` stands in the wrong place"),
            Self::UnknownHeader(name) => write!(f, "there is a header `{name}` that an approval does not have"),
            Self::SecondSignature => write!(f, "there are two signatures"),
            Self::OtherSignatureHeader(name) => write!(f, "the header `{name}` is covered by no signature"),
            Self::OddSignature => write!(f, "the signature is not written as Git writes it"),
            Self::SignatureInText => write!(f, "a signature stands inside the text"),
            Self::Nul => write!(f, "there is a NUL byte, behind which some programs read nothing"),
            Self::CarriageReturn => write!(f, "there is a carriage return"),
            Self::NotUtf8 => write!(f, "the message is not UTF-8"),
            Self::HeaderNotUtf8(name) => write!(f, "the header `{name}` is not UTF-8"),
            Self::Encoding(name) => write!(f, "the message claims the encoding `{name}`"),
            Self::OddIdentity(name) => write!(f, "name, address or time of `{name}` are not as Git writes them"),
            Self::Folded(name) => write!(f, "the header `{name}` goes on over several lines"),
            Self::NoBlankLine => write!(f, "no blank line ends the headers"),
        }
    }
}

/// A commit as its bytes say. Where a header is doubled, the first one is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawCommit<'a> {
    /// Object id of the tree, 40 or 64 lower-case hexadecimal digits.
    pub tree: &'a str,
    /// Object ids of the parents in their order.
    pub parents: Vec<&'a str>,
    /// Who wrote the change, by their own word.
    pub author: Identity,
    /// Who made the commit, by their own word.
    pub committer: Identity,
    /// Everything behind the headers.
    pub message: &'a [u8],
    /// The unfolded armor of the one signature header, `None` without one or with two. The header is `gpgsig`, and
    /// `gpgsig-sha256` in a commit with SHA-256 ids.
    pub signature: Option<Vec<u8>>,
    /// What an approval must not have, in the order found.
    pub oddities: Vec<Oddity>,
}

impl<'a> RawCommit<'a> {
    /// Reads the bytes of a commit object (without Git's `commit <size>` before them). Accepts what Git accepts, with
    /// author and committer; never panics.
    pub fn parse(raw: &'a [u8]) -> Result<Self, Malformed> {
        let (headers, body) = split(raw)?;
        let first = headers.first().ok_or_else(|| malformed("there are no headers"))?;
        let tree = match first.name {
            b"tree" => first.id().ok_or_else(|| malformed("`tree` is no object id"))?,
            _ => return Err(malformed("the first header is not `tree`")),
        };
        let parents = parents(&headers, tree.len())?;
        let mut oddities = order(&headers, COMMIT_ORDER, own_signature(tree.len()));
        let author = identity(&headers, "author", &mut oddities)?;
        let committer = identity(&headers, "committer", &mut oddities)?;
        encoding(&headers, &mut oddities);
        let signature = signature(&headers, own_signature(tree.len()), &mut oddities);
        text(raw, body, &mut oddities);
        Ok(Self { tree, parents, author, committer, message: body.unwrap_or_default(), signature, oddities })
    }

    /// The bytes the signature covers: the object without every header whose name starts `gpgsig`.
    pub fn payload(raw: &[u8]) -> Vec<u8> {
        without_signatures(raw)
    }

    /// Whether the object is exactly: tree, parents, author, committer, perhaps an `encoding` that says UTF-8, one
    /// signature, a blank line and a message of UTF-8. Approvals must be.
    pub fn strict(&self) -> bool {
        self.signature.is_some() && self.oddities.is_empty()
    }
}

/// The headers of a commit in the only order Git writes them; the signature comes last.
const COMMIT_ORDER: &[&str] = &["tree", "parent", "author", "committer", "encoding"];

/// Name of the header that holds the signature of an object with ids of this length.
pub(super) fn own_signature(id_length: usize) -> &'static str {
    if id_length == 64 { "gpgsig-sha256" } else { "gpgsig" }
}

/// One header with the lines that continue it.
pub(super) struct Header<'a> {
    pub name: &'a [u8],
    /// From the first byte of the value to the last line break of the header.
    pub value: &'a [u8],
}

impl<'a> Header<'a> {
    pub fn shown(&self) -> String {
        String::from_utf8_lossy(self.name).chars().take(40).collect::<String>().escape_default().to_string()
    }

    /// The value when it stands on one line.
    pub fn line(&self) -> Option<&'a [u8]> {
        self.value.strip_suffix(b"\n").filter(|v| !v.contains(&b'\n'))
    }

    /// The value as an object id.
    pub fn id(&self) -> Option<&'a str> {
        let line = std::str::from_utf8(self.line()?).ok()?;
        let hex = line.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        (hex && matches!(line.len(), 40 | 64)).then_some(line)
    }

    /// The value with the blank that begins each continued line taken away.
    fn unfolded(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.value.len());
        for (number, line) in self.value.split_inclusive(|b| *b == b'\n').enumerate() {
            out.extend_from_slice(if number == 0 { line } else { line.get(1..).unwrap_or_default() });
        }
        out
    }
}

/// Headers, and what follows the blank line (`None` without one).
pub(super) type Parts<'a> = (Vec<Header<'a>>, Option<&'a [u8]>);

/// Takes an object apart at its first blank line.
pub(super) fn split(raw: &[u8]) -> Result<Parts<'_>, Malformed> {
    let mut headers = Vec::new();
    let mut rest = raw;
    while !rest.is_empty() {
        if let Some(body) = rest.strip_prefix(b"\n") {
            return Ok((headers, Some(body)));
        }
        let (lines, after) = rest.split_at_checked(header_length(rest)).ok_or_else(|| malformed("a header is cut"))?;
        if lines.starts_with(b" ") {
            return Err(malformed("the first header is no header"));
        }
        if !lines.ends_with(b"\n") {
            return Err(malformed("the last header has no end"));
        }
        let end = lines.iter().position(|b| matches!(b, b' ' | b'\n')).unwrap_or(lines.len());
        let (name, value) = lines.split_at(end);
        headers.push(Header { name, value: value.strip_prefix(b" ").unwrap_or(value) });
        rest = after;
    }
    Ok((headers, None))
}

/// Bytes of the header at the start, with the lines that continue it and their line breaks.
fn header_length(rest: &[u8]) -> usize {
    let mut length = 0;
    for (number, line) in rest.split_inclusive(|b| *b == b'\n').enumerate() {
        if number > 0 && !line.starts_with(b" ") {
            break;
        }
        length += line.len();
    }
    length
}

/// The object without its headers whose name starts `gpgsig`.
pub(super) fn without_signatures(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while !rest.is_empty() && !rest.starts_with(b"\n") {
        let (header, after) = rest.split_at_checked(header_length(rest)).unwrap_or((rest, &[]));
        if !header.starts_with(b"gpgsig") {
            out.extend_from_slice(header);
        }
        rest = after;
    }
    out.extend_from_slice(rest);
    out
}

fn parents<'a>(headers: &[Header<'a>], length: usize) -> Result<Vec<&'a str>, Malformed> {
    let ids = headers.iter().filter(|h| h.name == b"parent").map(Header::id);
    ids.map(|id| id.filter(|id| id.len() == length).ok_or_else(|| malformed("`parent` is no object id"))).collect()
}

/// What is wrong with the names of the headers and their order. Signature headers are told in [`signature`].
pub(super) fn order(headers: &[Header<'_>], known: &[&str], own: &str) -> Vec<Oddity> {
    let mut oddities = Vec::new();
    let mut reached = 0;
    for (at, header) in headers.iter().enumerate() {
        let place = match known.iter().position(|k| k.as_bytes() == header.name) {
            Some(place) => place,
            None if header.name == own.as_bytes() => known.len(),
            None if header.name.starts_with(b"gpgsig") => continue,
            None => {
                oddities.push(Oddity::UnknownHeader(header.shown()));
                continue;
            }
        };
        let again = headers.iter().take(at).any(|h| h.name == header.name);
        if again && header.name != b"parent" && header.name != own.as_bytes() {
            oddities.push(Oddity::Doubled(header.shown()));
        }
        if place < reached {
            oddities.push(Oddity::Late(header.shown()));
        }
        if place < known.len() && header.line().is_none() {
            oddities.push(Oddity::Folded(header.shown()));
        }
        reached = reached.max(place);
    }
    oddities
}

/// The first header of this name as a person, told as odd when it is not as Git writes it.
pub(super) fn identity(headers: &[Header<'_>], name: &str, oddities: &mut Vec<Oddity>) -> Result<Identity, Malformed> {
    let mut found = headers.iter().filter(|h| h.name == name.as_bytes());
    let header = found.next().ok_or_else(|| malformed(format!("there is no header `{name}`")))?;
    let line = header.value.split(|b| *b == b'\n').next().unwrap_or_default();
    let text = String::from_utf8_lossy(line);
    if matches!(text, Cow::Owned(_)) {
        oddities.push(Oddity::HeaderNotUtf8(name.to_owned()));
    }
    let (identity, clean) = read_identity(&text);
    if !clean {
        oddities.push(Oddity::OddIdentity(name.to_owned()));
    }
    Ok(identity)
}

/// `Name <address> seconds +hhmm`, and whether it is exactly that. Otherwise as much as can be made out, zero for times.
fn read_identity(text: &str) -> (Identity, bool) {
    let (name, rest) = text.split_once('<').unwrap_or((text, ""));
    let (email, rest) = rest.rsplit_once('>').unwrap_or((rest, ""));
    let mut words = rest.split(' ').filter(|w| !w.is_empty());
    let time = words.next().and_then(|w| w.parse::<i64>().ok());
    let offset = words.next().and_then(read_offset);
    let identity = Identity {
        name: name.trim().to_owned(),
        email: email.trim().to_owned(),
        time: time.unwrap_or(0),
        offset_minutes: offset.unwrap_or(0),
    };
    let Identity { name, email, time: seconds, .. } = &identity;
    let zone = rest.rsplit(' ').next().unwrap_or_default();
    let blank = if name.is_empty() { "" } else { " " };
    // An empty name is written with or without the blank.
    let again = format!("{name}{blank}<{email}> {seconds} {zone}");
    let same = again == text.strip_prefix(' ').filter(|_| name.is_empty()).unwrap_or(text);
    let plain = !email.contains(['<', '>']) && !text.contains(|c: char| c.is_control());
    let clean = same && plain && time.is_some_and(|t| t >= 0) && offset.is_some();
    (identity, clean)
}

fn read_offset(word: &str) -> Option<i32> {
    let (sign, digits) = word.split_at_checked(1)?;
    let sign = match sign {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    let fits = digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit());
    let number: i32 = digits.parse().ok().filter(|_| fits)?;
    let (hours, minutes) = (number / 100, number % 100);
    (hours <= 15 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

fn encoding(headers: &[Header<'_>], oddities: &mut Vec<Oddity>) {
    for header in headers.iter().filter(|h| h.name == b"encoding") {
        let value = String::from_utf8_lossy(header.line().unwrap_or_default());
        if !value.eq_ignore_ascii_case("utf-8") && !value.eq_ignore_ascii_case("utf8") {
            oddities.push(Oddity::Encoding(value.chars().take(40).collect::<String>().escape_default().to_string()));
        }
    }
}

/// The one signature of the object's own kind.
pub(super) fn signature(headers: &[Header<'_>], own: &str, oddities: &mut Vec<Oddity>) -> Option<Vec<u8>> {
    let mut found = None;
    let mut count = 0;
    for header in headers.iter().filter(|h| h.name.starts_with(b"gpgsig")) {
        // Git takes a header for the signature only with the blank behind its name.
        if header.name == own.as_bytes() && !header.value.starts_with(b"\n") {
            count += 1;
            found = Some(header.unfolded());
        } else {
            oddities.push(Oddity::OtherSignatureHeader(header.shown()));
        }
    }
    if count > 1 {
        oddities.push(Oddity::SecondSignature);
        return None;
    }
    if found.as_ref().is_some_and(|armor| !looks_armored(armor)) {
        oddities.push(Oddity::OddSignature);
    }
    found
}

/// One armored block of printable ASCII and nothing around it.
fn looks_armored(armor: &[u8]) -> bool {
    let lines: Vec<&[u8]> = armor.strip_suffix(b"\n").unwrap_or(armor).split(|b| *b == b'\n').collect();
    let printable = lines.iter().all(|l| l.iter().all(|b| matches!(b, b' '..=b'~')));
    let marks = lines.iter().filter(|l| l.starts_with(b"-----")).count();
    // OpenPGP signatures end with a blank line in some versions of Git, none begins with one.
    let end = lines.iter().rposition(|l| !l.is_empty()).and_then(|at| lines.get(at));
    let begin = lines.first().is_some_and(|l| l.starts_with(b"-----BEGIN "));
    printable && begin && marks == 2 && end.is_some_and(|l| l.starts_with(b"-----END "))
}

/// What is wrong with the bytes as text.
pub(super) fn text(raw: &[u8], body: Option<&[u8]>, oddities: &mut Vec<Oddity>) {
    if memchr::memchr(0, raw).is_some() {
        oddities.push(Oddity::Nul);
    }
    if memchr::memchr(b'\r', raw).is_some() {
        oddities.push(Oddity::CarriageReturn);
    }
    let Some(body) = body else {
        oddities.push(Oddity::NoBlankLine);
        return;
    };
    if std::str::from_utf8(body).is_err() {
        oddities.push(Oddity::NotUtf8);
    }
    if body.split(|b| *b == b'\n').any(|l| l.starts_with(b"gpgsig") || l.starts_with(b"-----BEGIN ")) {
        oddities.push(Oddity::SignatureInText);
    }
}
