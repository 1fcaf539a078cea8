//! CODEOWNERS: what it asks for a file, and what the trust policy makes of it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use globset::{GlobBuilder, GlobMatcher};
use jiff::Timestamp;

use crate::trust::policy::{POLICY_FILE, Policy, roles_for};
use crate::workspace::{ArtifactView, Workspace};

/// First words of a file that smsctl wrote; only such a file is ever written anew or called stale.
pub const MARK: &str = "# Written by `smsctl generate codeowners`";

/// The owners of a file, given by its path from the top of the repository: those of the last line that fits.
#[must_use]
pub fn owners<'t>(text: &'t str, path: &str) -> Option<Vec<&'t str>> {
    let line = text.lines().rev().find(|line| pattern(line).is_some_and(|p| fits(&p, path)))?;
    Some(words(line).into_iter().skip(1).collect())
}

/// Words of a line up to a comment; a blank in a pattern is written `\ `.
fn words(line: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let (mut start, mut before) = (None, ' ');
    for (at, c) in line.char_indices() {
        let blank = c.is_whitespace() && before != '\\';
        match (start, blank) {
            (None, false) if c == '#' => return out,
            (None, false) => start = Some(at),
            (Some(from), true) => {
                out.extend(line.get(from..at));
                start = None;
            }
            _ => {}
        }
        before = c;
    }
    out.extend(start.and_then(|from| line.get(from..)));
    out
}

fn pattern(line: &str) -> Option<String> {
    words(line).first().filter(|word| !word.starts_with('[')).map(|word| word.replace("\\ ", " "))
}

/// As in .gitignore, without `!` and `[…]`: a pattern with a slash starts at the top, a folder stands for all in it.
fn fits(pattern: &str, path: &str) -> bool {
    let trimmed = pattern.trim_end_matches('/');
    let rooted = trimmed.contains('/');
    let name = trimmed.trim_start_matches('/');
    let base = if rooted { name.to_owned() } else { format!("**/{name}") };
    // `docs/*` means the files in it, not those in folders below.
    let only_here = rooted && name.ends_with("/*");
    let inside = glob(&format!("{base}/**")).is_some_and(|g| !only_here && g.is_match(path));
    inside || (!pattern.ends_with('/') && glob(&base).is_some_and(|g| g.is_match(path)))
}

fn glob(pattern: &str) -> Option<GlobMatcher> {
    GlobBuilder::new(pattern).literal_separator(true).build().ok().map(|g| g.compile_matcher())
}

/// The file as the trust policy wants it: each document is reviewed by those who may approve it, `trust/` by its
/// administrators. Persons without an address are left out. `prefix` is the folder of the SMS in the repository.
#[must_use]
pub fn generated(ws: &Workspace, policy: &Policy, prefix: &str, at: Timestamp) -> String {
    let mut out = format!(
        "{MARK} from {POLICY_FILE}; do not edit it.\n# Who must review a change before it is merged. The last matching line wins.\n\n"
    );
    let top = if prefix.is_empty() { String::new() } else { format!("/{prefix}") };
    for artifact in ws.artifacts().filter(|a| !a.id().is_empty() && a.is_current()) {
        line(&mut out, &format!("{top}/{}", artifact.path()), &approvers(artifact, policy, at));
    }
    let admins = policy.admin.iter().flat_map(|r| addresses(policy, &r.role, at)).collect();
    line(&mut out, &format!("{top}/trust/"), &admins);
    out
}

fn line(out: &mut String, path: &str, owners: &BTreeSet<String>) {
    if !owners.is_empty() {
        let owners: Vec<&str> = owners.iter().map(String::as_str).collect();
        let _ = writeln!(out, "{} {}", path.replace(' ', "\\ "), owners.join(" "));
    }
}

fn approvers(artifact: ArtifactView<'_>, policy: &Policy, at: Timestamp) -> BTreeSet<String> {
    let front = artifact.front();
    let named: Vec<String> = front.texts("approvers").map(|(role, _)| role.to_owned()).collect();
    let owner = front.str("owner").unwrap_or_default();
    let required = policy.rule(artifact.id(), artifact.kind()).map_or(&[][..], |r| r.require.as_slice());
    let roles = required.iter().flat_map(|r| roles_for(&r.role, owner, &named));
    roles.flat_map(|role| addresses(policy, role, at)).collect()
}

fn addresses(policy: &Policy, role: &str, at: Timestamp) -> Vec<String> {
    let holders = policy.holders(role, at).filter_map(|person| policy.people.get(person));
    let address = |p: &crate::trust::policy::Person| {
        p.emails.first().cloned().or_else(|| p.ssh_principal.clone().filter(|name| name.contains('@')))
    };
    holders.filter_map(address).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_that_fits_decides() {
        let text =
            "# who\n* @all\n/policies/ a@example.org # head\n/policies/p.md b@example.org c@example.org\n\\#x d@e\n";
        assert_eq!(owners(text, "policies/p.md"), Some(vec!["b@example.org", "c@example.org"]));
        assert_eq!(owners(text, "policies/q/r.md"), Some(vec!["a@example.org"]));
        assert_eq!(owners(text, "x.md"), Some(vec!["@all"]));
        assert_eq!(owners("/a.md x@y\n", "b/a.md"), None);
    }

    #[test]
    fn patterns_are_those_of_the_services() {
        assert!(fits("*.md", "a/b.md") && fits("docs/*", "docs/a.md") && fits("apps/", "x/apps/y"));
        assert!(!fits("docs/*", "docs/a/b.md") && !fits("/apps/", "x/apps/y") && !fits("apps/", "apps"));
        assert!(fits("/a\u{20}b.md", "a b.md"));
        assert_eq!(owners("/a\\ b.md x@y", "a b.md"), Some(vec!["x@y"]));
    }
}
