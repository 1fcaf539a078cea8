//! `generated-table-stale`: a table that smsctl writes does not say what it would say today.

use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::workspace::{Generated, GeneratedState};

/// The rule.
pub static RULE: Rule = Rule {
    name: "generated-table-stale",
    summary: "a generated table does not say what it would say today",
    docs: include_str!("generated_table_stale.md"),
    level: WARNING,
    clauses: &["7.5.3.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for place in ctx.ws.generated() {
        let path = &ctx.ws.sources.file(place.document.file).path;
        let subject = ctx.ws.artifact_at(path).map(|a| a.id().to_owned()).unwrap_or_default();
        if let Some((message, help)) = said(&place) {
            let mut problem = RULE.problem(place.mark, message).subject(subject).help(help);
            if let GeneratedState::Stale(span, table) = &place.state {
                problem = problem.fix(*span, table);
            }
            out.report(problem);
        }
    }
}

fn said(place: &Generated<'_>) -> Option<(String, String)> {
    let name = place.name;
    let (message, help) = match &place.state {
        GeneratedState::Fresh => return None,
        GeneratedState::Stale(..) => (
            format!("the generated table `{name}` is out of date"),
            "Run `smsctl generate`; what is typed between the two marks is lost.".to_owned(),
        ),
        GeneratedState::Unknown(message, help) => (message.clone(), help.clone()),
        GeneratedState::NoRegister => (
            "the generated table `entries` stands in a document that is no register".to_owned(),
            "Move the two marks into the register, or ask for `documents`.".to_owned(),
        ),
        GeneratedState::Unclosed => (
            format!("the generated table `{name}` starts here but never ends"),
            "Put `<!-- /smsctl-generated -->` on a line of its own behind the table.".to_owned(),
        ),
        GeneratedState::Unopened => (
            "a generated table ends here that never started".to_owned(),
            "Delete this line, or put `<!-- smsctl-generated: NAME -->` above the table.".to_owned(),
        ),
    };
    Some((message, help))
}
