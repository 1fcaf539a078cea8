//! `section-out-of-order`: the sections of a document do not stand in the order of its kind.

use super::sections::{self, Section};
use crate::document::Heading;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "section-out-of-order",
    summary: "a section does not stand where its kind has it",
    docs: include_str!("section_out_of_order.md"),
    level: WARNING,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Artifact(check),
};

fn check(ctx: &Ctx<'_>, artifact: ArtifactView<'_>, out: &mut Sink) {
    let wanted = sections::wanted(ctx, artifact, out);
    let kept = in_order(&wanted);
    let headings = &artifact.document().body.headings;
    for (index, section) in wanted.iter().enumerate() {
        let stays = kept.iter().any(|(kept, _)| *kept == index);
        let Some(heading) = section.headings.first().and_then(|h| headings.get(*h)).filter(|_| !stays) else {
            continue;
        };
        let message = format!("the section `{}` stands out of order", heading.text);
        let problem = RULE.problem(heading.span, message).subject(artifact.id());
        out.report(problem.help(help(index, &kept, headings)));
    }
}

/// The longest way through sections and headings in which both only go forward: what stands on it needs no move.
fn in_order(wanted: &[Section<'_>]) -> Vec<(usize, usize)> {
    let pairs = wanted.iter().enumerate().flat_map(|(s, section)| section.headings.iter().map(move |h| (s, *h)));
    let mut ways: Vec<Vec<(usize, usize)>> = Vec::new();
    for (section, heading) in pairs {
        let before = ways.iter().filter(|w| w.last().is_some_and(|(s, h)| *s < section && *h < heading));
        let mut way = before.max_by_key(|w| w.len()).cloned().unwrap_or_default();
        way.push((section, heading));
        ways.push(way);
    }
    ways.into_iter().rev().max_by_key(Vec::len).unwrap_or_default()
}

fn help(index: usize, kept: &[(usize, usize)], headings: &[Heading]) -> String {
    let text = |found: Option<&(usize, usize)>| found.and_then(|(_, h)| headings.get(*h)).map(|h| h.text.as_str());
    let before = text(kept.iter().rev().find(|(s, _)| *s < index));
    let after = text(kept.iter().find(|(s, _)| *s > index));
    match (before, after) {
        (Some(before), _) => format!("Move it behind `{before}`; readers look for it there."),
        (None, Some(after)) => format!("Move it before `{after}`; readers look for it there."),
        (None, None) => "Move it to where other documents of this kind have it.".to_owned(),
    }
}
