//! `reference-retired`: something current rests on something that is out of use.

use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::workspace::Reference;

/// The rule.
pub static RULE: Rule = Rule {
    name: "reference-retired",
    summary: "something in use refers to something retired, superseded or withdrawn",
    docs: include_str!("reference_retired.md"),
    level: WARNING,
    clauses: &["7.5.3.2"],
    since: "0.1.0",
    requirements: &[47],
    options: &[],
    check: Check::Workspace(check),
};

/// Entities that tell what happened: what they name may be gone since.
const RECORDS: [&str; 7] =
    ["change", "release", "incident", "major-incident", "service-request", "problem", "known-error"];

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for reference in &ctx.ws.references {
        let from = ctx.ws.entity_at(reference.from);
        let Some(to) = reference.target.map(|ix| ctx.ws.entity_at(ix)) else { continue };
        if !to.is_retired() || from.is_retired() || from.artifact().ix == to.artifact().ix || looks_back(reference) {
            continue;
        }
        // `objective-on-retired-commitment` says this with the version.
        if from.is("objective") && to.is("commitment") {
            continue;
        }
        if RECORDS.into_iter().any(|kind| from.is(kind)) {
            continue;
        }
        let message = format!("{} refers to {}, which is out of use", from.id(), to.id());
        let problem = RULE
            .problem(reference.span, message)
            .subject(from.id())
            .related(to.span(), "it is out of use by its own word");
        out.report(problem.help("Refer to what took its place, or delete the reference."));
    }
}

/// Records and replacements name the past on purpose.
fn looks_back(reference: &Reference) -> bool {
    let first = reference.field.split('.').next().unwrap_or_default();
    matches!(
        first,
        "supersedes"
            | "related"
            | "evidence_refs"
            | "subject_ref"
            | "subject_refs"
            | "source_ref"
            | "inputs"
            | "actions"
    )
}
