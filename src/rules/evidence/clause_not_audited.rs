//! `clause-not-audited`: no internal audit looked at the policy clause within the audit cycle.

use jiff::civil::Date;

use super::facts::months_after;
use crate::rules::registers::{Held, held};
use crate::rules::{Check, Ctx, Rule, RuleOption, Sink, WARNING};
use crate::workspace::{ArtifactView, EntityView};

/// The rule.
pub static RULE: Rule = Rule {
    name: "clause-not-audited",
    summary: "no internal audit covered the policy (clause 5.2) within the audit cycle",
    docs: include_str!("clause_not_audited.md"),
    level: WARNING,
    clauses: &["9.2.1", "5.2"],
    since: "0.1.0",
    requirements: &[88],
    options: &[RuleOption { name: "months", default: 36, about: "length of the audit cycle in months" }],
    check: Check::Workspace(check),
};

const CLAUSE: &str = "5.2";

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let months = ctx.number(&RULE, "months");
    let since = months_after(ctx.today, -months);
    let held_on = ctx.ws.of_type("audit").filter_map(|a| Some((covering(a)?, a)));
    let last = held_on.filter(|(on, _)| *on <= ctx.today).max_by_key(|(on, _)| *on);
    // The first cycle of a young programme is still open.
    let young = ctx.ws.config.started_on.is_some_and(|on| on > since);
    if ctx.ws.artifacts.is_empty() || young || last.is_some_and(|(on, _)| on >= since) {
        return;
    }
    let (span, message) = match last {
        Some((on, audit)) => (
            audit.span_of("held_on"),
            format!("clause {CLAUSE} was last audited on {on}, more than {months} months ago"),
        ),
        None if held(ctx, "internal-audits", out) == Held::Unknown => return,
        None => {
            let register = ctx.ws.register("internal-audits").find(|r| r.is_current());
            let span = register.map_or(ctx.ws.root_span(), ArtifactView::span);
            (span, format!("no internal audit has covered clause {CLAUSE}"))
        }
    };
    out.report(
        RULE.problem(span, message)
            .help("Plan an audit whose `clauses` name 5.2 or its parts, hold it, and enter the day into `held_on`."),
    );
}

/// The day of an audit that was held and covered the clause, a part of it or all of leadership.
fn covering(audit: EntityView<'_>) -> Option<Date> {
    let below = |c: &str| c.strip_prefix(CLAUSE).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    let covers = audit.node().texts("clauses").any(|(c, _)| c == "5" || below(c));
    let held = audit.date("held_on").filter(|_| audit.str("status") != Some("cancelled"));
    held.filter(|_| covers)
}
