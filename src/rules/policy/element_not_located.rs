//! `element-not-located`: nobody can point at one of the four things a service management policy must hold.

use super::text::{ELEMENTS, carriers, is_policy};
use crate::document::Node;
use crate::finding::{Problem, nearest};
use crate::rules::words::listed;
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};
use crate::schema::is_to_do;
use crate::source::Span;
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "element-not-located",
    summary: "an element that clause 5.2.1 asks for cannot be found in the policy",
    docs: include_str!("element_not_located.md"),
    level: ERROR,
    clauses: &["5.2.1"],
    since: "0.1.0",
    requirements: &[11, 22],
    options: &[],
    check: Check::Artifact(check),
};

fn check(_: &Ctx<'_>, policy: ArtifactView<'_>, out: &mut Sink) {
    if !is_policy(policy) {
        return;
    }
    for (element, meaning) in ELEMENTS {
        if let Some(problem) = judge(policy, element, meaning) {
            out.report(problem.subject(policy.id()));
        }
    }
}

fn judge(policy: ArtifactView<'_>, element: &str, meaning: &str) -> Option<Problem> {
    if !carriers(policy, element).is_empty() {
        return None;
    }
    let elements = policy.front().get("elements");
    let Some(place) = elements.and_then(|e| e.get(element)) else {
        let message = format!("{}does not show {meaning} (`{element}`)", who(policy));
        let help = format!(
            "Give a commitment `element: {element}`, or write the anchor of the heading where it stands into \
             `elements`. An auditor must be able to point at it.",
        );
        return Some(RULE.problem(policy.span_of("elements"), message).help(help));
    };
    match place.as_str() {
        Some(anchor) if !leads_somewhere(policy, anchor) => Some(nowhere(policy, element, anchor, place.span)),
        None if known(policy, place) => {
            let message = format!("every commitment listed for `{element}` is retired");
            Some(RULE.problem(place.span, message).help("List a commitment that is in force."))
        }
        _ => None,
    }
}

/// A combined policy has to show each element for the service management system as well.
fn who(policy: ArtifactView<'_>) -> String {
    let standards: Vec<&str> = policy.front().texts("standards").map(|(s, _)| s).collect();
    if standards.len() > 1 {
        format!("the policy serves {} and ", listed(&standards))
    } else {
        "the policy ".to_owned()
    }
}

fn leads_somewhere(policy: ArtifactView<'_>, anchor: &str) -> bool {
    // A value that is no anchor is told by the schema.
    is_to_do(anchor) || anchor.strip_prefix('#').is_none_or(|a| policy.document().body.has_anchor(a))
}

fn nowhere(policy: ArtifactView<'_>, element: &str, anchor: &str, span: Span) -> Problem {
    let slugs = policy.document().body.headings.iter().map(|h| h.slug.as_str());
    let near = nearest(anchor.trim_start_matches('#'), slugs).map(|slug| format!("Did you mean `#{slug}`?"));
    let help =
        near.unwrap_or_else(|| "Write the heading in small letters, with hyphens for spaces, behind `#`.".to_owned());
    RULE.problem(span, format!("`{anchor}` of `{element}` is no heading of the policy")).help(help)
}

/// All ids listed are commitments of this SMS; others are told as references.
fn known(policy: ArtifactView<'_>, list: &Node) -> bool {
    let ids: Vec<&str> = list.items().iter().filter_map(Node::as_str).collect();
    !ids.is_empty() && ids.iter().all(|id| policy.ws.entity(id).is_some_and(|e| e.is("commitment")))
}
