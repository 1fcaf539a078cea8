//! `trigger-without-review`: something happened that calls for a review of the policy, and none followed.

use jiff::civil::Date;

use super::facts::{live_services, review_field};
use crate::rules::words::count;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::source::Span;
use crate::workspace::{ArtifactView, EntityView};

/// The rule.
pub static RULE: Rule = Rule {
    name: "trigger-without-review",
    summary: "an event that calls for a review of the policy came after its last review",
    docs: include_str!("trigger_without_review.md"),
    level: WARNING,
    clauses: &["5.2.1", "6.3"],
    since: "0.1.0",
    requirements: &[86],
    options: &[],
    check: Check::Workspace(check),
};

/// More events than these are counted, not shown.
const SHOWN: usize = 3;

/// Something that calls for a review of the policy.
pub(super) struct Event<'a> {
    on: Date,
    what: String,
    span: Span,
    subject: &'a str,
}

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let Some(policy) = ctx.ws.policy() else { return };
    let Some(reviewed) = policy.last_reviewed() else { return };
    let events = events_since(ctx, reviewed);
    let more = events.len().saturating_sub(SHOWN);
    for (place, event) in events.iter().take(SHOWN).enumerate() {
        let counted = more > 0 && place + 1 == SHOWN;
        let rest = if counted { format!("; {} came before", count(more, "more event")) } else { String::new() };
        let message = format!("{} on {}; the policy was last looked at on {reviewed}{rest}", event.what, event.on);
        let problem = RULE.problem(event.span, message).subject(event.subject).help(
            "Ask whether the policy still fits. Change it, or write the day of the review into its `reviewed_on` \
             and keep the minutes.",
        );
        out.report(problem.related(policy.span_of(review_field(policy)), "the last review of the policy"));
    }
}

/// Whether an event waits for a review of the policy.
pub(super) fn is_waiting(ctx: &Ctx<'_>, policy: ArtifactView<'_>) -> bool {
    policy.last_reviewed().is_none_or(|reviewed| !events_since(ctx, reviewed).is_empty())
}

/// New services, duties, suppliers and major incidents after a day, the newest first. The scope has a rule of
/// its own, `policy-older-than-scope`.
fn events_since<'a>(ctx: &Ctx<'a>, reviewed: Date) -> Vec<Event<'a>> {
    let services = live_services(ctx.ws).filter_map(|s| event(s, "live_since", "went live"));
    let binding = |o: &EntityView<'_>| matches!(o.str("kind"), Some("contract" | "legal" | "regulatory"));
    let duties = ctx.ws.of_type("obligation").filter(|o| !o.is_retired()).filter(binding);
    let duties = duties.filter_map(|o| event(o, "identified_on", "was found to apply"));
    let suppliers = ctx.ws.of_type("supplier").filter(|s| !s.is_retired());
    let suppliers = suppliers.filter_map(|s| event(s, "onboarded_on", "came on board"));
    let mut events: Vec<_> = services.chain(duties).chain(suppliers).chain(major_incidents(ctx)).collect();
    events.retain(|e| e.on > reviewed && e.on <= ctx.today);
    events.sort_by(|a, b| b.on.cmp(&a.on).then(a.subject.cmp(b.subject)));
    events
}

fn event<'a>(entity: EntityView<'a>, field: &str, happened: &str) -> Option<Event<'a>> {
    let what = format!("{} ({}) {happened}", entity.label(), entity.id());
    Some(Event { on: entity.date(field)?, what, span: entity.span_of(field), subject: entity.id() })
}

/// Major incidents that have a report, told by the template it grew from.
fn major_incidents<'a>(ctx: &Ctx<'a>) -> impl Iterator<Item = Event<'a>> {
    let reports = ctx.ws.of_kind("report").filter(|r| r.is_approved());
    let reports = reports.filter(|r| r.front().str("template") == Some("major-incident-report"));
    reports.filter_map(ArtifactView::entity).filter_map(|report| event(report, "effective_on", "was issued"))
}
