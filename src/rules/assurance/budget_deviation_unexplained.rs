//! `budget-deviation-unexplained`: a large difference between cost and budget without a reason.

use super::facts::{current, filled};
use crate::rules::{Check, Ctx, Rule, RuleOption, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "budget-deviation-unexplained",
    summary: "cost differs from the budget by more than the limit and nobody says why",
    docs: include_str!("budget_deviation_unexplained.md"),
    level: WARNING,
    clauses: &["8.4.1"],
    since: "0.1.0",
    requirements: &[],
    options: &[RuleOption {
        name: "percent",
        default: 5,
        about: "share of the budget above which a difference is explained when the register names no limit",
    }],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for line in current(ctx.ws, "budget").filter(|b| !filled(b.node(), "deviation_comment")) {
        let Some((budget, actual)) = line.node().number("budget").zip(line.node().number("actual")) else { continue };
        let percent =
            if budget == 0.0 { if actual == 0.0 { 0.0 } else { 100.0 } } else { (actual - budget) / budget * 100.0 };
        // Options are small whole numbers; the conversion is exact for them.
        #[allow(clippy::cast_precision_loss)]
        let limit = line.artifact().front().number("deviation_limit").unwrap_or(ctx.number(&RULE, "percent") as f64);
        if percent.abs() <= limit + 1e-9 {
            continue;
        }
        let way = if percent > 0.0 { "above" } else { "below" };
        let message = format!(
            "the cost of {} lies {:.1} % {way} its budget, more than {limit} %, and no reason is given",
            line.id(),
            percent.abs()
        );
        let problem = RULE.problem(line.span_of("actual"), message).subject(line.id());
        out.report(problem.help("Say in `deviation_comment` what caused the difference, in one sentence."));
    }
}
