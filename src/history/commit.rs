//! What the walk needs of a raw commit. The one place to swap the parser of commits.

use git2::Oid;

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
    let (headers, message) = split(raw);
    let mut facts = Facts::default();
    let mut problem = links(&headers, &mut facts);
    for (name, target) in [("author", &mut facts.author), ("committer", &mut facts.committer)] {
        let mut values = headers.iter().filter(|(n, _)| *n == name.as_bytes()).map(|(_, v)| *v);
        match values.next().map(identity) {
            Some(Some(found)) => *target = found,
            Some(None) => problem = problem.or(Some(format!("its {name} line cannot be read"))),
            None => problem = problem.or(Some(format!("it has no {name}"))),
        }
        if values.next().is_some() {
            problem = problem.or(Some(format!("it has more than one {name}")));
        }
    }
    facts.signed = headers.iter().any(|(name, _)| matches!(*name, b"gpgsig" | b"gpgsig-sha256"));
    facts.malformed = problem;
    of_message(message, &mut facts);
    facts
}

type Header<'r> = (&'r [u8], &'r [u8]);

/// Header lines before the first blank line, folded lines left out, and the message.
fn split(raw: &[u8]) -> (Vec<Header<'_>>, &[u8]) {
    let mut headers = Vec::new();
    let mut rest = raw;
    while !rest.is_empty() {
        let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let (line, after) = (rest.get(..end).unwrap_or_default(), rest.get(end + 1..).unwrap_or_default());
        rest = after;
        if line.is_empty() {
            return (headers, rest);
        }
        if line.first() != Some(&b' ') {
            let space = memchr::memchr(b' ', line).unwrap_or(line.len());
            headers.push((line.get(..space).unwrap_or_default(), line.get(space + 1..).unwrap_or_default()));
        }
    }
    (headers, rest)
}

/// Tree and parents as Git itself takes them: the first line, and the lines that follow it without a gap.
fn links(headers: &[Header<'_>], facts: &mut Facts) -> Option<String> {
    let Some((b"tree", tree)) = headers.first().copied() else {
        return Some("its first line names no tree".into());
    };
    facts.tree = oid(tree);
    let parents: Vec<_> = headers.iter().skip(1).take_while(|(name, _)| *name == b"parent").collect();
    facts.parents = parents.iter().filter_map(|(_, value)| oid(value)).collect();
    let late = |(name, _): &Header<'_>| matches!(*name, b"tree" | b"parent");
    if facts.tree.is_none() || facts.parents.len() != parents.len() {
        return Some("it names its tree or a parent by something that is no object name".into());
    }
    headers
        .iter()
        .skip(1 + parents.len())
        .any(late)
        .then(|| "it names a tree or a parent a second time, out of place".into())
}

fn oid(value: &[u8]) -> Option<Oid> {
    let text = std::str::from_utf8(value).ok()?;
    let hex = text.len() == 40 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if hex { Oid::from_str(text).ok() } else { None }
}

/// `Name <address> seconds zone`.
fn identity(value: &[u8]) -> Option<(Person, i64)> {
    let text = String::from_utf8_lossy(value);
    let (name, rest) = text.split_once('<')?;
    let (email, when) = rest.rsplit_once('>')?;
    let seconds = when.split_whitespace().next()?.parse().ok()?;
    Some((Person { name: name.trim().to_owned(), email: email.trim().to_owned() }, seconds))
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
    const PEOPLE: &str = "author A <a@example.org> 1 +0000\ncommitter B <b@example.org> -2 +0100\n";

    #[test]
    fn a_plain_commit_is_read() {
        let raw = format!(
            "{TREE}parent {0}\n{PEOPLE}gpgsig x\n parent {0}\n\nSay it\n\nCo-Authored-By: C D <c@example.org>\nSMS-Approval: v1\n",
            "1".repeat(40)
        );
        let facts = facts(raw.as_bytes());
        assert_eq!(facts.malformed, None);
        assert_eq!((facts.parents.len(), facts.subject.as_str(), facts.signed), (1, "Say it", true));
        assert_eq!((facts.author.1, facts.committer.1, facts.committer.0.name.as_str()), (1, -2, "B"));
        assert_eq!(facts.co_authors, [Person { name: "C D".into(), email: "c@example.org".into() }]);
        assert!(facts.mentions_approval);
    }

    #[test]
    fn what_is_malformed_is_said_and_the_rest_kept() {
        let late = format!("{TREE}{PEOPLE}parent {}\n\nx", "1".repeat(40));
        let facts_of = |text: &str| facts(text.as_bytes());
        assert!(facts_of(&late).malformed.unwrap().contains("second time"));
        assert!(facts_of(&late).parents.is_empty());
        assert!(facts_of(&format!("{PEOPLE}{TREE}\n")).tree.is_none());
        assert!(facts_of(&format!("{TREE}author A <a> 1 +0000\n{PEOPLE}\n")).malformed.unwrap().contains("author"));
        assert!(facts_of("").malformed.is_some());
        assert!(!facts_of(&format!("{TREE}{PEOPLE}\ngpgsig body\n")).signed);
    }
}
