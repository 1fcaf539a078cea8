//! What the three gates of the programme share: items that files decide, counted from the first day.

use super::facts::days_after;
use crate::rules::{Ctx, Rule, Sink};
use crate::workspace::ArtifactView;

/// Something to be done by a gate.
pub(super) struct Item {
    /// Its name in the report.
    pub name: &'static str,
    /// Whether it is done; there is a policy.
    pub done: fn(&Ctx<'_>, ArtifactView<'_>) -> bool,
}

/// Reports what is open once so many days of the programme have passed.
pub(super) fn check(ctx: &Ctx<'_>, out: &mut Sink, rule: &Rule, day: i64, items: &[Item]) {
    let Some(started) = ctx.ws.config.started_on else {
        out.not_evaluated("smsctl.toml does not say when the programme began (`started_on` below `[programme]`)");
        return;
    };
    if ctx.today < days_after(started, day) || ctx.ws.artifacts.is_empty() {
        return;
    }
    let policy = ctx.ws.policy();
    let open: Vec<_> = items.iter().filter(|i| !policy.is_some_and(|p| (i.done)(ctx, p))).map(|i| i.name).collect();
    if !open.is_empty() {
        let done = items.len() - open.len();
        let message = format!("day {day} has passed with {done} of {} done; open: {}", items.len(), open.join(", "));
        out.report(rule.problem(ctx.ws.root_span(), message).help(format!(
            "The programme began on {started}. Close the open items; the other findings of `smsctl check` say how."
        )));
    }
}
