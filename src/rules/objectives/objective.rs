//! What the rules of this group ask of objectives and their register.

use jiff::civil::Date;

use crate::finding::{Problem, Severity};
use crate::rules::Ctx;
use crate::rules::registers::is_broken;
use crate::source::Span;
use crate::workspace::{ArtifactView, EntityView, duration};

use super::figures::values_of;

/// Objectives that are not cancelled, of registers in use.
pub(super) fn kept<'a>(ctx: &Ctx<'a>) -> impl Iterator<Item = EntityView<'a>> + use<'a> {
    ctx.ws.of_type("objective").filter(|o| !o.is_retired())
}

/// Objectives that are drafted or pursued.
pub(super) fn open<'a>(ctx: &Ctx<'a>) -> impl Iterator<Item = EntityView<'a>> + use<'a> {
    kept(ctx).filter(|o| matches!(o.str("status"), Some("draft" | "active")))
}

/// Objectives that are pursued.
pub(in crate::rules) fn active<'a>(ctx: &Ctx<'a>) -> impl Iterator<Item = EntityView<'a>> + use<'a> {
    kept(ctx).filter(|o| o.str("status") == Some("active"))
}

/// Objectives registers in use, in path order.
pub(super) fn registers<'a>(ctx: &Ctx<'a>) -> impl Iterator<Item = ArtifactView<'a>> + use<'a> {
    ctx.ws.register("objectives").filter(|r| r.is_current())
}

/// Whether the objectives can be counted on: a register is there, and none of them is broken.
pub(super) fn are_known(ctx: &Ctx<'_>) -> bool {
    let without_rows =
        |r: ArtifactView<'_>| r.front().get("entries_from").is_some() && r.front().field("entries").is_none();
    registers(ctx).next().is_some() && !registers(ctx).any(without_rows) && !is_broken(ctx.ws, "objectives")
}

/// A draft may be unfinished: what would be an error is a warning there.
pub(super) fn milder_for_draft(problem: Problem, objective: EntityView<'_>) -> Problem {
    if objective.str("status") == Some("draft") { problem.severity(Severity::Warning) } else { problem }
}

/// Metrics that show the progress of an objective: the one it names first, then those that name it.
pub(super) fn metrics_of(objective: EntityView<'_>) -> Vec<EntityView<'_>> {
    let mut metrics: Vec<_> = objective.refs("metric_ref").collect();
    for (metric, _) in objective.referrers().filter(|(from, _)| from.is("metric")) {
        if !metrics.contains(&metric) {
            metrics.push(metric);
        }
    }
    metrics
}

/// Ids for a sentence: all of a few, the first of many.
pub(super) fn listed(ids: &[&str]) -> String {
    match ids.split_at_checked(8) {
        Some((first, rest)) if !rest.is_empty() => format!("{} and {} more", first.join(", "), rest.len()),
        _ if ids.is_empty() => "none".to_owned(),
        _ => ids.join(", "),
    }
}

/// Ids of the commitments in force.
pub(super) fn commitments_in_force<'a>(ctx: &Ctx<'a>) -> Vec<&'a str> {
    ctx.ws.of_type("commitment").filter(|c| !c.is_retired()).map(EntityView::id).collect()
}

/// Reached by an event and not by a number.
pub(super) fn is_milestone(objective: EntityView<'_>) -> bool {
    objective.node().get("target").is_some_and(|t| t.get("milestone").is_some() && t.get("value").is_none())
}

/// How often it is measured: by its own word, else by that of its metrics.
pub(super) fn frequency(objective: EntityView<'_>) -> Option<jiff::Span> {
    match objective.str("frequency") {
        Some(own) => duration(own),
        None => metrics_of(objective).iter().find_map(|m| m.str("frequency").and_then(duration)),
    }
}

/// How often its forum meets.
pub(super) fn forum_interval(objective: EntityView<'_>) -> Option<jiff::Span> {
    objective.refs("review_forum").next()?.str("interval").and_then(duration)
}

/// The last review on record up to a day, and where it stands: its own date, a management review that names it, or
/// minutes of its forum that name it.
pub(in crate::rules) fn last_review(objective: EntityView<'_>, today: Date) -> Option<(Date, Span)> {
    let own = objective.date("last_reviewed_on").map(|on| (on, objective.span_of("last_reviewed_on")));
    let minutes: Vec<_> = objective.refs("review_forum").flat_map(|f| f.refs("minutes_refs")).collect();
    let held = |from: EntityView<'_>| from.is("management-review") || minutes.contains(&from);
    let named = objective.referrers().filter(|(from, _)| held(*from)).filter_map(|(from, _)| dated(from));
    own.into_iter().chain(named).filter(|(on, _)| *on <= today).max_by_key(|(on, _)| *on)
}

/// The newest day a piece of evidence proves something of, and where it stands.
pub(super) fn dated(entity: EntityView<'_>) -> Option<(Date, Span)> {
    if entity.is("metric") {
        return values_of(entity).into_iter().filter_map(|v| dated(v.entity)).max_by_key(|(on, _)| *on);
    }
    let own = ["collected_on", "held_on", "on", "reported_on", "closed_on"];
    let own = own.into_iter().filter_map(|f| Some((entity.date(f)?, entity.span_of(f))));
    let artifact = Some(entity.artifact()).filter(|_| entity.is_artifact());
    let document = ["effective_on", "reviewed_on"].into_iter().filter_map(|f| {
        let artifact = artifact?;
        Some((artifact.front().date(f)?, artifact.span_of(f)))
    });
    own.chain(document).max_by_key(|(on, _)| *on)
}

#[cfg(test)]
mod tests {
    use super::listed;

    #[test]
    fn long_lists_are_cut_short() {
        let ids = ["PC-01", "PC-02", "PC-03", "PC-04", "PC-05", "PC-06", "PC-07", "PC-08", "PC-09", "PC-10"];
        assert_eq!(listed(&[]), "none");
        assert_eq!(listed(&ids[..2]), "PC-01, PC-02");
        assert_eq!(listed(&ids[..8]).matches("PC").count(), 8);
        assert_eq!(listed(&ids), "PC-01, PC-02, PC-03, PC-04, PC-05, PC-06, PC-07, PC-08 and 2 more");
    }
}
