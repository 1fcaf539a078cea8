//! `objective-category-missing`: a whole side of service management has no objective.

use super::objective::{are_known, open, registers};
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "objective-category-missing",
    summary: "no objective in one of the four categories",
    docs: include_str!("objective_category_missing.md"),
    level: WARNING,
    clauses: &["6.2.1"],
    since: "0.1.0",
    requirements: &[62],
    options: &[],
    check: Check::Workspace(check),
};

const CATEGORIES: [&str; 4] = ["customer-outcome", "operational-performance", "risk-and-compliance", "improvement"];

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let found: Vec<_> = open(ctx).map(|o| o.str("category").unwrap_or_default()).collect();
    // An objective whose category cannot be read may be the one that is looked for; no objectives at all is another finding.
    if found.is_empty() || found.iter().any(|c| !CATEGORIES.contains(c)) || !are_known(ctx) {
        return;
    }
    let missing: Vec<_> = CATEGORIES.into_iter().filter(|c| !found.contains(c)).map(|c| format!("`{c}`")).collect();
    let Some(register) = registers(ctx).next().filter(|_| !missing.is_empty()) else { return };
    let message = format!("no objective in the category {}", missing.join(", "));
    let problem = RULE.problem(register.span(), message).subject(register.id());
    out.report(
        problem.help("Set an objective there, or look whether an existing one is filed under the wrong `category`."),
    );
}
