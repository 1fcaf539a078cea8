//! `approval-unverified`: documents call themselves approved and nothing can prove it.

use crate::rules::words::count;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::trust::NotJudged;

/// The rule.
pub static RULE: Rule = Rule {
    name: "approval-unverified",
    summary: "documents call themselves approved and nothing can prove it",
    docs: include_str!("approval_unverified.md"),
    level: WARNING,
    clauses: &["5.2.1", "7.5.2"],
    since: "0.1.0",
    requirements: &[28],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let why_not = ctx.record.map_or(Some(&NotJudged::NoRepository), |r| r.why_not());
    let (Some(why_not), claims) = (why_not, ctx.ws.artifacts().filter(|a| a.is_approved()).count()) else { return };
    if ctx.record.is_none() {
        return out.not_evaluated(why_not.reason());
    }
    let next = match why_not {
        NotJudged::NoRepository => "Keep the SMS in Git (`git init`), then run `smsctl trust init`.",
        NotJudged::NoCommit => "Commit the SMS, then run `smsctl trust init`.",
        NotJudged::NoPolicy => "Run `smsctl trust init`: it sets up who may approve and with which keys.",
        // A copy without a history says so itself; the others are errors of their own.
        NotJudged::HistoryNone | NotJudged::Incomplete | NotJudged::Broken => return,
    };
    if claims > 0 {
        let message = format!("{} approved, and nothing proves it: {}", calls(claims), why_not.reason());
        out.report(RULE.problem(ctx.ws.root_span(), message).help(next));
    }
}

fn calls(claims: usize) -> String {
    format!("{} {}", count(claims, "document"), if claims == 1 { "calls itself" } else { "call themselves" })
}
