//! `review-overdue`: a document past its review date; a note when the date is near, an error when it is long past.

use super::facts::{days_after, days_between, review_field};
use crate::finding::Severity;
use crate::rules::words::count;
use crate::rules::{Check, Ctx, Rule, RuleOption, Sink, WARNING};
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "review-overdue",
    summary: "the review of an approved document is due",
    docs: include_str!("review_overdue.md"),
    level: WARNING,
    clauses: &["7.5.2", "7.5.3.2"],
    since: "0.1.0",
    requirements: &[84],
    options: &[
        RuleOption { name: "notice-days", default: 30, about: "days before the date on which a note appears" },
        RuleOption { name: "error-days", default: 90, about: "days after the date on which it becomes an error" },
    ],
    check: Check::Artifact(check),
};

fn check(ctx: &Ctx<'_>, artifact: ArtifactView<'_>, out: &mut Sink) {
    let Some(due) = artifact.review_due().filter(|_| artifact.is_approved()) else { return };
    let option = |name| ctx.number(&RULE, name);
    if ctx.today < days_after(due, -option("notice-days")) {
        return;
    }
    let days = |n: i64| count(usize::try_from(n).unwrap_or(0), "day");
    let (severity, when) = match ctx.today {
        today if today < due => (Severity::Note, format!("is due on {due}, in {}", days(days_between(today, due)))),
        today if today == due => (Severity::Warning, format!("is due today, {due}")),
        today if today < days_after(due, option("error-days")) => {
            (Severity::Warning, format!("was due on {due}, {} ago", days(days_between(due, today))))
        }
        today => (Severity::Error, format!("was due on {due}, {} ago", days(days_between(due, today)))),
    };
    let message = format!("the review of {} {when}", artifact.id());
    let span = artifact.span_of(source(artifact, due));
    let problem = RULE.problem(span, message).subject(artifact.id()).severity(severity);
    out.report(problem.help(
        "Read it with its owner. Change it and raise the version, or write the day into `reviewed_on` when it \
         still fits.",
    ));
}

/// The field that made the date: the explicit one, or the one the interval counts from.
fn source(artifact: ArtifactView<'_>, due: jiff::civil::Date) -> &'static str {
    if artifact.front().date("next_review_on") == Some(due) { "next_review_on" } else { review_field(artifact) }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use super::*;
    use crate::source::MemoryTree;
    use crate::workspace;

    /// Severity, line and column of the finding on a policy with these dates.
    fn found(dates: &str, today: Date) -> Option<(Severity, usize, usize)> {
        let mut tree = MemoryTree::default();
        let head = "---\nid: SMS-POL-01\nkind: policy\nstatus: approved\n";
        tree.put("smsctl.toml", Some(b"[sms]\norganization = \"Northwind\"\n".to_vec()));
        tree.put("policy.md", Some(format!("{head}{dates}---\n\n# Policy\n").into_bytes()));
        let ws = workspace::load(&tree, &|_, _| {}).unwrap();
        let verdict = crate::rules::run(&Ctx::new(&ws, today));
        let finding = verdict.findings.into_iter().find(|f| f.rule.name == RULE.name)?;
        let place = ws.sources.file(finding.problem.span.file).position(finding.problem.span.start as usize);
        Some((finding.severity, place.line, place.column))
    }

    const YEARLY: &str = "effective_on: 2024-02-12\nreviewed_on: 2025-03-01\nreview_interval: P1Y\n";

    #[test]
    fn severity_grows_with_time() {
        assert_eq!(found(YEARLY, date(2026, 1, 29)), None);
        assert_eq!(found(YEARLY, date(2026, 1, 30)), Some((Severity::Note, 6, 14)));
        assert_eq!(found(YEARLY, date(2026, 3, 1)), Some((Severity::Warning, 6, 14)));
        assert_eq!(found(YEARLY, date(2026, 5, 29)), Some((Severity::Warning, 6, 14)));
        assert_eq!(found(YEARLY, date(2026, 5, 30)), Some((Severity::Error, 6, 14)));
    }

    #[test]
    fn the_finding_stands_at_the_field_that_made_the_date() {
        let today = date(2026, 11, 20);
        let two_years_back = "effective_on: 2024-11-20\nreview_interval: P1Y\n";
        assert_eq!(found(two_years_back, today), Some((Severity::Error, 5, 15)));
        let brought_forward = "effective_on: 2026-09-01\nreview_interval: P1Y\nnext_review_on: 2026-11-20\n";
        assert_eq!(found(brought_forward, today), Some((Severity::Warning, 7, 17)));
        assert_eq!(found("effective_on: 2024-11-20\n", today), None);
    }
}
