//! `person-named-in-policy`: a policy that falls out of date when somebody leaves.

use std::collections::BTreeSet;
use std::ops::Range;

use super::text::{body, names_in};
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::schema::is_to_do;
use crate::source::Span;
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "person-named-in-policy",
    summary: "a policy names a person instead of a role",
    docs: include_str!("person_named_in_policy.md"),
    level: WARNING,
    clauses: &["5.3", "7.5.3.2"],
    since: "0.1.0",
    requirements: &[32],
    options: &[],
    check: Check::Artifact(check),
};

fn check(ctx: &Ctx<'_>, policy: ArtifactView<'_>, out: &mut Sink) {
    if policy.kind() != "policy" || !policy.is_current() {
        return;
    }
    let people = people(policy);
    let mut seen = BTreeSet::new();
    for passage in body(policy) {
        let text = passage.text();
        let names = names_in(text, &people).into_iter().map(|(_, range)| range);
        let mails = addresses(text).into_iter().filter(|r| text.get(r.clone()).is_some_and(|a| !is_shared(ctx, a)));
        for range in names.chain(mails) {
            let who = text.get(range.clone()).unwrap_or_default();
            if seen.insert(who.to_owned()) {
                report(policy, passage.prose.span(range), who, out);
            }
        }
    }
    for link in &policy.document().body.links {
        let mail = link.target.strip_prefix("mailto:").map(|m| m.split('?').next().unwrap_or(m));
        if let Some(mail) = mail.filter(|m| !is_shared(ctx, m) && seen.insert((*m).to_owned())) {
            report(policy, link.span, mail, out);
        }
    }
}

fn report(policy: ArtifactView<'_>, span: Span, who: &str, out: &mut Sink) {
    let problem = RULE.problem(span, format!("the policy names a person: {who}")).subject(policy.id());
    out.report(
        problem
            .help("Name the role, so that the text survives a change of people. The roles register says who holds it."),
    );
}

/// How the roles register calls the people who hold roles.
fn people(policy: ArtifactView<'_>) -> Vec<&str> {
    let holders = policy.ws.of_type("role").flat_map(|r| r.node().list("holders"));
    let people: BTreeSet<&str> =
        holders.filter_map(|h| h.str("person")).filter(|p| p.len() > 3 && !is_to_do(p)).collect();
    people.into_iter().collect()
}

/// Mail addresses: what stands around an at sign, with a dot behind it.
fn addresses(text: &str) -> Vec<Range<usize>> {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
    let mut out = Vec::new();
    for (at, _) in text.match_indices('@') {
        let local = text.get(..at).unwrap_or_default();
        let start = local.trim_end_matches(part).len();
        let host = text.get(at + 1..).unwrap_or_default();
        let host = host.get(..host.find(|c| !part(c)).unwrap_or(host.len())).unwrap_or_default().trim_end_matches('.');
        if start < at && host.contains('.') {
            out.push(start..at + 1 + host.len());
        }
    }
    out
}

/// A mailbox that belongs to a function: each part of its name is a word for one.
fn is_shared(ctx: &Ctx<'_>, address: &str) -> bool {
    let local = address.split('@').next().unwrap_or_default();
    let mut parts = local.split(['.', '_', '-', '+']).filter(|p| !p.is_empty());
    let words = ctx.words.words("shared-mailbox-words");
    parts.all(|part| words.iter().any(|w| w.eq_ignore_ascii_case(part)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_without_the_full_stop() {
        let text = "Write to anna.jansen@example.org. Not @home or a@b.";
        let found: Vec<_> = addresses(text).into_iter().map(|r| &text[r]).collect();
        assert_eq!(found, ["anna.jansen@example.org"]);
    }
}
