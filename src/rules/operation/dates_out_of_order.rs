//! `dates-out-of-order`: a record in which the end comes before the beginning.

use super::facts::{entries, moment, name, problem, text};
use crate::finding::Problem;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::workspace::EntityView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "dates-out-of-order",
    summary: "a record ends before it begins",
    docs: include_str!("dates_out_of_order.md"),
    level: WARNING,
    clauses: &["7.5.3.2", "8.6.1", "8.5.1.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

/// By type of entry: fields in the order in which things happen; equal is fine, and any may be missing.
const ORDERS: [(&str, &[&str]); 13] = [
    ("change", &["requested_on", "implemented_on", "review.on"]),
    ("change", &["requested_on", "closed_on"]),
    ("change", &["schedule.planned_start", "schedule.planned_end"]),
    ("release", &["deployed_on", "analysis.on"]),
    ("incident", &["opened_at", "responded_at", "resolved_at", "closed_at"]),
    ("major-incident", &["declared_at", "stood_down_at", "review.on"]),
    ("major-incident", &["restored_at", "stood_down_at"]),
    ("service-request", &["opened_at", "fulfilled_at", "closed_at"]),
    ("problem", &["opened_on", "resolved_on", "closed_on"]),
    ("problem", &["opened_on", "known_error.recorded_on", "known_error.updated_on"]),
    ("asset", &["acquired_on", "disposed_on"]),
    ("knowledge-article", &["reviewed_on", "next_review_on"]),
    ("media-item", &["added_on", "verified_on"]),
];

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for (kind, order) in ORDERS {
        for entry in entries(ctx, kind) {
            if let Some(problem) = fault(entry, order) {
                out.report(problem.help("Correct the date that is wrong, or the export it comes from."));
            }
        }
    }
}

fn fault(entry: EntityView<'_>, order: &[&str]) -> Option<Problem> {
    let known: Vec<_> = order.iter().filter_map(|field| Some((*field, moment(entry, field)?))).collect();
    let turned = known.windows(2).find_map(|pair| match pair {
        [(first, from), (then, to)] if to.is_before(*from) => Some((*first, *then)),
        _ => None,
    });
    let (first, then) = turned?;
    let written = |field| text(entry, field).unwrap_or_default();
    let message =
        format!("in {}, `{then}` ({}) comes before `{first}` ({})", name(entry), written(then), written(first));
    Some(problem(&RULE, entry, then, message))
}
