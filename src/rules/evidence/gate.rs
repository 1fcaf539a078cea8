//! What the three gates of the programme share: items that files decide, counted from the first day.

use jiff::civil::Date;

use super::facts::days_after;
use super::{day_30_gate, day_60_gate, day_90_gate};
use crate::rules::{Ctx, Rule, Sink};
use crate::workspace::ArtifactView;

/// Something to be done by a gate.
pub(super) struct Item {
    /// Its name in the report.
    pub name: &'static str,
    /// Whether it is done; there is a policy.
    pub done: fn(&Ctx<'_>, ArtifactView<'_>) -> bool,
}

/// What should stand so many days into the programme, and how far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgrammeGate {
    /// 30, 60 or 90.
    pub day: i64,
    /// That day; none when smsctl.toml does not say when the programme began.
    pub due_on: Option<Date>,
    /// What should stand by then, and whether it does.
    pub items: Vec<(&'static str, bool)>,
}

impl Item {
    /// Whether it is done. What waits to be filled in shows nothing yet.
    fn is_done(&self, ctx: &Ctx<'_>, policy: Option<ArtifactView<'_>>) -> bool {
        policy.is_some_and(|p| is_finished(p) && (self.done)(ctx, p))
    }
}

/// No placeholder is left in a document.
fn is_finished(artifact: ArtifactView<'_>) -> bool {
    !artifact.text().contains("TODO(")
}

/// Whether a document is finished and calls itself approved: a draft is not at work.
pub(super) fn is_at_work(artifact: ArtifactView<'_>) -> bool {
    artifact.is_approved() && is_finished(artifact)
}

impl ProgrammeGate {
    /// All of it stands.
    #[must_use]
    pub fn done(&self) -> bool {
        self.items.iter().all(|(_, done)| *done)
    }
}

/// The first ninety days of the programme, whether or not they have passed.
#[must_use]
pub fn programme(ctx: &Ctx<'_>) -> Vec<ProgrammeGate> {
    let policy = ctx.ws.policy();
    let gates: [(i64, &[Item]); 3] = [(30, &day_30_gate::ITEMS), (60, &day_60_gate::ITEMS), (90, &day_90_gate::ITEMS)];
    let one = |(day, items): (i64, &[Item])| ProgrammeGate {
        day,
        due_on: ctx.ws.config.started_on.map(|on| days_after(on, day)),
        items: items.iter().map(|i| (i.name, i.is_done(ctx, policy))).collect(),
    };
    gates.into_iter().map(one).collect()
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
    let open: Vec<_> = items.iter().filter(|i| !i.is_done(ctx, policy)).map(|i| i.name).collect();
    if !open.is_empty() {
        let done = items.len() - open.len();
        let message = format!("day {day} has passed with {done} of {} done; open: {}", items.len(), open.join(", "));
        out.report(rule.problem(ctx.ws.root_span(), message).help(format!(
            "The programme began on {started}. Close the open items; the other findings of `smsctl check` say how."
        )));
    }
}
