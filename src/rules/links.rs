//! Where the links of Markdown lead; shared by all rules that follow them.

use std::collections::HashSet;
use std::ops::Bound;

use crate::document::Document;
use crate::schema::is_to_do;
use crate::source::{self, resolve};
use crate::workspace::Workspace;

/// Where a link leads.
pub(super) enum Target {
    /// The web, a mail address, a place still to be filled in: not for a check of files.
    Elsewhere,
    /// Out of the SMS: an absolute path, a path of one computer, or too many `..`.
    Outside,
    /// Below the root; the same file when only an anchor is written.
    Inside {
        /// Path below the root.
        path: String,
        /// What stands behind `#`.
        anchor: Option<String>,
    },
}

/// Reads a link as written in the file `from`.
pub(super) fn target(from: &str, link: &str) -> Target {
    let (address, anchor) = match link.split_once('#') {
        Some((address, anchor)) => (address, Some(decoded(anchor))),
        None => (link, None),
    };
    if is_to_do(link) {
        return Target::Elsewhere;
    }
    match scheme(address) {
        Some(name) if name.len() == 1 || name.eq_ignore_ascii_case("file") => return Target::Outside,
        Some(_) => return Target::Elsewhere,
        None if address.starts_with("//") => return Target::Elsewhere,
        None => {}
    }
    let path = decoded(address.split('?').next().unwrap_or_default());
    if path.is_empty() {
        return Target::Inside { path: from.to_owned(), anchor };
    }
    resolve(from, &path).map_or(Target::Outside, |path| Target::Inside { path, anchor })
}

/// `https` of `https://…`; a single letter is a Windows drive.
fn scheme(address: &str) -> Option<&str> {
    let (name, _) = address.split_once(':')?;
    let letters = name.starts_with(|c: char| c.is_ascii_alphabetic());
    let rest = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    (letters && rest).then_some(name)
}

/// `%20` and the like become the characters they stand for; what is no UTF-8 then stays as written.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let code = match tail {
            [high, low, ..] if *first == b'%' => hex(*high).zip(hex(*low)),
            _ => None,
        };
        bytes.push(code.map_or(*first, |(high, low)| high * 16 + low));
        rest = if code.is_some() { tail.get(2..).unwrap_or_default() } else { tail };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|d| u8::try_from(d).ok())
}

/// The Markdown files whose links are looked at, with their paths: artifacts and pages, not what is none of the SMS's business.
pub(super) fn documents(ws: &Workspace) -> impl Iterator<Item = (&str, &Document)> {
    let unread: HashSet<&str> = ws.unread.iter().map(|u| u.path.as_str()).collect();
    let all = ws.documents.iter().map(|d| (ws.sources.file(d.file).path.as_str(), d));
    all.filter(move |(path, _)| !unread.contains(path))
}

/// Whether a file or folder stands at this path; what `exclude` leaves out is there all the same.
pub(super) fn exists(ws: &Workspace, path: &str) -> bool {
    let folder = format!("{path}/");
    path.is_empty()
        || ws.paths.contains(path)
        || from(ws, &folder).next().is_some_and(|p| p.starts_with(&folder))
        || ws.excluded.iter().any(|p| p == path || p.starts_with(&folder))
}

/// The paths of the SMS from this one on, sorted.
pub(super) fn from<'a>(ws: &'a Workspace, path: &str) -> impl Iterator<Item = &'a str> + use<'a> {
    ws.paths.range::<str, _>((Bound::Included(path), Bound::Unbounded)).map(String::as_str)
}

/// Hidden files and folders are not listed, so nobody can say whether they exist.
pub(super) fn hidden(path: &str) -> bool {
    path.split('/').any(|part| part.starts_with('.'))
}

/// The path `to` as a link in the file `from`.
pub(super) fn relative(from: &str, to: &str) -> String {
    source::relative(from, to).replace(' ', "%20")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inside(link: &str) -> Option<(String, Option<String>)> {
        match target("policies/a.md", link) {
            Target::Inside { path, anchor } => Some((path, anchor)),
            _ => None,
        }
    }

    #[test]
    fn paths_are_seen_from_the_file_and_decoded() {
        let same = |path: &str, anchor: Option<&str>| Some((path.to_owned(), anchor.map(str::to_owned)));
        assert_eq!(inside("../registers/b%20c.md?plain=1#a%C3%A9"), same("registers/b c.md", Some("aé")));
        assert_eq!(inside("#top"), same("policies/a.md", Some("top")));
        assert_eq!(inside("./"), same("policies", None));
        assert_eq!(inside("50%.md"), same("policies/50%.md", None));
        assert_eq!(inside("%FF.md"), same("policies/%FF.md", None));
    }

    #[test]
    fn addresses_are_elsewhere_and_what_leaves_the_root_is_outside() {
        for link in ["https://example.org/x", "mailto:a@b.c", "//example.org", "tel:+32", "data:image/png;base64,AA"] {
            assert!(matches!(target("a.md", link), Target::Elsewhere), "{link}");
        }
        for link in ["../x.md", "/x.md", "C:/x.md", "file:///x.md", "a\\b.md", "%2e%2e/x.md", "x%00.md"] {
            assert!(matches!(target("a.md", link), Target::Outside), "{link}");
        }
    }

    #[test]
    fn a_path_becomes_a_link() {
        assert_eq!(relative("policies/a.md", "policies/b c.md"), "b%20c.md");
        assert_eq!(relative("a/b/c.md", "a/d/e.md"), "../d/e.md");
        assert_eq!(relative("README.md", "a/b.md"), "a/b.md");
    }
}
