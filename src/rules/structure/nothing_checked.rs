//! `nothing-checked`: the SMS holds no artifact at all.

use crate::rules::{Check, Ctx, ERROR, Rule, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    name: "nothing-checked",
    summary: "the SMS holds no artifact, so nothing was checked",
    docs: include_str!("nothing_checked.md"),
    level: ERROR,
    clauses: &["7.5.4"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    if ctx.ws.artifacts.is_empty() {
        let problem = RULE.problem(ctx.ws.root_span(), "no artifact was found here, so nothing was checked");
        out.report(problem.help(
            "An artifact is a Markdown file whose front matter names an `id` and a `kind`. `smsctl new policy` writes the \
             first one; `smsctl init` writes a whole start.",
        ));
    }
}
