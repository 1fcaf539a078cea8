//! `recovery-time-too-long`: a recovery time longer than the requirement or the longest outage.

use super::facts::{current, minutes, named, spoken};
use crate::finding::Problem;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::workspace::EntityView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "recovery-time-too-long",
    summary: "a business impact analysis plans a longer recovery than was promised or can be borne",
    docs: include_str!("recovery_time_too_long.md"),
    level: WARNING,
    clauses: &["8.7.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

/// Field of the analysis, field of the requirement, and what both are called.
const PAIRS: [(&str, &str, &str); 2] =
    [("rto", "recovery_time", "recovery time"), ("rpo", "data_loss", "loss of data")];

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for analysis in current(ctx.ws, "business-impact") {
        let requirements: Vec<_> = analysis
            .refs("service_ref")
            .flat_map(|s| s.referrers_by("service-requirement", "service_ref"))
            .filter(|r| !r.is_retired() && r.str("status") != Some("proposed"))
            .collect();
        for (field, promised, what) in PAIRS {
            requirements.iter().filter_map(|r| longer(analysis, field, *r, promised, what)).for_each(|p| out.report(p));
        }
        if let Some(problem) = longer(analysis, "rto", analysis, "max_tolerable_outage", "recovery time") {
            out.report(problem);
        }
    }
}

fn longer(analysis: EntityView<'_>, field: &str, other: EntityView<'_>, limit: &str, what: &str) -> Option<Problem> {
    let (own, allowed) = (minutes(analysis.str(field)?)?, minutes(other.str(limit)?)?);
    if own <= allowed {
        return None;
    }
    let owner = if other == analysis {
        "the longest tolerable outage".to_owned()
    } else {
        format!("requirement {}", named(other))
    };
    let message =
        format!("{} plans a {what} of {}, but {owner} allows {}", analysis.id(), spoken(own), spoken(allowed));
    let problem = RULE.problem(analysis.span_of(field), message).subject(analysis.id());
    Some(problem.related(other.span_of(limit), "what is allowed").help(
        "Shorten the time in the analysis and in the continuity plan, or agree on another requirement with the customer.",
    ))
}
