//! `sole-author-approver`: one person alone wrote and approved the policy.

use super::words;
use crate::rules::{Check, Ctx, NOTE, Rule, Sink};
use crate::trust::{Judged, Verdict};

/// The rule.
pub static RULE: Rule = Rule {
    name: "sole-author-approver",
    summary: "one person alone wrote and approved the policy",
    docs: include_str!("sole_author_approver.md"),
    level: NOTE,
    clauses: &["5.2.1", "7.5.2"],
    since: "0.1.0",
    requirements: &[31],
    options: &[],
    check: Check::Judged(check),
};

fn check(ctx: &Ctx<'_>, judged: &Judged, out: &mut Sink) {
    for standing in ctx.claims_of_approval().filter(|s| s.control.kind == "policy") {
        let Verdict::Approved(version) = &standing.verdict else { continue };
        let persons = words::approvals_of(judged, version).filter_map(|a| a.person.clone());
        let approvers: std::collections::BTreeSet<String> = persons.collect();
        let alone = approvers.len() == 1 && version.authors.persons == approvers && version.authors.unknown.is_empty();
        if alone {
            let id = &standing.control.id;
            let who = words::names(judged, &approvers);
            let message = format!("{who} wrote and approved {id} {} alone", version.version);
            let help = "Let somebody else prepare the text or approve it too; `not = [\"author\"]` in trust/policy.toml asks for it.";
            out.report(RULE.problem(standing.view(ctx.ws).span_of("approvers"), message).subject(id).help(help));
        }
    }
}
