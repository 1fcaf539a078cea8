//! What the walk needs of a raw commit.

use git2::Oid;

use crate::signature::{Identity, Malformed, Oddity, RawCommit};

/// Longest subject that is kept, in characters.
const MAX_SUBJECT: usize = 200;

/// A person as a commit writes them: text, not a proof.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Person {
    /// The name.
    pub name: String,
    /// The address between `<` and `>`.
    pub email: String,
}

/// Parts of one commit.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub tree: Option<Oid>,
    pub parents: Vec<Oid>,
    pub author: (Person, i64),
    pub committer: (Person, i64),
    pub co_authors: Vec<Person>,
    pub subject: String,
    pub signed: bool,
    pub mentions_approval: bool,
    pub malformed: Option<String>,
}

/// Reads a commit. What is malformed is said and the rest kept, so that history does not break off at one odd commit.
pub(super) fn facts(raw: &[u8]) -> Facts {
    let (tree, parents) = links(raw);
    let mut facts = Facts { tree, parents, ..Facts::default() };
    match RawCommit::parse(raw) {
        Ok(commit) => {
            facts.malformed = commit.oddities.iter().find(|o| two_readings(o)).map(ToString::to_string);
            facts.signed = commit.signature.is_some() || commit.oddities.iter().any(signature_header);
            of_message(commit.message, &mut facts);
            facts.author = person(commit.author);
            facts.committer = person(commit.committer);
        }
        Err(Malformed(reason)) => {
            facts.malformed = Some(reason);
            let body = memchr::memmem::find(raw, b"\n\n").and_then(|at| raw.get(at + 2..));
            of_message(body.unwrap_or_default(), &mut facts);
        }
    }
    facts
}

/// Tree and parents as Git takes them: the first line, and the lines that follow it without a gap. A parent that stands
/// further down is no parent to Git, so it must not be one here.
fn links(raw: &[u8]) -> (Option<Oid>, Vec<Oid>) {
    let mut lines = raw.split(|b| *b == b'\n');
    let tree = lines.next().and_then(|line| oid(line.strip_prefix(b"tree ")?));
    let parents = lines.map_while(|line| oid(line.strip_prefix(b"parent ")?));
    (tree, if tree.is_some() { parents.collect() } else { Vec::new() })
}

/// Whether two programs may read two different commits out of these bytes.
fn two_readings(oddity: &Oddity) -> bool {
    use Oddity::{Doubled, Late, Nul, OtherSignatureHeader, SecondSignature};
    matches!(oddity, Doubled(_) | Late(_) | Nul | OtherSignatureHeader(_) | SecondSignature)
}

fn signature_header(oddity: &Oddity) -> bool {
    matches!(oddity, Oddity::SecondSignature | Oddity::OddSignature)
}

fn person(identity: Identity) -> (Person, i64) {
    (Person { name: identity.name, email: identity.email }, identity.time)
}

fn oid(hex: &[u8]) -> Option<Oid> {
    let text = std::str::from_utf8(hex).ok()?;
    let fits = text.len() == 40 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if fits { Oid::from_str(text).ok() } else { None }
}

fn of_message(message: &[u8], facts: &mut Facts) {
    let mut lines = message.split(|b| *b == b'\n').map(<[u8]>::trim_ascii_end);
    let subject = lines.clone().find(|l| !l.is_empty()).unwrap_or_default();
    facts.subject = String::from_utf8_lossy(subject).chars().take(MAX_SUBJECT).collect();
    facts.mentions_approval = lines.clone().any(|l| l.starts_with(b"SMS-Approval:"));
    facts.co_authors = lines.by_ref().filter_map(co_author).collect();
}

fn co_author(line: &[u8]) -> Option<Person> {
    const KEY: &[u8] = b"co-authored-by:";
    let (key, value) = line.split_at_checked(KEY.len())?;
    if !key.eq_ignore_ascii_case(KEY) {
        return None;
    }
    let text = String::from_utf8_lossy(value);
    let (name, rest) = text.split_once('<')?;
    let (email, _) = rest.split_once('>')?;
    Some(Person { name: name.trim().to_owned(), email: email.trim().to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TREE: &str = "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n";
    const PEOPLE: &str = "author A <a@example.org> 1 +0000\ncommitter B <b@example.org> 2 +0100\n";

    #[test]
    fn a_plain_commit_is_read() {
        let raw = format!(
            "{TREE}parent {}\n{PEOPLE}gpgsig -----BEGIN SSH SIGNATURE-----\n eA==\n -----END SSH SIGNATURE-----\n\n\
             Say it\n\nCo-Authored-By: C D <c@example.org>\nSMS-Approval: v1\n",
            "1".repeat(40)
        );
        let facts = facts(raw.as_bytes());
        assert_eq!(facts.malformed, None);
        assert_eq!((facts.parents.len(), facts.subject.as_str(), facts.signed), (1, "Say it", true));
        assert_eq!((facts.author.1, facts.committer.1, facts.committer.0.name.as_str()), (1, 2, "B"));
        assert_eq!(facts.co_authors, [Person { name: "C D".into(), email: "c@example.org".into() }]);
        assert!(facts.mentions_approval);
    }

    #[test]
    fn what_is_malformed_is_said_and_the_rest_kept() {
        let facts_of = |text: &str| facts(text.as_bytes());
        let late = facts_of(&format!("{TREE}{PEOPLE}parent {}\n\nx", "1".repeat(40)));
        assert!(late.malformed.is_some() && late.parents.is_empty() && late.tree.is_some());
        assert!(facts_of(&format!("{PEOPLE}{TREE}\n")).tree.is_none());
        assert!(facts_of(&format!("{TREE}author A <a> 1 +0000\n{PEOPLE}\n")).malformed.is_some());
        let nobody = facts_of(&format!("{TREE}\nSubject\n"));
        assert!(nobody.malformed.is_some() && nobody.subject == "Subject");
        assert!(facts_of("").malformed.is_some());
        assert!(!facts_of(&format!("{TREE}{PEOPLE}\ngpgsig body\n")).signed);
        // Ordinary in real histories: merged tags, other encodings, carriage returns.
        assert_eq!(facts_of(&format!("{TREE}{PEOPLE}encoding latin1\nmergetag x\n y\n\na\r\n")).malformed, None);
    }
}
