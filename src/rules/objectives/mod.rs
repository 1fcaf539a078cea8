//! Rules of objectives: the way from commitments to objectives, targets, measurements and reviews.

mod figures;
mod objective;
mod period;

use super::group;

group! {
    baseline_missing,
    commitment_without_objective,
    measured_less_often_than_reviewed,
    measurement_duplicate,
    measurement_gap,
    measurement_without_comment,
    missed_target_without_action,
    objective_category_heavy,
    objective_category_missing,
    objective_count,
    objective_evidence_stale,
    objective_incomplete,
    objective_on_retired_commitment,
    objective_overdue,
    objective_plan_incomplete,
    objective_review_overdue,
    objective_unanchored,
    objective_without_commitment,
    objective_without_control,
    objectives_not_reviewed_after_change,
    objectives_register_missing,
    target_not_measurable,
}
