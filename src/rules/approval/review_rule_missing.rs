//! `review-rule-missing`: no review rule asks top management before the policy is changed.

use super::code_owners::owners;
use super::moment;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::trust::Judged;

/// The rule.
pub static RULE: Rule = Rule {
    name: "review-rule-missing",
    summary: "no review rule asks top management before the policy is changed",
    docs: include_str!("review_rule_missing.md"),
    level: WARNING,
    clauses: &["7.5.3.2", "5.2.1"],
    since: "0.1.0",
    requirements: &[10],
    options: &[],
    check: Check::Judged(check),
};

fn check(ctx: &Ctx<'_>, judged: &Judged, out: &mut Sink) {
    let Some(artifact) = ctx.ws.policy() else { return };
    let policy = judged.policy();
    let approvers: Vec<&str> = artifact.front().texts("approvers").map(|(role, _)| role).collect();
    let wanted = |role: &str| approvers.contains(&role) && policy.top_management.iter().any(|top| top == role);
    let help = "Let CODEOWNERS ask a holder of a top-management role that approves the policy: `smsctl generate codeowners` \
                writes it from the trust policy.";
    let mut report = |message: String| {
        out.report(RULE.problem(artifact.span_of("approvers"), message).subject(artifact.id()).help(help));
    };
    let Some(file) = &ctx.code_owners else {
        return report(format!("there is no CODEOWNERS file that makes anyone review changes of {}", artifact.path()));
    };
    let top = if file.prefix.is_empty() { String::new() } else { format!("{}/", file.prefix) };
    let asked = owners(&file.text, &format!("{top}{}", artifact.path())).unwrap_or_default();
    let good = |owner: &&str| {
        let person = policy.by_email(owner);
        // A team of a Git service that is named after the role.
        let team = owner.starts_with('@').then(|| owner.rsplit(['/', '@']).next()).flatten();
        person.is_some_and(|p| policy.roles_of(p, moment(ctx)).any(wanted)) || team.is_some_and(wanted)
    };
    if asked.iter().any(good) {
        return;
    }
    let accounts: Vec<&str> = asked.iter().filter(|o| o.starts_with('@')).copied().collect();
    if !accounts.is_empty() {
        let accounts = accounts.join(", ");
        return out.not_evaluated(format!(
            "{} names accounts ({accounts}); the trust policy knows addresses only",
            file.path
        ));
    }
    report(format!("{} does not make top management review changes of {}", file.path, artifact.path()));
}
