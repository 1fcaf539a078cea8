//! `risk-above-limit-untreated`: a high risk nobody treats or accepts with the authority to do so.

use super::facts::{is_top_management, named, open_actions, open_risks};
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};
use crate::workspace::EntityView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "risk-above-limit-untreated",
    summary: "a risk above the acceptance limit is neither treated nor accepted by top management",
    docs: include_str!("risk_above_limit_untreated.md"),
    level: ERROR,
    clauses: &["6.1.2", "6.1.3"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for risk in open_risks(ctx.ws).filter(|r| r.str("type") == Some("risk")) {
        let Some((level, limit)) = level(risk).zip(limit(ctx, risk)).filter(|(level, limit)| level > limit) else {
            continue;
        };
        let Some((field, said)) = untreated(risk) else { continue };
        let message = format!("{} has level {level}, above the limit of {limit}, and {said}", named(risk));
        out.report(RULE.problem(risk.span_of(field), message).subject(risk.id()).help(
            "Plan an action with owner and day, or let a role of top management accept the risk: `accepted_by` and \
             `accepted_on`.",
        ));
    }
}

/// What counts today: what remains once the actions are done, else the rating before treatment.
fn level(risk: EntityView<'_>) -> Option<f64> {
    let product = |a: &str, b: &str| Some(risk.node().number(a)? * risk.node().number(b)?);
    let remains =
        product("residual_likelihood", "residual_impact").filter(|_| open_actions(risk, "actions").next().is_none());
    remains.or_else(|| product("likelihood", "impact"))
}

/// The limit of its own register; for a record the highest of all.
fn limit(ctx: &Ctx<'_>, risk: EntityView<'_>) -> Option<f64> {
    let of = |a: crate::workspace::ArtifactView<'_>| a.front().number("acceptance_limit");
    let all = ctx.ws.register("risks").filter(|a| a.is_current()).filter_map(of);
    of(risk.artifact()).or_else(|| all.max_by(f64::total_cmp))
}

/// The field to look at and what is wrong; an acceptor that does not exist is told by reference-unresolved.
fn untreated(risk: EntityView<'_>) -> Option<(&'static str, String)> {
    let wanted = risk.str("treatment") == Some("accept") || risk.str("status") == Some("accepted");
    if !wanted && open_actions(risk, "actions").next().is_some() {
        return None;
    }
    match (risk.refs("accepted_by").next(), risk.has("accepted_by")) {
        (Some(role), _) if is_top_management(role) => None,
        (Some(role), _) => Some(("accepted_by", format!("{}, who accepts it, is not top management", role.label()))),
        (None, true) => None,
        (None, false) if wanted => Some(("treatment", "nobody of top management accepted it".to_owned())),
        (None, false) => Some(("status", "no action is open against it".to_owned())),
    }
}
